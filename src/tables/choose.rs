//! One decision for a whole document: which grid is which table. Each of the twelve is taken once, and of all joint
//! readings the one that most speaks for is taken.

use super::identify::Candidate;
use super::join::{Found, Part};
use crate::document::{Finding, Severity};

/// What a reading gains where its number follows that of the table before: publishers print the tables in an order.
const FOLLOWS: f32 = 0.05;
/// Two joint readings that are this close are both told.
const CLOSE: f32 = 0.1;

/// Chooses among the readings of a document's tables and says what was in doubt.
pub fn settle(found: &mut [Found], tables: &[usize]) {
    let chosen = best(found, tables);
    for (&table, choice) in tables.iter().zip(&chosen) {
        let Some(found) = found.get_mut(table) else { continue };
        let current = found.mapping.as_ref().map(|m| m.number);
        let wanted = choice.and_then(|c| found.identity.candidates.get(c)).map(|c| c.mapping.number);
        if current != wanted {
            found.take(*choice);
        }
    }
    for &table in tables {
        if let Some(found) = found.get_mut(table) {
            let findings = doubts(found);
            found.findings.extend(findings);
        }
    }
}

/// The best joint reading: for each table the place of its candidate.
fn best(found: &[Found], tables: &[usize]) -> Vec<Option<usize>> {
    let candidates: Vec<&[Candidate]> =
        tables.iter().map(|t| found.get(*t).map_or(&[][..], |f| f.identity.candidates.as_slice())).collect();
    if let Some(first) = first_choices(&candidates) {
        return first;
    }
    // all sets of numbers that are taken, with the best way to take them: (sum, choices, last number)
    let mut ways: Vec<Option<Way>> = vec![None; 1 << 12];
    ways[0] = Some(Way::default());
    for own in &candidates {
        // from full sets to empty ones, so that each table takes one number
        for mask in (0..ways.len()).rev() {
            let Some(way) = ways[mask].clone() else { continue };
            for (place, candidate) in own.iter().enumerate() {
                let number = candidate.mapping.number;
                let bit = 1usize << (number - 1);
                if mask & bit != 0 {
                    continue;
                }
                let next = way.with(place, number, candidate.evidence.sum());
                let slot = &mut ways[mask | bit];
                if slot.as_ref().is_none_or(|s| s.choices.len() < next.choices.len() || next.sum > s.sum) {
                    *slot = Some(next);
                }
            }
            ways[mask] = Some(way.without());
        }
    }
    let best = ways.into_iter().flatten().reduce(|a, b| if b.sum > a.sum { b } else { a });
    best.map_or_else(Vec::new, |way| way.choices)
}

/// The best candidate of each table, where no two of them are the same table.
fn first_choices(candidates: &[&[Candidate]]) -> Option<Vec<Option<usize>>> {
    let mut taken = 0u16;
    for candidate in candidates.iter().filter_map(|own| own.first()) {
        let bit = 1u16 << (candidate.mapping.number - 1);
        if taken & bit != 0 {
            return None;
        }
        taken |= bit;
    }
    Some(candidates.iter().map(|own| (!own.is_empty()).then_some(0)).collect())
}

/// One way to take a document's tables so far.
#[derive(Clone, Debug, Default)]
struct Way {
    sum: f32,
    choices: Vec<Option<usize>>,
    last: u8,
}

impl Way {
    fn with(&self, place: usize, number: u8, points: f32) -> Self {
        let mut choices = self.choices.clone();
        choices.push(Some(place));
        let follows = if number > self.last { FOLLOWS } else { 0.0 };
        Self { sum: self.sum + points + follows, choices, last: number }
    }

    fn without(&self) -> Self {
        let mut choices = self.choices.clone();
        choices.push(None);
        Self { choices, ..self.clone() }
    }
}

/// What is in doubt about a table as it was taken.
fn doubts(found: &Found) -> Vec<Finding> {
    let page = found.parts.first().map_or(1, Part::page);
    let mut findings = Vec::new();
    if let Some(mapping) = &found.mapping {
        let number = mapping.number;
        if found.identity.titled() != Some(number) {
            let message =
                "no title that we know stands above this table; its headers alone tell which one it is";
            findings.push(
                Finding::new("table.by_headers", Severity::Info, message).in_table(number).on_page(page),
            );
        }
        for doubt in &mapping.doubts {
            let (column, headers) = (doubt.column, &doubt.headers);
            let message = format!("several columns could be `{column}` ({headers}); all are kept in `extra`");
            let mut finding = Finding::new("column.ambiguous", Severity::Warning, message);
            finding.place.column = Some(column.to_owned());
            findings.push(finding.in_table(number).on_page(page));
        }
        let own = found.identity.candidates.iter().find(|c| c.mapping.number == number);
        let rival = found.identity.candidates.iter().filter(|c| c.mapping.number != number);
        let rival = rival.reduce(|a, b| if b.evidence.sum() > a.evidence.sum() { b } else { a });
        if let (Some(own), Some(rival)) = (own, rival)
            && found.identity.titled() != Some(number)
            && own.evidence.sum() < rival.evidence.sum() + CLOSE
        {
            let other = rival.mapping.number;
            let message = format!("this was taken for table {number}; it could as well be table {other}");
            findings.push(
                Finding::new("table.doubtful", Severity::Warning, message).in_table(number).on_page(page),
            );
        }
    } else if let Some(number) = found.unmapped
        && found.parts.first().is_some()
    {
        let message = format!(
            "the title names table {number}, but its columns could not be mapped ({}); kept in other_tables",
            found.headers
        );
        findings
            .push(Finding::new("table.unmapped", Severity::Warning, message).in_table(number).on_page(page));
    }
    findings
}
