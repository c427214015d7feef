//! Cell texts → exact amounts, codes, dates and clean text. Knows nothing of tables.
//!
//! In: text of a cell or of a line, as the geometry gave it (lines of a wrapped cell joined by line breaks or
//! by [`text::join_wrapped`]). Out: values and text in the form of the output contract. All functions are
//! pure; none panics.

pub mod amount;
pub mod chars;
pub mod code;
pub mod codebook;
pub mod date;
pub mod label;
pub mod text;
pub mod unit;
