//! Whole numbers that are amounts: `16433409` in a table in 元 without decimals. A number alone does not tell
//! whether it is a code, a year or money; its column and the other numbers of the table do.

use super::super::shape::{Shape, narrow, shape};
use super::columns::gather;
use super::items::{Item, slice};
use crate::geometry::Rect;
use crate::layout::PageText;
use std::ops::Range;

/// More pieces of text are a drawing.
const MOST_ITEMS: usize = 8_000;
/// Numbers below this say nothing by being printed twice.
const TELLING: u64 = 100;

/// A number without decimals.
struct Number {
    value: u64,
    digits: usize,
    /// `05`: no amount is printed so.
    padded: bool,
    line: u32,
    /// Index of the item.
    item: usize,
    /// Words stand to its left.
    named: bool,
    /// The glyphs of the next piece of its line, if that is words.
    name: Option<Range<u32>>,
    /// It has thousands separators.
    grouped: bool,
}

/// Makes the whole numbers that are amounts [`Shape::Amount`]. `items` are those of one table, line by line from
/// left to right.
pub(in crate::grid) fn promote(items: &mut [&mut Item], text: &PageText) {
    if items.len() > MOST_ITEMS || !items.iter().any(|t| t.shape == Shape::Integer) {
        return;
    }
    for i in amounts(items, text) {
        if let Some(item) = items.get_mut(i) {
            item.shape = Shape::Amount;
        }
    }
}

fn amounts(items: &[&mut Item], text: &PageText) -> Vec<usize> {
    let all: Vec<&Item> = items.iter().map(|t| &**t).collect();
    let em = all.first().map_or(9.0, |t| t.size);
    let numeric: Vec<usize> =
        (0..all.len()).filter(|i| all.get(*i).is_some_and(|t| t.shape.is_numeric())).collect();
    let own: Vec<&Item> = numeric.iter().filter_map(|i| all.get(*i).copied()).collect();
    let mut pointed = 0;
    let mut columns: Vec<Vec<Number>> = Vec::new();
    let groups = gather(&own, em, true);
    let extents: Vec<Rect> = groups
        .iter()
        .filter(|g| g.len() > 1)
        .filter_map(|g| Rect::hull(g.iter().filter_map(|m| own.get(*m)).map(|t| t.bbox)))
        .collect();
    for members in groups {
        // A page number that stands among the amounts of a column is none of them.
        if let [only] = members.as_slice()
            && let Some(t) = own.get(*only)
            && extents.iter().any(|e| e.overlap_x(&t.bbox) > 0.5 * t.bbox.width())
        {
            continue;
        }
        let at = members.iter().filter_map(|m| numeric.get(*m).copied());
        let column: Vec<Number> = at.filter_map(|i| number(&all, i, text)).collect();
        let decimals = members
            .iter()
            .filter_map(|m| own.get(*m))
            .filter(|t| t.is_amount() && t.chars(text).any(|c| narrow(c) == '.'))
            .count();
        if decimals > column.len() {
            pointed += 1;
        } else if decimals == 0 && could_be_money(&column, text) {
            columns.push(column);
        }
    }
    // Where amounts have decimals, whole numbers are something else.
    if pointed >= columns.len().max(1) {
        return Vec::new();
    }
    let repeated = repeated(&columns);
    let sure = |c: &Vec<Number>| {
        c.iter().any(|n| n.grouped)
            || c.iter().filter(|n| repeated.contains(&(n.line, n.value))).count() * 4 >= c.len()
            || varied(c)
    };
    // One column of money makes the other numbers beside it money, zeros and single ones too.
    if !columns.iter().any(sure) {
        return Vec::new();
    }
    columns.iter().flatten().filter(|n| !n.grouped).map(|n| n.item).collect()
}

/// Parts a whole number from words that touch it and were painted apart from it, where it ends just where amounts do:
/// `0二、结转下年` is an amount and the next column's name, `201一般公共服务支出` a code with its name.
pub(in crate::grid) fn part(items: Vec<Item>, text: &PageText) -> Vec<Item> {
    let mut ends: Vec<f32> = items.iter().filter(|t| t.is_amount()).map(|t| t.bbox.x1).collect();
    ends.sort_by(f32::total_cmp);
    let aligned = |x: f32, em: f32| {
        let first = ends.partition_point(|e| *e < x - 0.1 * em);
        ends.iter().skip(first).take_while(|e| **e < x + 0.1 * em).count() > 1
    };
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        let glyphs = slice(text, &item.glyphs);
        let whole = |k: &usize| {
            let (left, right) = glyphs.split_at(*k);
            let (Some(a), Some(b)) = (left.last(), right.first()) else { return false };
            let padded = k > &1 && left.first().is_some_and(|g| narrow(g.ch) == '0');
            a.run != b.run
                && !padded
                && shape(left) == Shape::Integer
                && shape(right) == Shape::Words
                && aligned(a.bbox.x1, a.size)
        };
        let cut = (item.shape == Shape::Words).then(|| (1..glyphs.len().min(16)).find(whole)).flatten();
        let Some(cut) = cut else {
            out.push(item);
            continue;
        };
        let middle = item.glyphs.start + cut as u32;
        let (left, right) = glyphs.split_at(cut);
        for (range, piece, shape) in
            [(item.glyphs.start..middle, left, Shape::Amount), (middle..item.glyphs.end, right, Shape::Words)]
        {
            if let Some(bbox) = Rect::hull(piece.iter().map(|g| g.bbox)) {
                out.push(Item { glyphs: range, bbox, shape, ..item.clone() });
            }
        }
    }
    out
}

