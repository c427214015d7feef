//! Bytes of a content stream (or CMap) → tokens. Nothing is allocated: names borrow from the input, strings are
//! decoded into one buffer that the caller clears after every operator.

use std::borrow::Cow;

/// One token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    Number(f64),
    /// Without the slash; `#xx` escapes still in it (see [`unescape_name`]).
    Name(&'a [u8]),
    /// Decoded bytes: a range of the lexer's string buffer.
    Text(Span),
    ArrayOpen,
    ArrayClose,
    DictOpen,
    DictClose,
    /// Anything else: an operator, `true`, `null`, `R`, …
    Word(&'a [u8]),
}

/// A range of the lexer's string buffer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

/// Reads tokens from bytes; never fails, skips what makes no sense.
pub(super) struct Lexer<'a> {
    data: &'a [u8],
    pos: usize,
    text: Vec<u8>,
}

const REGULAR: u8 = 0;
const SPACE: u8 = 1;
const DELIMITER: u8 = 2;

/// Character classes of ISO 32000-1, 7.2.2.
static CLASS: [u8; 256] = {
    let mut table = [REGULAR; 256];
    let spaces = b"\0\t\n\x0c\r ";
    let mut i = 0;
    while i < spaces.len() {
        table[spaces[i] as usize] = SPACE;
        i += 1;
    }
    let delimiters = b"()<>[]{}/%";
    i = 0;
    while i < delimiters.len() {
        table[delimiters[i] as usize] = DELIMITER;
        i += 1;
    }
    table
};

pub(super) fn is_space(byte: u8) -> bool {
    CLASS[byte as usize] == SPACE
}

pub(super) fn is_regular(byte: u8) -> bool {
    CLASS[byte as usize] == REGULAR
}

