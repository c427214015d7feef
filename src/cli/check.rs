//! `yusuan check`: PDFs or emitted JSON → their findings, for people or one line a document for programs.

use super::args::{CheckArgs, CheckFormat, ScreenArgs};
use super::exit::Exit;
use super::interrupt;
use super::screen::{BAD, BOLD, DIM, GOOD, Screen, WARN};
use super::stdout;
use crate::batch::discover::{self, Found};
use crate::batch::summary::{self, Summary};
use crate::batch::{Input, Plan};
use crate::document::{Cause, Document, Finding, Place, Severity};
use crate::output::json;
use crate::output::printable::printable;
use crate::proof::{self, Rules};
use crate::words::{Lang, count, say, sentence, text};
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
    if let Err(error) = stdout::check() {
        return screen.fatal(&error.to_string());
    }
    let Found { inputs, notes } = discover::discover_any(&args.paths, &["pdf", "json", "ndjson", "jsonl"]);
    let mut summary = super::extract::say_notes(&notes, &screen);
    interrupt::listen();
    screen.start_bar(screen_args, inputs.len(), true);
    let (all, lang) = (args.all, screen.lang);
    let rules = options.rules.clone();
    let rules = rules.as_deref().unwrap_or(Rules::built_in());
    let people = |input: &Input, documents: &[Document], out: &mut Vec<u8>| {
        for d in documents {
            // writing into a Vec cannot fail
            let _ = for_people(Speech { lang, rules }, input, d, all, out);
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
            screen.failure(&outcome.label, &failure.say(screen.lang));
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
        Err(error) => return screen.fatal(&super::unwritable(&error)),
        Ok(()) => {}
    }
    ended(&screen, &summary, inputs.len(), args.strict, started)
}

fn ended(screen: &Screen, summary: &Summary, wanted: usize, strict: bool, started: Instant) -> Exit {
    let left = wanted.saturating_sub(summary.inputs);
    if left > 0 {
        screen.fatal(&say!(screen.lang, "say.interrupted", left = left, all = wanted));
        return Exit::Interrupted;
    }
    screen.totals(summary, started.elapsed());
    if summary.any_failed() {
        Exit::FilesFailed
    } else if strict && summary.doubtful > 0 {
        Exit::ChecksFailed
    } else {
        Exit::Done
    }
}

/// In which language findings are told, and the rules that they name.
#[derive(Clone, Copy)]
struct Speech<'a> {
    lang: Lang,
    rules: &'a Rules,
}

/// The findings of one document, the gravest first; notes only where they are asked for.
fn for_people(speech: Speech, input: &Input, d: &Document, all: bool, out: &mut Vec<u8>) -> io::Result<()> {
    let lang = speech.lang;
    let unknown = say!(lang, "card.no-department");
    let department = d.head.department.as_deref().unwrap_or(&unknown);
    write!(out, "{BOLD}{}{BOLD:#}  {DIM}{}", printable(department), printable(&input.label()))?;
    if d.source.parts > 1 {
        write!(out, "{}", say!(lang, "card.part", part = d.source.part, parts = d.source.parts))?;
    }
    writeln!(out, "{DIM:#}")?;
    let p = d.proof;
    let identities = say!(
        lang,
        "check.identities",
        n = p.identities,
        exact = p.exact,
        rounding = p.rounding,
        broken = p.inconsistent,
        unchecked = p.not_checked
    );
    let placed = summary::placed(lang, [p.printed, p.placed].map(u64::from));
    let amounts = summary::amounts(lang, u64::from(p.amounts), Some(u64::from(p.proved)));
    writeln!(out, "  {placed}{amounts} · {identities}")?;
    let mut shown: Vec<&Finding> = d.findings.iter().filter(|f| all || f.severity > Severity::Info).collect();
    shown.sort_by_key(|f| (std::cmp::Reverse(f.severity), f.place.table.unwrap_or(u8::MAX)));
    for f in &shown {
        finding(speech, f, out)?;
    }
    let notes = d.findings.iter().filter(|f| f.severity == Severity::Info).count();
    match (shown.is_empty(), notes) {
        (true, 0) => writeln!(out, "  {GOOD}{}{GOOD:#}", say!(lang, "check.nothing"))?,
        (true, n) if !all => {
            let see = say!(lang, "check.see", notes = count(lang, n as u64, "count.note"));
            writeln!(out, "  {GOOD}{}{GOOD:#} {DIM}{see}{DIM:#}", say!(lang, "check.nothing-wrong"))?;
        }
        _ => {}
    }
    writeln!(out)
}

/// Other sides of a disagreement that are shown.
const SIDES: usize = 3;

fn place_words(lang: Lang, place: &Place) -> String {
    let mut words = Vec::new();
    words.extend(place.table.map(|t| say!(lang, "check.table", n = t)));
    words.extend(place.row.as_deref().map(|r| say!(lang, "check.row", name = printable(r))));
    words.extend(place.column.as_deref().map(|c| say!(lang, "check.column", name = printable(c))));
    words.extend(place.page.map(|p| say!(lang, "check.page", n = p)));
    words.join(" · ")
}

