//! A plan of a grid: its edges and which of them part neighbouring slots; from that the cells.

use super::Method;
use crate::geometry::Rect;

/// More slots than this are not a table of anything.
pub(super) const MOST_SLOTS: usize = 250_000;

/// Edges and separators of one grid, before any text is put into it.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// How it was found.
    pub(super) method: Method,
    /// Column edges, ascending.
    pub(super) xs: Vec<f32>,
    /// Row edges, ascending.
    pub(super) ys: Vec<f32>,
    /// `above[r * columns + c]`: something parts the slot from the one above it.
    pub(super) above: Vec<bool>,
    /// `left[r * columns + c]`: something parts the slot from the one to its left.
    pub(super) left: Vec<bool>,
}

/// A rectangle of slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) rows: u32,
    pub(super) columns: u32,
}

/// What the text says about a slot.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct SlotText {
    /// Some text lies wholly inside it.
    pub(super) words: bool,
    /// An amount lies wholly inside it.
    pub(super) amount: bool,
    /// All text that lies wholly inside it is one number, with or without decimals.
    pub(super) number: bool,
    /// Left end of that text.
    pub(super) x0: f32,
    /// Right end of that text.
    pub(super) x1: f32,
    /// Top of that text.
    pub(super) y0: f32,
    /// Bottom of that text.
    pub(super) y1: f32,
    /// Height of its tallest word.
    pub(super) em: f32,
}

/// A gap of so many ems beside a number is no space within a sentence.
pub(super) const APART: f32 = 1.0;
/// So many texts below one another that none of them can go on with the one above are rows.
const ROWS_OF_TEXT: usize = 4;
/// … and so many where each stands as high as what is beside it: a merged cell's lines are closer than its rows.
const LINES_OF_ROWS: usize = 3;

impl Plan {
    /// A plan in which every slot is a cell; `None` if there is no slot, or there are too many.
    pub(super) fn full(method: Method, xs: Vec<f32>, ys: Vec<f32>) -> Option<Self> {
        let (rows, columns) = (ys.len().checked_sub(1)?, xs.len().checked_sub(1)?);
        let slots = rows.checked_mul(columns)?;
        if slots == 0 || slots > MOST_SLOTS {
            return None;
        }
        Some(Self { method, xs, ys, above: vec![true; slots], left: vec![true; slots] })
    }

    /// Number of rows.
    pub(super) fn rows(&self) -> usize {
        self.ys.len().saturating_sub(1)
    }

    /// Number of columns.
    pub(super) fn columns(&self) -> usize {
        self.xs.len().saturating_sub(1)
    }

    /// Hull of the slots.
    pub(super) fn bbox(&self) -> Rect {
        let ends =
            |v: &[f32]| (v.first().copied().unwrap_or_default(), v.last().copied().unwrap_or_default());
        let ((x0, x1), (y0, y1)) = (ends(&self.xs), ends(&self.ys));
        Rect::new(x0, y0, x1, y1)
    }

    /// The column that holds x (the nearest one for an x outside).
    pub(super) fn column_at(&self, x: f32) -> usize {
        interval_at(&self.xs, x)
    }

    /// The row that holds y (the nearest one for a y outside).
    pub(super) fn row_at(&self, y: f32) -> usize {
        interval_at(&self.ys, y)
    }

    /// The columns (first, end) that nothing parts from slot (`r`, `c`) within its row.
    pub(super) fn extent(&self, r: usize, c: usize) -> (usize, usize) {
        let columns = self.columns();
        let parted = |c: &usize| *c == 0 || *c >= columns || at(&self.left, r * columns + c);
        let first = (0..=c).rev().find(parted).unwrap_or(0);
        let end = (c + 1..=columns).find(parted).unwrap_or(columns);
        (first, end)
    }

    /// Box of a block.
    pub(super) fn block_bbox(&self, b: &Block) -> Rect {
        let x = |i: u32| self.xs.get(i as usize).copied().unwrap_or_default();
        let y = |i: u32| self.ys.get(i as usize).copied().unwrap_or_default();
        Rect::new(x(b.column), y(b.row), x(b.column + b.columns), y(b.row + b.rows))
    }

