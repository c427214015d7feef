//! Path construction: `m l c v y h re` → subpaths in page coordinates.

use super::matrix::Matrix;
use crate::geometry::Rect;

/// Shapes up to this size (points) may be glyphs; a cell with bent borders is larger.
const SHAPE: f32 = 40.0;

/// A vertex on the upright page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Vertex {
    pub(super) x: f32,
    pub(super) y: f32,
    /// The way from the vertex before is a curve.
    pub(super) curved: bool,
}

/// A subpath: a range of the path's vertices.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subpath {
    start: u32,
    end: u32,
    pub(super) closed: bool,
}

/// The path under construction. Its buffers are kept from path to path.
#[derive(Default)]
pub(super) struct Path {
    vertices: Vec<Vertex>,
    subpaths: Vec<Subpath>,
    /// Current point in user space; `None` before the first `m`.
    current: Option<(f64, f64)>,
    start: (f64, f64),
}

impl Path {
    pub(super) fn clear(&mut self) {
        self.vertices.clear();
        self.subpaths.clear();
        self.current = None;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.subpaths.is_empty()
    }

    pub(super) fn move_to(&mut self, ctm: &Matrix, x: f64, y: f64) {
        self.begin(ctm, x, y);
        self.current = Some((x, y));
        self.start = (x, y);
    }

    pub(super) fn line_to(&mut self, ctm: &Matrix, x: f64, y: f64) {
        self.go_to(ctm, x, y, false);
    }

    /// Control points bend the way but only its end matters here.
    pub(super) fn curve_to(&mut self, ctm: &Matrix, x: f64, y: f64) {
        self.go_to(ctm, x, y, true);
    }

    pub(super) fn close(&mut self) {
        if let Some(last) = self.subpaths.last_mut() {
            last.closed = true;
        }
        if self.current.is_some() {
            self.current = Some(self.start);
        }
    }

    pub(super) fn rectangle(&mut self, ctm: &Matrix, x: f64, y: f64, w: f64, h: f64) {
        self.begin(ctm, x, y);
        for (x, y) in [(x + w, y), (x + w, y + h), (x, y + h)] {
            self.vertex(ctm, x, y, false);
        }
        self.current = Some((x, y));
        self.start = (x, y);
        self.close();
    }

    fn begin(&mut self, ctm: &Matrix, x: f64, y: f64) {
        let at = u32::try_from(self.vertices.len()).unwrap_or(u32::MAX);
        self.subpaths.push(Subpath { start: at, end: at, closed: false });
        self.vertex(ctm, x, y, false);
    }

    fn go_to(&mut self, ctm: &Matrix, x: f64, y: f64, curved: bool) {
        let Some(current) = self.current else {
            // `l` without `m` is an error that readers forgive.
            return self.move_to(ctm, x, y);
        };
        // After `h` the next segment starts a new subpath where the old one began.
        if self.subpaths.last().is_none_or(|last| last.closed) {
            self.begin(ctm, current.0, current.1);
        }
        self.vertex(ctm, x, y, curved);
        self.current = Some((x, y));
    }

    fn vertex(&mut self, ctm: &Matrix, x: f64, y: f64, curved: bool) {
        let (x, y) = ctm.apply(x, y);
        if let Some(last) = self.subpaths.last_mut() {
            self.vertices.push(Vertex { x: x as f32, y: y as f32, curved });
            last.end = last.end.saturating_add(1);
        }
    }

    pub(super) fn subpaths(&self) -> impl Iterator<Item = (&[Vertex], bool)> {
        self.subpaths
            .iter()
            .map(|sub| (self.vertices.get(sub.start as usize..sub.end as usize).unwrap_or(&[]), sub.closed))
    }

    /// Whether it draws small shapes: outlines of glyphs (bold text that a producer strokes once more, text as
    /// curves), logos, marks. Their straight parts are no rulings.
    pub(super) fn is_drawing(&self) -> bool {
        let bent = |pair: &[Vertex]| {
            let (dx, dy) = ((pair[1].x - pair[0].x).abs(), (pair[1].y - pair[0].y).abs());
            pair[1].curved || dx.min(dy) > 0.25
        };
        self.subpaths().any(|(vertices, closed)| {
            let closed = closed || vertices.first() == vertices.last();
            let small = |r: Rect| r.width() <= SHAPE && r.height() <= SHAPE;
            // corners enough for 目, which has no slanted stroke
            let shaped = || vertices.len() > 7 || vertices.windows(2).filter(|pair| bent(pair)).count() >= 2;
            vertices.len() > 5 && closed && bbox(vertices).is_some_and(small) && shaped()
        })
    }

    /// Box of the whole path; `None` for an empty one.
    pub(super) fn bbox(&self) -> Option<Rect> {
        bbox(&self.vertices)
    }
}

/// Box of some vertices; `None` where there are none, or where they are nowhere.
pub(super) fn bbox(vertices: &[Vertex]) -> Option<Rect> {
    let first = vertices.first()?;
    let mut r = Rect { x0: first.x, y0: first.y, x1: first.x, y1: first.y };
    for v in vertices {
        r = Rect { x0: r.x0.min(v.x), y0: r.y0.min(v.y), x1: r.x1.max(v.x), y1: r.y1.max(v.y) };
    }
    [r.x0, r.y0, r.x1, r.y1].iter().all(|v| v.is_finite()).then_some(r)
}

/// Area of a polygon (shoelace).
pub(super) fn area(vertices: &[Vertex]) -> f32 {
    let Some(origin) = vertices.first() else { return 0.0 };
    let mut sum = 0.0;
    for pair in vertices.windows(2) {
        sum +=
            (pair[0].x - origin.x) * (pair[1].y - origin.y) - (pair[1].x - origin.x) * (pair[0].y - origin.y);
    }
    (sum * 0.5).abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segment_after_close_starts_where_the_subpath_began() {
        let mut path = Path::default();
        let m = Matrix::IDENTITY;
        path.move_to(&m, 1.0, 1.0);
        path.line_to(&m, 5.0, 1.0);
        path.close();
        path.line_to(&m, 1.0, 9.0);
        let subs: Vec<_> = path.subpaths().map(|(v, closed)| (v.len(), closed)).collect();
        assert_eq!(subs, [(2, true), (2, false)]);
        assert_eq!(path.subpaths().nth(1).map(|(v, _)| (v[0].x, v[0].y)), Some((1.0, 1.0)));
    }

    #[test]
    fn area_and_box() {
        let mut path = Path::default();
        path.rectangle(&Matrix::IDENTITY, 10.0, 20.0, -4.0, 5.0);
        assert_eq!(path.bbox(), Some(Rect::new(6.0, 20.0, 10.0, 25.0)));
        let (vertices, closed) = path.subpaths().next().unwrap();
        assert!(closed);
        assert_eq!(area(vertices), 20.0);
    }
}
