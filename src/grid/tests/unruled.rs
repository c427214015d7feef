//! Quirks of tables whose columns no ruling parts.

use super::super::synthetic::{Align, Column, Setting, Style, Table, Text, hline, paint, text_width};
use super::super::{Cell, Grid, Method};
use super::{assert_reads_back, read};
use crate::pdf::Page;

fn page() -> Page {
    Page { number: 1, width: 600.0, height: 800.0, ..Page::default() }
}

fn texts(grid: &Grid, row: u32) -> Vec<String> {
    grid.cells.iter().filter(|c| c.row == row).map(Cell::text).collect()
}

/// Text centred over `x`.
fn centred(page: &mut Page, text: &str, x: f32, y: f32) {
    paint(page, text, x - text_width(text, 9.0) * 0.5, y, 9.0);
}

fn columns(amounts: usize) -> Vec<Column> {
    let name = Column { width: 12.0, align: Align::Left };
    std::iter::once(name).chain((0..amounts).map(|_| Column { width: 9.0, align: Align::Right })).collect()
}

#[test]
fn a_heading_between_two_others_spans_them_although_short_amounts_stand_under_it() {
    let mut cells = vec![
        Text::span(0, 0, 3, 1, "科目名称"),
        Text::span(0, 1, 1, 4, "政府性基金预算支出"),
        Text::span(1, 1, 2, 1, "合计"),
        Text::span(1, 2, 1, 2, "基本支出"),
        Text::one(2, 2, "人员经费"),
        Text::one(2, 3, "公用经费"),
        Text::span(1, 4, 2, 1, "项目支出"),
        Text::one(3, 0, "总计"),
    ];
    cells.extend((1..5).map(|c| Text::one(3, c, "0")));
    let table = Table { columns: columns(4), rows: 4, header: 3, cells };
    assert_reads_back(&table, Style::HorizontalRules, Setting::default());
    let drawn = super::draw(&table, Style::HorizontalRules, Setting::default());
    assert_eq!(read(&drawn).grids[0].method, Method::Edged);
}

#[test]
fn columns_without_any_amount_are_told_by_their_headings_middles() {
    let mut page = page();
    for y in [100.0, 116.0, 132.0, 148.0] {
        hline(&mut page, y, 50.0, 450.0);
    }
    for (x, text) in [(100.0, "科目名称"), (200.0, "合计"), (300.0, "基本支出"), (400.0, "项目支出")]
    {
        centred(&mut page, text, x, 112.0);
    }
    for (y, name) in [(128.0, "公共安全支出"), (144.0, "教育支出")] {
        paint(&mut page, name, 53.0, y, 9.0);
        paint(&mut page, "5.00", 447.0 - text_width("5.00", 9.0), y, 9.0);
    }
    let out = read(&page);
    assert_eq!(texts(&out.grids[0], 1), ["公共安全支出", "", "", "5.00"]);
    let near = |a: f32, b: f32| (a - b).abs() < 2.0;
    assert!(out.grids[0].xs.iter().zip([50.0, 150.0, 250.0, 350.0, 450.0]).all(|(a, b)| near(*a, b)));
}

#[test]
fn headings_above_the_first_rule_are_the_tables() {
    let mut page = page();
    for y in [100.0, 116.0, 132.0] {
        hline(&mut page, y, 50.0, 350.0);
    }
    for (x, text) in [(100.0, "科目名称"), (200.0, "合计"), (300.0, "基本支出")] {
        centred(&mut page, text, x, 95.0);
    }
    for (y, name) in [(112.0, "公共安全支出"), (128.0, "教育支出")] {
        paint(&mut page, name, 53.0, y, 9.0);
        paint(&mut page, "5.00", 240.0, y, 9.0);
        paint(&mut page, "6.00", 330.0, y, 9.0);
    }
    let out = read(&page);
    assert_eq!(texts(&out.grids[0], 0), ["科目名称", "合计", "基本支出"]);
    assert_eq!(texts(&out.grids[0], 1), ["公共安全支出", "5.00", "6.00"]);
}

