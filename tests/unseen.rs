//! Quirks of publishers that nobody coded for: what their headers say decides, and what is doubtful is said.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Page, amounts, page};
use yusuan::Options;
use yusuan::document::{Document, Row, Status, Unit};

fn extract(pdf: &[u8]) -> Document {
    yusuan::extract(pdf, &Options::default()).unwrap().remove(0)
}

fn extra(row: &Row) -> Vec<(&str, String)> {
    row.extra.iter().map(|(key, a)| (key.as_str(), a.value.to_string())).collect()
}

fn said(document: &Document, rule: &str) -> bool {
    document.findings.iter().any(|f| f.rule == rule)
}

const EIGHT: [f32; 9] = [20.0, 75.0, 170.0, 250.0, 320.0, 380.0, 440.0, 500.0, 560.0];

#[test]
fn last_years_amounts_never_stand_for_this_years() {
    let rows: &[&[&str]] = &[
        &["功能分类科目", "", "2024年执行数", "2025年预算数", "", "", "2025年比2024年", ""],
        &["科目编码", "科目名称", "", "小计", "基本支出", "项目支出", "增减额", "增减%"],
        &["201", "一般公共服务支出", "9.00", "12.00", "10.00", "2.00", "3.00", "33.33"],
        &["20101", "人大事务", "9.00", "12.00", "10.00", "2.00", "3.00", "33.33"],
        &["合计", "", "9.00", "12.00", "10.00", "2.00", "3.00", "33.33"],
    ];
    let merged = [[0, 0, 1, 2], [0, 2, 2, 1], [0, 3, 1, 3], [0, 6, 1, 2], [4, 0, 1, 2]];
    let document = extract(&page("一般公共预算支出表", "单位：万元", &EIGHT, rows, &merged).pdf());
    let table = &document.tables[4];
    assert_eq!(table.rows.len(), 3);
    assert_eq!(amounts(&table.rows[0]), "12.00 10.00 2.00");
    let expected = [("2024年执行数", "9.00"), ("2025年比2024年/增减额", "3.00")];
    assert_eq!(extra(&table.rows[0]), expected.map(|(k, v)| (k, v.to_owned())));
    assert!(table.rows[0].raw.iter().any(|(key, _)| key.ends_with("增减%")), "a share is no amount");
}

#[test]
fn of_two_years_of_the_same_items_side_by_side_the_later_one_is_the_tables() {
    let head = ["合计", "因公出国（境）费", "公务接待费", "公务用车购置费"];
    let mut leaves = head.to_vec();
    leaves.extend(head);
    let bands = ["2024年预算数", "", "", "", "2025年预算数", "", "", ""];
    let data = ["6.00", "1.00", "2.00", "3.00", "9.00", "2.00", "3.00", "4.00"];
    let edges = [20.0, 60.0, 146.0, 204.0, 282.0, 322.0, 408.0, 466.0, 544.0];
    let merged = [[0, 0, 1, 4], [0, 4, 1, 4]];
    let rows: &[&[&str]] = &[&bands, &leaves, &data];
    let document = extract(&page("“三公”经费支出表", "单位：万元", &edges, rows, &merged).pdf());
    let rows = &document.tables[9].rows;
    let values: Vec<_> = rows.iter().map(|r| (r.item, amounts(r), extra(r))).collect();
    let row =
        |item, now: &str, then: &str| (item, format!("{now}   "), vec![("2024年预算数", then.to_owned())]);
    let expected = [
        row(Some("overseas_travel"), "2.00", "1.00"),
        row(Some("reception"), "3.00", "2.00"),
        row(Some("vehicles.purchase"), "4.00", "3.00"),
        row(None, "9.00", "6.00"),
    ];
    assert_eq!(values, expected);
}

