//! Where a table's header ends and its body begins.

use super::super::shape::Shape;
use super::super::track::Segment;
use super::Area;
use super::items::Item;

/// y below which the body begins: above the first line with an amount, two numbers or a code at its left, and
/// above the rows without numbers before it; at a rule if there is one.
pub(super) fn body_top(items: &[Item], rules: &[f32], area: &Area, em: f32) -> f32 {
    let lines: Vec<&[Item]> = items.chunk_by(|a, b| a.line == b.line).collect();
    let Some(first) = lines.iter().position(|l| is_body(l)) else {
        return empty_body_top(items, rules, area);
    };
    let Some(anchor) = lines.get(first).map(|l| top_of(l)) else { return area.hull.y0 };
    let band = rules.iter().rposition(|y| *y < anchor - 0.2 * em);
    match band {
        // The header is not parted from the body if all of it is in the first band; where no rule is painted above
        // it, the first rule parts it.
        Some(band) if band > 0 || first == 0 || rules.first().is_some_and(|y| headed(items, *y)) => {
            rules.get(first_band(items, rules, area, band)).copied().unwrap_or(anchor)
        }
        _ => between(&lines, first, em).unwrap_or(area.hull.y0),
    }
}

/// Whether words stand above a height.
fn headed(items: &[Item], y: f32) -> bool {
    items.iter().any(|t| t.bbox.cy() < y)
}

fn is_body(line: &[Item]) -> bool {
    let numbers = line.iter().filter(|t| t.shape.is_numeric()).count();
    line.iter().any(Item::is_amount) || numbers > 1 || line.first().is_some_and(|t| t.shape == Shape::Integer)
}

fn top_of(line: &[Item]) -> f32 {
    line.iter().map(|t| t.bbox.cy()).fold(f32::INFINITY, f32::min)
}

/// The y between header and body lines, `first` being the first line with numbers. Rows without amounts and
/// wrapped names may stand above it: left-aligned with what stands below, and fewer pieces than the headings.
fn between(lines: &[&[Item]], mut first: usize, em: f32) -> Option<f32> {
    let below: Vec<f32> = lines.iter().skip(first).flat_map(|l| l.iter()).map(|t| t.bbox.x0).collect();
    let names: Vec<f32> = lines
        .iter()
        .skip(first)
        .flat_map(|l| l.iter())
        .filter(|t| t.shape == Shape::Words)
        .map(|t| t.bbox.x0)
        .collect();
    let most = lines.iter().take(first).map(|l| l.len()).max().unwrap_or(0);
    while let Some(line) = first.checked_sub(1).and_then(|i| lines.get(i)) {
        let next = lines.get(first).map_or(0.0, |l| top_of(l));
        let step = next - top_of(line);
        let aligned =
            |t: &Item| below.iter().filter(|x| (**x - t.bbox.x0).abs() < 0.4 * em).count() * 12 > below.len();
        // one piece in each line above is no header: the table goes on from the page before
        let row = line.len() < most && step > 1.45 * em || most == 1 && step < 2.0 * em;
        // the first line of a name that wraps around its amounts; few names stand as far left as it does
        let name = |t: &Item| names.iter().filter(|x| (**x - t.bbox.x0).abs() < 0.2 * em).count() > 1;
        let begins = matches!(line, [only] if step <= 1.3 * em && (aligned(only) || name(only)));
        if !(begins || row && line.iter().all(aligned)) {
            break;
        }
        first -= 1;
    }
    let above = lines.get(first.checked_sub(1)?)?;
    let bottom = above.iter().map(|t| t.bbox.y1).fold(f32::NEG_INFINITY, f32::max);
    let top = lines.get(first)?.iter().map(|t| t.bbox.y0).fold(f32::INFINITY, f32::min);
    Some((bottom + top) * 0.5)
}

/// The first band between rules that belongs to the body, `band` being the first one with numbers: bands above
/// it are rows too if a rule parts them from the header along its whole width and they hold fewer pieces.
fn first_band(items: &[Item], rules: &[f32], area: &Area, band: usize) -> usize {
    let count = |b: usize| match (rules.get(b), rules.get(b + 1)) {
        (Some(top), Some(bottom)) => {
            items.iter().filter(|t| t.bbox.cy() > *top && t.bbox.cy() < *bottom).count()
        }
        _ => 0,
    };
    let mut first = band;
    while let Some(above) = first.checked_sub(1) {
        let most = (0..above).map(count).max().unwrap_or(0);
        if count(above) >= most || !spans(rules.get(above), area) {
            break;
        }
        first = above;
    }
    first
}

/// Whether the rule at this height runs over the whole width.
fn spans(y: Option<&f32>, area: &Area) -> bool {
    let Some(y) = y else { return false };
    let length: f32 = area.h.iter().filter(|s| (s.at - y).abs() < 1.0).map(Segment::length).sum();
    length >= 0.95 * area.hull.width()
}

/// Where the body of a table without any number begins: below the last of the bands in which pieces of text stand
/// side by side.
fn empty_body_top(items: &[Item], rules: &[f32], area: &Area) -> f32 {
    let within =
        |top: f32, bottom: f32| items.iter().filter(move |t| t.bbox.cy() > top && t.bbox.cy() < bottom);
    let several = |pair: &&[f32]| match pair {
        [top, bottom] => {
            let mut lines: Vec<u32> = within(*top, *bottom).map(|t| t.line).collect();
            lines.sort_unstable();
            lines.windows(2).any(|w| w.first() == w.get(1))
        }
        _ => false,
    };
    match rules.windows(2).rfind(several) {
        Some([_, bottom]) if within(*bottom, area.hull.y1).next().is_some() => *bottom,
        _ => area.hull.y1,
    }
}
