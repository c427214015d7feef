//! Where a glyph stands and which way it runs, and the removal of glyphs painted twice for a fake bold.

use super::matrix::Matrix;
use super::{Direction, Glyph};
use crate::geometry::Rect;
use rustc_hash::FxHashMap;

/// What all glyphs of one show operator share.
pub(super) struct Frame {
    /// Device vector of one em along the text.
    along: (f32, f32),
    /// Device vectors from the baseline to ascent and descent.
    up: (f32, f32),
    down: (f32, f32),
    pub(super) size: f32,
    pub(super) direction: Direction,
}

impl Frame {
    /// `matrix` maps ems to the page.
    pub(super) fn new(matrix: &Matrix, ascent: f32, descent: f32, em: f64, vertical: bool) -> Self {
        let (a, b) = (matrix.a as f32, matrix.b as f32);
        let (c, d) = ((matrix.c * em) as f32, (matrix.d * em) as f32);
        let size = (c * c + d * d).sqrt();
        let (run_x, run_y) = if vertical { (-c, -d) } else { (a, b) };
        Self {
            along: (a, b),
            up: (c * ascent, d * ascent),
            down: (c * descent, d * descent),
            size,
            direction: direction(run_x, run_y),
        }
    }

    /// Box of a glyph of this advance (ems) whose origin is at (x, y).
    pub(super) fn bbox(&self, x: f32, y: f32, width: f32) -> Rect {
        let (ax, ay) = (self.along.0 * width, self.along.1 * width);
        let xs = [x + self.up.0, x + self.down.0, x + self.up.0 + ax, x + self.down.0 + ax];
        let ys = [y + self.up.1, y + self.down.1, y + self.up.1 + ay, y + self.down.1 + ay];
        let fold = |v: [f32; 4]| {
            (v.iter().copied().fold(f32::MAX, f32::min), v.iter().copied().fold(f32::MIN, f32::max))
        };
        let ((x0, x1), (y0, y1)) = (fold(xs), fold(ys));
        Rect { x0, y0, x1, y1 }
    }

    /// y of the baseline; x where the text runs down or up.
    pub(super) fn baseline(&self, x: f32, y: f32) -> f32 {
        match self.direction {
            Direction::Down | Direction::Up => x,
            _ => y,
        }
    }
}

/// The nearest quarter turn within about 2°; anything else is oblique.
fn direction(x: f32, y: f32) -> Direction {
    let slack = 0.035;
    if y.abs() <= x.abs() * slack {
        if x >= 0.0 { Direction::Right } else { Direction::Left }
    } else if x.abs() <= y.abs() * slack {
        if y >= 0.0 { Direction::Down } else { Direction::Up }
    } else {
        Direction::Oblique
    }
}

/// A glyph painted again within this share of its size is the same glyph made bold. The narrowest digits are
/// 0.27 em wide, so `11` is never taken for one.
const GHOST: f32 = 0.14;

/// Removes glyphs that were painted again at (nearly) the same place.
pub(super) fn remove_ghosts(glyphs: &mut Vec<Glyph>) {
    const GRID: f32 = 3.0;
    let mut seen: FxHashMap<(char, i32, i32), u32> = FxHashMap::default();
    seen.reserve(glyphs.len());
    let mut kept = 0usize;
    for i in 0..glyphs.len() {
        let glyph = glyphs[i];
        if glyph.ch == ' ' {
            glyphs[kept] = glyph;
            kept += 1;
            continue;
        }
        let near = glyph.size * GHOST;
        let cell = |v: f32| (v / GRID).floor() as i32;
        let (x, y) = (glyph.bbox.x0, glyph.bbox.y0);
        let mut ghost = false;
        'search: for cx in cell(x - near)..=cell(x + near) {
            for cy in cell(y - near)..=cell(y + near) {
                if let Some(&at) = seen.get(&(glyph.ch, cx, cy))
                    && let Some(other) = glyphs.get(at as usize)
                    && (other.bbox.x0 - x).abs() < near
                    && (other.bbox.y0 - y).abs() < near
                {
                    ghost = true;
                    break 'search;
                }
            }
        }
        if !ghost {
            seen.insert((glyph.ch, cell(x), cell(y)), kept as u32);
            glyphs[kept] = glyph;
            kept += 1;
        }
    }
    glyphs.truncate(kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyph(ch: char, x: f32) -> Glyph {
        Glyph {
            ch,
            bbox: Rect { x0: x, y0: 0.0, x1: x + 5.0, y1: 10.0 },
            baseline: 8.0,
            size: 10.0,
            direction: Direction::Right,
            font: 0,
            run: 0,
            shade: 0,
        }
    }

    #[test]
    fn fake_bold_goes_and_repeated_digits_stay() {
        let mut glyphs =
            vec![glyph('1', 0.0), glyph('1', 5.0), glyph('1', 0.3), glyph('1', 5.3), glyph('2', 0.1)];
        remove_ghosts(&mut glyphs);
        let left: Vec<(char, f32)> = glyphs.iter().map(|g| (g.ch, g.bbox.x0)).collect();
        assert_eq!(left, [('1', 0.0), ('1', 5.0), ('2', 0.1)]);
    }

    #[test]
    fn quarter_turns_are_told_from_slants() {
        assert_eq!(direction(10.0, 0.1), Direction::Right);
        assert_eq!(direction(0.0, 10.0), Direction::Down);
        assert_eq!(direction(0.0, -10.0), Direction::Up);
        assert_eq!(direction(7.0, -7.0), Direction::Oblique);
    }
}
