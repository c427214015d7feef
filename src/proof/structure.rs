//! Shape of the code rows and names of projects: parents present, codes ascending, nothing twice.

use crate::document::{Finding, Place, Row, RowKind, Severity, Side, Status};
use crate::normalize::code::parent;
use crate::normalize::text::key;
use crate::proof::index::{Index, TableIndex};
use crate::proof::rule::{Check, Identity, Rules, Shape};
use crate::proof::texts;
use crate::proof::words::row_name;
use crate::schema::headers;
use rustc_hash::FxHashSet;
use std::fmt::Write as _;

/// Places that one finding lists.
const MAX_PLACES: usize = 12;

/// Counts of checks: held, broken.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) held: u32,
    pub(crate) broken: u32,
}

/// Checks shapes and names; one finding for each rule and table.
pub(crate) fn findings(rules: &Rules, index: &Index<'_>, out: &mut Vec<Finding>) -> Counts {
    let mut counts = Counts::default();
    // rows that a finding has told of already
    let told: FxHashSet<(u8, String)> = out
        .iter()
        .filter(|f| matches!(f.rule.as_str(), "proof.missing-row" | "proof.doubled-row"))
        .filter_map(|f| Some((f.place.table?, f.place.row.clone()?)))
        .collect();
    missing_totals(index, out);
    for identity in &rules.identities {
        match &identity.check {
            Check::Structure { tables, shape } => {
                for table in tables.iter().filter_map(|&n| index.table(n)).map(|(_, t)| t) {
                    if !table.table.rows.is_empty() {
                        let mut rows = offenders(table, *shape);
                        rows.retain(|&r| !is_told(&told, table, r));
                        report(identity, table, &rows, &mut counts, out);
                    }
                }
            }
            Check::OneOf { table, column, values } => {
                let Some((_, table)) = index.table(*table).filter(|(_, t)| t.is_printed()) else { continue };
                let Some(column) = table.column(column) else { continue };
                let value = |r: usize| index.value(table.cell(r, column));
                let printed: Vec<usize> =
                    (0..table.table.rows.len()).filter(|&r| value(r).is_some()).collect();
                if printed.is_empty() {
                    continue;
                }
                let other = |r: &usize| value(*r).is_some_and(|v| !values.contains(&v));
                let all = printed.len();
                let rows: Vec<usize> = printed.into_iter().filter(other).collect();
                report(identity, table, &rows, &mut counts, out);
                if let (Some(&first), Some(finding)) = (rows.first(), out.last_mut()) {
                    finding.actual = value(first);
                    finding.expected = values.first().copied();
                    let sums: Vec<String> = rows
                        .iter()
                        .filter_map(|&r| value(r))
                        .map(|v| v.to_string())
                        .take(MAX_PLACES)
                        .collect();
                    _ = write!(finding.message, " (printed: {})", sums.join(", "));
                    // where most rows have another value the document follows no such convention
                    if rows.len() * 2 > all {
                        finding.severity = finding.severity.min(Severity::Info);
                        _ = write!(
                            finding.message,
                            "; not so in {} of {all}: no convention here",
                            rows.len()
                        );
                    }
                }
            }
            Check::Subset { inner, outer } => {
                let (Some((_, inner)), Some((_, outer))) = (index.table(*inner), index.table(*outer)) else {
                    continue;
                };
                if !inner.is_printed() || !outer.is_printed() || inner.projects().next().is_none() {
                    continue;
                }
                let rows: Vec<usize> = rows(inner)
                    .filter(|(_, row)| row.kind == RowKind::Project)
                    .filter(|(_, row)| {
                        let name = row.project.as_ref().or(row.name.as_ref());
                        name.is_some_and(|name| outer.rows_of_project(&key(name)).is_empty())
                    })
                    .map(|(r, _)| r)
                    .collect();
                report(identity, inner, &rows, &mut counts, out);
            }
            _ => {}
        }
    }
    counts
}

/// Whether a finding has named this row, or the parent that it lacks.
fn is_told(told: &FxHashSet<(u8, String)>, table: &TableIndex<'_>, r: usize) -> bool {
    let Some(row) = table.table.rows.get(r) else { return false };
    let number = table.table.number;
    let lacks = row.code.as_deref().and_then(parent);
    told.contains(&(number, row_name(row))) || lacks.is_some_and(|p| told.contains(&(number, p.to_owned())))
}

