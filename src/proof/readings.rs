//! Proof chooses between readings: where the page leaves open in which column an amount stands, or in which unit a
//! table is printed, the reading whose identities close is taken. No printed digit changes, and a finding says what
//! was read first, what was taken, and which identities decided.

use crate::document::{Amount, Document, Finding, Fit, Place, Raw, Severity, Status, Table, Unit};
use crate::limits::Deadline;
use crate::normalize::amount::{from_wan, to_wan};
use crate::proof::evaluate;
use crate::proof::hypothesis::{Change, Story};
use crate::proof::index::Index;
use crate::proof::instance::{Instances, Outcome};
use crate::proof::rule::Rules;
use crate::proof::suspect::{Explained, Explanations};
use crate::proof::texts;
use crate::proof::words::{MAX_OTHERS, row_name};
use rustc_hash::FxHashSet;

/// The rule of the findings.
const RULE: &str = "reading.chosen_by_proof";
/// Equations that have to be mended before a reading is changed.
const ENOUGH: usize = 2;

/// Another reading of a document.
pub(crate) enum Choice {
    /// Amounts that reach into the cell beside their own: table, row, from which column to which.
    Moves { moves: Vec<(usize, usize, usize, usize)>, identities: String },
    /// A table in another unit.
    Unit { table: usize, unit: Unit, identities: usize },
}

/// The first explanation of a break that another reading of the page would be.
pub(crate) fn choice(
    rules: &Rules,
    document: &Document,
    index: &Index<'_>,
    instances: &Instances,
    explanations: &Explanations,
) -> Option<Choice> {
    explanations.explained.iter().find_map(|explained| match &explained.hypothesis.story {
        Story::ShiftedCells => moves(rules, index, instances, explained),
        Story::Unit { .. } => {
            // of two tables that do not agree the one without a printed unit is in doubt
            let both = std::iter::once(&explained.hypothesis).chain(&explained.rivals);
            both.into_iter().find_map(|hypothesis| match hypothesis.story {
                Story::Unit { table, exponent } => unit(document, table, exponent, explained.mends.len()),
                _ => None,
            })
        }
        _ => None,
    })
}

fn moves(rules: &Rules, index: &Index<'_>, instances: &Instances, explained: &Explained) -> Option<Choice> {
    let counts = |i: &&u32| {
        let instance = instances.get(**i);
        let rule = instance.and_then(|instance| rules.identities.get(usize::from(instance.rule)));
        instance.is_some_and(|i| !i.at_most) && rule.is_some_and(|rule| !rule.derived)
    };
    let counted = explained.mends.iter().filter(counts).count();
    if explained.breaks > 0 || counted < ENOUGH || !explained.rivals.is_empty() {
        return None;
    }
    let pairs = explained.hypothesis.changes.chunks(2);
    let moves = pairs.map(|pair| moved(index, pair)).collect::<Option<Vec<_>>>()?;
    Some(Choice::Moves { moves, identities: names(rules, instances, &explained.mends) })
}

/// A pair of changes that takes an amount into the blank cell that its text reaches into.
fn moved(index: &Index<'_>, pair: &[Change]) -> Option<(usize, usize, usize, usize)> {
    let [from, to] = pair else { return None };
    let (a, b) = (index.at(from.cell)?, index.at(to.cell)?);
    let Fit::Over(Some(rival)) = index.amount(from.cell)?.fit else { return None };
    let column = *index.tables.get(b.table)?.columns.get(b.column)?;
    let free = index.value(to.cell).is_none();
    (free && column == rival && (a.table, a.row) == (b.table, b.row))
        .then_some((a.table, a.row, a.column, b.column))
}

/// A unit that is printed nowhere, and with which the table agrees with the others.
fn unit(document: &Document, table: usize, exponent: i32, identities: usize) -> Option<Choice> {
    let found = document.tables.get(table)?;
    let not_printed =
        document.findings.iter().any(|f| f.rule == "unit.not_printed" && f.place.table == Some(found.number));
    let unit = match (found.source_unit?, exponent) {
        (Unit::Yuan, 4) | (Unit::Yi, -4) => Unit::Wan,
        (Unit::Wan, -4) => Unit::Yuan,
        (Unit::Wan, 4) => Unit::Yi,
        (Unit::Wan, -1) => Unit::ThousandYuan,
        (Unit::ThousandYuan, 1) => Unit::Wan,
        _ => return None,
    };
    not_printed.then_some(Choice::Unit { table, unit, identities })
}

