//! A second, independent reading of the bytes (pdf-extract): does the page print the digits that were read?
//!
//! In: proved documents and the file's bytes. Out: the same documents; amounts that no identity proves, and those
//! that a broken identity suspects, know whether the second reader finds them, and findings know whether the
//! document or the reading is to blame. Nothing is read where there is nothing to ask.
//!
//! `pdf::excerpt` (bytes → a small plain file of the pages concerned) → `safe` (is it harmless?) → `reader` (→ text of
//! these pages, isolated) → `numbers` (text → how often each number stands there) → `verdict` (→ confirmed,
//! contradicted, unknown) → `blame` (→ causes of findings).

mod blame;
mod numbers;
mod reader;
mod safe;
mod verdict;

use crate::document::Document;
use crate::limits::Deadline;
use crate::options::Options;
use crate::pdf::{self, Source};
use std::collections::BTreeSet;
use verdict::Pages;

/// Asks the second reader about everything in the documents that is in doubt.
pub(crate) fn ask(
    documents: &mut [Document],
    bytes: &[u8],
    source: &Source,
    options: &Options,
    deadline: Deadline,
) {
    let questions: Vec<verdict::Questions> = documents.iter().map(verdict::Questions::of).collect();
    let pages: BTreeSet<u32> = questions.iter().flat_map(verdict::Questions::pages).collect();
    if pages.is_empty() {
        return;
    }
    // a file that our own reader had to repair or cut short is none for a reader without bounds
    let sound = !source.findings.iter().any(|f| f.rule.starts_with("pdf.limit.") || f.rule == "pdf.repaired");
    let texts = if sound && !deadline.expired() {
        let excerpt = pdf::excerpt(bytes, options.access(), deadline, &pages);
        excerpt.map(|excerpt| reader::texts(excerpt, pages, &options.limits)).unwrap_or_default()
    } else {
        reader::Texts::default()
    };
    for (document, questions) in documents.iter_mut().zip(&questions) {
        let pages = Pages::new(document, &texts);
        verdict::answer(document, questions, &pages);
        blame::settle(document, &pages);
    }
}
