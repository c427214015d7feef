//! Equations and their cells → findings and their words: what all kinds of findings share.

use crate::document::{Finding, Place, Row, Severity};
use crate::proof::index::{Cell, Index, TableIndex};
use crate::proof::instance::{Instance, Instances};
use crate::proof::rule::Rules;
use crate::proof::suspect::Explained;
use crate::proof::texts;
use crate::proof::words::{MAX_OTHERS, row_name, signed};
use rust_decimal::Decimal;

/// Amounts of a sum that are named one by one.
const MAX_SPELLED: usize = 3;

/// What findings are made from.
pub(crate) struct Reporter<'r> {
    pub(crate) rules: &'r Rules,
    pub(crate) index: &'r Index<'r>,
    pub(crate) instances: &'r Instances,
}

impl Reporter<'_> {
    /// A broken equation as it is: left side printed, right side demanded.
    pub(crate) fn plain(&self, instance: &Instance, explained: Option<&Explained>) -> Finding {
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
        let left_words = head.map(|c| self.located(c)).unwrap_or_default();
        let demand = if instance.at_most { "should be at most" } else { "should be" };
        let printed = finding.actual.map_or("blank".to_owned(), |a| a.to_string());
        let other_side = self.side(right).unwrap_or_default();
        let sentence = rule.map_or("", |r| r.en.as_str()).trim_end_matches('.');
        let (no_left, no_right) = (left.is_empty(), of_interest(right).is_empty() && expected.is_zero());
        finding.message = if no_left || no_right && !instance.at_most {
            let amount = if no_left { expected } else { actual };
            (finding.actual, finding.expected) = (Some(amount), Some(Decimal::ZERO));
            finding.difference = Some(amount);
            format!("{left_words} is {amount}; the matching amount is blank: {sentence}")
        } else {
            format!(
                "{left_words}: {printed} {demand} {expected}{other_side} (difference {}): {sentence}",
                signed(instance.difference),
            )
        };
        finding
    }

    /// What a side of an equation is made of, to stand behind its sum; `None` where it is blank.
    pub(crate) fn side(&self, terms: &[(Cell, i8)]) -> Option<String> {
        let of_value = |test: fn(Decimal) -> bool| -> Vec<(Cell, i8)> {
            terms.iter().copied().filter(|(cell, _)| self.index.value(*cell).is_some_and(test)).collect()
        };
        // zeros add nothing, unless there is nothing else
        let mut filled = of_value(|v| !v.is_zero());
        if filled.is_empty() {
            filled = of_value(|_| true);
        }
        let of = |cell: Cell| self.index.value(cell).unwrap_or_default();
        match filled.as_slice() {
            [] => None,
            [(only, _)] => Some(format!(", as {} prints", self.located(*only))),
            several if several.len() <= MAX_SPELLED => {
                let words = several.iter().enumerate().map(|(i, &(cell, sign))| {
                    let sign = match (i, sign < 0) {
                        (0, _) => "",
                        // the right side is on the left with its sign turned
                        (_, false) => " − ",
                        (_, true) => " + ",
                    };
                    format!("{sign}{} ({})", of(cell), self.located(cell))
                });
                Some(format!(" = {}", words.collect::<String>()))
            }
            many => Some(format!(", the sum of {} amounts", many.len())),
        }
    }

    /// The only other amount of one of these equations: a witness of what the cell should be.
    pub(crate) fn witness(&self, instances: &[u32], suspect: Cell) -> Option<Cell> {
        let alone = |i: &u32| {
            let terms = self.instances.terms(self.instances.get(*i)?);
            let mut others = terms
                .iter()
                .map(|(cell, _)| *cell)
                .filter(|&c| c != suspect && self.index.value(c).is_some());
            let only = others.next()?;
            others.next().is_none().then_some(only)
        };
        instances.iter().find_map(alone)
    }

    /// Another total of the tables that prints an amount: a figure of the text may have been taken from there.
    pub(crate) fn elsewhere(&self, value: Decimal) -> Option<Cell> {
        let is_table = |t: &&TableIndex<'_>| !texts::is_text(t.table.number);
        let long = value.normalize().mantissa().unsigned_abs() >= 1000;
        let cells = self.index.tables.iter().filter(is_table).flat_map(|t| {
            let rows = t.totals.iter().map(|&r| r as usize);
            rows.flat_map(move |r| (0..t.standard).map(move |c| t.cell(r, c)))
        });
        cells.into_iter().filter(|_| long).find(|&cell| self.index.value(cell) == Some(value))
    }

    pub(crate) fn severity(&self, instances: &[u32]) -> Severity {
        let rules = instances
            .iter()
            .filter_map(|&i| self.rules.identities.get(usize::from(self.instances.get(i)?.rule)));
        rules.map(|rule| rule.severity).max().unwrap_or(Severity::Error)
    }

    pub(crate) fn rule_names(&self, instances: &[u32]) -> String {
        let mut names: Vec<&str> = Vec::new();
        for &i in instances {
            let rule = self.instances.get(i).and_then(|x| self.rules.identities.get(usize::from(x.rule)));
            if let Some(rule) = rule.filter(|rule| !names.contains(&rule.id.as_str())) {
                names.push(&rule.id);
            }
        }
        names.join(", ")
    }

    pub(crate) fn row(&self, cell: Cell) -> Option<&Row> {
        let at = self.index.at(cell)?;
        self.index.tables.get(at.table)?.table.rows.get(at.row)
    }

    pub(crate) fn column_name(&self, cell: Cell) -> &str {
        let at = self.index.at(cell);
        at.and_then(|at| self.index.tables.get(at.table)?.columns.get(at.column).copied()).unwrap_or_default()
    }

    pub(crate) fn row_words(&self, cell: Cell) -> String {
        let table =
            self.index.at(cell).and_then(|at| self.index.tables.get(at.table)).map_or(0, |t| t.table.number);
        let name = self.row(cell).map(|row| match (&row.code, &row.project) {
            (Some(code), Some(project)) => format!("{code} {project}"),
            (Some(code), None) => format!("{code} {}", row.name.as_deref().unwrap_or_default()),
            _ => row_name(row),
        });
        format!("{}, {}", texts::words(table), name.unwrap_or_default().trim_end())
    }

    pub(crate) fn words(&self, cell: Cell) -> String {
        format!("{}, `{}`", self.row_words(cell), self.column_name(cell))
    }

    /// The cell in words, with its page.
    pub(crate) fn located(&self, cell: Cell) -> String {
        match self.place(cell).page {
            Some(page) => format!("{} (page {page})", self.words(cell)),
            None => self.words(cell),
        }
    }

    pub(crate) fn place(&self, cell: Cell) -> Place {
        let Some(at) = self.index.at(cell) else { return Place::default() };
        let Some(table) = self.index.tables.get(at.table) else { return Place::default() };
        let row = table.table.rows.get(at.row);
        let amount = self.index.amount(cell);
        Place {
            table: Some(table.table.number).filter(|&n| !texts::is_text(n)),
            row: row.map(row_name),
            column: Some(self.column_name(cell).to_owned()),
            page: amount.map(|a| a.page).or(row.map(|r| r.page)).filter(|&page| page > 0),
            bbox: amount.map(|a| a.bbox).or(row.map(|r| r.bbox)),
        }
    }
}
