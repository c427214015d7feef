//! Headings → which columns each of them covers, and at which level.
//!
//! A table's header is a tree: a spanning heading stands above its columns, centred on them; a heading without
//! anything under it reaches down to the body and stands centred between the headings above it and the body.
//! Both centres together tell how the columns are shared out, without any ruling.

use super::items::Item;
use crate::geometry::Rect;

/// The text of one header cell: a piece of a line, or several of them wrapped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Heading {
    pub(super) bbox: Rect,
    /// Size of its text.
    pub(super) size: f32,
    /// y of the last line's baseline.
    pub(super) baseline: f32,
}

/// A heading with its place in the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node {
    /// Index of the heading.
    pub(super) heading: usize,
    /// First column.
    pub(super) first: usize,
    /// Last column.
    pub(super) last: usize,
    /// Level from the top, from 0.
    pub(super) level: usize,
    /// Other headings stand under it.
    pub(super) parent: bool,
}

/// Lines of a wrapped heading are nearer than this many ems, baseline to baseline.
const WRAP: f32 = 1.5;
/// … than this many where rules part the levels of the header: nothing but the leading is left to tell.
const RULED_WRAP: f32 = 2.3;

/// Stacks wrapped lines: pieces closely below one another that share centre or left edge. `ruled` tells
/// whether a ruling lies between two heights at an x, `levels_ruled` whether rules part the header's levels.
pub(super) fn headings(
    items: &[Item],
    ruled: impl Fn(f32, f32, f32) -> bool,
    levels_ruled: bool,
) -> Vec<Heading> {
    let most = if levels_ruled { RULED_WRAP } else { WRAP };
    let mut out: Vec<Heading> = Vec::new();
    let mut order: Vec<&Item> = items.iter().collect();
    order.sort_by(|a, b| a.baseline.total_cmp(&b.baseline).then(a.bbox.x0.total_cmp(&b.bbox.x0)));
    for item in order {
        let em = item.size;
        let near = |h: &Heading| {
            let pitch = item.baseline - h.baseline;
            let aligned = (item.bbox.cx() - h.bbox.cx()).abs() < 0.55 * em
                || (item.bbox.x0 - h.bbox.x0).abs() < 0.3 * em;
            pitch > 0.5 * em
                && pitch <= most * em
                && aligned
                && item.bbox.overlap_x(&h.bbox) > 0.0
                && item.size < 1.3 * h.size
                && h.size < 1.3 * item.size
                && !ruled(item.bbox.cx(), h.baseline, item.bbox.cy())
        };
        // A line that stands over several pieces of the next line is their common heading, not their first line.
        let under = |h: &Heading| {
            items
                .iter()
                .filter(|o| {
                    let pitch = o.baseline - h.baseline;
                    pitch > 0.5 * em && pitch <= most * em && o.bbox.overlap_x(&h.bbox) > 0.2 * em
                })
                .count()
        };
        let found = out.iter().rposition(|h| near(h) && under(h) < 2 && !is_band(h, item, items));
        match found.and_then(|i| out.get_mut(i)) {
            Some(h) => {
                h.bbox = h.bbox.union(&item.bbox);
                h.baseline = item.baseline;
            }
            None => out.push(Heading { bbox: item.bbox, size: item.size, baseline: item.baseline }),
        }
    }
    out
}

/// Whether `h` is a common heading of `item` and of its neighbours, not the first line of a wrapped one, although it
/// stands right above `item` only. Where headings of one line reach over the whole height they stand between the two
/// lines; one beside `item` that stands on its line, with nothing above it, is then a heading of the lower level.
pub(super) fn is_band(h: &Heading, item: &Item, items: &[Item]) -> bool {
    let em = item.size;
    let on = |o: &Item, y: f32| (o.baseline - y).abs() < 0.2 * em;
    let under = |o: &Item, p: &Item| o.baseline > p.baseline + 0.5 * em && o.bbox.overlap_x(&p.bbox) > 0.0;
    let between = |o: &Item| on(o, (h.baseline + item.baseline) * 0.5);
    let lower = |o: &Item| on(o, item.baseline) && !items.iter().any(|p| under(o, p));
    let beside = |gap: &dyn Fn(&Item) -> f32| {
        let row = items.iter().filter(|o| (on(o, item.baseline) || between(o)) && gap(o) > 0.0);
        row.min_by(|a, b| gap(a).total_cmp(&gap(b))).is_some_and(lower)
    };
    items.iter().any(between)
        && !items.iter().any(|o| under(o, item))
        && beside(&|o| o.bbox.x0 - item.bbox.x1)
        && beside(&|o| item.bbox.x0 - o.bbox.x1)
}

