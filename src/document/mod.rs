//! What one budget document says: the types that everything after the grids fills, and that `output` writes.
//! Shape and vocabulary follow the output contract (`schemas/budget.schema.json`).

pub(crate) mod exact;
pub mod narrative;
pub mod performance;

use crate::geometry::Rect;
use rust_decimal::Decimal;

pub use narrative::Narrative;
pub use performance::Performance;

/// One department's (or unit's) budget.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Who, which year, which layout.
    pub head: Head,
    /// The file that it was read from.
    pub source: SourceInfo,
    /// The twelve tables in order, always twelve.
    pub tables: Vec<Table>,
    /// Tables of the document that are none of the twelve.
    pub other_tables: Vec<OtherTable>,
    /// The text parts as structured data.
    pub narrative: Narrative,
    /// The performance tables (绩效目标表).
    pub performance: Vec<Performance>,
    /// How much of it is proved.
    pub proof: Proof,
    /// How much of what is printed inside tables is placed, page by page.
    pub coverage: Vec<PageCoverage>,
    /// What is wrong, doubtful or worth knowing.
    pub findings: Vec<Finding>,
}

impl Document {
    /// The unit that every table of the document is printed in; 万元 where tables differ or none is there.
    pub fn unit(&self) -> Unit {
        let mut units = self.tables.iter().filter_map(|t| t.source_unit);
        match units.next() {
            Some(first) if units.all(|unit| unit == first) => first,
            _ => Unit::Wan,
        }
    }
}

/// The document's own particulars.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// Full name of the department or unit, as printed.
    pub department: Option<String>,
    /// Budget year; never guessed.
    pub fiscal_year: Option<u16>,
    /// Title of the document.
    pub title: Option<String>,
    /// Budget or final account.
    pub kind: Kind,
    /// Department (with its units) or single unit.
    pub scope: Scope,
    /// Id of the recognized layout, `unknown` where none fits.
    pub layout: String,
    /// How sure the recognition is, 0–100 (share of the layout's evidence that was seen).
    pub layout_score: u8,
    /// ISO date of publication, where printed.
    pub published_on: Option<String>,
    /// How far the document was read and understood.
    pub status: Outcome,
}

/// How far a document was read and understood. The reason stands in a finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Every table was read and understood.
    #[default]
    Complete,
    /// Something that is printed in a table is not placed, or a page could not be read.
    Partial,
    /// Pictures that were not read.
    Scan,
    /// No budget table is in it.
    Nothing,
}

/// Amounts that are printed inside tables, and how many of them are placed: in one of the twelve, in `extra`, or in
/// another table of a known kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Amounts that are printed.
    pub printed: u32,
    /// Those that are placed.
    pub placed: u32,
}

impl Coverage {
    /// Amounts that are printed and stand nowhere in the output but as text.
    pub fn unplaced(self) -> u32 {
        self.printed.saturating_sub(self.placed)
    }

    /// Adds another part of the document.
    pub fn add(&mut self, other: Coverage) {
        self.printed += other.printed;
        self.placed += other.placed;
    }
}

/// What is printed inside the tables of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageCoverage {
    /// Page, from 1.
    pub page: u32,
    /// What is printed and placed there.
    pub amounts: Coverage,
}

/// 部门预算 or 部门决算.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// 预算.
    #[default]
    Budget,
    /// 决算.
    FinalAccount,
}

/// 部门 (with subordinate units) or 单位 (one unit's own).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// 部门预算.
    #[default]
    Department,
    /// 单位预算.
    Unit,
}

/// Where the document came from.
#[derive(Clone, Debug, Default)]
pub struct SourceInfo {
    /// Path as given by the user; empty where bytes were given.
    pub path: String,
    /// SHA-256 of the file, lower-case hexadecimal.
    pub sha256: String,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Number of pages of the file.
    pub pages: u32,
    /// `Producer` of the PDF.
    pub producer: Option<String>,
    /// Which document of the file this is, from 1.
    pub part: u32,
    /// How many documents the file holds.
    pub parts: u32,
}

