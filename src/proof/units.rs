//! Tables in the wrong unit: all their amounts are a power of ten too large or too small.

use crate::proof::hypothesis::{Hypothesis, Story};
use crate::proof::instance::Outcome;
use crate::proof::search::Search;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

/// Powers of ten between the units that budgets are printed in.
const EXPONENTS: [i32; 6] = [4, -4, 8, -8, 1, -1];

/// Tables whose amounts agree with those of all other tables once they are multiplied by a power of ten.
pub(crate) fn units(search: &Search<'_>) -> Vec<Hypothesis> {
    let mut across: FxHashMap<usize, Vec<u32>> = FxHashMap::default();
    for i in search.evidence() {
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
            let enough = mends.len() * 10 >= equations.len() * 7
                && (mends.len() >= 2 || (mends.len() == 1 && is_alone(search, &mends)));
            if enough && against(search, t, exponent) * 3 < mends.len() {
                // bounds and the odd equation with another mistake fall with the unit, too
                let mends = search.broken().filter(|&i| spans(search, i, t)).collect();
                let story = Story::Unit { table: t, exponent };
                out.push(Hypothesis { story, changes: Vec::new(), mends, plausibility: 8 });
            }
        }
    }
    out
}

/// Equations with other tables that hold and would not in another unit.
fn against(search: &Search<'_>, t: usize, exponent: i32) -> usize {
    let all = search.instances.all().iter().zip(0u32..);
    let held = all.filter(|(instance, i)| {
        instance.outcome != Outcome::Broken
            && (instance.at_most || search.counts(*i))
            && spans(search, *i, t)
            && search.instances.terms(instance).iter().any(|(cell, _)| {
                search.index.at(*cell).is_some_and(|at| at.table == t)
                    && search.index.value(*cell).is_some_and(|v| !v.is_zero())
            })
    });
    held.filter(|(_, i)| !holds_scaled(search, *i, t, exponent)).count()
}

/// Whether the equation is between two amounts with the same digits: no chance that a power of ten makes them equal.
fn is_alone(search: &Search<'_>, mends: &[u32]) -> bool {
    let Some(instance) = mends.first().and_then(|&i| search.instances.get(i)) else { return false };
    let values: Vec<Decimal> = search
        .instances
        .terms(instance)
        .iter()
        .filter_map(|(cell, _)| search.index.value(*cell))
        .filter(|v| !v.is_zero())
        .collect();
    // three digits by chance are likelier than a wrong unit
    matches!(values.as_slice(), [a, b] if a.normalize().mantissa() == b.normalize().mantissa() && a.normalize().mantissa().unsigned_abs() >= 1000)
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
    let scale = |value: Decimal| match exponent > 0 {
        true => value.checked_mul(factor),
        false => value.checked_div(factor),
    };
    let (mut sum, mut own) = (Decimal::ZERO, Decimal::ZERO);
    for &(cell, sign) in search.instances.terms(instance) {
        let Some(value) = search.index.value(cell) else { continue };
        let here = search.index.at(cell).is_some_and(|at| at.table == t);
        let scaled = if here { scale(value) } else { Some(value) };
        let next = scaled.and_then(|v| {
            own = if here { own.checked_add(v.abs())? } else { own };
            if sign < 0 { sum.checked_sub(v) } else { sum.checked_add(v) }
        });
        let Some(next) = next else { return false };
        sum = next;
    }
    // a table read in too small a unit has finer steps than it was printed with
    let step = search.index.tables.get(t).and_then(|table| scale(table.half_step)).unwrap_or_default();
    let room = instance.envelope.max(step.checked_mul(Decimal::TWO).unwrap_or_default());
    // amounts that shrink to nothing agree with everything
    let counts = own > room.checked_mul(Decimal::TEN).unwrap_or(room);
    counts && if instance.at_most { sum <= room } else { sum.abs() <= room }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::document::Document;
    use crate::proof::prove;
    use crate::proof::testing::{class, code, document, project, table, total};
    use rust_decimal::Decimal;

    /// Tables 1, 3, 5 and 7 that agree.
    fn agreeing() -> Document {
        let rows = |number: u8| {
            let mut rows = vec![
                code("201", &[("total", "1234.56"), ("basic", "1000.00"), ("project", "234.56")]),
                code("208", &[("total", "77.10"), ("basic", "70.00"), ("project", "7.10")]),
                total(&[("total", "1311.66"), ("basic", "1070.00"), ("project", "241.66")]),
            ];
            rows.iter_mut().for_each(|row| row.page = u32::from(number));
            table(number, rows)
        };
        let classes = vec![class("201", &[("total", "1234.56")]), class("208", &[("total", "77.10")])];
        let projects = vec![
            project(Some("201"), "甲", &[("total", "234.56"), ("goods_services", "234.56")]),
            project(Some("208"), "乙", &[("total", "7.10"), ("goods_services", "7.10")]),
            total(&[("total", "241.66"), ("goods_services", "241.66")]),
        ];
        document(vec![table(1, classes), rows(3), rows(5), table(7, projects)])
    }

    fn scaled(number: usize, row: Option<usize>) -> Document {
        let mut d = agreeing();
        for (r, found) in d.tables[number - 1].rows.iter_mut().enumerate() {
            if row.is_none_or(|row| row == r) {
                let amounts = found.amounts.iter_mut().filter_map(|(_, a)| a.as_mut());
                amounts.for_each(|a| a.value *= Decimal::from(10_000));
            }
        }
        prove(&mut d);
        d
    }

    #[test]
    fn of_two_tables_that_disagree_the_one_that_disagrees_with_all_others_is_named() {
        let d = scaled(7, None);
        let units: Vec<_> = d.findings.iter().filter(|f| f.rule == "proof.unit").collect();
        assert_eq!(units.len(), 1, "{:?}", d.findings);
        assert_eq!(units[0].place.table, Some(7), "{}", units[0].message);
    }

    #[test]
    fn one_row_in_another_unit_is_named() {
        let d = scaled(3, Some(1));
        let units: Vec<_> = d.findings.iter().filter(|f| f.rule == "proof.unit").collect();
        assert_eq!(units.len(), 1, "{:?}", d.findings);
        assert_eq!((units[0].place.table, units[0].place.row.as_deref()), (Some(3), Some("208")));
    }
}
