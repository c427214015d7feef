//! Merged cells over several rows of the body: a code of its projects, a class or a unit of its parts.

use super::raw::{RawRow, is_amount_column};
use crate::grid::Cell;
use crate::normalize::text;
use crate::schema::{Role, RowModel};
use crate::tables::join::Part;
use crate::tables::mapping::{ColumnMap, Mapping};

/// A row that calls itself 小计 beside a merged cell (a unit, a class of expenditure) is that cell's own.
pub(super) fn name_by_group(part: &Part, row: usize, mapping: &Mapping, raw: &mut RawRow) {
    let columns = mapping.columns.as_slice();
    let place = |roles: &[Role]| columns.iter().position(|c| c.role.is_some_and(|r| roles.contains(&r)));
    let names = [Role::Name, Role::CodeName, Role::Project, Role::Department];
    let Some(name) = place(&names) else { return };
    // where sources of money are rows, the names of the standard are those of group and part together
    if mapping.form.blocks.get(columns[name].block).is_some_and(|b| b.rows == RowModel::Sources) {
        return;
    }
    // under one header cell over two columns stand the group and what it is made of
    let within = name + 1;
    let shares = columns.get(within).is_some_and(|c| c.role.is_none() && c.path == columns[name].path);
    if shares && !raw.text(within).trim().is_empty() && merged(part, row, name).is_some() {
        let cell = std::mem::take(&mut raw.cells[within]);
        raw.cells[within].bbox = cell.bbox;
        raw.cells[within].page = cell.page;
        raw.cells[name] = cell;
    }
    let first = place(&[Role::Code, Role::CodeClass]).map_or(name, |code| code.min(name));
    let labels = first..columns.iter().position(is_amount_column).unwrap_or(name).max(name + 1);
    let Some(own) = labels.clone().find(|i| text::key(raw.text(*i)) == "小计") else { return };
    let mut beside = (0..first).rev().filter(|i| columns[*i].role.is_none());
    let group = if shares { merged(part, row, name) } else { beside.find_map(|i| merged(part, row, i)) };
    if let Some(cell) = group
        && labels.clone().all(|i| i == own || raw.text(i).trim().is_empty())
    {
        raw.cells[own].text.clear();
        raw.cells[name].text = cell.text();
        raw.cells[name].bbox = cell.bbox;
    }
}

/// The cell over several rows of the body that covers a column of a row, if it holds anything.
fn merged<'a>(part: &Part<'a>, row: usize, column: usize) -> Option<&'a Cell> {
    let cell = part.piece.grid.cell(row, *part.columns.get(column)?.first()?)?;
    let body = cell.row as usize >= part.body().start && cell.row_span > 1;
    (body && !cell.is_blank()).then_some(cell)
}

/// Whether a cell says of several rows of the body what they belong to: a code, or its name beside projects.
pub(super) fn heads_rows(cell: &Cell, part: &Part, column: &ColumnMap, projects: bool) -> bool {
    if (cell.row as usize) < part.body().start {
        return false;
    }
    match column.role {
        Some(Role::CodeClass | Role::CodeSection | Role::CodeItem | Role::Code) => {
            let printed = text::clean(&cell.text());
            !printed.is_empty() && printed.chars().all(|c| c.is_ascii_digit())
        }
        Some(Role::Name | Role::CodeName) => projects,
        _ => false,
    }
}
