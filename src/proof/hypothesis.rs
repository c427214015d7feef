//! What may have happened: a wrong amount, a shifted cell, exchanged rows, a missing or doubled row, a wrong unit.
//! In: the search with its broken equations. Out: candidates, each with the change that would undo it.

use crate::proof::index::{At, Cell};
use crate::proof::instance::Instance;
use crate::proof::rows;
use crate::proof::suspect::Search;
use crate::proof::texts;
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};

/// One cell would have to be larger by this much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) cell: Cell,
    pub(crate) by: Decimal,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Story {
    /// The cell of the only change.
    WrongAmount,
    /// Amounts stand in the wrong column; changes come in pairs: where it stands, where it belongs.
    ShiftedCells,
    /// All amounts of a row, from some column on, stand one column beside their own.
    ShiftedRow { table: usize, row: usize, from: usize, right: bool },
    /// Amounts of neighbouring rows are exchanged.
    SwappedRows,
    /// A row is missing: under this one (of the table with this index), with this code, these amounts by column,
    /// as far as they are known.
    MissingRow { table: usize, parent: Option<usize>, code: Option<String>, amounts: Vec<(usize, Decimal)> },
    /// This row stands twice (index of the table, row).
    DoubledRow { table: usize, row: usize },
    /// All amounts of a table would have to be multiplied by ten to this power.
    Unit { table: usize, exponent: i32 },
    /// All amounts of one row would have to be multiplied by ten to this power.
    UnitOfRow { table: usize, row: usize, exponent: i32 },
}

/// A story with the change that would undo it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hypothesis {
    pub(crate) story: Story,
    pub(crate) changes: Vec<Change>,
    /// Equations that it mends beyond those that the changes touch.
    pub(crate) mends: Vec<u32>,
    /// Breaks ties: likelier stories have more.
    pub(crate) plausibility: i64,
}

/// Broken equations that are looked at in one round.
const MAX_BROKEN: usize = 400;
/// Terms of an equation that are tried one by one.
const MAX_TERMS: usize = 600;

/// Candidates for the broken equations that are left, without wrong units.
pub(crate) fn candidates(search: &Search<'_>) -> Vec<Hypothesis> {
    let broken = broken(search);
    let mut out = Vec::new();
    rows::candidates(search, &broken, &mut out);
    shifts(search, &broken, &mut out);
    exchanged_fields(search, &broken, &mut out);
    single_cells(search, &broken, &mut out);
    out
}

pub(crate) fn broken(search: &Search<'_>) -> Vec<u32> {
    search.broken().filter(|&i| search.counts(i)).take(MAX_BROKEN).collect()
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

/// How likely one amount was printed for another: 3 one digit differs, 2 the digits are the same (point moved, sign
/// lost, two digits exchanged), 1 any other, 0 nothing is printed. `None` where the right amount would be negative
/// and the printed one is not, or does not fit.
fn plausibility(printed: Option<Decimal>, by: Decimal) -> Option<i64> {
    let Some(printed) = printed else { return (by > Decimal::ZERO).then_some(0) };
    let right = printed.checked_add(by)?;
    if right == -printed && !right.is_zero() {
        return Some(2);
    }
    if right < Decimal::ZERO && printed >= Decimal::ZERO {
        return None;
    }
    Some(match digits_alike(printed, right) {
        Some(1) => 3,
        Some(_) => 2,
        None => 1,
    })
}

/// How many digits differ, where that is few: 1 for one digit, 2 for the same digits in another order or scale.
pub(crate) fn digits_alike(printed: Decimal, right: Decimal) -> Option<u32> {
    let (a, b) = (printed.normalize(), right.normalize());
    if a.mantissa() == b.mantissa() && a.scale() != b.scale() {
        return Some(2);
    }
    let scale = a.scale().max(b.scale());
    let (mut a, mut b) = (printed, right);
    a.rescale(scale);
    b.rescale(scale);
    let (a, b) = (a.mantissa().unsigned_abs().to_string(), b.mantissa().unsigned_abs().to_string());
    if a.len() == b.len() {
        let differing: Vec<usize> =
            a.bytes().zip(b.bytes()).enumerate().filter(|(_, (x, y))| x != y).map(|(i, _)| i).collect();
        let exchanged = |i: usize, j: usize| {
            a.as_bytes().get(i) == b.as_bytes().get(j) && a.as_bytes().get(j) == b.as_bytes().get(i)
        };
        return match differing.as_slice() {
            [_] => Some(1),
            [i, j] if exchanged(*i, *j) => Some(2),
            _ => None,
        };
    }
    // one digit dropped or doubled
    let (short, long) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
    let prefix = short.bytes().zip(long.bytes()).take_while(|(x, y)| x == y).count();
    (long.len() == short.len() + 1 && long.get(prefix + 1..) == short.get(prefix..)).then_some(2)
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
            } else if let Some(whole) = rows::exchange(search, at, other) {
                out.push(Hypothesis { changes: whole, ..hypothesis.clone() });
            }
            out.push(hypothesis);
        }
    }
}

/// The changes that exchange two cells; where an amount stands comes first. `None` where they are alike.
pub(crate) fn exchange(search: &Search<'_>, x: Cell, y: Cell) -> Option<Vec<Change>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(a: &str, b: &str) -> Option<u32> {
        digits_alike(a.parse().ok()?, b.parse().ok()?)
    }

    #[test]
    fn slips_of_the_pen_are_told_from_other_amounts() {
        assert_eq!(alike("835.55", "834.55"), Some(1));
        assert_eq!(alike("53.518", "53.5179"), None);
        assert_eq!(alike("8374.96", "374.96"), Some(2));
        assert_eq!(alike("37.496", "374.96"), Some(2));
        assert_eq!(alike("347.96", "374.96"), Some(2));
        assert_eq!(alike("12.00", "99.00"), None);
    }

    #[test]
    fn an_amount_that_would_turn_negative_is_no_candidate() {
        let d = |s: &str| s.parse::<Decimal>().unwrap_or_default();
        assert_eq!(plausibility(Some(d("5")), d("-7")), None);
        assert_eq!(plausibility(Some(d("5")), d("-10")), Some(2));
        assert_eq!(plausibility(None, d("-7")), None);
        assert_eq!(plausibility(None, d("7")), Some(0));
        assert_eq!(plausibility(Some(d("5")), d("2")), Some(3));
    }
}
