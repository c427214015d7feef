//! The identities as data: in comes the text of `schemas/identities.toml` (or a user's file of the same form),
//! out [`Rules`], checked so that the evaluator never meets an unknown table, column or term.
//!
//! Adding an identity means adding an `[[identity]]`; see the comments in the file and `docs/RULES.md`.

use crate::document::{Kind, Level, Severity};
use crate::error::Error;
use crate::proof::rule::{Check, Explanation, Identity, Key, Rules, Shape, TreePart};
use crate::proof::scope::{Mistake, OneOrMore, Scope, needed};
use crate::proof::texts;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::sync::LazyLock;
use toml::Spanned;

const BUILT_IN_FILE: &str = "schemas/identities.toml";
const BUILT_IN_TEXT: &str = include_str!("../../schemas/identities.toml");

static BUILT_IN: LazyLock<Rules> = LazyLock::new(|| {
    let parsed = Rules::parse(BUILT_IN_FILE, BUILT_IN_TEXT);
    // a test keeps the built-in file valid; without identities nothing is proved, and nothing breaks
    parsed.unwrap_or(Rules { identities: Vec::new(), explanations: Vec::new() })
});

impl Rules {
    /// The identities that are compiled in.
    pub fn built_in() -> &'static Rules {
        &BUILT_IN
    }

    /// Reads a file of identities.
    ///
    /// # Errors
    /// [`Error::Layout`] with line, identity and key of the first mistake.
    pub fn parse(file: &str, text: &str) -> Result<Self, Error> {
        Self::parse_onto(RawFile::default(), file, text)
    }

    /// The built-in identities together with those of a user's file, which may leave out `[columns]` and use the
    /// built-in `[terms]`; an identity with the id of a built-in one takes its place.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn with_file(file: &str, text: &str) -> Result<Self, Error> {
        let base = RawFile::read(BUILT_IN_FILE, BUILT_IN_TEXT)?;
        let own = Self::parse_onto(base, file, text)?;
        let mut all = Self::parse(BUILT_IN_FILE, BUILT_IN_TEXT)?;
        all.identities.retain(|i| own.identities.iter().all(|o| o.id != i.id));
        all.identities.extend(own.identities);
        all.explanations.retain(|e| own.explanations.iter().all(|o| o.id != e.id));
        all.explanations.extend(own.explanations);
        Ok(all)
    }

    /// Reads a file that may use the tables and terms of `base`.
    fn parse_onto(base: RawFile, file: &str, text: &str) -> Result<Self, Error> {
        let error = |line: usize, cause: String| Error::Layout {
            file: file.to_owned(),
            cause: format!("line {line}: {cause}"),
        };
        let mut raw = RawFile::read(file, text)?;
        for (name, term) in base.terms {
            raw.terms.entry(name).or_insert(term);
        }
        let mut tables = FxHashMap::default();
        for (number, columns) in base.columns.into_iter().chain(raw.columns) {
            let table: u8 = table_number(number.get_ref()).ok_or_else(|| {
                error(line_of(text, number.span().start), format!("key `{}`: no table", number.get_ref()))
            })?;
            tables.insert(table, columns);
        }
        let mut identities = Vec::with_capacity(raw.identity.len());
        for identity in raw.identity {
            let start = identity.span().start;
            let raw_identity = identity.into_inner();
            let id = raw_identity.id.clone();
            let identity = raw_identity.check(&raw.terms, &tables).map_err(|(key, cause)| {
                let line = line_of_key(text, start, key).unwrap_or_else(|| line_of(text, start));
                error(line, format!("identity `{id}`, key `{key}`: {cause}"))
            })?;
            if identities.iter().any(|other: &Identity| other.id == identity.id) {
                let cause = format!("identity `{id}`, key `id`: used twice");
                return Err(error(line_of(text, start), cause));
            }
            identities.push(identity);
        }
        Ok(Self { identities, explanations: raw.finding })
    }
}

impl RawFile {
    fn read(file: &str, text: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|e| {
            let start = e.span().map_or(0, |span| span.start);
            let line = line_of(text, start);
            let message = e.message().replace('\n', " ");
            let printed = text.lines().nth(line - 1).unwrap_or_default();
            // a key that is unknown is named anyway
            let key = printed
                .split_once('=')
                .map(|(key, _)| key.trim())
                .filter(|key| !message.contains(&format!("`{key}`")));
            let key = key.map_or_else(String::new, |key| format!(", key `{key}`"));
            let cause = format!("line {line}{key}: {message}");
            Error::Layout { file: file.to_owned(), cause }
        })
    }
}

