//! Leaves of the tables that publishers print.
#![allow(clippy::unwrap_used)]

use super::leaf::{Leaves, leaves};
use crate::document::{Amount, Row, RowKind, Side, Table};
use crate::schema;
use rust_decimal::Decimal;

fn amount(text: &str) -> Amount {
    Amount { value: text.parse().unwrap(), text: text.to_owned(), page: 1, ..Amount::default() }
}

fn row(kind: RowKind, what: &str, cells: &[(&'static str, &str)]) -> Row {
    let code = what.chars().all(|c| c.is_ascii_digit()).then(|| what.to_owned());
    Row {
        kind,
        item: schema::item_id(what),
        name: Some(what.to_owned()),
        code: if what.is_empty() { None } else { code },
        amounts: cells.iter().map(|(id, text)| (*id, Some(amount(text)))).collect(),
        ..Row::default()
    }
}

fn item(what: &str, cells: &[(&'static str, &str)]) -> Row {
    row(RowKind::Item, what, cells)
}

fn total(cells: &[(&'static str, &str)]) -> Row {
    row(RowKind::Total, "合计", cells)
}

fn on(side: Side, rows: Vec<Row>) -> Vec<Row> {
    rows.into_iter().map(|r| Row { side: Some(side), ..r }).collect()
}

fn table(number: u8, rows: Vec<Row>) -> Table {
    Table { number, rows, ..Table::default() }
}

/// The leaf cells: row number and column.
fn cells(t: &Table, l: &Leaves) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (r, row) in t.rows.iter().enumerate() {
        let names = row
            .amounts
            .iter()
            .map(|(id, _)| (*id).to_owned())
            .chain(row.extra.iter().map(|(p, _)| p.clone()));
        found.extend(names.enumerate().filter(|(c, _)| l.is_leaf(r, *c)).map(|(_, name)| (r, name)));
    }
    found
}

fn closes(l: &Leaves) -> Vec<bool> {
    l.lists.iter().map(|l| l.printed == Some(l.sum)).collect()
}

fn named(cells: &[(usize, String)]) -> Vec<(usize, &str)> {
    cells.iter().map(|(r, c)| (*r, c.as_str())).collect()
}

#[test]
fn the_finest_codes_and_columns_are_leaves() {
    let t = table(
        3,
        vec![
            item("201", &[("total", "3"), ("basic", "1"), ("project", "2")]),
            item("20113", &[("total", "3"), ("basic", "1"), ("project", "2")]),
            item("2011301", &[("total", "3"), ("basic", "1"), ("project", "2")]),
            item("208", &[("total", "4")]),
            total(&[("total", "7"), ("basic", "1"), ("project", "2")]),
        ],
    );
    let l = leaves(&t);
    assert_eq!(named(&cells(&t, &l)), [(2, "basic"), (2, "project"), (3, "total")]);
    assert_eq!(closes(&l), [true]);
}

#[test]
fn a_class_whose_items_do_not_add_up_stays_whole_where_only_that_closes() {
    let t = table(
        3,
        vec![
            item("201", &[("total", "3.01")]),
            item("2011301", &[("total", "3.00")]),
            item("208", &[("total", "4")]),
            item("2080501", &[("total", "4")]),
            total(&[("total", "7.01")]),
        ],
    );
    let l = leaves(&t);
    assert_eq!(named(&cells(&t, &l)), [(0, "total"), (3, "total")]);
    assert_eq!(closes(&l), [true]);
}

#[test]
fn an_item_of_which_only_a_part_is_printed_stays_whole() {
    // 其中 lists some of what is in it
    let rows = on(
        Side::Revenue,
        vec![
            item("current_year", &[("total", "110")]),
            item("general_public_budget", &[("total", "100")]),
            item("general_public_budget.own", &[("total", "60")]),
            item("unit_funds", &[("total", "10")]),
            item("unit_funds.other", &[("total", "10")]),
            item("carryover", &[("total", "5")]),
            total(&[("total", "115")]),
        ],
    );
    let t = table(1, rows);
    let l = leaves(&t);
    assert_eq!(named(&cells(&t, &l)), [(1, "total"), (4, "total"), (5, "total")]);
    assert_eq!(closes(&l), [true]);
}

#[test]
fn classes_hang_under_what_is_spent_this_year() {
    let rows = on(
        Side::Expenditure,
        vec![
            item("201", &[("total", "3")]),
            item("208", &[("total", "4")]),
            item("current_year", &[("total", "7")]),
            item("carry_forward", &[("total", "1")]),
            total(&[("total", "8")]),
        ],
    );
    let l = leaves(&table(1, rows));
    assert_eq!(closes(&l), [true]);
}

#[test]
fn a_line_outside_the_standard_list_counts_where_the_total_needs_it() {
    let with = |total_text: &str| {
        let rows = vec![
            item("reception", &[("total", "3")]),
            item("会议费", &[("total", "2")]),
            total(&[("total", total_text)]),
        ];
        let t = table(10, rows);
        let l = leaves(&t);
        cells(&t, &l).len()
    };
    assert_eq!(with("5"), 2);
    assert_eq!(with("3"), 1);
}

#[test]
fn a_printed_column_that_the_standard_lacks_is_a_part_where_the_total_needs_it() {
    let mut needed = item("2011301", &[("total", "5"), ("fiscal_subtotal", "3")]);
    needed.extra.push(("收入预算/事业收入".to_owned(), amount("2")));
    let mut detail = item("2080501", &[("total", "3"), ("fiscal_subtotal", "3")]);
    detail.extra.push(("其中：专项".to_owned(), amount("1")));
    let t = table(2, vec![needed, detail, total(&[("total", "8")])]);
    let l = leaves(&t);
    assert_eq!(
        named(&cells(&t, &l)),
        [(0, "fiscal_subtotal"), (0, "收入预算/事业收入"), (1, "fiscal_subtotal")]
    );
    assert_eq!(closes(&l), [true]);
}

#[test]
fn projects_are_leaves_under_their_codes_and_departments() {
    let project = |code: &str, name: &str, text: &str| Row {
        project: Some(name.to_owned()),
        ..row(RowKind::Project, code, &[("total", text)])
    };
    let t = table(
        7,
        vec![
            row(RowKind::Department, "甲局", &[("total", "3")]),
            item("2011301", &[("total", "3")]),
            project("2011301", "一", "1"),
            project("2011301", "二", "2"),
            row(RowKind::Department, "乙站", &[("total", "4")]),
            total(&[("total", "7")]),
        ],
    );
    let l = leaves(&t);
    assert_eq!(named(&cells(&t, &l)), [(2, "total"), (3, "total"), (4, "total")]);
    assert_eq!(closes(&l), [true]);
}

#[test]
fn two_totals_of_one_column_each_are_one_total() {
    let t = table(
        6,
        vec![
            item("30101", &[("total", "3"), ("personnel", "3")]),
            item("30201", &[("total", "4"), ("operating", "4")]),
            total(&[("personnel", "3")]),
            total(&[("operating", "4")]),
        ],
    );
    let l = leaves(&t);
    assert_eq!(l.lists[0].printed, Some(Decimal::from(7)));
    assert_eq!(closes(&l), [true]);
}

#[test]
fn a_table_of_a_total_alone_has_its_parts_as_leaves() {
    let t = table(2, vec![total(&[("total", "5"), ("fiscal_subtotal", "3"), ("unit_funds", "2")])]);
    let l = leaves(&t);
    assert_eq!(named(&cells(&t, &l)), [(0, "fiscal_subtotal"), (0, "unit_funds")]);
}

#[test]
fn nothing_printed_has_no_leaf() {
    let l = leaves(&table(3, Vec::new()));
    assert!(l.lists.is_empty());
    let t = table(3, vec![Row { kind: RowKind::Total, amounts: vec![("total", None)], ..Row::default() }]);
    assert!(cells(&t, &leaves(&t)).is_empty());
}
