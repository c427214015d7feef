//! Amounts × texts of pages → confirmed, contradicted, unknown. A page on which the second reader misses many of
//! the amounts that identities prove is one that it cannot read: there it contradicts nothing.

use super::numbers::{self, Numbers};
use super::reader::Texts;
use crate::document::{Amount, Document, Finding, Place, Row, Severity};
use crate::normalize::amount::from_wan;
use crate::proof;
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// Contradictions of one document that are listed one by one.
const MAX_LISTED: usize = 12;

/// The amounts of a document that are asked about, by table, row and place in the row.
pub(super) struct Questions {
    asked: Vec<(usize, usize, usize)>,
    pages: Vec<u32>,
}

/// The amounts of a row, standard columns first.
fn amounts(row: &Row) -> impl Iterator<Item = (&str, &Amount)> {
    let standard = row.amounts.iter().filter_map(|(id, a)| a.as_ref().map(|a| (*id, a)));
    standard.chain(row.extra.iter().map(|(key, a)| (key.as_str(), a)))
}

/// What identifies an amount's place: page and box, in tenths of points.
fn spot(page: u32, bbox: &crate::geometry::Rect) -> (u32, [i64; 4]) {
    #[allow(clippy::cast_possible_truncation)]
    let tenth = |v: f32| (f64::from(v) * 10.0) as i64;
    (page, [tenth(bbox.x0), tenth(bbox.y0), tenth(bbox.x1), tenth(bbox.y1)])
}

impl Questions {
    /// What is to be asked: amounts that nothing proves, and those that findings of broken identities name.
    pub(super) fn of(document: &Document) -> Self {
        let mut suspects = FxHashSet::default();
        for finding in document.findings.iter().filter(|f| f.severity > Severity::Info && is_break(f)) {
            let mut add = |place: &Place| {
                if let (Some(page), Some(bbox)) = (place.page, &place.bbox) {
                    suspects.insert(spot(page, bbox));
                }
            };
            add(&finding.place);
            // with one suspect the others are witnesses; without one they are suspects, too
            let suspected = if finding.rule.starts_with("proof.") { 1 } else { usize::MAX };
            finding.others.iter().take(suspected).for_each(add);
        }
        let (mut asked, mut pages) = (Vec::new(), Vec::new());
        for (t, table) in document.tables.iter().enumerate() {
            for (r, row) in table.rows.iter().enumerate() {
                for (a, (_, amount)) in amounts(row).enumerate() {
                    let doubtful =
                        amount.proved_by == 0 || suspects.contains(&spot(amount.page, &amount.bbox));
                    if doubtful && numbers::number(&amount.text).is_some() {
                        asked.push((t, r, a));
                        pages.push(amount.page);
                    }
                }
            }
        }
        pages.extend(suspects.iter().map(|(page, _)| *page));
        Self { asked, pages }
    }

    pub(super) fn pages(&self) -> impl Iterator<Item = u32> + '_ {
        self.pages.iter().copied()
    }
}

/// Whether a finding tells of a broken identity: those have a cause.
pub(super) fn is_break(finding: &Finding) -> bool {
    finding.cause.is_some()
}

/// A page: what we claim of it, what the second reader sees.
struct Page {
    numbers: Numbers,
    /// How often we read each number, every place once.
    claims: FxHashMap<String, u32>,
    /// Numbers that identities prove; of these, those that the second reader finds.
    proved: u32,
    found: u32,
}

/// The pages that the second reader could read.
pub(super) struct Pages(BTreeMap<u32, Page>);

