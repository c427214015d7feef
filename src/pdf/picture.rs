//! Images of a page that is nothing but images, as the file holds them: decoding pixels is another's work.

use super::interpret::Interpreter;
use super::matrix::Matrix;
use super::object::{Dictionary, Object, Stream};
use super::store::Store;
use super::stream;

/// Images of one page that are kept: more than the strips and tiles of any scanner.
const IMAGES: usize = 512;

/// How the pixels of an image are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Samples, row by row, each row padded to whole bytes.
    Raw,
    /// JPEG.
    Jpeg,
    /// A fax, with `K`, `BlackIs1` and `EncodedByteAlign` of its parameters.
    Fax {
        /// Negative: group 4; 0: group 3, one-dimensional; positive: group 3, two-dimensional.
        k: i32,
        /// Bits that are 1 are black.
        black_is_1: bool,
        /// Rows begin at whole bytes.
        aligned: bool,
    },
    /// Anything else; its pixels cannot be had.
    Unknown,
}

/// An image and where it lies.
#[derive(Clone, Debug, PartialEq)]
pub struct PageImage {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Bits of a sample.
    pub bits: usize,
    /// Samples of a pixel.
    pub components: usize,
    /// Samples are stored the other way round (`Decode [1 0]`).
    pub inverted: bool,
    /// How `data` is stored.
    pub format: Format,
    /// The stream, up to the filter that `format` names.
    pub data: Vec<u8>,
    /// Unit square (origin bottom left) → points of the page as displayed, as a PDF matrix.
    pub place: [f64; 6],
}

impl<'s> Interpreter<'s, '_> {
    /// Remembers an image that is painted, where somebody reads pictures.
    pub(super) fn picture(&mut self, image: &'s Stream) {
        if self.shared.pictures && self.is_visible() && self.pictures.len() < IMAGES {
            self.pictures.push((image, self.state.ctm));
        }
    }
}

/// What the file holds of these images.
pub(super) fn load(store: &Store, pictures: &[(&Stream, Matrix)]) -> Vec<PageImage> {
    pictures.iter().map(|(image, place)| one(store, image, place)).collect()
}

fn one(store: &Store, image: &Stream, place: &Matrix) -> PageImage {
    let dict = &image.dict;
    let count = |key: &[u8]| store.integer(dict, key).and_then(|v| usize::try_from(v).ok());
    let flag = |dict: &Dictionary, key: &[u8]| matches!(store.get(dict, key), Some(Object::Boolean(true)));
    let mask = flag(dict, b"ImageMask");
    let (data, filter) = stream::decode_image(store, image);
    let format = match filter {
        None => Format::Raw,
        Some((b"DCTDecode" | b"DCT", _)) => Format::Jpeg,
        Some((b"CCITTFaxDecode" | b"CCF", parms)) => Format::Fax {
            k: parms.and_then(|p| store.integer(p, b"K")).map_or(0, |k| k.clamp(-1, 1 << 16) as i32),
            black_is_1: parms.is_some_and(|p| flag(p, b"BlackIs1")),
            aligned: parms.is_some_and(|p| flag(p, b"EncodedByteAlign")),
        },
        Some(_) => Format::Unknown,
    };
    let inverted = store.numbers::<2>(dict, b"Decode").is_some_and(|d| d[0] > d[1]);
    PageImage {
        width: count(b"Width").unwrap_or(0),
        height: count(b"Height").unwrap_or(0),
        bits: if mask { 1 } else { count(b"BitsPerComponent").unwrap_or(1) },
        components: if mask { 1 } else { components(store, dict) },
        inverted,
        format,
        data: data.into_owned(),
        place: corners(place),
    }
}

/// The matrix as six numbers, told by where three corners land.
fn corners(place: &Matrix) -> [f64; 6] {
    let (at, right, up) = (place.apply(0.0, 0.0), place.apply(1.0, 0.0), place.apply(0.0, 1.0));
    [right.0 - at.0, right.1 - at.1, up.0 - at.0, up.1 - at.1, at.0, at.1]
}

/// Samples of a pixel; 0 where the colours are in a palette or unknown.
fn components(store: &Store, dict: &Dictionary) -> usize {
    match store.get(dict, b"ColorSpace") {
        Some(Object::Name(name)) => match name.as_ref() {
            b"DeviceGray" | b"CalGray" | b"G" => 1,
            b"DeviceRGB" | b"CalRGB" | b"RGB" => 3,
            _ => 0,
        },
        Some(Object::Array(items)) => match items.first().map(|name| store.resolve(name)) {
            Some(Object::Name(name)) if name.as_ref() == b"ICCBased" => {
                let profile = items.get(1).map(|profile| store.resolve(profile));
                let Some(Object::Stream(profile)) = profile else { return 0 };
                store.integer(&profile.dict, b"N").and_then(|n| usize::try_from(n).ok()).unwrap_or(0)
            }
            Some(Object::Name(name)) if name.as_ref() == b"CalGray" => 1,
            Some(Object::Name(name)) if name.as_ref() == b"CalRGB" => 3,
            _ => 0,
        },
        _ => 0,
    }
}
