//! Painted paths → rulings and fills. What is thin is a ruling however it was painted; what cannot be seen (white on
//! white, clipped away) is nothing.

use super::interpret::Interpreter;
use super::path::{self, Vertex};
use super::{Axis, Fill, Ruling};
use crate::geometry::Rect;

/// From this luminance on, paint is as good as the paper.
pub(super) const WHITE: u8 = 250;
/// Fills below this luminance carry white text and white rulings.
const DARK: u8 = 245;
/// A filled rectangle up to this thickness is a ruling whatever its length (dots of a dotted line, corner pieces).
const HAIR: f32 = 1.6;
/// Up to this thickness it is one if it is at least three times as long; …
const THIN: f32 = 2.5;
/// … up to this one if it is at least twelve times as long.
const THICK: f32 = 4.5;
/// A stroke that is thicker paints an area.
const STROKE: f32 = 6.0;
/// Strokes of width 0 are one device pixel.
const HAIRLINE: f32 = 0.1;
/// A segment is straight if it leaves its axis by less than this …
const SLACK: f32 = 0.5;
/// … and by less than this share of its length (1°).
const SLOPE: f32 = 0.0175;

impl Interpreter<'_, '_> {
    /// Paints and forgets the current path, then applies a pending `W`.
    pub(super) fn paint_path(&mut self, fill: bool, stroke: bool) {
        if !self.path.is_empty() {
            let path = std::mem::take(&mut self.path);
            if self.is_visible() && !path.is_drawing() {
                if fill {
                    self.fill_path(&path);
                }
                if stroke {
                    self.stroke_path(&path);
                }
            }
            self.path = path;
        }
        if std::mem::take(&mut self.clip_pending) {
            // `W n` without a path is a producer's slip, not a wish to hide the rest of the page.
            if let Some(clip) = self.path.bbox() {
                self.intersect_clip(clip);
            }
        }
        self.path.clear();
    }

    pub(super) fn intersect_clip(&mut self, r: Rect) {
        let clip = &mut self.state.clip;
        clip.x0 = clip.x0.max(r.x0);
        clip.y0 = clip.y0.max(r.y0);
        clip.x1 = clip.x1.min(r.x1);
        clip.y1 = clip.y1.min(r.y1);
    }

    fn fill_path(&mut self, path: &path::Path) {
        if self.state.fill.alpha <= 0.02 {
            return;
        }
        let shade = self.state.fill.shade();
        let mut outer: Option<Rect> = None;
        for (vertices, _) in path.subpaths() {
            let Some(r) = path::bbox(vertices) else { continue };
            // A frame: a box with a slightly smaller box in it, as Skia paints borders.
            if let Some(frame) = outer.take()
                && self.frame(&frame, &r, vertices, shade)
            {
                continue;
            }
            if self.fill_subpath(vertices, r, shade) {
                outer = Some(r);
            }
        }
    }

    /// Paints one filled subpath; true where it is a thick rectangle, already painted as a fill.
    fn fill_subpath(&mut self, vertices: &[Vertex], r: Rect, shade: u8) -> bool {
        let curved = vertices.iter().any(|v| v.curved);
        let (w, h) = (r.width(), r.height());
        let (thin, long) = if w < h { (w, h) } else { (h, w) };
        if long <= 0.0 {
            return false;
        }
        if !curved && is_line(thin, long) && (vertices.len() <= 5 || thin <= HAIR) {
            if !is_straight(vertices, w < h, thin, long) {
                return false;
            }
            if w <= h * 1.25 {
                self.ruling(Axis::Vertical, r.cx(), r.y0, r.y1, w, shade);
            }
            if h <= w * 1.25 {
                self.ruling(Axis::Horizontal, r.cy(), r.x0, r.x1, h, shade);
            }
            return false;
        }
        // Rounded corners leave more than four fifths of the box; glyphs painted as outlines leave less.
        let filled = path::area(vertices) / (w * h).max(1e-6);
        if filled > 0.8 && thin > HAIR && (!curved || thin > 8.0) {
            self.area(r, shade);
            return !curved && filled > 0.98;
        }
        false
    }

    /// Whether `inner` leaves only thin edges of `outer`: then the edges are rulings, and the fill was none.
    fn frame(&mut self, outer: &Rect, inner: &Rect, vertices: &[Vertex], shade: u8) -> bool {
        let gaps = [inner.x0 - outer.x0, outer.x1 - inner.x1, inner.y0 - outer.y0, outer.y1 - inner.y1];
        let full = path::area(vertices) > 0.98 * inner.width() * inner.height();
        if !full || gaps.iter().any(|g| !(-0.01..=THICK).contains(g)) || gaps.iter().all(|g| *g <= 0.01) {
            return false;
        }
        // Take back the fill that the outer box alone seemed to be.
        let clipped = self.clipped(outer);
        if let (Some(clipped), Some(last)) = (clipped, self.page.fills.last())
            && last.bbox == clipped
        {
            self.page.fills.pop();
            self.backdrop.paint(&clipped, false);
        }
        let [left, right, top, bottom] = gaps;
        if left > 0.01 {
            self.ruling(Axis::Vertical, (outer.x0 + inner.x0) * 0.5, outer.y0, outer.y1, left, shade);
        }
        if right > 0.01 {
            self.ruling(Axis::Vertical, (outer.x1 + inner.x1) * 0.5, outer.y0, outer.y1, right, shade);
        }
        if top > 0.01 {
            self.ruling(Axis::Horizontal, (outer.y0 + inner.y0) * 0.5, outer.x0, outer.x1, top, shade);
        }
        if bottom > 0.01 {
            self.ruling(Axis::Horizontal, (outer.y1 + inner.y1) * 0.5, outer.x0, outer.x1, bottom, shade);
        }
        true
    }

