//! Breaks and their explanations → findings: one for each mistake, with both sides and their places.

use crate::document::{Cause, Finding, Severity};
use crate::proof::index::{Cell, Index};
use crate::proof::instance::{Instance, Instances, Outcome};
use crate::proof::reporter::Reporter;
use crate::proof::rule::Rules;
use crate::proof::suspect::Explanations;
use crate::proof::texts;
use crate::proof::words::MAX_OTHERS;
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Rows that miss by the last digit alone in a document whose other sums are exact, and how many of these there are for
/// each at least.
const MAX_INEXACT: usize = 2;
const MIN_EXACT: usize = 12;
/// Identities broken together that are told one by one.
const MAX_TOGETHER: usize = 3;
/// Findings of one identity in one table before the rest is counted only.
const MAX_OF_A_KIND: usize = 5;

/// Writes the findings.
pub(crate) fn findings(
    rules: &Rules,
    index: &Index<'_>,
    instances: &Instances,
    explanations: &Explanations,
) -> Vec<Finding> {
    let reporter = Reporter { rules, index, instances };
    let mut out = reporter.stories(explanations);
    reporter.collective(explanations, &mut out);
    reporter.unexplained(explanations, &mut out);
    reporter.last_digits(explanations, &mut out);
    reporter.rounding(&mut out);
    reporter.gaps(&mut out);
    reporter.not_checked(&mut out);
    out
}