impl Pages {
    pub(super) fn new(document: &Document, questions: &Questions, texts: &Texts) -> Self {
        let rows = || document.tables.iter().flat_map(|t| &t.rows);
        // of a file with many departments, those of this one
        let mut own: BTreeSet<u32> = rows().flat_map(amounts).map(|(_, amount)| amount.page).collect();
        own.extend(questions.pages());
        let mut pages: BTreeMap<u32, Page> = own
            .into_iter()
            .filter_map(|page| {
                let numbers = Numbers::new(texts.get(&page)?);
                Some((page, Page { numbers, claims: FxHashMap::default(), proved: 0, found: 0 }))
            })
            .collect();
        let mut seen = FxHashSet::default();
        let mut proved: FxHashMap<(u32, String), u32> = FxHashMap::default();
        for (_, amount) in rows().flat_map(amounts) {
            let Some(page) = pages.get_mut(&amount.page) else { continue };
            let Some(number) = numbers::number(&amount.text) else { continue };
            if seen.insert(spot(amount.page, &amount.bbox)) {
                *page.claims.entry(number.clone()).or_default() += 1;
                if amount.proved_by > 0 {
                    *proved.entry((amount.page, number)).or_default() += 1;
                }
            }
        }
        for ((number_page, number), claimed) in proved {
            if let Some(page) = pages.get_mut(&number_page) {
                page.proved += 1;
                page.found += u32::from(page.numbers.count(&number) >= claimed);
            }
        }
        Self(pages)
    }

    /// Whether the second reader finds an amount as often as it was read; `None` where it cannot tell.
    fn verdict(&self, amount: &Amount) -> Option<bool> {
        let page = self.0.get(&amount.page)?;
        let number = numbers::number(&amount.text)?;
        let claimed = page.claims.get(&number).copied().unwrap_or(1);
        if page.numbers.count(&number) >= claimed {
            return Some(true);
        }
        (page.is_readable() && page.numbers.loose(&number) < claimed).then_some(false)
    }

    /// Whether the page prints a number of this value; `None` where the second reader could not read the page.
    pub(super) fn prints(&self, page: u32, value: Decimal) -> Option<bool> {
        Some(self.0.get(&page)?.numbers.of_value(value.abs()).next().is_some())
    }

    /// Whether the page prints a number of this value (in the table's unit) more often than tables hold it; `None`
    /// where the second reader cannot tell.
    pub(super) fn has_unread(&self, page: u32, value: Decimal, unit: crate::document::Unit) -> Option<bool> {
        let page = self.0.get(&page).filter(|page| page.is_readable())?;
        let printed = from_wan(value.abs(), unit)?;
        let unread = page
            .numbers
            .of_value(printed)
            .any(|(number, times)| times > page.claims.get(number).copied().unwrap_or(0));
        Some(unread)
    }
}

impl Page {
    fn is_readable(&self) -> bool {
        self.proved >= 3 && self.found * 10 >= self.proved * 9
    }
}

/// Writes the answers into the amounts; contradictions become findings.
pub(super) fn answer(document: &mut Document, questions: &Questions, pages: &Pages) {
    let mut contradicted = Vec::new();
    for &(t, r, a) in &questions.asked {
        let Some(table) = document.tables.get_mut(t) else { continue };
        let number = table.number;
        let Some(row) = table.rows.get_mut(r) else { continue };
        let Some((column, verdict)) =
            amounts(row).nth(a).map(|(column, amount)| (column.to_owned(), pages.verdict(amount)))
        else {
            continue;
        };
        let name = proof::row_name(row);
        let standard = row.amounts.iter_mut().filter_map(|(_, a)| a.as_mut());
        let Some(amount) = standard.chain(row.extra.iter_mut().map(|(_, a)| a)).nth(a) else { continue };
        amount.second = verdict;
        if verdict == Some(false) {
            let message = format!(
                "table {number}, {name}, `{column}`: read as {}, but a second reader does not find these digits on page {}",
                amount.text, amount.page
            );
            let mut finding = Finding::new("reading.contradicted", Severity::Warning, message);
            finding.place = Place {
                table: Some(number),
                row: Some(name),
                column: Some(column),
                page: Some(amount.page),
                bbox: Some(amount.bbox),
            };
            finding.actual = Some(amount.value);
            contradicted.push(finding);
        }
    }
    let more = contradicted.len().saturating_sub(MAX_LISTED);
    contradicted.truncate(MAX_LISTED);
    if let Some(last) = contradicted.last_mut().filter(|_| more > 0) {
        last.message.push_str(&format!("; {more} further amounts of this document likewise"));
    }
    document.findings.extend(contradicted);
}

