//! One decision for a whole document: which grid is which table. Each of the twelve is taken once, and of all joint
//! readings the one that most speaks for is taken: titles, headers, contents, the order of the tables, and totals that two
//! tables both print.

use super::identify::Candidate;
use super::join::{Found, Part};
use super::links::{self, Totals};
use crate::document::{Finding, Severity};

/// What a reading gains where its number follows that of the table before: publishers print the tables in an order.
const FOLLOWS: f32 = 0.05;
/// What a reading gains for a total that another table prints too, …
const LINK: f32 = 0.3;
/// … and what it loses for one that differs: a source may be wrong, or another unit be printed.
const BROKEN_LINK: f32 = -0.1;
/// What a table loses whose title an earlier one has too.
const SECOND: f32 = -0.5;
/// Two joint readings that are this close are both told.
const CLOSE: f32 = 0.1;
/// Steps from one joint reading to a better one. Each step gains; documents have some thirty tables.
const MAX_STEPS: usize = 64;

/// Which candidate each table takes.
type Choice = Vec<Option<usize>>;

/// Chooses among the readings of a document's tables and says what was in doubt.
pub fn settle(found: &mut [Found], tables: &[usize]) {
    let chosen = Document::new(found, tables).best();
    for (&table, choice) in tables.iter().zip(&chosen) {
        let Some(found) = found.get_mut(table) else { continue };
        let current = found.mapping.as_ref().map(|m| m.number);
        let wanted = choice.and_then(|c| found.identity.candidates.get(c)).map(|c| c.mapping.number);
        if current != wanted {
            found.take(*choice);
        }
    }
    let number = |t: &usize| found.get(*t).and_then(|f| f.mapping.as_ref()).map(|m| m.number);
    let taken: Vec<u8> = tables.iter().filter_map(number).collect();
    for &table in tables {
        if let Some(found) = found.get_mut(table) {
            // a second table of a title is no unreadable one
            let again = found.unmapped.filter(|n| taken.contains(n));
            if again.is_some() {
                found.unmapped = None;
            }
            let findings = again.map_or_else(|| doubts(found), |number| vec![duplicate(found, number)]);
            found.findings.extend(findings);
        }
    }
}

/// The candidates of a document's tables.
struct Document<'f, 's> {
    candidates: Vec<&'f [Candidate<'s>]>,
    /// Totals of each candidate of each table; looked at only where something is in doubt.
    totals: Vec<Vec<Totals>>,
    /// Tables whose title an earlier table has too: of two tables of one title the first is the document's own.
    second: Vec<Option<u8>>,
}

impl<'f, 's> Document<'f, 's> {
    fn new(found: &'f [Found<'_, 's>], tables: &[usize]) -> Self {
        let own: Vec<&Found> = tables.iter().filter_map(|t| found.get(*t)).collect();
        let candidates: Vec<&[Candidate]> = own.iter().map(|f| f.identity.candidates.as_slice()).collect();
        let open = own.iter().any(|f| f.identity.titled().is_none() && !f.identity.candidates.is_empty());
        let named = |at: usize| own.get(at).and_then(|f| f.identity.titled());
        let has = |at: usize, n: u8| {
            candidates.get(at).is_some_and(|c| c.iter().any(|c| c.mapping.number == n && c.mapping.essential))
        };
        let second = (0..own.len())
            .map(|at| named(at).filter(|n| (0..at).any(|b| named(b) == Some(*n) && has(b, *n))));
        let second: Vec<Option<u8>> = second.collect();
        let mut document = Self { candidates, totals: Vec::new(), second };
        if open || document.first().is_none() {
            let totals = own
                .iter()
                .map(|f| f.identity.candidates.iter().map(|c| links::totals(f, &c.mapping)).collect());
            document.totals = totals.collect();
        }
        document
    }

    /// The best joint reading.
    fn best(&self) -> Choice {
        if self.totals.is_empty() {
            return self.first().unwrap_or_default();
        }
        let mut choice = self.greedy();
        let mut points = self.points(&choice);
        for _ in 0..MAX_STEPS {
            let steps = self.steps(&choice).into_iter().map(|c| (self.points(&c), c));
            match steps.reduce(|a, b| if b.0 > a.0 { b } else { a }) {
                Some((better, next)) if better > points + f32::EPSILON => (points, choice) = (better, next),
                _ => break,
            }
        }
        choice
    }

    /// The best candidate of each table, where no two of them are the same table.
    fn first(&self) -> Option<Choice> {
        let mut taken = 0u16;
        for candidate in self.candidates.iter().filter_map(|own| own.first()) {
            let bit = 1u16 << (candidate.mapping.number - 1);
            if taken & bit != 0 {
                return None;
            }
            taken |= bit;
        }
        Some(self.candidates.iter().map(|own| (!own.is_empty()).then_some(0)).collect())
    }

    /// The candidates that most speaks for come first, each number once.
    fn greedy(&self) -> Choice {
        let mut order: Vec<(usize, usize)> = self
            .candidates
            .iter()
            .enumerate()
            .flat_map(|(t, own)| (0..own.len()).map(move |c| (t, c)))
            .collect();
        let sum = |(t, c): (usize, usize)| self.sum(t, c);
        order.sort_by(|a, b| sum(*b).total_cmp(&sum(*a)));
        let mut choice: Choice = vec![None; self.candidates.len()];
        for (t, c) in order {
            if choice[t].is_none() && self.holder(&choice, self.number(t, c)).is_none() {
                choice[t] = Some(c);
            }
        }
        choice
    }

