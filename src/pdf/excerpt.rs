//! Some pages of a file → a small, plain PDF of them alone: no object streams, no filters, no encryption, no images. For
//! a reader that has no bounds of its own: whatever the file does, this stays small. It looks for numbers only, so
//! content keeps what paints or places text (`content`) and `ToUnicode` maps what numbers are made of (`map`).

mod content;
mod map;

use super::object::{Dictionary, Object, Stream};
use super::page::{self, PageNode};
use super::store::Store;
use super::stream::{self, Fault};
use super::{file, open};
use crate::limits::{Access, Deadline, Limits};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::io::Write;

/// Bytes of the whole excerpt.
const MAX_BYTES: usize = 24 << 20;
/// Bytes of the content of one page or form.
const MAX_CONTENT: usize = 2 << 20;
/// Bytes of all that is not in streams: each becomes many in a reader's memory.
const MAX_PLAIN: usize = 2 << 20;
/// Objects.
const MAX_OBJECTS: usize = 20_000;

/// Entries that lead away from the page, and font programs, which say nothing of characters that the fonts'
/// dictionaries do not say.
const LEFT_OUT: [&[u8]; 16] = [
    b"Parent",
    b"P",
    b"StructParents",
    b"StructParent",
    b"Metadata",
    b"PieceInfo",
    b"LastModified",
    b"FontFile",
    b"FontFile2",
    b"CIDSet",
    b"CIDToGIDMap",
    b"OC",
    b"Pattern",
    b"Properties",
    b"Shading",
    b"Length",
];

/// The PDF with these pages (numbered from 1) in their order, if the file is sound and they are small enough.
pub(crate) fn excerpt(
    bytes: &[u8],
    access: Access,
    deadline: Deadline,
    pages: &BTreeSet<u32>,
) -> Option<Vec<u8>> {
    let own = Limits { memory: 64 << 20, file_bytes: 64 << 20, ..access.limits.clone() };
    let limits = Limits {
        memory: own.memory.min(access.limits.memory),
        file_bytes: own.file_bytes.min(access.limits.file_bytes),
        ..own
    };
    let access = Access { limits: &limits, ..access };
    let store = &open::open(bytes, access, deadline).ok()?;
    let (nodes, _) = page::pages(store, access.limits);
    let mut writer = Writer {
        store,
        out: b"%PDF-1.7\n".to_vec(),
        places: vec![0; 2],
        numbers: FxHashMap::default(),
        maps: FxHashMap::default(),
        waiting: Vec::new(),
        plain: 0,
    };
    let mut kids = Vec::with_capacity(pages.len());
    for &number in pages {
        let node = nodes.get((number as usize).checked_sub(1)?)?;
        kids.push(writer.page(node)?);
    }
    while let Some((number, object)) = writer.waiting.pop() {
        writer.indirect(number, object)?;
    }
    let file::State { rebuilt, moved, objects, memory, depth, late } = store.state();
    let sound = !(rebuilt || moved || objects || memory || depth || late);
    sound.then(|| writer.finish(&kids)).flatten()
}

struct Writer<'s> {
    store: &'s Store<'s>,
    out: Vec<u8>,
    /// Where each object begins; 0 for one that is not written yet.
    places: Vec<usize>,
    /// The new number of an object that has an old one. A map that fonts of both kinds share is written twice.
    numbers: FxHashMap<(u32, Option<map::Font>), usize>,
    /// The font's kind of each new object that is a `ToUnicode` map.
    maps: FxHashMap<usize, map::Font>,
    waiting: Vec<(usize, &'s Object)>,
    /// Bytes outside of streams.
    plain: usize,
}

impl<'s> Writer<'s> {
    /// Writes a page and gives its number.
    fn page(&mut self, node: &PageNode<'s>) -> Option<usize> {
        let mut content = Vec::new();
        for stream in node.contents(self.store).0 {
            self.content(stream, &mut content)?;
        }
        let body = self.reserve()?;
        self.begin(body);
        let _ = writeln!(self.out, "<</Length {}>>stream", content.len());
        self.out.extend_from_slice(&content);
        self.out.extend_from_slice(b"\nendstream\nendobj\n");
        let number = self.reserve()?;
        self.begin(number);
        let [x0, y0, x1, y1] = node.view();
        let _ = write!(
            self.out,
            "<</Type/Page/Parent 2 0 R/MediaBox[{x0} {y0} {x1} {y1}]/Contents {body} 0 R/Resources"
        );
        match node.resources {
            Some(resources) => self.dictionary(resources, &[])?,
            None => self.out.extend_from_slice(b"<<>>"),
        }
        self.out.extend_from_slice(b">>\nendobj\n");
        Some(number)
    }

