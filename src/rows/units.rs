//! Amounts as printed → 万元, exactly; and which unit a table is printed in where it does not say.

use crate::document::{Amount, Finding, Raw, RowKind, Severity, Table, Unit};
use crate::grid::PageGrids;
use crate::normalize::amount::to_wan;
use crate::normalize::unit::unit_word;
use regex::Regex;
use rust_decimal::{Decimal, RoundingStrategy};
use std::sync::LazyLock;

/// Settles the unit of every table that names none, then converts all amounts. `pages` are the document's: their
/// sentences may state a total with its unit.
pub fn settle(
    tables: &mut [Table],
    stated: &[Option<Unit>],
    default: Option<Unit>,
    pages: &[PageGrids],
    findings: &mut Vec<Finding>,
) {
    let totals: Vec<Vec<Decimal>> = tables.iter().map(totals_of).collect();
    let unstated = tables.iter().zip(stated).any(|(t, u)| !t.rows.is_empty() && u.is_none());
    let spoken = if unstated { spoken(pages) } else { Vec::new() };
    let mut known = stated.to_vec();
    let mut reasons: Vec<Option<&'static str>> = vec![None; tables.len()];
    // what one table's unit is decided by may decide the next one's
    while let Some((index, unit, why)) = (0..tables.len()).find_map(|index| {
        let open = known.get(index).is_some_and(Option::is_none) && !totals[index].is_empty();
        let evidence = Evidence { totals: &totals, known: &known, spoken: &spoken };
        let (unit, why) = open.then(|| evidence.decide(index)).flatten()?;
        Some((index, unit, why))
    }) {
        known[index] = Some(unit);
        reasons[index] = Some(why);
    }
    let largest = totals.iter().flatten().max().copied().unwrap_or_default();
    let usual = usual(&known, default, largest);
    for (index, table) in tables.iter_mut().enumerate() {
        if table.rows.is_empty() && table.source_unit.is_none() {
            continue;
        }
        let unit = stated.get(index).copied().flatten();
        let (unit, why) = match unit {
            Some(unit) => (unit, None),
            None => match (known.get(index).copied().flatten(), reasons[index]) {
                (Some(unit), Some(why)) => (unit, Some(why)),
                _ => (usual.0, Some(usual.1)),
            },
        };
        if let Some(why) = why {
            let message = format!("no unit is printed at this table; read as {} ({why})", unit.as_str());
            findings
                .push(Finding::new("unit.not_printed", Severity::Warning, message).in_table(table.number));
        }
        table.source_unit = Some(unit);
        let number = table.number;
        for row in &mut table.rows {
            let mut changed = Vec::new();
            let amounts = row.amounts.iter_mut().filter_map(|(id, a)| a.as_mut().map(|a| (*id, a)));
            let extra = row.extra.iter_mut().map(|(key, a)| (key.as_str(), a));
            for (id, amount) in amounts.chain(extra) {
                if !convert(amount, unit) {
                    let message = format!("`{}` is too large to be an amount in 万元", amount.text);
                    findings.push(
                        Finding::new("cell.not_amount", Severity::Error, message)
                            .in_table(number)
                            .on_page(amount.page),
                    );
                }
                if amount.text != amount.value.to_string() {
                    changed.push((id.to_owned(), Raw::Text(amount.text.clone())));
                }
            }
            row.raw.extend(changed);
        }
    }
}

fn convert(amount: &mut Amount, unit: Unit) -> bool {
    match to_wan(amount.value, unit) {
        Some(value) => {
            amount.value = value;
            true
        }
        None => false,
    }
}

/// The amounts of a table's total rows, the total first; zeros tell nothing.
fn totals_of(table: &Table) -> Vec<Decimal> {
    let rows = table.rows.iter().rev().filter(|r| r.kind == RowKind::Total);
    let amounts = rows.flat_map(|r| {
        let own = r.amounts.iter().filter_map(|(_, a)| a.as_ref());
        own.chain(r.extra.iter().map(|(_, a)| a))
    });
    amounts.map(|a| a.value).filter(|v| !v.is_zero()).collect()
}

/// What a unit is decided by where a table names none.
struct Evidence<'a> {
    totals: &'a [Vec<Decimal>],
    /// Units that are printed, and those decided so far.
    known: &'a [Option<Unit>],
    /// Amounts with their units in the document's sentences.
    spoken: &'a [(Decimal, Unit)],
}

