//! Words → items: what stands together on a line, before columns are known. Items are cut rather too often
//! than too seldom: pieces of one cell meet again in its column, two amounts in one item never part.

use super::super::shape::{self, Shape};
use crate::geometry::Rect;
use crate::layout::{PageText, is_wide};
use crate::pdf::Glyph;
use std::ops::Range;

/// Pieces of one painted text stay together over a gap of this many ems (a space).
const SAME_RUN: f32 = 0.8;
/// Pieces of two painted texts stay together only over less than this.
const OTHER_RUN: f32 = 0.15;
/// … or over this, where a space was painted between.
const SPACED: f32 = 0.6;
/// A painted space that is narrower than this many ems parts thousands.
const THIN: f32 = 0.3;
/// Single characters painted in one go are a letter-spaced label over this.
const LETTERS: f32 = 4.0;

/// A piece of a line.
#[derive(Clone, Debug)]
pub(in crate::grid) struct Item {
    /// Glyphs of [`PageText::glyphs`].
    pub(in crate::grid) glyphs: Range<u32>,
    pub(in crate::grid) bbox: Rect,
    pub(in crate::grid) shape: Shape,
    /// Index of its line.
    pub(in crate::grid) line: u32,
    pub(in crate::grid) baseline: f32,
    /// Size of its first glyph.
    pub(in crate::grid) size: f32,
}

impl Item {
    /// Whether it can only stand in an amount column.
    pub(in crate::grid) fn is_amount(&self) -> bool {
        self.shape == Shape::Amount
    }

    /// Its characters.
    pub(in crate::grid) fn chars<'a>(&self, text: &'a PageText) -> impl Iterator<Item = char> + 'a {
        slice(text, &self.glyphs).iter().map(|g| g.ch)
    }
}

/// Glyphs of a range.
pub(super) fn slice<'a>(text: &'a PageText, range: &Range<u32>) -> &'a [Glyph] {
    text.glyphs.get(range.start as usize..range.end as usize).unwrap_or_default()
}

/// The items of these words (ascending indices of `text.words`), line by line from left to right.
pub(in crate::grid) fn items(text: &PageText, words: impl Iterator<Item = u32>) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::new();
    for word in words.filter_map(|w| text.words.get(w as usize)) {
        let mut first = true;
        for range in chunks(text, &word.glyphs) {
            let glyphs = slice(text, &range);
            let (Some(bbox), Some(head)) = (Rect::hull(glyphs.iter().map(|g| g.bbox)), glyphs.first()) else {
                continue;
            };
            let item = Item {
                glyphs: range.clone(),
                bbox,
                shape: shape::shape(glyphs),
                line: word.line,
                baseline: head.baseline,
                size: head.size,
            };
            match out.last_mut() {
                Some(last) if first && continues(last, &item, word.spaced, text) => {
                    last.glyphs.end = item.glyphs.end;
                    last.bbox = last.bbox.union(&item.bbox);
                    last.shape = shape::range_shape(text, &last.glyphs);
                }
                _ => out.push(item),
            }
            first = false;
        }
    }
    out
}

/// Whether `next` goes on with the text of `last`.
fn continues(last: &Item, next: &Item, spaced: bool, text: &PageText) -> bool {
    if last.line != next.line || last.glyphs.end != next.glyphs.start {
        return false;
    }
    let em = last.size.max(next.size);
    let gap = next.bbox.x0 - last.bbox.x1;
    let run = |g: Option<&Glyph>| g.map(|g| g.run);
    let (before, after) = (slice(text, &last.glyphs).last(), slice(text, &next.glyphs).first());
    let same_run = run(before) == run(after);
    // Numbers side by side are two numbers, whoever painted them; `1 234.50` never stands alone in a column.
    if last.shape.is_numeric() && next.shape.is_numeric() {
        // The thin space between thousands may be painted as a text of its own; cells are farther apart than that.
        let near = same_run && gap < 0.4 * em || spaced && gap < THIN * em && last.size == next.size;
        return near && last.shape == Shape::Integer && groups(text, last, next);
    }
    if last.is_amount() && !same_run {
        return false;
    }
    let letters = last.bbox.width() <= 1.1 * em && next.bbox.width() <= 1.1 * em && !next.shape.is_numeric();
    let reach = match (same_run, letters) {
        (true, true) => LETTERS,
        (true, false) => SAME_RUN,
        _ if spaced => SPACED,
        _ => OTHER_RUN,
    };
    gap >= -0.3 * em && gap <= reach * em
}

/// Whether two numbers are one with a space as thousands separator: `1 234` `567.00`.
fn groups(text: &PageText, last: &Item, next: &Item) -> bool {
    let digits = |i: &Item| i.chars(text).take_while(|c| shape::narrow(*c).is_ascii_digit()).count();
    let head = digits(last);
    let all = last.glyphs.end - last.glyphs.start == head as u32;
    digits(next) == 3 && head > 0 && all && (head < 4 || is_grouped(slice(text, &last.glyphs)))
}

