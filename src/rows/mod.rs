//! Found tables → typed rows, amounts still in the printed unit (`units` converts them for the whole document).

pub mod block;
pub mod codes;
pub mod coverage;
mod groups;
pub mod items;
pub mod other;
pub mod raw;
pub mod sources;
mod stacked;
pub mod units;

use crate::document::{Finding, OtherTable, Row, RowKind, Severity, Side};
use crate::schema::RowModel;
use crate::tables::join::Found;
use crate::tables::mapping::Mapping;
use block::BlockView;

/// What one found table gives.
#[derive(Debug, Default)]
pub struct Built {
    /// Typed rows in the contract's order.
    pub rows: Vec<Row>,
    /// Blocks that are kept as printed.
    pub others: Vec<OtherTable>,
}

/// Builds the typed rows of a mapped table. `departments` are the names of bodies known so far.
pub fn build(found: &Found, mapping: &Mapping, departments: &[String], findings: &mut Vec<Finding>) -> Built {
    let raw_rows = raw::rows(found, mapping, findings);
    let mut built = Built::default();
    match stacked::lists(mapping, raw_rows) {
        Ok(lists) => {
            for (mapping, raw_rows) in &lists {
                fill(&mut built, found, mapping, raw_rows, departments, findings);
            }
        }
        Err(raw_rows) => fill(&mut built, found, mapping, &raw_rows, departments, findings),
    }
    findings.extend(built.rows.iter().filter_map(|row| cut_name(mapping.number, row)));
    // the revenue list comes first wherever it is printed
    if built.rows.iter().any(|r| r.side.is_some()) {
        built.rows.sort_by_key(|r| r.side == Some(Side::Expenditure));
    }
    built
}

/// Builds the rows of all blocks of a mapping.
fn fill(
    built: &mut Built,
    found: &Found,
    mapping: &Mapping,
    raw_rows: &[raw::RawRow],
    departments: &[String],
    findings: &mut Vec<Finding>,
) {
    // totals that close two lists side by side stand in one printed line, below both
    let mut closing: Vec<Row> = Vec::new();
    let views = BlockView::all(mapping);
    for (index, view) in views.iter().enumerate() {
        let mut rows = match view.block.rows {
            RowModel::Codes => codes::coded(view, raw_rows, findings),
            RowModel::Classes => codes::classes(view, raw_rows, findings),
            RowModel::Projects => codes::projects(view, raw_rows, departments, findings),
            RowModel::Items => items::items(view, raw_rows, findings),
            RowModel::Columns => {
                if raw_rows.iter().filter(|r| !view.is_blank(r)).nth(1).is_some() {
                    built.others.push(other::as_printed(found));
                }
                items::columns(view, raw_rows, findings)
            }
            RowModel::Sources => sources::sources(view, raw_rows, findings),
            RowModel::Other => {
                built.others.push(other::block(view, raw_rows));
                continue;
            }
        };
        let twin = |other: &BlockView| std::ptr::eq(other.block, view.block);
        if views.iter().filter(|v| twin(v)).count() > 1 {
            let items = rows.iter().rposition(|r| r.kind != RowKind::Total).map_or(0, |at| at + 1);
            closing.extend(rows.split_off(items));
            if !views.iter().skip(index + 1).any(twin) {
                rows.append(&mut closing);
            }
        }
        built.rows.extend(rows.into_iter().map(|mut row| {
            row.side = view.block.side;
            row
        }));
    }
}

/// A name that ends within a bracket: its end may be clipped on the page, or went to another row.
fn cut_name(table: u8, row: &Row) -> Option<Finding> {
    let name = row.project.as_deref().or(row.name.as_deref())?;
    let open = name.chars().fold(0i32, |open, c| match c {
        '（' | '(' | '〔' | '《' | '“' => open + 1,
        '）' | ')' | '〕' | '》' | '”' => open - 1,
        _ => open,
    });
    (open > 0).then(|| {
        let message = format!("the name `{name}` ends within a bracket: its end is clipped or was not found");
        let mut finding =
            Finding::new("row.name_cut", Severity::Warning, message).in_table(table).on_page(row.page);
        finding.place.row = Some(row.code.clone().unwrap_or_else(|| name.to_owned()));
        finding
    })
}
