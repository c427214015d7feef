//! Regions whose rows no ruling parts: vertical rulings say exactly where columns end, and where the header's levels
//! do; rows are told by where the rulings' painted pieces end, or else by text.

use super::super::lattice;
use super::super::plan::Plan;
use super::super::region::Region;
use super::super::shape::{self, narrow};
use super::super::track::Segment;
use super::super::{Method, region};
use super::items::{self, Item};
use super::{Area, captions, rows, split, whole};
use crate::geometry::Rect;
use crate::layout::PageText;

/// What vertical rulings of the page lie beside the regions.
pub(in crate::grid) struct Uprights {
    /// Vertical pieces that touch no horizontal one: inner rulings of a table that goes on on the next page.
    pub(in crate::grid) loose: Vec<Segment>,
    /// x and y of places where painted pieces of a vertical ruling meet: where cells paint their own borders, these
    /// are the edges of rows.
    pub(in crate::grid) joints: Vec<(f32, f32)>,
}

/// Ends of rulings nearer than this many ems are at one height.
const LEVEL: f32 = 0.3;
/// Rows are at least this many ems high.
const LEAST: f32 = 0.9;
/// Bands lower than this many ems hold one row.
const ONE_ROW: f32 = 2.0;

/// The plan of a region in which vertical rulings part the columns and some band between horizontal ones holds
/// several rows; `None` where rulings part the rows too. `near` are the boxes of the words in and beside the region,
/// `words` those of it that are free.
pub(in crate::grid) fn plan(
    region: &Region,
    uprights: &Uprights,
    near: &[Rect],
    text: &PageText,
    words: &[u32],
    em: f32,
) -> Option<Plan> {
    let bare = lattice::edges(&region.h, LEAST * em);
    let high = |w: &[f32]| matches!(w, [a, b] if b - a > ONE_ROW * em);
    if bare.len() > 1 && !bare.windows(2).any(high) {
        return None;
    }
    let region = region::with_loose(region, &uprights.loose, em);
    let base = lattice::bare(&region, near, em).filter(|p| p.columns() > 1)?;
    let hull = base.bbox();
    let mut items = items::items(text, words.iter().copied());
    items.retain(|t| hull.contains(t.bbox.cx(), t.bbox.cy()));
    let mut items = cut(items, &base.xs, &region.v, text);
    if items.len() > super::MOST_ITEMS {
        return None;
    }
    whole::promote(&mut items.iter_mut().collect::<Vec<_>>(), text);
    let marks = row_marks(&region, uprights, &items, &base.ys, em);
    let mut known = base.ys.clone();
    known.extend(marks.iter().copied());
    known.sort_by(f32::total_cmp);
    let last = base.columns() - 1;
    let column = |t: &Item| base.xs.partition_point(|x| *x <= t.bbox.cx()).saturating_sub(1).min(last);
    let stacked =
        |top: f32, bottom: f32| holds_rows(&within(&items, top, bottom), column, last + 1, text, em);
    let pairs = |ys: &[f32]| -> Vec<(f32, f32)> {
        ys.windows(2).filter_map(|w| if let [a, b] = w { Some((*a, *b)) } else { None }).collect()
    };
    // A rule at each mark for what looks at rules: across the whole table, unless headings stand over others there.
    let mut h = region.h.clone();
    h.extend(marks.iter().map(|y| {
        let from = if begins(&region, *y, em) { hull.cx() } else { hull.x0 };
        Segment { track: u32::MAX, at: *y, from, to: hull.x1 }
    }));
    h.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    let area = Area { hull, h, ..Area::default() };
    let mut top = split::body_top(&items, &known, &area, em).clamp(hull.y0, hull.y1);
    if !known.iter().any(|y| (y - top).abs() < 0.5 * em)
        && let Some(y) = centred_top(&items, &region, &base.xs, column, em)
    {
        top = y;
    }
    let open = pairs(&known).iter().any(|(a, b)| stacked(*a, *b));
    if marks.is_empty() && !open && !is_headed(&items, &known, top, column, em) {
        return None;
    }
    let ends = ends(&region.v, em);
    let mut ys = head_edges(&known, &ends, (hull.y0, top), em);
    let captions = captions::bottom(&items, text, em).filter(|y| *y < top - em);
    if let Some(y) = captions {
        ys.retain(|other| *other < hull.y0 + 0.5 * em || (other - y).abs() > 0.6 * em);
        ys.push(y);
        ys.sort_by(f32::total_cmp);
    }
    let head_rows = if top > hull.y0 + 0.5 * em { ys.len() } else { 0 };
    if head_rows > 0 && top < hull.y1 - 0.5 * em {
        ys.push(top);
    }
    let numeric: Vec<bool> = (0..=last)
        .map(|c| items.iter().any(|t| t.bbox.cy() > top && t.is_amount() && column(t) == c))
        .collect();
    let numeric = |c: usize| numeric.get(c).copied().unwrap_or(false);
    let mut from = top;
    for bottom in known.iter().copied().filter(|y| *y > top + 0.5 * em) {
        if stacked(from, bottom) {
            let inside = within(&items, from, bottom);
            let edges = rows::edges(text, &inside, column, numeric, em);
            let edges = edges.into_iter().map(|y| settle(y, &ends, &inside, em));
            ys.extend(edges.filter(|y| *y > from && *y < bottom));
        }
        if ys.last().is_none_or(|y| bottom > y + 0.05 * em) {
            ys.push(bottom);
        }
        from = bottom;
    }
    ys.dedup_by(|b, a| *b - *a < 0.05 * em);
    let mut plan = Plan::full(Method::Edged, base.xs.clone(), ys).filter(|p| p.rows() > 1)?;
    lattice::separate(&mut plan, &region, em);
    part_rows(&mut plan, head_rows, &base.ys, em);
    if let Some(row) = captions.and_then(|y| plan.ys.iter().position(|other| (other - y).abs() < 0.1)) {
        let columns = plan.columns();
        plan.above.iter_mut().skip(row * columns).take(columns).for_each(|above| *above = true);
    }
    Some(plan)
}