#[test]
fn of_two_rows_for_two_years_the_later_one_is_the_tables() {
    let rows: &[&[&str]] = &[
        &[
            "年度",
            "“三公”经费合计",
            "因公出国（境）费用",
            "公务接待费",
            "公务用车购置费",
            "公务用车运行维护费",
        ],
        &["2024年", "6.00", "1.00", "2.00", "3.00", "0.00"],
        &["2025年", "9.00", "2.00", "3.00", "4.00", "0.00"],
    ];
    let edges = [40.0, 100.0, 190.0, 290.0, 360.0, 450.0, 560.0];
    let document = extract(&page("“三公”经费支出表", "单位：万元", &edges, rows, &[]).pdf());
    assert_eq!(amounts(document.tables[9].rows.last().unwrap()), "9.00   ");
    assert_eq!(document.other_tables.len(), 1, "the other year is kept as printed");
}

#[test]
fn a_row_that_numbers_the_columns_and_a_column_that_numbers_the_rows_hold_no_amounts() {
    let rows: &[&[&str]] = &[
        &["收入", "", "", "支出", "", ""],
        &["项目", "行次", "金额", "项目", "行次", "金额"],
        &["栏次", "", "1", "栏次", "", "2"],
        &["一、一般公共预算财政拨款收入", "1", "8.00", "一、一般公共服务支出", "12", "8.00"],
        &["", "2", "", "", "13", ""],
        &["总计", "3", "8.00", "总计", "14", "8.00"],
    ];
    let edges = [30.0, 200.0, 230.0, 300.0, 450.0, 480.0, 560.0];
    let merged = [[0, 0, 1, 3], [0, 3, 1, 3]];
    let document = extract(&page("收入支出决算总表", "单位：万元", &edges, rows, &merged).pdf());
    let rows: Vec<_> = document.tables[0].rows.iter().map(|r| (r.name.as_deref(), amounts(r))).collect();
    let row = |name| (Some(name), "8.00".to_owned());
    assert_eq!(rows, [row("一般公共预算财政拨款收入"), row("总计"), row("一般公共服务支出"), row("总计")]);
    assert!(document.tables[0].rows.iter().all(|r| r.extra.is_empty()));
}

#[test]
fn basic_expenditure_of_one_source_of_money_is_not_that_of_all() {
    let rows: &[&[&str]] = &[
        &["科目编码", "科目名称", "合计", "一般公共预算", "", "", "单位资金", ""],
        &["", "", "", "小计", "基本支出", "项目支出", "小计", "其他收入"],
        &["201", "一般公共服务支出", "15.00", "12.00", "10.00", "2.00", "3.00", "3.00"],
        &["合计", "", "15.00", "12.00", "10.00", "2.00", "3.00", "3.00"],
    ];
    let merged = [[0, 0, 2, 1], [0, 1, 2, 1], [0, 2, 2, 1], [0, 3, 1, 3], [0, 6, 1, 2], [3, 0, 1, 2]];
    let document = extract(&page("部门支出预算表", "单位：万元", &EIGHT, rows, &merged).pdf());
    let first = &document.tables[2].rows[0];
    assert_eq!(amounts(first), "15.00  ");
    assert!(extra(first).contains(&("一般公共预算/基本支出", "10.00".to_owned())));
}

#[test]
fn where_several_columns_could_be_the_standards_none_is_taken() {
    let rows: &[&[&str]] = &[
        &["科目编码", "科目名称", "财政拨款", "", "", "其他资金", "", ""],
        &["", "", "合计", "基本支出", "项目支出", "合计", "基本支出", "项目支出"],
        &["201", "一般公共服务支出", "12.00", "10.00", "2.00", "3.00", "1.00", "2.00"],
        &["合计", "", "12.00", "10.00", "2.00", "3.00", "1.00", "2.00"],
    ];
    let merged = [[0, 0, 2, 1], [0, 1, 2, 1], [0, 2, 1, 3], [0, 5, 1, 3], [3, 0, 1, 2]];
    let document = extract(&page("部门支出总表", "单位：万元", &EIGHT, rows, &merged).pdf());
    let rows = &document.tables[2].rows;
    assert!(
        rows.iter().all(|r| amounts(r).trim().is_empty()),
        "{:?}",
        rows.iter().map(amounts).collect::<Vec<_>>()
    );
    assert!(said(&document, "column.ambiguous") || said(&document, "table.unmapped"));
}

