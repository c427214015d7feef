//! The command line: arguments (`args`, `parse`, `help`) and settings (`config`) → work → exit code. The only place, with `batch`, that touches files, streams
//! and the environment. Data goes to standard output, everything said to a person to standard error.

mod args;
mod card;
mod check;
mod compare;
mod config;
mod dataset;
mod deliver;
mod doctor;
mod exit;
mod explain;
mod extract;
mod folder;
mod grid;
mod help;
mod interrupt;
mod merge;
mod ocr;
mod pages;
mod parse;
mod reading;
mod schema;
mod screen;
mod settings;
mod show;
mod stdout;
mod target;
mod view;
mod workbook;
mod worker;

pub use exit::Exit;

use crate::words::{Lang, system};
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

/// Runs the program with these arguments (the first is the program's name) and says how it ended.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Exit {
    let words: Vec<OsString> = args.into_iter().collect();
    let environment = |name: &str| std::env::var(name).ok();
    let lang = config::language(&words, environment);
    let mut args = match parse::args(&words, lang) {
        Ok(args) => args,
        Err(exit) => return exit,
    };
    let chosen = args.screen.lang.is_some() || environment(config::LANG).is_some();
    args.screen.lang = Some(lang);
    let found = config::Config::find(args.screen.config.as_deref(), environment);
    match found {
        Ok(config) => config.complete(&mut args, chosen),
        Err(message) => return screen::Screen::new(&args.screen).fatal(&message),
    }
    args.screen.apply();
    match args.command {
        args::Command::Extract(extract) => extract::run(&extract, &args.screen),
        args::Command::Check(check) => check::run(&check, &args.screen),
        args::Command::Explain(explain) => explain::run(&explain, &args.screen),
        args::Command::Grid(grid) => grid::run(&grid, &args.screen),
        args::Command::Schema(schema) => schema::run(&schema, &args.screen),
        args::Command::Dataset(dataset) => dataset::run(&dataset, &args.screen),
        args::Command::Compare(compare) => compare::run(&compare, &args.screen),
        args::Command::Merge(merge) => merge::run(&merge, &args.screen),
        args::Command::View(view) => view::run(&view, &args.screen),
        args::Command::Show(show) => show::run(&show, &args.screen),
        args::Command::Doctor(doctor) => doctor::run(&doctor, &args.screen),
        args::Command::Worker(worker) => worker::run(&worker, &args.screen),
        args::Command::Completions(completions) => pages::completions(&completions, &args.screen),
        args::Command::Man(man) => pages::man(&man, &args.screen),
    }
}

/// Writes a whole answer to standard output. A reader that closed the pipe has what it wanted.
fn print(screen: &screen::Screen, bytes: &[u8]) -> Exit {
    let mut out = io::stdout().lock();
    match stdout::check().and_then(|()| out.write_all(bytes)).and_then(|()| out.flush()) {
        Ok(()) => Exit::Done,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
        Err(error) => screen.fatal(&unwritable(&error)),
    }
}

/// What is said when standard output takes nothing.
fn unwritable(error: &io::Error) -> String {
    format!("standard output: cannot write: {}", system(Lang::En, error))
}

/// The first line of the password file.
///
/// # Errors
/// When the file cannot be read; the message says why.
fn password(file: Option<&Path>) -> Result<Option<String>, String> {
    let Some(path) = file else { return Ok(None) };
    let text = settings::text(path)
        .map_err(|e| format!("{}: cannot read the password: {}", path.display(), system(Lang::En, &e)))?;
    Ok(text.lines().next().map(ToOwned::to_owned))
}
