//! Mistakes of whole rows: missing, doubled, shifted by a column, exchanged with a neighbour.

use crate::document::RowKind;
use crate::proof::hypothesis::{Change, Hypothesis, Story};
use crate::proof::index::{At, TableIndex};
use crate::proof::rule::{Check, Key, TreePart};
use crate::proof::search::Search;
use crate::proof::texts;
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Rows that are tried for a shift.
const MAX_ROWS: usize = 60;

/// Candidates for the broken equations.
pub(crate) fn candidates(search: &Search<'_>, broken: &[u32], out: &mut Vec<Hypothesis>) {
    let absent = absent_codes(search);
    let mut sums: BTreeMap<(usize, usize), Vec<(u32, usize)>> = BTreeMap::new();
    let mut touched: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for &i in broken {
        let Some(instance) = search.instances.get(i) else { continue };
        let is_tree = search.rules.identities.get(usize::from(instance.rule)).is_some_and(|rule| {
            matches!(rule.check, Check::Tree { part: TreePart::Parents | TreePart::Total, .. })
        });
        let terms = search.instances.terms(instance);
        let head = terms.first().and_then(|(cell, _)| search.index.at(*cell));
        if let Some(at) = head.filter(|_| is_tree) {
            sums.entry((at.table, at.row)).or_default().push((i, at.column));
        }
        let rows = terms.iter().take(200).filter_map(|(cell, _)| search.index.at(*cell));
        let rows: FxHashSet<(usize, usize)> = rows.map(|at| (at.table, at.row)).collect();
        rows.into_iter().for_each(|at| *touched.entry(at).or_default() += 1);
    }
    for (&(t, parent), sums) in &sums {
        if sums.iter().all(|(i, _)| search.difference(*i) > Decimal::ZERO) {
            missing_under(search, t, parent, sums, &absent, out);
        } else if sums.iter().all(|(i, _)| search.difference(*i) < Decimal::ZERO) {
            extra_child(search, t, parent, sums, out);
        }
    }
    missing_parents(search, &absent, out);
    for t in 0..search.index.tables.len() {
        twins(search, t, out);
    }
    let mut touched: Vec<_> = touched.into_iter().filter(|(_, n)| *n >= 2).collect();
    touched.sort_by_key(|(at, n)| (std::cmp::Reverse(*n), *at));
    let is_table = |t: usize| search.index.tables.get(t).is_some_and(|t| !texts::is_text(t.table.number));
    for ((t, row), _) in touched.into_iter().filter(|((t, _), _)| is_table(*t)).take(MAX_ROWS) {
        shifted(search, t, row, out);
        in_another_unit(search, t, row, out);
    }
}

/// All amounts of a row ten thousand times too large or too small.
fn in_another_unit(search: &Search<'_>, t: usize, row: usize, out: &mut Vec<Hypothesis>) {
    let Some(table) = search.index.tables.get(t) else { return };
    let factor = Decimal::from(10_000);
    for exponent in [4, -4] {
        let change = |c: usize| {
            let cell = table.cell(row, c);
            let value = search.index.value(cell).filter(|v| !v.is_zero())?;
            let right = if exponent > 0 { value.checked_mul(factor) } else { value.checked_div(factor) };
            Some(Change { cell, by: right?.checked_sub(value)? })
        };
        let changes: Vec<Change> = (0..table.columns.len()).filter_map(change).collect();
        if changes.len() >= 2 {
            let story = Story::UnitOfRow { table: t, row, exponent };
            out.push(Hypothesis { story, changes, mends: Vec::new(), plausibility: 7 });
        }
    }
}

/// Codes for which broken equations find no row in a table that takes part: by table and code, the equations.
type Absent = BTreeMap<(usize, String), Vec<u32>>;