    /// The cells, sorted by row, then column; every slot lies in exactly one.
    ///
    /// Slots that nothing parts make one cell if they fill a rectangle; if they do not, or if two of them hold
    /// an amount each, some separator is missing, and only those stay together whose text does not object.
    pub(super) fn blocks(&self, text: &[SlotText]) -> Vec<Block> {
        let (rows, columns) = (self.rows(), self.columns());
        let mut taken = vec![false; rows * columns];
        let mut out = Vec::with_capacity(rows * columns);
        let mut stack: Vec<usize> = Vec::new();
        let mut members: Vec<usize> = Vec::new();
        let mut seen = vec![false; rows * columns];
        for start in 0..rows * columns {
            if seen.get(start).copied().unwrap_or(true) {
                continue;
            }
            members.clear();
            stack.push(start);
            mark(&mut seen, start);
            let (mut r0, mut r1, mut c0, mut c1) = (usize::MAX, 0, usize::MAX, 0);
            while let Some(i) = stack.pop() {
                members.push(i);
                let (r, c) = (i / columns, i % columns);
                (r0, r1, c0, c1) = (r0.min(r), r1.max(r), c0.min(c), c1.max(c));
                let mut visit = |open: bool, n: usize| {
                    if open && !seen.get(n).copied().unwrap_or(true) {
                        mark(&mut seen, n);
                        stack.push(n);
                    }
                };
                visit(c > 0 && !at(&self.left, i), i.wrapping_sub(1));
                visit(c + 1 < columns && !at(&self.left, i + 1), i + 1);
                visit(r > 0 && !at(&self.above, i), i.wrapping_sub(columns));
                visit(r + 1 < rows && !at(&self.above, i + columns), i + columns);
            }
            let amounts = members.iter().filter(|i| text.get(**i).is_some_and(|t| t.amount)).count();
            members.sort_unstable();
            let whole = (r1 - r0 + 1) * (c1 - c0 + 1) == members.len();
            let apart = r0 == r1 && c0 < c1 && self.numbers_apart(&members, text);
            if whole && amounts < 2 && !apart && !(c0 == c1 && self.are_rows(&members, c0, text)) {
                let mut first = c0;
                for c in self.begun(&members, (c0, c1), text) {
                    out.push(block(r0, first, r1, c - 1));
                    first = c;
                }
                out.push(block(r0, first, r1, c1));
            } else {
                self.decompose(&members, text, apart, &mut taken, &mut out);
            }
        }
        out.sort_by_key(|b| (b.row, b.column));
        out
    }

    /// Whether the slots of one row hold cells of their own between which the rules were left out: a number stands in one
    /// of them, and every number is [`APART`] from the text beside it.
    fn numbers_apart(&self, members: &[usize], text: &[SlotText]) -> bool {
        let filled: Vec<&SlotText> =
            members.iter().filter_map(|i| text.get(*i)).filter(|t| t.words).collect();
        let pair = |w: &[&SlotText]| match w {
            [a, b] => !(a.number || b.number) || b.x0 - a.x1 >= APART * a.em.min(b.em),
            _ => true,
        };
        filled.len() > 1 && filled.iter().any(|t| t.number) && filled.windows(2).all(pair)
    }

    /// Columns at which a rectangle of slots that hang together is parted all the same: a separator is there in some
    /// of its rows, and text stands on both sides. Some producers paint the sides of a merged cell only beside the first
    /// of the slots that it covers.
    fn begun(&self, members: &[usize], (c0, c1): (usize, usize), text: &[SlotText]) -> Vec<usize> {
        let columns = self.columns();
        let mut painted = vec![false; c1 - c0 + 1];
        let mut words = vec![false; c1 - c0 + 1];
        for i in members {
            let c = (i % columns).saturating_sub(c0);
            if let (Some(painted), Some(words)) = (painted.get_mut(c), words.get_mut(c)) {
                *painted |= at(&self.left, *i);
                *words |= text.get(*i).is_some_and(|t| t.words);
            }
        }
        let last = words.iter().rposition(|w| *w).unwrap_or(0);
        let mut out = Vec::new();
        let mut before = words.first().copied().unwrap_or(false);
        for c in 1..=last {
            if at(&painted, c) && before {
                out.push(c0 + c);
                before = false;
            }
            before |= at(&words, c);
        }
        out
    }

