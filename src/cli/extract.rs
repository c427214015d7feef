//! `yusuan extract`: arguments → batch → exit code.

use super::args::{ExtractArgs, Provenance, ScreenArgs};
use super::deliver::Delivery;
use super::exit::Exit;
use super::interrupt;
use super::screen::Screen;
use super::target::Target;
use super::{settings, stdout};
use crate::batch::discover::{self, Found, Note, Why};
use crate::batch::shard;
use crate::batch::summary::Summary;
use crate::options::Options;
use crate::output::printable;
use crate::words::{Lang, say, system};
use std::io::{self, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Runs the command.
pub(super) fn run(args: &ExtractArgs, screen_args: &ScreenArgs) -> Exit {
    let started = Instant::now();
    let mut screen = Screen::new(screen_args);
    let options = match args.reading.options() {
        Ok(options) => Options { provenance_cells: args.provenance == Some(Provenance::Cells), ..options },
        Err(message) => return screen.fatal(&message),
    };
    let target = match Target::of(args, io::stdout().is_terminal()) {
        Ok(target) => target,
        Err(message) => return screen.fatal(&message),
    };
    if args.shape.is_given() && !matches!(target, Target::Dataset(_)) {
        return screen.fatal(&say!(screen.lang, "say.shape-of-dataset"));
    }
    if target.path().is_none()
        && let Err(error) = stdout::check()
    {
        return screen.fatal(&error.to_string());
    }
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
    screen.start_bar(screen_args, inputs.len(), target.path().is_none());
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
        shape: args.shape.shape(args.bom),
    };
    let delivered = delivery.deliver(&target);
    screen.end_bar();
    if let Err(error) = delivered {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Exit::Done;
        }
        return match target.path() {
            // it has named its place
            Some(_) => screen.fatal(&error.to_string()),
            None => screen.fatal(&super::unwritable(&error)),
        };
    }
    let interrupted = delivery.left() > 0;
    if interrupted {
        screen.fatal(&say!(screen.lang, "say.interrupted", left = delivery.left(), all = inputs.len()));
    }
    let summary = delivery.summary;
    screen.totals(&summary, started.elapsed());
    screen.say(&epilogue(screen.lang, &summary, &target, interrupted));
    if interrupted {
        Exit::Interrupted
    } else if summary.any_failed() {
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
    let read = if list.as_path() == Path::new("-") {
        discover::read_list(io::stdin().lock(), args.null)
    } else {
        settings::open(list).and_then(|file| discover::read_list(BufReader::new(file), args.null))
    };
    read.map_err(|e| format!("{}: cannot read the list: {}", list.display(), system(Lang::En, &e)))
}

/// Says what `discover` has to say; paths that could not be searched are failures.
pub(super) fn say_notes(notes: &[Note], screen: &Screen) -> Summary {
    let mut summary = Summary::default();
    for note in notes {
        let (label, what) = (discover::shown(&note.path), note.what.say(screen.lang));
        if note.failed {
            screen.failure(&label, &what);
            match note.what {
                Why::Unlistable(_) | Why::NoPdf | Why::Nothing => summary.folders += 1,
                _ => summary.fail(),
            }
        } else {
            screen.note(&label, &what);
        }
    }
    summary
}

/// Number of cores.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// What is said when everything is done.
fn epilogue(lang: Lang, summary: &Summary, target: &Target, interrupted: bool) -> String {
    if summary.documents == 0 {
        return String::new();
    }
    if let Some(path) = target.path().filter(|_| !interrupted) {
        return say!(lang, "say.written", path = printable::path(path)) + "\n";
    }
    if *target == Target::Cards { say!(lang, "say.cards") + "\n" } else { String::new() }
}
