//! CMap programs inside a PDF → tables: ToUnicode maps (code → text) and embedded encodings (code → CID).
//! Read leniently: whatever is not understood is skipped, what was read before stays.

use super::predefined::Predefined;
use crate::pdf::token::{Lexer, Token, unescape_name};

/// Code → text.
#[derive(Default)]
pub(super) struct ToUnicode {
    /// Sorted by `low`.
    ranges: Vec<Range>,
    /// Targets of several characters, one after the other.
    chars: Vec<char>,
    /// More entries than the limit: the rest was not read.
    pub(super) cut: bool,
}

#[derive(Clone, Copy)]
struct Range {
    low: u32,
    high: u32,
    /// First character, or with `count > 1` the start in `chars`.
    target: u32,
    count: u16,
}

/// What a code stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Target<'a> {
    Char(char),
    /// Several characters; the last one is to be raised by the offset.
    Text(&'a [char], u32),
}

impl ToUnicode {
    pub(super) fn parse(data: &[u8], limit: usize) -> Self {
        let mut map = Self::default();
        let mut lexer = Lexer::new(data);
        while let Some(token) = lexer.next() {
            match token {
                Token::Word(b"beginbfchar") => map.section(&mut lexer, limit, false),
                Token::Word(b"beginbfrange") => map.section(&mut lexer, limit, true),
                _ => {}
            }
            lexer.clear_text();
            if map.cut {
                break;
            }
        }
        // Stable: of two entries for one code the later one stays last and wins in `get`.
        map.ranges.sort_by_key(|r| r.low);
        map
    }

    fn section(&mut self, lexer: &mut Lexer, limit: usize, ranges: bool) {
        while let Some(token) = lexer.next() {
            let Token::Text(span) = token else {
                match token {
                    Token::Word(_) => return,
                    _ => continue,
                }
            };
            let low = number(lexer.text(span));
            let mut high = low;
            if ranges {
                match lexer.next() {
                    Some(Token::Text(span)) => high = number(lexer.text(span)),
                    _ => return,
                }
            }
            match lexer.next() {
                Some(Token::Text(span)) => self.push(low, high, lexer.text(span)),
                Some(Token::ArrayOpen) => {
                    let mut code = low;
                    while let Some(Token::Text(span)) = lexer.next() {
                        if code <= high {
                            self.push(code, code, lexer.text(span));
                        }
                        code = code.saturating_add(1);
                        lexer.clear_text();
                        if self.ranges.len() >= limit {
                            break;
                        }
                    }
                }
                // `<01> /space`: some producers name the glyph instead.
                Some(Token::Name(name)) => {
                    if let Some(ch) = super::names::to_char(name) {
                        self.ranges.push(Range { low, high, target: u32::from(ch), count: 1 });
                    }
                }
                _ => return,
            }
            lexer.clear_text();
            if self.ranges.len() >= limit {
                self.cut = true;
                return;
            }
        }
    }

    fn push(&mut self, low: u32, high: u32, target: &[u8]) {
        if high < low {
            return;
        }
        let start = self.chars.len();
        if let [one] = target {
            self.chars.push(char::from(*one));
        } else {
            let units = target.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            // Longer targets are no characters of a font; 64 covers every ligature.
            self.chars.extend(char::decode_utf16(units).filter_map(Result::ok).take(64));
        }
        let count = self.chars.len() - start;
        let range = match count {
            0 => return,
            1 => Range { low, high, target: u32::from(self.chars[start]), count: 1 },
            _ => Range { low, high, target: u32::try_from(start).unwrap_or(0), count: count as u16 },
        };
        if count == 1 {
            self.chars.truncate(start);
        }
        self.ranges.push(range);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// What the code stands for, if the map says anything.
    pub(super) fn get(&self, code: u32) -> Option<Target<'_>> {
        let end = self.ranges.partition_point(|r| r.low <= code);
        // Ranges may overlap; the innermost ones lie close by.
        let range = self.ranges[..end].iter().rev().take(8).find(|r| code <= r.high)?;
        let offset = code - range.low;
        if range.count == 1 {
            return char::from_u32(range.target.checked_add(offset)?).map(Target::Char);
        }
        let start = range.target as usize;
        Some(Target::Text(self.chars.get(start..start + range.count as usize)?, offset))
    }
}

/// An embedded encoding CMap: code → CID, with its own code lengths.
#[derive(Default)]
pub(super) struct CodeMap {
    /// Length, lowest and highest code.
    spaces: Vec<(u8, u32, u32)>,
    /// Sorted by length and lowest code.
    cids: Vec<(u8, u32, u32, u32)>,
    pub(super) base: Option<Predefined>,
    pub(super) vertical: bool,
    pub(super) cut: bool,
}

impl CodeMap {
    pub(super) fn parse(data: &[u8], limit: usize) -> Self {
        let mut map = Self::default();
        let mut lexer = Lexer::new(data);
        let mut previous = None;
        while let Some(token) = lexer.next() {
            match token {
                Token::Word(b"begincodespacerange") => map.section(&mut lexer, limit, Section::Space),
                Token::Word(b"begincidrange") => map.section(&mut lexer, limit, Section::Range),
                Token::Word(b"begincidchar") => map.section(&mut lexer, limit, Section::Char),
                Token::Word(b"usecmap") => {
                    if let Some(Token::Name(name)) = previous {
                        map.base = Predefined::find(&unescape_name(name));
                    }
                }
                Token::Number(mode) if previous == Some(Token::Name(b"WMode")) => map.vertical = mode == 1.0,
                _ => {}
            }
            lexer.clear_text();
            previous = Some(token);
        }
        map.cids.sort_by_key(|&(length, low, ..)| (length, low));
        map
    }

