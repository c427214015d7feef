//! What scanners write → grey pictures, without red seals.

use super::{Picture, ScanError};
use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// A JPEG. A red seal over black print goes white, the print stays: red light hardly tells a seal from paper.
///
/// # Errors
/// Too many pixels, or a stream that is no JPEG.
pub fn jpeg(bytes: &[u8]) -> Result<Picture, ScanError> {
    let broken = |cause: String| ScanError::Broken { format: "JPEG", cause };
    let mut decoder = JpegDecoder::new(ZCursor::new(bytes));
    decoder.decode_headers().map_err(|e| broken(format!("{e:?}")))?;
    let info = decoder.info().ok_or_else(|| broken("no size".into()))?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    Picture::check(width, height)?;
    let grey = info.components == 1;
    let space = if grey { ColorSpace::Luma } else { ColorSpace::RGB };
    decoder.set_options(DecoderOptions::default().jpeg_set_out_colorspace(space));
    let pixels = decoder.decode().map_err(|e| broken(format!("{e:?}")))?;
    let pixels = if grey { pixels } else { pixels.chunks_exact(3).map(without_red).collect() };
    Picture::new(width, height, pixels)
}

/// The grey of a colour: of a red one its red alone, so that a seal is as bright as paper.
fn without_red(rgb: &[u8]) -> u8 {
    /// Red is this much brighter than green and blue: more than JPEG's blur gives to black print.
    const RED: u8 = 40;
    let &[r, g, b] = rgb else { return 255 };
    let other = g.max(b);
    if r.saturating_sub(other) > RED {
        return r.max(200);
    }
    ((u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114) / 1000) as u8
}

/// Plain samples, one bit or a byte each; rows that are missing are white.
///
/// # Errors
/// Too many pixels, or samples of another kind (palettes, CMYK).
pub(super) fn raw(
    bytes: &[u8],
    (width, height): (usize, usize),
    bits: usize,
    components: usize,
) -> Result<Picture, ScanError> {
    let count = Picture::check(width, height)?;
    let mut pixels = Vec::with_capacity(count);
    match (bits, components) {
        (1, 1) => {
            for row in bytes.chunks(width.div_ceil(8)).take(height) {
                let bit = |x: usize| row.get(x / 8).is_none_or(|byte| byte >> (7 - x % 8) & 1 == 1);
                pixels.extend((0..width).map(|x| if bit(x) { 255 } else { 0 }));
            }
        }
        (8, 1) => pixels.extend(bytes.iter().take(count)),
        (8, 3) => pixels.extend(bytes.chunks_exact(3).take(count).map(without_red)),
        _ => {
            let cause = format!("{components} components of {bits} bits are not read");
            return Err(ScanError::Broken { format: "raw", cause });
        }
    }
    pixels.resize(count, 255);
    Picture::new(width, height, pixels)
}

/// A fax picture (`CCITTFaxDecode`): `k` as in the PDF, negative for group 4.
///
/// # Errors
/// Too many pixels, or a stream of which not even one row can be had. Rows after a damaged one are white.
pub fn ccitt(
    bytes: &[u8],
    (width, height): (usize, usize),
    k: i32,
    black_is_1: bool,
    aligned: bool,
) -> Result<Picture, ScanError> {
    let count = Picture::check(width, height)?;
    let encoding = match k {
        ..0 => EncodingMode::Group4,
        0 => EncodingMode::Group3_1D,
        1.. => EncodingMode::Group3_2D { k: k.unsigned_abs() },
    };
    let settings = DecodeSettings {
        columns: width as u32,
        rows: height as u32,
        end_of_block: true,
        end_of_line: false,
        rows_are_byte_aligned: aligned,
        encoding,
        invert_black: black_is_1,
    };
    let mut rows = Rows { width, count, pixels: Vec::with_capacity(count), whole: 0 };
    let end = hayro_ccitt::decode(bytes, &mut rows, &mut DecoderContext::new(settings));
    if let (Err(cause), 0) = (end, rows.whole) {
        return Err(ScanError::Broken { format: "CCITT", cause: cause.to_string() });
    }
    rows.pixels.truncate(rows.whole * width);
    rows.pixels.resize(count, 255);
    Picture::new(width, height, rows.pixels)
}

/// Takes what the decoder gives, never more than there is room for.
struct Rows {
    width: usize,
    count: usize,
    pixels: Vec<u8>,
    whole: usize,
}

impl Rows {
    fn push(&mut self, white: bool, count: usize) {
        let end = ((self.whole + 1) * self.width).min(self.count);
        let end = end.min(self.pixels.len() + count).max(self.pixels.len());
        self.pixels.resize(end, if white { 255 } else { 0 });
    }
}

impl Decoder for Rows {
    fn push_pixel(&mut self, white: bool) {
        self.push(white, 1);
    }

    fn push_pixel_chunk(&mut self, white: bool, chunk_count: u32) {
        self.push(white, chunk_count as usize * 8);
    }

    fn next_line(&mut self) {
        self.push(true, self.width);
        self.whole = (self.whole + 1).min(self.count / self.width);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_goes_and_print_below_it_stays() {
        assert!(without_red(&[220, 40, 40]) >= 200);
        assert!(without_red(&[60, 20, 25]) < 60);
        assert!(without_red(&[10, 10, 10]) < 20);
    }

    #[test]
    fn broken_streams_are_named() {
        assert!(matches!(jpeg(b"\xFF\xD8\xFF\xE0 nothing"), Err(ScanError::Broken { .. })));
        assert!(matches!(ccitt(b"", (1 << 17, 1 << 17), -1, false, false), Err(ScanError::Pixels { .. })));
    }
}
