//! `yusuan explain`: what a rule means, in English and Chinese.

use super::args::{ExplainArgs, ScreenArgs};
use super::exit::Exit;
use super::screen::Screen;
use crate::proof::{self, Rules};
use std::fmt::Write as _;

/// Runs the command.
pub(super) fn run(args: &ExplainArgs, screen_args: &ScreenArgs) -> Exit {
    let screen = Screen::new(screen_args);
    let own = match super::reading::rules(args.identities.as_deref()) {
        Ok(own) => own,
        Err(message) => return screen.fatal(&message),
    };
    let rules = own.as_deref().unwrap_or(Rules::built_in());
    let mut text = String::new();
    let Some(wanted) = args.rule.as_deref() else {
        for (id, en, _) in sentences(rules) {
            let _ = writeln!(text, "{id:<34} {en}");
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