/// The items with their middle between two heights.
fn within(items: &[Item], top: f32, bottom: f32) -> Vec<&Item> {
    items.iter().filter(|t| t.bbox.cy() > top && t.bbox.cy() <= bottom).collect()
}

/// Cuts items where a vertical ruling runs between their glyphs.
fn cut(items: Vec<Item>, xs: &[f32], v: &[Segment], text: &PageText) -> Vec<Item> {
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        let crossed = |x: f32| {
            let y = item.bbox.cy();
            let near = v.partition_point(|s| s.at < x - 1.0);
            v.iter().skip(near).take_while(|s| s.at <= x + 1.0).any(|s| s.from <= y && y <= s.to)
        };
        let slack = 0.3 * item.size;
        let inner = xs.partition_point(|x| *x <= item.bbox.x0 + slack);
        let inner: Vec<f32> = xs
            .iter()
            .skip(inner)
            .copied()
            .take_while(|x| *x < item.bbox.x1 - slack)
            .filter(|x| crossed(*x))
            .collect();
        let glyphs = items::slice(text, &item.glyphs);
        let mut start = 0;
        for x in inner {
            let k = glyphs.iter().position(|g| g.bbox.cx() > x).unwrap_or(glyphs.len());
            // Text that runs over a ruling without a gap is one text that is too long for its cell.
            let gap = k > start
                && matches!((glyphs.get(k - 1), glyphs.get(k)), (Some(a), Some(b)) if b.run != a.run || b.bbox.x0 - a.bbox.x1 > 0.05 * a.size);
            if gap {
                out.extend(piece(&item, start..k, text));
                start = k;
            }
        }
        out.extend(piece(&item, start..glyphs.len(), text));
    }
    out
}

fn piece(item: &Item, range: std::ops::Range<usize>, text: &PageText) -> Option<Item> {
    let start = item.glyphs.start;
    let glyphs = start + range.start as u32..start + range.end as u32;
    let own = items::slice(text, &glyphs);
    let bbox = Rect::hull(own.iter().map(|g| g.bbox))?;
    Some(Item { shape: shape::shape(own), glyphs, bbox, ..item.clone() })
}

/// Whether these items of one band are several rows': complete amounts stand above one another, which no amount
/// wrapped in its cell does.
fn holds_rows(
    inside: &[&Item],
    column: impl Fn(&Item) -> usize,
    columns: usize,
    text: &PageText,
    em: f32,
) -> bool {
    let mut many = 0;
    for c in 0..columns {
        let mut own: Vec<&Item> =
            inside.iter().copied().filter(|t| t.shape.is_numeric() && column(t) == c).collect();
        own.sort_by(|a, b| a.bbox.cy().total_cmp(&b.bbox.cy()));
        own.dedup_by(|b, a| b.bbox.cy() - a.bbox.cy() < 0.8 * em);
        let whole = own.iter().filter(|t| is_whole(t, text)).count();
        if whole > 1 || are_zeros(&own, text) {
            return true;
        }
        many += usize::from(own.len() > 3);
    }
    many > 1
}

