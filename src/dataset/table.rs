//! One table of a dataset: every row goes into its CSV file and its Parquet file.

use super::cell::{Cell, Rows};
use super::csv::{Csv, Written};
use super::fields::Resource;
use super::parquet::Parquet;
use crate::batch::write::{Folder, Pending};
use std::io;
use std::path::Path;

/// Two files under construction.
pub(super) struct Table {
    resource: Resource,
    csv: Csv<Pending>,
    parquet: Parquet<Pending>,
}

/// Two files that are ready to appear.
pub(super) struct Ended {
    pub(super) resource: Resource,
    pub(super) csv: (Pending, Written),
    pub(super) parquet: Pending,
    /// Amounts that are blank in the Parquet file.
    pub(super) too_fine: u64,
}

impl Table {
    pub(super) fn create(folder: &Folder, resource: Resource, mark: bool) -> io::Result<Self> {
        let file = |extension: &str| folder.begin(Path::new(&format!("{}.{extension}", resource.name)));
        Ok(Self {
            resource,
            csv: Csv::new(file("csv")?, resource.fields, mark),
            parquet: Parquet::new(file("parquet")?, resource.name, resource.fields)?,
        })
    }

    pub(super) fn finish(self) -> io::Result<Ended> {
        let too_fine = self.parquet.too_fine;
        Ok(Ended {
            resource: self.resource,
            csv: self.csv.finish()?,
            parquet: self.parquet.finish()?,
            too_fine,
        })
    }
}

impl Rows for Table {
    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        debug_assert_eq!(cells.len(), self.resource.fields.len(), "{}", self.resource.name);
        self.csv.row(cells)?;
        self.parquet.row(cells)
    }
}
