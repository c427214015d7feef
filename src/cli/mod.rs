//! The command line: arguments → settings → work → exit code. The only place, with `batch`, that touches files, streams
//! and the environment. Data goes to standard output, everything said to a person to standard error.

mod args;
mod card;
mod exit;
mod extract;
mod screen;

pub use exit::Exit;

use clap::Parser;
use std::ffi::OsString;

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
    }
}
