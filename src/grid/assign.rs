//! Words → cells. A word goes to its cell whole; it is cut at a ruling only where the text itself shows that
//! two cells' texts touch there.

use super::plan::{self, Block, Plan, SlotText};
use super::shape::{self, Shape};
use super::{Cell, CellLine, Gap, Grid};
use crate::geometry::Rect;
use crate::layout::{self, PageText, Word, is_wide};
use crate::pdf::Glyph;
use smallvec::SmallVec;
use std::ops::Range;

/// Longer words are never cut: no cell's text is that long without a gap, and looking for the place is quadratic.
const LONGEST: usize = 1024;

/// Gaps from so many heights of the line on may part two cells' texts.
const WIDE: f32 = 0.3;

/// A piece of a word that lies in one cell.
#[derive(Clone, Debug)]
struct Piece {
    cell: u32,
    line: u32,
    glyphs: Range<u32>,
    bbox: Rect,
    spaced: bool,
}

/// What the words say about the slots of a plan.
pub(super) fn slot_text(plan: &Plan, text: &PageText, words: &[u32]) -> Vec<SlotText> {
    let (rows, columns) = (plan.rows(), plan.columns());
    let mut slots = vec![SlotText::default(); rows * columns];
    let mut crossing = Vec::new();
    for word in words.iter().filter_map(|w| text.words.get(*w as usize)) {
        let slack = 0.35 * word.bbox.height();
        let (first, last) = (plan.column_at(word.bbox.x0 + slack), plan.column_at(word.bbox.x1 - slack));
        if first < last {
            crossing.push((word.bbox, first, last));
            continue;
        }
        let column = plan.column_at(word.bbox.cx());
        if let Some(slot) = slots.get_mut(plan.row_at(word.bbox.cy()) * columns + column) {
            let b = &word.bbox;
            let hull = if slot.words { b.union(&Rect::new(slot.x0, slot.y0, slot.x1, slot.y1)) } else { *b };
            (slot.x0, slot.y0, slot.x1, slot.y1) = (hull.x0, hull.y0, hull.x1, hull.y1);
            slot.em = slot.em.max(b.height());
            let shape = shape::shape(text.word_glyphs(word));
            slot.number = (slot.number || !slot.words) && matches!(shape, Shape::Amount | Shape::Integer);
            slot.words = true;
            slot.amount |= shape == Shape::Amount;
        }
    }
    // A number that a text from the next slot comes close to belongs to that text.
    for (bbox, first, last) in crossing {
        let row = plan.row_at(bbox.cy()) * columns;
        for c in first.saturating_sub(1)..(last + 2).min(columns) {
            if let Some(slot) = slots.get_mut(row + c) {
                slot.number &= (slot.x0 - bbox.x1).max(bbox.x0 - slot.x1) >= plan::APART * bbox.height();
            }
        }
    }
    slots
}

/// The grid of a plan with its words (indices of `text.words` in reading order).
pub(super) fn fill(page: u32, plan: &Plan, text: &PageText, words: &[u32]) -> Grid {
    let slots = slot_text(plan, text, words);
    let blocks = plan.blocks(&slots);
    let columns = plan.columns();
    let mut cell_of = vec![0u32; plan.rows() * columns];
    for (i, b) in blocks.iter().enumerate() {
        for r in b.row..b.row + b.rows {
            for c in b.column..b.column + b.columns {
                if let Some(slot) = cell_of.get_mut(r as usize * columns + c as usize) {
                    *slot = i as u32;
                }
            }
        }
    }
    let target = Target { plan, blocks: &blocks, cell_of: &cell_of, text };
    let mut pieces: Vec<Piece> = Vec::with_capacity(words.len());
    let mut overflow = vec![false; blocks.len()];
    for &w in words {
        if let Some(word) = text.words.get(w as usize) {
            target.place(word, &mut pieces, &mut overflow);
        }
    }
    let mut cells: Vec<Cell> = blocks
        .iter()
        .zip(&overflow)
        .map(|(b, overflow)| Cell {
            row: b.row,
            column: b.column,
            row_span: b.rows,
            column_span: b.columns,
            bbox: plan.block_bbox(b),
            lines: Vec::new(),
            overflow: *overflow,
        })
        .collect();
    write_lines(&mut cells, pieces, text);
    Grid {
        page,
        bbox: plan.bbox(),
        method: plan.method,
        ys: plan.ys.clone(),
        xs: plan.xs.clone(),
        cells,
        seams: Vec::new(),
    }
}

struct Target<'a> {
    plan: &'a Plan,
    blocks: &'a [Block],
    cell_of: &'a [u32],
    text: &'a PageText,
}

