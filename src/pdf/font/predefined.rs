//! The CMaps that PDF presupposes (ISO 32000-1, table 118) and the way back from CIDs to Unicode.
//! Each is unpacked once per process.

use encoding_rs::Encoding;
use hayro_cmap::{BfString, CMap, CMapName, CidFamily};
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Unpacked CMaps by name: at most the seventy that exist.
/// CMaps by name; `None` for a name that nobody knows.
type Unpacked = FxHashMap<Vec<u8>, Option<Arc<CMap>>>;

static UNPACKED: OnceLock<Mutex<Unpacked>> = OnceLock::new();

fn unpack(name: CMapName<'_>) -> Option<Arc<CMap>> {
    let data = hayro_cmap::load_embedded(name)?;
    let cache = UNPACKED.get_or_init(Mutex::default);
    let mut cache = cache.lock().unwrap_or_else(PoisonError::into_inner);
    cache
        .entry(name.to_bytes().to_vec())
        .or_insert_with(|| CMap::parse(data, hayro_cmap::load_embedded).map(Arc::new))
        .clone()
}

/// A character collection: what a CID means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Collection {
    Gb1,
    Cns1,
    Japan1,
    Korea1,
}

impl Collection {
    pub(super) fn find(ordering: &[u8]) -> Option<Self> {
        match ordering {
            b"GB1" => Some(Self::Gb1),
            b"CNS1" => Some(Self::Cns1),
            b"Japan1" | b"Japan2" => Some(Self::Japan1),
            b"Korea1" | b"KR" => Some(Self::Korea1),
            _ => None,
        }
    }

    /// The character of a CID.
    pub(super) fn char(self, cid: u32) -> Option<char> {
        let family = match self {
            Self::Gb1 => CidFamily::AdobeGB1,
            Self::Cns1 => CidFamily::AdobeCNS1,
            Self::Japan1 => CidFamily::AdobeJapan1,
            Self::Korea1 => CidFamily::AdobeKorea1,
        };
        match unpack(family.ucs2_cmap()?)?.lookup_bf_string(cid)? {
            BfString::Char(ch) => Some(ch),
            // A base character with a variation selector.
            BfString::String(text) => text.chars().next(),
        }
    }
}

/// How codes are told apart in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Split {
    Two,
    /// Four bytes where the first two are a high surrogate.
    Utf16,
    /// One to four bytes, as the first one says.
    Utf8,
    /// Always four bytes.
    Utf32,
    /// One byte up to 0x80, otherwise two (GBK, Big5, UHC).
    Multi,
    /// As `Multi`, and four bytes where the second is a digit (GB 18030).
    Gb18030,
    /// One byte for ASCII and half-width katakana, otherwise two.
    ShiftJis,
    /// EUC-TW: four bytes after 0x8E.
    EucTw,
}

/// What a code says by itself.
#[derive(Clone, Copy)]
enum Meaning {
    /// The code is UTF-16.
    Unicode,
    /// The code is UTF-8.
    Utf8,
    /// The code is the character's number.
    Utf32,
    /// The code is text in a legacy encoding.
    Legacy(&'static Encoding),
    /// Only its CID says something.
    Cid,
}

/// One predefined CMap.
#[derive(Clone)]
pub(super) struct Predefined {
    split: Split,
    meaning: Meaning,
    pub(super) vertical: bool,
    pub(super) collection: Option<Collection>,
    /// `None`: CID = code.
    cids: Option<Arc<CMap>>,
}

impl Predefined {
    pub(super) fn find(name: &[u8]) -> Option<Self> {
        // The maps from UTF-8 and UTF-32 give the CIDs that the one from UTF-16 gives: it stands for them.
        let utf16 = ["UTF8", "UTF32"].iter().find_map(|form| {
            let at = memchr::memmem::find(name, form.as_bytes()).filter(|_| name.starts_with(b"Uni"))?;
            Some([name.get(..at)?, b"UTF16", name.get(at + form.len()..)?].concat())
        });
        let known = CMapName::from_bytes(utf16.as_deref().unwrap_or(name));
        if matches!(known, CMapName::Custom(_)) {
            return None;
        }
        let vertical = name.ends_with(b"-V") || name == b"V";
        let has = |part: &[u8]| memchr::memmem::find(name, part).is_some();
        if name.starts_with(b"Identity") {
            return Some(Self { vertical, ..Self::identity() });
        }
        let (split, meaning, collection) = if name.starts_with(b"Uni") {
            let (split, meaning) = if has(b"UTF16") {
                (Split::Utf16, Meaning::Unicode)
            } else if has(b"UTF8") {
                (Split::Utf8, Meaning::Utf8)
            } else if has(b"UTF32") {
                (Split::Utf32, Meaning::Utf32)
            } else {
                (Split::Two, Meaning::Unicode)
            };
            let collection = match name.get(3..5) {
                Some(b"GB") => Collection::Gb1,
                Some(b"CN") => Collection::Cns1,
                Some(b"JI") => Collection::Japan1,
                _ => Collection::Korea1,
            };
            (split, meaning, collection)
        } else if has(b"GBK2K") {
            (Split::Gb18030, Meaning::Legacy(encoding_rs::GB18030), Collection::Gb1)
        } else if has(b"GB") {
            (Split::Multi, Meaning::Legacy(encoding_rs::GBK), Collection::Gb1)
        } else if has(b"CNS") {
            (Split::EucTw, Meaning::Cid, Collection::Cns1)
        } else if has(b"B5") {
            (Split::Multi, Meaning::Legacy(encoding_rs::BIG5), Collection::Cns1)
        } else if has(b"KSC") {
            (Split::Multi, Meaning::Legacy(encoding_rs::EUC_KR), Collection::Korea1)
        } else if has(b"RKSJ") {
            (Split::ShiftJis, Meaning::Legacy(encoding_rs::SHIFT_JIS), Collection::Japan1)
        } else if has(b"EUC") {
            (Split::Multi, Meaning::Legacy(encoding_rs::EUC_JP), Collection::Japan1)
        } else {
            (Split::Two, Meaning::Cid, Collection::Japan1)
        };
        Some(Self { split, meaning, vertical, collection: Some(collection), cids: Some(unpack(known)?) })
    }

