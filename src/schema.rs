//! The twelve tables, layouts and identities, read from `schemas/`.

/// How a publisher prints the standard tables.
#[derive(Clone, Debug)]
pub struct Layout {}
