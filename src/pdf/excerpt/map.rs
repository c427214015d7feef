//! A `ToUnicode` map → the same map for somebody who looks for numbers only: which ideograph a code stands for does not
//! matter, so that runs of them become ranges. Every other entry stays byte for byte.
//!
//! The reader that gets it spends a few microseconds on each entry, and nine of ten entries are ideographs.

use crate::pdf::token::{Lexer, Token};
use std::io::Write;
use std::ops::RangeInclusive;

/// Ideographs whose compatibility form is themselves.
const IDEOGRAPHS: RangeInclusive<u32> = 0x4E00..=0x9FA5;
/// A map of more entries is left alone.
const MAX_ENTRIES: usize = 1 << 16;
/// Unused two-byte codes between ideographs that a run may take in: so many cost less than a run more.
const GAP: u32 = 64;

/// The map with its ideographs put together; `None` where it is not quite what the standard says, or where a code has
/// two entries: then only the whole map tells.
pub(super) fn thin(map: &[u8]) -> Option<Vec<u8>> {
    let mut entries = Vec::new();
    let mut lexer = Lexer::new(map);
    while let Some(token) = lexer.next() {
        match token {
            Token::Word(b"beginbfchar") => section(&mut lexer, b"endbfchar", false, &mut entries)?,
            Token::Word(b"beginbfrange") => section(&mut lexer, b"endbfrange", true, &mut entries)?,
            Token::Word(b"usecmap") => return None,
            _ => {}
        }
        lexer.clear_text();
    }
    entries.sort_by_key(|entry| entry.low);
    let twice = entries.windows(2).any(|pair| matches!(pair, [a, b] if b.low <= a.high));
    (!twice).then(|| write(&entries))
}

/// What a range of codes stands for.
struct Entry<'a> {
    low: u32,
    high: u32,
    /// Codes of two bytes: in a simple font, whose codes have one, an encoding may explain those without an entry.
    wide: bool,
    meaning: Meaning<'a>,
}

enum Meaning<'a> {
    Ideographs,
    /// As written.
    Char(&'a [u8]),
    Range(&'a [u8]),
}

fn section<'a>(lexer: &mut Lexer<'a>, end: &[u8], ranges: bool, entries: &mut Vec<Entry<'a>>) -> Option<()> {
    loop {
        lexer.clear_text();
        lexer.skip_space();
        let start = lexer.pos();
        let (low, wide) = match lexer.next()? {
            Token::Text(span) => (number(lexer.text(span))?, lexer.text(span).len() == 2),
            Token::Word(word) if word == end => return Some(()),
            _ => return None,
        };
        let high = match ranges {
            true => match lexer.next()? {
                Token::Text(span) => number(lexer.text(span))?,
                _ => return None,
            },
            false => low,
        };
        let target = match lexer.next()? {
            Token::Text(span) => Some(lexer.text(span)).filter(|bytes| bytes.len() == 2).and_then(number),
            Token::ArrayOpen if ranges => {
                while lexer.next()? != Token::ArrayClose {}
                None
            }
            _ => return None,
        };
        let count = high.checked_sub(low)?;
        let written = lexer.data().get(start..lexer.pos())?;
        let is_ideograph =
            |first| IDEOGRAPHS.contains(&first) && IDEOGRAPHS.contains(&first.saturating_add(count));
        let meaning = match target {
            Some(first) if is_ideograph(first) => Meaning::Ideographs,
            _ if ranges => Meaning::Range(written),
            _ => Meaning::Char(written),
        };
        if entries.len() >= MAX_ENTRIES {
            return None;
        }
        entries.push(Entry { low, high, wide, meaning });
    }
}

