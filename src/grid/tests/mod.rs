//! Quirks of grids, one small test each; `properties` draws tables and reads them back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod below;
mod corners;
mod follow;
mod levels;
mod merged;
mod numbers;
mod properties;
mod regions;
mod sides;
mod unruled;
mod uprights;
mod whole;
mod wide;

use super::synthetic::{Align, Column, Setting, Style, Table, Text, draw, expected, read_cells};
use super::{PageGrids, page_grids};
use crate::layout::page_text;
use crate::limits::Deadline;
use crate::pdf::Page;

pub(super) fn read(page: &Page) -> PageGrids {
    page_grids(page, &page_text(page), Deadline::never())
}

/// Three code columns, a name and three amounts under two header bands: the commonest table of all.
pub(super) fn expenditure() -> Table {
    let narrow = Column { width: 2.6, align: Align::Centre };
    let amount = Column { width: 7.0, align: Align::Right };
    let mut cells = vec![
        Text::span(0, 0, 1, 4, "科目"),
        Text::span(0, 4, 1, 3, "支出预算"),
        Text::span(1, 0, 1, 3, "科目代码"),
        Text::span(1, 3, 2, 1, "科目名称"),
        Text::span(1, 4, 2, 1, "合计"),
        Text::span(1, 5, 2, 1, "基本支出"),
        Text::span(1, 6, 2, 1, "项目支出"),
        Text::one(2, 0, "类"),
        Text::one(2, 1, "款"),
        Text::one(2, 2, "项"),
    ];
    let body: [(&str, &str, &str, &str, [&str; 3]); 6] = [
        ("201", "", "", "一般公共服务支出", ["1,234.50", "1,000.00", "234.50"]),
        ("201", "13", "", "商贸事务", ["1,234.50", "1,000.00", "234.50"]),
        ("201", "13", "01", "行政运行", ["1,000.00", "1,000.00", ""]),
        ("201", "13", "99", "其他商贸事务支出", ["234.50", "", "234.50"]),
        ("208", "", "", "社会保障和就业支出", ["66.00", "66.00", ""]),
        ("208", "05", "05", "机关事业单位基本养老保险缴费支出", ["66.00", "66.00", ""]),
    ];
    for (i, (a, b, c, name, amounts)) in body.iter().enumerate() {
        for (column, text) in [a, b, c, name].into_iter().chain(amounts.iter()).enumerate() {
            if !text.is_empty() {
                cells.push(Text::one(3 + i, column, text));
            }
        }
    }
    cells.push(Text::span(9, 0, 1, 4, "总计"));
    cells.push(Text::one(9, 4, "1,300.50"));
    cells.push(Text::one(9, 5, "1,066.00"));
    cells.push(Text::one(9, 6, "234.50"));
    let columns =
        vec![narrow, narrow, narrow, Column { width: 14.0, align: Align::Left }, amount, amount, amount];
    Table { columns, rows: 10, header: 3, cells }
}

/// What is wrong with reading the table back, if anything.
pub(super) fn complaint(table: &Table, style: Style, setting: Setting) -> Option<String> {
    let page = draw(table, style, setting);
    let out = read(&page);
    let [grid] = out.grids.as_slice() else {
        return Some(format!(
            "{} grids; lines {:?}",
            out.grids.len(),
            out.lines.iter().map(|l| &l.text).collect::<Vec<_>>()
        ));
    };
    let (got, want) = (read_cells(grid), expected(table));
    let missing: Vec<_> = want.iter().filter(|c| !got.contains(c)).collect();
    let extra: Vec<_> = got.iter().filter(|c| !want.contains(c)).collect();
    let size = (grid.rows(), grid.columns()) != (table.rows, table.columns.len());
    if !missing.is_empty() || !extra.is_empty() || size {
        return Some(format!(
            "{}×{} instead of {}×{}\n missing {missing:?}\n instead {extra:?}",
            grid.rows(),
            grid.columns(),
            table.rows,
            table.columns.len()
        ));
    }
    (!out.lines.is_empty())
        .then(|| format!("left over: {:?}", out.lines.iter().map(|l| &l.text).collect::<Vec<_>>()))
}

pub(super) fn assert_reads_back(table: &Table, style: Style, setting: Setting) {
    if let Some(complaint) = complaint(table, style, setting) {
        panic!("{style:?} {setting:?}: {complaint}");
    }
}

#[test]
fn full_grids_read_back_in_every_way_of_painting_them() {
    for style in
        [Style::Grid, Style::CellRects, Style::Segments, Style::OpenSides, Style::Double, Style::Dashed]
    {
        assert_reads_back(&expenditure(), style, Setting::default());
    }
}

#[test]
fn headings_with_wide_leading_stay_whole_where_rules_part_the_levels() {
    let mut table = expenditure();
    for cell in &mut table.cells {
        if cell.text == "基本支出" {
            cell.text = "上级政府性基金安排的转移支付".to_owned();
        }
        if cell.text == "总计" {
            (cell.column, cell.columns) = (3, 1);
        }
    }
    let setting = Setting { pitch: 1.66, ..Setting::default() };
    assert_reads_back(&table, Style::HorizontalRules, setting);
}

