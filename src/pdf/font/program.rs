//! What an embedded font program knows: which character a glyph draws, how wide it is, what a code selects.
//! Asked only where the PDF's own tables do not tell.

use super::names;
use crate::pdf::object::Dictionary;
use crate::pdf::store::Store;
use crate::pdf::stream;
use crate::pdf::token::{Lexer, Token};
use rustc_hash::FxHashMap;
use ttf_parser::{Face, GlyphId, PlatformId, Tag, cff};

/// Codes that the Unicode tables of one font list at most: four tables of all assigned characters.
const MAPPED_CODES: u64 = 1 << 20;
/// Subtables of a `cmap` that are read; fonts have two to four.
const SUBTABLES: usize = 16;
/// Glyph names between two looks at the clock.
const NAMES: u16 = 64;

/// Facts taken out of a font program.
#[derive(Default)]
pub(super) struct Program {
    /// Glyph → character, from the program's Unicode tables, then from glyph names.
    chars: FxHashMap<u16, char>,
    /// Glyph → advance in thousandths.
    widths: Vec<u16>,
    /// CID → glyph for CID-keyed CFF; empty where glyph = CID.
    cids: FxHashMap<u16, u16>,
    /// Code → glyph of the program's own encoding (simple fonts).
    codes: FxHashMap<u8, u16>,
    /// Code → character of the program's own encoding, where it names glyphs.
    encoding: FxHashMap<u8, char>,
}

impl Program {
    /// Reads the program of a font descriptor; `None` where none is embedded.
    pub(super) fn read(store: &Store, descriptor: &Dictionary) -> Option<Self> {
        let keys: [&[u8]; 3] = [b"FontFile2", b"FontFile3", b"FontFile"];
        let stream = keys.iter().find_map(|key| store.stream(descriptor, key))?;
        let data = stream::decode(store, stream);
        let data = data.bytes.as_ref();
        if let Ok(face) = Face::parse(data, 0) {
            return Some(Self::from_face(&face, store));
        }
        if let Some(table) = cff::Table::parse(data) {
            return Some(Self::from_cff(&table, store));
        }
        Some(Self::from_type1(data))
    }

    fn from_face(face: &Face, store: &Store) -> Self {
        let mut program = Self::default();
        let count = face.number_of_glyphs();
        let units = f32::from(face.units_per_em().max(1));
        program.widths = (0..count)
            .map(|gid| {
                (f32::from(face.glyph_hor_advance(GlyphId(gid)).unwrap_or(0)) * 1000.0 / units).round() as u16
            })
            .collect();
        if let Some(cff) = face.tables().cff {
            program.take_cids(&cff, count);
        }
        let raw = face.raw_face().table(Tag::from_bytes(b"cmap")).unwrap_or(&[]);
        // A table that lists more codes than there are characters would be walked for hours.
        let listed = mapped_codes(raw) <= MAPPED_CODES;
        for subtable in face.tables().cmap.iter().flat_map(|cmap| cmap.subtables).take(SUBTABLES) {
            if subtable.is_unicode() {
                if !listed {
                    continue;
                }
                subtable.codepoints(|code| {
                    if let (Some(gid), Some(ch)) = (subtable.glyph_index(code), char::from_u32(code)) {
                        program.offer(gid.0, ch);
                    }
                });
            } else if subtable.platform_id == PlatformId::Macintosh
                || subtable.platform_id == PlatformId::Windows
            {
                // Symbol fonts keep their codes at U+F000.
                for code in 0u8..=255 {
                    let gid = subtable
                        .glyph_index(u32::from(code))
                        .or_else(|| subtable.glyph_index(0xF000 + u32::from(code)))
                        .filter(|gid| gid.0 != 0);
                    if let Some(gid) = gid {
                        program.codes.entry(code).or_insert(gid.0);
                    }
                }
            }
        }
        for gid in 0..count {
            // Finding a name can cost a walk over all names.
            if gid % NAMES == 0 && store.is_late() {
                break;
            }
            if !program.chars.contains_key(&gid)
                && let Some(ch) =
                    face.glyph_name(GlyphId(gid)).and_then(|name| names::to_char(name.as_bytes()))
            {
                program.chars.insert(gid, ch);
            }
        }
        program
    }

