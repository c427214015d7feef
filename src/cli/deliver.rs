//! Runs a batch and brings its results to their target.

use super::card;
use super::interrupt;
use super::screen::{DIM, Screen};
use super::target::Target;
use crate::batch::record::Record;
use crate::batch::run::Render;
use crate::batch::shard::Shard;
use crate::batch::summary::{self, Summary};
use crate::batch::write;
use crate::batch::{How, Input, Outcome, Plan};
use crate::dataset::{FactsCsv, FactsParquet};
use crate::document::Document;
use crate::options::Options;
use crate::output::json::{self, Settings};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;

/// A batch and what became of it so far.
pub(super) struct Delivery<'a> {
    pub(super) inputs: &'a [Input],
    pub(super) options: &'a Options,
    pub(super) jobs: usize,
    pub(super) settings: Settings,
    pub(super) screen: &'a Screen,
    /// What became of the inputs.
    pub(super) summary: Summary,
    /// Whether to read again what an earlier run has done.
    pub(super) force: bool,
    /// Whether the results of other inputs may be replaced.
    pub(super) overwrite: bool,
    /// Which part of the batch this is.
    pub(super) shard: Option<Shard>,
    /// Hash of the whole batch, all shards.
    pub(super) batch: String,
    /// Whether CSV files begin with a byte order mark.
    pub(super) mark: bool,
}

