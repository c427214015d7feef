//! What the text parts say, as data. Written as it stands here into the JSON under `narrative`; read back by `output`.
//!
//! Amounts are exact decimals in 万元 with every printed digit, boxes are in points with the origin at the top left of
//! the page as displayed, pages count from 1.

use super::{Unit, exact, unit_word};
use crate::geometry::{Rect, tenths};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Parts one, three and four of a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Narrative {
    /// Headings of parts and sections as printed, in the table of contents and above the text.
    pub headings: Vec<Heading>,
    /// What the department is for (主要职能).
    pub functions: Option<Functions>,
    /// Its offices and subordinate units (机构设置).
    pub organization: Option<Organization>,
    /// Amounts of the text in printed order.
    pub figures: Vec<Figure>,
    /// Other numbers of the text that mean something: square metres, vehicles, projects.
    pub quantities: Vec<Quantity>,
    /// Names that the text lists without amounts.
    pub lists: Vec<NameList>,
    /// Projects that the text describes.
    pub projects: Vec<Project>,
    /// Sentences that say that a table is empty.
    pub declared_empty: Vec<DeclaredEmpty>,
    /// Sentences that explain why two amounts differ.
    pub reconciliations: Vec<Reconciliation>,
    /// Projects that are named in the text of other sections.
    pub mentions: Vec<Mention>,
    /// Terms that part four explains.
    pub glossary: Vec<Term>,
    /// What was found and what was not.
    pub completeness: Completeness,
}

/// Where something is printed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Page, from 1.
    pub page: u32,
    /// Box of the lines on that page.
    #[serde(with = "tenths")]
    pub bbox: Rect,
    /// The words, cleaned.
    pub text: String,
}

/// A heading of a part or of a section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    /// How deep it stands.
    pub level: HeadingLevel,
    /// Id of the part or section that it opens, where known.
    pub section: Option<String>,
    /// As printed above the text; `None` where only the table of contents has it.
    pub text: Option<String>,
    /// As printed in the table of contents, without page number.
    pub contents: Option<String>,
    /// Page of the heading (of the table of contents' line where `text` is `None`).
    pub page: u32,
    /// Box of the heading.
    #[serde(with = "tenths")]
    pub bbox: Rect,
}

/// Depth of a heading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadingLevel {
    /// 第一部分.
    Part,
    /// 一、.
    #[default]
    Section,
    /// （一）.
    Subsection,
}

/// 主要职能.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Functions {
    /// The single functions, without numbering.
    pub items: Vec<String>,
    /// All of it.
    pub source: Source,
}

/// 机构设置.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// Whether it has subordinate budget units; `None` where the text does not say.
    pub has_subordinate_units: Option<bool>,
    /// Their number as printed.
    pub subordinate_unit_count: Option<u32>,
    /// Their names.
    pub subordinate_units: Vec<String>,
    /// Number of offices as printed.
    pub office_count: Option<u32>,
    /// Names of the offices.
    pub offices: Vec<String>,
    /// All of it.
    pub source: Source,
}

/// An amount of the text with what is said of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Id of the section that it stands in.
    pub section: Option<String>,
    /// Id of what it is the amount of (`schemas/narrative.toml`), where known.
    pub item: Option<String>,
    /// What it is the amount of, as printed.
    pub label: String,
    /// Functional code, where the label names a class, section or item of the tables.
    pub code: Option<String>,
    /// In 万元; `None` where only its change is printed, or that nothing is arranged.
    #[serde(with = "exact::option")]
    pub amount: Option<Decimal>,
    /// The printed unit.
    #[serde(with = "unit_word")]
    pub unit: Unit,
    /// The amount as printed, where it looks different from `amount`.
    pub raw: Option<String>,
    /// Printed share (占 …%).
    #[serde(with = "exact::option")]
    pub share_percent: Option<Decimal>,
    /// What the share is of: an expression as in `schemas/identities.toml`.
    pub share_of: Option<String>,
    /// Change against the year before.
    pub change: Option<Change>,
    /// Amount of the year before as printed, in 万元.
    #[serde(with = "exact::option")]
    pub previous: Option<Decimal>,
    /// Derived, not printed: amount minus change, in 万元.
    #[serde(with = "exact::option")]
    pub implied_previous: Option<Decimal>,
    /// Why it changed (主要原因是…).
    pub reason: Option<String>,
    /// What it is for (主要用于…).
    pub purpose: Option<String>,
    /// The text says 未安排.
    pub not_arranged: bool,
    /// A growth is printed although the year before was zero.
    pub zero_base: bool,
    /// The table cells that it repeats: an expression as in `schemas/identities.toml`. A project's row is named by
    /// `'name'`.
    pub repeats: Option<String>,
    /// Where the amount stands.
    pub source: Source,
}