/// Whether an amount is all there: it begins with a digit or a sign and has decimals.
fn is_whole(item: &Item, text: &PageText) -> bool {
    let mut chars = item.chars(text).map(narrow);
    item.is_amount() && !matches!(chars.next(), Some('.' | ',')) && chars.any(|c| c == '.')
}

/// Whether the numbers of a column are zeros, but for one at most. The last digits of wrapped amounts may be zeros, but
/// so many below one another are none.
fn are_zeros(own: &[&Item], text: &PageText) -> bool {
    let zeros = own.iter().filter(|t| t.chars(text).map(narrow).eq(['0'])).count();
    zeros > 3 && zeros + 1 >= own.len()
}

/// Whether one row stands under its headings in a band that should part them: something above every amount.
fn is_headed(items: &[Item], known: &[f32], top: f32, column: impl Fn(&Item) -> usize, em: f32) -> bool {
    if known.iter().any(|y| (y - top).abs() < 0.5 * em) {
        return false;
    }
    let over =
        |c: &usize| items.iter().any(|t| t.bbox.cy() < top && column(t) == *c && !t.shape.is_numeric());
    let below = |t: &&Item| t.bbox.cy() > top && t.shape.is_numeric();
    let mut numbers: Vec<usize> = items.iter().filter(below).map(&column).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.len() > 1 && numbers.iter().all(over)
}

/// Where the header ends if its headings stand in the middle between it and where their columns begin: most columns of
/// numbers agree on that, whatever the number of their headings' lines, and no text stands there.
fn centred_top(
    items: &[Item],
    region: &Region,
    xs: &[f32],
    column: impl Fn(&Item) -> usize,
    em: f32,
) -> Option<f32> {
    let mut found: Vec<f32> = Vec::new();
    let (mut numeric, mut highest) = (0, f32::INFINITY);
    for (c, sides) in xs.windows(2).enumerate() {
        let own = || items.iter().filter(|t| column(t) == c);
        let first = own().filter(|t| t.shape.is_numeric()).map(|t| t.bbox.cy()).min_by(f32::total_cmp);
        let Some(first) = first else { continue };
        numeric += 1;
        highest = first.min(highest);
        let lines = || own().filter(|t| t.bbox.cy() < first && !t.shape.is_numeric()).map(|t| t.bbox);
        // What stands above the beginning of the column's rulings is a heading over several columns.
        let Some(lowest) = lines().map(|b| b.cy()).max_by(f32::total_cmp) else { continue };
        let sided = |s: &&Segment| {
            sides.iter().any(|x| (x - s.at).abs() < LEVEL * em) && s.from <= lowest && s.to >= lowest
        };
        let begin = region.v.iter().filter(sided).map(|s| s.from).fold(region.hull.y0, f32::max);
        found.extend(Rect::hull(lines().filter(|b| b.cy() > begin)).map(|b| 2.0 * b.cy() - begin));
    }
    found.sort_by(f32::total_cmp);
    let agreeing = |y: f32| found.iter().filter(move |o| (**o - y).abs() < 0.3 * em).count();
    let most = found.iter().copied().max_by_key(|y| agreeing(*y))?;
    let cuts = |t: &Item| t.bbox.y0 + 0.2 * em < most && t.bbox.y1 - 0.2 * em > most;
    let count = agreeing(most);
    let between = most > region.hull.y0 + em && most < highest;
    (count > 2 && count * 2 > numeric && between && !items.iter().any(cuts)).then_some(most)
}

/// Whether vertical rulings begin at this height: a heading ends there that covers several columns.
fn begins(region: &Region, y: f32, em: f32) -> bool {
    region.v.iter().any(|s| (s.from - y).abs() < LEVEL * em)
}

