//! Small documents for tests of the proof: rows and tables from literals.
#![allow(dead_code)]
#![allow(clippy::unwrap_used)]

use crate::document::{Amount, Document, Level, Row, RowKind, Side, Status, Table, Unit};
use crate::geometry::Rect;

fn amounts(cells: &[(&'static str, &str)]) -> Vec<(&'static str, Option<Amount>)> {
    cells.iter().map(|(name, text)| (*name, amount(text))).collect()
}

/// An amount; the empty text is a blank cell.
pub(crate) fn amount(text: &str) -> Option<Amount> {
    (!text.is_empty()).then(|| Amount {
        value: text.parse().unwrap(),
        text: text.to_owned(),
        page: 1,
        bbox: Rect::default(),
        proved_by: 0,
        ..Amount::default()
    })
}

pub(crate) fn code(code: &str, cells: &[(&'static str, &str)]) -> Row {
    let level = match code.len() {
        3 => Level::Class,
        5 => Level::Section,
        _ => Level::Item,
    };
    Row { code: Some(code.to_owned()), level: Some(level), amounts: amounts(cells), ..Row::default() }
}

pub(crate) fn class(code_of: &str, cells: &[(&'static str, &str)]) -> Row {
    Row { side: Some(Side::Expenditure), ..code(code_of, cells) }
}

pub(crate) fn item(id: &'static str, side: Option<Side>, cells: &[(&'static str, &str)]) -> Row {
    Row { item: Some(id), side, amounts: amounts(cells), ..Row::default() }
}

pub(crate) fn total(cells: &[(&'static str, &str)]) -> Row {
    Row { kind: RowKind::Total, name: Some("总计".into()), amounts: amounts(cells), ..Row::default() }
}

pub(crate) fn side_total(side: Side, cells: &[(&'static str, &str)]) -> Row {
    Row { side: Some(side), ..total(cells) }
}

pub(crate) fn department(name: &str, cells: &[(&'static str, &str)]) -> Row {
    Row { kind: RowKind::Department, name: Some(name.into()), amounts: amounts(cells), ..Row::default() }
}

pub(crate) fn project(of: Option<&str>, name: &str, cells: &[(&'static str, &str)]) -> Row {
    Row {
        kind: RowKind::Project,
        code: of.map(str::to_owned),
        project: Some(name.into()),
        amounts: amounts(cells),
        ..Row::default()
    }
}

pub(crate) fn table(number: u8, rows: Vec<Row>) -> Table {
    let mut rows = rows;
    for (i, row) in rows.iter_mut().enumerate() {
        row.page = 1;
        #[allow(clippy::cast_precision_loss)]
        let y = 100.0 + 12.0 * i as f32;
        row.bbox = Rect::new(50.0, y, 500.0, y + 12.0);
    }
    Table { number, status: Status::Filled, source_unit: Some(Unit::Wan), rows, ..Table::default() }
}

/// A document with these tables; the others are missing.
pub(crate) fn document(tables: Vec<Table>) -> Document {
    let mut all: Vec<Table> = (1..=12).map(|number| Table { number, ..Table::default() }).collect();
    for table in tables {
        let at = usize::from(table.number) - 1;
        all[at] = table;
    }
    Document { tables: all, ..Document::default() }
}