const FIVE: [f32; 6] = [60.0, 130.0, 300.0, 380.0, 460.0, 540.0];

fn expenditure(unit: &str, header: [&str; 5], scale: [&str; 3]) -> Page {
    let rows: &[&[&str]] = &[
        &header,
        &["201", "一般公共服务支出", scale[0], scale[1], scale[2]],
        &["", "合计", scale[0], scale[1], scale[2]],
    ];
    page("部门支出总体情况表", unit, &FIVE, rows, &[])
}

const HEADER: [&str; 5] = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"];

#[test]
fn a_page_that_lies_on_its_side_or_head_reads_as_any_other() {
    let upright = extract(&expenditure("单位：万元", HEADER, ["35.50", "30.00", "5.50"]).pdf());
    let values = |d: &Document| d.tables[2].rows.iter().map(amounts).collect::<Vec<_>>();
    assert_eq!(values(&upright), ["35.50 30.00 5.50"; 2]);
    for degrees in [90, 180, 270] {
        let turned = extract(&expenditure("单位：万元", HEADER, ["35.50", "30.00", "5.50"]).rotated(degrees));
        assert_eq!(values(&turned), values(&upright), "{degrees}");
        let (a, b) = (&upright.tables[2].rows[0].bbox, &turned.tables[2].rows[0].bbox);
        let (width, height) = if degrees == 180 { (b.width(), b.height()) } else { (b.height(), b.width()) };
        assert!((a.width() - width).abs() < 0.5 && (a.height() - height).abs() < 0.5, "{degrees}: {b:?}");
    }
}

#[test]
fn a_unit_in_the_header_is_the_tables() {
    let header = ["科目编码", "科目名称", "合计（元）", "基本支出（元）", "项目支出（元）"];
    let document = extract(&expenditure("", header, ["355000.00", "300000.00", "55000.00"]).pdf());
    assert_eq!(document.tables[2].source_unit, Some(Unit::Yuan));
    assert_eq!(amounts(&document.tables[2].rows[0]), "35.500000 30.000000 5.500000");
    assert!(!said(&document, "unit.not_printed"));
}

#[test]
fn a_sentence_tells_the_unit_of_a_table_that_names_none() {
    let mut page = expenditure("", HEADER, ["355000.00", "300000.00", "55000.00"]);
    page.text(60.0, 400.0, "某局2025年支出预算35.50万元，其中：基本支出30.00万元。");
    let document = extract(&page.pdf());
    assert_eq!(document.tables[2].source_unit, Some(Unit::Yuan));
    assert!(said(&document, "unit.not_printed"), "and it is said that it was decided so");
}

#[test]
fn a_year_in_a_quoted_paper_is_not_the_budget_year() {
    let mut page = expenditure("单位：万元", HEADER, ["35.50", "30.00", "5.50"]);
    page.text(60.0, 400.0, "根据《2000年部门预算改革方案》和部门规定（2001年）编制");
    let document = extract(&page.pdf());
    assert_eq!(document.head.fiscal_year, None);
    assert!(said(&document, "head.no_year"));
}

