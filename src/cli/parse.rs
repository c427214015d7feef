//! Words of the command line → arguments; and where they are wrong, what is wrong in plain words.

use super::args::Args;
use super::exit::Exit;
use super::help;
use crate::output::printable::printable;
use crate::words::{Lang, say, sentence, text};
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use clap::{Command, CommandFactory, FromArgMatches};
use std::ffi::OsString;
use std::io::Write;

/// The arguments, or how the program ends where there are none: after help, after a wrong word.
pub(super) fn args(words: &[OsString], lang: Lang) -> Result<Args, Exit> {
    let command = command(lang);
    let parsed = command.clone().try_get_matches_from(words).and_then(|m| Args::from_arg_matches(&m));
    parsed.map_err(|error| {
        let mut of = named(&command, words);
        match error.kind() {
            ErrorKind::DisplayHelp => {
                // a closed pipe is not worth a word
                let _ = anstream::stdout().write_all(help::page(&mut of, lang).as_bytes());
                Exit::Done
            }
            ErrorKind::DisplayVersion => {
                let _ = writeln!(anstream::stdout(), "yusuan {}", env!("CARGO_PKG_VERSION"));
                Exit::Done
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                let _ = anstream::stderr().write_all(help::page(&mut of, lang).as_bytes());
                Exit::Failed
            }
            _ => {
                let message = wrong(&error, &mut of, lang);
                let _ = anstream::stderr().write_all(message.as_bytes());
                Exit::Failed
            }
        }
    })
}

/// The definition of the whole command line with its texts.
pub(super) fn command(lang: Lang) -> Command {
    let mut command = Args::command().disable_help_subcommand(true);
    // brings the options that all commands share, and help and version
    command.build();
    help::worded(command, lang)
}

/// The command that the words name, or the program.
fn named(command: &Command, words: &[OsString]) -> Command {
    let names = words.iter().skip(1).filter_map(|w| w.to_str()).filter(|w| *w != "help");
    let of = names.into_iter().find_map(|name| command.find_subcommand(name));
    of.unwrap_or(command).clone()
}

/// What is wrong, how the command is used, and where more is said.
fn wrong(error: &Error, command: &mut Command, lang: Lang) -> String {
    use super::screen::BAD;
    let name = command.get_bin_name().unwrap_or("yusuan").to_owned();
    let what = sentence_of(error, &name, lang);
    let usage = help::usage(command, lang);
    let more = say!(lang, "wrong.more", command = name);
    format!("{BAD}yusuan:{BAD:#} {}\n\n{usage}\n{more}\n", printable(&what))
}

fn sentence_of(error: &Error, command: &str, lang: Lang) -> String {
    let value = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(", ")),
        Some(ContextValue::StyledStr(text)) => {
            Some(anstream::adapter::strip_str(&text.to_string()).to_string())
        }
        _ => None,
    };
    let one = |kind| value(kind).unwrap_or_default();
    let argument = one(ContextKind::InvalidArg);
    // `--limit <NAME=VALUE>` is known by its first word
    let short = argument.split(' ').next().unwrap_or_default();
    let what = match error.kind() {
        ErrorKind::UnknownArgument => say!(lang, "wrong.option", option = argument, command = command),
        ErrorKind::InvalidSubcommand => {
            say!(lang, "wrong.command", name = one(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => say!(lang, "wrong.missing", what = argument),
        ErrorKind::InvalidValue => {
            let (given, known) = (one(ContextKind::InvalidValue), one(ContextKind::ValidValue));
            match given.is_empty() {
                true => say!(lang, "wrong.no-value", option = argument),
                false => say!(lang, "wrong.value", option = short, value = given, known = known),
            }
        }
        ErrorKind::ValueValidation => {
            let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            let cause = sentence(lang, &cause);
            say!(lang, "wrong.form", option = short, value = one(ContextKind::InvalidValue), cause = cause)
        }
        ErrorKind::ArgumentConflict => {
            let other = one(ContextKind::PriorArg);
            match other.split(' ').next() == Some(short) {
                true => say!(lang, "wrong.twice", option = short),
                false => say!(lang, "wrong.conflict", option = short, other = other),
            }
        }
        ErrorKind::TooManyValues => say!(lang, "wrong.surplus", value = one(ContextKind::InvalidValue)),
        ErrorKind::InvalidUtf8 => say!(lang, "wrong.text"),
        // what is left cannot be reached by this command line: the library's own first line
        _ => {
            let own = error.to_string();
            own.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
        }
    };
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    match near.into_iter().find_map(value) {
        Some(near) => what + &say!(lang, "wrong.near", near = near),
        None => what,
    }
}

/// The text of a part of the command line; `None` where the catalogue has none.
pub(super) fn worded(lang: Lang, command: &str, part: &str) -> Option<&'static str> {
    text(lang, &format!("help.{command}.{part}")).or_else(|| text(lang, &format!("help.any.{part}")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn said(line: &str, lang: Lang) -> String {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let command = command(lang);
        let error = command.clone().try_get_matches_from(&words).unwrap_err();
        sentence_of(&error, "yusuan extract", lang)
    }

    #[test]
    fn what_is_wrong_with_a_command_line_is_said_in_both_languages() {
        for (line, en, zh) in [
            (
                "yusuan extract --forse x",
                "`--forse` is no option of `yusuan extract`; hint: perhaps `--force`",
                "`yusuan extract` 没有选项 `--forse`；提示：也许是 `--force`",
            ),
            (
                "yusuan grit",
                "`grit` is no command; hint: perhaps `grid`",
                "没有命令 `grit`；提示：也许是 `grid`",
            ),
            ("yusuan extract", "`<PATH>...` is missing", "缺少 `<PATH>...`"),
            (
                "yusuan extract x --color blue",
                "`--color blue`: known are auto, always, never",
                "`--color blue`：可用的是 auto, always, never",
            ),
            (
                "yusuan extract x --pretty --compact",
                "`--pretty` and `--compact` exclude each other",
                "`--pretty` 与 `--compact` 不能同时使用",
            ),
            (
                "yusuan grid x --pages 0",
                "`--pages 0`: `0` is not a page; hint: pages count from 1, as in 1-3,7,12-",
                "`--pages 0`：`0` 不是页码；提示：页码从 1 起，如 1-3,7,12-",
            ),
            ("yusuan extract x -o a -o b", "`--output` is given twice", "`--output` 给了两次"),
            (
                "yusuan extract x -o",
                "`--output <DIR|FILE|->` needs a value",
                "`--output <DIR|FILE|->` 缺少值",
            ),
        ] {
            assert_eq!(said(line, Lang::En), en);
            assert_eq!(said(line, Lang::Zh), zh);
        }
    }
}
