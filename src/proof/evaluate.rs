//! Identities × document → equations: every identity is put to every place where it applies, or says why it
//! could not be checked. `resolve` finds the cells that an expression names, `keys` goes
//! through the codes or projects of several tables, `repeats` through the figures of the text.

mod keys;
mod repeats;
mod resolve;

pub(crate) use resolve::value;

use crate::document::{Document, RowKind, Side, Status};
use crate::limits::Deadline;
use crate::proof::expr::Expr;
use crate::proof::index::{Cell, Index};
use crate::proof::instance::{Instances, NotChecked};
use crate::proof::rule::{Check, Identity, Rules, TreePart};
use crate::proof::texts;

/// Evaluates all identities, those that time is left for.
pub(crate) fn evaluate(
    rules: &Rules,
    document: &Document,
    index: &Index<'_>,
    deadline: Deadline,
) -> Instances {
    let mut evaluation = Evaluation { document, index, out: Instances::default(), rule: 0 };
    for (i, identity) in rules.identities.iter().enumerate() {
        evaluation.rule = u16::try_from(i).unwrap_or(u16::MAX);
        if identity.only.is_none_or(|kind| kind == document.head.kind) && !deadline.expired() {
            evaluation.identity(identity);
        }
    }
    evaluation.out
}

struct Evaluation<'i, 'd> {
    document: &'i Document,
    index: &'i Index<'d>,
    out: Instances,
    rule: u16,
}

/// Signed cells.
type Terms = Vec<(Cell, i8)>;

/// Why an expression has no cells.
#[derive(Clone, Debug)]
struct Absent {
    table: Option<u8>,
    reason: String,
}

/// Cells of an expression, and whether the document prints any of its columns.
#[derive(Default)]
struct Resolved {
    terms: Terms,
    /// At least one of the columns is printed.
    columns: bool,
    /// A column that is not printed, for the reason.
    unprinted: Option<(u8, String)>,
    /// A part of a sum of the text's figures that may be left out was not found.
    left_out: bool,
}