/// Changes the reading and says so.
pub(crate) fn take(document: &mut Document, choice: Choice) {
    match choice {
        Choice::Moves { moves, identities } => {
            let mut finding: Option<Finding> = None;
            for (t, r, from, to) in moves {
                let Some((place, words)) = move_amount(document, t, r, from, to) else { continue };
                match &mut finding {
                    None => {
                        let message = format!("{words}; the identities close so ({identities})");
                        let mut new = Finding::new(RULE, Severity::Info, message);
                        new.place = place;
                        finding = Some(new);
                    }
                    Some(first) if first.others.len() < MAX_OTHERS => first.others.push(place),
                    Some(_) => {}
                }
            }
            document.findings.extend(finding);
        }
        Choice::Unit { table, unit, identities } => {
            let Some(found) = document.tables.get_mut(table) else { return };
            let number = found.number;
            let before = found.source_unit.map_or("?", Unit::as_str);
            change_unit(found, unit);
            let message = format!(
                "table {number} prints no unit; first read in {before}, taken in {}, with which {identities} identities with other tables close",
                unit.as_str()
            );
            document.findings.push(Finding::new(RULE, Severity::Info, message).in_table(number));
        }
    }
}

fn move_amount(
    document: &mut Document,
    t: usize,
    r: usize,
    from: usize,
    to: usize,
) -> Option<(Place, String)> {
    let table = document.tables.get_mut(t)?;
    let number = table.number;
    let row = table.rows.get_mut(r)?;
    let name = row_name(row);
    let (old, new) = (row.amounts.get(from)?.0, row.amounts.get(to)?.0);
    let mut amount = row.amounts.get_mut(from)?.1.take()?;
    amount.fit = Fit::Over(None);
    let place = Place {
        table: Some(number),
        row: Some(name.clone()),
        column: Some(new.to_owned()),
        page: Some(amount.page).filter(|&page| page > 0),
        bbox: Some(amount.bbox),
    };
    let words = format!(
        "table {number}, {name}: {} reaches over the border between `{old}` and `{new}`; first read under `{old}`, taken under `{new}`",
        amount.text
    );
    row.amounts.get_mut(to)?.1 = Some(amount);
    for (key, _) in row.raw.iter_mut().filter(|(key, _)| key == old) {
        new.clone_into(key);
    }
    Some((place, words))
}

fn change_unit(table: &mut Table, unit: Unit) {
    let Some(before) = table.source_unit.replace(unit) else { return };
    for row in &mut table.rows {
        let standard = row.amounts.iter_mut().filter_map(|(id, a)| a.as_mut().map(|a| (*id, a)));
        let extra = row.extra.iter_mut().map(|(key, a)| (key.as_str(), a));
        for (key, amount) in standard.chain(extra) {
            if let Some(value) = from_wan(amount.value, before).and_then(|v| to_wan(v, unit)) {
                amount.value = value;
            }
            row.raw.retain(|(k, _)| k != key);
            if amount.text != amount.value.to_string() {
                row.raw.push((key.to_owned(), Raw::Text(amount.text.clone())));
            }
        }
    }
}

/// Amounts from which on the columns of a table can be told apart by its identities.
const COLUMN_AMOUNTS: usize = 3;
/// Readings of the columns of one table that are tried.
const MAX_TRIED: usize = 64;

/// Columns of a table without vertical rulings, taken one place to the left or right as a whole: the document with
/// the only reading that closes more identities than any other, if there is one and there is time to try them all.
pub(crate) fn columns(
    rules: &Rules,
    document: &Document,
    index: &Index<'_>,
    instances: &Instances,
    deadline: Deadline,
) -> Option<Document> {
    let outcomes = |instances: &Instances| {
        let broken = instances.all().iter().filter(|i| i.outcome == Outcome::Broken).count();
        (broken, instances.len() - broken)
    };
    let (broken, held) = outcomes(instances);
    if broken < ENOUGH {
        return None;
    }
    // a table that stands in no broken equation gains nothing
    let in_doubt: FxHashSet<usize> = instances
        .all()
        .iter()
        .filter(|i| i.outcome == Outcome::Broken)
        .flat_map(|i| instances.terms(i))
        .filter_map(|(cell, _)| index.at(*cell))
        .map(|at| at.table)
        .collect();
    let mut best: Option<(usize, Document)> = None;
    let mut tied = false;
    let tables = document.tables.iter().enumerate();
    for (t, table) in tables.filter(|(t, table)| in_doubt.contains(t) && is_inferred(table)) {
        for shift in shifts(table).into_iter().take(MAX_TRIED) {
            if deadline.expired() {
                return None;
            }
            let mut other = document.clone();
            let Some(finding) = other.tables.get_mut(t).and_then(|table| shift.apply(table)) else {
                continue;
            };
            let texts = texts::tables(&other);
            let index = Index::new(&other, &texts);
            let found = evaluate::evaluate(rules, &other, &index, deadline);
            drop(index);
            let (still, holds) = outcomes(&found);
            // what is broken has to hold then, not only to find its amounts no more
            let enough = still + ENOUGH <= broken && holds >= held + ENOUGH && still * 2 <= broken;
            if !enough {
                continue;
            }
            match &best {
                Some((least, _)) if *least == still => tied = true,
                Some((least, _)) if *least < still => {}
                _ => {
                    tied = false;
                    let mut finding = finding;
                    finding.message.push_str(&format!("; {} broken identities close so", broken - still));
                    other.findings.push(finding);
                    best = Some((still, other));
                }
            }
        }
    }
    best.filter(|_| !tied && !deadline.expired()).map(|(_, document)| document)
}