impl Reporter<'_> {
    /// Identities that are broken in most rows of a table.
    fn collective(&self, explanations: &Explanations, out: &mut Vec<Finding>) {
        for (rule, table, broken) in &explanations.collective {
            let rule = self.rules.identities.get(usize::from(*rule));
            let number = self.index.tables.get(*table).map_or(0, |t| t.table.number);
            let heads: Vec<Cell> = broken
                .iter()
                .filter_map(|&i| self.instances.terms(self.instances.get(i)?).first().map(|(cell, _)| *cell))
                .collect();
            let message = format!(
                "{}: broken in {} places, most of those where it should hold ({}): {}",
                texts::words(number),
                broken.len(),
                rule.map_or("", |r| r.id.as_str()),
                rule.map_or("", |r| r.en.as_str()).trim_end_matches('.'),
            );
            let severity = rule.map_or(Severity::Error, |r| r.severity);
            let mut finding = Finding::new("proof.many-breaks", severity, message);
            finding.place.table = Some(number);
            finding.cause = Some(Cause::Undecided);
            let mut columns = heads.iter().map(|&c| self.column_name(c));
            let first = columns.next();
            if columns.all(|c| Some(c) == first) {
                finding.place.column = first.map(str::to_owned);
            }
            finding.others = heads.iter().map(|&c| self.place(c)).take(MAX_OTHERS).collect();
            out.push(finding);
        }
    }

    /// Breaks that nothing explains. Those of one identity in one row are one finding, also those that share cells
    /// and miss by the same amount. A bound in a row that has a finding anyway says nothing new.
    fn unexplained(&self, explanations: &Explanations, out: &mut Vec<Finding>) {
        let rule_of = |i: &u32| {
            let instance = self.instances.get(*i)?;
            self.rules.identities.get(usize::from(instance.rule))
        };
        let derived = |i: &u32| rule_of(i).is_some_and(|rule| rule.derived);
        let mut told: FxHashSet<(usize, usize)> = FxHashSet::default();
        for explained in &explanations.explained {
            told.extend(explained.mends.iter().flat_map(|&i| self.rows_of(i)));
        }
        let (bounds, equations): (Vec<u32>, Vec<u32>) = explanations
            .unexplained
            .iter()
            .filter(|i| !derived(i))
            .partition(|i| self.instances.get(**i).is_some_and(|instance| instance.at_most));
        told.extend(equations.iter().flat_map(|&i| self.rows_of(i)));
        let bounds = bounds.into_iter().filter(|&i| self.rows_of(i).iter().all(|row| !told.contains(row)));

        let mut groups: Vec<Vec<u32>> = Vec::new();
        let mut by_cell: FxHashMap<(Cell, Decimal), usize> = FxHashMap::default();
        let mut by_row: FxHashMap<(u16, usize, usize), usize> = FxHashMap::default();
        for i in equations.into_iter().chain(bounds) {
            let Some(instance) = self.instances.get(i) else { continue };
            let size = instance.difference.abs().normalize();
            let terms = self.instances.terms(instance);
            let head = terms.first().and_then(|(cell, _)| self.index.at(*cell));
            let row = head.map(|at| (instance.rule, at.table, at.row));
            let found = terms
                .iter()
                .find_map(|(cell, _)| by_cell.get(&(*cell, size)).copied())
                .or_else(|| by_row.get(&row?).copied());
            let group = found.unwrap_or_else(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups.get_mut(group).into_iter().for_each(|g| g.push(i));
            for (cell, _) in terms {
                by_cell.entry((*cell, size)).or_insert(group);
            }
            if let Some(row) = row {
                by_row.entry(row).or_insert(group);
            }
        }
        let mut of_a_kind: BTreeMap<(u16, Option<u8>), usize> = BTreeMap::new();
        for group in groups {
            // the finest row speaks for its parents
            let finest = |i: &&u32| {
                let head = self.instances.get(**i).and_then(|x| self.instances.terms(x).first().copied());
                let row = head.and_then(|(cell, _)| self.row(cell));
                let length = row.and_then(|row| row.code.as_ref()).map_or(0, String::len);
                (length, std::cmp::Reverse(**i))
            };
            let Some(instance) = group.iter().max_by_key(finest).and_then(|&i| self.instances.get(i)) else {
                continue;
            };
            let mut finding = self.plain(instance, None);
            finding.severity = self.severity(&group);
            finding.cause = Some(Cause::Undecided);
            if group.len() > 1 {
                _ = write!(finding.message, "; {} identities are broken together", group.len());
                for other in group.iter().filter_map(|&i| self.instances.get(i)) {
                    if group.len() <= MAX_TOGETHER && !std::ptr::eq(other, instance) {
                        let plain = self.plain(other, None);
                        let words = plain.message.split(" (difference").next().unwrap_or_default();
                        _ = write!(finding.message, "; likewise {words}");
                    }
                }
            }
            if let Some(cell) = self.taken_from(instance).and_then(|value| self.elsewhere(value)) {
                _ = write!(finding.message, "; the same amount stands in {}", self.located(cell));
            }
            let count = of_a_kind.entry((instance.rule, finding.place.table)).or_default();
            *count += 1;
            if *count <= MAX_OF_A_KIND {
                out.push(finding);
            }
        }
        for ((rule, table), count) in of_a_kind.into_iter().filter(|(_, count)| *count > MAX_OF_A_KIND) {
            let id = self.rules.identities.get(usize::from(rule)).map_or("", |r| r.id.as_str());
            let message = format!("{id} is broken in {} further places of this table", count - MAX_OF_A_KIND);
            let mut finding = Finding::new("proof.many-breaks", Severity::Warning, message);
            finding.place.table = table;
            out.push(finding);
        }
        self.derived_breaks(explanations, derived, out);
    }

    /// The amount of the text at the head of an equation.
    fn taken_from(&self, instance: &Instance) -> Option<Decimal> {
        let (cell, _) = *self.instances.terms(instance).first()?;
        let table = self.index.tables.get(self.index.at(cell)?.table)?;
        self.index.value(cell).filter(|_| texts::is_text(table.table.number))
    }

    /// Rows of an equation's cells: index of the table, row.
    fn rows_of(&self, i: u32) -> Vec<(usize, usize)> {
        let Some(instance) = self.instances.get(i) else { return Vec::new() };
        let cells =
            self.instances.terms(instance).iter().filter(|(cell, _)| self.index.value(*cell).is_some());
        cells.filter_map(|(cell, _)| self.index.at(*cell)).map(|at| (at.table, at.row)).collect()
    }

    /// A sum that follows from others and misses although they hold: rounding that has added up, or a row that
    /// hangs in the wrong place. One finding for each table.
    fn derived_breaks(
        &self,
        explanations: &Explanations,
        derived: impl Fn(&u32) -> bool,
        out: &mut Vec<Finding>,
    ) {
        let mut tables: FxHashSet<Option<u8>> = out.iter().map(|f| f.place.table).collect();
        for &i in explanations.unexplained.iter().filter(|i| derived(i)) {
            let Some(instance) = self.instances.get(i) else { continue };
            let finding = self.plain(instance, None);
            if tables.insert(finding.place.table) {
                out.push(finding);
            }
        }
    }

    fn last_digits(&self, explanations: &Explanations, out: &mut Vec<Finding>) {
        for &(cell, by) in explanations.last_digits.iter().take(MAX_OTHERS) {
            let Some(printed) = self.index.value(cell) else { continue };
            let right = printed.checked_add(by);
            let mut finding = Finding::new("proof.last-digit", Severity::Warning, String::new());
            finding.place = self.place(cell);
            (finding.actual, finding.expected, finding.difference) = (Some(printed), right, Some(-by));
            finding.cause = Some(Cause::Undecided);
            finding.message = format!(
                "{} is printed as {printed}; every identity that it stands in needs {}",
                self.words(cell),
                right.map(|r| r.to_string()).unwrap_or_default()
            );
            out.push(finding);
        }
    }

    /// Rounding: one finding for each row of a table, whatever the number of columns.
    fn rounding(&self, out: &mut Vec<Finding>) {
        let mut by_row: BTreeMap<(usize, usize, u16), Vec<&Instance>> = BTreeMap::new();
        for instance in self.instances.all().iter().filter(|i| i.outcome == Outcome::Rounding) {
            let derived =
                self.rules.identities.get(usize::from(instance.rule)).is_none_or(|rule| rule.derived);
            let head = self.instances.terms(instance).first().and_then(|(cell, _)| self.index.at(*cell));
            if let Some(at) = head.filter(|_| !derived) {
                by_row.entry((at.table, at.row, instance.rule)).or_default().push(instance);
            }
        }
        let all_but_exact = self.only_inexact(&by_row);
        for ((_, _, _), instances) in by_row {
            let Some(first) = instances.first() else { continue };
            let mut finding = self.plain(first, None);
            if let Some(exact) = all_but_exact.filter(|_| self.is_of_tables(first)) {
                finding.rule = "proof.last-digit".into();
                finding.severity = Severity::Warning;
                finding.cause = Some(Cause::Undecided);
                _ = write!(
                    finding.message,
                    "; rounding would allow it, but all {exact} other sums of the tables are exact to the last digit: one of these amounts may have a wrong digit"
                );
                out.push(finding);
                continue;
            }
            let rule = std::mem::replace(&mut finding.rule, "proof.rounding".into());
            let columns: Vec<&str> = instances
                .iter()
                .filter_map(|i| self.instances.terms(i).first().map(|(cell, _)| self.column_name(*cell)))
                .collect();
            finding.severity = Severity::Info;
            finding.others.clear();
            finding.message = format!(
                "{}: printed {}, the sum of the rounded parts is {} ({rule}, {})",
                self.instances.terms(first).first().map(|(c, _)| self.row_words(*c)).unwrap_or_default(),
                finding.actual.map(|v| v.to_string()).unwrap_or_default(),
                finding.expected.map(|v| v.to_string()).unwrap_or_default(),
                columns.join(", "),
            );
            out.push(finding);
        }
    }

    /// Whether an equation stands within the tables, and may not be broken in any document.
    fn is_of_tables(&self, instance: &Instance) -> bool {
        let table = |cell: Cell| self.index.at(cell).and_then(|at| self.index.tables.get(at.table));
        let hard =
            self.rules.identities.get(usize::from(instance.rule)).is_some_and(|r| !r.soft && !r.derived);
        let mut terms = self.instances.terms(instance).iter();
        hard && !instance.at_most
            && terms.all(|(cell, _)| table(*cell).is_some_and(|t| !texts::is_text(t.table.number)))
    }

    /// Where the sums of a document are exact to the last digit, but for one or two rows: how many are. Then these
    /// rows are no matter of rounding, which would show everywhere.
    fn only_inexact(&self, rounded: &BTreeMap<(usize, usize, u16), Vec<&Instance>>) -> Option<usize> {
        let inexact =
            rounded.values().filter(|group| group.first().is_some_and(|i| self.is_of_tables(i))).count();
        if inexact == 0 || inexact > MAX_INEXACT {
            return None;
        }
        let filled = |i: &Instance| {
            self.instances
                .terms(i)
                .iter()
                .filter(|(c, _)| self.index.value(*c).is_some_and(|v| !v.is_zero()))
                .count()
        };
        let exact = self
            .instances
            .all()
            .iter()
            .filter(|i| i.outcome == Outcome::Exact && self.is_of_tables(i) && filled(i) > 2);
        Some(exact.count()).filter(|&n| n >= inexact * MIN_EXACT)
    }

    /// Bounds that hold with a gap, where the gap itself says something.
    fn gaps(&self, out: &mut Vec<Finding>) {
        for instance in self.instances.all() {
            let Some(rule) = self.rules.identities.get(usize::from(instance.rule)) else { continue };
            let gap = -instance.difference;
            if !rule.gap || instance.outcome != Outcome::Exact || gap <= instance.envelope {
                continue;
            }
            let (left, right) = self.instances.sides(instance);
            let (Some(&(low, _)), Some(&(high, _))) = (left.first(), right.first()) else { continue };
            let (Some(smaller), Some(larger)) = (self.index.value(low), self.index.value(high)) else {
                continue;
            };
            let mut finding = Finding::new(&rule.id, Severity::Info, String::new());
            finding.message = format!(
                "{}: {larger}, of which {} is {smaller}; {gap} come from other money: {}",
                self.words(high),
                self.words(low),
                rule.en.trim_end_matches('.')
            );
            finding.place = self.place(high);
            finding.others = vec![self.place(low)];
            out.push(finding);
        }
    }

    /// What could not be checked: one finding for each table, with the reasons.
    fn not_checked(&self, out: &mut Vec<Finding>) {
        let mut by_table: BTreeMap<Option<u8>, BTreeMap<&str, Vec<u16>>> = BTreeMap::new();
        for skipped in &self.instances.not_checked {
            // the letters of the text are one place for people
            let table = skipped.table.filter(|&n| !texts::is_text(n));
            let reasons = by_table.entry(table).or_default();
            reasons.entry(skipped.reason.as_str()).or_default().push(skipped.rule);
        }
        for (table, reasons) in by_table {
            let words: Vec<String> = reasons
                .into_iter()
                .map(|(reason, mut rules)| {
                    rules.dedup();
                    let rules = rules.iter().filter_map(|&r| self.rules.identities.get(usize::from(r)));
                    let names: Vec<&str> = rules.map(|r| r.id.as_str()).collect();
                    format!("{} ({reason})", names.join(", "))
                })
                .collect();
            let message = format!("not checked: {}", words.join("; "));
            let mut finding = Finding::new("proof.not-checked", Severity::Info, message);
            finding.place.table = table;
            out.push(finding);
        }
    }
}