impl<'a> Lexer<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { data, pos: 0, text: Vec::new() }
    }

    pub(super) fn at(data: &'a [u8], pos: usize) -> Self {
        Self { data, pos: pos.min(data.len()), text: Vec::new() }
    }

    pub(super) fn pos(&self) -> usize {
        self.pos
    }

    pub(super) fn seek(&mut self, pos: usize) {
        self.pos = pos.min(self.data.len());
    }

    pub(super) fn data(&self) -> &'a [u8] {
        self.data
    }

    /// Forgets the strings read so far: their spans become meaningless.
    pub(super) fn clear_text(&mut self) {
        self.text.clear();
    }

    /// The bytes of a string token.
    pub(super) fn text(&self, span: Span) -> &[u8] {
        self.text.get(span.start as usize..span.end as usize).unwrap_or(&[])
    }

    fn peek(&self) -> Option<u8> {
        self.data.get(self.pos).copied()
    }

    pub(super) fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if is_space(byte) {
                self.pos += 1;
            } else if byte == b'%' {
                let rest = &self.data[self.pos..];
                self.pos += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            } else {
                break;
            }
        }
    }

    /// The next token; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        self.token()
    }

    /// As [`Lexer::next`], for the one loop that reads nearly all tokens: there it is a part of the loop.
    #[inline(always)]
    pub(super) fn token(&mut self) -> Option<Token<'a>> {
        loop {
            self.skip_space();
            let byte = self.peek()?;
            return Some(match byte {
                b'0'..=b'9' | b'+' | b'-' | b'.' => match self.number() {
                    Some(value) => Token::Number(value),
                    None => continue,
                },
                b'/' => {
                    self.pos += 1;
                    Token::Name(self.regular())
                }
                b'(' => self.literal(),
                b'<' if self.data.get(self.pos + 1) == Some(&b'<') => {
                    self.pos += 2;
                    Token::DictOpen
                }
                b'<' => self.hexadecimal(),
                b'>' if self.data.get(self.pos + 1) == Some(&b'>') => {
                    self.pos += 2;
                    Token::DictClose
                }
                b'[' => {
                    self.pos += 1;
                    Token::ArrayOpen
                }
                b']' => {
                    self.pos += 1;
                    Token::ArrayClose
                }
                b')' | b'>' | b'{' | b'}' => {
                    self.pos += 1;
                    continue;
                }
                _ => Token::Word(self.regular()),
            });
        }
    }

    fn regular(&mut self) -> &'a [u8] {
        let start = self.pos;
        while self.pos < self.data.len() && is_regular(self.data[self.pos]) {
            self.pos += 1;
        }
        &self.data[start..self.pos]
    }

    /// A number as nearly all are written: a sign perhaps, up to fifteen digits with or without a point, and then white
    /// space or a delimiter. Everything else is left to [`Lexer::lenient`], which gives the same for these.
    #[inline]
    fn number(&mut self) -> Option<f64> {
        let data = self.data;
        let negative = data.get(self.pos) == Some(&b'-');
        let start = self.pos + usize::from(negative);
        let (whole, point) = digits(data, start);
        let (fraction, end) = match data.get(point) {
            Some(b'.') => digits(data, point + 1),
            _ => (0, point),
        };
        let places = end.saturating_sub(point + 1);
        if !(1..=15).contains(&(point - start + places)) || data.get(end).copied().is_some_and(is_regular) {
            return self.lenient();
        }
        self.pos = end;
        let value =
            if fraction == 0 { whole as f64 } else { whole as f64 + fraction as f64 / POWERS[places] };
        Some(if negative { -value } else { value })
    }

    /// A number, read leniently: `--5`, `5-3`, `.`, `1.2.3` occur in the wild. `None` for what only looks like one.
    #[cold]
    fn lenient(&mut self) -> Option<f64> {
        let mut negative = false;
        let mut value: f64 = 0.0;
        let mut digits = 0u32;
        while let Some(byte) = self.peek() {
            match byte {
                b'-' if digits == 0 => negative = true,
                b'+' if digits == 0 => {}
                b'0'..=b'9' => {
                    value = value * 10.0 + f64::from(byte - b'0');
                    digits += 1;
                }
                _ => break,
            }
            self.pos += 1;
        }
        if self.peek() == Some(b'.') {
            self.pos += 1;
            let mut fraction: u64 = 0;
            let mut places = 0usize;
            while let Some(byte) = self.peek() {
                match byte {
                    b'0'..=b'9' => {
                        // More than 15 places say nothing that a double could hold.
                        if places < 15 {
                            fraction = fraction * 10 + u64::from(byte - b'0');
                            places += 1;
                        }
                        digits += 1;
                    }
                    // `0.00-35` is an old producer's way to write -0.0035 …; readers stop at the sign.
                    b'-' if digits == 0 => negative = true,
                    _ => break,
                }
                self.pos += 1;
            }
            value += fraction as f64 / POWERS[places];
        }
        // The rest of a malformed number belongs to it.
        while self.peek().is_some_and(|b| matches!(b, b'0'..=b'9' | b'.' | b'-')) {
            self.pos += 1;
        }
        if self.peek().is_some_and(is_regular) {
            // `1e5`, `12abc`: no number of PDF. Skip it whole; operators glued to a number (`0Tc`) stay.
            if self.peek().is_some_and(|b| !b.is_ascii_alphabetic() && b != b'\'' && b != b'"') {
                self.regular();
                return None;
            }
        }
        Some(if negative { -value } else { value })
    }

    /// `( … )` with balanced parentheses and backslash escapes (7.3.4.2).
    fn literal(&mut self) -> Token<'a> {
        self.pos += 1;
        let start = self.text.len();
        let mut depth = 1usize;
        while self.pos < self.data.len() {
            let byte = self.data[self.pos];
            self.pos += 1;
            match byte {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                b'\\' => {
                    self.escape();
                    continue;
                }
                b'\r' => {
                    // Any line ending inside a string is one line feed.
                    if self.peek() == Some(b'\n') {
                        self.pos += 1;
                    }
                    self.text.push(b'\n');
                    continue;
                }
                _ => {}
            }
            self.text.push(byte);
        }
        self.span(start)
    }

    fn escape(&mut self) {
        let Some(byte) = self.peek() else { return };
        self.pos += 1;
        let plain = match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    match self.peek() {
                        Some(d @ b'0'..=b'7') => value = value * 8 + u32::from(d - b'0'),
                        _ => break,
                    }
                    self.pos += 1;
                }
                value as u8
            }
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.pos += 1;
                }
                return;
            }
            b'\n' => return,
            other => other,
        };
        self.text.push(plain);
    }

    fn hexadecimal(&mut self) -> Token<'a> {
        self.pos += 1;
        let start = self.text.len();
        let mut high: Option<u8> = None;
        while self.pos < self.data.len() {
            let byte = self.data[self.pos];
            self.pos += 1;
            let Some(digit) = hex_digit(byte) else {
                if byte == b'>' {
                    break;
                }
                continue;
            };
            match high.take() {
                None => high = Some(digit),
                Some(h) => self.text.push(h << 4 | digit),
            }
        }
        if let Some(h) = high {
            self.text.push(h << 4);
        }
        self.span(start)
    }

    fn span(&self, start: usize) -> Token<'a> {
        let to = |v: usize| u32::try_from(v).unwrap_or(u32::MAX);
        Token::Text(Span { start: to(start), end: to(self.text.len()) })
    }
}