    fn from_cff(table: &cff::Table, store: &Store) -> Self {
        let mut program = Self::default();
        let count = table.number_of_glyphs();
        let scale = table.matrix().sx * 1000.0;
        program.widths = (0..count)
            .map(|gid| (f32::from(table.glyph_width(GlyphId(gid)).unwrap_or(0)) * scale).round() as u16)
            .collect();
        program.take_cids(table, count);
        for gid in 0..count {
            if gid % NAMES == 0 && store.is_late() {
                break;
            }
            if let Some(ch) = table.glyph_name(GlyphId(gid)).and_then(|name| names::to_char(name.as_bytes()))
            {
                program.chars.insert(gid, ch);
            }
        }
        for code in 0u8..=255 {
            if let Some(gid) = table.glyph_index(code).filter(|gid| gid.0 != 0) {
                program.codes.insert(code, gid.0);
            }
        }
        program
    }

    fn take_cids(&mut self, table: &cff::Table, count: u16) {
        for gid in 0..count {
            if let Some(cid) = table.glyph_cid(GlyphId(gid)) {
                self.cids.insert(cid, gid);
            }
        }
    }

    /// The clear text part of a Type 1 program: `dup 65 /A put`.
    fn from_type1(data: &[u8]) -> Self {
        let mut program = Self::default();
        let end = memchr::memmem::find(data, b"eexec").unwrap_or(data.len().min(1 << 16));
        let Some(start) = memchr::memmem::find(&data[..end], b"/Encoding") else { return program };
        let mut lexer = Lexer::at(&data[..end], start + b"/Encoding".len());
        if lexer.next() == Some(Token::Word(b"StandardEncoding")) {
            if let Some(table) = names::base_encoding(b"StandardEncoding") {
                program.encoding =
                    (0u8..=255).zip(table.iter().copied()).filter(|&(_, ch)| ch != '\0').collect();
            }
            return program;
        }
        let mut code = None;
        while let Some(token) = lexer.next() {
            match token {
                Token::Number(value) if (0.0..256.0).contains(&value) => code = Some(value as u8),
                Token::Name(name) => {
                    if let (Some(code), Some(ch)) = (code.take(), names::to_char(name)) {
                        program.encoding.insert(code, ch);
                    }
                }
                Token::Word(b"def" | b"readonly") => break,
                _ => {}
            }
            lexer.clear_text();
        }
        program
    }

    /// Keeps the most plausible of the characters that share a glyph.
    fn offer(&mut self, gid: u16, ch: char) {
        if gid == 0 {
            return;
        }
        self.chars.entry(gid).and_modify(|old| *old = better(*old, ch)).or_insert(ch);
    }

    pub(super) fn char(&self, gid: u16) -> Option<char> {
        self.chars.get(&gid).copied()
    }

    /// Glyph of a CID, without a `CIDToGIDMap`.
    pub(super) fn gid_of_cid(&self, cid: u32) -> Option<u16> {
        let cid = u16::try_from(cid).ok()?;
        if self.cids.is_empty() { Some(cid) } else { self.cids.get(&cid).copied() }
    }

    /// Glyph that a one-byte code selects through the program's own tables.
    pub(super) fn gid_of_code(&self, code: u8) -> Option<u16> {
        self.codes.get(&code).copied()
    }

    /// Character that a one-byte code selects through the program's own tables.
    pub(super) fn char_of_code(&self, code: u8) -> Option<char> {
        let named = self.encoding.get(&code).copied();
        named.or_else(|| self.char(self.gid_of_code(code)?))
    }

    pub(super) fn width(&self, gid: u16) -> Option<f32> {
        self.widths.get(gid as usize).map(|&w| f32::from(w))
    }

