//! Workbooks read back.
#![allow(clippy::unwrap_used)]

use super::Workbook;
use crate::dataset::FailedFile;
use crate::document::Document;
use crate::output::fixture;
use calamine::{Data, Range, Reader, Xlsx};
use rust_decimal::Decimal;
use std::io::Cursor;
use std::path::Path;

fn book(documents: &[Document]) -> Xlsx<Cursor<Vec<u8>>> {
    let mut book = Workbook::new(Path::new("nowhere"), documents.len()).unwrap();
    book.add(documents).unwrap();
    book.failed(&FailedFile { path: "坏.pdf".into(), error: "not a PDF".into(), ..FailedFile::default() })
        .unwrap();
    Xlsx::new(Cursor::new(book.finish().unwrap().0)).unwrap()
}

fn sheet(book: &mut Xlsx<Cursor<Vec<u8>>>, begins: &str) -> Range<Data> {
    let name = book.sheet_names().into_iter().find(|n| n.split(' ').next() == Some(begins)).unwrap();
    book.worksheet_range(&name).unwrap()
}

/// The sheet's numbers below a heading.
fn numbers(range: &Range<Data>, heading: &str) -> Vec<Option<Decimal>> {
    let is_heading = |c: &Data| matches!(c, Data::String(text) if text == heading);
    let column = range.rows().next().unwrap().iter().position(is_heading).unwrap();
    let number = |c: &Data| match c {
        Data::Float(f) => Some(f.to_string().parse().unwrap()),
        Data::Int(n) => Some(Decimal::from(*n)),
        Data::Empty => None,
        other => panic!("{other:?}"),
    };
    range.rows().skip(1).map(|row| number(&row[column])).collect()
}

#[test]
fn every_amount_of_a_document_stands_in_its_table_s_sheet() {
    let d = fixture::full();
    let mut book = book(std::slice::from_ref(&d));
    for table in &d.tables {
        let range = sheet(&mut book, &format!("表{}", table.number));
        assert_eq!(range.rows().count().saturating_sub(1), table.rows.len(), "table {}", table.number);
        let def = crate::schema::table(table.number).unwrap();
        for ((id, _), zh) in def.columns.iter().zip(&def.headings) {
            let of_row = |row: &crate::document::Row| {
                row.amounts.iter().find(|(c, _)| c == id).and_then(|(_, a)| a.as_ref()).map(|a| a.value)
            };
            let printed: Vec<Option<Decimal>> = table.rows.iter().map(of_row).collect();
            assert_eq!(numbers(&range, &format!("{zh}（万元）")), printed, "table {} {id}", table.number);
        }
    }
}

#[test]
fn findings_failures_and_extra_columns_have_their_sheets() {
    let d = fixture::full();
    let extras = d.tables.iter().flat_map(|t| &t.rows).map(|r| r.extra.len()).sum::<usize>();
    let findings = d.findings.len();
    let mut book = book(&[d.clone(), d]);
    assert_eq!(sheet(&mut book, "表外列").rows().count() - 1, extras);
    let (checks, problems) = (sheet(&mut book, "核对"), sheet(&mut book, "问题"));
    // the same document twice, and the file that failed
    assert_eq!(checks.rows().count() - 1 + problems.rows().count() - 1, findings + 2);
    let last = problems.rows().next_back().unwrap();
    assert_eq!([last[4].to_string(), last[7].to_string()], ["not a PDF", "坏.pdf"]);
    assert_eq!(sheet(&mut book, "总览").rows().count(), 2);
}

#[test]
fn an_amount_with_more_digits_than_a_spreadsheet_keeps_stands_there_as_text() {
    let mut d = fixture::full();
    let long: Decimal = "12345678901234567.89".parse().unwrap();
    let row = d.tables[2].rows.first_mut().unwrap();
    row.amounts.iter_mut().find(|(id, _)| *id == "total").unwrap().1.as_mut().unwrap().value = long;
    let range = sheet(&mut book(&[d]), "表3");
    assert!(range.rows().flatten().any(|c| *c == Data::String("12345678901234567.89".into())));
}

#[test]
fn no_clock_is_in_the_workbook() {
    let mut book = Workbook::new(Path::new("nowhere"), 1).unwrap();
    book.add(&[fixture::full()]).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(book.finish().unwrap().0)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("docProps/core.xml").unwrap(), &mut text).unwrap();
    assert_eq!(text.matches("2000-01-01T00:00:00Z").count(), 2, "{text}");
}
