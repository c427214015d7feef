//! One input after the other, on several threads: bytes → documents → bytes of the output. Comes in: a [`Plan`].
//! Goes out: one [`Outcome`] for each input, in the order of the inputs.

use super::discover::{Input, Origin};
use super::guard::guard;
use super::order::ordered;
use super::write::Folder;
use crate::document::{Document, Severity, Status};
use crate::error::Error;
use crate::options::Options;
use sha2::{Digest, Sha256};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use thiserror::Error as ThisError;

/// How a file's bytes become documents: [`crate::extract`], or a stand-in in tests.
pub type Extract<'a> = dyn Fn(&[u8], &Options) -> Result<Vec<Document>, Error> + Sync + 'a;

/// How a file's documents become bytes of the output.
pub type Render<'a> = dyn Fn(&Input, &[Document], &mut Vec<u8>) + Sync + 'a;

/// Largest file that is read into memory.
pub const MAX_FILE: u64 = 512 << 20;

/// A whole batch.
pub struct Plan<'a> {
    /// What to read, in order.
    pub inputs: &'a [Input],
    /// How to read it.
    pub options: &'a Options,
    /// Number of threads, at least 1.
    pub jobs: usize,
    /// Bytes to documents.
    pub extract: &'a Extract<'a>,
    /// Documents to bytes.
    pub render: &'a Render<'a>,
    /// Where each input's bytes are written; without it they are handed out in the [`Outcome`].
    pub folder: Option<&'a Folder>,
}

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
    /// The result could not be written.
    #[error("cannot write {target}: {cause}")]
    Write {
        /// The file that should have been written.
        target: String,
        /// The system's reason.
        cause: io::Error,
    },
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
    /// Amounts that are not blank.
    pub amounts: u32,
    /// Of these, proved.
    pub proved: u32,
    /// Findings: info, warning, error.
    pub findings: [u32; 3],
    /// The written file, where there is an output folder.
    pub target: Option<PathBuf>,
}

impl Report {
    /// Counts what the documents hold.
    pub fn of(documents: &[Document]) -> Self {
        let mut r = Self { documents: documents.len() as u32, ..Self::default() };
        for d in documents {
            r.pages = r.pages.max(d.source.pages);
            r.amounts += d.proof.amounts;
            r.proved += d.proof.proved;
            for t in &d.tables {
                r.tables[match t.status {
                    Status::Filled => 0,
                    Status::DeclaredEmpty => 1,
                    Status::Missing => 2,
                    Status::Unreadable => 3,
                }] += 1;
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

    /// Whether a check failed: an error finding or a table that could not be read.
    pub fn doubtful(&self) -> bool {
        self.findings[2] > 0 || self.tables[3] > 0
    }
}

/// Reads every input and hands each outcome to `sink`, in order. `sink` ends the batch with
/// [`ControlFlow::Break`].
///
/// # Errors
/// When the threads cannot be started; a bad input is an [`Outcome`], never an error.
pub fn run(
    plan: &Plan,
    sink: impl FnMut(Outcome) -> ControlFlow<()>,
) -> Result<(), rayon::ThreadPoolBuildError> {
    ordered(plan.jobs, plan.inputs.len(), |index| one(plan, index), |outcome| outcome.rendered.len(), sink)
}

fn one(plan: &Plan, index: usize) -> Outcome {
    let started = Instant::now();
    let mut outcome = Outcome {
        index,
        label: String::new(),
        bytes: 0,
        elapsed: Duration::ZERO,
        result: Ok(Report::default()),
        rendered: Vec::new(),
    };
    if let Some(input) = plan.inputs.get(index) {
        outcome.label = input.label();
        outcome.result = process(plan, input, &mut outcome.bytes, &mut outcome.rendered);
    }
    outcome.elapsed = started.elapsed();
    outcome
}

fn process(plan: &Plan, input: &Input, size: &mut u64, rendered: &mut Vec<u8>) -> Result<Report, Failure> {
    let bytes = read(&input.origin)?;
    *size = bytes.len() as u64;
    let documents = guard(|| {
        let mut documents = (plan.extract)(&bytes, plan.options)?;
        let sha256 = hex(&Sha256::digest(&bytes));
        for d in &mut documents {
            d.source.path = input.label();
            d.source.sha256.clone_from(&sha256);
            d.source.bytes = *size;
        }
        (plan.render)(input, &documents, rendered);
        Ok(documents)
    })
    .unwrap_or_else(|cause| {
        rendered.clear();
        Err(Error::Internal { cause })
    })?;
    let mut report = Report::of(&documents);
    if let Some(folder) = plan.folder {
        let written = folder.write(&input.output, rendered);
        rendered.clear();
        report.target = Some(written.map_err(|cause| Failure::Write {
            target: folder.path(&input.output).to_string_lossy().into_owned(),
            cause,
        })?);
    }
    Ok(report)
}

/// The bytes of an input, at most [`MAX_FILE`].
///
/// # Errors
/// [`Failure::Read`] and [`Failure::TooLarge`].
pub fn read(origin: &Origin) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    match origin {
        Origin::Stdin => io::stdin().lock().take(MAX_FILE + 1).read_to_end(&mut bytes),
        Origin::File(path) => {
            let file = std::fs::File::open(path).map_err(Failure::Read)?;
            let size = file.metadata().map_or(0, |m| m.len());
            if size > MAX_FILE {
                return Err(Failure::TooLarge);
            }
            bytes.reserve_exact(size as usize + 1);
            file.take(MAX_FILE + 1).read_to_end(&mut bytes)
        }
    }
    .map_err(Failure::Read)?;
    if bytes.len() as u64 > MAX_FILE { Err(Failure::TooLarge) } else { Ok(bytes) }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|n| char::from(DIGITS[usize::from(n)])).collect()
}