#[test]
fn contents_with_leaders_and_sentences_with_underlined_numbers_are_no_tables() {
    let mut page = Page::default();
    page.text(280.0, 60.0, "目录");
    for (i, line) in ["部门职能", "机构设置", "名词解释"].iter().enumerate() {
        let y = 90.0 + 20.0 * i as f32;
        page.text(60.0, y, &format!("{}. {line}", i + 1));
        page.text(150.0, y, &".".repeat(60));
        page.text(500.0, y, &format!("{}", i + 3));
    }
    for y in [300.0, 380.0] {
        page.text(60.0, y, "某局2025年支出预算为");
        page.text(167.0, y, "15,844.04");
        page.rule(164.0, 214.0, y + 2.0);
        page.text(216.0, y, "万元，其中基本支出用于保障机构正常运转。");
        page.text(60.0, y + 20.0, "包括基本工资、津贴补贴、奖金、社会保障缴费和住房公积金等各项支出内容");
    }
    let document = extract(&page.pdf());
    assert!(document.other_tables.is_empty(), "{:?}", document.other_tables);
    assert!(document.tables.iter().all(|t| t.status == Status::Missing));
}

#[test]
fn another_table_of_the_same_kind_on_the_next_lines_is_no_continuation() {
    let mut page = page(
        "“三公”经费支出情况表",
        "单位：万元",
        &[60.0, 300.0, 420.0],
        &[&["项目", "预算数"], &["合计", "2.00"], &["公务接待费", "2.00"]],
        &[],
    );
    page.text(200.0, 260.0, "一般公共预算“三公”经费支出表");
    page.table(
        300.0,
        &[60.0, 180.0, 280.0, 380.0, 480.0, 590.0],
        &[
            &["单位名称", "“三公”经费合计", "因公出国（境）费", "公务接待费", "公务用车购置费"],
            &["某局本级", "1.00", "", "1.00", ""],
            &["合计", "2.00", "", "2.00", ""],
        ],
    );
    let document = extract(&page.pdf());
    let table = &document.tables[9];
    assert_eq!(table.rows.iter().map(amounts).collect::<Vec<_>>(), ["2.00   "; 2]);
    assert!(said(&document, "table.duplicate"));
    assert_eq!(document.other_tables.len(), 1);
}

#[test]
fn of_the_rows_of_several_units_the_total_row_is_the_tables() {
    let rows: &[&[&str]] = &[
        &["单位名称", "“三公”经费合计", "因公出国（境）费", "公务接待费", "公务用车购置费"],
        &["某局本级", "1.00", "", "1.00", ""],
        &["某某中心", "3.00", "2.00", "1.00", ""],
        &["合计", "4.00", "2.00", "2.00", ""],
    ];
    let edges = [60.0, 180.0, 280.0, 380.0, 480.0, 590.0];
    let document = extract(&page("“三公”经费支出表", "单位：万元", &edges, rows, &[]).pdf());
    assert_eq!(amounts(document.tables[9].rows.last().unwrap()), "4.00   ");
    assert!(said(&document, "row.unexpected"));
    assert_eq!(document.other_tables.len(), 1);
}

#[test]
fn years_alone_head_the_amounts_of_both_sides() {
    let rows: &[&[&str]] = &[
        &["收入", "", "", "支出", "", ""],
        &["项目", "2024年", "2025年", "项目", "2024年", "2025年"],
        &["一、一般公共预算拨款", "7.00", "8.00", "一、一般公共服务支出", "7.00", "8.00"],
        &["收入总计", "7.00", "8.00", "支出总计", "7.00", "8.00"],
    ];
    let edges = [30.0, 180.0, 230.0, 290.0, 440.0, 490.0, 560.0];
    let merged = [[0, 0, 1, 3], [0, 3, 1, 3]];
    let document = extract(&page("部门收支总体情况表", "单位：万元", &edges, rows, &merged).pdf());
    let rows = &document.tables[0].rows;
    assert_eq!(rows.iter().map(amounts).collect::<Vec<_>>(), ["8.00"; 4]);
    assert_eq!(extra(&rows[0]), [("收入/2024年", "7.00".to_owned())]);
}

