//! Mistakes of single cells: a wrong amount, an amount under the wrong column, neighbours exchanged.

use crate::proof::hypothesis::{Change, Hypothesis, Story, plausibility};
use crate::proof::index::{At, Cell};
use crate::proof::instance::Instance;
use crate::proof::search::Search;
use crate::proof::texts;
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};

/// Terms of an equation that are tried one by one.
const MAX_TERMS: usize = 600;

/// Candidates for the broken equations.
pub(crate) fn candidates(search: &Search<'_>, broken: &[u32], out: &mut Vec<Hypothesis>) {
    shifts(search, broken, out);
    exchanged_fields(search, broken, out);
    single_cells(search, broken, out);
}

fn single_cells(search: &Search<'_>, broken: &[u32], out: &mut Vec<Hypothesis>) {
    let mut seen: FxHashSet<(Cell, Decimal)> = FxHashSet::default();
    for &i in broken {
        let Some(instance) = search.instances.get(i) else { continue };
        let difference = search.difference(i);
        for &(cell, sign) in search.instances.terms(instance).iter().take(MAX_TERMS) {
            let by = if sign < 0 { difference } else { -difference };
            if !seen.insert((cell, by)) {
                continue;
            }
            let Some(plausibility) = plausibility(search.index.value(cell), by) else { continue };
            let changes = vec![Change { cell, by }];
            out.push(Hypothesis { story: Story::WrongAmount, changes, mends: Vec::new(), plausibility });
        }
    }
}

/// Two columns that miss by equal and opposite sums, or two neighbouring rows: the cells of one row (or column)
/// exchanged.
fn shifts(search: &Search<'_>, broken: &[u32], out: &mut Vec<Hypothesis>) {
    let mut by_size: FxHashMap<Decimal, Vec<u32>> = FxHashMap::default();
    for &i in broken {
        by_size.entry(search.difference(i).abs().normalize()).or_default().push(i);
    }
    let mut sizes: Vec<&Vec<u32>> = by_size.values().filter(|group| group.len() > 1).collect();
    sizes.sort_unstable();
    let mut seen: FxHashSet<(Cell, Cell)> = FxHashSet::default();
    for group in sizes {
        for (n, &i) in group.iter().enumerate() {
            for &j in group.iter().skip(n + 1) {
                let (Some(a), Some(b)) = (search.instances.get(i), search.instances.get(j)) else { continue };
                if a.rule == b.rule && search.difference(i) == -search.difference(j) {
                    pair(search, a, b, &mut seen, out);
                }
            }
        }
    }
}

/// Two amounts of one performance table written into each other's fields.
fn exchanged_fields(search: &Search<'_>, broken: &[u32], out: &mut Vec<Hypothesis>) {
    let mut seen: FxHashSet<Cell> = FxHashSet::default();
    for &i in broken {
        let Some(instance) = search.instances.get(i) else { continue };
        for &(cell, _) in search.instances.terms(instance).iter().take(4) {
            let Some(at) = search.index.at(cell) else { continue };
            let Some(table) = search.index.tables.get(at.table) else { continue };
            if table.table.number != texts::PERFORMANCE || !seen.insert(cell) {
                continue;
            }
            for column in (0..table.columns.len()).filter(|&c| c != at.column) {
                let other = table.cell(at.row, column);
                if search.index.value(other).is_none() {
                    continue;
                }
                if let Some(changes) = exchange(search, cell, other) {
                    let story = Story::ShiftedCells;
                    out.push(Hypothesis { story, changes, mends: Vec::new(), plausibility: 4 });
                }
            }
        }
    }
}

