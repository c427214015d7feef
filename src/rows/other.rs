//! Tables that are none of the twelve: as printed, and as typed rows (code, name, amounts by header path) where their kind
//! is known.

use super::block::{BlockView, push_new};
use super::raw;
use crate::document::{Amount, OtherTable, TypedRow, Unit};
use crate::geometry::Rect;
use crate::normalize::amount::{self, Parsed, to_wan};
use crate::normalize::{code, label, text};
use crate::schema::headers::Holds;
use crate::schema::kinds;
use crate::tables::header::Content;
use crate::tables::join::{Found, Part};
use crate::tables::piece;
use rust_decimal::Decimal;

/// The kind of a block that splits a side of table 1 or 4 a second time.
const BY_PURPOSE: &str = "expenditure_by_purpose";

/// A whole table as printed, every cell once, with the kind that its title tells and, where it does, typed rows.
pub fn as_printed(found: &Found) -> OtherTable {
    let mut table =
        OtherTable { title: found.caption.title.clone().unwrap_or_default(), ..OtherTable::default() };
    if let Some(kind) = found.identity.kind() {
        table.kind = Some(kind.id.as_str());
        table.source_unit = found.caption.unit;
        table.typed_rows = typed(found);
    }
    for part in &found.parts {
        let slots = &part.piece.grid;
        if table.pages.last() != Some(&part.page()) {
            table.pages.push(part.page());
        }
        let from = if part.continues { part.body().start } else { part.piece.rows.start };
        for row in from..part.piece.rows.end {
            let mut last: Option<*const crate::grid::Cell> = None;
            let texts: Vec<String> = (0..slots.grid.columns())
                .map(|column| {
                    let Some(cell) = slots.cell(row, column) else { return String::new() };
                    let repeated = last == Some(std::ptr::from_ref(cell)) || cell.row as usize != row;
                    last = Some(std::ptr::from_ref(cell));
                    if repeated { String::new() } else { text::clean(&cell.text()) }
                })
                .collect();
            if texts.iter().any(|t| !t.is_empty()) {
                table.rows.push(texts);
            }
        }
    }
    table
}

/// A block of a mapped table that is kept as printed.
pub(super) fn block(view: &BlockView, raw_rows: &[raw::RawRow]) -> OtherTable {
    let mut table = OtherTable { kind: kinds::id(BY_PURPOSE), ..OtherTable::default() };
    let headers: Vec<String> =
        view.columns().iter().map(|(_, c)| c.path.texts.last().cloned().unwrap_or_default()).collect();
    if let Some((_, first)) = view.columns().first() {
        let bands = first.path.texts.len().saturating_sub(1);
        table.title = first.path.texts[..bands].join("/");
    }
    table.rows.push(headers);
    for raw in raw_rows {
        table.typed_rows.extend(block_row(view, raw));
        let texts: Vec<String> = view.columns().iter().map(|(i, _)| text::clean(raw.text(*i))).collect();
        if texts.iter().any(|t| !t.is_empty()) {
            table.rows.push(texts);
            if table.pages.last() != Some(&raw.page) {
                table.pages.push(raw.page);
            }
        }
    }
    table
}

/// A row of such a block.
fn block_row(view: &BlockView, raw: &raw::RawRow) -> Option<TypedRow> {
    let mut row = TypedRow { page: raw.page, bbox: raw.bbox, ..TypedRow::default() };
    let mut names: Vec<&str> = Vec::new();
    for (index, column) in view.columns() {
        match raw::cell_amount(raw, *index) {
            Some(found) => push_new(&mut row.amounts, column.path.join(), found),
            None => names.push(raw.text(*index)),
        }
    }
    name(&mut row, &names);
    (!row.amounts.is_empty()).then_some(row)
}

/// Code and name out of the texts beside the amounts.
fn name(row: &mut TypedRow, texts: &[&str]) {
    let schemes = [code::Scheme::Functional, code::Scheme::Economic];
    let mut names: Vec<String> = Vec::new();
    for text in texts.iter().map(|t| t.trim()).filter(|t| !t.is_empty()) {
        let found = schemes.into_iter().find_map(|scheme| code::parse_code(text, scheme));
        match found.filter(|_| row.code.is_none()) {
            Some(found) => {
                row.code = Some(found.code);
                names.push(found.name);
            }
            None => names.push(label::label(text).name),
        }
    }
    names.retain(|n| !n.is_empty());
    row.name = (!names.is_empty()).then(|| names.join(" "));
}

/// Rows with amounts of a table whose columns nobody declared: what its headers and its body tell.
fn typed(found: &Found) -> Vec<TypedRow> {
    let mut rows = Vec::new();
    for part in &found.parts {
        for at in part.body() {
            let mut row = TypedRow {
                page: part.page(),
                bbox: piece::rows_bbox(&part.piece.grid, at),
                ..TypedRow::default()
            };
            let mut texts: Vec<String> = Vec::new();
            for cell in cells(found, part, at) {
                match cell.amount {
                    Some(amount) => push_new(&mut row.amounts, cell.header, amount),
                    None => texts.push(cell.text),
                }
            }
            name(&mut row, &texts.iter().map(String::as_str).collect::<Vec<_>>());
            if !row.amounts.is_empty() {
                rows.push(row);
            }
        }
    }
    rows
}

/// A filled cell of a body row.
pub(super) struct BodyCell {
    header: String,
    text: String,
    /// The amount that it holds, as printed; `None` for texts, codes and numbers of rows.
    pub(super) amount: Option<Amount>,
}

/// The filled cells that begin in a body row of a table whose columns nobody declared.
pub(super) fn cells<'p>(found: &'p Found, part: &'p Part, row: usize) -> impl Iterator<Item = BodyCell> + 'p {
    let slots = &part.piece.grid;
    (0..part.columns.len()).filter_map(move |column| {
        let &grid_column = part.columns.get(column)?.first()?;
        let cell = slots.cell(row, grid_column).filter(|c| !c.is_blank())?;
        if cell.row as usize != row || cell.column as usize != grid_column {
            return None;
        }
        let path = found.header.paths.get(column);
        let printed = cell.text();
        let holds = path.map(|p| &p.holds);
        let counts = matches!(holds, Some(Holds::Text | Holds::Counter));
        let content = found.header.content(column);
        let amount = match amount::parse(&printed) {
            Parsed::Value(value) if !counts && is_money(&printed, content) => Some(value),
            Parsed::Dash if content == Content::Amounts => Some(Decimal::ZERO),
            _ => None,
        };
        let (page, bbox) = slots
            .grid
            .placed(grid_column, Rect::hull(cell.lines.iter().map(|l| l.bbox)).unwrap_or(cell.bbox));
        let amount = amount.map(|value| Amount {
            value,
            text: printed.trim().to_owned(),
            page,
            bbox,
            ..Amount::default()
        });
        let header = path.map_or_else(String::new, |p| p.join());
        Some(BodyCell { header, text: text::clean(&printed), amount })
    })
}

/// Whether a number is money and no code, year or count: it has decimals or groups, or stands in a column of amounts.
fn is_money(printed: &str, content: Content) -> bool {
    content == Content::Amounts || printed.contains(['.', ',', '，', '．'])
}

/// Amounts as printed → 万元. Without a unit of its own a table is read in the document's.
pub fn convert(table: &mut OtherTable, document: Unit) {
    if table.kind.is_none() {
        return;
    }
    let unit = *table.source_unit.get_or_insert(document);
    for (_, amount) in table.typed_rows.iter_mut().flat_map(|r| &mut r.amounts) {
        amount.value = to_wan(amount.value, unit).unwrap_or(amount.value);
    }
}
