//! Totals of a table as one of its readings has them, and which of them other tables print too (`schemas/links.toml`).

use super::join::Found;
use super::mapping::Mapping;
use crate::document::Side;
use crate::normalize::amount::{self, Parsed};
use crate::normalize::{label, text};
use crate::schema::Role;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::sync::OnceLock;

const SOURCE: &str = include_str!("../../schemas/links.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    equal: Vec<(String, String)>,
}

/// The links. The file is part of the program; a test proves that it parses.
pub(super) fn links() -> &'static [(String, String)] {
    static LINKS: OnceLock<Vec<(String, String)>> = OnceLock::new();
    LINKS.get_or_init(|| toml::from_str::<File>(SOURCE).map_or_else(|_| Vec::new(), |file| file.equal))
}

/// Totals by name (`4.expenditure.total`), as printed: units are not looked at.
pub(super) type Totals = Vec<(String, Decimal)>;

/// The totals of a table's rows that are called so.
pub(super) fn totals(found: &Found, mapping: &Mapping) -> Totals {
    let mut totals = Totals::new();
    for part in &found.parts {
        for row in part.body() {
            let cell = |column: usize| {
                let own = part.columns.get(column)?.iter().find_map(|&c| part.piece.grid.cell(row, c))?;
                (own.row as usize == row && !own.is_blank()).then(|| own.text())
            };
            for (index, block) in mapping.form.blocks.iter().enumerate() {
                let own = || mapping.columns.iter().enumerate().filter(move |(_, c)| c.block == index);
                let is_total = |(at, c): (usize, &super::mapping::ColumnMap)| {
                    let amount = matches!(c.role, Some(Role::Amount(_)));
                    let named = |printed: String| block.is_total(&text::key(&label::label(&printed).name));
                    !amount && cell(at).is_some_and(named)
                };
                if !own().any(is_total) {
                    continue;
                }
                let side = match block.side {
                    Some(Side::Revenue) => "revenue.",
                    Some(Side::Expenditure) => "expenditure.",
                    None => "",
                };
                for (at, column) in own() {
                    let Some(Role::Amount(id)) = column.role else { continue };
                    if let Some(Parsed::Value(value)) = cell(at).map(|printed| amount::parse(&printed)) {
                        totals.push((format!("{}.{side}{id}", mapping.number), value));
                    }
                }
            }
        }
    }
    totals
}

/// How many links hold between two lists of totals, and how many do not.
pub(super) fn count(a: &Totals, b: &Totals) -> (usize, usize) {
    let (mut hold, mut broken) = (0, 0);
    for (left, right) in links() {
        for (left, right) in [(left, right), (right, left)] {
            let of = |totals: &Totals, name: &str| {
                totals.iter().filter(|(n, v)| n == name && !v.is_zero()).map(|(_, v)| *v).collect::<Vec<_>>()
            };
            let (x, y) = (of(a, left), of(b, right));
            if x.is_empty() || y.is_empty() {
                continue;
            }
            if x.iter().any(|v| y.contains(v)) {
                hold += 1;
            } else {
                broken += 1;
            }
        }
    }
    (hold, broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_parses() {
        assert!(toml::from_str::<File>(SOURCE).unwrap().equal.len() > 5);
    }

    #[test]
    fn equal_totals_are_counted_and_zeros_say_nothing() {
        let totals =
            |list: &[(&str, i64)]| list.iter().map(|(n, v)| ((*n).to_owned(), Decimal::from(*v))).collect();
        let (two, three): (Totals, Totals) = (totals(&[("2.total", 12)]), totals(&[("3.total", 12)]));
        assert_eq!(count(&two, &three), (1, 0));
        assert_eq!(count(&totals(&[("2.total", 11)]), &three), (0, 1));
        assert_eq!(count(&totals(&[("2.total", 0)]), &three), (0, 0));
    }
}
