//! Documents → a dataset: typed tables of facts, documents, tables, findings and files, as CSV and as Parquet, with
//! `datapackage.json` that describes them.
//!
//! `fields` (which tables and columns there are) · `sums` and `leaf` (which cells may be summed) · `facts` (a
//! document's rows) · `csv`, `parquet`, `package` (bytes). Rows are written as documents come: memory does not grow
//! with their number, and the same documents in the same order give the same bytes.

mod beside;
mod cell;
mod csv;
mod facts;
mod fields;
mod leaf;
mod package;
mod parquet;
mod projects;
mod publications;
mod records;
mod sums;
mod table;

#[cfg(test)]
mod made;
#[cfg(test)]
mod tests;

use crate::batch::write::{Folder, Pending};
use crate::document::Document;
#[cfg(feature = "compare")]
pub(crate) use cell::{Cell, Rows};
#[cfg(feature = "compare")]
pub(crate) use csv::{Csv, is_formula};
#[cfg(feature = "workbook")]
pub(crate) use facts::{doc_id, is_about};
#[cfg(feature = "compare")]
pub(crate) use fields::{Field, amount, integer, percent, text};
#[cfg(feature = "workbook")]
pub(crate) use projects::projects;

#[cfg(not(feature = "compare"))]
use cell::Rows;
use fields::{FACTS, RESOURCES};
use leaf::Leaves;
use publications::Publications;
use rustc_hash::FxHashSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use table::Table;

/// The file that says that the dataset is whole: written last.
const PACKAGE: &str = "datapackage.json";

/// Which files a dataset is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// CSV files.
    pub csv: bool,
    /// Parquet files.
    pub parquet: bool,
    /// Whether CSV files begin with a byte order mark.
    pub mark: bool,
    /// Whether blank cells are facts.
    pub blanks: bool,
    /// Whether the Parquet files of the facts are parted: `facts/year=2026/region=650000/part.parquet`.
    pub partition: bool,
}

impl Default for Shape {
    fn default() -> Self {
        Self { csv: true, parquet: true, mark: false, blanks: true, partition: false }
    }
}

/// A dataset folder under construction. Nothing of it is seen before [`Dataset::finish`].
pub struct Dataset {
    folder: Folder,
    shape: Shape,
    publications: Publications,
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
    /// Files that were written, of so many: what did not change is left as it is.
    pub written: (usize, usize),
}

impl Dataset {
    /// Begins a dataset in a folder.
    ///
    /// # Errors
    /// When files cannot be made in the folder.
    pub fn create(folder: Folder, shape: Shape) -> io::Result<Self> {
        let tables =
            RESOURCES.iter().map(|r| Table::create(&folder, *r, shape)).collect::<io::Result<Vec<_>>>()?;
        Ok(Self {
            folder,
            shape,
            publications: Publications::default(),
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
        let [
            facts,
            facts_leaf,
            head,
            _publications,
            tables,
            figures,
            projects,
            indicators,
            procurement,
            assets,
            findings,
            files,
        ] = &mut self.tables[..]
        else {
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
            self.publications.add(d);
            let region = d.head.region.as_ref().map(|r| r.province_code());
            facts.partition(d.head.fiscal_year, region.as_deref())?;
            facts_leaf.partition(d.head.fiscal_year, region.as_deref())?;
            let leaves: Vec<Leaves> = d.tables.iter().map(leaf::leaves).collect();
            records::document(d, head)?;
            records::tables(d, &leaves, tables)?;
            records::figures(d, figures)?;
            beside::project_rows(d, projects)?;
            beside::indicators(d, indicators)?;
            beside::PROCUREMENT.rows(d, procurement)?;
            beside::ASSETS.rows(d, assets)?;
            records::findings(d, findings)?;
            let blanks = self.shape.blanks;
            facts::facts(d, &leaves, |cells, is_leaf| {
                if blanks || !facts::is_blank(cells) {
                    facts.row(cells)?;
                }
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

    /// Ends all files and lets those appear that differ from what is there, `datapackage.json` last: without it a dataset
    /// is not whole.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn finish(mut self) -> io::Result<Held> {
        if let Some(table) = self.tables.iter_mut().find(|t| t.is("publications")) {
            self.publications.rows(table)?;
        }
        let mut held = Held::default();
        let (mut ended, mut resources) = (Vec::new(), Vec::new());
        for table in self.tables {
            let done = table.finish()?;
            held.rows.push((done.resource.name, done.rows));
            held.too_fine += done.too_fine;
            let csv = PathBuf::from(format!("{}.csv", done.resource.name));
            let mut written: Vec<PathBuf> = done.parquet.iter().map(|(path, _)| path.clone()).collect();
            ended.extend(done.parquet.into_iter().map(|(_, file)| file));
            let hash = done.csv.map(|(file, hash)| {
                ended.push(file);
                written.push(csv);
                hash
            });
            resources.push((done.resource, done.rows, hash, done.is_partitioned, written));
        }
        let package = package::package(&resources, self.years);
        let path = self.folder.path(Path::new(PACKAGE));
        let mut changed = Vec::new();
        held.written.1 = ended.len();
        for file in ended {
            if file.differs()? {
                changed.push(file);
            }
        }
        held.written.0 = changed.len();
        let is_same = changed.is_empty() && std::fs::read(&path).is_ok_and(|old| old == package.as_bytes());
        if is_same {
            return Ok(held);
        }
        match std::fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        for file in changed {
            file.commit()?;
        }
        for (resource, _, _, _, written) in &resources {
            table::sweep(&self.folder, resource, written)?;
        }
        self.folder.write(Path::new(PACKAGE), package.as_bytes())?;
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