fn write(entries: &[Entry]) -> Vec<u8> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    // the last run that nothing but unused codes separates from what comes next
    let mut open = false;
    for entry in entries {
        if !matches!(entry.meaning, Meaning::Ideographs) {
            open = false;
            continue;
        }
        let gap = if entry.wide { GAP } else { 0 };
        let longest = IDEOGRAPHS.end() - IDEOGRAPHS.start();
        match runs.last_mut() {
            Some((first, last)) if open && entry.low - *last <= gap + 1 && entry.high - *first <= longest => {
                *last = entry.high;
            }
            _ => runs.push((entry.low, entry.high)),
        }
        open = true;
    }
    let first = IDEOGRAPHS.start();
    let runs: Vec<Vec<u8>> =
        runs.iter().map(|(low, high)| format!("<{low:04X}><{high:04X}><{first:04X}>").into_bytes()).collect();
    let chars = entries.iter().filter_map(|entry| match entry.meaning {
        Meaning::Char(written) => Some(written),
        _ => None,
    });
    let ranges = entries.iter().filter_map(|entry| match entry.meaning {
        Meaning::Range(written) => Some(written),
        _ => None,
    });
    let mut out = Vec::new();
    list(&mut out, "bfchar", &chars.collect::<Vec<_>>());
    list(&mut out, "bfrange", &ranges.chain(runs.iter().map(Vec::as_slice)).collect::<Vec<_>>());
    out
}

fn list(out: &mut Vec<u8>, kind: &str, entries: &[&[u8]]) {
    if entries.is_empty() {
        return;
    }
    // writing into memory does not fail
    let _ = writeln!(out, "{} begin{kind}", entries.len());
    for entry in entries {
        out.extend_from_slice(entry);
        out.push(b'\n');
    }
    let _ = writeln!(out, "end{kind}");
}

fn number(bytes: &[u8]) -> Option<u32> {
    (1..=4).contains(&bytes.len()).then(|| bytes.iter().fold(0, |n, &b| n << 8 | u32::from(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thinned(map: &str) -> Option<String> {
        thin(map.as_bytes()).and_then(|out| String::from_utf8(out).ok())
    }

    #[test]
    fn ideographs_become_ranges_and_the_rest_stays_as_written() {
        let map = "/CIDInit /ProcSet findresource begin 1 begincodespacerange <00> <FF> endcodespacerange
            5 beginbfchar <01> <0030> <02> <652F> <03> <51FA> <04><FF0C> <05> <00660069> endbfchar
            3 beginbfrange <06> <08> <4E2D> <10> <12> [<0031> <0032> <0033>] <20> <29> <0030> endbfrange end";
        let wanted = "3 beginbfchar\n<01> <0030>\n<04><FF0C>\n<05> <00660069>\nendbfchar\n\
            4 beginbfrange\n<10> <12> [<0031> <0032> <0033>]\n<20> <29> <0030>\n\
            <0002><0003><4E00>\n<0006><0008><4E00>\nendbfrange\n";
        assert_eq!(thinned(map).as_deref(), Some(wanted));
    }

    #[test]
    fn a_run_takes_in_unused_codes_of_two_bytes_but_no_other_entry() {
        let wide =
            "5 beginbfchar <0110> <4E2D> <0130> <652F> <0131> <0031> <0140> <51FA> <0FFF> <51FA> endbfchar";
        let runs = "<0110><0130><4E00>\n<0140><0140><4E00>\n<0FFF><0FFF><4E00>\n";
        let wanted = format!("1 beginbfchar\n<0131> <0031>\nendbfchar\n3 beginbfrange\n{runs}endbfrange\n");
        assert_eq!(thinned(wide), Some(wanted));
        let simple = thinned("2 beginbfchar <10> <4E2D> <12> <652F> endbfchar");
        let runs = "<0010><0010><4E00>\n<0012><0012><4E00>\n";
        assert_eq!(simple, Some(format!("2 beginbfrange\n{runs}endbfrange\n")));
    }

    #[test]
    fn a_range_that_leaves_the_ideographs_stays() {
        let map = "1 beginbfrange <0001> <0003> <9FA4> endbfrange";
        assert_eq!(thinned(map).as_deref(), Some("1 beginbfrange\n<0001> <0003> <9FA4>\nendbfrange\n"));
    }

    #[test]
    fn a_map_with_two_entries_for_a_code_or_odd_ones_is_left_alone() {
        for map in [
            "2 beginbfchar <01> <0030> <01> <652F> endbfchar",
            "1 beginbfrange <00> <05> <4E00> endbfrange 1 beginbfchar <03> <0031> endbfchar",
            "1 beginbfchar <01> /one endbfchar",
            "1 beginbfrange <05> <01> <0030> endbfrange",
            "1 beginbfchar <01> <652F>",
            "/Other usecmap",
        ] {
            assert_eq!(thinned(map), None, "{map}");
        }
    }
}
