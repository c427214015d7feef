//! Headings under known column edges: the lines within one column are one heading, however far apart they
//! stand, unless something painted parts them; what is centred over several columns spans them.

use super::header::{self, Heading, Node};
use super::items::Item;
use crate::geometry::Rect;

/// Differences in how well a heading is centred that count, in ems.
const NEARER: f32 = 0.3;
/// A line is centred over a column, or over several, to this many ems.
const CENTRED: f32 = 0.9;

/// The headings of these lines and the columns that each of them covers. `ruled` tells whether a ruling lies
/// between two heights at an x; `top` and `bottom` are the header's edges. `None` where some heading is centred
/// over no columns.
pub(super) fn headings(
    head: &[Item],
    xs: &[f32],
    ruled: impl Fn(f32, f32, f32) -> bool,
    top: f32,
    bottom: f32,
) -> Option<(Vec<Heading>, Vec<Node>)> {
    let mut order: Vec<&Item> = head.iter().collect();
    order.sort_by(|a, b| a.baseline.total_cmp(&b.baseline).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
    let mut out: Vec<Heading> = Vec::new();
    let mut columns: Vec<Option<usize>> = Vec::new();
    let pitch = widest_pitch(&order, xs);
    // The last characters of a wrapped heading over several columns are as narrow as one of them, but they stand in the
    // middle of all.
    let rest = |item: &Item, column: usize, above: &[Heading], columns: &[Option<usize>]| {
        let off = |x: f32| (x - item.bbox.cx()).abs();
        let own = xs.get(column).zip(xs.get(column + 1)).map_or(0.0, |(a, b)| off((a + b) * 0.5));
        own > NEARER * item.size
            && above.iter().zip(columns).any(|(h, c)| {
                c.is_none()
                    && off(h.bbox.cx()) < 0.5 * NEARER * item.size
                    && item.baseline - h.baseline > 0.5 * item.size
                    && item.baseline - h.baseline <= pitch
            })
    };
    for item in order {
        let column = column_of(&item.bbox, xs, item.size).filter(|c| !rest(item, *c, &out, &columns));
        // a heading over several columns may be wrapped too
        let same =
            |h: &Heading| column.is_some() || (item.bbox.cx() - h.bbox.cx()).abs() < CENTRED * item.size;
        let above = columns.iter().zip(&out).rposition(|(c, h)| *c == column && same(h));
        let found = above.and_then(|i| out.get_mut(i)).filter(|h| {
            item.baseline - h.baseline <= pitch
                && !header::is_band(h, item, head)
                && !ruled(item.bbox.cx(), h.baseline, item.bbox.cy())
                && item.size < 1.3 * h.size
                && h.size < 1.3 * item.size
        });
        match found {
            Some(h) => {
                h.bbox = h.bbox.union(&item.bbox);
                h.baseline = h.baseline.max(item.baseline);
            }
            None => {
                out.push(Heading { bbox: item.bbox, size: item.size, baseline: item.baseline });
                columns.push(column);
            }
        }
    }
    let nodes = header::tree(&out, xs, top, bottom);
    let nodes = if keeps(&nodes, &out, &columns, xs) { nodes } else { place(&out, &columns, xs) };
    (nodes.len() == out.len() && keeps(&nodes, &out, &columns, xs)).then_some((out, nodes))
}

/// The greatest distance from line to line within a heading: that of the closest lines under one another, and a
/// little more.
fn widest_pitch(order: &[&Item], xs: &[f32]) -> f32 {
    let mut least = f32::INFINITY;
    for c in 0..xs.len().saturating_sub(1) {
        let own = order.iter().filter(|t| column_of(&t.bbox, xs, t.size) == Some(c));
        let mut above: Option<f32> = None;
        for t in own {
            if let Some(y) = above.filter(|y| t.baseline - y > 0.5 * t.size) {
                least = least.min(t.baseline - y);
            }
            above = Some(t.baseline);
        }
    }
    (1.25 * least).min(1.75 * order.first().map_or(0.0, |t| t.size))
}

/// The column that a line is centred in; `None` for a line over several.
fn column_of(b: &Rect, xs: &[f32], em: f32) -> Option<usize> {
    let slack = 0.35 * em;
    xs.windows(2).position(|w| {
        let [from, to] = w else { return false };
        b.x0 >= from - slack && b.x1 <= to + slack && ((from + to) * 0.5 - b.cx()).abs() <= CENTRED * em
    })
}

/// Whether every heading of one column got just this column, and every other one columns that it is centred over.
fn keeps(nodes: &[Node], headings: &[Heading], columns: &[Option<usize>], xs: &[f32]) -> bool {
    let centred = |n: &Node| {
        let (Some(h), Some(from), Some(to)) = (headings.get(n.heading), xs.get(n.first), xs.get(n.last + 1))
        else {
            return false;
        };
        ((from + to) * 0.5 - h.bbox.cx()).abs() <= CENTRED * h.size
    };
    columns.iter().enumerate().all(|(i, column)| {
        let mut own = nodes.iter().filter(|n| n.heading == i);
        match (own.next(), column) {
            // what stands over one column alone is no heading of headings
            (Some(n), Some(c)) => {
                if n.parent {
                    n.first < n.last && centred(n)
                } else {
                    n.first == *c && n.last == *c
                }
            }
            (Some(n), None) => n.first < n.last && centred(n),
            (None, _) => false,
        }
    })
}

/// Every heading of one column in its place; over them what is centred over several columns whose headings all
/// stand below it.
fn place(headings: &[Heading], columns: &[Option<usize>], xs: &[f32]) -> Vec<Node> {
    let count = xs.len().saturating_sub(1);
    let range = |i: usize, h: &Heading| -> Option<(usize, usize)> {
        let own = columns.get(i).copied().flatten();
        let under = |c: usize| {
            let others = headings.iter().zip(columns).enumerate().filter(move |(j, _)| *j != i);
            others.filter(move |(_, (_, k))| **k == Some(c)).map(|(_, (o, _))| o)
        };
        if let Some(c) = own
            && !under(c).any(|o| o.bbox.cy() > h.bbox.cy())
        {
            return Some((c, c));
        }
        // Columns whose headings reach up beside this one are not under it.
        let below = |c: usize| under(c).next().is_some_and(|o| o.bbox.y0 >= h.bbox.y1 - 0.15 * h.size);
        let mut best: Option<(i32, usize, usize)> = None;
        for first in 0..count {
            for last in first + 1..count {
                if !below(last) || !below(first) {
                    break;
                }
                let (Some(from), Some(to)) = (xs.get(first), xs.get(last + 1)) else { continue };
                let off = ((from + to) * 0.5 - h.bbox.cx()).abs() / h.size;
                let inside = h.bbox.x0 >= from - 0.35 * h.size && h.bbox.x1 <= to + 0.35 * h.size;
                // Of the ranges that it is equally centred over, the widest.
                let step = (off / NEARER) as i32;
                let better = |(s, a, b): (i32, usize, usize)| step < s || step == s && b - a < last - first;
                if off <= CENTRED && inside && best.is_none_or(better) {
                    best = Some((step, first, last));
                }
            }
        }
        best.map(|(_, first, last)| (first, last)).or(own.map(|c| (c, c)))
    };
    let placed: Vec<(usize, usize, usize)> =
        headings.iter().enumerate().filter_map(|(i, h)| range(i, h).map(|(a, b)| (i, a, b))).collect();
    let height = |i: usize| headings.get(i).map_or(0.0, |h| h.bbox.cy());
    placed
        .iter()
        .map(|&(heading, first, last)| {
            let others = || placed.iter().filter(move |o| o.0 != heading);
            let over = others().filter(|o| o.1 <= first && o.2 >= last && height(o.0) < height(heading));
            let level = over.count();
            let parent = others().any(|o| o.1 >= first && o.2 <= last && height(o.0) > height(heading));
            Node { heading, first, last, level, parent }
        })
        .collect()
}
