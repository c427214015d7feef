//! Images of a page → one grey picture of the page as displayed: strips and tiles side by side, turned as they lie.

use super::{Picture, ScanError, decode};
use crate::pdf::{Format, PageImage};

/// Points of an inch.
const POINTS: f64 = 72.0;
/// Finer pictures are made coarser: above it characters do not become clearer, in dots per inch.
const FINEST: f64 = 300.0;

/// Decodes all images and lays them on white paper of `width` × `height` points.
///
/// # Errors
/// The first image that cannot be decoded, or a page of too many pixels.
pub(super) fn page(images: &[PageImage], (width, height): (f32, f32)) -> Result<Picture, ScanError> {
    let density = images.iter().map(density).fold(0.0, f64::max).min(FINEST / POINTS);
    let across = (f64::from(width) * density).round().max(1.0) as usize;
    let down = (f64::from(height) * density).round().max(1.0) as usize;
    let count = Picture::check(across, down)?;
    let mut paper = vec![255u8; count];
    for image in images {
        lay(&mut paper, (across, down), &pixels(image)?, image.place.map(|v| v * density));
    }
    Picture::new(across, down, paper)
}

/// Pixels of a point, the finer of both directions.
fn density(image: &PageImage) -> f64 {
    let [a, b, c, d, ..] = image.place;
    let (right, up) = (a.hypot(b), c.hypot(d));
    let along = |pixels: usize, points: f64| if points > 1.0 { pixels as f64 / points } else { 0.0 };
    along(image.width, right).max(along(image.height, up))
}

/// Paints a picture where its unit square lies (in pixels of the paper).
fn lay(paper: &mut [u8], (across, down): (usize, usize), picture: &Picture, place: [f64; 6]) {
    let [a, b, c, d, e, f] = place;
    let area = a * d - b * c;
    if area.abs() < 1.0 || !area.is_finite() {
        return;
    }
    let (w, h) = (picture.width() as f64, picture.height() as f64);
    let xs = [e, e + a, e + c, e + a + c];
    let ys = [f, f + b, f + d, f + b + d];
    let range = |values: [f64; 4], end: usize| {
        let low = values.iter().copied().fold(f64::MAX, f64::min).floor().max(0.0) as usize;
        let high = values.iter().copied().fold(f64::MIN, f64::max).ceil().max(0.0) as usize;
        low.min(end)..high.min(end)
    };
    let columns = range(xs, across);
    // A picture that is finer than the paper is averaged between its pixels.
    let finer = (w * h / area.abs()).sqrt() > 1.1;
    for y in range(ys, down) {
        let dy = y as f64 + 0.5 - f;
        for x in columns.clone() {
            let dx = x as f64 + 0.5 - e;
            let (u, v) = ((d * dx - c * dy) / area, (a * dy - b * dx) / area);
            if !(0.0..1.0).contains(&u) || !(0.0..1.0).contains(&v) {
                continue;
            }
            let (px, py) = (u * w, (1.0 - v) * h);
            let grey = if finer {
                picture.at(px as f32 - 0.5, py as f32 - 0.5) as u8
            } else {
                picture.row((py as usize).min(picture.height() - 1)).get(px as usize).copied().unwrap_or(255)
            };
            if let Some(pixel) = paper.get_mut(y * across + x) {
                *pixel = grey.min(*pixel);
            }
        }
    }
}

/// Decodes one image.
fn pixels(image: &PageImage) -> Result<Picture, ScanError> {
    let size = (image.width, image.height);
    let picture = match image.format {
        Format::Jpeg => decode::jpeg(&image.data)?,
        Format::Fax { k, black_is_1, aligned } => decode::ccitt(&image.data, size, k, black_is_1, aligned)?,
        Format::Raw => decode::raw(&image.data, size, image.bits, image.components)?,
        Format::Unknown => {
            let cause = "JBIG2 and JPEG 2000 are not read yet".to_owned();
            return Err(ScanError::Broken { format: "JBIG2 or JPEG 2000", cause });
        }
    };
    Ok(if image.inverted { picture.inverted() } else { picture })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn strip(data: Vec<u8>, place: [f64; 6]) -> PageImage {
        let format = Format::Raw;
        PageImage { width: 2, height: 1, bits: 8, components: 1, inverted: false, format, data, place }
    }

    #[test]
    fn strips_lie_one_below_the_other_as_displayed() {
        let upper = strip(vec![0, 255], [20.0, 0.0, 0.0, -10.0, 0.0, 10.0]);
        let lower = strip(vec![255, 0], [20.0, 0.0, 0.0, -10.0, 0.0, 20.0]);
        let picture = page(&[upper, lower], (20.0, 20.0)).unwrap();
        assert_eq!((picture.row(0), picture.row(1)), (&[0, 255][..], &[255, 0][..]));
    }

    #[test]
    fn an_image_that_lies_on_its_head_is_turned() {
        let picture = page(&[strip(vec![0, 255], [-20.0, 0.0, 0.0, 10.0, 20.0, 0.0])], (20.0, 10.0)).unwrap();
        assert_eq!(picture.row(0), [255, 0]);
    }
}
