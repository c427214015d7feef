//! Items → columns. Amounts, codes and words are gathered apart, since each keeps to its own column; the
//! header then says which columns stand empty and which pieces are one column.

use super::super::shape::Shape;
use super::header::Heading;
use super::items::Item;
use crate::geometry::Rect;

/// A column of text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Column {
    /// Left end of its text.
    pub(super) x0: f32,
    /// Right end of its text.
    pub(super) x1: f32,
    /// Most of its body is amounts.
    pub(super) numeric: bool,
    /// Number of body lines with text in it.
    pub(super) lines: u32,
    /// A heading stands over it (and over nothing else).
    pub(super) headed: bool,
    /// Middle of that heading.
    pub(super) middle: Option<f32>,
}

impl Column {
    fn overlap(&self, x0: f32, x1: f32) -> f32 {
        (self.x1.min(x1) - self.x0.max(x0)).max(0.0)
    }

    fn width(&self) -> f32 {
        self.x1 - self.x0
    }
}

/// Items whose intervals overlap, as columns; `None` members were left out.
pub(super) fn gather(items: &[&Item], em: f32, numeric: bool) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    let left = |i: &usize| items.get(*i).map_or(0.0, |t| t.bbox.x0);
    order.sort_by(|a, b| left(a).total_cmp(&left(b)));
    let mut out: Vec<(f32, Vec<usize>)> = Vec::new();
    for i in order {
        let Some(item) = items.get(i) else { continue };
        let slack = (0.1 * em).min(0.25 * item.bbox.width());
        match out.last_mut() {
            Some((end, members)) if item.bbox.x0 + slack < *end => {
                *end = end.max(item.bbox.x1 - slack);
                members.push(i);
            }
            _ => out.push((item.bbox.x1 - slack, vec![i])),
        }
    }
    let mut columns: Vec<Vec<usize>> = Vec::new();
    for (_, members) in out {
        if numeric && doubled(items, &members) {
            columns.extend(part(items, members, em));
        } else {
            columns.push(members);
        }
    }
    columns
}

/// Whether two of the items stand on one line.
fn doubled(items: &[&Item], members: &[usize]) -> bool {
    let mut lines: Vec<u32> = members.iter().filter_map(|i| items.get(*i).map(|t| t.line)).collect();
    lines.sort_unstable();
    lines.windows(2).any(|w| w.first() == w.get(1))
}

/// Parts amounts that overlap into columns by the edge that they are aligned at.
fn part(items: &[&Item], members: Vec<usize>, em: f32) -> Vec<Vec<usize>> {
    let keys: [fn(&Item) -> f32; 3] = [|t| t.bbox.x1, |t| t.bbox.cx(), |t| t.bbox.x0];
    for key in keys {
        let at = |i: &usize| items.get(*i).map_or(0.0, |t| key(t));
        let mut sorted = members.clone();
        sorted.sort_by(|a, b| at(a).total_cmp(&at(b)));
        let groups: Vec<Vec<usize>> =
            sorted.chunk_by(|a, b| at(b) - at(a) < 0.6 * em).map(<[usize]>::to_vec).collect();
        if groups.len() > 1 && groups.iter().all(|g| !doubled(items, g)) {
            return groups;
        }
    }
    vec![members]
}

fn column_of(items: &[&Item], members: &[usize], numeric: bool) -> Column {
    let own = || members.iter().filter_map(|i| items.get(*i));
    let mut lines: Vec<u32> = own().map(|t| t.line).collect();
    lines.sort_unstable();
    lines.dedup();
    Column {
        x0: own().fold(f32::INFINITY, |x, t| x.min(t.bbox.x0)),
        x1: own().fold(f32::NEG_INFINITY, |x, t| x.max(t.bbox.x1)),
        numeric,
        lines: lines.len() as u32,
        headed: false,
        middle: None,
    }
}

/// The columns of a table's body under its headings, from left to right.
pub(super) fn columns(body: &[Item], headings: &[Heading], em: f32) -> Vec<Column> {
    let mut columns = body_columns(body, em);
    let terminal = terminals(headings);
    let own: Vec<&Heading> = headings.iter().zip(&terminal).filter(|(_, t)| **t).map(|(h, _)| h).collect();
    part_by_headings(&mut columns, &own, body, em);
    claim(&mut columns, &own, headings, em);
    drop_stray(&mut columns, headings, em);
    columns
}

