//! Names and telephone numbers of persons: left out of everything that is emitted unless asked for.

use super::words::{self, Label};
use crate::document::{Finding, OtherTable, Severity};
use crate::normalize::label;
use regex::Regex;
use std::sync::LazyLock;

static PHONE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(^|[^0-9])1[3-9][0-9]{9}([^0-9]|$)").ok());

/// What is told of particulars that were left out on these pages, one page for each: one finding.
pub fn finding(pages: &[u32]) -> Option<Finding> {
    let first = pages.iter().min()?;
    let message = format!(
        "{} particulars of persons (names, telephone numbers) were left out; --include-contacts keeps them",
        pages.len()
    );
    Some(Finding::new("personal.left_out", Severity::Info, message).on_page(*first))
}

/// Blanks the personal particulars of a table that is kept as printed, and adds its page to `left_out` for each.
pub fn scrub(table: &mut OtherTable, left_out: &mut Vec<u32>) {
    let words = words::built_in();
    let page = table.pages.first().copied().unwrap_or(0);
    for row in &mut table.rows {
        let mut personal = false;
        for cell in row.iter_mut().filter(|c| !c.is_empty()) {
            match words.label(cell) {
                Some(Label::Field(field)) => personal = field.personal,
                Some(_) => personal = false,
                None => {
                    let phone = PHONE.as_ref().is_some_and(|p| p.is_match(cell));
                    // a body's name beside 负责单位 is no person's
                    if phone || (personal && cell.chars().count() <= 12 && !label::is_body(cell)) {
                        cell.clear();
                        left_out.push(page);
                    }
                    personal = false;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_telephone_numbers_of_a_table_as_printed_are_blanked() {
        let row = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        let mut table = OtherTable {
            rows: vec![
                row(&["部门联系人", "张三", "联系电话", "13800000000"]),
                row(&["一级指标", "产出指标"]),
            ],
            pages: vec![3],
            ..OtherTable::default()
        };
        let mut left_out = Vec::new();
        scrub(&mut table, &mut left_out);
        assert_eq!(table.rows, [row(&["部门联系人", "", "联系电话", ""]), row(&["一级指标", "产出指标"])]);
        assert_eq!(left_out, [3, 3]);
        assert_eq!(finding(&left_out).map(|f| f.place.page), Some(Some(3)));
    }
}
