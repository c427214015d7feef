//! Damaged copies of a PDF, the same for the same seed: what transfers, disks, editors and attackers do to files.
#![allow(dead_code)] // no test uses all of it

use flate2::read::ZlibDecoder;
use std::io::Read;

/// A small generator of numbers (xorshift), so that a mutant is its seed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        dice.next();
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 11) as usize % limit.max(1)
    }
}

/// Kinds of damage, for reports.
pub(crate) const KINDS: [&str; 9] = [
    "bits flipped",
    "chunks swapped",
    "truncated",
    "object edited",
    "filter edited",
    "number edited",
    "content edited",
    "chunk removed",
    "structure lost",
];

/// The mutant of this seed and what was done to it.
pub(crate) fn mutant(pdf: &[u8], seed: u64) -> (Vec<u8>, usize) {
    let dice = &mut Dice::new(seed);
    let mut out = pdf.to_vec();
    let kind = dice.below(KINDS.len());
    for _ in 0..=dice.below(3) {
        match kind {
            0 => flip(&mut out, dice),
            1 => swap(&mut out, dice),
            2 => out.truncate(dice.below(out.len())),
            3 => edit(&mut out, dice, &OBJECTS),
            4 => edit(&mut out, dice, &FILTERS),
            5 => number(&mut out, dice),
            6 => content(&mut out, dice),
            7 => {
                let from = dice.below(out.len());
                let to = (from + 1 + dice.below(2000)).min(out.len());
                out.drain(from..to);
            }
            _ => edit(&mut out, dice, &STRUCTURE),
        }
    }
    (out, kind)
}

const OBJECTS: [(&[u8], &[u8]); 14] = [
    (b" 0 R", b" 0 X"),
    (b" 0 R", b"99 0 R"),
    (b"/Type/Page", b"/Type/Pags"),
    (b"/Type /Page", b"/Type /Pags"),
    (b"/Kids", b"/Kid"),
    (b"/Kids", b"/Contents"),
    (b"/Parent", b"/Kids"),
    (b"/Font", b"/XObject"),
    (b"/Contents", b"/Kontents"),
    (b"/MediaBox", b"/CropBox"),
    (b"endobj", b"      "),
    (b"endobj", b"endobj 1 0 obj <</Type/Catalog>> endobj"),
    (b"<<", b"[["),
    (b">>", b""),
];

const FILTERS: [(&[u8], &[u8]); 9] = [
    (b"FlateDecode", b"LZWDecode"),
    (b"FlateDecode", b"ASCIIHexDecode"),
    (b"/FlateDecode", b"[/FlateDecode/FlateDecode]"),
    (b"FlateDecode", b"RunLengthDecode"),
    (b"/Filter", b"/Filtre"),
    (b"/Length", b"/Lenght"),
    (b"/Length ", b"/Length 9"),
    (b"/ToUnicode", b"/ToUnicide"),
    (b"endstream", b"endstrean"),
];

const STRUCTURE: [(&[u8], &[u8]); 9] = [
    (b"startxref", b"startxxxx"),
    (b"%%EOF", b""),
    (b"xref", b"xxxx"),
    (b"trailer", b"trailor"),
    (b"%PDF-", b"garbage in front\n%PDF-"),
    (b"/Root", b"/Toor"),
    (b" 00000 n", b" 00000 f"),
    (b" obj", b" 0bj"),
    (b"/W", b"/Prev 0 /W"),
];

fn flip(out: &mut [u8], dice: &mut Dice) {
    for _ in 0..=dice.below(12) {
        let at = dice.below(out.len());
        if let Some(byte) = out.get_mut(at) {
            *byte ^= 1 << dice.below(8);
        }
    }
}

fn swap(out: &mut [u8], dice: &mut Dice) {
    let length = (1 + dice.below(4096)).min(out.len() / 2);
    let (a, b) = (dice.below(out.len() - length + 1), dice.below(out.len() - length + 1));
    let (low, high) = (a.min(b), a.max(b));
    if low + length <= high {
        let (head, tail) = out.split_at_mut(high);
        head[low..low + length].swap_with_slice(&mut tail[..length]);
    }
}