    fn section(&mut self, lexer: &mut Lexer, limit: usize, section: Section) {
        while let Some(token) = lexer.next() {
            let Token::Text(span) = token else {
                match token {
                    Token::Word(_) => return,
                    _ => continue,
                }
            };
            let bytes = lexer.text(span);
            let length = bytes.len().clamp(1, 4) as u8;
            let low = number(bytes);
            let mut high = low;
            if section != Section::Char {
                match lexer.next() {
                    Some(Token::Text(span)) => high = number(lexer.text(span)),
                    _ => return,
                }
            }
            if section == Section::Space {
                self.spaces.push((length, low, high));
            } else {
                match lexer.next() {
                    Some(Token::Number(cid)) if cid >= 0.0 => self.cids.push((length, low, high, cid as u32)),
                    _ => return,
                }
            }
            lexer.clear_text();
            if self.cids.len() >= limit || self.spaces.len() >= 256 {
                self.cut = true;
                return;
            }
        }
    }

    /// Length of the next code.
    pub(super) fn length(&self, bytes: &[u8]) -> usize {
        let mut code = 0u32;
        for (i, &byte) in bytes.iter().take(4).enumerate() {
            code = code << 8 | u32::from(byte);
            let length = i as u8 + 1;
            if self.spaces.iter().any(|&(l, low, high)| l == length && within(code, low, high, length)) {
                return i + 1;
            }
        }
        match &self.base {
            Some(base) => base.length(bytes),
            // No code space fits: as long as the shortest one.
            None => self.spaces.iter().map(|&(l, ..)| l as usize).min().unwrap_or(2),
        }
    }

    pub(super) fn cid(&self, code: u32, length: usize) -> Option<u32> {
        let key = (length as u8, code);
        let end = self.cids.partition_point(|&(l, low, ..)| (l, low) <= key);
        let own = self.cids[..end].iter().rev().take(4).find(|&&(l, _, high, _)| l == key.0 && code <= high);
        match own {
            Some(&(_, low, _, cid)) => cid.checked_add(code - low),
            None => self.base.as_ref().and_then(|base| base.cid(code, length)),
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Space,
    Range,
    Char,
}

/// Code spaces are boxes: every byte lies between those of the two ends (ISO 32000-1, 9.7.6.2).
fn within(code: u32, low: u32, high: u32, length: u8) -> bool {
    (0..u32::from(length)).all(|i| {
        let byte = |v: u32| v >> (8 * i) & 0xFF;
        (byte(low)..=byte(high)).contains(&byte(code))
    })
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |value, &byte| value << 8 | u32::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chars_ranges_and_arrays() {
        let map = ToUnicode::parse(
            b"2 beginbfchar <01> <4E2D> <0002> <00660069> endbfchar
              2 beginbfrange <10> <12> <0041> <20> <22> [<0061> <0062> <D840DC00>] endbfrange",
            100,
        );
        assert_eq!(map.get(1), Some(Target::Char('中')));
        assert_eq!(map.get(2), Some(Target::Text(&['f', 'i'], 0)));
        assert_eq!(map.get(0x12), Some(Target::Char('C')));
        assert_eq!(map.get(0x13), None);
        assert_eq!(map.get(0x21), Some(Target::Char('b')));
        assert_eq!(map.get(0x22), Some(Target::Char('\u{20000}')));
    }

    #[test]
    fn junk_between_entries_loses_only_itself() {
        let map = ToUnicode::parse(b"1 beginbfchar <01> endbfchar 1 beginbfchar <02> <0042> endbfchar", 100);
        assert_eq!(map.get(2), Some(Target::Char('B')));
    }

    #[test]
    fn later_entry_wins() {
        let map = ToUnicode::parse(b"2 beginbfchar <01> <0041> <01> <0042> endbfchar", 100);
        assert_eq!(map.get(1), Some(Target::Char('B')));
    }

    #[test]
    fn entry_limit_cuts() {
        let map = ToUnicode::parse(b"3 beginbfchar <01> <0041> <02> <0042> <03> <0043> endbfchar", 2);
        assert!(map.cut);
        assert_eq!(map.get(2), Some(Target::Char('B')));
        assert_eq!(map.get(3), None);
    }

    #[test]
    fn mixed_code_lengths() {
        let map = CodeMap::parse(
            b"/WMode 1 def 2 begincodespacerange <00> <80> <8140> <FEFE> endcodespacerange
              1 begincidrange <20> <7e> 814 endcidrange 1 begincidchar <8140> 4000 endcidchar",
            100,
        );
        assert!(map.vertical);
        assert_eq!(map.length(b"A"), 1);
        assert_eq!(map.length(&[0x81, 0x40]), 2);
        assert_eq!(map.cid(0x21, 1), Some(815));
        assert_eq!(map.cid(0x8140, 2), Some(4000));
        assert_eq!(map.cid(0x21, 2), None);
    }

    #[test]
    fn usecmap_falls_back_to_the_base() {
        let map = CodeMap::parse(b"/GBK-EUC-H usecmap 1 begincidchar <41> 7 endcidchar", 100);
        assert_eq!(map.cid(0x41, 1), Some(7));
        assert_eq!(map.cid(0x42, 1), Some(814 + 0x42 - 0x21));
        assert_eq!(map.length(&[0xD6, 0xD0]), 2);
    }
}
