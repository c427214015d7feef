//! Which cells of a table may be summed without counting anything twice.
//!
//! In: a typed table. Out: for each of its cells whether it is a leaf, and for each of its lists the printed total
//! beside the sum of the leaves. A cell is a leaf when nothing finer that is printed adds up to it.
//!
//! First the rows: of several readings of what is a part of what, the finest whose sum is the printed total is
//! taken; where none closes, a row stays whole unless its parts add up to it. Then, in each leaf row, the columns:
//! a whole gives way to its parts only where they add up to it, so the leaf cells of a row always sum to the row.

use super::sums::{CODES, Sums, sums};
use crate::document::{Row, RowKind, Side, Table};
use crate::proof;
use rust_decimal::Decimal;

/// The leaves of one table.
#[derive(Debug, Default)]
pub(crate) struct Leaves {
    /// For each row, for each of its amounts and then each of its `extra` amounts.
    cells: Vec<Vec<bool>>,
    /// Lists of the table: one, or the two sides.
    pub(crate) lists: Vec<ListSum>,
}

/// The sum over the leaves of one list of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListSum {
    /// Side, in tables 1 and 4.
    pub(crate) side: Option<Side>,
    /// The total as printed, in 万元.
    pub(crate) printed: Option<Decimal>,
    /// Sum of the leaf cells, in 万元.
    pub(crate) sum: Decimal,
}

impl Leaves {
    /// Whether the cell at `column` (counted over amounts, then extra ones) of `row` is a leaf.
    pub(crate) fn is_leaf(&self, row: usize, column: usize) -> bool {
        self.cells.get(row).and_then(|r| r.get(column)).copied().unwrap_or(false)
    }
}

/// Finds the leaves of a table.
pub(crate) fn leaves(table: &Table) -> Leaves {
    let columns: Vec<Vec<bool>> = table.rows.iter().map(|row| leaf_columns(table.number, row)).collect();
    let values: Vec<Option<Decimal>> =
        table.rows.iter().zip(&columns).map(|(row, leaf)| value(row, leaf)).collect();
    let sides: &[Option<Side>] = if table.rows.iter().any(|r| r.side.is_some()) {
        &[Some(Side::Revenue), Some(Side::Expenditure)]
    } else {
        &[None]
    };
    let mut out = Leaves { cells: columns.iter().map(|c| vec![false; c.len()]).collect(), lists: Vec::new() };
    for &side in sides {
        let list = List::new(table, side, &values);
        let mut sum = Decimal::ZERO;
        for row in list.leaf_rows() {
            sum = sum.checked_add(list.value(row).unwrap_or_default()).unwrap_or(sum);
            if let (Some(cells), Some(leaf)) = (out.cells.get_mut(row), columns.get(row)) {
                cells.clone_from(leaf);
            }
        }
        if list.printed.is_some() || !list.members.is_empty() {
            out.lists.push(ListSum { side, printed: list.printed, sum });
        }
    }
    out
}

/// What a row is worth: its total, else the sum of its leaf cells; `None` where it prints nothing.
fn value(row: &Row, leaf: &[bool]) -> Option<Decimal> {
    let total = row.amounts.iter().find(|(id, _)| *id == "total").and_then(|(_, a)| a.as_ref());
    if let Some(total) = total {
        return Some(total.value);
    }
    let amounts = row.amounts.iter().map(|(_, a)| a.as_ref()).chain(row.extra.iter().map(|(_, a)| Some(a)));
    sum(amounts.zip(leaf).filter(|(_, leaf)| **leaf).filter_map(|(a, _)| a.map(|a| a.value)))
}

/// The sum; `None` of nothing, or beyond what a decimal holds.
fn sum(values: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    let mut out = None;
    for value in values {
        out = Some(out.unwrap_or(Decimal::ZERO).checked_add(value)?);
    }
    out
}

/// The leaf cells of a row, were it a leaf row: over its amounts, then its extra ones.
fn leaf_columns(table: u8, row: &Row) -> Vec<bool> {
    let columns = Columns { sums: sums(), table, row };
    let mut leaf = vec![false; row.amounts.len() + row.extra.len()];
    for (at, (id, _)) in row.amounts.iter().enumerate() {
        if !columns.is_part(id) {
            columns.descend(at, &mut leaf);
        }
    }
    // a printed column that the standard lacks is a part where the total is only reached with it
    if let Some((at, total)) =
        row.amounts.iter().position(|(id, _)| *id == "total").zip(columns.amount_of("total"))
        && leaf.get(at) == Some(&true)
    {
        let parts = columns.parts_of("total");
        let printed = parts.iter().filter_map(|&p| columns.amount(p));
        if sum(printed.chain(row.extra.iter().map(|(_, a)| a.value))) == Some(total) && !row.extra.is_empty()
        {
            leaf.get_mut(at).into_iter().for_each(|l| *l = false);
            parts.iter().for_each(|&p| columns.descend(p, &mut leaf));
            leaf.iter_mut().skip(row.amounts.len()).for_each(|l| *l = true);
        }
    }
    leaf
}

