//! One pass over a document: every amount gets a number, every row can be found by code, item, project or kind.
//!
//! Cells are numbered densely, table by table, row by row, blank ones too: a blank cell is where a lost or
//! shifted amount belongs.

use crate::document::{Amount, Document, RowKind, Side, Status, Table};
use crate::normalize::text::key;
use crate::proof::expr::extra_header;
use crate::proof::texts::is_text;
use crate::proof::tree::Tree;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// Number of a cell, over all tables.
pub(crate) type Cell = u32;

/// Indices of rows of one table.
pub(crate) type Rows = SmallVec<[u32; 2]>;

/// The document, indexed.
pub(crate) struct Index<'d> {
    pub(crate) tables: Vec<TableIndex<'d>>,
    values: Vec<Option<Decimal>>,
}

/// One table, indexed.
pub(crate) struct TableIndex<'d> {
    pub(crate) table: &'d Table,
    /// Number of the cell in row 0, column 0.
    base: Cell,
    /// Standard columns, then the further printed ones (`extra`).
    pub(crate) columns: Vec<&'d str>,
    /// How many of the columns are standard.
    pub(crate) standard: usize,
    /// Whether the column has an amount in any row.
    pub(crate) filled: Vec<bool>,
    /// Whether the column has an amount below zero in any row.
    negative: Vec<bool>,
    /// Half a display step.
    pub(crate) half_step: Decimal,
    /// Half a display step of the text of each page: authors of a text round as they like (`17,192万元` on one page,
    /// `1,708.03万元` on another). Empty for tables.
    page_steps: FxHashMap<u32, Decimal>,
    pub(crate) totals: Rows,
    pub(crate) tree: Tree,
    by_code: FxHashMap<&'d str, Rows>,
    by_project: FxHashMap<String, Rows>,
}

/// A cell's place: index of the table in [`Index::tables`], row, column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) table: usize,
    pub(crate) row: usize,
    pub(crate) column: usize,
}

impl<'d> Index<'d> {
    /// The document's tables and the further ones that its text makes (see `texts`).
    pub(crate) fn new(document: &'d Document, texts: &'d [Table]) -> Self {
        let mut values = Vec::new();
        let all = document.tables.iter().chain(texts);
        let tables = all.map(|table| TableIndex::new(table, &mut values)).collect();
        Self { tables, values }
    }

    pub(crate) fn cells(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn value(&self, cell: Cell) -> Option<Decimal> {
        self.values.get(cell as usize).copied().flatten()
    }

    /// The table with this number.
    pub(crate) fn table(&self, number: u8) -> Option<(usize, &TableIndex<'d>)> {
        self.tables.iter().enumerate().find(|(_, t)| t.table.number == number)
    }

    /// Where a cell stands.
    pub(crate) fn at(&self, cell: Cell) -> Option<At> {
        let table = self.tables.partition_point(|t| t.base <= cell).checked_sub(1)?;
        // tables without cells share their base with the next one: the last of them is the one with cells
        let index = self.tables.get(table)?;
        let offset = (cell - index.base) as usize;
        let width = index.columns.len().max(1);
        (offset < index.table.rows.len() * width).then_some(At {
            table,
            row: offset / width,
            column: offset % width,
        })
    }

    /// Whether a cell's column holds amounts below zero.
    pub(crate) fn has_negative(&self, cell: Cell) -> bool {
        let at = self.at(cell);
        at.and_then(|at| self.tables.get(at.table)?.negative.get(at.column).copied()).unwrap_or(false)
    }

    /// The amount that a cell holds.
    pub(crate) fn amount(&self, cell: Cell) -> Option<&'d Amount> {
        let at = self.at(cell)?;
        let index = self.tables.get(at.table)?;
        let row = index.table.rows.get(at.row)?;
        let column = *index.columns.get(at.column)?;
        if at.column < index.standard {
            row.amounts.iter().find(|(name, _)| *name == column)?.1.as_ref()
        } else {
            row.extra.iter().find(|(name, _)| name == column).map(|(_, amount)| amount)
        }
    }
}

impl Index<'_> {
    /// How far off rounding can put a cell's amount.
    pub(crate) fn half_step(&self, cell: Cell) -> Decimal {
        let at = self.at(cell);
        at.and_then(|at| Some(self.tables.get(at.table)?.half_step_of(at.row))).unwrap_or_default()
    }
}

