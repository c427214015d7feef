//! Composite fonts (Type 0): codes of one to four bytes → CID → glyph, with the long way from a code to its
//! character that Chinese PDFs need.

use super::cmap::{CodeMap, Target, ToUnicode};
use super::predefined::{Collection, Predefined};
use super::program::Program;
use super::widths::{CidWidths, Vertical, VerticalWidths};
use super::{Code, Texts, descriptor, plausible};
use crate::limits::Limits;
use crate::pdf::object::{Dictionary, Object};
use crate::pdf::store::{Store, as_dict};
use crate::pdf::stream;

/// How a string is cut into codes and what their CIDs are.
enum Encoding {
    Predefined(Predefined),
    Embedded(CodeMap),
}

/// A Type 0 font.
pub(super) struct Composite<'s> {
    to_unicode: ToUnicode,
    encoding: Encoding,
    /// Collection of the CIDs, where they mean characters.
    collection: Option<Collection>,
    widths: CidWidths,
    vertical: Option<VerticalWidths>,
    descendant: Option<&'s Dictionary>,
    /// Read when a code needs it.
    program: Option<Option<Program>>,
    /// `CIDToGIDMap`, big-endian pairs.
    gids: Option<Vec<u8>>,
    /// Codes worked out so far, by high byte; one-byte codes come last.
    memo: Vec<Option<Box<[Code; 256]>>>,
    pub(super) cut: bool,
}

impl<'s> Composite<'s> {
    pub(super) fn read(
        store: &'s Store<'s>,
        font: &'s Dictionary,
        to_unicode: ToUnicode,
        limits: &Limits,
    ) -> Self {
        let descendant =
            store.array(font, b"DescendantFonts").and_then(|list| as_dict(store.resolve(list.first()?)));
        let identity = || Encoding::Predefined(Predefined::identity());
        let encoding = match store.get(font, b"Encoding") {
            Some(Object::Name(name)) => Predefined::find(name).map_or_else(identity, Encoding::Predefined),
            Some(Object::Stream(cmap)) => {
                let data = stream::decode(store, cmap);
                let mut map = CodeMap::parse(&data.bytes, limits.cmap_entries);
                if let Some(base) = store.name(&cmap.dict, b"UseCMap") {
                    map.base = map.base.or_else(|| Predefined::find(base));
                }
                map.vertical |= store.integer(&cmap.dict, b"WMode") == Some(1);
                Encoding::Embedded(map)
            }
            _ => identity(),
        };
        let info = descendant.and_then(|d| store.dict(d, b"CIDSystemInfo"));
        let ordering = info.and_then(|info| match store.get(info, b"Ordering")? {
            Object::String(text) | Object::Name(text) => Some(text.as_ref()),
            _ => None,
        });
        let own = match &encoding {
            Encoding::Predefined(map) => map.collection,
            Encoding::Embedded(map) => map.base.as_ref().and_then(|base| base.collection),
        };
        let (vertical, cut) = match &encoding {
            Encoding::Predefined(map) => (map.vertical, false),
            Encoding::Embedded(map) => (map.vertical, map.cut),
        };
        static EMPTY: std::sync::OnceLock<Dictionary> = std::sync::OnceLock::new();
        let cid_font = descendant.unwrap_or_else(|| EMPTY.get_or_init(Dictionary::default));
        let gids = store.stream(cid_font, b"CIDToGIDMap").map(|map| {
            let mut bytes = stream::decode(store, map).bytes.into_owned();
            bytes.truncate(1 << 17);
            bytes
        });
        Self {
            cut: cut || to_unicode.cut,
            to_unicode,
            encoding,
            collection: ordering.and_then(Collection::find).or(own),
            widths: CidWidths::read(store, cid_font, limits.cmap_entries),
            vertical: vertical.then(|| VerticalWidths::read(store, cid_font, limits.cmap_entries)),
            descendant,
            program: None,
            gids,
            memo: (0..257).map(|_| None).collect(),
        }
    }

