//! Rows whose cells stand at the top or at the bottom: which of the lines between two amounts go on with the name
//! above them, and which begin the one below.
//!
//! Where rows are as close as lines are, distances say nothing. A line that is followed by another one of its cell is
//! full, though: it has no room for one more character. So if every name begins on the line of its amounts, the line
//! before each further one is full, and if it ends there, each further line is.

use super::super::shape::Shape;
use super::items::Item;
use super::rows;
use crate::layout::PageText;

/// Where the lines of a cell stand in their row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The first line is as high as the amounts.
    Top,
    /// The last line is.
    Bottom,
}

/// A line with less room than this many ems behind it may be full: no line begins with a closing bracket.
const FULL: f32 = 2.1;
/// Fewer amounts below one another than this tell nothing.
const LEAST: usize = 4;
/// Fewer amounts and codes that take turns than this tell nothing.
const LEAST_TURNS: usize = 3;

/// A line of a column: where it is, where it ends, and whether amounts stand beside it.
#[derive(Clone, Copy)]
struct Line {
    cy: f32,
    y0: f32,
    y1: f32,
    x0: f32,
    x1: f32,
    anchored: bool,
    /// It begins as an entry of a list does.
    numbered: bool,
    /// The column has no text beside these amounts.
    blank: bool,
}

/// Edges between the rows that begin (or end) with the amounts between the heights `anchors`, if the texts of one
/// column say that they do: nearly each amount has one of its lines beside it, and the others are where only one of the
/// sides, and not the middle, allows them. `columns` are the texts of each column without its amounts.
pub(super) fn edges(
    columns: &[Vec<&Item>],
    anchors: &[(f32, f32)],
    text: &PageText,
    em: f32,
) -> Option<Vec<f32>> {
    if anchors.len() < LEAST {
        return None;
    }
    let mut found: Option<(Side, Vec<Line>)> = None;
    for own in columns {
        let lines = lines(own, anchors, text, em);
        let Some(side) = side(&lines, em) else { continue };
        match &found {
            Some((other, _)) if *other != side => return None,
            Some((_, longest)) if longest.len() >= lines.len() => {}
            _ => found = Some((side, lines)),
        }
    }
    let (side, lines) = found?;
    // Other columns have more lines: what is not beside the next amounts (or the last ones) is on this side of the edge.
    let all = || columns.iter().flatten().map(|t| t.bbox);
    let parted = |w: &[Line]| {
        let [a, b] = w else { return None };
        match side {
            Side::Top if b.anchored => {
                let above = all().filter(|t| t.cy() < b.cy - 0.4 * em && t.cy() > a.y0).map(|t| t.y1);
                Some((above.fold(a.y1, f32::max).min(b.cy) + b.y0) * 0.5)
            }
            Side::Bottom if a.anchored => {
                let below = all().filter(|t| t.cy() > a.cy + 0.4 * em && t.cy() < b.y1).map(|t| t.y0);
                Some((below.fold(b.y0, f32::min).max(a.cy) + a.y1) * 0.5)
            }
            _ => None,
        }
    };
    Some(lines.windows(2).filter_map(parted).collect())
}

/// The lines of a column from top to bottom.
fn lines(own: &[&Item], anchors: &[(f32, f32)], text: &PageText, em: f32) -> Vec<Line> {
    let anchor = |(y0, y1): &(f32, f32)| Line {
        cy: (y0 + y1) * 0.5,
        y0: *y0,
        y1: *y1,
        x0: f32::INFINITY,
        x1: f32::NEG_INFINITY,
        anchored: true,
        numbered: false,
        blank: true,
    };
    let mut out: Vec<Line> = anchors.iter().map(anchor).collect();
    for item in own {
        let (b, numbered) = (item.bbox, rows::is_numbered(item.chars(text)));
        match out.iter_mut().find(|l| (b.cy() - l.cy).abs() < 0.4 * em) {
            Some(line) => {
                (line.x0, line.x1) = (line.x0.min(b.x0), line.x1.max(b.x1));
                (line.numbered, line.blank) = (line.numbered || numbered, false);
                (line.y0, line.y1) = (line.y0.min(b.y0), line.y1.max(b.y1));
            }
            None => out.push(Line {
                cy: b.cy(),
                y0: b.y0,
                y1: b.y1,
                x0: b.x0,
                x1: b.x1,
                anchored: false,
                numbered,
                blank: false,
            }),
        }
    }
    out.sort_by(|a, b| a.cy.total_cmp(&b.cy));
    out
}

