//! Parts one, three and four: the lines that belong to no grid → figures, projects, terms.
//!
//! `lines` (prose without running heads) → `paragraph` (joined over wrapping and page breaks) → `outline` (parts and
//! sections) → `figures` (with `change`, `reconcile`), `project`, `body`, `notes` (what each section says), with `number`, `code` and `sentence` to read
//! amounts, names and clauses. Which words mean what is data: `schemas/narrative.toml`, read by `words`. What cannot be read is
//! left out: the text only repeats and explains the tables, so that a guess is worth nothing.

mod body;
mod change;
mod code;
mod figures;
mod lines;
mod notes;
mod number;
mod outline;
mod paragraph;
mod persons;
mod project;
mod reconcile;
mod sentence;
#[cfg(test)]
mod tests;
mod words;

pub use crate::document::narrative::{
    Allocation, AllocationPart, Change, Completeness, DeclaredEmpty, Direction, Figure, Functions, Heading,
    HeadingLevel, Mention, NameList, Narrative, Organization, Period, PolicyBasis, PolicyDocument, Project,
    Quantity, ReconciledAmount, Reconciliation, Source, Term,
};
pub use words::{reconciled, references, terms};

use crate::document::{Document, RowKind, Status};
use crate::grid::PageGrids;
use crate::limits::Deadline;

/// Reads the text of a document's pages. The document's tables and head must be filled in. Names and phone numbers of
/// persons are left out unless `contacts`.
pub fn read(pages: &[PageGrids], document: &Document, contacts: bool, deadline: Deadline) -> Narrative {
    let mut out = Narrative::default();
    let Some(words) = words::words() else { return out };
    let lines = lines::lines(pages);
    let (contents, entries) = outline::contents(&lines);
    let body = lines.get(contents.end..).unwrap_or_default();
    let paragraphs = paragraph::paragraphs(body, |text| project::labelled(words, text).is_some());
    let outline = outline::outline(words, &paragraphs, &entries);
    out.headings = outline.headings;
    let codes = code::Codes::new(document);
    let mut found: Vec<&'static words::Section> = Vec::new();
    for block in &outline.blocks {
        if deadline.expired() {
            break;
        }
        let text = paragraphs.get(block.body.clone()).unwrap_or_default();
        if let Some(part) = block.part
            && !out.completeness.parts.iter().any(|p| p == part)
        {
            out.completeness.parts.push(part.to_owned());
        }
        for paragraph in text {
            notes::declared_empty(document, block.section, paragraph, &mut out);
        }
        if let Some(name) = &block.project {
            let heading = block.heading.and_then(|i| paragraphs.get(i)).map(|p| (name.as_str(), p));
            out.projects.extend(project::projects(words, document, heading, text));
            continue;
        }
        let Some(section) = block.section else { continue };
        if !found.iter().any(|s| s.id == section.id) {
            found.push(section);
        }
        match (section.id.as_str(), section.part.as_str()) {
            ("functions", _) if out.functions.is_none() => out.functions = body::functions(text),
            ("organization", _) if out.organization.is_none() => out.organization = body::organization(text),
            ("glossary", _) => notes::glossary(document, text, &mut out),
            (_, "explanation") => {
                if section.projects {
                    out.projects.extend(project::projects(words, document, None, text));
                    continue;
                }
                let mut reader = figures::Reader::new(words, document, &codes, Some(section));
                for paragraph in text {
                    let first = out.figures.len();
                    reader.paragraph(paragraph, &mut out);
                    if section.mentions {
                        let figures = first..out.figures.len();
                        notes::mentions(document, paragraph, figures, &mut out);
                    }
                    notes::lists(section, paragraph, &mut out);
                }
            }
            _ => {}
        }
    }
    figures::settle(words, &mut out);
    complete(&mut out, document, &found);
    if !contacts {
        persons::redact(words, &mut out);
    }
    out
}

fn complete(out: &mut Narrative, document: &Document, found: &[&'static words::Section]) {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    out.completeness.sections = found.iter().map(|s| s.id.clone()).collect();
    let missing = out.headings.iter().filter(|h| h.text.is_none()).filter_map(|h| h.section.clone());
    out.completeness.missing_sections =
        missing.filter(|id| !found.iter().any(|s| s.id == *id)).collect::<Vec<_>>();
    let table = document.tables.iter().find(|t| t.number == 7 && t.status == Status::Filled);
    let rows = table.map_or(0, |t| t.rows.iter().filter(|r| r.kind == RowKind::Project).count());
    out.completeness.table_projects = count(rows);
    out.completeness.narrative_projects = count(out.projects.len());
    out.completeness.withheld_projects =
        count(out.projects.iter().filter(|p| !p.withheld.is_empty()).count());
}