/// One of the twelve standard tables.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// 1–12.
    pub number: u8,
    /// The contract's id, e.g. `overview`.
    pub id: &'static str,
    /// Title as printed; the standard title where the table is missing.
    pub title: String,
    /// Filled, declared empty, missing or unreadable.
    pub status: Status,
    /// The unit that the table is printed in; `None` where the table is missing.
    pub source_unit: Option<Unit>,
    /// Pages that carry rows of the table.
    pub pages: Vec<u32>,
    /// Rows in printed order (revenue list before expenditure list).
    pub rows: Vec<Row>,
    /// Sentences printed under the table.
    pub notes: Vec<String>,
    /// How many amounts it prints and how many of them are placed.
    pub coverage: Coverage,
}

/// State of a standard table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Rows with amounts.
    Filled,
    /// Printed, but without any amount other than zero.
    DeclaredEmpty,
    /// Not in the document.
    #[default]
    Missing,
    /// Found, but its grid could not be rebuilt.
    Unreadable,
}

/// Unit of printed amounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// 元.
    Yuan,
    /// 千元.
    ThousandYuan,
    /// 万元, the unit of the output.
    #[default]
    Wan,
    /// 亿元.
    Yi,
}

/// What kind of row it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowKind {
    /// A code row or a fixed line item.
    #[default]
    Item,
    /// A project's row.
    Project,
    /// A department's (unit's) own subtotal row.
    Department,
    /// 收入总计, 支出总计, 总计, 合计.
    Total,
}

/// 类, 款, 项.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 类.
    Class,
    /// 款.
    Section,
    /// 项.
    Item,
}

/// The two lists of tables 1 and 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// 收入.
    Revenue,
    /// 支出.
    Expenditure,
}

/// A typed row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Kind of row.
    pub kind: RowKind,
    /// Whole code without separators.
    pub code: Option<String>,
    /// Level of a code row.
    pub level: Option<Level>,
    /// Printed name without enumeration, 其中： and code.
    pub name: Option<String>,
    /// Id of a fixed line item.
    pub item: Option<&'static str>,
    /// Name of the project on project rows.
    pub project: Option<String>,
    /// Side, in tables 1 and 4.
    pub side: Option<Side>,
    /// The table's columns in order; `None` for a blank cell.
    pub amounts: Vec<(&'static str, Option<Amount>)>,
    /// Printed columns that the standard lacks, keyed by header path. Blank cells are left out.
    pub extra: Vec<(String, Amount)>,
    /// What was printed where normalization changed a code or an amount.
    pub raw: Vec<(String, Raw)>,
    /// Page of the row.
    pub page: u32,
    /// Box of the row.
    pub bbox: Rect,
}

/// What was printed before normalization.
#[derive(Clone, Debug, PartialEq)]
pub enum Raw {
    /// One cell.
    Text(String),
    /// Several cells, e.g. the three parts of a code.
    Parts(Vec<String>),
}

/// How surely the page says in which column an amount stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// Not known: the amount comes from emitted JSON.
    #[default]
    Unknown,
    /// Its text lies inside its cell, between rulings.
    Inside,
    /// No ruling parts the columns; the alignment of the text says it.
    Inferred,
    /// Its text reaches into another cell; the column of that cell, where it is blank and of this table.
    Over(Option<&'static str>),
}

/// An amount in 万元 with the place that it was read from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Amount {
    /// Exact value in 万元; its scale keeps every printed digit.
    pub value: Decimal,
    /// Text as printed.
    pub text: String,
    /// Page, from 1.
    pub page: u32,
    /// Box of the printed text (of the cell where the text's own box is unknown).
    pub bbox: Rect,
    /// How many independent identities prove it.
    pub proved_by: u32,
    /// How surely it stands in its column.
    pub fit: Fit,
    /// Whether a second reader finds these digits on the page; `None` where it was not asked or cannot tell.
    pub second: Option<bool>,
}

/// A table that is none of the twelve, as printed (spans filled once).
#[derive(Clone, Debug, Default)]
pub struct OtherTable {
    /// Title as printed; empty where none was found.
    pub title: String,
    /// Pages that it stands on.
    pub pages: Vec<u32>,
    /// Rows of cell texts.
    pub rows: Vec<Vec<String>>,
    /// Which kind of table it is, where its title tells (`schemas/kinds.toml`).
    pub kind: Option<&'static str>,
    /// The unit that it is printed in; `None` where its kind is not known or no unit is.
    pub source_unit: Option<Unit>,
    /// Its rows with amounts by header path, where its kind is known.
    pub typed_rows: Vec<TypedRow>,
    /// How many amounts it prints and how many of them are placed.
    pub coverage: Coverage,
}

