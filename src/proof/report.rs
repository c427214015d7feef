//! Breaks and their explanations → findings: one for each mistake, with both sides and their places.

use crate::document::{Cause, Document, Finding, Place, RowKind, Severity};
use crate::proof::hypothesis::{Hypothesis, Story, digits_alike};
use crate::proof::index::{Cell, Index};
use crate::proof::instance::{Instance, Instances, Outcome};
use crate::proof::rule::Rules;
use crate::proof::suspect::{Explained, Explanations};
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Places beside the first that a finding lists.
const MAX_OTHERS: usize = 12;
/// Findings of one identity in one table before the rest is counted only.
const MAX_OF_A_KIND: usize = 5;

/// Writes the findings.
pub(crate) fn findings(
    rules: &Rules,
    document: &Document,
    index: &Index<'_>,
    instances: &Instances,
    explanations: &Explanations,
) -> Vec<Finding> {
    let reporter = Reporter { rules, document, index, instances };
    let mut out: Vec<Finding> = explanations.explained.iter().map(|e| reporter.explained(e)).collect();
    reporter.collective(explanations, &mut out);
    reporter.unexplained(explanations, &mut out);
    reporter.last_digits(explanations, &mut out);
    reporter.rounding(&mut out);
    reporter.not_checked(&mut out);
    out
}

struct Reporter<'r> {
    rules: &'r Rules,
    document: &'r Document,
    index: &'r Index<'r>,
    instances: &'r Instances,
}

