//! The identities as data: in comes the text of `schemas/identities.toml` (or a user's file of the same form),
//! out [`Rules`], checked so that the evaluator never meets an unknown table, column or term.
//!
//! Adding an identity means adding an `[[identity]]`; see the comments in the file and `docs/RULES.md`.

use crate::document::{Kind, Level, Severity};
use crate::error::Error;
use crate::proof::expr::{self, Expr, Reference, RowRef};
use crate::proof::texts;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::sync::LazyLock;
use toml::Spanned;

/// A checked set of identities.
#[derive(Debug)]
pub struct Rules {
    /// In the order of the file.
    pub(crate) identities: Vec<Identity>,
    /// Findings that explain several breaks at once or speak of the evaluation itself.
    pub(crate) explanations: Vec<Explanation>,
}

/// One identity.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) id: String,
    pub(crate) en: String,
    pub(crate) zh: String,
    /// Of a break.
    pub(crate) severity: Severity,
    /// Follows from other identities: checked, but no proof of its own.
    pub(crate) derived: bool,
    /// Need not hold in every document: confirms where it holds, silent where it does not.
    pub(crate) soft: bool,
    /// Kind of document in which it holds; `None` for both.
    pub(crate) only: Option<Kind>,
    /// Need not hold where this is not zero: the expression and its text.
    pub(crate) unless: Option<(Expr, String)>,
    /// A bound whose gap says something: it is told, too.
    pub(crate) gap: bool,
    pub(crate) check: Check,
}

/// What an identity demands.
#[derive(Debug)]
pub(crate) enum Check {
    /// In every row of the tables: one column is the sum of others.
    RowSum { tables: Vec<u8>, whole: Expr, parts: Expr },
    /// In every printed column of the tables: parent rows are the sums of their children.
    Tree { tables: Vec<u8>, part: TreePart },
    /// Two sums are equal (or the first is at most the second); of several right-hand sides the document's own
    /// convention decides. With columns, once for each.
    Equal { columns: Vec<String>, left: Expr, right: Vec<Expr>, at_most: bool },
    /// The same, for every key that occurs in the tables (with `both`: in each of them, with an amount on both
    /// sides).
    PerKey { key: Key, levels: Vec<Level>, both: bool, left: Expr, right: Vec<Expr>, at_most: bool },
    /// Every project name of one table occurs in the other.
    Subset { inner: u8, outer: u8 },
    /// Shape of the code rows.
    Structure { tables: Vec<u8>, shape: Shape },
    /// In every row that prints the column it has one of these values.
    OneOf { table: u8, column: String, values: Vec<Decimal> },
    /// Every figure of the text is the amount of the cells that it repeats.
    Repeats,
    /// Every printed share of the text is the amount's part of what it is a share of.
    Share,
    /// Every printed growth of the text is the change over the year before.
    Growth,
    /// The words of change and growth agree.
    Direction,
    /// The names that a list of the text gives (section/item) are those of the table's rows of a level that have an
    /// amount in the column.
    Names { list: String, table: u8, column: String, level: Level },
}

/// Which sums of the code tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TreePart {
    /// Code and department rows: the sum of their children.
    Parents,
    /// The total row: the sum of the topmost rows.
    Total,
    /// The total row: the sum of all rows without children.
    Leaves,
}

/// What joins rows of several tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Key {
    /// Classification code.
    Code,
    /// Project name.
    Project,
}

/// Shape of code rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shape {
    /// Each 款 and 项 has its parent in the table.
    ParentsPresent,
    /// Each 类 and 款 has rows under it, where most of the table's have.
    ChildrenPresent,
    /// Codes ascend.
    Ascending,
    /// No code (with its project) twice.
    Unique,
}

/// A rule of findings that are not identities.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Explanation {
    pub(crate) id: String,
    pub(crate) en: String,
    pub(crate) zh: String,
}

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
            let line = line_of(text, identity.span().start);
            let raw_identity = identity.into_inner();
            let id = raw_identity.id.clone();
            let identity = raw_identity
                .check(&raw.terms, &tables)
                .map_err(|(key, cause)| error(line, format!("identity `{id}`, key `{key}`: {cause}")))?;
            if identities.iter().any(|other: &Identity| other.id == identity.id) {
                return Err(error(line, format!("identity `{id}`, key `id`: used twice")));
            }
            identities.push(identity);
        }
        Ok(Self { identities, explanations: raw.finding })
    }

    /// All rules: id, sentence in English, sentence in Chinese.
    pub fn sentences(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let identities = self.identities.iter().map(|i| (i.id.as_str(), i.en.as_str(), i.zh.as_str()));
        identities.chain(self.explanations.iter().map(|e| (e.id.as_str(), e.en.as_str(), e.zh.as_str())))
    }
}

