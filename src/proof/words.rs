//! Places and words of findings.

use crate::document::{Place, Row, RowKind};
use crate::proof::index::Cell;
use crate::proof::report::Reporter;
use crate::proof::texts;
use rust_decimal::Decimal;

impl Reporter<'_> {
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

/// What names a row: its project, code, item or printed name.
pub(crate) fn row_name(row: &Row) -> String {
    let name = match row.kind {
        RowKind::Project => row.project.as_deref().or(row.name.as_deref()),
        RowKind::Item => row.code.as_deref().or(row.item).or(row.name.as_deref()).or(row.project.as_deref()),
        RowKind::Department | RowKind::Total => row.name.as_deref(),
    };
    name.unwrap_or(match row.kind {
        RowKind::Total => "total",
        _ => "",
    })
    .to_owned()
}

pub(crate) fn signed(value: Decimal) -> String {
    if value > Decimal::ZERO { format!("+{value}") } else { value.to_string() }
}