#[test]
fn the_rule_under_a_running_head_is_not_the_tables() {
    let mut page = page();
    centred(&mut page, "某局部门预算公开", 300.0, 45.0);
    hline(&mut page, 50.0, 40.0, 560.0);
    for y in [70.0, 86.0, 102.0] {
        hline(&mut page, y, 50.0, 350.0);
    }
    for (x, text) in [(100.0, "科目名称"), (200.0, "合计"), (300.0, "基本支出")] {
        centred(&mut page, text, x, 82.0);
    }
    paint(&mut page, "公共安全支出", 53.0, 98.0, 9.0);
    paint(&mut page, "5.00", 240.0, 98.0, 9.0);
    paint(&mut page, "6.00", 330.0, 98.0, 9.0);
    let out = read(&page);
    assert_eq!(out.grids.len(), 1);
    assert!(out.grids[0].bbox.x1 < 360.0 && out.grids[0].bbox.y0 > 60.0, "{:?}", out.grids[0].bbox);
}

#[test]
fn the_last_row_alone_on_a_page_is_a_grid() {
    let mut page = page();
    for y in [60.0, 76.0] {
        hline(&mut page, y, 50.0, 450.0);
    }
    for (x, text) in [(70.0, "收入总计"), (150.0, "506.44"), (250.0, "支出总计"), (400.0, "506.44")] {
        paint(&mut page, text, x, 72.0, 9.0);
    }
    let out = read(&page);
    assert_eq!(texts(&out.grids[0], 0), ["收入总计", "506.44", "支出总计", "506.44"]);
}

#[test]
fn a_long_name_between_two_rules_is_one_row() {
    let mut page = page();
    for y in [100.0, 116.0, 216.0, 232.0] {
        hline(&mut page, y, 50.0, 350.0);
    }
    for (x, text) in [(100.0, "项目名称"), (200.0, "合计"), (300.0, "基本支出")] {
        centred(&mut page, text, x, 112.0);
    }
    for n in 0..8 {
        paint(&mut page, "老旧小区改造经费", 53.0, 126.0 + 12.0 * n as f32, 9.0);
    }
    paint(&mut page, "5.00", 240.0, 126.0, 9.0);
    paint(&mut page, "6.00", 330.0, 126.0, 9.0);
    paint(&mut page, "合计", 90.0, 228.0, 9.0);
    paint(&mut page, "5.00", 240.0, 228.0, 9.0);
    paint(&mut page, "6.00", 330.0, 228.0, 9.0);
    assert_eq!(read(&page).grids[0].rows(), 3);
}

#[test]
fn the_total_of_an_empty_striped_table_is_its_last_row() {
    let mut page = page();
    page.fills
        .push(crate::pdf::Fill { bbox: crate::geometry::Rect::new(50.0, 100.0, 350.0, 116.0), shade: 217 });
    for (x, text) in [(100.0, "科目名称"), (200.0, "合计"), (300.0, "基本支出")] {
        centred(&mut page, text, x, 112.0);
    }
    centred(&mut page, "总计", 100.0, 128.0);
    let out = read(&page);
    assert_eq!(out.grids[0].rows(), 2);
    assert_eq!(texts(&out.grids[0], 1).first().map(String::as_str), Some("总计"));
}