/// What a finding says. In Chinese: its sentence where it is translated, else what its rule means; the English is added
/// where values and places do not tell the rest.
fn told(speech: Speech, f: &Finding) -> String {
    if speech.lang == Lang::En {
        return f.message.clone();
    }
    let translated = sentence(speech.lang, &f.message);
    if translated != f.message {
        return translated.into_owned();
    }
    let mut identities = speech.rules.sentences();
    if let Some((_, _, zh)) = identities.find(|(id, _, _)| *id == f.rule) {
        return zh.to_owned();
    }
    match proof::findings().find(|(id, _, _)| *id == f.rule) {
        Some((_, _, zh)) if f.expected.is_some() || f.actual.is_some() => zh.to_owned(),
        Some((_, _, zh)) => format!("{zh}（{}）", f.message),
        None => f.message.clone(),
    }
}

fn finding(speech: Speech, f: &Finding, out: &mut Vec<u8>) -> io::Result<()> {
    let lang = speech.lang;
    let (style, word) = match f.severity {
        Severity::Error => (BAD, "check.error"),
        Severity::Warning => (WARN, "check.warning"),
        Severity::Info => (DIM, "check.note"),
    };
    let word = text(lang, word).unwrap_or_default();
    let message = told(speech, f);
    writeln!(out, "  {style}{word}{style:#} {BOLD}{}{BOLD:#}  {}", printable(&f.rule), printable(&message))?;
    let place = place_words(lang, &f.place);
    if !place.is_empty() {
        writeln!(out, "        {DIM}{}{place}{DIM:#}", say!(lang, "check.at"))?;
    }
    for (i, other) in f.others.iter().take(SIDES).enumerate() {
        let word = if i == 0 { say!(lang, "check.against") } else { "        ".to_owned() };
        let more = f.others.len().saturating_sub(SIDES);
        let more =
            if i + 1 == SIDES && more > 0 { say!(lang, "check.more", n = more) } else { String::new() };
        writeln!(out, "        {DIM}{word}{}{more}{DIM:#}", place_words(lang, other))?;
    }
    if f.expected.is_some() || f.actual.is_some() {
        let text = |v: Option<Decimal>| v.map_or("–".to_owned(), |v| v.to_string());
        let (printed, needed, difference) = (text(f.actual), text(f.expected), text(f.difference));
        let values = say!(lang, "check.values", printed = printed, needed = needed, difference = difference);
        writeln!(out, "        {values}")?;
    }
    let blame = match f.cause {
        Some(Cause::Source) => "check.source",
        Some(Cause::Extraction) => "check.extraction",
        Some(Cause::Undecided) | None => return Ok(()),
    };
    writeln!(out, "        {BOLD}{}{BOLD:#}", text(lang, blame).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::batch::Origin;
    use crate::output::fixture;

    fn told(lang: Lang, documents: &[Document]) -> String {
        let input = Input { origin: Origin::File("a.pdf".into()), output: "a.json".into() };
        let mut out = Vec::new();
        for d in documents {
            for_people(Speech { lang, rules: Rules::built_in() }, &input, d, true, &mut out).unwrap();
        }
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    /// The documents of the samples, as they were emitted.
    fn samples() -> Vec<Document> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
        let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let json = paths.filter(|path| path.extension().is_some_and(|e| e == "json"));
        let read = json.map(|path| std::fs::read(path).unwrap());
        read.flat_map(|bytes| crate::reread(&bytes, &Default::default()).unwrap()).collect()
    }

    #[test]
    fn a_document_s_findings_are_told_in_both_languages() {
        let documents = [fixture::full()];
        let (en, zh) = (told(Lang::En, &documents), told(Lang::Zh, &documents));
        assert_eq!(en.lines().count(), zh.lines().count());
        assert!(
            en.contains("error ") && en.contains("\n        at      table ") && en.contains(" · needed "),
            "{en}"
        );
        assert!(
            zh.contains("错误 ") && zh.contains("\n        位置    表 ") && zh.contains(" · 应为 "),
            "{zh}"
        );
    }

    #[test]
    fn the_findings_of_the_samples_leave_no_english_sentence_in_chinese() {
        let zh = told(Lang::Zh, &samples());
        let english = zh.lines().filter(|line| {
            // names of columns, rules and identities are ours and the same everywhere
            let words = line.split(|c: char| !c.is_ascii_lowercase()).filter(|w| w.len() > 1);
            let common = ["the", "is", "of", "that", "not", "and", "are", "to", "was"];
            words.filter(|word| common.contains(word)).count() > 2 && !line.contains("proof.not-checked")
        });
        let english: Vec<&str> = english.collect();
        assert!(english.is_empty(), "{english:#?}");
    }
}