fn absent_codes(search: &Search<'_>) -> Absent {
    let mut absent = Absent::new();
    let mut of_rule: FxHashMap<u16, Vec<usize>> = FxHashMap::default();
    for i in search.broken() {
        let Some(instance) = search.instances.get(i) else { continue };
        let tables = of_rule.entry(instance.rule).or_insert_with(|| {
            let check = search.rules.identities.get(usize::from(instance.rule)).map(|rule| &rule.check);
            let Some(Check::PerKey { key: Key::Code, left, right, .. }) = check else { return Vec::new() };
            let mut tables = Vec::new();
            for expr in std::iter::once(left).chain(right) {
                expr.each_reference(&mut |r| tables.extend(r.table));
            }
            tables.sort_unstable();
            tables.dedup();
            tables.into_iter().filter_map(|n| search.index.table(n)).map(|(t, _)| t).collect()
        });
        if tables.is_empty() {
            continue;
        }
        let terms = search.instances.terms(instance);
        let places: Vec<At> = terms.iter().filter_map(|(cell, _)| search.index.at(*cell)).collect();
        let code = places.first().and_then(|at| {
            let table = search.index.tables.get(at.table)?;
            table.table.rows.get(at.row)?.code.clone()
        });
        let Some(code) = code else { continue };
        for &t in tables.iter() {
            if places.iter().all(|at| at.table != t) {
                absent.entry((t, code.clone())).or_default().push(i);
            }
        }
    }
    absent
}

/// A parent that is larger than its children in one or more columns: a child is missing.
fn missing_under(
    search: &Search<'_>,
    t: usize,
    parent: usize,
    sums: &[(u32, usize)],
    absent: &Absent,
    out: &mut Vec<Hypothesis>,
) {
    let Some(table) = search.index.tables.get(t) else { return };
    let Some(parent_row) = table.table.rows.get(parent) else { return };
    let amounts: Vec<(usize, Decimal)> = sums.iter().map(|&(i, c)| (c, search.difference(i))).collect();
    let mut mends: Vec<u32> = sums.iter().map(|(i, _)| *i).collect();
    mends.extend(same_in_total(search, t, &amounts));
    // another table prints a code under the parent that this one lacks
    let prefix = if parent_row.kind == RowKind::Item { parent_row.code.as_deref() } else { Some("") };
    let mut code: Option<&str> = None;
    for ((_, found), equations) in absent.range((t, String::new())..(t + 1, String::new())) {
        let fits = equations
            .iter()
            .any(|&i| search.counts(i) && amounts.iter().any(|&(_, by)| by >= search.difference(i).abs()));
        if prefix.is_some_and(|prefix| found.starts_with(prefix)) && fits {
            mends.extend(equations);
            if code.is_none_or(|c| found.len() < c.len()) {
                code = Some(found);
            }
        }
    }
    if sums.len() < 2 && code.is_none() {
        return;
    }
    let plausibility = if code.is_some() { 6 } else { 2 };
    let story = Story::MissingRow { table: t, parent: Some(parent), code: code.map(str::to_owned), amounts };
    out.push(Hypothesis { story, changes: Vec::new(), mends, plausibility });
}

/// The total misses a row's amounts in the sum of its leaves, too.
fn same_in_total<'s>(
    search: &'s Search<'_>,
    t: usize,
    amounts: &'s [(usize, Decimal)],
) -> impl Iterator<Item = u32> + 's {
    search.broken().filter(move |&i| {
        let head = search
            .instances
            .get(i)
            .and_then(|instance| search.instances.terms(instance).first())
            .and_then(|(cell, _)| search.index.at(*cell));
        !search.counts(i)
            && head.is_some_and(|at| {
                at.table == t && amounts.iter().any(|&(c, by)| c == at.column && by == search.difference(i))
            })
    })
}

/// A code that other tables print and this one lacks, while the rows under it are there: the parent's row is
/// missing, and its children hang one level too high without any sum noticing.
fn missing_parents(search: &Search<'_>, absent: &Absent, out: &mut Vec<Hypothesis>) {
    for ((t, code), equations) in absent {
        let Some(table) = search.index.tables.get(*t) else { continue };
        let has_children = table.codes().any(|c| c.len() > code.len() && c.starts_with(code.as_str()));
        if has_children {
            let story =
                Story::MissingRow { table: *t, parent: None, code: Some(code.clone()), amounts: Vec::new() };
            out.push(Hypothesis { story, changes: Vec::new(), mends: equations.clone(), plausibility: 6 });
        }
    }
}

