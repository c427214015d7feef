//! Quirks of grids, one small test each; `properties` draws tables and reads them back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod properties;

use super::synthetic::{Align, Column, Setting, Style, Table, Text, draw, expected, read_cells};
use super::{PageGrids, page_grids};
use crate::layout::page_text;
use crate::options::Deadline;
use crate::pdf::Page;

pub(super) fn read(page: &Page) -> PageGrids {
    page_grids(page, &page_text(page), Deadline::never())
}

/// Three code columns, a name and three amounts under two header bands: the commonest table of all.
pub(super) fn expenditure() -> Table {
    let narrow = Column { width: 2.6, align: Align::Centre };
    let amount = Column { width: 7.0, align: Align::Right };
    let mut cells = vec![
        Text::span(0, 0, 1, 4, "科目"),
        Text::span(0, 4, 1, 3, "支出预算"),
        Text::span(1, 0, 1, 3, "科目代码"),
        Text::span(1, 3, 2, 1, "科目名称"),
        Text::span(1, 4, 2, 1, "合计"),
        Text::span(1, 5, 2, 1, "基本支出"),
        Text::span(1, 6, 2, 1, "项目支出"),
        Text::one(2, 0, "类"),
        Text::one(2, 1, "款"),
        Text::one(2, 2, "项"),
    ];
    let body: [(&str, &str, &str, &str, [&str; 3]); 6] = [
        ("201", "", "", "一般公共服务支出", ["1,234.50", "1,000.00", "234.50"]),
        ("201", "13", "", "商贸事务", ["1,234.50", "1,000.00", "234.50"]),
        ("201", "13", "01", "行政运行", ["1,000.00", "1,000.00", ""]),
        ("201", "13", "99", "其他商贸事务支出", ["234.50", "", "234.50"]),
        ("208", "", "", "社会保障和就业支出", ["66.00", "66.00", ""]),
        ("208", "05", "05", "机关事业单位基本养老保险缴费支出", ["66.00", "66.00", ""]),
    ];
    for (i, (a, b, c, name, amounts)) in body.iter().enumerate() {
        for (column, text) in [a, b, c, name].into_iter().chain(amounts.iter()).enumerate() {
            if !text.is_empty() {
                cells.push(Text::one(3 + i, column, text));
            }
        }
    }
    cells.push(Text::span(9, 0, 1, 4, "总计"));
    cells.push(Text::one(9, 4, "1,300.50"));
    cells.push(Text::one(9, 5, "1,066.00"));
    cells.push(Text::one(9, 6, "234.50"));
    let columns =
        vec![narrow, narrow, narrow, Column { width: 14.0, align: Align::Left }, amount, amount, amount];
    Table { columns, rows: 10, header: 3, cells }
}

/// What is wrong with reading the table back, if anything.
pub(super) fn complaint(table: &Table, style: Style, setting: Setting) -> Option<String> {
    let page = draw(table, style, setting);
    let out = read(&page);
    let [grid] = out.grids.as_slice() else {
        return Some(format!(
            "{} grids; lines {:?}",
            out.grids.len(),
            out.lines.iter().map(|l| &l.text).collect::<Vec<_>>()
        ));
    };
    let (got, want) = (read_cells(grid), expected(table));
    let missing: Vec<_> = want.iter().filter(|c| !got.contains(c)).collect();
    let extra: Vec<_> = got.iter().filter(|c| !want.contains(c)).collect();
    let size = (grid.rows(), grid.columns()) != (table.rows, table.columns.len());
    if !missing.is_empty() || !extra.is_empty() || size {
        return Some(format!(
            "{}×{} instead of {}×{}\n missing {missing:?}\n instead {extra:?}",
            grid.rows(),
            grid.columns(),
            table.rows,
            table.columns.len()
        ));
    }
    (!out.lines.is_empty())
        .then(|| format!("left over: {:?}", out.lines.iter().map(|l| &l.text).collect::<Vec<_>>()))
}

pub(super) fn assert_reads_back(table: &Table, style: Style, setting: Setting) {
    if let Some(complaint) = complaint(table, style, setting) {
        panic!("{style:?} {setting:?}: {complaint}");
    }
}

#[test]
fn full_grids_read_back_in_every_way_of_painting_them() {
    for style in
        [Style::Grid, Style::CellRects, Style::Segments, Style::OpenSides, Style::Double, Style::Dashed]
    {
        assert_reads_back(&expenditure(), style, Setting::default());
    }
}
