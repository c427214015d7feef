//! Pages as pictures: what the PDF paints, as vectors, and over it what was read from it.
//!
//! `render` (bytes → one SVG a page, with `fonts` for those that the PDF lacks) → `clean` (only what draws passes) →
//! `drawing` (rulings, cells, columns and boxes over it) → `raster` (the same as PNG). A file that cannot be drawn is
//! no error here: each page says why it is missing, and what was read from it is shown without it.

mod clean;
pub mod drawing;
mod fonts;
mod image;
pub mod marks;
mod raster;
mod render;

pub use raster::png;
pub use render::{Rendered, Sheet, Undrawn, render};

/// Text → what may stand in an attribute or between tags.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // control characters are nothing that a page can show, and bidirectional ones make it lie
            c if c.is_whitespace() => out.push(' '),
            c if crate::output::printable::hostile(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn no_text_ends_a_tag_or_an_attribute() {
        assert_eq!(
            escape("</script><img src=x onerror='a\"b'>&\n\u{202e}"),
            "&lt;/script&gt;&lt;img src=x onerror=&#39;a&quot;b&#39;&gt;&amp; \u{fffd}"
        );
    }
}
