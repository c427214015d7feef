//! What is painted on a page without being its text: watermarks across the page and large, pale stamps.

use crate::pdf::{Direction, Glyph, Page};

/// Size of most of the glyphs, to half a point; 0 where there are none.
pub fn typical_size(glyphs: &[Glyph]) -> f32 {
    const STEPS: usize = 128;
    let mut counts = [0u32; STEPS];
    for glyph in glyphs {
        if !glyph.ch.is_whitespace() && glyph.size > 0.0 && glyph.size.is_finite() {
            let step = (glyph.size * 2.0).round().clamp(0.0, (STEPS - 1) as f32) as usize;
            if let Some(count) = counts.get_mut(step) {
                *count += 1;
            }
        }
    }
    let total: u32 = counts.iter().sum();
    let mut seen = 0;
    for (step, count) in counts.iter().enumerate() {
        seen += count;
        if total > 0 && seen * 2 >= total {
            return (step.max(1)) as f32 * 0.5;
        }
    }
    0.0
}

/// Tells the page's own text from what was stamped over it.
pub(super) struct Keep<'a> {
    page: &'a Page,
    large: f32,
}

/// Fills that are looked through for the ground of a glyph, the last painted ones first.
const GROUND: usize = 2048;

/// Paler than this, large text is a watermark.
const PALE: u8 = 165;

impl<'a> Keep<'a> {
    pub(super) fn new(page: &'a Page, typical: f32) -> Self {
        Self { page, large: typical * 2.0 }
    }

    /// Whether the glyph belongs to the page's text.
    pub(super) fn keeps(&self, glyph: &Glyph) -> bool {
        let b = &glyph.bbox;
        if !(b.x0.is_finite() && b.x1.is_finite() && b.y0.is_finite() && b.y1.is_finite()) {
            return false;
        }
        if glyph.direction == Direction::Oblique
            || glyph.size.is_nan()
            || glyph.size <= 0.0
            || !glyph.baseline.is_finite()
        {
            return false;
        }
        // White letters on a dark band are a heading: pale text is a watermark only on a paler ground.
        !(glyph.shade >= PALE && glyph.size >= self.large && self.ground(glyph) >= glyph.shade)
    }

    /// Luminance of what lies behind the glyph.
    fn ground(&self, glyph: &Glyph) -> u8 {
        let (x, y) = (glyph.bbox.cx(), glyph.bbox.cy());
        self.page.fills.iter().rev().take(GROUND).find(|f| f.bbox.contains(x, y)).map_or(255, |f| f.shade)
    }
}