#[test]
fn totals_below_two_lists_side_by_side_close_both() {
    let rows: &[&[&str]] = &[
        &["科目编码", "科目名称", "决算数", "科目编码", "科目名称", "决算数"],
        &["301", "工资福利支出", "5.00", "302", "商品和服务支出", "3.00"],
        &["30101", "基本工资", "5.00", "30201", "办公费", "3.00"],
        &["人员经费合计", "", "5.00", "公用经费合计", "", "3.00"],
    ];
    let edges = [30.0, 110.0, 220.0, 280.0, 360.0, 480.0, 560.0];
    let merged = [[3, 0, 1, 2], [3, 3, 1, 2]];
    let document =
        extract(&page("一般公共预算财政拨款基本支出决算表", "单位：万元", &edges, rows, &merged).pdf());
    let names: Vec<_> = document.tables[5].rows.iter().filter_map(|r| r.name.as_deref()).collect();
    let expected = ["工资福利支出", "基本工资", "商品和服务支出", "办公费", "人员经费合计", "公用经费合计"];
    assert_eq!(names, expected);
}

#[test]
fn a_total_whose_label_spans_into_the_next_list_keeps_its_amount() {
    let rows: &[&[&str]] = &[
        &["人员经费", "", "", "公用经费", "", "", "", "", ""],
        &[
            "科目编码",
            "科目名称",
            "决算数",
            "科目编码",
            "科目名称",
            "决算数",
            "科目编码",
            "科目名称",
            "决算数",
        ],
        &["301", "工资福利", "5.00", "302", "商品服务", "3.00", "310", "资本支出", "4.00"],
        &["人员经费合计", "", "5.00", "公用经费合计", "", "", "", "", "7.00"],
    ];
    let edges = [10.0, 60.0, 120.0, 165.0, 230.0, 300.0, 350.0, 430.0, 500.0, 560.0];
    let merged = [[0, 0, 1, 3], [0, 3, 1, 6], [3, 0, 1, 2], [3, 3, 1, 5]];
    let document =
        extract(&page("一般公共预算财政拨款基本支出决算表", "单位：万元", &edges, rows, &merged).pdf());
    let table = &document.tables[5];
    let values: Vec<_> = table.rows.iter().map(|r| (r.name.as_deref(), amounts(r))).collect();
    let expected = [
        (Some("工资福利"), "5.00  "),
        (Some("商品服务"), "3.00  "),
        (Some("资本支出"), "4.00  "),
        (Some("人员经费合计"), " 5.00 "),
        (Some("公用经费合计"), "  7.00"),
    ];
    assert_eq!(values, expected.map(|(name, amounts)| (name, amounts.to_owned())));
}

#[test]
fn boxes_of_a_text_on_a_turned_page_are_those_of_the_page_as_displayed() {
    let page = || {
        let mut page = expenditure("单位：万元", HEADER, ["35.50", "30.00", "5.50"]);
        page.text(60.0, 300.0, "第三部分 2026年部门预算情况说明");
        page.text(60.0, 330.0, "一、关于某局2026年支出预算情况说明");
        page.text(60.0, 360.0, "某局2026年支出预算35.50万元，其中：基本支出30.00万元，项目支出5.50万元。");
        page
    };
    let boxes = |d: &Document| d.narrative.figures.iter().map(|f| f.source.bbox).collect::<Vec<_>>();
    let upright = boxes(&extract(&page().pdf()));
    assert!(!upright.is_empty());
    let turned = boxes(&extract(&page().rotated(90)));
    assert_eq!(turned.len(), upright.len());
    for (a, b) in upright.iter().zip(&turned) {
        assert!(b.height() > b.width(), "a line runs down the displayed page: {b:?}");
        assert!((a.width() - b.height()).abs() < 0.5 && (a.height() - b.width()).abs() < 0.5, "{a:?} {b:?}");
    }
}

