//! Pages that lean as a whole: copied, or put askew on a larger sheet. Read straight, their text makes lines again.

/// A page leans by no more than this, in radians (20°): what leans more is a watermark or a label.
const MOST: f64 = 0.35;
/// Text of one page leans by the same angle to this many radians (0.3°).
const SAME: f64 = 0.005;

/// How much text of a page leans by one angle.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Slant {
    /// Clockwise, in radians.
    angle: f64,
    /// Glyphs that lean by it.
    count: usize,
}

impl Slant {
    /// Counts glyphs whose baseline runs along (x, y) on the page, y down. Glyphs of another angle are taken off: an
    /// angle that most glyphs share stays.
    pub(super) fn add(&mut self, (x, y): (f32, f32), glyphs: usize) {
        let angle = f64::from(y).atan2(f64::from(x));
        if (angle - self.angle).abs() <= SAME {
            self.count += glyphs;
        } else if self.count < glyphs {
            *self = Self { angle, count: glyphs - self.count };
        } else {
            self.count -= glyphs;
        }
    }

    /// The angle of a page of so many glyphs, three quarters of which lean by it.
    pub(super) fn of_page(&self, glyphs: usize) -> Option<f64> {
        (self.angle.abs() <= MOST && self.count * 4 > glyphs * 3).then_some(self.angle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_leans_if_nearly_all_its_text_does() {
        let mut slant = Slant::default();
        slant.add((1.0, 0.07), 90);
        slant.add((1.0, 1.0), 4);
        assert!((slant.of_page(100).unwrap_or(0.0) - 0.07).abs() < 0.001);
        assert_eq!(slant.of_page(200), None);
    }

    #[test]
    fn a_watermark_alone_on_a_page_does_not_turn_it() {
        let mut slant = Slant::default();
        slant.add((1.0, -1.0), 20);
        assert_eq!(slant.of_page(20), None);
    }
}
