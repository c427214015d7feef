//! Where on a page tables lie that nothing at all is painted around: blocks of lines that keep to common columns.

use super::super::shape::Shape;
use super::super::track::Segment;
use super::Area;
use super::areas::Row;
use super::items::Item;
use crate::geometry::Rect;

/// Lines farther apart than this many ems are not one table's.
const FAR: f32 = 3.6;

/// Areas of text alone: lines with amounts in common columns, with the lines above them as header.
pub(super) fn areas(rows: &[&Row], em: f32) -> Vec<Area> {
    let mut out = Vec::new();
    let mut start = 0;
    while start < rows.len() {
        // A block: lines without a caption or a wide gap between them.
        let mut end = start;
        while let Some(row) = rows.get(end) {
            let parted = end > start
                && rows.get(end - 1).is_some_and(|above| {
                    row.bbox.cy() - above.bbox.cy() > FAR * em.max(row.items.first().map_or(0.0, |t| t.size))
                });
            if row.caption || parted {
                break;
            }
            end += 1;
        }
        let block = rows.get(start..end).unwrap_or_default();
        let captioned = start.checked_sub(1).and_then(|i| rows.get(i)).is_some_and(|r| r.caption);
        out.extend(area(block).or_else(|| captioned.then(|| empty_area(block)).flatten()));
        start = if end == start { end + 1 } else { end };
    }
    out
}

fn area(block: &[&Row]) -> Option<Area> {
    let first = block.iter().position(|r| is_tabular(r))?;
    let last = block.iter().rposition(|r| is_tabular(r))?;
    let body = block.get(first..=last)?;
    let with_amounts = body.iter().filter(|r| is_tabular(r) && r.items.iter().any(Item::is_amount)).count();
    let wide = body.iter().map(|r| r.items.len()).max().unwrap_or(0);
    if with_amounts < 2 && !(with_amounts == 1 && wide > 3) {
        return None;
    }
    // Prose fills its lines; a wrapped cell's lines are as narrow as its column.
    let width = Rect::hull(body.iter().map(|r| r.bbox))?.width();
    let prose = body
        .iter()
        .filter(|r| r.sentence || matches!(r.items.as_slice(), [only] if only.bbox.width() > 0.8 * width))
        .count();
    if prose > body.iter().filter(|r| is_tabular(r)).count() {
        return None;
    }
    // Headings of one piece (a title over all columns is a caption already) may stand above.
    let mut from = first;
    while let Some(above) = from.checked_sub(1).and_then(|i| block.get(i)) {
        let hull = Rect::hull(body.iter().map(|r| r.bbox))?;
        let prose = above.items.len() == 1 && above.bbox.width() > 0.6 * hull.width();
        if prose {
            break;
        }
        from -= 1;
    }
    // A last line may wrap below the last amounts.
    let mut to = last;
    while let (Some(row), Some(above)) = (block.get(to + 1), block.get(to)) {
        let size = row.items.first().map_or(0.0, |t| t.size);
        let inside = row.items.len() == 1 && row.bbox.cy() - above.bbox.cy() < 1.5 * size;
        let name = body.iter().any(|r| r.items.iter().any(|t| (t.bbox.x0 - row.bbox.x0).abs() < 0.3 * size));
        if !(inside && name) {
            break;
        }
        to += 1;
    }
    let hull = Rect::hull(block.get(from..=to)?.iter().map(|r| r.bbox))?;
    Some(Area {
        hull: Rect { x0: hull.x0 - 1.0, y0: hull.y0 - 1.0, x1: hull.x1 + 1.0, y1: hull.y1 + 1.0 },
        ..Area::default()
    })
}

/// A table without any number: below a caption lines of headings, and the label of a total below the first of them.
fn empty_area(block: &[&Row]) -> Option<Area> {
    const MOST_LINES: usize = 6;
    let words = |r: &&Row| !r.prose && r.items.iter().all(|t| t.shape == Shape::Words);
    let lines: Vec<&Row> = block.iter().copied().take(MOST_LINES).take_while(words).collect();
    let short = |r: &Row| matches!(r.items.as_slice(), [only] if only.bbox.width() < 6.0 * only.size);
    let label = (1..lines.len()).rev().find(|i| lines.get(*i).is_some_and(|r| short(r)))?;
    let (head, total) = (lines.get(..label)?, lines.get(label)?);
    let hull = Rect::hull(head.iter().map(|r| r.bbox))?;
    let first = head.iter().flat_map(|r| &r.items).min_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0))?;
    let headed = head.iter().any(|r| r.items.len() > 2)
        && head.iter().all(|r| r.items.len() > 1 || r.bbox.width() < 0.6 * hull.width());
    let below = total.bbox.y0 > hull.y1 - 0.2 * first.size
        && total.bbox.cx() < hull.cx() - 2.0 * first.size
        && total.bbox.x1 > first.bbox.x0;
    // what follows is no further row
    let over = block.get(label + 1).is_none_or(|r| !is_tabular(r));
    if !(headed && below && over) {
        return None;
    }
    let hull = hull.union(&total.bbox);
    let hull = Rect { x0: hull.x0 - 1.0, y0: hull.y0 - 1.0, x1: hull.x1 + 1.0, y1: hull.y1 + 1.0 };
    let bottom = head.iter().map(|r| r.bbox.y1).fold(f32::NEG_INFINITY, f32::max);
    let edges = [hull.y0, (bottom + total.bbox.y0) * 0.5, hull.y1];
    let h = edges.iter().enumerate().map(|(n, at)| Segment {
        track: n as u32,
        at: *at,
        from: hull.x0,
        to: hull.x1,
    });
    Some(Area { hull, h: h.collect(), ..Area::default() })
}

/// Whether a line has the look of a table's row: pieces far apart, one of them a number, or many pieces.
pub(super) fn is_tabular(row: &Row) -> bool {
    if row.prose || row.justified {
        return false;
    }
    let gap = row.items.windows(2).any(|w| matches!(w, [a, b] if b.bbox.x0 - a.bbox.x1 > 0.9 * a.size));
    let numbers = row.items.iter().filter(|t| t.shape.is_numeric()).count();
    let amount = row.items.iter().any(Item::is_amount);
    gap && (amount || numbers > 2 || row.items.len() > 3)
}
