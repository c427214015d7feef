//! One column's header → what the column holds, as far as its own header tells.

use crate::normalize::label;
use crate::schema::concepts::{Meaning, Set};
use crate::schema::headers::{self, Holds};
use crate::schema::{Block, Item, Path, Role, RowModel, fit, roles};
use crate::tables::header::Content;

/// How well a header speaks for a role: a layout's own words before all others, then how much of it the role speaks for.
pub(super) type Rank = (usize, usize);

/// A layout's words win over what the vocabulary makes of a header.
const OF_LAYOUT: usize = 100;

/// What a header makes of its column.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) role: Option<Role>,
    pub(super) item: Option<&'static str>,
    pub(super) rank: Rank,
}

/// The role of a column. `bands` elements at the top of its path stand over the whole list.
pub(super) fn role(block: &Block, path: &Path, bands: usize, content: Content) -> Found {
    let found = |role, item, fit: usize| Found { role, item, rank: (fit, usize::MAX - path.keys.len()) };
    if path.is_empty() || block.rows == RowModel::Other {
        return Found::default();
    }
    if path.holds == Holds::Counter {
        return found(Some(Role::Ignore), None, 1);
    }
    let meaning = path.meaning(bands);
    if block.rows == RowModel::Columns {
        let (role, item, fit) = item_column(block, path, meaning);
        return found(role, item, fit);
    }
    let current = path.holds == Holds::Current;
    let layout = by_layout(block, path).filter(|(_, r)| current || !matches!(r, Role::Amount(_)));
    if let Some((fit, role)) = layout {
        return found(Some(role).filter(|r| *r != Role::Extra), None, fit * OF_LAYOUT);
    }
    let whole = path.meaning(0);
    // `301.01` below 科目编码 is a code
    let coded =
        |role: &Role| matches!(role, Role::Code | Role::CodeClass | Role::CodeSection | Role::CodeItem);
    let label = row_label(block, path, whole).or_else(|| row_label(block, path, meaning));
    let label = label.filter(|(_, role)| coded(role) || !content.is_amounts());
    let amount = amount(block, path, meaning).filter(|(fit, _)| current && (*fit > 0 || !content.is_texts()));
    match (label, amount) {
        (Some((fit, role)), amount) if amount.is_none_or(|(other, _)| fit > other) => {
            found(Some(role), None, fit)
        }
        (_, Some((fit, id))) => found(Some(Role::Amount(id)), None, fit),
        _ => Found::default(),
    }
}

fn by_layout(block: &Block, path: &Path) -> Option<(usize, Role)> {
    let mut best: Option<(usize, Role)> = None;
    for (role, patterns) in &block.headers {
        let fit = patterns.iter().map(|p| p.fit(path)).max().unwrap_or(0);
        if fit > 0 && best.is_none_or(|(top, _)| fit > top) {
            best = Some((fit, *role));
        }
    }
    best
}

/// Weights of what speaks for a column that names rows, beside the words that the role needs.
const NEEDED: usize = 3;

/// The role of a column that names rows.
fn row_label(block: &Block, path: &Path, meaning: Meaning) -> Option<(usize, Role)> {
    let parts = [("类", Role::CodeClass), ("款", Role::CodeSection), ("项", Role::CodeItem)];
    let leaf = path.keys.last().map_or("", String::as_str);
    if path.keys.len() > 1 || block.rows == RowModel::Codes || block.rows == RowModel::Projects {
        let leaf = leaf.strip_suffix("级").unwrap_or(leaf);
        if let Some((_, role)) = parts.into_iter().find(|(part, _)| *part == leaf) {
            return Some((NEEDED * 2, role));
        }
    }
    if meaning.unknown > 0 {
        return None;
    }
    let roles = roles::roles();
    let (fit, role) = roles.of(meaning.says)?;
    let role = match (block.rows, role) {
        (RowModel::Codes, Role::Project) => Role::Name,
        (RowModel::Items | RowModel::Sources, Role::CodeName | Role::Project) => Role::Name,
        (RowModel::Classes, Role::CodeName | Role::Project) => Role::Name,
        (_, role) => role,
    };
    // a unit beside the rows names them only where nothing else does
    let plus = usize::from(meaning.says.meets(roles.of_subjects));
    let minus = usize::from(meaning.says.meets(roles.of_units));
    Some(((fit * NEEDED + plus).saturating_sub(minus * 2), role))
}

/// The amount column that a header means.
fn amount(block: &Block, path: &Path, meaning: Meaning) -> Option<(usize, &'static str)> {
    if meaning.unknown > 0 {
        return None;
    }
    let may = block.may.union(roles::roles().neutral);
    let fits = block
        .columns
        .iter()
        .zip(&block.meant)
        .filter_map(|(id, meant)| Some((meant.fit(may, meaning.says)?, *id)));
    let part = usize::from(path.texts.last().is_some_and(|leaf| label::strip_of_which(leaf).0));
    let best = fits.reduce(|best, next| if next.0 > best.0 { next } else { best });
    // 其中：财政拨款 beside 小计 is the lesser of the two, and so is 小计 beside 合计
    let lesser = 2 * part + usize::from(path.keys.last().is_some_and(|leaf| leaf == "小计"));
    best.map(|(n, id)| ((n * NEEDED + usize::from(is_dated(path))).saturating_sub(lesser), id))
}

/// Whether the period's own year stands over a column: beside one without a year it is the surer of the two.
fn is_dated(path: &Path) -> bool {
    path.holds == Holds::Current && path.texts.iter().any(|t| headers::only_year(t).is_some())
}

/// Items are columns: the item that a header means, and whether its own amount stands below it.
fn item_column(block: &Block, path: &Path, meaning: Meaning) -> (Option<Role>, Option<&'static str>, usize) {
    let total = block.columns.first().map(|c| Role::Amount(c));
    let upper = path.upper();
    if path.holds != Holds::Current {
        // the item of another period's amount is what is left when the period is taken off
        let period = meaning.says.of_group("measure").without(Set::of(&["total"]));
        let own = Meaning { says: meaning.says.without(period), ..meaning };
        let item = item(block, path, own).or_else(|| item(block, &upper, upper.meaning(0)));
        return (None, item.map(|(_, item)| item), 0);
    }
    if let Some((fit, item)) = item(block, path, meaning) {
        return (total, Some(item), fit);
    }
    // a measure that we do not know below an item is one more printed column of it
    match item(block, &upper, upper.meaning(0)) {
        Some((fit, item)) => match by_layout(block, path).filter(|(_, role)| *role != Role::Extra) {
            Some((_, role)) => (Some(role), Some(item), fit),
            None => (None, Some(item), 0),
        },
        None => (None, None, 0),
    }
}

fn item(block: &Block, path: &Path, meaning: Meaning) -> Option<(usize, &'static str)> {
    let neutral = roles::roles().neutral;
    let fits = block.items.iter().filter_map(|item: &Item| {
        let named = item.names.iter().map(|n| n.fit(path)).max().unwrap_or(0) * OF_LAYOUT;
        let meant =
            if meaning.unknown > 0 { None } else { fit(&item.is, item.may.union(neutral), meaning.says) };
        let fit = named.max(meant.map_or(0, |n| n * NEEDED));
        (fit > 0).then_some((fit + usize::from(is_dated(path)), item.id))
    });
    fits.reduce(|best, next| if next.0 > best.0 { next } else { best })
}
