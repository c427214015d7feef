//! Header texts of columns → which column of a form each of them is.

use crate::document::Unit;
use crate::normalize::unit::strip_unit;
use crate::schema::headers::{self, Holds};
use crate::schema::{Block, Form, Path, Role, RowModel};
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
    /// 0–1: share of the headers that are explained and of the table's columns that were found.
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
    /// The headers that fit, joined by ` | `.
    pub headers: String,
    /// Several headers fit and nothing tells which; otherwise the one that fits stands under another band than
    /// the table's total.
    pub ambiguous: bool,
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

/// Maps columns onto a form; `None` where nothing that could be a row or an amount is found.
pub fn map_form<'s>(number: u8, form: &'s Form, paths: &[Arc<Path>], named: bool) -> Option<Mapping<'s>> {
    let blocks = assign_blocks(form, paths);
    let mut columns: Vec<ColumnMap> = Vec::with_capacity(paths.len());
    let mut fits: Vec<usize> = Vec::with_capacity(paths.len());
    for (path, &block) in paths.iter().zip(&blocks) {
        let (role, item, fit) = map_column(&form.blocks[block], path);
        columns.push(ColumnMap { block, instance: 0, role, item, path: Arc::clone(path) });
        fits.push(fit);
    }
    let mut doubts = Vec::new();
    for (index, block) in form.blocks.iter().enumerate() {
        if block.siblings {
            leave_other_bands(index, block, &mut columns, &mut doubts);
        }
        settle_duplicates(index, block, &mut columns, &fits, &mut doubts);
        map_in_order(index, block, &mut columns);
        split_codes(index, block, &mut columns);
        find_name(index, &mut columns);
    }
    let score = score(form, &columns, named)?;
    let essential =
        form.blocks.iter().enumerate().filter(|(_, b)| b.rows != RowModel::Other).all(|(i, block)| {
            let has = |role: Role| columns.iter().any(|c| c.block == i && c.role == Some(role));
            let named =
                [Role::Code, Role::CodeClass, Role::CodeName, Role::Name, Role::Project].into_iter().any(has);
            named && block.columns.first().is_some_and(|c| has(Role::Amount(c)))
        });
    Some(Mapping { number, form, columns, score, doubts, essential })
}

/// Which block each column belongs to: by the band above it, else by the order of the name columns.
fn assign_blocks(form: &Form, paths: &[Arc<Path>]) -> Vec<usize> {
    if form.blocks.len() < 2 {
        return vec![0; paths.len()];
    }
    let under = |path: &Path| {
        let fits = form
            .blocks
            .iter()
            .enumerate()
            .map(|(i, b)| (b.under.iter().map(|u| u.fit_above(path)).max().unwrap_or(0), i));
        // the first block wins ties
        fits.filter(|(fit, _)| *fit > 0)
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
            .map(|(_, i)| i)
    };
    let by_band: Vec<Option<usize>> = paths.iter().map(|path| under(path)).collect();
    let banded = by_band.iter().flatten().collect::<std::collections::BTreeSet<_>>().len();
    if banded >= 2 {
        let mut current = by_band.iter().flatten().next().copied().unwrap_or(0);
        return by_band
            .into_iter()
            .map(|b| {
                current = b.unwrap_or(current);
                current
            })
            .collect();
    }
    let main: Vec<usize> =
        (0..form.blocks.len()).filter(|&i| form.blocks[i].rows != RowModel::Other).collect();
    let mut next = 0usize;
    let mut current = main.first().copied().unwrap_or(0);
    let starts_block = |path: &Path, block: usize| {
        let headers = form.blocks[block].headers.iter();
        headers
            .filter(|(role, _)| matches!(role, Role::Name | Role::CodeName | Role::Code))
            .any(|(_, patterns)| patterns.iter().any(|p| p.fit(path) > 0))
    };
    let mut amount_seen = true;
    let mut blocks = Vec::with_capacity(paths.len());
    for path in paths {
        if let Some(&block) = main.get(next) {
            if amount_seen && starts_block(path, block) {
                current = block;
                next += 1;
                amount_seen = false;
            } else {
                amount_seen = true;
            }
        }
        blocks.push(current);
    }
    blocks
}

