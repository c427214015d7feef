//! Glyphs → words and lines. Comes in: one page's glyphs in painting order. Goes out: its horizontal text in
//! reading order. What is not the document's text (watermarks, stamps) is removed and counted; text that
//! runs another way than the page's main text is kept apart.
//!
//! A page whose text runs sideways as a whole (a wide table set across an upright page) is turned first:
//! all coordinates of its [`PageText`] are those of the turned page, and [`PageText::turn`] says how.

mod clean;
mod lines;
mod text;
mod turn;

pub use clean::typical_size;
pub(crate) use text::is_wide;
pub use text::{append_glyphs, glyphs_text};
pub use turn::Turn;

use crate::geometry::Rect;
use crate::pdf::{Direction, Glyph, Page};
use std::ops::Range;

/// Glyphs without a visible gap between them, on one line. Never holds a space.
#[derive(Clone, Debug)]
pub struct Word {
    /// Its glyphs, a range of [`PageText::glyphs`].
    pub glyphs: Range<u32>,
    /// Box of its glyphs.
    pub bbox: Rect,
    /// Its line, an index of [`PageText::lines`].
    pub line: u32,
    /// A space was painted just before it, in the same piece of text.
    pub spaced: bool,
}

/// Words that share a baseline.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its words from left to right, a range of [`PageText::words`].
    pub words: Range<u32>,
    /// Box of its words.
    pub bbox: Rect,
    /// y of the baseline of most of its glyphs.
    pub baseline: f32,
}

/// A page's horizontal text in reading order.
#[derive(Clone, Debug, Default)]
pub struct PageText {
    /// Glyphs sorted by line, then by word; spaces are left out (see [`Word::spaced`]).
    pub glyphs: Vec<Glyph>,
    /// Words in reading order.
    pub words: Vec<Word>,
    /// Lines from top to bottom.
    pub lines: Vec<Line>,
    /// Glyphs that run down, up or upside down, in painting order.
    pub turned: Vec<Glyph>,
    /// How many glyphs of watermarks and stamps were dropped.
    pub dropped: u32,
    /// Size of most of the text in points; 0 on a page without text.
    pub size: f32,
    /// How the page was turned before its lines were read.
    pub turn: Turn,
}

impl PageText {
    /// The glyphs of a word.
    pub fn word_glyphs(&self, word: &Word) -> &[Glyph] {
        self.glyphs.get(word.glyphs.start as usize..word.glyphs.end as usize).unwrap_or_default()
    }

    /// The words of a line.
    pub fn line_words(&self, line: &Line) -> &[Word] {
        self.words.get(line.words.start as usize..line.words.end as usize).unwrap_or_default()
    }
}

/// Words and lines of one page.
pub fn page_text(page: &Page) -> PageText {
    let turn = Turn::of(&page.glyphs);
    if turn == Turn::None {
        return upright_text(page, turn);
    }
    upright_text(&turn.page(page), turn)
}

fn upright_text(page: &Page, turn: Turn) -> PageText {
    let size = typical_size(&page.glyphs);
    let mut out = PageText { size, turn, ..PageText::default() };
    let keep = clean::Keep::new(page, size);
    let mut fragments = Vec::new();
    let mut builder = lines::Fragments::new(&mut fragments);
    for (index, glyph) in page.glyphs.iter().enumerate() {
        if !keep.keeps(glyph) {
            out.dropped += 1;
            builder.cut();
        } else if glyph.direction == Direction::Right {
            builder.push(index as u32, glyph);
        } else {
            out.turned.push(*glyph);
            builder.cut();
        }
    }
    builder.finish();
    lines::assemble(&page.glyphs, fragments, &mut out);
    out
}

#[cfg(test)]
mod tests;
