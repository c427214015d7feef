//! Identities with the document's cells put in: one linear equation each, with its difference and envelope.

use crate::proof::index::{Cell, Index};
use rust_decimal::Decimal;

/// How an equation came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Holds to the last digit (a bound: holds).
    Exact,
    /// Holds within the envelope.
    Rounding,
    /// Does not hold.
    Broken,
}

/// One equation (or bound): the sum of the signed terms should be zero (at most zero).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instance {
    /// Index of the identity.
    pub(crate) rule: u16,
    /// First of its terms.
    first: u32,
    /// Number of its terms.
    terms: u32,
    /// How many of the terms are the left side.
    left: u32,
    /// Left minus right.
    pub(crate) difference: Decimal,
    /// How far off rounding alone can be.
    pub(crate) envelope: Decimal,
    pub(crate) outcome: Outcome,
    pub(crate) at_most: bool,
}

/// An identity that could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotChecked {
    pub(crate) rule: u16,
    /// The table that is the reason, where there is one.
    pub(crate) table: Option<u8>,
    pub(crate) reason: String,
}

/// All equations of a document.
#[derive(Default)]
pub(crate) struct Instances {
    all: Vec<Instance>,
    terms: Vec<(Cell, i8)>,
    pub(crate) not_checked: Vec<NotChecked>,
}

/// Which equations a cell stands in.
pub(crate) struct Adjacency {
    start: Vec<u32>,
    entries: Vec<(u32, i8)>,
}

impl Instance {
    /// The outcome that another difference would have.
    pub(crate) fn outcome_of(&self, difference: Decimal) -> Outcome {
        if difference.is_zero() || (self.at_most && difference <= self.envelope) {
            Outcome::Exact
        } else if !self.at_most && difference.abs() <= self.envelope {
            Outcome::Rounding
        } else {
            Outcome::Broken
        }
    }
}

impl Instances {
    pub(crate) fn all(&self) -> &[Instance] {
        &self.all
    }

    pub(crate) fn get(&self, i: u32) -> Option<&Instance> {
        self.all.get(i as usize)
    }

    /// Signed terms, the left side first.
    pub(crate) fn terms(&self, instance: &Instance) -> &[(Cell, i8)] {
        let first = instance.first as usize;
        self.terms.get(first..first + instance.terms as usize).unwrap_or_default()
    }

    /// Terms of the left and of the right side.
    pub(crate) fn sides(&self, instance: &Instance) -> (&[(Cell, i8)], &[(Cell, i8)]) {
        self.terms(instance).split_at_checked(instance.left as usize).unwrap_or_default()
    }

    /// How many equations there are now: a mark to [`Self::cut`] back to.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Equations from a mark on that do not hold.
    pub(crate) fn broken_since(&self, mark: usize) -> usize {
        self.all.get(mark..).unwrap_or_default().iter().filter(|i| i.outcome == Outcome::Broken).count()
    }

    /// Takes back all equations from a mark on.
    pub(crate) fn cut(&mut self, mark: usize) {
        if let Some(first) = self.all.get(mark) {
            self.terms.truncate(first.first as usize);
        }
        self.all.truncate(mark);
    }

    /// Adds the equation `left = right` (or `left ≤ right`). `false` where there is nothing to check: not one of
    /// the cells holds an amount, or the numbers are too large to add.
    pub(crate) fn push(
        &mut self,
        index: &Index<'_>,
        rule: u16,
        left: &[(Cell, i8)],
        right: &[(Cell, i8)],
        at_most: bool,
    ) -> bool {
        let mut difference = Some(Decimal::ZERO);
        let mut envelope = Decimal::ZERO;
        let mut printed = 0u32;
        let mut addends = [0u32; 2];
        let mut table = None;
        let mut one_table = true;
        let signed = left.iter().map(|&(c, s)| (c, s, 0)).chain(right.iter().map(|&(c, s)| (c, -s, 1)));
        for (cell, sign, side) in signed {
            let Some(value) = index.value(cell) else { continue };
            printed += 1;
            difference = difference.and_then(|d| match sign {
                s if s >= 0 => d.checked_add(value),
                _ => d.checked_sub(value),
            });
            let at = index.at(cell).map(|at| at.table);
            one_table &= table.is_none() || table == at;
            table = at;
            if !value.is_zero() {
                envelope += index.half_step(cell);
                if let Some(n) = addends.get_mut(side) {
                    *n += 1;
                }
            }
        }
        let Some(difference) = difference.filter(|_| printed > 0) else { return false };
        // one number printed twice in the same table: rounded alike, it must be the same
        if one_table && addends.iter().all(|&n| n <= 1) {
            envelope = Decimal::ZERO;
        }
        let first = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        self.terms.extend_from_slice(left);
        self.terms.extend(right.iter().map(|&(c, s)| (c, -s)));
        let size = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let mut instance = Instance {
            rule,
            first,
            terms: size(left.len() + right.len()),
            left: size(left.len()),
            difference,
            envelope,
            outcome: Outcome::Exact,
            at_most,
        };
        instance.outcome = instance.outcome_of(difference);
        self.all.push(instance);
        true
    }

    /// The equations of each cell.
    pub(crate) fn adjacency(&self, cells: usize) -> Adjacency {
        let mut start = vec![0u32; cells + 1];
        for (cell, _) in self.all.iter().flat_map(|i| self.terms(i)) {
            if let Some(n) = start.get_mut(*cell as usize + 1) {
                *n += 1;
            }
        }
        let mut sum = 0;
        for n in &mut start {
            sum += *n;
            *n = sum;
        }
        let mut next = start.clone();
        let mut entries = vec![(0, 0); sum as usize];
        for (i, instance) in self.all.iter().enumerate() {
            for &(cell, sign) in self.terms(instance) {
                let Some(at) = next.get_mut(cell as usize) else { continue };
                if let Some(entry) = entries.get_mut(*at as usize) {
                    *entry = (u32::try_from(i).unwrap_or(u32::MAX), sign);
                }
                *at += 1;
            }
        }
        Adjacency { start, entries }
    }
}

impl Adjacency {
    /// Equations of a cell, with its sign there.
    pub(crate) fn of(&self, cell: Cell) -> &[(u32, i8)] {
        let bound = |i: usize| self.start.get(i).map(|&n| n as usize);
        match (bound(cell as usize), bound(cell as usize + 1)) {
            (Some(from), Some(to)) => self.entries.get(from..to).unwrap_or_default(),
            _ => &[],
        }
    }
}
