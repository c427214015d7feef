//! Two lists that a form has side by side, printed one below the other under one header: what comes in, then, below a
//! row that names it (二、支出部分), what it is spent on.

use super::raw::RawRow;
use crate::normalize::label;
use crate::schema::{Block, Role, RowModel, header_key};
use crate::tables::mapping::Mapping;

/// The rows of each list with its mapping, without the rows that name them; the rows themselves where
/// they are one list.
pub(super) fn lists<'s>(
    mapping: &Mapping<'s>,
    rows: Vec<RawRow>,
) -> Result<[(Mapping<'s>, Vec<RawRow>); 2], Vec<RawRow>> {
    let Some((upper, lower)) = blocks(mapping) else { return Err(rows) };
    let blocks = &mapping.form.blocks;
    let named = |row: &RawRow, block: usize| blocks.get(block).is_some_and(|b| is_named(mapping, row, b));
    let mut names = rows.iter().enumerate().filter(|(_, row)| named(row, lower));
    let (Some((at, _)), None) = (names.next(), names.next()) else { return Err(rows) };
    // The list above is closed, or was named too: a line item without an amount is no list.
    let total = |row: &RawRow| {
        let key = |text: &str| crate::normalize::text::key(&label::label(text).name);
        blocks.get(upper).is_some_and(|b| row.cells.iter().any(|c| b.is_total(&key(&c.text))))
    };
    let opened = rows.first().is_some_and(|row| named(row, upper));
    if at == 0 || at + 1 == rows.len() || !(opened || rows.get(at - 1).is_some_and(total)) {
        return Err(rows);
    }
    let mut above = rows;
    let below = above.split_off(at + 1);
    above.truncate(at);
    if opened {
        above.remove(0);
    }
    let mut second = mapping.clone();
    for column in second.columns.iter_mut().filter(|c| c.block == upper) {
        column.block = lower;
    }
    Ok([(mapping.clone(), above), (second, below)])
}

/// The list that has all columns and the one that has none, where the columns of the first are those of the second:
/// a name and the same amounts.
fn blocks(mapping: &Mapping) -> Option<(usize, usize)> {
    let main = mapping.form.blocks.iter().enumerate().filter(|(_, b)| b.rows != RowModel::Other);
    let main: Vec<(usize, &Block)> = main.collect();
    let &[(upper, first), (lower, second)] = main.as_slice() else { return None };
    let sided = first.side.is_some() && second.side.is_some() && first.side != second.side;
    let alone = mapping.columns.iter().all(|c| c.block == upper && c.instance == 0);
    let has = |role: Role| mapping.columns.iter().any(|c| c.role == Some(role));
    let same = first.columns == second.columns && second.columns.iter().all(|c| has(Role::Amount(c)));
    (sided && alone && same && has(Role::Name)).then_some((upper, lower))
}

/// Whether a row holds nothing but the name of a list.
fn is_named(mapping: &Mapping, row: &RawRow, block: &Block) -> bool {
    let mut texts = mapping.columns.iter().enumerate().filter(|(i, _)| !row.text(*i).trim().is_empty());
    let (Some((at, column)), None) = (texts.next(), texts.next()) else { return false };
    let key = header_key(&label::label(row.text(at)).name);
    column.role == Some(Role::Name) && block.is_named(&key)
}
