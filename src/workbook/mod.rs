//! Documents → an Excel workbook for people: every department below the others, Chinese headings, exact amounts with
//! their printed decimals, what is broken in red and what is doubtful in amber.
//!
//! `sheet` (rows → sheets) · `number` (decimals → numbers of a spreadsheet) · `review` (links to review pages) · `tables`,
//! `overview`, `projects`, `findings` (a document's rows on each sheet) · `changes` (what differs between two years).

mod changes;
mod findings;
mod number;
mod overview;
mod projects;
mod review;
mod sheet;
mod tables;

#[cfg(test)]
mod tests;

pub use changes::changes;

use crate::dataset::{FailedFile, doc_id};
use crate::document::{Document, Kind, Scope};
use crate::schema;
use review::Review;
use rustc_hash::FxHashSet;
use sheet::{Book, Column};
use std::io;
use std::path::{Path, PathBuf};

/// Inputs up to which every amount has a note with its printed text and page. More notes than those of some dozens of
/// documents make a workbook slow to open; then only marked amounts have one.
const NOTED_INPUTS: usize = 60;

/// What a workbook holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Rows of each sheet, in order.
    pub rows: Vec<(String, u64)>,
    /// Rows that no longer fit into their sheet.
    pub left_out: u64,
}

/// A workbook under construction.
pub struct Workbook {
    book: Book,
    names: Vec<String>,
    sheets: Sheets,
    beside: PathBuf,
    notes: bool,
    seen: FxHashSet<String>,
}

/// Numbers of the sheets.
struct Sheets {
    overview: usize,
    three_public: usize,
    projects: usize,
    /// One for each of the twelve.
    tables: Vec<usize>,
    extra: usize,
    checks: usize,
    problems: usize,
}

/// What all rows of a document share.
struct Context<'a> {
    document: &'a Document,
    department: &'a str,
    review: Review,
    notes: bool,
}

impl Workbook {
    /// Begins a workbook that will lie in the folder `beside` and hold `inputs` files.
    ///
    /// # Errors
    /// When its temporary files cannot be made.
    pub fn new(beside: &Path, inputs: usize) -> io::Result<Self> {
        let mut book = Book::new();
        let mut names = Vec::new();
        let mut sheet = |name: &str, columns: Vec<Column>| {
            names.push(name.to_owned());
            book.sheet(name, &columns)
        };
        let (overview, three_public, projects) = (
            sheet("总览", overview::columns())?,
            sheet("三公", overview::three_public_columns())?,
            sheet("项目", projects::columns())?,
        );
        let mut tables = Vec::new();
        for table in &schema::standard().tables {
            tables.push(sheet(&tables::sheet_name(table), tables::columns(table))?);
        }
        let sheets = Sheets {
            overview,
            three_public,
            projects,
            tables,
            extra: sheet("表外列", tables::extra_columns())?,
            checks: sheet("核对", findings::check_columns())?,
            problems: sheet("问题", findings::problem_columns())?,
        };
        let notes = inputs <= NOTED_INPUTS;
        Ok(Self { book, names, sheets, beside: beside.to_path_buf(), notes, seen: FxHashSet::default() })
    }

    /// Adds the documents of one input. Documents of the same content count once; the sheet 问题 says which.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn add(&mut self, documents: &[Document]) -> io::Result<()> {
        for document in documents {
            let context = Context {
                document,
                department: department(document),
                review: Review::of(&document.source.path, &self.beside),
                notes: self.notes,
            };
            let (book, sheets) = (&mut self.book, &self.sheets);
            if !self.seen.insert(doc_id(document)) {
                findings::duplicate(&context, book, sheets.problems)?;
                continue;
            }
            overview::row(&context, book, sheets.overview)?;
            overview::three_public(&context, book, sheets.three_public)?;
            projects::rows(&context, book, sheets.projects)?;
            for (table, &sheet) in document.tables.iter().zip(&sheets.tables) {
                tables::rows(&context, table, book, sheet, sheets.extra)?;
            }
            findings::rows(&context, book, sheets.checks, sheets.problems)?;
        }
        Ok(())
    }

    /// Adds an input that gave nothing.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn failed(&mut self, file: &FailedFile) -> io::Result<()> {
        findings::failed(file, &mut self.book, self.sheets.problems)
    }

    /// The bytes of the workbook, and what it holds.
    ///
    /// # Errors
    /// When it cannot be put together.
    pub fn finish(self) -> io::Result<(Vec<u8>, Held)> {
        let mut held = Held::default();
        for (n, name) in self.names.into_iter().enumerate() {
            let (rows, left_out) = self.book.rows(n);
            held.rows.push((name, rows));
            held.left_out += left_out;
        }
        Ok((self.book.finish()?, held))
    }
}

/// Who published it; the file where nobody is named.
fn department(d: &Document) -> &str {
    d.head.department.as_deref().unwrap_or(&d.source.path)
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Budget => "预算",
        Kind::FinalAccount => "决算",
    }
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Department => "部门",
        Scope::Unit => "单位",
    }
}

/// A heading with its width.
fn column(title: &str, width: f64) -> Column {
    (title.to_owned(), width)
}

/// Columns of these headings, in order.
fn columns(all: &[(&str, f64)]) -> Vec<Column> {
    all.iter().map(|(title, width)| column(title, *width)).collect()
}

/// Widths of columns, in letters (a Chinese one takes two).
mod width {
    pub(super) const WHO: f64 = 30.0;
    pub(super) const WORD: f64 = 9.0;
    pub(super) const CODE: f64 = 11.0;
    pub(super) const NAME: f64 = 34.0;
    pub(super) const AMOUNT: f64 = 15.0;
    pub(super) const TEXT: f64 = 50.0;
}
