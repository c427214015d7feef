//! Bytes → objects. Lenient: what makes no sense is null; what breaks off keeps what came before.

use crate::pdf::object::{Dictionary, Object};
use crate::pdf::token::{Lexer, Token, is_space, unescape_name};

/// Arrays and dictionaries nested deeper are null. No producer comes near; it bounds the stack.
const NESTING: usize = 64;
/// What an object costs in memory beside its bytes: its own size and its place in a list.
const NODE: usize = 40;

/// Reads objects, counting what they cost.
pub(super) struct Parser<'a> {
    pub(super) lexer: Lexer<'a>,
    /// Bytes of memory that the objects read so far take, roughly.
    pub(super) cost: usize,
    /// No more than this is read.
    allowance: usize,
    /// Arrays or dictionaries were nested too deep, and null took their place.
    pub(super) too_deep: bool,
    /// The allowance is used up, and the rest was not read.
    pub(super) too_much: bool,
}

impl<'a> Parser<'a> {
    /// A parser at a place of the bytes; it reads objects of `allowance` bytes in memory at most.
    pub(super) fn new(data: &'a [u8], at: usize, allowance: usize) -> Self {
        Self { lexer: Lexer::at(data, at), cost: 0, allowance, too_deep: false, too_much: false }
    }

    fn next(&mut self) -> Option<Token<'a>> {
        if self.cost > self.allowance {
            self.too_much = true;
            return None;
        }
        self.lexer.next()
    }

    /// `N G obj`.
    pub(super) fn header(&mut self) -> Option<(u32, u16)> {
        let number = whole(self.lexer.next()?)?;
        let generation = whole(self.lexer.next()?)?;
        if self.lexer.next()? != Token::Word(b"obj") {
            // `1 0 obj<<` is one word less a delimiter; `1 0 objstream` is no header.
            return None;
        }
        Some((number, u16::try_from(generation).unwrap_or(u16::MAX)))
    }

    /// The object at this place; `None` at the end of the data or at a word that is none.
    pub(super) fn object(&mut self) -> Option<Object> {
        let token = self.next()?;
        self.value(token, 0)
    }

    fn value(&mut self, token: Token<'a>, depth: usize) -> Option<Object> {
        self.cost += NODE;
        Some(match token {
            Token::Number(value) => self.number(value),
            Token::Name(raw) => {
                self.cost += raw.len();
                Object::Name(unescape_name(raw).as_ref().into())
            }
            Token::Text(span) => {
                let text: Box<[u8]> = self.lexer.text(span).into();
                self.lexer.clear_text();
                self.cost += text.len();
                Object::String(text)
            }
            Token::ArrayOpen if depth >= NESTING => self.skip(),
            Token::DictOpen if depth >= NESTING => self.skip(),
            Token::ArrayOpen => self.array(depth),
            Token::DictOpen => Object::Dictionary(self.dictionary(depth)),
            Token::Word(b"true") => Object::Boolean(true),
            Token::Word(b"false") => Object::Boolean(false),
            Token::Word(b"null") => Object::Null,
            Token::Word(_) | Token::ArrayClose | Token::DictClose => return None,
        })
    }

    /// A number, or the reference that it starts.
    fn number(&mut self, value: f64) -> Object {
        let plain = if value.fract() == 0.0 && value.abs() < 9e15 {
            Object::Integer(value as i64)
        } else {
            Object::Real(value)
        };
        let Some(number) = whole(Token::Number(value)) else { return plain };
        let back = self.lexer.pos();
        // Cheap no for the common case: two digits or a letter never follow at once.
        if let Some(Token::Number(generation)) = self.peek_number()
            && whole(Token::Number(generation)).is_some()
            && self.lexer.next() == Some(Token::Word(b"R"))
        {
            return Object::Reference(number);
        }
        self.lexer.seek(back);
        plain
    }

    fn peek_number(&mut self) -> Option<Token<'a>> {
        self.lexer.skip_space();
        let next = self.lexer.data().get(self.lexer.pos())?;
        next.is_ascii_digit().then(|| self.lexer.next()).flatten()
    }

    fn array(&mut self, depth: usize) -> Object {
        let mut items = Vec::new();
        loop {
            let before = self.lexer.pos();
            match self.next() {
                None | Some(Token::ArrayClose) => break,
                // `[ 1 2 >>`: the bracket is missing.
                Some(Token::DictClose | Token::Word(b"endobj" | b"obj" | b"stream")) => {
                    self.lexer.seek(before);
                    break;
                }
                Some(token) => items.extend(self.value(token, depth + 1)),
            }
        }
        Object::Array(items.into_boxed_slice())
    }

    /// Entries up to `>>`, with the lexer behind `<<`.
    fn dictionary(&mut self, depth: usize) -> Dictionary {
        let mut entries: Vec<(Box<[u8]>, Object)> = Vec::new();
        let mut key: Option<Box<[u8]>> = None;
        loop {
            let before = self.lexer.pos();
            let token = match self.next() {
                None | Some(Token::DictClose) => break,
                Some(Token::Word(b"endobj" | b"obj" | b"stream")) => {
                    self.lexer.seek(before);
                    break;
                }
                Some(token) => token,
            };
            match (key.take(), token) {
                (None, Token::Name(raw)) => {
                    self.cost += NODE + raw.len();
                    key = Some(unescape_name(raw).as_ref().into());
                }
                // Something without a key: skip it, whole.
                (None, token) => drop(self.value(token, depth + 1)),
                (Some(name), token) => {
                    entries.extend(self.value(token, depth + 1).map(|value| (name, value)))
                }
            }
        }
        Dictionary::new(entries)
    }

    /// What is nested too deep, up to its end.
    fn skip(&mut self) -> Object {
        self.too_deep = true;
        let mut open = 1usize;
        while open > 0 {
            match self.next() {
                None | Some(Token::Word(b"endobj" | b"stream")) => break,
                Some(Token::ArrayOpen | Token::DictOpen) => open += 1,
                Some(Token::ArrayClose | Token::DictClose) => open -= 1,
                Some(_) => {}
            }
            self.lexer.clear_text();
        }
        Object::Null
    }

    /// Where the data starts, if `stream` follows.
    pub(super) fn stream_start(&mut self) -> Option<usize> {
        self.lexer.skip_space();
        let data = self.lexer.data();
        let after = self.lexer.pos() + b"stream".len();
        if data.get(self.lexer.pos()..after)? != b"stream" {
            return None;
        }
        // CR LF or LF ends the line; a lone CR is an old mistake, and blanks before it are one too.
        let blanks = data.get(after..)?.iter().take(8).take_while(|b| matches!(b, b' ' | b'\t')).count();
        Some(match data.get(after + blanks..)? {
            [b'\r', b'\n', ..] => after + blanks + 2,
            [b'\r' | b'\n', ..] => after + blanks + 1,
            _ => after,
        })
    }
}

