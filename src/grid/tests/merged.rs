//! Quirks of cells that are merged down over several rows without a rule around them.

use super::super::Cell;
use super::super::synthetic::{hline, paint, vline};
use super::read;
use crate::pdf::Page;

/// A framed table with a rule under its header: rows of names and amounts, codes at heights of their own.
fn framed(codes: &[(f32, &str)]) -> Vec<(u32, u32, String)> {
    let mut page = Page { number: 1, width: 600.0, height: 800.0, ..Page::default() };
    for y in [100.0, 116.0, 242.0] {
        hline(&mut page, y, 50.0, 330.0);
    }
    for x in [50.0, 330.0] {
        vline(&mut page, x, 100.0, 242.0);
    }
    for (x, text) in [(60.0, "编码"), (140.0, "名称"), (220.0, "合计"), (290.0, "上年")] {
        paint(&mut page, text, x, 112.0, 9.0);
    }
    for n in 0..9 {
        let y = 126.0 + 14.0 * n as f32;
        paint(&mut page, if n < 8 { "农业农村支出" } else { "合计" }, 125.0, y, 9.0);
        paint(&mut page, &format!("{n}1.00"), 220.0, y, 9.0);
        paint(&mut page, &format!("{n}2.00"), 290.0, y, 9.0);
    }
    for (row, code) in codes {
        paint(&mut page, code, 62.0, 126.0 + 14.0 * row, 9.0);
    }
    let coded = |c: &&Cell| c.column == 0 && c.row > 0 && !c.is_blank();
    read(&page).grids[0].cells.iter().filter(coded).map(|c| (c.row, c.row_span, c.text())).collect()
}

#[test]
fn codes_in_the_middle_of_their_rows_cover_the_rows_that_their_middles_tell() {
    let found = framed(&[(0.5, "201"), (3.5, "208"), (6.5, "213")]);
    assert_eq!(found, [(1, 2, "201".to_owned()), (3, 4, "208".to_owned()), (7, 2, "213".to_owned())]);
}

#[test]
fn codes_that_do_not_fill_the_rows_down_to_the_last_cover_none() {
    let found = framed(&[(0.5, "201"), (4.5, "208"), (6.5, "213")]);
    assert!(found.iter().all(|(_, rows, _)| *rows == 1), "{found:?}");
}