fn rows<'t>(table: &'t TableIndex<'_>) -> impl Iterator<Item = (usize, &'t Row)> {
    table.table.rows.iter().enumerate()
}

fn offenders(table: &TableIndex<'_>, shape: Shape) -> Vec<usize> {
    let items = || rows(table).filter(|(_, row)| row.kind == RowKind::Item && row.code.is_some());
    let code = |row: &Row| row.code.clone().unwrap_or_default();
    match shape {
        Shape::ParentsPresent => {
            let known: FxHashSet<(Option<usize>, String)> =
                items().map(|(r, row)| (table.tree.block(r), code(row))).collect();
            // a table that prints items only has no parents to miss
            let levels: FxHashSet<usize> = items().map(|(_, row)| code(row).len()).collect();
            items()
                .filter(|(r, row)| {
                    let code = code(row);
                    parent(&code).is_some_and(|p| {
                        levels.contains(&p.len()) && !known.contains(&(table.tree.block(*r), p.to_owned()))
                    })
                })
                .map(|(r, _)| r)
                .collect()
        }
        Shape::ChildrenPresent => without_children(table),
        Shape::Ascending => {
            let mut last: (Option<usize>, String) = (None, String::new());
            let mut found = Vec::new();
            for (r, row) in items() {
                let here = (table.tree.block(r), code(row));
                // a parent stands before its children: as text it is the smaller one, too
                if here.0 == last.0 && here.1 < last.1 {
                    found.push(r);
                }
                last = here;
            }
            found
        }
        Shape::Unique => {
            let mut seen: FxHashSet<(Option<usize>, usize, Identity3)> = FxHashSet::default();
            let mut unit = 0;
            let mut found: Vec<usize> = rows(table)
                .filter_map(|(r, row)| {
                    unit += usize::from(headers::unit_beside(row).is_some());
                    Some((r, unit, identity(row)?))
                })
                .filter(|(r, unit, identity)| {
                    let is_department = identity.0 == RowKindKey::Department;
                    let block = if is_department { None } else { table.tree.block(*r) };
                    !seen.insert((block, *unit, identity.clone()))
                })
                .map(|(r, ..)| r)
                .collect();
            found.extend(second_totals(table));
            found
        }
    }
}

/// Rows of a level above the finest that have nothing under them, where at least three others of that level have.
fn without_children(table: &TableIndex<'_>) -> Vec<usize> {
    let codes: Vec<(usize, &str)> = rows(table)
        .filter(|(_, row)| row.kind == RowKind::Item)
        .filter_map(|(r, row)| Some((r, row.code.as_deref()?)))
        .collect();
    let parents: FxHashSet<&str> = codes.iter().filter_map(|(_, code)| parent(code)).collect();
    let mut found = Vec::new();
    for digits in [3, 5] {
        let level = || codes.iter().filter(move |(_, code)| code.len() == digits);
        let lonely: Vec<usize> =
            level().filter(|(_, code)| !parents.contains(code)).map(|(r, _)| *r).collect();
        if lonely.len() <= 2 && level().count() >= lonely.len() + 3 {
            found.extend(lonely.into_iter().filter(|&r| has_amount(table, r)));
        }
    }
    found
}

fn has_amount(table: &TableIndex<'_>, r: usize) -> bool {
    let row = table.table.rows.get(r);
    row.is_some_and(|row| row.amounts.iter().any(|(_, a)| a.as_ref().is_some_and(|a| !a.value.is_zero())))
}

