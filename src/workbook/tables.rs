//! A standard table → its rows on its sheet, and what it prints beside the standard's columns on 表外列.

use super::sheet::{Book, Cell, Column, Mark, Value};
use super::{Context, column, width};
use crate::dataset::is_about;
use crate::document::{Amount, Finding, Row, RowKind, Severity, Side, Table};
use crate::schema::TableDef;
use std::fmt::Write as _;
use std::io;

/// The sheet's name: `表5 一般公共预算支出情况表`.
pub(super) fn sheet_name(table: &TableDef) -> String {
    /// Letters of a sheet's name.
    const MAX: usize = 31;
    let title = table.title.chars().filter(|c| !r"[]:*?/\'".contains(*c));
    format!("表{} ", table.number).chars().chain(title).take(MAX).collect()
}

const WHICH_ROW: [(&str, f64); 8] = [
    ("部门", width::WHO),
    ("年度", width::WORD),
    ("所列单位", width::WHO),
    ("行", width::WORD),
    ("收支", width::WORD),
    ("编码", width::CODE),
    ("名称", width::NAME),
    ("项目", width::NAME),
];
const WHERE: [(&str, f64); 2] = [("页", width::WORD), ("文件", width::TEXT)];

/// The columns of a table's sheet.
pub(super) fn columns(table: &TableDef) -> Vec<Column> {
    let amounts = table.headings.iter().map(|zh| column(&format!("{zh}（万元）"), width::AMOUNT));
    super::columns(&WHICH_ROW).into_iter().chain(amounts).chain(super::columns(&WHERE)).collect()
}

/// The columns of 表外列: one row for each amount.
pub(super) fn extra_columns() -> Vec<Column> {
    let own = [("表", width::WORD), ("列", width::NAME), ("金额（万元）", width::AMOUNT)];
    super::columns(&WHICH_ROW).into_iter().chain(super::columns(&own)).chain(super::columns(&WHERE)).collect()
}

fn kind(kind: RowKind) -> &'static str {
    match kind {
        RowKind::Item => "科目",
        RowKind::Project => "项目",
        RowKind::Department => "单位",
        RowKind::Total => "合计",
    }
}

pub(super) fn side(side: Side) -> &'static str {
    match side {
        Side::Revenue => "收入",
        Side::Expenditure => "支出",
    }
}

/// What names a row in a link: its line item or code, `total` for a total row.
pub(super) fn row_key(row: &Row) -> &str {
    match row.kind {
        RowKind::Total => "total",
        RowKind::Item => row.item.or(row.code.as_deref()).unwrap_or_default(),
        _ => "",
    }
}

/// Writes a table's rows.
pub(super) fn rows(
    c: &Context,
    table: &Table,
    book: &mut Book,
    sheet: usize,
    extra: usize,
) -> io::Result<()> {
    let d = c.document;
    let findings: Vec<&Finding> =
        d.findings.iter().filter(|f| f.place.table == Some(table.number) && f.place.row.is_some()).collect();
    let mut unit = None;
    for row in &table.rows {
        if row.kind == RowKind::Department {
            unit = row.name.as_deref();
        }
        let which = [
            Cell::text(Some(c.department)),
            Cell::integer(d.head.fiscal_year),
            Cell::text(unit),
            Cell::text(Some(kind(row.kind))),
            Cell::text(row.side.map(side)),
            Cell::text(row.code.as_deref()),
            Cell::text(row.name.as_deref()),
            Cell::text(row.project.as_deref()),
        ];
        let place = Place { context: c, table, row, findings: &findings };
        let whereabouts = [
            Cell::integer(Some(row.page)).linked(c.review.link(
                row.page,
                table.number,
                row_key(row),
                "total",
            )),
            Cell::text(Some(&d.source.path)),
        ];
        let columns = crate::schema::table(table.number).map_or(&[][..], |t| &t.columns);
        let amounts = columns.iter().map(|(id, _)| {
            let printed = row.amounts.iter().find(|(column, _)| column == id);
            printed.and_then(|(_, a)| a.as_ref()).map_or_else(|| place.blank(id), |a| place.cell(id, a))
        });
        let cells: Vec<Cell> =
            which.iter().cloned().chain(amounts).chain(whereabouts.iter().cloned()).collect();
        book.row(sheet, &cells)?;
        for (path, amount) in &row.extra {
            let own = [Cell::integer(Some(table.number)), Cell::text(Some(path)), place.cell(path, amount)];
            let cells: Vec<Cell> =
                which.iter().cloned().chain(own).chain(whereabouts.iter().cloned()).collect();
            book.row(extra, &cells)?;
        }
    }
    Ok(())
}

/// A row and what is known about it.
struct Place<'a> {
    context: &'a Context<'a>,
    table: &'a Table,
    row: &'a Row,
    findings: &'a [&'a Finding],
}

impl<'a> Place<'a> {
    fn cell(&self, column: &str, amount: &'a Amount) -> Cell<'a> {
        let about: Vec<&Finding> = self.about(column).collect();
        let mark = about.iter().map(|f| mark(f)).max().unwrap_or_default();
        let unseen = if amount.second == Some(false) { Mark::Doubtful } else { Mark::Plain };
        let mark = mark.max(unseen);
        let note = (self.context.notes || mark != Mark::Plain).then(|| self.note(amount, &about));
        let link = self.context.review.link(amount.page, self.table.number, row_key(self.row), column);
        Cell { mark, note, link, ..Cell::amount(Some(amount.value)) }
    }

    /// A blank cell, which may be what a finding is about.
    fn blank(&self, column: &str) -> Cell<'a> {
        let about: Vec<&Finding> = self.about(column).filter(|f| f.place.column.is_some()).collect();
        let mark = about.iter().map(|f| mark(f)).max().unwrap_or_default();
        let note = (mark != Mark::Plain).then(|| messages(&about).trim_start().to_owned());
        Cell { note, ..Cell::from(Value::Blank).marked(mark) }
    }

    fn about(&self, column: &'a str) -> impl Iterator<Item = &'a Finding> + use<'a, '_> {
        self.findings.iter().copied().filter(move |f| is_about(f, self.row, column))
    }

    fn note(&self, amount: &Amount, about: &[&Finding]) -> String {
        let unit = self.table.source_unit.map_or("", |u| u.as_str());
        let printed = if amount.text.is_empty() { amount.value.to_string() } else { amount.text.clone() };
        let mut note = format!("印作 {printed}（{unit}）\n第{}页\n证实 {} 次", amount.page, amount.proved_by);
        match amount.second {
            Some(true) => note.push_str("\n第二读取器：同"),
            Some(false) => note.push_str("\n第二读取器：未见此数"),
            None => {}
        }
        note.push_str(&messages(about));
        note
    }
}

fn messages(about: &[&Finding]) -> String {
    about.iter().fold(String::new(), |mut text, f| {
        // writing into a text cannot fail
        let _ = write!(text, "\n{}：{}", f.rule, f.message);
        text
    })
}

/// What a finding does to the cell that it is about.
pub(super) fn mark(finding: &Finding) -> Mark {
    match finding.severity {
        Severity::Error => Mark::Broken,
        Severity::Warning => Mark::Doubtful,
        Severity::Info if finding.difference.is_some() => Mark::Doubtful,
        Severity::Info => Mark::Plain,
    }
}
