//! A document → a few lines for a person who wants to see at a glance what was read.

use super::screen::{BAD, BOLD, DIM, GOOD, WARN};
use crate::batch::summary;
use crate::batch::{Input, Report};
use crate::document::{Document, Kind, RowKind, Scope, Severity, Status, Table};
use crate::output::printable::printable;
use anstyle::Style;
use rust_decimal::Decimal;
use std::io::Write;

/// What the marks in the cards mean; printed once, below the last card.
pub(super) const LEGEND: &str =
    "rows of each table; 空 declared empty, – not in the document, ! found but unreadable";

/// Writes a card for each document, each followed by an empty line.
pub(super) fn cards(input: &Input, documents: &[Document], out: &mut Vec<u8>) {
    for d in documents {
        // writing into a Vec cannot fail
        let _ = card(input, d, out);
    }
}

fn card(input: &Input, d: &Document, out: &mut Vec<u8>) -> std::io::Result<()> {
    let department = d.head.department.as_deref().unwrap_or("(department not found)");
    let year = d.head.fiscal_year.map_or("year not found".to_owned(), |y| y.to_string());
    writeln!(out, "{BOLD}{}{BOLD:#}  {year} {}", printable(department), kind(d))?;
    write!(out, "  {DIM}{}", printable(&input.label()))?;
    if d.source.parts > 1 {
        write!(out, ", part {} of {}", d.source.part, d.source.parts)?;
    }
    let layout = if d.head.layout.is_empty() { "unknown" } else { &d.head.layout };
    write!(out, " · {}", summary::count(u64::from(d.source.pages), "page"))?;
    writeln!(out, " · layout {}{DIM:#}", printable(layout))?;
    write!(out, "  ")?;
    if let Some(total) = total(d) {
        write!(out, "{BOLD}{total} 万元{BOLD:#} · ")?;
    }
    let report = Report::of(std::slice::from_ref(d));
    let coverage = [report.coverage.printed, report.coverage.placed].map(u64::from);
    write!(out, "{}", summary::placed(coverage))?;
    write!(out, "{} · ", summary::amounts(u64::from(report.amounts), report.proved.map(u64::from)))?;
    let style = match d.findings.iter().map(|f| f.severity).max() {
        Some(Severity::Error) => BAD,
        Some(Severity::Warning) => WARN,
        _ => GOOD,
    };
    writeln!(out, "{style}{}{style:#}", summary::findings(report.findings.map(u64::from)))?;
    write!(out, "  {DIM}table")?;
    for t in &d.tables {
        write!(out, "{:>4}", t.number)?;
    }
    write!(out, "{DIM:#}\n  {DIM}rows{DIM:#} ")?;
    for t in &d.tables {
        let (style, mark) = mark(t);
        // 空 is two columns wide, which padding does not know
        let width = if mark == "空" { 3 } else { 4 };
        write!(out, "{style}{mark:>width$}{style:#}")?;
    }
    writeln!(out, "\n")
}

fn mark(t: &Table) -> (Style, String) {
    match t.status {
        Status::Filled => (GOOD, t.rows.len().to_string()),
        Status::DeclaredEmpty => (DIM, "空".to_owned()),
        Status::Missing => (DIM, "–".to_owned()),
        Status::Unreadable => (BAD, "!".to_owned()),
    }
}

fn kind(d: &Document) -> &'static str {
    match (d.head.scope, d.head.kind) {
        (Scope::Department, Kind::Budget) => "部门预算",
        (Scope::Department, Kind::FinalAccount) => "部门决算",
        (Scope::Unit, Kind::Budget) => "单位预算",
        (Scope::Unit, Kind::FinalAccount) => "单位决算",
    }
}

/// The document's grand total: that of the first table which has one.
fn total(d: &Document) -> Option<Decimal> {
    [1, 3, 2, 4].into_iter().find_map(|number| {
        let table = d.tables.iter().find(|t| t.number == number)?;
        let rows = table.rows.iter().filter(|r| r.kind == RowKind::Total);
        rows.flat_map(|r| &r.amounts).find(|(column, _)| *column == "total")?.1.as_ref().map(|a| a.value)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::batch::Origin;
    use crate::output::fixture;

    fn plain(d: Document) -> String {
        let input = Input { origin: Origin::File("in/a\u{1b}.pdf".into()), output: "a.json".into() };
        let mut out = Vec::new();
        cards(&input, &[d], &mut out);
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    #[test]
    fn a_card_shows_who_when_how_much_and_which_tables() {
        assert_eq!(
            plain(fixture::full()),
            "\
克孜勒苏柯尔克孜自治州工业和信息化局  2026 部门预算
  in/a\\u{1b}.pdf, part 1 of 2 · 38 pages · layout xinjiang-2026
  887.32 万元 · 16 of 17 printed amounts placed, 17 amounts, 15 proved (88.2 %) · 1 error, 1 note
  table   1   2   3   4   5   6   7   8   9  10  11  12
  rows    4   1   2   2   1   1   2  空   !   2   1   –

"
        );
    }

    #[test]
    fn a_document_without_anything_has_a_card_too() {
        let out = plain(fixture::empty());
        assert!(out.starts_with("(department not found)  year not found 部门预算\n"));
        assert!(out.contains("\n  0 amounts · no findings\n"));
        assert!(out.contains("rows    –   –   –"));
    }
}
