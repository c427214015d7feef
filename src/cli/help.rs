//! The command line with its texts → pages of help. They are laid out here, since a line of Chinese may be broken between
//! any two characters and is twice as wide as it has characters.

use super::parse::worded as text_of;
use super::screen::BOLD;
use crate::words::{Lang, say, text};
use clap::{Arg, ArgAction, Command};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Widest page, in columns.
const WIDEST: usize = 110;
/// Width of the page where nobody tells that of the terminal.
const USUAL: usize = 100;
/// Column in which explanations begin.
const COLUMN: usize = 28;

/// The command line with the texts of the catalogue.
pub(super) fn worded(command: Command, lang: Lang) -> Command {
    with_texts(command, "yusuan", lang)
}

fn with_texts(command: Command, name: &str, lang: Lang) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let mut command = command.mut_args(|arg| {
        let id = arg.get_id().to_string();
        match text_of(lang, name, &id) {
            Some(text) => arg.help(text).long_help(text),
            None => arg,
        }
    });
    if let Some(about) = text_of(lang, name, "about") {
        command = command.about(about).long_about(about);
    }
    if let Some(after) = text(lang, &format!("help.{name}.after")) {
        command = command.after_help(after);
    }
    for sub in names {
        command = command.mut_subcommand(&sub, |c| with_texts(c, &sub, lang));
    }
    command
}

/// How a command is used, in one line.
pub(super) fn usage(command: &mut Command, lang: Lang) -> String {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").replace("[OPTIONS]", &say!(lang, "help.word.options"));
    let usage = usage.replace("<COMMAND>", &say!(lang, "help.word.command"));
    say!(lang, "help.word.usage", usage = usage.trim())
}

/// The page of a command.
pub(super) fn page(command: &mut Command, lang: Lang) -> String {
    let width = terminal_size::terminal_size().map_or(USUAL, |(width, _)| usize::from(width.0));
    laid_out(command, lang, width.min(WIDEST))
}

