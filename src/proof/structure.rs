//! Shape of the code rows and names of projects: parents present, codes ascending, nothing twice.

use crate::document::{Finding, Place, Row, RowKind};
use crate::normalize::code::parent;
use crate::normalize::text::key;
use crate::proof::index::{Index, TableIndex};
use crate::proof::report::row_name;
use crate::proof::rule::{Check, Identity, Rules, Shape};
use rustc_hash::FxHashSet;

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
    for identity in &rules.identities {
        match &identity.check {
            Check::Structure { tables, shape } => {
                for table in tables.iter().filter_map(|&n| index.table(n)).map(|(_, t)| t) {
                    if table.table.rows.iter().any(|row| row.code.is_some()) {
                        let rows = offenders(table, *shape);
                        report(identity, table, &rows, &mut counts, out);
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
            let mut seen: FxHashSet<(Option<usize>, String, Option<String>)> = FxHashSet::default();
            rows(table)
                .filter(|(_, row)| row.code.is_some() && matches!(row.kind, RowKind::Item | RowKind::Project))
                .filter(|(r, row)| !seen.insert((table.tree.block(*r), code(row), row.project.clone())))
                .map(|(r, _)| r)
                .collect()
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
            table: Some(table.table.number),
            row: row.map(row_name),
            column: None,
            page: row.map(|row| row.page).filter(|&page| page > 0),
            bbox: row.map(|row| row.bbox),
        }
    };
    let names: Vec<String> = rows.iter().take(5).filter_map(|r| place(r).row).collect();
    let more = if rows.len() > 5 { format!(" and {} more", rows.len() - 5) } else { String::new() };
    let message = format!(
        "table {}: not so for {}{more}: {}",
        table.table.number,
        names.join(", "),
        identity.en.trim_end_matches('.')
    );
    let mut finding = Finding::new(&identity.id, identity.severity, message);
    if let Some(first) = rows.first() {
        finding.place = place(first);
    }
    finding.others = rows.iter().skip(1).take(MAX_PLACES).map(place).collect();
    out.push(finding);
}
