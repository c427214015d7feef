//! By how much a picture is turned: the angle at which its rows are most unlike each other.

use super::ink::Ink;

/// Largest angle that is looked for, in degrees: more than a feeder gives.
const WIDEST: f32 = 2.5;
/// Steps of the search, in degrees, coarse first.
const STEPS: [f32; 3] = [0.25, 0.05, 0.01];
/// Of a row only every so many pixels is looked at. Of rows all are: else those looked at are sharp at no angle but 0.
const EVERY: usize = 3;

/// The angle that makes the picture straight when it is turned clockwise by it, in degrees.
pub(super) fn angle(ink: &Ink) -> f32 {
    let mut points = Vec::new();
    for y in 0..ink.height {
        points.extend((0..ink.width).step_by(EVERY).filter(|x| ink.at(*x, y)).map(|x| (x as f32, y as f32)));
    }
    let mut best = (sharpness(&points, ink, 0.0), 0.0f32);
    let mut reach = WIDEST;
    for step in STEPS {
        let middle = best.1;
        let count = (reach / step).round() as i32;
        for n in -count..=count {
            let angle = middle + n as f32 * step;
            let sharp = sharpness(&points, ink, angle);
            if sharp > best.0 {
                best = (sharp, angle);
            }
        }
        reach = step;
    }
    best.1
}

/// How unevenly the ink falls into rows when the picture is turned by `degrees`.
fn sharpness(points: &[(f32, f32)], ink: &Ink, degrees: f32) -> f64 {
    let slope = degrees.to_radians().tan();
    let margin = (ink.width as f32 * slope.abs()).ceil();
    let mut rows = vec![0u32; ink.height + 2 * margin as usize + 2];
    for (x, y) in points {
        if let Some(row) = rows.get_mut((y + x * slope + margin) as usize) {
            *row += 1;
        }
    }
    rows.iter().map(|n| f64::from(*n) * f64::from(*n)).sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::Picture;
    use super::*;

    #[test]
    fn a_turned_line_is_found_and_turning_by_the_angle_makes_it_level() {
        for degrees in [-1.2f32, 0.7] {
            let slope = degrees.to_radians().tan();
            let mut pixels = vec![255; 600 * 200];
            for x in 0..600 {
                for k in 0..5 {
                    let y = 100.0 - (x as f32 - 300.0) * slope;
                    pixels[(y as usize + k * 15) * 600 + x] = 0;
                    pixels[(y as usize + k * 15 + 1) * 600 + x] = 0;
                }
            }
            let found = angle(&Ink::of(&Picture::new(600, 200, pixels).unwrap()));
            assert!((found - degrees).abs() < 0.15, "{found} for {degrees}");
        }
    }
}
