//! What became of an input: a report in numbers, or why it gave nothing.

use super::manifest::Entry;
use crate::document::{Coverage, Document, Outcome as DocumentStatus, Severity, Status};
use crate::error::Error;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error as ThisError;

/// Largest file that is read into memory.
pub const MAX_FILE: u64 = 512 << 20;

/// Why an input gave nothing. The message says what to do; the caller adds the path.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Failure {
    /// The system does not let us read it.
    #[error("cannot read: {0}")]
    Read(io::Error),
    /// Larger than [`MAX_FILE`].
    #[error("larger than {} MB; hint: split the file", MAX_FILE >> 20)]
    TooLarge,
    /// It could be read but gave no document.
    #[error(transparent)]
    Extract(#[from] Error),
    /// An earlier run, or another input with the same content, found this.
    #[error("{0}")]
    Earlier(String),
    /// The result of another input stands where this one's should.
    #[error(
        "{target} holds the result of {other}; hint: another folder with -o, or --overwrite to replace it"
    )]
    Taken {
        /// The file that should have been written.
        target: String,
        /// The input that it belongs to.
        other: String,
    },
    /// The result could not be written.
    #[error("cannot write {target}: {cause}")]
    Write {
        /// The file that should have been written.
        target: String,
        /// The system's reason.
        cause: io::Error,
    },
}

impl Failure {
    /// Whether the next run should try again: the cause lies outside of the file's content.
    pub fn is_passing(&self) -> bool {
        match self {
            Failure::Read(_) | Failure::TooLarge | Failure::Write { .. } | Failure::Taken { .. } => true,
            Failure::Extract(error) => matches!(error, Error::Encrypted | Error::Limit { limit: "time", .. }),
            Failure::Earlier(_) => false,
        }
    }
}

/// How an input was dealt with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum How {
    /// Read.
    #[default]
    Read,
    /// An earlier run did it.
    Kept,
    /// Another input has the same content.
    Copied,
}

/// What became of one input.
#[derive(Debug)]
pub struct Outcome {
    /// The input's index in [`Plan::inputs`].
    pub index: usize,
    /// The input's path as shown.
    pub label: String,
    /// Size of the input.
    pub bytes: u64,
    /// Time from opening to writing.
    pub elapsed: Duration,
    /// What it held, or why it gave nothing.
    pub result: Result<Report, Failure>,
    /// The rendered bytes, where there is no output folder.
    pub rendered: Vec<u8>,
    /// The documents, where [`Plan::keep`] asks for them.
    pub documents: Vec<Document>,
    /// How it was dealt with.
    pub how: How,
    /// SHA-256 of the input, where it could be read.
    pub sha256: Option<String>,
    /// The line for the manifest, where there is a [`Plan::ledger`].
    pub entry: Option<Arc<Entry>>,
}

/// What a file held, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Documents in the file.
    pub documents: u32,
    /// Pages of the file.
    pub pages: u32,
    /// Standard tables: filled, declared empty, missing, unreadable.
    pub tables: [u32; 4],
    /// Amounts of the twelve tables that are not blank, `extra` ones too.
    pub amounts: u32,
    /// Of these, proved by an identity; `None` where no identity was evaluated.
    pub proved: Option<u32>,
    /// Findings: info, warning, error.
    pub findings: [u32; 3],
    /// The written file, where there is an output folder.
    pub target: Option<PathBuf>,
    /// Its size in bytes.
    pub written: u64,
    /// States of the twelve tables, for each document.
    pub states: Vec<Vec<Status>>,
    /// Amounts that are printed inside tables, and those that are placed.
    pub coverage: Coverage,
    /// How far the file was read: the document that was read least.
    pub status: DocumentStatus,
    /// Whether time ran out: another run may read more.
    pub late: bool,
}

impl Report {
    /// Counts what the documents hold.
    pub fn of(documents: &[Document]) -> Self {
        let mut r = Self { documents: documents.len() as u32, ..Self::default() };
        for d in documents {
            r.pages = r.pages.max(d.source.pages);
            if d.proof.identities > 0 {
                r.proved = Some(r.proved.unwrap_or(0) + d.proof.proved);
            }
            r.coverage.add(Coverage { printed: d.proof.printed, placed: d.proof.placed });
            r.status = r.status.max(d.head.status);
            r.late |= d.findings.iter().any(|f| f.rule == "limit.time");
            r.states.push(d.tables.iter().map(|t| t.status).collect());
            for t in &d.tables {
                let cells = t.rows.iter().flat_map(|row| &row.amounts);
                r.amounts += cells.filter(|(_, amount)| amount.is_some()).count() as u32;
                r.amounts += t.rows.iter().map(|row| row.extra.len() as u32).sum::<u32>();
                r.count(t.status);
            }
            for f in &d.findings {
                r.findings[match f.severity {
                    Severity::Info => 0,
                    Severity::Warning => 1,
                    Severity::Error => 2,
                }] += 1;
            }
        }
        r
    }

    pub(super) fn count(&mut self, state: Status) {
        self.tables[match state {
            Status::Filled => 0,
            Status::DeclaredEmpty => 1,
            Status::Missing => 2,
            Status::Unreadable => 3,
        }] += 1;
    }

    /// Whether a check failed: an error finding, a table that could not be read, or anything else that makes the file
    /// less than complete.
    pub fn doubtful(&self) -> bool {
        self.findings[2] > 0 || self.tables[3] > 0 || self.status != DocumentStatus::Complete
    }
}
