//! `yusuan check`: PDFs or emitted JSON → their findings, for people or one line a document for programs.

use super::args::{CheckArgs, CheckFormat, ScreenArgs};
use super::exit::Exit;
use super::interrupt;
use super::screen::{BAD, BOLD, DIM, GOOD, Screen, WARN};
use crate::batch::discover::{self, Found};
use crate::batch::summary::{self, Summary};
use crate::batch::{Input, Plan};
use crate::document::{Cause, Document, Finding, Place, Severity};
use crate::output::json;
use crate::output::printable::printable;
use rust_decimal::Decimal;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::time::Instant;

/// Runs the command.
pub(super) fn run(args: &CheckArgs, screen_args: &ScreenArgs) -> Exit {
    let started = Instant::now();
    let mut screen = Screen::new(screen_args);
    let options = match args.reading.options() {
        Ok(options) => options,
        Err(message) => return screen.fatal(&message),
    };
    let Found { inputs, notes } = discover::discover_any(&args.paths, &["pdf", "json", "ndjson", "jsonl"]);
    let mut summary = super::extract::say_notes(&notes, &screen);
    interrupt::listen();
    screen.start_bar(screen_args, inputs.len());
    let all = args.all;
    let people = |input: &Input, documents: &[Document], out: &mut Vec<u8>| {
        for d in documents {
            // writing into a Vec cannot fail
            let _ = for_people(input, d, all, out);
        }
    };
    let lines = |input: &Input, documents: &[Document], out: &mut Vec<u8>| {
        for d in documents {
            json::checked(out, &input.label(), d);
        }
    };
    let plan = Plan {
        inputs: &inputs,
        options: &options,
        jobs: args.jobs.map_or_else(super::extract::cores, usize::from),
        extract: &crate::check,
        render: match args.format {
            CheckFormat::Text => &people,
            CheckFormat::Json => &lines,
        },
        folder: None,
        ledger: None,
        keep: false,
        go_on: &|| !interrupt::requested(),
    };
    let mut out: Box<dyn Write> = match args.format {
        CheckFormat::Text => Box::new(anstream::stdout()),
        CheckFormat::Json => Box::new(io::stdout().lock()),
    };
    let mut written = Ok(());
    let ran = crate::batch::run(&plan, |outcome| {
        if let Err(failure) = &outcome.result {
            screen.failure(&outcome.label, &failure.to_string());
        }
        summary.add(&outcome);
        screen.advance();
        written = out.write_all(&outcome.rendered);
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    screen.end_bar();
    if let Err(error) = ran {
        return screen.fatal(&format!("cannot start threads: {error}"));
    }
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Exit::Done,
        Err(error) => return screen.fatal(&format!("standard output: cannot write: {error}")),
        Ok(()) => {}
    }
    ended(&screen, &summary, inputs.len(), args.strict, started)
}

fn ended(screen: &Screen, summary: &Summary, wanted: usize, strict: bool, started: Instant) -> Exit {
    let left = wanted.saturating_sub(summary.inputs);
    if left > 0 {
        screen.fatal(&format!("interrupted: {left} of {wanted} files not read"));
        return Exit::Interrupted;
    }
    screen.say(&summary.totals(started.elapsed()));
    if summary.failed > 0 {
        Exit::FilesFailed
    } else if strict && summary.doubtful > 0 {
        Exit::ChecksFailed
    } else {
        Exit::Done
    }
}

/// The findings of one document, the gravest first; notes only where they are asked for.
fn for_people(input: &Input, d: &Document, all: bool, out: &mut Vec<u8>) -> io::Result<()> {
    let department = d.head.department.as_deref().unwrap_or("(department not found)");
    write!(out, "{BOLD}{}{BOLD:#}  {DIM}{}", printable(department), printable(&input.label()))?;
    if d.source.parts > 1 {
        write!(out, ", part {} of {}", d.source.part, d.source.parts)?;
    }
    writeln!(out, "{DIM:#}")?;
    let p = d.proof;
    writeln!(
        out,
        "  {}{} · {} identities: {} exact, {} rounding, {} broken, {} not checked",
        summary::placed([p.printed, p.placed].map(u64::from)),
        summary::amounts(u64::from(p.amounts), Some(u64::from(p.proved))),
        p.identities,
        p.exact,
        p.rounding,
        p.inconsistent,
        p.not_checked
    )?;
    let mut shown: Vec<&Finding> = d.findings.iter().filter(|f| all || f.severity > Severity::Info).collect();
    shown.sort_by_key(|f| (std::cmp::Reverse(f.severity), f.place.table.unwrap_or(u8::MAX)));
    for f in &shown {
        finding(f, out)?;
    }
    let notes = d.findings.iter().filter(|f| f.severity == Severity::Info).count();
    match (shown.is_empty(), notes) {
        (true, 0) => writeln!(out, "  {GOOD}nothing to report{GOOD:#}")?,
        (true, n) if !all => writeln!(
            out,
            "  {GOOD}nothing wrong{GOOD:#} {DIM}({}: see them with --all){DIM:#}",
            summary::count(n as u64, "note")
        )?,
        _ => {}
    }
    writeln!(out)
}

/// Other sides of a disagreement that are shown.
const SIDES: usize = 3;

fn place_words(place: &Place) -> String {
    let mut words = Vec::new();
    words.extend(place.table.map(|t| format!("table {t}")));
    words.extend(place.row.as_deref().map(|r| format!("row {}", printable(r))));
    words.extend(place.column.as_deref().map(|c| format!("column {}", printable(c))));
    words.extend(place.page.map(|p| format!("page {p}")));
    words.join(" · ")
}

fn finding(f: &Finding, out: &mut Vec<u8>) -> io::Result<()> {
    let (style, word) = match f.severity {
        Severity::Error => (BAD, "error"),
        Severity::Warning => (WARN, "warning"),
        Severity::Info => (DIM, "note"),
    };
    writeln!(
        out,
        "  {style}{word}{style:#} {BOLD}{}{BOLD:#}  {}",
        printable(&f.rule),
        printable(&f.message)
    )?;
    let place = place_words(&f.place);
    if !place.is_empty() {
        writeln!(out, "        {DIM}at      {place}{DIM:#}")?;
    }
    for (i, other) in f.others.iter().take(SIDES).enumerate() {
        let word = if i == 0 { "against" } else { "       " };
        let more = f.others.len().saturating_sub(SIDES);
        let more = if i + 1 == SIDES && more > 0 { format!(" (and {more} more)") } else { String::new() };
        writeln!(out, "        {DIM}{word} {}{more}{DIM:#}", place_words(other))?;
    }
    if f.expected.is_some() || f.actual.is_some() {
        let text = |v: Option<Decimal>| v.map_or("–".to_owned(), |v| v.to_string());
        let (printed, needed) = (text(f.actual), text(f.expected));
        writeln!(out, "        printed {printed} · needed {needed} · difference {}", text(f.difference))?;
    }
    let blame = match f.cause {
        Some(Cause::Source) => "the document prints it so",
        Some(Cause::Extraction) => "it may have been read wrongly: look at the page",
        Some(Cause::Undecided) | None => return Ok(()),
    };
    writeln!(out, "        {BOLD}{blame}{BOLD:#}")?;
    Ok(())
}
