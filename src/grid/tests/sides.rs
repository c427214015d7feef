//! Quirks of rows whose cells stand at the top or the bottom.

use super::super::synthetic::{hline, paint, vline};
use super::super::{Cell, Grid};
use super::read;
use crate::pdf::Page;

/// A table with vertical rules under a ruled header; `lines` are heights with the texts of the columns there.
fn uprights(xs: &[f32], headings: &[&str], lines: &[(f32, &[&str])]) -> Grid {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    let bottom = lines.iter().map(|(y, _)| *y).fold(0.0, f32::max) + 4.0;
    let (left, right) = (xs[0], xs[xs.len() - 1]);
    for y in [100.0, 116.0, bottom] {
        hline(&mut page, y, left, right);
    }
    for x in xs {
        vline(&mut page, *x, 100.0, bottom);
    }
    for (y, texts) in std::iter::once((112.0, headings)).chain(lines.iter().copied()) {
        for (x, text) in xs.iter().zip(texts) {
            paint(&mut page, text, x + 3.0, y, 9.0);
        }
    }
    read(&page).grids.remove(0)
}

fn column(grid: &Grid, column: u32) -> Vec<String> {
    grid.cells.iter().filter(|c| c.row > 0 && c.column == column).map(Cell::text).collect()
}

#[test]
fn names_that_begin_beside_their_amounts_go_on_below_though_rows_are_as_close_as_lines() {
    let lines: [(f32, &[&str]); 8] = [
        (126.0, &["机关事业单位", "1.00"]),
        (136.0, &["养老保险缴费"]),
        (146.0, &["支出"]),
        (156.0, &["卫生健康支出", "2.00"]),
        (169.0, &["行政事业单位", "3.00"]),
        (179.0, &["医疗"]),
        (189.0, &["其他支出", "4.00"]),
        (202.0, &["合计", "10.00"]),
    ];
    let grid = uprights(&[50.0, 110.0, 170.0], &["名称", "合计"], &lines);
    let names = ["机关事业单位养老保险缴费支出", "卫生健康支出", "行政事业单位医疗", "其他支出", "合计"];
    assert_eq!(column(&grid, 0), names);
    assert_eq!(column(&grid, 1), ["1.00", "2.00", "3.00", "4.00", "10.00"]);
}

#[test]
fn names_that_end_beside_their_amounts_begin_above() {
    let lines: [(f32, &[&str]); 7] = [
        (126.0, &["卫生健康支出", "2.00"]),
        (136.0, &["机关事业单位"]),
        (146.0, &["支出", "1.00"]),
        (159.0, &["预备费", "4.00"]),
        (169.0, &["行政事业单位"]),
        (179.0, &["医疗", "3.00"]),
        (192.0, &["合计", "10.00"]),
    ];
    let grid = uprights(&[50.0, 110.0, 170.0], &["名称", "合计"], &lines);
    let names = ["卫生健康支出", "机关事业单位支出", "预备费", "行政事业单位医疗", "合计"];
    assert_eq!(column(&grid, 0), names);
}

#[test]
fn amounts_at_the_top_and_codes_at_the_bottom_of_a_row_take_turns() {
    let lines: [(f32, &[&str]); 8] = [
        (126.0, &["", "科学技术", "1.00"]),
        (136.0, &["206", "支出"]),
        (147.0, &["", "", "2.00"]),
        (152.0, &["2060101", "行政运行"]),
        (163.0, &["", "科学技术", "3.00"]),
        (173.0, &["20607", "普及"]),
        (184.0, &["", "", "4.00"]),
        (189.0, &["2060702", "科普活动"]),
    ];
    let grid = uprights(&[50.0, 100.0, 150.0, 200.0], &["编码", "名称", "合计"], &lines);
    assert_eq!(column(&grid, 0), ["206", "2060101", "20607", "2060702"]);
    assert_eq!(column(&grid, 1), ["科学技术支出", "行政运行", "科学技术普及", "科普活动"]);
    assert_eq!(column(&grid, 2), ["1.00", "2.00", "3.00", "4.00"]);
}

