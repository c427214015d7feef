//! What of a picture is dark.

use super::Picture;

/// Pixels of a picture that are printed on.
pub(super) struct Ink {
    pub(super) width: usize,
    pub(super) height: usize,
    dark: Vec<bool>,
}

/// Side of the squares in which paper is measured, in pixels: larger than a character, smaller than a shadow.
const SQUARE: usize = 64;
/// Ink is darker than this share of the paper around it.
const DARK: f32 = 0.72;

impl Ink {
    /// What is darker than the paper around it: a shadow over a part of the page is no ink.
    pub(super) fn of(picture: &Picture) -> Self {
        let (width, height) = (picture.width(), picture.height());
        let across = width.div_ceil(SQUARE);
        let mut dark = Vec::with_capacity(width * height);
        for top in (0..height).step_by(SQUARE) {
            let rows = top..(top + SQUARE).min(height);
            let mut counts = vec![[0u32; 256]; across];
            for y in rows.clone() {
                for (x, p) in picture.row(y).iter().enumerate() {
                    counts[x / SQUARE][usize::from(*p)] += 1;
                }
            }
            let limits: Vec<f32> = counts.iter().map(|c| paper(c) * DARK).collect();
            for y in rows {
                let row = picture.row(y).iter().enumerate();
                dark.extend(row.map(|(x, p)| f32::from(*p) < limits[x / SQUARE]));
            }
        }
        Self { width, height, dark }
    }

    pub(super) fn at(&self, x: usize, y: usize) -> bool {
        x < self.width && self.dark.get(y * self.width + x).copied().unwrap_or(false)
    }
}

/// The grey than which a fifth of a square is brighter: paper, even where half of it is printed on.
fn paper(counts: &[u32; 256]) -> f32 {
    let all: u32 = counts.iter().sum();
    let mut above = 0;
    for (grey, count) in counts.iter().enumerate().rev() {
        above += count;
        if above * 5 > all {
            return grey as f32;
        }
    }
    255.0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_shadow_is_no_ink_and_print_in_it_is() {
        let mut pixels: Vec<u8> = (0..128 * 64).map(|i| if i % 128 < 64 { 250 } else { 120 }).collect();
        pixels[10 * 128 + 100] = 40;
        let ink = Ink::of(&Picture::new(128, 64, pixels).unwrap());
        assert!(ink.at(100, 10) && !ink.at(101, 10) && !ink.at(10, 10));
    }
}
