//! What the columns of one list settle among each other: codes in several columns, one column a role, names of rows.

use super::column::Rank;
use super::{ColumnMap, Doubt};
use crate::schema::headers::Holds;
use crate::schema::{Block, Path, Role, RowModel, roles};
use crate::tables::header::{Content, Header};

const PARTS: [Role; 3] = [Role::CodeClass, Role::CodeSection, Role::CodeItem];

/// Two or three columns beside each other under one heading of codes hold a code's parts, whatever they are called.
pub(super) fn split_codes(index: usize, block: &Block, columns: &mut [ColumnMap], header: &Header) {
    let own = |c: &ColumnMap| c.block == index;
    if columns.iter().any(|c| own(c) && c.role == Some(Role::CodeClass)) {
        return;
    }
    let bands: Vec<_> =
        block.headers.iter().filter(|(role, _)| *role == Role::Code).flat_map(|(_, p)| p).collect();
    let below = |at: usize, c: &ColumnMap| {
        let banded = || c.role.is_none() && bands.iter().any(|b| b.fit_above(&c.path) > 0);
        let codes =
            || matches!(c.role, Some(Role::Code | Role::CodeName)) && header.content(at) != Content::Texts;
        own(c) && (codes() || banded())
    };
    let Some(first) = (0..columns.len()).find(|&at| below(at, &columns[at])) else { return };
    let same = |c: &ColumnMap| {
        c.path == columns[first].path
            || c.role.is_none()
            || c.path.keys.first() == columns[first].path.keys.first()
    };
    let run = (first..columns.len()).take_while(|&at| below(at, &columns[at]) && same(&columns[at])).count();
    if (2..=PARTS.len()).contains(&run) {
        for (column, part) in columns[first..].iter_mut().zip(PARTS).take(run) {
            column.role = Some(part);
        }
    }
}

/// Where the rows of a list have no name yet: the column that calls itself one, or the one that holds texts beside the
/// amounts; and a column of codes is one, whatever it is called.
pub(super) fn labels(index: usize, block: &Block, columns: &mut [ColumnMap], header: &Header) {
    if matches!(block.rows, RowModel::Other | RowModel::Columns) {
        return;
    }
    let has = |columns: &[ColumnMap], roles: &[Role]| {
        columns.iter().any(|c| c.block == index && c.role.is_some_and(|r| roles.contains(&r)))
    };
    let amount = |c: &ColumnMap| matches!(c.role, Some(Role::Amount(_)));
    let Some(first) = columns.iter().position(|c| c.block == index && amount(c)) else { return };
    let free = |c: &ColumnMap| c.block == index && c.role.is_none() && c.item.is_none();
    let coded = matches!(block.rows, RowModel::Codes | RowModel::Projects | RowModel::Classes);
    if coded && !has(columns, &[Role::Code, Role::CodeClass, Role::CodeName]) {
        let codes = |at: usize| free(&columns[at]) && header.content(at) == Content::Codes;
        if let Some(at) = (0..first).find(|&at| codes(at)) {
            columns[at].role = Some(Role::Code);
        }
    }
    let names = [Role::Name, Role::Project, Role::Department];
    let whole = [Role::CodeName];
    let bare = !has(columns, &[Role::Code, Role::CodeClass]);
    let wanted = if block.rows == RowModel::Projects && bare { Role::Project } else { Role::Name };
    if has(columns, &names) || has(columns, &whole) && block.rows != RowModel::Items {
        if block.rows == RowModel::Projects
            && !has(columns, &[Role::Project])
            && !has(columns, &[Role::Code, Role::CodeClass])
        {
            let own =
                |c: &&mut ColumnMap| c.block == index && matches!(c.role, Some(Role::Name | Role::CodeName));
            if let Some(column) = columns.iter_mut().find(own) {
                column.role = Some(Role::Project);
            }
        }
        return;
    }
    let called = |c: &ColumnMap| c.path.keys.last().is_some_and(|k| k.contains("名称"));
    let texts = |at: usize| free(&columns[at]) && header.content(at) == Content::Texts;
    let by_name = (0..columns.len()).find(|&at| free(&columns[at]) && called(&columns[at]));
    let at = by_name.or_else(|| (0..first).rev().find(|&at| texts(at)));
    if let Some(at) = at {
        columns[at].role = Some(wanted);
    }
}

