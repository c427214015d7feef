//! A document → a few lines for a person who wants to see at a glance what was read.

use super::screen::{BAD, BOLD, DIM, GOOD, WARN};
use crate::batch::summary;
use crate::batch::{Input, Report};
use crate::document::{Document, Kind, Outcome, RowKind, Scope, Severity, Status, Table};
use crate::output::printable::printable;
use crate::words::{Lang, count, say, text};
use anstyle::Style;
use rust_decimal::Decimal;
use std::io::Write;

/// Writes a card for each document, each followed by an empty line.
pub(super) fn cards(lang: Lang, input: &Input, documents: &[Document], out: &mut Vec<u8>) {
    for d in documents {
        // writing into a Vec cannot fail
        let _ = card(lang, input, d, out);
    }
}

fn card(lang: Lang, input: &Input, d: &Document, out: &mut Vec<u8>) -> std::io::Result<()> {
    let unknown = say!(lang, "card.no-department");
    let department = d.head.department.as_deref().unwrap_or(&unknown);
    let year = d.head.fiscal_year.map_or_else(|| say!(lang, "card.no-year"), |y| y.to_string());
    writeln!(out, "{BOLD}{}{BOLD:#}  {year} {}", printable(department), kind(d))?;
    write!(out, "  {DIM}{}", printable(&input.label()))?;
    if d.source.parts > 1 {
        write!(out, "{}", say!(lang, "card.part", part = d.source.part, parts = d.source.parts))?;
    }
    let nameless = say!(lang, "card.unknown");
    let layout = if d.head.layout.is_empty() { &nameless } else { &d.head.layout };
    write!(out, " · {}", count(lang, u64::from(d.source.pages), "count.page"))?;
    writeln!(out, " · {}{DIM:#}", say!(lang, "card.layout", layout = printable(layout)))?;
    let report = Report::of(std::slice::from_ref(d));
    write!(out, "  {}", status(lang, &report))?;
    if let Some(total) = total(d) {
        write!(out, "{BOLD}{total} 万元{BOLD:#} · ")?;
    }
    let coverage = [report.coverage.printed, report.coverage.placed].map(u64::from);
    write!(out, "{}", summary::placed(lang, coverage))?;
    let proved = report.proved.map(u64::from);
    write!(out, "{} · ", summary::amounts(lang, u64::from(report.amounts), proved))?;
    let style = match d.findings.iter().map(|f| f.severity).max() {
        Some(Severity::Error) => BAD,
        Some(Severity::Warning) => WARN,
        _ => GOOD,
    };
    writeln!(out, "{style}{}{style:#}", summary::findings(lang, report.findings.map(u64::from)))?;
    write!(out, "  {DIM}{}", say!(lang, "card.table"))?;
    for t in &d.tables {
        write!(out, "{:>4}", t.number)?;
    }
    write!(out, "{DIM:#}\n  {DIM}{}{DIM:#}", say!(lang, "card.rows"))?;
    for t in &d.tables {
        let (style, mark) = mark(t, d.head.status);
        // 空 is two columns wide, which padding does not know
        let width = if mark == "空" { 3 } else { 4 };
        write!(out, "{style}{mark:>width$}{style:#}")?;
    }
    writeln!(out, "\n")
}

/// How far the document was read and whether its numbers agree: `partial · consistent · `.
fn status(lang: Lang, report: &Report) -> String {
    let (style, word) = match report.status {
        Outcome::Complete => (GOOD, "status.complete"),
        Outcome::Partial => (WARN, "status.partial"),
        Outcome::Scan => (BAD, "status.scan"),
        Outcome::Nothing => (BAD, "status.nothing"),
    };
    let word = text(lang, word).unwrap_or_default();
    let mut said = format!("{style}{word}{style:#} · ");
    // without an amount there is nothing to agree
    if report.amounts > 0 {
        let (style, word) = match report.consistent() {
            true => (GOOD, say!(lang, "status.consistent")),
            false => (BAD, say!(lang, "status.contradictory")),
        };
        said.push_str(&format!("{style}{word}{style:#} · "));
    }
    said
}

fn mark(t: &Table, read: Outcome) -> (Style, String) {
    match t.status {
        // what a picture shows is not known
        Status::Missing if read == Outcome::Scan => (BAD, "?".to_owned()),
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
        cards(Lang::En, &input, &[d], &mut out);
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    #[test]
    fn a_card_shows_who_when_how_much_and_which_tables() {
        assert_eq!(
            plain(fixture::full()),
            "\
克孜勒苏柯尔克孜自治州工业和信息化局  2026 部门预算
  in/a\\u{1b}.pdf, part 1 of 2 · 38 pages · layout xinjiang-2026
  partial · not consistent · 887.32 万元 · 16 of 17 printed amounts placed, 17 amounts, 15 proved (88.2 %) · 1 error, 1 note
  table   1   2   3   4   5   6   7   8   9  10  11  12
  rows    4   1   2   2   1   1   2  空   !   2   1   –

"
        );
    }

    #[test]
    fn a_document_without_anything_has_a_card_too() {
        let out = plain(fixture::empty());
        assert!(out.starts_with("(department not found)  year not found 部门预算\n"));
        assert!(out.contains("\n  complete · 0 amounts · no findings\n"));
        assert!(out.contains("rows    –   –   –"));
    }
}
