//! A document → its rows in `documents`, `tables`, `findings` and `files`, in the order of [`super::fields`].

use super::FailedFile;
use super::cell::{Cell, Rows};
use super::facts::{count, doc_id};
use super::leaf::{Leaves, ListSum};
use crate::document::{Document, Finding, Scope, Severity, Side, Status, Table};
use crate::narrative::Direction;
use crate::output::words;
use std::io;

/// How far a file was read: its document that was read least.
fn status<'d>(documents: impl Iterator<Item = &'d Document>) -> Cell<'static> {
    Cell::Text(words::outcome(documents.map(|d| d.head.status).max().unwrap_or_default()))
}

/// Findings of severity info, warning, error.
fn severities(d: &Document) -> [i64; 3] {
    let of = |s: Severity| count(d.findings.iter().filter(|f| f.severity == s).count());
    [of(Severity::Info), of(Severity::Warning), of(Severity::Error)]
}

fn unsigned(n: u64) -> Cell<'static> {
    Cell::Integer(i64::try_from(n).unwrap_or(i64::MAX))
}

/// The row of `documents`.
pub(super) fn document(d: &Document, out: &mut impl Rows) -> io::Result<()> {
    let id = doc_id(d);
    let (head, source, proof) = (&d.head, &d.source, &d.proof);
    let tables = |s: Status| Cell::Integer(count(d.tables.iter().filter(|t| t.status == s).count()));
    let n = |n: u32| Cell::Integer(i64::from(n));
    let [notes, warnings, errors] = severities(d);
    out.row(&[
        Cell::Text(&id),
        Cell::Text(&source.path),
        Cell::Text(&source.sha256),
        unsigned(source.bytes),
        n(source.pages),
        Cell::text(source.producer.as_deref()),
        n(source.part),
        n(source.parts),
        Cell::text(head.department.as_deref()),
        Cell::integer(head.fiscal_year),
        Cell::text(head.title.as_deref()),
        Cell::Text(words::kind(head.kind)),
        Cell::Text(if head.scope == Scope::Unit { "unit" } else { "department" }),
        Cell::Text(if head.layout.is_empty() { "unknown" } else { &head.layout }),
        Cell::text(head.published_on.as_deref()),
        Cell::Text(d.unit().as_str()),
        status(std::iter::once(d)),
        tables(Status::Filled),
        tables(Status::DeclaredEmpty),
        tables(Status::Missing),
        tables(Status::Unreadable),
        n(proof.printed),
        n(proof.placed),
        n(proof.amounts),
        n(proof.proved),
        n(proof.identities),
        n(proof.exact),
        n(proof.rounding),
        n(proof.inconsistent),
        n(proof.not_checked),
        Cell::Integer(errors),
        Cell::Integer(warnings),
        Cell::Integer(notes),
    ])
}

/// The rows of `tables`.
pub(super) fn tables(d: &Document, leaves: &[Leaves], out: &mut impl Rows) -> io::Result<()> {
    let id = doc_id(d);
    for (t, leaves) in d.tables.iter().zip(leaves) {
        let list = |revenue: bool| leaves.lists.iter().find(|l| (l.side == Some(Side::Revenue)) == revenue);
        let total = |l: Option<&ListSum>| Cell::amount(l.and_then(|l| l.printed));
        let sum = |l: Option<&ListSum>| Cell::amount(l.map(|l| l.sum));
        let printed: Vec<&ListSum> = leaves.lists.iter().filter(|l| l.printed.is_some()).collect();
        let (amounts, proved) = amounts(t);
        out.row(&[
            Cell::Text(&id),
            Cell::Integer(i64::from(t.number)),
            Cell::Text(t.id),
            Cell::Text(&t.title),
            Cell::Text(words::status(t.status)),
            Cell::text(t.source_unit.map(|u| u.as_str())),
            Cell::integer(t.pages.iter().min().copied()),
            Cell::integer(t.pages.iter().max().copied()),
            Cell::Integer(count(t.rows.len())),
            Cell::Integer(amounts),
            Cell::Integer(proved),
            total(list(false)),
            sum(list(false)),
            total(list(true)),
            sum(list(true)),
            if printed.is_empty() {
                Cell::Blank
            } else {
                Cell::Flag(printed.iter().all(|l| l.printed == Some(l.sum)))
            },
        ])?;
    }
    Ok(())
}

