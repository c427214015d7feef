//! Two columns of a table that are exchanged as a whole, or one that moved into a blank one.

use crate::proof::hypothesis::{Change, Hypothesis, Story};
use crate::proof::search::Search;
use crate::proof::texts;
use rustc_hash::FxHashMap;

/// Broken equations of a table from which on its columns are in doubt.
const ENOUGH: usize = 3;
/// Rows in which the two columns differ: fewer are single amounts.
const MIN_ROWS: usize = 3;
/// Tables and columns that are tried.
const MAX_TABLES: usize = 6;
const MAX_COLUMNS: usize = 12;

/// Candidates: every two columns of the tables in which most is broken.
pub(crate) fn candidates(search: &Search<'_>) -> Vec<Hypothesis> {
    let mut broken: FxHashMap<usize, usize> = FxHashMap::default();
    for i in search.evidence() {
        let Some(instance) = search.instances.get(i) else { continue };
        let terms = search.instances.terms(instance).iter().take(2);
        let mut tables: Vec<usize> =
            terms.filter_map(|(cell, _)| Some(search.index.at(*cell)?.table)).collect();
        tables.dedup();
        tables.into_iter().for_each(|t| *broken.entry(t).or_default() += 1);
    }
    let mut tables: Vec<(usize, usize)> = broken.into_iter().filter(|(_, n)| *n >= ENOUGH).collect();
    tables.sort_unstable_by_key(|(t, n)| (std::cmp::Reverse(*n), *t));
    let mut out = Vec::new();
    for (t, _) in tables.into_iter().take(MAX_TABLES) {
        let Some(table) = search.index.tables.get(t) else { continue };
        if texts::is_text(table.table.number) {
            continue;
        }
        let width = table.standard.min(MAX_COLUMNS);
        for (a, b) in (0..width).flat_map(|a| (a + 1..width).map(move |b| (a, b))) {
            out.extend(exchanged(search, t, a, b));
        }
    }
    out
}

fn exchanged(search: &Search<'_>, t: usize, a: usize, b: usize) -> Option<Hypothesis> {
    let table = search.index.tables.get(t)?;
    let value = |cell| search.index.value(cell).unwrap_or_default();
    let mut changes = Vec::new();
    for row in 0..table.table.rows.len() {
        let (x, y) = (table.cell(row, a), table.cell(row, b));
        let by = value(y).checked_sub(value(x))?;
        if !by.is_zero() {
            changes.extend([Change { cell: x, by }, Change { cell: y, by: -by }]);
        }
    }
    let plausibility = if b == a + 1 { 7 } else { 5 };
    let story = Story::SwappedColumns { table: t, a, b };
    (changes.len() >= 2 * MIN_ROWS).then_some(Hypothesis { story, changes, mends: Vec::new(), plausibility })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::document::Document;
    use crate::proof::prove;
    use crate::proof::testing::{code, document, table, total};

    fn agreeing() -> Document {
        let rows = || {
            vec![
                code("201", &[("total", "12.00"), ("basic", "10.00"), ("project", "2.00")]),
                code("208", &[("total", "7.50"), ("basic", "7.00"), ("project", "0.50")]),
                code("221", &[("total", "3.25"), ("basic", "3.00"), ("project", "0.25")]),
                total(&[("total", "22.75"), ("basic", "20.00"), ("project", "2.75")]),
            ]
        };
        let personnel = [("total", "20.00"), ("personnel", "20.00")];
        document(vec![table(3, rows()), table(5, rows()), table(6, vec![total(&personnel)])])
    }

    #[test]
    fn two_columns_that_are_exchanged_are_one_finding() {
        let mut d = agreeing();
        for row in &mut d.tables[2].rows {
            let moved = row.amounts[0].1.take();
            row.amounts[0].1 = std::mem::replace(&mut row.amounts[1].1, moved);
        }
        prove(&mut d);
        let found: Vec<_> = d.findings.iter().filter(|f| f.rule == "proof.swapped-columns").collect();
        assert_eq!(found.len(), 1, "{:?}", d.findings);
        assert_eq!(found[0].place.table, Some(3));
        assert_eq!(found[0].place.column.as_deref(), Some("total"));
        assert_eq!(found[0].others[0].column.as_deref(), Some("basic"));
    }

    #[test]
    fn one_wrong_amount_is_no_matter_of_columns() {
        let mut d = agreeing();
        d.tables[2].rows[1].amounts[0].1.as_mut().unwrap().value += rust_decimal::Decimal::ONE;
        prove(&mut d);
        assert!(d.findings.iter().all(|f| f.rule != "proof.swapped-columns"), "{:?}", d.findings);
    }
}