/// The amount columns of a row with what is a part of what.
struct Columns<'a> {
    sums: &'static Sums,
    table: u8,
    row: &'a Row,
}

impl Columns<'_> {
    fn amount(&self, at: usize) -> Option<Decimal> {
        self.row.amounts.get(at)?.1.as_ref().map(|a| a.value)
    }

    fn amount_of(&self, id: &str) -> Option<Decimal> {
        self.row.amounts.iter().find(|(c, _)| *c == id)?.1.as_ref().map(|a| a.value)
    }

    fn parts_of(&self, whole: &str) -> Vec<usize> {
        let parts = self.sums.parts(self.table, whole);
        let position = |part: &String| self.row.amounts.iter().position(|(id, _)| id == part);
        parts.iter().filter_map(position).collect()
    }

    /// Whether another column of the row is its whole.
    fn is_part(&self, id: &str) -> bool {
        let mut wholes = self.row.amounts.iter().map(|(whole, _)| self.sums.parts(self.table, whole));
        wholes.any(|parts| parts.iter().any(|part| part == id))
    }

    /// What a column is worth: its amount, else the sum of its parts.
    fn worth(&self, at: usize) -> Option<Decimal> {
        self.amount(at).or_else(|| {
            let (id, _) = self.row.amounts.get(at)?;
            sum(self.parts_of(id).into_iter().filter_map(|p| self.worth(p)))
        })
    }

    /// Marks the finest columns that add up to this one.
    fn descend(&self, at: usize, leaf: &mut [bool]) {
        let Some((id, _)) = self.row.amounts.get(at) else { return };
        let parts = self.parts_of(id);
        let below = sum(parts.iter().filter_map(|&p| self.worth(p)));
        match (self.amount(at), below) {
            (None, None) => {}
            (Some(own), below) if below != Some(own) => leaf.get_mut(at).into_iter().for_each(|l| *l = true),
            _ => parts.into_iter().for_each(|p| self.descend(p, leaf)),
        }
    }
}

/// One list of rows with what is a part of what.
struct List<'a> {
    values: &'a [Option<Decimal>],
    printed: Option<Decimal>,
    totals: Vec<usize>,
    /// Rows that take part in sums.
    members: Vec<usize>,
    children: Vec<Vec<usize>>,
    roots: Vec<usize>,
    /// Rows of no list that we know: parts of the total, or details of the row before.
    loose: Vec<usize>,
}

impl<'a> List<'a> {
    fn new(table: &Table, side: Option<Side>, values: &'a [Option<Decimal>]) -> Self {
        let rows = &table.rows;
        let totals = totals(rows, side, values);
        let printed = sum(totals.iter().filter_map(|&t| values.get(t).copied().flatten()));
        let mut list = Self {
            values,
            printed,
            totals,
            members: Vec::new(),
            children: vec![Vec::new(); rows.len()],
            roots: Vec::new(),
            loose: Vec::new(),
        };
        let tree = side.is_none().then(|| proof::Forest::new(table, values));
        for (r, row) in rows.iter().enumerate().filter(|(_, row)| row.side == side) {
            let parent = match (&tree, &row.item, &row.code) {
                _ if row.kind == RowKind::Total => continue,
                (_, Some(item), _) => printed_whole(table, side, item, r),
                (Some(tree), None, _) if tree.is_member(r) => tree.parent(r),
                // a heading without amounts: its rows hang under what stands above it
                (Some(_), None, _) if values.get(r).copied().flatten().is_none() => continue,
                (None, None, Some(code)) => {
                    above(rows, side, code, r).or_else(|| printed_whole(table, side, CODES, r))
                }
                _ => {
                    list.loose.push(r);
                    continue;
                }
            };
            list.members.push(r);
            match parent.and_then(|p| list.children.get_mut(p)) {
                Some(children) => children.push(r),
                None => list.roots.push(r),
            }
        }
        list
    }

