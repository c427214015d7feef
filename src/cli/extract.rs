//! `yusuan extract`: settings → batch → files, a stream or cards.

use super::args::{ExtractArgs, Provenance, ScreenArgs};
use super::card;
use super::exit::Exit;
use super::screen::{DIM, Screen};
use crate::batch::summary::{self, Summary};
use crate::batch::write::{self, Folder};
use crate::batch::{Found, Input, Outcome, Plan, discover};
use crate::document::Document;
use crate::options::Options;
use crate::output::json;
use crate::output::printable::printable;
use crate::output::writer::Style;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Above so many files, the failures among them are listed once more at the end.
const ONE_SCREEN: usize = 20;

/// Where the results go.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    /// One JSON file for each input.
    Folder(PathBuf),
    /// One file: a JSON array.
    Array(PathBuf),
    /// One file: NDJSON.
    Lines(PathBuf),
    /// NDJSON on standard output.
    Stdout,
    /// Cards on standard output.
    Cards,
}

/// Runs the command.
pub(super) fn run(args: &ExtractArgs, screen_args: &ScreenArgs) -> Exit {
    let mut screen = Screen::new(screen_args);
    let options = match options(args) {
        Ok(options) => options,
        Err(message) => {
            screen.fatal(&message);
            return Exit::Failed;
        }
    };
    let target = target(args);
    let Found { inputs, notes } = discover::discover(&args.paths);
    let mut batch = Batch {
        jobs: args.jobs.map_or_else(cores, usize::from),
        settings: settings(args, &target),
        inputs: &inputs,
        options: &options,
        summary: Summary::default(),
        started: Instant::now(),
    };
    for note in &notes {
        let label = note.path.to_string_lossy();
        if note.failed {
            screen.failure(&label, &note.what);
            batch.summary.fail(&label, &note.what);
        } else {
            screen.note(&label, &note.what);
        }
    }
    screen.start_bar(screen_args, inputs.len());
    let ended = batch.write_to(&target, &screen);
    screen.end_bar();
    match ended {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Exit::Done,
        Err(error) => {
            screen.fatal(&error.to_string());
            return Exit::Failed;
        }
        Ok(()) => {}
    }
    let summary = &batch.summary;
    screen.say(&epilogue(summary, batch.started.elapsed(), &target));
    if summary.failed > 0 {
        Exit::Failed
    } else if args.strict && summary.doubtful > 0 {
        Exit::ChecksFailed
    } else {
        Exit::Done
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn options(args: &ExtractArgs) -> Result<Options, String> {
    let mut options = Options {
        include_contacts: args.include_contacts,
        provenance_cells: args.provenance == Provenance::Cells,
        password: super::password(args.password_file.as_deref())?,
        ..Options::default()
    };
    if let Some(seconds) = args.timeout {
        options.limits.time = (seconds > 0).then(|| Duration::from_secs(u64::from(seconds)));
    }
    Ok(options)
}

fn target(args: &ExtractArgs) -> Target {
    let Some(path) = &args.output else {
        let cards = args.cards || (io::stdout().is_terminal() && !args.pretty && !args.compact);
        return if cards { Target::Cards } else { Target::Stdout };
    };
    if path == Path::new("-") {
        return Target::Stdout;
    }
    let folder = path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/");
    let extension = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    match extension.as_deref() {
        Some("json") if !folder => Target::Array(path.clone()),
        Some("ndjson" | "jsonl") if !folder => Target::Lines(path.clone()),
        _ => Target::Folder(path.clone()),
    }
}

fn settings(args: &ExtractArgs, target: &Target) -> json::Settings {
    let pretty = match target {
        Target::Lines(_) => false,
        Target::Folder(_) | Target::Array(_) => !args.compact,
        Target::Stdout | Target::Cards => args.pretty,
    };
    json::Settings {
        style: if pretty { Style::Pretty } else { Style::Compact },
        cells: args.provenance == Provenance::Cells,
    }
}

struct Batch<'a> {
    jobs: usize,
    settings: json::Settings,
    inputs: &'a [Input],
    options: &'a Options,
    summary: Summary,
    started: Instant,
}

impl Batch<'_> {
    /// Reads everything and writes it.
    ///
    /// # Errors
    /// When the target as a whole cannot be written; the error says which.
    fn write_to(&mut self, target: &Target, screen: &Screen) -> io::Result<()> {
        let settings = self.settings;
        match target {
            Target::Folder(path) => {
                let folder = Folder::create(path).map_err(|e| named(path, &e))?;
                let render = |_: &Input, documents: &[Document], out: &mut Vec<u8>| {
                    json::file(out, documents, settings);
                };
                self.run(screen, &render, Some(&folder), &mut io::sink())
            }
            Target::Array(path) => self.file(path, |batch, out| {
                if batch.inputs.len() == 1 {
                    let render = |_: &Input, documents: &[Document], out: &mut Vec<u8>| {
                        json::file(out, documents, settings);
                    };
                    return batch.run(screen, &render, None, out);
                }
                let render = |_: &Input, documents: &[Document], out: &mut Vec<u8>| {
                    json::elements(out, documents, settings);
                };
                let mut array = Array { out, begun: false };
                batch.run(screen, &render, None, &mut array)?;
                array.end()
            }),
            Target::Lines(path) => self.file(path, |batch, out| batch.lines(screen, out)),
            Target::Stdout => self.lines(screen, &mut io::stdout().lock()),
            Target::Cards => {
                let mut out = anstream::stdout();
                self.run(screen, &card::cards, None, &mut out)?;
                if self.summary.documents > 0 {
                    writeln!(out, "{DIM}{}{DIM:#}", card::LEGEND)?;
                }
                out.flush()
            }
        }
    }

    fn lines(&mut self, screen: &Screen, out: &mut dyn Write) -> io::Result<()> {
        let settings = self.settings;
        let render = |_: &Input, documents: &[Document], out: &mut Vec<u8>| {
            json::stream(out, documents, settings);
        };
        self.run(screen, &render, None, out)
    }

    /// Fills one file, which appears whole or not at all.
    fn file(
        &mut self,
        path: &Path,
        fill: impl FnOnce(&mut Self, &mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        write::file(path, |out| fill(self, out)).map_err(|e| named(path, &e))
    }

    fn run(
        &mut self,
        screen: &Screen,
        render: &crate::batch::run::Render,
        folder: Option<&Folder>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let plan = Plan {
            inputs: self.inputs,
            options: self.options,
            jobs: self.jobs,
            extract: &crate::extract,
            render,
            folder,
        };
        let mut written = Ok(());
        let summary = &mut self.summary;
        crate::batch::run(&plan, |outcome| {
            report(screen, &outcome);
            summary.add(&outcome);
            screen.advance();
            match out.write_all(&outcome.rendered) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    written = Err(error);
                    ControlFlow::Break(())
                }
            }
        })
        .map_err(io::Error::other)?;
        written?;
        out.flush()
    }
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
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match bytes {
            [] => Ok(()),
            [_comma, rest @ ..] if !self.begun => {
                self.begun = true;
                self.out.write_all(b"[")?;
                self.out.write_all(rest)
            }
            more => self.out.write_all(more),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: cannot write: {error}", path.display()))
}

