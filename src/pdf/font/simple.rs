//! Simple fonts (Type 1, TrueType, Type 3): one byte, one glyph. Everything is worked out once per font.

use super::cmap::{Target, ToUnicode};
use super::program::Program;
use super::{Code, Texts, descriptor, is_symbol, names, plausible, widths};
use crate::pdf::object::{Dictionary, Object};
use crate::pdf::store::{Store, as_number};
use std::cell::OnceCell;

/// The 256 codes of a simple font.
pub(super) struct Simple {
    pub(super) codes: Box<[Code; 256]>,
    /// Bytes are GBK text although the font is declared as simple.
    pub(super) gbk: bool,
}

/// Where the characters of a simple font come from, best first.
struct Sources<'a> {
    to_unicode: &'a ToUnicode,
    /// From `/Encoding`; NUL where it says nothing.
    encoding: names::Table,
    /// Glyph numbers from names such as `g12`.
    gids: [u16; 256],
    program: EmbeddedProgram<'a>,
    /// Last resort.
    fallback: Option<&'static names::Table>,
}

/// The embedded font program, unpacked only when a code asks for it: most fonts never do.
struct EmbeddedProgram<'a> {
    store: &'a Store<'a>,
    font: &'a Dictionary,
    read: OnceCell<Option<Program>>,
}

impl EmbeddedProgram<'_> {
    fn get(&self) -> Option<&Program> {
        let read = || descriptor(self.store, self.font).and_then(|d| Program::read(self.store, d));
        self.read.get_or_init(read).as_ref()
    }
}

/// Builds the table of a simple font. `scale` turns widths into ems.
pub(super) fn read(
    store: &Store,
    font: &Dictionary,
    name: &str,
    to_unicode: &ToUnicode,
    scale: f32,
    texts: &mut Texts,
) -> Simple {
    let gbk = paints_gbk(store, font, name, to_unicode);
    let sources = Sources::read(store, font, name, to_unicode);
    let first = store.integer(font, b"FirstChar").unwrap_or(0);
    let last = store.integer(font, b"LastChar").unwrap_or(255);
    let given = store.array(font, b"Widths");
    let missing = descriptor(store, font).and_then(|d| store.number(d, b"MissingWidth"));
    let mut codes = Box::new([Code::EMPTY; 256]);
    for (byte, slot) in (0u8..=255).zip(codes.iter_mut()) {
        // A code outside the declared ones has no width and is not painted; the program need not be asked.
        let declared = given.is_none() || (first..=last).contains(&i64::from(byte));
        *slot = sources.code(byte, declared, texts);
        let index = usize::try_from(i64::from(byte) - first).ok();
        let width = match given {
            Some(list) => index
                .and_then(|i| as_number(store.resolve(list.get(i)?)))
                .or(missing)
                .map_or_else(|| if gbk { 500.0 } else { 0.0 }, |w| w as f32),
            None if gbk => 500.0,
            None => sources.width(byte).unwrap_or_else(|| widths::standard(name, slot.ch)),
        };
        slot.width = width * scale;
    }
    Simple { codes, gbk }
}

impl<'a> Sources<'a> {
    fn read(store: &'a Store<'a>, font: &'a Dictionary, name: &str, to_unicode: &'a ToUnicode) -> Self {
        let encoding = store.get(font, b"Encoding");
        let base = match encoding {
            Some(Object::Name(name)) => names::base_encoding(name),
            Some(Object::Dictionary(dict)) => {
                store.name(dict, b"BaseEncoding").and_then(names::base_encoding)
            }
            _ => None,
        };
        let subtype = store.name(font, b"Subtype");
        let mut sources = Self {
            to_unicode,
            encoding: base.copied().unwrap_or(['\0'; 256]),
            gids: [0; 256],
            program: EmbeddedProgram { store, font, read: OnceCell::new() },
            fallback: match subtype {
                _ if is_symbol(name) => None,
                Some(b"Type3") => None,
                Some(b"TrueType") => names::base_encoding(b"WinAnsiEncoding"),
                _ => names::base_encoding(b"StandardEncoding"),
            },
        };
        if let Some(Object::Dictionary(dict)) = encoding {
            sources.differences(store, dict);
        }
        sources
    }

