//! Codes in the middle of cells that are merged down over several rows, without any rule around them.
//!
//! Such a code stands beside no row, or beside one by accident. The rows are told by everything else; which of them a
//! code covers follows from its middle, since each cell begins where the one above it ended. Only cells that fill the
//! rows down to the last one in this way are taken.

use super::super::plan::Plan;
use super::super::shape::Shape;
use super::items::Item;
use crate::geometry::Rect;

/// A code's cell: its column and its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    column: usize,
    first: usize,
    last: usize,
}

/// Codes stand in the middle of their cells to this many ems.
const CENTRED: f32 = 0.2;
/// Texts of one row that are in the middle of it agree to this many ems.
const BESIDE: f32 = 0.1;

/// The columns that hold nothing but codes, most of them beside no amount, and fewer than there are lines of amounts.
pub(super) fn columns(body: &[Item], column: impl Fn(&Item) -> usize, count: usize, em: f32) -> Vec<usize> {
    let mut lines: Vec<f32> = body.iter().filter(|t| t.is_amount()).map(|t| t.bbox.cy()).collect();
    lines.sort_by(f32::total_cmp);
    lines.dedup_by(|b, a| *b - *a < 0.4 * em);
    let beside = |t: &Item| {
        let next = lines.partition_point(|y| *y < t.bbox.cy() - BESIDE * em);
        lines.get(next).is_some_and(|y| *y <= t.bbox.cy() + BESIDE * em)
    };
    let merged = |c: &usize| {
        let own = || body.iter().filter(|t| column(t) == *c);
        // the label of the total may stand in the middle of all columns before the amounts
        let codes = own().filter(|t| t.shape == Shape::Integer);
        let (all, apart) = (codes.clone().count(), codes.filter(|t| !beside(t)).count());
        all > 1 && own().count() <= all + 1 && apart * 3 > all * 2 && all * 3 < lines.len() * 2
    };
    (0..count).filter(merged).collect()
}

/// The cells of the codes in `columns` between the row edges `ys`, the first `head` rows left out; `None` if they do
/// not fill the rows, all but a last one for the total.
pub(super) fn runs(
    body: &[Item],
    column: impl Fn(&Item) -> usize,
    columns: &[usize],
    (ys, head): (&[f32], usize),
    em: f32,
) -> Option<Vec<Run>> {
    let rows = ys.len().checked_sub(1)?;
    let other = |t: &&Item| !columns.contains(&column(t)) || t.shape != Shape::Integer;
    let texts = ys.windows(2).skip(head).map(|w| {
        let &[y0, y1] = w else { return None };
        let inside = |t: &&Item| t.bbox.cy() > y0 && t.bbox.cy() <= y1;
        Rect::hull(body.iter().filter(other).filter(inside).map(|t| t.bbox)).map(|b| (b.y0, b.y1))
    });
    let cells = padded(&texts.collect::<Option<Vec<_>>>()?, em);
    let cell = |row: usize| row.checked_sub(head).and_then(|row| cells.get(row).copied());
    let chain = |codes: &[f32], column: usize, from: usize, end: usize| -> Option<Vec<Run>> {
        let mut out = Vec::with_capacity(codes.len());
        let mut first = from;
        for cy in codes {
            let top = cell(first)?.0;
            let off = |last: usize| {
                let bottom = cell(last).map_or(f32::INFINITY, |b| b.1);
                ((top + bottom) * 0.5 - cy).abs()
            };
            let last = (first..end).min_by(|a, b| off(*a).total_cmp(&off(*b)))?;
            if off(last) > CENTRED * em {
                return None;
            }
            out.push(Run { column, first, last });
            first = last + 1;
        }
        (first == end).then_some(out)
    };
    let mut out: Vec<Run> = Vec::new();
    let mut outer: Vec<(usize, usize)> = Vec::new();
    for (level, c) in columns.iter().copied().enumerate() {
        let mut codes: Vec<f32> = body
            .iter()
            .filter(|t| column(t) == c && t.shape == Shape::Integer)
            .map(|t| t.bbox.cy())
            .collect();
        codes.sort_by(f32::total_cmp);
        let mut found: Vec<Run> = Vec::new();
        if level == 0 {
            found = chain(&codes, c, head, rows).xor(chain(&codes, c, head, rows.checked_sub(1)?))?;
        }
        for (first, end) in outer.drain(..) {
            let inside = |y: &&f32| {
                ys.get(first).is_some_and(|top| *y > top) && ys.get(end).is_some_and(|low| *y < low)
            };
            let own: Vec<f32> = codes.iter().filter(inside).copied().collect();
            if own.is_empty() {
                continue;
            }
            // the class has a row of its own above its sections, or it has none
            found.extend(chain(&own, c, first + 1, end).xor(chain(&own, c, first, end))?);
        }
        if found.len() != codes.len() {
            return None;
        }
        outer.extend(found.iter().map(|r| (r.first, r.last + 1)));
        out.append(&mut found);
    }
    Some(out)
}

/// The heights of rows whose texts, between these heights, stand in their middles: as far below a row's text as the row
/// ends, it begins above it, so the first row's end tells those of all others, and no row is lower than its text. Where
/// that leaves more than one choice, rows end halfway.
fn padded(texts: &[(f32, f32)], em: f32) -> Vec<(f32, f32)> {
    let mut pads = vec![0.0_f32];
    for w in texts.windows(2) {
        if let ([a, b], Some(last)) = (w, pads.last().copied()) {
            pads.push(b.0 - a.1 - last);
        }
    }
    let even = pads.iter().step_by(2).map(|pad| -pad).fold(f32::NEG_INFINITY, f32::max);
    let odd = pads.iter().skip(1).step_by(2).copied().fold(f32::INFINITY, f32::min);
    let known = (odd - even).abs() < 0.3 * em;
    let first = (even + odd) * 0.5;
    let gap = |i: Option<usize>| {
        let a = i.and_then(|i| texts.get(i))?;
        Some((texts.get(i? + 1)?.0 - a.1) * 0.5)
    };
    let row = |(i, (text, pad)): (usize, (&(f32, f32), &f32))| {
        let own = if i % 2 == 0 { pad + first } else { pad - first };
        let above = gap(i.checked_sub(1)).or(gap(Some(i))).unwrap_or(0.0);
        let below = gap(Some(i)).or(gap(i.checked_sub(1))).unwrap_or(0.0);
        if known { (text.0 - own, text.1 + own) } else { (text.0 - above, text.1 + below) }
    };
    texts.iter().zip(&pads).enumerate().map(row).collect()
}

/// Joins the slots of each code's cell.
pub(super) fn join(plan: &mut Plan, runs: &[Run]) {
    let columns = plan.columns();
    for run in runs {
        for r in run.first + 1..=run.last {
            if let Some(above) = plan.above.get_mut(r * columns + run.column) {
                *above = false;
            }
        }
    }
}
