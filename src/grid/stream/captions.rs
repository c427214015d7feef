//! Captions in the first row of a table: department and unit in cells of their own above the headings.

use super::super::hints;
use super::items::Item;
use crate::layout::PageText;

/// The height below the captions that stand above all other texts of a table, and above the headings; `None` if there
/// are none, or nothing else stands below.
pub(super) fn bottom(items: &[Item], text: &PageText, em: f32) -> Option<f32> {
    let mut order: Vec<&Item> = items.iter().collect();
    order.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
    let mut lines = order.chunk_by(|a, b| b.baseline - a.baseline < 0.4 * em).peekable();
    let says = |t: &Item| hints::is_caption(&t.chars(text).collect::<String>());
    let mut above: Option<Vec<&Item>> = None;
    while let Some(line) = lines.next_if(|line| {
        line.iter().all(|t| says(t)) || above.as_ref().is_some_and(|above| goes_on(above, line))
    }) {
        above = Some(line.to_vec());
    }
    let last = above?.iter().map(|t| t.bbox.y1).fold(f32::NEG_INFINITY, f32::max);
    let next = lines.next()?.iter().map(|t| t.bbox.y0).fold(f32::INFINITY, f32::min);
    (next > last - 0.2 * em).then_some((last + next) * 0.5)
}

/// Whether a line is the rest of a caption that is wrapped in its cell: alone, closely below the beginning of a longer
/// text.
fn goes_on(above: &[&Item], line: &[&Item]) -> bool {
    let [only] = line else { return false };
    above.iter().any(|t| {
        let step = only.baseline - t.baseline;
        (only.bbox.x0 - t.bbox.x0).abs() < 0.3 * t.size && only.bbox.x1 < t.bbox.x1 && step < 1.6 * t.size
    })
}
