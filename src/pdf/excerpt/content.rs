//! A content stream → the same without what paints no text: lines, fills, colours, marks. A reader that looks for text
//! only passes over them anyway, at a price; what is kept stays byte for byte.

use crate::pdf::token::{Lexer, Token};

/// Operators of paths, colours, line styles, shadings and marked content (ISO 32000-1, annex A).
const SILENT: [&[u8]; 42] = [
    b"m", b"l", b"re", b"S", b"f", b"n", b"W", b"h", b"w", b"g", b"G", b"rg", b"RG", b"BDC", b"EMC", b"BMC",
    b"c", b"v", b"y", b"s", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"W*", b"J", b"j", b"M", b"d", b"i",
    b"ri", b"k", b"K", b"cs", b"CS", b"sc", b"SC", b"scn", b"SCN", b"sh",
];

/// Appends what of a content paints or places text. Content with an image in it is taken as it is.
pub(super) fn text_only(content: &[u8], out: &mut Vec<u8>) {
    let before = out.len();
    let mut lexer = Lexer::new(content);
    let mut start = 0;
    while let Some(token) = lexer.next() {
        lexer.clear_text();
        match token {
            Token::Word(b"BI") => {
                out.truncate(before);
                out.extend_from_slice(content);
                return;
            }
            // operands, too, are words
            Token::Word(b"true" | b"false" | b"null") => {}
            Token::Word(word) => {
                if !SILENT.contains(&word) {
                    out.extend_from_slice(content.get(start..lexer.pos()).unwrap_or_default());
                }
                start = lexer.pos();
            }
            _ => {}
        }
    }
    out.extend_from_slice(content.get(start..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(content: &str) -> String {
        let mut out = Vec::new();
        text_only(content.as_bytes(), &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn only_what_paints_or_places_text_is_kept() {
        let content = "q 1 0 0 1 5 5 cm\n0 0 m 9 9 l S % a line\nBT /F1 9 Tf (m S) Tj 0.5 g [<01>-3(l)]TJ ET Q 1 1 2 2 re f* /X Do ";
        assert_eq!(
            kept(content),
            "q 1 0 0 1 5 5 cm % a line\nBT /F1 9 Tf (m S) Tj [<01>-3(l)]TJ ET Q /X Do "
        );
    }

    #[test]
    fn content_with_an_image_stays() {
        let content = "0 0 m BI /W 1 ID S\x01 EI BT (a) Tj ET";
        assert_eq!(kept(content), content);
    }
}
