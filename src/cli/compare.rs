//! `yusuan compare`: two sets of documents → what changed.

use super::args::{CompareArgs, CompareFormat, ScreenArgs};
use super::dataset::{Sources, each};
use super::deliver::cannot_write;
use super::exit::Exit;
use super::interrupt;
use super::screen::Screen;
use super::target::DOCUMENTS;
use super::workbook;
use crate::batch::discover::{self, Found};
use crate::batch::summary::Summary;
use crate::batch::write;
use crate::compare::{self, Comparison, Snapshot};
use crate::dataset::Shape;
use crate::options::Options;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Runs the command.
pub(super) fn run(args: &CompareArgs, screen_args: &ScreenArgs) -> Exit {
    let screen = Screen::new(screen_args);
    let (format, path) = match form(args) {
        Ok(form) => form,
        Err(message) => return screen.fatal(&message),
    };
    let options = match args.reading.options() {
        Ok(options) => options,
        Err(message) => return screen.fatal(&message),
    };
    interrupt::listen();
    let mut summary = Summary::default();
    let mut sides = Vec::new();
    for path in &args.paths {
        match side(path, args, &options, &screen, &mut summary) {
            Ok(Some(side)) => sides.push(side),
            Ok(None) => {
                screen.fatal("interrupted: nothing was compared");
                return Exit::Interrupted;
            }
            Err(error) => return screen.fatal(&error.to_string()),
        }
    }
    let second = sides.pop().unwrap_or_default();
    let (a, b) = match (sides.pop(), &args.years[..]) {
        (Some(first), _) => (first, second),
        (None, [from, to]) => {
            let of =
                |year: &u16| second.iter().filter(|s| s.year == Some(*year)).cloned().collect::<Vec<_>>();
            (of(from), of(to))
        }
        (None, _) => return screen.fatal("one path needs two years; hint: --years 2024,2025"),
    };
    for (side, name) in [(&a, "first"), (&b, "second")] {
        if side.is_empty() {
            screen.note(name, "no document on this side");
        }
    }
    let comparison = compare::compare(a, b, &args.rename);
    if let Err(error) = answer(&comparison, format, path.as_deref(), args, &screen) {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Exit::Done;
        }
        return screen.fatal(&error.to_string());
    }
    if summary.failed > 0 { Exit::FilesFailed } else { Exit::Done }
}

/// The form of the answer and where it goes.
fn form(args: &CompareArgs) -> Result<(CompareFormat, Option<PathBuf>), String> {
    match (args.paths.len(), args.years.len()) {
        (2, 0) | (1, 2) => {}
        (2, _) => return Err("--years is for one path; hint: give one folder or dataset".to_owned()),
        (_, 0) => return Err("one path needs two years; hint: --years 2024,2025".to_owned()),
        _ => return Err("--years needs two years; hint: --years 2024,2025".to_owned()),
    }
    let path = args.output.as_deref().filter(|p| *p != Path::new("-"));
    let ending = path.and_then(Path::extension).and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    let format = match (args.format, ending.as_deref()) {
        (Some(format), _) => format,
        (None, Some("json")) => CompareFormat::Json,
        (None, Some("csv")) => CompareFormat::Csv,
        (None, Some("xlsx")) => CompareFormat::Xlsx,
        (None, Some("txt") | None) => CompareFormat::Text,
        (None, Some(other)) => {
            return Err(format!(
                "no form of comparison ends in .{other}; known are .txt, .json, .csv, .xlsx"
            ));
        }
    };
    if format == CompareFormat::Xlsx && path.is_none() {
        return Err("--format xlsx needs a file; hint: -o 变化.xlsx".to_owned());
    }
    Ok((format, path.map(Path::to_path_buf)))
}

/// The documents of one side; `None` where it was interrupted.
fn side(
    path: &Path,
    args: &CompareArgs,
    options: &Options,
    screen: &Screen,
    summary: &mut Summary,
) -> io::Result<Option<Vec<Snapshot>>> {
    // a dataset keeps its documents below
    let below = path.join(DOCUMENTS);
    let path = if below.is_dir() { below } else { path.to_path_buf() };
    let Found { inputs, notes } =
        discover::discover_any(std::slice::from_ref(&path), &["pdf", "json", "ndjson", "jsonl"]);
    let told = super::extract::say_notes(&notes, screen);
    summary.failed += told.failed;
    if inputs.is_empty() && path.join("datapackage.json").is_file() {
        if !path.join("facts.csv").is_file() {
            let hint = "hint: compare the folders of JSON that they were made from";
            let what =
                format!("{}: a dataset without CSV files and without documents/; {hint}", path.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, what));
        }
        return compare::dataset(&path).map(Some);
    }
    let jobs = args.jobs.map_or_else(super::extract::cores, usize::from);
    let sources = Sources { inputs: &inputs, failed: Vec::new(), options, jobs, shape: Shape::default() };
    let mut out = Vec::new();
    let whole = each(&sources, screen, summary, &mut |outcome| {
        out.extend(outcome.documents.iter().map(Snapshot::of));
        Ok(())
    })?;
    Ok(whole.then_some(out))
}

/// Writes the answer.
fn answer(
    c: &Comparison,
    format: CompareFormat,
    path: Option<&Path>,
    args: &CompareArgs,
    screen: &Screen,
) -> io::Result<()> {
    let bytes = match format {
        CompareFormat::Text => compare::text(c, args.all).into_bytes(),
        CompareFormat::Json => {
            let mut text = serde_json::to_vec_pretty(c).map_err(io::Error::other)?;
            text.push(b'\n');
            text
        }
        CompareFormat::Csv => compare::csv(c, Vec::new(), args.bom)?,
        CompareFormat::Xlsx => {
            let (bytes, held) = crate::workbook::changes(c)?;
            path.into_iter().for_each(|path| workbook::say(screen, path, &held));
            bytes
        }
    };
    match path {
        Some(path) => {
            write::file(path, |out| out.write_all(&bytes).map(|()| true)).map_err(|e| cannot_write(path, &e))
        }
        None => {
            let mut out = io::stdout().lock();
            out.write_all(&bytes)?;
            out.flush()
        }
    }
}