    pub(super) fn is_vertical(&self) -> bool {
        self.vertical.is_some()
    }

    /// The first code of a string and how many bytes it takes.
    #[inline]
    pub(super) fn next(&mut self, store: &Store, bytes: &[u8], texts: &mut Texts) -> (Code, usize) {
        let length = match &self.encoding {
            Encoding::Predefined(map) => map.length(bytes),
            Encoding::Embedded(map) => map.length(bytes),
        };
        // A string that breaks off inside a code still paints something: what is there is the code.
        let length = length.min(bytes.len()).max(1);
        let (page, low) = match *bytes {
            [one, ..] if length == 1 => (256, one),
            [high, low, ..] if length == 2 => (usize::from(high), low),
            _ => return (self.work_out(store, number(bytes, length), length, texts), length),
        };
        if let Some(Some(page)) = self.memo.get(page) {
            let code = page[usize::from(low)];
            if code.is_known() {
                return (code, length);
            }
        }
        let code = self.work_out(store, number(bytes, length), length, texts);
        if let Some(slot) = self.memo.get_mut(page) {
            slot.get_or_insert_with(|| Box::new([Code::EMPTY; 256]))[usize::from(low)] = code;
        }
        (code, length)
    }

    /// Vertical metrics of the first code of a string, in thousandths.
    pub(super) fn vertical(&self, bytes: &[u8], length: usize) -> Option<Vertical> {
        let cid = self.cid(number(bytes, length), length).unwrap_or(0);
        Some(self.vertical.as_ref()?.get(cid, self.widths.get(cid)))
    }

    fn cid(&self, code: u32, length: usize) -> Option<u32> {
        match &self.encoding {
            Encoding::Predefined(map) => map.cid(code, length),
            Encoding::Embedded(map) => map.cid(code, length),
        }
    }

    fn work_out(&mut self, store: &Store, code: u32, length: usize, texts: &mut Texts) -> Code {
        let cid = self.cid(code, length);
        let mut found = self.text(store, code, length, cid, texts);
        found.width = self.widths.get(cid.unwrap_or(0)) * 0.001;
        if length == 1 && code == 32 {
            found = found.with_word_space();
        }
        found
    }

    fn text(&mut self, store: &Store, code: u32, length: usize, cid: Option<u32>, texts: &mut Texts) -> Code {
        match self.to_unicode.get(code) {
            Some(Target::Char(ch)) if plausible(ch) => return Code::char(ch),
            Some(Target::Text(text, offset)) => {
                if let Some(code) = texts.add(text, offset) {
                    return code;
                }
            }
            _ => {}
        }
        let by_code = match &self.encoding {
            Encoding::Predefined(map) => map.char(code, length),
            Encoding::Embedded(map) => match &map.base {
                // Only codes that the embedded map leaves to its base are the base's text.
                Some(base) if cid.is_some() && base.cid(code, length) == cid => base.char(code, length),
                _ => None,
            },
        };
        let by_cid = || self.collection?.char(cid?);
        let found = by_code.filter(|&ch| plausible(ch)).or_else(|| by_cid().filter(|&ch| plausible(ch)));
        let found = found.or_else(|| self.by_program(store, cid?).filter(|&ch| plausible(ch)));
        match found {
            Some(ch) => Code::char(ch),
            None => Code::unknown(),
        }
    }

    fn by_program(&mut self, store: &Store, cid: u32) -> Option<char> {
        let descendant = self.descendant?;
        let program = self
            .program
            .get_or_insert_with(|| descriptor(store, descendant).and_then(|d| Program::read(store, d)))
            .as_ref()?;
        let gid = match &self.gids {
            Some(map) => {
                let at = cid as usize * 2;
                u16::from_be_bytes([*map.get(at)?, *map.get(at + 1)?])
            }
            None => program.gid_of_cid(cid)?,
        };
        program.char(gid)
    }
}

fn number(bytes: &[u8], length: usize) -> u32 {
    bytes.iter().take(length.min(4)).fold(0, |value, &byte| value << 8 | u32::from(byte))
}
