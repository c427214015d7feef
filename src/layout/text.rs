//! Glyphs → strings.

use crate::pdf::Glyph;

/// A gap of this many ems is a space between Latin letters or digits.
const LATIN_SPACE: f32 = 0.25;
/// A gap of this many ems is a space next to a CJK character.
const CJK_SPACE: f32 = 0.5;

/// Whether the character is set in the full-width CJK square.
pub(crate) fn is_wide(ch: char) -> bool {
    matches!(ch as u32,
        0x1100..=0x115F | 0x2E80..=0x303E | 0x3041..=0x33FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xA000..=0xA4CF
        | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF01..=0xFF60 | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFD)
}

/// The text of glyphs that stand on one line in this order, single spaces where the page shows a gap.
pub fn glyphs_text(glyphs: &[Glyph]) -> String {
    let mut text = String::with_capacity(glyphs.len() * 3);
    append_glyphs(&mut text, glyphs, None, false);
    text
}

/// Appends glyphs to the text of the same line; `before` is the glyph that stands before them, `spaced` says
/// that a space was painted between. Gives the last glyph for the next call.
pub fn append_glyphs<'a>(
    text: &mut String,
    glyphs: &'a [Glyph],
    before: Option<&'a Glyph>,
    spaced: bool,
) -> Option<&'a Glyph> {
    let mut last = before;
    let mut spaced = spaced;
    // nearly all texts are of one kind: digits or ideographs
    text.reserve(glyphs.first().map_or(0, |glyph| glyph.ch.len_utf8() * glyphs.len()));
    for glyph in glyphs {
        if let Some(previous) = last
            && (spaced || shows_gap(previous, glyph))
            && !text.is_empty()
            && !text.ends_with(' ')
        {
            text.push(' ');
        }
        spaced = false;
        text.push(glyph.ch);
        last = Some(glyph);
    }
    last
}

fn shows_gap(a: &Glyph, b: &Glyph) -> bool {
    let share = if is_wide(a.ch) || is_wide(b.ch) { CJK_SPACE } else { LATIN_SPACE };
    // Glyphs of one ligature or of one code share a box: no gap.
    b.bbox.x0 - a.bbox.x1 >= share * a.size.min(b.size)
}
