//! Shares and growth that the text prints, recomputed from its amounts and the tables: half-up to the printed
//! decimals, else within the interval that rounding of both sides allows.

use crate::document::{Cause, Document, Finding, Place, Severity};
use crate::narrative::{Direction, Figure, Source};
use crate::proof::evaluate;
use crate::proof::expr;
use crate::proof::index::Index;
use crate::proof::rule::{Check, Identity, Rules};
use crate::proof::words::MAX_OTHERS;
use rust_decimal::{Decimal, RoundingStrategy};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Counts of checks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) exact: u32,
    pub(crate) rounding: u32,
    pub(crate) broken: u32,
}

/// How a percentage came out.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    Exact,
    Rounding,
    /// With what it should be.
    Broken(Decimal),
    /// Growth on nothing.
    ZeroBase,
}

/// A break: where, what is printed, what it should be, in words.
struct Break {
    place: Place,
    actual: Option<Decimal>,
    expected: Option<Decimal>,
    words: String,
}

/// Checks all percentages; one finding for each rule.
pub(crate) fn findings(
    rules: &Rules,
    document: &Document,
    index: &Index<'_>,
    out: &mut Vec<Finding>,
) -> Counts {
    let mut counts = Counts::default();
    let figures = &document.narrative.figures;
    for identity in &rules.identities {
        if identity.only.is_some_and(|kind| kind != document.head.kind) {
            continue;
        }
        let mut breaks = Vec::new();
        let mut rounded: Vec<Break> = Vec::new();
        let mut zero_based: Vec<&Figure> = Vec::new();
        let mut take = |figure: &Figure, outcome: Outcome, source: &Source, printed: Decimal, what: &str| {
            match outcome {
                Outcome::Exact => counts.exact += 1,
                Outcome::Rounding => counts.rounding += 1,
                Outcome::ZeroBase => {}
                Outcome::Broken(expected) => {
                    counts.broken += 1;
                    breaks.push(Break {
                        place: place(figure, source, what),
                        actual: Some(printed),
                        expected: Some(expected),
                        words: format!("{} {what} {printed}% (should be {expected}%)", figure.label),
                    });
                }
            }
        };
        match identity.check {
            Check::Share => {
                for figure in figures {
                    let (Some(share), Some(amount)) = (figure.share_percent, figure.amount) else { continue };
                    let Some(whole) = whole(document, index, figure) else { continue };
                    let outcome = percent(share, (amount, half_step(amount)), whole);
                    take(figure, outcome, &figure.source, share, "share");
                }
                share_sums(document, index, &mut take, &mut rounded);
            }
            Check::Growth => {
                for figure in figures {
                    let Some(change) = &figure.change else { continue };
                    let Some(printed) = change.percent else { continue };
                    // without the change itself: the amounts of both years
                    let of_years = || figure.amount?.checked_sub(figure.previous?);
                    let Some(by) = change.amount.or_else(of_years) else { continue };
                    let Some(base) = base(figure, by) else { continue };
                    let step = half_step(by);
                    let outcome = percent(
                        printed,
                        (by.abs(), step),
                        (base, step + figure.amount.map_or(step, half_step)),
                    );
                    if outcome == Outcome::ZeroBase {
                        zero_based.push(figure);
                    }
                    take(figure, outcome, &change.source, printed, "growth");
                }
            }
            Check::Direction => {
                for figure in figures {
                    let Some(change) = &figure.change else { continue };
                    let sign = |d: Direction| match d {
                        Direction::Increase => 1,
                        Direction::Decrease => -1,
                        Direction::Unchanged => 0,
                    };
                    let words = [Some(change.direction), change.percent_direction];
                    let signs: Vec<i32> = words.into_iter().flatten().map(sign).collect();
                    let moved = change.amount.is_none_or(|by| !by.is_zero());
                    if !moved || signs.len() < 2 {
                        continue;
                    }
                    if signs.windows(2).all(|w| w.first() == w.last()) {
                        counts.exact += 1;
                        continue;
                    }
                    counts.broken += 1;
                    breaks.push(Break {
                        place: place(figure, &change.source, "change"),
                        actual: change.amount,
                        expected: None,
                        words: format!("{}: `{}`", figure.label, change.source.text),
                    });
                }
            }
            _ => continue,
        }
        report(identity, breaks, out);
        for sum in rounded {
            let message = format!("the text: {} ({})", sum.words, identity.id);
            let mut finding = Finding::new("proof.rounding", Severity::Info, message);
            (finding.place, finding.actual, finding.expected) = (sum.place, sum.actual, sum.expected);
            finding.difference = sum.actual.zip(sum.expected).and_then(|(a, e)| a.checked_sub(e));
            out.push(finding);
        }
        zero_base(&zero_based, out);
    }
    counts
}