/// Amounts that are not blank, and those of them that are proved.
fn amounts(t: &Table) -> (i64, i64) {
    let standard = t.rows.iter().flat_map(|r| r.amounts.iter().filter_map(|(_, a)| a.as_ref()));
    let all = standard.chain(t.rows.iter().flat_map(|r| r.extra.iter().map(|(_, a)| a)));
    all.fold((0, 0), |(n, proved), a| (n + 1, proved + i64::from(a.proved_by > 0)))
}

/// The rows of `figures`.
pub(super) fn figures(d: &Document, out: &mut impl Rows) -> io::Result<()> {
    let id = doc_id(d);
    for (n, f) in (1..).zip(&d.narrative.figures) {
        let change = f.change.as_ref();
        out.row(&[
            Cell::Text(&id),
            Cell::Integer(n),
            Cell::text(f.section.as_deref()),
            Cell::text(f.item.as_deref()),
            Cell::Text(&f.label),
            Cell::text(f.code.as_deref()),
            Cell::amount(f.amount),
            Cell::amount(f.share_percent),
            Cell::text(change.map(|c| direction(c.direction))),
            Cell::amount(change.and_then(|c| c.amount)),
            Cell::amount(change.and_then(|c| c.percent)),
            Cell::text(change.and_then(|c| c.base.as_deref())),
            Cell::amount(f.previous),
            Cell::amount(f.implied_previous),
            Cell::text(f.reason.as_deref()),
            Cell::text(f.purpose.as_deref()),
            Cell::Text(f.unit.as_str()),
            Cell::Integer(i64::from(f.source.page)),
        ])?;
    }
    Ok(())
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Increase => "increase",
        Direction::Decrease => "decrease",
        Direction::Unchanged => "unchanged",
    }
}

/// The rows of `findings`.
pub(super) fn findings(d: &Document, out: &mut impl Rows) -> io::Result<()> {
    let id = doc_id(d);
    for (n, f) in (1..).zip(&d.findings) {
        finding(&id, n, f, out)?;
    }
    Ok(())
}

fn finding(id: &str, n: i64, f: &Finding, out: &mut impl Rows) -> io::Result<()> {
    out.row(&[
        Cell::Text(id),
        Cell::Integer(n),
        Cell::Text(&f.rule),
        Cell::Text(words::severity(f.severity)),
        Cell::Text(&f.message),
        Cell::integer(f.place.table),
        Cell::text(f.place.row.as_deref()),
        Cell::text(f.place.column.as_deref()),
        Cell::integer(f.place.page),
        Cell::amount(f.expected),
        Cell::amount(f.actual),
        Cell::amount(f.difference),
        Cell::text(f.cause.map(words::cause)),
    ])
}

/// The row of `files` of an input that gave documents.
pub(super) fn file(n: i64, documents: &[Document], is_new: bool, out: &mut impl Rows) -> io::Result<()> {
    let Some(first) = documents.first() else { return Ok(()) };
    out.row(&[
        Cell::Integer(n),
        Cell::Text(&first.source.path),
        Cell::Text(&first.source.sha256),
        unsigned(first.source.bytes),
        Cell::Integer(i64::from(first.source.pages)),
        Cell::Integer(count(documents.len())),
        if is_new { status(documents.iter()) } else { Cell::Text("duplicate") },
        Cell::Blank,
    ])
}

/// The row of `files` of an input that gave nothing.
pub(super) fn failed(n: i64, file: &FailedFile, out: &mut impl Rows) -> io::Result<()> {
    out.row(&[
        Cell::Integer(n),
        Cell::Text(&file.path),
        Cell::text(file.sha256.as_deref()),
        file.bytes.map_or(Cell::Blank, unsigned),
        Cell::Blank,
        Cell::Integer(0),
        Cell::Text("failed"),
        Cell::Text(&file.error),
    ])
}
