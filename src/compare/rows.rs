//! The rows of one table in two documents → pairs, and rows that only one of them has.
//!
//! Rows are the same by code and name. What is left over is paired, in this order, where the code (or line item, or
//! project) is the same under another name, where a project has another code, and where a name stands once on either
//! side under another code of the same level: the classification changes between years.

use super::snapshot::RowShot;
use crate::document::RowKind;
use crate::normalize::text::key;
use crate::output::words::{self, row_kind};
use rustc_hash::{FxHashMap, FxHashSet};

/// How two rows were found to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Same {
    /// Code and name.
    Row,
    /// The code, under another name.
    Renamed,
    /// The name, under another code.
    Moved,
}

/// Rows of two documents.
#[derive(Debug, Default)]
pub(crate) struct Pairs<'r> {
    pub(crate) both: Vec<(&'r RowShot, &'r RowShot, Same)>,
    pub(crate) gone: Vec<&'r RowShot>,
    pub(crate) new: Vec<&'r RowShot>,
}

type Identity = (&'static str, &'static str, String, String, String, String);

/// Pairs the rows of one table.
pub(crate) fn pair<'r>(a: Vec<&'r RowShot>, b: Vec<&'r RowShot>) -> Pairs<'r> {
    // one block on either side: whoever it is called, the rows are comparable
    let blocks = |rows: &[&RowShot]| rows.iter().map(|r| r.unit.clone()).collect::<FxHashSet<_>>().len();
    let by_unit = blocks(&a) > 2 || blocks(&b) > 2;
    let side = |r: &RowShot| r.side.map_or("", words::side);
    let unit = |r: &RowShot| if by_unit { r.unit.clone() } else { String::new() };
    let project = |r: &RowShot| r.project.as_deref().map(key).unwrap_or_default();
    let what = |r: &RowShot| r.item.map_or_else(|| r.code.clone(), ToOwned::to_owned);
    let mut left = Left { a, b, out: Pairs::default() };

    left.pair(Same::Row, false, |r| {
        Some((side(r), row_kind(r.kind), unit(r), what(r), project(r), key(&r.name)))
    });
    left.pair(Same::Renamed, false, |r| {
        let named = !what(r).is_empty() || !project(r).is_empty();
        named.then(|| (side(r), row_kind(r.kind), unit(r), what(r), project(r), String::new()))
    });
    left.pair(Same::Moved, false, |r| {
        r.project
            .is_some()
            .then(|| (side(r), row_kind(r.kind), String::new(), String::new(), project(r), String::new()))
    });
    left.pair(Same::Moved, true, |r| {
        let level = r.code.len().to_string();
        let has_name = !r.code.is_empty() && r.project.is_none() && !r.name.is_empty();
        has_name.then(|| (side(r), row_kind(r.kind), unit(r), level, String::new(), key(&r.name)))
    });
    // the total, or the only department, whatever it is called
    left.pair(Same::Renamed, true, |r| {
        let one = matches!(r.kind, RowKind::Total | RowKind::Department);
        one.then(|| (side(r), row_kind(r.kind), String::new(), String::new(), String::new(), String::new()))
    });
    left.out.gone = left.a;
    left.out.new = left.b;
    left.out
}

/// Rows that have no partner yet.
struct Left<'r> {
    a: Vec<&'r RowShot>,
    b: Vec<&'r RowShot>,
    out: Pairs<'r>,
}

impl<'r> Left<'r> {
    /// Pairs rows of the same identity in printed order; with `unique` only where either side has one.
    fn pair(&mut self, same: Same, unique: bool, identity: impl Fn(&RowShot) -> Option<Identity>) {
        let mut of_b: FxHashMap<Identity, Vec<usize>> = FxHashMap::default();
        for (n, row) in self.b.iter().enumerate().rev() {
            if let Some(id) = identity(row) {
                of_b.entry(id).or_default().push(n);
            }
        }
        let mut times: FxHashMap<Identity, usize> = FxHashMap::default();
        if unique {
            self.a.iter().filter_map(|r| identity(r)).for_each(|id| *times.entry(id).or_default() += 1);
        }
        let mut taken: FxHashSet<usize> = FxHashSet::default();
        let mut rest = Vec::new();
        for row in std::mem::take(&mut self.a) {
            let id = identity(row);
            let partner = id.and_then(|id| {
                let found = of_b.get_mut(&id)?;
                let alone = !unique || (found.len() == 1 && times.get(&id) == Some(&1));
                if alone { found.pop() } else { None }
            });
            match partner.and_then(|n| Some((n, *self.b.get(n)?))) {
                Some((n, other)) => {
                    taken.insert(n);
                    self.out.both.push((row, other, same));
                }
                None => rest.push(row),
            }
        }
        self.a = rest;
        let mut n = 0;
        self.b.retain(|_| {
            n += 1;
            !taken.contains(&(n - 1))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(code: &str, name: &str, project: Option<&str>) -> RowShot {
        RowShot {
            code: code.to_owned(),
            name: name.to_owned(),
            project: project.map(ToOwned::to_owned),
            kind: if project.is_some() { RowKind::Project } else { RowKind::Item },
            ..RowShot::default()
        }
    }

    fn told(a: &[RowShot], b: &[RowShot]) -> (Vec<(String, String, Same)>, Vec<String>, Vec<String>) {
        let pairs = pair(a.iter().collect(), b.iter().collect());
        let both = pairs.both.iter().map(|(a, b, s)| (a.code.clone(), b.code.clone(), *s)).collect();
        let codes = |rows: &[&RowShot]| rows.iter().map(|r| r.code.clone()).collect();
        (both, codes(&pairs.gone), codes(&pairs.new))
    }

    #[test]
    fn a_name_that_stands_once_under_another_code_has_moved() {
        let a = [row("2010101", "行政运行", None), row("2010102", "会议", None)];
        let b = [row("2010101", "行政运行", None), row("2010155", "会议", None)];
        let (both, gone, new) = told(&a, &b);
        assert_eq!(both[1], ("2010102".into(), "2010155".into(), Same::Moved));
        assert!(gone.is_empty() && new.is_empty());
    }

    #[test]
    fn a_name_that_stands_twice_is_not_guessed() {
        let a = [row("2010101", "行政运行", None), row("2010301", "行政运行", None)];
        let b = [row("2010501", "行政运行", None)];
        let (both, gone, new) = told(&a, &b);
        assert!(both.is_empty());
        assert_eq!((gone.len(), new.len()), (2, 1));
    }

    #[test]
    fn a_code_under_another_name_and_a_project_under_another_code_are_the_same() {
        let a = [row("20138", "市场监督管理事务", None), row("2013805", "养护", Some("养护"))];
        let b = [row("20138", "市场监管事务", None), row("2013899", "养护", Some("养护"))];
        let (both, gone, new) = told(&a, &b);
        assert_eq!(both.iter().map(|b| b.2).collect::<Vec<_>>(), [Same::Renamed, Same::Moved]);
        assert!(gone.is_empty() && new.is_empty());
    }
}