/// Shares of parts that make up the whole add up to a hundred.
fn share_sums(
    document: &Document,
    index: &Index<'_>,
    take: &mut impl FnMut(&Figure, Outcome, &Source, Decimal, &str),
    rounded: &mut Vec<Break>,
) {
    let mut groups: BTreeMap<(&str, &str), Vec<&Figure>> = BTreeMap::new();
    for figure in &document.narrative.figures {
        if let (Some(_), Some(_), Some(of)) = (figure.amount, figure.share_percent, &figure.share_of) {
            groups.entry((figure.section.as_deref().unwrap_or_default(), of)).or_default().push(figure);
        }
    }
    for parts in groups.values().filter(|g| g.len() > 1) {
        let Some(first) = parts.first() else { continue };
        let Some((whole, envelope)) = whole(document, index, first) else { continue };
        let sum = |value: fn(&Figure) -> Option<Decimal>| {
            parts.iter().try_fold(Decimal::ZERO, |sum, figure| sum.checked_add(value(figure)?))
        };
        let (Some(amounts), Some(shares)) = (sum(|f| f.amount), sum(|f| f.share_percent)) else { continue };
        let steps: Decimal = parts.iter().filter_map(|f| f.amount).map(half_step).sum();
        // a group with a part that the text leaves out says nothing
        if amounts.checked_sub(whole).is_none_or(|miss| miss.abs() > envelope + steps) {
            continue;
        }
        let room: Decimal = parts.iter().filter_map(|f| f.share_percent).map(half_step).sum();
        let outcome = match shares.checked_sub(Decimal::ONE_HUNDRED).map(|miss| miss.abs()) {
            Some(miss) if miss.is_zero() => Outcome::Exact,
            Some(miss) if miss <= room => Outcome::Rounding,
            _ => Outcome::Broken(Decimal::ONE_HUNDRED),
        };
        if outcome == Outcome::Rounding {
            rounded.push(Break {
                place: place(first, &first.source, "share"),
                actual: Some(shares),
                expected: Some(Decimal::ONE_HUNDRED),
                words: format!("{} and {} further shares add up to {shares}%", first.label, parts.len() - 1),
            });
        }
        take(first, outcome, &first.source, shares, "and the other shares of its section: sum");
    }
}

/// What a share is of, with how far rounding can put it off.
fn whole(document: &Document, index: &Index<'_>, figure: &Figure) -> Option<(Decimal, Decimal)> {
    let expr = expr::parse(figure.share_of.as_deref()?, &FxHashMap::default()).ok()?;
    evaluate::value(document, index, &expr)
}

/// The year before: as printed, else amount minus change.
fn base(figure: &Figure, by: Decimal) -> Option<Decimal> {
    figure.previous.or_else(|| figure.amount?.checked_sub(by))
}

/// Half of the last printed digit.
fn half_step(value: Decimal) -> Decimal {
    Decimal::try_from_i128_with_scale(5, value.scale().saturating_add(1).min(28)).unwrap_or(Decimal::ZERO)
}

