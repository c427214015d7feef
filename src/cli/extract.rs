//! `yusuan extract`: arguments → batch → exit code.

use super::args::{ExtractArgs, Provenance, ScreenArgs};
use super::deliver::Delivery;
use super::exit::Exit;
use super::interrupt;
use super::screen::Screen;
use super::target::Target;
use crate::batch::discover::{self, Found, Note};
use crate::batch::shard;
use crate::batch::summary::Summary;
use crate::options::Options;
use crate::output::printable::printable;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Above so many files, the failures among them are listed once more at the end.
const ONE_SCREEN: usize = 20;

/// Runs the command.
pub(super) fn run(args: &ExtractArgs, screen_args: &ScreenArgs) -> Exit {
    let started = Instant::now();
    let mut screen = Screen::new(screen_args);
    let options = match args.reading.options() {
        Ok(options) => Options { provenance_cells: args.provenance == Provenance::Cells, ..options },
        Err(message) => return screen.fatal(&message),
    };
    let target = match Target::of(args, io::stdout().is_terminal()) {
        Ok(target) => target,
        Err(message) => return screen.fatal(&message),
    };
    let listed = match listed(args) {
        Ok(listed) => listed,
        Err(message) => return screen.fatal(&message),
    };
    let Found { mut inputs, notes } = discover::discover_listed(&args.paths, &listed);
    let batch = shard::batch_id(&inputs);
    if let Some(shard) = args.shard {
        inputs.retain(|input| shard.holds(input));
    }
    if let Some(path) = target.overwrites(&inputs) {
        return screen.fatal(&format!("{}: the output would overwrite this input", path.display()));
    }
    let summary = say_notes(&notes, &screen);
    interrupt::listen();
    screen.start_bar(screen_args, inputs.len());
    let mut delivery = Delivery {
        inputs: &inputs,
        options: &options,
        jobs: args.jobs.map_or_else(cores, usize::from),
        settings: target.settings(args),
        screen: &screen,
        summary,
        force: args.force,
        overwrite: args.overwrite,
        shard: args.shard,
        batch,
        mark: args.bom,
    };
    let delivered = delivery.deliver(&target);
    screen.end_bar();
    if let Err(error) = delivered {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Exit::Done;
        }
        return screen.fatal(&error.to_string());
    }
    let interrupted = delivery.left() > 0;
    if interrupted {
        screen.fatal(&format!("interrupted: {} of {} files not read", delivery.left(), inputs.len()));
    }
    let summary = delivery.summary;
    screen.say(&epilogue(&summary, started.elapsed(), &target, interrupted));
    if interrupted {
        Exit::Interrupted
    } else if summary.failed > 0 {
        Exit::FilesFailed
    } else if args.strict && summary.doubtful > 0 {
        Exit::ChecksFailed
    } else {
        Exit::Done
    }
}

/// The paths of `--files-from`.
fn listed(args: &ExtractArgs) -> Result<Vec<PathBuf>, String> {
    let Some(list) = &args.files_from else { return Ok(Vec::new()) };
    let mut bytes = Vec::new();
    let read = if list.as_path() == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(list).map(|b| bytes = b)
    };
    read.map_err(|e| format!("{}: cannot read the list: {e}", list.display()))?;
    Ok(discover::parse_list(&bytes, args.null))
}

/// Says what `discover` has to say; paths that could not be searched are failures.
pub(super) fn say_notes(notes: &[Note], screen: &Screen) -> Summary {
    let mut summary = Summary::default();
    for note in notes {
        let label = note.path.to_string_lossy();
        if note.failed {
            screen.failure(&label, &note.what);
            summary.fail(&label, &note.what);
        } else {
            screen.note(&label, &note.what);
        }
    }
    summary
}

/// Number of cores.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// What is said when everything is done. Labels come from outside and are made printable.
fn epilogue(summary: &Summary, elapsed: Duration, target: &Target, interrupted: bool) -> String {
    let mut text = summary.totals(elapsed);
    if summary.files() > ONE_SCREEN {
        for line in summary.failed_files().lines() {
            text.push_str(&printable(line));
            text.push('\n');
        }
    }
    if summary.documents == 0 {
        return text;
    }
    if let Some(path) = target.path().filter(|_| !interrupted) {
        text.push_str(&format!("written to {}\n", printable(&path.to_string_lossy())));
    } else if *target == Target::Cards {
        text.push_str("add `-o out` to write the JSON of each document into the folder `out`\n");
    }
    text
}
