//! The whole pipeline for one file: bytes in, documents out. Pure: no I/O, no panic, the same answer always.

use crate::document::Document;
use crate::error::Error;
use crate::grid::{self, PageGrids};
use crate::layout;
use crate::options::{Deadline, Options};
use crate::pdf;

/// Reads one PDF and gives its budget documents (several departments in one PDF give several).
///
/// # Errors
/// When the file gives nothing at all; see [`Error`]. Whatever is wrong inside is a finding.
///
/// # Panics
/// Never.
pub fn extract(bytes: &[u8], options: &Options) -> Result<Vec<Document>, Error> {
    let _ = (bytes, options);
    Err(Error::Empty)
}

/// The grids of every page, before any meaning.
///
/// # Errors
/// As [`extract`].
pub fn page_grids(bytes: &[u8], options: &Options) -> Result<Vec<PageGrids>, Error> {
    let deadline = Deadline::start(&options.limits);
    let source = pdf::read(bytes, options, deadline)?;
    Ok(source.pages.iter().map(|page| grid::page_grids(page, &layout::page_text(page), deadline)).collect())
}
