//! A document → its row on 总览, and its row on 三公.

use super::sheet::{Book, Cell, Column, Value};
use super::{Context, kind, scope, width};
use crate::document::{Amount, Document, Outcome, Row, RowKind, Severity, Side, Status};
use std::io;

/// The total row of a table (of a side, in tables 1 and 4) and its amount in a column.
fn total<'d>(d: &'d Document, table: u8, side: Option<Side>, column: &str) -> Option<(&'d Row, &'d Amount)> {
    let table = d.tables.iter().find(|t| t.number == table)?;
    let mut rows = table.rows.iter().filter(|r| r.kind == RowKind::Total && r.side == side);
    rows.find_map(|row| Some((row, cell(row, column)?)))
}

fn cell<'r>(row: &'r Row, column: &str) -> Option<&'r Amount> {
    row.amounts.iter().find(|(id, _)| *id == column)?.1.as_ref()
}

/// An amount of a table's total, linked to its place.
fn shown<'a>(c: &Context<'a>, table: u8, side: Option<Side>, column: &str) -> Cell<'a> {
    let Some((row, amount)) = total(c.document, table, side, column) else { return Value::Blank.into() };
    let key = super::tables::row_key(row);
    Cell { link: c.review.link(amount.page, table, key, column), ..Cell::amount(Some(amount.value)) }
}

/// The columns of 总览.
pub(super) fn columns() -> Vec<Column> {
    super::columns(&[
        ("部门", width::WHO),
        ("年度", width::WORD),
        ("类型", width::WORD),
        ("范围", width::WORD),
        ("收入总计（万元）", width::AMOUNT),
        ("支出总计（万元）", width::AMOUNT),
        ("财政拨款支出（万元）", width::AMOUNT),
        ("一般公共预算支出（万元）", width::AMOUNT),
        ("其中：基本支出（万元）", width::AMOUNT),
        ("其中：项目支出（万元）", width::AMOUNT),
        ("“三公”经费（万元）", width::AMOUNT),
        ("读取", width::WORD),
        ("印出金额数", width::CODE),
        ("已归位", width::WORD),
        ("读出金额数", width::CODE),
        ("已证实", width::WORD),
        ("核对关系数", width::CODE),
        ("不符", width::WORD),
        ("取整", width::WORD),
        ("错误", width::WORD),
        ("提示", width::WORD),
        ("页数", width::WORD),
        ("文件", width::TEXT),
    ])
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Complete => "完整",
        Outcome::Partial => "部分",
        Outcome::Scan => "扫描件",
        Outcome::Nothing => "无预算表",
    }
}

/// The row of 总览.
pub(super) fn row(c: &Context, book: &mut Book, sheet: usize) -> io::Result<()> {
    let d = c.document;
    let (expenditure, revenue) = (Some(Side::Expenditure), Some(Side::Revenue));
    let n = |n: u32| Cell::integer(Some(n));
    let findings = |s: Severity| Cell::count(d.findings.iter().filter(|f| f.severity == s).count());
    let spent = match total(d, 1, expenditure, "total") {
        Some(_) => shown(c, 1, expenditure, "total"),
        None => shown(c, 3, None, "total"),
    };
    let first = d.tables.iter().find_map(|t| t.pages.first().copied()).unwrap_or(1);
    book.row(
        sheet,
        &[
            Cell::text(Some(c.department)).linked(c.review.link(first, 0, "", "")),
            Cell::integer(d.head.fiscal_year),
            Cell::text(Some(kind(d.head.kind))),
            Cell::text(Some(scope(d.head.scope))),
            shown(c, 1, revenue, "total"),
            spent,
            shown(c, 4, expenditure, "total"),
            shown(c, 5, None, "total"),
            shown(c, 5, None, "basic"),
            shown(c, 5, None, "project"),
            shown(c, 10, None, "total"),
            Cell::text(Some(outcome(d.head.status))),
            n(d.proof.printed),
            n(d.proof.placed),
            n(d.proof.amounts),
            n(d.proof.proved),
            n(d.proof.identities),
            n(d.proof.inconsistent),
            n(d.proof.rounding),
            findings(Severity::Error),
            findings(Severity::Warning),
            n(d.source.pages),
            Cell::text(Some(&d.source.path)),
        ],
    )
}

/// Line items of table 10 in the order of their columns here.
const ITEMS: [&str; 5] =
    ["overseas_travel", "reception", "vehicles", "vehicles.purchase", "vehicles.operation"];
/// Number of table 10, and the section of the text about the same.
const TABLE: u8 = 10;
const SECTION: &str = "three_public";

/// The columns of 三公.
pub(super) fn three_public_columns() -> Vec<Column> {
    super::columns(&[
        ("部门", width::WHO),
        ("年度", width::WORD),
        ("类型", width::WORD),
        ("范围", width::WORD),
        ("合计（万元）", width::AMOUNT),
        ("因公出国（境）费用（万元）", width::AMOUNT),
        ("公务接待费（万元）", width::AMOUNT),
        ("公务用车购置及运行维护费（万元）", width::AMOUNT),
        ("其中：公务用车购置（万元）", width::AMOUNT),
        ("其中：公务用车运行维护费（万元）", width::AMOUNT),
        ("出处", width::WORD),
        ("页", width::WORD),
        ("文件", width::TEXT),
    ])
}

/// The row of 三公: of table 10, or of the text where the table has no amount.
pub(super) fn three_public(c: &Context, book: &mut Book, sheet: usize) -> io::Result<()> {
    let d = c.document;
    let table = d.tables.iter().find(|t| t.number == TABLE);
    let rows = || table.into_iter().flat_map(|t| &t.rows);
    let printed =
        |item: &str| rows().filter(|r| r.item == Some(item)).find_map(|r| Some((r, cell(r, "total")?)));
    let told = |item: &str| {
        let figures = d.narrative.figures.iter().filter(|f| f.section.as_deref() == Some(SECTION));
        figures.filter(|f| f.item.as_deref() == Some(item)).find(|f| f.amount.is_some())
    };
    let in_table = table.is_some_and(|t| t.status == Status::Filled);
    let in_text = !in_table && told("total").is_some();
    let mut page = table.and_then(|t| t.pages.first().copied());
    let mut cells = vec![
        Cell::text(Some(c.department)),
        Cell::integer(d.head.fiscal_year),
        Cell::text(Some(kind(d.head.kind))),
        Cell::text(Some(scope(d.head.scope))),
    ];
    if in_text {
        page = told("total").map(|f| f.source.page);
        cells.extend(
            ["total"].iter().chain(&ITEMS).map(|item| Cell::amount(told(item).and_then(|f| f.amount))),
        );
    } else {
        cells.push(shown(c, TABLE, None, "total"));
        cells.extend(ITEMS.iter().map(|item| match printed(item) {
            Some((_, a)) => Cell::amount(Some(a.value)).linked(c.review.link(a.page, TABLE, item, "total")),
            None => Value::Blank.into(),
        }));
    }
    let source = match (table.map(|t| t.status), in_text) {
        (_, true) => "文字",
        (Some(Status::Filled), _) => "表10",
        (Some(Status::DeclaredEmpty), _) => "表10（空表）",
        (Some(Status::Unreadable), _) => "表10（未读出）",
        _ => "无",
    };
    cells.extend([Cell::text(Some(source)), Cell::integer(page), Cell::text(Some(&d.source.path))]);
    book.row(sheet, &cells)
}
