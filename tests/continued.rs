//! Quirks of forms that go on over pages, and of rows and blocks that a form prints beside the money.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Page, amounts};
use yusuan::Options;
use yusuan::document::{Document, RowKind, Side, Status};

fn extract(pages: &[Page]) -> Document {
    yusuan::extract(&common::pdf(pages), &Options::default()).unwrap().remove(0)
}

/// A page with a table in 万元.
fn page(title: &str, edges: &[f32], rows: &[&[&str]], merged: &[[usize; 4]]) -> Page {
    common::page(title, "单位：万元", edges, rows, merged)
}

const EDGES: [f32; 7] = [20.0, 50.0, 80.0, 110.0, 300.0, 400.0, 500.0];

#[test]
fn stars_head_the_columns_that_a_row_of_numbers_does_not_number() {
    let rows: &[&[&str]] = &[
        &["收入", "", "支出", ""],
        &["项目", "预算数", "功能分类", "预算数"],
        &["**", "1", "**", "2"],
        &["一般公共预算拨款", "5.00", "教育支出", "5.00"],
        &["收入总计", "5.00", "支出总计", "5.00"],
    ];
    let edges = [40.0, 200.0, 280.0, 440.0, 520.0];
    let document = extract(&[page("部门收支总体情况表", &edges, rows, &[[0, 0, 1, 2], [0, 2, 1, 2]])]);
    let rows: Vec<_> =
        document.tables[0].rows.iter().map(|r| (r.name.as_deref().unwrap(), amounts(r))).collect();
    let row = |name| (name, "5.00".to_owned());
    assert_eq!(rows, [row("一般公共预算拨款"), row("收入总计"), row("教育支出"), row("支出总计")]);
    assert!(document.findings.iter().all(|f| f.rule != "row.unnamed" && f.rule != "row.no_code"));
}

#[test]
fn of_a_header_that_a_page_repeats_only_the_last_row_goes_on() {
    let head: &[&str] = &["科目编码", "", "", "科目名称", "一般公共预算支出", ""];
    let merged = [[0, 0, 1, 3], [0, 3, 2, 1], [0, 4, 1, 2]];
    let first = page(
        "一般公共预算支出情况表",
        &EDGES,
        &[
            head,
            &["类", "款", "项", "", "对家庭的补助", "项目支出"],
            &["205", "", "", "教育支出", "7.00", "3.00"],
            &["205", "02", "", "普通教育", "7.00", "3.00"],
        ],
        &merged,
    );
    let again: &[&str] = &["类", "款", "项", "", "的补助", "支出"];
    let rest: &[&[&str]] =
        &[again, &["205", "02", "01", "学前教育", "7.00", "3.00"], &["", "", "", "合计", "7.00", "3.00"]];
    let mut second = Page::default();
    second.table(40.0, &EDGES, rest);
    let document = extract(&[first, second]);
    let names: Vec<_> = document.tables[4].rows.iter().filter_map(|r| r.name.as_deref()).collect();
    assert_eq!(names, ["教育支出", "普通教育", "学前教育", "合计"]);
    assert_eq!(document.tables[4].rows[2].code.as_deref(), Some("2050201"));
    assert!(document.other_tables.is_empty());
}

#[test]
fn expenditure_printed_a_second_time_by_use_is_kept_apart() {
    let rows: &[&[&str]] = &[
        &["收入", "", "支出", "", "支出（按支出用途）", ""],
        &["项目", "预算数", "项目", "预算数", "项目", "预算数"],
        &["一、一般公共预算拨款收入", "5.00", "一、教育支出", "5.00", "一、基本支出", "4.00"],
        &["", "", "", "", "二、项目支出", "1.00"],
        &["收入总计", "5.00", "支出总计", "5.00", "支出总计", "5.00"],
    ];
    let edges = [20.0, 160.0, 210.0, 330.0, 380.0, 500.0, 560.0];
    let merged = [[0, 0, 1, 2], [0, 2, 1, 2], [0, 4, 1, 2]];
    let document = extract(&[page("部门收支总表", &edges, rows, &merged)]);
    let names: Vec<_> = document.tables[0].rows.iter().filter_map(|r| r.name.as_deref()).collect();
    assert_eq!(names, ["一般公共预算拨款收入", "收入总计", "教育支出", "支出总计"]);
    assert_eq!(document.other_tables.len(), 1);
    assert_eq!(document.other_tables[0].rows.len(), 4);
}

