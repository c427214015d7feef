//! Pictures within a page: a scan has more pixels than a screen shows, and as PNG each of its pages would take
//! megabytes. Large ones become smaller JPEGs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// Bytes in letters up to which a picture stays as it is: stamps and logos.
const SMALL: usize = 60_000;
/// Most pixels of the longer side: some 130 for each inch of an A4 page, on which printed digits can be read.
const LONGEST: u32 = 1500;
/// Of 100: lower, and the digits of a fax grow beards.
const QUALITY: u8 = 45;
/// Pixels of a side, and bytes, that are decoded.
const MAX_SIDE: u32 = 20_000;
const MAX_BYTES: u64 = 512 << 20;
/// How far the colours of a grey pixel may differ, of 255.
const GREY: u8 = 12;

/// What stands before the letters of a PNG and of a JPEG.
pub(super) const PNG: &str = "data:image/png;base64,";
pub(super) const JPEG: &str = "data:image/jpeg;base64,";

/// The same picture with fewer bytes; `None` where it is small already, has transparent parts or cannot be read.
pub(super) fn smaller(url: &str) -> Option<String> {
    let letters = url.strip_prefix(PNG).filter(|l| l.len() > SMALL)?;
    let bytes = STANDARD.decode(letters).ok()?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), ImageFormat::Png);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE), Some(MAX_SIDE));
    limits.max_alloc = Some(MAX_BYTES);
    reader.limits(limits);
    let picture = reader.decode().ok()?;
    if picture.color().has_alpha() && picture.to_rgba8().pixels().any(|p| p.0[3] < u8::MAX) {
        return None;
    }
    let picture = if picture.width().max(picture.height()) > LONGEST {
        picture.resize(LONGEST, LONGEST, FilterType::Triangle)
    } else {
        picture
    };
    let colours = picture.to_rgb8();
    let grey = colours.pixels().all(|p| {
        let [r, g, b] = p.0;
        r.max(g).max(b) - r.min(g).min(b) <= GREY
    });
    let picture = if grey { DynamicImage::ImageLuma8(picture.to_luma8()) } else { colours.into() };
    let mut out = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY)).ok()?;
    let url = format!("{JPEG}{}", STANDARD.encode(out));
    (url.len() < letters.len()).then_some(url)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    fn png(picture: impl Into<DynamicImage>) -> String {
        let mut out = Vec::new();
        picture.into().write_to(&mut Cursor::new(&mut out), ImageFormat::Png).unwrap();
        format!("{PNG}{}", STANDARD.encode(out))
    }

    /// Colours without a pattern that PNG could use.
    fn noise(x: u32, y: u32) -> [u8; 3] {
        let n = x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503).wrapping_mul(x | 1);
        [n as u8, (n >> 8) as u8, (n >> 16) as u8]
    }

    #[test]
    fn a_scan_becomes_as_large_as_a_screen_shows() {
        let url = png(RgbImage::from_fn(1200, 2000, |x, y| Rgb(noise(x, y))));
        let made = smaller(&url).unwrap();
        let bytes = STANDARD.decode(made.strip_prefix(JPEG).unwrap()).unwrap();
        let read = image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).unwrap();
        assert_eq!((read.width(), read.height()), (900, 1500));
    }

    #[test]
    fn small_ones_transparent_ones_and_broken_ones_stay() {
        assert_eq!(smaller(&png(RgbImage::new(10, 10))), None);
        let seal = RgbaImage::from_fn(400, 400, |x, y| {
            let [r, g, b] = noise(x, y);
            Rgba([r, g, b, 100])
        });
        assert_eq!(smaller(&png(seal)), None);
        assert_eq!(smaller(&format!("{PNG}{}", "A".repeat(100_000))), None);
    }
}