impl Delivery<'_> {
    /// Reads everything and writes it to the target.
    ///
    /// # Errors
    /// When the target as a whole cannot be written; the error says which. A closed pipe is
    /// [`io::ErrorKind::BrokenPipe`].
    pub(super) fn deliver(&mut self, target: &Target) -> io::Result<()> {
        let settings = self.settings;
        let file =
            |_: &Input, documents: &[Document], out: &mut Vec<u8>| json::file(out, documents, settings);
        let lines =
            |_: &Input, documents: &[Document], out: &mut Vec<u8>| json::stream(out, documents, settings);
        let elements =
            |_: &Input, documents: &[Document], out: &mut Vec<u8>| json::elements(out, documents, settings);
        match target {
            Target::Folder(path) => self.folder(path, &file),
            Target::Dataset(path) => self.dataset(path, &file),
            Target::Json(path) if self.inputs.len() == 1 => {
                self.whole(path, |batch, out| batch.run(&file, out))
            }
            Target::Json(path) => self.whole(path, |batch, out| {
                let mut array = Array { out, begun: false };
                batch.run(&elements, &mut array)?;
                array.end()
            }),
            Target::Lines(path) => self.whole(path, |batch, out| batch.run(&lines, out)),
            Target::Stdout => self.run(&lines, &mut io::stdout().lock()),
            Target::StdoutJson if self.inputs.len() == 1 => self.run(&file, &mut io::stdout().lock()),
            Target::StdoutJson => {
                let mut array = Array { out: &mut io::stdout().lock(), begun: false };
                self.run(&elements, &mut array)?;
                array.end()
            }
            Target::Csv(None) => self.csv(&mut io::stdout().lock()),
            Target::Csv(Some(path)) => self.whole(path, Self::csv),
            Target::Parquet(path) => self.parquet(path).map_err(|e| cannot_write(path, &e)),
            Target::Cards => {
                let mut out = anstream::stdout();
                self.run(&card::cards, &mut out)?;
                if self.summary.documents > 0 {
                    writeln!(out, "{DIM}{}{DIM:#}", card::LEGEND)?;
                }
                out.flush()
            }
        }
    }

    /// How many inputs were not looked at, because the batch was interrupted.
    pub(super) fn left(&self) -> usize {
        self.inputs.len().saturating_sub(self.summary.inputs)
    }

    /// Fills one file, which appears whole or not at all: not when nothing could be read, and not after an
    /// interruption, since half of the documents would look like all of them.
    fn whole(
        &mut self,
        path: &Path,
        fill: impl FnOnce(&mut Self, &mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        write::file(path, |out| {
            fill(self, out)?;
            Ok(self.summary.documents > 0 && self.left() == 0)
        })
        .map_err(|e| cannot_write(path, &e))
    }

    fn csv(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let mut facts = FactsCsv::new(out, self.mark);
        self.each(&mut |outcome| facts.add(&outcome.documents))?;
        facts.finish().map(drop)
    }

    fn parquet(&mut self, path: &Path) -> io::Result<()> {
        let mut facts = FactsParquet::new(write::begin(path)?)?;
        self.each(&mut |outcome| facts.add(&outcome.documents))?;
        let (file, too_fine) = facts.finish()?;
        say_too_fine(self.screen, too_fine);
        if self.summary.documents > 0 && self.left() == 0 { file.commit() } else { Ok(()) }
    }

    /// Hands the documents of each input to `take`.
    fn each(&mut self, take: &mut dyn FnMut(&Outcome) -> io::Result<()>) -> io::Result<()> {
        let plan = Plan { keep: true, ..self.plan(&|_, _, _| {}) };
        self.go(&plan, take)
    }

    fn run(&mut self, render: &Render, out: &mut dyn Write) -> io::Result<()> {
        let plan = self.plan(render);
        self.go(&plan, &mut |outcome| out.write_all(&outcome.rendered))?;
        out.flush()
    }

    /// The batch as a plan without a folder.
    pub(super) fn plan<'b>(&self, render: &'b Render<'b>) -> Plan<'b>
    where
        Self: 'b,
    {
        Plan {
            inputs: self.inputs,
            options: self.options,
            jobs: self.jobs,
            extract: &crate::extract::unsigned,
            render,
            folder: None,
            ledger: None,
            keep: false,
            go_on: &|| !interrupt::requested(),
        }
    }

    /// Runs the plan; an error of `take` ends it.
    pub(super) fn go(
        &mut self,
        plan: &Plan,
        take: &mut dyn FnMut(&Outcome) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut taken = Ok(());
        crate::batch::run(plan, |outcome| {
            report(self.screen, &outcome);
            self.summary.add(&outcome);
            self.screen.advance();
            taken = take(&outcome);
            if taken.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .map_err(|e| io::Error::other(format!("cannot start threads: {e}")))?;
        taken
    }

    /// What a finished run says of itself.
    pub(super) fn record(&self, stamp: crate::batch::ledger::Stamp) -> Record {
        Record { stamp, shard: self.shard, batch: self.batch.clone(), inputs: self.inputs.len() }
    }
}

/// Says what became of one file.
fn report(screen: &Screen, outcome: &Outcome) {
    match &outcome.result {
        Err(cause) => screen.failure(&outcome.label, &cause.to_string()),
        Ok(_) if outcome.how == How::Kept => screen.detail(&outcome.label, "done before"),
        Ok(report) => {
            let pages = summary::count(u64::from(report.pages), "page");
            let findings = summary::findings(report.findings.map(u64::from));
            let ms = outcome.elapsed.as_millis();
            screen.detail(&outcome.label, &format!("{pages}, {findings}, {ms} ms"));
        }
    }
}

pub(super) fn cannot_write(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: cannot write: {error}", path.display()))
}

/// Writes the brackets of a JSON array around elements that begin with a comma.
struct Array<'a> {
    out: &'a mut dyn Write,
    begun: bool,
}

impl Array<'_> {
    fn end(self) -> io::Result<()> {
        self.out.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })
    }
}

impl Write for Array<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match bytes {
            [] => {}
            [_comma, rest @ ..] if !self.begun => {
                self.begun = true;
                self.out.write_all(b"[")?;
                self.out.write_all(rest)?;
            }
            more => self.out.write_all(more)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Says that amounts are missing in Parquet files.
pub(super) fn say_too_fine(screen: &Screen, n: u64) {
    if n > 0 {
        let amounts = summary::count(n, "amount");
        screen
            .note("parquet", &format!("{amounts} with more than 8 decimal places left blank; CSV has them"));
    }
}