/// How an amount changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// By the word before the amount; by the word before the percentage where no amount is printed.
    pub direction: Direction,
    /// In 万元, negative for a decrease.
    #[serde(with = "exact::option")]
    pub amount: Option<Decimal>,
    /// As printed, without sign.
    #[serde(with = "exact::option")]
    pub percent: Option<Decimal>,
    /// By the word before the percentage.
    pub percent_direction: Option<Direction>,
    /// What it is compared with: an id of `schemas/narrative.toml`.
    pub base: Option<String>,
    /// Where the change stands.
    pub source: Source,
}

/// Direction of a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// 增加, 增长.
    Increase,
    /// 减少, 下降.
    Decrease,
    /// 持平, 一致.
    #[default]
    Unchanged,
}

/// A number that is no amount.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// Id of the section that it stands in.
    pub section: Option<String>,
    /// Id of what is counted or measured, where known.
    pub item: Option<String>,
    /// The same as printed.
    pub label: String,
    /// Exact, with every printed digit.
    #[serde(with = "exact")]
    pub value: Decimal,
    /// As printed: 平方米, 辆, 个.
    pub unit: String,
    /// Where it stands.
    pub source: Source,
}

/// Names that the text lists without amounts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameList {
    /// Id of the section that it stands in.
    pub section: Option<String>,
    /// Id of the list (`schemas/narrative.toml`).
    pub item: String,
    /// The names in printed order.
    pub names: Vec<String>,
    /// Where it stands.
    pub source: Source,
}

/// A project as the text describes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Name as printed.
    pub name: String,
    /// Its budget in 万元.
    #[serde(with = "exact::option")]
    pub amount: Option<Decimal>,
    /// The printed unit.
    #[serde(with = "unit_word")]
    pub unit: Unit,
    /// The amount as printed, where it looks different from `amount`.
    pub raw: Option<String>,
    /// What it is about, where a paragraph says so (项目概述).
    pub overview: Option<String>,
    /// What it rests on (设立的政策依据).
    pub policy_basis: Option<PolicyBasis>,
    /// Who carries it out.
    pub executor: Option<String>,
    /// What the money is for.
    pub allocation: Option<Allocation>,
    /// When the money is spent.
    pub period: Option<Period>,
    /// How it is carried out (实施方案).
    pub plan: Option<String>,
    /// What it shall reach (绩效目标).
    pub goal: Option<String>,
    /// Fields of which the text says that they are not published (完全不予公开).
    pub withheld: Vec<String>,
    /// The table cells that `amount` repeats: an expression as in `schemas/identities.toml`.
    pub repeats: Option<String>,
    /// Where the name stands.
    pub source: Source,
    /// Where the amount stands.
    pub amount_source: Option<Source>,
}

/// What a project rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyBasis {
    /// As printed.
    pub text: String,
    /// The documents named in it.
    pub documents: Vec<PolicyDocument>,
}

/// A document that a project rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDocument {
    /// Title without its outer 《》.
    pub title: Option<String>,
    /// Number as printed: 新工信消费〔2024〕8号.
    pub number: Option<String>,
}

/// What a project's money is for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allocation {
    /// As printed.
    pub text: String,
    /// The single purposes.
    pub parts: Vec<AllocationPart>,
}

