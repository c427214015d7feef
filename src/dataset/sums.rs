//! `schemas/sums.toml` → which columns and line items are parts of which.

use crate::document::Side;
use serde::Deserialize;
use std::sync::OnceLock;

const TEXT: &str = include_str!("../../schemas/sums.toml");

/// Stands among the parts of a line item for all rows that have a code.
pub(super) const CODES: &str = "*";

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sums {
    columns: Vec<Columns>,
    items: Vec<Items>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    tables: Vec<u8>,
    whole: String,
    parts: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Items {
    tables: Vec<u8>,
    side: SideWord,
    whole: String,
    parts: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SideWord {
    Revenue,
    Expenditure,
}

/// What the file says. It is part of the program; a test proves that it parses.
pub(super) fn sums() -> &'static Sums {
    static SUMS: OnceLock<Sums> = OnceLock::new();
    SUMS.get_or_init(|| toml::from_str(TEXT).unwrap_or_default())
}

impl Sums {
    /// Columns whose sum a column is; none where it is a part itself or unknown.
    pub(super) fn parts(&self, table: u8, whole: &str) -> &[String] {
        let found = self.columns.iter().find(|c| c.whole == whole && c.tables.contains(&table));
        found.map_or(&[], |c| &c.parts)
    }

    /// The line item that this one (or [`CODES`]) is a part of.
    pub(super) fn whole<'a>(&'a self, table: u8, side: Option<Side>, item: &'a str) -> Option<&'a str> {
        if let Some((whole, _)) = item.rsplit_once('.') {
            return Some(whole);
        }
        let fits = |i: &&Items| {
            let side_fits = matches!(
                (&i.side, side),
                (SideWord::Revenue, Some(Side::Revenue)) | (SideWord::Expenditure, Some(Side::Expenditure))
            );
            side_fits && i.tables.contains(&table) && i.parts.iter().any(|p| p == item)
        };
        self.items.iter().find(fits).map(|i| i.whole.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    #[test]
    fn the_file_parses_and_names_only_columns_and_items_that_exist() {
        let sums: Sums = toml::from_str(TEXT).unwrap();
        for c in &sums.columns {
            for (table, id) in
                c.tables.iter().flat_map(|t| c.parts.iter().chain([&c.whole]).map(move |p| (t, p)))
            {
                assert!(schema::column_id(*table, id).is_some(), "table {table}: {id}");
            }
        }
        for id in sums.items.iter().flat_map(|i| i.parts.iter().chain([&i.whole])).filter(|i| *i != CODES) {
            assert!(schema::item_id(id).is_some(), "{id}");
        }
    }

    #[test]
    fn every_column_but_the_total_is_a_part() {
        for table in &schema::standard().tables {
            let blocks = table.forms.iter().flat_map(|f| &f.blocks);
            for column in blocks.flat_map(|b| &b.columns) {
                let mut of_table = sums().columns.iter().filter(|c| c.tables.contains(&table.number));
                assert_eq!(
                    of_table.any(|c| c.parts.iter().any(|p| p == column)),
                    *column != "total",
                    "{} {column}",
                    table.number
                );
            }
        }
    }

    #[test]
    fn an_item_hangs_under_what_its_id_or_the_file_says() {
        let whole = |item| sums().whole(1, Some(Side::Revenue), item);
        assert_eq!(whole("unit_funds.other"), Some("unit_funds"));
        assert_eq!(whole("government_fund"), Some("fiscal_appropriation"));
        assert_eq!(whole("carryover"), None);
        assert_eq!(sums().whole(4, Some(Side::Expenditure), CODES), Some("current_year"));
    }
}