#[test]
fn a_subtotal_beside_a_merged_class_is_the_class() {
    let rows: &[&[&str]] = &[
        &["部门预算支出经济分类科目", "", "一般公共预算基本支出", "", ""],
        &["类级科目", "款级科目", "合计", "人员经费", "公用经费"],
        &["301 工资福利支出", "小计", "12.00", "12.00", ""],
        &["", "30101 基本工资", "10.00", "10.00", ""],
        &["", "30103 奖金", "2.00", "2.00", ""],
        &["合计", "", "12.00", "12.00", ""],
    ];
    let merged = [[0, 0, 1, 2], [0, 2, 1, 3], [2, 0, 3, 1], [5, 0, 1, 2]];
    let document = extract(&page("一般公共预算基本支出情况表", "单位：万元", &FIVE, rows, &merged).pdf());
    let read = document.tables[5].rows.iter().map(|r| (r.code.as_deref(), r.name.as_deref().unwrap_or("")));
    let expected =
        [(Some("301"), "工资福利支出"), (Some("30101"), "基本工资"), (Some("30103"), "奖金"), (None, "合计")];
    assert_eq!(read.collect::<Vec<_>>(), expected);
}

#[test]
fn a_merged_code_is_that_of_each_of_its_projects() {
    let rows: &[&[&str]] = &[
        &["科目编码", "科目名称", "项目名称", "项目支出合计", "商品和服务支出"],
        &["2070104", "图书馆", "", "5.00", "5.00"],
        &["", "", "图书购置经费", "3.00", "3.00"],
        &["", "", "设备更新经费", "2.00", "2.00"],
        &["合计", "", "", "5.00", "5.00"],
    ];
    let merged = [[1, 0, 3, 1], [1, 1, 3, 1], [4, 0, 1, 3]];
    let document = extract(&page("一般公共预算项目支出情况表", "单位：万元", &FIVE, rows, &merged).pdf());
    let rows = &document.tables[6].rows;
    let read = rows.iter().map(|r| (r.code.as_deref(), r.name.as_deref(), r.project.as_deref()));
    let library = (Some("2070104"), Some("图书馆"));
    let expected = [
        (library.0, library.1, None),
        (library.0, library.1, Some("图书购置经费")),
        (library.0, library.1, Some("设备更新经费")),
        (None, Some("合计"), None),
    ];
    assert_eq!(read.collect::<Vec<_>>(), expected);
}

#[test]
fn a_group_and_its_parts_may_share_one_header_cell() {
    let rows: &[&[&str]] = &[
        &["“三公”经费支出内容", "", "合计", "一般公共预算", "政府性基金"],
        &["因公出国（境）费用", "", "", "", ""],
        &["公务接待费", "", "1.00", "1.00", ""],
        &["公务用车购置及运行维护费", "小计", "5.00", "5.00", ""],
        &["", "公务用车购置费", "3.00", "3.00", ""],
        &["", "公务用车运行维护费", "2.00", "2.00", ""],
        &["合计", "", "6.00", "6.00", ""],
    ];
    let mut merged: Vec<[usize; 4]> = [0, 1, 2, 6].map(|row| [row, 0, 1, 2]).to_vec();
    merged.push([3, 0, 3, 1]);
    let document = extract(&page("财政拨款“三公”经费支出情况表", "单位：万元", &FIVE, rows, &merged).pdf());
    let read = document.tables[9].rows.iter().map(|r| (r.item, amounts(r)));
    let expected = [
        (Some("overseas_travel"), "   "),
        (Some("reception"), "1.00 1.00  "),
        (Some("vehicles"), "5.00 5.00  "),
        (Some("vehicles.purchase"), "3.00 3.00  "),
        (Some("vehicles.operation"), "2.00 2.00  "),
        (None, "6.00 6.00  "),
    ];
    assert_eq!(read.collect::<Vec<_>>(), expected.map(|(item, values)| (item, values.to_owned())));
}