/// What a row is, beyond its amounts.
type Identity3 = (RowKindKey, Option<String>, Option<String>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum RowKindKey {
    Item,
    Project,
    Department,
}

fn identity(row: &Row) -> Option<Identity3> {
    let side = || match row.side {
        Some(Side::Revenue) => Some("revenue".to_owned()),
        Some(Side::Expenditure) => Some("expenditure".to_owned()),
        None => None,
    };
    match row.kind {
        RowKind::Item => {
            let code = row.code.clone().or(row.item.map(str::to_owned))?;
            Some((RowKindKey::Item, Some(code), side()))
        }
        // without a code nothing says that two rows of one name are the same project
        RowKind::Project => Some((RowKindKey::Project, Some(row.code.clone()?), row.project.clone())),
        RowKind::Department => Some((RowKindKey::Department, Some(row.name.clone()?), None)),
        RowKind::Total => None,
    }
}

/// Total rows that print a column which an earlier total row of the same side prints, too.
fn second_totals(table: &TableIndex<'_>) -> Vec<usize> {
    let totals: Vec<(usize, &Row)> = rows(table).filter(|(_, row)| row.kind == RowKind::Total).collect();
    let overlap = |a: &Row, b: &Row| {
        a.side == b.side
            && a.amounts.iter().zip(&b.amounts).any(|((_, x), (_, y))| x.is_some() && y.is_some())
    };
    totals
        .iter()
        .enumerate()
        .filter(|(n, (_, row))| totals.iter().take(*n).any(|(_, earlier)| overlap(earlier, row)))
        .map(|(_, (r, _))| *r)
        .collect()
}

/// Filled tables without a total row; tables 1 and 4 need one on each side.
fn missing_totals(index: &Index<'_>, out: &mut Vec<Finding>) {
    let tables = index.tables.iter().filter(|t| !texts::is_text(t.table.number));
    for table in tables.filter(|t| t.table.status == Status::Filled) {
        let sides: &[Option<Side>] = match table.table.number {
            1 | 4 => &[Some(Side::Revenue), Some(Side::Expenditure)],
            _ => &[None],
        };
        for side in sides {
            let of_side = |row: &Row| side.is_none() || row.side == *side;
            let any = |kind: Option<RowKind>| {
                table.table.rows.iter().any(|row| of_side(row) && kind.is_none_or(|k| row.kind == k))
            };
            if any(None) && !any(Some(RowKind::Total)) {
                let which = match side {
                    Some(Side::Revenue) => " of revenue",
                    Some(Side::Expenditure) => " of expenditure",
                    None => "",
                };
                let message = format!(
                    "table {} has no total row{which}: a sum to check it by is missing",
                    table.table.number
                );
                out.push(
                    Finding::new("proof.no-total", Severity::Warning, message).in_table(table.table.number),
                );
            }
        }
    }
}

fn report(
    identity: &Identity,
    table: &TableIndex<'_>,
    rows: &[usize],
    counts: &mut Counts,
    out: &mut Vec<Finding>,
) {
    if rows.is_empty() {
        counts.held += 1;
        return;
    }
    counts.broken += 1;
    let place = |&r: &usize| {
        let row = table.table.rows.get(r);
        Place {
            table: Some(table.table.number).filter(|&n| !texts::is_text(n)),
            row: row.map(row_name),
            column: None,
            page: row.map(|row| row.page).filter(|&page| page > 0),
            bbox: row.map(|row| row.bbox),
        }
    };
    let names: Vec<String> = rows.iter().take(5).filter_map(|r| place(r).row).collect();
    let more = if rows.len() > 5 { format!(" and {} more", rows.len() - 5) } else { String::new() };
    let message = format!(
        "{}: not so for {}{more}: {}",
        texts::words(table.table.number),
        names.join(", "),
        identity.en.trim_end_matches('.')
    );
    let mut finding = Finding::new(&identity.id, identity.severity, message);
    if let Some(first) = rows.first() {
        finding.place = place(first);
    }
    finding.others = rows.iter().skip(1).take(MAX_PLACES).map(place).collect();
    if matches!(identity.check, Check::Structure { shape: Shape::ParentsPresent, .. }) {
        name_missing(&mut finding, table, rows);
    }
    out.push(finding);
}

/// What is missing is the row above: the finding names it, and the rows under it are its witnesses.
fn name_missing(finding: &mut Finding, table: &TableIndex<'_>, rows: &[usize]) {
    let above = |&r: &usize| table.table.rows.get(r)?.code.as_deref().and_then(parent);
    let mut missing: Vec<&str> = rows.iter().filter_map(above).collect();
    missing.dedup();
    if let [code] = missing.as_slice() {
        finding.message.push_str(&format!(" ({code} is missing)"));
        finding.others.insert(0, std::mem::take(&mut finding.place));
        finding.others.truncate(MAX_PLACES);
        if let Some(first) = finding.others.first() {
            finding.place = Place { row: Some((*code).to_owned()), ..first.clone() };
        }
    }
}
