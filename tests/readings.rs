//! Where a page leaves open what was printed, the reading whose identities close is taken, and the output says so.
#![allow(clippy::unwrap_used)]

mod common;

use common::Page;
use yusuan::document::{Document, Severity};
use yusuan::{Options, extract};

const EDGES: [f32; 6] = [40.0, 110.0, 260.0, 330.0, 362.0, 394.0];
const HEADER: [&str; 5] = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"];

/// Tables 3 and 5 of one page; in table 5 an amount of 40 points stands across the border between two columns of 32,
/// its middle at `x`.
fn page(x: f32) -> Vec<u8> {
    let mut page = Page::default();
    let rows: [[&str; 5]; 6] = [
        ["201", "一般公共服务支出", "12345.67", "12.67", "12333"],
        ["20113", "商贸事务", "12345.67", "12.67", "12333"],
        ["2011301", "行政运行", "12.67", "12.67", ""],
        ["2011308", "招商引资", "12333.00", "", "12333"],
        ["208", "社会保障和就业支出", "10000.01", "", ""],
        ["合计", "", "22345.68", "", ""],
    ];
    let table = |page: &mut Page, top: f32, title: &str| {
        page.text(150.0, top - 24.0, title);
        page.text(330.0, top - 8.0, "单位：万元");
        let mut lines: Vec<&[&str]> = vec![&HEADER];
        lines.extend(rows.iter().map(|row| &row[..]));
        page.table(top, &EDGES, &lines);
    };
    table(&mut page, 100.0, "部门支出总体情况表");
    table(&mut page, 320.0, "一般公共预算支出情况表");
    // the amounts of the last two rows: wider than their column
    for (top, middle) in [(100.0, 346.0), (320.0, x)] {
        page.text(middle - 20.0, top + 5.0 * 20.0 + 14.0, "10000.01");
        page.text(EDGES[4] - 22.0 - 20.0, top + 6.0 * 20.0 + 14.0, "10012.68");
        page.text(EDGES[4] + 4.0, top + 6.0 * 20.0 + 14.0, "12333");
    }
    common::pdf(&[page])
}

fn read(x: f32) -> Document {
    let documents = extract(&page(x), &Options::default()).unwrap();
    documents.into_iter().next().unwrap()
}

fn basic_of_208(d: &Document) -> Option<String> {
    let row = d.tables[4].rows.iter().find(|r| r.code.as_deref() == Some("208")).unwrap();
    let amount = row.amounts.iter().find(|(id, _)| *id == "basic").unwrap().1.as_ref();
    amount.map(|a| a.value.to_string())
}

#[test]
fn an_amount_across_a_border_is_read_as_the_identities_demand() {
    // its middle lies in `project`, but only in `basic` does it close the sums
    let d = read(EDGES[4] + 2.0);
    let chosen: Vec<_> = d.findings.iter().filter(|f| f.rule == "reading.chosen_by_proof").collect();
    assert_eq!(basic_of_208(&d).as_deref(), Some("10000.01"), "{:#?}", d.findings);
    assert_eq!(chosen.len(), 1);
    assert_eq!((chosen[0].place.table, chosen[0].place.row.as_deref()), (Some(5), Some("208")));
    assert!(chosen[0].message.contains("`project`, taken under `basic`"), "{}", chosen[0].message);
    assert!(d.findings.iter().all(|f| f.severity < Severity::Error), "{:#?}", d.findings);
}

#[test]
fn an_amount_that_stands_in_its_column_is_read_without_asking_the_identities() {
    let d = read(346.0);
    assert_eq!(basic_of_208(&d).as_deref(), Some("10000.01"));
    assert!(d.findings.iter().all(|f| f.rule != "reading.chosen_by_proof"), "{:#?}", d.findings);
}
