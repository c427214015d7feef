//! A coarse picture of a page, one bit a cell: "has something dark been painted here?", "does an image cover this?".
//! Cheap enough to ask for every white glyph.

use crate::geometry::Rect;

const COLUMNS: usize = 128;
const ROWS: usize = 256;

/// 128 × 256 cells over the page.
pub(super) struct Raster {
    rows: Vec<u128>,
    per_x: f32,
    per_y: f32,
}

impl Raster {
    pub(super) fn new(width: f32, height: f32) -> Self {
        Self {
            rows: Vec::new(),
            per_x: COLUMNS as f32 / width.max(1.0),
            per_y: ROWS as f32 / height.max(1.0),
        }
    }

    /// Sets or clears the cells whose centres lie in the box.
    pub(super) fn paint(&mut self, r: &Rect, on: bool) {
        if self.rows.is_empty() {
            if !on {
                return;
            }
            self.rows = vec![0; ROWS];
        }
        let edge = |v: f32, per: f32, max: usize| ((v * per + 0.5).floor().max(0.0) as usize).min(max);
        let (x0, x1) = (edge(r.x0, self.per_x, COLUMNS), edge(r.x1, self.per_x, COLUMNS));
        let (y0, y1) = (edge(r.y0, self.per_y, ROWS), edge(r.y1, self.per_y, ROWS));
        if x0 >= x1 || y0 >= y1 {
            return;
        }
        let mask = (u128::MAX >> (COLUMNS - (x1 - x0))) << x0;
        for row in self.rows.iter_mut().take(y1).skip(y0) {
            if on {
                *row |= mask;
            } else {
                *row &= !mask;
            }
        }
    }

    pub(super) fn is_set(&self, x: f32, y: f32) -> bool {
        if x < 0.0 || y < 0.0 {
            return false;
        }
        let (column, row) = ((x * self.per_x) as usize, (y * self.per_y) as usize);
        column < COLUMNS && self.rows.get(row).is_some_and(|bits| bits >> column & 1 == 1)
    }

    /// Share of the cells that are set, 0–1.
    pub(super) fn share(&self) -> f32 {
        let set: u32 = self.rows.iter().map(|row| row.count_ones()).sum();
        set as f32 / (COLUMNS * ROWS) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paint_and_ask() {
        let mut raster = Raster::new(600.0, 800.0);
        assert!(!raster.is_set(100.0, 100.0));
        raster.paint(&Rect::new(50.0, 50.0, 300.0, 450.0), true);
        assert!(raster.is_set(100.0, 100.0));
        assert!(!raster.is_set(320.0, 100.0));
        raster.paint(&Rect::new(90.0, 90.0, 120.0, 120.0), false);
        assert!(!raster.is_set(100.0, 100.0));
    }

    #[test]
    fn share_of_a_full_page_is_one() {
        let mut raster = Raster::new(600.0, 800.0);
        raster.paint(&Rect::new(-10.0, -10.0, 700.0, 900.0), true);
        assert_eq!(raster.share(), 1.0);
        assert!(!raster.is_set(-1.0, 5.0));
        assert!(!raster.is_set(601.0, 5.0));
    }
}