#[test]
fn a_short_last_page_belongs_to_the_department_before_the_next_ones_cover() {
    let text = |lines: &[&str]| {
        let mut page = Page::default();
        for (line, text) in (0u8..).zip(lines) {
            page.text(100.0, 100.0 + 30.0 * f32::from(line), text);
        }
        page
    };
    let table = |title: &str| {
        let rows: &[&[&str]] = &[
            &["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
            &["205", "教育支出", "5.00", "4.00", "1.00"],
        ];
        page(title, &[20.0, 110.0, 300.0, 380.0, 460.0, 540.0], rows, &[])
    };
    let mut pages = Vec::new();
    for (name, date) in [("某县教育局", "2026年3月26日"), ("某县民政局", "2026年3月12日")] {
        pages.push(text(&[&format!("2026年{name}部门预算公开")]));
        let titles = ["部门支出总体情况表", "一般公共预算支出情况表", "政府性基金预算支出情况表"];
        pages.extend(titles.map(table));
        pages.push(text(&["第四部分 名词解释", "一、财政拨款：指由一般公共预算安排的拨款。", name, date]));
    }
    let documents = yusuan::extract(&common::pdf(&pages), &Options::default()).unwrap();
    let heads: Vec<_> = documents.iter().map(|d| d.head.published_on.as_deref()).collect();
    assert_eq!(heads, [Some("2026-03-26"), Some("2026-03-12")]);
}

#[test]
fn projects_with_one_column_of_amounts_are_table_7() {
    let rows: &[&[&str]] = &[
        &["科目编码", "科目名称", "项目名称", "金额"],
        &["205", "教育支出", "", "5.00"],
        &["20502", "普通教育", "", "5.00"],
        &["2050201", "学前教育", "校舍维修", "5.00"],
    ];
    let edges = [20.0, 110.0, 260.0, 420.0, 540.0];
    let document = extract(&[page("一般公共预算项目支出预算表", &edges, rows, &[])]);
    let values: Vec<_> = document.tables[6].rows.iter().map(|r| amounts(r).trim().to_owned()).collect();
    assert_eq!(values, ["5.00", "5.00", "5.00"]);
}

#[test]
fn the_year_may_stand_in_nothing_but_the_note_of_an_empty_table() {
    let rows: &[&[&str]] =
        &[&["科目编码", "科目名称", "合计", "基本支出", "项目支出"], &["", "", "", "", ""]];
    let edges = [20.0, 110.0, 300.0, 380.0, 460.0, 540.0];
    let year = |note: &str| {
        let mut page = page("政府性基金预算支出情况表", &edges, rows, &[]);
        page.text(30.0, 170.0, note);
        extract(&[page]).head.fiscal_year
    };
    assert_eq!(
        year("说明：某局2026年没有使用政府性基金预算拨款安排的支出，政府性基金预算支出情况表为空表。"),
        Some(2026)
    );
    assert_eq!(year("说明：某局2026年没有安排支出，2025年也没有，政府性基金预算支出情况表为空表。"), None);
}

#[test]
fn a_sentence_over_all_columns_of_an_empty_table_is_no_row() {
    let rows: &[&[&str]] = &[
        &["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        &["本部门2026年没有政府性基金预算拨款安排的支出", "", "", "", ""],
    ];
    let edges = [20.0, 110.0, 300.0, 380.0, 460.0, 540.0];
    let document = extract(&[page("政府性基金预算支出情况表", &edges, rows, &[[1, 0, 1, 5]])]);
    assert_eq!(document.tables[7].status, Status::DeclaredEmpty);
    assert!(document.tables[7].rows.is_empty());
}

#[test]
fn a_table_of_which_a_sentence_says_that_it_is_empty_is_not_missing() {
    let mut page = Page::default();
    page.text(200.0, 60.0, "国有资本经营预算支出情况表");
    page.text(60.0, 90.0, "某局2026年没有安排国有资本经营预算支出，国有资本经营预算支出情况表为空表。");
    let table = &extract(&[page]).tables[8];
    assert_eq!(table.status, Status::DeclaredEmpty);
    assert_eq!(table.notes, ["某局2026年没有安排国有资本经营预算支出,国有资本经营预算支出情况表为空表。"]);
}

#[test]
fn a_code_in_square_brackets_may_stand_behind_its_name() {
    let rows: &[&[&str]] = &[
        &["功能分类科目", "合计", "基本支出", "项目支出"],
        &["教育支出[205]", "5.00", "4.00", "1.00"],
        &["普通教育[20502]", "5.00", "4.00", "1.00"],
    ];
    let document = extract(&[page("部门支出总体情况表", &[20.0, 200.0, 300.0, 400.0, 500.0], rows, &[])]);
    let codes: Vec<_> =
        document.tables[2].rows.iter().map(|r| (r.code.as_deref(), r.name.as_deref())).collect();
    assert_eq!(codes, [(Some("205"), Some("教育支出")), (Some("20502"), Some("普通教育"))]);
}

#[test]
fn a_body_without_those_below_it_is_a_department() {
    let rows: &[&[&str]] = &[
        &["科目编码", "单位名称（科目）", "合计", "基本支出", "项目支出"],
        &["", "某市教育局", "9.00", "8.00", "1.00"],
        &["", "某市教育局本级", "9.00", "8.00", "1.00"],
        &["2050101", "行政运行", "9.00", "8.00", "1.00"],
    ];
    let edges = [20.0, 110.0, 300.0, 380.0, 460.0, 540.0];
    let kinds: Vec<_> = extract(&[page("部门支出总体情况表", &edges, rows, &[])]).tables[2]
        .rows
        .iter()
        .map(|r| r.kind)
        .collect();
    assert_eq!(kinds, [RowKind::Department, RowKind::Department, RowKind::Item]);
}

#[test]
fn two_lists_one_below_the_other_are_two_sides() {
    let rows: &[&[&str]] = &[
        &["项目", "预算数"],
        &["一、收入部分", ""],
        &["一、本年收入", "5.00"],
        &["1．一般公共预算拨款", "5.00"],
        &["二、上年结转结余", ""],
        &["收入总计", "5.00"],
        &["二、支出部分", ""],
        &["205教育支出", "2.00"],
        &["208社会保障和就业支出", "3.00"],
        &["支出总计", "5.00"],
    ];
    let document = extract(&[page("部门收支总体情况表", &[40.0, 300.0, 400.0], rows, &[])]);
    let rows: Vec<_> = document.tables[0]
        .rows
        .iter()
        .map(|r| (r.side.unwrap(), r.code.as_deref(), r.name.as_deref().unwrap(), amounts(r)))
        .collect();
    let row = |side, code, name, amount: &str| (side, code, name, amount.to_owned());
    assert_eq!(
        rows,
        [
            row(Side::Revenue, None, "本年收入", "5.00"),
            row(Side::Revenue, None, "一般公共预算拨款", "5.00"),
            row(Side::Revenue, None, "上年结转结余", ""),
            row(Side::Revenue, None, "收入总计", "5.00"),
            row(Side::Expenditure, Some("205"), "教育支出", "2.00"),
            row(Side::Expenditure, Some("208"), "社会保障和就业支出", "3.00"),
            row(Side::Expenditure, None, "支出总计", "5.00"),
        ]
    );
    assert!(document.findings.iter().all(|f| f.rule != "table.columns"));
}
