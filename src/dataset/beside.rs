//! A document → its rows in `projects`, `indicators`, `procurement` and `assets`.

use super::cell::{Cell, Rows};
use super::facts::{count, doc_id};
use super::projects::projects;
use crate::document::Document;
use crate::document::narrative::PolicyDocument;
use crate::document::performance::{Operator, Subject};
use std::io;

/// Between the parts of a list in one cell.
const BETWEEN: &str = "；";

fn joined(parts: impl Iterator<Item = String>) -> Option<String> {
    let all: Vec<String> = parts.filter(|p| !p.is_empty()).collect();
    (!all.is_empty()).then(|| all.join(BETWEEN))
}

fn named(document: &PolicyDocument) -> String {
    let title = document.title.as_deref().map(|t| format!("《{t}》")).unwrap_or_default();
    format!("{title}{}", document.number.as_deref().unwrap_or_default())
}

/// The rows of `projects`.
pub(super) fn project_rows(d: &Document, out: &mut impl Rows) -> io::Result<()> {
    let id = doc_id(d);
    for (n, p) in (1..).zip(projects(d)) {
        let (told, form) = (p.told, p.form);
        let basis = told.and_then(|t| t.policy_basis.as_ref());
        let allocation = told.and_then(|t| t.allocation.as_ref());
        let documents = basis.and_then(|b| joined(b.documents.iter().map(named)));
        let withheld = told.and_then(|t| joined(t.withheld.iter().cloned()));
        let parts = allocation.map(|a| count(a.parts.len())).filter(|n| *n > 0);
        out.row(&[
            Cell::Text(&id),
            Cell::Integer(n),
            Cell::Text(p.name),
            Cell::text(p.unit),
            Cell::text(p.row.and_then(|r| r.code.as_deref())),
            Cell::text(p.row.and_then(|r| r.name.as_deref()).filter(|name| *name != p.name)),
            Cell::amount(p.amount().map(|a| a.value)),
            Cell::amount(told.and_then(|t| t.amount)),
            Cell::amount(p.form_amount()),
            Cell::text(basis.map(|b| b.text.as_str())),
            Cell::text(documents.as_deref()),
            Cell::integer(basis.map(|b| count(b.documents.len()))),
            Cell::text(told.and_then(|t| t.executor.as_deref())),
            Cell::text(allocation.map(|a| a.text.as_str())),
            Cell::integer(parts),
            Cell::text(p.period().map(|p| p.text.as_str())),
            Cell::text(p.period().and_then(|p| p.from.as_deref())),
            Cell::text(p.period().and_then(|p| p.to.as_deref())),
            Cell::text(told.and_then(|t| t.plan.as_deref())),
            Cell::text(p.goal()),
            Cell::text(form.and_then(|f| f.nature.as_deref())),
            Cell::text(withheld.as_deref()),
            Cell::Integer(form.map_or(0, |f| count(f.indicators.len()))),
            Cell::Flag(p.row.is_some()),
            Cell::Flag(told.is_some()),
            Cell::Flag(form.is_some()),
            Cell::integer(p.page()),
            Cell::integer(told.map(|t| t.source.page)),
            Cell::integer(form.and_then(|f| f.pages.first().copied())),
        ])?;
    }
    Ok(())
}

fn operator(operator: Operator) -> &'static str {
    match operator {
        Operator::AtLeast => ">=",
        Operator::AtMost => "<=",
        Operator::More => ">",
        Operator::Less => "<",
        Operator::Equal => "=",
    }
}

