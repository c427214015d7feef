//! Boxes and tolerances. All geometry is in PDF points on the upright page (after /Rotate), origin at the
//! top left, y growing downwards.

/// A box in points: `x0 ≤ x1`, `y0 ≤ y1`, origin at the top left of the page as displayed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x0: f32,
    /// Top edge.
    pub y0: f32,
    /// Right edge.
    pub x1: f32,
    /// Bottom edge.
    pub y1: f32,
}

impl Rect {
    /// The box with these corners, in any order.
    pub fn new(xa: f32, ya: f32, xb: f32, yb: f32) -> Self {
        Self { x0: xa.min(xb), y0: ya.min(yb), x1: xa.max(xb), y1: ya.max(yb) }
    }

    /// Width in points.
    pub fn width(&self) -> f32 {
        self.x1 - self.x0
    }

    /// Height in points.
    pub fn height(&self) -> f32 {
        self.y1 - self.y0
    }

    /// Horizontal centre.
    pub fn cx(&self) -> f32 {
        (self.x0 + self.x1) * 0.5
    }

    /// Vertical centre.
    pub fn cy(&self) -> f32 {
        (self.y0 + self.y1) * 0.5
    }

    /// The smallest box that holds both.
    pub fn union(&self, other: &Rect) -> Rect {
        Rect {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// Length of the horizontal overlap with `other`, 0 if there is none.
    pub fn overlap_x(&self, other: &Rect) -> f32 {
        (self.x1.min(other.x1) - self.x0.max(other.x0)).max(0.0)
    }

    /// Length of the vertical overlap with `other`, 0 if there is none.
    pub fn overlap_y(&self, other: &Rect) -> f32 {
        (self.y1.min(other.y1) - self.y0.max(other.y0)).max(0.0)
    }

    /// Whether the point lies inside or on the edge.
    pub fn contains(&self, x: f32, y: f32) -> bool {
        x >= self.x0 && x <= self.x1 && y >= self.y0 && y <= self.y1
    }

    /// The box that holds all of `boxes`; `None` for an empty list.
    pub fn hull(boxes: impl IntoIterator<Item = Rect>) -> Option<Rect> {
        boxes.into_iter().reduce(|a, b| a.union(&b))
    }
}

/// Boxes as `[x0, y0, x1, y1]`, rounded to a tenth of a point, for `#[serde(with = "tenths")]`.
pub(crate) mod tenths {
    use super::Rect;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(rect: &Rect, to: S) -> Result<S::Ok, S::Error> {
        // a float cast saturates, and NaN becomes 0: nothing that is not JSON can come out
        let tenth = |v: f32| (f64::from(v) * 10.0).round() as i64 as f64 / 10.0;
        [rect.x0, rect.y0, rect.x1, rect.y1].map(tenth).serialize(to)
    }

    pub(crate) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Rect, D::Error> {
        let [x0, y0, x1, y1] = <[f32; 4]>::deserialize(from)?;
        Ok(Rect { x0, y0, x1, y1 })
    }
}
