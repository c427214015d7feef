//! Headings of one character each (类 款 项) that a producer painted in one go look like a letter-spaced label;
//! the columns below tell.

use super::items::{Item, is_under, slice};
use crate::geometry::Rect;
use crate::layout::PageText;

/// Parts letter-spaced headings whose characters each stand over a column of their own: over a number that no other
/// character of the heading stands over. A label with other headings under it spans them, however its letters fall.
pub(super) fn part(head: &[Item], body: &[Item], text: &PageText) -> Vec<Item> {
    let mut out = Vec::with_capacity(head.len());
    for item in head {
        let glyphs = slice(text, &item.glyphs);
        let spaced = glyphs.windows(2).all(|w| matches!(w, [a, b] if b.bbox.x0 - a.bbox.x1 > 0.5 * a.size));
        let spans = || head.iter().any(|o| is_under(o, item));
        if glyphs.len() < 2 || !spaced || spans() || !own_columns(glyphs.iter().map(|g| g.bbox), body) {
            out.push(item.clone());
            continue;
        }
        for (at, glyph) in (item.glyphs.start..).zip(glyphs) {
            out.push(Item { glyphs: at..at + 1, bbox: glyph.bbox, ..item.clone() });
        }
    }
    out
}

fn own_columns(letters: impl Iterator<Item = Rect>, body: &[Item]) -> bool {
    let letters: Vec<Rect> = letters.collect();
    letters.iter().enumerate().all(|(i, letter)| {
        let over = |t: &Item, r: &Rect| t.bbox.overlap_x(r) > 0.0;
        let others = |t: &Item| letters.iter().enumerate().any(|(j, other)| j != i && over(t, other));
        body.iter().any(|t| t.shape.is_numeric() && over(t, letter) && !others(t))
            && !body.iter().any(|t| over(t, letter) && others(t))
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::shape::Shape;
    use super::*;

    #[test]
    fn letters_over_words_are_a_spaced_label_and_over_numbers_they_are_headings() {
        let letters = || [100.0, 115.0].map(|x| Rect::new(x, 0.0, x + 8.0, 8.0)).into_iter();
        let below = |x0: f32, shape: Shape| Item {
            glyphs: 0..1,
            bbox: Rect::new(x0, 20.0, x0 + 8.0, 28.0),
            shape,
            line: 1,
            baseline: 27.0,
            size: 8.0,
        };
        assert!(own_columns(letters(), &[below(99.0, Shape::Integer), below(114.0, Shape::Integer)]));
        assert!(!own_columns(letters(), &[below(99.0, Shape::Words), below(114.0, Shape::Words)]));
    }
}
