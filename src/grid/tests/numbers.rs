//! Numbers are atoms: never torn, glued, or swallowed by a name.

use super::super::synthetic::{hline, paint, text_width, vline};
use super::read;
use crate::grid::Cell;
use crate::normalize::amount::{Parsed, parse};
use crate::pdf::Page;

/// Edges of a code, a name and three amounts.
const XS: [f32; 6] = [50.0, 110.0, 250.0, 320.0, 390.0, 460.0];

/// A frame with a rule under every row; vertical rules part the header's cells alone.
fn header_ruled(rows: &[[&str; 5]]) -> Page {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    for n in 0..=rows.len() {
        hline(&mut page, 100.0 + 18.0 * n as f32, XS[0], XS[5]);
    }
    let bottom = 100.0 + 18.0 * rows.len() as f32;
    for x in XS {
        let framed = x == XS[0] || x == XS[5];
        vline(&mut page, x, 100.0, if framed { bottom } else { 118.0 });
    }
    for (n, row) in rows.iter().enumerate() {
        for (c, text) in row.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            let x = if c < 2 { XS[c] + 3.0 } else { XS[c + 1] - 3.0 - text_width(text, 9.0) };
            paint(&mut page, text, x, 113.0 + 18.0 * n as f32, 9.0);
        }
    }
    page
}

fn texts(page: &Page) -> Vec<Vec<String>> {
    let out = read(page);
    let [grid] = out.grids.as_slice() else { panic!("{} grids", out.grids.len()) };
    (0..grid.rows() as u32)
        .map(|r| grid.cells.iter().filter(|c| c.row == r).map(Cell::text).collect())
        .collect()
}

const HEADER: [&str; 5] = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"];

#[test]
fn whole_numbers_under_a_ruled_header_are_not_swallowed_by_the_name() {
    let rows = [
        HEADER,
        ["201", "一般公共服务支出", "320", "300", "20"],
        ["2010101", "行政运行", "300", "300", ""],
        ["2010102", "一般行政管理事务", "20", "", "20"],
    ];
    assert_eq!(texts(&header_ruled(&rows)), rows);
}

#[test]
fn a_single_amount_under_a_ruled_header_is_not_swallowed_by_the_name() {
    let rows =
        [HEADER, ["2010101", "行政运行", "300.00", "", ""], ["2010102", "一般行政管理事务", "20.00", "", ""]];
    let read = texts(&header_ruled(&rows));
    assert_eq!(read[1][..3], rows[1][..3]);
    assert_eq!(read[2][..3], rows[2][..3]);
}

#[test]
fn a_year_in_a_sentence_parts_no_merged_cell() {
    let note = "说明 2024 年 12 月 31 日以前";
    let rows = [HEADER, ["201", "行政运行", "3.00", "2.00", "1.00"], [note, "", "", "", ""]];
    let read = texts(&header_ruled(&rows));
    assert_eq!(read[2], [note]);
}

#[test]
fn numbers_below_one_another_in_a_roomy_cell_stay_two() {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    for y in [100.0, 118.0, 150.0] {
        hline(&mut page, y, XS[0], XS[5]);
    }
    for x in XS {
        vline(&mut page, x, 100.0, 150.0);
    }
    for (c, text) in HEADER.iter().enumerate() {
        paint(&mut page, text, XS[c] + 3.0, 113.0, 9.0);
    }
    paint(&mut page, "行政运行", XS[1] + 3.0, 137.0, 9.0);
    for (text, y) in [("54", 131.0), ("26", 145.0)] {
        paint(&mut page, text, XS[3] - 3.0 - text_width(text, 9.0), y, 9.0);
    }
    let out = read(&page);
    let cell = out.grids[0].cells.iter().find(|c| c.row == 1 && c.column == 2).unwrap();
    assert_eq!(cell.text(), "54\u{2029}26");
    assert_eq!(parse(&cell.text()), Parsed::NotAmount);
}

#[test]
fn the_only_row_between_a_ruled_header_and_the_next_rule_is_the_first_of_the_body() {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    for n in 0..=3 {
        hline(&mut page, 100.0 + 18.0 * n as f32, 50.0, 460.0);
    }
    vline(&mut page, 300.0, 100.0, 118.0);
    let rows = [["项目", "预算数"], ["因公出国（境）费", "3.00"], ["合计", "3.00"]];
    for (n, [name, amount]) in rows.iter().enumerate() {
        paint(&mut page, name, 54.0, 113.0 + 18.0 * n as f32, 9.0);
        paint(&mut page, amount, 456.0 - text_width(amount, 9.0), 113.0 + 18.0 * n as f32, 9.0);
    }
    assert_eq!(texts(&page), rows);
}

#[test]
fn a_centred_heading_far_from_its_amounts_opens_no_third_column() {
    let mut page = Page { number: 1, width: 800.0, height: 800.0, ..Page::default() };
    for n in 0..=4 {
        hline(&mut page, 100.0 + 18.0 * n as f32, 60.0, 760.0);
    }
    let rows = [["项目", "预算数"], ["因公出国（境）费", "3.00"], ["公务接待费", "2.00"], ["合计", "5.00"]];
    for (n, [name, amount]) in rows.iter().enumerate() {
        let y = 113.0 + 18.0 * n as f32;
        paint(&mut page, name, if n == 0 { 220.0 } else { 64.0 }, y, 9.0);
        paint(&mut page, amount, if n == 0 { 560.0 } else { 756.0 - text_width(amount, 9.0) }, y, 9.0);
    }
    assert_eq!(texts(&page), rows);
}

#[test]
fn a_number_painted_with_a_space_before_its_point_is_one_word() {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    paint(&mut page, "1,320 .50", 100.0, 100.0, 9.0);
    let space = page.glyphs.iter().position(|g| g.ch == ' ').unwrap();
    let back = page.glyphs[space].bbox.width() - 2.0;
    page.glyphs.iter_mut().skip(space + 1).for_each(|g| {
        g.bbox.x0 -= back;
        g.bbox.x1 -= back;
    });
    let text = crate::layout::page_text(&page);
    let words: Vec<String> =
        text.words.iter().map(|w| crate::layout::glyphs_text(text.word_glyphs(w))).collect();
    assert_eq!(words, ["1,320.50"]);
}
