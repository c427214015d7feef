//! Which cells explain the breaks: each hypothesis changes some cells, and is judged by the equations that it
//! mends and those that it breaks. The best one is taken, applied, and the search goes on with what is left, so
//! that one mistake of a document gives one finding.

use crate::limits::Deadline;
use crate::proof::cells;
use crate::proof::columns;
use crate::proof::hypothesis::{Hypothesis, Story};
use crate::proof::index::{Cell, Index};
use crate::proof::instance::{Instances, Outcome};
use crate::proof::rows;
use crate::proof::rule::Rules;
use crate::proof::search::Search;
use crate::proof::units;
use rust_decimal::Decimal;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// A hypothesis that was taken.
#[derive(Clone, Debug)]
pub(crate) struct Explained {
    pub(crate) hypothesis: Hypothesis,
    /// Equations that it mends, the derived ones too.
    pub(crate) mends: Vec<u32>,
    /// Equations that hold and would not with this explanation.
    pub(crate) breaks: usize,
    /// Other hypotheses that explain the same as well.
    pub(crate) rivals: Vec<Hypothesis>,
}

/// What the search found.
#[derive(Default)]
pub(crate) struct Explanations {
    pub(crate) explained: Vec<Explained>,
    /// Identities that are broken in most rows of a table: rule, index of the table, broken equations.
    pub(crate) collective: Vec<(u16, usize, Vec<u32>)>,
    /// Broken equations that no hypothesis explains.
    pub(crate) unexplained: Vec<u32>,
    /// Cells that are off by the same little in every equation: cell and change.
    pub(crate) last_digits: Vec<(Cell, Decimal)>,
}

/// Hypotheses judged in one search: bounds the time that a document full of breaks can take.
const MAX_JUDGED: usize = 20_000;
/// Rows of one table in which an identity is broken, from which on it may be no matter of single amounts.
const COLLECTIVE: usize = 5;
/// Equations that exchanged columns have to mend.
const COLUMNS: usize = 3;
/// Hypotheses taken for one document.
const MAX_TAKEN: usize = 60;

/// Explains the broken equations, as far as there is time.
pub(crate) fn explain(
    rules: &Rules,
    index: &Index<'_>,
    instances: &Instances,
    deadline: Deadline,
) -> Explanations {
    let has_doubt = instances.all().iter().any(|i| i.outcome != Outcome::Exact);
    if !has_doubt {
        return Explanations::default();
    }
    let adjacency = instances.adjacency(index.cells());
    let mut search = Search::new(rules, index, instances, &adjacency);
    let mut found = Explanations::default();
    let mut budget = MAX_JUDGED;
    while !deadline.expired()
        && let Some(explained) = search.best_of(units::units(&search), &mut budget)
    {
        search.apply(&explained);
        found.explained.push(explained);
    }
    while let Some(explained) = search.best_of(columns::candidates(&search), &mut budget) {
        let counted = explained.mends.iter().filter(|&&i| search.counts(i)).count();
        if explained.breaks > 0 || counted < COLUMNS {
            break;
        }
        search.apply(&explained);
        found.explained.push(explained);
    }
    found.collective = search.settle_collective();
    while found.explained.len() < MAX_TAKEN && budget > 0 && !deadline.expired() {
        match search.best_of(candidates(&search), &mut budget) {
            Some(explained) => {
                search.apply(&explained);
                found.explained.push(explained);
            }
            None => break,
        }
    }
    found.unexplained = search.broken().collect();
    found.last_digits = search.last_digits();
    found
}

/// Candidates for the broken equations that are left, without wrong units.
fn candidates(search: &Search<'_>) -> Vec<Hypothesis> {
    let broken = search.evidence();
    let mut out = Vec::new();
    rows::candidates(search, &broken, &mut out);
    cells::candidates(search, &broken, &mut out);
    out
}

/// An identity in one table: the rows where it applies, and where it is broken.
#[derive(Default)]
struct RowsAndBreaks {
    rows: FxHashSet<usize>,
    broken_rows: FxHashSet<usize>,
    broken: Vec<u32>,
}

