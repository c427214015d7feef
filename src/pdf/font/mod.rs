//! Fonts: strings of a content stream → characters with their advances.
//!
//! The order in which a code finds its character: ToUnicode → the code itself where it is text (Unicode, GBK) →
//! its CID through the character collection, or its glyph name → the embedded program's own tables → U+FFFD, which
//! is counted and reported with the font's name.

mod cmap;
mod composite;
mod names;
mod predefined;
mod program;
mod simple;
mod widths;

use super::object::{Dictionary, Object};
use super::radicals;
use super::store::Store;
use super::stream;
use crate::limits::Limits;
use cmap::ToUnicode;
use composite::Composite;
use simple::Simple;

pub(super) use widths::Vertical;

/// One code of a string, decoded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Code {
    /// Its (first) character.
    pub(super) ch: char,
    /// Advance in ems.
    pub(super) width: f32,
    /// 0, or 1 + the index of the whole text in [`Font::text`].
    more: u16,
    flags: u8,
}

const KNOWN: u8 = 1;
const UNDECODED: u8 = 2;
const WORD_SPACE: u8 = 4;

impl Code {
    const EMPTY: Self = Self { ch: '\u{FFFD}', width: 0.0, more: 0, flags: 0 };

    fn char(ch: char) -> Self {
        Self { ch: radicals::unify(ch), width: 0.0, more: 0, flags: KNOWN }
    }

    fn unknown() -> Self {
        Self { flags: KNOWN | UNDECODED, ..Self::EMPTY }
    }

    fn with_word_space(self) -> Self {
        Self { flags: self.flags | WORD_SPACE, ..self }
    }

    fn is_known(self) -> bool {
        self.flags & KNOWN != 0
    }

    /// No source tells what it stands for.
    pub(super) fn is_undecoded(self) -> bool {
        self.flags & UNDECODED != 0
    }

    /// Word spacing applies: the single byte 32.
    pub(super) fn is_word_space(self) -> bool {
        self.flags & WORD_SPACE != 0
    }
}

/// Texts of the codes that stand for several characters.
#[derive(Default)]
pub(super) struct Texts(Vec<Box<[char]>>);

impl Texts {
    /// A code for several characters, the last of them raised by `offset`; `None` where nothing of it is text.
    fn add(&mut self, text: &[char], offset: u32) -> Option<Code> {
        let mut text: Vec<char> = text.to_vec();
        if offset > 0 {
            let last = text.last_mut()?;
            *last = char::from_u32(u32::from(*last).checked_add(offset)?)?;
        }
        // Variation selectors and marks of direction change no character.
        text.retain(|&ch| plausible(ch) && !is_invisible(ch));
        // `.` → `" ."` (Adobe PDF Library writes such): the glyph is the point, the space belongs to its advance. Kept,
        // it would tear the number.
        if let (Some(start), Some(end)) =
            (text.iter().position(|c| !c.is_whitespace()), text.iter().rposition(|c| !c.is_whitespace()))
        {
            text.truncate(end + 1);
            text.drain(..start);
        }
        for ch in &mut text {
            *ch = radicals::unify(*ch);
        }
        let first = *text.first()?;
        if text.len() == 1 {
            return Some(Code::char(first));
        }
        self.0.push(text.into_boxed_slice());
        let more = u16::try_from(self.0.len()).ok()?;
        Some(Code { more, ..Code::char(first) })
    }
}

enum Kind<'s> {
    Simple(Simple),
    Composite(Box<Composite<'s>>),
}

/// A font as content streams use it.
pub(super) struct Font<'s> {
    /// Without the subset prefix.
    pub(super) name: String,
    /// Above the baseline, in ems.
    pub(super) ascent: f32,
    /// Below the baseline, in ems, negative.
    pub(super) descent: f32,
    /// Size of the em against the font size: 1 except for Type 3 fonts.
    pub(super) em: f64,
    /// A CMap was longer than the limits allow.
    pub(super) cut: bool,
    kind: Kind<'s>,
    texts: Texts,
}

impl<'s> Font<'s> {
    pub(super) fn read(store: &'s Store<'s>, font: &'s Dictionary, limits: &Limits) -> Self {
        let to_unicode = match store.get(font, b"ToUnicode") {
            Some(Object::Stream(cmap)) => {
                ToUnicode::parse(&stream::decode(store, cmap).bytes, limits.cmap_entries)
            }
            _ => ToUnicode::default(),
        };
        let name = font_name(store, font);
        let mut texts = Texts::default();
        let subtype = store.name(font, b"Subtype");
        let composite = subtype == Some(b"Type0") || (subtype.is_none() && font.has(b"DescendantFonts"));
        let mut em = 1.0;
        let (mut ascent, mut descent);
        let (kind, cut) = if composite {
            let font = Composite::read(store, font, to_unicode, limits);
            let cut = font.cut;
            (Kind::Composite(Box::new(font)), cut)
        } else {
            let mut scale = 0.001;
            if subtype == Some(b"Type3") {
                let matrix =
                    store.numbers::<6>(font, b"FontMatrix").unwrap_or([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]);
                let vertical = matrix[3].abs().max(matrix[2].abs());
                em = type3_em(store, font, vertical);
                // Widths stay relative to the font size; `em` only scales what is measured in ems.
                scale = matrix[0].abs().max(matrix[1].abs()) as f32;
            }
            let cut = to_unicode.cut;
            (Kind::Simple(simple::read(store, font, &name, &to_unicode, scale, &mut texts)), cut)
        };
        (ascent, descent) = (0.88, -0.12);
        let described = match &kind {
            Kind::Composite(_) => store
                .array(font, b"DescendantFonts")
                .and_then(|list| super::store::as_dict(store.resolve(list.first()?)))
                .and_then(|cid_font| descriptor(store, cid_font)),
            Kind::Simple(_) => descriptor(store, font),
        };
        if let Some(d) = described {
            let given = |key: &[u8]| store.number(d, key).map_or(0.0, |v| v as f32 * 0.001);
            let (up, down) = (given(b"Ascent"), -given(b"Descent").abs());
            if up >= 0.5 {
                ascent = up.min(1.0);
                if down < 0.0 {
                    descent = down.max(-0.35);
                }
            }
        }
        Self { name, ascent, descent, em, cut, kind, texts }
    }

