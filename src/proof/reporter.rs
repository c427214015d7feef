//! Equations and their cells → findings and their words: what all kinds of findings share.

use crate::document::{Finding, Place, Row, Severity};
use crate::proof::index::{Cell, Index};
use crate::proof::instance::{Instance, Instances};
use crate::proof::rule::Rules;
use crate::proof::suspect::Explained;
use crate::proof::texts;
use crate::proof::words::{MAX_OTHERS, row_name, signed};
use rust_decimal::Decimal;

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
