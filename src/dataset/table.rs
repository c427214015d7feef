//! One table of a dataset: every row goes into its CSV file and its Parquet files, as far as they are asked for.

use super::Shape;
use super::cell::{Cell, Rows};
use super::csv::{Csv, Written};
use super::fields::Resource;
use super::parquet::Parquet;
use crate::batch::write::{Folder, Pending};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// What stands in a partition's name where the year or the region is not known, as other tools write it.
const UNKNOWN: &str = "__HIVE_DEFAULT_PARTITION__";
/// Name of a partition's file.
const PART: &str = "part.parquet";

/// Files under construction.
pub(super) struct Table {
    resource: Resource,
    folder: Folder,
    rows: u64,
    csv: Option<Csv<Pending>>,
    parquet: Vec<(PathBuf, Parquet<Pending>)>,
    /// The file of each partition.
    partitions: BTreeMap<PathBuf, usize>,
    is_partitioned: bool,
    /// The file that rows go into.
    current: usize,
}

/// Files that are ready to appear.
pub(super) struct Ended {
    pub(super) resource: Resource,
    pub(super) rows: u64,
    pub(super) csv: Option<(Pending, Written)>,
    /// Below the dataset's folder.
    pub(super) parquet: Vec<(PathBuf, Pending)>,
    pub(super) is_partitioned: bool,
    /// Amounts that are blank in the Parquet files.
    pub(super) too_fine: u64,
}

impl Table {
    pub(super) fn create(folder: &Folder, resource: Resource, shape: Shape) -> io::Result<Self> {
        let name = |extension: &str| PathBuf::from(format!("{}.{extension}", resource.name));
        let is_partitioned = shape.partition && shape.parquet && resource.is_partitioned();
        let csv = match shape.csv {
            true => Some(Csv::new(folder.begin(&name("csv"))?, resource.fields, shape.mark)),
            false => None,
        };
        let mut parquet = Vec::new();
        if shape.parquet && !is_partitioned {
            let file = Parquet::new(folder.begin(&name("parquet"))?, resource.name, resource.fields)?;
            parquet.push((name("parquet"), file));
        }
        Ok(Self {
            resource,
            folder: folder.clone(),
            rows: 0,
            csv,
            parquet,
            partitions: BTreeMap::new(),
            is_partitioned,
            current: 0,
        })
    }

    /// Whether this is the table of that name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.resource.name == name
    }

    /// The rows that follow belong to a year and a region.
    pub(super) fn partition(&mut self, year: Option<u16>, region: Option<&str>) -> io::Result<()> {
        if !self.is_partitioned {
            return Ok(());
        }
        let year = year.map_or_else(|| UNKNOWN.to_owned(), |y| y.to_string());
        let below = format!("{}/year={year}/region={}", self.resource.name, region.unwrap_or(UNKNOWN));
        let path = Path::new(&below).join(PART);
        self.current = match self.partitions.get(&path) {
            Some(n) => *n,
            None => {
                std::fs::create_dir_all(self.folder.path(Path::new(&below)))?;
                let file = Parquet::new(self.folder.begin(&path)?, self.resource.name, self.resource.fields)?;
                self.parquet.push((path.clone(), file));
                self.partitions.insert(path, self.parquet.len() - 1);
                self.parquet.len() - 1
            }
        };
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<Ended> {
        let too_fine = self.parquet.iter().map(|(_, p)| p.too_fine).sum();
        let parquet = self.parquet.into_iter().map(|(path, p)| Ok((path, p.finish()?)));
        Ok(Ended {
            resource: self.resource,
            rows: self.rows,
            csv: self.csv.map(Csv::finish).transpose()?,
            parquet: parquet.collect::<io::Result<_>>()?,
            is_partitioned: self.is_partitioned,
            too_fine,
        })
    }
}

/// Removes the files of a table that this run did not write: they would look like parts of the dataset.
pub(super) fn sweep(folder: &Folder, resource: &Resource, written: &[PathBuf]) -> io::Result<()> {
    let mut old: Vec<PathBuf> =
        ["csv", "parquet"].iter().map(|e| PathBuf::from(format!("{}.{e}", resource.name))).collect();
    let below = folder.path(Path::new(resource.name));
    if resource.is_partitioned() && below.is_dir() {
        for year in std::fs::read_dir(&below)?.filter_map(Result::ok) {
            for region in std::fs::read_dir(year.path()).into_iter().flatten().filter_map(Result::ok) {
                let names = [year.file_name(), region.file_name()];
                if names.iter().zip(["year=", "region="]).all(|(n, p)| n.to_string_lossy().starts_with(p)) {
                    old.push(Path::new(resource.name).join(&names[0]).join(&names[1]).join(PART));
                }
            }
        }
    }
    for path in old.iter().filter(|path| !written.contains(path)) {
        match std::fs::remove_file(folder.path(path)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound && e.kind() != io::ErrorKind::NotADirectory => {
                return Err(e);
            }
            _ => {}
        }
    }
    Ok(())
}

impl Rows for Table {
    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        debug_assert_eq!(cells.len(), self.resource.fields.len(), "{}", self.resource.name);
        self.rows += 1;
        if let Some(csv) = &mut self.csv {
            csv.row(cells)?;
        }
        match self.parquet.get_mut(self.current) {
            Some((_, parquet)) => parquet.row(cells),
            None => Ok(()),
        }
    }
}
