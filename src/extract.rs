//! The whole pipeline for one file: bytes in, documents out. Pure: no I/O, no panic, the same answer always.

use crate::crew::Crew;
use crate::document::{Cause, Document, Finding, Severity, Status};
use crate::error::Error;
use crate::geometry::Rect;
use crate::grid::{self, PageGrids};
use crate::options::{Deadline, Options};
use crate::output::{edited, read};
use crate::{assemble, layout, outcome, pages, proof, second, who};
use sha2::{Digest, Sha256};

/// Reads one PDF and gives its budget documents (several departments in one PDF give several).
///
/// # Errors
/// When the file gives nothing at all; see [`Error`]. Whatever is wrong inside is a finding.
///
/// # Panics
/// Never.
pub fn extract(bytes: &[u8], options: &Options) -> Result<Vec<Document>, Error> {
    let mut documents = unsigned(bytes, options)?;
    let digest = Sha256::digest(bytes);
    let sha256: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    documents.iter_mut().for_each(|document| document.source.sha256.clone_from(&sha256));
    Ok(documents)
}

/// As [`extract`], but without the hash of the file: a batch knows it already.
///
/// # Errors
/// As [`extract`].
pub(crate) fn unsigned(bytes: &[u8], options: &Options) -> Result<Vec<Document>, Error> {
    let deadline = Deadline::start(&options.limits);
    let crew = &Crew::of(options.threads);
    let mut source = pages::read(crew, bytes, options, deadline)?;
    grid::join_cut_tables(&mut source.pages);
    grid::adopt_columns(&mut source.pages);
    let documents = assemble::documents(crew, &source.pages, options, deadline);
    let rules = options.rules.as_deref().unwrap_or(proof::Rules::built_in());
    let mut documents = crew.map(documents, |mut document| {
        displayed(&mut document, &source.pages);
        proof::prove_reading(rules, &mut document, deadline);
        document
    });
    if options.second_reader {
        documents = second::ask(crew, documents, bytes, &source.findings, options, deadline);
    }
    let late = deadline.expired();
    for document in &mut documents {
        document.source.bytes = bytes.len() as u64;
        document.source.pages = source.pages.len() as u32;
        document.source.producer.clone_from(&source.producer);
        if has_unread_pages(&source.pages, &source.findings) {
            document.findings.extend(unseen(document));
        }
        document.findings.splice(0..0, source.findings.iter().cloned());
        if late {
            document.findings.push(Finding::new(
                "limit.time",
                Severity::Error,
                "limit `time` reached: tables, texts and proofs may be missing; hint: raise it with --timeout",
            ));
        }
        outcome::settle(document, &source.findings);
        who::tell(&mut document.head);
    }
    Ok(documents)
}

/// As [`extract`], but takes emitted JSON too: its amounts are then proved anew, so that an edited one is found.
/// What was said of the reading itself stays.
///
/// # Errors
/// As [`extract`]; [`Error::Json`] for JSON that is no emitted document.
pub fn check(bytes: &[u8], options: &Options) -> Result<Vec<Document>, Error> {
    if !read::looks_like_json(bytes) {
        return extract(bytes, options);
    }
    let mut documents = read::documents(bytes)?;
    let rules = options.rules.as_deref().unwrap_or(proof::Rules::built_in());
    for document in &mut documents {
        let own = |f: &mut Finding| proof::is_own(&f.rule) || proof::is_of(rules, &f.rule);
        let before: Vec<Finding> = document.findings.extract_if(.., own).collect();
        let written = document.proof;
        proof::prove_with(rules, document);
        document.findings.iter_mut().for_each(|finding| keep_cause(finding, &before));
        document.findings.extend(edited::findings(document));
        document.findings.extend(edited::summary(written, document.proof, options.rules.is_none()));
    }
    Ok(documents)
}

/// The evidence for a cause lies in the PDF: what was said of the same break when that was read still holds.
fn keep_cause(finding: &mut Finding, before: &[Finding]) {
    if finding.cause != Some(Cause::Undecided) {
        return;
    }
    let key = |f: &Finding| (f.rule.clone(), f.place.table, f.place.row.clone(), f.place.column.clone());
    let same = |old: &&Finding| {
        key(old) == key(finding)
            && (old.actual, old.expected) == (finding.actual, finding.expected)
            && old.message.starts_with(&finding.message)
    };
    if let Some(old) = before.iter().find(same) {
        finding.cause = old.cause;
        finding.message.clone_from(&old.message);
    }
}

