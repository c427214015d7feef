//! A grey picture, and turning it.

use super::ScanError;

/// Most pixels of a picture: A3 at 600 dpi.
const PIXELS: usize = 70_000_000;

/// A grey picture: 0 black … 255 white, row by row from the top left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Picture {
    /// A picture of these pixels.
    ///
    /// # Errors
    /// Too many pixels, none, or not as many as width and height say.
    pub fn new(width: usize, height: usize, pixels: Vec<u8>) -> Result<Self, ScanError> {
        let count = Self::check(width, height)?;
        if count != pixels.len() {
            let cause = format!("{} pixels where there should be {count}", pixels.len());
            return Err(ScanError::Broken { format: "raw", cause });
        }
        Ok(Self { width, height, pixels })
    }

    /// How many pixels a picture of this size has.
    ///
    /// # Errors
    /// Too many, or none.
    pub(super) fn check(width: usize, height: usize) -> Result<usize, ScanError> {
        let count = width.checked_mul(height).filter(|count| (1..=PIXELS).contains(count));
        count.ok_or(ScanError::Pixels { width, height, limit: PIXELS })
    }

    /// Pixels across.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels down.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The row `y` from the left; empty outside.
    pub fn row(&self, y: usize) -> &[u8] {
        self.pixels.get(y * self.width..(y + 1) * self.width).unwrap_or(&[])
    }

    /// Black for white.
    pub(super) fn inverted(mut self) -> Self {
        self.pixels.iter_mut().for_each(|pixel| *pixel = 255 - *pixel);
        self
    }

    /// Makes white what `hide` names, in the order of the pixels.
    pub(super) fn erase(&mut self, hide: &[bool]) {
        let hidden = self.pixels.iter_mut().zip(hide).filter(|(_, hide)| **hide);
        hidden.for_each(|(pixel, _)| *pixel = 255);
    }

    /// The grey at a place between pixels; white outside.
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let pixel = |dx: f32, dy: f32| {
            let (px, py) = (left + dx, top + dy);
            if px < 0.0 || py < 0.0 {
                return 255.0;
            }
            self.row(py as usize).get(px as usize).map_or(255.0, |p| f32::from(*p))
        };
        let upper = pixel(0.0, 0.0) * (1.0 - fx) + pixel(1.0, 0.0) * fx;
        let lower = pixel(0.0, 1.0) * (1.0 - fx) + pixel(1.0, 1.0) * fx;
        upper * (1.0 - fy) + lower * fy
    }

    /// The picture turned about its middle by `degrees`, clockwise; what comes in from outside is white.
    pub(super) fn turned(&self, degrees: f32) -> Self {
        if degrees == 0.0 {
            return self.clone();
        }
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (cx, cy) = (self.width as f32 * 0.5, self.height as f32 * 0.5);
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for y in 0..self.height {
            let dy = y as f32 - cy;
            for x in 0..self.width {
                let dx = x as f32 - cx;
                pixels.push(self.at(cx + dx * cos + dy * sin, cy + dy * cos - dx * sin) as u8);
            }
        }
        Self { pixels, ..*self }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn absurd_and_empty_sizes_are_refused_before_anything_is_held() {
        for (width, height) in [(usize::MAX, 2), (1 << 20, 1 << 20), (0, 5)] {
            assert!(matches!(Picture::new(width, height, Vec::new()), Err(ScanError::Pixels { .. })));
        }
        assert!(matches!(Picture::new(2, 2, vec![0; 3]), Err(ScanError::Broken { .. })));
    }

    #[test]
    fn a_quarter_turn_clockwise_takes_the_left_to_the_top() {
        let mut pixels = vec![255; 81];
        pixels[4 * 9 + 1] = 0; // left of the middle
        let turned = Picture::new(9, 9, pixels).unwrap().turned(90.0);
        let darkest = (0..81).min_by_key(|i| turned.row(i / 9)[i % 9]).unwrap();
        assert!(darkest / 9 < 4, "row {}", darkest / 9);
    }
}
