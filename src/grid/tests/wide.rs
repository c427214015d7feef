//! Quirks of tables that were cut sideways over pages.

use super::super::synthetic::{Align, Column, Setting, Style, Table, Text, draw, paint};
use super::super::{Cell, PageGrids, join_cut_tables};
use super::read;

/// A table of these columns, each a group, a heading and three texts.
fn table(columns: &[(&str, &str, [&str; 3])]) -> Table {
    let mut cells = Vec::new();
    let mut first = 0;
    for run in columns.chunk_by(|a, b| a.0 == b.0 && !a.0.is_empty()) {
        if !run[0].0.is_empty() {
            cells.push(Text::span(0, first, 1, run.len(), run[0].0));
        }
        for (n, (group, heading, texts)) in run.iter().enumerate() {
            cells.push(if group.is_empty() {
                Text::span(0, first + n, 2, 1, heading)
            } else {
                Text::one(1, first + n, heading)
            });
            let own = texts.iter().enumerate().filter(|(_, t)| !t.is_empty());
            cells.extend(own.map(|(r, t)| Text::one(2 + r, first + n, t)));
        }
        first += run.len();
    }
    let columns = vec![Column { width: 9.0, align: Align::Left }; columns.len()];
    Table { columns, rows: 5, header: 2, cells }
}

fn page(number: u32, table: &Table, captions: &[&str]) -> PageGrids {
    let mut page = draw(table, Style::Grid, Setting::default());
    page.number = number;
    for (n, caption) in captions.iter().enumerate() {
        paint(&mut page, caption, 60.0, 60.0 + 16.0 * n as f32, 9.0);
    }
    read(&page)
}

const NAMES: (&str, &str, [&str; 3]) = ("", "科目名称", ["公共安全支出", "教育支出", "总计"]);
const TOTAL: (&str, &str, [&str; 3]) = ("支出预算", "合计", ["6.00", "4.00", "10.00"]);
const BASIC: (&str, &str, [&str; 3]) = ("支出预算", "基本支出", ["1.00", "4.00", "5.00"]);
const PROJECT: (&str, &str, [&str; 3]) = ("支出预算", "项目支出", ["5.00", "", "5.00"]);

fn row(page: &PageGrids, row: u32) -> Vec<String> {
    page.grids[0].cells.iter().filter(|c| c.row == row).map(Cell::text).collect()
}

#[test]
fn columns_without_names_on_the_next_page_are_further_columns_of_the_same_rows() {
    let left = page(1, &table(&[NAMES, TOTAL, BASIC]), &["表3", "编制部门：某局"]);
    let right = page(2, &table(&[PROJECT, ("", "其他", ["", "0.50", "0.50"])]), &["单位：万元"]);
    let own = right.grids[0].cells.iter().find(|c| c.text() == "5.00").unwrap().lines[0].bbox;
    let mut pages = [left, right];
    join_cut_tables(&mut pages);
    assert!(pages[1].grids.is_empty());
    assert_eq!(row(&pages[0], 0), ["科目名称", "支出预算", "其他"]);
    assert_eq!(row(&pages[0], 2), ["公共安全支出", "6.00", "1.00", "5.00", ""]);
    assert_eq!(row(&pages[0], 3), ["教育支出", "4.00", "4.00", "", "0.50"]);
    assert!(pages[0].lines.iter().any(|l| l.text == "单位：万元"));
    let grid = &pages[0].grids[0];
    let cell = grid.cells.iter().find(|c| c.row == 2 && c.column == 3).unwrap();
    let (on, bbox) = grid.placed(3, cell.lines[0].bbox);
    assert_eq!(on, 2);
    assert!((bbox.x0 - own.x0).abs() < 0.01 && (bbox.y0 - own.y0).abs() < 0.01);
}

#[test]
fn columns_of_names_that_are_printed_again_are_taken_once() {
    let left = page(1, &table(&[NAMES, TOTAL, BASIC]), &["表3", "编制部门：某局"]);
    let right = page(2, &table(&[NAMES, PROJECT]), &["表3", "编制部门：某局"]);
    let mut pages = [left, right];
    join_cut_tables(&mut pages);
    assert_eq!(row(&pages[0], 2), ["公共安全支出", "6.00", "1.00", "5.00"]);
}

#[test]
fn the_same_names_under_the_same_headings_are_another_table() {
    let left = page(1, &table(&[NAMES, TOTAL, BASIC]), &["表3", "编制部门：某局"]);
    let other = ("支出预算", "合计", ["7.00", "1.00", "8.00"]);
    let right = page(2, &table(&[NAMES, other, BASIC]), &["表3", "编制部门：某局"]);
    let mut pages = [left, right];
    join_cut_tables(&mut pages);
    assert_eq!((pages[0].grids[0].columns(), pages[1].grids.len()), (3, 1));
}

#[test]
fn another_title_is_another_table() {
    let left = page(1, &table(&[NAMES, TOTAL]), &["表8"]);
    let right = page(2, &table(&[NAMES, PROJECT]), &["表9"]);
    let mut pages = [left, right];
    join_cut_tables(&mut pages);
    assert_eq!(pages[1].grids.len(), 1);
}

#[test]
fn forms_of_one_kind_that_are_filled_in_with_words_are_tables_of_their_own() {
    let labels = ("", "项目名称", ["预算单位", "年度目标", "金额"]);
    let form = |name, unit, goal| {
        let filled = ("", name, [unit, goal, "5.00"]);
        table(&[labels, filled])
    };
    let captions = ["项目支出绩效目标表", "编制部门：某局"];
    let left = page(1, &form("路灯改造", "某局机关", "改善照明"), &captions);
    let right = page(2, &form("管网维修", "某局二站", "减少漏水"), &captions);
    let mut pages = [left, right];
    join_cut_tables(&mut pages);
    assert_eq!((pages[0].grids[0].columns(), pages[1].grids.len()), (2, 1));
}
