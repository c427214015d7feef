//! Amounts as printed → 万元, exactly; and which unit a table is printed in where it does not say.

use crate::document::{Amount, Finding, Raw, RowKind, Severity, Table, Unit};
use crate::normalize::amount::to_wan;
use rust_decimal::Decimal;

/// Settles the unit of every table that names none, then converts all amounts.
pub fn settle(
    tables: &mut [Table],
    stated: &[Option<Unit>],
    default: Option<Unit>,
    findings: &mut Vec<Finding>,
) {
    let totals: Vec<Option<Decimal>> = tables.iter().map(grand_total).collect();
    for (index, table) in tables.iter_mut().enumerate() {
        if table.rows.is_empty() && table.source_unit.is_none() {
            continue;
        }
        let unit = stated.get(index).copied().flatten();
        let (unit, why) = match unit {
            Some(unit) => (unit, None),
            None => decide(index, &totals, stated, default),
        };
        if let Some(why) = why {
            let message = format!("no unit is printed at this table; read as {} ({why})", unit.as_str());
            findings
                .push(Finding::new("unit.not_printed", Severity::Warning, message).in_table(table.number));
        }
        table.source_unit = Some(unit);
        let number = table.number;
        for row in &mut table.rows {
            let page = row.page;
            let mut changed = Vec::new();
            let amounts = row.amounts.iter_mut().filter_map(|(id, a)| a.as_mut().map(|a| (*id, a)));
            let extra = row.extra.iter_mut().map(|(key, a)| (key.as_str(), a));
            for (id, amount) in amounts.chain(extra) {
                if !convert(amount, unit) {
                    let message = format!("`{}` is too large to be an amount in 万元", amount.text);
                    findings.push(
                        Finding::new("cell.not_amount", Severity::Error, message)
                            .in_table(number)
                            .on_page(page),
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

/// The total row's total, else nothing.
fn grand_total(table: &Table) -> Option<Decimal> {
    let total = table.rows.iter().rev().find(|r| r.kind == RowKind::Total)?;
    total.amounts.first()?.1.as_ref().map(|a| a.value).filter(|v| !v.is_zero())
}

/// Cross-table evidence: a total that equals another table's total in a stated unit has that unit; one that is
/// ten thousand times larger is in 元.
fn decide(
    index: usize,
    totals: &[Option<Decimal>],
    stated: &[Option<Unit>],
    default: Option<Unit>,
) -> (Unit, Option<&'static str>) {
    if let Some(total) = totals.get(index).copied().flatten() {
        for (other, unit) in totals.iter().zip(stated) {
            let (Some(other), Some(unit)) = (other, unit) else { continue };
            let Some(known) = to_wan(*other, *unit) else { continue };
            for candidate in [Unit::Wan, Unit::Yuan, Unit::ThousandYuan] {
                if to_wan(total, candidate).is_some_and(|t| t == known) {
                    return (candidate, Some("its total equals that of a table that states its unit"));
                }
            }
        }
    }
    let mut stated = stated.iter().flatten();
    match (default, stated.next()) {
        (Some(unit), _) => (unit, Some("the unit that the layout prints")),
        (None, Some(first)) if stated.all(|u| u == first) => (*first, Some("the unit of all other tables")),
        _ => (Unit::Wan, Some("the usual unit, without evidence in the document")),
    }
}
