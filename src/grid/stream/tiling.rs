//! Headings that stand in the middle of their cells → column edges.
//!
//! Where every heading is centred, the cells tell themselves: from a cell's left edge and the middle of its
//! heading follows its right edge, which is the next cell's left one. A set of lowest headings whose cells
//! fill the table from its left border to its right one in this way is no accident, so this also finds columns
//! without any amount in them, and tells headings that span columns from those that have one.

use super::items::Item;
use crate::geometry::Rect;

/// Headings are centred to this many ems.
const CENTRED: f32 = 0.45;
/// How far (in ems) the last cell may end from the border: small errors add up over the cells.
const CLOSED: f32 = 1.2;
/// More headings than this are not looked through.
const MOST: usize = 64;
/// Steps of the search; the right choice is nearly always the only one.
const MOST_STEPS: usize = 4_000;

/// The column edges between `left` and `right`, both included; `None` where headings are not centred in cells
/// that fill the width. `headings` are boxes, or single lines of them.
pub(super) fn edges(headings: &[Rect], body: &[Item], left: f32, right: f32, em: f32) -> Option<Vec<f32>> {
    if headings.len() < 3 || headings.len() > MOST {
        return None;
    }
    let mut sorted = headings.to_vec();
    sorted.sort_by(|a, b| a.cx().total_cmp(&b.cx()));
    let mut amounts: Vec<(f32, f32)> =
        body.iter().filter(|t| t.is_amount()).map(|t| (t.bbox.x0, t.bbox.x1)).collect();
    amounts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let words: Vec<&Item> = body.iter().filter(|t| !t.is_amount()).collect();
    let lines = body.chunk_by(|a, b| a.line == b.line).count();
    let mut search = Search {
        headings: &sorted,
        amounts: &amounts,
        words: &words,
        lines,
        right,
        em,
        steps: 0,
        open: Vec::new(),
        best: Vec::new(),
    };
    search.go(left);
    let cells = std::mem::take(&mut search.best);
    if cells.len() < 3 {
        return None;
    }
    let mut xs = vec![left];
    xs.extend(cells.iter().map(|c| c.end));
    if let Some(last) = xs.last_mut() {
        *last = right;
    }
    Some(xs)
}

/// A cell with the heading that it was made from.
#[derive(Clone, Copy)]
struct Cell {
    heading: usize,
    end: f32,
}

struct Search<'a> {
    headings: &'a [Rect],
    amounts: &'a [(f32, f32)],
    /// All other text of the body, and its number of lines.
    words: &'a [&'a Item],
    lines: usize,
    right: f32,
    em: f32,
    steps: usize,
    open: Vec<Cell>,
    best: Vec<Cell>,
}

impl Search<'_> {
    fn go(&mut self, x: f32) {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return;
        }
        if (x - self.right).abs() <= CLOSED * self.em && self.is_whole() {
            if self.open.len() > self.best.len() {
                self.best.clone_from(&self.open);
            }
            return;
        }
        if x > self.right {
            return;
        }
        for i in 0..self.headings.len() {
            let Some(b) = self.headings.get(i) else { continue };
            if b.cx() <= x {
                continue;
            }
            let end = 2.0 * b.cx() - x;
            if end > self.right + CLOSED * self.em {
                break;
            }
            let slack = 0.3 * self.em;
            if b.x0 < x - slack || b.x1 > end + slack || !self.is_lowest(i, x, end) {
                continue;
            }
            let Some(end) = self.settle(end) else { continue };
            self.open.push(Cell { heading: i, end });
            self.go(end);
            self.open.pop();
        }
    }

    /// Whether every other heading whose middle lies in the cell stands higher, or is centred in it too.
    fn is_lowest(&self, i: usize, x: f32, end: f32) -> bool {
        let Some(own) = self.headings.get(i) else { return false };
        let inside = |b: &Rect| b.cx() > x + 0.1 * self.em && b.cx() < end - 0.1 * self.em;
        let same = |b: &Rect| (b.cx() - own.cx()).abs() <= CENTRED * self.em;
        let higher = |b: &Rect| b.cy() < own.cy() - 0.3 * self.em;
        self.headings.iter().all(|b| !inside(b) || same(b) || higher(b))
    }

    /// The edge, moved a little where it would cut an amount.
    fn settle(&self, x: f32) -> Option<f32> {
        let cuts = |x: f32| self.amounts.iter().any(|(a, b)| a + 0.1 * self.em < x && b - 0.1 * self.em > x);
        let steps = (0..=8).flat_map(|n| [n as f32 * 0.1, n as f32 * -0.1]);
        steps.map(|d| x + d * self.em).find(|x| !cuts(*x)).filter(|x| !self.runs_through(*x))
    }

    /// Whether many names run through an edge: one or the other is longer than its cell, not most of them.
    fn runs_through(&self, x: f32) -> bool {
        let slack = 0.3 * self.em;
        let crossing = self.words.iter().filter(|t| t.bbox.x0 < x - slack && t.bbox.x1 > x + slack).count();
        crossing > 1 && crossing * 3 > self.lines
    }

    /// Whether all headings that have no cell of their own stand in the middle of several cells, or of one cell
    /// with its heading below them.
    fn is_whole(&self) -> bool {
        let ends: Vec<f32> = self.open.iter().map(|c| c.end).collect();
        let first = self.open.first().and_then(|c| Some(2.0 * self.headings.get(c.heading)?.cx() - c.end));
        let Some(first) = first else { return false };
        let starts: Vec<f32> = std::iter::once(first).chain(ends.iter().copied()).take(ends.len()).collect();
        let slack = 0.3 * self.em;
        self.headings.iter().enumerate().all(|(i, b)| {
            if self.open.iter().any(|c| c.heading == i) {
                return true;
            }
            starts.iter().enumerate().any(|(s, from)| {
                ends.iter().skip(s).any(|to| {
                    let off = ((from + to) * 0.5 - b.cx()).abs();
                    off <= 2.0 * CENTRED * self.em && b.x0 >= from - slack && b.x1 <= to + slack
                })
            })
        })
    }
}
