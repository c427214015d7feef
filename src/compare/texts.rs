//! What a document's text says of the change since last year → beside what the tables of both years give.

use super::changes::{Change, percent, same};
use super::snapshot::{FigureShot, RowShot, Snapshot};
use crate::document::{RowKind, Side, exact};
use crate::normalize::text::key;
use regex::Regex;
use rust_decimal::Decimal;
use serde::Serialize;
use std::sync::LazyLock;

/// How far two statements of last year's amount agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Last year's own document prints what the text implies.
    Agrees,
    /// As far as both are rounded.
    Rounded,
    /// They contradict each other.
    Contradicts,
    /// The text compares with something else than last year's budget, or the documents are not of successive years.
    OtherBase,
    /// One of the two is not printed.
    Unknown,
}

/// A change that the text prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TextChange {
    /// Section of the text.
    pub section: Option<String>,
    /// What it is the amount of.
    pub item: Option<String>,
    /// The same as printed.
    pub label: String,
    /// Functional code that the label names.
    pub code: Option<String>,
    /// The amount after, as the text prints it.
    #[serde(with = "exact::option")]
    pub amount: Option<Decimal>,
    /// The change as the text prints it, negative for a decrease.
    #[serde(with = "exact::option")]
    pub change: Option<Decimal>,
    /// The printed change in percent, negative for a decrease.
    #[serde(with = "exact::option")]
    pub percent: Option<Decimal>,
    /// What the text compares with.
    pub base: Option<String>,
    /// The change that both years' documents give.
    #[serde(with = "exact::option")]
    pub of_documents: Option<Decimal>,
    /// Last year's amount that the text prints, or implies (amount less change).
    #[serde(with = "exact::option")]
    pub implied_previous: Option<Decimal>,
    /// Last year's amount in last year's own document.
    #[serde(with = "exact::option")]
    pub own_previous: Option<Decimal>,
    /// Own less implied.
    #[serde(with = "exact::option")]
    pub difference: Option<Decimal>,
    /// Whether they agree.
    pub verdict: Verdict,
    /// Why, as printed.
    pub reason: Option<String>,
    /// Page of the text.
    pub page: u32,
}

/// Bases that are last year's budget, or may be.
const LAST_BUDGET: [&str; 3] = ["previous_year_budget", "previous_year", "initial_budget"];

/// Compares what the second document's text says of last year with last year's own document.
pub(crate) fn texts(a: &Snapshot, b: &Snapshot) -> Vec<TextChange> {
    let next = a.year.zip(b.year).is_some_and(|(a, b)| a.checked_add(1) == Some(b)) && a.kind == b.kind;
    b.figures.iter().filter(|f| f.has_change || f.previous.is_some()).map(|f| text(f, a, b, next)).collect()
}

fn text(f: &FigureShot, a: &Snapshot, b: &Snapshot, next: bool) -> TextChange {
    let own = value(f, a);
    let now = f.amount.or_else(|| value(f, b));
    let implied = f.previous.or(f.implied_previous).or_else(|| now?.checked_sub(f.change?));
    let difference = own.zip(implied).and_then(|(own, implied)| own.checked_sub(implied));
    let base = f.base.as_deref();
    let verdict = match (own, implied) {
        _ if !next || base.is_some_and(|b| !LAST_BUDGET.contains(&b)) => Verdict::OtherBase,
        (Some(own), Some(implied)) if own == implied => Verdict::Agrees,
        (Some(own), Some(implied)) if same(own, implied) || last_digit(own, implied) => Verdict::Rounded,
        (Some(_), Some(_)) => Verdict::Contradicts,
        _ => Verdict::Unknown,
    };
    TextChange {
        section: f.section.clone(),
        item: f.item.clone(),
        label: f.label.clone(),
        code: f.code.clone(),
        amount: now,
        change: f.change,
        percent: f.percent,
        base: f.base.clone(),
        of_documents: own.zip(now).and_then(|(own, now)| now.checked_sub(own)),
        implied_previous: implied,
        own_previous: own,
        difference,
        verdict,
        reason: f.reason.clone(),
        page: f.page,
    }
}

/// Whether two amounts differ by no more than one of the coarser one's last digit: amount and change are both rounded.
fn last_digit(a: Decimal, b: Decimal) -> bool {
    let step = Decimal::new(1, a.scale().min(b.scale()));
    // whole numbers of 万元 are not rounded ones
    step < Decimal::ONE && a.checked_sub(b).is_some_and(|d| d.abs() <= step)
}

