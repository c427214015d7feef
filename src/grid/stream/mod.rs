//! Tables whose columns or rows no ruling parts: an area of the page → a plan.
//!
//! What is painted is used first (ends of borders painted cell by cell, sides of filled cells, rules between
//! rows); text alignment says the rest.

pub(super) mod areas;
mod bare;
pub(super) mod below;
mod captions;
mod centres;
mod columns;
mod header;
pub(super) mod items;
mod letters;
mod merged;
mod middles;
mod painted;
mod rows;
mod sides;
mod spans;
mod split;
mod stacks;
mod tiling;
pub(super) mod uprights;
pub(super) mod whole;

use super::Method;
use super::lattice;
use super::plan::Plan;
use super::shape::Shape;
use super::track::Segment;
use crate::geometry::Rect;
use crate::layout::PageText;
use header::Heading;
use items::Item;

/// Pieces of text of one table on one page; more are a drawing. Finding columns is worse than linear.
const MOST_ITEMS: usize = 8_000;
/// Headings of one table.
const MOST_HEADINGS: usize = 500;

/// A part of the page that seems to hold one table.
#[derive(Clone, Debug, Default)]
pub(super) struct Area {
    /// Its extent.
    pub(super) hull: Rect,
    /// Horizontal rules and the tops and bottoms of fills, sorted by y.
    pub(super) h: Vec<Segment>,
    /// Left and right sides of fills.
    pub(super) v: Vec<Segment>,
    /// x and y of places where painted pieces of a rule meet.
    pub(super) joints: Vec<(f32, f32)>,
}

impl Area {
    fn ruled(&self) -> bool {
        !self.h.is_empty()
    }
}

/// The plan of an area with these words; `None` if it holds no table.
pub(super) fn plan(area: &Area, text: &PageText, words: &[u32]) -> Option<Plan> {
    let mut items = items::items(text, words.iter().copied());
    if items.len() > MOST_ITEMS {
        return None;
    }
    whole::promote(&mut items.iter_mut().collect::<Vec<_>>(), text);
    let items = whole::part(items, text);
    let em = median_size(&items)?;
    let rules = lattice::edges(&area.h, 0.5 * em);
    let body_top = split::body_top(&items, &rules, area, em);
    let (head, body): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|t| t.bbox.cy() < body_top);
    let head = letters::part(&head, &body, text);
    let ruled = |x: f32, y0: f32, y1: f32| {
        let first = area.h.partition_point(|s| s.at < y0);
        area.h.iter().skip(first).take_while(|s| s.at < y1).any(|s| s.from <= x && s.to >= x)
    };
    // Where rules part the body's rows and run through the header too, they part all of its levels.
    let within = |y0: f32, y1: f32| rules.iter().any(|y| *y > y0 + 0.5 * em && *y < y1 - 0.5 * em);
    let levels_ruled = within(area.hull.y0, body_top) && within(body_top, area.hull.y1);
    let headings = header::headings(&head, ruled, levels_ruled);
    if headings.len() > MOST_HEADINGS {
        return None;
    }
    if !is_table(&headings, &body, area, &rules, em) {
        return None;
    }
    let mut hull = area.hull;
    let painted = painted::edges(area, &body, em);
    // Without headings nothing tells how the width beside the text is shared out: columns that end with their text are
    // found in the table that this one goes on with, one wide column would be taken for the last.
    if head.is_empty()
        && painted.trusted.is_empty()
        && let Some(own) = Rect::hull(body.iter().map(|t| t.bbox))
    {
        hull = Rect { x0: hull.x0.max(own.x0 - 1.0), x1: hull.x1.min(own.x1 + 1.0), ..hull };
    }
    let mut xs = vec![hull.x0];
    xs.extend(painted.trusted.iter().copied());
    xs.push(hull.x1);
    let mut tiled = false;
    let trusted = !(painted.trusted.is_empty() || conflicts(&xs, &body) || conflicts(&xs, &head));
    if !trusted {
        let tiles = tiles(&headings, &head, &body, hull, em, text);
        tiled = tiles.is_some();
        xs = tiles.unwrap_or_else(|| {
            let columns = columns::columns(&body, &headings, em);
            columns::edges(&columns, hull.x0, hull.x1, &painted.all, em)
        });
    }
    if xs.len() < 3 {
        return None;
    }
    let whole = head.len();
    let head = items::cut_at_edges(&head, &xs, text);
    let stacked =
        (tiled || trusted).then(|| stacks::headings(&head, &xs, ruled, hull.y0, body_top)).flatten();
    let (headings, nodes) = stacked.unwrap_or_else(|| {
        let headings =
            if head.len() > whole { header::headings(&head, ruled, levels_ruled) } else { headings };
        let nodes = header::tree(&headings, &xs, hull.y0, body_top);
        (headings, nodes)
    });
    let edges_of =
        |body: &[Item]| row_edges(area, &rules, body_top, &headings, &nodes, (body, text), &xs, em);
    // Codes in the middle of cells merged over several rows tell no rows.
    let column = |t: &Item| column_of(t, &xs);
    let coded = merged::columns(&body, column, xs.len() - 1, em);
    let merged = (!coded.is_empty()).then(|| {
        let codes = |t: &&Item| coded.contains(&column(t)) && t.shape == Shape::Integer;
        let rest: Vec<Item> = body.iter().filter(|t| !codes(t)).cloned().collect();
        let (ys, head_rows) = edges_of(&rest);
        let runs = merged::runs(&body, column, &coded, (&ys, head_rows), em)?;
        Some((ys, head_rows, runs))
    });
    let (ys, head_rows, runs) = merged.flatten().unwrap_or_else(|| {
        let (ys, head_rows) = edges_of(&body);
        (ys, head_rows, Vec::new())
    });
    let mut plan = Plan::full(if tiled || trusted { Method::Edged } else { Method::Stream }, xs.clone(), ys)?;
    if area.ruled() {
        spans::open_unruled(&mut plan, area, &rules, head_rows, em);
    }
    merged::join(&mut plan, &runs);
    spans::span_headings(&mut plan, &headings, &nodes, head_rows, &rules, em);
    // The last row of a table alone on the next page, between two rules.
    let amounts = body.iter().filter(|t| t.is_amount()).count();
    let alone = amounts > 1 && head.is_empty() && rules.len() > 1;
    (plan.rows() > 1 || alone).then_some(plan)
}

