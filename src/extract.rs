//! The whole pipeline for one file: bytes in, documents out. Pure: no I/O, no panic, the same answer always.

use crate::document::{Cause, Document, Finding, Severity};
use crate::error::Error;
use crate::grid::{self, PageGrids};
use crate::options::{Deadline, Options};
use crate::output::{edited, read};
use crate::{assemble, layout, pdf, proof, second};
use sha2::{Digest, Sha256};

/// Reads one PDF and gives its budget documents (several departments in one PDF give several).
///
/// # Errors
/// When the file gives nothing at all; see [`Error`]. Whatever is wrong inside is a finding.
///
/// # Panics
/// Never.
pub fn extract(bytes: &[u8], options: &Options) -> Result<Vec<Document>, Error> {
    let deadline = Deadline::start(&options.limits);
    let source = pdf::read(bytes, options, deadline)?;
    let pages = grids(&source.pages, deadline);
    let mut documents = assemble::documents(&pages, options);
    let rules = options.rules.as_deref().unwrap_or(proof::Rules::built_in());
    documents.iter_mut().for_each(|document| proof::prove_reading(rules, document));
    if options.second_reader {
        second::ask(&mut documents, bytes, &source, options, deadline);
    }
    let digest = Sha256::digest(bytes);
    let sha256: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    let late = deadline.expired();
    for document in &mut documents {
        document.source.sha256.clone_from(&sha256);
        document.source.bytes = bytes.len() as u64;
        document.source.pages = source.pages.len() as u32;
        document.source.producer.clone_from(&source.producer);
        document.findings.splice(0..0, source.findings.iter().cloned());
        if late {
            document.findings.push(Finding::new(
                "limit.time",
                Severity::Error,
                "limit `time` reached: tables may be missing; hint: raise it with --timeout",
            ));
        }
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
        proof::prove_with(rules, document);
        document.findings.iter_mut().for_each(|finding| keep_cause(finding, &before));
        document.findings.extend(edited::findings(document));
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

/// The grids of every page, before any meaning.
///
/// # Errors
/// As [`extract`].
pub fn page_grids(bytes: &[u8], options: &Options) -> Result<Vec<PageGrids>, Error> {
    let deadline = Deadline::start(&options.limits);
    let source = pdf::read(bytes, options, deadline)?;
    Ok(grids(&source.pages, deadline))
}

fn grids(pages: &[pdf::Page], deadline: Deadline) -> Vec<PageGrids> {
    pages.iter().map(|page| grid::page_grids(page, &layout::page_text(page), deadline)).collect()
}
