//! The text parts and the performance tables as structured data.

/// Parts one, three and four of a document.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Narrative {}

/// A performance table (绩效目标表).
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Performance {}