fn laid_out(command: &mut Command, lang: Lang, width: usize) -> String {
    let mut out = String::new();
    if let Some(about) = command.get_about() {
        paragraph(&about.to_string(), width, &mut out);
        out.push('\n');
    }
    out.push_str(&usage(command, lang));
    out.push('\n');
    let subcommands: Vec<&Command> = command.get_subcommands().filter(|c| !c.is_hide_set()).collect();
    if !subcommands.is_empty() {
        heading("commands", lang, &mut out);
        for sub in subcommands {
            let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
            entry(sub.get_name(), &about, width, &mut out);
        }
    }
    let arguments: Vec<&Arg> = command.get_arguments().filter(|a| !a.is_hide_set()).collect();
    for title in ["arguments", "options", "screen"] {
        let of: Vec<&&Arg> = arguments.iter().filter(|a| group(a) == title).collect();
        if of.is_empty() {
            continue;
        }
        heading(title, lang, &mut out);
        for arg in of {
            entry(&spec(arg), &explained(arg, command.get_name(), lang), width, &mut out);
        }
    }
    if let Some(after) = command.get_after_help() {
        out.push('\n');
        for line in after.to_string().lines() {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// Under which heading an argument stands.
fn group(arg: &Arg) -> &'static str {
    match arg.get_help_heading() {
        _ if matches!(arg.get_id().as_str(), "help" | "version") => "screen",
        Some("screen") => "screen",
        _ if arg.is_positional() => "arguments",
        _ => "options",
    }
}

fn heading(title: &str, lang: Lang, out: &mut String) {
    let title = text(lang, &format!("help.heading.{title}")).unwrap_or(title);
    out.push_str(&format!("\n{BOLD}{title}{BOLD:#}\n"));
}

/// `-o, --output <DIR|FILE|->`.
fn spec(arg: &Arg) -> String {
    let values: Vec<String> = arg.get_value_names().into_iter().flatten().map(|v| format!("<{v}>")).collect();
    if arg.is_positional() {
        let many = if matches!(arg.get_action(), ArgAction::Append) { "..." } else { "" };
        return values.join(" ") + many;
    }
    let short = arg.get_short().map_or("    ".to_owned(), |c| format!("-{c}, "));
    let long = arg.get_long().map_or(String::new(), |long| format!("--{long}"));
    let values = if arg.get_action().takes_values() { values.join(" ") } else { String::new() };
    format!("{short}{long} {values}").trim_end().to_owned()
}

/// What an argument is for, and each of its values.
fn explained(arg: &Arg, command: &str, lang: Lang) -> String {
    let id = arg.get_id().as_str();
    let mut text = arg.get_help().map(ToString::to_string).unwrap_or_default();
    if !arg.get_action().takes_values() {
        return text;
    }
    for value in arg.get_possible_values().iter().filter(|v| !v.is_hide_set()) {
        let name = value.get_name();
        let of = |what: &str| crate::words::text(lang, &format!("help.value.{what}.{name}"));
        if let Some(what) = of(&format!("{command}-{id}")).or_else(|| of(id)) {
            text.push_str(&format!("\n{name}: {what}"));
        }
    }
    text
}

/// A name, and its explanation beside it or, where there is no room, below.
fn entry(name: &str, explanation: &str, width: usize, out: &mut String) {
    let mut line = format!("  {name}");
    if line.width() + 2 > COLUMN {
        out.push_str(&line);
        out.push('\n');
        line.clear();
    }
    for part in explanation.lines() {
        for piece in wrapped(part, width.saturating_sub(COLUMN)) {
            let gap = COLUMN.saturating_sub(line.width());
            out.push_str(&format!("{line}{}{piece}\n", " ".repeat(gap)));
            line.clear();
        }
    }
    if !line.is_empty() {
        out.push_str(&line);
        out.push('\n');
    }
}

fn paragraph(text: &str, width: usize, out: &mut String) {
    for line in wrapped(text, width) {
        out.push_str(&line);
        out.push('\n');
    }
}

/// Marks that do not begin a line.
const CLOSING: &str = "，。；：、）》”’！？…";

/// Lines of at most `width` columns: broken at spaces, and between characters of Chinese.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for piece in pieces(text) {
        let fits = line.width() + piece.trim_end().width() <= width;
        if !fits && !line.is_empty() {
            lines.push(line.trim_end().to_owned());
            line.clear();
        }
        line.push_str(piece);
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// What must stay together: a word with the space behind it, a character of Chinese with the mark behind it.
fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut start) = (Vec::new(), 0);
    let wide = |c: char| c.width().unwrap_or(0) == 2;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let Some((next, after)) = chars.peek().copied() else { break };
        let apart =
            (wide(c) || wide(after)) && !CLOSING.contains(after) && c != '（' && c != '“' && c != '《';
        if c == ' ' && after != ' ' || apart && after != ' ' && at >= start {
            pieces.push(&text[start..next]);
            start = next;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::parse::command;
    use super::*;

    /// Every part of the command line: the command's name and the part's.
    fn parts(command: &Command, found: &mut Vec<(String, String)>) {
        let name = command.get_name().to_owned();
        found.push((name.clone(), "about".to_owned()));
        for arg in command.get_arguments() {
            found.push((name.clone(), arg.get_id().to_string()));
        }
        command.get_subcommands().for_each(|sub| parts(sub, found));
    }

    #[test]
    fn every_command_and_option_is_explained_in_both_languages() {
        let mut all = Vec::new();
        parts(&command(Lang::En), &mut all);
        let unexplained: Vec<_> =
            all.iter().filter(|(command, part)| text_of(Lang::Zh, command, part).is_none()).collect();
        assert!(all.len() > 60 && unexplained.is_empty(), "add to schemas/words/help.toml: {unexplained:?}");
    }

    #[test]
    fn a_page_is_no_wider_than_its_screen_in_either_language() {
        for lang in [Lang::En, Lang::Zh] {
            let program = command(lang);
            let commands = std::iter::once(&program).chain(program.get_subcommands());
            for of in commands {
                for width in [80, 110] {
                    let page = laid_out(&mut of.clone(), lang, width);
                    let page = anstream::adapter::strip_str(&page).to_string();
                    let wide: Vec<&str> = page.lines().filter(|line| line.width() > width).collect();
                    assert!(wide.is_empty(), "{} {width}: {wide:#?}", of.get_name());
                }
            }
        }
    }

    #[test]
    fn chinese_is_broken_between_characters_and_never_before_a_mark() {
        assert_eq!(wrapped("读取文件，写出结果", 8), ["读取文", "件，写出", "结果"]);
        assert_eq!(wrapped("one two three", 8), ["one two", "three"]);
        assert_eq!(wrapped("用 --force 重做", 10), ["用 --force", "重做"]);
    }
}