/// What `row at hand` and `column at hand` are.
#[derive(Clone, Copy)]
enum Here<'h> {
    Nothing,
    Row(usize, usize),
    Column(&'h str),
    Code(&'h str),
    Project(&'h str),
}

impl<'i, 'd> Evaluation<'i, 'd> {
    fn not_checked(&mut self, table: Option<u8>, reason: impl Into<String>) {
        self.out.not_checked.push(NotChecked { rule: self.rule, table, reason: reason.into() });
    }

    fn identity(&mut self, identity: &Identity) {
        if let Some((unless, text)) = &identity.unless
            && let Ok(found) = self.resolve(unless, Here::Nothing)
            && found.terms.iter().any(|(c, _)| self.index.value(*c).is_some_and(|v| !v.is_zero()))
        {
            return self.not_checked(None, format!("need not hold where {text} is not zero"));
        }
        match &identity.check {
            Check::RowSum { tables, whole, parts } => {
                tables.iter().for_each(|&table| self.row_sum(table, whole, parts));
            }
            Check::Tree { tables, part } => tables.iter().for_each(|&table| self.tree(table, *part)),
            Check::Equal { columns, left, right, at_most } => {
                let heres: Vec<Here<'_>> = if columns.is_empty() {
                    vec![Here::Nothing]
                } else {
                    columns.iter().map(|c| Here::Column(c)).collect()
                };
                let mark = self.out.not_checked.len();
                let before = self.out.len();
                self.conventions(right, |this, right| {
                    for &here in &heres {
                        this.equal(left, right, here, *at_most, identity.soft);
                    }
                });
                // an identity by columns is not checked once, where not one of its columns could be
                if self.out.len() > before {
                    self.out.not_checked.truncate(mark);
                } else {
                    self.out.not_checked.truncate(mark + 1);
                }
            }
            Check::PerKey { key, levels, both, left, right, at_most } => {
                self.per_key(*key, levels, *both, left, right, *at_most);
            }
            Check::Repeats => self.repeats(identity.soft),
            Check::Subset { .. }
            | Check::Structure { .. }
            | Check::OneOf { .. }
            | Check::Names { .. }
            | Check::Share
            | Check::Growth
            | Check::Direction => {}
        }
    }

    /// Where publishers follow different conventions: keeps the one that leaves the fewest breaks.
    fn conventions(&mut self, right: &[Expr], evaluate: impl Fn(&mut Self, &Expr)) {
        let mark = self.out.len();
        let reasons = self.out.not_checked.len();
        let mut best: Option<(usize, usize)> = None;
        for (i, expr) in right.iter().enumerate() {
            self.out.cut(mark);
            self.out.not_checked.truncate(reasons);
            evaluate(self, expr);
            let broken = self.out.broken_since(mark);
            if self.out.len() > mark && best.is_none_or(|(_, fewest)| broken < fewest) {
                best = Some((i, broken));
            }
            if broken == 0 && self.out.len() > mark {
                return;
            }
        }
        if let Some(expr) = best.and_then(|(i, _)| right.get(i)).filter(|_| right.len() > 1) {
            self.out.cut(mark);
            self.out.not_checked.truncate(reasons);
            evaluate(self, expr);
        }
    }

    fn row_sum(&mut self, number: u8, whole: &Expr, parts: &Expr) {
        let (t, table) = match self.printed(number) {
            Ok(found) => found,
            Err(absent) => return self.not_checked(absent.table, absent.reason),
        };
        let extra: Vec<usize> = (table.standard..table.columns.len()).collect();
        let rows = table.table.rows.len();
        let sided = matches!(number, 1 | 4);
        let evaluate = |this: &mut Self, with_extra: bool| {
            let mut reason = None;
            let mut together = false;
            let start = this.out.len();
            for r in 0..rows {
                let Some(table) = this.index.tables.get(t) else { break };
                let revenue = table.table.rows.get(r).is_some_and(|row| row.side == Some(Side::Revenue));
                if sided && revenue {
                    continue;
                }
                let here = Here::Row(t, r);
                let sides = this.resolve(whole, here).and_then(|w| Ok((w, this.resolve(parts, here)?)));
                match sides {
                    Ok((left, mut right)) => {
                        if with_extra {
                            right.terms.extend(extra.iter().map(|&c| (table.cell(r, c), 1)));
                        }
                        if let Some((number, column)) = this.unprinted(&left, &right) {
                            reason = Some((
                                number,
                                format!("{} does not print column `{column}`", texts::words(number)),
                            ));
                            continue;
                        }
                        let filled = this.is_filled(&left) && this.is_filled(&right);
                        // a performance table may leave out either side
                        if texts::is_text(number) && !filled {
                            continue;
                        }
                        together |= filled;
                        this.out.push(this.index, this.rule, &left.terms, &right.terms, false);
                    }
                    Err(absent) => reason = absent.table.map(|n| (n, absent.reason)),
                }
            }
            // the whole in some rows, its parts in others: the rows do not add up across
            if !together && this.out.broken_since(start) > 0 {
                this.out.cut(start);
                reason = Some((number, format!("{} prints the parts in other rows", texts::words(number))));
            }
            reason
        };
        let has_extra = table.has_extra();
        let mark = self.out.len();
        let reason = evaluate(self, false);
        let broken = self.out.broken_since(mark);
        // the table prints columns that the standard lacks: sources of their own, or details of the others
        if broken > 0 && has_extra {
            let plain = self.out.len() - mark;
            self.out.cut(mark);
            evaluate(self, true);
            let with_extra = self.out.broken_since(mark);
            if with_extra >= broken {
                self.out.cut(mark);
                if broken * 2 > plain {
                    return self.not_checked(Some(number), format!("table {number} prints other columns"));
                }
                evaluate(self, false);
            }
        }
        if self.out.len() == mark
            && let Some((number, reason)) = reason
        {
            self.not_checked(Some(number), reason);
        }
    }

    fn tree(&mut self, number: u8, part: TreePart) {
        let table = match self.printed(number) {
            Ok((_, table)) => table,
            Err(absent) => return self.not_checked(absent.table, absent.reason),
        };
        let columns = table.columns.len();
        let mut sums: Vec<(usize, Vec<u32>)> = Vec::new();
        match part {
            TreePart::Parents => {
                sums.extend(table.tree.parents().map(|(row, children)| (row, children.to_vec())))
            }
            TreePart::Total | TreePart::Leaves => {
                let parts = match part {
                    TreePart::Total => table.tree.roots().to_vec(),
                    _ => table.tree.leaves(),
                };
                if part == TreePart::Leaves && parts == table.tree.roots() {
                    return;
                }
                if !parts.is_empty() {
                    sums.extend(table.totals.iter().map(|&row| (row as usize, parts.clone())));
                }
                if table.totals.is_empty() && table.table.status == Status::Filled {
                    return self.not_checked(Some(number), format!("table {number} has no total row"));
                }
            }
        }
        let standard = table.standard;
        for (row, parts) in sums {
            // of two total rows each may print a column of its own
            let several_totals = part != TreePart::Parents && table.totals.len() > 1;
            for column in (0..columns).filter(|&c| table.is_column_printed(c)) {
                let left = [(table.cell(row, column), 1)];
                let right: Terms = parts.iter().map(|&r| (table.cell(r as usize, column), 1)).collect();
                let blank_whole = self.index.value(left[0].0).is_none();
                let blank_parts = right.iter().all(|(c, _)| self.index.value(*c).is_none());
                // further columns are often printed in one kind of row only
                if (blank_whole && (several_totals || column >= standard))
                    || (blank_parts && column >= standard)
                {
                    continue;
                }
                if several_totals && blank_parts {
                    continue;
                }
                self.out.push(self.index, self.rule, &left, &right, false);
            }
        }
    }

    fn equal(&mut self, left: &Expr, right: &Expr, here: Here<'_>, at_most: bool, soft: bool) {
        let sides = self.resolve(left, here).and_then(|l| Ok((l, self.resolve(right, here)?)));
        let (left, right) = match sides {
            Ok(sides) => sides,
            Err(absent) => return self.not_checked(absent.table, absent.reason),
        };
        let of_text = left.terms.iter().chain(&right.terms).any(|(c, _)| self.is_text(*c));
        if of_text && !(self.is_filled(&left) && self.is_filled(&right)) {
            return self.not_checked(None, "one of the sides is not printed");
        }
        if let Some((table, column)) = self.unprinted(&left, &right) {
            return self.not_checked(
                Some(table),
                format!("{} does not print column `{column}`", texts::words(table)),
            );
        }
        // every part may be left out, but not all of them
        if right.terms.is_empty() && !right.columns && self.is_filled(&left) {
            return self.not_checked(None, "none of the parts is printed");
        }
        let mark = self.out.len();
        self.out.push(self.index, self.rule, &left.terms, &right.terms, at_most);
        if self.out.broken_since(mark) == 0 {
            return;
        }
        // sentences have many forms: a part that was not found may stand there all the same
        if left.left_out || right.left_out {
            self.out.cut(mark);
            return self.not_checked(None, "a part of the sum was not found in the text");
        }
        if let Some(number) = self.bound_without_force(mark, at_most, &left.terms, &right.terms) {
            return self.not_checked(Some(number), BELOW_ZERO);
        }
        // a list with lines of its own may count them into its sums
        let unknown = self.lists_with_unknown_lines(left.terms.iter().chain(&right.terms).map(|(c, _)| *c));
        if soft || unknown.is_some() {
            self.out.cut(mark);
            match unknown {
                Some(table) => self.not_checked(Some(table), format!("table {table} prints other lines")),
                None => self.not_checked(None, "need not hold, and does not hold here"),
            }
        }
    }

    /// Takes back a bound that does not hold where amounts below zero stand in one of its columns: with them a part may
    /// be more than the whole. Gives the table of such a column.
    fn bound_without_force(
        &mut self,
        mark: usize,
        at_most: bool,
        left: &[(Cell, i8)],
        right: &[(Cell, i8)],
    ) -> Option<u8> {
        if !at_most || self.out.broken_since(mark) == 0 {
            return None;
        }
        let (cell, _) = left.iter().chain(right).find(|(cell, _)| self.index.has_negative(*cell))?;
        self.out.cut(mark);
        self.index.at(*cell).and_then(|at| self.index.tables.get(at.table)).map(|t| t.table.number)
    }

    /// A table of fixed line items, among those of the cells, that prints amounts in lines outside the standard
    /// list; only where all cells stand in one table.
    fn lists_with_unknown_lines(&self, mut cells: impl Iterator<Item = Cell>) -> Option<u8> {
        let first = self.index.at(cells.next()?)?;
        let table = self.index.tables.get(first.table)?;
        let side = table.table.rows.get(first.row)?.side;
        if cells.any(|c| self.index.at(c).is_none_or(|at| at.table != first.table)) {
            return None;
        }
        let unknown = |row: &crate::document::Row| {
            row.kind == RowKind::Item
                && row.item.is_none()
                && row.code.is_none()
                && row.side == side
                && row.amounts.iter().any(|(_, a)| a.as_ref().is_some_and(|a| !a.value.is_zero()))
        };
        matches!(table.table.number, 1 | 4 | 10)
            .then_some(table.table.number)
            .filter(|_| table.table.rows.iter().any(unknown))
    }
}

/// Why a bound is not checked.
const BELOW_ZERO: &str = "says nothing where amounts are below zero";
