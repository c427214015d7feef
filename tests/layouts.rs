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
