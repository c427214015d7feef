//! Rows whose amounts stand at the top (or the bottom) while everything else stands in the middle: no name is beside its
//! amounts, and where rows are high a name's lines lie on both sides of the next row's nearest text.
//!
//! From the top of one row's amounts to the top of the next one's is as far as rows are high. If an edge lies the same
//! little bit above all amounts and the texts of every column then stand in the middle between edges, rows high and low,
//! this is no accident.

use super::items::Item;

/// Fewer rows than this tell nothing, nor do columns with texts in fewer of them.
const LEAST: usize = 4;
/// Amounts stand no farther from their row's edge than this many ems, and not over it.
const PADDING: std::ops::Range<f32> = -0.1..1.0;
/// Texts stand in the middle to this many ems.
const EXACT: f32 = 0.25;
/// Names are this far from their amounts at least, else they stand beside them.
const OFF: f32 = 0.45;

/// Edges between the rows of the amounts between the heights `anchors`; `columns` are the texts of each column without
/// its amounts.
pub(super) fn edges(columns: &[Vec<&Item>], anchors: &[(f32, f32)], em: f32) -> Option<Vec<f32>> {
    if anchors.len() <= LEAST {
        return None;
    }
    let tops: Vec<f32> = anchors.iter().map(|a| a.0).collect();
    let texts = |sign: f32| -> Vec<Vec<(f32, f32)>> {
        let place = |t: &&Item| if sign > 0.0 { (t.bbox.y0, t.bbox.y1) } else { (-t.bbox.y1, -t.bbox.y0) };
        columns.iter().map(|own| own.iter().map(place).collect()).collect()
    };
    if let Some(padding) = padding(&tops, &texts(1.0), anchors, em) {
        return Some(tops.iter().skip(1).map(|y| y - padding).collect());
    }
    // the same, upside down
    let turned: Vec<(f32, f32)> = anchors.iter().rev().map(|a| (-a.1, -a.0)).collect();
    let bottoms: Vec<f32> = turned.iter().map(|a| a.0).collect();
    let padding = padding(&bottoms, &texts(-1.0), &turned, em)?;
    Some(bottoms.iter().skip(1).rev().map(|y| padding - y).collect())
}

/// How far above the amounts' tops the edges lie, if texts then stand in the middle of their rows.
fn padding(tops: &[f32], columns: &[Vec<(f32, f32)>], anchors: &[(f32, f32)], em: f32) -> Option<f32> {
    // From a text's middle down to where its row's middle would be without padding, row by row and column by column.
    let mut found: Vec<f32> = Vec::new();
    let mut filled_of = vec![0; columns.len()];
    let mut beside = 0;
    let (mut low, mut high) = (f32::INFINITY, 0.0_f32);
    for (row, pair) in tops.windows(2).enumerate() {
        let [top, next] = pair else { continue };
        let mut filled = false;
        for (own, count) in columns.iter().zip(&mut filled_of) {
            let inside = own.iter().filter(|(y0, y1)| {
                let cy = (y0 + y1) * 0.5;
                cy > *top && cy < *next
            });
            let hull = inside.fold(None, |hull: Option<(f32, f32)>, (y0, y1)| {
                Some(hull.map_or((*y0, *y1), |h| (h.0.min(*y0), h.1.max(*y1))))
            });
            let Some((y0, y1)) = hull else { continue };
            let middle = (y0 + y1) * 0.5;
            found.push((top + next) * 0.5 - middle);
            let amounts = anchors.get(row).map_or(*top, |a| (a.0 + a.1) * 0.5);
            beside += usize::from((middle - amounts).abs() < OFF * em);
            filled = true;
            *count += 1;
        }
        if !filled {
            return None;
        }
        (low, high) = (low.min(next - top), high.max(next - top));
    }
    // In rows of one height any offset would be the same everywhere, and one column may well hold a row without amounts.
    let columns = filled_of.iter().filter(|count| **count >= LEAST).count();
    if columns < 2 || beside * 4 > found.len() || high - low < 0.5 * em {
        return None;
    }
    let mut sorted = found.clone();
    sorted.sort_by(f32::total_cmp);
    let padding = sorted.get(sorted.len() / 2).copied()?;
    let exact = found.iter().filter(|d| (**d - padding).abs() < EXACT * em).count();
    (PADDING.contains(&(padding / em)) && exact * 20 >= found.len() * 19).then_some(padding)
}
