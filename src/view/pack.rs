//! Pictures of pages, small: each outline of a glyph is kept once for the whole document, pages name it by its number,
//! and everything is deflated and written in letters.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use rustc_hash::FxHashMap;
use std::fmt::Write as _;
use std::io::Write as _;

/// What stands before an outline, and behind it.
const OUTLINE: (&str, &str) = (" d=\"", "\"");
/// Outlines that are shorter stay where they are: they are lines of tables, and hardly longer than a number.
const SHORT: usize = 48;

/// Pages of one document.
#[derive(Default)]
pub(super) struct Packer<'s> {
    outlines: Vec<&'s str>,
    known: FxHashMap<&'s str, usize>,
}

impl<'s> Packer<'s> {
    /// The picture of a page with `@number` for each of its longer outlines.
    pub(super) fn page(&mut self, svg: &'s str) -> String {
        let mut out = String::with_capacity(svg.len() / 2);
        let mut parts = svg.split(OUTLINE.0);
        out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (outline, rest) = part.split_once(OUTLINE.1).unwrap_or((part, ""));
            out.push_str(OUTLINE.0);
            if outline.len() < SHORT {
                out.push_str(outline);
            } else {
                let next = self.outlines.len();
                let number = *self.known.entry(outline).or_insert(next);
                if number == next {
                    self.outlines.push(outline);
                }
                let _ = write!(out, "@{number}");
            }
            out.push_str(OUTLINE.1);
            out.push_str(rest);
        }
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
        let (long, other) = ("M1,2 ".repeat(20), "L3,4 ".repeat(20));
        let page = |id: &str, d: &str| {
            format!("<svg><path d=\"M9\"/><path id=\"{id}\" d=\"{d}\"/><path d=\"{other}\"/></svg>")
        };
        let (one, two) = (page("a", &long), page("x", &long));
        let mut packer = Packer::default();
        let (first, second) = (packer.page(&one), packer.page(&two));
        assert_eq!(unpacked(&packer.outlines()), format!("{long}\n{other}"));
        let expected =
            |id: &str| format!("<svg><path d=\"M9\"/><path id=\"{id}\" d=\"@0\"/><path d=\"@1\"/></svg>");
        assert_eq!((unpacked(&first), unpacked(&second)), (expected("a"), expected("x")));
        assert_eq!(unpacked(&packer.page("<svg/>")), "<svg/>");
    }
}
