//! The README's walk-through: a publisher that nobody coded for works from its file alone.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::sync::Arc;
use yusuan::Options;
use yusuan::document::Amount;

/// The layout file that the README shows.
fn walk_through() -> String {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let (_, rest) = text.split_once("```toml\n").unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

/// What the made-up province prints.
fn penglai() -> Vec<u8> {
    let mut page = common::Page::default();
    page.text(200.0, 60.0, "经费开支一览表");
    page.text(60.0, 85.0, "部门：蓬莱县海洋局");
    page.text(480.0, 85.0, "单位：万元");
    page.table(
        100.0,
        &[60.0, 130.0, 300.0, 380.0, 460.0, 540.0],
        &[
            &["编码", "用途", "全年数", "日常", "专项"],
            &["", "合计", "35.50", "30.00", "5.50"],
            &["201", "一般公共服务支出", "35.50", "30.00", "5.50"],
            &["20113", "商贸事务", "35.50", "30.00", "5.50"],
            &["2011301", "行政运行", "30.00", "30.00", ""],
            &["2011399", "其他商贸事务支出", "5.50", "", "5.50"],
        ],
    );
    common::pdf(&[page])
}

#[test]
fn the_walk_throughs_made_up_layout_works_from_its_file_alone() {
    let layout = yusuan::schema::parse_layout("penglai.toml", &walk_through()).unwrap();
    let options = Options { layouts: vec![Arc::new(layout)], ..Options::default() };
    let document = yusuan::extract(&penglai(), &options).unwrap().remove(0);
    assert_eq!(document.head.layout, "penglai");
    let amount = |a: &Option<Amount>| a.as_ref().map_or_else(String::new, |a| a.value.to_string());
    let rows = document.tables[2].rows.iter().map(|row| {
        let amounts: Vec<_> = row.amounts.iter().map(|(_, a)| amount(a)).collect();
        (row.code.as_deref(), amounts.join(" "))
    });
    let expected = [
        (None, "35.50 30.00 5.50"),
        (Some("201"), "35.50 30.00 5.50"),
        (Some("20113"), "35.50 30.00 5.50"),
        (Some("2011301"), "30.00 30.00 "),
        (Some("2011399"), "5.50  5.50"),
    ];
    assert_eq!(rows.collect::<Vec<_>>(), expected.map(|(code, amounts)| (code, amounts.to_owned())));
}

#[test]
fn without_its_layout_the_table_is_kept_as_printed_and_a_finding_says_so() {
    let document = yusuan::extract(&penglai(), &Options::default()).unwrap().remove(0);
    assert_eq!(document.head.layout, "unknown");
    assert_eq!(document.other_tables.len(), 1);
    assert!(document.findings.iter().any(|f| f.rule == "layout.unknown"));
}

/// The whole example of docs/LAYOUTS.md.
fn whole_example() -> String {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/LAYOUTS.md")).unwrap();
    let (_, rest) = text.split_once("```toml\n").unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

/// What the other made-up province prints: no title ends in 表, no header is a usual one.
fn yingzhou() -> Vec<u8> {
    let page = |title: &str, unit: &str, edges: &[f32], rows: &[&[&str]], merged: &[[usize; 4]]| {
        let mut page = common::Page::default();
        page.text(230.0, 60.0, title);
        page.text(460.0, 85.0, &format!("金额单位：{unit}"));
        page.merged(100.0, edges, rows, merged);
        page
    };
    let two_lists: &[&[&str]] = &[
        &["来路", "", "去路", ""],
        &["款目", "年度数", "款目", "年度数"],
        &["一、财政给的钱", "1,034,500.00", "一、农林水支出", "1,134,500.00"],
        &["二、自己挣的钱", "100,000.00", "", ""],
        &["来路合计", "1,134,500.00", "去路合计", "1,134,500.00"],
    ];
    let sources: &[&[&str]] = &[
        &["出处", "年度数", "说明"],
        &["全部", "1,134,500.00", ""],
        &["财政给的钱", "1,034,500.00", "县级"],
        &["自己挣的钱", "100,000.00", ""],
    ];
    let codes: &[&[&str]] = &[
        &["门类号", "", "", "用途", "年度数", "花法", "", "上年"],
        &["大", "中", "小", "", "", "日常", "专项", ""],
        &["", "", "", "全部", "1,134,500.00", "1,000,000.00", "134,500.00", "900,000.00"],
        &["213", "", "", "农林水支出", "1,134,500.00", "1,000,000.00", "134,500.00", "900,000.00"],
        &["213", "01", "", "农业农村", "1,134,500.00", "1,000,000.00", "134,500.00", "900,000.00"],
        &["213", "01", "01", "行政运行", "1,000,000.00", "1,000,000.00", "", "900,000.00"],
        &["213", "01", "48", "渔业发展", "134,500.00", "", "134,500.00", ""],
    ];
    let merged = [[0, 0, 1, 3], [0, 3, 2, 1], [0, 4, 2, 1], [0, 5, 1, 2], [0, 7, 2, 1]];
    let none: &[&[&str]] = &[&["门类号", "用途", "年度数", "专项"], &["", "本年没有这类钱", "", ""]];
    let wide: &[&[&str]] = &[
        &["三项开销", "", "", "", "", ""],
        &["全部", "出国", "接待", "车辆", "", ""],
        &["", "", "", "合并", "买车", "养车"],
        &["8.50", "0.00", "1.50", "7.00", "0.00", "7.00"],
    ];
    let wide_merged = [[0, 0, 1, 6], [1, 0, 2, 1], [1, 1, 2, 1], [1, 2, 2, 1], [1, 3, 1, 3]];
    let narrow = [50.0, 80.0, 110.0, 140.0, 230.0, 310.0, 390.0, 470.0, 550.0];
    common::pdf(&[
        page(
            "资金来去总览",
            "元",
            &[50.0, 180.0, 300.0, 430.0, 550.0],
            two_lists,
            &[[0, 0, 1, 2], [0, 2, 1, 2]],
        ),
        page("钱从何来", "元", &[50.0, 250.0, 400.0, 550.0], sources, &[]),
        page("钱往何处", "元", &narrow, codes, &merged),
        page(
            "吃喝出行开销一览",
            "万元",
            &[50.0, 130.0, 210.0, 290.0, 370.0, 450.0, 540.0],
            wide,
            &wide_merged,
        ),
        page("彩票公益金花销一览", "元", &[50.0, 130.0, 300.0, 420.0, 550.0], none, &[]),
    ])
}

#[test]
fn a_layout_file_describes_a_form_that_shares_no_word_with_the_standard() {
    let layout = yusuan::schema::parse_layout("yingzhou.toml", &whole_example()).unwrap();
    let options = Options { layouts: vec![Arc::new(layout)], ..Options::default() };
    let document = yusuan::extract(&yingzhou(), &options).unwrap().remove(0);
    assert_eq!((document.head.layout.as_str(), document.head.layout_score), ("yingzhou", 100));
    let rows = |number: usize| -> Vec<String> {
        let amount = |a: &Option<Amount>| a.as_ref().map_or_else(|| "-".to_owned(), |a| a.value.to_string());
        let table = &document.tables[number - 1];
        table
            .rows
            .iter()
            .map(|row| {
                let amounts = row.amounts.iter().map(|(_, a)| amount(a));
                let extra = row.extra.iter().map(|(k, a)| format!("{k}={}", a.value));
                let name = row.code.as_deref().or(row.item).or(row.name.as_deref()).unwrap_or_default();
                std::iter::once(name.to_owned()).chain(amounts).chain(extra).collect::<Vec<_>>().join(" ")
            })
            .collect()
    };
    assert_eq!(rows(1)[0], "fiscal_appropriation 103.450000");
    assert_eq!(rows(2).len(), 1);
    assert_eq!(rows(3)[4], "2130148 13.450000 - 13.450000");
    assert_eq!(rows(3)[1], "213 113.450000 100.000000 13.450000 上年=90.000000");
    assert_eq!(rows(8), Vec::<String>::new());
    assert_eq!(document.tables[7].notes, ["本年没有这类钱"]);
    assert_eq!(rows(10)[2], "vehicles 7.00");
    assert!(document.findings.iter().all(|f| f.severity != yusuan::document::Severity::Error));
}

#[test]
fn a_column_that_the_layout_calls_extra_is_none_of_the_standards() {
    let text = whole_example().replace("basic = [\"日常\"]", "basic = [\"日常\"]\nextra = [\"花法/日常\"]");
    let layout = yusuan::schema::parse_layout("yingzhou.toml", &text).unwrap();
    let options = Options { layouts: vec![Arc::new(layout)], ..Options::default() };
    let document = yusuan::extract(&yingzhou(), &options).unwrap().remove(0);
    let total = &document.tables[2].rows[0];
    assert!(total.amounts.iter().all(|(column, amount)| *column != "basic" || amount.is_none()));
    assert!(total.extra.iter().any(|(k, a)| k == "花法/日常" && a.value.to_string() == "100.000000"));
}