impl Reporter<'_> {
    fn explained(&self, explained: &Explained) -> Finding {
        let hypothesis = &explained.hypothesis;
        let mends = &explained.mends;
        let rules = self.rule_names(mends);
        let severity = self.severity(mends);
        let mut finding = match &hypothesis.story {
            Story::WrongAmount => self.wrong_amount(explained, &rules),
            Story::ShiftedCells => self.shifted(hypothesis, mends),
            Story::SwappedRows => self.swapped(hypothesis),
            Story::MissingRow { table, parent, code, amounts } => {
                self.missing_row(*table, *parent, code.as_deref(), amounts)
            }
            Story::DoubledRow { table, row } => self.doubled_row(*table, *row),
            Story::Unit { table, exponent } => self.unit(*table, *exponent, mends.len()),
        };
        finding.severity = severity;
        finding.cause = Some(Cause::Undecided);
        if finding.others.is_empty() {
            finding.others = self.evidence(mends, &finding.place);
        }
        finding
    }

    fn wrong_amount(&self, explained: &Explained, rules: &str) -> Finding {
        let mends = &explained.mends;
        let Some(change) = explained.hypothesis.changes.first() else { return Finding::default() };
        let printed = self.index.value(change.cell);
        let right = printed.unwrap_or_default().checked_add(change.by);
        let counting: Vec<u32> = mends.iter().copied().filter(|&i| self.counts(i)).collect();
        let counted = counting.len();
        // one broken equation that several amounts could mend, or one that is not printed: show the equation
        if counted == 1
            && (!explained.rivals.is_empty() || printed.is_none())
            && let Some(instance) = counting.first().and_then(|&i| self.instances.get(i))
        {
            return self.plain(instance, Some(explained));
        }
        let mut finding = Finding::new("proof.wrong-amount", Severity::Error, String::new());
        finding.place = self.place(change.cell);
        finding.expected = right;
        finding.actual = printed;
        finding.difference = Some(-change.by);
        let mut message = self.words(change.cell);
        match printed {
            Some(value) => _ = write!(message, " is printed as {value}"),
            None => message.push_str(" is blank"),
        }
        let right_text = right.map(|r| r.to_string()).unwrap_or_default();
        let identities = if counted == 1 { "identity needs" } else { "identities need" };
        _ = write!(message, ", {counted} {identities} {right_text} ({rules})");
        if let (Some(printed), Some(right)) = (printed, right) {
            message.push_str(match (printed == -right, digits_alike(printed, right)) {
                (true, _) => "; the sign differs",
                (_, Some(1)) => "; one digit differs",
                (_, Some(_)) => "; same digits, misplaced",
                _ => "",
            });
        }
        if !explained.rivals.is_empty() {
            _ = write!(message, "; {} other amounts could explain it as well", explained.rivals.len());
            finding.others = explained
                .rivals
                .iter()
                .filter_map(|rival| rival.changes.first())
                .map(|change| self.place(change.cell))
                .take(MAX_OTHERS)
                .collect();
            finding.others.extend(self.evidence(mends, &finding.place));
            finding.others.truncate(MAX_OTHERS);
        }
        finding.message = message;
        finding
    }

    fn shifted(&self, hypothesis: &Hypothesis, mends: &[u32]) -> Finding {
        let mut finding = Finding::new("proof.shifted-cell", Severity::Error, String::new());
        let (Some(from), Some(to)) = (hypothesis.changes.first(), hypothesis.changes.get(1)) else {
            return finding;
        };
        finding.place = self.place(from.cell);
        let printed = self.index.value(from.cell);
        finding.actual = printed;
        finding.expected = printed.and_then(|v| v.checked_add(from.by));
        finding.difference = Some(-from.by);
        finding.others = std::iter::once(to.cell)
            .chain(hypothesis.changes.iter().skip(2).map(|c| c.cell))
            .map(|cell| self.place(cell))
            .take(MAX_OTHERS)
            .collect();
        let rows = hypothesis.changes.len() / 2;
        let more = if rows > 1 { format!(" (and in {} related rows)", rows - 1) } else { String::new() };
        finding.message = format!(
            "{}: {} stands under `{}`{more} but belongs under `{}`: the columns miss by {} and {} ({})",
            self.row_words(from.cell),
            printed.map(|v| v.to_string()).unwrap_or_default(),
            self.column_name(from.cell),
            self.column_name(to.cell),
            signed(-from.by),
            signed(from.by),
            self.rule_names(mends),
        );
        finding
    }

    fn swapped(&self, hypothesis: &Hypothesis) -> Finding {
        let mut finding = Finding::new("proof.swapped-rows", Severity::Error, String::new());
        let (Some(a), Some(b)) = (hypothesis.changes.first(), hypothesis.changes.get(1)) else {
            return finding;
        };
        finding.place = self.place(a.cell);
        finding.actual = self.index.value(a.cell);
        finding.expected = Some(self.index.value(b.cell).unwrap_or_default());
        finding.difference = Some(-a.by);
        finding.others = vec![self.place(b.cell)];
        finding.message = format!(
            "{} and {}: the amounts of column `{}` look exchanged",
            self.row_words(a.cell),
            self.row_words(b.cell),
            self.column_name(a.cell)
        );
        finding
    }

    fn missing_row(
        &self,
        table: usize,
        parent: usize,
        code: Option<&str>,
        amounts: &[(usize, Decimal)],
    ) -> Finding {
        let mut finding = Finding::new("proof.missing-row", Severity::Error, String::new());
        let Some(index) = self.index.tables.get(table) else { return finding };
        let column = amounts.first().map_or(0, |(c, _)| *c);
        let cell = index.cell(parent, column);
        finding.place = self.place(cell);
        finding.actual = self.index.value(cell);
        let missed = amounts.first().map(|(_, by)| *by).unwrap_or_default();
        finding.expected = finding.actual.and_then(|v| v.checked_sub(missed));
        finding.difference = Some(missed);
        let mut message = format!("{} is larger than its rows:", self.row_words(cell));
        for (i, (c, by)) in amounts.iter().take(4).enumerate() {
            let separator = if i == 0 { " " } else { ", " };
            _ = write!(
                message,
                "{separator}`{}` by {by}",
                index.columns.get(*c).copied().unwrap_or_default()
            );
        }
        match code {
            Some(code) => _ = write!(message, "; row {code} of another table is missing here"),
            None => message.push_str("; one row seems to be missing"),
        }
        finding.message = message;
        finding
    }

    fn doubled_row(&self, table: usize, row: usize) -> Finding {
        let mut finding = Finding::new("proof.doubled-row", Severity::Error, String::new());
        let Some(index) = self.index.tables.get(table) else { return finding };
        let filled = (0..index.columns.len()).find(|&c| self.index.value(index.cell(row, c)).is_some());
        let cell = index.cell(row, filled.unwrap_or(0));
        finding.place = self.place(cell);
        finding.actual = self.index.value(cell);
        finding.message = format!(
            "{}: its parent is smaller than its rows by exactly this row; it stands twice",
            self.row_words(cell)
        );
        finding
    }

    fn unit(&self, table: usize, exponent: i32, count: usize) -> Finding {
        let number = self.index.tables.get(table).map_or(0, |t| t.table.number);
        let unit = self.index.tables.get(table).and_then(|t| t.table.source_unit);
        let way = if exponent > 0 { "too small" } else { "too large" };
        let factor = format!("1{}", "0".repeat(exponent.unsigned_abs() as usize));
        Finding::new(
            "proof.unit",
            Severity::Error,
            format!(
                "table {number}: all amounts are {factor} times {way} against the other tables ({count} identities); its unit was taken as {}",
                unit.map_or("unknown", |u| u.as_str())
            ),
        )
        .in_table(number)
    }

    /// A broken equation as it is: left side printed, right side demanded.
    fn plain(&self, instance: &Instance, explained: Option<&Explained>) -> Finding {
        let rule = self.rules.identities.get(usize::from(instance.rule));
        let mut finding = Finding::new(
            rule.map_or("", |r| r.id.as_str()),
            rule.map_or(Severity::Error, |r| r.severity),
            String::new(),
        );
        let (left, right) = self.instances.sides(instance);
        let sum = |terms: &[(Cell, i8)], flip: bool| {
            terms.iter().fold(Decimal::ZERO, |sum, &(cell, sign)| {
                let value = self.index.value(cell).unwrap_or_default();
                let value = if (sign < 0) == flip { value } else { -value };
                sum.checked_add(value).unwrap_or(sum)
            })
        };
        let (actual, expected) = (sum(left, false), sum(right, true));
        let is_blank = |terms: &[(Cell, i8)]| terms.iter().all(|(c, _)| self.index.value(*c).is_none());
        finding.expected = Some(expected);
        finding.actual = (!is_blank(left)).then_some(actual);
        finding.difference = Some(instance.difference);
        let head = left.first().or(right.first()).map(|(cell, _)| *cell);
        // where one amount is likelier than the others, point at it
        let favourite =
            explained.filter(|e| e.rivals.iter().all(|rival| rival.plausibility < e.hypothesis.plausibility));
        let favourite = favourite.and_then(|e| e.hypothesis.changes.first()).map(|c| c.cell);
        let Some(cell) = favourite.or(head) else { return finding };
        finding.place = self.place(cell);
        let of_interest = |terms: &[(Cell, i8)]| -> Vec<Cell> {
            terms.iter().map(|(c, _)| *c).filter(|&c| c != cell && self.index.value(c).is_some()).collect()
        };
        let others: Vec<Cell> = of_interest(left).into_iter().chain(of_interest(right)).collect();
        finding.others = others.iter().map(|&c| self.place(c)).take(MAX_OTHERS).collect();
        let left_words = head.map(|c| self.words(c)).unwrap_or_default();
        let demand = if instance.at_most { "should be at most" } else { "should be" };
        let printed = finding.actual.map_or("blank".to_owned(), |a| a.to_string());
        finding.message = format!(
            "{left_words}: {printed} {demand} {expected} (difference {}): {}",
            signed(instance.difference),
            rule.map_or("", |r| r.en.as_str()).trim_end_matches('.'),
        );
        finding
    }

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
                "table {number}: broken in {} places, most of those where it should hold ({}): {}",
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

    /// Breaks that nothing explains: those that share cells and miss by the same amount are one finding.
    fn unexplained(&self, explanations: &Explanations, out: &mut Vec<Finding>) {
        let derived = |i: &u32| {
            self.instances
                .get(*i)
                .and_then(|instance| self.rules.identities.get(usize::from(instance.rule)))
                .is_some_and(|rule| rule.derived)
        };
        let mut groups: Vec<Vec<u32>> = Vec::new();
        let mut by_cell: FxHashMap<(Cell, Decimal), usize> = FxHashMap::default();
        for &i in explanations.unexplained.iter().filter(|i| !derived(i)) {
            let Some(instance) = self.instances.get(i) else { continue };
            let size = instance.difference.abs().normalize();
            let terms = self.instances.terms(instance);
            let found = terms.iter().find_map(|(cell, _)| by_cell.get(&(*cell, size)).copied());
            let group = found.unwrap_or_else(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups.get_mut(group).into_iter().for_each(|g| g.push(i));
            for (cell, _) in terms {
                by_cell.entry((*cell, size)).or_insert(group);
            }
        }
        let mut of_a_kind: BTreeMap<(u16, Option<u8>), usize> = BTreeMap::new();
        for group in groups {
            // the finest row speaks for its parents
            let finest = |i: &&u32| {
                let head = self.instances.get(**i).and_then(|x| self.instances.terms(x).first().copied());
                let row = head.and_then(|(cell, _)| self.row(cell));
                row.and_then(|row| row.code.as_ref()).map_or(0, String::len)
            };
            let Some(instance) = group.iter().max_by_key(finest).and_then(|&i| self.instances.get(i)) else {
                continue;
            };
            let mut finding = self.plain(instance, None);
            finding.severity = self.severity(&group);
            finding.cause = Some(Cause::Undecided);
            if group.len() > 1 {
                _ = write!(finding.message, "; {} identities miss by this amount", group.len());
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
        for ((_, _, _), instances) in by_row {
            let Some(first) = instances.first() else { continue };
            let mut finding = self.plain(first, None);
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

    /// What could not be checked: one finding for each reason.
    fn not_checked(&self, out: &mut Vec<Finding>) {
        let mut by_reason: BTreeMap<(Option<u8>, &str), Vec<u16>> = BTreeMap::new();
        for skipped in &self.instances.not_checked {
            by_reason.entry((skipped.table, skipped.reason.as_str())).or_default().push(skipped.rule);
        }
        for ((table, reason), mut rules) in by_reason {
            rules.dedup();
            let names: Vec<&str> = rules
                .iter()
                .filter_map(|&r| self.rules.identities.get(usize::from(r)))
                .map(|r| r.id.as_str())
                .collect();
            let message = format!("{reason}: not checked {}", names.join(", "));
            let mut finding = Finding::new("proof.not-checked", Severity::Info, message);
            finding.place.table = table;
            out.push(finding);
        }
    }

    /// The cells of the broken equations, beside the suspect itself.
    fn evidence(&self, mends: &[u32], suspect: &Place) -> Vec<Place> {
        let mut seen = FxHashSet::default();
        let mut places = Vec::new();
        for &i in mends {
            let Some(instance) = self.instances.get(i) else { continue };
            for &(cell, _) in self.instances.terms(instance) {
                if places.len() < MAX_OTHERS && self.index.value(cell).is_some() && seen.insert(cell) {
                    let place = self.place(cell);
                    if place != *suspect {
                        places.push(place);
                    }
                }
            }
        }
        places
    }

    fn counts(&self, instance: u32) -> bool {
        self.instances.get(instance).is_some_and(|i| {
            !i.at_most && self.rules.identities.get(usize::from(i.rule)).is_some_and(|rule| !rule.derived)
        })
    }

    fn severity(&self, instances: &[u32]) -> Severity {
        let rules = instances
            .iter()
            .filter_map(|&i| self.rules.identities.get(usize::from(self.instances.get(i)?.rule)));
        rules.map(|rule| rule.severity).max().unwrap_or(Severity::Error)
    }

    fn rule_names(&self, instances: &[u32]) -> String {
        let mut names: Vec<&str> = Vec::new();
        for &i in instances {
            let rule = self.instances.get(i).and_then(|x| self.rules.identities.get(usize::from(x.rule)));
            if let Some(rule) = rule.filter(|rule| !names.contains(&rule.id.as_str())) {
                names.push(&rule.id);
            }
        }
        names.join(", ")
    }

    fn row(&self, cell: Cell) -> Option<&crate::document::Row> {
        let at = self.index.at(cell)?;
        self.document.tables.get(at.table)?.rows.get(at.row)
    }

    fn column_name(&self, cell: Cell) -> &str {
        let at = self.index.at(cell);
        at.and_then(|at| self.index.tables.get(at.table)?.columns.get(at.column).copied()).unwrap_or_default()
    }

    fn row_words(&self, cell: Cell) -> String {
        let table =
            self.index.at(cell).and_then(|at| self.index.tables.get(at.table)).map_or(0, |t| t.table.number);
        let name = self.row(cell).map(|row| match (&row.code, &row.project) {
            (Some(code), Some(project)) => format!("{code} {project}"),
            (Some(code), None) => format!("{code} {}", row.name.as_deref().unwrap_or_default()),
            _ => row_name(row),
        });
        format!("table {table}, {}", name.unwrap_or_default().trim_end())
    }

    fn words(&self, cell: Cell) -> String {
        format!("{}, `{}`", self.row_words(cell), self.column_name(cell))
    }

    fn place(&self, cell: Cell) -> Place {
        let Some(at) = self.index.at(cell) else { return Place::default() };
        let Some(table) = self.index.tables.get(at.table) else { return Place::default() };
        let row = table.table.rows.get(at.row);
        let amount = self.index.amount(cell);
        Place {
            table: Some(table.table.number),
            row: row.map(row_name),
            column: Some(self.column_name(cell).to_owned()),
            page: amount.map(|a| a.page).or(row.map(|r| r.page)).filter(|&page| page > 0),
            bbox: amount.map(|a| a.bbox).or(row.map(|r| r.bbox)),
        }
    }
}

/// What names a row: its project, code, item or printed name.
pub(crate) fn row_name(row: &crate::document::Row) -> String {
    let name = match row.kind {
        RowKind::Project => row.project.as_deref().or(row.name.as_deref()),
        RowKind::Item => row.code.as_deref().or(row.item).or(row.name.as_deref()),
        RowKind::Department | RowKind::Total => row.name.as_deref(),
    };
    name.unwrap_or(match row.kind {
        RowKind::Total => "total",
        _ => "",
    })
    .to_owned()
}

fn signed(value: Decimal) -> String {
    if value > Decimal::ZERO { format!("+{value}") } else { value.to_string() }
}