static POWERS: [f64; 16] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// The value of the digits from a place on (meaningless for more than nineteen), and where they end.
#[inline]
fn digits(data: &[u8], start: usize) -> (u64, usize) {
    let (mut value, mut at) = (0u64, start);
    while let Some(digit) = data.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|&digit| digit <= 9) {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        at += 1;
    }
    (value, at)
}

/// Value of a hexadecimal digit.
pub(super) fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// A name with its `#xx` escapes undone.
pub(super) fn unescape_name(raw: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'#', raw).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut i = 0;
    while i < raw.len() {
        let pair = (raw.get(i + 1).copied().and_then(hex_digit), raw.get(i + 2).copied().and_then(hex_digit));
        if let (b'#', (Some(h), Some(l))) = (raw[i], pair) {
            out.push(h << 4 | l);
            i += 3;
        } else {
            out.push(raw[i]);
            i += 1;
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(input: &str) -> Vec<f64> {
        let mut lexer = Lexer::new(input.as_bytes());
        let mut out = Vec::new();
        while let Some(token) = lexer.next() {
            if let Token::Number(v) = token {
                out.push(v);
            }
        }
        out
    }

    fn text(input: &[u8]) -> Vec<u8> {
        let mut lexer = Lexer::new(input);
        match lexer.next() {
            Some(Token::Text(span)) => lexer.text(span).to_vec(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn numbers_of_all_shapes() {
        assert_eq!(
            numbers("1 -2 +3 .5 -.25 4. 0.75 --6 00012"),
            [1.0, -2.0, 3.0, 0.5, -0.25, 4.0, 0.75, -6.0, 12.0]
        );
    }

    #[test]
    fn digits_keep_their_value() {
        assert_eq!(numbers("123456.789 0.000123456789012345"), [123_456.789, 0.000_123_456_789_012]);
    }

    #[test]
    fn the_short_way_gives_the_same_number_as_the_lenient_one() {
        for text in [
            "0",
            "-0",
            "7.",
            "-.5",
            "00012",
            "595.32001",
            "-12.000000000001",
            "123456789012345",
            "0.1 ",
            "3.14]",
        ] {
            let (mut short, mut long) = (Lexer::new(text.as_bytes()), Lexer::new(text.as_bytes()));
            let (a, b) = (short.number().unwrap(), long.lenient().unwrap());
            assert_eq!((a.to_bits(), short.pos), (b.to_bits(), long.pos), "{text}");
        }
    }

    #[test]
    fn malformed_number_is_one_token() {
        assert_eq!(numbers("1.2.3 4-5 7"), [1.2, 4.0, 7.0]);
    }

    #[test]
    fn operator_glued_to_a_number() {
        let mut lexer = Lexer::new(b"0Tc 5'");
        assert_eq!(lexer.next(), Some(Token::Number(0.0)));
        assert_eq!(lexer.next(), Some(Token::Word(b"Tc")));
        assert_eq!(lexer.next(), Some(Token::Number(5.0)));
        assert_eq!(lexer.next(), Some(Token::Word(b"'")));
    }

    #[test]
    fn literal_string_escapes() {
        assert_eq!(
            text(
                br"(a\(b\)c(d)\n\101\7\\\
x)"
            ),
            b"a(b)c(d)\nA\x07\\x"
        );
        assert_eq!(text(b"(a\r\nb)"), b"a\nb");
        assert_eq!(text(b"(open"), b"open");
    }

    #[test]
    fn hexadecimal_string_with_gaps_and_odd_length() {
        assert_eq!(text(b"<4 1 42\n5>"), b"ABP");
        assert_eq!(text(b"<>"), b"");
    }

    #[test]
    fn names_and_delimiters() {
        let mut lexer = Lexer::new(b"/A#20B[/C<</D(x)>>]%c\nTj");
        assert_eq!(lexer.next(), Some(Token::Name(b"A#20B")));
        assert_eq!(unescape_name(b"A#20B").as_ref(), b"A B");
        assert_eq!(unescape_name(b"#C").as_ref(), b"#C");
        assert_eq!(lexer.next(), Some(Token::ArrayOpen));
        assert_eq!(lexer.next(), Some(Token::Name(b"C")));
        assert_eq!(lexer.next(), Some(Token::DictOpen));
        assert_eq!(lexer.next(), Some(Token::Name(b"D")));
        assert!(matches!(lexer.next(), Some(Token::Text(_))));
        assert_eq!(lexer.next(), Some(Token::DictClose));
        assert_eq!(lexer.next(), Some(Token::ArrayClose));
        assert_eq!(lexer.next(), Some(Token::Word(b"Tj")));
        assert_eq!(lexer.next(), None);
    }
}