/// Whether the columns of the table are known from the alignment of its texts alone.
fn is_inferred(table: &Table) -> bool {
    let mut amounts = 0;
    let mut inferred = 0;
    for amount in table.rows.iter().flat_map(|row| &row.amounts).filter_map(|(_, a)| a.as_ref()) {
        amounts += 1;
        inferred += usize::from(!matches!(amount.fit, Fit::Inside | Fit::Unknown));
    }
    table.status == Status::Filled && amounts >= COLUMN_AMOUNTS && inferred == amounts
}

/// A run of columns that moves by one, into a blank column.
struct Shift {
    /// The columns that move.
    from: usize,
    to: usize,
    right: bool,
}

/// All runs of filled columns beside a blank one. In tables with two lists the columns mean different things.
fn shifts(table: &Table) -> Vec<Shift> {
    let width = table.rows.first().map_or(0, |row| row.amounts.len());
    if table.rows.iter().any(|row| row.side.is_some() || row.amounts.len() != width) {
        return Vec::new();
    }
    let filled: Vec<bool> = (0..width)
        .map(|c| table.rows.iter().any(|row| row.amounts.get(c).is_some_and(|(_, a)| a.is_some())))
        .collect();
    let is_filled = |c: usize| filled.get(c).copied().unwrap_or(false);
    let mut out = Vec::new();
    for blank in (0..width).filter(|&c| !is_filled(c)) {
        for from in (0..blank).rev().take_while(|&c| is_filled(c)) {
            out.push(Shift { from, to: blank, right: true });
        }
        for to in (blank + 1..width).take_while(|&c| is_filled(c)) {
            out.push(Shift { from: blank + 1, to: to + 1, right: false });
        }
    }
    out
}

impl Shift {
    /// Moves the columns; the finding names the first of them.
    fn apply(&self, table: &mut Table) -> Option<Finding> {
        let order: Vec<usize> =
            if self.right { (self.from..self.to).rev().collect() } else { (self.from..self.to).collect() };
        let beside = |c: usize| if self.right { Some(c + 1) } else { c.checked_sub(1) };
        let mut first: Option<Place> = None;
        for row in &mut table.rows {
            let name = row_name(row);
            for &c in &order {
                let target = beside(c)?;
                let (old, new) = (row.amounts.get(c)?.0, row.amounts.get(target)?.0);
                let amount = row.amounts.get_mut(c)?.1.take();
                if let Some(Amount { page, bbox, .. }) = amount
                    && first.is_none()
                {
                    first = Some(Place {
                        table: Some(table.number),
                        row: Some(name.clone()),
                        column: Some(new.to_owned()),
                        page: Some(page).filter(|&page| page > 0),
                        bbox: Some(bbox),
                    });
                }
                row.amounts.get_mut(target)?.1 = amount;
                for (key, _) in row.raw.iter_mut().filter(|(key, _)| key == old) {
                    new.clone_into(key);
                }
            }
        }
        let row = table.rows.first()?;
        let pairs: Vec<String> = (self.from..self.to)
            .filter_map(|c| {
                Some(format!("`{}` → `{}`", row.amounts.get(c)?.0, row.amounts.get(beside(c)?)?.0))
            })
            .collect();
        let message = format!(
            "table {}: no ruling parts its columns; columns first read and taken: {}",
            table.number,
            pairs.join(", ")
        );
        let mut finding = Finding::new(RULE, Severity::Info, message);
        finding.place = first?;
        Some(finding)
    }
}

