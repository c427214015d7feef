//! Pictures of pages, small: each outline of a glyph is kept once for the whole document, pages name it by its number,
//! and everything is deflated and written in letters.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use rustc_hash::FxHashMap;
use std::fmt::Write as _;
use std::io::Write as _;

/// How the list of glyphs begins in a page's picture, and how it ends.
const GLYPHS: (&str, &str) = ("<defs id=\"outline-glyph\">", "</defs>");
/// What stands before an outline within that list, and behind it.
const OUTLINE: (&str, &str) = (" d=\"", "\"");

/// Pages of one document.
#[derive(Default)]
pub(super) struct Packer<'s> {
    outlines: Vec<&'s str>,
    known: FxHashMap<&'s str, usize>,
}

impl<'s> Packer<'s> {
    /// The picture of a page with `@number` for each of its glyphs' outlines.
    pub(super) fn page(&mut self, svg: &'s str) -> String {
        let Some((before, rest)) = svg.split_once(GLYPHS.0) else { return packed(svg) };
        let Some((glyphs, behind)) = rest.split_once(GLYPHS.1) else { return packed(svg) };
        let mut out = String::with_capacity(svg.len() / 2);
        out.push_str(before);
        out.push_str(GLYPHS.0);
        let mut parts = glyphs.split(OUTLINE.0);
        out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (outline, rest) = part.split_once(OUTLINE.1).unwrap_or((part, ""));
            let next = self.outlines.len();
            let number = *self.known.entry(outline).or_insert(next);
            if number == next {
                self.outlines.push(outline);
            }
            let _ = write!(out, "{}@{number}{}{rest}", OUTLINE.0, OUTLINE.1);
        }
        out.push_str(GLYPHS.1);
        out.push_str(behind);
        packed(&out)
    }

    /// The outlines of all pages, one a line.
    pub(super) fn outlines(&self) -> String {
        packed(&self.outlines.join("\n"))
    }
}

/// A text, deflated, in letters.
fn packed(text: &str) -> String {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(text.len() / 4), Compression::best());
    // writing into a Vec cannot fail
    let _ = encoder.write_all(text.as_bytes());
    STANDARD.encode(encoder.finish().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::Read as _;

    fn unpacked(text: &str) -> String {
        let bytes = STANDARD.decode(text).unwrap();
        let mut out = String::new();
        flate2::read::ZlibDecoder::new(bytes.as_slice()).read_to_string(&mut out).unwrap();
        out
    }

    #[test]
    fn an_outline_is_kept_once_for_all_pages() {
        let page = |id: &str| {
            format!(
                "<svg><path d=\"M9\"/><defs id=\"outline-glyph\"><path id=\"{id}\" d=\"M1\"/><path id=\"b\" d=\"M2\"/></defs><g/></svg>"
            )
        };
        let (one, two) = (page("a"), page("x"));
        let mut packer = Packer::default();
        let (first, second) = (packer.page(&one), packer.page(&two));
        assert_eq!(unpacked(&packer.outlines()), "M1\nM2");
        let expected = |id: &str| {
            format!(
                "<svg><path d=\"M9\"/><defs id=\"outline-glyph\"><path id=\"{id}\" d=\"@0\"/><path id=\"b\" d=\"@1\"/></defs><g/></svg>"
            )
        };
        assert_eq!((unpacked(&first), unpacked(&second)), (expected("a"), expected("x")));
        assert_eq!(unpacked(&packer.page("<svg/>")), "<svg/>");
    }
}