/// More columns than this are shared out one by one.
const MOST_COLUMNS: usize = 80;

/// Shares out the columns between `xs` among the headings; `top` and `bottom` are the header's edges.
pub(super) fn tree(headings: &[Heading], xs: &[f32], top: f32, bottom: f32) -> Vec<Node> {
    let columns = xs.len().saturating_sub(1);
    let mut out = Vec::new();
    if columns == 0 || columns > MOST_COLUMNS {
        return out;
    }
    let all: Vec<usize> = (0..headings.len()).collect();
    let share = Share { headings, xs, bottom };
    share.split(0, columns - 1, &all, top, 0, &mut out);
    out
}

struct Share<'a> {
    headings: &'a [Heading],
    xs: &'a [f32],
    bottom: f32,
}

impl Share<'_> {
    fn x(&self, i: usize) -> f32 {
        self.xs.get(i).copied().unwrap_or_default()
    }

    fn bbox(&self, h: usize) -> Rect {
        self.headings.get(h).map(|h| h.bbox).unwrap_or_default()
    }

    /// The lowest of `own` that stands over column `c`.
    fn leaf(&self, c: usize, own: &[usize]) -> Option<usize> {
        let (a, b) = (self.x(c), self.x(c + 1));
        own.iter()
            .copied()
            .filter(|h| {
                let r = self.bbox(*h);
                let common = (r.x1.min(b) - r.x0.max(a)).max(0.0);
                common >= 0.5 * r.width().min(b - a)
            })
            .max_by(|p, q| self.bbox(*p).cy().total_cmp(&self.bbox(*q).cy()))
    }

    /// Shares columns `first..=last` among the headings `own`, whose band begins at `top`.
    fn split(&self, first: usize, last: usize, own: &[usize], top: f32, level: usize, out: &mut Vec<Node>) {
        let Some(highest) =
            own.iter().copied().min_by(|a, b| self.bbox(*a).cy().total_cmp(&self.bbox(*b).cy()))
        else {
            return;
        };
        if level > 6 {
            return;
        }
        let reach = self.bbox(highest);
        let em = self.headings.get(highest).map_or(1.0, |h| h.size);
        // The top band: what shares the highest heading's first line or its middle.
        let mut band: Vec<usize> = own
            .iter()
            .copied()
            .filter(|h| {
                let b = self.bbox(*h);
                (b.cy() - reach.cy()).abs() < 0.5 * em
            })
            .collect();
        band.sort_by(|a, b| self.bbox(*a).cx().total_cmp(&self.bbox(*b).cx()));
        let shares = self.shares(first, last, own, &band, top, em);
        let below = (2.0 * reach.cy() - top).clamp(reach.y1, self.bottom.max(reach.y1));
        let mut rest: Vec<usize> = Vec::new();
        for (h, a, b) in shares {
            let (x0, x1) = (self.x(a), self.x(b + 1));
            let mut inner: Vec<usize> = own
                .iter()
                .copied()
                .filter(|o| *o != h && !band.contains(o))
                .filter(|o| {
                    self.bbox(*o).cx() >= x0
                        && self.bbox(*o).cx() <= x1
                        && self.bbox(*o).cy() > self.bbox(h).cy()
                })
                .collect();
            out.push(Node { heading: h, first: a, last: b, level, parent: !inner.is_empty() });
            self.split(a, b, &inner, below, level + 1, out);
            rest.append(&mut inner);
        }
        // Headings that stand under none of this band: they begin in it too, and reach farther down.
        let left: Vec<usize> =
            own.iter().copied().filter(|h| !band.contains(h) && !rest.contains(h)).collect();
        if left.len() < own.len() {
            for run in self.free_runs(first, last, out, level) {
                let inner: Vec<usize> = left
                    .iter()
                    .copied()
                    .filter(|h| {
                        self.bbox(*h).cx() >= self.x(run.0) && self.bbox(*h).cx() <= self.x(run.1 + 1)
                    })
                    .collect();
                self.split(run.0, run.1, &inner, top, level, out);
            }
        }
    }

    /// Runs of columns in `first..=last` that no node at this level or above holds.
    fn free_runs(&self, first: usize, last: usize, nodes: &[Node], level: usize) -> Vec<(usize, usize)> {
        let taken = |c: usize| nodes.iter().any(|n| n.level >= level && n.first <= c && c <= n.last);
        let free: Vec<usize> = (first..=last).filter(|c| !taken(*c)).collect();
        free.chunk_by(|a, b| a + 1 == *b).filter_map(|run| Some((*run.first()?, *run.last()?))).collect()
    }

    /// Which columns each heading of the band covers: the cheapest way to give every band heading
    /// neighbouring columns and to leave the others to headings further down.
    fn shares(
        &self,
        first: usize,
        last: usize,
        own: &[usize],
        band: &[usize],
        top: f32,
        em: f32,
    ) -> Vec<(usize, usize, usize)> {
        let n = last - first + 1;
        let k = band.len();
        let leaves: Vec<Option<usize>> = (first..=last).map(|c| self.leaf(c, own)).collect();
        let middle = (top + self.bottom) * 0.5;
        let band_y = band.first().map_or(top, |h| self.bbox(*h).cy());
        let band_bottom = 2.0 * band_y - top;
        // Cost of leaving a column to its own heading, which then should stand in the middle of the header.
        let alone: Vec<f32> = leaves
            .iter()
            .map(|leaf| match leaf {
                Some(h) if band.contains(h) => f32::INFINITY,
                Some(h) => (self.bbox(*h).cy() - middle).abs() / em,
                None => 1.5,
            })
            .collect();
        // Cost of having a column under a band heading: its own heading should stand below the band.
        let beneath: Vec<f32> = leaves
            .iter()
            .map(|leaf| match leaf {
                Some(h) if band.contains(h) => 0.0,
                Some(h) => {
                    let y = self.bbox(*h).cy();
                    ((band_bottom + self.bottom) * 0.5 - y).max(0.0) / em
                }
                None => 0.3,
            })
            .collect();
        let cell = |h: usize, a: usize, b: usize| -> f32 {
            let r = self.bbox(h);
            let (x0, x1) = (self.x(first + a), self.x(first + b + 1));
            let outside = (x0 - r.x0).max(0.0) + (r.x1 - x1).max(0.0);
            let foreign = (a..=b)
                .filter(|c| leaves.get(*c).copied().flatten().is_some_and(|l| l != h && band.contains(&l)))
                .count();
            let off = ((x0 + x1) * 0.5 - r.cx()).abs().min((r.x0 - x0).abs() + 0.5 * em);
            off / em
                + 3.0 * outside / em
                + 100.0 * foreign as f32
                + (a..=b).filter_map(|c| beneath.get(c)).sum::<f32>()
        };
        // best[i][j]: cheapest way for the first i columns with the first j headings.
        let width = k + 1;
        let mut best = vec![f32::INFINITY; (n + 1) * width];
        let mut step: Vec<usize> = vec![usize::MAX; (n + 1) * width];
        if let Some(origin) = best.first_mut() {
            *origin = 0.0;
        }
        for i in 0..n {
            for j in 0..=k {
                let Some(base) = best.get(i * width + j).copied().filter(|b| b.is_finite()) else { continue };
                let mut relax = |to: usize, cost: f32, from: usize| {
                    if let (Some(b), Some(s)) = (best.get_mut(to), step.get_mut(to))
                        && cost < *b
                    {
                        (*b, *s) = (cost, from);
                    }
                };
                relax((i + 1) * width + j, base + alone.get(i).copied().unwrap_or(0.0), i * width + j);
                if let Some(h) = band.get(j) {
                    for e in i..n {
                        relax((e + 1) * width + j + 1, base + cell(*h, i, e), i * width + j);
                    }
                }
            }
        }
        let mut out = Vec::new();
        let mut at = n * width + k;
        // Every step leads to fewer columns.
        while let Some(from) = step.get(at).copied().filter(|f| *f != usize::MAX) {
            let ((i, j), (e, m)) = ((from / width, from % width), (at / width, at % width));
            if m > j
                && let Some(h) = band.get(j)
            {
                out.push((*h, first + i, first + e - 1));
            }
            at = from;
        }
        out.reverse();
        out
    }
}
