#![allow(clippy::unwrap_used)]
use super::*;
use crate::document::{Finding, OtherTable, Severity};
use crate::output::fixture;
use crate::picture::{Sheet, Undrawn};
use crate::proof::{self, Rules};
use regex::Regex;

fn html(document: &Document, rendered: &Rendered, lang: Lang) -> String {
    let marks = Marks::of(document, Rules::built_in(), &[]);
    page(&mut Review { document, marks, rendered, sizes: BTreeMap::new(), index: None, lang })
}

fn full() -> Document {
    let mut document = fixture::full();
    proof::prove(&mut document);
    document
}

#[test]
fn text_of_the_pdf_is_never_markup() {
    let hostile = "</script><img src=x onerror=alert(1)>\"'<!--\u{2028}";
    let mut document = full();
    document.head.department = Some(hostile.into());
    document.source.path = hostile.into();
    for row in document.tables.iter_mut().flat_map(|t| &mut t.rows) {
        row.name = Some(hostile.into());
        for (_, amount) in &mut row.amounts {
            if let Some(amount) = amount {
                amount.text = hostile.into();
            }
        }
    }
    document.tables.iter_mut().for_each(|t| t.title = hostile.into());
    document.other_tables.push(OtherTable {
        title: hostile.into(),
        rows: vec![vec![hostile.into()]],
        ..OtherTable::default()
    });
    document.findings.push(Finding::new(hostile, Severity::Error, hostile));
    let out = html(&document, &Rendered::default(), Lang::En);
    assert!(!out.contains("<img"), "an element of the PDF's text");
    assert!(!out.contains("<!--") && !out.contains('\u{2028}'));
    // the page's own scripts, and no more
    assert_eq!(out.matches("<script").count(), out.matches("</script>").count());
    assert_eq!(out.matches("<script").count(), 3);
    // no attribute but those that we write
    let attributes = Regex::new(r#"\son\w+="#).unwrap();
    let body = out.split("<script").next().unwrap();
    assert!(!attributes.is_match(&body.replace("onerror=alert(1)&gt;", "")));
}

#[test]
fn the_page_forbids_every_script_but_its_own_and_reaches_for_nothing() {
    let out = html(&full(), &Rendered::default(), Lang::Zh);
    assert!(out.contains("default-src 'none'; script-src 'sha256-"));
    let outside = Regex::new(r#"(?:src|href)="(?:https?:)?//"#).unwrap();
    assert!(!outside.is_match(&out));
    assert!(!out.contains("<link") && !out.contains("@import") && !out.contains(" style=\""));
}

#[test]
fn an_amount_has_its_anchor_its_state_and_its_place_in_the_data() {
    let document = full();
    let out = html(&document, &Rendered::default(), Lang::Zh);
    let marks = Marks::of(&document, Rules::built_in(), &[]);
    let mark = marks.all.iter().find(|m| m.table == 3 && m.column == "total").unwrap();
    let cell = format!("class=\"n s-{}\" id=\"{}\" data-c=\"", mark.state.id(), mark.anchor);
    assert!(out.contains(&cell), "{cell}");
    assert!(out.contains(&format!("[\"{}\",{},[", mark.anchor, mark.page)));
}

#[test]
fn pages_that_cannot_be_drawn_say_so_and_the_data_stays() {
    let document = full();
    let rendered = Rendered::nothing(&[1], &Undrawn::TooLong);
    let out = html(&document, &rendered, Lang::En);
    assert!(out.contains("This page could not be drawn: it takes too long."));
    assert!(out.contains("id=\"page-1\"") && out.contains("id=\"t12\""));
    let drawn = Sheet { width: 10.0, height: 20.0, svg: "<svg></svg>".into() };
    let rendered = Rendered::of(BTreeMap::from([(1, Ok(drawn))]), true);
    let out = html(&document, &rendered, Lang::En);
    assert!(out.contains("viewBox=\"0 0 10 20\"") && out.contains("id=\"z1\""));
    assert!(out.contains("does not embed its Chinese fonts"));
}

#[test]
fn an_empty_document_has_a_page_too() {
    let out = html(&fixture::empty(), &Rendered::default(), Lang::En);
    assert!(out.contains("(department not found)") && out.contains("Nothing to report."));
}

#[test]
fn the_index_lists_documents_and_failures_escaped() {
    let mut document = full();
    document.head.department = Some("<b>局".into());
    let entries = [Entry::of(&document, "a.html".into(), Lang::Zh)];
    let failures = [Failure { path: "x<y.pdf".into(), cause: "not a PDF".into() }];
    let out = index(&entries, &failures, Lang::Zh);
    assert!(out.contains("<a href=\"a.html\">&lt;b&gt;局</a>"));
    assert!(out.contains("<b>x&lt;y.pdf</b> not a PDF"));
    assert!(out.contains("1 份文件"));
}