    fn content(&self, stream: &'s Stream, out: &mut Vec<u8>) -> Option<()> {
        let decoded = stream::decode(self.store, stream);
        let fits = decoded.fault.is_none() && out.len() + decoded.bytes.len() < MAX_CONTENT;
        if fits {
            content::text_only(&decoded.bytes, out);
            out.push(b'\n');
        }
        fits.then_some(())
    }

    fn reserve(&mut self) -> Option<usize> {
        self.places.push(0);
        (self.places.len() <= MAX_OBJECTS).then_some(self.places.len())
    }

    fn begin(&mut self, number: usize) {
        if let Some(place) = self.places.get_mut(number - 1) {
            *place = self.out.len();
        }
        let _ = writeln!(self.out, "{number} 0 obj");
    }

    fn indirect(&mut self, number: usize, object: &'s Object) -> Option<()> {
        self.begin(number);
        if let Object::Stream(stream) = object {
            let name = self.store.name(&stream.dict, b"Subtype");
            let image = name == Some(b"Image");
            // composite fonts and those of other formats are not read from their programs
            let program = matches!(name, Some(b"CIDFontType0C" | b"OpenType"));
            let form = name == Some(b"Form");
            let data = if image || program {
                std::borrow::Cow::Borrowed(&[][..])
            } else {
                let decoded = stream::decode(self.store, stream);
                let cut = decoded.fault == Some(Fault::Limit) || form && decoded.fault.is_some();
                if cut || form && decoded.bytes.len() > MAX_CONTENT {
                    return None;
                }
                let thin = match self.maps.get(&number) {
                    Some(&font) => map::thin(&decoded.bytes, font),
                    None if form => {
                        let mut text = Vec::new();
                        content::text_only(&decoded.bytes, &mut text);
                        Some(text)
                    }
                    None => None,
                };
                thin.map_or(decoded.bytes, std::borrow::Cow::Owned)
            };
            if self.out.len() + data.len() > MAX_BYTES {
                return None;
            }
            self.dictionary(&stream.dict, &[b"Filter", b"DecodeParms", b"F", b"DP", b"FFilter", b"DL"])?;
            // the dictionary's end gives way to one more entry
            self.out.truncate(self.out.len().saturating_sub(2));
            let _ = writeln!(self.out, "/Length {}>>stream", data.len());
            self.out.extend_from_slice(&data);
            self.out.extend_from_slice(b"\nendstream");
        } else {
            self.object(object)?;
        }
        self.out.extend_from_slice(b"\nendobj\n");
        (self.out.len() <= MAX_BYTES).then_some(())
    }

    fn dictionary(&mut self, dict: &'s Dictionary, but: &[&[u8]]) -> Option<()> {
        self.out.extend_from_slice(b"<<");
        for (key, value) in dict.iter().filter(|(key, _)| !LEFT_OUT.contains(key) && !but.contains(key)) {
            self.name(key);
            self.out.push(b' ');
            if let (b"ToUnicode", Object::Reference(old)) = (key, value) {
                let composite = self.store.name(dict, b"Subtype") == Some(b"Type0");
                let font = if composite { map::Font::Composite } else { map::Font::Simple };
                let number = self.number(*old, Some(font))?;
                self.maps.insert(number, font);
                let _ = write!(self.out, "{number} 0 R");
            } else {
                self.object(value)?;
            }
        }
        self.out.extend_from_slice(b">>");
        Some(())
    }