    /// Whether text runs down.
    pub(super) fn is_vertical(&self) -> bool {
        matches!(&self.kind, Kind::Composite(font) if font.is_vertical())
    }

    /// The first code of a string that is not empty, and how many bytes it takes (at least one).
    #[inline]
    pub(super) fn next(&mut self, store: &Store, bytes: &[u8]) -> (Code, usize) {
        match &mut self.kind {
            Kind::Composite(font) => font.next(store, bytes, &mut self.texts),
            Kind::Simple(font) => {
                let first = bytes.first().copied().unwrap_or(0);
                let code = font.codes[usize::from(first)];
                if font.gbk
                    && let (0x81..=0xFE, Some(&second @ 0x40..=0xFE)) = (first, bytes.get(1))
                {
                    let decoded = predefined::legacy_char(encoding_rs::GBK, &[first, second]);
                    let width = code.width + font.codes[usize::from(second)].width;
                    let pair = decoded.map_or_else(Code::unknown, Code::char);
                    return (Code { width, ..pair }, 2);
                }
                (if first == 32 { code.with_word_space() } else { code }, 1)
            }
        }
    }

    /// Vertical metrics of the first code, for fonts that run down.
    pub(super) fn vertical(&self, bytes: &[u8], length: usize) -> Option<Vertical> {
        match &self.kind {
            Kind::Composite(font) => font.vertical(bytes, length),
            Kind::Simple(_) => None,
        }
    }

    /// All characters of a code that stands for several; empty for one.
    pub(super) fn text(&self, code: Code) -> &[char] {
        let index = usize::from(code.more).wrapping_sub(1);
        self.texts.0.get(index).map_or(&[], |text| text)
    }
}

/// The em of a Type 3 font is whatever its glyph space makes of it: take the height of its box.
fn type3_em(store: &Store, font: &Dictionary, scale: f64) -> f64 {
    let height = store.numbers::<4>(font, b"FontBBox").map_or(0.0, |b| (b[3] - b[1]).abs() * scale);
    if (0.05..20.0).contains(&height) { height } else { 1.0 }
}

fn descriptor<'s>(store: &'s Store<'s>, font: &'s Dictionary) -> Option<&'s Dictionary> {
    store.dict(font, b"FontDescriptor")
}

/// `BaseFont` without its subset prefix. MS Office writes Chinese names as raw GBK bytes.
fn font_name(store: &Store, font: &Dictionary) -> String {
    let raw = store.name(font, b"BaseFont").or_else(|| store.name(font, b"Name")).unwrap_or(b"");
    let raw = if has_subset_prefix(raw) { &raw[7..] } else { raw };
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::GBK.decode(raw).0.into_owned(),
    }
}

fn is_subset(store: &Store, font: &Dictionary) -> bool {
    store.name(font, b"BaseFont").is_some_and(has_subset_prefix)
}

/// `ABCDEF+`.
fn has_subset_prefix(name: &[u8]) -> bool {
    name.len() > 7 && name[6] == b'+' && name[..6].iter().all(u8::is_ascii_uppercase)
}

/// Fonts whose codes are pictures, not letters.
fn is_symbol(name: &str) -> bool {
    ["Wingdings", "Webdings", "Dingbats", "Symbol", "Marlett"].iter().any(|part| name.contains(part))
}

/// A character that text may hold: NUL, U+FFFD and control characters say that a table knows nothing.
fn plausible(ch: char) -> bool {
    !matches!(ch, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FFFD}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Characters without a glyph: they take no place in text.
pub(super) fn is_invisible(ch: char) -> bool {
    matches!(ch, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Deadline;

    fn named(name: &[u8]) -> String {
        let store = Store::new(b"", &Limits::default(), Deadline::never());
        let font = Dictionary::new(vec![(b"BaseFont"[..].into(), Object::Name(name.into()))]);
        font_name(&store, &font)
    }

    #[test]
    fn names_in_gbk_bytes_and_with_subset_prefix() {
        assert_eq!(named(&[0xCB, 0xCE, 0xCC, 0xE5]), "宋体");
        assert_eq!(named(b"ABCDEF+SimSun"), "SimSun");
        assert_eq!(named("宋体".as_bytes()), "宋体");
    }

    #[test]
    fn several_characters_for_one_code() {
        let mut texts = Texts::default();
        let code = texts.add(&['f', 'i'], 0).unwrap();
        assert_eq!((code.ch, code.more), ('f', 1));
        assert_eq!(texts.add(&['郎', '\u{FE00}'], 0), Some(Code::char('郎')));
        assert_eq!(texts.add(&['\0'], 0), None);
    }

    #[test]
    fn a_point_whose_map_begins_with_a_space_is_a_point() {
        let mut texts = Texts::default();
        assert_eq!(texts.add(&[' ', '.'], 0), Some(Code::char('.')));
        assert_eq!(texts.add(&['8', ' '], 0), Some(Code::char('8')));
        assert_eq!(texts.add(&[' ', ' '], 0).map(|code| code.ch), Some(' '));
    }
}
