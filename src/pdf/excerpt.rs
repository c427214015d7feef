//! Some pages of a file → a small PDF of their own: plain, decrypted, with what paints text on them and nothing else.
//!
//! For a reader that takes every object of a file apart before it gives one page, and inflates without bound: it gets
//! a few dozen objects instead of thousands, and what they take is counted here. It looks for numbers only, so the
//! ideographs of `ToUnicode` maps are put together (`map`).

mod map;

use super::object::{Dictionary, Object, Stream};
use super::page::{self, PageNode};
use super::store::Store;
use super::{open, stream};
use crate::options::{Deadline, Options};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;
use std::io::Write;

/// Objects that a few pages of text need at most.
const MAX_OBJECTS: usize = 20_000;
/// Bytes that an excerpt may take.
const MAX_BYTES: usize = 64 << 20;
/// Once its pages take more, further ones are left out.
const MAX_CONTENT: usize = MAX_BYTES / 2;

/// Entries that lead to what paints no text: other parts of the file, outlines of glyphs, patterns, metadata.
const LEFT_OUT: [&[u8]; 12] = [
    b"CIDSet",
    b"CIDToGIDMap",
    b"FontFile2",
    b"Metadata",
    b"OC",
    b"Parent",
    b"Pattern",
    b"PieceInfo",
    b"Properties",
    b"Shading",
    b"StructParent",
    b"StructParents",
];

/// Entries that say how a stream is packed: here none is.
const PACKING: [&[u8]; 5] = [b"DP", b"DecodeParms", b"F", b"Filter", b"Length"];

/// A PDF that holds some pages of another.
pub(crate) struct Excerpt {
    /// The file.
    pub(crate) bytes: Vec<u8>,
    /// For each of its pages the number in the original, from 1.
    pub(crate) pages: Vec<u32>,
}

/// The excerpt of the pages with these numbers, of the first of them where they take too much; `None` where the file
/// cannot be opened or what the pages refer to takes too much.
pub(crate) fn excerpt(
    bytes: &[u8],
    wanted: &BTreeSet<u32>,
    options: &Options,
    deadline: Deadline,
) -> Option<Excerpt> {
    let store = &open::open(bytes, options, deadline).ok()?;
    let (nodes, _) = page::pages(store, &options.limits);
    let mut writer = Writer {
        store,
        out: b"%PDF-1.7\n".to_vec(),
        places: vec![0; 3],
        ids: FxHashMap::default(),
        maps: FxHashSet::default(),
        queue: Vec::new(),
    };
    let mut pages = Vec::new();
    let mut kids = Vec::new();
    for &number in wanted {
        if writer.out.len() > MAX_CONTENT {
            break;
        }
        if let Some(node) = (number as usize).checked_sub(1).and_then(|at| nodes.get(at)) {
            kids.push(writer.page(node)?);
            pages.push(number);
        }
    }
    while let Some((id, object)) = writer.queue.pop() {
        writer.object(id, object)?;
    }
    let bytes = writer.finish(&kids)?;
    Some(Excerpt { bytes, pages })
}

/// The objects are numbered anew: 1 is the catalog, 2 the page tree.
struct Writer<'s> {
    store: &'s Store<'s>,
    out: Vec<u8>,
    /// Where each object starts, by its number.
    places: Vec<usize>,
    /// New numbers of original objects.
    ids: FxHashMap<u32, usize>,
    /// New numbers of `ToUnicode` maps.
    maps: FxHashSet<usize>,
    /// Objects that are referred to but not yet written.
    queue: Vec<(usize, &'s Object)>,
}

impl<'s> Writer<'s> {
    fn number(&mut self) -> Option<usize> {
        self.places.push(0);
        (self.places.len() <= MAX_OBJECTS && self.out.len() <= MAX_BYTES).then(|| self.places.len() - 1)
    }

    fn begin(&mut self, id: usize) {
        if let Some(place) = self.places.get_mut(id) {
            *place = self.out.len();
        }
        self.put(format_args!("{id} 0 obj\n"));
    }

    fn put(&mut self, text: std::fmt::Arguments) {
        // writing into memory does not fail
        let _ = self.out.write_fmt(text);
    }