fn names(rules: &Rules, instances: &Instances, mends: &[u32]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for rule in mends.iter().filter_map(|&i| rules.identities.get(usize::from(instances.get(i)?.rule))) {
        if !names.contains(&rule.id.as_str()) {
            names.push(&rule.id);
        }
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::proof::prove_reading;
    use crate::proof::testing::{code, document, table, total};

    fn amount_of(d: &mut Document, t: usize, r: usize, c: usize) -> &mut Option<Amount> {
        &mut d.tables[t].rows[r].amounts[c].1
    }

    /// Tables 3 and 5 that agree; in table 5 the amounts of its second row stand under `project`.
    fn shifted() -> Document {
        let rows = |basic: &str, project: &str| {
            vec![
                code("201", &[("total", "12.34"), ("basic", basic), ("project", project)]),
                code("20113", &[("total", "12.34"), ("basic", "12.34"), ("project", "")]),
                code("2011301", &[("total", "12.34"), ("basic", "12.34"), ("project", "")]),
                code("208", &[("total", "5.00"), ("basic", "5.00"), ("project", "")]),
                code("20805", &[("total", "5.00"), ("basic", "5.00"), ("project", "")]),
                total(&[("total", "17.34"), ("basic", "17.34"), ("project", "")]),
            ]
        };
        document(vec![table(3, rows("12.34", "")), table(5, rows("", "12.34"))])
    }

    #[test]
    fn an_amount_over_the_border_stands_where_the_identities_close() {
        let mut d = shifted();
        amount_of(&mut d, 4, 0, 2).as_mut().unwrap().fit = Fit::Over(Some("basic"));
        prove_reading(Rules::built_in(), &mut d, Deadline::never());
        assert_eq!(amount_of(&mut d, 4, 0, 1).as_ref().unwrap().text, "12.34");
        assert!(amount_of(&mut d, 4, 0, 2).is_none());
        let chosen: Vec<_> = d.findings.iter().filter(|f| f.rule == RULE).collect();
        assert_eq!(chosen.len(), 1);
        assert!(chosen[0].message.contains("first read under `project`, taken under `basic`"));
        assert!(d.findings.iter().all(|f| f.severity < Severity::Error), "{:?}", d.findings);
    }

    #[test]
    fn an_amount_inside_its_cell_is_never_moved() {
        let mut d = shifted();
        amount_of(&mut d, 4, 0, 2).as_mut().unwrap().fit = Fit::Inside;
        prove_reading(Rules::built_in(), &mut d, Deadline::never());
        assert!(amount_of(&mut d, 4, 0, 1).is_none());
        assert!(d.findings.iter().any(|f| f.severity == Severity::Error));
    }

    #[test]
    fn columns_that_no_ruling_parts_are_taken_where_the_identities_close() {
        let rows = |basic: usize| {
            let mut rows = Vec::new();
            for (c, value) in [("201", "12.34"), ("20113", "12.34"), ("208", "5.00"), ("20805", "5.00")] {
                let mut cells = [("total", value), ("basic", ""), ("project", "")];
                cells[basic].1 = value;
                rows.push(code(c, &cells));
            }
            rows
        };
        let mut all = rows(1);
        all.push(code("212", &[("total", "3.00"), ("basic", ""), ("project", "3.00")]));
        all.push(total(&[("total", "20.34"), ("basic", "17.34"), ("project", "3.00")]));
        let mut fiscal = rows(2);
        fiscal.push(total(&[("total", "17.34"), ("basic", ""), ("project", "17.34")]));
        let mut d = document(vec![table(3, all), table(5, fiscal)]);
        for row in &mut d.tables[4].rows {
            row.amounts.iter_mut().filter_map(|(_, a)| a.as_mut()).for_each(|a| a.fit = Fit::Inferred);
        }
        prove_reading(Rules::built_in(), &mut d, Deadline::never());
        assert_eq!(amount_of(&mut d, 4, 0, 1).as_ref().map(|a| a.text.as_str()), Some("12.34"));
        assert_eq!(d.findings.iter().filter(|f| f.rule == RULE).count(), 1);
        assert!(d.findings.iter().all(|f| f.severity < Severity::Error), "{:?}", d.findings);
    }

    #[test]
    fn a_unit_that_is_not_printed_is_the_one_that_agrees() {
        let rows = |a: &str, b: &str, sum: &str| {
            vec![
                code("201", &[("total", a), ("basic", a), ("project", "")]),
                code("208", &[("total", b), ("basic", b), ("project", "")]),
                total(&[("total", sum), ("basic", sum), ("project", "")]),
            ]
        };
        let overview = [("201", "12.34"), ("208", "5.00")];
        let classes = overview.map(|(c, v)| crate::proof::testing::class(c, &[("total", v)]));
        let mut d =
            document(vec![table(1, classes.into()), table(3, rows("123400.00", "50000.00", "173400.00"))]);
        d.findings.push(Finding::new("unit.not_printed", Severity::Warning, "").in_table(3));
        prove_reading(Rules::built_in(), &mut d, Deadline::never());
        let amount = amount_of(&mut d, 2, 0, 0).clone().unwrap();
        assert_eq!((amount.value.to_string().as_str(), amount.text.as_str()), ("12.340000", "123400.00"));
        assert_eq!(d.tables[2].source_unit, Some(Unit::Yuan));
        assert!(d.findings.iter().any(|f| f.rule == RULE && f.message.contains("first read in 万元")));
    }
}
