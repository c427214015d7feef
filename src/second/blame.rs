//! Who is to blame for a broken identity: the document, or the reading? Decided by the evidence that there is: whether
//! the suspect's text lies inside its cell, whether the second reader finds its digits, whether the page prints what
//! is missing.

use super::verdict::{Pages, amount_at};
use crate::document::{Amount, Cause, Document, Finding, Fit, Place, Unit};

/// As many sides as a finding lists at most: a longer list may lack the suspect.
const ALL_SIDES: usize = 12;

/// A cause, and what speaks for it.
type Blame = (Cause, &'static str);

const PRINTED_SO: Blame = (
    Cause::Source,
    "the text lies inside its cell and a second reader finds the same digits: the document prints it so",
);
const SAME_DIGITS: Blame =
    (Cause::Source, "a second reader finds the same digits: the document prints it so");
const NOTHING_LOST: Blame =
    (Cause::Source, "the page prints no such amount that was not read: the document prints it so");
const TEXT_SAYS: Blame =
    (Cause::Source, "a second reader finds the same digits in the text: the document prints it so");
const STATED: Blame = (Cause::Source, "the document states this unit");
const CONTRADICTED: Blame = (Cause::Extraction, "a second reader does not find these digits on the page");
const UNREAD: Blame =
    (Cause::Undecided, "the page prints an amount of just this size that stands in no table row");
const UNSURE: Blame =
    (Cause::Undecided, "the digits are printed so, but not everything around them was read for sure");
const OVER: Blame = (Cause::Undecided, "the text reaches over the border of its cell");
const COLUMN: Blame = (Cause::Undecided, "no ruling parts the columns there");

/// Settles the cause of each finding that has none yet, and says in its message why.
pub(super) fn settle(document: &mut Document, pages: &Pages) {
    let blames: Vec<Option<Blame>> = document
        .findings
        .iter()
        .map(|finding| {
            let blame = (finding.cause == Some(Cause::Undecided)).then(|| blame(document, finding, pages));
            blame
                .flatten()
                .map(|blame| if blame.0 == Cause::Source { proven(document, finding, blame) } else { blame })
        })
        .collect();
    for (finding, blame) in document.findings.iter_mut().zip(blames) {
        if let Some((cause, why)) = blame {
            finding.cause = Some(cause);
            finding.message.push_str("; ");
            finding.message.push_str(why);
        }
    }
}

/// Findings that say that a table was not read whole, or not for sure: where one of them stands, a broken identity is no
/// proof against the document.
const UNSOUND: [&str; 17] = [
    "table.unplaced",
    "table.unmapped",
    "table.doubtful",
    "table.columns",
    "table.unread",
    "table.duplicate",
    "column.ambiguous",
    "row.no_code",
    "row.unnamed",
    "row.unclear",
    "row.unexpected",
    "row.name_cut",
    "code.damaged",
    "cell.not_amount",
    "A17.unique",
    "A17.parents",
    "reading.contradicted",
];

/// The document is to blame only where nothing is wrong with the structure of the tables on both sides.
fn proven(document: &Document, finding: &Finding, blame: Blame) -> Blame {
    let sides = || std::iter::once(&finding.place).chain(&finding.others).filter_map(|place| place.table);
    let sound = |number: u8| {
        let doubted = |f: &Finding| f.place.table == Some(number) && UNSOUND.contains(&f.rule.as_str());
        let whole =
            document.tables.iter().find(|t| t.number == number).is_none_or(|t| t.coverage.unplaced() == 0);
        whole && !document.findings.iter().any(doubted)
    };
    // a sentence against tables of which one was not read for sure says nothing of the sentence
    let of_text = finding.place.table.is_none();
    let read = !of_text || document.proof.placed == document.proof.printed && sides().next().is_some();
    if read && sides().all(sound) { blame } else { UNSURE }
}

fn blame(document: &Document, finding: &Finding, pages: &Pages) -> Option<Blame> {
    let place = amount_at(document, &finding.place);
    let unread = || unread(document, finding, pages);
    match finding.rule.as_str() {
        "proof.unit" if finding.place.row.is_none() => {
            let unknown = document
                .findings
                .iter()
                .any(|f| f.rule == "unit.not_printed" && f.place.table == finding.place.table);
            (!unknown).then_some(STATED)
        }
        "proof.many-breaks" => None,
        "proof.missing-row" => match unread()? {
            true => Some(UNREAD),
            false => Some(NOTHING_LOST),
        },
        "proof.shifted-cell" | "proof.swapped-rows" | "proof.swapped-columns" => {
            let other = finding.others.first().and_then(|place| amount_at(document, place));
            let blames: Vec<Option<Blame>> = place.into_iter().chain(other).map(of_place).collect();
            worst(&blames)
        }
        // figures and percentages of the text, against amounts of the tables that identities prove
        _ if finding.place.table.is_none() => of_text(document, finding, pages),
        rule if rule.starts_with("proof.") => match place {
            Some(amount) => lost(of_digits(amount)?, unread()),
            None => match unread()? {
                true => Some(UNREAD),
                false => Some(NOTHING_LOST),
            },
        },
        _ => {
            let others = finding.others.iter().filter_map(|place| amount_at(document, place));
            let blames: Vec<Option<Blame>> = place.into_iter().chain(others).map(of_digits).collect();
            if finding.others.len() >= ALL_SIDES || blames.is_empty() {
                return None;
            }
            lost(worst(&blames)?, unread())
        }
    }
}

/// An amount of the text is the document's own mistake where a second reader finds its digits on the page too, and the
/// other side is proved otherwise.
fn of_text(document: &Document, finding: &Finding, pages: &Pages) -> Option<Blame> {
    let printed = pages.prints(finding.place.page?, finding.actual?)?;
    let mut tables = finding.others.iter().filter(|place| place.table.is_some());
    let proved = |place: &Place| amount_at(document, place).is_some_and(|a| a.proved_by > 0);
    (printed && tables.all(proved)).then_some(TEXT_SAYS)
}

/// The document is only to blame if nothing of just the missing size was left unread.
fn lost(blame: Blame, unread: Option<bool>) -> Option<Blame> {
    match (blame.0, unread) {
        (Cause::Source, Some(true)) => Some(UNREAD),
        _ => Some(blame),
    }
}

/// One contradicted amount is enough for the reading; for the document all have to be confirmed.
fn worst(blames: &[Option<Blame>]) -> Option<Blame> {
    let of = |cause: Cause| blames.iter().flatten().find(|b| b.0 == cause).copied();
    of(Cause::Extraction).or_else(|| of(Cause::Undecided)).or_else(|| {
        let all = blames.iter().all(Option::is_some);
        blames.first().copied().flatten().filter(|_| all)
    })
}

/// The digits of an amount: was it read as it is printed?
fn of_digits(amount: &Amount) -> Option<Blame> {
    match (amount.second, amount.fit) {
        (Some(false), _) => Some(CONTRADICTED),
        (_, Fit::Over(_)) => Some(OVER),
        (Some(true), Fit::Inside) => Some(PRINTED_SO),
        (Some(true), Fit::Inferred) => Some(SAME_DIGITS),
        _ => None,
    }
}

/// The column or row of an amount: does it stand where it was read?
fn of_place(amount: &Amount) -> Option<Blame> {
    match (amount.second, amount.fit) {
        (Some(false), _) => Some(CONTRADICTED),
        (_, Fit::Over(_)) => Some(OVER),
        (_, Fit::Inferred) => Some(COLUMN),
        (Some(true), Fit::Inside) => Some(PRINTED_SO),
        _ => None,
    }
}

/// Whether an amount of just the missing size is printed on the page and stands in no table row.
fn unread(document: &Document, finding: &Finding, pages: &Pages) -> Option<bool> {
    let table = document.tables.iter().find(|t| Some(t.number) == finding.place.table)?;
    let unit = table.source_unit.unwrap_or(Unit::Wan);
    let missing = match amount_at(document, &finding.place) {
        Some(_) => finding.difference?,
        None => finding.expected.or(finding.difference)?,
    };
    pages.has_unread(finding.place.page?, missing, unit)
}