/// Compares a printed percentage with part / whole; both come with how far off rounding can make them.
fn percent(printed: Decimal, part: (Decimal, Decimal), whole: (Decimal, Decimal)) -> Outcome {
    if whole.0.is_zero() {
        // nothing that stayed nothing
        return if part.0.is_zero() { Outcome::Exact } else { Outcome::ZeroBase };
    }
    let of = |part: Decimal, whole: Decimal| {
        part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole).filter(|_| !whole.is_zero())
    };
    let Some(exact) = of(part.0, whole.0) else { return Outcome::Rounding };
    let rounded = exact.round_dp_with_strategy(printed.scale(), RoundingStrategy::MidpointAwayFromZero);
    if rounded == printed {
        return Outcome::Exact;
    }
    let ends = [(part.0 - part.1, whole.0 + whole.1), (part.0 + part.1, whole.0 - whole.1)];
    let ends: Vec<Decimal> = ends.into_iter().filter_map(|(p, w)| of(p, w)).collect();
    let half = half_step(printed);
    let low = ends.iter().min().copied().unwrap_or(exact) - half;
    let high = ends.iter().max().copied().unwrap_or(exact) + half;
    if whole.0 <= whole.1 || (low <= printed && printed <= high) {
        Outcome::Rounding
    } else {
        Outcome::Broken(rounded)
    }
}

fn place(figure: &Figure, source: &Source, column: &str) -> Place {
    Place {
        table: None,
        row: Some(figure.label.clone()),
        column: Some(column.to_owned()),
        page: Some(source.page).filter(|&page| page > 0),
        bbox: Some(source.bbox),
    }
}

fn report(identity: &Identity, breaks: Vec<Break>, out: &mut Vec<Finding>) {
    let Some(first) = breaks.first() else { return };
    let words: Vec<&str> = breaks.iter().take(5).map(|b| b.words.as_str()).collect();
    let more = if breaks.len() > 5 { format!(" and {} more", breaks.len() - 5) } else { String::new() };
    let message = format!("the text: {}{more}: {}", words.join("; "), identity.en.trim_end_matches('.'));
    let mut finding = Finding::new(&identity.id, identity.severity, message);
    (finding.actual, finding.expected) = (first.actual, first.expected);
    finding.cause = Some(Cause::Undecided);
    finding.difference = first.actual.zip(first.expected).and_then(|(a, e)| a.checked_sub(e));
    finding.place = first.place.clone();
    finding.others = breaks.into_iter().skip(1).take(MAX_OTHERS).map(|b| b.place).collect();
    out.push(finding);
}

/// Growth of something that was not there the year before: a convention, no mistake. One finding for all.
fn zero_base(figures: &[&Figure], out: &mut Vec<Finding>) {
    let Some(first) = figures.first() else { return };
    let names: Vec<&str> = figures.iter().take(5).map(|f| f.label.as_str()).collect();
    let message =
        format!("the text: a growth is printed for {} although the year before was zero", names.join(", "));
    let at = |figure: &&Figure| {
        place(figure, figure.change.as_ref().map_or(&figure.source, |c| &c.source), "growth")
    };
    let mut finding = Finding::new("proof.zero-base", Severity::Info, message);
    finding.place = at(first);
    finding.actual = first.change.as_ref().and_then(|c| c.percent);
    finding.others = figures.iter().skip(1).take(MAX_OTHERS).map(at).collect();
    out.push(finding);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn outcome(printed: &str, part: &str, whole: &str) -> Outcome {
        let d = |t: &str| Decimal::from_str_exact(t).unwrap();
        percent(d(printed), (d(part), half_step(d(part))), (d(whole), half_step(d(whole))))
    }

    #[test]
    fn percentages_are_rounded_half_up_then_given_the_interval_of_rounding() {
        assert_eq!(outcome("89.46", "793.82", "887.32"), Outcome::Exact);
        assert_eq!(outcome("33.4", "1", "3"), Outcome::Rounding);
        assert_eq!(outcome("33.33", "3.00", "9.00"), Outcome::Exact);
        assert!(matches!(outcome("35.33", "3.00", "9.00"), Outcome::Broken(_)));
        assert_eq!(outcome("100.00", "19.00", "0"), Outcome::ZeroBase);
    }
}
