//! The cross-reference data as written: tables, streams, both in one file, updates one after the other.

use super::parse::Parser;
use crate::pdf::object::{Dictionary, Object, as_number};
use crate::pdf::store::Store;
use crate::pdf::stream;
use crate::pdf::token::{Lexer, Token};
use rustc_hash::{FxHashMap, FxHashSet};

/// Updates of one file that are followed back.
const SECTIONS: usize = 1024;

/// Where an object stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::pdf) enum Place {
    /// Deleted by the section that says so.
    Free,
    /// At this byte.
    At(usize),
    /// In an object stream: its number and which of its objects.
    In { container: u32, index: u32 },
}

/// All sections of a file, newer ones first.
#[derive(Default)]
pub(super) struct Table {
    pub(super) places: FxHashMap<u32, Place>,
    pub(super) trailer: Dictionary,
    /// More objects than the limit.
    pub(super) cut: bool,
}

/// Reads what `startxref` names and all that it leads to; `None` where any of it makes no sense.
pub(super) fn read(store: &Store, limit: usize) -> Option<Table> {
    let data = store.bytes();
    let word = memchr::memmem::rfind(data, b"startxref")?;
    let mut next = Some(offset(Lexer::at(data, word + b"startxref".len()).next()?)?);
    let mut table = Table::default();
    let mut seen = FxHashSet::default();
    while let Some(at) = next {
        if !seen.insert(at) || seen.len() > SECTIONS {
            break;
        }
        let mut section = Section { limit, ..Section::default() };
        let trailer = section.read(store, at)?;
        // A stream beside the table describes what the table hides from old readers.
        if let Some(at) = trailer.get(b"XRefStm").and_then(as_number)
            && seen.insert(at as usize)
        {
            let mut hidden = Section { limit, ..Section::default() };
            if hidden.read(store, at as usize).is_some() {
                let (free, known) = section.places.into_iter().partition(|(_, place)| *place == Place::Free);
                section.places = known;
                section.places.extend(hidden.places);
                section.places.extend::<Vec<_>>(free);
            }
        }
        table.cut |= section.cut;
        for (number, place) in section.places {
            if table.places.len() >= limit {
                table.cut = true;
                break;
            }
            table.places.entry(number).or_insert(place);
        }
        next = trailer.get(b"Prev").and_then(as_number).filter(|v| *v >= 0.0).map(|v| v as usize);
        table.trailer = trailer.joined(table.trailer);
        if store.is_late() {
            return None;
        }
    }
    Some(table)
}

fn offset(token: Token) -> Option<usize> {
    match token {
        Token::Number(v) if v >= 0.0 && v.fract() == 0.0 => Some(v as usize),
        _ => None,
    }
}

/// One table or stream.
#[derive(Default)]
struct Section {
    /// Of two entries for one number the first one holds.
    places: Vec<(u32, Place)>,
    limit: usize,
    cut: bool,
}

impl Section {
    fn read(&mut self, store: &Store, at: usize) -> Option<Dictionary> {
        let data = store.bytes();
        if at >= data.len() {
            return None;
        }
        let mut lexer = Lexer::at(data, at);
        if lexer.next()? == Token::Word(b"xref") { self.table(store, lexer) } else { self.stream(store, at) }
    }

    fn table(&mut self, store: &Store, mut lexer: Lexer) -> Option<Dictionary> {
        let mut next = lexer.next()?;
        loop {
            if next == Token::Word(b"trailer") {
                let mut parser = Parser::new(store.bytes(), lexer.pos(), store.allowance());
                let Some(Object::Dictionary(trailer)) = parser.object() else { return None };
                store.spend(parser.cost);
                return Some(trailer);
            }
            let start = offset(next)?;
            let count = offset(lexer.next()?)?;
            next = self.entries(&mut lexer, start, count)?;
        }
    }

    /// Entries of a subsection; gives the token behind them.
    fn entries<'a>(&mut self, lexer: &mut Lexer<'a>, start: usize, count: usize) -> Option<Token<'a>> {
        for i in 0..=count {
            let first = lexer.next()?;
            // The count is too large more often than an entry is damaged.
            if i == count || matches!(first, Token::Word(_)) {
                return Some(first);
            }
            let at = offset(first)?;
            offset(lexer.next()?)?;
            let place = match lexer.next()? {
                Token::Word(b"n") => Place::At(at),
                Token::Word(b"f") => Place::Free,
                _ => return None,
            };
            self.push(start.saturating_add(i), place);
        }
        None
    }

    fn push(&mut self, number: usize, place: Place) {
        if self.places.len() >= self.limit {
            self.cut = true;
        } else if let Ok(number) = u32::try_from(number) {
            self.places.push((number, place));
        }
    }

    fn stream(&mut self, store: &Store, at: usize) -> Option<Dictionary> {
        let stream = match store.read_at(at, None)? {
            Object::Stream(stream) if stream.dict.has_type(b"XRef") => stream,
            _ => return None,
        };
        let whole = |object: &Object| as_number(object).filter(|v| *v >= 0.0).map(|v| v as usize);
        let list = |key: &[u8]| -> Option<Vec<usize>> {
            match stream.dict.get(key)? {
                Object::Array(items) => items.iter().map(whole).collect(),
                _ => None,
            }
        };
        let widths: [usize; 3] = list(b"W")?.try_into().ok()?;
        if widths.iter().any(|w| *w > 8) || widths.iter().sum::<usize>() == 0 {
            return None;
        }
        let size = stream.dict.get(b"Size").and_then(whole).unwrap_or(0);
        let index = list(b"Index").unwrap_or_else(|| vec![0, size]);
        let decoded = stream::decode(store, &stream);
        let mut entries = decoded.bytes.chunks_exact(widths.iter().sum());
        for pair in index.chunks_exact(2) {
            for i in 0..pair[1] {
                let Some(entry) = entries.next() else { break };
                if let Some(place) = place(entry, widths) {
                    self.push(pair[0].saturating_add(i), place);
                }
                if self.cut {
                    break;
                }
            }
        }
        Some(stream.dict)
    }
}

/// An entry of a cross-reference stream; `None` for types that nobody knows.
fn place(entry: &[u8], [first, second, third]: [usize; 3]) -> Option<Place> {
    let field = |from: usize, length: usize| {
        let bytes = entry.get(from..from + length).unwrap_or(&[]);
        bytes.iter().fold(0u64, |value, byte| value << 8 | u64::from(*byte))
    };
    let kind = if first == 0 { 1 } else { field(0, first) };
    let (a, b) = (field(first, second), field(first + second, third));
    match kind {
        0 => Some(Place::Free),
        1 => Some(Place::At(usize::try_from(a).ok()?)),
        2 => {
            Some(Place::In { container: u32::try_from(a).ok()?, index: u32::try_from(b).unwrap_or(u32::MAX) })
        }
        _ => None,
    }
}