/// Says what became of one file.
fn report(screen: &Screen, outcome: &Outcome) {
    match &outcome.result {
        Err(cause) => screen.failure(&outcome.label, &cause.to_string()),
        Ok(report) => {
            let [info, warning, error] = report.findings.map(u64::from);
            let pages = summary::count(u64::from(report.pages), "page");
            let findings = summary::findings([info, warning, error]);
            let ms = outcome.elapsed.as_millis();
            screen.detail(&outcome.label, &format!("{pages}, {findings}, {ms} ms"));
        }
    }
}

/// What is said when everything is done. Labels come from outside and are made printable.
fn epilogue(summary: &Summary, elapsed: Duration, target: &Target) -> String {
    let mut text = summary.totals(elapsed);
    if summary.files() > ONE_SCREEN {
        for line in summary.failed_files().lines() {
            text.push_str(&printable(line));
            text.push('\n');
        }
    }
    match target {
        Target::Folder(path) | Target::Array(path) | Target::Lines(path) if summary.documents > 0 => {
            text.push_str(&format!("written to {}\n", printable(&path.to_string_lossy())));
        }
        Target::Cards if summary.documents > 0 => {
            text.push_str("add `-o out` to write the JSON of each document into the folder `out`\n");
        }
        _ => {}
    }
    text
}