#[test]
fn a_groups_name_that_ran_into_its_parts_is_taken_off() {
    let rows: &[&[&str]] = &[
        &["项目", "合计", "一般公共预算", "政府性基金", "备注"],
        &["公务接待费", "1.00", "1.00", "", ""],
        &["公务用车购置及运行维护费小计", "5.00", "5.00", "", ""],
        &["公务用车购置及运行维护费公务用车购置费", "3.00", "3.00", "", ""],
        &["公务用车运行维护费", "2.00", "2.00", "", ""],
        &["合计", "6.00", "6.00", "", ""],
    ];
    let document = extract(&page("财政拨款“三公”经费支出情况表", "单位：万元", &FIVE, rows, &[]).pdf());
    let read = document.tables[9].rows.iter().map(|r| (r.item, r.name.as_deref().unwrap_or("")));
    let expected = [
        (Some("reception"), "公务接待费"),
        (Some("vehicles"), "公务用车购置及运行维护费小计"),
        (Some("vehicles.purchase"), "公务用车购置费"),
        (Some("vehicles.operation"), "公务用车运行维护费"),
        (None, "合计"),
    ];
    assert_eq!(read.collect::<Vec<_>>(), expected);
}

#[test]
fn a_unit_that_a_column_of_table_7_names_is_a_department_of_table_11() {
    let seven: &[&[&str]] = &[
        &["单位名称", "科目编码", "科目名称", "项目名称", "项目支出合计"],
        &["某区技术指导站", "2070104", "图书馆", "", "5.00"],
        &["", "", "", "图书购置经费", "5.00"],
        &["合计", "", "", "", "5.00"],
    ];
    let eleven: &[&[&str]] = &[
        &["项目名称", "合计", "一般公共预算", "政府性基金", "国有资本经营预算"],
        &["某局", "5.00", "5.00", "", ""],
        &["某区技术指导站", "5.00", "5.00", "", ""],
        &["图书购置经费", "5.00", "5.00", "", ""],
        &["合计", "5.00", "5.00", "", ""],
    ];
    let merged = [[1, 0, 2, 1], [1, 1, 2, 1], [1, 2, 2, 1], [3, 0, 1, 4]];
    let mut first = page("一般公共预算项目支出情况表", "单位：万元", &FIVE, seven, &merged);
    first.text(220.0, 260.0, "财政拨款委托业务费支出情况表");
    first.text(450.0, 280.0, "单位：万元");
    first.merged(290.0, &FIVE, eleven, &[]);
    let document = extract(&first.pdf());
    let kinds: Vec<_> = document.tables[10].rows.iter().map(|r| r.kind).collect();
    use yusuan::document::RowKind::{Department, Project, Total};
    assert_eq!(kinds[1..], [Department, Project, Total]);
}

#[test]
fn a_line_item_without_amounts_at_the_top_of_a_page_is_no_header() {
    let header: &[&str] = &["收入", "", "支出", ""];
    let columns: &[&str] = &["项目", "预算数", "功能分类", "预算数"];
    let edges = [40.0, 200.0, 280.0, 440.0, 520.0];
    let rows: &[&[&str]] =
        &[header, columns, &["一般公共预算拨款", "5.00", "教育支出", "5.00"], &["上年结转结余", "", "", ""]];
    let first = page("部门收支总体情况表", "单位：万元", &edges, rows, &[[0, 0, 1, 2], [0, 2, 1, 2]]);
    let rest: &[&[&str]] = &[
        &["政府性基金预算拨款", "", "", ""],
        &["国有资本经营预算拨款", "", "", ""],
        &["收入总计", "5.00", "支出总计", "5.00"],
    ];
    let second = page("续表", "", &edges, rest, &[]);
    let table = yusuan::extract(&common::pdf(&[first, second]), &Options::default()).unwrap().remove(0);
    let totals = table.tables[0].rows.iter().filter(|r| r.kind == yusuan::document::RowKind::Total);
    assert_eq!(totals.map(amounts).collect::<Vec<_>>(), ["5.00", "5.00"]);
}
