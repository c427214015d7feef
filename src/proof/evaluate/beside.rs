//! Which of the columns that a table prints beside the standard's belong to the sum of a row.

use super::Evaluation;
use crate::proof::index::TableIndex;
use crate::proof::instance::Outcome;
use rust_decimal::Decimal;

/// Columns that are tried in all their combinations; more are no table that anybody prints.
const MOST_COLUMNS: usize = 10;
/// Additions that the search may cost.
const MOST_STEPS: usize = 1 << 18;

/// The columns that make up what the sums of rows miss, the same ones in every row: of all combinations the one that
/// leaves the fewest rows broken, of equals the smallest. Publishers print sources, sums of sources and details of them
/// beside each other (`本年收入/小计`, `上年结转`, `其中：教育收费`), and the amounts tell which is which.
///
/// `mark` is the first of the sums, one for each row, in their plain form. Empty where no combination leaves fewer broken.
pub(super) fn sources(evaluation: &Evaluation<'_, '_>, mark: usize, table: &TableIndex<'_>) -> Vec<usize> {
    let columns: Vec<usize> = (table.standard..table.columns.len())
        .filter(|&c| table.is_column_printed(c) && !table.is_foreign(c))
        .take(MOST_COLUMNS)
        .collect();
    let sums = evaluation.out.all().get(mark..).unwrap_or_default();
    let mut rows: Vec<Row> = sums
        .iter()
        .filter_map(|sum| {
            let (whole, _) = evaluation.out.terms(sum).first()?;
            let at = evaluation.index.at(*whole)?;
            let value = |&c: &usize| evaluation.index.value(table.cell(at.row, c)).unwrap_or_default();
            let further: Vec<Decimal> = columns.iter().map(value).collect();
            // most rows hold without any further column and print none: they cost nothing
            let counts = sum.outcome == Outcome::Broken || further.iter().any(|v| !v.is_zero());
            counts.then_some(Row { difference: sum.difference, envelope: sum.envelope, further })
        })
        .collect();
    let combinations = 1usize << columns.len();
    if columns.is_empty() || rows.len().saturating_mul(combinations) > MOST_STEPS {
        return Vec::new();
    }
    let broken = |rows: &[Row]| rows.iter().filter(|r| r.difference.abs() > r.envelope).count();
    let mut best = (broken(&rows), 0u32, 0usize);
    let mut chosen = 0usize;
    for step in 1..combinations {
        // each combination differs from the one before in a single column (Gray code)
        let flipped = step.trailing_zeros() as usize;
        chosen ^= 1 << flipped;
        let added = chosen >> flipped & 1 == 1;
        for row in &mut rows {
            let value = row.further.get(flipped).copied().unwrap_or_default();
            let moved =
                if added { row.difference.checked_sub(value) } else { row.difference.checked_add(value) };
            row.difference = moved.unwrap_or(Decimal::MAX);
        }
        best = best.min((broken(&rows), chosen.count_ones(), chosen));
    }
    columns.iter().enumerate().filter(|(at, _)| best.2 >> at & 1 == 1).map(|(_, &c)| c).collect()
}

/// What the sum of a row misses, and what its further columns hold.
struct Row {
    difference: Decimal,
    envelope: Decimal,
    further: Vec<Decimal>,
}
