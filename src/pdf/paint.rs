//! Paths → rulings and fills, clipped to what is visible.

use super::matrix::Matrix;
use super::{Axis, Fill, Page, Ruling};
use crate::geometry::Rect;

/// Filled rectangles up to this thickness (points) are lines: the thickest borders that were seen are 2.25 pt.
const THIN: f32 = 2.6;

/// Segments that leave their axis by less than this (points) are straight.
const STRAIGHT: f32 = 0.6;

/// Luminance from which paint is taken for white.
const WHITE: u8 = 250;

/// A path under construction, in device space.
#[derive(Default)]
pub(super) struct PathBuilder {
    points: Vec<(f32, f32)>,
    /// First point of each subpath, and whether it is closed or curved.
    subs: Vec<Sub>,
}

#[derive(Clone, Copy)]
struct Sub {
    start: usize,
    closed: bool,
    curved: bool,
}

impl PathBuilder {
    pub(super) fn clear(&mut self) {
        self.points.clear();
        self.subs.clear();
    }

    pub(super) fn move_to(&mut self, m: &Matrix, x: f64, y: f64) {
        if let Some(last) = self.subs.last()
            && last.start + 1 == self.points.len()
            && !last.closed
        {
            // a move after a move replaces it
            self.points.pop();
            self.subs.pop();
        }
        self.subs.push(Sub { start: self.points.len(), closed: false, curved: false });
        self.push(m, x, y);
    }

    pub(super) fn line_to(&mut self, m: &Matrix, x: f64, y: f64) {
        if self.subs.last().is_none_or(|s| s.closed) {
            let from = self.subs.last().and_then(|s| self.points.get(s.start).copied());
            self.subs.push(Sub { start: self.points.len(), closed: false, curved: false });
            self.points.extend(from);
        }
        self.push(m, x, y);
    }

    pub(super) fn curve_to(&mut self, m: &Matrix, points: &[(f64, f64)]) {
        for &(x, y) in points {
            self.line_to(m, x, y);
        }
        if let Some(sub) = self.subs.last_mut() {
            sub.curved = true;
        }
    }

    pub(super) fn close(&mut self) {
        if let Some(sub) = self.subs.last_mut() {
            sub.closed = true;
        }
    }

    pub(super) fn rect(&mut self, m: &Matrix, x: f64, y: f64, w: f64, h: f64) {
        self.subs.push(Sub { start: self.points.len(), closed: true, curved: false });
        for (x, y) in [(x, y), (x + w, y), (x + w, y + h), (x, y + h)] {
            self.push(m, x, y);
        }
    }

    fn push(&mut self, m: &Matrix, x: f64, y: f64) {
        let (x, y) = m.apply(x, y);
        self.points.push((x as f32, y as f32));
    }

    pub(super) fn len(&self) -> usize {
        self.points.len()
    }

    fn subpaths(&self) -> impl Iterator<Item = (Sub, &[(f32, f32)])> {
        self.subs.iter().enumerate().map(|(i, sub)| {
            let end = self.subs.get(i + 1).map_or(self.points.len(), |next| next.start);
            (*sub, self.points.get(sub.start..end).unwrap_or(&[]))
        })
    }

    /// Box of the whole path; `None` for an empty one.
    pub(super) fn bbox(&self) -> Option<Rect> {
        bbox(&self.points)
    }

    /// Straight segments become rulings.
    pub(super) fn stroke(&self, page: &mut Page, clip: &Rect, width: f32, shade: u8) {
        for (sub, points) in self.subpaths() {
            if sub.curved {
                continue;
            }
            for pair in points.windows(2) {
                segment(page, clip, pair[0], pair[1], width, shade);
            }
            if sub.closed
                && points.len() > 2
                && let (Some(first), Some(last)) = (points.first(), points.last())
            {
                segment(page, clip, *last, *first, width, shade);
            }
        }
    }

    /// Thin boxes become rulings, others fills.
    pub(super) fn fill(&self, page: &mut Page, clip: &Rect, shade: u8) {
        for (sub, points) in self.subpaths() {
            if sub.curved || points.len() < 3 || !is_box(points) {
                continue;
            }
            if let Some(bbox) = bbox(points) {
                filled(page, clip, bbox, shade);
            }
        }
    }
}

