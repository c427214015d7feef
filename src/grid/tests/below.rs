//! A header ruled on all sides above a body without a vertical rule.

use super::super::synthetic::{hline, paint, vline};
use super::read;
use crate::grid::Method;
use crate::pdf::Page;

/// Edges of the columns: two for codes, a name, three amounts.
pub(super) const XS: [f32; 7] = [50.0, 74.0, 98.0, 210.0, 270.0, 330.0, 390.0];

/// A header of two levels from 100 to 128, its columns ruled down to there.
pub(super) fn header(page: &mut Page) {
    for y in [100.0, 128.0] {
        hline(page, y, XS[0], XS[6]);
    }
    hline(page, 114.0, XS[0], XS[2]);
    for x in XS {
        vline(page, x, if x == XS[1] { 114.0 } else { 100.0 }, 128.0);
    }
    for (x, y, text) in [
        (55.0, 110.0, "科目代码"),
        (58.0, 124.0, "类"),
        (82.0, 124.0, "款"),
        (130.0, 118.0, "科目名称"),
        (230.0, 118.0, "合计"),
        (280.0, 118.0, "基本支出"),
        (340.0, 118.0, "项目支出"),
    ] {
        paint(page, text, x, y, 9.0);
    }
}

pub(super) fn body(page: &mut Page, top: f32, rows: &[[&str; 6]]) {
    for (n, row) in rows.iter().enumerate() {
        for (c, text) in row.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            let x = if c < 2 {
                (XS[c] + XS[c + 1] - 9.9) * 0.5
            } else if c == 2 {
                XS[c] + 2.0
            } else {
                XS[c + 1] - 2.0 - super::super::synthetic::text_width(text, 9.0)
            };
            paint(page, text, x, top + 15.0 * n as f32, 9.0);
        }
    }
}

fn texts(page: &Page) -> Vec<Vec<String>> {
    let out = read(page);
    let [grid] = out.grids.as_slice() else { panic!("{} grids", out.grids.len()) };
    assert_eq!(grid.method, Method::Edged);
    (2..grid.rows() as u32)
        .map(|r| grid.cells.iter().filter(|c| c.row == r).map(super::super::Cell::text).collect())
        .collect()
}

#[test]
fn the_cells_of_a_ruled_header_tell_the_columns_of_a_body_without_rules() {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    header(&mut page);
    let rows = [
        ["21", "", "城乡社区支出", "266.00", "", "266.00"],
        ["21", "08", "国有土地使用权支出", "266.00", "", "266.00"],
        ["21", "04", "农村基础设施支出", "266.00", "", "266.00"],
    ];
    body(&mut page, 140.0, &rows);
    assert_eq!(texts(&page), rows);
    hline(&mut page, 178.0, XS[0], XS[6]);
    assert_eq!(texts(&page), rows, "with the rule that closes it");
}

#[test]
fn a_single_row_below_a_ruled_header_is_a_row() {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    header(&mut page);
    let rows = [["", "", "合计", "0.00", "0.00", "0.00"]];
    body(&mut page, 140.0, &rows);
    hline(&mut page, 146.0, XS[0], XS[6]);
    assert_eq!(texts(&page), rows);
}

#[test]
fn text_below_a_ruled_header_that_keeps_to_no_column_is_no_row() {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    header(&mut page);
    paint(&mut page, "12,345.67", XS[3] - 20.0, 140.0, 9.0);
    paint(&mut page, "12,345.67", XS[3] + 30.0, 140.0, 9.0);
    let out = read(&page);
    assert_eq!((out.grids[0].rows(), out.grids[0].columns()), (2, 6));
}

#[test]
fn a_note_below_a_ruled_table_without_amounts_is_no_row() {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    header(&mut page);
    paint(&mut page, "说明  本部门没有此项", XS[0] + 2.0, 140.0, 9.0);
    let out = read(&page);
    assert_eq!((out.grids[0].rows(), out.grids[0].columns()), (2, 6));
}

#[test]
fn blank_rows_between_groups_of_rows_end_no_table_whose_header_is_ruled() {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    header(&mut page);
    let blank = ["", "", "", "", "", ""];
    let rows = [
        ["21", "", "城乡社区支出", "266.00", "", "266.00"],
        ["21", "08", "土地使用权支出", "266.00", "", "266.00"],
        blank,
        ["22", "", "住房保障支出", "32.00", "32.00", ""],
        blank,
        ["23", "", "其他支出", "5.00", "5.00", ""],
    ];
    body(&mut page, 140.0, &rows);
    // far below, with numbers in its columns: another table's last rows, or the page's foot
    body(&mut page, 140.0 + 15.0 * 9.0, &[["", "", "经办人", "11.00", "12.00", ""]]);
    let want: Vec<_> = rows.into_iter().filter(|r| *r != blank).collect();
    assert_eq!(texts(&page), want);
}
