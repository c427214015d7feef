//! Whether an excerpt is harmless for a reader that has no bounds: forms that paint forms, and character maps that a few
//! bytes make huge. Where something is unusual the answer is no.

use pdf_extract::{Document, Object, ObjectId};
use std::collections::BTreeMap;

/// Bytes of content that are interpreted for one page, forms as often as they are painted.
const MAX_WORK: usize = 8 << 20;
/// Brackets in brackets: character maps are read by recursion.
const MAX_NESTING: usize = 200;
/// Forms in forms.
const MAX_FORMS: usize = 16;

/// Whether all of the document can be read with bounded time and memory.
pub(super) fn is_safe(document: &Document) -> bool {
    let streams = || document.objects.values().filter_map(|object| object.as_stream().ok());
    if !streams().all(|s| is_flat(&s.content) && has_small_ranges(&s.content)) {
        return false;
    }
    let mut forms = Forms { document, known: BTreeMap::new() };
    let works: Option<Vec<usize>> =
        document.get_pages().values().map(|page| forms.work(*page, MAX_FORMS)).collect();
    works.is_some_and(|works| works.iter().all(|work| *work <= MAX_WORK))
}

/// Whether brackets are not nested deep.
fn is_flat(data: &[u8]) -> bool {
    let mut depth = 0usize;
    data.iter().all(|b| {
        match b {
            b'[' | b'{' | b'(' | b'<' => depth += 1,
            b']' | b'}' | b')' | b'>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth <= MAX_NESTING
    })
}

/// Whether the ranges of a character map go from and to codes of one or two bytes, so that all of them together hold
/// no more codes than there are.
fn has_small_ranges(data: &[u8]) -> bool {
    const BEGIN: &[u8] = b"beginbfrange";
    let mut rest = data;
    while let Some(at) = memchr::memmem::find(rest, BEGIN) {
        rest = rest.get(at + BEGIN.len()..).unwrap_or(&[]);
        let end = memchr::memmem::find(rest, b"endbfrange").unwrap_or(rest.len());
        let section = rest.get(..end).unwrap_or(rest);
        if !has_only_short_codes(section) {
            return false;
        }
        rest = rest.get(end..).unwrap_or(&[]);
    }
    true
}

/// `<from> <to> <text>` or `<from> <to> [<text> …]`, over and over.
fn has_only_short_codes(section: &[u8]) -> bool {
    let (mut turn, mut list) = (0, false);
    let mut rest = section;
    loop {
        rest = rest.trim_ascii_start();
        let Some((&first, after)) = rest.split_first() else { return turn == 0 && !list };
        rest = after;
        match first {
            b'<' => {
                let Some(end) = memchr::memchr(b'>', rest) else { return false };
                let (code, behind) = rest.split_at(end);
                rest = behind.get(1..).unwrap_or(&[]);
                let digits = code.iter().filter(|b| !b.is_ascii_whitespace());
                if !digits.clone().all(u8::is_ascii_hexdigit) {
                    return false;
                }
                match (list, turn) {
                    (true, _) => {}
                    (false, 2) => turn = 0,
                    (false, _) if digits.count() <= 4 => turn += 1,
                    _ => return false,
                }
            }
            b'[' if turn == 2 && !list => list = true,
            b']' if list => (turn, list) = (0, false),
            _ => return false,
        }
    }
}

struct Forms<'d> {
    document: &'d Document,
    known: BTreeMap<ObjectId, usize>,
}

