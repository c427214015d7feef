//! Cell texts → exact amounts, codes, dates and clean text. Knows nothing of tables.

pub mod amount;
pub mod code;
pub mod date;
pub mod text;
