//! Bytes → the grids of every page, one page after the other: glyphs live no longer than it takes to make grids of
//! them, and what all pages together hold is bounded.

use crate::crew::Crew;
use crate::document::{Finding, Severity};
use crate::error::Error;
use crate::grid::{self, PageGrids};
use crate::layout;
use crate::options::{Deadline, Options};
use crate::pdf::{self, Page, Recognized, Source, Work};

/// Reads all pages. A page with more words, or a file whose pages hold more text and cells than the limits allow, is
/// no budget: what is beyond them gives no grid but a finding.
///
/// # Errors
/// As [`pdf::read`].
pub(crate) fn read(
    crew: &Crew,
    bytes: &[u8],
    options: &Options,
    deadline: Deadline,
) -> Result<Source<PageGrids>, Error> {
    let until = Deadline::start_reading(&options.limits);
    let work = Grids { options, deadline, until };
    let mut room = Room { bytes: options.limits.page_memory(), ..Room::default() };
    let mut source = pdf::read_each(crew, bytes, options.access(), until, &work, |sheet| room.keep(sheet))?;
    source.findings.extend(room.findings());
    Ok(source)
}

/// What became of a page.
struct Sheet {
    grids: PageGrids,
    /// It has too many words; no table was looked for.
    crowded: bool,
    /// What came of its picture.
    recognized: Option<Recognized>,
}

/// Makes grids.
struct Grids<'o> {
    options: &'o Options,
    deadline: Deadline,
    /// When reading stops.
    #[cfg_attr(not(feature = "ocr"), expect(dead_code, reason = "only pictures take so long"))]
    until: Deadline,
}

impl Work for Grids<'_> {
    type Made = Sheet;

    #[cfg(feature = "ocr")]
    fn reads_pictures(&self) -> bool {
        self.options.recognizer.is_some()
    }

    #[cfg(feature = "ocr")]
    fn complete(&self, page: &mut Page) {
        if let Some(recognizer) = &self.options.recognizer {
            crate::scan::complete(page, recognizer, self.until);
        }
    }

    fn make(&self, page: Page) -> Sheet {
        let text = layout::page_text(&page);
        let crowded = text.words.len() > self.options.limits.words;
        let grids = if crowded || self.deadline.expired() {
            bare(page.number, page.width, page.height)
        } else {
            grid::page_grids(&page, &text, self.deadline)
        };
        Sheet { grids, crowded, recognized: page.recognized }
    }

    fn weight(sheet: &Sheet) -> usize {
        sheet.grids.bytes()
    }
}

/// A page of this size that holds nothing.
fn bare(number: u32, width: f32, height: f32) -> PageGrids {
    PageGrids { number, width, height, ..PageGrids::default() }
}

/// What is left for the pages to come, and which pages found no room.
#[derive(Default)]
struct Room {
    bytes: usize,
    /// Pages with too many words.
    crowded: Vec<u32>,
    /// Pages with amounts below one another that belong to no grid.
    unread: Vec<u32>,
    /// First page that does not fit.
    beyond: Option<u32>,
    /// Pages that were read from pictures, and how that went.
    recognized: Vec<(u32, Recognized)>,
}

impl Room {
    /// The page as it is kept: whole, or bare.
    fn keep(&mut self, Sheet { grids, crowded, recognized }: Sheet) -> PageGrids {
        self.recognized.extend(recognized.map(|recognized| (grids.number, recognized)));
        if crowded {
            self.crowded.push(grids.number);
        }
        if grids.leaves_amounts() {
            self.unread.push(grids.number);
        }
        let Some(rest) = self.bytes.checked_sub(grids.bytes()) else {
            self.beyond = self.beyond.or(Some(grids.number));
            return bare(grids.number, grids.width, grids.height);
        };
        self.bytes = rest;
        grids
    }

    fn findings(self) -> Vec<Finding> {
        let mut findings = from_pictures(&self.recognized);
        let mut say = |rule: &str, page: u32, message: String| {
            findings.push(Finding::new(rule, Severity::Error, message).on_page(page));
        };
        if let Some((page, more)) = self.crowded.split_first() {
            let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
            let message =
                format!("page {page}{more}: more words than the limit `words`; no table was looked for");
            say("grid.limit.words", *page, message);
        }
        if let Some(page) = self.beyond {
            let message = format!(
                "page {page} and later: more text and cells than the limit `memory` has room for; further ones were left \
                 out"
            );
            say("grid.limit.memory", page, message);
        }
        if let Some(page) = self.unread.first() {
            let message = format!(
                "{}: amounts stand below one another outside of all tables that were found; look at the page",
                pdf::page_list(&self.unread)
            );
            findings.push(Finding::new("page.unread", Severity::Warning, message).on_page(*page));
        }
        findings
    }
}

/// Doubtful numbers that are told one by one in a file: more are a picture that should be scanned anew.
const DOUBTS: usize = 500;

/// What is to be known of pages that were read from pictures: that they were, what was doubtful, and what was not read.
fn from_pictures(recognized: &[(u32, Recognized)]) -> Vec<Finding> {
    let Some((first, _)) = recognized.first() else { return Vec::new() };
    let pages: Vec<u32> = recognized.iter().map(|(page, _)| *page).collect();
    let message = format!("{}: read from pictures by a recognizer (OCR)", pdf::page_list(&pages));
    let mut findings = vec![Finding::new("scan.read", Severity::Info, message).on_page(*first)];
    for (page, fault) in recognized.iter().filter_map(|(page, r)| Some((*page, r.fault.as_ref()?))) {
        let message = format!("page {page}: the picture was not read, or not to its end: {fault}");
        findings.push(Finding::new("scan.unread", Severity::Error, message).on_page(page));
    }
    let doubts = || recognized.iter().flat_map(|(page, r)| r.doubts.iter().map(move |doubt| (*page, doubt)));
    for (page, doubt) in doubts().take(DOUBTS) {
        let others: Vec<String> = doubt.others.iter().map(|ch| format!("`{ch}`")).collect();
        let others = if others.is_empty() { String::new() } else { format!("; else {}", others.join(", ")) };
        let message = format!(
            "`{}` was read with a confidence of {:.0} %{others}: compare it with the page",
            doubt.text,
            doubt.confidence * 100.0
        );
        let mut finding = Finding::new("scan.doubtful", Severity::Warning, message).on_page(page);
        finding.place.bbox = Some(doubt.bbox);
        findings.push(finding);
    }
    let more = doubts().count().saturating_sub(DOUBTS);
    if more > 0 {
        let message = format!("{more} further numbers were read with doubt: scan the pages anew, at 300 dpi");
        findings.push(Finding::new("scan.doubtful", Severity::Error, message));
    }
    findings
}
