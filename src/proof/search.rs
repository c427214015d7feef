//! The broken equations, and what changing some cells would do to them.

use crate::proof::hypothesis::Change;
use crate::proof::index::Index;
use crate::proof::instance::{Adjacency, Instances, Outcome};
use crate::proof::rule::Rules;
use rust_decimal::Decimal;

/// Broken equations that are looked at in one round.
const MAX_BROKEN: usize = 400;

/// The equations while hypotheses are applied to them.
pub(crate) struct Search<'s> {
    pub(crate) rules: &'s Rules,
    pub(crate) index: &'s Index<'s>,
    pub(crate) instances: &'s Instances,
    pub(crate) adjacency: &'s Adjacency,
    /// Left minus right of each equation, with the hypotheses taken so far.
    pub(crate) difference: Vec<Decimal>,
    pub(crate) outcome: Vec<Outcome>,
    /// Equations that are done with.
    pub(crate) settled: Vec<bool>,
}

/// What a hypothesis does to the equations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Effect {
    pub(crate) mends: Vec<u32>,
    pub(crate) breaks: Vec<u32>,
    /// Equations that come nearer to holding, less those that move away, without changing sides.
    pub(crate) nearer: i64,
}

impl<'s> Search<'s> {
    /// All equations as they came out.
    pub(crate) fn new(
        rules: &'s Rules,
        index: &'s Index<'s>,
        instances: &'s Instances,
        adjacency: &'s Adjacency,
    ) -> Self {
        Self {
            rules,
            index,
            instances,
            adjacency,
            difference: instances.all().iter().map(|i| i.difference).collect(),
            outcome: instances.all().iter().map(|i| i.outcome).collect(),
            settled: vec![false; instances.len()],
        }
    }

    /// Whether an equation counts as evidence of its own.
    pub(crate) fn counts(&self, instance: u32) -> bool {
        self.instances.get(instance).is_some_and(|i| {
            !i.at_most && self.rules.identities.get(usize::from(i.rule)).is_some_and(|rule| !rule.derived)
        })
    }

    pub(crate) fn difference(&self, instance: u32) -> Decimal {
        self.difference.get(instance as usize).copied().unwrap_or_default()
    }

    /// Broken equations that are not settled.
    pub(crate) fn broken(&self) -> impl Iterator<Item = u32> + '_ {
        self.outcome.iter().zip(&self.settled).enumerate().filter_map(|(i, (outcome, settled))| {
            (*outcome == Outcome::Broken && !settled).then_some(u32::try_from(i).unwrap_or(u32::MAX))
        })
    }

    /// What changing these cells does.
    pub(crate) fn effect(&self, changes: &[Change]) -> Effect {
        let mut touched: Vec<(u32, Decimal)> = Vec::new();
        for change in changes {
            for &(instance, sign) in self.adjacency.of(change.cell) {
                touched.push((instance, if sign < 0 { -change.by } else { change.by }));
            }
        }
        touched.sort_by_key(|(instance, _)| *instance);
        let mut effect = Effect::default();
        let mut rest = touched.as_slice();
        while let Some(&(i, _)) = rest.first() {
            let same = rest.iter().take_while(|(j, _)| *j == i).count();
            let (group, tail) = rest.split_at(same);
            rest = tail;
            let Some(instance) = self.instances.get(i) else { continue };
            let before = self.difference(i);
            let after = group.iter().try_fold(before, |sum, (_, by)| sum.checked_add(*by));
            let Some(after) = after else { continue };
            let old = self.outcome.get(i as usize).copied().unwrap_or(Outcome::Exact);
            let new = instance.outcome_of(after);
            let settled = self.settled.get(i as usize).copied().unwrap_or(false);
            let counts = self.counts(i);
            match (old, new) {
                (Outcome::Broken, Outcome::Exact | Outcome::Rounding) if !settled => {
                    effect.mends.push(i);
                }
                (Outcome::Exact, Outcome::Rounding | Outcome::Broken)
                | (Outcome::Rounding, Outcome::Broken)
                    if counts && before != after =>
                {
                    effect.breaks.push(i);
                }
                _ if counts => {
                    effect.nearer += match after.abs().cmp(&before.abs()) {
                        std::cmp::Ordering::Less => 1,
                        std::cmp::Ordering::Equal => 0,
                        std::cmp::Ordering::Greater => -1,
                    };
                }
                _ => {}
            }
        }
        effect
    }

    /// Broken equations that count, as many as are looked at in one round.
    pub(crate) fn evidence(&self) -> Vec<u32> {
        self.broken().filter(|&i| self.counts(i)).take(MAX_BROKEN).collect()
    }
}