impl Target<'_> {
    fn cell(&self, row: usize, column: usize) -> u32 {
        self.cell_of.get(row * self.plan.columns() + column).copied().unwrap_or_default()
    }

    fn cell_x(&self, cell: u32) -> (f32, f32) {
        let b = self.blocks.get(cell as usize).map(|b| self.plan.block_bbox(b)).unwrap_or_default();
        (b.x0, b.x1)
    }

    /// Puts a word into the cell or the cells that it belongs to.
    fn place(&self, word: &Word, pieces: &mut Vec<Piece>, overflow: &mut [bool]) {
        let row = self.plan.row_at(word.bbox.cy());
        let mut glyphs = word.glyphs.clone();
        let mut bbox = word.bbox;
        let mut spaced = word.spaced;
        // Every round ends the word or cuts off at least one glyph.
        loop {
            let slack = (0.35 * bbox.height()).min(0.3 * bbox.width());
            let (c0, c1) = (self.plan.column_at(bbox.x0 + slack), self.plan.column_at(bbox.x1 - slack));
            let first = self.cell(row, c0);
            if (c0..=c1).all(|c| self.cell(row, c) == first) {
                pieces.push(Piece { cell: first, line: word.line, glyphs, bbox, spaced });
                return;
            }
            let borders: SmallVec<[f32; 8]> = (c0 + 1..=c1)
                .filter(|c| self.cell(row, *c) != self.cell(row, c - 1))
                .filter_map(|c| self.plan.xs.get(c).copied())
                .collect();
            let all = self.text.glyphs.get(glyphs.start as usize..glyphs.end as usize).unwrap_or_default();
            if let Some(k) = borders.iter().find_map(|x| cut_at(all, *x, &borders)) {
                let (head, tail) = all.split_at(k);
                if let (Some(a), Some(b)) = (hull(head), hull(tail)) {
                    let last = self.plan.column_at(a.x1 - slack.min(0.3 * a.width()));
                    let cell = if self.cell(row, c0) == self.cell(row, last) {
                        self.cell(row, self.plan.column_at(a.cx()))
                    } else {
                        self.owner(row, c0, last.max(c0), &a)
                    };
                    let middle = glyphs.start + k as u32;
                    pieces.push(Piece {
                        cell,
                        line: word.line,
                        glyphs: glyphs.start..middle,
                        bbox: a,
                        spaced,
                    });
                    (glyphs, bbox, spaced) = (middle..glyphs.end, b, false);
                    continue;
                }
            }
            let cell = self.owner(row, c0, c1, &bbox);
            if let Some(flag) = overflow.get_mut(cell as usize) {
                *flag = true;
            }
            pieces.push(Piece { cell, line: word.line, glyphs, bbox, spaced });
            return;
        }
    }

    /// The cell of a word that is wider than its cell: the one at whose left edge it starts, else the one at
    /// whose right edge it ends, else the one that holds its middle.
    fn owner(&self, row: usize, c0: usize, c1: usize, bbox: &Rect) -> u32 {
        let em = bbox.height();
        let (first, last) = (self.cell(row, c0), self.cell(row, c1));
        let ((left, _), (_, right)) = (self.cell_x(first), self.cell_x(last));
        let (from_left, to_right) = ((bbox.x0 - left).abs(), (right - bbox.x1).abs());
        if from_left <= 0.8 * em && from_left <= to_right {
            first
        } else if to_right <= 0.8 * em {
            last
        } else {
            self.cell(row, self.plan.column_at(bbox.cx()))
        }
    }
}

/// Where to cut a word that crosses a cell border at `x`, one of `borders`: the glyph index at which another
/// cell's text begins.
fn cut_at(glyphs: &[Glyph], x: f32, borders: &[f32]) -> Option<usize> {
    if glyphs.len() > LONGEST {
        return None;
    }
    let whole_number = shape::shape(glyphs).is_numeric();
    let gaps_tell = gaps_at_borders(glyphs, borders);
    let runs = glyphs.windows(2).filter(|w| matches!(w, [a, b] if a.run != b.run)).count();
    // A producer that paints every glyph by itself says nothing with its runs.
    let runs_tell = runs * 4 <= glyphs.len();
    let one_run = |g: &[Glyph]| g.windows(2).all(|w| matches!(w, [a, b] if a.run == b.run));
    let one_number = |g: &[Glyph]| one_run(g) && shape::is_one_amount(g);
    // An amount painted in one go is one amount, however far it reaches into the next cell.
    if one_number(glyphs) {
        return None;
    }
    let mut best: Option<(f32, usize)> = None;
    for k in 1..glyphs.len() {
        let (Some(a), Some(b)) = (glyphs.get(k - 1), glyphs.get(k)) else { continue };
        let em = a.size.max(b.size);
        let at = (a.bbox.x1 + b.bbox.x0) * 0.5;
        let off = (at - x).abs();
        let new_run = runs_tell && a.run != b.run;
        let (head, tail) = glyphs.split_at(k);
        // A name that runs over the border as far as the amount of the next cell ends where the amount begins.
        // So does an amount that runs over the border as far as the next cell's number.
        let overrun = off > 0.75 * em
            && at > x
            && new_run
            && (is_wide(a.ch) && shape::shape(tail) == Shape::Amount
                || one_number(head) && shape::shape(tail).is_numeric());
        if off > 0.75 * em && !overrun {
            continue;
        }
        let (left, right) = (shape::shape(head), shape::shape(tail));
        let two_amounts = left == Shape::Amount && right == Shape::Amount;
        let other_kind = left.is_numeric() != right.is_numeric();
        let gap = b.bbox.x0 - a.bbox.x1 >= 0.12 * em;
        // the border runs through a gap of a text that is set without gaps away from borders
        let only_gap = gap && gaps_tell && off <= 0.4 * em;
        let parts = two_amounts
            || only_gap
            || overrun
            || whole_number && gap && off <= 0.4 * em
            || !whole_number && (new_run && (other_kind || gap || off <= 0.3 * em))
            || !whole_number
                && (other_kind
                    && off <= 0.5 * em
                    && (left == Shape::Amount || right == Shape::Amount || gap || opens_entry(left, tail)));
        if parts && best.is_none_or(|(d, _)| off < d) {
            best = Some((off, k));
        }
    }
    best.map(|(_, k)| k)
}

