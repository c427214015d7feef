//! A header whose cells are ruled on all sides, and below it a body without a vertical rule: the header's cells tell the
//! body's columns, whether they hold text or not.

use super::super::Method;
use super::super::plan::Plan;
use super::super::shape::Shape;
use super::super::track::Segment;
use super::areas::{self, Ground, Row};
use super::items::{self, Item};
use super::{Area, column_of, conflicts, median_size, row_edges, whole};
use crate::geometry::Rect;
use crate::layout::PageText;

/// A header has no more rows than this.
const MOST_LEVELS: usize = 6;
/// Fewer columns are a box around a text, …
const LEAST_COLUMNS: usize = 2;
/// … and so few are columns only above so many rules as wide as they are, with numbers between these.
const FEW_COLUMNS: usize = 2;
/// See [`FEW_COLUMNS`].
const LEAST_RULES: usize = 2;
/// Longer whole numbers in the header are figures, not the numbers of its columns.
const SERIAL: u32 = 2;
/// Lines farther apart than this many ems are not of one table where no rule closes it.
const APART: f32 = 1.6;
/// … unless one of them is a row of numbers and lies no farther below the last one than so many rows.
const BLANK: f32 = 2.3;

/// The rows below a header.
struct Body {
    /// Where they end.
    bottom: f32,
    /// Rules between and below them.
    bars: Vec<Segment>,
}

/// The plan of a header whose `words` are these, with the body below it; `None` if it is no header or nothing stands
/// below it that keeps to its columns.
pub(in crate::grid) fn extend(
    header: &Plan,
    words: &[u32],
    bars: &[Segment],
    ground: &Ground,
    free: impl Fn(&Rect) -> Vec<u32>,
) -> Option<Plan> {
    let text = ground.text;
    if header.method != Method::Lattice || !is_header(header, words, text) {
        return None;
    }
    let body = find(header, bars, ground)?;
    let top = header.bbox().y1;
    let hull = Rect { y0: top, y1: body.bottom, ..header.bbox() };
    let mut items = items::items(text, free(&hull).into_iter());
    if items.len() > super::MOST_ITEMS {
        return None;
    }
    whole::promote(&mut items.iter_mut().collect::<Vec<_>>(), text);
    let items = whole::part(items, text);
    let items = items::cut_at_edges(&items, &header.xs, text);
    let em = median_size(&items)?;
    if !keep_to(&items, &header.xs, !body.bars.is_empty()) {
        return None;
    }
    let sure = body.bars.len() >= LEAST_RULES && items.iter().any(|t| t.shape.is_numeric());
    if header.columns() <= FEW_COLUMNS && !sure {
        return None;
    }
    let area = Area { hull, h: body.bars, ..Area::default() };
    let rules: Vec<f32> = area.h.iter().map(|s| s.at).collect();
    let (edges, _) = row_edges(&area, &rules, top, &[], &[], (&items, text), &header.xs, em);
    let mut ys = header.ys.clone();
    ys.extend(edges.into_iter().filter(|y| *y > top));
    let mut plan = Plan::full(Method::Edged, header.xs.clone(), ys)?;
    for (whole, own) in [(&mut plan.above, &header.above), (&mut plan.left, &header.left)] {
        whole.iter_mut().zip(own).for_each(|(slot, painted)| *slot = *painted);
    }
    Some(plan)
}

/// Whether a lattice is a header: a few rows of words, at most numbers of columns below them.
fn is_header(plan: &Plan, words: &[u32], text: &PageText) -> bool {
    // nearly all lattices are whole tables
    if plan.rows() > MOST_LEVELS || plan.columns() < LEAST_COLUMNS {
        return false;
    }
    let items = items::items(text, words.iter().copied());
    let figure = |t: &Item| match t.shape {
        Shape::Amount => true,
        Shape::Integer => t.glyphs.end - t.glyphs.start > SERIAL,
        _ => false,
    };
    items.iter().filter(|t| t.shape == Shape::Words).count() >= LEAST_COLUMNS && !items.iter().any(figure)
}

/// The rows below the header: down to the last rule as wide as it is, else as far as lines follow one another.
fn find(header: &Plan, bars: &[Segment], ground: &Ground) -> Option<Body> {
    let hull = header.bbox();
    let em = ground.text.size;
    let rows = areas::rows(ground);
    let below: Vec<&Row> =
        rows.iter().filter(|r| r.bbox.cy() > hull.y1 && r.bbox.overlap_x(&hull) > 0.0).collect();
    let next = ground.taken.iter().filter(|t| t.y0 > hull.y1 - em && t.overlap_x(&hull) > 0.0);
    let next = next.map(|t| t.y0).fold(f32::INFINITY, f32::min);
    let foreign = |r: &Row| {
        let outside = r.bbox.x0 < hull.x0 - em || r.bbox.x1 > hull.x1 + em;
        r.caption || r.prose || outside || r.items.len() == 1 && r.bbox.width() > 0.8 * hull.width()
    };
    let limit = below.iter().find(|r| foreign(r)).map_or(next, |r| next.min(r.bbox.cy()));
    let wide = |s: &&Segment| {
        (s.from - hull.x0).abs() < em
            && (s.to - hull.x1).abs() < em
            && s.at > hull.y1 + 0.5 * em
            && s.at < limit
    };
    let mut closing: Vec<Segment> = bars.iter().filter(wide).copied().collect();
    closing.sort_by(|a, b| a.at.total_cmp(&b.at));
    // The rule above a page's foot may be as wide as the table: nothing but blank stands between.
    let mut bottom = hull.y1;
    closing.retain(|s| {
        let row = below.iter().any(|r| r.bbox.cy() > bottom && r.bbox.cy() < s.at);
        if row {
            bottom = s.at;
        }
        row
    });
    if !closing.is_empty() {
        return Some(Body { bottom, bars: closing });
    }
    let mut reach = hull.y1;
    let mut pitch = f32::INFINITY;
    let mut last: Option<&Row> = None;
    for row in below.iter().take_while(|r| r.bbox.cy() < limit) {
        let step = last.map_or(f32::INFINITY, |l| row.bbox.cy() - l.bbox.cy());
        // A blank row parts groups of rows; what stands below it keeps to the columns.
        let figures = row.items.iter().filter(|t| t.shape.is_numeric()).count() > 1;
        let group = figures && keep_to(&row.items, &header.xs, true) && step <= BLANK * pitch;
        if row.bbox.y0 - reach > APART * em && !group {
            break;
        }
        if step > 0.5 * em {
            pitch = pitch.min(step);
        }
        reach = reach.max(row.bbox.y1);
        last = Some(row);
    }
    (reach > hull.y1).then(|| Body { bottom: reach + 0.2 * em, bars: Vec::new() })
}

/// Whether the pieces of text stand in these columns: no number across an edge, no two pieces in one slot. Without a rule
/// that closes them, some of them have to be amounts.
fn keep_to(items: &[Item], xs: &[f32], closed: bool) -> bool {
    let inside = |t: &Item| {
        let column = column_of(t, xs);
        let slack = 0.35 * t.size;
        xs.get(column)
            .zip(xs.get(column + 1))
            .is_some_and(|(a, b)| t.bbox.x0 > a - slack && t.bbox.x1 < b + slack)
    };
    !items.is_empty()
        && (closed || items.iter().any(Item::is_amount))
        && items.iter().filter(|t| t.shape.is_numeric()).all(inside)
        && !conflicts(xs, items)
}