fn bbox(points: &[(f32, f32)]) -> Option<Rect> {
    let (first, rest) = points.split_first()?;
    let start = Rect { x0: first.0, y0: first.1, x1: first.0, y1: first.1 };
    Some(rest.iter().fold(start, |r, p| Rect {
        x0: r.x0.min(p.0),
        y0: r.y0.min(p.1),
        x1: r.x1.max(p.0),
        y1: r.y1.max(p.1),
    }))
}

/// Every side runs along an axis.
fn is_box(points: &[(f32, f32)]) -> bool {
    let straight =
        |a: &(f32, f32), b: &(f32, f32)| (a.0 - b.0).abs() < STRAIGHT || (a.1 - b.1).abs() < STRAIGHT;
    points.len() <= 6
        && points.windows(2).all(|p| straight(&p[0], &p[1]))
        && points.first().zip(points.last()).is_some_and(|(a, b)| straight(a, b))
}

fn intersect(a: &Rect, b: &Rect) -> Option<Rect> {
    let r = Rect { x0: a.x0.max(b.x0), y0: a.y0.max(b.y0), x1: a.x1.min(b.x1), y1: a.y1.min(b.y1) };
    (r.x0 <= r.x1 && r.y0 <= r.y1).then_some(r)
}

/// The clip with another box.
pub(super) fn clipped(clip: &Rect, by: Option<Rect>) -> Rect {
    let nothing = Rect { x0: 0.0, y0: 0.0, x1: -1.0, y1: -1.0 };
    by.map_or(nothing, |by| intersect(clip, &by).unwrap_or(nothing))
}

fn segment(page: &mut Page, clip: &Rect, a: (f32, f32), b: (f32, f32), width: f32, shade: u8) {
    let (dx, dy) = ((a.0 - b.0).abs(), (a.1 - b.1).abs());
    if !(dx.is_finite() && dy.is_finite()) || dx.max(dy) < 0.2 || dx.min(dy) > STRAIGHT {
        return;
    }
    // A short, very wide stroke is a filled box drawn as a line.
    let half = width.max(0.1) * 0.5;
    let hull = Rect::new(a.0, a.1, b.0, b.1);
    let bbox = if dx >= dy {
        Rect { y0: hull.cy() - half, y1: hull.cy() + half, ..hull }
    } else {
        Rect { x0: hull.cx() - half, x1: hull.cx() + half, ..hull }
    };
    if width > THIN * 2.0 {
        filled(page, clip, bbox, shade);
        return;
    }
    ruling(page, clip, bbox, if dx >= dy { Axis::Horizontal } else { Axis::Vertical }, shade);
}

/// A filled box: a ruling if it is thin, a fill otherwise.
pub(super) fn filled(page: &mut Page, clip: &Rect, bbox: Rect, shade: u8) {
    let (w, h) = (bbox.width(), bbox.height());
    if !(w.is_finite() && h.is_finite()) || w <= 0.0 && h <= 0.0 {
        return;
    }
    if w.min(h) <= THIN {
        // the square dot where two hairlines meet belongs to both
        if w.max(h) <= THIN {
            ruling(page, clip, bbox, Axis::Horizontal, shade);
            ruling(page, clip, bbox, Axis::Vertical, shade);
        } else {
            ruling(page, clip, bbox, if w >= h { Axis::Horizontal } else { Axis::Vertical }, shade);
        }
        return;
    }
    if shade < WHITE
        && let Some(bbox) = intersect(&bbox, clip)
    {
        page.fills.push(Fill { bbox, shade });
    }
}

fn ruling(page: &mut Page, clip: &Rect, bbox: Rect, axis: Axis, shade: u8) {
    let Some(seen) = intersect(&bbox, clip) else { return };
    if shade >= WHITE && !over_dark(page, seen.cx(), seen.cy()) {
        return;
    }
    let (at, from, to, width) = match axis {
        Axis::Horizontal => (seen.cy(), seen.x0, seen.x1, bbox.height()),
        Axis::Vertical => (seen.cx(), seen.y0, seen.y1, bbox.width()),
    };
    page.rulings.push(Ruling { axis, at, from, to, width, shade });
}

/// Whether the last fill painted under a point is dark enough for white paint to show.
pub(super) fn over_dark(page: &Page, x: f32, y: f32) -> bool {
    page.fills.iter().rev().take(400).find(|f| f.bbox.contains(x, y)).is_some_and(|f| f.shade < 225)
}
