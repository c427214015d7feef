//! A comparison → CSV: one row for each difference of the tables, each change that the text prints, and each department
//! that only one side has.

use super::{Comparison, Department};
use crate::dataset::{Cell, Csv, Field, Rows, amount, integer, percent, text};
use crate::output::words;
use std::io::{self, Write};

/// The columns.
const FIELDS: &[Field] = &[
    text("department", "department, as the second document prints it"),
    text("department_id", "the same for all spellings of one office"),
    integer("year_a", "budget year before"),
    integer("year_b", "budget year after"),
    text("what", "new, gone, changed, moved, renamed; text; only_a, only_b; maybe_renamed"),
    integer("table_number", "1 to 12"),
    text("side", "revenue or expenditure, in tables 1 and 4"),
    text("row_kind", "item, project, department or total"),
    text("code_a", "code before"),
    text("code_b", "code after"),
    text("name_a", "name before"),
    text("name_b", "name after; for a change of the text, what it is about"),
    text("project", "name of the project"),
    text("column_id", "column; for a change of the text, its section"),
    amount("a", "amount before; for a change of the text, as last year's own document prints it"),
    amount("b", "amount after"),
    amount("difference", "after less before"),
    percent("percent", "the difference as a share of the amount before"),
    amount("printed_change", "the change that the text prints"),
    amount("implied_previous", "last year's amount that the text implies"),
    text("verdict", "agrees, rounded, contradicts, other_base or unknown"),
    text("reason", "why, as printed"),
    integer("page_a", "page before"),
    integer("page_b", "page after"),
];

/// Writes the comparison as CSV; `mark` puts a byte order mark first.
///
/// # Errors
/// When it cannot be written.
pub fn csv<W: Write>(c: &Comparison, out: W, mark: bool) -> io::Result<W> {
    let mut to = Csv::new(out, FIELDS, mark);
    for d in &c.departments {
        department(d, &mut to)?;
    }
    for (only, what) in [(&c.only_a, "only_a"), (&c.only_b, "only_b")] {
        for d in only {
            let mut cells = [Cell::Blank; FIELDS.len()];
            let year = Cell::integer(d.fiscal_year);
            let (a, b) = if what == "only_a" { (year, Cell::Blank) } else { (Cell::Blank, year) };
            let head = [Cell::Text(&d.department), Cell::Text(&d.department_id), a, b, Cell::Text(what)];
            cells.iter_mut().zip(head).for_each(|(cell, value)| *cell = value);
            to.row(&cells)?;
        }
    }
    for m in &c.maybe_renamed {
        let mut cells = [Cell::Blank; FIELDS.len()];
        cells[4] = Cell::Text("maybe_renamed");
        cells[10] = Cell::Text(&m.a);
        cells[11] = Cell::Text(&m.b);
        to.row(&cells)?;
    }
    to.finish().map(|(out, _)| out)
}

fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(ToOwned::to_owned)).unwrap_or_default()
}

fn department(d: &Department, to: &mut impl Rows) -> io::Result<()> {
    let who = [
        Cell::Text(&d.b.department),
        Cell::Text(&d.b.department_id),
        Cell::integer(d.a.fiscal_year),
        Cell::integer(d.b.fiscal_year),
    ];
    let [department, id, year_a, year_b] = who;
    for c in &d.changes {
        let what = word(&c.what);
        to.row(&[
            department,
            id,
            year_a,
            year_b,
            Cell::Text(&what),
            Cell::Integer(i64::from(c.table)),
            Cell::text(c.side.map(words::side)),
            Cell::Text(words::row_kind(c.row_kind)),
            Cell::text(c.code_a.as_deref()),
            Cell::text(c.code_b.as_deref()),
            Cell::text(c.name_a.as_deref()),
            Cell::text(c.name_b.as_deref()),
            Cell::text(c.project.as_deref()),
            Cell::Text(&c.column),
            Cell::amount(c.a),
            Cell::amount(c.b),
            Cell::Amount(c.difference),
            Cell::amount(c.percent),
            Cell::Blank,
            Cell::Blank,
            Cell::Blank,
            Cell::text(c.reason.as_deref()),
            Cell::integer(c.page_a),
            Cell::integer(c.page_b),
        ])?;
    }
    for t in &d.texts {
        let verdict = word(&t.verdict);
        to.row(&[
            department,
            id,
            year_a,
            year_b,
            Cell::Text("text"),
            Cell::Blank,
            Cell::Blank,
            Cell::Blank,
            Cell::Blank,
            Cell::text(t.code.as_deref()),
            Cell::Blank,
            Cell::Text(&t.label),
            Cell::Blank,
            Cell::text(t.section.as_deref()),
            Cell::amount(t.own_previous),
            Cell::amount(t.amount),
            Cell::amount(t.of_documents),
            Cell::amount(t.percent),
            Cell::amount(t.change),
            Cell::amount(t.implied_previous),
            Cell::Text(&verdict),
            Cell::text(t.reason.as_deref()),
            Cell::Blank,
            Cell::Integer(i64::from(t.page)),
        ])?;
    }
    Ok(())
}