fn body_columns(body: &[Item], em: f32) -> Vec<Column> {
    let of = |shapes: &[Shape]| body.iter().filter(|t| shapes.contains(&t.shape)).collect::<Vec<&Item>>();
    let amounts = of(&[Shape::Amount, Shape::Dash]);
    let mut columns: Vec<Column> =
        gather(&amounts, em, true).iter().map(|m| column_of(&amounts, m, true)).collect();
    // Whole numbers below or above amounts of a column are amounts too; elsewhere they are codes.
    let inside = |columns: &[Column], t: &Item| {
        columns.iter().any(|c| c.numeric && (c.overlap(t.bbox.x0, t.bbox.x1) > 0.6 * t.bbox.width()))
    };
    let integers: Vec<&Item> = of(&[Shape::Integer]).into_iter().filter(|t| !inside(&columns, t)).collect();
    let codes: Vec<Column> =
        gather(&integers, em, true).iter().map(|m| column_of(&integers, m, false)).collect();
    let crossed = |t: &Item| {
        let over = |c: &&Column| c.overlap(t.bbox.x0, t.bbox.x1) > 0.3 * em.min(c.width().max(0.1));
        columns.iter().chain(&codes).filter(over).count()
    };
    let words: Vec<&Item> =
        of(&[Shape::Words]).into_iter().filter(|t| !inside(&columns, t) && crossed(t) < 2).collect();
    let mut names: Vec<Column> = Vec::new();
    for members in gather(&words, em, false) {
        names.extend(part_words(&words, &members, &columns, em));
    }
    for code in codes {
        // A code column in which words stand too (a department's row), or names that begin with digits.
        let same = names.iter_mut().find(|n| {
            let common = n.overlap(code.x0, code.x1);
            common > 0.5 * code.width().min(n.width()) && !share_lines(&integers, &words, &code, n)
        });
        match same {
            Some(name) => {
                name.x0 = name.x0.min(code.x0);
                name.x1 = name.x1.max(code.x1);
                name.lines = name.lines.max(code.lines);
            }
            None => columns.push(code),
        }
    }
    columns.extend(names);
    columns.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    columns
}

/// Words that chain over an amount column are several columns: they are gathered again between the amounts.
fn part_words(words: &[&Item], members: &[usize], amounts: &[Column], em: f32) -> Vec<Column> {
    let whole = column_of(words, members, false);
    let inner: Vec<&Column> = amounts
        .iter()
        .filter(|a| {
            whole.overlap(a.x0, a.x1) > 0.5 * a.width() && a.x1 < whole.x1 - em && a.x0 > whole.x0 + em
        })
        .collect();
    if inner.is_empty() {
        return vec![whole];
    }
    let slot = |i: &usize| {
        let x = words.get(*i).map_or(0.0, |t| t.bbox.x0);
        inner.iter().filter(|a| x > a.x0).count()
    };
    let mut sorted = members.to_vec();
    sorted.sort_by_key(slot);
    sorted.chunk_by(|a, b| slot(a) == slot(b)).map(|m| column_of(words, m, false)).collect()
}

/// Whether some line has text in both columns.
fn share_lines(integers: &[&Item], words: &[&Item], code: &Column, name: &Column) -> bool {
    let mut lines: Vec<u32> =
        integers.iter().filter(|t| code.overlap(t.bbox.x0, t.bbox.x1) > 0.0).map(|t| t.line).collect();
    lines.sort_unstable();
    words.iter().any(|t| name.overlap(t.bbox.x0, t.bbox.x1) > 0.0 && lines.binary_search(&t.line).is_ok())
}

/// Headings with no other heading under them.
fn terminals(headings: &[Heading]) -> Vec<bool> {
    let top = headings.iter().map(|h| h.bbox.y0).fold(f32::INFINITY, f32::min);
    let bottom = headings.iter().map(|h| h.bbox.y1).fold(f32::NEG_INFINITY, f32::max);
    let under = |h: &Heading, o: &Heading| o.bbox.cy() > h.bbox.cy() + 0.5 * h.size;
    headings
        .iter()
        .map(|h| {
            if headings.iter().any(|o| under(h, o) && o.bbox.overlap_x(&h.bbox) > 0.15 * h.size) {
                return false;
            }
            // A narrow heading may stand over the gap between its columns: higher than a heading that reaches
            // down to the body would stand, with lower ones left and right of it.
            if h.bbox.cy() > (top + bottom) * 0.5 - 0.4 * h.size {
                return true;
            }
            let mut nearest = [f32::NEG_INFINITY, f32::INFINITY];
            for x in headings.iter().filter(|o| under(h, o)).map(|o| o.bbox.cx()) {
                match nearest.as_mut_slice() {
                    [left, _] if x < h.bbox.cx() => *left = left.max(x),
                    [_, right] => *right = right.min(x),
                    _ => {}
                }
            }
            let [left, right] = nearest;
            let between = |o: &&Heading| !under(h, o) && o.bbox.cx() > left && o.bbox.cx() < right;
            right - left > 16.0 * h.size || headings.iter().filter(between).count() > 1
        })
        .collect()
}

