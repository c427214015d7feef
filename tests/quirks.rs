//! Quirks of printed tables through the whole pipeline, one drawn page each.
#![allow(clippy::unwrap_used)]

mod common;

use common::Page;
use yusuan::document::{Document, Outcome, Row, RowKind};
use yusuan::{Options, extract};

fn read(page: Page) -> Document {
    extract(&page.pdf(), &Options::default()).unwrap().remove(0)
}

/// The row's amounts as `id=value`, blanks left out.
fn amounts(row: &Row) -> String {
    let printed = row.amounts.iter().filter_map(|(id, a)| a.as_ref().map(|a| format!("{id}={}", a.value)));
    printed.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_project_tables_codes_may_stand_in_front_of_the_names_only() {
    let mut page = Page::default();
    page.text(200.0, 60.0, "一般公共预算项目支出情况表");
    page.text(480.0, 85.0, "单位：万元");
    page.table(
        100.0,
        &[40.0, 180.0, 320.0, 400.0, 480.0, 560.0],
        &[
            &["科目名称", "项目名称", "项目支出合计", "工资福利支出", "商品和服务支出"],
            &["某县司法局", "", "12.00", "5.00", "7.00"],
            &["204-公共安全支出", "", "12.00", "5.00", "7.00"],
            &["20406-司法", "", "12.00", "5.00", "7.00"],
            &["2040604-基层司法业务", "调解经费", "5.00", "5.00", ""],
            &["2040605-普法宣传", "宣传项目", "7.00", "", "7.00"],
            &["总计", "", "12.00", "5.00", "7.00"],
        ],
    );
    let document = read(page);
    let rows: Vec<_> = document.tables[6].rows.iter().map(|r| (r.kind, r.code.as_deref())).collect();
    let expected = [
        (RowKind::Department, None),
        (RowKind::Item, Some("204")),
        (RowKind::Item, Some("20406")),
        (RowKind::Project, Some("2040604")),
        (RowKind::Project, Some("2040605")),
        (RowKind::Total, None),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn leaves_in_their_order_tell_columns_whose_bands_are_lost() {
    let mut page = Page::default();
    page.text(200.0, 60.0, "上年结转结余情况表");
    page.text(480.0, 85.0, "单位：万元");
    let header = [
        "项目",
        "合计",
        "小计",
        "人员经费",
        "公用经费",
        "项目支出",
        "小计",
        "人员经费",
        "公用经费",
        "项目支出",
    ];
    page.table(
        100.0,
        &[20.0, 90.0, 140.0, 190.0, 240.0, 290.0, 340.0, 390.0, 440.0, 490.0, 540.0],
        &[
            &header,
            &["某工程", "9.00", "5.00", "", "", "5.00", "4.00", "4.00", "", ""],
            &["合计", "9.00", "5.00", "", "", "5.00", "4.00", "4.00", "", ""],
        ],
    );
    let document = read(page);
    let table = &document.tables[11];
    assert_eq!(
        amounts(&table.rows[0]),
        "total=9.00 fiscal_subtotal=5.00 fiscal_project=5.00 non_fiscal_subtotal=4.00 \
         non_fiscal_basic_personnel=4.00"
    );
}

#[test]
fn a_name_that_runs_into_the_next_cell_ends_where_its_amount_begins() {
    let mut page = Page::default();
    page.text(200.0, 60.0, "部门支出总体情况表");
    page.text(480.0, 85.0, "单位：万元");
    page.table(
        100.0,
        &[40.0, 100.0, 220.0, 320.0, 400.0, 480.0],
        &[
            &["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
            &["208", "社会保障和就业支出", "1285.59", "1285.59", ""],
            &["20805", "行政事业单位养老支出", "1285.59", "1285.59", ""],
            &["2080505", "机关事业单位基本养老保险缴费支出", "", "1285.59", ""],
            &["", "总计", "1285.59", "1285.59", ""],
        ],
    );
    // the name ends at x = 264, the amount begins there
    page.text(264.5, 174.0, "1285.59");
    let document = read(page);
    let row = &document.tables[2].rows[2];
    assert_eq!(row.name.as_deref(), Some("机关事业单位基本养老保险缴费支出"));
    assert_eq!(amounts(row), "total=1285.59 basic=1285.59");
}

#[test]
fn a_label_in_a_leading_column_without_a_known_header_is_a_total() {
    let mut page = Page::default();
    page.text(200.0, 60.0, "部门支出总体情况表");
    page.text(480.0, 85.0, "单位：万元");
    page.table(
        100.0,
        &[40.0, 100.0, 220.0, 320.0, 400.0, 480.0],
        &[
            &["甲乙", "科目名称", "合计", "基本支出", "项目支出"],
            &["", "201 一般公共服务支出", "8.00", "8.00", ""],
            &["总计", "", "8.00", "8.00", ""],
        ],
    );
    let document = read(page);
    let last = document.tables[2].rows.last().unwrap();
    assert_eq!((last.kind, last.name.as_deref()), (RowKind::Total, Some("总计")));
}

#[test]
fn a_table_that_the_list_of_contents_names_is_reported_where_it_was_not_found() {
    let mut contents = Page::default();
    contents.text(250.0, 60.0, "目录");
    for (n, title) in ["一、部门收支总体情况表……4", "二、部门支出总体情况表……5"].iter().enumerate()
    {
        contents.text(100.0, 100.0 + 30.0 * n as f32, title);
    }
    let mut page = Page::default();
    page.text(200.0, 60.0, "部门支出总体情况表");
    page.text(480.0, 80.0, "单位：万元");
    page.table(
        90.0,
        &[40.0, 100.0, 220.0, 320.0],
        &[&["科目编码", "科目名称", "合计"], &["201", "一般公共服务支出", "8.00"], &["", "合计", "8.00"]],
    );
    let document = yusuan::extract(&common::pdf(&[contents, page]), &Options::default()).unwrap().remove(0);
    let missing: Vec<_> = document.findings.iter().filter(|f| f.rule == "table.missing").collect();
    assert_eq!(
        missing.iter().map(|f| f.place.table).collect::<Vec<_>>(),
        [Some(1)],
        "{:?}",
        document.findings
    );
    assert_eq!(document.head.status, Outcome::Partial);
}

#[test]
fn a_title_that_wraps_onto_a_second_line_is_one_title() {
    let mut page = Page::default();
    page.text(100.0, 60.0, "乌鲁木齐市机关事务服务中心2026年部门支出总体情");
    page.text(290.0, 73.0, "况表");
    page.text(480.0, 92.0, "单位：万元");
    page.table(
        100.0,
        &[40.0, 100.0, 220.0, 320.0, 400.0, 480.0],
        &[
            &["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
            &["201", "一般公共服务支出", "8.00", "8.00", ""],
            &["", "总计", "8.00", "8.00", ""],
        ],
    );
    let document = read(page);
    assert_eq!(document.tables[2].rows.len(), 2);
    assert_eq!(document.tables[2].title, "乌鲁木齐市机关事务服务中心2026年部门支出总体情况表");
}

#[test]
fn a_band_right_above_the_middle_column_is_no_part_of_its_heading() {
    let mut page = Page::default();
    page.text(200.0, 60.0, "部门支出总体情况表");
    page.text(480.0, 85.0, "单位：万元");
    for y in [95.0, 125.0, 145.0, 165.0] {
        page.rule(50.0, 530.0, y);
    }
    for (x, text) in [(90.0, "科目名称"), (220.0, "合计"), (330.0, "基本支出"), (450.0, "项目支出")]
    {
        page.text(x, 119.0, text);
    }
    page.text(330.0, 106.0, "支出预算");
    for (y, name) in [(139.0, "208 社会保障和就业支出"), (159.0, "总计")] {
        page.text(53.0, y, name);
        page.text(260.0, y, "9.00");
        page.text(380.0, y, "5.00");
        page.text(500.0, y, "4.00");
    }
    let document = read(page);
    assert_eq!(amounts(&document.tables[2].rows[0]), "total=9.00 basic=5.00 project=4.00");
}

#[test]
fn economic_codes_may_stand_under_a_heading_of_the_functional_ones() {
    let mut page = Page::default();
    page.text(180.0, 60.0, "一般公共预算基本支出情况表");
    page.text(480.0, 85.0, "单位：万元");
    page.table(
        100.0,
        &[40.0, 130.0, 260.0, 340.0, 420.0, 500.0],
        &[
            &["功能分类科目编码", "科目名称", "合计", "人员经费", "公用经费"],
            &["301", "工资福利支出", "9.00", "9.00", ""],
            &["", "总计", "9.00", "9.00", ""],
        ],
    );
    let document = read(page);
    assert_eq!(document.tables[5].rows[0].code.as_deref(), Some("301"));
}

#[test]
fn a_code_torn_by_the_page_break_is_one_code() {
    let edges = [40.0, 60.0, 80.0, 100.0, 260.0, 340.0, 420.0, 500.0];
    let header: &[&str] = &["类", "款", "项", "科目名称", "合计", "基本支出", "项目支出"];
    let mut first = Page::default();
    first.text(200.0, 60.0, "部门支出总体情况表");
    first.text(480.0, 85.0, "单位：万元");
    first.table(
        100.0,
        &edges,
        &[
            header,
            &["213", "", "", "农林水支出", "9.00", "5.00", "4.00"],
            &["213", "01", "", "农业农村", "9.00", "5.00", "4.00"],
            &["21", "01", "09", "农产品质量安全", "9.00", "5.00", "4.00"],
        ],
    );
    let mut second = Page::default();
    second.table(
        60.0,
        &edges,
        &[header, &["3", "", "", "", "", "", ""], &["", "", "", "总计", "9.00", "5.00", "4.00"]],
    );
    let document = extract(&common::pdf(&[first, second]), &Options::default()).unwrap().remove(0);
    let codes: Vec<Option<&str>> = document.tables[2].rows.iter().map(|r| r.code.as_deref()).collect();
    assert_eq!(codes, [Some("213"), Some("21301"), Some("2130109"), None]);
}

#[test]
fn amounts_behind_a_page_break_within_a_row_stand_on_the_second_page() {
    let edges = [40.0, 140.0, 320.0, 400.0, 480.0, 560.0];
    let header: [&str; 5] = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"];
    let mut first = Page::default();
    first.text(200.0, 60.0, "部门支出总体情况表");
    first.text(480.0, 85.0, "单位：万元");
    let rows: [&[&str]; 3] =
        [&header, &["201", "一般公共服务支出", "12.00", "5.00", "7.00"], &["2010301", "行政", "", "", ""]];
    first.table(100.0, &edges, &rows);
    let mut second = Page::default();
    let rows: [&[&str]; 2] = [&["", "运行", "12.00", "5.00", "7.00"], &["合计", "", "12.00", "5.00", "7.00"]];
    second.table(40.0, &edges, &rows);
    let document = extract(&common::pdf(&[first, second]), &Options::default()).unwrap().remove(0);
    let rows = &document.tables[2].rows;
    assert_eq!(rows[1].name.as_deref(), Some("行政运行"), "{rows:?}");
    assert_eq!(amounts(&rows[1]), "total=12.00 basic=5.00 project=7.00");
    assert_eq!(rows[1].page, 1);
    for amount in rows[1].amounts.iter().filter_map(|(_, a)| a.as_ref()) {
        assert_eq!(amount.page, 2);
        assert!(amount.bbox.y1 < 60.0, "{:?}", amount.bbox);
    }
    assert!(document.findings.iter().any(|f| f.rule == "row.joined"));
}

#[test]
fn two_columns_under_one_header_that_the_standard_lacks_stay_apart() {
    let mut page = Page::default();
    page.text(200.0, 60.0, "部门支出总体情况表");
    page.text(480.0, 85.0, "单位：万元");
    page.table(
        100.0,
        &[40.0, 100.0, 220.0, 290.0, 350.0, 410.0, 480.0, 550.0],
        &[
            &["科目编码", "科目名称", "合计", "基本支出", "项目支出", "往来支出", "往来支出"],
            &["201", "一般公共服务支出", "12.00", "5.00", "7.00", "1.00", "2.00"],
            &["205", "教育支出", "1.00", "", "1.00", "", "3.00"],
            &["", "合计", "13.00", "5.00", "8.00", "1.00", "5.00"],
        ],
    );
    let document = read(page);
    let extra: Vec<String> = document.tables[2]
        .rows
        .iter()
        .map(|row| row.extra.iter().map(|(key, a)| format!("{key}={} ", a.value)).collect())
        .collect();
    assert_eq!(
        extra,
        ["往来支出=1.00 往来支出 (2)=2.00 ", "往来支出 (2)=3.00 ", "往来支出=1.00 往来支出 (2)=5.00 "]
    );
}

#[test]
fn a_name_that_ends_within_a_bracket_is_told() {
    let mut page = Page::default();
    page.text(200.0, 60.0, "部门支出总体情况表");
    page.text(480.0, 85.0, "单位：万元");
    page.table(
        100.0,
        &[60.0, 130.0, 300.0, 380.0, 460.0, 540.0],
        &[
            &["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
            &["201", "一般公共服务支出（含设备", "5.50", "", "5.50"],
            &["204", "公共安全支出（本级）", "5.50", "", "5.50"],
            &["", "合计", "11.00", "", "11.00"],
        ],
    );
    let document = read(page);
    let told: Vec<_> = document.findings.iter().filter(|f| f.rule == "row.name_cut").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].place.row.as_deref(), Some("201"));
}

#[test]
fn a_title_that_is_wrapped_within_a_word_names_the_department() {
    let mut cover = Page::default();
    cover.text(100.0, 300.0, "察布查尔锡伯自治县卫生健康委员会2026年部门预");
    cover.text(250.0, 330.0, "算公开");
    let mut page = Page::default();
    page.text(200.0, 60.0, "部门支出总体情况表");
    page.table(
        100.0,
        &[60.0, 130.0, 300.0, 380.0, 460.0, 540.0],
        &[
            &["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
            &["201", "一般公共服务支出", "5.50", "", "5.50"],
            &["", "合计", "5.50", "", "5.50"],
        ],
    );
    let document = yusuan::extract(&common::pdf(&[cover, page]), &Default::default()).unwrap().remove(0);
    assert_eq!(document.head.title.as_deref(), Some("察布查尔锡伯自治县卫生健康委员会2026年部门预算公开"));
    assert_eq!(document.head.department.as_deref(), Some("察布查尔锡伯自治县卫生健康委员会"));
}