#[test]
fn amounts_too_wide_for_their_cells_stay_whole() {
    use super::super::synthetic::vline;
    let mut page = page();
    for y in [100.0, 116.0, 132.0] {
        hline(&mut page, y, 50.0, 170.0);
    }
    for x in [50.0, 90.0, 130.0, 170.0] {
        vline(&mut page, x, 100.0, 132.0);
    }
    for (x, text) in [(53.0, "合计"), (93.0, "基本"), (133.0, "项目")] {
        paint(&mut page, text, x, 112.0, 9.0);
    }
    // each one begins in its cell and ends over the first digit of the next one
    for (x, text) in [(52.0, "7,722,300.00"), (92.0, "7,410,200.00"), (145.0, "0.00")] {
        let size = 42.0 / text_width("7,722,300.00", 1.0);
        paint(&mut page, text, x, 128.0, size);
    }
    let out = read(&page);
    assert_eq!(texts(&out.grids[0], 1), ["7,722,300.00", "7,410,200.00", "0.00"]);
}

/// Three rules, and rows of 12 points under them: names at 53, amounts that end at 246 and 346.
fn three_line(rows: &[(&str, &str, &str)]) -> Page {
    let mut page = page();
    for (x, text) in [(100.0, "项目"), (230.0, "合计"), (330.0, "基本支出")] {
        centred(&mut page, text, x, 112.0);
    }
    for (n, (name, first, second)) in rows.iter().enumerate() {
        let y = 127.0 + 12.0 * n as f32;
        let indent = name.chars().take_while(|c| *c == ' ').count() as f32;
        paint(&mut page, name.trim_start(), 53.0 + 9.0 * indent, y, 9.0);
        for (x1, text) in [(246.0, first), (346.0, second)] {
            paint(&mut page, text, x1 - text_width(text, 9.0), y, 9.0);
        }
    }
    for y in [100.0, 117.0, 121.0 + 12.0 * rows.len() as f32] {
        hline(&mut page, y, 50.0, 350.0);
    }
    page
}

fn names(page: &Page) -> Vec<String> {
    let grid = &read(page).grids[0];
    (1..grid.rows() as u32).filter_map(|row| texts(grid, row).into_iter().next()).collect()
}

#[test]
fn numbered_entries_as_close_as_lines_are_rows_of_their_own() {
    let rows = [
        ("221住房保障支出", "14.00", "14.00"),
        ("222粮油物资储备支出的款项", "", ""),
        ("223国有资本经营预算支出款", "", ""),
        ("224灾害防治及应急管理支出", "", ""),
        ("227预备费", "1.00", "1.00"),
        ("229其他支出", "2.00", "2.00"),
    ];
    assert_eq!(names(&three_line(&rows)), rows.map(|(name, _, _)| name));
}

#[test]
fn an_indented_line_below_the_longest_name_is_a_row_of_its_own() {
    let rows = [
        ("公务接待费", "2.00", "2.00"),
        ("公务用车购置及运行维护费", "7.49", "7.49"),
        ("  其中：公务用车购置", "", ""),
        ("  公务用车运行维护费", "7.49", "7.49"),
    ];
    assert_eq!(names(&three_line(&rows)), rows.map(|(name, _, _)| name.trim_start()));
}

#[test]
fn a_header_ends_at_its_rule_though_it_is_painted_only_under_the_band() {
    let mut page = page();
    centred(&mut page, "科目编码", 80.0, 117.0);
    centred(&mut page, "科目名称", 160.0, 117.0);
    centred(&mut page, "支出预算", 330.0, 111.0);
    for (x, text) in [(255.0, "合计"), (330.0, "基本支出"), (405.0, "项目支出")] {
        centred(&mut page, text, x, 125.0);
    }
    for (n, code) in ["208", "20805", "2080501", "210"].into_iter().enumerate() {
        let y = 142.0 + 14.0 * n as f32;
        paint(&mut page, code, 53.0, y, 9.0);
        paint(&mut page, "社会保障", 125.0, y, 9.0);
        for x1 in [285.0, 360.0, 435.0] {
            paint(&mut page, "36.37", x1 - text_width("36.37", 9.0), y, 9.0);
        }
    }
    hline(&mut page, 100.0, 50.0, 440.0);
    hline(&mut page, 130.0, 220.0, 440.0);
    hline(&mut page, 190.0, 50.0, 440.0);
    let out = read(&page);
    let rows = out.grids[0].rows() as u32;
    assert_eq!(texts(&out.grids[0], rows - 4), ["208", "社会保障", "36.37", "36.37", "36.37"]);
}

