//! What may have happened: a wrong amount, a shifted cell, exchanged rows, a missing or doubled row, a wrong unit.
//! Each with the change that would undo it.

use crate::proof::index::Cell;
use rust_decimal::Decimal;

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
    /// Two columns of a table (its index) are exchanged, or one stands in the other's place.
    SwappedColumns { table: usize, a: usize, b: usize },
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

/// How likely one amount was printed for another: 3 one digit differs, 2 the digits are the same (point moved, sign
/// lost, two digits exchanged), 1 any other, 0 nothing is printed. `None` where the right amount would be negative
/// and the printed one is not, or does not fit.
pub(crate) fn plausibility(printed: Option<Decimal>, by: Decimal) -> Option<i64> {
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
