//! Region → plan: edges from its rulings, separators where a ruling covers the side of a slot.

use super::Method;
use super::levels;
use super::plan::Plan;
use super::region::Region;
use super::track::Segment;
use crate::geometry::Rect;

/// Share of a slot's side that a ruling must cover to part it from its neighbour.
const COVER: f32 = 0.5;
/// Edges nearer than this many ems are one: nothing fits between them.
const THIN: f32 = 0.45;
/// Text this many ems outside the rulings means that the table's border is open there.
const OPEN: f32 = 0.6;

/// The plan that a region's rulings give. `words` are the boxes of the words in and beside the region, `em`
/// the size of its text. `None` where the rulings enclose no slot.
pub(super) fn plan(region: &Region, words: &[Rect], em: f32) -> Option<Plan> {
    let (xs, mut ys) = tracks(region, words, em);
    let levels = levels::edges(&region.v, &xs, &ys, words, em);
    ys.extend(levels.iter().copied());
    ys.sort_by(f32::total_cmp);
    let mut plan = ruled(region, xs, ys, em)?;
    levels::part(&mut plan, &levels);
    Some(plan)
}

/// As [`plan`], from nothing but what is painted.
pub(super) fn bare(region: &Region, words: &[Rect], em: f32) -> Option<Plan> {
    let (xs, ys) = tracks(region, words, em);
    ruled(region, xs, ys, em)
}

/// The edges x and y that a region's rulings give.
fn tracks(region: &Region, words: &[Rect], em: f32) -> (Vec<f32>, Vec<f32>) {
    let mut ys = edges(&region.h, THIN * em);
    let mut xs = edges(&region.v, THIN * em);
    close_sides(region, words, em, &mut xs, &mut ys);
    (xs, ys)
}

fn ruled(region: &Region, xs: Vec<f32>, ys: Vec<f32>, em: f32) -> Option<Plan> {
    let mut plan = Plan::full(Method::Lattice, xs, ys)?;
    separate(&mut plan, region, em);
    Some(plan)
}

/// Positions of the segments, ascending; of positions nearer than `thin` the one with the longest rulings stays.
pub(super) fn edges(segments: &[Segment], thin: f32) -> Vec<f32> {
    let mut tracks: Vec<(f32, f32)> = Vec::new();
    let mut last_track = None;
    for s in segments {
        match tracks.last_mut() {
            Some((_, length)) if last_track == Some(s.track) => *length += s.length(),
            _ => tracks.push((s.at, s.length())),
        }
        last_track = Some(s.track);
    }
    tracks.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut kept: Vec<(f32, f32)> = Vec::new();
    for (at, length) in tracks {
        match kept.last_mut() {
            Some((last, longest)) if at - *last < thin => {
                if length > *longest {
                    (*last, *longest) = (at, length);
                }
            }
            _ => kept.push((at, length)),
        }
    }
    kept.into_iter().map(|(at, _)| at).collect()
}

/// Adds the outer edges that are not painted: where rulings run on past the last crossing one, and where text
/// stands beside the table in its rows.
fn close_sides(region: &Region, words: &[Rect], em: f32, xs: &mut Vec<f32>, ys: &mut Vec<f32>) {
    let mut hull = region.hull;
    let inner = hull;
    for w in words {
        // Only text in the rows of the table, close to it: what is below or above is not its.
        let in_rows = w.cy() > inner.y0 && w.cy() < inner.y1;
        if in_rows && w.x1 > inner.x0 - 2.0 * em && w.x0 < inner.x1 + 2.0 * em {
            if w.x0 < hull.x0 - OPEN * em {
                hull.x0 = w.x0 - 0.2 * em;
            }
            if w.x1 > hull.x1 + OPEN * em && w.x0 >= inner.x1 - 0.2 * em {
                hull.x1 = w.x1 + 0.2 * em;
            }
        }
    }
    close(xs, hull.x0, hull.x1, OPEN * em);
    close(ys, hull.y0, hull.y1, OPEN * em);
}

fn close(edges: &mut Vec<f32>, low: f32, high: f32, least: f32) {
    match (edges.first().copied(), edges.last().copied()) {
        (Some(first), Some(last)) => {
            if low < first - least {
                edges.insert(0, low);
            }
            if high > last + least {
                edges.push(high);
            }
        }
        _ => edges.extend([low, high]),
    }
}

/// Opens every side that no ruling covers.
pub(super) fn separate(plan: &mut Plan, region: &Region, em: f32) {
    let (rows, columns) = (plan.rows(), plan.columns());
    let mut covered_h = vec![0.0_f32; (rows + 1) * columns];
    for s in &region.h {
        if let Some(edge) = nearest(&plan.ys, s.at, THIN * em) {
            for c in plan.column_at(s.from)..=plan.column_at(s.to) {
                if let (Some(a), Some(b), Some(cell)) =
                    (plan.xs.get(c), plan.xs.get(c + 1), covered_h.get_mut(edge * columns + c))
                {
                    *cell += (s.to.min(*b) - s.from.max(*a)).max(0.0) / (b - a).max(0.01);
                }
            }
        }
    }
    let mut covered_v = vec![0.0_f32; rows * (columns + 1)];
    for s in &region.v {
        if let Some(edge) = nearest(&plan.xs, s.at, THIN * em) {
            for r in plan.row_at(s.from)..=plan.row_at(s.to) {
                if let (Some(a), Some(b), Some(cell)) =
                    (plan.ys.get(r), plan.ys.get(r + 1), covered_v.get_mut(r * (columns + 1) + edge))
                {
                    *cell += (s.to.min(*b) - s.from.max(*a)).max(0.0) / (b - a).max(0.01);
                }
            }
        }
    }
    for r in 0..rows {
        for c in 0..columns {
            let slot = r * columns + c;
            if let (Some(above), Some(cover)) = (plan.above.get_mut(slot), covered_h.get(slot)) {
                *above = r == 0 || *cover >= COVER;
            }
            if let (Some(left), Some(cover)) = (plan.left.get_mut(slot), covered_v.get(r * (columns + 1) + c))
            {
                *left = c == 0 || *cover >= COVER;
            }
        }
    }
}

/// Index of the edge nearest to `v`, if it is within `reach`.
fn nearest(edges: &[f32], v: f32, reach: f32) -> Option<usize> {
    let after = edges.partition_point(|e| *e < v);
    let candidates = [after.checked_sub(1), Some(after)];
    candidates
        .into_iter()
        .flatten()
        .filter_map(|i| edges.get(i).map(|e| (i, (e - v).abs())))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .filter(|(_, d)| *d <= reach)
        .map(|(i, _)| i)
}