#[test]
fn a_band_right_above_its_middle_column_is_no_first_line_of_it() {
    let mut page = page();
    for (x, y, text) in [
        (90.0, 106.0, "科目名称"),
        (200.0, 106.0, "合计"),
        (350.0, 100.0, "基本支出"),
        (275.0, 112.0, "小计"),
        (350.0, 112.0, "人员经费"),
        (425.0, 112.0, "公用经费"),
        (500.0, 106.0, "项目支出"),
    ] {
        centred(&mut page, text, x, y);
    }
    for (y, name) in [(126.0, "公共安全支出"), (140.0, "教育支出"), (154.0, "合计")] {
        paint(&mut page, name, 53.0, y, 9.0);
        for x in [200.0, 275.0, 350.0, 425.0, 500.0] {
            centred(&mut page, "12,345.00", x, y);
        }
    }
    let out = read(&page);
    assert_eq!(texts(&out.grids[0], 0), ["科目名称", "合计", "基本支出", "项目支出"]);
    assert_eq!(texts(&out.grids[0], 1), ["小计", "人员经费", "公用经费"]);
}

#[test]
fn a_letter_spaced_band_stays_whole_where_its_letters_fall_on_columns() {
    let mut page = page();
    centred(&mut page, "支    出", 347.0, 100.0);
    for (x, text) in [(150.0, "项目"), (272.0, "合计"), (322.0, "基本"), (372.0, "项目"), (422.0, "其他")]
    {
        centred(&mut page, text, x, 114.0);
    }
    for (y, name) in [(128.0, "公共安全支出"), (142.0, "教育支出"), (156.0, "合计")] {
        paint(&mut page, name, 53.0, y, 9.0);
        for x in [297.0, 347.0, 397.0, 447.0] {
            paint(&mut page, "12,345.00", x - text_width("12,345.00", 9.0), y, 9.0);
        }
    }
    let out = read(&page);
    assert_eq!(texts(&out.grids[0], 0), ["项目", "支 出"]);
    assert_eq!(texts(&out.grids[0], 1), ["合计", "基本", "项目", "其他"]);
}

#[test]
fn lines_above_and_below_an_amount_without_a_name_are_its_name() {
    let mut page = page();
    for (x, text) in [(100.0, "科目名称"), (300.0, "合计"), (400.0, "基本支出")] {
        centred(&mut page, text, x, 100.0);
    }
    // the leading within a name is nearly that between rows
    for (y, name) in [
        (116.0, "合计"),
        (132.0, "一般公共"),
        (147.0, "服务支出"),
        (164.0, "群众团体"),
        (179.0, "事务"),
        (196.0, "教育"),
    ] {
        paint(&mut page, name, 80.0, y, 9.0);
    }
    for y in [116.0, 139.5, 171.5, 196.0, 212.0] {
        for x in [320.0, 420.0] {
            paint(&mut page, "5.00", x - text_width("5.00", 9.0), y, 9.0);
        }
    }
    paint(&mut page, "卫生", 80.0, 212.0, 9.0);
    let rows =
        read(&page).grids[0].cells.iter().filter(|c| c.column == 0).map(Cell::text).collect::<Vec<_>>();
    assert_eq!(rows, ["科目名称", "合计", "一般公共服务支出", "群众团体事务", "教育", "卫生"]);
}

