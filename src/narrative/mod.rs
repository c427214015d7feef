//! The text parts and the performance tables as structured data.

mod types;

pub use types::{
    Allocation, AllocationPart, Change, Completeness, DeclaredEmpty, Direction, Figure, Functions, Heading,
    HeadingLevel, Mention, NameList, Narrative, Organization, Period, PolicyBasis, PolicyDocument, Project,
    Quantity, ReconciledAmount, Reconciliation, Source, Term,
};

/// A performance table (绩效目标表).
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Performance {}