    fn stroke_path(&mut self, path: &path::Path) {
        if self.state.stroke.alpha <= 0.02 {
            return;
        }
        let width = (self.state.line_width * self.state.ctm.scale()) as f32;
        let width = width.max(HAIRLINE);
        let shade = self.state.stroke.shade();
        for (vertices, closed) in path.subpaths() {
            for pair in vertices.windows(2) {
                if !pair[1].curved {
                    self.segment(pair[0], pair[1], width, shade);
                }
            }
            if closed
                && vertices.len() > 2
                && let (Some(first), Some(last)) = (vertices.first(), vertices.last())
            {
                self.segment(*last, *first, width, shade);
            }
        }
    }

    fn segment(&mut self, a: Vertex, b: Vertex, width: f32, shade: u8) {
        let (dx, dy) = ((b.x - a.x).abs(), (b.y - a.y).abs());
        let long = dx.max(dy);
        if long <= 0.0 || dx.min(dy) > SLACK.min(SLOPE * long).max(0.05) {
            return;
        }
        let half = width * 0.5;
        if width > STROKE {
            // A bar: as long as the segment, as thick as the pen.
            let r = if dx > dy {
                Rect::new(a.x, a.y - half, b.x, b.y + half)
            } else {
                Rect::new(a.x - half, a.y, b.x + half, b.y)
            };
            return self.area(r, shade);
        }
        if dx > dy {
            self.ruling(Axis::Horizontal, (a.y + b.y) * 0.5, a.x.min(b.x), a.x.max(b.x), width, shade);
        } else {
            self.ruling(Axis::Vertical, (a.x + b.x) * 0.5, a.y.min(b.y), a.y.max(b.y), width, shade);
        }
    }

    /// A ruling, as far as the clip shows it.
    pub(super) fn ruling(&mut self, axis: Axis, at: f32, from: f32, to: f32, width: f32, shade: u8) {
        let clip = self.state.clip;
        let (low, high, across) = match axis {
            Axis::Horizontal => (clip.x0, clip.x1, (clip.y0, clip.y1)),
            Axis::Vertical => (clip.y0, clip.y1, (clip.x0, clip.x1)),
        };
        let half = width * 0.5 + 0.01;
        let (from, to) = (from.max(low), to.min(high));
        // Written so that NaN is outside.
        if !(to > from && at + half >= across.0 && at - half <= across.1) {
            return;
        }
        if shade >= WHITE {
            let middle = (from + to) * 0.5;
            let (x, y) = if axis == Axis::Horizontal { (middle, at) } else { (at, middle) };
            if !self.backdrop.is_set(x, y) {
                return;
            }
        }
        if self.page.rulings.len() >= self.limits().rulings {
            self.trouble.rulings = true;
            return;
        }
        self.page.rulings.push(Ruling { axis, at, from, to, width, shade });
    }

    fn clipped(&self, r: &Rect) -> Option<Rect> {
        let clip = &self.state.clip;
        let r = Rect {
            x0: r.x0.max(clip.x0),
            y0: r.y0.max(clip.y0),
            x1: r.x1.min(clip.x1),
            y1: r.y1.min(clip.y1),
        };
        (r.x1 > r.x0 && r.y1 > r.y0).then_some(r)
    }

    /// A filled area, as far as the clip shows it.
    pub(super) fn area(&mut self, r: Rect, shade: u8) {
        let Some(r) = self.clipped(&r) else { return };
        if shade >= WHITE && !self.backdrop.is_set(r.cx(), r.cy()) {
            return;
        }
        self.backdrop.paint(&r, shade < DARK);
        if self.page.fills.len() >= self.limits().rulings {
            self.trouble.rulings = true;
            return;
        }
        self.page.fills.push(Fill { bbox: r, shade });
    }

    /// An image in the unit square: covers the page, hides what is white, and is a ruling where it is thin.
    pub(super) fn image(&mut self, shade: Option<u8>) {
        if !self.is_visible() {
            return;
        }
        let r = self.state.ctm.apply_box(0.0, 0.0, 1.0, 1.0);
        let (w, h) = (r.width(), r.height());
        let (thin, long) = if w < h { (w, h) } else { (h, w) };
        if thin <= THIN && long >= 3.0 * thin && long > 2.0 {
            if let Some(shade) = shade {
                let (axis, at, from, to) = if w < h {
                    (Axis::Vertical, r.cx(), r.y0, r.y1)
                } else {
                    (Axis::Horizontal, r.cy(), r.x0, r.x1)
                };
                self.ruling(axis, at, from, to, thin, shade);
            }
            return;
        }
        if let Some(r) = self.clipped(&r) {
            self.images.paint(&r, true);
            self.backdrop.paint(&r, true);
        }
    }
}

/// Whether a filled box of this thickness and length is a line.
fn is_line(thin: f32, long: f32) -> bool {
    thin <= HAIR || (thin <= THIN && long >= 3.0 * thin) || (thin <= THICK && long >= 12.0 * thin)
}

/// A thin polygon may lean by one degree; a slanted sliver is no ruling. Its long sides must run along the axis.
fn is_straight(vertices: &[Vertex], vertical: bool, thin: f32, long: f32) -> bool {
    if long <= 3.0 * thin || thin <= SLACK {
        return true;
    }
    let slack = SLACK.min(SLOPE * long).max(0.05);
    vertices.windows(2).any(|pair| {
        let (dx, dy) = ((pair[1].x - pair[0].x).abs(), (pair[1].y - pair[0].y).abs());
        let (along, across) = if vertical { (dy, dx) } else { (dx, dy) };
        along >= 0.5 * long && across <= slack
    })
}