    /// Whether slots below one another are rows between which the rules were left out: nearly each holds text, and none
    /// of the texts is so long that it has to go on below.
    fn are_rows(&self, members: &[usize], column: usize, text: &[SlotText]) -> bool {
        let width = self.xs.get(column + 1).zip(self.xs.get(column)).map_or(0.0, |(b, a)| b - a);
        let texts = || members.iter().filter_map(|i| text.get(*i)).filter(|t| t.words);
        let count = texts().count();
        let room = |t: &SlotText| width - (t.x1 - t.x0);
        let ends = |em: f32, share: f32| {
            texts().take(count.saturating_sub(1)).all(|t| room(t) > em * t.em && room(t) >= share * width)
        };
        if count >= ROWS_OF_TEXT && count * 3 >= members.len() * 2 && ends(3.0, 0.0) {
            return true;
        }
        // Fewer are rows, and longer texts, where each stands as high as what is beside it.
        let beside = || members.iter().filter_map(|i| self.as_high_as_beside(*i, text));
        count == members.len()
            && count >= LINES_OF_ROWS
            && (ends(3.0, 0.4) || count > ROWS_OF_TEXT && ends(1.2, 0.0))
            && beside().count() > 1
            && beside().all(|high| high)
    }

    /// Whether the text of slot `i` stands as high as that of another slot of its row; `None` if no other holds any.
    fn as_high_as_beside(&self, i: usize, text: &[SlotText]) -> Option<bool> {
        let row = i / self.columns() * self.columns();
        let own = text.get(i)?;
        let slots = (row..row + self.columns()).filter(|o| *o != i);
        let off = slots.filter_map(|o| text.get(o)).filter(|t| t.words);
        let off = off.map(|t| (t.y0 + t.y1 - own.y0 - own.y1).abs() * 0.5).min_by(f32::total_cmp);
        off.map(|off| off < 0.2 * own.em)
    }

    /// Cuts a set of slots that is no cell into rectangles.
    ///
    /// With `numbers`, a number keeps to its own column, so that blank cells beside it stay blank cells.
    fn decompose(
        &self,
        members: &[usize],
        text: &[SlotText],
        numbers: bool,
        taken: &mut [bool],
        out: &mut Vec<Block>,
    ) {
        let columns = self.columns();
        let inside = |i: usize| members.binary_search(&i).is_ok();
        let words = |i: usize| text.get(i).is_some_and(|t| t.words);
        let number = |i: usize| numbers && text.get(i).is_some_and(|t| t.number);
        for &start in members {
            if at(taken, start) {
                continue;
            }
            let (row, column) = (start / columns, start % columns);
            let mut filled = usize::from(words(start));
            let mut right = column;
            while right + 1 < columns {
                let next = row * columns + right + 1;
                let parted = at(&self.left, next) || number(next - 1) || number(next);
                if !inside(next) || at(taken, next) || parted || (filled > 0 && words(next)) {
                    break;
                }
                filled += usize::from(words(next));
                right += 1;
            }
            let mut bottom = row;
            'down: while bottom + 1 < self.rows() {
                let mut more = 0;
                for c in column..=right {
                    let next = (bottom + 1) * columns + c;
                    let parted = at(&self.above, next) || (c > column && at(&self.left, next));
                    if !inside(next) || at(taken, next) || parted {
                        break 'down;
                    }
                    more += usize::from(words(next));
                }
                if filled > 0 && more > 0 {
                    break;
                }
                filled += more;
                bottom += 1;
            }
            for r in row..=bottom {
                for c in column..=right {
                    mark(taken, r * columns + c);
                }
            }
            out.push(block(row, column, bottom, right));
        }
    }
}

fn block(r0: usize, c0: usize, r1: usize, c1: usize) -> Block {
    Block { row: r0 as u32, column: c0 as u32, rows: (r1 - r0 + 1) as u32, columns: (c1 - c0 + 1) as u32 }
}

fn at(flags: &[bool], i: usize) -> bool {
    flags.get(i).copied().unwrap_or(true)
}

fn mark(flags: &mut [bool], i: usize) {
    if let Some(flag) = flags.get_mut(i) {
        *flag = true;
    }
}

/// The interval between ascending edges that holds `v`, clamped to the first and the last one.
fn interval_at(edges: &[f32], v: f32) -> usize {
    edges.partition_point(|e| *e <= v).saturating_sub(1).min(edges.len().saturating_sub(2))
}
