//! Which row is the sum of which: codes under codes, projects under codes, everything under departments.
//!
//! In: a table's rows in printed order. Out: the parent of each row and the topmost rows. In tables that list
//! several units each department row opens a block; codes may repeat from block to block.

use crate::document::{Row, RowKind, Table};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

/// Parents and children of a table's rows.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// Parent row of each row.
    parent: Vec<Option<u32>>,
    /// Children of each row, in printed order.
    children: Vec<Vec<u32>>,
    /// Rows under the total, topmost.
    roots: Vec<u32>,
    /// Rows that take part in sums: neither totals nor headings nor lines without code.
    summed: Vec<bool>,
    /// Department row that opened the block of each row.
    block: Vec<Option<u32>>,
    /// Project rows whose code has a row of its own in the block.
    has_code_row: Vec<bool>,
}

impl Tree {
    /// `values` are the table's cells, row by row, `width` to a row.
    pub(crate) fn new(table: &Table, values: &[Option<Decimal>], width: usize) -> Self {
        let rows = &table.rows;
        let mut tree = Self {
            parent: vec![None; rows.len()],
            children: vec![Vec::new(); rows.len()],
            roots: Vec::new(),
            summed: vec![false; rows.len()],
            block: vec![None; rows.len()],
            has_code_row: vec![false; rows.len()],
        };
        // in tables 1 and 4 the total is more than its classes; their sums are identities of their own
        if rows.iter().any(|row| row.side.is_some()) {
            return tree;
        }
        let is_blank = |r: usize| {
            values.get(r * width..(r + 1) * width).is_none_or(|row| row.iter().all(Option::is_none))
        };
        let whole = whole_department(rows, values, width);
        let mut seen: FxHashMap<&str, u32> = FxHashMap::default();
        let mut department = None;
        let mut last_item = None;
        for (r, row) in rows.iter().enumerate() {
            let me = u32::try_from(r).unwrap_or(u32::MAX);
            let parent = match row.kind {
                RowKind::Total => continue,
                RowKind::Department => {
                    seen.clear();
                    last_item = None;
                    department = Some(me);
                    if Some(r) == whole { None } else { whole.and_then(|w| u32::try_from(w).ok()) }
                }
                RowKind::Item => {
                    let Some(code) = &row.code else { continue };
                    let parent = ancestor(code, &seen);
                    seen.insert(code, me);
                    last_item = Some(me);
                    parent.or(department)
                }
                RowKind::Project => {
                    let own = row.code.as_deref().and_then(|code| seen.get(code).copied());
                    if let Some(flag) = tree.has_code_row.get_mut(r) {
                        *flag = own.is_some();
                    }
                    let by_code = row.code.as_deref().and_then(|code| ancestor(code, &seen));
                    let without_code = if row.code.is_none() { last_item } else { None };
                    own.or(by_code).or(without_code).or(department)
                }
            };
            if let Some(slot) = tree.block.get_mut(r) {
                *slot = department;
            }
            if let Some(slot) = tree.parent.get_mut(r) {
                *slot = parent;
            }
        }
        tree.link(rows, is_blank);
        tree
    }

    /// Fills children and roots. A parent row without any amount is a heading: its children count as its
    /// parent's.
    fn link(&mut self, rows: &[Row], is_blank: impl Fn(usize) -> bool) {
        let mut has_child = vec![false; rows.len()];
        for parent in self.parent.iter().flatten() {
            has_child.get_mut(*parent as usize).into_iter().for_each(|h| *h = true);
        }
        let heading = |r: u32| has_child.get(r as usize) == Some(&true) && is_blank(r as usize);
        for (r, row) in rows.iter().enumerate() {
            let me = u32::try_from(r).unwrap_or(u32::MAX);
            if row.kind == RowKind::Total || (row.kind == RowKind::Item && row.code.is_none()) || heading(me)
            {
                continue;
            }
            let mut parent = self.parent.get(r).copied().flatten();
            // codes are at most three deep, departments two: the bound only guards against cycles
            for _ in 0..8 {
                match parent {
                    Some(p) if heading(p) => parent = self.parent.get(p as usize).copied().flatten(),
                    _ => break,
                }
            }
            if let Some(slot) = self.parent.get_mut(r) {
                *slot = parent;
            }
            self.summed.get_mut(r).into_iter().for_each(|s| *s = true);
            match parent.and_then(|p| self.children.get_mut(p as usize)) {
                Some(children) => children.push(me),
                None => self.roots.push(me),
            }
        }
    }

    pub(crate) fn parent(&self, row: usize) -> Option<usize> {
        self.parent.get(row).copied().flatten().map(|p| p as usize)
    }

    pub(crate) fn children(&self, row: usize) -> &[u32] {
        self.children.get(row).map_or(&[], Vec::as_slice)
    }

    /// Rows that have children, with them.
    pub(crate) fn parents(&self) -> impl Iterator<Item = (usize, &[u32])> {
        self.children.iter().map(Vec::as_slice).enumerate().filter(|(_, children)| !children.is_empty())
    }

