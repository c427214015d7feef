//! Streams → plain bytes, bounded. Flate (with predictors) is ours; the rare filters go through lopdf.

use super::object::{Dictionary, Object, Stream};
use super::store::{Store, as_dict, as_number};
use crate::limits::Limits;
use flate2::{Decompress, FlushDecompress, Status};
use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};

/// More filters than this on one stream are an attack, not a document.
const FILTERS: usize = 8;

/// What one file may still inflate to.
pub(super) struct Budget {
    stream: usize,
    left: AtomicUsize,
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { stream: limits.stream_bytes, left: AtomicUsize::new(limits.file_bytes) }
    }

    /// Bytes that the next stream may inflate to.
    pub(super) fn allowance(&self) -> usize {
        self.stream.min(self.left.load(Ordering::Relaxed))
    }

    /// Bytes that streams inflated to so far.
    pub(super) fn spent(&self, limits: &Limits) -> usize {
        limits.file_bytes.saturating_sub(self.left.load(Ordering::Relaxed))
    }

    fn spend(&self, bytes: usize) {
        let _ = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| Some(left.saturating_sub(bytes)));
    }
}

/// Why a stream gave less than it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The compressed data breaks off or is corrupt.
    Broken,
    /// It inflates to more than the limits allow.
    Limit,
    /// A filter that carries no text (images) or that we do not know.
    Filter,
}

/// Decoded bytes, as far as they could be had.
pub(super) struct Decoded<'s> {
    pub(super) bytes: Cow<'s, [u8]>,
    pub(super) fault: Option<Fault>,
}

/// Applies all filters of a stream.
pub(super) fn decode<'s>(store: &'s Store, stream: &'s Stream) -> Decoded<'s> {
    decode_up_to(store, stream, &[])
}

/// Applies the filters of a stream that stand before one of these.
fn decode_up_to<'s>(store: &'s Store, stream: &'s Stream, stop: &[&[u8]]) -> Decoded<'s> {
    let mut bytes = Cow::Borrowed(store.bytes().get(stream.data.clone()).unwrap_or(&[]));
    if let Some(crypt) = store.crypt()
        && !stream.dict.has_type(b"XRef")
    {
        bytes = Cow::Owned(crypt.data(store, stream.id, &stream.dict, &bytes));
    }
    let mut fault = None;
    let filters = filters(store, &stream.dict);
    if filters.len() > FILTERS {
        return Decoded { bytes: Cow::Borrowed(&[]), fault: Some(Fault::Filter) };
    }
    for (filter, parms) in filters.into_iter().take_while(|(name, _)| !stop.contains(name)) {
        let limit = store.budget.allowance();
        let (out, trouble) = match filter {
            b"FlateDecode" | b"Fl" => {
                let (out, trouble) = inflate(&bytes, limit);
                match parms {
                    Some(parms) => (unpredict(store, out, parms), trouble),
                    None => (out, trouble),
                }
            }
            _ => through_lopdf(store, filter, parms, &bytes, limit),
        };
        store.budget.spend(out.len());
        fault = fault.or(trouble);
        bytes = Cow::Owned(out);
        if trouble == Some(Fault::Filter) {
            break;
        }
    }
    Decoded { bytes, fault }
}

/// The data of an image up to the filter that stores pixels, and that filter with its parameters.
pub(super) fn decode_image<'s>(
    store: &'s Store,
    stream: &'s Stream,
) -> (Cow<'s, [u8]>, Option<(&'s [u8], Option<&'s Dictionary>)>) {
    /// Filters that store pixels.
    const PIXELS: [&[u8]; 6] =
        [b"DCTDecode", b"DCT", b"CCITTFaxDecode", b"CCF", b"JBIG2Decode", b"JPXDecode"];
    let last = filters(store, &stream.dict).into_iter().find(|(name, _)| PIXELS.contains(name));
    (decode_up_to(store, stream, &PIXELS).bytes, last)
}

