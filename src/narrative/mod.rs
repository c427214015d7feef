//! The text parts as structured data.

mod types;

pub use types::{
    Allocation, AllocationPart, Change, Completeness, DeclaredEmpty, Direction, Figure, Functions, Heading,
    HeadingLevel, Mention, NameList, Narrative, Organization, Period, PolicyBasis, PolicyDocument, Project,
    Quantity, ReconciledAmount, Reconciliation, Source, Term,
};
