//! Documents → a dataset: typed tables of facts, documents, tables, findings and files, as CSV and as Parquet, with
//! `datapackage.json` that describes them.
//!
//! `fields` (which tables and columns there are) · `sums` and `leaf` (which cells may be summed) · `facts` (a
//! document's rows) · `csv`, `parquet`, `package` (bytes). Rows are written as documents come: memory does not grow
//! with their number, and the same documents in the same order give the same bytes.

mod cell;
mod csv;
mod facts;
mod fields;
mod leaf;
mod package;
mod parquet;
mod records;
mod sums;
mod table;

#[cfg(test)]
mod tests;

use crate::batch::write::{Folder, Pending};
use crate::document::Document;
use cell::Rows;
use fields::{FACTS, RESOURCES};
use leaf::Leaves;
use rustc_hash::FxHashSet;
use std::io::{self, Write};
use std::path::Path;
use table::Table;

/// The file that says that the dataset is whole: written last.
const PACKAGE: &str = "datapackage.json";

/// A dataset folder under construction. Nothing of it is seen before [`Dataset::finish`].
pub struct Dataset {
    folder: Folder,
    tables: Vec<Table>,
    /// Documents that were taken.
    seen: FxHashSet<String>,
    /// Files that were taken, by hash.
    hashes: FxHashSet<String>,
    years: Option<(i64, i64)>,
    files: i64,
}

/// An input that gave nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FailedFile {
    /// Path as shown.
    pub path: String,
    /// SHA-256, where it could be read.
    pub sha256: Option<String>,
    /// Size, where it could be read.
    pub bytes: Option<u64>,
    /// Why.
    pub error: String,
}

/// What a dataset holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Rows of each table, in the order of `datapackage.json`.
    pub rows: Vec<(&'static str, u64)>,
    /// Amounts with more decimal places than the Parquet files keep: blank there, exact in the CSV files.
    pub too_fine: u64,
}

impl Dataset {
    /// Begins a dataset in a folder. `mark` puts a byte order mark before each CSV file.
    ///
    /// # Errors
    /// When files cannot be made in the folder.
    pub fn create(folder: Folder, mark: bool) -> io::Result<Self> {
        let tables =
            RESOURCES.iter().map(|r| Table::create(&folder, *r, mark)).collect::<io::Result<Vec<_>>>()?;
        Ok(Self {
            folder,
            tables,
            seen: FxHashSet::default(),
            hashes: FxHashSet::default(),
            years: None,
            files: 0,
        })
    }

    /// Adds what one input gave: the documents of a PDF, or of an emitted file, which may hold those of several PDFs.
    /// Documents of the same content count once.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn add(&mut self, documents: &[Document]) -> io::Result<()> {
        let same_file =
            |a: &Document, b: &Document| a.source.sha256 == b.source.sha256 && a.source.path == b.source.path;
        documents.chunk_by(same_file).try_for_each(|documents| self.file(documents))
    }

    fn file(&mut self, documents: &[Document]) -> io::Result<()> {
        let Some(first) = documents.first() else { return Ok(()) };
        self.files += 1;
        let is_new = self.hashes.insert(first.source.sha256.clone());
        let [facts, facts_leaf, head, tables, figures, findings, files] = &mut self.tables[..] else {
            return Ok(());
        };
        records::file(self.files, documents, is_new, files)?;
        for d in documents {
            if !self.seen.insert(facts::doc_id(d)) {
                continue;
            }
            if let Some(year) = d.head.fiscal_year.map(i64::from) {
                let (first, last) = self.years.unwrap_or((year, year));
                self.years = Some((first.min(year), last.max(year)));
            }
            let leaves: Vec<Leaves> = d.tables.iter().map(leaf::leaves).collect();
            records::document(d, head)?;
            records::tables(d, &leaves, tables)?;
            records::figures(d, figures)?;
            records::findings(d, findings)?;
            facts::facts(d, &leaves, |cells, is_leaf| {
                facts.row(cells)?;
                if is_leaf { facts_leaf.row(cells) } else { Ok(()) }
            })?;
        }
        Ok(())
    }

    /// Adds an input that gave nothing.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn failed(&mut self, file: &FailedFile) -> io::Result<()> {
        self.files += 1;
        match self.tables.last_mut() {
            Some(files) => records::failed(self.files, file, files),
            None => Ok(()),
        }
    }

    /// Ends all files and lets them appear, `datapackage.json` last: without it a dataset is not whole.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn finish(self) -> io::Result<Held> {
        let mut held = Held::default();
        let (mut ended, mut resources) = (Vec::new(), Vec::new());
        for table in self.tables {
            let done = table.finish()?;
            held.rows.push((done.resource.name, done.csv.1.rows));
            held.too_fine += done.too_fine;
            resources.push((done.resource, done.csv.1));
            ended.extend([done.csv.0, done.parquet]);
        }
        let path = self.folder.path(Path::new(PACKAGE));
        match std::fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        for file in ended {
            file.commit()?;
        }
        self.folder.write(Path::new(PACKAGE), package::package(&resources, self.years).as_bytes())?;
        Ok(held)
    }
}

/// The facts alone, as one CSV file.
pub struct FactsCsv<W: Write>(csv::Csv<W>, FxHashSet<String>);

impl<W: Write> FactsCsv<W> {
    /// Begins it. `mark` puts a byte order mark first.
    pub fn new(out: W, mark: bool) -> Self {
        Self(csv::Csv::new(out, FACTS, mark), FxHashSet::default())
    }

    /// Adds documents; those of the same content count once.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn add(&mut self, documents: &[Document]) -> io::Result<()> {
        all_facts(documents, &mut self.1, &mut self.0)
    }

    /// Ends it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish().map(|(out, _)| out)
    }
}

/// The facts alone, as one Parquet file.
pub struct FactsParquet(parquet::Parquet<Pending>, FxHashSet<String>);

impl FactsParquet {
    /// Begins it.
    ///
    /// # Errors
    /// When its first bytes cannot be written.
    pub fn new(out: Pending) -> io::Result<Self> {
        Ok(Self(parquet::Parquet::new(out, "facts", FACTS)?, FxHashSet::default()))
    }

    /// Adds documents; those of the same content count once.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn add(&mut self, documents: &[Document]) -> io::Result<()> {
        all_facts(documents, &mut self.1, &mut self.0)
    }

    /// Ends it; the file is still to be committed. Also: how many amounts were too fine for it and left blank.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> io::Result<(Pending, u64)> {
        let too_fine = self.0.too_fine;
        Ok((self.0.finish()?, too_fine))
    }
}

fn all_facts(documents: &[Document], seen: &mut FxHashSet<String>, out: &mut impl Rows) -> io::Result<()> {
    for d in documents {
        if seen.insert(facts::doc_id(d)) {
            let leaves: Vec<Leaves> = d.tables.iter().map(leaf::leaves).collect();
            facts::facts(d, &leaves, |cells, _| out.row(cells))?;
        }
    }
    Ok(())
}