fn map_column(block: &Block, path: &Path) -> (Option<Role>, Option<&'static str>, usize) {
    if path.is_empty() || block.rows == RowModel::Other {
        return (None, None, 0);
    }
    let best_role = |path: &Path| {
        let mut best: Option<(usize, Role)> = None;
        for (role, patterns) in &block.headers {
            let fit = patterns.iter().map(|p| p.fit(path)).max().unwrap_or(0);
            if fit > 0 && best.is_none_or(|(top, _)| fit > top) {
                best = Some((fit, *role));
            }
        }
        best
    };
    if path.holds == Holds::Counter {
        return (Some(Role::Ignore), None, 1);
    }
    if block.rows != RowModel::Columns {
        let best =
            best_role(path).filter(|(_, r)| path.holds == Holds::Current || !matches!(r, Role::Amount(_)));
        return match best {
            Some((fit, Role::Extra)) => (None, None, fit),
            Some((fit, role)) => (Some(role), None, fit),
            None => (None, None, 0),
        };
    }
    let best_item = |path: &Path| {
        let fits = block.items.iter().map(|i| (i.names.iter().map(|n| n.fit(path)).max().unwrap_or(0), i.id));
        fits.filter(|(fit, _)| *fit > 0).reduce(|best, next| if next.0 >= best.0 { next } else { best })
    };
    let total = block.columns.first().map(|c| Role::Amount(c));
    let upper = path.upper();
    if path.holds != Holds::Current {
        let item = best_item(path).or_else(|| best_item(&upper));
        return (None, item.map(|(_, item)| item), 0);
    }
    if let Some((fit, item)) = best_item(path) {
        return (total, Some(item), fit);
    }
    // 决算数 under the item is the amount; what stands beside it is one more printed column.
    match (best_item(&upper), best_role(path).filter(|(_, role)| *role != Role::Extra)) {
        (Some((fit, item)), Some((_, role))) => (Some(role), Some(item), fit),
        (Some((_, item)), None) => (None, Some(item), 0),
        _ => (None, None, 0),
    }
}

/// Two or three columns under the band of a code hold its parts, whatever they are called.
fn split_codes(index: usize, block: &Block, columns: &mut [ColumnMap]) {
    let parts = [Role::CodeClass, Role::CodeSection, Role::CodeItem];
    if columns.iter().any(|c| c.block == index && matches!(c.role, Some(Role::Code | Role::CodeClass))) {
        return;
    }
    let bands: Vec<_> =
        block.headers.iter().filter(|(role, _)| *role == Role::Code).flat_map(|(_, p)| p).collect();
    let below = |c: &ColumnMap| {
        c.block == index && c.role.is_none() && bands.iter().any(|b| b.fit_above(&c.path) > 0)
    };
    let Some(first) = columns.iter().position(below) else { return };
    let run = columns[first..].iter().take_while(|c| below(c)).count();
    if (2..=parts.len()).contains(&run) {
        for (column, part) in columns[first..].iter_mut().zip(parts).take(run) {
            column.role = Some(part);
        }
    }
}

/// Rows with codes need a name: where no header is known for it, the column that calls itself a name is it.
fn find_name(index: usize, columns: &mut [ColumnMap]) {
    let names = [Role::Name, Role::CodeName, Role::Project, Role::Department];
    let codes = [Role::Code, Role::CodeClass];
    let has = |roles: &[Role]| {
        columns.iter().any(|c| c.block == index && c.role.is_some_and(|r| roles.contains(&r)))
    };
    if has(&names) {
        return;
    }
    if !has(&codes) {
        name_beside_group(index, columns);
        return;
    }
    let calls_itself = |c: &&mut ColumnMap| {
        let leaf = c.path.keys.last();
        c.block == index && c.role.is_none() && leaf.is_some_and(|k| k.contains("名称"))
    };
    if let Some(column) = columns.iter_mut().find(calls_itself) {
        column.role = Some(Role::Name);
    }
}

/// `类级科目 | 款级科目`, merged cells beside what they are made of: the column next to the amounts names the rows.
fn name_beside_group(index: usize, columns: &mut [ColumnMap]) {
    let amount = |c: &ColumnMap| matches!(c.role, Some(Role::Amount(_)));
    let Some(first) = columns.iter().position(|c| c.block == index && amount(c)) else { return };
    let label = |c: &ColumnMap| {
        let leaf = c.path.keys.last().is_some_and(|k| k.contains("科目") || k.contains("名称"));
        leaf && c.block == index && c.role.is_none() && c.item.is_none()
    };
    if let [.., group, name] = &mut columns[..first]
        && label(group)
        && label(name)
    {
        name.role = Some(Role::CodeName);
    }
}

