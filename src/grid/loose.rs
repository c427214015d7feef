//! Words outside all grids → lines of text.

use super::TextLine;
use crate::geometry::Rect;
use crate::layout::{self, PageText, Word};

/// A gap of this many ems parts a line into two.
const APART: f32 = 2.0;

/// The lines of the words that `used` does not mark, from top to bottom and left to right.
pub(super) fn lines(text: &PageText, used: &[bool], grids: &[Rect]) -> Vec<TextLine> {
    let mut out = Vec::new();
    for line in &text.lines {
        let mut open: Vec<&Word> = Vec::new();
        for (i, word) in text.line_words(line).iter().enumerate() {
            let index = line.words.start as usize + i;
            let free = !used.get(index).copied().unwrap_or(false);
            let parted = open.last().is_some_and(|last| {
                let em = last.bbox.height().min(word.bbox.height());
                let gap =
                    Rect::new(last.bbox.x1.min(word.bbox.x0), word.bbox.cy(), word.bbox.x0, word.bbox.cy());
                word.bbox.x0 - last.bbox.x1 > APART * em
                    || grids.iter().any(|g| g.y0 < gap.y0 && gap.y0 < g.y1 && g.overlap_x(&gap) > 0.0)
            });
            if !free || parted {
                flush(&mut open, text, &mut out);
            }
            if free {
                open.push(word);
            }
        }
        flush(&mut open, text, &mut out);
    }
    out
}

fn flush(words: &mut Vec<&Word>, text: &PageText, out: &mut Vec<TextLine>) {
    if let Some(bbox) = Rect::hull(words.iter().map(|w| w.bbox)) {
        let mut line = TextLine { text: String::new(), bbox, size: 0.0 };
        let mut last = None;
        for word in words.iter() {
            let glyphs = text.word_glyphs(word);
            line.size = glyphs.iter().fold(line.size, |size, g| size.max(g.size));
            last = layout::append_glyphs(&mut line.text, glyphs, last, word.spaced);
        }
        out.push(line);
    }
    words.clear();
}
