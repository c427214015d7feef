//! What a performance table says. Written as it stands here into the JSON under `performance`; read back by `output`.
//!
//! Amounts are exact decimals in 万元 with every printed digit, boxes are in points with the origin at the top left of
//! the page as displayed, pages count from 1.

use super::{Unit, exact, unit_word};
use crate::geometry::{Rect, tenths};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use super::narrative::Period;

/// What a performance table is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A department or unit as a whole (整体绩效目标).
    Overall,
    /// One project.
    #[default]
    Project,
}

/// A performance table (绩效目标表).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Performance {
    /// Department or project.
    pub subject: Subject,
    /// Title as printed; empty where none is.
    pub title: String,
    /// Pages that it stands on.
    pub pages: Vec<u32>,
    /// Box of its first page's part.
    #[serde(with = "tenths")]
    pub bbox: Rect,
    /// Department or unit, as printed.
    pub department: Option<String>,
    /// Name of the project.
    pub project: Option<String>,
    /// 项目性质, 项目类别: as printed.
    pub nature: Option<String>,
    /// When the project runs.
    pub period: Option<Period>,
    /// The goal in words.
    pub goal: Option<String>,
    /// Unit that the amounts are printed in.
    #[serde(with = "unit_word")]
    pub unit: Unit,
    /// The money, amounts in 万元.
    pub funding: Vec<Funding>,
    /// What else the upper part says.
    pub fields: Vec<Field>,
    /// Persons and their numbers. Empty unless asked for.
    pub contacts: Vec<Field>,
    /// The indicators, merged cells filled.
    pub indicators: Vec<Indicator>,
}

/// A label with its text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// As printed; empty where the text stands alone.
    pub label: String,
    /// As printed.
    pub text: String,
}

/// One amount of the upper part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Funding {
    /// `total`, `fiscal`, `fiscal.upper`, `other` … (`schemas/performance.toml`); `project.` before it for sums over
    /// the whole life of a project.
    pub id: String,
    /// Label as printed.
    pub label: String,
    /// In 万元.
    #[serde(with = "exact")]
    pub amount: Decimal,
    /// The amount as printed, where it looks different from `amount`.
    pub raw: Option<String>,
    /// Page of the amount.
    pub page: u32,
    /// Box of the amount.
    #[serde(with = "tenths")]
    pub bbox: Rect,
}

/// One indicator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// 一级指标.
    pub level1: Option<String>,
    /// 二级指标.
    pub level2: Option<String>,
    /// 三级指标: the indicator itself.
    pub name: String,
    /// Unit in the bracket at the end of the name.
    pub name_unit: Option<String>,
    /// 指标值.
    pub target: Option<Target>,
    /// 设置依据.
    pub basis: Option<String>,
    /// 上年完成值.
    pub previous: Option<String>,
    /// 分值权重.
    #[serde(with = "exact::option")]
    pub weight: Option<Decimal>,
    /// 赋分规则.
    pub scoring: Option<String>,
    /// 佐证资料.
    pub evidence: Option<String>,
    /// 备注.
    pub note: Option<String>,
    /// Page of the row.
    pub page: u32,
    /// Box of the row's texts.
    #[serde(with = "tenths")]
    pub bbox: Rect,
}

/// A target: quantitative where a comparison and a number could be read, else its words alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// As printed.
    pub raw: String,
    /// `>=`, `<=`, `>`, `<`, `=`; `None` where no comparison is printed.
    pub op: Option<Operator>,
    /// The number.
    #[serde(with = "exact::option")]
    pub value: Option<Decimal>,
    /// What the number is measured in; `None` where it is not printed beside it.
    pub unit: Option<String>,
}

/// How a target's number is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    /// ≥, 不低于.
    #[serde(rename = ">=")]
    AtLeast,
    /// ≤, 不超过.
    #[serde(rename = "<=")]
    AtMost,
    /// More than.
    #[serde(rename = ">")]
    More,
    /// Less than.
    #[serde(rename = "<")]
    Less,
    /// Exactly.
    #[serde(rename = "=")]
    Equal,
}

impl Performance {
    /// Every box with its page, for whoever turns them.
    pub fn each_box(&mut self, turn: &mut dyn FnMut(u32, &mut Rect)) {
        turn(self.pages.first().copied().unwrap_or_default(), &mut self.bbox);
        self.funding.iter_mut().for_each(|f| turn(f.page, &mut f.bbox));
        self.indicators.iter_mut().for_each(|i| turn(i.page, &mut i.bbox));
    }

    /// The amount with this id.
    pub fn amount(&self, id: &str) -> Option<&Funding> {
        self.funding.iter().find(|f| f.id == id)
    }

    /// Sum of the weights; `None` where no weight is printed or they do not fit.
    pub fn weights(&self) -> Option<Decimal> {
        let mut weights = self.indicators.iter().filter_map(|i| i.weight).peekable();
        weights.peek()?;
        weights.try_fold(Decimal::ZERO, |sum, w| sum.checked_add(w))
    }
}
