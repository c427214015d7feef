//! Two sets of documents → what changed from one to the other.
//!
//! `snapshot` (a document, small) · `tables`, `records` (the same from the CSV files of a dataset) · `departments` (which documents belong together) · `rows` (which rows do) ·
//! `changes` (new, gone, changed, moved, renamed) · `texts` (what the text says of it, beside what the tables give) ·
//! `words`, `list` (for people, for programs).

mod changes;
mod departments;
mod list;
mod records;
mod rows;
mod snapshot;
mod tables;
mod texts;
mod words;

#[cfg(test)]
mod tests;

pub use changes::{Change, What};
pub use departments::{Maybe, Rename};
pub use list::csv;
pub use snapshot::Snapshot;
pub use tables::dataset;
pub use texts::{TextChange, Verdict};
pub use words::text;

use serde::Serialize;

/// What changed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Comparison {
    /// Departments that both sides have.
    pub departments: Vec<Department>,
    /// Departments that only the first side has.
    pub only_a: Vec<Document>,
    /// Departments that only the second side has.
    pub only_b: Vec<Document>,
    /// Departments of either side that may be one under two names: told, never taken for granted.
    pub maybe_renamed: Vec<Maybe>,
    /// What else is to be known: several documents of one department.
    pub notes: Vec<String>,
}

/// A document that was compared, or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Name as printed.
    pub department: String,
    /// The same for all spellings of one office.
    pub department_id: String,
    /// Budget year.
    pub fiscal_year: Option<u16>,
    /// `budget` or `final_account`.
    pub kind: &'static str,
    /// `department` or `unit`.
    pub scope: &'static str,
    /// The file.
    pub path: String,
}

impl From<&Snapshot> for Document {
    fn from(s: &Snapshot) -> Self {
        Document {
            department: s.department.clone(),
            department_id: s.id.clone(),
            fiscal_year: s.year,
            kind: crate::output::words::kind(s.kind),
            scope: crate::output::words::scope(s.scope),
            path: s.path.clone(),
        }
    }
}

/// Two documents of one department.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Department {
    /// Before.
    pub a: Document,
    /// After.
    pub b: Document,
    /// What is to be known before the changes are read: units, layouts, tables that only one of them has.
    pub notes: Vec<String>,
    /// Differences, table by table, each table's largest first.
    pub changes: Vec<Change>,
    /// Changes that the second document's text prints.
    pub texts: Vec<TextChange>,
}

/// Compares two sets of documents. `renames` names departments of the first side that are departments of the second
/// one under another name.
pub fn compare(a: Vec<Snapshot>, b: Vec<Snapshot>, renames: &[Rename]) -> Comparison {
    let mut out = Comparison::default();
    let pairs = departments::pair(a, b, renames, &mut out.notes);
    out.maybe_renamed = departments::maybe_renamed(&pairs.only_a, &pairs.only_b);
    out.only_a = pairs.only_a.iter().map(Document::from).collect();
    out.only_b = pairs.only_b.iter().map(Document::from).collect();
    out.departments = pairs.both.iter().map(|(a, b)| department(a, b)).collect();
    out
}

fn department(a: &Snapshot, b: &Snapshot) -> Department {
    let mut notes = Vec::new();
    if a.department != b.department {
        notes.push(format!("printed as {}, then as {}", a.department, b.department));
    }
    if a.content == b.content {
        notes.push("both are read from the same file".to_owned());
    }
    if a.kind != b.kind {
        notes.push(format!("a {} is compared with a {}", kind_words(a), kind_words(b)));
    }
    if a.layout != b.layout {
        notes.push(format!(
            "the layouts differ ({}, {}): a column may be printed in one only",
            a.layout, b.layout
        ));
    }
    let mut changes = changes::changes(a, b, &mut notes);
    texts::reasons(b, &mut changes);
    Department { a: a.into(), b: b.into(), notes, changes, texts: texts::texts(a, b) }
}

fn kind_words(s: &Snapshot) -> &'static str {
    match s.kind {
        crate::document::Kind::Budget => "budget",
        crate::document::Kind::FinalAccount => "final account",
    }
}
