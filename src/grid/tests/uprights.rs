//! Quirks of tables whose columns are ruled and whose rows are not.

use super::super::synthetic::{Setting, Style, Table, Text, draw, expected, hline, paint, read_cells, vline};
use super::super::{Cell, Method};
use super::{assert_reads_back, expenditure, read};
use crate::pdf::{Axis, Page, Ruling};

fn assert_page_gives(page: &Page, table: &Table) {
    let out = read(page);
    assert_eq!(out.grids.len(), 1);
    assert_eq!(read_cells(&out.grids[0]), expected(table));
    assert_eq!(out.grids[0].method, Method::Edged);
}

#[test]
fn rows_between_vertical_rules_are_told_by_text_and_header_levels_by_their_ends() {
    assert_reads_back(&expenditure(), Style::Uprights, Setting::default());
}

#[test]
fn vertical_rules_painted_cell_by_cell_tell_the_rows() {
    assert_reads_back(&expenditure(), Style::UprightPieces, Setting::default());
}

#[test]
fn a_table_without_any_amount_has_the_rows_of_its_painted_pieces() {
    let mut table = expenditure();
    table.cells.retain(|t| t.row < 3);
    table.cells.push(Text::one(3, 3, "总计"));
    table.rows = 4;
    assert_reads_back(&table, Style::UprightPieces, Setting::default());
}

#[test]
fn inner_vertical_rules_that_touch_no_other_are_the_tables_where_it_goes_on_on_the_next_page() {
    let mut page = draw(&expenditure(), Style::Uprights, Setting::default());
    let last = page.rulings.iter().filter(|r| r.axis == Axis::Horizontal).map(|r| r.at).fold(0.0, f32::max);
    page.rulings.retain(|r| r.axis == Axis::Vertical || r.at < last);
    assert_page_gives(&page, &expenditure());
}

#[test]
fn vertical_rules_alone_that_share_their_ends_make_a_table() {
    let mut page = draw(&expenditure(), Style::Uprights, Setting::default());
    page.rulings.retain(|r| r.axis == Axis::Vertical);
    assert_page_gives(&page, &expenditure());
}

#[test]
fn dashed_vertical_rules_part_columns_as_solid_ones_do() {
    let mut page = draw(&expenditure(), Style::Uprights, Setting::default());
    let (mut rulings, solid): (Vec<Ruling>, Vec<Ruling>) =
        page.rulings.drain(..).partition(|r| r.axis == Axis::Horizontal);
    for rule in solid {
        let mut from = rule.from;
        while from < rule.to {
            rulings.push(Ruling { from, to: (from + 3.0).min(rule.to), ..rule });
            from += 5.0;
        }
    }
    page.rulings = rulings;
    assert_page_gives(&page, &expenditure());
}

#[test]
fn an_amount_wrapped_in_its_ruled_cell_is_no_two_rows() {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    for y in [100.0, 116.0, 146.0] {
        hline(&mut page, y, 50.0, 230.0);
    }
    for x in [50.0, 110.0, 170.0, 230.0] {
        vline(&mut page, x, 100.0, 146.0);
    }
    for (x, text) in [(54.0, "项目"), (114.0, "合计"), (174.0, "上年")] {
        paint(&mut page, text, x, 112.0, 9.0);
    }
    for (y, texts) in [(128.0, ["公务接待", "48,706,200", "12,706,200"]), (140.0, ["费用", ".00", ".50"])]
    {
        for (x, text) in [54.0, 114.0, 174.0].into_iter().zip(texts) {
            paint(&mut page, text, x, y, 9.0);
        }
    }
    let out = read(&page);
    assert_eq!(out.grids[0].rows(), 2);
    let texts: Vec<String> = out.grids[0].cells.iter().skip(3).map(Cell::text).collect();
    assert_eq!(texts, ["公务接待费用", "48,706,200.00", "12,706,200.50"]);
}

#[test]
fn department_and_unit_in_cells_of_the_first_row_are_no_first_lines_of_the_headings_below() {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    for y in [100.0, 208.0] {
        hline(&mut page, y, 50.0, 350.0);
    }
    for (x, top) in [(50.0, 100.0), (120.0, 146.0), (190.0, 100.0), (270.0, 146.0), (350.0, 100.0)] {
        vline(&mut page, x, top, 208.0);
    }
    let lines: [(f32, &[(f32, &str)]); 8] = [
        (112.0, &[(53.0, "部门名称：甲市乙县"), (300.0, "单位：元")]),
        (123.0, &[(53.0, "农业局")]),
        (138.0, &[(100.0, "科目"), (250.0, "基本支出")]),
        (156.0, &[(75.0, "类"), (145.0, "款"), (210.0, "人员经费"), (290.0, "公用经费")]),
        (172.0, &[(53.0, "工资"), (123.0, "津贴"), (230.0, "100.00"), (310.0, "10.00")]),
        (184.0, &[(53.0, "工资"), (123.0, "奖金"), (230.0, "200.00"), (310.0, "20.00")]),
        (196.0, &[(53.0, "工资"), (123.0, "绩效"), (230.0, "300.00"), (310.0, "30.00")]),
        (206.0, &[(53.0, "合计"), (230.0, "600.00"), (310.0, "60.00")]),
    ];
    for (y, texts) in lines {
        texts.iter().for_each(|(x, text)| paint(&mut page, text, *x, y, 9.0));
    }
    let texts: Vec<String> = read(&page).grids[0].cells.iter().take(6).map(Cell::text).collect();
    assert_eq!(texts, ["部门名称：甲市乙县农业局", "单位：元", "科目", "基本支出", "类", "款"]);
}

/// As `expenditure`, in whole numbers.
fn without_decimals(blank: &str) -> Table {
    let mut table = expenditure();
    let mut cells = Vec::new();
    for row in 3..table.rows {
        for column in 4..7 {
            let amount = table
                .cells
                .iter()
                .find(|t| (t.row, t.column) == (row, column))
                .map(|t| t.text.replace(".50", ""));
            let text = amount.map_or(blank.to_owned(), |t| t.replace(".00", "").replace(',', " "));
            cells.push(Text::one(row, column, &text));
        }
    }
    table.cells.retain(|t| t.row < 3 || t.column < 4);
    table.cells.extend(cells);
    table
}

#[test]
fn amounts_without_decimals_between_vertical_rules_tell_rows_too() {
    assert_reads_back(&without_decimals("0"), Style::Uprights, Setting::default());
}

#[test]
fn zeros_above_one_another_are_several_rows() {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    for y in [100.0, 180.0] {
        hline(&mut page, y, 50.0, 380.0);
    }
    for x in [50.0, 160.0, 220.0, 320.0, 380.0] {
        vline(&mut page, x, 100.0, 180.0);
    }
    let rows = [
        ["事业收入", "0", "", ""],
        ["其他收入", "0", "", ""],
        ["上年结转", "0", "", ""],
        ["单位资金", "0", "", ""],
        ["收入总计", "885 777", "支出总计", "885 777"],
    ];
    for (n, row) in rows.into_iter().enumerate() {
        for (text, x) in row.into_iter().zip([53.0, 163.0, 223.0, 323.0]).filter(|(t, _)| !t.is_empty()) {
            paint(&mut page, text, x, 112.0 + 15.0 * n as f32, 9.0);
        }
    }
    let out = read(&page);
    let texts: Vec<String> = out.grids[0].cells.iter().map(Cell::text).collect();
    assert_eq!(texts, rows.concat());
}