    fn differences(&mut self, store: &Store, encoding: &Dictionary) {
        let mut code = 0usize;
        for item in store.array(encoding, b"Differences").unwrap_or(&[]) {
            match store.resolve(item) {
                // a name is looked for among thousands: not where nobody will ask for it
                Object::Name(_) if self.is_told(code) => code += 1,
                Object::Name(name) => {
                    if let (Some(slot), Some(gid)) = (self.encoding.get_mut(code), self.gids.get_mut(code)) {
                        *slot = names::to_char(name).unwrap_or('\0');
                        *gid = names::to_gid(name).unwrap_or(0);
                    }
                    code += 1;
                }
                other => {
                    if let Some(value) = as_number(other) {
                        code = value.max(0.0) as usize;
                    }
                }
            }
        }
    }

    /// Whether `ToUnicode` alone says what a code means.
    fn is_told(&self, code: usize) -> bool {
        let told = u32::try_from(code).ok().and_then(|code| self.to_unicode.get(code));
        matches!(told, Some(Target::Char(ch)) if plausible(ch))
    }

    fn code(&self, byte: u8, declared: bool, texts: &mut Texts) -> Code {
        match self.to_unicode.get(u32::from(byte)) {
            Some(Target::Char(ch)) if plausible(ch) => return Code::char(ch),
            Some(Target::Text(text, offset)) => {
                if let Some(code) = texts.add(text, offset) {
                    return code;
                }
            }
            _ => {}
        }
        let index = usize::from(byte);
        let program = || if declared { self.program.get() } else { None };
        let named = Some(self.encoding[index]).filter(|&ch| ch != '\0');
        let numbered = || Some(self.gids[index]).filter(|&gid| gid != 0).and_then(|gid| program()?.char(gid));
        let built_in = || program()?.char_of_code(byte);
        let found = named.or_else(numbered).or_else(built_in).or_else(|| self.last_resort(index, declared));
        match found.filter(|&ch| plausible(ch)) {
            Some(ch) => Code::char(ch),
            None => Code::unknown(),
        }
    }

    /// What a code means where no table tells. A subset's codes mean nothing unless they look like text.
    fn last_resort(&self, index: usize, declared: bool) -> Option<char> {
        let table = self.fallback?;
        let program = if declared { self.program.get() } else { None };
        let text = program.map_or(declared, Program::codes_are_text);
        let subset = !text && super::is_subset(self.program.store, self.program.font);
        if subset { None } else { Some(table[index]) }
    }

    fn width(&self, byte: u8) -> Option<f32> {
        let program = self.program.get()?;
        program.width(program.gid_of_code(byte)?)
    }
}

/// Some Chinese producers declare a Chinese font as simple and paint GBK bytes with it. The font is not embedded
/// then (a program of 256 glyphs could not hold them), and it has a Chinese name.
fn paints_gbk(store: &Store, font: &Dictionary, name: &str, to_unicode: &ToUnicode) -> bool {
    if !to_unicode.is_empty() || store.name(font, b"Subtype") == Some(b"Type3") {
        return false;
    }
    let embedded = descriptor(store, font).is_some_and(|d| {
        [&b"FontFile"[..], b"FontFile2", b"FontFile3"].iter().any(|key| store.get(d, key).is_some())
    });
    !embedded && is_chinese_name(name)
}

/// Names of the fonts that Chinese systems come with, in Chinese or in pinyin.
fn is_chinese_name(name: &str) -> bool {
    const PARTS: [&str; 22] = [
        "SimSun", "SimHei", "SimKai", "SimFang", "NSimSun", "KaiTi", "FangSong", "YaHei", "DengXian",
        "STSong", "STHei", "STKai", "STFang", "STZhong", "STXi", "LiSu", "YouYuan", "FZ", "Founder", "HYS",
        "GB2312", "GBK",
    ];
    name.chars().any(|ch| (0x3400..=0x9FFF).contains(&u32::from(ch)))
        || PARTS.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_font_names() {
        assert!(is_chinese_name("宋体"));
        assert!(is_chinese_name("FangSong_GB2312"));
        assert!(!is_chinese_name("ArialMT"));
    }
}