/// The amount that stands at a place.
pub(super) fn amount_at<'d>(document: &'d Document, place: &Place) -> Option<&'d Amount> {
    let (number, page, bbox) = (place.table?, place.page?, place.bbox.as_ref()?);
    let wanted = spot(page, bbox);
    let table = document.tables.iter().find(|t| t.number == number)?;
    let found = |(column, amount): &(&str, &Amount)| {
        spot(amount.page, &amount.bbox) == wanted && place.column.as_deref().is_none_or(|c| c == *column)
    };
    table.rows.iter().flat_map(amounts).find(found).map(|(_, amount)| amount)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::document::Table;
    use crate::geometry::Rect;

    fn amount(text: &str, x: f32, proved_by: u32) -> Amount {
        Amount {
            value: text.replace(',', "").parse().unwrap(),
            text: text.to_owned(),
            page: 4,
            bbox: Rect::new(x, 10.0, x + 9.0, 20.0),
            proved_by,
            ..Amount::default()
        }
    }

    fn document(amounts: &[(&'static str, Amount)]) -> Document {
        let amounts = amounts.iter().map(|(id, a)| (*id, Some(a.clone()))).collect();
        let row = Row { name: Some("行".into()), amounts, ..Row::default() };
        let table = Table { number: 3, rows: vec![row], ..Table::default() };
        Document { tables: vec![table], ..Document::default() }
    }

    fn asked(amounts: &[(&'static str, Amount)], text: &str) -> (Vec<Option<bool>>, Vec<Finding>) {
        let mut d = document(amounts);
        let questions = Questions::of(&d);
        let pages = Pages::new(&d, &questions, &Texts::from([(4, text.to_owned())]));
        answer(&mut d, &questions, &pages);
        let second = d.tables[0].rows[0].amounts.iter().map(|(_, a)| a.as_ref().unwrap().second).collect();
        (second, d.findings)
    }

    fn proved() -> Vec<(&'static str, Amount)> {
        vec![("a", amount("1.00", 1.0, 1)), ("b", amount("2.00", 11.0, 1)), ("c", amount("3.00", 21.0, 2))]
    }

    #[test]
    fn digits_that_the_second_reader_finds_are_confirmed() {
        let mut row = proved();
        row.push(("d", amount("1,234.50", 31.0, 0)));
        let (second, findings) = asked(&row, "1.00 2.00 3.00 1,234.50");
        assert_eq!(second, [None, None, None, Some(true)]);
        assert!(findings.is_empty());
    }

    #[test]
    fn digits_that_it_does_not_find_are_contradicted() {
        let mut row = proved();
        row.push(("d", amount("9.17", 31.0, 0)));
        let (second, findings) = asked(&row, "1.00 2.00 3.00 9.11");
        assert_eq!(second[3], Some(false));
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].place.table, findings[0].place.column.as_deref()), (Some(3), Some("d")));
    }

    #[test]
    fn a_number_must_stand_there_as_often_as_it_was_read() {
        let mut row = proved();
        row.push(("d", amount("2.00", 31.0, 0)));
        assert_eq!(asked(&row, "1.00 2.00 3.00").0[3], Some(false));
        assert_eq!(asked(&row, "1.00 2.00 3.00 2.00").0[3], Some(true));
    }

    #[test]
    fn a_page_that_it_cannot_read_contradicts_nothing() {
        let mut row = proved();
        row.push(("d", amount("9.17", 31.0, 0)));
        let (second, findings) = asked(&row, "\u{fffd}\u{fffd} 2.00");
        assert_eq!(second[3], None);
        assert!(findings.is_empty());
    }

    #[test]
    fn nothing_is_asked_where_all_is_proved() {
        assert_eq!(Questions::of(&document(&proved())).pages().count(), 0);
    }
}
