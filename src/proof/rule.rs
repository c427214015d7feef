//! What identities are, once they have been read and checked (see `load`).

use crate::document::{Kind, Level, Severity};
use crate::proof::expr::Expr;
use rust_decimal::Decimal;
use serde::Deserialize;

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
    /// Amounts that the tables do not divide as the identity would need it: a difference of at most their sum says
    /// nothing.
    pub(crate) room: Option<Expr>,
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

impl Rules {
    /// All rules: id, sentence in English, sentence in Chinese.
    pub fn sentences(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let identities = self.identities.iter().map(|i| (i.id.as_str(), i.en.as_str(), i.zh.as_str()));
        identities.chain(self.explanations.iter().map(|e| (e.id.as_str(), e.en.as_str(), e.zh.as_str())))
    }
}
