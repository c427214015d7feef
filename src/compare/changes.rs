//! Two snapshots → what changed in their tables.

use super::rows::{Pairs, Same, pair};
use super::snapshot::{RowShot, Snapshot, TableShot};
use crate::document::exact;
use crate::document::{RowKind, Side, Status};
use rust_decimal::{Decimal, RoundingStrategy};
use rustc_hash::FxHashSet;
use serde::{Serialize, Serializer};

/// What happened to a row or an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Only the second document has the row.
    New,
    /// Only the first document has it.
    Gone,
    /// The amount is another one.
    Changed,
    /// The row stands under another code.
    Moved,
    /// The row has another name.
    Renamed,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// What happened.
    pub what: What,
    /// Number of the table.
    pub table: u8,
    /// Side, in tables 1 and 4.
    #[serde(serialize_with = "side_word")]
    pub side: Option<Side>,
    /// Whether the row is a project, a department or a total.
    #[serde(serialize_with = "kind_word")]
    pub row_kind: RowKind,
    /// Code before.
    pub code_a: Option<String>,
    /// Code after.
    pub code_b: Option<String>,
    /// Name before.
    pub name_a: Option<String>,
    /// Name after.
    pub name_b: Option<String>,
    /// Id of a fixed line item.
    pub item: Option<&'static str>,
    /// Name of the project.
    pub project: Option<String>,
    /// Column id or header path.
    pub column: String,
    /// Amount before, in 万元.
    #[serde(with = "exact::option")]
    pub a: Option<Decimal>,
    /// Amount after, in 万元.
    #[serde(with = "exact::option")]
    pub b: Option<Decimal>,
    /// After less before; a blank cell counts as nothing.
    #[serde(with = "exact")]
    pub difference: Decimal,
    /// The difference as a share of the amount before, in percent with one decimal.
    #[serde(with = "exact::option")]
    pub percent: Option<Decimal>,
    /// Page before.
    pub page_a: Option<u32>,
    /// Page after.
    pub page_b: Option<u32>,
    /// Why, as the second document's text prints it.
    pub reason: Option<String>,
}

fn side_word<S: Serializer>(side: &Option<Side>, to: S) -> Result<S::Ok, S::Error> {
    side.map(crate::output::words::side).serialize(to)
}

fn kind_word<S: Serializer>(kind: &RowKind, to: S) -> Result<S::Ok, S::Error> {
    crate::output::words::row_kind(*kind).serialize(to)
}

impl Change {
    /// What a person calls the row.
    pub fn row(&self) -> String {
        let code = match (self.what, &self.code_a, &self.code_b) {
            (What::Moved, Some(a), Some(b)) => format!("{a} → {b} "),
            (_, Some(code), None) | (_, _, Some(code)) => format!("{code} "),
            _ => String::new(),
        };
        let name = match (self.what, &self.name_a, &self.name_b) {
            (What::Renamed, Some(a), Some(b)) => format!("{a} → {b}"),
            (_, _, Some(name)) | (_, Some(name), None) => name.clone(),
            _ => String::new(),
        };
        match &self.project {
            Some(project) if *project != name => format!("{code}{name} {project}"),
            _ => format!("{code}{name}"),
        }
    }
}

/// The difference as a share of what was there before, in percent.
pub(crate) fn percent(difference: Decimal, before: Option<Decimal>) -> Option<Decimal> {
    let before = before.filter(|b| !b.is_zero())?;
    let share = difference.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(before.abs())?;
    let mut share = share.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    share.rescale(1);
    Some(share)
}

/// Whether two amounts are the same as far as the coarser of them is printed.
pub(crate) fn same(a: Decimal, b: Decimal) -> bool {
    if a == b {
        return true;
    }
    if a.scale() == b.scale() {
        return false;
    }
    let half = Decimal::new(5, a.scale().min(b.scale()).min(27) + 1);
    a.checked_sub(b).is_some_and(|d| d.abs() <= half)
}

/// The differences of all tables, each table's largest first, and what is to be said about tables.
pub(crate) fn changes(a: &Snapshot, b: &Snapshot, notes: &mut Vec<String>) -> Vec<Change> {
    let mut out = Vec::new();
    for number in 1..=12 {
        if !comparable(number, a.table(number), b.table(number), notes) {
            continue;
        }
        fn of(d: &Snapshot, table: u8) -> Vec<&RowShot> {
            d.rows.iter().filter(|r| r.table == table).collect()
        }
        let from = out.len();
        table(&pair(of(a, number), of(b, number)), &mut out);
        if let Some(own) = out.get_mut(from..) {
            own.sort_by_key(|c| std::cmp::Reverse(c.difference.abs()));
        }
    }
    out
}