impl<'d> TableIndex<'d> {
    fn new(table: &'d Table, values: &mut Vec<Option<Decimal>>) -> Self {
        let mut columns: Vec<&'d str> = Vec::new();
        for row in &table.rows {
            for (i, (name, _)) in row.amounts.iter().enumerate() {
                if columns.get(i) != Some(name) && !columns.contains(name) {
                    columns.push(name);
                }
            }
        }
        let standard = columns.len();
        for row in &table.rows {
            for (name, _) in &row.extra {
                if !columns.iter().skip(standard).any(|c| c == name) {
                    columns.push(name);
                }
            }
        }

        let base = Cell::try_from(values.len()).unwrap_or(Cell::MAX);
        let width = columns.len();
        let mut filled = vec![false; width];
        let mut totals = Rows::new();
        let mut by_code: FxHashMap<&'d str, Rows> = FxHashMap::default();
        let mut by_project: FxHashMap<String, Rows> = FxHashMap::default();
        for (r, row) in table.rows.iter().enumerate() {
            let start = values.len();
            values.resize(start + width, None);
            let cells = values.get_mut(start..).unwrap_or_default();
            for (i, (name, amount)) in row.amounts.iter().enumerate() {
                let Some(amount) = amount else { continue };
                let at = if columns.get(i) == Some(name) { Some(i) } else { position(&columns, name) };
                if let Some((at, cell)) = at.and_then(|at| Some((at, cells.get_mut(at)?))) {
                    *cell = Some(amount.value);
                    filled.get_mut(at).into_iter().for_each(|f| *f = true);
                }
            }
            for (name, amount) in &row.extra {
                let at = columns.iter().skip(standard).position(|c| c == name).map(|p| p + standard);
                if let Some((at, cell)) = at.and_then(|at| Some((at, cells.get_mut(at)?))) {
                    *cell = Some(amount.value);
                    filled.get_mut(at).into_iter().for_each(|f| *f = true);
                }
            }
            let r = u32::try_from(r).unwrap_or(u32::MAX);
            match row.kind {
                RowKind::Total => totals.push(r),
                RowKind::Item => {
                    if let Some(code) = &row.code {
                        by_code.entry(code).or_default().push(r);
                    }
                }
                RowKind::Project => {
                    if let Some(name) = row.project.as_ref().or(row.name.as_ref()) {
                        by_project.entry(key(name)).or_default().push(r);
                    }
                }
                RowKind::Department => {}
            }
        }
        let amounts = values.get(base as usize..).unwrap_or_default();
        let half_step = half_step(amounts.iter().flatten());
        let mut page_steps = FxHashMap::default();
        if is_text(table.number) {
            let mut by_page: FxHashMap<u32, Vec<&Decimal>> = FxHashMap::default();
            for (row, cells) in table.rows.iter().zip(amounts.chunks(width.max(1))) {
                by_page.entry(row.page).or_default().extend(cells.iter().flatten());
            }
            page_steps =
                by_page.into_iter().map(|(page, of)| (page, self::half_step(of.into_iter()))).collect();
        }
        let mut negative = vec![false; width];
        for (at, _) in amounts.iter().enumerate().filter(|(_, a)| a.is_some_and(|v| v < Decimal::ZERO)) {
            negative.get_mut(at % width.max(1)).into_iter().for_each(|n| *n = true);
        }
        let tree = Tree::new(table, amounts, width);
        // project rows stand for their code where no row of that code does
        for (r, row) in table.rows.iter().enumerate() {
            if row.kind == RowKind::Project
                && let Some(code) = &row.code
                && !tree.has_code_row(r)
            {
                by_code.entry(code).or_default().push(u32::try_from(r).unwrap_or(u32::MAX));
            }
        }
        Self {
            table,
            base,
            columns,
            standard,
            filled,
            negative,
            half_step,
            page_steps,
            totals,
            tree,
            by_code,
            by_project,
        }
    }

    /// Whether the table was found in the document with a readable grid.
    pub(crate) fn is_printed(&self) -> bool {
        matches!(self.table.status, Status::Filled | Status::DeclaredEmpty)
    }

