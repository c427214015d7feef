//! Identities, proof per amount, findings.
//!
//! In: a document whose tables are typed. Out: the same document with `proved_by` in every amount, the summary
//! [`Document::proof`] and the findings of broken identities. The identities are data (`schemas/identities.toml`).
//!
//! `load` (the file → checked identities, `rule`, with the expressions of `expr`) → `index` (the document's cells, with
//! the code `tree`) → `evaluate` (→ equations, `instance`) → `proved` (→ proof per amount) and `suspect` (which
//! cells explain the breaks) → `report` (→ findings). `structure` checks codes and names, `figures` shares and growth
//! of the text, `remarks` what the text says of itself. `texts` makes the text's amounts cells like those of tables.

mod adopt;
mod catalogue;
mod cells;
mod columns;
mod evaluate;
mod expr;
mod figures;
mod hypothesis;
mod index;
mod instance;
mod load;
mod proved;
mod readings;
mod remarks;
mod report;
mod reporter;
mod rows;
mod rule;
mod scope;
mod search;
mod stories;
mod structure;
mod suspect;
#[cfg(test)]
pub(crate) mod testing;
mod texts;
mod tree;
mod units;
mod words;

pub use rule::Rules;
pub(crate) use words::row_name;

use crate::document::Document;
use crate::limits::Deadline;

/// All rules of the built-in identities: id, sentence in English, sentence in Chinese.
pub fn rules() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    Rules::built_in().sentences()
}

/// Findings of the whole tool that are no identities: id, sentence in English, sentence in Chinese
/// (`schemas/findings.toml`).
pub fn findings() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    catalogue::all().iter().map(|f| (f.id.as_str(), f.en.as_str(), f.zh.as_str()))
}

/// Whether a finding with this rule comes from [`prove`].
pub fn is_own(rule: &str) -> bool {
    is_of(Rules::built_in(), rule)
}

/// Whether a finding with this rule comes from [`prove_with`] with these identities.
pub fn is_of(rules: &Rules, rule: &str) -> bool {
    rule.starts_with("proof.") || rules.sentences().any(|(id, _, _)| id == rule)
}

/// Checks every identity of the document, counts for each amount the identities that prove it, and adds
/// findings. Findings of an earlier call stay; call it once.
pub fn prove(document: &mut Document) {
    prove_with(Rules::built_in(), document);
}

/// As [`prove`], with other identities.
pub fn prove_with(rules: &Rules, document: &mut Document) {
    evaluate_all(rules, document, false, Deadline::never());
}

/// As [`prove_with`], for a document that was just read: where the page leaves open what was read (a text over the
/// border of its cell, columns that no ruling parts, a unit that is not printed), the reading whose identities
/// close is taken, and a finding says so. When time is up, nothing more is chosen, explained or proved.
pub fn prove_reading(rules: &Rules, document: &mut Document, deadline: Deadline) {
    evaluate_all(rules, document, true, deadline);
}

/// Readings that are chosen in one document.
const MAX_CHOICES: usize = 24;

fn evaluate_all(rules: &Rules, document: &mut Document, choose: bool, deadline: Deadline) {
    if choose && !deadline.expired() {
        adopt::columns(rules, document, deadline);
    }
    let mut choices = if choose { MAX_CHOICES } else { 0 };
    while !prove_once(rules, document, choices > 0 && !deadline.expired(), deadline) {
        choices -= 1;
    }
}

/// Proves the document, or changes its reading and returns `false`.
fn prove_once(rules: &Rules, document: &mut Document, choose: bool, deadline: Deadline) -> bool {
    let texts = texts::tables(document);
    let index = index::Index::new(document, &texts);
    let instances = evaluate::evaluate(rules, document, &index, deadline);
    // what was not evaluated could speak against any choice
    let choose = choose && !deadline.expired();
    if choose && let Some(better) = readings::columns(rules, document, &index, &instances, deadline) {
        drop(index);
        *document = better;
        return false;
    }
    let explanations = suspect::explain(rules, &index, &instances, deadline);
    if choose && let Some(choice) = readings::choice(rules, document, &index, &instances, &explanations) {
        drop(index);
        readings::take(document, choice);
        return false;
    }
    let proofs = proved::in_order(&index, &proved::count(rules, &index, &instances));
    let mut findings = report::findings(rules, &index, &instances, &explanations);
    let shapes = structure::findings(rules, &index, &mut findings);
    let figures = figures::findings(rules, document, &index, &mut findings);
    remarks::findings(rules, document, &mut findings);
    for place in findings.iter_mut().flat_map(|f| std::iter::once(&mut f.place).chain(&mut f.others)) {
        place.table = place.table.filter(|&n| !texts::is_text(n));
    }
    let mut proof = proved::summary(&instances);
    proof.exact += figures.exact;
    proof.rounding += figures.rounding;
    proof.inconsistent += figures.broken;
    proof.identities += figures.exact + figures.rounding + figures.broken;
    proof.exact += shapes.held;
    proof.inconsistent += shapes.broken;
    proof.identities += shapes.held + shapes.broken;
    drop(index);
    proved::write(document, &proofs, proof);
    document.findings.extend(findings);
    true
}

/// Which rows of a table without sides are parts of which: codes under codes, projects under codes, everything under
/// its department.
#[cfg(feature = "dataset")]
pub(crate) struct Forest(tree::Tree, Vec<bool>);

#[cfg(feature = "dataset")]
impl Forest {
    /// `values` are what each row is worth.
    pub(crate) fn new(table: &crate::document::Table, values: &[Option<rust_decimal::Decimal>]) -> Self {
        let tree = tree::Tree::new(table, values, 1);
        let mut members = vec![false; table.rows.len()];
        let parents = tree.parents().map(|(row, _)| row);
        for row in parents.chain(tree.leaves().into_iter().map(|row| row as usize)) {
            members.get_mut(row).into_iter().for_each(|m| *m = true);
        }
        Self(tree, members)
    }

    /// Whether a row takes part in sums.
    pub(crate) fn is_member(&self, row: usize) -> bool {
        self.1.get(row).copied().unwrap_or(false)
    }

    /// The row that this one is a part of.
    pub(crate) fn parent(&self, row: usize) -> Option<usize> {
        self.0.parent(row)
    }
}
