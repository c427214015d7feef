//! Tables that go on on the next page without their header.

use super::super::synthetic::{hline, paint};
use super::super::{Cell, Gap, PageGrids, adopt_columns};
use super::below::{XS, body, header};
use super::read;
use crate::pdf::Page;

fn page(number: u32) -> Page {
    Page { number, width: 600.0, height: 800.0, ..Page::default() }
}

/// The first page: all columns hold amounts.
pub(super) fn first() -> PageGrids {
    let mut page = page(1);
    header(&mut page);
    let rows = [
        ["21", "", "城乡社区支出", "266.00", "10.00", "256.00"],
        ["21", "08", "国有土地使用权支出", "266.00", "10.00", "256.00"],
    ];
    body(&mut page, 140.0, &rows);
    read(&page)
}

/// The next page: nothing in the column before the last one.
const REST: [[&str; 6]; 3] = [
    ["22", "", "住房保障支出", "32.00", "", "32.00"],
    ["22", "01", "住房公积金", "12.00", "", "12.00"],
    ["", "", "合计", "298.00", "", "298.00"],
];

fn rows(page: &PageGrids) -> Vec<Vec<String>> {
    let grid = &page.grids[0];
    (0..grid.rows() as u32)
        .map(|r| grid.cells.iter().filter(|c| c.row == r).map(Cell::text).collect())
        .collect()
}

#[test]
fn a_page_without_a_header_has_the_columns_of_the_page_before_also_where_they_are_blank() {
    for ruled in [false, true] {
        let mut next = page(2);
        body(&mut next, 60.0, &REST);
        if ruled {
            hline(&mut next, 48.0, XS[0], XS[6]);
            hline(&mut next, 96.0, XS[0], XS[6]);
        }
        let mut last = page(3);
        body(&mut last, 60.0, &REST[1..]);
        let mut pages = vec![first(), read(&next), read(&last)];
        assert_ne!(pages[1].grids[0].xs, XS);
        adopt_columns(&mut pages);
        assert_eq!(rows(&pages[1]), REST);
        assert_eq!(rows(&pages[2]), REST[1..]);
        assert_eq!(pages[2].grids[0].xs, XS);
    }
}

#[test]
fn a_page_whose_numbers_stand_elsewhere_keeps_its_own_columns() {
    let mut next = page(2);
    for (n, (name, amount)) in
        [("甲单位", "12.00"), ("乙单位", "13.00"), ("丙单位", "14.00")].into_iter().enumerate()
    {
        let y = 60.0 + 15.0 * n as f32;
        paint(&mut next, name, 110.0, y, 9.0);
        paint(&mut next, amount, 225.0, y, 9.0);
        paint(&mut next, amount, 340.0, y, 9.0);
    }
    let mut pages = vec![first(), read(&next)];
    let own = pages[1].grids.clone();
    adopt_columns(&mut pages);
    assert_eq!(pages[1].grids, own);
}

#[test]
fn a_page_with_a_title_of_its_own_keeps_its_own_columns() {
    let mut next = page(2);
    paint(&mut next, "表三", 50.0, 30.0, 9.0);
    body(&mut next, 60.0, &REST);
    let mut pages = vec![first(), read(&next)];
    let own = pages[1].grids.clone();
    adopt_columns(&mut pages);
    assert_eq!(pages[1].grids, own);
}

#[test]
fn a_name_and_an_amount_that_came_out_as_one_cell_are_parted_at_the_columns_of_the_page_before() {
    let mut next = page(2);
    for (y, name) in [(60.0, "住房公积金"), (75.0, "住房改革")] {
        paint(&mut next, name, XS[2] + 2.0, y, 9.0);
    }
    for (x, text) in [(XS[3] - 20.0, "合计"), (XS[4] - 28.7, "298.00"), (XS[6] - 28.7, "298.00")] {
        paint(&mut next, text, x, 90.0, 9.0);
    }
    hline(&mut next, 48.0, XS[0], XS[6]);
    hline(&mut next, 96.0, XS[0], XS[6]);
    let mut pages = vec![first(), read(&next)];
    // one cell of both, as columns come out where nothing stands above them
    let cells = &mut pages[1].grids[0].cells;
    let at = cells.iter().position(|c| c.text() == "合计").unwrap();
    let amount = cells[at + 1].lines.pop().unwrap();
    let line = &mut cells[at].lines[0];
    line.gaps.push(Gap { at: line.text.len(), x0: line.bbox.x1, x1: amount.bbox.x0 });
    line.text = format!("{} {}", line.text, amount.text);
    line.bbox = line.bbox.union(&amount.bbox);
    adopt_columns(&mut pages);
    let want = [
        ["", "", "住房公积金", "", "", ""],
        ["", "", "住房改革", "", "", ""],
        ["", "", "合计", "298.00", "", "298.00"],
    ];
    assert_eq!(rows(&pages[1]), want);
}

#[test]
fn a_page_that_prints_the_header_again_keeps_its_own_columns() {
    let mut again = page(2);
    header(&mut again);
    again.rulings.clear();
    body(&mut again, 140.0, &REST);
    let mut pages = vec![first(), read(&again)];
    let own = pages[1].grids.clone();
    adopt_columns(&mut pages);
    assert_eq!(pages[1].grids, own);
}
