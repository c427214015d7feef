//! Words outside all grids → lines of text.

use super::TextLine;
use super::shape::{Shape, narrow, shape_of};
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

/// Whether numbers stand below one another in these lines as they do in a table: a page of which a table was not
/// read. Prose ends its lines elsewhere, and page numbers of a list of contents, years and telephone numbers are no
/// amounts.
pub(super) fn hold_columns(lines: &[TextLine], width: f32) -> bool {
    let short = |l: &&TextLine| l.bbox.width() < 0.6 * width && !l.text.contains(['。', '，', '；']);
    let mut ends: Vec<(f32, usize, f32)> =
        lines.iter().filter(short).filter_map(|l| Some((l.bbox.x1, last_amount(&l.text)?, l.size))).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let columns = ends.chunk_by(|a, b| b.0 - a.0 < 0.3 * a.2).filter(|column| {
        let sizes: Vec<usize> = column.iter().map(|(_, digits, _)| *digits).collect();
        column.len() >= LEAST_NUMBERS && sizes.windows(2).any(|w| w.first() != w.get(1))
    });
    columns.map(<[_]>::len).sum::<usize>() >= 2 * LEAST_NUMBERS
}

/// Numbers below one another that make a column.
const LEAST_NUMBERS: usize = 3;

/// The number of digits of the amount that a text ends with, or is.
fn last_amount(text: &str) -> Option<usize> {
    let last = text.split_whitespace().next_back()?;
    let digits = last.chars().filter(|c| narrow(*c).is_ascii_digit()).count();
    let led = last.chars().map(narrow).find(char::is_ascii_digit) == Some('0');
    let year = digits == 4 && ["19", "20"].iter().any(|century| last.starts_with(century));
    match shape_of(last.chars()) {
        Shape::Amount if !last.ends_with(['%', '％']) => Some(digits),
        Shape::Integer if digits > 2 && !led && !year => Some(digits),
        _ => None,
    }
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
