//! Tables that print the standard's columns one below the other (sources as rows, Jiangsu's 收入预算总表): all
//! rows together are the one total row of the contract.

use super::block::{BlockView, push_new};
use super::raw::{RawRow, cell_amount};
use crate::document::{Finding, Place, Row, RowKind, Severity};
use crate::normalize::{label, text};
use crate::schema::Role;

/// The total row; none where no row states an amount. A row that names no column goes to `extra` by its path.
pub fn sources(view: &BlockView, raw_rows: &[RawRow], findings: &mut Vec<Finding>) -> Vec<Row> {
    let Some(&first) = view.block.columns.first() else { return Vec::new() };
    let printed = view.columns().iter().find(|(_, c)| c.role == Some(Role::Amount(first)));
    let Some(&(amounts, _)) = printed else { return Vec::new() };
    let mut total: Option<Row> = None;
    let mut parent = String::new();
    for raw in raw_rows {
        let labels: Vec<String> = (0..amounts).map(|i| label::label(raw.text(i)).name).collect();
        if let Some(own) = labels.first().filter(|t| !t.is_empty()) {
            parent.clone_from(own);
        }
        let leaf = labels.iter().skip(1).rfind(|t| !t.is_empty());
        let path = leaf.map_or_else(|| parent.clone(), |leaf| format!("{parent}/{leaf}"));
        let Some(amount) = cell_amount(raw, amounts) else {
            if !raw.text(amounts).trim().is_empty() {
                findings.push(not_an_amount(view, raw, &path, amounts));
            }
            continue;
        };
        let key = text::key(&path);
        let column = view.block.total_columns.iter().find(|(label, _)| *label == key).map(|(_, id)| *id);
        let out = total.get_or_insert_with(|| Row {
            kind: RowKind::Total,
            amounts: view.block.columns.iter().map(|c| (*c, None)).collect(),
            page: raw.page,
            bbox: raw.bbox,
            ..Row::default()
        });
        if raw.page == out.page {
            out.bbox = out.bbox.union(&raw.bbox);
        }
        if column == Some(first) {
            out.name = Some(path.clone());
        }
        match out.amounts.iter_mut().find(|(id, held)| column == Some(*id) && held.is_none()) {
            Some(slot) => slot.1 = Some(amount),
            None => push_new(&mut out.extra, path, amount),
        }
    }
    total.into_iter().collect()
}

fn not_an_amount(view: &BlockView, raw: &RawRow, path: &str, column: usize) -> Finding {
    let (page, bbox) = raw.place(column);
    let mut finding = Finding::new(
        "cell.not_amount",
        Severity::Error,
        format!(
            "`{}` stands where an amount of `{path}` should; the amount is left blank",
            text::clean(raw.text(column))
        ),
    );
    finding.place = Place {
        table: Some(view.number),
        row: Some(path.to_owned()),
        column: None,
        page: Some(page),
        bbox: Some(bbox),
    };
    finding
}