    fn value(&self, row: usize) -> Option<Decimal> {
        self.values.get(row).copied().flatten()
    }

    /// The rows whose sum is the list's.
    fn leaf_rows(&self) -> Vec<usize> {
        let (finest, exact) = (self.collect(false), self.collect(true));
        let loose = |rows: &[usize]| -> Vec<usize> {
            let valued = self.loose.iter().copied().filter(|r| self.value(*r).is_some());
            rows.iter().copied().chain(valued).collect()
        };
        let (finest_loose, exact_loose) = (loose(&finest), loose(&exact));
        if exact_loose.is_empty() {
            return self.totals.clone();
        }
        let Some(printed) = self.printed else { return exact_loose };
        let off = |rows: &[usize]| -> Option<Decimal> {
            sum(rows.iter().filter_map(|r| self.value(*r)))?.checked_sub(printed).map(|d| d.abs())
        };
        let readings = [finest_loose, finest, exact_loose, exact];
        if let Some(closed) = readings.iter().find(|rows| off(rows).is_some_and(|d| d.is_zero())) {
            return closed.clone();
        }
        let rounded = |rows: &&Vec<usize>| {
            let half_step = Decimal::new(5, printed.scale().min(27) + 1);
            let bound = half_step.checked_mul(Decimal::from(rows.len() + 1));
            off(rows).zip(bound).is_some_and(|(off, bound)| off <= bound)
        };
        let [finest_loose, finest, exact_loose, _] = &readings;
        [finest_loose, finest].into_iter().find(rounded).unwrap_or(exact_loose).clone()
    }

    /// The finest rows that print something; with `exact` only below rows whose parts add up to them.
    fn collect(&self, exact: bool) -> Vec<usize> {
        let mut rows = Vec::new();
        for &root in &self.roots {
            self.descend(root, exact, 0, &mut rows);
        }
        rows.sort_unstable();
        rows
    }

    fn worth(&self, row: usize, depth: usize) -> Option<Decimal> {
        self.value(row).or_else(|| {
            let children = self.children.get(row).filter(|_| depth < DEPTH)?;
            sum(children.iter().filter_map(|&c| self.worth(c, depth + 1)))
        })
    }

    fn descend(&self, row: usize, exact: bool, depth: usize, rows: &mut Vec<usize>) {
        let children = self.children.get(row).map_or(&[][..], Vec::as_slice);
        let below =
            if depth < DEPTH { sum(children.iter().filter_map(|&c| self.worth(c, depth + 1))) } else { None };
        match (self.value(row), below) {
            (None, None) => {}
            (Some(own), below) if below.is_none() || (exact && below != Some(own)) => rows.push(row),
            _ => children.iter().for_each(|&c| self.descend(c, exact, depth + 1, rows)),
        }
    }
}

/// The total row of a list. Where none prints a whole, several rows that total one column each: personnel here,
/// operating there.
fn totals(rows: &[Row], side: Option<Side>, values: &[Option<Decimal>]) -> Vec<usize> {
    let of_list = |(r, row): &(usize, &Row)| {
        row.kind == RowKind::Total && row.side == side && values.get(*r).copied().flatten().is_some()
    };
    let whole = |row: &Row| row.amounts.iter().any(|(id, a)| *id == "total" && a.is_some());
    let all: Vec<(usize, &Row)> = rows.iter().enumerate().filter(of_list).collect();
    match all.iter().find(|(_, row)| whole(row)) {
        Some((r, _)) => vec![*r],
        None => all.into_iter().map(|(r, _)| r).collect(),
    }
}

/// Rows are never nested deeper; the bound only guards against cycles.
const DEPTH: usize = 12;

/// The nearest printed line item, in the same list, that `item` is a part of.
fn printed_whole(table: &Table, side: Option<Side>, item: &str, me: usize) -> Option<usize> {
    let mut item = item;
    for _ in 0..DEPTH {
        item = sums().whole(table.number, side, item)?;
        let found = table.rows.iter().position(|r| r.side == side && r.item == Some(item));
        if found.is_some_and(|f| f != me) {
            return found;
        }
    }
    None
}

/// The row of the nearest shorter code before this one.
fn above(rows: &[Row], side: Option<Side>, code: &str, me: usize) -> Option<usize> {
    let before = rows.get(..me)?;
    [5, 3].into_iter().filter(|&n| n < code.len()).find_map(|n| {
        let prefix = code.get(..n)?;
        before.iter().rposition(|r| r.side == side && r.code.as_deref() == Some(prefix))
    })
}
