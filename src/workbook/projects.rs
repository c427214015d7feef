//! A document → its rows on 项目.

use super::sheet::{Book, Cell, Column, Mark};
use super::{Context, columns as list, width};
use crate::dataset::projects;
use std::io;

/// The columns of 项目.
pub(super) fn columns() -> Vec<Column> {
    list(&[
        ("部门", width::WHO),
        ("年度", width::WORD),
        ("所列单位", width::WHO),
        ("项目", width::NAME),
        ("编码", width::CODE),
        ("名称", width::NAME),
        ("表7金额（万元）", width::AMOUNT),
        ("文字金额（万元）", width::AMOUNT),
        ("绩效表金额（万元）", width::AMOUNT),
        ("设立依据", width::TEXT),
        ("实施单位", width::WHO),
        ("资金分配", width::TEXT),
        ("期间", width::NAME),
        ("绩效目标", width::TEXT),
        ("指标数", width::WORD),
        ("不予公开", width::NAME),
        ("页", width::WORD),
        ("文件", width::TEXT),
    ])
}

/// Writes the projects of a document.
pub(super) fn rows(c: &Context, book: &mut Book, sheet: usize) -> io::Result<()> {
    let d = c.document;
    for p in projects(d) {
        let (table, told, form) =
            (p.amount().map(|a| a.value), p.told.and_then(|t| t.amount), p.form_amount());
        // the text or the form prints another amount than the table
        let off = |other: Option<rust_decimal::Decimal>| match (table, other) {
            (Some(table), Some(other)) if table != other => Mark::Doubtful,
            _ => Mark::Plain,
        };
        let withheld = p.told.map(|t| t.withheld.join("、")).filter(|w| !w.is_empty());
        book.row(
            sheet,
            &[
                Cell::text(Some(c.department)),
                Cell::integer(d.head.fiscal_year),
                Cell::text(p.unit),
                Cell::text(Some(p.name)),
                Cell::text(p.row.and_then(|r| r.code.as_deref())),
                Cell::text(p.row.and_then(|r| r.name.as_deref()).filter(|n| *n != p.name)),
                Cell::amount(table),
                Cell::amount(told).marked(off(told)),
                Cell::amount(form).marked(off(form)),
                Cell::text(p.told.and_then(|t| t.policy_basis.as_ref()).map(|b| b.text.as_str())),
                Cell::text(p.told.and_then(|t| t.executor.as_deref())),
                Cell::text(p.told.and_then(|t| t.allocation.as_ref()).map(|a| a.text.as_str())),
                Cell::text(p.period().map(|p| p.text.as_str())),
                Cell::text(p.goal()),
                Cell::count(p.form.map_or(0, |f| f.indicators.len())),
                Cell::text(withheld.as_deref()),
                Cell::integer(p.page()).linked(p.page().and_then(|n| c.review.link(n, 7, "", ""))),
                Cell::text(Some(&d.source.path)),
            ],
        )?;
    }
    Ok(())
}
