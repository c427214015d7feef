//! English sentences that the pipeline emits → Chinese: `schemas/words/sentences.toml` holds each once, with `{}` where
//! numbers, names and titles stand, and its Chinese with `{1}`, `{2}` … in the order that Chinese needs.

use super::Lang;
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sentence: Vec<Pair>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    en: String,
    zh: String,
}

static ALL: LazyLock<Vec<Pair>> = LazyLock::new(|| {
    let file: Result<File, _> = toml::from_str(include_str!("../../schemas/words/sentences.toml"));
    // a test holds that it parses
    file.map(|f| f.sentence).unwrap_or_default()
});

/// Sentences within sentences that are looked into: a cause, and the reason of it.
const DEPTH: usize = 3;

/// The sentence in a language: as it is in English, or where no Chinese of it is known.
pub fn sentence(lang: Lang, text: &str) -> Cow<'_, str> {
    match lang {
        Lang::En => Cow::Borrowed(text),
        Lang::Zh => chinese(text, DEPTH).map_or(Cow::Borrowed(text), Cow::Owned),
    }
}

fn chinese(text: &str, depth: usize) -> Option<String> {
    if depth == 0 {
        return None;
    }
    let whole = ALL.iter().find_map(|pair| {
        let values = matched(&pair.en, text)?;
        let values: Vec<Cow<str>> =
            values.into_iter().map(|v| if v == text { Cow::Borrowed(v) } else { inner(v, depth) }).collect();
        Some(filled(&pair.zh, &values))
    });
    // several sentences in a row
    whole.or_else(|| {
        let (first, rest) = text.split_once("; ")?;
        Some(format!("{}；{}", chinese(first, depth - 1)?, inner(rest, depth)))
    })
}

fn inner(text: &str, depth: usize) -> Cow<'_, str> {
    chinese(text, depth - 1).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// What stands in the places `{}` of a pattern, if the text is made by it: every fixed part is found in turn, the last
/// one at the end.
fn matched<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut parts = pattern.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut values = Vec::new();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let at = match parts.peek() {
            None => rest.len().checked_sub(part.len()).filter(|at| rest.get(*at..) == Some(part))?,
            Some(_) => rest.find(part)?,
        };
        let (value, behind) = (rest.get(..at)?, rest.get(at + part.len()..)?);
        values.push(value);
        rest = behind;
    }
    rest.is_empty().then_some(values)
}

fn filled(pattern: &str, values: &[Cow<str>]) -> String {
    let mut out = pattern.to_owned();
    // from the back, so that `{1}` in a value is left alone as far as can be
    for (n, value) in values.iter().enumerate().rev() {
        out = out.replace(&format!("{{{}}}", n + 1), value);
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_place_of_a_sentence_stands_in_its_chinese() {
        let file: File = toml::from_str(include_str!("../../schemas/words/sentences.toml")).unwrap();
        for pair in &file.sentence {
            let places = pair.en.matches("{}").count();
            for n in 1..=places {
                assert!(pair.zh.contains(&format!("{{{n}}}")), "{}: {{{n}}}", pair.en);
            }
            assert!(!pair.zh.contains(&format!("{{{}}}", places + 1)), "{}", pair.en);
        }
    }

    #[test]
    fn values_are_found_between_the_fixed_parts() {
        assert_eq!(matched("table {} ({}) is", "table 3 (a (b)) is"), Some(vec!["3", "a (b)"]));
        assert_eq!(matched("no title", "no title"), Some(vec![]));
        assert_eq!(matched("no title", "no titles"), None);
        assert_eq!(matched("{} end", "the end"), Some(vec!["the"]));
        assert_eq!(matched("{} end", "the endless"), None);
    }

    #[test]
    fn a_sentence_that_nobody_translated_stays_as_it_is() {
        assert_eq!(sentence(Lang::Zh, "Qapla'!"), "Qapla'!");
        assert_eq!(sentence(Lang::En, "a limit was reached"), "a limit was reached");
        assert_eq!(sentence(Lang::Zh, "a limit was reached"), "达到了限额");
    }

    #[test]
    fn sentences_in_a_row_are_each_translated() {
        let text = "3 of 40 printed amounts are not placed; a limit was reached";
        assert_eq!(sentence(Lang::Zh, text), "印出的 40 个金额中有 3 个未能归位；达到了限额");
    }
}
