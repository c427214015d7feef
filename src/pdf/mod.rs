//! Bytes → pages of positioned glyphs and rulings. The only place that knows PDF.
//!
//! Everything that leaves this module is upright (after /Rotate and CropBox), in points, origin top left.
//! Nothing after it can fail: what could not be read is a [`Finding`].

mod annotation;
mod apart;
mod colour;
mod excerpt;
mod file;
mod findings;
mod font;
mod ghost;
mod image;
mod interpret;
mod matrix;
mod object;
mod open;
mod optional;
mod page;
mod paint;
mod path;
mod picture;
mod radicals;
mod raster;
mod slant;
mod state;
mod store;
mod stream;
mod text;
mod token;

use crate::crew::Crew;
use crate::document::Finding;
use crate::error::Error;
use crate::geometry::Rect;
use crate::limits::{Access, Deadline, Limits};
pub(crate) use excerpt::excerpt;
pub(crate) use findings::list as page_list;
use findings::{Findings, Seen};
use interpret::{Bank, Shared};
pub use picture::{Format, PageImage};

/// A decoded character at its place on the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    /// The character; U+FFFD where the font does not tell (then a finding names the font).
    /// Kangxi and CJK radicals are already unified ideographs. A code that stands for several characters
    /// gives several glyphs that share its width.
    pub ch: char,
    /// Horizontally from pen position to pen position (advance), vertically from ascent to descent.
    pub bbox: Rect,
    /// y of the baseline (x for text that runs down or up).
    pub baseline: f32,
    /// Effective font size in points (after all matrices).
    pub size: f32,
    /// Which way the text runs on the upright page.
    pub direction: Direction,
    /// Index into [`Source::fonts`].
    pub font: u16,
    /// Number of the show operator (`Tj`, one per `TJ`, `'`, `"`) that painted it, counted over the page:
    /// glyphs of one run were painted together, in this order.
    pub run: u32,
    /// Luminance of the fill colour: 0 black … 255 white.
    pub shade: u8,
}

/// Direction in which a line of text runs on the upright page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Left to right: normal text.
    Right,
    /// Top to bottom (rotated clockwise by 90°, or vertical writing).
    Down,
    /// Upside down.
    Left,
    /// Bottom to top.
    Up,
    /// Any other angle: watermarks and stamps.
    Oblique,
}

/// Which way a ruling runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Axis {
    /// Constant y.
    Horizontal,
    /// Constant x.
    Vertical,
}

/// A painted straight line: a stroke, or a filled rectangle that is thin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ruling {
    /// Horizontal or vertical.
    pub axis: Axis,
    /// y of a horizontal ruling's centre line, x of a vertical one's.
    pub at: f32,
    /// Where it starts along its axis (`from ≤ to`).
    pub from: f32,
    /// Where it ends along its axis.
    pub to: f32,
    /// Thickness in points.
    pub width: f32,
    /// Luminance: 0 black … 255 white (white on white is never emitted).
    pub shade: u8,
}

/// A filled rectangle that is too thick to be a ruling: header fills, zebra stripes, cell backgrounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fill {
    /// Its box.
    pub bbox: Rect,
    /// Luminance: 0 black … 255 white.
    pub shade: u8,
}

/// One page, upright.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Counted from 1, as the PDF's own pages.
    pub number: u32,
    /// Width in points, as displayed.
    pub width: f32,
    /// Height in points, as displayed.
    pub height: f32,
    /// Visible glyphs in painting order. Invisible (render mode 3, also as clip 7), off-page and clipped-away
    /// glyphs are left out; doubles painted for fake bold are removed; spaces are kept.
    pub glyphs: Vec<Glyph>,
    /// Rulings in painting order.
    pub rulings: Vec<Ruling>,
    /// Larger filled rectangles in painting order.
    pub fills: Vec<Fill>,
    /// Share of the page that images cover, 0–1.
    pub image_cover: f32,
    /// How many glyphs were painted invisibly (an OCR layer).
    pub invisible: u32,
    /// How many glyphs could not be decoded.
    pub undecoded: u32,
    /// Images of a page that is nothing but images, for whoever reads pictures; else empty.
    pub images: Vec<PageImage>,
    /// What came of reading the page's images, where that was tried.
    pub recognized: Option<Recognized>,
}

/// How reading a page's images went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recognized {
    /// Numbers with a character that the recognizer was not sure of.
    pub doubts: Vec<Doubt>,
    /// Why some of the page was not read, for people.
    pub fault: Option<String>,
}

/// A number that was read with doubt.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// As it was read.
    pub text: String,
    /// Probability of its least sure character, 0–1.
    pub confidence: f32,
    /// Its box on the page, in points.
    pub bbox: Rect,
    /// Its least sure character and what else that may be, likeliest first.
    pub others: Vec<char>,
}

/// An image that covers a larger share of a page than this is the page.
const PICTURE: f32 = 0.3;

impl Page {
    /// Whether there is no visible text, and images cover much of it: a scan.
    pub fn is_picture(&self) -> bool {
        self.image_cover > PICTURE && self.glyphs.iter().all(|glyph| glyph.ch.is_whitespace())
    }
}