/// A number that may name an object.
fn whole(token: Token) -> Option<u32> {
    match token {
        Token::Number(v) if v.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&v) => Some(v as u32),
        _ => None,
    }
}

/// The end of stream data that starts at `start`: behind `length` bytes where `endstream` follows, else in front of
/// the next `endstream` (or `endobj`), else the end of the file. True where the length had to be found.
pub(super) fn stream_end(data: &[u8], start: usize, length: Option<usize>) -> (usize, bool) {
    let told = length.and_then(|length| start.checked_add(length)).filter(|end| *end <= data.len());
    if let Some(end) = told {
        let rest = data.get(end..).unwrap_or(&[]);
        let blanks = rest.iter().take(8).take_while(|b| is_space(**b)).count();
        if rest
            .get(blanks..)
            .is_some_and(|rest| rest.starts_with(b"endstream") || rest.starts_with(b"endobj"))
        {
            return (end, false);
        }
    }
    let rest = data.get(start..).unwrap_or(&[]);
    let end = memchr::memmem::find(rest, b"endstream").or_else(|| memchr::memmem::find(rest, b"endobj"));
    let mut end = end.map_or(data.len(), |at| start + at);
    // The line end in front of the keyword is not data.
    if end > start && data.get(end - 1) == Some(&b'\n') {
        end -= 1;
    }
    if end > start && data.get(end - 1) == Some(&b'\r') {
        end -= 1;
    }
    (end, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &[u8]) -> Object {
        Parser::new(text, 0, 1 << 20).object().unwrap()
    }

    #[test]
    fn references_and_numbers_are_told_apart() {
        let Object::Array(items) = object(b"[1 2 3 0 R 4 5 R6 -7 8 0 R]") else { panic!("no array") };
        let expected = [
            Object::Integer(1),
            Object::Integer(2),
            Object::Reference(3),
            Object::Integer(4),
            Object::Integer(5),
            Object::Integer(-7),
            Object::Reference(8),
        ];
        assert_eq!(items.as_ref(), expected);
    }

    #[test]
    fn a_dictionary_that_breaks_off_keeps_its_entries() {
        let Object::Dictionary(dict) = object(b"<</A 1/B[2 3]/C(x) endobj 5 0 obj") else { panic!("none") };
        assert_eq!(dict.get(b"A"), Some(&Object::Integer(1)));
        assert_eq!(dict.get(b"C"), Some(&Object::String(b"x"[..].into())));
    }

    #[test]
    fn arrays_nested_a_million_deep_are_skipped() {
        let mut text = vec![b'['; 1_000_000];
        text.extend(vec![b']'; 1_000_000]);
        let mut parser = Parser::new(&text, 0, 1 << 20);
        assert!(matches!(parser.object(), Some(Object::Array(_))));
        assert!(parser.too_deep);
    }

    #[test]
    fn what_costs_more_than_allowed_is_cut() {
        let text = [&b"["[..], &b"0 ".repeat(100_000)].concat();
        let mut parser = Parser::new(&text, 0, 10_000);
        let Some(Object::Array(items)) = parser.object() else { panic!("no array") };
        assert!(parser.too_much && items.len() < 300);
    }

    #[test]
    fn a_wrong_length_is_corrected_by_the_keyword() {
        let data = b"abc\r\nendstream";
        assert_eq!(stream_end(data, 0, Some(3)), (3, false));
        assert_eq!(stream_end(data, 0, Some(1)), (3, true));
        assert_eq!(stream_end(data, 0, Some(99)), (3, true));
        assert_eq!(stream_end(data, 0, None), (3, true));
        assert_eq!(stream_end(b"abc", 0, Some(9)), (3, true));
    }
}
