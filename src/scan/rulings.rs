//! Table lines of a straight picture: long runs of ink, thin across.

use super::ink::Ink;
use crate::pdf::{Axis, Ruling};

/// A run is a line from this share of the shorter side on: longer than any stroke of a character.
const LONG: f32 = 0.018;
/// From this share on it is a line by its length alone: longer than the strokes of a title. A shorter one has to end on
/// such a line on both sides, as the side of a cell does and a stroke does not.
const SURE: f32 = 0.06;
/// How far the end of a side may be from the line it ends on, in pixels.
const REACH: usize = 6;
/// Gaps in a run that noise makes, in pixels.
const GAP: usize = 3;
/// A line is at most this thick, as a share of the shorter side; thicker is a fill.
const THICK: f32 = 0.006;
/// Runs this far apart across are one line: a line that is not quite straight climbs a pixel at a time.
const BESIDE: usize = 2;

/// A line in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) axis: Axis,
    /// First and last row (column) of a horizontal (vertical) line.
    pub(super) across: (usize, usize),
    /// First and last pixel along it.
    pub(super) along: (usize, usize),
}

impl Line {
    fn length(&self) -> usize {
        self.along.1 - self.along.0
    }

    /// Whether both ends lie on lines that cross it.
    fn ends_on(&self, sure: &[Line]) -> bool {
        let near = |at: usize, range: (usize, usize)| at + REACH >= range.0 && at <= range.1 + REACH;
        let on = |end: usize| {
            sure.iter().any(|o| o.axis != self.axis && near(end, o.across) && near(self.across.0, o.along))
        };
        on(self.along.0) && on(self.along.1)
    }

    /// As the PDF reader gives it.
    pub(super) fn in_points(&self, sx: f32, sy: f32) -> Ruling {
        let (across, along) = if self.axis == Axis::Horizontal { (sy, sx) } else { (sx, sy) };
        let (first, last) = (self.across.0 as f32, self.across.1 as f32 + 1.0);
        Ruling {
            axis: self.axis,
            at: (first + last) * 0.5 * across,
            from: self.along.0 as f32 * along,
            to: (self.along.1 as f32 + 1.0) * along,
            width: (last - first) * across,
            shade: 0,
        }
    }
}

/// All lines, horizontal ones first.
pub(super) fn find(ink: &Ink) -> Vec<Line> {
    let mut lines = along(ink, Axis::Horizontal);
    lines.extend(along(ink, Axis::Vertical));
    let sure = ink.width.min(ink.height) as f32 * SURE;
    let sure: Vec<Line> = lines.iter().filter(|line| line.length() as f32 >= sure).copied().collect();
    lines.retain(|line| sure.contains(line) || line.ends_on(&sure));
    lines
}

fn along(ink: &Ink, axis: Axis) -> Vec<Line> {
    let (across, length) = match axis {
        Axis::Horizontal => (ink.height, ink.width),
        Axis::Vertical => (ink.width, ink.height),
    };
    let shorter = ink.width.min(ink.height) as f32;
    let (long, thick) = ((shorter * LONG) as usize + 1, (shorter * THICK) as usize + 1);
    let dark = |a: usize, l: usize| if axis == Axis::Horizontal { ink.at(l, a) } else { ink.at(a, l) };
    let mut open: Vec<Line> = Vec::new();
    let mut done: Vec<Line> = Vec::new();
    for a in 0..across {
        for run in runs(length, long, |l| dark(a, l)) {
            let touching = |line: &Line| {
                a - line.across.1 <= BESIDE
                    && run.0 <= line.along.1 + long / 2
                    && line.along.0 <= run.1 + long / 2
            };
            let mut line = Line { axis, across: (a, a), along: run };
            // A run may close the gap between two lines that were apart so far.
            open.retain(|other| {
                let joins = touching(other);
                if joins {
                    line.across.0 = line.across.0.min(other.across.0);
                    line.along = (line.along.0.min(other.along.0), line.along.1.max(other.along.1));
                }
                !joins
            });
            open.push(line);
        }
        done.extend(open.extract_if(.., |line| a - line.across.1 > BESIDE));
    }
    done.append(&mut open);
    done.retain(|line| line.across.1 - line.across.0 < thick.max((line.along.1 - line.along.0) / 60));
    done
}

/// Runs of ink at least `long`, small gaps closed: first and last pixel.
fn runs(length: usize, long: usize, dark: impl Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut run: Option<(usize, usize)> = None;
    for at in (0..length).filter(|at| dark(*at)) {
        match &mut run {
            Some((_, last)) if at - *last <= GAP => *last = at,
            _ => runs.extend(run.replace((at, at)).filter(|(first, last)| last - first >= long)),
        }
    }
    runs.extend(run.filter(|(first, last)| last - first >= long));
    runs
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::Picture;
    use super::*;

    fn picture(paint: impl Fn(usize, usize) -> bool) -> Ink {
        let pixels = (0..300 * 300).map(|i| if paint(i % 300, i / 300) { 0 } else { 255 }).collect();
        Ink::of(&Picture::new(300, 300, pixels).unwrap())
    }

    #[test]
    fn a_frame_with_a_small_gap_is_four_lines() {
        let ink = picture(|x, y| {
            let inside = (20..280).contains(&x) && (20..280).contains(&y);
            inside && (x == 20 || x == 279 || y == 20 || y == 279) && !(100..102).contains(&x)
        });
        let lines = find(&ink);
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert_eq!(lines[0], Line { axis: Axis::Horizontal, across: (20, 20), along: (20, 279) });
        assert!(lines[2..].iter().all(|line| line.axis == Axis::Vertical));
    }

    #[test]
    fn a_line_that_climbs_is_one_line_and_a_fill_is_none() {
        let ink = picture(|x, y| {
            (10..290).contains(&x) && y == 50 + x / 100 || (100..200).contains(&x) && (150..200).contains(&y)
        });
        let lines = find(&ink);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert_eq!((lines[0].across, lines[0].along), ((50, 52), (10, 289)));
    }
}
