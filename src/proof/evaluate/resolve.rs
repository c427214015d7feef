//! Expressions → the cells that they name in this document, or why there are none.

use super::{Absent, Evaluation, Here, Resolved, Terms};
use crate::document::{Document, Level, RowKind, Side, Status};
use crate::proof::expr::{Expr, Reference, RowRef, extra_header};
use crate::proof::index::{Cell, Index, Rows, TableIndex};
use crate::proof::instance::Instances;
use crate::proof::texts;
use rust_decimal::Decimal;

/// The sum of an expression's cells and how far off rounding can make it; `None` where the document does not print
/// it.
pub(crate) fn value(document: &Document, index: &Index<'_>, expr: &Expr) -> Option<(Decimal, Decimal)> {
    let evaluation = Evaluation { document, index, out: Instances::default(), rule: 0 };
    let found = evaluation.resolve(expr, Here::Nothing).ok()?;
    let mut sum = None;
    let mut envelope = Decimal::ZERO;
    for &(cell, sign) in &found.terms {
        let Some(value) = index.value(cell) else { continue };
        let value = if sign < 0 { -value } else { value };
        sum = Some(sum.unwrap_or(Decimal::ZERO).checked_add(value)?);
        envelope += index.half_step(cell);
    }
    sum.map(|sum| (sum, envelope))
}

/// Whether an expression names figures of the text.
fn of_sentences(expr: &Expr) -> bool {
    let mut found = false;
    expr.each_reference(&mut |r| found |= matches!(r.row, RowRef::Figure(_) | RowRef::Figures(_)));
    found
}

impl Resolved {
    fn left_out(left_out: bool) -> Self {
        Self { left_out, ..Self::default() }
    }
}

impl<'i, 'd> Evaluation<'i, 'd> {
    /// The table, unless it is not in the document.
    pub(super) fn printed(&self, number: u8) -> Result<(usize, &'i TableIndex<'d>), Absent> {
        let absent = |reason: &str| Absent {
            table: Some(number),
            reason: format!("{} {reason}", texts::words(number)),
        };
        match self.index.table(number) {
            Some((i, table)) if table.is_printed() => Ok((i, table)),
            Some((_, table)) if table.table.status == Status::Unreadable => Err(absent("could not be read")),
            _ => Err(absent("is not in the document")),
        }
    }

    /// The column for which an equation cannot be checked: one side consists only of columns that the document
    /// does not print, while the other side holds an amount.
    pub(super) fn unprinted(&self, left: &Resolved, right: &Resolved) -> Option<(u8, String)> {
        let holds_amount = |side: &Resolved| {
            side.terms.iter().any(|(cell, _)| self.index.value(*cell).is_some_and(|v| !v.is_zero()))
        };
        [(left, right), (right, left)]
            .into_iter()
            .find(|(side, other)| !side.columns && holds_amount(other))
            .and_then(|(side, _)| side.unprinted.clone())
    }

    pub(super) fn is_text(&self, cell: Cell) -> bool {
        let table = self.index.at(cell).and_then(|at| self.index.tables.get(at.table));
        table.is_some_and(|t| texts::is_text(t.table.number))
    }

    pub(super) fn is_filled(&self, side: &Resolved) -> bool {
        side.terms.iter().any(|(cell, _)| self.index.value(*cell).is_some())
    }

    pub(super) fn resolve(&self, expr: &Expr, here: Here<'_>) -> Result<Resolved, Absent> {
        match expr {
            Expr::Cells(reference) => self.cells(reference, here),
            Expr::Optional(inner) => {
                Ok(self.resolve(inner, here).unwrap_or_else(|_| Resolved::left_out(of_sentences(inner))))
            }
            Expr::First(alternatives) => {
                let mut first: Option<Resolved> = None;
                let mut absent = None;
                for alternative in alternatives {
                    match self.resolve(alternative, here) {
                        Ok(found) => {
                            if found.terms.iter().any(|(c, _)| self.index.value(*c).is_some()) {
                                return Ok(found);
                            }
                            first = first.or(Some(found));
                        }
                        Err(reason) => absent = absent.or(Some(reason)),
                    }
                }
                first.ok_or_else(|| {
                    absent.unwrap_or_else(|| Absent { table: None, reason: "no alternative".into() })
                })
            }
            Expr::Sum(terms) => {
                let mut sum = Resolved::default();
                for (sign, term) in terms {
                    let part = self.resolve(term, here)?;
                    sum.columns |= part.columns;
                    sum.left_out |= part.left_out;
                    sum.unprinted = sum.unprinted.or(part.unprinted);
                    sum.terms.extend(part.terms.iter().map(|&(c, s)| (c, s * sign)));
                }
                Ok(sum)
            }
        }
    }