    /// A page and its content; gives its number.
    fn page(&mut self, node: &PageNode<'s>) -> Option<usize> {
        let content = self.number()?;
        self.begin(content);
        let mut data = Vec::new();
        for stream in node.contents(self.store).0 {
            data.extend_from_slice(&stream::decode(self.store, stream).bytes);
            data.push(b'\n');
        }
        self.put(format_args!("<</Length {}>>", data.len()));
        self.body(&data);
        let id = self.number()?;
        self.begin(id);
        let [x0, y0, x1, y1] = node.view();
        self.put(format_args!(
            "<</Type/Page/Parent 2 0 R/MediaBox[{x0} {y0} {x1} {y1}]/Contents {content} 0 R/Resources"
        ));
        match node.resources {
            Some(resources) => self.dictionary(resources, &[])?,
            None => self.put(format_args!("<<>>")),
        }
        self.put(format_args!(">>\nendobj\n"));
        Some(id)
    }

    fn object(&mut self, id: usize, object: &'s Object) -> Option<()> {
        self.begin(id);
        match object {
            Object::Stream(stream) => self.stream(id, stream)?,
            other => {
                self.value(other)?;
                self.put(format_args!("\nendobj\n"));
            }
        }
        Some(())
    }

    fn stream(&mut self, id: usize, stream: &'s Stream) -> Option<()> {
        let subtype = self.store.name(&stream.dict, b"Subtype");
        if subtype == Some(b"Image") {
            self.put(format_args!("<</Subtype/Image/Length 0>>stream\n\nendstream\nendobj\n"));
            return Some(());
        }
        let decoded = stream::decode(self.store, stream);
        let thin = if self.maps.contains(&id) { map::thin(&decoded.bytes) } else { None };
        let data = thin.as_deref().unwrap_or(&decoded.bytes);
        self.put(format_args!("<</Length {}", data.len()));
        self.entries(&stream.dict, &PACKING)?;
        self.put(format_args!(">>"));
        self.body(data);
        Some(())
    }

    fn body(&mut self, data: &[u8]) {
        self.out.extend_from_slice(b"stream\n");
        self.out.extend_from_slice(data);
        self.out.extend_from_slice(b"\nendstream\nendobj\n");
    }

    fn dictionary(&mut self, dict: &'s Dictionary, without: &[&[u8]]) -> Option<()> {
        self.out.extend_from_slice(b"<<");
        self.entries(dict, without)?;
        self.out.extend_from_slice(b">>");
        Some(())
    }

    fn entries(&mut self, dict: &'s Dictionary, without: &[&[u8]]) -> Option<()> {
        for (key, value) in dict.iter() {
            if !without.contains(&key) && !LEFT_OUT.contains(&key) {
                self.name(key);
                self.out.push(b' ');
                self.value(value)?;
                if let (b"ToUnicode", Object::Reference(number)) = (key, value) {
                    self.maps.extend(self.ids.get(number));
                }
            }
        }
        Some(())
    }

    /// A direct object: as deep as the parser of the original let it be.
    fn value(&mut self, object: &'s Object) -> Option<()> {
        match object {
            Object::Null => self.out.extend_from_slice(b"null"),
            Object::Boolean(v) => self.put(format_args!("{v}")),
            Object::Integer(v) => self.put(format_args!("{v}")),
            Object::Real(v) if v.is_finite() => self.put(format_args!("{v}")),
            Object::Real(_) => self.out.push(b'0'),
            Object::Name(name) => self.name(name),
            Object::String(text) => {
                self.out.push(b'<');
                self.hexadecimal(text);
                self.out.push(b'>');
            }
            Object::Array(items) => {
                self.out.push(b'[');
                for item in items {
                    self.value(item)?;
                    self.out.push(b' ');
                }
                self.out.push(b']');
            }
            Object::Dictionary(dict) => self.dictionary(dict, &[])?,
            Object::Reference(number) => {
                let id = self.refer(*number)?;
                self.put(format_args!("{id} 0 R"));
            }
            // a stream is always an object of its own
            Object::Stream(_) => self.out.extend_from_slice(b"null"),
        }
        Some(())
    }

    /// The new number of an original object.
    fn refer(&mut self, number: u32) -> Option<usize> {
        if let Some(id) = self.ids.get(&number) {
            return Some(*id);
        }
        let id = self.number()?;
        self.ids.insert(number, id);
        let object = self.store.object(number).map_or(&Object::Null, |o| self.store.resolve(o));
        self.queue.push((id, object));
        Some(id)
    }

    fn name(&mut self, name: &[u8]) {
        self.out.push(b'/');
        for &byte in name {
            if byte.is_ascii_alphanumeric() || b"+-_.*,".contains(&byte) {
                self.out.push(byte);
            } else {
                self.out.push(b'#');
                self.hexadecimal(&[byte]);
            }
        }
    }

