//! Grids and lines → standard tables with mapped columns, joined over pages.

pub mod caption;
pub mod choose;
pub mod head;
pub mod header;
pub mod identify;
pub mod join;
pub mod layout;
mod links;
pub mod mapping;
pub mod parts;
pub mod piece;
pub mod reading;
pub mod title;