    /// The column with this id, or (in `'`) with this last header.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        if let Some(header) = extra_header(name) {
            let mut extra = self.columns.iter().enumerate().skip(self.standard);
            return extra.find(|(_, path)| path.rsplit('/').next() == Some(header)).map(|(i, _)| i);
        }
        position(self.columns.get(..self.standard).unwrap_or_default(), name)
    }

    /// Whether the column can be taken as printed: it has an amount, or the whole table has none.
    pub(crate) fn is_column_printed(&self, column: usize) -> bool {
        self.filled.get(column).copied().unwrap_or(false) || self.table.status == Status::DeclaredEmpty
    }

    /// Half a display step of what a row prints.
    pub(crate) fn half_step_of(&self, row: usize) -> Decimal {
        let page = self.table.rows.get(row).map(|r| r.page);
        page.and_then(|p| self.page_steps.get(&p)).copied().unwrap_or(self.half_step)
    }

    pub(crate) fn has_extra(&self) -> bool {
        self.columns.len() > self.standard
    }

    pub(crate) fn cell(&self, row: usize, column: usize) -> Cell {
        self.base + Cell::try_from(row * self.columns.len() + column).unwrap_or(0)
    }

    /// Rows with this code: code rows, or project rows where their block has no row of the code.
    pub(crate) fn rows_of_code(&self, code: &str) -> &[u32] {
        self.by_code.get(code).map_or(&[], |rows| rows.as_slice())
    }

    /// Rows of a project, by the key of its name.
    pub(crate) fn rows_of_project(&self, key: &str) -> &[u32] {
        self.by_project.get(key).map_or(&[], |rows| rows.as_slice())
    }

    pub(crate) fn codes(&self) -> impl Iterator<Item = &'d str> {
        self.by_code.keys().copied()
    }

    pub(crate) fn projects(&self) -> impl Iterator<Item = &str> {
        self.by_project.keys().map(String::as_str)
    }

    /// Rows with a fixed line item.
    pub(crate) fn rows_of_item(&self, side: Option<Side>, item: &str) -> Rows {
        let wanted = match self.table.number {
            1 | 4 => Some(side.unwrap_or(Side::Revenue)),
            _ => None,
        };
        self.rows_where(|row| row.item == Some(item) && (wanted.is_none() || row.side == wanted))
    }

    pub(crate) fn rows_where(&self, accept: impl Fn(&crate::document::Row) -> bool) -> Rows {
        let rows = self.table.rows.iter().enumerate().filter(|(_, row)| accept(row));
        rows.map(|(i, _)| u32::try_from(i).unwrap_or(u32::MAX)).collect()
    }
}

fn position(columns: &[&str], name: &str) -> Option<usize> {
    columns.iter().position(|c| *c == name)
}

/// Half a display step of a table: of the finest scale that at least a tenth of its non-zero amounts has.
/// Spreadsheets drop trailing zeros (`43`, `43.5`), so that the finest scale counts; one odd amount does not.
fn half_step<'v>(amounts: impl Iterator<Item = &'v Decimal>) -> Decimal {
    let mut by_scale = [0u32; 29];
    let mut all = 0u32;
    for amount in amounts.filter(|a| !a.is_zero()) {
        all += 1;
        if let Some(count) = by_scale.get_mut(amount.scale() as usize) {
            *count += 1;
        }
    }
    let mut finer = 0;
    let mut scale = 0;
    for (s, count) in by_scale.iter().enumerate().rev() {
        finer += count;
        if finer * 10 >= all && finer > 0 {
            scale = s;
            break;
        }
    }
    u32::try_from(scale + 1)
        .ok()
        .and_then(|s| Decimal::try_from_i128_with_scale(5, s).ok())
        .unwrap_or(Decimal::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(amounts: &[(i64, u32)]) -> Decimal {
        let amounts: Vec<Decimal> = amounts.iter().map(|&(m, s)| Decimal::new(m, s)).collect();
        half_step(amounts.iter())
    }

    #[test]
    fn the_display_step_is_that_of_the_table() {
        assert_eq!(step(&[(4300, 2), (0, 0), (1234, 2)]), Decimal::new(5, 3));
        assert_eq!(step(&[(80, 0), (237, 0), (10126, 2)]), Decimal::new(5, 3));
        assert_eq!(step(&[(80, 0), (237, 0)]), Decimal::new(5, 1));
        assert_eq!(step(&[(96_282_213_440_000, 6)]), Decimal::new(5, 7));
    }

    #[test]
    fn one_odd_amount_does_not_set_the_step() {
        let mut amounts = vec![(4300, 2); 30];
        amounts.push((123_456_789, 6));
        assert_eq!(step(&amounts), Decimal::new(5, 3));
    }

    #[test]
    fn zeros_say_nothing_about_the_step() {
        assert_eq!(step(&[(0, 6), (43, 1)]), Decimal::new(5, 2));
    }
}
