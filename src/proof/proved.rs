//! Proof per amount: how many independent identities would break if the amount alone were another.

use crate::document::{Document, Proof};
use crate::proof::index::Index;
use crate::proof::instance::{Instances, Outcome};
use crate::proof::rule::Rules;

/// For every cell the number of identities that prove it. Identities that follow from others, that need not hold,
/// or that are bounds prove nothing.
pub(crate) fn count(rules: &Rules, index: &Index<'_>, instances: &Instances) -> Vec<u32> {
    let mut proofs = vec![0u32; index.cells()];
    for instance in instances.all() {
        let counts = rules.identities.get(usize::from(instance.rule)).is_some_and(|i| !i.derived && !i.soft);
        if instance.at_most || instance.outcome == Outcome::Broken || !counts {
            continue;
        }
        let terms = instances.terms(instance);
        for (i, &(cell, sign)) in terms.iter().enumerate() {
            // an amount that stands on both sides changes both
            let cancelled = terms.len() <= 64
                && terms.iter().enumerate().any(|(j, &(other, s))| j != i && other == cell && s == -sign);
            if !cancelled && let Some(n) = proofs.get_mut(cell as usize) {
                *n += 1;
            }
        }
    }
    proofs
}

/// Sums up the document's identities; amounts are counted by [`write`].
pub(crate) fn summary(instances: &Instances) -> Proof {
    let mut proof = Proof::default();
    for instance in instances.all() {
        match instance.outcome {
            Outcome::Exact => proof.exact += 1,
            Outcome::Rounding => proof.rounding += 1,
            Outcome::Broken => proof.inconsistent += 1,
        }
    }
    proof.not_checked = u32::try_from(instances.not_checked.len()).unwrap_or(u32::MAX);
    proof.identities = proof.exact + proof.rounding + proof.inconsistent + proof.not_checked;
    proof
}

/// The proofs of each amount in the order in which [`write`] visits them.
pub(crate) fn in_order(index: &Index<'_>, proofs: &[u32]) -> Vec<u32> {
    let mut ordered = Vec::new();
    for table in &index.tables {
        for (r, row) in table.table.rows.iter().enumerate() {
            let names = row.amounts.iter().filter(|(_, a)| a.is_some()).map(|(name, _)| *name);
            let standard = names.map(|name| table.column(name));
            let extra = row.extra.iter().map(|(name, _)| {
                table.columns.iter().skip(table.standard).position(|c| c == name).map(|p| p + table.standard)
            });
            ordered.extend(standard.chain(extra).map(|column| {
                column.and_then(|c| proofs.get(table.cell(r, c) as usize)).copied().unwrap_or(0)
            }));
        }
    }
    ordered
}

/// Writes the proofs into the amounts and counts them.
pub(crate) fn write(document: &mut Document, ordered: &[u32], mut proof: Proof) {
    let mut next = ordered.iter().copied();
    for row in document.tables.iter_mut().flat_map(|table| &mut table.rows) {
        let standard = row.amounts.iter_mut().filter_map(|(_, amount)| amount.as_mut());
        for amount in standard.chain(row.extra.iter_mut().map(|(_, amount)| amount)) {
            amount.proved_by = next.next().unwrap_or(0);
            proof.amounts += 1;
            proof.proved += u32::from(amount.proved_by > 0);
        }
    }
    let Proof { printed, placed, .. } = document.proof;
    document.proof = Proof { printed, placed, ..proof };
}