/// One column per role: a second name column with a second amount column starts a second instance of the
/// block; any other repetition keeps the best fit, then the one with fewer bands above it. Amount columns that
/// differ in neither are ambiguous: none of them is taken.
pub(super) fn duplicates(
    index: usize,
    block: &Block,
    columns: &mut [ColumnMap],
    fits: &[Rank],
    header: &Header,
    doubts: &mut Vec<Doubt>,
) {
    let of_block = |c: &ColumnMap| c.block == index && c.role.is_some();
    let count = |columns: &[ColumnMap], role: Role| {
        columns.iter().filter(|c| of_block(c) && c.role == Some(role) && c.item.is_none()).count()
    };
    let leads = [Role::Code, Role::CodeClass, Role::CodeName, Role::Name, Role::Project];
    let amount = block.columns.first().map(|c| Role::Amount(c));
    let lead = columns.iter().find(|c| of_block(c)).and_then(|c| c.role).filter(|r| leads.contains(r));
    if let (Some(lead), Some(amount)) = (lead, amount) {
        let repeats = count(columns, lead);
        if repeats >= 2 && count(columns, amount) == repeats {
            let mut instance = 0usize;
            let mut first = true;
            for column in columns.iter_mut().filter(|c| c.block == index) {
                if column.role == Some(lead) && !std::mem::take(&mut first) {
                    instance += 1;
                }
                column.instance = instance;
            }
            return;
        }
    }
    // of two columns that name rows the one beside the amounts that has more to say
    let filled = |at: usize, role: Role| if leads.contains(&role) { header.filled(at) } else { 0 };
    let rank = |at: usize, role: Role| (fits[at].0, filled(at, role), fits[at].1);
    let rivals = |columns: &[ColumnMap], i: usize, j: usize| {
        j != i
            && columns[j].block == index
            && columns[j].role == columns[i].role
            && columns[j].item == columns[i].item
    };
    let before = columns.to_vec();
    for i in 0..columns.len() {
        let Some(role) = before[i].role.filter(|_| before[i].block == index) else { continue };
        let (mut beaten, mut equal) = (false, false);
        for j in (0..columns.len()).filter(|&j| rivals(&before, i, j)) {
            let amount = matches!(role, Role::Amount(_));
            beaten |= rank(j, role) > rank(i, role) || rank(j, role) == rank(i, role) && !amount && j < i;
            equal |= rank(j, role) == rank(i, role) && amount;
        }
        if beaten || equal {
            columns[i].item = None;
            columns[i].role = None;
        }
        if equal
            && !beaten
            && let Role::Amount(id) = role
        {
            doubt(doubts, id, &before[i].path);
        }
    }
}

fn doubt(doubts: &mut Vec<Doubt>, column: &'static str, path: &Path) {
    match doubts.iter_mut().find(|d| d.column == column) {
        Some(known) => {
            known.headers.push_str(" | ");
            known.headers.push_str(&path.join());
        }
        None => doubts.push(Doubt { column, headers: path.join() }),
    }
}

/// Where spanning headers did not come out whole, the leaves still tell: as many amount columns as the block has,
/// each under its own leaf in the block's order, with nothing that was told by its whole path against it.
pub(super) fn in_order(index: usize, block: &Block, columns: &mut [ColumnMap]) {
    let amounts = |c: &ColumnMap| {
        let current = c.path.holds == Holds::Current;
        c.block == index && !c.path.is_empty() && current && matches!(c.role, None | Some(Role::Amount(_)))
    };
    let told = columns.iter().filter(|c| amounts(c) && c.role.is_some()).count();
    if block.rows == RowModel::Columns
        || told == block.columns.len()
        || columns.iter().filter(|c| amounts(c)).count() != block.columns.len()
    {
        return;
    }
    let neutral = roles::roles().neutral.union(block.may);
    let agrees = |c: &ColumnMap, id: &'static str, at: usize| {
        let Some(leaf) = c.path.says.last() else { return false };
        let Some(meant) = block.meant.get(at) else { return false };
        let part = meant.is.iter().any(|set| {
            !set.common(leaf.says).is_empty() && leaf.says.without(*set).without(neutral).is_empty()
        });
        let own = leaf.unknown == 0 && (part || meant.fit(neutral, leaf.says).is_some());
        c.role.is_none_or(|r| r == Role::Amount(id)) && own
    };
    let all = columns.iter().filter(|c| amounts(c)).zip(&block.columns).enumerate();
    if all.clone().all(|(at, (c, id))| agrees(c, id, at)) {
        drop(all);
        for (column, id) in columns.iter_mut().filter(|c| amounts(c)).zip(&block.columns) {
            column.role = Some(Role::Amount(id));
        }
    }
}
