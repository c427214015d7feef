//! What is no table is no table.

use super::super::synthetic::{hline, paint, text_width, vline};
use super::read;
use crate::grid::adopt_columns;
use crate::pdf::Page;

fn page() -> Page {
    Page { number: 1, width: 600.0, height: 800.0, ..Page::default() }
}

/// Rules of a plot with the numbers of its axis on the left.
fn plot() -> Page {
    let mut page = page();
    for n in 0..=5 {
        let y = 100.0 + 30.0 * n as f32;
        hline(&mut page, y, 100.0, 400.0);
        let tick = (500 - 100 * n).to_string();
        paint(&mut page, &tick, 92.0 - text_width(&tick, 9.0), y + 3.0, 9.0);
    }
    for x in [100.0, 250.0, 400.0] {
        vline(&mut page, x, 100.0, 250.0);
    }
    page
}

#[test]
fn a_chart_is_no_table_and_its_labels_stay_text() {
    let mut page = plot();
    paint(&mut page, "Spread", 300.0, 114.0, 9.0);
    let out = read(&page);
    assert_eq!(out.grids.len(), 0);
    assert_eq!(out.lines.len(), 7);
}

#[test]
fn rules_with_numbers_between_them_are_a_table_whatever_stands_beside() {
    let mut page = plot();
    paint(&mut page, "12.50", 300.0, 114.0, 9.0);
    assert_eq!(read(&page).grids.len(), 1);
}

#[test]
fn sentences_of_the_next_page_are_no_rows_of_the_table_before() {
    let mut next = super::read(&Page { number: 2, ..page() });
    let first = super::follow::first();
    let mut grid = first.grids[0].clone();
    grid.page = 2;
    grid.method = crate::grid::Method::Stream;
    for (n, cell) in grid.cells.iter_mut().filter(|c| !c.is_blank()).enumerate() {
        cell.lines.truncate(1);
        cell.lines[0].text = if n % 2 == 0 { "12.00".to_owned() } else { "情况说明。".to_owned() };
    }
    let own = vec![grid];
    next.grids.clone_from(&own);
    let mut pages = vec![first, next];
    adopt_columns(&mut pages);
    assert_eq!(pages[1].grids, own);
}