/// What a figure is about, in a document: the table cell that it repeats, else the same figure of the text.
fn value(f: &FigureShot, d: &Snapshot) -> Option<Decimal> {
    let repeated = f.repeats.as_deref().into_iter().flat_map(|r| r.split(" | "));
    repeated.into_iter().find_map(|alternative| cell(alternative, d)).or_else(|| {
        let is_same = |g: &&FigureShot| {
            g.section == f.section && g.item == f.item && g.code == f.code && key(&g.label) == key(&f.label)
        };
        let mut found = d.figures.iter().filter(is_same);
        let first = found.next()?;
        // of several of the same name nobody knows which
        if found.next().is_some() {
            return None;
        }
        first.amount.or_else(|| first.not_arranged.then_some(Decimal::ZERO))
    })
}

static CELL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\(?T(\d+)\[(?:'([^']*)'|([^\]']+))\]\.(?:'([^']*)'|([a-z_]+))\)?$").ok());

/// The amount of a cell as identities name it: `T5[2013801].total`, `T7['name'].total`.
fn cell(name: &str, d: &Snapshot) -> Option<Decimal> {
    let found = CELL.as_ref()?.captures(name.trim())?;
    let table: u8 = found.get(1)?.as_str().parse().ok()?;
    let column = found.get(4).or(found.get(5))?.as_str();
    let mut rows = d.rows.iter().filter(|r| r.table == table && is_row(r, found.get(2), found.get(3)));
    let amount = rows.next()?.amount(column);
    // a name that stands twice names no cell
    if rows.next().is_some() { None } else { amount }
}

fn is_row(row: &RowShot, quoted: Option<regex::Match>, plain: Option<regex::Match>) -> bool {
    if let Some(name) = quoted {
        let name = key(name.as_str());
        return row.project.as_deref().map(key) == Some(name.clone()) || key(&row.name) == name;
    }
    match plain.map(|p| p.as_str()) {
        Some("total") => row.kind == RowKind::Total && row.side.is_none(),
        Some("revenue") => row.kind == RowKind::Total && row.side == Some(Side::Revenue),
        Some("expenditure") => row.kind == RowKind::Total && row.side == Some(Side::Expenditure),
        Some(id) => row.kind == RowKind::Item && (row.item == Some(id) || row.code == id),
        None => false,
    }
}

/// Gives each change of a table the reason that the text prints beside the same cell.
pub(crate) fn reasons(b: &Snapshot, changes: &mut [Change]) {
    for figure in b.figures.iter().filter(|f| f.reason.is_some()) {
        let Some(repeats) = &figure.repeats else { continue };
        for alternative in repeats.split(" | ") {
            let Some(found) = CELL.as_ref().and_then(|c| c.captures(alternative.trim())) else { continue };
            let table: Option<u8> = found.get(1).and_then(|t| t.as_str().parse().ok());
            let column = found.get(4).or(found.get(5)).map(|c| c.as_str());
            let about =
                changes.iter_mut().filter(|c| Some(c.table) == table && Some(c.column.as_str()) == column);
            for change in about {
                let row = RowShot {
                    kind: change.row_kind,
                    side: change.side,
                    code: change.code_b.clone().unwrap_or_default(),
                    item: change.item,
                    name: change.name_b.clone().unwrap_or_default(),
                    project: change.project.clone(),
                    ..RowShot::default()
                };
                if is_row(&row, found.get(2), found.get(3)) {
                    change.reason.clone_from(&figure.reason);
                }
            }
        }
    }
}

/// The share that a printed change is, where the text prints no percentage of its own.
pub(crate) fn share(t: &TextChange) -> Option<Decimal> {
    t.percent.or_else(|| percent(t.of_documents?, t.own_previous))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn last_year(total: &str) -> Snapshot {
        let row = RowShot {
            table: 5,
            code: "2013801".to_owned(),
            amounts: vec![("total".to_owned(), d(total))],
            ..RowShot::default()
        };
        Snapshot { year: Some(2025), rows: vec![row], ..Snapshot::default() }
    }

    fn verdict(own: &str, base: &str) -> (Verdict, Option<Decimal>) {
        let figure = FigureShot {
            amount: Some(d("374.01")),
            change: Some(d("-52.67")),
            base: Some(base.to_owned()),
            has_change: true,
            repeats: Some("T5[2013801].total".to_owned()),
            ..FigureShot::default()
        };
        let b = Snapshot { year: Some(2026), figures: vec![figure], ..Snapshot::default() };
        let told = texts(&last_year(own), &b).remove(0);
        (told.verdict, told.difference)
    }

    #[test]
    fn what_the_text_implies_is_held_against_last_year_s_own_document() {
        let budget = "previous_year_budget";
        assert_eq!(verdict("426.68", budget), (Verdict::Agrees, Some(d("0.00"))));
        assert_eq!(verdict("426.69", budget).0, Verdict::Rounded);
        assert_eq!(verdict("436.68", budget), (Verdict::Contradicts, Some(d("10.00"))));
        assert_eq!(verdict("436.68", "previous_year_execution").0, Verdict::OtherBase);
    }
}