/// A parent that is smaller than its children by exactly one of them.
fn extra_child(
    search: &Search<'_>,
    t: usize,
    parent: usize,
    sums: &[(u32, usize)],
    out: &mut Vec<Hypothesis>,
) {
    let Some(table) = search.index.tables.get(t) else { return };
    let is_total = table.table.rows.get(parent).is_some_and(|row| row.kind == RowKind::Total);
    let children = if is_total { table.tree.roots() } else { table.tree.children(parent) };
    for &child in children {
        let row = child as usize;
        let value = |c: usize| search.index.value(table.cell(row, c)).unwrap_or_default();
        if sums.len() >= 2 && sums.iter().all(|&(i, c)| value(c) == -search.difference(i)) {
            out.push(without(search, table, t, row, 0));
        }
    }
}

/// Rows that stand twice with the same amounts; the one without children is too many.
fn twins(search: &Search<'_>, t: usize, out: &mut Vec<Hypothesis>) {
    let Some(table) = search.index.tables.get(t) else { return };
    let mut seen: FxHashMap<(Option<&str>, Option<&str>, Option<usize>), usize> = FxHashMap::default();
    for (r, row) in table.table.rows.iter().enumerate() {
        if !matches!(row.kind, RowKind::Item | RowKind::Project)
            || (row.code.is_none() && row.project.is_none())
        {
            continue;
        }
        let identity = (row.code.as_deref(), row.project.as_deref(), table.tree.block(r));
        let Some(first) = seen.insert(identity, r) else { continue };
        let alike = (0..table.columns.len())
            .all(|c| search.index.value(table.cell(first, c)) == search.index.value(table.cell(r, c)));
        if alike {
            let row = if table.tree.children(r).is_empty() { r } else { first };
            out.push(without(search, table, t, row, 6));
        }
    }
}

fn without(
    search: &Search<'_>,
    table: &TableIndex<'_>,
    t: usize,
    row: usize,
    plausibility: i64,
) -> Hypothesis {
    let cells = (0..table.columns.len()).map(|c| table.cell(row, c));
    let changes = cells
        .filter_map(|cell| Some(Change { cell, by: -search.index.value(cell)? }))
        .filter(|change| !change.by.is_zero())
        .collect();
    Hypothesis { story: Story::DoubledRow { table: t, row }, changes, mends: Vec::new(), plausibility }
}

/// All amounts of a row one column to the right or left of their own, from some column on.
fn shifted(search: &Search<'_>, t: usize, row: usize, out: &mut Vec<Hypothesis>) {
    let Some(table) = search.index.tables.get(t) else { return };
    let width = table.standard;
    let value = |c: usize| search.index.value(table.cell(row, c)).unwrap_or_default();
    let filled = (0..width).filter(|&c| !value(c).is_zero()).count();
    if width < 3 || filled < 2 {
        return;
    }
    for from in 0..width - 1 {
        // they moved right: the first place is empty; they moved left: the last one is
        for right in [true, false] {
            let empty = if right { from } else { width - 1 };
            if !value(empty).is_zero() {
                continue;
            }
            let own = |c: usize| match right {
                true if c + 1 < width => value(c + 1),
                false if c > from => value(c - 1),
                _ => Decimal::ZERO,
            };
            let changes: Vec<Change> = (from..width)
                .filter_map(|c| {
                    let by = own(c).checked_sub(value(c)).filter(|by| !by.is_zero())?;
                    Some(Change { cell: table.cell(row, c), by })
                })
                .collect();
            // two cells that exchange are a shifted cell
            if changes.len() > 2 {
                let story = Story::ShiftedRow { table: t, row, from, right };
                out.push(Hypothesis { story, changes, mends: Vec::new(), plausibility: 5 });
            }
        }
    }
}