#[test]
fn header_texts_that_nearly_touch_are_cut_at_their_borders() {
    use super::synthetic::{hline, paint, vline};
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    for y in [100.0, 116.0, 132.0] {
        hline(&mut page, y, 50.0, 170.0);
    }
    for x in [50.0, 90.0, 130.0, 170.0] {
        vline(&mut page, x, 100.0, 132.0);
    }
    // the middle text is wider than its cell: the borders run through its brackets' edges
    for (x, text) in [(53.4, "资本性支出"), (89.4, "（基本建设）"), (132.6, "对企业补助")] {
        for (n, ch) in text.chars().enumerate() {
            paint(&mut page, &ch.to_string(), x + 6.9 * n as f32, 110.0, 6.9);
        }
    }
    for (x, text) in [(60.0, "96.31"), (100.0, "8.20"), (140.0, "63.39")] {
        paint(&mut page, text, x, 126.0, 6.9);
    }
    let out = read(&page);
    let texts: Vec<String> = out.grids[0].cells.iter().take(3).map(super::Cell::text).collect();
    assert_eq!(texts, ["资本性支出", "（基本建设）", "对企业补助"]);
}

#[test]
fn a_zero_and_the_code_beside_it_are_two_cells_without_any_vertical_rule() {
    use super::synthetic::{hline, paint};
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    for n in 0..6 {
        hline(&mut page, 100.0 + 16.0 * n as f32, 50.0, 330.0);
    }
    for (x, text) in [(60.0, "项目"), (112.0, "合计"), (160.0, "科目名称"), (290.0, "合计")] {
        paint(&mut page, text, x, 112.0, 9.0);
    }
    let rows = [
        ("甲", "204", "公共安全支出"),
        ("乙", "205", "教育支出"),
        ("丙", "206", "科学技术支出"),
        ("丁", "207", "文化支出"),
    ];
    for (n, (name, code, class)) in rows.into_iter().enumerate() {
        let y = 128.0 + 16.0 * n as f32;
        paint(&mut page, name, 54.0, y, 9.0);
        // right-aligned in its cell, one point before the code that opens the next cell
        paint(&mut page, "0", 137.0, y, 9.0);
        paint(&mut page, code, 143.0, y, 9.0);
        paint(&mut page, class, 160.0, y, 9.0);
        paint(&mut page, "5.00", 306.0, y, 9.0);
    }
    let out = read(&page);
    let texts: Vec<String> =
        out.grids[0].cells.iter().filter(|c| c.row == 1).map(super::Cell::text).collect();
    assert_eq!(texts, ["甲", "0", "204公共安全支出", "5.00"].map(str::to_owned));
}

/// Two columns; the left one's cells `open` (first..last row edge) have no rule between them.
fn partly_ruled(rows: &[&str], open: std::ops::Range<usize>, lines: impl Fn(usize) -> f32) -> Vec<String> {
    use super::synthetic::{hline, paint, vline};
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    let bottom = 100.0 + 16.0 * rows.len() as f32;
    for n in 0..=rows.len() {
        hline(&mut page, 100.0 + 16.0 * n as f32, if open.contains(&n) { 180.0 } else { 50.0 }, 280.0);
    }
    for x in [50.0, 180.0, 280.0] {
        vline(&mut page, x, 100.0, bottom);
    }
    for (n, name) in rows.iter().enumerate() {
        paint(&mut page, name, 53.0, lines(n), 9.0);
        paint(&mut page, if n == 0 { "合计" } else { "5.00" }, 250.0, 112.0 + 16.0 * n as f32, 9.0);
    }
    let out = read(&page);
    out.grids[0].cells.iter().filter(|c| c.column == 0).map(super::Cell::text).collect()
}

#[test]
fn short_texts_below_one_another_are_rows_though_the_rules_between_them_are_missing() {
    let rows = ["项目", "本年收入", "事业收入", "其他收入", "上年结转", "单位资金"];
    assert_eq!(partly_ruled(&rows, 2..rows.len(), |n| 112.0 + 16.0 * n as f32), rows);
}

#[test]
fn three_lines_each_as_high_as_its_amount_are_rows_and_closer_ones_are_one_cell() {
    let rows = ["项目", "公务用车购置", "公务用车运行", "合计"];
    assert_eq!(partly_ruled(&rows, 2..4, |n| 112.0 + 16.0 * n as f32), rows);
    let closer = |n: usize| if n == 0 { 112.0 } else { 144.0 + 11.0 * (n as f32 - 2.0) };
    assert_eq!(partly_ruled(&rows, 2..4, closer), ["项目", "公务用车购置公务用车运行合计"]);
}

#[test]
fn a_zero_that_touches_the_next_cells_enumeration_is_its_own() {
    use super::synthetic::{hline, paint, text_width, vline};
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    for y in [100.0, 116.0] {
        hline(&mut page, y, 50.0, 350.0);
    }
    for x in [50.0, 150.0, 250.0, 350.0] {
        vline(&mut page, x, 100.0, 116.0);
    }
    let x = 148.0 - text_width("0", 9.0);
    paint(&mut page, "0（二）社会保障", x, 112.0, 9.0);
    paint(&mut page, "5.00", 300.0, 112.0, 9.0);
    let texts: Vec<String> = read(&page).grids[0].cells.iter().map(super::Cell::text).collect();
    assert_eq!(texts, ["0", "（二）社会保障", "5.00"].map(str::to_owned));
}
