//! `yusuan dataset`, and `yusuan extract --format dataset`: documents → typed tables in a folder.

use super::args::{DatasetArgs, ScreenArgs};
use super::deliver::{Delivery, cannot_write, say_too_fine};
use super::exit::Exit;
use super::folder::locked;
use super::interrupt;
use super::screen::Screen;
use super::target::DOCUMENTS;
use crate::batch::discover::{self, Found};
use crate::batch::lock;
use crate::batch::manifest::{self, State};
use crate::batch::run::Render;
use crate::batch::summary::Summary;
use crate::batch::write::Folder;
use crate::batch::{Input, Plan};
use crate::dataset::{Dataset, FailedFile, Held};
use crate::options::Options;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// What a dataset is made from.
pub(super) struct Sources<'a> {
    pub(super) inputs: &'a [Input],
    /// Inputs that gave nothing in an earlier step.
    pub(super) failed: Vec<FailedFile>,
    pub(super) options: &'a Options,
    pub(super) jobs: usize,
    pub(super) mark: bool,
}

/// Runs the command.
pub(super) fn run(args: &DatasetArgs, screen_args: &ScreenArgs) -> Exit {
    let mut screen = Screen::new(screen_args);
    let options = match args.reading.options() {
        Ok(options) => options,
        Err(message) => return screen.fatal(&message),
    };
    let Found { inputs, notes } = discover::discover_any(&args.paths, &["pdf", "json", "ndjson", "jsonl"]);
    let mut summary = super::extract::say_notes(&notes, &screen);
    interrupt::listen();
    screen.start_bar(screen_args, inputs.len());
    let jobs = args.jobs.map_or_else(super::extract::cores, usize::from);
    let built = failed_files(&args.paths).and_then(|failed| {
        let sources = Sources { inputs: &inputs, failed, options: &options, jobs, mark: args.bom };
        let folder = Folder::create(&args.output).map_err(|e| cannot_write(&args.output, &e))?;
        let _lock = lock::lock(&args.output).map_err(|e| locked(&args.output, &e))?;
        folder.sweep();
        build(folder, &sources, &screen, &mut summary).map_err(|e| cannot_write(&args.output, &e))
    });
    screen.end_bar();
    match built {
        Err(error) => screen.fatal(&error.to_string()),
        Ok(None) => {
            screen.fatal("interrupted: nothing was written");
            Exit::Interrupted
        }
        Ok(Some(held)) => {
            say(&screen, &args.output, &held);
            if summary.failed > 0 { Exit::FilesFailed } else { Exit::Done }
        }
    }
}

impl Delivery<'_> {
    /// Reads everything into `documents/` below the folder, then builds the dataset from what lies there.
    ///
    /// # Errors
    /// As [`Delivery::folder`].
    pub(super) fn dataset(&mut self, path: &Path, render: &Render) -> io::Result<()> {
        let folder = Folder::create(path).map_err(|e| cannot_write(path, &e))?;
        let _lock = lock::lock(path).map_err(|e| locked(path, &e))?;
        folder.sweep();
        let documents = path.join(DOCUMENTS);
        self.folder(&documents, render)?;
        if self.left() > 0 {
            return Ok(());
        }
        let mut summary = Summary::default();
        let (options, mark) = (self.options, self.mark);
        let built = build_from(folder, &documents, options, self.jobs, mark, self.screen, &mut summary);
        if let Some(held) = built.map_err(|e| cannot_write(path, &e))? {
            say(self.screen, path, &held);
        }
        Ok(())
    }
}

/// Builds a dataset from a folder of emitted JSON with its manifest.
pub(super) fn build_from(
    folder: Folder,
    documents: &Path,
    options: &Options,
    jobs: usize,
    mark: bool,
    screen: &Screen,
    summary: &mut Summary,
) -> io::Result<Option<Held>> {
    let documents = [documents.to_path_buf()];
    let inputs = discover::discover_any(&documents, &["json"]).inputs;
    let failed = failed_files(&documents)?;
    build(folder, &Sources { inputs: &inputs, failed, options, jobs, mark }, screen, summary)
}

/// Builds a dataset; `None` where it was interrupted.
fn build(
    folder: Folder,
    sources: &Sources,
    screen: &Screen,
    summary: &mut Summary,
) -> io::Result<Option<Held>> {
    let mut dataset = Dataset::create(folder, sources.mark)?;
    let plan = Plan {
        inputs: sources.inputs,
        options: sources.options,
        jobs: sources.jobs,
        extract: &crate::reread,
        render: &|_, _, _| {},
        folder: None,
        ledger: None,
        keep: true,
        go_on: &|| !interrupt::requested(),
    };
    let mut taken = Ok(());
    let mut done = 0;
    crate::batch::run(&plan, |outcome| {
        summary.add(&outcome);
        screen.advance();
        done += 1;
        taken = match &outcome.result {
            Ok(_) => dataset.add(&outcome.documents),
            Err(failure) => {
                screen.failure(&outcome.label, &failure.to_string());
                dataset.failed(&FailedFile {
                    path: outcome.label.clone(),
                    sha256: outcome.sha256.clone(),
                    bytes: Some(outcome.bytes),
                    error: failure.to_string(),
                })
            }
        };
        if taken.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })
    .map_err(|e| io::Error::other(format!("cannot start threads: {e}")))?;
    taken?;
    if done < sources.inputs.len() {
        return Ok(None);
    }
    for file in &sources.failed {
        dataset.failed(file)?;
    }
    dataset.finish().map(Some)
}

/// Inputs that the manifests of these folders say gave nothing.
fn failed_files(paths: &[PathBuf]) -> io::Result<Vec<FailedFile>> {
    let mut failed = Vec::new();
    for path in paths.iter().filter(|p| p.is_dir()) {
        let entries = manifest::load(path).map_err(|e| cannot_read(path, &e))?;
        failed.extend(entries.into_values().filter(|e| e.state == State::Failed).map(|e| FailedFile {
            bytes: e.sha256.is_some().then_some(e.bytes),
            path: e.path.clone(),
            sha256: e.sha256.clone(),
            error: e.error.clone().unwrap_or_default(),
        }));
    }
    Ok(failed)
}

fn cannot_read(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: cannot read the manifest: {error}", path.display()))
}

/// Says what a dataset holds.
pub(super) fn say(screen: &Screen, path: &Path, held: &Held) {
    let rows: Vec<String> = held.rows.iter().map(|(name, n)| format!("{name} {n}")).collect();
    say_too_fine(screen, held.too_fine);
    let path = crate::output::printable::path(path);
    screen.say(&format!("dataset {path}: rows of {}\n", rows.join(", ")));
}
