//! Amounts without decimals, and tables with nothing painted but a frame.

use super::super::synthetic::{hline, paint, text_width, vline};
use super::super::{Cell, Grid};
use super::read;
use crate::pdf::Page;

fn page() -> Page {
    Page { number: 1, width: 600.0, height: 800.0, ..Page::default() }
}

fn texts(grid: &Grid, row: u32) -> Vec<String> {
    grid.cells.iter().filter(|c| c.row == row).map(Cell::text).collect()
}

fn right(page: &mut Page, text: &str, x: f32, y: f32) {
    paint(page, text, x - text_width(text, 9.0), y, 9.0);
}

fn centred(page: &mut Page, text: &str, x: f32, y: f32) {
    paint(page, text, x - text_width(text, 9.0) * 0.5, y, 9.0);
}

/// Codes, names and two columns of numbers that end at 360 and 450.
fn table(page: &mut Page, rows: &[[&str; 4]]) {
    for (x, text) in [(75.0, "编码"), (175.0, "名称"), (325.0, "合计"), (410.0, "基本支出")] {
        centred(page, text, x, 112.0);
    }
    for (n, [code, name, total, basic]) in rows.iter().enumerate() {
        let y = 130.0 + 18.0 * n as f32;
        paint(page, code, 53.0, y, 9.0);
        paint(page, name, 103.0, y, 9.0);
        right(page, total, 360.0, y);
        right(page, basic, 450.0, y);
    }
}

const ROWS: [[&str; 4]; 4] = [
    ["205", "教育支出", "15517276", "9016701"],
    ["20502", "普通教育", "14482951", "8982376"],
    ["2050201", "学前教育", "817311", "0"],
    ["2050202", "小学教育", "656118", ""],
];

#[test]
fn numbers_of_many_lengths_beside_names_are_amounts() {
    let mut page = page();
    table(&mut page, &ROWS);
    let out = read(&page);
    assert_eq!(out.grids.len(), 1);
    assert_eq!(texts(&out.grids[0], 0), ["编码", "名称", "合计", "基本支出"]);
    for (n, row) in ROWS.iter().enumerate() {
        assert_eq!(texts(&out.grids[0], n as u32 + 1), row);
    }
}

#[test]
fn telephone_numbers_and_years_beside_names_are_none() {
    let mut page = page();
    let rows = [
        ["1", "办公室", "2023", "5556601"],
        ["2", "财务科", "2024", "5556602"],
        ["3", "业务科", "2025", "5556603"],
    ];
    for (n, [serial, name, year, phone]) in rows.iter().enumerate() {
        let y = 130.0 + 18.0 * n as f32;
        paint(&mut page, name, 103.0, y, 9.0);
        paint(&mut page, serial, 253.0, y, 9.0);
        right(&mut page, year, 360.0, y);
        right(&mut page, phone, 450.0, y);
    }
    let text = crate::layout::page_text(&page);
    let words: Vec<u32> = (0..text.words.len() as u32).collect();
    let mut items = super::super::stream::items::items(&text, words.into_iter());
    super::super::stream::whole::promote(&mut items.iter_mut().collect::<Vec<_>>(), &text);
    assert!(!items.iter().any(super::super::stream::items::Item::is_amount));
}

#[test]
fn a_frame_with_a_rule_under_some_headings_is_one_table() {
    let mut page = page();
    for y in [100.0, 190.0] {
        hline(&mut page, y, 50.0, 455.0);
    }
    for x in [50.0, 455.0] {
        vline(&mut page, x, 100.0, 190.0);
    }
    hline(&mut page, 118.0, 290.0, 455.0);
    table(&mut page, &ROWS);
    let out = read(&page);
    assert_eq!(out.grids.len(), 1);
    assert_eq!(texts(&out.grids[0], 0), ["编码", "名称", "合计", "基本支出"]);
    assert_eq!(texts(&out.grids[0], 1), ROWS[0]);
    assert_eq!(texts(&out.grids[0], 4), ROWS[3]);
}

#[test]
fn an_empty_table_in_a_frame_keeps_the_label_of_its_total() {
    let mut page = page();
    for y in [100.0, 118.0, 136.0] {
        hline(&mut page, y, 50.0, 455.0);
    }
    for x in [50.0, 455.0] {
        vline(&mut page, x, 100.0, 136.0);
    }
    table(&mut page, &[["", "合计", "", ""]]);
    let out = read(&page);
    assert_eq!(out.grids.len(), 1);
    assert_eq!(texts(&out.grids[0], 1).concat(), "合计");
}

#[test]
fn an_empty_table_without_any_rule_is_told_by_its_caption_and_total() {
    let mut page = page();
    paint(&mut page, "单位：万元", 400.0, 94.0, 9.0);
    table(&mut page, &[["", "合计", "", ""]]);
    let out = read(&page);
    assert_eq!(out.grids.len(), 1);
    assert_eq!(texts(&out.grids[0], 0), ["编码", "名称", "合计", "基本支出"]);
    assert_eq!(texts(&out.grids[0], 1).concat(), "合计");
}

#[test]
fn numbers_below_one_another_outside_of_grids_are_told() {
    let mut page = page();
    for (n, [_, name, total, basic]) in ROWS.iter().enumerate() {
        let y = 130.0 + 60.0 * n as f32;
        paint(&mut page, name, 103.0, y, 9.0);
        right(&mut page, total, 360.0, y);
        right(&mut page, if basic.len() > 1 { basic } else { "8000" }, 450.0, y);
    }
    let out = read(&page);
    assert!(out.grids.is_empty() && out.leaves_amounts());
}

#[test]
fn amounts_in_prose_are_no_column() {
    let mut page = page();
    for n in 0..8 {
        let text = format!(
            "（{n}）支出预算为 {}.20 万元，比上年增加 {}.5 万元，主要原因是人员增加。",
            100 * n + 7,
            n
        );
        paint(&mut page, &text, 80.0, 130.0 + 18.0 * n as f32, 9.0);
    }
    assert!(!read(&page).leaves_amounts());
}
