//! Runs a batch and brings its results to their target.

use super::card;
use super::interrupt;
use super::screen::{DIM, Screen};
use super::target::Target;
use crate::batch::run::Render;
use crate::batch::summary::{self, Summary};
use crate::batch::write::{self, Folder};
use crate::batch::{Input, Outcome, Plan};
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
            Target::Folder(path) => {
                let folder = Folder::create(path).map_err(|e| cannot_write(path, &e))?;
                self.run(&file, Some(&folder), &mut io::sink())
            }
            Target::Json(path) if self.inputs.len() == 1 => {
                self.whole(path, |batch, out| batch.run(&file, None, out))
            }
            Target::Json(path) => self.whole(path, |batch, out| {
                let mut array = Array { out, begun: false };
                batch.run(&elements, None, &mut array)?;
                array.end()
            }),
            Target::Lines(path) => self.whole(path, |batch, out| batch.run(&lines, None, out)),
            Target::Stdout => self.run(&lines, None, &mut io::stdout().lock()),
            Target::Cards => {
                let mut out = anstream::stdout();
                self.run(&card::cards, None, &mut out)?;
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

    fn run(&mut self, render: &Render, folder: Option<&Folder>, out: &mut dyn Write) -> io::Result<()> {
        let plan = Plan {
            inputs: self.inputs,
            options: self.options,
            jobs: self.jobs,
            extract: &crate::extract,
            render,
            folder,
            go_on: &|| !interrupt::requested(),
        };
        let mut written = Ok(());
        crate::batch::run(&plan, |outcome| {
            report(self.screen, &outcome);
            self.summary.add(&outcome);
            self.screen.advance();
            written = out.write_all(&outcome.rendered);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .map_err(|e| io::Error::other(format!("cannot start threads: {e}")))?;
        written?;
        out.flush()
    }
}

/// Says what became of one file.
fn report(screen: &Screen, outcome: &Outcome) {
    match &outcome.result {
        Err(cause) => screen.failure(&outcome.label, &cause.to_string()),
        Ok(report) => {
            let pages = summary::count(u64::from(report.pages), "page");
            let findings = summary::findings(report.findings.map(u64::from));
            let ms = outcome.elapsed.as_millis();
            screen.detail(&outcome.label, &format!("{pages}, {findings}, {ms} ms"));
        }
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> io::Error {
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