    /// Writes a direct object. Its depth was bounded when it was read.
    fn object(&mut self, object: &'s Object) -> Option<()> {
        let before = self.out.len();
        let _ = match object {
            Object::Null | Object::Stream(_) => write!(self.out, "null"),
            Object::Boolean(value) => write!(self.out, "{value}"),
            Object::Integer(value) => write!(self.out, "{value}"),
            Object::Real(value) if value.abs() < 1e15 => write!(self.out, "{value}"),
            Object::Real(_) => write!(self.out, "0"),
            Object::Name(name) => {
                self.name(name);
                Ok(())
            }
            Object::String(bytes) => {
                self.out.push(b'<');
                bytes.iter().for_each(|b| drop(write!(self.out, "{b:02x}")));
                self.out.push(b'>');
                Ok(())
            }
            Object::Array(items) => {
                self.out.push(b'[');
                for item in items {
                    self.object(item)?;
                    self.out.push(b' ');
                }
                self.out.push(b']');
                return Some(());
            }
            Object::Dictionary(dict) => return self.dictionary(dict, &[]),
            Object::Reference(old) => {
                let number = self.number(*old, None)?;
                write!(self.out, "{number} 0 R")
            }
        };
        self.plain += self.out.len() - before + 2;
        (self.plain <= MAX_PLAIN).then_some(())
    }

    /// The new number of an object; it is written later.
    fn number(&mut self, old: u32, map_of: Option<map::Font>) -> Option<usize> {
        if let Some(&number) = self.numbers.get(&(old, map_of)) {
            return Some(number);
        }
        let number = self.reserve()?;
        self.numbers.insert((old, map_of), number);
        self.waiting.push((number, self.store.object(old).unwrap_or(&Object::Null)));
        Some(number)
    }

    fn name(&mut self, name: &[u8]) {
        self.out.push(b'/');
        for &b in name {
            if b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'+' | b'*') {
                self.out.push(b);
            } else {
                let _ = write!(self.out, "#{b:02x}");
            }
        }
    }

    fn finish(mut self, kids: &[usize]) -> Option<Vec<u8>> {
        self.begin(1);
        self.out.extend_from_slice(b"<</Type/Catalog/Pages 2 0 R>>\nendobj\n");
        self.begin(2);
        let _ = write!(self.out, "<</Type/Pages/Count {}/Kids[", kids.len());
        kids.iter().for_each(|kid| drop(write!(self.out, "{kid} 0 R ")));
        self.out.extend_from_slice(b"]>>\nendobj\n");
        let (start, size) = (self.out.len(), self.places.len() + 1);
        let _ = writeln!(self.out, "xref\n0 {size}\n0000000000 65535 f ");
        for place in &self.places {
            let _ = writeln!(self.out, "{place:010} 00000 n ");
        }
        let _ = writeln!(self.out, "trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF");
        (self.out.len() <= MAX_BYTES).then_some(self.out)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::options::Options;
    use crate::pdf;

    #[test]
    fn an_excerpt_prints_what_its_pages_print() {
        let options = Options::default();
        for entry in std::fs::read_dir("samples").unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|e| e != "pdf") {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let whole = pdf::read(&bytes, options.access(), Deadline::never()).unwrap();
            let last = whole.pages.len() as u32;
            let some = BTreeSet::from([2, last - 1]);
            let excerpt = excerpt(&bytes, options.access(), Deadline::never(), &some).unwrap();
            let read = pdf::read(&excerpt, options.access(), Deadline::never()).unwrap();
            assert_eq!(read.pages.len(), 2);
            for (page, number) in read.pages.iter().zip(some) {
                // which character it is may be lost where it plays no part in a number
                let part = |c: char| c.is_ascii_digit() || c.is_whitespace() || ".,'，．".contains(c);
                let plain = |c: char| if part(c) { c } else { '\u{FFFD}' };
                let places = |page: &pdf::Page| -> Vec<(char, i32)> {
                    page.glyphs.iter().map(|g| (plain(g.ch), g.baseline as i32)).collect()
                };
                assert_eq!(places(page), places(&whole.pages[number as usize - 1]), "{path:?} {number}");
            }
        }
    }

    #[test]
    fn a_page_that_is_not_there_and_a_damaged_file_give_none() {
        let of = |bytes: &[u8], page| {
            excerpt(bytes, Options::default().access(), Deadline::never(), &BTreeSet::from([page]))
        };
        let whole = b"%PDF-1.4\n1 0 obj <</Pages 2 0 R>> endobj 2 0 obj <</Kids[3 0 R]>> endobj \
            3 0 obj <</Type/Page>> endobj trailer <</Root 1 0 R>>";
        assert_eq!(of(whole, 1), None);
        let sound = of(&std::fs::read("samples/writer-grid.pdf").unwrap(), 1).unwrap();
        assert!(of(&sound, 1).is_some());
        assert_eq!((of(&sound, 0), of(&sound, 2)), (None, None));
    }
}
