//! Explained breaks → findings: one for each mistake, with the suspect, what was expected there, and the evidence.

use crate::document::{Cause, Finding, Place, Severity};
use crate::proof::hypothesis::{Hypothesis, Story, digits_alike};
use crate::proof::index::Cell;
use crate::proof::reporter::Reporter;
use crate::proof::suspect::{Explained, Explanations};
use crate::proof::texts;
use crate::proof::words::{MAX_OTHERS, signed};
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt::Write as _;

impl Reporter<'_> {
    /// The findings of all explained breaks. Several wrong amounts of one row are one finding.
    pub(crate) fn stories(&self, explanations: &Explanations) -> Vec<Finding> {
        let mut out: Vec<Finding> = Vec::new();
        let mut of_row: FxHashMap<(usize, usize), (usize, Vec<String>)> = FxHashMap::default();
        for explained in &explanations.explained {
            let finding = self.explained(explained);
            let cell = explained.hypothesis.changes.first().map(|change| change.cell);
            let at =
                cell.and_then(|cell| self.index.at(cell)).filter(|_| finding.rule == "proof.wrong-amount");
            let Some(at) = at else {
                out.push(finding);
                continue;
            };
            let (first, columns) = of_row.entry((at.table, at.row)).or_insert((out.len(), Vec::new()));
            if columns.is_empty() {
                columns.push(String::new());
                out.push(finding);
                continue;
            }
            columns.push(format!(
                "`{}` {} (needed: {})",
                finding.place.column.as_deref().unwrap_or_default(),
                finding.actual.map_or("blank".to_owned(), |v| v.to_string()),
                finding.expected.map(|v| v.to_string()).unwrap_or_default(),
            ));
            if let Some(target) = out.get_mut(*first) {
                target.others.insert(0, finding.place);
                target.others.truncate(MAX_OTHERS);
            }
        }
        let mut rows: Vec<(usize, Vec<String>)> = of_row.into_values().collect();
        rows.sort_unstable();
        for (first, columns) in rows {
            if let (Some(finding), Some(further)) =
                (out.get_mut(first), columns.get(1..).filter(|c| !c.is_empty()))
            {
                _ = write!(finding.message, "; also in this row: {}", further.join(", "));
            }
        }
        out
    }

    fn explained(&self, explained: &Explained) -> Finding {
        let hypothesis = &explained.hypothesis;
        let mends = &explained.mends;
        let rules = self.rule_names(mends);
        let severity = self.severity(mends);
        let mut finding = match &hypothesis.story {
            Story::WrongAmount => self.wrong_amount(explained, &rules),
            Story::ShiftedCells => self.shifted(hypothesis, mends),
            Story::ShiftedRow { table, row, from, right } => {
                self.shifted_row(*table, *row, *from, *right, mends)
            }
            Story::SwappedRows => self.swapped(explained),
            Story::SwappedColumns { table, a, b } => self.swapped_columns(*table, *a, *b, mends),
            Story::MissingRow { table, parent, code, amounts } => {
                self.missing_row(*table, *parent, code.as_deref(), amounts, mends)
            }
            Story::DoubledRow { table, row } => self.doubled_row(*table, *row),
            Story::Unit { table, exponent } => self.unit(*table, *exponent, mends.len()),
            Story::UnitOfRow { table, row, exponent } => self.unit_of_row(*table, *row, *exponent, mends),
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
        let mut message = self.located(change.cell);
        match printed {
            Some(value) => _ = write!(message, ": printed {value}"),
            None => message.push_str(": blank"),
        }
        let right_text = right.map(|r| r.to_string()).unwrap_or_default();
        let identities = if counted == 1 { "identity needs" } else { "identities need" };
        _ = write!(message, ", but {counted} {identities} {right_text} ({rules})");
        if let Some(witness) = self.witness(&counting, change.cell) {
            _ = write!(message, ", as {} prints", self.located(witness));
            // the witness first, then the rest of the evidence
            let place = self.place(witness);
            let mut rest = self.evidence(mends, &finding.place);
            rest.retain(|other| *other != place);
            finding.others = std::iter::once(place).chain(rest).take(MAX_OTHERS).collect();
        } else if let Some(instance) =
            counting.first().filter(|_| counted == 1).and_then(|&i| self.instances.get(i))
        {
            let (_, other) = self.instances.sides(instance);
            if let Some(words) = self.side(other).filter(|_| other.iter().all(|(c, _)| *c != change.cell)) {
                message.push_str(&words);
            }
        }
        if let (Some(printed), Some(right)) = (printed, right) {
            message.push_str(match (printed == -right, digits_alike(printed, right)) {
                (true, _) => "; the sign differs",
                (_, Some(1)) => "; one digit differs",
                (_, Some(_)) => "; same digits, misplaced",
                _ => "",
            });
        }
        let of_text = self.index.at(change.cell).and_then(|at| self.index.tables.get(at.table));
        let of_text = of_text.is_some_and(|t| texts::is_text(t.table.number));
        if let Some(cell) = printed.filter(|_| of_text).and_then(|value| self.elsewhere(value)) {
            _ = write!(message, "; the same amount stands in {}", self.located(cell));
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
            "{} (page {}): {} is printed under `{}`{more} but belongs under `{}`: the columns miss by {} and {} ({})",
            self.row_words(from.cell),
            finding.place.page.unwrap_or_default(),
            printed.map(|v| v.to_string()).unwrap_or_default(),
            self.column_name(from.cell),
            self.column_name(to.cell),
            signed(-from.by),
            signed(from.by),
            self.rule_names(mends),
        );
        finding
    }

    fn swapped(&self, explained: &Explained) -> Finding {
        let hypothesis = &explained.hypothesis;
        let mut finding = Finding::new("proof.swapped-rows", Severity::Error, String::new());
        let (Some(a), Some(b)) = (hypothesis.changes.first(), hypothesis.changes.get(1)) else {
            return finding;
        };
        finding.place = self.place(a.cell);
        finding.actual = self.index.value(a.cell);
        finding.expected = Some(self.index.value(b.cell).unwrap_or_default());
        finding.difference = Some(-a.by);
        let rivals = explained.rivals.iter().flat_map(|rival| &rival.changes).map(|c| c.cell);
        finding.others =
            std::iter::once(b.cell).chain(rivals).map(|c| self.place(c)).take(MAX_OTHERS).collect();
        finding.message = format!(
            "{} and {}: {} look exchanged",
            self.row_words(a.cell),
            self.row_words(b.cell),
            match hypothesis.changes.len() {
                2 => format!("the amounts of column `{}`", self.column_name(a.cell)),
                _ => "all amounts".to_owned(),
            }
        );
        finding
    }

    fn swapped_columns(&self, table: usize, a: usize, b: usize, mends: &[u32]) -> Finding {
        let mut finding = Finding::new("proof.swapped-columns", Severity::Error, String::new());
        let Some(index) = self.index.tables.get(table) else { return finding };
        let differs = |row: &usize| {
            let value = |c: usize| self.index.value(index.cell(*row, c)).unwrap_or_default();
            value(a) != value(b)
        };
        let rows = || (0..index.table.rows.len()).filter(differs);
        let Some(first) = rows().next() else { return finding };
        let cells = rows().flat_map(|row| [index.cell(row, a), index.cell(row, b)]);
        finding.others = cells.skip(1).take(MAX_OTHERS).map(|cell| self.place(cell)).collect();
        let cell = index.cell(first, a);
        finding.place = self.place(cell);
        finding.actual = self.index.value(cell);
        finding.expected = self.index.value(index.cell(first, b));
        let count = mends.iter().filter(|&&i| self.counts(i)).count();
        finding.message = format!(
            "{}: the columns `{}` and `{}` look exchanged in {} rows: {count} identities would hold ({})",
            texts::words(index.table.number),
            index.columns.get(a).copied().unwrap_or_default(),
            index.columns.get(b).copied().unwrap_or_default(),
            rows().count(),
            self.rule_names(mends),
        );
        finding
    }

    fn shifted_row(&self, table: usize, row: usize, from: usize, right: bool, mends: &[u32]) -> Finding {
        let mut finding = Finding::new("proof.shifted-cell", Severity::Error, String::new());
        let Some(index) = self.index.tables.get(table) else { return finding };
        let filled = (from..index.standard).find(|&c| self.index.value(index.cell(row, c)).is_some());
        let cell = index.cell(row, filled.unwrap_or(from));
        finding.place = self.place(cell);
        finding.actual = self.index.value(cell);
        finding.message = format!(
            "{}: the amounts from `{}` on stand one column too far to the {} ({})",
            self.row_words(cell),
            self.column_name(cell),
            if right { "right" } else { "left" },
            self.rule_names(mends),
        );
        finding
    }

    fn missing_row(
        &self,
        table: usize,
        parent: Option<usize>,
        code: Option<&str>,
        amounts: &[(usize, Decimal)],
        mends: &[u32],
    ) -> Finding {
        let mut finding = Finding::new("proof.missing-row", Severity::Error, String::new());
        let Some(index) = self.index.tables.get(table) else { return finding };
        let number = index.table.number;
        finding.place.table = Some(number);
        let Some(parent) = parent else {
            // its parent does not notice: the children are there
            let code = code.unwrap_or_default();
            let child =
                index.table.rows.iter().position(|r| {
                    r.code.as_ref().is_some_and(|c| c.len() > code.len() && c.starts_with(code))
                });
            if let Some(row) = child {
                finding.place = self.place(index.cell(row, 0));
                finding.place.column = None;
            }
            finding.place.row = Some(code.to_owned());
            finding.message = format!(
                "table {number}: row {code} of other tables is missing, though the rows under it are there ({})",
                self.rule_names(mends)
            );
            return finding;
        };
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
            Some(code) => {
                _ = write!(message, "; row {code} of another table is missing here");
                finding.others.push(finding.place.clone());
                finding.place.row = Some(code.to_owned());
            }
            None => message.push_str("; one row seems to be missing"),
        }
        finding.message = message;
        finding
    }

    /// Puts a finding about a row at its first filled cell, and gives the cell.
    fn at_row(&self, finding: &mut Finding, table: usize, row: usize) -> Option<Cell> {
        let index = self.index.tables.get(table)?;
        let filled = (0..index.columns.len()).find(|&c| self.index.value(index.cell(row, c)).is_some());
        let cell = index.cell(row, filled.unwrap_or(0));
        finding.place = self.place(cell);
        finding.actual = self.index.value(cell);
        Some(cell)
    }

    fn doubled_row(&self, table: usize, row: usize) -> Finding {
        let mut finding = Finding::new("proof.doubled-row", Severity::Error, String::new());
        let Some(cell) = self.at_row(&mut finding, table, row) else { return finding };
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
                "{}: all amounts are {factor} times {way} against the other tables ({count} identities); its unit was taken as {}",
                texts::words(number),
                unit.map_or("unknown", |u| u.as_str())
            ),
        )
        .in_table(number)
    }

    fn unit_of_row(&self, table: usize, row: usize, exponent: i32, mends: &[u32]) -> Finding {
        let mut finding = Finding::new("proof.unit", Severity::Error, String::new());
        let Some(cell) = self.at_row(&mut finding, table, row) else { return finding };
        finding.message = format!(
            "{}: all amounts of the row are 10000 times too {} against the rest of the document ({})",
            self.row_words(cell),
            if exponent > 0 { "small" } else { "large" },
            self.rule_names(mends),
        );
        finding
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
}
