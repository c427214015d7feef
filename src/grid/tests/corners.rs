//! Borders that stop short of the corners.

use super::super::synthetic::{Setting, Style, hline, paint, vline};
use super::{assert_reads_back, expenditure, read};
use crate::pdf::Page;

/// Cells of 60 × 14 points, each of whose sides stops 1.5 points before the corners.
fn short(page: &mut Page, top: f32, rows: usize, texts: impl Fn(usize, usize) -> String) {
    for r in 0..=rows {
        let y = top + 14.0 * r as f32;
        for c in 0..=3 {
            let x = 50.0 + 60.0 * c as f32;
            if c < 3 {
                hline(page, y, x + 1.5, x + 58.5);
            }
            if r < rows {
                vline(page, x, y + 1.5, y + 12.5);
            }
            if c < 3 && r < rows {
                paint(page, &texts(r, c), x + 3.0, y + 10.0, 7.0);
            }
        }
    }
}

#[test]
fn borders_that_stop_short_of_the_corners_part_cells() {
    for size in [6.0, 7.0, 9.0] {
        assert_reads_back(&expenditure(), Style::Short, Setting { size, ..Setting::default() });
    }
}

#[test]
fn two_tables_one_above_the_other_whose_borders_stop_short_stay_two() {
    let mut page = Page { number: 1, width: 400.0, height: 800.0, ..Page::default() };
    short(&mut page, 100.0, 3, |r, c| format!("{r}{c}.00"));
    short(&mut page, 145.0, 3, |r, c| format!("{r}{c}.00"));
    let out = read(&page);
    let sizes: Vec<_> = out.grids.iter().map(|g| (g.rows(), g.columns())).collect();
    assert_eq!(sizes, [(3, 3), (3, 3)]);
}

#[test]
fn an_unpainted_side_is_no_corner() {
    let mut page = Page { number: 1, width: 400.0, height: 800.0, ..Page::default() };
    short(&mut page, 100.0, 3, |r, c| if (r, c) == (1, 0) { String::new() } else { format!("{r}{c}.00") });
    page.rulings.retain(|r| !((r.at - 114.0).abs() < 0.1 && r.from < 60.0));
    let out = read(&page);
    let merged = out.grids[0].cells.iter().find(|c| c.row_span > 1).map(|c| (c.row, c.column, c.text()));
    assert_eq!(merged, Some((0, 0, "00.00".to_owned())));
}
