//! Documents and grids → bytes. Comes in: what the pipeline found. Goes out: JSON of the contract, the grid dump,
//! text for a terminal. Nothing here opens a file or knows where the bytes go.

pub mod edited;
mod findings;
pub mod grid;
pub mod json;
mod narrative;
mod performance;
pub mod picture;
pub mod printable;
pub mod read;
pub mod schema;
mod serialize;
mod tree;
pub mod words;
pub mod writer;

#[cfg(test)]
pub(crate) mod fixture;