/// `3` is a table; `P`, `C`, `N` are those of the text (see `texts`).
fn table_number(name: &str) -> Option<u8> {
    let printed = name.parse().ok().filter(|n| (1..=12).contains(n));
    printed.or_else(|| texts::number(name))
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.get(..offset).unwrap_or(text).matches('\n').count()
}

/// Line of a key of the identity that starts here.
fn line_of_key(text: &str, start: usize, key: &str) -> Option<usize> {
    let rest = text.get(start..)?;
    // up to the next header in brackets
    let end = rest.match_indices("\n[").map(|(at, _)| at).find(|at| *at > 0).unwrap_or(rest.len());
    let part = rest.get(..end)?;
    let is_key = |line: &&str| {
        line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let before: usize = part.split_inclusive('\n').take_while(|line| !is_key(line)).map(str::len).sum();
    (before < part.len()).then(|| line_of(text, start + before))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    columns: Vec2<Spanned<String>, Vec<String>>,
    #[serde(default)]
    terms: FxHashMap<String, String>,
    #[serde(default)]
    identity: Vec<Spanned<RawIdentity>>,
    #[serde(default)]
    finding: Vec<Explanation>,
}

/// A TOML table in the order of the file.
type Vec2<K, V> = std::collections::BTreeMap<K, V>;

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawCheck {
    RowSum,
    Tree,
    Equal,
    AtMost,
    PerKey,
    PerKeyAtMost,
    Subset,
    Structure,
    OneOf,
    Repeats,
    Share,
    Growth,
    Direction,
    Names,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawSeverity {
    Error,
    Warning,
    Info,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawKind {
    Budget,
    FinalAccount,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawLevel {
    Class,
    Section,
    Item,
}

impl RawLevel {
    fn level(&self) -> Level {
        match self {
            RawLevel::Class => Level::Class,
            RawLevel::Section => Level::Section,
            RawLevel::Item => Level::Item,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawIdentity {
    id: String,
    check: RawCheck,
    en: String,
    zh: String,
    severity: Option<RawSeverity>,
    #[serde(default)]
    derived: bool,
    #[serde(default)]
    soft: bool,
    only: Option<RawKind>,
    #[serde(default, deserialize_with = "table_numbers")]
    tables: Vec<u8>,
    #[serde(default)]
    both: bool,
    #[serde(default)]
    gap: bool,
    unless: Option<String>,
    room: Option<String>,
    list: Option<String>,
    #[serde(default)]
    values: Vec<String>,
    #[serde(default)]
    columns: Vec<String>,
    whole: Option<String>,
    parts: Option<String>,
    part: Option<TreePart>,
    left: Option<String>,
    right: Option<OneOrMore>,
    key: Option<Key>,
    #[serde(default)]
    levels: Vec<RawLevel>,
    shape: Option<Shape>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawTable {
    Number(u8),
    Letter(String),
}

fn table_numbers<'d, D: serde::Deserializer<'d>>(from: D) -> Result<Vec<u8>, D::Error> {
    let tables = Vec::<RawTable>::deserialize(from)?;
    let number = |table| match table {
        RawTable::Number(number) => Ok(number),
        RawTable::Letter(letter) => {
            texts::number(&letter).ok_or_else(|| serde::de::Error::custom(format!("`{letter}` is no table")))
        }
    };
    tables.into_iter().map(number).collect()
}

impl RawIdentity {
    /// A key that the kind of check does not look at: what was meant by it would be lost in silence.
    fn useless_key(&self) -> Option<&'static str> {
        let used: &[&str] = match self.check {
            RawCheck::RowSum => &["tables", "whole", "parts"],
            RawCheck::Tree => &["tables", "part"],
            RawCheck::Equal => &["left", "right", "columns", "room"],
            RawCheck::AtMost => &["left", "right", "columns", "gap"],
            RawCheck::PerKey | RawCheck::PerKeyAtMost => &["left", "right", "key", "levels", "both", "room"],
            RawCheck::Subset => &["tables"],
            RawCheck::Structure => &["tables", "shape"],
            RawCheck::OneOf => &["tables", "columns", "values"],
            RawCheck::Names => &["list", "tables", "columns", "levels"],
            RawCheck::Repeats | RawCheck::Share | RawCheck::Growth | RawCheck::Direction => &[],
        };
        let given = [
            ("tables", !self.tables.is_empty()),
            ("both", self.both),
            ("gap", self.gap),
            ("room", self.room.is_some()),
            ("list", self.list.is_some()),
            ("values", !self.values.is_empty()),
            ("columns", !self.columns.is_empty()),
            ("whole", self.whole.is_some()),
            ("parts", self.parts.is_some()),
            ("part", self.part.is_some()),
            ("left", self.left.is_some()),
            ("right", self.right.is_some()),
            ("key", self.key.is_some()),
            ("levels", !self.levels.is_empty()),
            ("shape", self.shape.is_some()),
        ];
        given.into_iter().find(|(key, given)| *given && !used.contains(key)).map(|(key, _)| key)
    }

    fn check(
        mut self,
        terms: &FxHashMap<String, String>,
        tables: &FxHashMap<u8, Vec<String>>,
    ) -> Result<Identity, Mistake> {
        for (key, value) in [("id", &self.id), ("en", &self.en), ("zh", &self.zh)] {
            if value.trim().is_empty() {
                return Err((key, "is empty".into()));
            }
        }
        if let Some(unknown) = self.tables.iter().find(|n| !tables.contains_key(n)) {
            return Err(("tables", format!("no table {unknown}")));
        }
        if let Some(key) = self.useless_key() {
            return Err((key, "says nothing to this kind of check".into()));
        }
        let scope = Scope { terms, tables };
        let check = match self.check {
            RawCheck::RowSum => Check::RowSum {
                whole: scope.row_expr("whole", self.whole.as_deref(), &self.tables)?,
                parts: scope.row_expr("parts", self.parts.as_deref(), &self.tables)?,
                tables: self.tables,
            },
            RawCheck::Tree => Check::Tree {
                tables: needed("tables", Some(self.tables).filter(|t| !t.is_empty()))?,
                part: needed("part", self.part)?,
            },
            RawCheck::Equal | RawCheck::AtMost => Check::Equal {
                left: scope.expr("left", self.left.as_deref(), &self.columns)?,
                right: scope.alternatives(self.right.take(), &self.columns)?,
                at_most: matches!(self.check, RawCheck::AtMost),
                columns: self.columns,
            },
            RawCheck::OneOf => Check::OneOf {
                table: needed("tables", self.tables.first().copied())?,
                column: needed("columns", self.columns.first().cloned())?,
                values: values(&self.values)?,
            },
            RawCheck::Repeats => Check::Repeats,
            RawCheck::Share => Check::Share,
            RawCheck::Growth => Check::Growth,
            RawCheck::Direction => Check::Direction,
            RawCheck::Names => Check::Names {
                list: needed("list", self.list)?,
                table: needed("tables", self.tables.first().copied())?,
                column: needed("columns", self.columns.first().cloned())?,
                level: needed("levels", self.levels.first().map(RawLevel::level))?,
            },
            RawCheck::PerKey | RawCheck::PerKeyAtMost => Check::PerKey {
                key: needed("key", self.key)?,
                both: self.both,
                levels: self.levels.iter().map(RawLevel::level).collect(),
                left: scope.expr("left", self.left.as_deref(), &[])?,
                right: scope.alternatives(self.right.take(), &[])?,
                at_most: matches!(self.check, RawCheck::PerKeyAtMost),
            },
            RawCheck::Subset => match self.tables.as_slice() {
                &[inner, outer] => Check::Subset { inner, outer },
                _ => return Err(("tables", "two tables are needed: the inner and the outer".into())),
            },
            RawCheck::Structure => Check::Structure {
                tables: needed("tables", Some(self.tables).filter(|t| !t.is_empty()))?,
                shape: needed("shape", self.shape)?,
            },
        };
        let unless = match self.unless {
            Some(text) => Some((scope.expr("unless", Some(&text), &[])?, text)),
            None => None,
        };
        let room = match self.room {
            Some(text) => Some(scope.expr("room", Some(&text), &[])?),
            None => None,
        };
        Ok(Identity {
            unless,
            room,
            gap: self.gap,
            id: self.id,
            en: self.en,
            zh: self.zh,
            severity: match self.severity {
                None | Some(RawSeverity::Error) => Severity::Error,
                Some(RawSeverity::Warning) => Severity::Warning,
                Some(RawSeverity::Info) => Severity::Info,
            },
            derived: self.derived,
            soft: self.soft,
            only: self.only.map(|kind| match kind {
                RawKind::Budget => Kind::Budget,
                RawKind::FinalAccount => Kind::FinalAccount,
            }),
            check,
        })
    }
}

fn values(texts: &[String]) -> Result<Vec<Decimal>, Mistake> {
    let read = |text: &String| {
        Decimal::from_str_exact(text).map_err(|_| ("values", format!("`{text}` is no number")))
    };
    let values: Vec<Decimal> = texts.iter().map(read).collect::<Result<_, _>>()?;
    needed("values", Some(values).filter(|v| !v.is_empty()))
}
