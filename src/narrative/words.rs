//! The words of the text parts: `schemas/narrative.toml`. Comes in: TOML. Goes out: patterns, compiled when they are
//! first asked for.

use regex::{Captures, Regex};
use serde::Deserialize;
use std::sync::{LazyLock, OnceLock};

/// Words and sections.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    #[serde(rename = "part")]
    pub(super) parts: Vec<Part>,
    #[serde(rename = "base")]
    pub(super) bases: Vec<Base>,
    pub(super) words: Common,
    #[serde(rename = "attribute")]
    pub(super) attributes: Vec<Attribute>,
    #[serde(rename = "reconciled")]
    pub(super) reconciled: Vec<Reconciled>,
    pub(super) project: ProjectWords,
    #[serde(rename = "section")]
    pub(super) sections: Vec<Section>,
}

/// A part of the document (第一部分 …).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    pub(super) id: String,
    pub(super) headings: Suffix,
}

/// What a change is measured against.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Base {
    pub(super) id: String,
    pub(super) words: Prefix,
}

/// Words that mean the same in every section.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Common {
    pub(super) increase: Suffix,
    pub(super) decrease: Suffix,
    pub(super) unchanged: Inside,
    pub(super) not_arranged: Suffix,
    pub(super) withheld: Inside,
    pub(super) reason: Inside,
    pub(super) purpose: Inside,
    pub(super) listed: Prefix,
    pub(super) unequal: Inside,
    pub(super) generic: Whole,
    pub(super) previous: Suffix,
    pub(super) nouns: Suffix,
    pub(super) units: Prefix,
    pub(super) planned: Inside,
    pub(super) persons: Inside,
}

/// Labels of numbers that belong to what was counted just before.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attribute {
    pub(super) suffix: String,
    pub(super) labels: Whole,
}

/// What an amount is of that is explained to differ from another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reconciled {
    pub(super) item: String,
    pub(super) words: Inside,
}

/// How projects are described.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProjectWords {
    pub(super) titles: Suffix,
    pub(super) fields: ProjectFields,
}

/// Labels of a project's fields.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProjectFields {
    pub(super) name: Whole,
    pub(super) policy_basis: Whole,
    pub(super) amount: Whole,
    pub(super) executor: Whole,
    pub(super) allocation: Whole,
    pub(super) period: Whole,
    pub(super) overview: Whole,
    pub(super) plan: Whole,
    pub(super) goal: Whole,
}

/// A field of a project's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Name,
    PolicyBasis,
    Amount,
    Executor,
    Allocation,
    Period,
    Overview,
    Plan,
    Goal,
}

impl ProjectFields {
    /// The field that a label names.
    pub(super) fn any(&self, label: &str) -> Option<Field> {
        let all = [
            (Field::Name, &self.name),
            (Field::PolicyBasis, &self.policy_basis),
            (Field::Amount, &self.amount),
            (Field::Executor, &self.executor),
            (Field::Allocation, &self.allocation),
            (Field::Period, &self.period),
            (Field::Overview, &self.overview),
            (Field::Plan, &self.plan),
            (Field::Goal, &self.goal),
        ];
        all.into_iter().find(|(_, labels)| labels.is_match(label)).map(|(field, _)| field)
    }
}

/// A section of the text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    pub(super) id: String,
    pub(super) part: String,
    pub(super) headings: Suffix,
    /// Cells that figures with a functional code repeat.
    #[serde(default)]
    pub(super) classes: Option<String>,
    /// What shares of such figures are of.
    #[serde(default)]
    pub(super) class_share_of: Option<String>,
    /// Words that name different things: a heading with one of them speaks of no other.
    #[serde(default)]
    pub(super) terms: Vec<String>,
    /// Whether its text names projects.
    #[serde(default)]
    pub(super) mentions: bool,
    /// Whether it describes projects.
    #[serde(default)]
    pub(super) projects: bool,
    #[serde(default, rename = "figure")]
    pub(super) figures: Vec<Item>,
    #[serde(default, rename = "quantity")]
    pub(super) quantities: Vec<Item>,
    #[serde(default, rename = "list")]
    pub(super) lists: Vec<List>,
}

/// What a number is of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Item {
    pub(super) item: String,
    pub(super) labels: Suffix,
    #[serde(default)]
    pub(super) repeats: Option<String>,
    #[serde(default)]
    pub(super) share_of: Option<String>,
    /// Item whose amount is part of this one where the section does not print it.
    #[serde(default)]
    pub(super) without: Option<String>,
    /// What is repeated then.
    #[serde(default)]
    pub(super) repeats_without: Option<String>,
    /// For a quantity: cells that the amount printed with it repeats.
    #[serde(default)]
    pub(super) repeats_amount: Option<String>,
}

/// Names that follow certain words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    pub(super) item: String,
    pub(super) after: Inside,
}

/// A pattern for the end of a text.
#[derive(Debug)]
pub(super) struct Suffix(Pattern);
/// A pattern for a whole text.
#[derive(Debug)]
pub(super) struct Whole(Pattern);
/// A pattern for the beginning of a text.
#[derive(Debug)]
pub(super) struct Prefix(Pattern);
/// A pattern for any place in a text.
#[derive(Debug)]
pub(super) struct Inside(Pattern);

