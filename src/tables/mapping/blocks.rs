//! Which list of a form each column belongs to, where two or three lists stand side by side.

use crate::schema::concepts::Meaning;
use crate::schema::headers::Holds;
use crate::schema::{Block, Form, Path, Role, RowModel, roles};
use crate::tables::header::Header;

/// The block of each column: by the bands above it, else by the order of the columns that name rows.
pub(super) fn assign(form: &Form, header: &Header) -> Vec<usize> {
    let paths = &header.paths;
    if form.blocks.len() < 2 {
        return vec![0; paths.len()];
    }
    let by_band: Vec<Option<usize>> = paths.iter().map(|path| under(form, path)).collect();
    let mut seen: Vec<usize> = by_band.iter().flatten().copied().collect();
    seen.dedup();
    seen.sort_unstable();
    seen.dedup();
    if seen.len() >= 2 {
        let mut current = by_band.iter().flatten().next().copied().unwrap_or(0);
        let mut blocks = Vec::with_capacity(paths.len());
        for (at, own) in by_band.iter().enumerate() {
            // the heading of a second split names rows; the amount behind it stands under the bands of both
            let goes_on = form.blocks[current].rows == RowModel::Other
                && at > 0
                && same_bands(&paths[at - 1], &paths[at])
                && !speaks_itself(form, &paths[at]);
            if !goes_on {
                current = own.unwrap_or(current);
            }
            blocks.push(current);
        }
        return blocks;
    }
    in_order(form, header)
}

/// Whether two columns have the same headings above their own.
fn same_bands(a: &Path, b: &Path) -> bool {
    let above = |path: &Path| path.keys.split_last().map(|(_, above)| above.to_vec());
    above(a) == above(b)
}

/// Whether a column's own heading tells its block.
fn speaks_itself(form: &Form, path: &Path) -> bool {
    let leaf = path.says.last().copied().unwrap_or_default();
    form.blocks.iter().flat_map(|b| &b.bands).any(|band| leaf.says.has(*band))
}

/// The block that a path stands under: what its bands say first tells the side, the lowest one that speaks of a block
/// tells which of that side.
fn under(form: &Form, path: &Path) -> Option<usize> {
    let patterns = form
        .blocks
        .iter()
        .enumerate()
        .map(|(i, b)| (b.under.iter().map(|u| u.fit_above(path)).max().unwrap_or(0), i));
    let best = patterns.filter(|(fit, _)| *fit > 0).reduce(|a, b| if b.0 > a.0 { b } else { a });
    if let Some((_, block)) = best {
        return Some(block);
    }
    let speaks = |block: &Block, element: usize| {
        let says = path.says[element].says;
        // 收支 stands over both lists
        let both = form.blocks.iter().filter(|b| b.bands.iter().any(|band| says.has(*band))).map(|b| b.side);
        let one_side = both.clone().min() == both.max();
        one_side && block.bands.iter().any(|band| says.has(*band))
    };
    let elements = || 0..path.says.len();
    let spoken = |element: usize| form.blocks.iter().position(|b| speaks(b, element));
    let top = elements().find_map(spoken)?;
    let side = form.blocks[top].side;
    let lowest = elements().rev().find_map(|element| {
        let own = |b: &&Block| b.side == side && speaks(b, element);
        form.blocks.iter().enumerate().filter(|(_, b)| own(b)).map(|(i, _)| i).next_back()
    });
    Some(lowest.unwrap_or(top))
}

/// Each column that names rows, behind an amount, starts the next list.
fn in_order(form: &Form, header: &Header) -> Vec<usize> {
    let main: Vec<usize> =
        (0..form.blocks.len()).filter(|&i| form.blocks[i].rows != RowModel::Other).collect();
    let mut next = 0usize;
    let mut current = main.first().copied().unwrap_or(0);
    let starts_block = |path: &Path, block: usize| {
        let headers = form.blocks[block].headers.iter();
        let layout = headers
            .filter(|(role, _)| matches!(role, Role::Name | Role::CodeName | Role::Code))
            .any(|(_, patterns)| patterns.iter().any(|p| p.fit(path) > 0));
        let meaning = path.meaning(0);
        let side = form.blocks[block].bands.contains(&meaning.says);
        layout || meaning.unknown == 0 && (roles::roles().of(meaning.says).is_some() || side)
    };
    let mut amount_seen = true;
    let mut blocks = Vec::with_capacity(header.paths.len());
    for (index, path) in header.paths.iter().enumerate() {
        if let Some(&block) = main.get(next) {
            if amount_seen && starts_block(path, block) && !header.content(index).is_amounts() {
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

/// For each column how many bands at the top of its path say nothing of the column itself: those that stand over all
/// amounts of its list, and those that stand over the names of the rows too and so head the list as a whole.
pub(super) fn bands(blocks: &[usize], header: &Header) -> Vec<usize> {
    let paths = &header.paths;
    // a band over a whole list says nothing against what its lowest headings name
    let is_label = |path: &Path| {
        let leaf = path.says.last().copied().unwrap_or_default();
        let of = |meaning: Meaning| meaning.unknown == 0 && roles::roles().of(meaning.says).is_some();
        of(path.meaning(0)) || of(leaf)
    };
    let amount = |at: usize| {
        let path = &paths[at];
        path.holds == Holds::Current
            && !path.is_empty()
            && (!is_label(path) || header.content(at).is_amounts())
    };
    let shared = |a: &Path, b: &Path| {
        let same = a.keys.iter().zip(&b.keys).take_while(|(a, b)| a == b).count();
        same.min(a.keys.len().saturating_sub(1)).min(b.keys.len().saturating_sub(1))
    };
    (0..paths.len())
        .map(|at| {
            let others = || (0..paths.len()).filter(|&other| other != at && blocks[other] == blocks[at]);
            let mut amounts =
                others().filter(|&other| amount(other)).map(|other| shared(&paths[at], &paths[other]));
            let first = amounts.next();
            let common = first.map_or(0, |first| amounts.fold(first, usize::min));
            let labels = others().filter(|&other| !amount(other) && is_label(&paths[other]));
            let list = labels.map(|other| shared(&paths[at], &paths[other])).max().unwrap_or(0);
            common.max(list)
        })
        .collect()
}

/// The amounts of a list whose second half splits the same side once more may have come out below that half's band: a
/// list that names rows and has no amounts takes the column right behind its names.
pub(super) fn close_lists(form: &Form, blocks: &mut [usize], header: &Header) {
    for at in 1..blocks.len() {
        let (own, before) = (blocks[at], blocks[at - 1]);
        let other = own != before && form.blocks[own].rows == RowModel::Other;
        let named = form.blocks[before].rows != RowModel::Other;
        let bare = (0..at).filter(|&c| blocks[c] == before).all(|c| !header.content(c).is_amounts());
        if other && named && bare && header.content(at).is_amounts() {
            blocks[at] = before;
        }
    }
}
