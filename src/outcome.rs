//! How far a document was read, in one word, and why, in one sentence.

use crate::document::{Document, Finding, Outcome, Severity, Status};

/// Findings that say that a page, or a part of one, was not read.
const UNREAD_PAGES: [&str; 5] =
    ["pdf.page.scan", "pdf.page.ocr", "pdf.page.silent", "pdf.page.unreadable", "scan.unread"];

/// Settles a document's status. `file` are the findings of the file that it stands in.
pub(crate) fn settle(document: &mut Document, file: &[Finding]) {
    let (status, why) = decide(document, file);
    document.head.status = status;
    if let Some(why) = why {
        let rule = match status {
            Outcome::Complete => return,
            Outcome::Partial => "document.partial",
            Outcome::Scan => "document.scan",
            Outcome::Nothing => "document.nothing",
        };
        document.findings.push(Finding::new(rule, Severity::Warning, why));
    }
}

fn decide(document: &Document, file: &[Finding]) -> (Outcome, Option<String>) {
    let unread: Vec<u32> = {
        let of = |f: &&Finding| UNREAD_PAGES.contains(&f.rule.as_str());
        file.iter().filter(of).filter_map(|f| f.place.page).collect()
    };
    let any = |status: &[Status]| document.tables.iter().any(|t| status.contains(&t.status));
    let read = any(&[Status::Filled, Status::DeclaredEmpty, Status::Unreadable]);
    if !read && document.proof.printed == 0 {
        if unread.is_empty() {
            return (Outcome::Nothing, Some("no budget table is in this document".to_owned()));
        }
        let why = "its pages are pictures that were not read: no number of them is in the output";
        return (Outcome::Scan, Some(why.to_owned()));
    }
    let says =
        |rule: &str| document.findings.iter().chain(file).any(|f| f.rule == rule || f.rule.starts_with(rule));
    let unplaced = document.proof.printed.saturating_sub(document.proof.placed);
    let mut why: Vec<String> = Vec::new();
    if unplaced > 0 {
        why.push(format!("{unplaced} of {} printed amounts are not placed", document.proof.printed));
    }
    if any(&[Status::Unreadable]) {
        why.push("a table was found that could not be read".to_owned());
    }
    if !unread.is_empty() {
        why.push(format!("{} pages could not be read", unread.len()));
    }
    if says("page.unread") || says("table.unread") || says("table.missing") {
        why.push("a table that the document prints was not found".to_owned());
    }
    if says("limit.") {
        why.push("a limit was reached".to_owned());
    }
    if why.is_empty() { (Outcome::Complete, None) } else { (Outcome::Partial, Some(why.join("; "))) }
}
