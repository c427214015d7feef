//! Words of findings.

use crate::document::{Row, RowKind};
use rust_decimal::Decimal;

/// Places beside the first that a finding lists.
pub(crate) const MAX_OTHERS: usize = 12;

/// What names a row: its project, code, item or printed name.
pub(crate) fn row_name(row: &Row) -> String {
    let name = match row.kind {
        RowKind::Project => row.project.as_deref().or(row.name.as_deref()),
        RowKind::Item => row.code.as_deref().or(row.item).or(row.name.as_deref()).or(row.project.as_deref()),
        RowKind::Department | RowKind::Total => row.name.as_deref(),
    };
    name.unwrap_or(match row.kind {
        RowKind::Total => "total",
        _ => "",
    })
    .to_owned()
}

pub(crate) fn signed(value: Decimal) -> String {
    if value > Decimal::ZERO { format!("+{value}") } else { value.to_string() }
}
