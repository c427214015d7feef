//! The command line: arguments → settings → work → exit code. The only place, with `batch`, that touches files, streams
//! and the environment. Data goes to standard output, everything said to a person to standard error.

mod args;
mod card;
mod check;
mod dataset;
mod deliver;
mod doctor;
mod exit;
mod explain;
mod extract;
mod folder;
mod grid;
mod interrupt;
mod merge;
mod ocr;
mod reading;
mod schema;
mod screen;
mod target;
mod worker;

pub use exit::Exit;

use clap::Parser;
use std::ffi::OsString;

use std::io::{self, Write};
use std::path::Path;

/// Runs the program with these arguments (the first is the program's name) and says how it ended.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Exit {
    let args = match args::Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => {
            // also help and version, which go to standard output; a closed pipe is not worth a word
            let _ = error.print();
            return if error.use_stderr() { Exit::Failed } else { Exit::Done };
        }
    };
    args.screen.apply();
    match args.command {
        args::Command::Extract(extract) => extract::run(&extract, &args.screen),
        args::Command::Check(check) => check::run(&check, &args.screen),
        args::Command::Explain(explain) => explain::run(&explain, &args.screen),
        args::Command::Grid(grid) => grid::run(&grid, &args.screen),
        args::Command::Schema(schema) => schema::run(&schema, &args.screen),
        args::Command::Dataset(dataset) => dataset::run(&dataset, &args.screen),
        args::Command::Merge(merge) => merge::run(&merge, &args.screen),
        args::Command::Doctor(doctor) => doctor::run(&doctor, &args.screen),
        args::Command::Worker(worker) => worker::run(&worker, &args.screen),
    }
}

/// Writes a whole answer to standard output. A reader that closed the pipe has what it wanted.
fn print(screen: &screen::Screen, bytes: &[u8]) -> Exit {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Exit::Done,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
        Err(error) => screen.fatal(&format!("standard output: cannot write: {error}")),
    }
}

/// The first line of the password file.
///
/// # Errors
/// When the file cannot be read; the message says why.
fn password(file: Option<&Path>) -> Result<Option<String>, String> {
    let Some(path) = file else { return Ok(None) };
    let text = text(path).map_err(|e| format!("{}: cannot read the password: {e}", path.display()))?;
    Ok(text.lines().next().map(ToOwned::to_owned))
}

/// Bytes of a file of settings.
const MAX_SETTINGS: u64 = 16 << 20;

/// The text of a file of settings, which may be a pipe, but not one without an end.
///
/// # Errors
/// When it cannot be read, is too large or no UTF-8.
fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let file = std::fs::File::open(path)?;
    io::Read::read_to_string(&mut io::Read::take(file, MAX_SETTINGS + 1), &mut text)?;
    if text.len() as u64 > MAX_SETTINGS {
        return Err(io::Error::other(format!("more than {} MB", MAX_SETTINGS >> 20)));
    }
    Ok(text)
}
