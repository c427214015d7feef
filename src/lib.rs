//! yusuan reads published Chinese department budgets (部门预算公开) and gives back the standard twelve
//! tables, every row typed, every amount exact and traceable to its page and box.
//!
//! The folders read in the order in which data flows:
//! `pdf` (bytes → glyphs and rulings) → `layout` (→ words and lines) → `grid` (→ cells) → `tables` (which
//! table is it) → `rows` (typed rows, with the help of `normalize`) → `narrative` (figures in the text) →
//! `proof` (identities, findings) → `second` (a second reading of doubtful amounts) → `output`. `batch` and `cli` stand around them.
//!
//! # As a library
//! `yusuan = { version = "0.1", default-features = false }` leaves out the command line, batches and Parquet. Bytes go
//! in, documents come out:
//!
//! ```
//! use yusuan::{Error, Options};
//!
//! match yusuan::extract(b"<!DOCTYPE html>", &Options::default()) {
//!     Ok(documents) => documents.iter().for_each(|document| println!("{}", document.to_json())),
//!     Err(Error::NotPdf { looks_like, .. }) => assert!(looks_like.contains("HTML")),
//!     Err(error) => panic!("{error}"),
//! }
//! ```
//!
//! [`extract_within`] does the same with a hard limit of time. Documents are `serde::Serialize` with the names of the
//! emitted JSON; amounts are exact (`rust_decimal::Decimal` here, numbers with every printed digit there).
//!
//! | feature | brings |
//! |---|---|
//! | `cli` (default) | the command line and its allocator; all of the below |
//! | `batch` | many files to files: shards, manifest, resuming |
//! | `dataset` | the documents' tables as CSV and Parquet |
//! | `compare` | what changed between two documents, folders or years |
//! | `workbook` | the documents as an Excel workbook |
//! | `view` | pages as pictures beside their numbers: review pages, pictures of grids and cells |
//!
//! # Inside
//! Everything to the right of `pdf` is pure: no file, clock, environment or random state. The same bytes
//! give the same document.

#![forbid(unsafe_code)]

#[cfg(feature = "batch")]
pub mod batch;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "compare")]
pub mod compare;
#[cfg(feature = "dataset")]
pub mod dataset;
pub mod document;
pub mod error;
pub mod geometry;
pub mod grid;
pub mod guard;
pub mod layout;
pub mod limits;
pub mod narrative;
pub mod normalize;
pub mod options;
pub mod output;
pub mod pdf;
pub mod performance;
#[cfg(feature = "view")]
pub mod picture;
pub mod proof;
pub mod rows;
#[cfg(feature = "ocr")]
pub mod scan;
pub mod schema;
pub mod second;
pub mod tables;
#[cfg(feature = "view")]
pub mod view;
pub mod who;
pub mod words;
#[cfg(feature = "workbook")]
pub mod workbook;

mod assemble;
mod crew;
mod extract;
mod outcome;
mod pages;
mod within;

pub use document::Document;
pub use error::Error;
pub use extract::{check, extract, page_grids, readings, reread};
pub use options::Options;
pub use within::extract_within;
