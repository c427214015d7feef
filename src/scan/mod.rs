//! Pictures of pages → glyphs and rulings of the types that the PDF reader makes.
//!
//! Pixels count from the top left; what a page gets is in points of the page as displayed.

mod compose;
mod decode;
mod error;
mod ink;
mod lines;
mod models;
mod numbers;
mod picture;
mod recognize;
mod rulings;
mod skew;

use crate::geometry::Rect;
use crate::limits::Deadline;
use crate::pdf::{Direction, Glyph, Page, Recognized};
pub use decode::{ccitt, jpeg};
pub use error::ScanError;
use ink::Ink;
pub use models::{RECOGNIZER, RECOGNIZER_SHA256};
pub use picture::Picture;
pub use recognize::{Character, Recognizer};

/// Reads the images of a page without text: afterwards it has glyphs and rulings. A page with text stays as it is.
pub fn complete(page: &mut Page, recognizer: &Recognizer, deadline: Deadline) {
    let images = std::mem::take(&mut page.images);
    if images.is_empty() || !page.is_picture() {
        return;
    }
    let mut recognized = Recognized::default();
    let read = compose::page(&images, (page.width, page.height))
        .and_then(|picture| read(page, &picture, recognizer, deadline, &mut recognized));
    if let Err(error) = read {
        recognized.fault = Some(error.to_string());
    }
    page.recognized = Some(recognized);
}

/// Reads a picture of the whole page into it.
fn read(
    page: &mut Page,
    picture: &Picture,
    recognizer: &Recognizer,
    deadline: Deadline,
    recognized: &mut Recognized,
) -> Result<(), ScanError> {
    let turned = skew::angle(&Ink::of(picture));
    let mut straight = picture.turned(turned);
    let ink = Ink::of(&straight);
    let found = rulings::find(&ink);
    let scale = (page.width / straight.width() as f32, page.height / straight.height() as f32);
    page.rulings = found.iter().map(|ruling| ruling.in_points(scale.0, scale.1)).collect();
    let wall = lines::walls(&ink, &found);
    let lines = lines::find(&ink, &wall);
    straight.erase(&wall);
    for (run, line) in (0u32..).zip(lines) {
        if deadline.expired() {
            return Err(ScanError::Late);
        }
        let characters = recognizer.read(&straight, line)?;
        recognized.doubts.extend(numbers::doubts(&characters, scale));
        page.glyphs.extend(characters.iter().map(|character| glyph(character, scale, run)));
    }
    Ok(())
}

/// A character as the PDF reader would give it.
fn glyph(character: &Character, (sx, sy): (f32, f32), run: u32) -> Glyph {
    let [x0, y0, x1, y1] = character.bbox;
    let bbox = Rect::new(x0 * sx, y0 * sy, x1 * sx, y1 * sy);
    Glyph {
        ch: character.ch,
        bbox,
        baseline: bbox.y1,
        size: bbox.height(),
        direction: Direction::Right,
        font: 0,
        run,
        shade: 0,
    }
}