/// Whether both documents have the table; says what differs about it as a whole.
fn comparable(number: u8, a: Option<&TableShot>, b: Option<&TableShot>, notes: &mut Vec<String>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    let known = |t: &TableShot| matches!(t.status, Status::Filled | Status::DeclaredEmpty);
    match (known(a), known(b)) {
        (true, true) => {}
        (false, false) => return false,
        (here, _) => {
            let (other, side) = if here { (b, "second") } else { (a, "first") };
            let what = if other.status == Status::Missing {
                "does not have it"
            } else {
                "has it, but it could not be read"
            };
            notes.push(format!("table {number} is not compared: the {side} document {what}"));
            return false;
        }
    }
    if let (Some(before), Some(after)) = (a.unit, b.unit)
        && before != after
    {
        let (before, after) = (before.as_str(), after.as_str());
        notes.push(format!("table {number}: printed in {before}, then in {after}; compared in 万元"));
    }
    if a.status != b.status {
        let word = |t: &TableShot| if t.status == Status::Filled { "has amounts" } else { "is empty" };
        notes.push(format!("table {number}: {} in the first document, {} in the second", word(a), word(b)));
    }
    true
}

fn table(pairs: &Pairs, out: &mut Vec<Change>) {
    for (a, b, same_as) in &pairs.both {
        let what = match same_as {
            Same::Row => None,
            Same::Renamed => Some(What::Renamed),
            Same::Moved => Some(What::Moved),
        };
        if let Some(what) = what {
            let column = b.main_column().to_owned();
            out.push(change(what, Some(a), Some(b), &column));
        }
        let mut seen = FxHashSet::default();
        for (column, _) in a.amounts.iter().chain(&b.amounts) {
            if !seen.insert(column) {
                continue;
            }
            let (before, after) = (a.amount(column), b.amount(column));
            // a blank cell and a printed zero are both nothing
            if !same(before.unwrap_or_default(), after.unwrap_or_default()) {
                out.push(change(What::Changed, Some(a), Some(b), column));
            }
        }
    }
    let has = |r: &&&RowShot| r.project.is_some() || r.amounts.iter().any(|(_, a)| !a.is_zero());
    for row in pairs.gone.iter().filter(has) {
        out.push(change(What::Gone, Some(row), None, row.main_column()));
    }
    for row in pairs.new.iter().filter(has) {
        out.push(change(What::New, None, Some(row), row.main_column()));
    }
}

fn change(what: What, a: Option<&RowShot>, b: Option<&RowShot>, column: &str) -> Change {
    let text =
        |r: Option<&RowShot>, of: fn(&RowShot) -> &String| r.map(of).filter(|t| !t.is_empty()).cloned();
    let one = b.or(a);
    let (before, after) = (a.and_then(|r| r.amount(column)), b.and_then(|r| r.amount(column)));
    let difference = after.unwrap_or_default().checked_sub(before.unwrap_or_default()).unwrap_or_default();
    Change {
        what,
        table: one.map_or(0, |r| r.table),
        side: one.and_then(|r| r.side),
        row_kind: one.map(|r| r.kind).unwrap_or_default(),
        code_a: text(a, |r| &r.code),
        code_b: text(b, |r| &r.code),
        name_a: text(a, |r| &r.name),
        name_b: text(b, |r| &r.name),
        item: one.and_then(|r| r.item),
        project: one.and_then(|r| r.project.clone()),
        column: column.to_owned(),
        a: before,
        b: after,
        difference,
        percent: percent(difference, before),
        page_a: a.map(|r| r.page),
        page_b: b.map(|r| r.page),
        reason: None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_share_is_of_what_was_there_before() {
        assert_eq!(percent(d("1.00"), Some(d("8.00"))), Some(d("12.5")));
        assert_eq!(percent(d("-2"), Some(d("-8"))).unwrap().to_string(), "-25.0");
        assert_eq!(percent(d("1"), Some(d("0.00"))), None);
        assert_eq!(percent(d("1"), None), None);
    }

    #[test]
    fn an_amount_in_yuan_is_the_same_as_the_rounded_one_and_a_cent_is_a_change() {
        assert!(same(d("9628.221344"), d("9628.22")));
        assert!(!same(d("9628.21"), d("9628.22")));
        assert!(!same(d("9628.231344"), d("9628.22")));
        assert!(same(d("43.0"), d("43.00")));
    }
}
