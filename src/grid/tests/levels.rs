//! Quirks of headers whose levels no rule parts.

use super::super::synthetic::{Setting, Style, draw, expected, hline, paint, read_cells, vline};
use super::{expenditure, read};
use crate::pdf::{Axis, Page, Ruling};

/// The ruled table without the horizontal rules inside its header.
fn without_inner_rules() -> Page {
    let mut page = draw(&expenditure(), Style::Grid, Setting::default());
    let horizontal = page.rulings.iter().filter(|r| r.axis == Axis::Horizontal);
    let mut ys: Vec<f32> = horizontal.map(|r| r.at).collect();
    ys.sort_by(f32::total_cmp);
    ys.dedup();
    page.rulings.retain(|r| r.axis == Axis::Vertical || r.at <= ys[0] || r.at >= ys[3]);
    page
}

#[test]
fn header_levels_without_a_rule_between_them_end_where_vertical_rules_begin() {
    let out = read(&without_inner_rules());
    assert_eq!(out.grids.len(), 1);
    assert_eq!(read_cells(&out.grids[0]), expected(&expenditure()));
}

#[test]
fn a_vertical_rule_that_begins_beside_the_middle_of_texts_ends_no_level() {
    let mut page = without_inner_rules();
    // between two headings that stand in the middle of both lower levels
    let middle = page.glyphs.iter().find(|g| g.ch == '基').map(|g| g.bbox.cy()).unwrap();
    let upright = |r: &&Ruling| r.axis == Axis::Vertical;
    let right = page.rulings.iter().filter(upright).map(|r| r.at).fold(0.0, f32::max);
    let last = page.rulings.iter().filter(upright).map(|r| r.at).filter(|x| *x < right - 1.0);
    let last = last.fold(0.0, f32::max);
    page.rulings
        .iter_mut()
        .filter(|r| r.axis == Axis::Vertical && r.at == last)
        .for_each(|r| r.from = middle);
    assert!(read(&page).grids[0].ys.iter().all(|y| (y - middle).abs() > 1.0));
}

#[test]
fn sides_of_merged_headings_that_are_painted_beside_their_first_level_only_part_them_whole() {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    hline(&mut page, 100.0, 50.0, 530.0);
    hline(&mut page, 109.0, 290.0, 530.0);
    hline(&mut page, 133.0, 290.0, 530.0);
    for x in [50.0, 110.0, 230.0] {
        vline(&mut page, x, 100.0, 109.0);
    }
    for (x, top) in [(290.0, 100.0), (370.0, 109.0), (450.0, 109.0), (530.0, 100.0)] {
        vline(&mut page, x, top, 133.0);
    }
    for (x, y, text) in [
        (62.0, 120.0, "科目代码"),
        (152.0, 120.0, "科目名称"),
        (251.0, 120.0, "总计"),
        (392.0, 107.5, "财政拨款"),
        (321.0, 124.0, "小计"),
        (392.0, 124.0, "基本支出"),
        (472.0, 124.0, "项目支出"),
    ] {
        paint(&mut page, text, x, y, 9.0);
    }
    let out = read(&page);
    let cells = &out.grids[0].cells;
    let spans = |text: &str| {
        let cell = cells.iter().find(|c| c.text() == text).unwrap();
        (cell.row, cell.column, cell.row_span, cell.column_span)
    };
    assert_eq!(spans("科目代码"), (0, 0, 2, 1));
    assert_eq!(spans("科目名称"), (0, 1, 2, 1));
    assert_eq!(spans("总计"), (0, 2, 2, 1));
    assert_eq!(spans("财政拨款"), (0, 3, 1, 3));
    assert_eq!(spans("项目支出"), (1, 5, 1, 1));
}
