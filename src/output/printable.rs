//! Text from outside → text that a terminal may show. File names and PDF text can hold escape sequences that move
//! the cursor or recolour the screen, and bidirectional marks that make a line read as something else; those
//! characters are shown by their number instead.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with control, bidirectional, zero-width and line-separating characters written as `\u{…}`
/// (`\n`, `\t` and `\r` as usual). Borrowed where there is nothing to do.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(hostile) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if hostile(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A path for messages: bytes that are not UTF-8 become U+FFFD, the rest as [`printable`].
pub fn path(path: &std::path::Path) -> String {
    printable(&path.to_string_lossy()).into_owned()
}

/// Whether a terminal must not get this character raw.
pub fn hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_left_alone() {
        let text = "2026年部门预算（公开）“三公” a-b_c.pdf 😀";
        assert!(matches!(printable(text), Cow::Borrowed(t) if t == text));
    }

    #[test]
    fn an_escape_sequence_never_reaches_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\u{9b}31m\u{7f}"), "a\\u{1b}[2Jb\\u{9b}31m\\u{7f}");
    }

    #[test]
    fn a_name_cannot_turn_the_reading_direction() {
        assert_eq!(printable("x\u{202e}fdp.exe\u{2066}"), "x\\u{202e}fdp.exe\\u{2066}");
    }

    #[test]
    fn a_line_break_in_a_name_cannot_forge_a_message() {
        assert_eq!(printable("a\nyusuan: ok\r\t\u{2028}\u{feff}"), "a\\nyusuan: ok\\r\\t\\u{2028}\\u{feff}");
    }
}