/// Column edges that centred headings tell. Their lines alone tell more where wrapped ones were stacked wrongly, and
/// the texts that the lines are made of where two headings nearly touch.
fn tiles(
    headings: &[Heading],
    head: &[Item],
    body: &[Item],
    hull: Rect,
    em: f32,
    text: &PageText,
) -> Option<Vec<f32>> {
    let boxes: Vec<Rect> = headings.iter().map(|h| h.bbox).collect();
    let lines: Vec<Rect> = head.iter().map(|t| t.bbox).collect();
    let texts: Vec<Rect> = head.iter().flat_map(|t| items::texts(t, text)).collect();
    let touching = texts.len() > lines.len();
    let mut best: Option<Vec<f32>> = None;
    for pieces in [Some(boxes), Some(lines), touching.then_some(texts)].into_iter().flatten() {
        let found = tiling::edges(&pieces, body, hull.x0, hull.x1, em).filter(|xs| !conflicts(xs, body));
        if let Some(xs) = found
            && best.as_ref().is_none_or(|b| xs.len() > b.len())
        {
            best = Some(xs);
        }
    }
    best
}

fn median_size(items: &[Item]) -> Option<f32> {
    let mut sizes: Vec<f32> = items.iter().map(|t| t.size).collect();
    if sizes.is_empty() {
        return None;
    }
    let middle = sizes.len() / 2;
    let (_, size, _) = sizes.select_nth_unstable_by(middle, f32::total_cmp);
    Some(*size)
}

/// Whether this looks like a table at all: prose between two rules and lists of contents are none.
fn is_table(headings: &[Heading], body: &[Item], area: &Area, rules: &[f32], em: f32) -> bool {
    let lines: Vec<&[Item]> = body.chunk_by(|a, b| a.line == b.line).collect();
    let apart = |line: &&&[Item]| {
        line.windows(2).any(|w| if let [a, b] = w { b.bbox.x0 - a.bbox.x1 > 0.9 * em } else { false })
    };
    let tabular = lines.iter().filter(apart).count();
    if !body.iter().any(Item::is_amount) && tabular == 0 {
        // An empty table: nothing but headings and perhaps the label of a total.
        return area.ruled() && headings.len() > 2 && lines.len() * 2 <= rules.len() + 1;
    }
    // Prose fills its lines; a wrapped cell's lines are as narrow as its column.
    let prose =
        lines.iter().filter(|l| matches!(l, [only] if only.bbox.width() > 0.8 * area.hull.width())).count();
    let columns = tabular.max(aligned_amounts(body, em));
    columns > 0 && prose <= columns && (area.ruled() || body.iter().any(Item::is_amount))
}

/// How many amounts stand below one another, aligned at their right edges or middles.
fn aligned_amounts(body: &[Item], em: f32) -> usize {
    let amounts = || body.iter().filter(|t| t.is_amount());
    let most = |key: fn(&Item) -> f32| {
        let mut at: Vec<f32> = amounts().map(key).collect();
        at.sort_by(f32::total_cmp);
        at.chunk_by(|a, b| b - a < 0.2 * em).map(<[f32]>::len).max().unwrap_or(0)
    };
    let count = most(|t| t.bbox.x1).max(most(|t| t.bbox.cx()));
    if count > 1 { count } else { 0 }
}

