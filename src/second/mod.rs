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

use crate::crew::Crew;
use crate::document::{Document, Finding};
use crate::limits::Deadline;
use crate::options::Options;
use crate::pdf;
use std::collections::BTreeSet;
use verdict::{Pages, Questions};

/// Documents that together ask for so many pages are read at once; always the same ones, whatever the crew.
const GROUP: usize = 256;

/// Asks the second reader about everything in the documents that is in doubt; `findings` are those of the file.
pub(crate) fn ask(
    crew: &Crew,
    documents: Vec<Document>,
    bytes: &[u8],
    findings: &[Finding],
    options: &Options,
    deadline: Deadline,
) -> Vec<Document> {
    // a file that our own reader had to repair or cut short is none for a reader without bounds
    let sound = !findings.iter().any(|f| f.rule.starts_with("pdf.limit.") || f.rule == "pdf.repaired");
    let answered = crew.map(groups(documents), |mut group| {
        let pages: BTreeSet<u32> = group.iter().flat_map(|(_, questions)| questions.pages()).collect();
        if pages.is_empty() {
            return group;
        }
        let texts = if sound && !deadline.expired() {
            let excerpt = pdf::excerpt(bytes, options.access(), deadline, &pages);
            excerpt.map(|excerpt| reader::texts(excerpt, pages, &options.limits)).unwrap_or_default()
        } else {
            reader::Texts::default()
        };
        for (document, questions) in &mut group {
            let pages = Pages::new(document, questions, &texts);
            verdict::answer(document, questions, &pages);
            blame::settle(document, &pages);
        }
        group
    });
    answered.into_iter().flatten().map(|(document, _)| document).collect()
}

/// The documents with what each asks, in order, parted where their pages are many.
fn groups(documents: Vec<Document>) -> Vec<Vec<(Document, Questions)>> {
    let mut groups = Vec::new();
    let (mut group, mut asked) = (Vec::new(), 0);
    for document in documents {
        let questions = Questions::of(&document);
        asked += questions.pages().collect::<BTreeSet<u32>>().len();
        group.push((document, questions));
        if asked >= GROUP {
            groups.push(std::mem::take(&mut group));
            asked = 0;
        }
    }
    groups.push(group);
    groups
}
