//! Emitted amounts that no longer say what was printed beside them, and documents that no longer say what their summary
//! says: somebody changed them after the extraction.

use crate::document::{Amount, Document, Finding, Place, Proof, Row, Severity};

/// Findings for amounts whose digits are not those of their printed text. Only amounts with a text of their own
/// (`cells`, `raw`) can be compared.
pub fn findings(document: &Document) -> Vec<Finding> {
    let mut out = Vec::new();
    for table in &document.tables {
        for row in &table.rows {
            for (column, amount) in
                amounts(row).filter(|(_, a)| digits(&a.text) != digits(&a.value.to_string()))
            {
                let name = row.project.as_ref().or(row.code.as_ref()).or(row.name.as_ref()).cloned();
                let message = format!(
                    "table {}, {}, `{column}`: the amount is {}, but the printed text beside it is {}; it was changed after the extraction",
                    table.number,
                    name.as_deref().unwrap_or_default(),
                    amount.value,
                    amount.text
                );
                let mut finding = Finding::new("cell.edited", Severity::Error, message);
                finding.place = Place {
                    table: Some(table.number),
                    row: name,
                    column: Some(column.to_owned()),
                    page: Some(amount.page).filter(|&page| page > 0),
                    bbox: Some(amount.bbox),
                };
                finding.actual = Some(amount.value);
                out.push(finding);
            }
        }
    }
    out
}

/// A finding where the document's own summary of its proof is not the one that its amounts give now: rows or amounts
/// were taken out, added or changed. `same_rules`: the identities are those of the program, as they were then.
pub fn summary(written: Proof, now: Proof, same_rules: bool) -> Option<Finding> {
    let (severity, message) = if written.amounts != now.amounts {
        let message = format!(
            "the document says that it has {} amounts, but {} are there: rows or amounts were taken out or added after the extraction",
            written.amounts, now.amounts
        );
        (Severity::Error, message)
    } else if same_rules && is_worse(written, now) {
        let words = |p: Proof| {
            format!(
                "{} identities hold, {} are broken, {} amounts are proved",
                held(p),
                p.inconsistent,
                p.proved
            )
        };
        let message = format!(
            "the document says: {}; now: {}; amounts were changed after the extraction, or another version of this program made it",
            words(written),
            words(now)
        );
        (Severity::Warning, message)
    } else {
        return None;
    };
    Some(Finding::new("document.edited", severity, message))
}

fn held(proof: Proof) -> u32 {
    proof.exact + proof.rounding
}

/// Fewer identities hold or more are broken than when the document was written.
fn is_worse(written: Proof, now: Proof) -> bool {
    held(now) < held(written) || now.inconsistent > written.inconsistent || now.proved < written.proved
}

fn amounts(row: &Row) -> impl Iterator<Item = (&str, &Amount)> {
    let standard = row.amounts.iter().filter_map(|(id, a)| a.as_ref().map(|a| (*id, a)));
    standard.chain(row.extra.iter().map(|(key, a)| (key.as_str(), a)))
}

/// The digits without leading zeros: the point moves with the unit.
fn digits(text: &str) -> String {
    let all: String = crate::normalize::text::clean(text).chars().filter(char::is_ascii_digit).collect();
    all.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::fixture;

    #[test]
    fn what_was_written_as_it_was_read_is_not_edited() {
        assert!(findings(&fixture::full()).is_empty(), "{:?}", findings(&fixture::full()));
    }

    #[test]
    fn a_summary_that_counts_other_amounts_was_written_for_another_document() {
        let written = Proof { amounts: 9, inconsistent: 1, ..Proof::default() };
        let found = |now: Proof, same: bool| summary(written, now, same).map(|f| f.severity);
        assert_eq!(found(written, true), None);
        assert_eq!(found(Proof { amounts: 8, ..written }, false), Some(Severity::Error));
        assert_eq!(found(Proof { inconsistent: 2, ..written }, true), Some(Severity::Warning));
        assert_eq!(found(Proof { inconsistent: 2, ..written }, false), None);
    }

    #[test]
    fn an_amount_that_is_not_its_printed_text_was_edited() {
        let mut d = fixture::full();
        let amount = d.tables.iter_mut().flat_map(|t| &mut t.rows).flat_map(|r| &mut r.amounts);
        let Some((column, Some(amount))) = amount.into_iter().find(|(_, a)| a.is_some()) else { return };
        amount.value += rust_decimal::Decimal::ONE;
        let column = column.to_owned();
        let found = findings(&d);
        assert_eq!(found.len(), 1);
        assert_eq!(found.first().and_then(|f| f.place.column.clone()), Some(column));
    }
}
