//! Pages whose text runs sideways although the page itself stands upright.

use crate::geometry::Rect;
use crate::pdf::{Axis, Direction, Glyph, Page};

/// How a page must be turned so that its text runs from left to right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turn {
    /// Not at all.
    #[default]
    None,
    /// Clockwise by 90°: its text runs from bottom to top.
    Clockwise,
    /// Counterclockwise by 90°: its text runs from top to bottom.
    Counterclockwise,
    /// By 180°.
    Half,
}

impl Turn {
    /// The turn that most glyphs ask for; three quarters of them must agree. Vertical writing is not turned
    /// text: its glyphs stand above one another upright, but then each is as wide as its advance is high, so
    /// whole pages of it do not occur in what we read.
    pub(super) fn of(glyphs: &[Glyph]) -> Self {
        let mut counts = [0usize; 4];
        for glyph in glyphs {
            let slot = match glyph.direction {
                Direction::Right => 0,
                Direction::Up => 1,
                Direction::Down => 2,
                Direction::Left => 3,
                Direction::Oblique => continue,
            };
            if let Some(count) = counts.get_mut(slot) {
                *count += 1;
            }
        }
        let total: usize = counts.iter().sum();
        let most = |count: usize| count * 4 > total * 3;
        match counts {
            [_, up, _, _] if most(up) => Turn::Clockwise,
            [_, _, down, _] if most(down) => Turn::Counterclockwise,
            [_, _, _, left] if most(left) => Turn::Half,
            _ => Turn::None,
        }
    }

    /// The turned page's width and height for a page of this width and height.
    pub fn extent(self, width: f32, height: f32) -> (f32, f32) {
        match self {
            Turn::None | Turn::Half => (width, height),
            Turn::Clockwise | Turn::Counterclockwise => (height, width),
        }
    }

    /// A box of the page as displayed → the box on the turned page. `width` and `height` are the displayed page's.
    pub fn rect(self, r: Rect, width: f32, height: f32) -> Rect {
        match self {
            Turn::None => r,
            Turn::Clockwise => Rect::new(height - r.y1, r.x0, height - r.y0, r.x1),
            Turn::Counterclockwise => Rect::new(r.y0, width - r.x1, r.y1, width - r.x0),
            Turn::Half => Rect::new(width - r.x1, height - r.y1, width - r.x0, height - r.y0),
        }
    }

    /// The opposite of [`Turn::rect`]: a box of the turned page → the box as displayed. `width` and `height`
    /// are the displayed page's.
    pub fn back(self, r: Rect, width: f32, height: f32) -> Rect {
        match self {
            Turn::None => r,
            Turn::Clockwise => Rect::new(r.y0, height - r.x1, r.y1, height - r.x0),
            Turn::Counterclockwise => Rect::new(width - r.y1, r.x0, width - r.y0, r.x1),
            Turn::Half => self.rect(r, width, height),
        }
    }

    fn direction(self, direction: Direction) -> Direction {
        use Direction::{Down, Left, Oblique, Right, Up};
        match (self, direction) {
            (_, Oblique) => Oblique,
            (Turn::None, d) => d,
            (Turn::Clockwise, Right) | (Turn::Counterclockwise, Left) | (Turn::Half, Up) => Down,
            (Turn::Clockwise, Down) | (Turn::Counterclockwise, Up) | (Turn::Half, Right) => Left,
            (Turn::Clockwise, Left) | (Turn::Counterclockwise, Right) | (Turn::Half, Down) => Up,
            (Turn::Clockwise, Up) | (Turn::Counterclockwise, Down) | (Turn::Half, Left) => Right,
        }
    }

    /// The page, turned.
    pub fn page(self, page: &Page) -> Page {
        let (w, h) = (page.width, page.height);
        let (width, height) = self.extent(w, h);
        let glyphs = page.glyphs.iter().map(|g| {
            let sideways = matches!(g.direction, Direction::Up | Direction::Down);
            let at = if sideways {
                Rect::new(g.baseline, 0.0, g.baseline, 0.0)
            } else {
                Rect::new(0.0, g.baseline, 0.0, g.baseline)
            };
            let at = self.rect(at, w, h);
            let direction = self.direction(g.direction);
            let baseline = if matches!(direction, Direction::Up | Direction::Down) { at.x0 } else { at.y0 };
            Glyph { bbox: self.rect(g.bbox, w, h), baseline, direction, ..*g }
        });
        let rulings = page.rulings.iter().map(|r| {
            let b = match r.axis {
                Axis::Horizontal => Rect::new(r.from, r.at, r.to, r.at),
                Axis::Vertical => Rect::new(r.at, r.from, r.at, r.to),
            };
            let b = self.rect(b, w, h);
            let flip = matches!(self, Turn::Clockwise | Turn::Counterclockwise);
            let horizontal = (r.axis == Axis::Horizontal) != flip;
            let (axis, at, from, to) = if horizontal {
                (Axis::Horizontal, b.y0, b.x0, b.x1)
            } else {
                (Axis::Vertical, b.x0, b.y0, b.y1)
            };
            crate::pdf::Ruling { axis, at, from, to, ..*r }
        });
        let fills = page.fills.iter().map(|f| crate::pdf::Fill { bbox: self.rect(f.bbox, w, h), ..*f });
        Page {
            number: page.number,
            width,
            height,
            glyphs: glyphs.collect(),
            rulings: rulings.collect(),
            fills: fills.collect(),
            image_cover: page.image_cover,
            invisible: page.invisible,
            undecoded: page.undecoded,
            images: Vec::new(),
            recognized: None,
        }
    }
}