/// A regular expression, compiled when it is first used.
#[derive(Debug)]
struct Pattern {
    source: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    fn new(alternatives: &[String], before: &str, after: &str) -> Self {
        // ASCII digits only, NFKC has made them so: Unicode's classes compile slowly
        let all = alternatives.join("|").replace(r"\d", "[0-9]").replace(r"\D", "[^0-9]");
        Self { source: format!("{before}(?:{all}){after}"), compiled: OnceLock::new() }
    }

    fn get(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(&self.source).ok()).as_ref()
    }
}

macro_rules! from_alternatives {
    ($($kind:ident, $before:literal, $after:literal;)*) => {$(
        impl<'d> Deserialize<'d> for $kind {
            fn deserialize<D: serde::Deserializer<'d>>(from: D) -> Result<Self, D::Error> {
                Ok(Self(Pattern::new(&Vec::<String>::deserialize(from)?, $before, $after)))
            }
        }
    )*};
}

from_alternatives! {
    Suffix, "", "$";
    Whole, "^", "$";
    Prefix, "^", "";
    Inside, "", "";
}

impl Suffix {
    /// What matches at the end of the text.
    pub(super) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.0.get()?.captures(text)
    }

    /// Where the match starts.
    pub(super) fn start(&self, text: &str) -> Option<usize> {
        self.0.get()?.find(text).map(|m| m.start())
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.start(text).is_some()
    }
}

impl Whole {
    pub(super) fn is_match(&self, text: &str) -> bool {
        self.0.get().is_some_and(|r| r.is_match(text))
    }
}

impl Prefix {
    /// Where the match ends.
    pub(super) fn end(&self, text: &str) -> Option<usize> {
        self.0.get()?.find(text).map(|m| m.end())
    }
}

impl Inside {
    /// The first match.
    pub(super) fn find(&self, text: &str) -> Option<std::ops::Range<usize>> {
        self.0.get()?.find(text).map(|m| m.range())
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.0.get().is_some_and(|r| r.is_match(text))
    }
}

static TEXT: &str = include_str!("../../schemas/narrative.toml");

/// The words that the program brings along; `None` never happens, as a test proves.
pub(super) fn words() -> Option<&'static Words> {
    static ALL: LazyLock<Option<Words>> = LazyLock::new(|| toml::from_str(TEXT).ok());
    ALL.as_ref()
}

/// Item of an amount that the document explains to differ from another, by its label.
pub fn reconciled(label: &str) -> Option<&'static str> {
    let label = label.replace(' ', "");
    words()?.reconciled.iter().find(|r| r.words.is_match(&label)).map(|r| r.item.as_str())
}

/// Words of a section that name different things.
pub fn terms(section: &str) -> &'static [String] {
    let found = words().and_then(|w| w.sections.iter().find(|s| s.id == section));
    found.map_or(&[], |s| s.terms.as_slice())
}

/// Every expression that names table cells, with the section and item that it stands at.
pub fn references() -> impl Iterator<Item = (String, &'static str)> {
    let sections = words().into_iter().flat_map(|w| &w.sections);
    sections.flat_map(|s| {
        let of = |item: &str| format!("{}.{item}", s.id);
        let own = [s.classes.as_deref(), s.class_share_of.as_deref()].into_iter().flatten();
        let own = own.map(|e| (s.id.clone(), e)).collect::<Vec<_>>();
        let items = s.figures.iter().chain(&s.quantities).flat_map(move |i| {
            let all = [&i.repeats, &i.repeats_without, &i.share_of, &i.repeats_amount].into_iter().flatten();
            all.map(|e| (of(&i.item), e.as_str())).collect::<Vec<_>>()
        });
        own.into_iter().chain(items)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_file_parses_and_every_pattern_compiles() {
        let words: Words = toml::from_str(TEXT).unwrap();
        let file: toml::Table = toml::from_str(TEXT).unwrap();
        fn patterns(value: &toml::Value, found: &mut Vec<String>) {
            match value {
                toml::Value::Array(all) if all.iter().all(toml::Value::is_str) => {
                    let all: Vec<String> = all.iter().map(|v| v.as_str().unwrap().to_owned()).collect();
                    found.push(Pattern::new(&all, "", "$").source);
                }
                toml::Value::Array(all) => all.iter().for_each(|v| patterns(v, found)),
                toml::Value::Table(table) => table.values().for_each(|v| patterns(v, found)),
                toml::Value::String(one) => found.extend(one.starts_with('^').then(|| one.clone())),
                _ => {}
            }
        }
        let mut found = Vec::new();
        patterns(&toml::Value::Table(file), &mut found);
        assert!(found.len() > 100);
        for pattern in found {
            Regex::new(&pattern).unwrap();
        }
        let ids: Vec<&str> = words.sections.iter().map(|s| s.id.as_str()).collect();
        for section in &words.sections {
            assert_eq!(ids.iter().filter(|i| **i == section.id).count(), 1, "{}", section.id);
            assert!(words.parts.iter().any(|p| p.id == section.part), "{}", section.id);
        }
    }
}