    /// What speaks for a candidate by itself.
    fn sum(&self, table: usize, candidate: usize) -> f32 {
        let second = self.second.get(table).copied().flatten() == Some(self.number(table, candidate));
        self.candidates[table][candidate].evidence.sum() + if second { SECOND } else { 0.0 }
    }

    fn number(&self, table: usize, candidate: usize) -> u8 {
        self.candidates[table][candidate].mapping.number
    }

    /// The table that has taken a number.
    fn holder(&self, choice: &Choice, number: u8) -> Option<usize> {
        choice.iter().enumerate().position(|(t, c)| c.is_some_and(|c| self.number(t, c) == number))
    }

    /// All joint readings one step away: a table takes another reading, and the one that had that number takes the
    /// number that became free, or its best free one, or none.
    fn steps(&self, choice: &Choice) -> Vec<Choice> {
        let mut steps = Vec::new();
        for table in 0..self.candidates.len() {
            for candidate in 0..self.candidates[table].len() {
                if choice[table] == Some(candidate) {
                    continue;
                }
                let number = self.number(table, candidate);
                let holder = self.holder(choice, number).filter(|h| *h != table);
                let mut next = choice.clone();
                next[table] = Some(candidate);
                let Some(other) = holder else {
                    steps.push(next);
                    continue;
                };
                next[other] = None;
                steps.push(next.clone());
                for instead in 0..self.candidates[other].len() {
                    if self.holder(&next, self.number(other, instead)).is_none() {
                        let mut swapped = next.clone();
                        swapped[other] = Some(instead);
                        steps.push(swapped);
                    }
                }
            }
        }
        steps
    }

    /// All that speaks for a joint reading.
    fn points(&self, choice: &Choice) -> f32 {
        let taken: Vec<(usize, usize)> =
            choice.iter().enumerate().filter_map(|(t, c)| Some((t, (*c)?))).collect();
        let mut points: f32 = taken.iter().map(|&(t, c)| self.sum(t, c)).sum();
        for pair in taken.windows(2) {
            if let [a, b] = pair
                && self.number(a.0, a.1) < self.number(b.0, b.1)
            {
                points += FOLLOWS;
            }
        }
        for (n, &(t, c)) in taken.iter().enumerate() {
            for &(u, d) in &taken[..n] {
                let (hold, broken) = links::count(&self.totals[t][c], &self.totals[u][d]);
                points += LINK * hold as f32 + BROKEN_LINK * broken as f32;
            }
        }
        points
    }
}

/// A table whose title another one has that was taken for it.
fn duplicate(found: &Found, number: u8) -> Finding {
    let page = found.parts.first().map_or(1, Part::page);
    let message = format!(
        "table {number} stands a second time in this document; the second one is kept in other_tables"
    );
    Finding::new("table.duplicate", Severity::Warning, message).in_table(number).on_page(page)
}

/// What is in doubt about a table as it was taken.
fn doubts(found: &Found) -> Vec<Finding> {
    let page = found.parts.first().map_or(1, Part::page);
    let mut findings = Vec::new();
    let Some(mapping) = &found.mapping else {
        let Some(number) = found.unmapped else { return findings };
        let message = format!(
            "the title names table {number}, but its columns could not be mapped ({}); kept in other_tables",
            found.header.paths.iter().map(|path| path.join()).collect::<Vec<_>>().join(" | ")
        );
        let finding = Finding::new("table.unmapped", Severity::Warning, message);
        return vec![finding.in_table(number).on_page(page)];
    };
    let number = mapping.number;
    let titled = found.identity.titled() == Some(number);
    if !titled {
        let message = "no title that we know stands above this table; its headers alone tell which one it is";
        // several readings fit: whoever uses the numbers must know
        let rivals = found.identity.candidates.len() > 1;
        let severity = if rivals { Severity::Warning } else { Severity::Info };
        findings.push(Finding::new("table.by_headers", severity, message).in_table(number).on_page(page));
    }
    for doubt in &mapping.doubts {
        let (column, headers) = (doubt.column, &doubt.headers);
        let message = format!("several columns could be `{column}` ({headers}); all are kept in `extra`");
        let mut finding = Finding::new("column.ambiguous", Severity::Warning, message);
        finding.place.column = Some(column.to_owned());
        findings.push(finding.in_table(number).on_page(page));
    }
    let sum = |c: &Candidate| c.evidence.sum();
    let own = found.identity.candidates.iter().find(|c| c.mapping.number == number);
    let rivals = found.identity.candidates.iter().filter(|c| c.mapping.number != number);
    let rival = rivals.reduce(|a, b| if sum(b) > sum(a) { b } else { a });
    if let (Some(own), Some(rival), false) = (own, rival, titled)
        && sum(own) < sum(rival) + CLOSE
    {
        let other = rival.mapping.number;
        let message =
            format!("this was taken for table {number}; by itself it could as well be table {other}");
        for table in [number, other] {
            let finding = Finding::new("table.doubtful", Severity::Warning, message.clone());
            findings.push(finding.in_table(table).on_page(page));
        }
    }
    findings
}
