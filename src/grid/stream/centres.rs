//! Rows whose names stand in the middle, wrapped or not: where rows are as close as lines are, distances say nothing, but
//! each amount then stands in the middle of its name's lines. The first row begins with the first line, so the height of
//! its amount tells its last line, and so on; if the last row ends with the last line, this is no accident.

use super::items::Item;
use crate::geometry::Rect;

/// Fewer rows than this tell nothing.
const LEAST: usize = 3;
/// Amounts stand in the middle of their names' lines to this many ems; a line more or less moves it by half a line.
const EXACT: f32 = 0.2;
/// A line with less room than this many ems behind it may be full: no line begins with a closing bracket.
const FULL: f32 = 2.1;
/// What begins this many ems farther right is no further line.
const INDENT: f32 = 0.7;
/// What is less than this many ems apart is on one line.
const LINE: f32 = 0.4;

/// Edges between the rows of the amounts between the heights `anchors`; `columns` are the texts of each column without
/// its amounts.
pub(super) fn edges(columns: &[Vec<&Item>], anchors: &[(f32, f32)], em: f32) -> Option<Vec<f32>> {
    if anchors.len() < LEAST {
        return None;
    }
    let cut = |y: &f32| {
        let through = |t: &&Item| t.bbox.y0 + 0.25 * em < *y && t.bbox.y1 - 0.25 * em > *y;
        columns.iter().flatten().any(through)
    };
    let edges = columns.iter().find_map(|own| chain(&lines(own, em), anchors, em))?;
    (!edges.iter().any(cut)).then_some(edges)
}

/// A column's lines from top to bottom.
fn lines(own: &[&Item], em: f32) -> Vec<Rect> {
    let mut out: Vec<Rect> = own.iter().map(|t| t.bbox).collect();
    out.sort_by(|a, b| a.cy().total_cmp(&b.cy()));
    out.dedup_by(|b, a| {
        let same = b.cy() - a.cy() < LINE * em;
        if same {
            *a = a.union(b);
        }
        same
    });
    out
}

/// Edges below the last line of each row; `None` where the lines are not those of names in the middle of which the
/// amounts stand, one for each, or where none is wrapped.
fn chain(lines: &[Rect], anchors: &[(f32, f32)], em: f32) -> Option<Vec<f32>> {
    if lines.len() <= anchors.len() {
        return None;
    }
    let limit = lines.iter().map(|l| l.x1).fold(f32::NEG_INFINITY, f32::max);
    // Rows without amounts above and below one with them are no lines of its name: those have no room left.
    let goes_on = |w: &[Rect]| matches!(w, [a, b] if a.x1 + FULL * em > limit && b.x0 - a.x0 < INDENT * em);
    let mut out = Vec::with_capacity(anchors.len());
    let mut rest = lines;
    for (y0, y1) in anchors {
        let top = rest.first()?.y0;
        // The middle moves down with every further line.
        let near = rest.iter().position(|l| (top + l.y1 - y0 - y1).abs() < 2.0 * EXACT * em)?;
        let (own, below) = rest.split_at_checked(near + 1)?;
        if !own.windows(2).all(goes_on) {
            return None;
        }
        if let (Some(last), Some(next)) = (own.last(), below.first()) {
            out.push((last.y1 + next.y0) * 0.5);
        }
        rest = below;
    }
    rest.is_empty().then_some(out)
}