/// Heights at which most vertical rulings are painted anew: edges of rows whose cells paint their own borders.
/// Dashes end anywhere, and are shorter than rows are high.
fn row_marks(region: &Region, uprights: &Uprights, items: &[Item], ys: &[f32], em: f32) -> Vec<f32> {
    let hull = region.hull;
    let inside = |(x, y): &(f32, f32)| {
        *x > hull.x0 - em && *x < hull.x1 + em && *y > hull.y0 + 0.5 * em && *y < hull.y1 - 0.5 * em
    };
    let mut points: Vec<(f32, f32)> = uprights.joints.iter().copied().filter(inside).collect();
    if points.is_empty() {
        return Vec::new();
    }
    points.extend(region.v.iter().flat_map(|s| [(s.at, s.from), (s.at, s.to)]).filter(inside));
    points.sort_by(|a, b| a.1.total_cmp(&b.1));
    let distinct = |mut xs: Vec<f32>| {
        xs.sort_by(f32::total_cmp);
        xs.dedup_by(|b, a| *b - *a < 0.5);
        xs.len()
    };
    let mut all: Vec<f32> = Vec::new();
    let mut rest = points.as_slice();
    while let Some((_, first)) = rest.first() {
        let n = rest.iter().take_while(|(_, y)| y - first < LEVEL * em).count().max(1);
        let (cluster, tail) = rest.split_at(n);
        let y = cluster.iter().map(|(_, y)| *y).sum::<f32>() / n as f32;
        let passing = region.v.iter().filter(|s| s.from < y + LEVEL * em && s.to > y - LEVEL * em);
        let own = distinct(cluster.iter().map(|(x, _)| *x).collect());
        if own > 1 && own * 2 >= distinct(passing.map(|s| s.at).collect()) {
            all.push(y);
        }
        rest = tail;
    }
    let cuts = |t: &Item| {
        let slack = 0.25 * t.bbox.height();
        let through = |y: &f32| *y > t.bbox.y0 + slack && *y < t.bbox.y1 - slack;
        // Headings stand in the middle of several levels.
        all.iter().any(|y| through(y) && !begins(region, *y, em))
    };
    let too_near = all.windows(2).filter(|w| matches!(w, [a, b] if b - a < LEAST * em)).count();
    if too_near * 4 > all.len() || items.iter().filter(|t| cuts(t)).count() * 4 > items.len() {
        return Vec::new();
    }
    all.retain(|y| ys.iter().all(|other| (other - y).abs() > 0.5 * em));
    all.dedup_by(|b, a| *b - *a < LEAST * em);
    // Horizontal rulings that part rows part most of them.
    if ys.len().saturating_sub(2) * 2 > all.len() { Vec::new() } else { all }
}

/// Heights at which vertical rulings begin or end.
fn ends(v: &[Segment], em: f32) -> Vec<f32> {
    let mut out: Vec<f32> = v.iter().flat_map(|s| [s.from, s.to]).collect();
    out.sort_by(f32::total_cmp);
    out.dedup_by(|b, a| *b - *a < LEVEL * em);
    out
}

/// Edges of the header's rows without its bottom: rulings and marks, and the ends of rulings, which begin where the
/// heading over their columns ends.
fn head_edges(known: &[f32], ends: &[f32], (y0, top): (f32, f32), em: f32) -> Vec<f32> {
    let mut out = vec![y0];
    let inner = |y: &f32| *y > y0 + 0.5 * em && *y < top - 0.5 * em;
    out.extend(known.iter().copied().filter(inner));
    for y in ends.iter().copied().filter(inner) {
        if out.iter().all(|o| (o - y).abs() > 0.6 * em) {
            out.push(y);
        }
    }
    out.sort_by(f32::total_cmp);
    out
}

/// An edge between two rows, moved to where rulings end (the cells of one of the rows span columns), unless text
/// stands there.
fn settle(y: f32, ends: &[f32], inside: &[&Item], em: f32) -> f32 {
    let free = |e: f32| {
        let slack = 0.25 * em;
        let (low, high) = (e.min(y), e.max(y));
        !inside.iter().any(|t| t.bbox.y0 + slack < high && t.bbox.y1 - slack > low)
    };
    let nearest = ends.iter().copied().min_by(|a, b| (a - y).abs().total_cmp(&(b - y).abs()));
    nearest.filter(|e| (e - y).abs() < 0.7 * em && free(*e)).unwrap_or(y)
}

/// Parts rows at edges that no horizontal ruling gave: in the body everywhere; in the header between cells that do
/// not cover the same columns (a heading without others under it reaches down to the body).
fn part_rows(plan: &mut Plan, head_rows: usize, ruled: &[f32], em: f32) {
    let columns = plan.columns();
    for r in 1..plan.rows() {
        let Some(y) = plan.ys.get(r).copied() else { continue };
        let is_ruled = ruled.iter().any(|other| (other - y).abs() < 0.1 * em);
        for c in 0..columns {
            let differs = plan.extent(r - 1, c) != plan.extent(r, c);
            if let Some(above) = plan.above.get_mut(r * columns + c) {
                *above |= if r < head_rows { differs } else { r == head_rows || !is_ruled };
            }
        }
    }
}