/// Gives every heading its column: the one that has text under it; else one beside it that no heading stands
/// over (a centred heading over short amounts at the right edge); else a blank one of its own.
fn claim(columns: &mut Vec<Column>, own: &[&Heading], headings: &[Heading], em: f32) {
    let mut unmatched: Vec<&Heading> = Vec::new();
    for heading in own {
        let b = &heading.bbox;
        let mut under = columns.iter_mut().filter(|c| over(b, c, em));
        match (under.next(), under.next()) {
            (Some(only), None) => {
                only.headed = true;
                only.middle = Some(b.cx());
            }
            (Some(_), Some(_)) => {}
            (None, _) => unmatched.push(heading),
        }
    }
    let alone = |c: &Column| !c.headed && c.lines > 0 && !own.iter().any(|h| over(&h.bbox, c, em));
    let mut blank: Vec<&Heading> = Vec::new();
    // As many headings without a column as columns without one: each has its own, however wide their cells are.
    let mut left: Vec<usize> = (0..columns.len()).filter(|i| columns.get(*i).is_some_and(alone)).collect();
    if left.len() != unmatched.len() {
        left.clear();
    }
    unmatched.sort_by(|a, b| a.bbox.cx().total_cmp(&b.bbox.cx()));
    for (n, heading) in unmatched.into_iter().enumerate() {
        let b = &heading.bbox;
        // Nothing may stand between the heading and its column.
        let gap = |c: &Column| if c.x0 > b.x1 { (b.x1, c.x0) } else { (c.x1, b.x0) };
        let free = |c: &Column| {
            let (low, high) = gap(c);
            let column = columns.iter().any(|o| (o.x0 + o.x1) * 0.5 > low && (o.x0 + o.x1) * 0.5 < high);
            column || own.iter().any(|h| h.bbox.cx() > low && h.bbox.cx() < high)
        };
        let near = columns
            .iter()
            .enumerate()
            .filter(|(_, c)| alone(c) && !free(c))
            .map(|(i, c)| (i, gap(c).1 - gap(c).0, c.numeric && left.get(n) == Some(&i)))
            .filter(|(_, d, own)| *own || *d < 5.0 * em)
            .min_by(|a, b| a.1.total_cmp(&b.1));
        match near.and_then(|(i, ..)| columns.get_mut(i)) {
            Some(c) => {
                c.headed = true;
                c.middle = Some(b.cx());
            }
            None => blank.push(heading),
        }
    }
    // A narrow heading that spans several columns may stand over the gap between them; it stands higher than
    // their own headings. A heading in the lower half of the header has a column of its own.
    let top = headings.iter().map(|h| h.bbox.y0).fold(f32::INFINITY, f32::min);
    let bottom = headings.iter().map(|h| h.bbox.y1).fold(f32::NEG_INFINITY, f32::max);
    for heading in blank {
        let b = &heading.bbox;
        let single = bottom - top < 1.8 * b.height();
        if single || b.cy() >= (top + bottom) * 0.5 - 0.6 * em {
            columns.push(Column { x0: b.x0, x1: b.x1, numeric: false, lines: 0, headed: true, middle: None });
        }
    }
    columns.sort_by(|a, b| a.x0.total_cmp(&b.x0));
}

/// Whether a heading stands over a column.
fn over(heading: &Rect, c: &Column, em: f32) -> bool {
    c.overlap(heading.x0, heading.x1) > (0.25 * em).min(0.5 * c.width()).min(0.5 * heading.width())
}

