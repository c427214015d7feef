//! Headings → the slots of the plan that each of them covers, and the edges between the header's levels.

use super::super::plan::Plan;
use super::Area;
use super::header::{self, Heading};

/// Edges between the levels of a header that no rule parts.
pub(super) fn level_edges(
    headings: &[Heading],
    nodes: &[header::Node],
    levels: usize,
    rules: &[f32],
    em: f32,
) -> Vec<f32> {
    let mut out: Vec<f32> = Vec::new();
    for level in 1..levels {
        let bottom = nodes
            .iter()
            .filter(|n| n.level + 1 == level && n.parent)
            .filter_map(|n| headings.get(n.heading).map(|h| h.bbox.y1))
            .fold(f32::NEG_INFINITY, f32::max);
        let top = nodes
            .iter()
            .filter(|n| n.level == level)
            .filter_map(|n| headings.get(n.heading).map(|h| h.bbox.y0))
            .fold(f32::INFINITY, f32::min);
        if bottom.is_finite() && top.is_finite() {
            let middle = (bottom + top) * 0.5;
            let y = rules.iter().copied().find(|r| (r - middle).abs() < 0.7 * em).unwrap_or(middle);
            out.push(out.last().map_or(y, |last| y.max(last + 0.1)));
        }
    }
    out
}

/// Opens the sides between rows where no rule is painted although a rule gave the edge. The header ends where it ends,
/// though: some producers paint the rule below it only under its bands.
pub(super) fn open_unruled(plan: &mut Plan, area: &Area, rules: &[f32], head_rows: usize, em: f32) {
    let columns = plan.columns();
    let painted = |y: f32| rules.iter().any(|r| (r - y).abs() < 0.1 * em);
    let mut covered = vec![0.0_f32; columns];
    for r in (1..plan.rows()).filter(|r| *r != head_rows) {
        let Some(y) = plan.ys.get(r).copied().filter(|y| painted(*y)) else { continue };
        covered.fill(0.0);
        let first = area.h.partition_point(|s| s.at < y - 0.5 * em);
        for s in area.h.iter().skip(first).take_while(|s| s.at < y + 0.5 * em) {
            for c in plan.column_at(s.from)..=plan.column_at(s.to) {
                if let (Some(a), Some(b), Some(share)) =
                    (plan.xs.get(c), plan.xs.get(c + 1), covered.get_mut(c))
                {
                    *share += (s.to.min(*b) - s.from.max(*a)).max(0.0) / (b - a).max(0.01);
                }
            }
        }
        for (c, share) in covered.iter().enumerate() {
            if let Some(above) = plan.above.get_mut(r * columns + c) {
                *above = *share >= 0.5;
            }
        }
    }
}

/// Joins the slots that a heading covers: its columns, and the rows that nothing parts from it.
pub(super) fn span_headings(
    plan: &mut Plan,
    headings: &[Heading],
    nodes: &[header::Node],
    head_rows: usize,
    rules: &[f32],
    em: f32,
) {
    let columns = plan.columns();
    let painted: Vec<bool> = plan.ys.iter().map(|y| rules.iter().any(|r| (r - y).abs() < 0.1 * em)).collect();
    for node in nodes {
        let Some(heading) = headings.get(node.heading) else { continue };
        let own = plan.row_at(heading.bbox.cy()).min(head_rows.saturating_sub(1));
        let (mut top, mut bottom) = (own, own);
        let inside = |n: &header::Node, r: usize| {
            headings.get(n.heading).is_some_and(|h| plan.row_at(h.bbox.cy()) == r)
        };
        let free = |r: usize| {
            !nodes.iter().any(|n| {
                n.heading != node.heading && n.first <= node.last && n.last >= node.first && inside(n, r)
            })
        };
        // A heading reaches over edges that no rule paints; one with others under it does not.
        let open = |r: usize| {
            let unpainted = !node.parent && !painted.get(r).copied().unwrap_or(true);
            unpainted
                || (node.first..=node.last).all(|c| !plan.above.get(r * columns + c).copied().unwrap_or(true))
        };
        while top > 0 && free(top - 1) && open(top) {
            top -= 1;
        }
        while bottom + 1 < head_rows && free(bottom + 1) && open(bottom + 1) {
            bottom += 1;
        }
        for r in top..=bottom {
            for c in node.first..=node.last {
                if let Some(above) = plan.above.get_mut(r * columns + c) {
                    *above = r == top;
                }
                if let Some(left) = plan.left.get_mut(r * columns + c) {
                    *left = c == node.first;
                }
            }
        }
    }
}