    /// Two bytes, CID = code.
    pub(super) fn identity() -> Self {
        Self { split: Split::Two, meaning: Meaning::Cid, vertical: false, collection: None, cids: None }
    }

    /// Length of the next code, at least 1 (the string may still be shorter).
    pub(super) fn length(&self, bytes: &[u8]) -> usize {
        let first = bytes.first().copied().unwrap_or(0);
        let second = bytes.get(1).copied().unwrap_or(0);
        match self.split {
            Split::Two => 2,
            Split::Utf16 if matches!(first, 0xD8..=0xDB) => 4,
            Split::Utf16 => 2,
            Split::Utf8 => match first {
                0xC0..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF7 => 4,
                _ => 1,
            },
            Split::Utf32 => 4,
            Split::ShiftJis if matches!(first, 0..=0x80 | 0xA0..=0xDF | 0xFD..) => 1,
            Split::ShiftJis => 2,
            _ if first <= 0x80 || first == 0xFF => 1,
            Split::Gb18030 if second.is_ascii_digit() => 4,
            Split::EucTw if first == 0x8E => 4,
            _ => 2,
        }
    }

    pub(super) fn cid(&self, code: u32, length: usize) -> Option<u32> {
        match &self.cids {
            None => Some(code),
            Some(map) if matches!(self.meaning, Meaning::Utf8 | Meaning::Utf32) => {
                let mut units = [0; 2];
                let units = self.char(code, length)?.encode_utf16(&mut units);
                let code = units.iter().fold(0, |code, unit| code << 16 | u32::from(*unit));
                map.lookup_cid_code(code, u8::try_from(2 * units.len()).ok()?)
            }
            Some(map) => map.lookup_cid_code(code, u8::try_from(length).ok()?),
        }
    }

    /// The character, where the code itself is text.
    pub(super) fn char(&self, code: u32, length: usize) -> Option<char> {
        let bytes = code.to_be_bytes();
        let bytes = bytes.get(4usize.checked_sub(length)?..)?;
        match self.meaning {
            Meaning::Unicode if length == 4 => {
                let units = [(code >> 16) as u16, code as u16];
                char::decode_utf16(units).next()?.ok()
            }
            Meaning::Unicode | Meaning::Utf32 => char::from_u32(code),
            Meaning::Utf8 => std::str::from_utf8(bytes).ok()?.chars().next(),
            Meaning::Legacy(encoding) => legacy_char(encoding, bytes),
            Meaning::Cid => None,
        }
    }
}

/// The one character that these bytes encode.
pub(super) fn legacy_char(encoding: &'static Encoding, bytes: &[u8]) -> Option<char> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    let mut chars = text.chars();
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gbk_codes_are_text() {
        let map = Predefined::find(b"GBK-EUC-H").unwrap();
        assert_eq!(map.length(&[0xD6, 0xD0]), 2);
        assert_eq!(map.length(b"1"), 1);
        assert_eq!(map.char(0xD6D0, 2), Some('中'));
        assert_eq!(map.char(0x31, 1), Some('1'));
        assert_eq!(map.cid(0x21, 1), Some(814));
    }

    #[test]
    fn unicode_codes_with_surrogates() {
        let map = Predefined::find(b"UniGB-UTF16-V").unwrap();
        assert!(map.vertical);
        assert_eq!(map.length(&[0xD8, 0x40, 0xDC, 0x00]), 4);
        assert_eq!(map.char(0xD840_DC00, 4), Some('\u{20000}'));
        assert_eq!(map.char(0x4E2D, 2), Some('中'));
    }

    #[test]
    fn codes_in_utf_8_and_utf_32_are_text() {
        for name in [&b"UniGB-UTF8-H"[..], b"UniCNS-UTF8-H", b"UniJIS-UTF8-H"] {
            let map = Predefined::find(name).unwrap();
            assert_eq!([map.length(b"1"), map.length("中".as_bytes())], [1, 3]);
            assert_eq!(map.char(0xE4_B8_AD, 3), Some('中'));
            assert_eq!(map.char(0x31, 1), Some('1'));
            assert!(map.cid(0x31, 1).is_some_and(|cid| cid > 0));
        }
        for name in [&b"UniGB-UTF32-H"[..], b"UniCNS-UTF32-H"] {
            let map = Predefined::find(name).unwrap();
            assert_eq!(map.length(&[0, 0, 0x4E, 0x2D]), 4);
            assert_eq!(map.char(0x4E2D, 4), Some('中'));
        }
    }

    #[test]
    fn cids_of_gb1_are_characters() {
        assert_eq!(Collection::Gb1.char(0x22), Some('A'));
        assert_eq!(
            Collection::Gb1.char(4559),
            Predefined::find(b"UniGB-UCS2-H").and_then(|map| {
                (0x4E00..0x9FA6).find(|&code| map.cid(code, 2) == Some(4559)).and_then(char::from_u32)
            })
        );
    }

    #[test]
    fn unknown_names_are_unknown() {
        assert!(Predefined::find(b"No-Such-H").is_none());
        assert!(Collection::find(b"Identity").is_none());
    }
}