/// Whether gaps part these digits into groups of three from the right, and nothing else.
fn is_grouped(digits: &[Glyph]) -> bool {
    digits.windows(2).rev().enumerate().all(|(i, w)| {
        let [a, b] = w else { return true };
        (b.bbox.x0 - a.bbox.x1 > 0.1 * a.size) == (i % 3 == 2)
    })
}

/// Cuts a word where an amount of one painted text touches words of another one.
fn chunks(text: &PageText, word: &Range<u32>) -> impl Iterator<Item = Range<u32>> + use<> {
    let glyphs = slice(text, word);
    let mut cuts: smallvec::SmallVec<[u32; 4]> = smallvec::smallvec![word.start];
    let mut start = 0;
    let inner = if shape::is_one_amount(glyphs) { 1..1 } else { 1..glyphs.len() };
    for k in inner {
        let (Some(a), Some(b)) = (glyphs.get(k - 1), glyphs.get(k)) else { continue };
        if a.run == b.run {
            continue;
        }
        let rest_end = (k + 1..glyphs.len())
            .find(|i| matches!((glyphs.get(i - 1), glyphs.get(*i)), (Some(p), Some(q)) if p.run != q.run))
            .unwrap_or(glyphs.len());
        let left = shape::shape(glyphs.get(start..k).unwrap_or_default());
        let right = shape::shape(glyphs.get(k..rest_end).unwrap_or_default());
        let gap = b.bbox.x0 - a.bbox.x1;
        // Two numbers painted apart with a gap are two cells' numbers: `0` and the code in `204 公共安全支出`.
        let number_follows = left.is_numeric()
            && shape::narrow(b.ch).is_ascii_digit()
            && rest_end > k + 1
            && gap > 0.05 * a.size;
        let cut = number_follows
            || (left == Shape::Amount && right != Shape::Dash)
            || (left == Shape::Words
                && right == Shape::Amount
                && (gap > 0.08 * a.size || rest_end == glyphs.len() && is_wide(a.ch)));
        if cut {
            cuts.push(word.start + k as u32);
            start = k;
        }
    }
    cuts.push(word.end);
    (1..cuts.len())
        .map(move |i| cuts.get(i - 1).copied().unwrap_or_default()..cuts.get(i).copied().unwrap_or_default())
}

/// The texts that an item was painted as, where small gaps part them.
pub(super) fn texts(item: &Item, text: &PageText) -> Vec<Rect> {
    let apart = |w: &[Glyph]| matches!(w, [a, b] if a.run != b.run && b.bbox.x0 - a.bbox.x1 > 0.05 * a.size);
    let glyphs = slice(text, &item.glyphs);
    let mut out = Vec::new();
    let mut start = 0;
    for (k, pair) in glyphs.windows(2).enumerate() {
        if apart(pair) {
            out.extend(Rect::hull(glyphs.get(start..=k).unwrap_or_default().iter().map(|g| g.bbox)));
            start = k + 1;
        }
    }
    out.extend(Rect::hull(glyphs.get(start..).unwrap_or_default().iter().map(|g| g.bbox)));
    out
}

/// Whether `o` stands on a lower line than `item`, under some part of it.
pub(super) fn is_under(o: &Item, item: &Item) -> bool {
    o.baseline > item.baseline + 0.5 * item.size && o.bbox.overlap_x(&item.bbox) > 0.0
}

/// Cuts headings at column edges where texts painted apart nearly touch, and where an edge lies in a wide gap:
/// every gap in them lies at an edge. A letter-spaced label that spans others under it stays whole.
pub(super) fn cut_at_edges(items: &[Item], xs: &[f32], text: &PageText) -> Vec<Item> {
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        let glyphs = slice(text, &item.glyphs);
        let mut cuts: smallvec::SmallVec<[usize; 4]> = smallvec::smallvec![0];
        let mut gaps = 0;
        for (k, pair) in glyphs.windows(2).enumerate() {
            let [a, b] = pair else { continue };
            let em = a.size.max(b.size);
            if b.bbox.x0 - a.bbox.x1 <= 0.05 * em {
                continue;
            }
            gaps += 1;
            let middle = (a.bbox.x1 + b.bbox.x0) * 0.5;
            let wide = b.bbox.x0 - a.bbox.x1 > 0.8 * em;
            let parted = xs.iter().any(|x| *x > a.bbox.x1 && *x < b.bbox.x0);
            if a.run != b.run && xs.iter().any(|x| (x - middle).abs() <= 0.5 * em) || wide && parted {
                cuts.push(k + 1);
            }
        }
        let label = || cuts.len() == glyphs.len() && items.iter().any(|o| is_under(o, item));
        if cuts.len() == 1 || cuts.len() != gaps + 1 || label() {
            out.push(item.clone());
            continue;
        }
        cuts.push(glyphs.len());
        for pair in cuts.windows(2) {
            let [from, to] = pair else { continue };
            let piece = glyphs.get(*from..*to).unwrap_or_default();
            if let Some(bbox) = Rect::hull(piece.iter().map(|g| g.bbox)) {
                let start = item.glyphs.start;
                let range = start + *from as u32..start + *to as u32;
                out.push(Item { glyphs: range, bbox, shape: shape::shape(piece), ..item.clone() });
            }
        }
    }
    out
}