/// The number that an item is.
fn number(all: &[&Item], i: usize, text: &PageText) -> Option<Number> {
    let item = all.get(i)?;
    if item.shape == Shape::Dash {
        return None;
    }
    let (mut value, mut digits, mut grouped, mut first) = (0_u64, 0, false, None);
    for c in item.chars(text).map(narrow) {
        match c.to_digit(10) {
            Some(d) => {
                value = value.saturating_mul(10).saturating_add(u64::from(d));
                digits += 1;
                first = first.or(Some(d));
            }
            None if c == ',' => grouped = true,
            None if matches!(c, '.' | '%') => return None,
            None => {}
        }
    }
    let beside = |o: &&&Item| (o.bbox.cy() - item.bbox.cy()).abs() < 1.2 * item.size;
    // Wrapped names stand half a line higher and lower than their numbers.
    let near = all.iter().skip(i.saturating_sub(40)).take(80).filter(beside);
    let named =
        near.into_iter().any(|o| o.shape == Shape::Words && o.bbox.x1 < item.bbox.x0 + 0.3 * item.size);
    let next = all.get(i + 1).filter(|o| o.line == item.line);
    Some(Number {
        value,
        digits,
        padded: digits > 1 && first == Some(0),
        line: item.line,
        item: i,
        named,
        name: next.filter(|o| o.shape == Shape::Words).map(|o| o.glyphs.clone()),
        grouped,
    })
}

/// Whether nothing speaks against a column of numbers being money.
fn could_be_money(column: &[Number], text: &PageText) -> bool {
    let count = |what: fn(&Number) -> bool| column.iter().filter(|n| what(n)).count();
    let most = |n: usize, of: usize| n * 5 >= of * 3;
    if column.is_empty() || !most(count(|n| n.named), column.len()) || count(|n| n.padded) > 0 {
        return false;
    }
    if count(|n| n.grouped) > 0 {
        return true;
    }
    !(is_code(column, text) || is_years(column) || is_serial(column))
}

/// Codes: of the lengths that codes have, in order, each with its name behind it, and twice only with the same name.
fn is_code(column: &[Number], text: &PageText) -> bool {
    let naming = column.iter().filter(|n| n.name.is_some()).count();
    let lengths = column.iter().all(|n| matches!(n.digits, 2 | 3 | 5 | 7));
    // `205`, `20502`, `2050201`: the order of a list is that of their digits
    let key =
        |n: &Number| n.value.saturating_mul(10_u64.saturating_pow(9_u32.saturating_sub(n.digits as u32)));
    let name = |n: &Number| n.name.as_ref().map(|g| slice(text, g).iter().map(|g| g.ch).collect::<String>());
    let ordered = column.windows(2).all(|w| match w {
        [a, b] => key(a) < key(b) || key(a) == key(b) && name(a) == name(b),
        _ => true,
    });
    lengths && ordered && naming * 5 >= column.len() * 4
}

fn is_years(column: &[Number]) -> bool {
    column.iter().all(|n| (1949..2100).contains(&n.value))
}

/// `1`, `2`, `3` …
fn is_serial(column: &[Number]) -> bool {
    column.len() > 1 && column.windows(2).all(|w| matches!(w, [a, b] if b.value == a.value + 1))
}

/// Line and value of numbers that stand on one line twice (a total and its only part), or that are the sum of what
/// follows them there. No code is.
fn repeated(columns: &[Vec<Number>]) -> Vec<(u32, u64)> {
    let mut all: Vec<(u32, usize, u64)> = columns
        .iter()
        .flatten()
        .map(|n| (n.line, n.item, n.value))
        .filter(|(_, _, v)| *v >= TELLING)
        .collect();
    all.sort_unstable();
    let mut out = Vec::new();
    for line in all.chunk_by(|a, b| a.0 == b.0) {
        for (k, (at, _, value)) in line.iter().enumerate() {
            let others = line.get(k + 1..).unwrap_or_default();
            let twice = others.iter().any(|o| o.2 == *value);
            let sum = others.iter().fold(0_u64, |s, o| s.saturating_add(o.2));
            let pair = others.iter().take(2).fold(0_u64, |s, o| s.saturating_add(o.2));
            if twice {
                out.push((*at, *value));
            } else if others.len() > 1 && (sum == *value || pair == *value) {
                out.push((*at, *value));
                out.extend(others.iter().map(|o| (o.0, o.2)));
            }
        }
    }
    out
}

/// Numbers of many sizes, as money is and no code, year or telephone number.
fn varied(column: &[Number]) -> bool {
    let mut lengths: Vec<usize> = column.iter().filter(|n| n.value > 0).map(|n| n.digits).collect();
    lengths.sort_unstable();
    let (least, most) = (lengths.first().copied().unwrap_or(0), lengths.last().copied().unwrap_or(0));
    lengths.len() > 2 && most > 3 && least < 7 && least < most
}