/// What a PDF says of itself, and its pages: as they were read, or what was made of each.
#[derive(Debug, Default)]
pub struct Source<P = Page> {
    /// `Producer` of the information dictionary.
    pub producer: Option<String>,
    /// `Title` of the information dictionary.
    pub title: Option<String>,
    /// `CreationDate`, as printed.
    pub created: Option<String>,
    /// Names of the fonts that glyphs refer to (subset prefix removed); empty where several threads read the file.
    pub fonts: Vec<String>,
    /// All pages in order.
    pub pages: Vec<P>,
    /// What could not be read, pages named.
    pub findings: Vec<Finding>,
}

/// Reads all pages.
///
/// # Errors
/// When no page at all can be had: not a PDF, empty, damaged beyond repair, encrypted with a password, no
/// pages. A page that cannot be read is an empty page and a finding. Never panics.
pub fn read(bytes: &[u8], access: Access, deadline: Deadline) -> Result<Source, Error> {
    read_each(&Crew::of(1), bytes, access, deadline, &AsRead, |page| page)
}

/// What becomes of a page as soon as it is read, so that the glyphs of no other page are held.
pub(crate) trait Work: Sync {
    /// What a page becomes.
    type Made: Send;

    /// Done by whichever thread read the page.
    fn make(&self, page: Page) -> Self::Made;

    /// Whether [`Work::complete`] reads the images of pages without text.
    fn reads_pictures(&self) -> bool {
        false
    }

    /// Adds what the file's text does not tell, before anything is said of the page.
    fn complete(&self, _page: &mut Page) {}

    /// About what it takes in memory, in bytes.
    fn weight(made: &Self::Made) -> usize;
}

struct AsRead;

impl Work for AsRead {
    type Made = Page;

    fn make(&self, page: Page) -> Page {
        page
    }

    fn weight(page: &Page) -> usize {
        size_of_val(page.glyphs.as_slice()) + size_of_val(page.rulings.as_slice())
    }
}

/// Reads all pages and makes of each what `work` says; `keep` is given the results in the order of the pages and decides
/// what of them is held. With several threads where the file is large; what comes out is the same.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_each<W: Work, K>(
    crew: &Crew,
    bytes: &[u8],
    access: Access,
    deadline: Deadline,
    work: &W,
    mut keep: impl FnMut(W::Made) -> K,
) -> Result<Source<K>, Error> {
    let store = &open::open(bytes, access, deadline)?;
    let (nodes, tree) = page::pages(store, access.limits);
    if nodes.is_empty() {
        return Err(nothing(store.state(), access.limits));
    }
    let mut findings = Findings::default();
    findings.opened(&tree, access.limits.pages);
    let hidden = optional::Hidden::read(store);
    let pictures = work.reads_pictures();
    let shared = Shared { store, limits: access.limits, deadline, hidden, pictures };
    let mut bank = Bank::default();
    let mut pages = Vec::with_capacity(nodes.len());
    let plain = store.state() == file::State::default();
    let apart = plain.then(|| apart::read(bytes, access, deadline, nodes.len(), crew, work)).flatten();
    for (made, seen) in apart.unwrap_or_default() {
        findings.page(&seen);
        pages.push(keep(made));
    }
    for (number, node) in (1u32..).zip(&nodes).skip(pages.len()) {
        if deadline.expired() {
            findings.out_of_time(number, nodes.len());
            break;
        }
        let (mut page, trouble) = interpret::page(&shared, &mut bank, node, number);
        work.complete(&mut page);
        findings.page(&Seen::on(&page, trouble));
        pages.push(keep(work.make(page)));
    }
    let info = store.dict(store.trailer(), b"Info");
    let entry = |key: &[u8]| {
        let object::Object::String(text) = store.get(info?, key)? else { return None };
        let text = lopdf::Object::String(text.to_vec(), lopdf::StringFormat::Literal);
        let text = lopdf::decode_text_string(&text).ok()?;
        let text = text.trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    let findings = findings.finish(&bank, store.state());
    let fonts = bank.fonts.into_iter().map(|font| font.name).collect();
    Ok(Source {
        producer: entry(b"Producer"),
        title: entry(b"Title"),
        created: entry(b"CreationDate"),
        findings,
        fonts,
        pages,
    })
}

/// Why there is no page.
fn nothing(state: file::State, limits: &Limits) -> Error {
    if state.late {
        Error::Limit {
            limit: "time",
            cause: "nothing could be read before the time for the file was used up".into(),
        }
    } else if state.memory {
        let cause = format!("its objects take more than {} MB before there is a page", limits.memory >> 20);
        Error::Limit { limit: "memory", cause }
    } else if state.objects {
        Error::Limit {
            limit: "objects",
            cause: format!("none of its first {} objects is a page", limits.objects),
        }
    } else if state.rebuilt {
        Error::Damaged {
            cause: "its cross-reference table is unusable, and no page was found among its objects".into(),
        }
    } else {
        Error::NoPages
    }
}