    /// Whether the codes look like character codes, not like the running numbers of a subset.
    pub(super) fn codes_are_text(&self) -> bool {
        let low = self.codes.keys().filter(|&&c| c > 0x20).min().copied().unwrap_or(0);
        let high = self.codes.keys().max().copied().unwrap_or(0);
        let count = self.codes.keys().filter(|&&c| c > 0x20).count();
        count > 0 && (low > 0x21 || usize::from(high - low) + 1 > count)
    }
}

/// How many codes the Unicode tables of a `cmap` list, counting what can make a small table list billions: segments of
/// format 4, groups of formats 12 and 13.
fn mapped_codes(cmap: &[u8]) -> u64 {
    let short = |at: usize| Some(u16::from_be_bytes(cmap.get(at..at.checked_add(2)?)?.try_into().ok()?));
    let long = |at: usize| Some(u32::from_be_bytes(cmap.get(at..at.checked_add(4)?)?.try_into().ok()?));
    let mut sum = 0u64;
    for record in 0..usize::from(short(2).unwrap_or(0)).min(SUBTABLES) {
        let Some(at) = long(4 + 8 * record + 4).map(|at| at as usize) else { break };
        match short(at) {
            Some(4) => {
                let bytes = usize::from(short(at + 6).unwrap_or(0)) & !1;
                for i in (0..bytes).step_by(2) {
                    let (Some(end), Some(start)) = (short(at + 14 + i), short(at + 16 + bytes + i)) else {
                        break;
                    };
                    sum += u64::from(end.saturating_sub(start)) + 1;
                }
            }
            Some(12 | 13) => {
                for i in 0..long(at + 12).unwrap_or(0) as usize {
                    let (Some(start), Some(end)) = (long(at + 16 + 12 * i), long(at + 20 + 12 * i)) else {
                        break;
                    };
                    sum += u64::from(end.saturating_sub(start)) + 1;
                }
            }
            _ => sum += 1 << 16,
        }
        if sum > MAPPED_CODES {
            break;
        }
    }
    sum
}

/// Of two characters for one glyph the one that text uses.
fn better(a: char, b: char) -> char {
    let rank = |ch: char| match ch as u32 {
        0..=0x1F | 0x7F..=0x9F => 4,
        0xE000..=0xF8FF | 0xF0000.. => 3,
        0x2E80..=0x2FDF | 0xF900..=0xFAFF | 0x2F800..=0x2FA1F => 2,
        0xA0 | 0xAD | 0x2000..=0x200F => 1,
        _ => 0,
    };
    if (rank(b), b) < (rank(a), a) { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type1_encoding_in_clear_text() {
        let program = Program::from_type1(
            b"%!PS-AdobeFont-1.0\n/Encoding 256 array\n0 1 255 {1 index exch /.notdef put} for\ndup 65 /B put\ndup 49 /seven put\nreadonly def\ncurrentfile eexec",
        );
        assert_eq!(program.char_of_code(65), Some('B'));
        assert_eq!(program.char_of_code(49), Some('7'));
        assert_eq!(program.char_of_code(50), None);
    }

    #[test]
    fn ideograph_beats_radical_and_private_use() {
        assert_eq!(better('⽀', '支'), '支');
        assert_eq!(better('支', '\u{E000}'), '支');
        assert_eq!(better('\u{A0}', ' '), ' ');
    }

    #[test]
    fn a_table_that_lists_four_billion_codes_is_not_walked() {
        // one subtable of format 12 with one group from 0 to u32::MAX
        let mut cmap =
            vec![0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12, 0, 12, 0, 0, 0, 0, 0, 28, 0, 0, 0, 0, 0, 0, 0, 1];
        cmap.extend([0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1]);
        assert_eq!(mapped_codes(&cmap), 1 << 32);
        assert_eq!(mapped_codes(&cmap[..20]), 0);
    }

    #[test]
    fn garbage_is_no_program_but_no_panic() {
        let program = Program::from_type1(b"garbage /Encoding");
        assert_eq!(program.char_of_code(65), None);
    }
}
