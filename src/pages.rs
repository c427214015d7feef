//! Bytes → the grids of every page, one page after the other: glyphs live no longer than it takes to make grids of
//! them, and what all pages together hold is bounded.

use crate::crew::Crew;
use crate::document::{Finding, Severity};
use crate::error::Error;
use crate::grid::{self, PageGrids};
use crate::layout;
use crate::options::{Deadline, Options};
use crate::pdf::{self, Page, Source, Work};

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
    let work = Grids { words: options.limits.words, deadline };
    let mut room =
        Room { bytes: options.limits.page_memory(), crowded: Vec::new(), unread: Vec::new(), beyond: None };
    let mut source = pdf::read_each(crew, bytes, options.access(), until, &work, |sheet| room.keep(sheet))?;
    source.findings.extend(room.findings());
    Ok(source)
}

/// What became of a page.
struct Sheet {
    grids: PageGrids,
    /// It has too many words; no table was looked for.
    crowded: bool,
}

/// Makes grids.
struct Grids {
    /// Most words of a page.
    words: usize,
    deadline: Deadline,
}

impl Work for Grids {
    type Made = Sheet;

    fn make(&self, page: Page) -> Sheet {
        let text = layout::page_text(&page);
        let crowded = text.words.len() > self.words;
        let grids = if crowded || self.deadline.expired() {
            bare(page.number, page.width, page.height)
        } else {
            grid::page_grids(&page, &text, self.deadline)
        };
        Sheet { grids, crowded }
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
struct Room {
    bytes: usize,
    /// Pages with too many words.
    crowded: Vec<u32>,
    /// Pages with amounts below one another that belong to no grid.
    unread: Vec<u32>,
    /// First page that does not fit.
    beyond: Option<u32>,
}

impl Room {
    /// The page as it is kept: whole, or bare.
    fn keep(&mut self, Sheet { grids, crowded }: Sheet) -> PageGrids {
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
        let mut findings = Vec::new();
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
