//! The tables of a dataset → snapshots, for a dataset that does not keep the JSON of its documents.

use super::records::Records;
use super::snapshot::{FigureShot, RowShot, Snapshot, TableShot};
use crate::document::{Kind, RowKind, Scope, Side, Status, Unit};
use crate::normalize::text::key;
use crate::schema;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

/// The documents of a dataset's folder, read from its CSV files.
///
/// # Errors
/// When a file is not there, cannot be read, or is none of a dataset; the error names it.
pub fn dataset(folder: &Path) -> io::Result<Vec<Snapshot>> {
    let mut all: BTreeMap<String, Snapshot> = BTreeMap::new();
    let mut order = Vec::new();
    let needed = ["doc_id", "path", "department", "fiscal_year", "kind", "scope", "layout"];
    each(folder, "documents.csv", &needed, |r| {
        let id = r.get("doc_id").unwrap_or_default().to_owned();
        let path = r.get("path").unwrap_or_default().to_owned();
        let department = r.get("department").map_or_else(|| path.clone(), ToOwned::to_owned);
        order.push(id.clone());
        all.insert(
            id.clone(),
            Snapshot {
                id: crate::who::canonical(&department).id,
                department,
                year: r.parse("fiscal_year")?,
                kind: if r.get("kind") == Some("final_account") { Kind::FinalAccount } else { Kind::Budget },
                scope: if r.get("scope") == Some("unit") { Scope::Unit } else { Scope::Department },
                layout: r.get("layout").unwrap_or_default().to_owned(),
                published_on: r.get("published_on").map(ToOwned::to_owned),
                path,
                content: id,
                ..Snapshot::default()
            },
        );
        Ok(())
    })?;
    each(folder, "tables.csv", &["doc_id", "table_number", "status", "source_unit"], |r| {
        if let Some(d) = r.get("doc_id").and_then(|id| all.get_mut(id)) {
            let status = match r.get("status") {
                Some("filled") => Status::Filled,
                Some("declared_empty") => Status::DeclaredEmpty,
                Some("unreadable") => Status::Unreadable,
                _ => Status::Missing,
            };
            d.tables.push(TableShot {
                number: r.parse("table_number")?.unwrap_or(0),
                status,
                unit: unit(r.get("source_unit")),
            });
        }
        Ok(())
    })?;
    facts(folder, &mut all)?;
    figures(folder, &mut all)?;
    Ok(order.iter().filter_map(|id| all.remove(id)).collect())
}

fn facts(folder: &Path, all: &mut BTreeMap<String, Snapshot>) -> io::Result<()> {
    let mut last = (String::new(), 0u8, 0u32);
    let needed = ["doc_id", "table_number", "row_no", "row_kind", "code", "name", "column_id", "amount"];
    each(folder, "facts.csv", &needed, |r| {
        let Some((id, d)) = r.get("doc_id").and_then(|id| Some((id, all.get_mut(id)?))) else {
            return Ok(());
        };
        let (table, row) = (r.parse("table_number")?.unwrap_or(0), r.parse("row_no")?.unwrap_or(0));
        let at = (id.to_owned(), table, row);
        if at != last {
            last = at;
            d.rows.push(RowShot {
                table,
                kind: match r.get("row_kind") {
                    Some("project") => RowKind::Project,
                    Some("department") => RowKind::Department,
                    Some("total") => RowKind::Total,
                    _ => RowKind::Item,
                },
                side: match r.get("side") {
                    Some("revenue") => Some(Side::Revenue),
                    Some("expenditure") => Some(Side::Expenditure),
                    _ => None,
                },
                unit: r.get("unit_name").map(key).unwrap_or_default(),
                code: r.get("code").unwrap_or_default().to_owned(),
                item: r.get("item").and_then(schema::item_id),
                name: r.get("name").unwrap_or_default().to_owned(),
                project: r.get("project").map(ToOwned::to_owned),
                page: r.parse("page")?.unwrap_or(0),
                amounts: Vec::new(),
            });
        }
        if let (Some(row), Some(amount)) = (d.rows.last_mut(), r.parse("amount")?) {
            row.amounts.push((r.get("column_id").unwrap_or_default().to_owned(), amount));
        }
        Ok(())
    })
}

fn figures(folder: &Path, all: &mut BTreeMap<String, Snapshot>) -> io::Result<()> {
    let text = |t: Option<&str>| t.map(ToOwned::to_owned);
    each(folder, "figures.csv", &["doc_id", "section", "item", "label", "repeats"], |r| {
        let Some(d) = r.get("doc_id").and_then(|id| all.get_mut(id)) else { return Ok(()) };
        let direction = r.get("direction");
        let percent: Option<rust_decimal::Decimal> = r.parse("change_percent")?;
        let still = direction == Some("unchanged") && percent.is_none_or(|p| p.is_zero());
        d.figures.push(FigureShot {
            section: text(r.get("section")),
            item: text(r.get("item")),
            label: r.get("label").unwrap_or_default().to_owned(),
            code: text(r.get("code")),
            amount: r.parse("amount")?,
            not_arranged: false,
            change: r.parse("change_amount")?.or(still.then_some(rust_decimal::Decimal::ZERO)),
            percent,
            base: text(r.get("base")),
            has_change: direction.is_some(),
            implied_previous: r.parse("implied_previous")?,
            previous: r.parse("previous")?,
            reason: text(r.get("reason")),
            repeats: text(r.get("repeats")),
            page: r.parse("page")?.unwrap_or(0),
        });
        Ok(())
    })
}

fn unit(word: Option<&str>) -> Option<Unit> {
    [Unit::Yuan, Unit::ThousandYuan, Unit::Wan, Unit::Yi].into_iter().find(|u| Some(u.as_str()) == word)
}

/// Hands each record of a file to `take`.
fn each(
    folder: &Path,
    name: &str,
    needed: &[&str],
    mut take: impl FnMut(&super::records::Record) -> io::Result<()>,
) -> io::Result<()> {
    let path = folder.join(name);
    let wrong = |e: io::Error| io::Error::new(e.kind(), format!("{}: {e}", path.display()));
    let mut records =
        Records::new(BufReader::new(File::open(&path).map_err(wrong)?), needed).map_err(wrong)?;
    while let Some(record) = records.next().map_err(wrong)? {
        take(&record).map_err(wrong)?;
    }
    Ok(())
}