/// Names of the filters with their parameters, in decoding order.
fn filters<'s>(store: &'s Store, dict: &'s Dictionary) -> Vec<(&'s [u8], Option<&'s Dictionary>)> {
    let parms = store.get(dict, b"DecodeParms").or_else(|| store.get(dict, b"DP"));
    let parm = |i: usize| match parms? {
        Object::Array(items) => as_dict(store.resolve(items.get(i)?)),
        other if i == 0 => as_dict(other),
        _ => None,
    };
    match store.get(dict, b"Filter").or_else(|| store.get(dict, b"F")) {
        Some(Object::Name(name)) => vec![(name.as_ref(), parm(0))],
        Some(Object::Array(items)) => items
            .iter()
            .enumerate()
            .filter_map(|(i, item)| match store.resolve(item) {
                Object::Name(name) => Some((name.as_ref(), parm(i))),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Inflates zlib data (raw deflate where the header is damaged); keeps what came before an error.
pub(super) fn inflate(input: &[u8], limit: usize) -> (Vec<u8>, Option<Fault>) {
    let (out, fault) = inflate_as(input, limit, true);
    if out.is_empty() && fault == Some(Fault::Broken) && input.len() > 2 {
        let (raw, fault) = inflate_as(&input[2..], limit, false);
        if !raw.is_empty() {
            return (raw, fault);
        }
    }
    (out, fault)
}

thread_local! {
    /// Each worker keeps its decompressor: its window is larger than most streams.
    static ENGINE: RefCell<Decompress> = RefCell::new(Decompress::new(true));
}

fn inflate_as(input: &[u8], limit: usize, zlib: bool) -> (Vec<u8>, Option<Fault>) {
    ENGINE.with_borrow_mut(|engine| {
        engine.reset(zlib);
        run(engine, input, limit)
    })
}

fn run(engine: &mut Decompress, input: &[u8], limit: usize) -> (Vec<u8>, Option<Fault>) {
    let mut out = Vec::with_capacity(input.len().saturating_mul(4).clamp(256, 1 << 20).min(limit.max(1)));
    loop {
        let used = usize::try_from(engine.total_in()).unwrap_or(usize::MAX);
        let rest = input.get(used..).unwrap_or(&[]);
        let before = (used, out.len());
        let status = engine.decompress_vec(rest, &mut out, FlushDecompress::None);
        if out.len() > limit {
            out.truncate(limit);
            return (out, Some(Fault::Limit));
        }
        match status {
            Ok(Status::StreamEnd) => return (out, None),
            Err(_) => return (out, Some(Fault::Broken)),
            Ok(_) if out.len() == out.capacity() => {
                // One byte more than the limit tells "exactly full" from "too much".
                let room = limit.saturating_add(1).saturating_sub(out.len());
                out.reserve_exact(out.len().clamp(256, 8 << 20).min(room.max(1)));
            }
            Ok(_) => {
                let used = usize::try_from(engine.total_in()).unwrap_or(usize::MAX);
                if (used, out.len()) == before {
                    return (out, Some(Fault::Broken));
                }
            }
        }
    }
}

/// Undoes the PNG and TIFF predictors (ISO 32000-1, 7.4.4.4).
pub(super) fn unpredict(store: &Store, data: Vec<u8>, parms: &Dictionary) -> Vec<u8> {
    let number = |key: &[u8], default: usize, max: usize| {
        let value = parms.get(key).and_then(|v| as_number(store.resolve(v)));
        value.map_or(default, |v| (v.max(0.0) as usize).min(max))
    };
    let predictor = number(b"Predictor", 1, 15);
    if predictor < 2 {
        return data;
    }
    let colors = number(b"Colors", 1, 32).max(1);
    let bits = number(b"BitsPerComponent", 8, 16).max(1);
    let columns = number(b"Columns", 1, 1 << 20).max(1);
    let row = (colors * bits * columns).div_ceil(8);
    let step = (colors * bits).div_ceil(8);
    if predictor == 2 {
        return if bits == 8 { tiff(data, row, step) } else { data };
    }
    png(&data, row, step)
}

fn tiff(mut data: Vec<u8>, row: usize, step: usize) -> Vec<u8> {
    for line in data.chunks_mut(row) {
        for i in step..line.len() {
            line[i] = line[i].wrapping_add(line[i - step]);
        }
    }
    data
}

fn png(data: &[u8], row: usize, step: usize) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(data.len());
    for line in data.chunks(row + 1) {
        let Some((kind, line)) = line.split_first() else { break };
        let start = out.len();
        for (i, &raw) in line.iter().enumerate() {
            let left = if i >= step { out[start + i - step] } else { 0 };
            let above = if start >= row { out[start - row + i] } else { 0 };
            let corner = if i >= step && start >= row { out[start - row + i - step] } else { 0 };
            let guess = match kind {
                1 => left,
                2 => above,
                3 => ((u16::from(left) + u16::from(above)) / 2) as u8,
                4 => paeth(left, above, corner),
                _ => 0,
            };
            out.push(raw.wrapping_add(guess));
        }
    }
    out
}

fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(above), i16::from(corner));
    let guess = a + b - c;
    let (da, db, dc) = ((guess - a).abs(), (guess - b).abs(), (guess - c).abs());
    if da <= db && da <= dc {
        left
    } else if db <= dc {
        above
    } else {
        corner
    }
}

/// LZW, ASCII85, ASCIIHex, RunLength and Brotli: rare in text, so lopdf's decoders do.
fn through_lopdf(
    store: &Store,
    filter: &[u8],
    parms: Option<&Dictionary>,
    bytes: &[u8],
    limit: usize,
) -> (Vec<u8>, Option<Fault>) {
    let full: &[u8] = match filter {
        b"LZW" => b"LZWDecode",
        b"A85" => b"ASCII85Decode",
        b"AHx" => b"ASCIIHexDecode",
        b"RL" => b"RunLengthDecode",
        other => other,
    };
    if !matches!(
        full,
        b"LZWDecode" | b"ASCII85Decode" | b"ASCIIHexDecode" | b"RunLengthDecode" | b"BrotliDecode" | b"Crypt"
    ) {
        return (Vec::new(), Some(Fault::Filter));
    }
    if full == b"Crypt" {
        // Decryption happened at loading; what is left is the identity.
        return (bytes.to_vec(), None);
    }
    let mut dict = lopdf::Dictionary::new();
    dict.set("Filter", lopdf::Object::Name(full.to_vec()));
    if let Some(parms) = parms {
        // All parameters of these filters are integers.
        let whole = |(key, value): (&[u8], &Object)| {
            Some((key.to_vec(), lopdf::Object::Integer(as_number(store.resolve(value))? as i64)))
        };
        let parms: lopdf::Dictionary = parms.iter().filter_map(whole).collect();
        dict.set("DecodeParms", lopdf::Object::Dictionary(parms));
    }
    match lopdf::Stream::new(dict, bytes.to_vec()).decompressed_content_with_limit(limit) {
        Ok(out) => (out, None),
        Err(lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. })) => {
            (Vec::new(), Some(Fault::Limit))
        }
        Err(_) => (Vec::new(), Some(Fault::Broken)),
    }
}
