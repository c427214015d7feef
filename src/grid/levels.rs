//! Levels of a header between which no rule is painted: the vertical rulings that part the columns under a common
//! heading begin where that heading ends.

use super::plan::Plan;
use super::track::Segment;
use crate::geometry::Rect;

/// Beginnings of rulings nearer than this many ems are at one height.
const LEVEL: f32 = 0.3;
/// A level is at least this many ems high.
const LEAST: f32 = 0.8;

/// Heights within the bands between the row edges `ys` at which vertical rulings begin that run on to the end of the
/// band, under the text of one cell and beside that of others. `words` are boxes of the words in the region.
pub(super) fn edges(v: &[Segment], xs: &[f32], ys: &[f32], words: &[Rect], em: f32) -> Vec<f32> {
    let mut out = Vec::new();
    for band in ys.windows(2) {
        let &[top, bottom] = band else { continue };
        if bottom - top < 2.0 * LEAST * em {
            continue;
        }
        let begins = |s: &&Segment| {
            s.from > top + LEAST * em && s.from < bottom - LEAST * em && s.to > bottom - LEVEL * em
        };
        let mut begun: Vec<&Segment> = v.iter().filter(begins).collect();
        begun.sort_by(|a, b| a.from.total_cmp(&b.from));
        for level in begun.chunk_by(|a, b| b.from - a.from < LEVEL * em) {
            let y = level.iter().map(|s| s.from).sum::<f32>() / level.len() as f32;
            let above = level.iter().filter_map(|s| span(s.at, y, v, xs, em));
            let fits: Vec<Fit> = above.map(|span| fit(span, (top, y, bottom), words)).collect();
            if fits.contains(&Fit::Parted) && !fits.contains(&Fit::Crossed) {
                out.push(y);
            }
        }
    }
    out
}

/// Parts the slots above and below each of `edges`, to which no rule belongs, where they are not of the same columns;
/// a heading without others under it reaches down to the body.
pub(super) fn part(plan: &mut Plan, edges: &[f32]) {
    let columns = plan.columns();
    for r in 1..plan.rows() {
        if !plan.ys.get(r).is_some_and(|y| edges.contains(y)) {
            continue;
        }
        for c in 0..columns {
            let differs = plan.extent(r - 1, c) != plan.extent(r, c);
            if let Some(above) = plan.above.get_mut(r * columns + c) {
                *above |= differs;
            }
        }
    }
}

/// What the text says of a height at which rulings begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// Text above it and text below it.
    Parted,
    /// No text on one side of it.
    Blank,
    /// Text that runs through it.
    Crossed,
}

/// The cell that ends at `y` where a ruling begins at `x`: from the ruling left of it that stands above `y` to the
/// one right of it.
fn span(x: f32, y: f32, v: &[Segment], xs: &[f32], em: f32) -> Option<(f32, f32)> {
    let stands = |s: &&Segment| s.from < y - LEVEL * em && s.to > y - LEVEL * em;
    let sides = || v.iter().filter(stands).map(|s| s.at);
    let left = sides().filter(|at| *at < x - LEVEL * em).fold(*xs.first()?, f32::max);
    let right = sides().filter(|at| *at > x + LEVEL * em).fold(*xs.last()?, f32::min);
    Some((left, right))
}

fn fit((left, right): (f32, f32), (top, y, bottom): (f32, f32, f32), words: &[Rect]) -> Fit {
    let inside = |w: &&Rect| w.cx() > left && w.cx() < right && w.cy() > top && w.cy() < bottom;
    let (mut above, mut below) = (false, false);
    for w in words.iter().filter(inside) {
        let slack = 0.25 * w.height();
        if w.y0 + slack < y && w.y1 - slack > y {
            return Fit::Crossed;
        }
        above |= w.cy() < y;
        below |= w.cy() > y;
    }
    if above && below { Fit::Parted } else { Fit::Blank }
}