fn pair(
    search: &Search<'_>,
    a: &Instance,
    b: &Instance,
    seen: &mut FxHashSet<(Cell, Cell)>,
    out: &mut Vec<Hypothesis>,
) {
    let places = |instance: &Instance| -> Vec<(Cell, At)> {
        let terms = search.instances.terms(instance).iter().take(MAX_TERMS);
        terms.filter_map(|&(cell, _)| Some((cell, search.index.at(cell)?))).collect()
    };
    let (first, second) = (places(a), places(b));
    let by_row: FxHashMap<(usize, usize), (Cell, At)> =
        second.iter().map(|&(cell, at)| ((at.table, at.row), (cell, at))).collect();
    let by_place: FxHashMap<(usize, usize, usize), (Cell, At)> =
        second.iter().map(|&(cell, at)| ((at.table, at.row, at.column), (cell, at))).collect();
    for (x, at) in first {
        // the same row in another column, else a neighbouring row in the same column
        let same_row = by_row.get(&(at.table, at.row)).filter(|(_, other)| other.column != at.column);
        let neighbours = [at.row.checked_sub(1), Some(at.row + 1)].into_iter().flatten();
        let near = neighbours.filter_map(|row| by_place.get(&(at.table, row, at.column)));
        for &(y, other) in same_row.into_iter().chain(near) {
            if !seen.insert((x.min(y), x.max(y))) {
                continue;
            }
            let story = if other.row == at.row { Story::ShiftedCells } else { Story::SwappedRows };
            let Some(changes) = exchange(search, x, y) else { continue };
            let mut hypothesis = Hypothesis { story, changes, mends: Vec::new(), plausibility: 4 };
            if hypothesis.story == Story::ShiftedCells {
                extend_shift(search, &mut hypothesis, at, other.column);
            } else if let Some(whole) = exchange_rows(search, at, other) {
                out.push(Hypothesis { changes: whole, ..hypothesis.clone() });
            }
            out.push(hypothesis);
        }
    }
}

/// The changes that exchange two cells; where an amount stands comes first. `None` where they are alike.
fn exchange(search: &Search<'_>, x: Cell, y: Cell) -> Option<Vec<Change>> {
    let value = |cell| search.index.value(cell).unwrap_or_default();
    let by = value(y).checked_sub(value(x))?;
    if by.is_zero() {
        return None;
    }
    let changes = [Change { cell: x, by }, Change { cell: y, by: -by }];
    // the fuller cell is where the amount stands
    Some(if value(x).abs() >= value(y).abs() {
        changes.to_vec()
    } else {
        changes.into_iter().rev().collect()
    })
}

/// A shift often runs through a code row, its parent and its children: takes along the rows that the first one
/// contradicts, as long as they show the same picture.
fn extend_shift(search: &Search<'_>, hypothesis: &mut Hypothesis, at: At, other: usize) {
    let Some(table) = search.index.tables.get(at.table) else { return };
    let mut rows = vec![at.row];
    for _ in 0..12 {
        let breaks = search.effect(&hypothesis.changes).breaks;
        let mut added = false;
        for i in breaks {
            let Some(instance) = search.instances.get(i) else { continue };
            for &(cell, _) in search.instances.terms(instance).iter().take(MAX_TERMS) {
                let Some(place) = search.index.at(cell) else { continue };
                let related = table.tree.parent(place.row).is_some_and(|p| rows.contains(&p))
                    || rows.iter().any(|&r| table.tree.parent(r) == Some(place.row));
                if place.table != at.table || rows.contains(&place.row) || !related {
                    continue;
                }
                let (x, y) = (table.cell(place.row, at.column), table.cell(place.row, other));
                let pattern = |cell: Cell| search.index.value(cell).is_none_or(|v| v.is_zero());
                let same_picture = pattern(x) == pattern(table.cell(at.row, at.column))
                    && pattern(y) == pattern(table.cell(at.row, other));
                if let Some(changes) = exchange(search, x, y).filter(|_| same_picture) {
                    hypothesis.changes.extend(changes);
                    rows.push(place.row);
                    added = true;
                }
            }
            if added {
                break;
            }
        }
        if !added {
            return;
        }
    }
}

/// The changes that exchange all amounts of two rows of a table.
fn exchange_rows(search: &Search<'_>, a: At, b: At) -> Option<Vec<Change>> {
    let table = search.index.tables.get(a.table)?;
    let mut changes: Vec<Change> = Vec::new();
    // the column that gave the rows away comes first: it names the place
    let others = (0..table.columns.len()).filter(|&c| c != a.column);
    for column in std::iter::once(a.column).chain(others) {
        let (x, y) = (table.cell(a.row, column), table.cell(b.row, column));
        changes.extend(exchange(search, x, y).into_iter().flatten());
    }
    (changes.len() > 2).then_some(changes)
}
