//! Pictures of pages: decoding, straightening, table lines and boxes of text. Not yet called by the pipeline, and nothing
//! recognizes the text yet.

mod decode;
mod error;
mod ink;
mod lines;
mod picture;
mod rulings;
mod skew;

use crate::geometry::Rect;
use crate::pdf::Ruling;
pub use decode::{ccitt, jpeg};
pub use error::ScanError;
use ink::Ink;
pub use picture::Picture;

/// What stands where on a page of which there is only a picture.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The picture, turned to be straight.
    pub straight: Picture,
    /// Angle by which it was turned, in degrees, clockwise.
    pub turned: f32,
    /// Table lines, in points of the straight page, origin top left.
    pub rulings: Vec<Ruling>,
    /// Boxes of texts between them, in points of the straight page, from top to bottom.
    pub texts: Vec<Rect>,
}

/// Looks for lines and texts on an upright picture of a page that is `width` × `height` points.
pub fn sheet(picture: &Picture, (width, height): (f32, f32)) -> Sheet {
    let turned = skew::angle(&Ink::of(picture));
    let straight = picture.turned(turned);
    let ink = Ink::of(&straight);
    let found = rulings::find(&ink);
    let (sx, sy) = (width / straight.width() as f32, height / straight.height() as f32);
    let rulings = found.iter().map(|line| line.in_points(sx, sy)).collect();
    let texts = lines::find(&ink, &found);
    let in_points = |text: &lines::Box4| {
        let [x0, y0, x1, y1] = text.map(|v| v as f32);
        Rect::new(x0 * sx, y0 * sy, x1 * sx, y1 * sy)
    };
    Sheet { turned, rulings, texts: texts.iter().map(in_points).collect(), straight }
}