/// Parts stand under the same bands as the total that they make up: basic expenditure of one source of money is not
/// the basic expenditure of a table of all sources.
fn leave_other_bands(index: usize, block: &Block, columns: &mut [ColumnMap], doubts: &mut Vec<Doubt>) {
    let bands = |c: &ColumnMap| -> Vec<String> {
        let patterns = block.headers.iter().filter(|(role, _)| Some(*role) == c.role).flat_map(|(_, p)| p);
        let best = patterns.max_by_key(|p| p.fit(&c.path)).and_then(|p| p.bands(&c.path));
        let telling = best.unwrap_or_default().into_iter().filter(|b| !headers::is_neutral_band(b));
        telling.map(str::to_owned).collect()
    };
    let Some(total) = block.columns.first().map(|c| Role::Amount(c)) else { return };
    let part =
        |c: &ColumnMap| c.block == index && c.role != Some(total) && matches!(c.role, Some(Role::Amount(_)));
    if !columns.iter().any(part) {
        return;
    }
    let totals = columns.iter().filter(|c| c.block == index && c.role == Some(total)).map(bands);
    let mut totals: Vec<Vec<String>> = totals.collect();
    totals.sort_by_key(Vec::len);
    let Some(own) = totals.first() else { return };
    // two totals under bands of one depth: nothing tells which is the table's
    if totals.get(1).is_some_and(|next| next.len() == own.len() && next != own) {
        return;
    }
    for column in columns.iter_mut().filter(|c| c.block == index) {
        let Some(Role::Amount(id)) = column.role else { continue };
        if bands(column) != *own {
            if Some(id) != block.columns.first().copied() {
                doubt(doubts, id, &column.path, false);
            }
            column.role = None;
        }
    }
    doubts.retain(|d| !columns.iter().any(|c| c.block == index && c.role == Some(Role::Amount(d.column))));
}

fn doubt(doubts: &mut Vec<Doubt>, column: &'static str, path: &Path, ambiguous: bool) {
    match doubts.iter_mut().find(|d| d.column == column && d.ambiguous == ambiguous) {
        Some(known) => {
            known.headers.push_str(" | ");
            known.headers.push_str(&path.join());
        }
        None => doubts.push(Doubt { column, headers: path.join(), ambiguous }),
    }
}

/// One column per role: a second name column with a second amount column starts a second instance of the
/// block; any other repetition keeps the best fit, then the one with fewer bands above it. Amount columns that
/// differ in neither are ambiguous: none of them is taken.
fn settle_duplicates(
    index: usize,
    block: &Block,
    columns: &mut [ColumnMap],
    fits: &[usize],
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
    // the better of two: more of its path is spoken for, then fewer bands above it
    let rank: Vec<_> =
        columns.iter().zip(fits).map(|(c, fit)| (*fit, usize::MAX - c.path.keys.len())).collect();
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
            beaten |= rank[j] > rank[i] || rank[j] == rank[i] && !amount && j < i;
            equal |= rank[j] == rank[i] && amount;
        }
        if beaten || equal {
            columns[i].item = None;
            columns[i].role = None;
        }
        if equal
            && !beaten
            && let Role::Amount(id) = role
        {
            doubt(doubts, id, &before[i].path, true);
        }
    }
}

/// Where spanning headers did not come out whole, the leaves still tell: as many amount columns as the block has,
/// each under its own leaf in the block's order, with nothing that was told by its whole path against it.
fn map_in_order(index: usize, block: &Block, columns: &mut [ColumnMap]) {
    let amounts = |c: &ColumnMap| {
        c.block == index && !c.path.is_empty() && matches!(c.role, None | Some(Role::Amount(_)))
    };
    let told = columns.iter().filter(|c| amounts(c) && c.role.is_some()).count();
    if block.rows == RowModel::Columns
        || told == block.columns.len()
        || columns.iter().filter(|c| amounts(c)).count() != block.columns.len()
    {
        return;
    }
    let agrees = |c: &ColumnMap, id: &'static str| {
        let role = Role::Amount(id);
        let mut patterns = block.headers.iter().filter(|(r, _)| *r == role).flat_map(|(_, p)| p);
        c.role.is_none_or(|r| r == role) && patterns.any(|p| p.fits_leaf(&c.path))
    };
    if columns.iter().filter(|c| amounts(c)).zip(&block.columns).all(|(c, id)| agrees(c, id)) {
        for (column, id) in columns.iter_mut().filter(|c| amounts(c)).zip(&block.columns) {
            column.role = Some(Role::Amount(id));
        }
    }
}

fn score(form: &Form, columns: &[ColumnMap], named: bool) -> Option<f32> {
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
    let other = |c: &&ColumnMap| form.blocks[c.block].rows == RowModel::Other;
    let explained = columns.iter().filter(|c| c.role.is_some() || c.item.is_some() || other(c)).count();
    Some(0.5 * explained.min(headed) as f32 / headed as f32 + 0.5 * found as f32 / wanted.max(1) as f32)
}