/// The rows of `indicators`.
pub(super) fn indicators(d: &Document, out: &mut impl Rows) -> io::Result<()> {
    let id = doc_id(d);
    let all = d.performance.iter().flat_map(|form| form.indicators.iter().map(move |i| (form, i)));
    for (n, (form, i)) in (1..).zip(all) {
        let target = i.target.as_ref();
        let unit = target.and_then(|t| t.unit.as_deref()).or(i.name_unit.as_deref());
        out.row(&[
            Cell::Text(&id),
            Cell::Integer(n),
            Cell::Text(if form.subject == Subject::Overall { "overall" } else { "project" }),
            Cell::text(form.project.as_deref()),
            Cell::text(form.department.as_deref()),
            Cell::text(i.level1.as_deref()),
            Cell::text(i.level2.as_deref()),
            Cell::Text(&i.name),
            Cell::text(target.map(|t| t.raw.as_str())),
            Cell::text(target.and_then(|t| t.op).map(operator)),
            Cell::amount(target.and_then(|t| t.value)),
            Cell::text(unit),
            Cell::amount(i.weight),
            Cell::text(i.previous.as_deref()),
            Cell::text(i.basis.as_deref()),
            Cell::text(i.scoring.as_deref()),
            Cell::Integer(i64::from(i.page)),
        ])?;
    }
    Ok(())
}

/// What goes into one of the two tables: kinds of tables beside the twelve, and sections of the text.
pub(super) struct Beside {
    kinds: &'static [&'static str],
    sections: &'static [&'static str],
}

/// `procurement`.
pub(super) const PROCUREMENT: Beside =
    Beside { kinds: &["procurement", "purchased_services"], sections: &["procurement"] };
/// `assets`.
pub(super) const ASSETS: Beside = Beside { kinds: &["assets"], sections: &["assets"] };

impl Beside {
    /// The rows of the table.
    pub(super) fn rows(&self, d: &Document, out: &mut impl Rows) -> io::Result<()> {
        let id = doc_id(d);
        let mut n = 0;
        let mut next = || {
            n += 1;
            Cell::Integer(n)
        };
        for t in &d.other_tables {
            let Some(kind) = t.kind.filter(|k| self.kinds.contains(k)) else { continue };
            for row in &t.typed_rows {
                for (column, amount) in &row.amounts {
                    out.row(&[
                        Cell::Text(&id),
                        next(),
                        Cell::Text("table"),
                        Cell::Text(kind),
                        Cell::text(Some(t.title.as_str()).filter(|t| !t.is_empty())),
                        Cell::Blank,
                        Cell::text(row.code.as_deref()),
                        Cell::Text(row.name.as_deref().or(row.code.as_deref()).unwrap_or_default()),
                        Cell::Text(column),
                        Cell::Amount(amount.value),
                        Cell::Blank,
                        Cell::Blank,
                        Cell::text(t.source_unit.map(|u| u.as_str())),
                        Cell::Integer(i64::from(amount.page.max(row.page))),
                    ])?;
                }
            }
        }
        let of_text = |section: Option<&'_ str>| self.sections.iter().find(|s| section == Some(**s)).copied();
        for f in d.narrative.figures.iter().filter(|f| f.amount.is_some()) {
            let Some(section) = of_text(f.section.as_deref()) else { continue };
            out.row(&[
                Cell::Text(&id),
                next(),
                Cell::Text("text"),
                Cell::Text(section),
                Cell::Blank,
                Cell::text(f.item.as_deref()),
                Cell::Blank,
                Cell::Text(&f.label),
                Cell::Blank,
                Cell::amount(f.amount),
                Cell::Blank,
                Cell::Blank,
                Cell::Text(f.unit.as_str()),
                Cell::Integer(i64::from(f.source.page)),
            ])?;
        }
        for q in &d.narrative.quantities {
            let Some(section) = of_text(q.section.as_deref()) else { continue };
            out.row(&[
                Cell::Text(&id),
                next(),
                Cell::Text("text"),
                Cell::Text(section),
                Cell::Blank,
                Cell::text(q.item.as_deref()),
                Cell::Blank,
                Cell::Text(&q.label),
                Cell::Blank,
                Cell::Blank,
                Cell::Amount(q.value),
                Cell::Text(&q.unit),
                Cell::Blank,
                Cell::Integer(i64::from(q.source.page)),
            ])?;
        }
        Ok(())
    }
}
