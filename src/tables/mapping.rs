//! Header texts of columns → which column of a form each of them is.

mod blocks;
mod column;
mod settle;

use super::header::Header;
use crate::document::Unit;
use crate::normalize::unit::strip_unit;
use crate::schema::headers::Holds;
use crate::schema::{Form, Path, Role, RowModel};
use std::sync::Arc;

/// What one column of a grid holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnMap {
    /// Block of the form.
    pub block: usize,
    /// How often the block has started before (two lists side by side with the same headers).
    pub instance: usize,
    /// Its role; `None` for a printed column that the standard lacks.
    pub role: Option<Role>,
    /// The line item that the column stands for, where items are columns.
    pub item: Option<&'static str>,
    /// Header texts above it; shared, since every form of every table is tried on them.
    pub path: Arc<Path>,
}

/// A grid's columns mapped onto a form of a standard table.
#[derive(Clone, Debug)]
pub struct Mapping<'s> {
    /// 1–12.
    pub number: u8,
    /// The form that fits.
    pub form: &'s Form,
    /// One entry per grid column.
    pub columns: Vec<ColumnMap>,
    /// 0–1: how well the columns fit, see [`WEIGHTS`].
    pub score: f32,
    /// Columns of the standard that were left blank although a header fits.
    pub doubts: Vec<Doubt>,
    /// Its first amount column and something that names rows were found: enough where the title tells.
    pub essential: bool,
}

/// A column of the standard that was left blank although printed headers fit it.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// Its id.
    pub column: &'static str,
    /// The headers that fit, joined by ` | `; nothing tells which of them it is.
    pub headers: String,
}

impl Mapping<'_> {
    /// The unit that the headers of its amount columns state (`预算数（万元）`), where they state one and the same.
    pub fn header_unit(&self) -> Option<Unit> {
        let amounts = self.columns.iter().filter(|c| matches!(c.role, Some(Role::Amount(_))));
        let mut units = amounts.flat_map(|c| &c.path.texts).filter_map(|t| strip_unit(t).1);
        let first = units.next()?;
        units.all(|u| u == first).then_some(first)
    }
}

/// What makes up a mapping's score. Explained headers weigh most: a table has the columns that it prints, and a publisher
/// who splits fewer sources prints fewer of the standard's.
struct Weights {
    /// Share of the printed headers that have a role.
    explained: f32,
    /// Share of the standard's columns that were found.
    found: f32,
    /// Something names the rows and the first amount column is there.
    essential: f32,
}

const WEIGHTS: Weights = Weights { explained: 0.5, found: 0.3, essential: 0.2 };

/// Maps columns onto a form; `None` where nothing that could be a row or an amount is found.
pub fn map_form<'s>(number: u8, form: &'s Form, header: &Header, named: bool) -> Option<Mapping<'s>> {
    let paths = &header.paths;
    let mut blocks = blocks::assign(form, header);
    blocks::close_lists(form, &mut blocks, header);
    let mut columns: Vec<ColumnMap> = Vec::with_capacity(paths.len());
    let mut fits: Vec<column::Rank> = Vec::with_capacity(paths.len());
    let bands = blocks::bands(&blocks, header);
    for (index, (path, &block)) in paths.iter().zip(&blocks).enumerate() {
        let found = column::role(&form.blocks[block], path, bands[index], header.content(index));
        columns.push(ColumnMap {
            block,
            instance: 0,
            role: found.role,
            item: found.item,
            path: Arc::clone(path),
        });
        fits.push(found.rank);
    }
    let mut doubts = Vec::new();
    for (index, block) in form.blocks.iter().enumerate() {
        settle::split_codes(index, block, &mut columns, header);
        settle::duplicates(index, block, &mut columns, &fits, header, &mut doubts);
        settle::in_order(index, block, &mut columns);
        settle::labels(index, block, &mut columns, header);
    }
    let essential = is_essential(form, &columns);
    let score = score(form, &columns, named, essential)?;
    Some(Mapping { number, form, columns, score, doubts, essential })
}

/// Whether each list has something that names its rows, and its first amount column.
fn is_essential(form: &Form, columns: &[ColumnMap]) -> bool {
    form.blocks.iter().enumerate().filter(|(_, b)| b.rows != RowModel::Other).all(|(i, block)| {
        let has = |role: Role| columns.iter().any(|c| c.block == i && c.role == Some(role));
        let labels = [Role::Code, Role::CodeClass, Role::CodeName, Role::Name, Role::Project];
        let named = labels.into_iter().any(has);
        named && block.columns.first().is_some_and(|c| has(Role::Amount(c)))
    })
}

fn score(form: &Form, columns: &[ColumnMap], named: bool, essential: bool) -> Option<f32> {
    let foreign = |c: &ColumnMap| c.role.is_none() && c.item.is_none() && c.path.holds != Holds::Current;
    let headed = columns.iter().filter(|c| !c.path.is_empty() && !foreign(c)).count();
    let (mut found, mut wanted, mut rows_named) = (0usize, 0usize, false);
    for (index, block) in form.blocks.iter().enumerate() {
        if block.rows == RowModel::Other {
            continue;
        }
        let own = || columns.iter().filter(move |c| c.block == index);
        if block.rows == RowModel::Columns {
            wanted += block.items.len();
            found += block.items.iter().filter(|i| own().any(|c| c.item == Some(i.id))).count();
            rows_named |= own().filter(|c| c.item.is_some()).count() >= 3;
            continue;
        }
        wanted += block.columns.len();
        found += block.columns.iter().filter(|id| own().any(|c| c.role == Some(Role::Amount(id)))).count();
        rows_named |=
            own().any(|c| matches!(c.role, Some(r) if !matches!(r, Role::Amount(_) | Role::Ignore)));
    }
    if headed == 0 || found == 0 || !(rows_named || named) {
        return None;
    }
    let wide = form.blocks.iter().any(|b| b.rows == RowModel::Columns);
    let other = |c: &&ColumnMap| form.blocks[c.block].rows == RowModel::Other;
    let beside = |c: &ColumnMap| form.blocks[c.block].knows_beside(c.path.meaning(0));
    let explained =
        columns.iter().filter(|c| c.role.is_some() || c.item.is_some() || other(c) || beside(c)).count();
    let share = |part: usize, whole: usize| part.min(whole) as f32 / whole.max(1) as f32;
    let essential = if essential || wide && rows_named { WEIGHTS.essential } else { 0.0 };
    Some(WEIGHTS.explained * share(explained, headed) + WEIGHTS.found * share(found, wanted) + essential)
}