/// Whether two amounts, or two headings of one line, would share a column.
fn conflicts(xs: &[f32], items: &[Item]) -> bool {
    let column = |t: &Item| xs.partition_point(|x| *x <= t.bbox.cx());
    items.windows(2).any(|w| {
        if let [a, b] = w {
            let gap = b.bbox.x0 - a.bbox.x1;
            let both = a.is_amount() && b.is_amount();
            a.line == b.line && column(a) == column(b) && (both || gap > 1.5 * a.size)
        } else {
            false
        }
    })
}

/// The column between the edges `xs` that holds the middle of a text, or is nearest to it.
fn column_of(t: &Item, xs: &[f32]) -> usize {
    xs.partition_point(|x| *x <= t.bbox.cx()).saturating_sub(1).min(xs.len().saturating_sub(2))
}

/// Row edges, and how many of the rows are the header's.
#[allow(clippy::too_many_arguments)]
fn row_edges(
    area: &Area,
    rules: &[f32],
    body_top: f32,
    headings: &[Heading],
    nodes: &[header::Node],
    (body, text): (&[Item], &PageText),
    xs: &[f32],
    em: f32,
) -> (Vec<f32>, usize) {
    let hull = area.hull;
    let mut ys = vec![hull.y0];
    let levels = nodes.iter().map(|n| n.level + 1).max().unwrap_or(0);
    if !headings.is_empty() && body_top > hull.y0 {
        let inner: Vec<f32> =
            rules.iter().copied().filter(|y| *y > hull.y0 + 0.5 * em && *y < body_top - 0.5 * em).collect();
        if inner.len() + 1 >= levels {
            ys.extend(inner);
        } else {
            ys.extend(spans::level_edges(headings, nodes, levels, &inner, em));
        }
        if body_top < hull.y1 - 0.5 * em {
            ys.push(body_top);
        }
    }
    let head_rows = if headings.is_empty() {
        0
    } else {
        ys.len().saturating_sub(usize::from(body_top < hull.y1 - 0.5 * em))
    };
    let last = xs.len().saturating_sub(2);
    let column = |t: &Item| column_of(t, xs);
    let amounts = |c: usize| body.iter().filter(|t| t.is_amount() && column(t) == c).count();
    let counts: Vec<usize> = (0..=last).map(amounts).collect();
    let numeric = |c: usize| counts.get(c).is_some_and(|n| *n > 0);
    let mut bands: Vec<f32> =
        rules.iter().copied().filter(|y| *y > body_top + 0.5 * em && *y < hull.y1 - 0.5 * em).collect();
    bands.push(hull.y1);
    // Where no rule runs through the body, none parts its rows.
    let sole = bands.len() == 1;
    let mut top = body_top;
    for bottom in bands {
        let inside: Vec<&Item> = body.iter().filter(|t| t.bbox.cy() > top && t.bbox.cy() <= bottom).collect();
        if !area.ruled() || several_rows(&inside, column, text, em) || sole && apart_lines(&inside) > 1 {
            ys.extend(
                rows::edges(text, &inside, column, numeric, em)
                    .into_iter()
                    .filter(|y| *y > top && *y < bottom),
            );
        }
        if ys.last().is_none_or(|y| bottom > *y) {
            ys.push(bottom);
        }
        top = bottom;
    }
    ys.dedup_by(|b, a| *b - *a < 0.05 * em);
    (ys, head_rows)
}

/// Whether a band between two rules holds several rows: amounts of one column above one another.
fn several_rows(inside: &[&Item], column: impl Fn(&Item) -> usize, text: &PageText, em: f32) -> bool {
    // `.00` below `48,706,200` is the rest of a wrapped amount, no amount of its own
    let rest = |t: &Item| t.chars(text).next().is_some_and(|c| matches!(c, '.' | ',' | '．' | '，'));
    let mut amounts: Vec<(usize, f32)> =
        inside.iter().filter(|t| t.is_amount() && !rest(t)).map(|t| (column(t), t.bbox.cy())).collect();
    amounts.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    amounts.windows(2).any(|w| matches!(w, [a, b] if a.0 == b.0 && b.1 - a.1 > 0.8 * em))
        || far_lines(inside, em) > 2
}

/// How many lines hold pieces of text far from one another.
fn apart_lines(inside: &[&Item]) -> usize {
    let apart = |w: &[&Item]| matches!(w, [a, b] if b.bbox.x0 - a.bbox.x1 > 2.0 * a.size);
    inside.chunk_by(|a, b| a.line == b.line).filter(|line| line.windows(2).any(apart)).count()
}

/// How many lines of a band hold several pieces of text and stand far below its first one: a long name alone is one
/// row's.
fn far_lines(inside: &[&Item], em: f32) -> usize {
    let top = inside.first().map_or(0.0, |f| f.bbox.cy());
    let mut lines: Vec<u32> =
        inside.iter().filter(|t| t.bbox.cy() - top > 6.0 * em).map(|t| t.line).collect();
    lines.sort_unstable();
    lines.chunk_by(|a, b| a == b).filter(|l| l.len() > 1).count()
}