/// Two headings over one column, with nothing painted across the space between them: two columns whose text
/// only seemed to be one, as it never stands on one line.
fn part_by_headings(columns: &mut Vec<Column>, own: &[&Heading], body: &[Item], em: f32) {
    let mut out: Vec<Column> = Vec::with_capacity(columns.len());
    for c in columns.drain(..) {
        let mut middles: Vec<&Rect> =
            own.iter().map(|h| &h.bbox).filter(|b| b.cx() > c.x0 && b.cx() < c.x1).collect();
        middles.sort_by(|a, b| a.cx().total_cmp(&b.cx()));
        let mut rest = c;
        for pair in middles.windows(2) {
            let [a, b] = pair else { continue };
            let inside = |t: &&Item| t.bbox.x0 >= c.x0 - 0.1 && t.bbox.x1 <= c.x1 + 0.1;
            let left = body.iter().filter(inside).map(|t| t.bbox).filter(|t| t.cx() < (a.x1 + b.x0) * 0.5);
            let right = body.iter().filter(inside).map(|t| t.bbox).filter(|t| t.cx() >= (a.x1 + b.x0) * 0.5);
            let (Some(left), Some(right)) = (Rect::hull(left), Rect::hull(right)) else { continue };
            if a.x1 < b.x0 && left.x1 < right.x0 + 0.2 * em && rest.x0 < left.x1 {
                out.push(Column { x1: left.x1, ..rest });
                rest.x0 = right.x0;
            }
        }
        out.push(rest);
    }
    *columns = out;
}

/// Takes text that is no column of its own into the column beside it: what no heading stands over although
/// there are headings, and what stands on one line only.
fn drop_stray(columns: &mut Vec<Column>, headings: &[Heading], em: f32) {
    let busiest = columns.iter().map(|c| c.lines).max().unwrap_or(0);
    let mut i = 0;
    while let Some(c) = columns.get(i).copied() {
        let covered = headings.iter().any(|h| c.overlap(h.bbox.x0, h.bbox.x1) > 0.2 * em);
        let stray =
            !c.headed && !c.numeric && !covered && (headings.len() > 1 || (c.lines <= 1 && busiest > 3));
        if !stray {
            i += 1;
            continue;
        }
        let gap = |j: Option<usize>| {
            j.and_then(|j| columns.get(j)).filter(|o| !o.numeric).map(|o| (o.x0 - c.x1).max(c.x0 - o.x1))
        };
        let (before, after) = (gap(i.checked_sub(1)), gap(Some(i + 1)));
        let into = match (before, after) {
            (Some(a), Some(b)) if a < b => Some(i - 1),
            (_, Some(_)) => Some(i + 1),
            (Some(_), None) => Some(i - 1),
            (None, None) => None,
        };
        if let Some(o) = into.and_then(|j| columns.get_mut(j)) {
            o.x0 = o.x0.min(c.x0);
            o.x1 = o.x1.max(c.x1);
            o.lines = o.lines.max(c.lines);
        }
        if into.is_some() || c.lines <= 1 {
            columns.remove(i);
        } else {
            i += 1;
        }
    }
}

/// Where a centred heading says that the column ends on the side where its text does not reach the border:
/// amounts stand at the right edge, names at the left one.
fn guess(c: &Column, right: bool, em: f32) -> Option<f32> {
    let pad = 0.3 * em;
    let middle = c.middle?;
    match (c.numeric, right) {
        (true, false) => Some(2.0 * middle - (c.x1 + pad)),
        (true, true) => Some(c.x1 + pad),
        (false, true) => Some(2.0 * middle - (c.x0 - pad)),
        (false, false) => Some(c.x0 - pad),
    }
}

/// Edges between the columns: in the gap of their text, at a painted edge if one lies there.
pub(super) fn edges(columns: &[Column], left: f32, right: f32, painted: &[f32], em: f32) -> Vec<f32> {
    let mut out = vec![left];
    for pair in columns.windows(2) {
        if let [a, b] = pair {
            let (low, high) = (a.x1.min(b.x0), a.x1.max(b.x0));
            let guesses = [guess(a, true, em), guess(b, false, em)];
            let likely = guesses.iter().flatten().copied().filter(|x| *x > low && *x < high);
            let (sum, n) = likely.fold((0.0, 0.0), |(s, n), x| (s + x, n + 1.0));
            let middle = if n > 0.0 { sum / n } else { (low + high) * 0.5 };
            // a long name runs into the amounts: the border lies before the first of them
            let overrun = a.x1 > b.x0 && b.numeric && !a.numeric;
            let middle = if overrun { b.x0 - 0.1 * em } else { middle };
            let edge = painted
                .iter()
                .copied()
                .filter(|x| *x > low - 0.2 * em && *x < if overrun { low } else { high } + 0.2 * em)
                .min_by(|p, q| (p - middle).abs().total_cmp(&(q - middle).abs()))
                .unwrap_or(middle);
            if out.last().is_none_or(|last| edge > last + 0.2 * em) {
                out.push(edge);
            }
        }
    }
    if out.last().is_none_or(|last| right > *last) {
        out.push(right);
    }
    out
}