/// Whether a number is followed by `（二）` or the like: the ink of a wide bracket begins in its right half, so that the
/// border may run through it, with no gap before.
fn opens_entry(before: Shape, glyphs: &[Glyph]) -> bool {
    let numeral = |g: &Glyph| "一二三四五六七八九十".contains(g.ch);
    before.is_numeric()
        && glyphs.first().is_some_and(|g| g.ch == '（')
        && glyphs.get(1).is_some_and(numeral)
        && glyphs.iter().take(5).any(|g| g.ch == '）')
}

/// Whether a text is set without gaps, but for gaps that lie at cell borders.
fn gaps_at_borders(glyphs: &[Glyph], borders: &[f32]) -> bool {
    glyphs.windows(2).all(|w| {
        let [a, b] = w else { return true };
        let em = a.size.max(b.size);
        let middle = (a.bbox.x1 + b.bbox.x0) * 0.5;
        b.bbox.x0 - a.bbox.x1 <= 0.08 * em || borders.iter().any(|x| (x - middle).abs() <= 0.4 * em)
    })
}

fn hull(glyphs: &[Glyph]) -> Option<Rect> {
    Rect::hull(glyphs.iter().map(|g| g.bbox))
}

/// Orders the pieces within their cells and writes their text.
fn write_lines(cells: &mut [Cell], mut pieces: Vec<Piece>, text: &PageText) {
    // Reading order: pieces come line by line, so a stable sort keeps lines from top to bottom.
    pieces
        .sort_by(|a, b| a.cell.cmp(&b.cell).then(a.line.cmp(&b.line)).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
    let mut rest = pieces.as_mut_slice();
    while let Some(first) = rest.first().cloned() {
        let same_cell = rest.iter().take_while(|p| p.cell == first.cell).count();
        let (own, tail) = rest.split_at_mut(same_cell);
        join_levels(own, text);
        if let Some(cell) = cells.get_mut(first.cell as usize) {
            cell.lines = cell_lines(own, text);
        }
        rest = tail;
    }
}

/// Pieces of one cell whose lines differ by less than a superscript's height are one line.
fn join_levels(pieces: &mut [Piece], text: &PageText) {
    let mut moved = false;
    for i in 1..pieces.len() {
        let (Some(a), Some(b)) = (pieces.get(i - 1).cloned(), pieces.get_mut(i)) else { continue };
        let baseline = |line: u32| text.lines.get(line as usize).map_or(0.0, |l| l.baseline);
        if a.line != b.line {
            let em = a.bbox.height().min(b.bbox.height());
            let apart = b.bbox.x0 >= a.bbox.x1 - 0.2 * em || b.bbox.x1 <= a.bbox.x0 + 0.2 * em;
            if apart && (baseline(b.line) - baseline(a.line)).abs() < 0.45 * em {
                b.line = a.line;
                moved = true;
            }
        }
    }
    if moved {
        pieces.sort_by(|a, b| a.line.cmp(&b.line).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
    }
}

fn cell_lines(pieces: &[Piece], text: &PageText) -> Vec<CellLine> {
    pieces
        .chunk_by(|a, b| a.line == b.line)
        .filter_map(|line| {
            let bbox = Rect::hull(line.iter().map(|p| p.bbox))?;
            let mut out = String::new();
            let mut last = None;
            let mut gaps = Vec::new();
            let mut reach = f32::INFINITY;
            for p in line {
                let glyphs =
                    text.glyphs.get(p.glyphs.start as usize..p.glyphs.end as usize).unwrap_or_default();
                if p.bbox.x0 - reach >= WIDE * p.bbox.height() {
                    gaps.push(Gap { at: out.len(), x0: reach, x1: p.bbox.x0 });
                }
                reach = p.bbox.x1;
                last = layout::append_glyphs(&mut out, glyphs, last, p.spaced);
            }
            Some(CellLine { text: out, bbox, gaps })
        })
        .collect()
}