/// Replaces one of the places where a word of the list stands.
fn edit(out: &mut Vec<u8>, dice: &mut Dice, list: &[(&[u8], &[u8])]) {
    let (word, other) = list[dice.below(list.len())];
    let places: Vec<usize> = memchr::memmem::find_iter(out, word).collect();
    if !places.is_empty() {
        let at = places[dice.below(places.len())];
        out.splice(at..at + word.len(), other.iter().copied());
    }
}

/// Replaces a number that stands in the plain parts.
fn number(out: &mut Vec<u8>, dice: &mut Dice) {
    const VALUES: [&str; 10] =
        ["0", "-1", "1", "65535", "65536", "2147483648", "99999999999999999999", "1e9", "0.0000001", "nan"];
    let start = dice.below(out.len());
    let Some(at) = out.iter().skip(start).position(u8::is_ascii_digit).map(|at| start + at) else { return };
    let length = out.iter().skip(at).take_while(|b| b.is_ascii_digit()).count();
    out.splice(at..at + length, VALUES[dice.below(VALUES.len())].bytes());
}

/// Unpacks a compressed stream, damages what is in it and puts it back unpacked.
fn content(out: &mut Vec<u8>, dice: &mut Dice) {
    let places: Vec<usize> = memchr::memmem::find_iter(out, b"/FlateDecode").collect();
    if places.is_empty() {
        return;
    }
    let at = places[dice.below(places.len())];
    let Some(start) = memchr::memmem::find(&out[at..], b"stream").map(|i| at + i + 6) else { return };
    let start = start + out[start..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
    let Some(end) = memchr::memmem::find(&out[start..], b"endstream").map(|i| start + i) else { return };
    let mut plain = Vec::new();
    let _ = ZlibDecoder::new(&out[start..end]).take(4 << 20).read_to_end(&mut plain);
    if plain.is_empty() {
        return;
    }
    match dice.below(4) {
        0 => flip(&mut plain, dice),
        1 => swap(&mut plain, dice),
        2 => number(&mut plain, dice),
        _ => {
            let from = dice.below(plain.len());
            let to = (from + 1 + dice.below(200)).min(plain.len());
            plain.drain(from..to);
        }
    }
    out.splice(start..end, plain);
    out.splice(at..at + 12, *b"/Crypt      ");
}

/// What a file whose amounts are all printed shows: every amount that came out stands, digit by digit, on its page.
pub(crate) fn unprinted(
    pdf: &[u8],
    documents: &[yusuan::Document],
    options: &yusuan::Options,
) -> Option<String> {
    let deadline = yusuan::options::Deadline::never();
    let source = yusuan::pdf::read(pdf, options.access(), deadline).ok()?;
    for table in documents.iter().flat_map(|d| &d.tables) {
        for row in &table.rows {
            let own = row.amounts.iter().filter_map(|(_, amount)| amount.as_ref());
            for amount in own.chain(row.extra.iter().map(|(_, amount)| amount)) {
                let Some(page) = source.pages.iter().find(|p| p.number == amount.page) else {
                    return Some(format!("{} on page {}, which is not there", amount.text, amount.page));
                };
                let b = &amount.bbox;
                let inside = |g: &&yusuan::pdf::Glyph| {
                    let (x, y) = (g.bbox.cx(), g.bbox.cy());
                    b.x0 - 2.0 <= x && x <= b.x1 + 2.0 && b.y0 - 2.0 <= y && y <= b.y1 + 2.0
                };
                let mut printed: Vec<char> = page.glyphs.iter().filter(inside).map(|g| plain(g.ch)).collect();
                for digit in amount.text.chars().map(plain).filter(char::is_ascii_digit) {
                    match printed.iter().position(|c| *c == digit) {
                        Some(at) => drop(printed.swap_remove(at)),
                        None => {
                            return Some(format!(
                                "{} on page {} is not printed there",
                                amount.text, page.number
                            ));
                        }
                    }
                }
                let significant = |text: &str| -> String {
                    let digits: String = text.chars().map(plain).filter(char::is_ascii_digit).collect();
                    digits.trim_matches('0').to_owned()
                };
                let (value, text) = (significant(&amount.value.to_string()), significant(&amount.text));
                if value != text {
                    return Some(format!("{} became {}", amount.text, amount.value));
                }
            }
        }
    }
    None
}

/// Full-width digits as plain ones.
fn plain(c: char) -> char {
    match c {
        '０'..='９' => char::from((c as u32 - '０' as u32 + '0' as u32) as u8),
        other => other,
    }
}
