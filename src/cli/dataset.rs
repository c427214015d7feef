//! `yusuan dataset`, and `yusuan extract --format dataset`: documents → typed tables in a folder.

use super::args::{DatasetArgs, ScreenArgs};
use super::deliver::{Delivery, cannot_write, say_too_fine};
use super::exit::Exit;
use super::folder::locked;
use super::interrupt;
use super::screen::Screen;
use super::target::{DOCUMENTS, looks_like_a_form};
use super::workbook;
use crate::batch::discover::{self, Found};
use crate::batch::lock;
use crate::batch::manifest::{self, State};
use crate::batch::run::Render;
use crate::batch::summary::Summary;
use crate::batch::write::Folder;
use crate::batch::{Input, Outcome, Plan};
use crate::dataset::{Dataset, FailedFile, Held, Shape};
use crate::options::Options;
use crate::words::say;
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
    pub(super) shape: Shape,
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
    if let Some(form) = wrong_form(&args.output) {
        return screen.fatal(&form);
    }
    screen.start_bar(screen_args, inputs.len(), false);
    let jobs = args.jobs.map_or_else(super::extract::cores, usize::from);
    let built = failed_files(&args.paths).and_then(|failed| {
        let sources =
            Sources { inputs: &inputs, failed, options: &options, jobs, shape: args.shape.shape(args.bom) };
        if workbook::is_workbook(&args.output) {
            let built = build_workbook(&args.output, &sources, &screen, &mut summary);
            return built.map(|whole| whole.then_some(None)).map_err(|e| cannot_write(&args.output, &e));
        }
        let folder = Folder::create(&args.output).map_err(|e| cannot_write(&args.output, &e))?;
        let _lock = lock::lock(&args.output).map_err(|e| locked(&args.output, &e))?;
        folder.sweep();
        let built = build(folder, &sources, &screen, &mut summary);
        built.map(|held| held.map(Some)).map_err(|e| cannot_write(&args.output, &e))
    });
    screen.end_bar();
    match built {
        Err(error) => screen.fatal(&error.to_string()),
        Ok(None) => {
            screen.fatal(&say!(screen.lang, "say.interrupted-dataset"));
            Exit::Interrupted
        }
        Ok(Some(held)) => {
            if let Some(held) = held {
                say(&screen, &args.output, &held);
            }
            if summary.any_failed() { Exit::FilesFailed } else { Exit::Done }
        }
    }
}

/// Why an output that is no workbook cannot be a dataset's folder: `x.html` asks for a form that there is not.
fn wrong_form(output: &Path) -> Option<String> {
    let extension = output.extension().and_then(|e| e.to_str()).filter(|_| !output.is_dir())?;
    let ends_in_slash = output.as_os_str().as_encoded_bytes().ends_with(b"/");
    let wrong = !ends_in_slash && !workbook::is_workbook(output) && looks_like_a_form(extension);
    wrong.then(|| {
        format!(
            "{}: a dataset is a folder, or a workbook that ends in .xlsx; hint: a folder of this name ends in /",
            output.display()
        )
    })
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
        let (options, shape) = (self.options, self.shape);
        let built = build_from(folder, &documents, options, self.jobs, shape, self.screen, &mut summary);
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
    shape: Shape,
    screen: &Screen,
    summary: &mut Summary,
) -> io::Result<Option<Held>> {
    let documents = [documents.to_path_buf()];
    let inputs = discover::discover_any(&documents, &["json"]).inputs;
    let failed = failed_files(&documents)?;
    build(folder, &Sources { inputs: &inputs, failed, options, jobs, shape }, screen, summary)
}

/// Builds a dataset; `None` where it was interrupted.
fn build(
    folder: Folder,
    sources: &Sources,
    screen: &Screen,
    summary: &mut Summary,
) -> io::Result<Option<Held>> {
    let mut dataset = Dataset::create(folder, sources.shape)?;
    let whole = each(sources, screen, summary, &mut |outcome| match &outcome.result {
        Ok(_) => dataset.add(&outcome.documents),
        Err(failure) => dataset.failed(&workbook::failed(outcome, failure)),
    })?;
    if !whole {
        return Ok(None);
    }
    for file in &sources.failed {
        dataset.failed(file)?;
    }
    dataset.finish().map(Some)
}

/// Builds a workbook; `false` where it was interrupted.
fn build_workbook(
    path: &Path,
    sources: &Sources,
    screen: &Screen,
    summary: &mut Summary,
) -> io::Result<bool> {
    let mut book = workbook::begin(path, sources.inputs.len())?;
    if !each(sources, screen, summary, &mut |outcome| workbook::take(&mut book, outcome))? {
        return Ok(false);
    }
    for file in &sources.failed {
        book.failed(file)?;
    }
    workbook::end(book, path, screen)?;
    Ok(true)
}

/// Hands each outcome to `take`, in order; `false` where it was interrupted.
pub(super) fn each(
    sources: &Sources,
    screen: &Screen,
    summary: &mut Summary,
    take: &mut dyn FnMut(&Outcome) -> io::Result<()>,
) -> io::Result<bool> {
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
        if let Err(failure) = &outcome.result {
            screen.failure(&outcome.label, &failure.say(screen.lang));
        }
        taken = take(&outcome);
        if taken.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })
    .map_err(|e| io::Error::other(format!("cannot start threads: {e}")))?;
    taken?;
    Ok(done == sources.inputs.len())
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
    let mut said = say!(screen.lang, "say.dataset", path = path, rows = rows.join(", "));
    let (written, files) = held.written;
    if written < files {
        said += &say!(screen.lang, "say.dataset-same", same = files - written, files = files);
    }
    screen.say(&(said + "\n"));
}
