//! Charts: rules across a picture, the numbers of its axis beside them. Told from tables by what they hold: a table's
//! numbers stand between its rules.

use super::region::Region;
use super::shape::{Shape, shape};
use crate::layout::{PageText, Word};

/// An axis has at least so many numbers, one below the other.
const TICKS: usize = 4;
/// They stand no farther from the rules than so many ems.
const BESIDE: f32 = 4.0;
/// A word in one of so many cells is a legend.
const LEGEND: usize = 3;

/// The words in and beside a region that is a chart, as indices of `text.words`; `None` if it may be a table.
pub(super) fn words(region: &Region, text: &PageText) -> Option<Vec<u32>> {
    let hull = region.hull;
    let em = text.size;
    let beside = |w: &Word| {
        let b = &w.bbox;
        let along = b.cy() > hull.y0 - em && b.cy() < hull.y1 + em;
        along
            && (b.x1 < hull.x0 && b.x1 > hull.x0 - BESIDE * em
                || b.x0 > hull.x1 && b.x0 < hull.x1 + BESIDE * em)
    };
    let number = |w: &Word| matches!(shape(text.word_glyphs(w)), Shape::Amount | Shape::Integer);
    let (mut outside, mut inside) = (Vec::new(), Vec::new());
    for (n, word) in (0..).zip(&text.words) {
        if hull.contains(word.bbox.cx(), word.bbox.cy()) {
            if number(word) {
                return None;
            }
            inside.push(n);
        } else if beside(word) {
            if !number(word) {
                return None;
            }
            outside.push(n);
        }
    }
    let mut lines: Vec<u32> =
        outside.iter().filter_map(|n: &u32| text.words.get(*n as usize)).map(|w| w.line).collect();
    lines.dedup();
    let tracks = |segments: &[super::track::Segment]| segments.chunk_by(|a, b| a.track == b.track).count();
    let cells = tracks(&region.h).saturating_sub(1) * tracks(&region.v).saturating_sub(1);
    (lines.len() >= TICKS && inside.len() * LEGEND <= cells.max(LEGEND)).then(|| {
        outside.extend(inside);
        outside
    })
}
