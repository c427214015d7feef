//! The output contract's words for states, kinds and sides.

use crate::document::{Cause, Kind, Level, Outcome, RowKind, Scope, Severity, Side, Status};

/// The contract's word for a table's state.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Filled => "filled",
        Status::DeclaredEmpty => "declared_empty",
        Status::Missing => "missing",
        Status::Unreadable => "unreadable",
    }
}

/// The contract's word for how far a document was read.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Complete => "complete",
        Outcome::Partial => "partial",
        Outcome::Scan => "scan",
        Outcome::Nothing => "nothing",
    }
}

/// The contract's word for a kind of document.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Budget => "budget",
        Kind::FinalAccount => "final_account",
    }
}

/// The contract's word for whose budget it is.
pub fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Department => "department",
        Scope::Unit => "unit",
    }
}

/// The contract's word for a kind of row.
pub fn row_kind(kind: RowKind) -> &'static str {
    match kind {
        RowKind::Item => "item",
        RowKind::Project => "project",
        RowKind::Department => "department",
        RowKind::Total => "total",
    }
}

/// The contract's word for a level.
pub fn level(level: Level) -> &'static str {
    match level {
        Level::Class => "class",
        Level::Section => "section",
        Level::Item => "item",
    }
}

/// The contract's word for a side.
pub fn side(side: Side) -> &'static str {
    match side {
        Side::Revenue => "revenue",
        Side::Expenditure => "expenditure",
    }
}

/// The contract's word for a severity.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// The contract's word for a cause.
pub fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Source => "source",
        Cause::Extraction => "extraction",
        Cause::Undecided => "undecided",
    }
}