    pub(crate) fn roots(&self) -> &[u32] {
        &self.roots
    }

    /// Rows without children that take part in sums.
    pub(crate) fn leaves(&self) -> Vec<u32> {
        let rows = self.summed.iter().zip(&self.children).enumerate();
        let leaves = rows.filter(|(_, (summed, children))| **summed && children.is_empty());
        leaves.filter_map(|(r, _)| u32::try_from(r).ok()).collect()
    }

    /// Department row whose block a row stands in.
    pub(crate) fn block(&self, row: usize) -> Option<usize> {
        self.block.get(row).copied().flatten().map(|b| b as usize)
    }

    /// Whether the code of a project row has a row of its own in its block.
    pub(crate) fn has_code_row(&self, row: usize) -> bool {
        self.has_code_row.get(row).copied().unwrap_or(false)
    }
}

/// The nearest shorter code that was seen: a section, else a class.
fn ancestor(code: &str, seen: &FxHashMap<&str, u32>) -> Option<u32> {
    [5, 3]
        .into_iter()
        .filter(|&n| n < code.len())
        .find_map(|n| code.get(..n).and_then(|prefix| seen.get(prefix).copied()))
}

/// A department row that is the sum of the other department rows: the first of several, with the total's amount.
fn whole_department(rows: &[Row], values: &[Option<Decimal>], width: usize) -> Option<usize> {
    let first_value = |r: usize| values.get(r * width).copied().flatten();
    let departments =
        || rows.iter().enumerate().filter(|(_, row)| row.kind == RowKind::Department).map(|(r, _)| r);
    let first = departments().next()?;
    let total = rows.iter().position(|row| row.kind == RowKind::Total).and_then(first_value)?;
    let whole = first_value(first)?;
    let mut others = Decimal::ZERO;
    for r in departments().skip(1) {
        others = others.checked_add(first_value(r)?)?;
    }
    (whole == total && others == total && !total.is_zero() && departments().nth(1).is_some()).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::testing::{code, department, project, table, total};

    fn tree(rows: Vec<Row>) -> Tree {
        let table = table(7, rows);
        let values: Vec<Option<Decimal>> = table
            .rows
            .iter()
            .map(|r| r.amounts.first().and_then(|a| a.1.as_ref()).map(|a| a.value))
            .collect();
        Tree::new(&table, &values, 1)
    }

    #[test]
    fn codes_hang_under_the_nearest_shorter_code() {
        let t = tree(vec![
            code("201", &[("total", "3")]),
            code("20113", &[("total", "3")]),
            code("2011301", &[("total", "1")]),
            code("2011302", &[("total", "2")]),
            code("2080501", &[("total", "2")]),
            total(&[("total", "5")]),
        ]);
        assert_eq!(t.children(0), [1]);
        assert_eq!(t.children(1), [2, 3]);
        assert_eq!(t.roots(), [0, 4]);
    }

    #[test]
    fn projects_hang_under_their_code_or_what_stands_above_it() {
        let t = tree(vec![
            code("201", &[("total", "3")]),
            code("20113", &[("total", "3")]),
            project(Some("2011301"), "甲", &[("total", "1")]),
            code("2011302", &[("total", "2")]),
            project(Some("2011302"), "乙", &[("total", "2")]),
        ]);
        assert_eq!(t.children(1), [2, 3]);
        assert_eq!(t.children(3), [4]);
        assert!(!t.has_code_row(2) && t.has_code_row(4));
    }

    #[test]
    fn departments_open_blocks_in_which_codes_repeat() {
        let t = tree(vec![
            department("甲局", &[("total", "1")]),
            code("201", &[("total", "1")]),
            department("乙站", &[("total", "2")]),
            code("201", &[("total", "2")]),
            project(Some("2011301"), "丙", &[("total", "2")]),
            total(&[("total", "3")]),
        ]);
        assert_eq!(t.roots(), [0, 2]);
        assert_eq!(t.children(0), [1]);
        assert_eq!(t.children(2), [3]);
        assert_eq!(t.children(3), [4]);
        assert_eq!(t.block(4), Some(2));
    }

    #[test]
    fn a_department_that_sums_its_units_stands_above_them() {
        let t = tree(vec![
            department("全局", &[("total", "3")]),
            department("本级", &[("total", "1")]),
            project(None, "甲", &[("total", "1")]),
            department("某站", &[("total", "2")]),
            total(&[("total", "3")]),
        ]);
        assert_eq!(t.roots(), [0]);
        assert_eq!(t.children(0), [1, 3]);
        assert_eq!(t.children(1), [2]);
    }

    #[test]
    fn a_heading_without_amounts_hands_its_children_on() {
        let t = tree(vec![
            code("201", &[("total", "3")]),
            code("20113", &[]),
            code("2011301", &[("total", "3")]),
        ]);
        assert_eq!(t.children(0), [2]);
        assert!(t.children(1).is_empty());
        assert_eq!(t.leaves(), [2]);
    }
}