/// One purpose of a project's money.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllocationPart {
    /// As printed.
    pub purpose: String,
    /// In 万元.
    #[serde(with = "exact")]
    pub amount: Decimal,
    /// The printed unit.
    #[serde(with = "unit_word")]
    pub unit: Unit,
    /// The amount as printed, where it looks different from `amount`.
    pub raw: Option<String>,
}

/// When a project runs or its money is spent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// As printed.
    pub text: String,
    /// First day, ISO; `None` where no day is printed.
    pub from: Option<String>,
    /// Last day, ISO; `None` where no day is printed.
    pub to: Option<String>,
}

/// A sentence that says that a table is empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredEmpty {
    /// Id of the section that it stands in.
    pub section: Option<String>,
    /// Number of the table.
    pub table: u8,
    /// The sentence.
    pub source: Source,
}

/// A sentence that explains why two amounts differ.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reconciliation {
    /// The amount named first.
    pub left: ReconciledAmount,
    /// The amount named second.
    pub right: ReconciledAmount,
    /// Why they differ.
    pub reason: Option<String>,
    /// The sentence.
    pub source: Source,
}

/// One side of a [`Reconciliation`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReconciledAmount {
    /// What it is the amount of, as printed.
    pub label: String,
    /// In 万元.
    #[serde(with = "exact")]
    pub amount: Decimal,
    /// The printed unit.
    #[serde(with = "unit_word")]
    pub unit: Unit,
    /// The amount as printed, where it looks different from `amount`.
    pub raw: Option<String>,
}

/// A project that is named in the text of another section.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mention {
    /// Id of the section that it stands in.
    pub section: Option<String>,
    /// Name as printed there.
    pub name: String,
    /// Name of the project of the tables that it is; `None` where there is none of that name.
    pub project: Option<String>,
    /// Where it stands.
    pub source: Source,
}

/// A term that part four explains.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The term without numbering and quotation marks around it.
    pub term: String,
    /// Its definition.
    pub definition: String,
    /// Where it stands.
    pub source: Source,
}

/// What was found and what was not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Completeness {
    /// Ids of the parts that have text or tables of their own.
    pub parts: Vec<String>,
    /// Ids of the sections that were found, in printed order.
    pub sections: Vec<String>,
    /// Ids of the sections that the table of contents promises and the text lacks.
    pub missing_sections: Vec<String>,
    /// Projects of table 7.
    pub table_projects: u32,
    /// Projects that the text describes.
    pub narrative_projects: u32,
    /// Projects of which the text withholds something.
    pub withheld_projects: u32,
}

impl Narrative {
    /// Every box with its page, for whoever turns them.
    pub fn each_box(&mut self, turn: &mut dyn FnMut(u32, &mut Rect)) {
        self.headings.iter_mut().for_each(|h| turn(h.page, &mut h.bbox));
        let functions = self.functions.iter_mut().map(|f| &mut f.source);
        let organization = self.organization.iter_mut().map(|o| &mut o.source);
        let figures = self.figures.iter_mut().flat_map(|f| {
            std::iter::once(&mut f.source).chain(f.change.iter_mut().map(|change| &mut change.source))
        });
        let projects = self
            .projects
            .iter_mut()
            .flat_map(|p| std::iter::once(&mut p.source).chain(p.amount_source.iter_mut()));
        functions
            .chain(organization)
            .chain(figures)
            .chain(projects)
            .chain(self.quantities.iter_mut().map(|q| &mut q.source))
            .chain(self.lists.iter_mut().map(|l| &mut l.source))
            .chain(self.declared_empty.iter_mut().map(|d| &mut d.source))
            .chain(self.reconciliations.iter_mut().map(|r| &mut r.source))
            .chain(self.mentions.iter_mut().map(|m| &mut m.source))
            .chain(self.glossary.iter_mut().map(|t| &mut t.source))
            .for_each(|source| turn(source.page, &mut source.bbox));
    }
}