#[test]
fn thousands_parted_by_spaces_that_are_texts_of_their_own_are_one_amount() {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    for y in [100.0, 116.0, 190.0] {
        hline(&mut page, y, 50.0, 330.0);
    }
    for (x, text) in [(60.0, "名称"), (180.0, "合计"), (280.0, "上年")] {
        paint(&mut page, text, x, 112.0, 9.0);
    }
    for n in 0..5 {
        let y = 126.0 + 14.0 * n as f32;
        paint(&mut page, "农业农村支出", 53.0, y, 9.0);
        for left in [160.0, 260.0] {
            let mut x = left;
            for group in ["10", "192", "287.68"] {
                paint(&mut page, group, x, y, 9.0);
                x += text_width(group, 9.0) + 1.8;
                paint(&mut page, "\u{2009}", x - 1.8, y, 9.0);
            }
        }
    }
    let out = read(&page);
    let texts: Vec<String> = out.grids[0].cells.iter().filter(|c| c.row == 1).map(Cell::text).collect();
    assert_eq!(texts, ["农业农村支出", "10 192 287.68", "10 192 287.68"]);
}

#[test]
fn the_last_character_of_a_heading_over_two_columns_is_none_of_the_column_under_it() {
    let mut page = page();
    for (y, x0) in [(100.0, 50.0), (136.0, 50.0), (178.0, 50.0)] {
        hline(&mut page, y, x0, 450.0);
    }
    // columns of 26 and 16 points under one heading whose last character stands nearer to the first one's middle
    for (x, y, text) in [
        (71.0, 111.0, "科目代"),
        (71.0, 122.0, "码"),
        (63.0, 133.0, "类"),
        (84.0, 133.0, "款"),
        (141.0, 122.0, "科目名称"),
        (320.0, 116.5, "一般公共预算基本支出"),
        (233.0, 133.0, "合计"),
        (320.0, 133.0, "人员经费"),
        (407.0, 133.0, "公用经费"),
    ] {
        centred(&mut page, text, x, y);
    }
    for (y, code, name) in [(148.0, "01", "基本工资"), (160.0, "02", "津贴补贴"), (172.0, "03", "奖金")]
    {
        paint(&mut page, "301", 55.0, y, 9.0);
        paint(&mut page, code, 79.0, y, 9.0);
        paint(&mut page, name, 94.0, y, 9.0);
        for x1 in [274.0, 360.0] {
            paint(&mut page, "5.00", x1 - text_width("5.00", 9.0), y, 9.0);
        }
    }
    let out = read(&page);
    assert_eq!(texts(&out.grids[0], 0)[0], "科目代码");
    assert_eq!(texts(&out.grids[0], 1)[..2], ["类", "款"]);
}

#[test]
fn a_code_at_the_top_of_its_cell_is_no_row_above_the_middle_of_a_wrapped_name() {
    let mut page = page();
    for (x, text) in [(65.0, "类"), (130.0, "科目名称"), (230.0, "合计"), (330.0, "基本支出")] {
        centred(&mut page, text, x, 112.0);
    }
    let mut y = 127.0;
    for (code, name) in [
        ("201", &["一般公共服务支出"][..]),
        ("05", &["行政事业单位养老支", "出"]),
        ("", &["行政单位离退休"]),
        ("", &["事业单位离退休"]),
        ("208", &["社会保障和就业支出"]),
    ] {
        paint(&mut page, code, 58.0, y, 9.0);
        for (n, line) in name.iter().enumerate() {
            paint(&mut page, line, 90.0, y + 12.0 * n as f32, 9.0);
        }
        let middle = y + 6.0 * (name.len() as f32 - 1.0);
        for x1 in [246.0, 346.0] {
            paint(&mut page, "5.00", x1 - text_width("5.00", 9.0), middle, 9.0);
        }
        y += 14.0 + 12.0 * (name.len() as f32 - 1.0);
    }
    for y in [100.0, 117.0, y - 8.0] {
        hline(&mut page, y, 50.0, 350.0);
    }
    let out = read(&page);
    assert_eq!(texts(&out.grids[0], 2), ["05", "行政事业单位养老支出", "5.00", "5.00"]);
    assert_eq!(out.grids[0].rows(), 6);
}