#[test]
fn amounts_at_the_top_and_everything_else_in_the_middle_of_rows_of_different_heights() {
    // rows of 20, 20, 31, 20, 42, 20 points; a name's lines are 11 points apart
    let lines: [(f32, &[&str]); 16] = [
        (126.0, &["", "", "1.00"]),
        (131.0, &["206", "科学技术"]),
        (146.0, &["", "", "2.00"]),
        (151.0, &["20601", "行政运行"]),
        (166.0, &["", "", "3.00"]),
        (171.0, &["", "科学技术"]),
        (176.5, &["20607"]),
        (182.0, &["", "普及"]),
        (197.0, &["", "", "4.00"]),
        (202.0, &["20608", "科普活动"]),
        (217.0, &["", "", "5.00"]),
        (222.0, &["", "机关事业"]),
        (233.0, &["20609", "单位养老"]),
        (244.0, &["", "保险"]),
        (259.0, &["", "", "6.00"]),
        (264.0, &["20699", "其他支出"]),
    ];
    let grid = uprights(&[50.0, 100.0, 150.0, 200.0], &["编码", "名称", "合计"], &lines);
    assert_eq!(column(&grid, 0), ["206", "20601", "20607", "20608", "20609", "20699"]);
    let names = ["科学技术", "行政运行", "科学技术普及", "科普活动", "机关事业单位养老保险", "其他支出"];
    assert_eq!(column(&grid, 1), names);
    assert_eq!(column(&grid, 2), ["1.00", "2.00", "3.00", "4.00", "5.00", "6.00"]);
}

#[test]
fn amounts_in_the_middle_of_names_as_close_as_lines_tell_where_each_name_ends() {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    for (x, text) in [(60.0, "项目名称"), (220.0, "合计"), (320.0, "上年")] {
        paint(&mut page, text, x, 112.0, 9.0);
    }
    let names: [&[&str]; 5] = [
        &["法律顾问及配套", "支出（非税）"],
        &["关于提前下达第", "三方绩效评价补", "助资金（第一", "批）"],
        &["驻村经费"],
        &["数字化（含设备", "购置、人员培训", "推广）"],
        &["合计"],
    ];
    let mut y = 127.0;
    for lines in names {
        for (n, line) in lines.iter().enumerate() {
            paint(&mut page, line, 53.0, y + 12.0 * n as f32, 9.0);
        }
        for x in [220.0, 320.0] {
            paint(&mut page, "5.00", x, y + 6.0 * (lines.len() as f32 - 1.0), 9.0);
        }
        y += 12.0 * lines.len() as f32;
    }
    for y in [100.0, 117.0, y - 6.0] {
        hline(&mut page, y, 50.0, 350.0);
    }
    let out = read(&page);
    let found = out.grids[0].cells.iter().filter(|c| c.row > 0 && c.column == 0).map(Cell::text);
    assert_eq!(found.collect::<Vec<_>>(), names.map(<[&str]>::concat));
}

#[test]
fn rows_without_amounts_around_one_with_them_are_no_lines_of_its_name() {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    for (x, text) in [(60.0, "项目"), (220.0, "合计"), (320.0, "上年")] {
        paint(&mut page, text, x, 112.0, 9.0);
    }
    let rows = ["合计", "因公出国（境）费用", "公务用车", "其中：公务用车购置", "运行维护费", "公务接待费"];
    for (n, name) in rows.iter().enumerate() {
        let y = 127.0 + 14.0 * n as f32;
        paint(&mut page, name, 53.0, y, 9.0);
        for x in [220.0, 320.0] {
            if n % 2 == 0 || n == 5 {
                paint(&mut page, "5.00", x, y, 9.0);
            }
        }
    }
    for y in [100.0, 117.0, 121.0 + 14.0 * rows.len() as f32] {
        hline(&mut page, y, 50.0, 350.0);
    }
    let out = read(&page);
    let found = out.grids[0].cells.iter().filter(|c| c.row > 0 && c.column == 0).map(Cell::text);
    assert_eq!(found.collect::<Vec<_>>(), rows);
}