/// A row of a table beside the twelve.
#[derive(Clone, Debug, Default)]
pub struct TypedRow {
    /// Code of the functional or economic classification.
    pub code: Option<String>,
    /// Its name: the texts beside its amounts.
    pub name: Option<String>,
    /// Amounts in 万元, keyed by the header's path; blank cells are left out.
    pub amounts: Vec<(String, Amount)>,
    /// Page of the row.
    pub page: u32,
    /// Box of the row.
    pub bbox: Rect,
}

/// Summary of the identities (`proof` in the contract).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Amounts that the pages print inside tables.
    pub printed: u32,
    /// Of these: those that stand in one of the twelve, in `extra`, or in another table of a known kind.
    pub placed: u32,
    /// Amounts that are not blank.
    pub amounts: u32,
    /// Of these: proved by at least one identity.
    pub proved: u32,
    /// Identities that were evaluated or should have been.
    pub identities: u32,
    /// Hold to the last digit.
    pub exact: u32,
    /// Hold within the rounding envelope.
    pub rounding: u32,
    /// Broken.
    pub inconsistent: u32,
    /// Could not run; each has a reason.
    pub not_checked: u32,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    #[default]
    Info,
    /// Doubtful.
    Warning,
    /// A number or a table is wrong or lost.
    Error,
}

/// Who is probably to blame for a broken identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The document prints it so.
    Source,
    /// We may have read it wrong.
    Extraction,
    /// The evidence does not tell.
    Undecided,
}

/// A place in the document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// Number of the standard table.
    pub table: Option<u8>,
    /// Row: its code, item id, project or name.
    pub row: Option<String>,
    /// Column id or header path.
    pub column: Option<String>,
    /// Page, from 1.
    pub page: Option<u32>,
    /// Box on that page.
    pub bbox: Option<Rect>,
}

/// Something that a reader of the numbers must know.
#[derive(Clone, Debug, Default)]
pub struct Finding {
    /// Stable id of the rule; `yusuan explain RULE` tells what it means.
    pub rule: String,
    /// Severity.
    pub severity: Severity,
    /// One sentence for a person.
    pub message: String,
    /// What it points at.
    pub place: Place,
    /// What an identity demands.
    pub expected: Option<Decimal>,
    /// What is printed.
    pub actual: Option<Decimal>,
    /// `actual − expected`.
    pub difference: Option<Decimal>,
    /// The document's mistake or ours.
    pub cause: Option<Cause>,
    /// The other side of a disagreement, or the cells that explain it.
    pub others: Vec<Place>,
}

impl Finding {
    /// A finding without a place.
    pub fn new(rule: &str, severity: Severity, message: impl Into<String>) -> Self {
        Self { rule: rule.to_owned(), severity, message: message.into(), ..Self::default() }
    }

    /// The same finding, pointing at a page.
    pub fn on_page(mut self, page: u32) -> Self {
        self.place.page = Some(page);
        self
    }

    /// The same finding, pointing at a table.
    pub fn in_table(mut self, number: u8) -> Self {
        self.place.table = Some(number);
        self
    }
}

impl Unit {
    /// As written in Chinese.
    pub fn as_str(self) -> &'static str {
        match self {
            Unit::Yuan => "元",
            Unit::ThousandYuan => "千元",
            Unit::Wan => "万元",
            Unit::Yi => "亿元",
        }
    }
}

/// Units as written in Chinese, for `#[serde(with = "unit_word")]`.
pub(crate) mod unit_word {
    use super::Unit;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(unit: &Unit, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(unit.as_str())
    }

    pub(crate) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Unit, D::Error> {
        let word = String::deserialize(from)?;
        [Unit::Yuan, Unit::ThousandYuan, Unit::Wan, Unit::Yi]
            .into_iter()
            .find(|u| u.as_str() == word)
            .ok_or_else(|| D::Error::custom(format!("`{word}` is no unit")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_the_unit_that_all_its_tables_share() {
        let in_units = |units: &[Option<Unit>]| Document {
            tables: units.iter().map(|&source_unit| Table { source_unit, ..Table::default() }).collect(),
            ..Document::default()
        };
        assert_eq!(in_units(&[Some(Unit::Yuan), None, Some(Unit::Yuan)]).unit(), Unit::Yuan);
        assert_eq!(in_units(&[Some(Unit::Yuan), Some(Unit::Wan)]).unit(), Unit::Wan);
        assert_eq!(in_units(&[None]).unit(), Unit::Wan);
    }
}