    fn hexadecimal(&mut self, bytes: &[u8]) {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        let digits = bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]);
        self.out.extend(digits);
    }

    /// Catalog, page tree and cross-reference table.
    fn finish(mut self, kids: &[usize]) -> Option<Vec<u8>> {
        self.begin(1);
        self.put(format_args!("<</Type/Catalog/Pages 2 0 R>>\nendobj\n"));
        self.begin(2);
        self.put(format_args!("<</Type/Pages/Count {}/Kids[", kids.len()));
        for kid in kids {
            self.put(format_args!("{kid} 0 R "));
        }
        self.put(format_args!("]>>\nendobj\n"));
        let (start, size) = (self.out.len(), self.places.len());
        self.put(format_args!("xref\n0 {size}\n0000000000 65535 f \n"));
        for place in std::mem::take(&mut self.places).into_iter().skip(1) {
            self.put(format_args!("{place:010} 00000 n \n"));
        }
        self.put(format_args!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"));
        (self.out.len() <= MAX_BYTES).then_some(self.out)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Three pages; the second shows a form with resources of its own, an image, and a font whose name needs escapes.
    const FILE: &[u8] = b"%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/StructTreeRoot 9 0 R>>endobj
2 0 obj<</Type/Pages/Count 3/Kids[3 0 R 4 0 R 5 0 R]/MediaBox[0 0 200 100]/Resources<</Font<</F1 6 0 R>>>>>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/Contents 7 0 R>>endobj
4 0 obj<</Type/Page/Parent 2 0 R/StructParents 3/Contents[7 0 R 8 0 R]
/Resources<</Font<</F1 6 0 R/a#20b 6 0 R>>/XObject<</X 10 0 R/Im 11 0 R>>>>>>endobj
5 0 obj<</Type/Page/Parent 2 0 R>>endobj
6 0 obj<</Type/Font/Subtype/TrueType/BaseFont/Arial/FirstChar 48/LastChar 50/Widths[500 500.5 500]
/FontDescriptor<</FontFile2 12 0 R/FontName/Arial/Flags 32>>/Encoding/WinAnsiEncoding>>endobj
7 0 obj<</Length 44>>stream
BT /F1 10 Tf 20 50 Td (012) Tj ( a) Tj ET   \x20
endstream endobj
8 0 obj<</Length 56>>stream
q /X Do Q /Im Do BT /a#20b 10 Tf 20 30 Td <313032> Tj ET
endstream endobj
9 0 obj<</Type/StructTreeRoot/K[4 0 R]>>endobj
10 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 200 100]/Resources<</Font<</F1 6 0 R>>>>/Length 36>>stream
BT /F1 10 Tf 20 70 Td (222) Tj ET   \x20
endstream endobj
11 0 obj<</Type/XObject/Subtype/Image/Width 1/Height 1/Length 12>>stream
IMAGE-BYTES.
endstream endobj
12 0 obj<</Length 13>>stream
FONT-PROGRAM.
endstream endobj
trailer<</Root 1 0 R>>
";

    fn read(bytes: &[u8]) -> super::super::Source {
        super::super::read(bytes, &Options::default(), Deadline::never()).unwrap()
    }

    fn taken(pages: &[u32]) -> Excerpt {
        excerpt(FILE, &pages.iter().copied().collect(), &Options::default(), Deadline::never()).unwrap()
    }

    #[test]
    fn an_excerpt_shows_what_its_pages_show() {
        let original = read(FILE);
        let excerpt = taken(&[2, 3, 9]);
        assert_eq!(excerpt.pages, [2, 3]);
        let copy = read(&excerpt.bytes);
        let text = |page: &super::super::Page| -> String { page.glyphs.iter().map(|g| g.ch).collect() };
        assert_eq!(text(&copy.pages[0]), "012 a222102");
        for (copied, page) in copy.pages.iter().zip(&original.pages[1..]) {
            assert_eq!((copied.width, copied.height), (page.width, page.height));
            assert_eq!(copied.glyphs, page.glyphs);
        }
    }

    #[test]
    fn an_excerpt_is_whole_and_small() {
        let excerpt = taken(&[2]);
        assert!(read(&excerpt.bytes).findings.is_empty(), "{:?}", read(&excerpt.bytes).findings);
        for gone in [&b"IMAGE-BYTES"[..], b"FONT-PROGRAM", b"StructTreeRoot"] {
            assert!(memchr::memmem::find(&excerpt.bytes, gone).is_none());
        }
    }
}
