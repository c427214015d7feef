//! Glyph names → characters (Adobe Glyph List and its `uniXXXX` conventions), and the named base encodings.
//! The long lists come from lopdf.

use lopdf::{Dictionary, Document, Object};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::sync::OnceLock;

/// The character of a glyph name; `None` for names that only number glyphs (`g12`, `cid34`).
pub(super) fn to_char(name: &[u8]) -> Option<char> {
    if let Some(ch) = common(name) {
        return Some(ch);
    }
    // `a.alt`, `one.tnum`: the part before the dot counts.
    let stem = match memchr::memchr(b'.', name) {
        Some(0) | None => name,
        Some(dot) => &name[..dot],
    };
    if stem.len() < name.len()
        && let Some(ch) = common(stem)
    {
        return Some(ch);
    }
    if let Some(ch) = by_number(stem) {
        return Some(ch);
    }
    listed(stem)
}

/// Glyph number in names like `g12`, `G12`, `gid12`, `glyph12`, `index12`, `cid12`.
pub(super) fn to_gid(name: &[u8]) -> Option<u16> {
    let digits = name.iter().position(u8::is_ascii_digit)?;
    let (word, number) = name.split_at(digits);
    matches!(word, b"g" | b"G" | b"gid" | b"glyph" | b"index" | b"cid" | b"glyph_" | b"cid_" | b"gid_")
        .then(|| std::str::from_utf8(number).ok()?.parse().ok())
        .flatten()
}

/// Names that nearly every file uses, without a search through four thousand.
fn common(name: &[u8]) -> Option<char> {
    if let [letter @ (b'a'..=b'z' | b'A'..=b'Z')] = name {
        return Some(char::from(*letter));
    }
    Some(match name {
        b"space" | b"nbspace" | b"nonbreakingspace" => ' ',
        b"zero" => '0',
        b"one" => '1',
        b"two" => '2',
        b"three" => '3',
        b"four" => '4',
        b"five" => '5',
        b"six" => '6',
        b"seven" => '7',
        b"eight" => '8',
        b"nine" => '9',
        b"period" => '.',
        b"comma" => ',',
        b"hyphen" | b"hyphenminus" | b"sfthyphen" => '-',
        b"minus" => '−',
        b"parenleft" => '(',
        b"parenright" => ')',
        b"percent" => '%',
        b"colon" => ':',
        b"semicolon" => ';',
        b"slash" => '/',
        b"plus" => '+',
        b"asterisk" => '*',
        b"bullet" => '•',
        b"fi" => '\u{FB01}',
        b"fl" => '\u{FB02}',
        _ => return None,
    })
}

/// `uni4E2D`, `u4E2D`, `u20000`.
fn by_number(name: &[u8]) -> Option<char> {
    let digits = match name {
        [b'u', b'n', b'i', rest @ ..] if rest.len() >= 4 => &rest[..4],
        [b'u', rest @ ..] if (4..=6).contains(&rest.len()) => rest,
        _ => return None,
    };
    let text = std::str::from_utf8(digits).ok()?;
    if !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(text, 16).ok().and_then(char::from_u32)
}

/// Names that a thread remembers: more than the Adobe Glyph List has.
const REMEMBERED: usize = 8192;

thread_local! {
    /// Each answer of the long list costs tens of thousands of steps, and fonts ask for the same names again and again.
    static KNOWN: RefCell<FxHashMap<Box<[u8]>, Option<char>>> = RefCell::default();
}

fn listed(name: &[u8]) -> Option<char> {
    KNOWN.with_borrow_mut(|known| {
        if let Some(ch) = known.get(name) {
            return *ch;
        }
        let ch = look_up(name);
        if known.len() < REMEMBERED && name.len() <= 64 {
            known.insert(name.into(), ch);
        }
        ch
    })
}

/// The Adobe Glyph List, asked through a one-entry encoding (lopdf keeps its list private).
fn look_up(name: &[u8]) -> Option<char> {
    let differences = Object::Array(vec![Object::Integer(0), Object::Name(name.to_vec())]);
    let mut encoding = Dictionary::new();
    encoding.set("Differences", differences);
    decode(Object::Dictionary(encoding), 0)
}

fn decode(encoding: Object, code: u8) -> Option<char> {
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", encoding);
    let document = Document::new();
    let text = font.get_font_encoding(&document).ok()?.bytes_to_string(&[code]).ok()?;
    text.chars().next()
}

/// A base encoding: one character per byte, NUL where it has none.
pub(super) type Table = [char; 256];

/// The table of `WinAnsiEncoding`, `MacRomanEncoding`, `MacExpertEncoding` or `StandardEncoding` (annex D).
pub(super) fn base_encoding(name: &[u8]) -> Option<&'static Table> {
    static TABLES: [OnceLock<Table>; 4] = [const { OnceLock::new() }; 4];
    let index = match name {
        b"StandardEncoding" => 0,
        b"WinAnsiEncoding" => 1,
        b"MacRomanEncoding" => 2,
        b"MacExpertEncoding" => 3,
        _ => return None,
    };
    Some(TABLES[index].get_or_init(|| {
        let mut font = Dictionary::new();
        font.set("Type", Object::Name(b"Font".to_vec()));
        font.set("Encoding", Object::Name(name.to_vec()));
        let document = Document::new();
        let mut table = ['\0'; 256];
        if let Ok(encoding) = font.get_font_encoding(&document) {
            for (code, slot) in (0u8..=255).zip(table.iter_mut()) {
                *slot = encoding.bytes_to_string(&[code]).ok().and_then(|t| t.chars().next()).unwrap_or('\0');
            }
        }
        if index == 1 {
            // Annex D.2, notes 3 and 6: both are printed as their plain counterparts.
            table[0xA0] = ' ';
            table[0xAD] = '-';
        }
        table
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_kind() {
        assert_eq!(to_char(b"A"), Some('A'));
        assert_eq!(to_char(b"seven"), Some('7'));
        assert_eq!(to_char(b"one.tnum"), Some('1'));
        assert_eq!(to_char(b"uni4E2D"), Some('中'));
        assert_eq!(to_char(b"u20000"), Some('\u{20000}'));
        assert_eq!(to_char(b"Euro"), Some('€'));
        assert_eq!(to_char(b"alpha"), Some('α'));
        assert_eq!(to_char(b"nosuchglyph"), None);
        assert_eq!(to_char(b".notdef"), None);
    }

    #[test]
    fn numbered_glyphs() {
        assert_eq!(to_gid(b"g12"), Some(12));
        assert_eq!(to_gid(b"glyph7"), Some(7));
        assert_eq!(to_gid(b"one"), None);
        assert_eq!(to_gid(b"h12"), None);
    }

    #[test]
    fn base_encodings_differ_where_they_should() {
        let win = base_encoding(b"WinAnsiEncoding").unwrap();
        let mac = base_encoding(b"MacRomanEncoding").unwrap();
        let standard = base_encoding(b"StandardEncoding").unwrap();
        assert_eq!((win[0x41], mac[0x41], standard[0x41]), ('A', 'A', 'A'));
        assert_eq!((win[0x80], mac[0x80]), ('€', 'Ä'));
        assert_eq!(win[0xB7], '·');
        assert_eq!(standard[0x27], '’');
        assert!(base_encoding(b"Nonsense").is_none());
    }
}