    pub(super) fn cells(&self, reference: &Reference, here: Here<'_>) -> Result<Resolved, Absent> {
        let (number, found) = match (reference.table, here) {
            (Some(number), _) => (number, self.printed(number)?.1),
            (None, Here::Row(t, _)) => match self.index.tables.get(t) {
                Some(table) => (table.table.number, table),
                None => return Err(Absent { table: None, reason: "no table".into() }),
            },
            (None, _) => return Err(Absent { table: None, reason: "no table at hand".into() }),
        };
        let column = match (&reference.column, here) {
            (Some(column), _) => column.as_str(),
            (None, Here::Column(column)) => column,
            _ => "total",
        };
        let rows = rows(found, &reference.row, here);
        if rows.is_empty() && found.table.status == Status::DeclaredEmpty {
            return Ok(Resolved { columns: true, ..Resolved::default() });
        }
        if rows.is_empty() && !matches!(reference.row, RowRef::Here) {
            return Err(Absent {
                table: Some(number),
                reason: format!("{} does not print {}", texts::words(number), row_words(&reference.row)),
            });
        }
        let Some(c) = found.column(column) else {
            if extra_header(column).is_some() {
                let reason = format!("{} does not print column {column}", texts::words(number));
                return Err(Absent { table: Some(number), reason });
            }
            // a table without rows, or a list side without the column
            let unprinted = Some((number, column.to_owned()));
            return Ok(Resolved { unprinted, ..Resolved::default() });
        };
        let printed = found.is_column_printed(c);
        // of two total rows the one that prints the column counts
        let mut terms: Terms = rows.iter().map(|&r| (found.cell(r as usize, c), 1)).collect();
        if matches!(reference.row, RowRef::Figures(_)) {
            terms.retain(|(cell, _)| self.index.value(*cell).is_some());
        }
        if matches!(reference.row, RowRef::Figure(_)) {
            terms = self.figure(found, &rows, terms, &reference.row)?;
        }
        if matches!(reference.row, RowRef::Total(_)) && terms.len() > 1 {
            terms.retain(|(cell, _)| self.index.value(*cell).is_some());
            // a total row that is printed twice says one thing
            terms.dedup_by_key(|(cell, _)| self.index.value(*cell));
            if terms.len() > 1 {
                return Err(Absent {
                    table: Some(number),
                    reason: format!("table {number} has several total rows"),
                });
            }
        }
        let unprinted = (!printed).then(|| (number, column.to_owned()));
        Ok(Resolved { terms, columns: printed, unprinted, left_out: false })
    }

    /// The cell of a figure: printed twice it says one thing; one with an amount but without the column asked for
    /// leaves the sum open.
    pub(super) fn figure(
        &self,
        table: &TableIndex<'_>,
        rows: &[u32],
        mut terms: Terms,
        row: &RowRef,
    ) -> Result<Terms, Absent> {
        let absent = |what: &str| {
            let reason = format!("{} {what} {}", texts::words(table.table.number), row_words(row));
            Err(Absent { table: Some(table.table.number), reason })
        };
        let holds =
            |r: u32, c: usize| self.index.value(table.cell(r as usize, c)).is_some_and(|v| !v.is_zero());
        let open =
            terms.iter().zip(rows).any(|(&(cell, _), &r)| self.index.value(cell).is_none() && holds(r, 0));
        terms.retain(|(cell, _)| self.index.value(*cell).is_some());
        if open && terms.is_empty() {
            return absent("does not say all of");
        }
        terms.dedup_by_key(|(cell, _)| self.index.value(*cell));
        if terms.len() > 1 { absent("says several amounts for") } else { Ok(terms) }
    }
}

fn rows(table: &TableIndex<'_>, row: &RowRef, here: Here<'_>) -> Rows {
    match row {
        RowRef::Here => match here {
            Here::Row(_, r) => Rows::from_iter(u32::try_from(r)),
            Here::Code(code) => table.rows_of_code(code).into(),
            Here::Project(project) => table.rows_of_project(project).into(),
            _ => Rows::new(),
        },
        RowRef::Total(None) => table.totals.clone(),
        RowRef::Total(side) => table.rows_where(|r| r.kind == RowKind::Total && r.side == *side),
        RowRef::Classes => table.rows_where(|r| {
            r.kind == RowKind::Item
                && r.side != Some(Side::Revenue)
                && (r.level == Some(Level::Class) || r.code.as_ref().is_some_and(|c| c.len() == 3))
        }),
        RowRef::Projects => table.rows_where(|r| r.kind == RowKind::Project),
        RowRef::Departments => table.rows_where(|r| r.kind == RowKind::Department),
        RowRef::Code(code) => table.rows_of_code(code).into(),
        RowRef::Item(side, item) => table.rows_of_item(*side, item),
        RowRef::Figure(id) | RowRef::Figures(id) => {
            table.rows_where(|r| r.kind == RowKind::Item && r.project.as_ref() == Some(id))
        }
        RowRef::Project(name) => table.rows_of_project(&crate::normalize::text::key(name)).into(),
    }
}

fn row_words(row: &RowRef) -> String {
    match row {
        RowRef::Here => "the row".into(),
        RowRef::Total(None) => "a total row".into(),
        RowRef::Total(Some(Side::Revenue)) => "a revenue total".into(),
        RowRef::Total(Some(Side::Expenditure)) => "an expenditure total".into(),
        RowRef::Classes => "classes".into(),
        RowRef::Projects => "projects".into(),
        RowRef::Departments => "departments".into(),
        RowRef::Code(code) => format!("code {code}"),
        RowRef::Item(_, item) => format!("line `{item}`"),
        RowRef::Figure(id) | RowRef::Figures(id) => format!("figure {id}"),
        RowRef::Project(name) => format!("project {name}"),
    }
}
