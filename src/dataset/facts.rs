//! A document → its facts: one row of values for each table, row and column, in the order of
//! [`super::fields::FACTS`].

use super::cell::Cell;
use super::fields::FACTS;
use super::leaf::Leaves;
use crate::document::{Amount, Document, Finding, Row, RowKind, Side, Table};
use crate::output::words;
use crate::schema::{self, Classification};
use rustc_hash::FxHashMap;
use std::io;

/// The document's id in a dataset: the first 16 digits of the file's hash, and its number in the file.
pub(crate) fn doc_id(d: &Document) -> String {
    format!("{}-{}", d.source.sha256.get(..16).unwrap_or(&d.source.sha256), d.source.part)
}

/// Hands each fact of the document to `sink`, with whether it is a leaf.
///
/// # Errors
/// Those of `sink`.
pub(crate) fn facts(
    d: &Document,
    leaves: &[Leaves],
    mut sink: impl FnMut(&[Cell], bool) -> io::Result<()>,
) -> io::Result<()> {
    let doc = doc_id(d);
    for (table, leaves) in d.tables.iter().zip(leaves) {
        let context = Context { document: d, doc: &doc, table, findings: about(d, table.number) };
        let mut keys: FxHashMap<String, u32> = FxHashMap::default();
        let mut unit = None;
        for (r, row) in table.rows.iter().enumerate() {
            if row.kind == RowKind::Department {
                unit = row.name.as_deref();
            }
            let key = unique(row_key(row), &mut keys);
            let standard = row.amounts.iter().map(|(id, a)| (*id, a.as_ref(), false));
            let extra = row.extra.iter().map(|(path, a)| (path.as_str(), Some(a), true));
            for (c, (column, amount, is_extra)) in standard.chain(extra).enumerate() {
                let leaf = leaves.is_leaf(r, c) && amount.is_some();
                let cell = Place { r, row, unit, key: &key, column, is_extra, leaf };
                context.fact(&cell, amount, &mut sink)?;
            }
        }
    }
    Ok(())
}

/// Whether a fact is a blank cell.
pub(crate) fn is_blank(cells: &[Cell]) -> bool {
    let amount = FACTS.iter().position(|f| f.name == "amount");
    amount.and_then(|n| cells.get(n)).is_none_or(|c| *c == Cell::Blank)
}

/// What the facts of one table share.
struct Context<'a> {
    document: &'a Document,
    doc: &'a str,
    table: &'a Table,
    findings: Vec<&'a Finding>,
}

/// Where a fact stands.
struct Place<'a> {
    r: usize,
    row: &'a Row,
    unit: Option<&'a str>,
    key: &'a str,
    column: &'a str,
    is_extra: bool,
    leaf: bool,
}

impl Context<'_> {
    fn fact(
        &self,
        at: &Place,
        amount: Option<&Amount>,
        sink: &mut impl FnMut(&[Cell], bool) -> io::Result<()>,
    ) -> io::Result<()> {
        let (d, table, row) = (self.document, self.table, at.row);
        let id = format!("{}/{}/{}/{}", self.doc, table.id, at.key, at.column);
        let code = row.code.as_deref();
        let findings = self.findings.iter().filter(|f| is_about(f, row, at.column)).count();
        sink(
            &[
                Cell::Text(&id),
                Cell::Text(self.doc),
                Cell::text(d.head.department.as_deref()),
                Cell::integer(d.head.fiscal_year),
                Cell::Text(words::kind(d.head.kind)),
                Cell::Integer(i64::from(table.number)),
                Cell::Text(table.id),
                Cell::Integer(count(at.r + 1)),
                Cell::Text(words::row_kind(row.kind)),
                Cell::text(at.unit),
                Cell::text(row.side.map(words::side)),
                Cell::text(code.and_then(|_| classification(table.number))),
                Cell::text(code),
                Cell::text(row.level.map(words::level)),
                Cell::text(code.and_then(|c| c.get(..3))),
                Cell::text(code.and_then(|c| c.get(..5))),
                Cell::text(row.name.as_deref()),
                Cell::text(row.item),
                Cell::text(row.project.as_deref()),
                Cell::Text(at.column),
                Cell::Flag(at.is_extra),
                Cell::amount(amount.map(|a| a.value)),
                Cell::integer(amount.map(|a| a.value.scale())),
                Cell::text(table.source_unit.map(|u| u.as_str())),
                Cell::Integer(i64::from(amount.map_or(row.page, |a| a.page))),
                Cell::integer(amount.map(|a| a.proved_by)),
                amount.and_then(|a| a.second).map_or(Cell::Blank, Cell::Flag),
                Cell::Integer(count(findings)),
                Cell::Flag(at.leaf),
            ],
            at.leaf,
        )
    }
}

/// A size as a cell's number.
pub(crate) fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn about(d: &Document, table: u8) -> Vec<&Finding> {
    d.findings.iter().filter(|f| f.place.table == Some(table) && f.place.row.is_some()).collect()
}

/// Whether a finding names this row (by code, line item, project or name) and this column or none.
pub(crate) fn is_about(f: &Finding, row: &Row, column: &str) -> bool {
    let named = f.place.row.as_deref();
    let names = [row.code.as_deref(), row.item, row.project.as_deref(), row.name.as_deref()];
    names.iter().any(|n| n.is_some() && *n == named) && f.place.column.as_deref().is_none_or(|c| c == column)
}

/// What the codes of a table are.
fn classification(table: u8) -> Option<&'static str> {
    let block = schema::table(table)?.forms.first()?.blocks.last()?;
    Some(match block.classification {
        Classification::Functional => "functional",
        Classification::Economic => "economic",
    })
}

/// Names a row: its line item, code or name, its project, and its side.
fn row_key(row: &Row) -> String {
    let mut key = String::new();
    match row.side {
        Some(Side::Revenue) => key.push_str("revenue:"),
        Some(Side::Expenditure) => key.push_str("expenditure:"),
        None => {}
    }
    let name = row.name.as_deref().unwrap_or("");
    match row.kind {
        RowKind::Total => key.push_str("total"),
        RowKind::Department => {
            key.push_str("department:");
            key.push_str(name);
        }
        RowKind::Item => key.push_str(row.item.or(row.code.as_deref()).unwrap_or(name)),
        RowKind::Project => key.push_str(row.code.as_deref().unwrap_or("")),
    }
    if let Some(project) = &row.project {
        key.push('#');
        key.push_str(project);
    }
    key
}

/// The key, numbered from its second time on: `2011301~2`.
fn unique(key: String, seen: &mut FxHashMap<String, u32>) -> String {
    let times = seen.entry(key.clone()).or_insert(0);
    *times += 1;
    if *times == 1 {
        return key;
    }
    let mut n = *times;
    loop {
        let numbered = format!("{key}~{n}");
        if !seen.contains_key(&numbered) {
            seen.insert(numbered.clone(), 1);
            return numbered;
        }
        n += 1;
    }
}