/// The only side at which these lines can stand; `None` if they tell none, or too few stand beside amounts.
fn side(lines: &[Line], em: f32) -> Option<Side> {
    let (anchors, blank) =
        (lines.iter().filter(|l| l.anchored).count(), lines.iter().filter(|l| l.blank).count());
    if lines.len() == anchors || blank * 4 > anchors || centred(lines) {
        return None;
    }
    let limit = lines.iter().map(|l| l.x1).fold(f32::NEG_INFINITY, f32::max);
    let full = |l: &Line| l.x1 + FULL * em > limit;
    // Lines of one cell are closer than rows of one line are; a name without amounts is as far away as a row.
    let step = |w: &[Line]| if let [a, b] = w { b.cy - a.cy } else { 0.0 };
    let rows = lines.windows(2).filter(|w| w.iter().all(|l| l.anchored)).map(step);
    let most = rows.fold(1.5 * em, |most, row| most.min(0.93 * row));
    // An entry of a list begins a row, and so does what stands farther right, unless texts are centred.
    let is_list = lines.iter().filter(|l| l.numbered).count() > 2;
    let begins = |a: &Line, b: &Line| {
        let indented = b.x0 - a.x0 > 0.7 * em && (b.x0 + b.x1 - a.x0 - a.x1).abs() > 0.5 * em;
        indented || is_list && b.numbered
    };
    // One line goes on with another: the lower one after its amounts, the upper one before them.
    let goes_on = |w: &[Line]| matches!(w, [a, b] if full(a) && !begins(a, b)) && step(w) < most;
    let top = lines.windows(2).all(|w| !matches!(w, [_, b] if !b.anchored) || goes_on(w));
    let bottom =
        |w: &[Line]| !matches!(w, [a, _] if !a.anchored) || goes_on(w) && !matches!(w, [_, b] if b.blank);
    let bottom = lines.windows(2).all(bottom);
    match (top && lines.first()?.anchored, bottom && lines.last()?.anchored) {
        (true, false) => Some(Side::Top),
        (false, true) => Some(Side::Bottom),
        _ => None,
    }
}

/// Whether all names could stand in the middle of their rows: as many lines above their amounts as below.
fn centred(lines: &[Line]) -> bool {
    let groups: Vec<usize> = lines.split(|l| l.anchored).map(<[Line]>::len).collect();
    let Some((first, rest)) = groups.split_first() else { return false };
    let mut half = *first;
    for group in rest {
        // the lines between two amounts are the lower half of one name and the upper half of the next
        match group.checked_sub(half) {
            Some(next) => half = next,
            None => return false,
        }
    }
    half == 0
}

/// Edges between rows that have their amounts at one side and their codes at the other: amounts and codes take turns,
/// and nothing stands between the last line of one row and the first line of the next.
pub(super) fn between_codes(columns: &[Vec<&Item>], anchors: &[(f32, f32)], em: f32) -> Option<Vec<f32>> {
    let mut texts: Vec<(f32, f32)> = columns.iter().flatten().map(|t| (t.bbox.y0, t.bbox.y1)).collect();
    texts.extend(anchors);
    let apart = |(c, a): &(&(f32, f32), &(f32, f32))| (middle(c) - middle(a)).abs() > 0.4 * em;
    columns.iter().find_map(|own| {
        let codes = own.iter().filter(|t| t.shape == Shape::Integer);
        let mut codes: Vec<(f32, f32)> = codes.map(|t| (t.bbox.y0, t.bbox.y1)).collect();
        codes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let all =
            codes.len() >= LEAST_TURNS && codes.len() == own.len() && anchors.len().abs_diff(codes.len()) < 2;
        if !all || codes.iter().zip(anchors).filter(apart).count() * 2 < codes.len() {
            return None;
        }
        in_turns(anchors, &codes, &texts, em).or_else(|| in_turns(&codes, anchors, &texts, em))
    })
}

/// Edges between rows that begin at the heights `first` and end at `last`.
fn in_turns(first: &[(f32, f32)], last: &[(f32, f32)], texts: &[(f32, f32)], em: f32) -> Option<Vec<f32>> {
    let turn = |(i, l): (usize, &(f32, f32))| {
        first.get(i).is_some_and(|f| middle(f) < middle(l) + 0.1 * em)
            && first.get(i + 1).is_none_or(|next| middle(next) > middle(l) + 0.9 * em)
    };
    if first.len() < last.len() || !last.iter().enumerate().all(turn) {
        return None;
    }
    let edge = |(l, next): (&(f32, f32), &(f32, f32))| {
        let (from, to) = (middle(l) + 0.4 * em, middle(next) - 0.4 * em);
        let free = !texts.iter().any(|t| middle(t) > from && middle(t) < to);
        let above = texts.iter().filter(|t| middle(t) <= from && middle(t) > l.0).map(|t| t.1);
        free.then(|| (above.fold(l.1, f32::max).min(middle(next)) + next.0) * 0.5)
    };
    last.iter().zip(first.iter().skip(1)).map(edge).collect()
}

fn middle((y0, y1): &(f32, f32)) -> f32 {
    (y0 + y1) * 0.5
}
