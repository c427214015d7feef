//! Findings → rows on 核对 (identities with both sides) and on 问题 (everything else, and files that failed).

use super::sheet::{Book, Cell, Column, Value};
use super::tables::mark;
use super::{Context, columns, width};
use crate::dataset::FailedFile;
use crate::document::{Cause, Finding, Severity};
use crate::proof;
use std::collections::BTreeMap;
use std::io;
use std::sync::LazyLock;

/// The columns of 核对.
pub(super) fn check_columns() -> Vec<Column> {
    columns(&[
        ("部门", width::WHO),
        ("年度", width::WORD),
        ("程度", width::WORD),
        ("规则", width::CODE),
        ("含义", width::TEXT),
        ("表", width::WORD),
        ("行", width::NAME),
        ("列", width::NAME),
        ("应为（万元）", width::AMOUNT),
        ("印作（万元）", width::AMOUNT),
        ("差额（万元）", width::AMOUNT),
        ("出在", width::WORD),
        ("说明", width::TEXT),
        ("页", width::WORD),
        ("文件", width::TEXT),
    ])
}

/// The columns of 问题.
pub(super) fn problem_columns() -> Vec<Column> {
    columns(&[
        ("部门", width::WHO),
        ("年度", width::WORD),
        ("程度", width::WORD),
        ("规则", width::CODE),
        ("说明", width::TEXT),
        ("表", width::WORD),
        ("页", width::WORD),
        ("文件", width::TEXT),
    ])
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "错误",
        Severity::Warning => "提示",
        Severity::Info => "说明",
    }
}

fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Source => "原文",
        Cause::Extraction => "读取",
        Cause::Undecided => "未定",
    }
}

/// What each rule means, in Chinese.
fn meaning(rule: &str) -> Option<&'static str> {
    static ALL: LazyLock<BTreeMap<&str, &str>> =
        LazyLock::new(|| proof::rules().chain(proof::findings()).map(|(id, _, zh)| (id, zh)).collect());
    ALL.get(rule).copied()
}

/// Whether a finding compares two sides.
fn is_check(f: &Finding) -> bool {
    f.expected.is_some() || f.difference.is_some() || (proof::is_own(&f.rule) && f.severity > Severity::Info)
}

/// Writes the findings of a document.
pub(super) fn rows(c: &Context, book: &mut Book, checks: usize, problems: usize) -> io::Result<()> {
    let d = c.document;
    for f in &d.findings {
        let who = [
            Cell::text(Some(c.department)),
            Cell::integer(d.head.fiscal_year),
            Cell::text(Some(severity(f.severity))).marked(mark(f)),
            Cell::text(Some(&f.rule)),
        ];
        let (table, row) = (f.place.table, f.place.row.as_deref());
        let link = f.place.page.and_then(|page| {
            let key = if row.is_some_and(|r| r.contains("合计") || r.contains("总计")) {
                Some("total")
            } else {
                row
            };
            let column = f.place.column.as_deref();
            c.review.link(page, table.unwrap_or(0), key.unwrap_or_default(), column.unwrap_or_default())
        });
        let page = Cell::integer(f.place.page).linked(link);
        let file = Cell::text(Some(&d.source.path));
        if is_check(f) {
            let [department, year, severity, rule] = who;
            let cells = [
                department,
                year,
                severity,
                rule,
                Cell::text(meaning(&f.rule)),
                Cell::integer(table),
                Cell::text(row),
                Cell::text(f.place.column.as_deref()),
                Cell::amount(f.expected),
                Cell::amount(f.actual),
                Cell::amount(f.difference),
                Cell::text(f.cause.map(cause)),
                Cell::text(Some(&f.message)),
                page,
                file,
            ];
            book.row(checks, &cells)?;
        } else {
            let rest = [Cell::text(Some(&f.message)), Cell::integer(table), page, file];
            book.row(problems, &who.into_iter().chain(rest).collect::<Vec<_>>())?;
        }
    }
    Ok(())
}

/// A document that was there before.
pub(super) fn duplicate(c: &Context, book: &mut Book, problems: usize) -> io::Result<()> {
    let d = c.document;
    let cells = [
        Cell::text(Some(c.department)),
        Cell::integer(d.head.fiscal_year),
        Cell::text(Some(severity(Severity::Info))),
        Cell::text(Some("duplicate")),
        Cell::text(Some("与前面的一个文件内容相同，不再计入")),
        Value::Blank.into(),
        Value::Blank.into(),
        Cell::text(Some(&d.source.path)),
    ];
    book.row(problems, &cells)
}

/// An input that gave nothing.
pub(super) fn failed(file: &FailedFile, book: &mut Book, problems: usize) -> io::Result<()> {
    let cells = [
        Value::Blank.into(),
        Value::Blank.into(),
        Cell::text(Some(severity(Severity::Error))).marked(super::sheet::Mark::Broken),
        Cell::text(Some("failed")),
        Cell::text(Some(&file.error)),
        Value::Blank.into(),
        Value::Blank.into(),
        Cell::text(Some(&file.path)),
    ];
    book.row(problems, &cells)
}