impl Search<'_> {
    /// Sets aside the identities that are broken in most rows of a table: not amounts are wrong there but columns,
    /// the year, or the identity's assumption.
    fn settle_collective(&mut self) -> Vec<(u16, usize, Vec<u32>)> {
        let mut groups: BTreeMap<(u16, usize), RowsAndBreaks> = BTreeMap::new();
        for (i, instance) in self.instances.all().iter().enumerate() {
            let head = self.instances.terms(instance).first().and_then(|(cell, _)| self.index.at(*cell));
            let Some(at) = head else { continue };
            let group = groups.entry((instance.rule, at.table)).or_default();
            group.rows.insert(at.row);
            if self.outcome.get(i) == Some(&Outcome::Broken) && self.settled.get(i) == Some(&false) {
                group.broken_rows.insert(at.row);
                group.broken.push(u32::try_from(i).unwrap_or(u32::MAX));
            }
        }
        let many = |group: &RowsAndBreaks| {
            let broken = group.broken_rows.len();
            broken >= COLLECTIVE && broken * 2 > group.rows.len()
        };
        let groups = groups.into_iter().filter(|(_, group)| many(group));
        let collective: Vec<_> = groups.map(|((rule, table), group)| (rule, table, group.broken)).collect();
        for &i in collective.iter().flat_map(|(_, _, broken)| broken) {
            self.settled.get_mut(i as usize).into_iter().for_each(|s| *s = true);
        }
        collective
    }

    /// The best hypothesis, if there is one worth having.
    fn best_of(&self, hypotheses: Vec<Hypothesis>, budget: &mut usize) -> Option<Explained> {
        let mut best: Option<(i64, Explained)> = None;
        let mut best_counted: Vec<u32> = Vec::new();
        for mut hypothesis in hypotheses {
            if *budget == 0 {
                break;
            }
            *budget -= 1;
            let mut effect = self.effect(&hypothesis.changes);
            effect.mends.extend(hypothesis.mends.iter().copied());
            effect.mends.sort_unstable();
            effect.mends.dedup();
            let counted: Vec<u32> = effect.mends.iter().copied().filter(|&i| self.counts(i)).collect();
            hypothesis.plausibility += 4 * effect.nearer.clamp(-1, 1);
            let (gain, loss) = (to_i64(counted.len()), to_i64(effect.breaks.len()));
            if gain == 0 || gain <= loss {
                continue;
            }
            let score = (2 * gain - 3 * loss) * 32 + hypothesis.plausibility;
            let better = match &best {
                None => true,
                Some((top, taken)) => {
                    score > *top
                        || (score == *top
                            && taken.hypothesis.story == Story::WrongAmount
                            && hypothesis.story != Story::WrongAmount)
                }
            };
            if better {
                let rivals = match best.take() {
                    Some((_, old)) if best_counted == counted && old.breaks == effect.breaks.len() => {
                        let mut rivals = old.rivals;
                        rivals.push(old.hypothesis);
                        rivals
                    }
                    _ => Vec::new(),
                };
                let explained =
                    Explained { hypothesis, mends: effect.mends, breaks: effect.breaks.len(), rivals };
                best = Some((score, explained));
                best_counted = counted;
            } else if let Some((_, taken)) = &mut best
                && best_counted == counted
                && taken.breaks == effect.breaks.len()
                && is_another(&taken.hypothesis, &hypothesis)
            {
                taken.rivals.push(hypothesis);
            }
        }
        best.map(|(_, explained)| explained)
    }

    /// Takes a hypothesis: what it mends holds from now on, what it breaks is not looked at again.
    fn apply(&mut self, explained: &Explained) {
        let effect = self.effect(&explained.hypothesis.changes);
        for change in &explained.hypothesis.changes {
            for &(i, sign) in self.adjacency.of(change.cell) {
                let by = if sign < 0 { -change.by } else { change.by };
                let Some(instance) = self.instances.get(i) else { continue };
                if let (Some(difference), Some(outcome)) =
                    (self.difference.get_mut(i as usize), self.outcome.get_mut(i as usize))
                {
                    *difference = difference.checked_add(by).unwrap_or(*difference);
                    *outcome = instance.outcome_of(*difference);
                }
            }
        }
        for &i in explained.mends.iter().chain(&effect.breaks) {
            self.settled.get_mut(i as usize).into_iter().for_each(|s| *s = true);
        }
    }

    /// Cells that are off by one and the same amount in all of at least three equations, or by two display steps
    /// or more in two, and exact in none, though every equation alone would pass as rounding.
    fn last_digits(&self) -> Vec<(Cell, Decimal)> {
        let mut found: Vec<(Cell, Decimal)> = Vec::new();
        let mut seen = FxHashSet::default();
        for (i, instance) in self.instances.all().iter().enumerate() {
            let number = u32::try_from(i).unwrap_or(u32::MAX);
            if self.outcome.get(i) != Some(&Outcome::Rounding) || !self.counts(number) {
                continue;
            }
            for &(cell, _) in self.instances.terms(instance) {
                if !seen.insert(cell) || self.index.value(cell).is_none() {
                    continue;
                }
                if let Some(by) = self.common_miss(cell) {
                    found.push((cell, by));
                }
            }
        }
        found
    }

    /// The change that would make every equation of a cell exact, if there is one and it is no rounding.
    fn common_miss(&self, cell: Cell) -> Option<Decimal> {
        let mut miss = None;
        let mut equations = 0;
        for &(i, sign) in self.adjacency.of(cell) {
            if !self.counts(i) {
                continue;
            }
            let difference = self.difference(i);
            let needed = if sign < 0 { difference } else { -difference };
            if needed.is_zero() || miss.is_some_and(|m| m != needed) {
                return None;
            }
            miss = Some(needed);
            equations += 1;
        }
        let miss = miss?;
        let at = self.index.at(cell)?;
        let step = self.index.tables.get(at.table)?.half_step.checked_mul(Decimal::TWO)?;
        (equations >= 3 || (equations == 2 && miss.abs() > step)).then_some(miss)
    }
}

/// Whether two hypotheses point at different places; those of whole tables and lost rows change no cell.
fn is_another(a: &Hypothesis, b: &Hypothesis) -> bool {
    a.changes != b.changes || (a.changes.is_empty() && a.story != b.story)
}

fn to_i64(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX / 1024)
}
