//! `yusuan explain`: what a rule means, how a title is understood, and what each grid of a file was taken for.

use super::args::{ExplainArgs, ExplainFormat, ScreenArgs};
use super::exit::Exit;
use super::screen::Screen;
use crate::batch::discover::{Origin, shown};
use crate::batch::run::read;
use crate::options::Options;
use crate::proof::{self, Rules};
use crate::tables::title;
use crate::words::{Lang, system};
use std::fmt::Write as _;
use std::io::{BufRead as _, Read as _};
use std::path::Path;

/// Runs the command.
pub(super) fn run(args: &ExplainArgs, screen_args: &ScreenArgs) -> Exit {
    let screen = Screen::new(screen_args);
    if let Some(title) = &args.title {
        return titles(&screen, title, args.format);
    }
    if let Some(path) = args.rule.as_deref().map(Path::new).filter(|path| path.is_file()) {
        return file(&screen, path, args.format);
    }
    let own = match super::reading::rules(args.identities.as_deref()) {
        Ok(own) => own,
        Err(message) => return screen.fatal(&message),
    };
    let rules = own.as_deref().unwrap_or(Rules::built_in());
    let mut text = String::new();
    let Some(wanted) = args.rule.as_deref() else {
        for (id, en, zh) in sentences(rules) {
            let said = if screen.lang == Lang::Zh { zh } else { en };
            let _ = writeln!(text, "{id:<34} {said}");
        }
        return super::print(&screen, text.as_bytes());
    };
    let all = || sentences(rules);
    // `A12` means A12.parents, A12.total, …
    let group = |id: &str| id.split('.').next().is_some_and(|g| g.eq_ignore_ascii_case(wanted));
    for (id, en, zh) in all().filter(|(id, _, _)| id.eq_ignore_ascii_case(wanted) || group(id)) {
        let _ = writeln!(text, "{id}\n  {en}\n  {zh}");
    }
    if text.is_empty() {
        return screen
            .fatal(&format!("no rule `{wanted}`; hint: {}", near(wanted, all().map(|(id, _, _)| id))));
    }
    super::print(&screen, text.as_bytes())
}

/// Longest title line that is read from standard input, in bytes.
const LONGEST_TITLE: u64 = 4096;

/// How a title is understood, or each line of standard input.
fn titles(screen: &Screen, title: &str, format: ExplainFormat) -> Exit {
    if title != "-" {
        return super::print(screen, understood(title, format).as_bytes());
    }
    let mut input = std::io::stdin().lock();
    loop {
        let mut line = Vec::new();
        match input.by_ref().take(LONGEST_TITLE).read_until(b'\n', &mut line) {
            Ok(0) => return Exit::Done,
            Ok(_) => {}
            Err(error) => return screen.fatal(&format!("standard input: {}", system(Lang::En, &error))),
        }
        let text = String::from_utf8_lossy(&line);
        let title = text.trim();
        if title.is_empty() {
            continue;
        }
        let exit = super::print(screen, understood(title, format).as_bytes());
        if exit != Exit::Done {
            return exit;
        }
    }
}

fn understood(title: &str, format: ExplainFormat) -> String {
    let read = title::understand(title);
    if format == ExplainFormat::Json {
        return serde_json::to_string(&read).unwrap_or_default() + "\n";
    }
    let frame = &read.frame;
    let table = match (read.table, read.perhaps, read.kind) {
        (Some(number), _, _) => format!("table {number}"),
        (_, Some(number), _) => format!("perhaps table {number}"),
        (_, _, Some(kind)) => format!("none of the twelve: {kind}"),
        _ => "not understood".to_owned(),
    };
    let mut text = format!("{title}\n  {table}\n");
    let lists = [
        ("about", &frame.about),
        ("side", &frame.side),
        ("part", &frame.part),
        ("by", &frame.by),
        ("also", &frame.other),
    ];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        let _ = writeln!(text, "  {name}: {}", list.join(", "));
    }
    if frame.unknown > 0 {
        let _ = writeln!(text, "  {} characters are not understood", frame.unknown);
    }
    text
}

/// What each grid of a file was taken for.
fn file(screen: &Screen, path: &Path, format: ExplainFormat) -> Exit {
    let read = read(&Origin::File(path.to_path_buf()));
    let readings = read.and_then(|bytes| Ok(crate::readings(&bytes, &Options::default())?));
    let readings = match readings {
        Ok(readings) => readings,
        Err(failure) => {
            screen.failure(&shown(path), &failure.say(screen.lang));
            return Exit::FilesFailed;
        }
    };
    let mut text = String::new();
    for reading in &readings {
        match format {
            ExplainFormat::Json => {
                text.push_str(&(serde_json::to_string(reading).unwrap_or_default() + "\n"))
            }
            ExplainFormat::Text => {
                let _ = writeln!(text, "{reading}");
            }
        }
    }
    super::print(screen, text.as_bytes())
}

/// The ids that share a part with the one asked for.
fn near<'a>(wanted: &str, ids: impl Iterator<Item = &'a str>) -> String {
    let wanted = wanted.to_lowercase();
    let parts: Vec<&str> = wanted.split(['.', '-', '_']).filter(|p| p.len() > 2).collect();
    let like: Vec<&str> =
        ids.filter(|id| parts.iter().any(|p| id.to_lowercase().contains(p))).take(5).collect();
    if like.is_empty() {
        "`yusuan explain` lists all".to_owned()
    } else {
        format!("perhaps {}", like.join(", "))
    }
}

/// All rules and findings: id, English, Chinese.
fn sentences(rules: &Rules) -> impl Iterator<Item = (&str, &str, &str)> {
    rules.sentences().chain(proof::findings().map(|(id, en, zh)| -> (&str, &str, &str) { (id, en, zh) }))
}