/// As [`extract`], but takes emitted JSON too, and gives it back as it was said: its findings and its summary of the
/// proof stay, and where it does not tell how often each amount is proved, that is counted anew.
///
/// # Errors
/// As [`check`].
pub fn reread(bytes: &[u8], options: &Options) -> Result<Vec<Document>, Error> {
    if !read::looks_like_json(bytes) {
        return extract(bytes, options);
    }
    let mut documents = read::documents(bytes)?;
    let rules = options.rules.as_deref().unwrap_or(proof::Rules::built_in());
    for document in &mut documents {
        let amounts = document.tables.iter().flat_map(|t| &t.rows).flat_map(|r| &r.amounts);
        let told = amounts.filter_map(|(_, a)| a.as_ref()).any(|a| a.proved_by > 0);
        if !told && document.proof.proved > 0 {
            let (findings, proof) = (std::mem::take(&mut document.findings), document.proof);
            proof::prove_with(rules, document);
            (document.findings, document.proof) = (findings, proof);
        }
    }
    Ok(documents)
}

/// What each grid of a file was taken for, by what evidence, and what came second.
///
/// # Errors
/// As [`extract`].
pub fn readings(bytes: &[u8], options: &Options) -> Result<Vec<crate::tables::reading::Reading>, Error> {
    let deadline = Deadline::start(&options.limits);
    let mut source = pages::read(&Crew::of(1), bytes, options, deadline)?;
    grid::join_cut_tables(&mut source.pages);
    grid::adopt_columns(&mut source.pages);
    Ok(assemble::readings(&source.pages, options, deadline))
}

/// The grids of every page, before any meaning.
///
/// # Errors
/// As [`extract`].
pub fn page_grids(bytes: &[u8], options: &Options) -> Result<Vec<PageGrids>, Error> {
    let deadline = Deadline::start(&options.limits);
    let source = pages::read(&Crew::of(1), bytes, options, deadline)?;
    Ok(source.pages.into_iter().map(PageGrids::as_displayed).collect())
}

/// Whether pages behind the cover are images, or could not be read.
fn has_unread_pages(pages: &[PageGrids], findings: &[Finding]) -> bool {
    let rules = ["pdf.page.scan", "pdf.page.ocr", "pdf.page.silent", "pdf.page.unreadable", "scan.unread"];
    findings.iter().any(|f| rules.contains(&f.rule.as_str()))
        && pages.iter().skip(1).any(|page| page.lines.is_empty() && page.grids.is_empty())
}

/// Tables of which nobody can say that the document lacks them.
fn unseen(document: &Document) -> Vec<Finding> {
    let doubts = || document.findings.iter().filter(|f| f.severity > Severity::Info);
    let told = |number: u8| doubts().any(|f| f.place.table == Some(number));
    let missing = document.tables.iter().filter(|t| t.status == Status::Missing && !told(t.number));
    let finding = |number: u8| {
        let message = "was not found, and there are pages that could not be read: it may stand there";
        Finding::new("table.unseen", Severity::Warning, format!("table {number} {message}")).in_table(number)
    };
    missing.map(|t| finding(t.number)).collect()
}

/// Boxes of pages that were read turned become boxes of the pages as displayed.
fn displayed(document: &mut Document, pages: &[PageGrids]) {
    if pages.iter().all(|p| p.turn == layout::Turn::None) {
        return;
    }
    let back = |page: u32, bbox: &mut Rect| {
        let at = pages.iter().find(|p| p.number == page).filter(|p| p.turn != layout::Turn::None);
        *bbox = at.map_or(*bbox, |p| p.displayed(*bbox));
    };
    for row in document.tables.iter_mut().flat_map(|t| &mut t.rows) {
        back(row.page, &mut row.bbox);
        let amounts = row.amounts.iter_mut().filter_map(|(_, a)| a.as_mut());
        for amount in amounts.chain(row.extra.iter_mut().map(|(_, a)| a)) {
            back(amount.page, &mut amount.bbox);
        }
    }
    document.performance.iter_mut().for_each(|p| p.each_box(&mut |page, bbox| back(page, bbox)));
    document.narrative.each_box(&mut |page, bbox| back(page, bbox));
    for place in document.findings.iter_mut().map(|f| &mut f.place) {
        if let (Some(page), Some(bbox)) = (place.page, &mut place.bbox) {
            back(page, bbox);
        }
    }
}
