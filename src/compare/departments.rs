//! Two sets of documents → which belong together. The name decides (all spellings of one office are one); what looks like
//! the same office under a new name is told with its evidence and compared only where the user says so.

use super::snapshot::Snapshot;
use crate::document::RowKind;
use crate::normalize::text::key;
use rust_decimal::Decimal;
use rustc_hash::FxHashSet;
use serde::Serialize;
use std::collections::BTreeMap;

/// Departments that are looked at for new names, on either side: more would take long, and nobody would read the list.
const MAX_UNPAIRED: usize = 400;
/// Share of the rows that two documents must have in common to be one office under two names, in percent, …
const MIN_ALIKE: usize = 60;
/// … and at least so many, since every office has some of the same rows.
const MIN_ROWS: usize = 8;
/// Amounts of last year that the text implies and the other document prints: so many are no accident.
const MIN_IMPLIED: usize = 3;

/// A department under two names, as the user says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// Name on the first side.
    pub from: String,
    /// Name on the second side.
    pub to: String,
}

impl std::str::FromStr for Rename {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((from, to)) if !from.trim().is_empty() && !to.trim().is_empty() => {
                Ok(Rename { from: from.trim().to_owned(), to: to.trim().to_owned() })
            }
            _ => Err(format!("`{text}` should be OLD=NEW")),
        }
    }
}

/// Two names that may be one office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Maybe {
    /// Name on the first side.
    pub a: String,
    /// Name on the second side.
    pub b: String,
    /// Rows (codes with names, projects) that both print, …
    pub rows_alike: usize,
    /// … of so many.
    pub rows: usize,
    /// Amounts of last year that the second one's text implies and the first one prints.
    pub implied_found: usize,
}

/// Documents that belong together, and those that have no partner.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    pub(crate) both: Vec<(Snapshot, Snapshot)>,
    pub(crate) only_a: Vec<Snapshot>,
    pub(crate) only_b: Vec<Snapshot>,
}

/// Pairs documents.
pub(crate) fn pair(a: Vec<Snapshot>, b: Vec<Snapshot>, renames: &[Rename], notes: &mut Vec<String>) -> Pairs {
    // two documents, named by the user: they are compared whoever they are
    if let ([_], [_]) = (&a[..], &b[..]) {
        return Pairs { both: a.into_iter().zip(b).collect(), ..Pairs::default() };
    }
    let renamed = |s: &Snapshot| {
        let is_from = |r: &&Rename| crate::who::canonical(&r.from).id == s.id;
        renames.iter().find(is_from).map_or_else(|| s.id.clone(), |r| crate::who::canonical(&r.to).id)
    };
    type Groups = BTreeMap<(String, &'static str, &'static str), Vec<Snapshot>>;
    let group = |all: Vec<Snapshot>, id: &dyn Fn(&Snapshot) -> String| {
        let mut groups: Groups = BTreeMap::new();
        for s in all {
            let kind = crate::output::words::kind(s.kind);
            groups.entry((id(&s), kind, crate::output::words::scope(s.scope))).or_default().push(s);
        }
        groups
    };
    let (mut of_a, of_b) = (group(a, &renamed), group(b, &|s| s.id.clone()));
    let mut out = Pairs::default();
    for (who, group) in of_b {
        let after = latest(group, "second", notes);
        match of_a.remove(&who).and_then(|group| latest(group, "first", notes)).zip(after.clone()) {
            Some(pair) => out.both.push(pair),
            None => out.only_b.extend(after),
        }
    }
    out.only_a = of_a.into_values().filter_map(|group| latest(group, "first", notes)).collect();
    out
}

/// The latest of several documents of one department; says which are not compared.
fn latest(mut group: Vec<Snapshot>, side: &str, notes: &mut Vec<String>) -> Option<Snapshot> {
    group.sort_by(|x, y| (x.year, &x.published_on, &x.path).cmp(&(y.year, &y.published_on, &y.path)));
    let last = group.pop()?;
    let mut others: Vec<String> = group
        .iter()
        .filter(|o| o.content != last.content)
        .map(|o| format!("{} ({})", o.path, o.when()))
        .collect();
    others.dedup();
    if !others.is_empty() {
        let department = &last.department;
        notes.push(format!(
            "{department}: the {side} side has several documents; {} ({}) is compared, not {}",
            last.path,
            last.when(),
            others.join(", ")
        ));
    }
    Some(last)
}

/// What names the rows of a document, without what all offices print.
fn identities(s: &Snapshot) -> FxHashSet<String> {
    let coded = s.rows.iter().filter(|r| matches!(r.kind, RowKind::Item | RowKind::Project));
    coded
        .filter(|r| !r.code.is_empty() || r.project.is_some())
        .map(|r| {
            format!(
                "{} {} {} {}",
                r.table,
                r.code,
                key(&r.name),
                r.project.as_deref().map(key).unwrap_or_default()
            )
        })
        .collect()
}

/// Pairs of names that may be one office under two names.
pub(crate) fn maybe_renamed(only_a: &[Snapshot], only_b: &[Snapshot]) -> Vec<Maybe> {
    let of_a: Vec<_> = only_a.iter().take(MAX_UNPAIRED).map(|s| (s, identities(s))).collect();
    let mut out = Vec::new();
    for b in only_b.iter().take(MAX_UNPAIRED) {
        let of_b = identities(b);
        let fitting = of_a.iter().filter(|(a, _)| a.kind == b.kind && a.scope == b.scope);
        let found = fitting.filter_map(|(a, of_a)| {
            let (alike, rows) = (of_a.intersection(&of_b).count(), of_a.union(&of_b).count());
            let implied = implied_found(a, b);
            let looks_alike = alike >= MIN_ROWS && alike * 100 >= rows * MIN_ALIKE;
            (looks_alike || implied >= MIN_IMPLIED).then(|| Maybe {
                a: a.department.clone(),
                b: b.department.clone(),
                rows_alike: alike,
                rows,
                implied_found: implied,
            })
        });
        out.extend(found.max_by_key(|m| (m.implied_found, m.rows_alike)));
    }
    out
}

/// Different amounts of last year that the text of `b` implies and `a` prints.
fn implied_found(a: &Snapshot, b: &Snapshot) -> usize {
    let printed: FxHashSet<Decimal> =
        a.rows.iter().flat_map(|r| r.amounts.iter().map(|(_, a)| a.normalize())).collect();
    let implied: FxHashSet<Decimal> = b
        .figures
        .iter()
        .filter_map(|f| f.previous.or(f.implied_previous))
        .map(|d| d.normalize())
        .filter(|d| !d.is_zero() && d.scale() > 0)
        .collect();
    implied.intersection(&printed).count()
}