impl RawFile {
    fn read(file: &str, text: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|e| {
            let line = e.span().map_or(0, |span| line_of(text, span.start));
            let cause = format!("line {line}: {}", e.message().replace('\n', " "));
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
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
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

/// The key that is wrong, and why.
type Mistake = (&'static str, String);

impl RawIdentity {
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
        Ok(Identity {
            unless,
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

fn needed<T>(key: &'static str, value: Option<T>) -> Result<T, Mistake> {
    value.ok_or((key, "is missing".into()))
}

fn values(texts: &[String]) -> Result<Vec<Decimal>, Mistake> {
    let read = |text: &String| {
        Decimal::from_str_exact(text).map_err(|_| ("values", format!("`{text}` is no number")))
    };
    let values: Vec<Decimal> = texts.iter().map(read).collect::<Result<_, _>>()?;
    needed("values", Some(values).filter(|v| !v.is_empty()))
}

struct Scope<'r> {
    terms: &'r FxHashMap<String, String>,
    tables: &'r FxHashMap<u8, Vec<String>>,
}

impl Scope<'_> {
    /// An expression over the columns of one row.
    fn row_expr(&self, key: &'static str, text: Option<&str>, tables: &[u8]) -> Result<Expr, Mistake> {
        let expr = expr::parse(needed(key, text)?, self.terms).map_err(|cause| (key, cause))?;
        let tables = needed("tables", Some(tables).filter(|t| !t.is_empty()))?;
        let mut mistake = None;
        expr.each_reference(&mut |reference| {
            if reference.table.is_some() {
                mistake = Some("a rule by row names columns only".to_owned());
            }
            for &table in tables {
                mistake = mistake.take().or_else(|| self.unknown_column(table, reference.column.as_deref()));
            }
        });
        mistake.map_or(Ok(expr), |cause| Err((key, cause)))
    }

    /// An expression over cells of any table.
    fn expr(&self, key: &'static str, text: Option<&str>, columns: &[String]) -> Result<Expr, Mistake> {
        let expr = expr::parse(needed(key, text)?, self.terms).map_err(|cause| (key, cause))?;
        let mut mistake = None;
        expr.each_reference(&mut |reference| {
            if mistake.is_none() {
                mistake = self.unknown(reference, columns);
            }
        });
        mistake.map_or(Ok(expr), |cause| Err((key, cause)))
    }

    fn alternatives(&self, right: Option<OneOrMore>, columns: &[String]) -> Result<Vec<Expr>, Mistake> {
        match needed("right", right)? {
            OneOrMore::One(text) => Ok(vec![self.expr("right", Some(&text), columns)?]),
            OneOrMore::More(texts) if texts.is_empty() => Err(("right", "is empty".into())),
            OneOrMore::More(texts) => texts.iter().map(|t| self.expr("right", Some(t), columns)).collect(),
        }
    }

    fn unknown(&self, reference: &Reference, columns: &[String]) -> Option<String> {
        let Some(table) = reference.table else {
            return Some(format!("`{}` names no table", reference.column.as_deref().unwrap_or_default()));
        };
        match (&reference.column, columns) {
            (None, []) => Some(format!("T{table} names no column, and the identity has no `columns`")),
            (None, columns) => columns.iter().find_map(|c| self.unknown_column(table, Some(c))),
            (Some(column), _) => self.unknown_column(table, Some(column)),
        }
        .or_else(|| match (&reference.row, table) {
            (RowRef::Total(side), 1 | 4) if side.is_none() => {
                Some(format!("T{table} has a total on each side: write `revenue` or `expenditure`"))
            }
            (RowRef::Total(Some(_)), n) if n != 1 && n != 4 => {
                Some(format!("T{n} has no sides: write `total`"))
            }
            _ => None,
        })
    }

    fn unknown_column(&self, table: u8, column: Option<&str>) -> Option<String> {
        let column = column.filter(|c| expr::extra_header(c).is_none())?;
        let known = self.tables.get(&table)?;
        (!known.iter().any(|c| c == column)).then(|| format!("table {table} has no column `{column}`"))
    }
}