impl Forms<'_> {
    /// Bytes that are interpreted for a page or form at most; `None` where forms paint each other in a circle or too
    /// deep.
    fn work(&mut self, id: ObjectId, depth: usize) -> Option<usize> {
        if let Some(&work) = self.known.get(&id) {
            return Some(work);
        }
        let object = self.document.get_object(id).ok()?;
        let (dict, content) = match object {
            Object::Stream(stream) => (&stream.dict, stream.content.clone()),
            Object::Dictionary(dict) => (dict, self.document.get_page_content(id).unwrap_or_default()),
            _ => return Some(0),
        };
        let painted = memchr::memmem::find_iter(&content, b"Do").count();
        let mut most = 0;
        // A form without resources of its own paints with those of the page: then nobody knows what it paints.
        let resources = dict.get_deref(b"Resources", self.document).and_then(Object::as_dict);
        if painted > 0 {
            let forms = resources.ok()?.get_deref(b"XObject", self.document).and_then(Object::as_dict);
            for (_, form) in forms.into_iter().flat_map(pdf_extract::Dictionary::iter) {
                let Ok(form) = form.as_reference() else { continue };
                most = most.max(self.work(form, depth.checked_sub(1)?)?);
            }
        }
        let work = content.len().saturating_add(painted.saturating_mul(most));
        self.known.insert(id, work);
        Some(work)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_wide_codes_and_unusual_texts_are_refused() {
        for (text, small) in [
            ("<0001> <0002> <4e00>\n<03> <04> [<4e01> <D835DC00>]", true),
            ("", true),
            ("<00000000> <ffffffff> <00004e00>", false),
            ("<0001> <00ffff> <4e00>", false),
            ("(ab) <0002> <4e00>", false),
            ("<0001> <0002>", false),
            ("<0001> % <0002>\n <0003>", false),
        ] {
            let data = format!("2 beginbfrange {text} endbfrange");
            assert_eq!(has_small_ranges(data.as_bytes()), small, "{text}");
        }
    }

    #[test]
    fn brackets_nested_deep_are_refused() {
        assert!(is_flat(&b"[(x)]".repeat(9999)));
        assert!(!is_flat(&b"[".repeat(9999)));
    }

    /// A page that paints the first of these forms so many times; form `i` holds `contents[i]` and knows the form after
    /// it, the last one the first.
    fn ring(contents: &[&str]) -> Document {
        let mut document = Document::with_version("1.7");
        let form = |index: usize| ObjectId::from((10 + (index % contents.len()) as u32, 0));
        let resources = |index: usize| {
            let forms = pdf_extract::dictionary! { "X" => form(index) };
            pdf_extract::dictionary! { "XObject" => forms }
        };
        for (index, content) in contents.iter().enumerate() {
            let dict = pdf_extract::dictionary! { "Subtype" => "Form", "Resources" => resources(index + 1) };
            let stream = pdf_extract::Stream::new(dict, content.as_bytes().to_vec());
            document.objects.insert(form(index), stream.into());
        }
        let content = pdf_extract::Stream::new(pdf_extract::Dictionary::new(), b"/X Do ".repeat(9));
        document.objects.insert((4, 0), content.into());
        let page = pdf_extract::dictionary! {
            "Type" => "Page", "Contents" => ObjectId::from((4, 0)), "Resources" => resources(0)
        };
        document.objects.insert((3, 0), page.into());
        let pages = pdf_extract::dictionary! {
            "Type" => "Pages", "Kids" => vec![Object::Reference((3, 0))], "Count" => 1
        };
        document.objects.insert((2, 0), pages.into());
        document
            .objects
            .insert((1, 0), pdf_extract::dictionary! { "Pages" => ObjectId::from((2, 0)) }.into());
        document.trailer.set("Root", Object::Reference((1, 0)));
        document
    }

    #[test]
    fn forms_that_paint_each_other_in_a_circle_are_refused() {
        assert!(is_safe(&ring(&["/X Do", "BT ET"])));
        assert!(!is_safe(&ring(&["/X Do", "/X Do"])));
    }

    #[test]
    fn a_few_forms_that_paint_each_other_a_thousand_times_are_refused() {
        let many = "/X Do ".repeat(1000);
        assert!(is_safe(&ring(&[&many, "BT ET"])));
        assert!(!is_safe(&ring(&[&many, &many, "BT ET"])));
    }
}
