//! Tables in the wrong unit: all their amounts are a power of ten too large or too small.

use crate::proof::hypothesis::{Hypothesis, Story, broken};
use crate::proof::suspect::Search;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

/// Powers of ten between the units that budgets are printed in.
const EXPONENTS: [i32; 6] = [4, -4, 8, -8, 1, -1];

/// Tables whose amounts agree with those of all other tables once they are multiplied by a power of ten.
pub(crate) fn units(search: &Search<'_>) -> Vec<Hypothesis> {
    let mut across: FxHashMap<usize, Vec<u32>> = FxHashMap::default();
    for i in broken(search) {
        let Some(instance) = search.instances.get(i) else { continue };
        let mut tables: Vec<usize> = search
            .instances
            .terms(instance)
            .iter()
            .filter(|(cell, _)| search.index.value(*cell).is_some_and(|v| !v.is_zero()))
            .filter_map(|(cell, _)| Some(search.index.at(*cell)?.table))
            .collect();
        tables.sort_unstable();
        tables.dedup();
        if tables.len() > 1 {
            tables.into_iter().for_each(|t| across.entry(t).or_default().push(i));
        }
    }
    let mut out = Vec::new();
    let mut across: Vec<(usize, Vec<u32>)> = across.into_iter().collect();
    across.sort_unstable_by_key(|(t, equations)| (std::cmp::Reverse(equations.len()), *t));
    for (t, equations) in across {
        for exponent in EXPONENTS {
            let mends: Vec<u32> =
                equations.iter().copied().filter(|&i| holds_scaled(search, i, t, exponent)).collect();
            if mends.len() >= 2 && mends.len() * 10 >= equations.len() * 7 {
                // bounds and the odd equation with another mistake fall with the unit, too
                let mends = search.broken().filter(|&i| spans(search, i, t)).collect();
                let story = Story::Unit { table: t, exponent };
                out.push(Hypothesis { story, changes: Vec::new(), mends, plausibility: 8 });
            }
        }
    }
    out
}

/// Whether the equation joins this table with others.
fn spans(search: &Search<'_>, i: u32, t: usize) -> bool {
    let Some(instance) = search.instances.get(i) else { return false };
    let tables = search.instances.terms(instance).iter().filter_map(|(cell, _)| search.index.at(*cell));
    let (mut here, mut elsewhere) = (false, false);
    for at in tables {
        here |= at.table == t;
        elsewhere |= at.table != t;
    }
    here && elsewhere
}

fn holds_scaled(search: &Search<'_>, i: u32, t: usize, exponent: i32) -> bool {
    let Some(instance) = search.instances.get(i) else { return false };
    let Some(factor) = 10i64.checked_pow(exponent.unsigned_abs()).map(Decimal::from) else { return false };
    let mut sum = Decimal::ZERO;
    for &(cell, sign) in search.instances.terms(instance) {
        let Some(value) = search.index.value(cell) else { continue };
        let here = search.index.at(cell).is_some_and(|at| at.table == t);
        let scaled = match (here, exponent > 0) {
            (false, _) => Some(value),
            (true, true) => value.checked_mul(factor),
            (true, false) => value.checked_div(factor),
        };
        let next = scaled.and_then(|v| if sign < 0 { sum.checked_sub(v) } else { sum.checked_add(v) });
        let Some(next) = next else { return false };
        sum = next;
    }
    // a table read in too small a unit has finer steps than it was printed with
    let steps = search.index.tables.iter().map(|t| t.half_step).max().unwrap_or_default();
    sum.abs() <= instance.envelope.max(steps.checked_mul(Decimal::TWO).unwrap_or_default())
}