/// From the most to the least usual.
const CANDIDATES: [Unit; 3] = [Unit::Wan, Unit::Yuan, Unit::ThousandYuan];

impl Evidence<'_> {
    /// Cross-table evidence first: a total that equals another table's total in a stated unit has that unit, one that
    /// is ten thousand times larger is in 元. Then what the sentences say.
    fn decide(&self, index: usize) -> Option<(Unit, &'static str)> {
        let own = self.totals.get(index).map_or(&[][..], Vec::as_slice);
        let known: Vec<Decimal> = self
            .totals
            .iter()
            .zip(self.known)
            .filter_map(|(totals, unit)| Some((totals, (*unit)?)))
            .flat_map(|(totals, unit)| totals.iter().filter_map(move |t| to_wan(*t, unit)))
            .collect();
        let first = own.first().copied();
        let is = |value: Decimal, unit: Unit, other: Decimal| {
            digits(value) >= 4 && to_wan(value, unit).is_some_and(|t| t == other || rounds_to(other, t))
        };
        let by_table = |unit: &&Unit| own.iter().any(|v| known.iter().any(|k| is(*v, **unit, *k)));
        let exact =
            |unit: &&Unit| first.is_some_and(|v| to_wan(v, **unit).is_some_and(|t| known.contains(&t)));
        if let Some(unit) = CANDIDATES.iter().find(exact).or_else(|| CANDIDATES.iter().find(by_table)) {
            return Some((*unit, "its total equals that of a table whose unit is known"));
        }
        let said = |unit: &&Unit| {
            let said = |v: &Decimal| {
                self.spoken.iter().any(|(s, said)| {
                    let (Some(own), Some(s)) = (to_wan(*v, **unit), to_wan(*s, *said)) else { return false };
                    own == s || digits(s) >= 4 && rounds_to(own, s)
                })
            };
            own.iter().any(said)
        };
        let unit = CANDIDATES.iter().find(said)?;
        Some((*unit, "a sentence of the document states its total with the unit"))
    }
}

/// A total of this many 万元 (a trillion 元) is more than any department has.
const TOO_LARGE: Decimal = Decimal::from_parts(100_000_000, 0, 0, false, 0);

/// What is left where nothing decides: the unit of all other tables, else what is usual.
fn usual(known: &[Option<Unit>], default: Option<Unit>, largest: Decimal) -> (Unit, &'static str) {
    let mut units = known.iter().flatten();
    match (units.next(), default) {
        (Some(first), _) if units.all(|u| u == first) => (*first, "the unit of all other tables"),
        (_, Some(unit)) => (unit, "the unit that the layout prints"),
        _ if largest >= TOO_LARGE => (Unit::Yuan, "amounts of this size are in 元"),
        _ => (Unit::Wan, "the usual unit, without evidence in the document"),
    }
}

/// Number of digits of a value, leading zeros apart.
fn digits(value: Decimal) -> usize {
    value.mantissa().unsigned_abs().checked_ilog10().map_or(0, |n| n as usize + 1)
}

/// Whether the longer value, rounded to the decimals of the shorter one, is the shorter one.
fn rounds_to(long: Decimal, short: Decimal) -> bool {
    long.scale() > short.scale()
        && long.round_dp_with_strategy(short.scale(), RoundingStrategy::MidpointAwayFromZero) == short
}

static SPOKEN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"([0-9][0-9,，]*(?:\.[0-9]+)?) ?(亿元|万元|千元|元)").ok());

/// Amounts with their units in the lines outside of tables.
fn spoken(pages: &[PageGrids]) -> Vec<(Decimal, Unit)> {
    let Some(regex) = SPOKEN.as_ref() else { return Vec::new() };
    let mut out = Vec::new();
    for line in pages.iter().flat_map(|p| &p.lines).filter(|l| l.text.contains('元')) {
        for found in regex.captures_iter(&line.text) {
            let (Some(number), Some(word)) = (found.get(1), found.get(2)) else { continue };
            let value = number.as_str().replace([',', '，'], "").parse::<Decimal>();
            if let (Ok(value), Some((unit, _))) = (value, unit_word(word.as_str())) {
                out.push((value, unit));
            }
        }
    }
    out
}
