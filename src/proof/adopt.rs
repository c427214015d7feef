//! Printed columns that no header could be found for, taken for the standard columns that the layout always prints and
//! that were not found: in printed order, and only where identities that could not be checked before then close.

use crate::document::{Document, Finding, Place, Severity, Status, Table};
use crate::limits::Deadline;
use crate::proof::evaluate;
use crate::proof::index::Index;
use crate::proof::instance::{Instances, Outcome};
use crate::proof::rule::Rules;
use crate::proof::texts;
use crate::proof::words::row_name;
use crate::schema::headers;
use rustc_hash::FxHashMap;

/// The rule of the findings.
const RULE: &str = "reading.chosen_by_proof";
/// Findings about columns that are settled when every column has found its place.
const SETTLED: [&str; 3] = ["table.columns", "column.ambiguous", "column.other_band"];
/// Equations between amounts other than zero that have to close, for each document that is changed.
const ENOUGH: usize = 2;
/// Ways to give the columns of one table their places.
const MAX_WAYS: usize = 24;

/// Gives the columns of each table their places where there is one way that closes more identities than any other and
/// breaks none.
pub(crate) fn columns(rules: &Rules, document: &mut Document, deadline: Deadline) {
    for t in 0..document.tables.len() {
        let ways = match document.tables.get(t) {
            Some(table) if is_short(document, table) => ways(table),
            _ => continue,
        };
        if let Some(better) = best(rules, document, t, &ways, deadline) {
            *document = better;
        }
    }
}

fn best(rules: &Rules, document: &Document, t: usize, ways: &[Way], deadline: Deadline) -> Option<Document> {
    let broken =
        |instances: &Instances| instances.all().iter().filter(|i| i.outcome == Outcome::Broken).count();
    let evaluated = |document: &Document, way: &Way| {
        let texts = texts::tables(document);
        let index = Index::new(document, &texts);
        let found = evaluate::evaluate(rules, document, &index, deadline);
        (broken(&found), closed(&index, &found, t, way))
    };
    let (before, _) = evaluated(document, &Vec::new());
    let number = document.tables.get(t)?.number;
    let mut best: Option<(usize, Document)> = None;
    let mut tied = false;
    for way in ways {
        // what was not tried could be the better way
        if deadline.expired() {
            return None;
        }
        let mut other = document.clone();
        let Some(mut finding) = other.tables.get_mut(t).and_then(|table| take(table, way)) else { continue };
        let (breaks, closed) = evaluated(&other, way);
        if breaks > before || closed < ENOUGH {
            continue;
        }
        match &best {
            Some((most, _)) if *most == closed => tied = true,
            Some((most, _)) if *most > closed => {}
            _ => {
                tied = false;
                other.findings.retain(|f| !is_settled(f, number, &other.tables));
                finding.message.push_str(&format!("; {closed} identities close so"));
                other.findings.push(finding);
                best = Some((closed, other));
            }
        }
    }
    best.filter(|_| !tied).map(|(_, document)| document)
}

/// A table that lacks columns which its layout always prints, and has columns of unknown headers.
fn is_short(document: &Document, table: &Table) -> bool {
    let told = |f: &Finding| f.rule == "table.columns" && f.place.table == Some(table.number);
    table.status == Status::Filled
        && table.rows.iter().any(|row| !row.extra.is_empty())
        && table.rows.iter().all(|row| row.side.is_none())
        && document.findings.iter().any(told)
}

/// No column of the table is left without a place.
fn is_settled(finding: &Finding, number: u8, tables: &[Table]) -> bool {
    let table = tables.iter().find(|t| t.number == number);
    SETTLED.contains(&finding.rule.as_str())
        && finding.place.table == Some(number)
        && table.is_some_and(|t| t.rows.iter().all(|row| row.extra.is_empty()))
}

/// Columns of unknown headers and the standard columns that they are taken for.
type Way = Vec<(String, usize)>;

/// All ways that keep the printed order: between two columns that are known, each unknown one takes a standard column
/// that stands between them in the standard's order.
fn ways(table: &Table) -> Vec<Way> {
    let Some(printed) = printed_order(table) else { return Vec::new() };
    let width = table.rows.first().map_or(0, |row| row.amounts.len());
    let known = printed.iter().filter_map(|c| if let Column::Standard(c) = c { Some(*c) } else { None });
    if !known.clone().zip(known.skip(1)).all(|(a, b)| a < b) {
        return Vec::new();
    }
    let mut all: Vec<Way> = vec![Vec::new()];
    let mut first = 0;
    let mut open: Vec<&str> = Vec::new();
    let ends = printed.iter().map(Some).chain(std::iter::once(None));
    for column in ends {
        let end = match column {
            Some(Column::Extra(header)) => {
                open.push(header);
                continue;
            }
            Some(Column::Standard(c)) => *c,
            None => width,
        };
        let places = choose(&(first..end).collect::<Vec<_>>(), open.len());
        if !open.is_empty() && !places.is_empty() {
            all = all
                .iter()
                .flat_map(|way| {
                    places.iter().map(|places| {
                        let mut longer = way.clone();
                        longer.extend(open.iter().map(|h| (*h).to_owned()).zip(places.iter().copied()));
                        longer
                    })
                })
                .take(MAX_WAYS + 1)
                .collect();
        }
        open.clear();
        first = end + 1;
    }
    all.retain(|way| !way.is_empty());
    if all.len() > MAX_WAYS { Vec::new() } else { all }
}

/// All ordered choices of `n` of the places; none where there are too few or too many ways.
fn choose(places: &[usize], n: usize) -> Vec<Vec<usize>> {
    if n == 0 || places.len() < n {
        return Vec::new();
    }
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for taken in 0..n {
        let mut longer = Vec::new();
        for way in &all {
            let from =
                way.last().map_or(0, |last| places.iter().position(|p| p == last).map_or(0, |p| p + 1));
            let rest = places.get(from..places.len() + 1 + taken - n).unwrap_or_default();
            longer.extend(rest.iter().map(|place| [way.as_slice(), &[*place]].concat()));
        }
        if longer.len() > MAX_WAYS {
            return Vec::new();
        }
        all = longer;
    }
    all
}

/// A column with amounts: standard, or of an unknown header.
#[derive(Clone, Debug, PartialEq)]
enum Column {
    Standard(usize),
    Extra(String),
}

/// The columns with amounts from left to right, as the page shows them on which most amounts stand; `None` where a
/// column does not stand on that page or its place is not known.
fn printed_order(table: &Table) -> Option<Vec<Column>> {
    let mut pages: FxHashMap<u32, usize> = FxHashMap::default();
    for row in &table.rows {
        *pages.entry(row.page).or_default() += 1;
    }
    let page = pages.into_iter().max_by_key(|(page, n)| (*n, std::cmp::Reverse(*page)))?.0;
    let mut columns: Vec<(Column, f32, f32)> = Vec::new();
    let mut elsewhere: Vec<Column> = Vec::new();
    for row in &table.rows {
        let standard =
            row.amounts.iter().enumerate().filter_map(|(c, (_, a))| Some((Column::Standard(c), a.as_ref()?)));
        // a header that says what the column is needs no proof
        let unknown = row.extra.iter().filter(|(header, _)| !headers::is_understood(header));
        let extra = unknown.map(|(header, a)| (Column::Extra(header.clone()), a));
        for (column, amount) in standard.chain(extra) {
            if amount.page != page {
                elsewhere.push(column);
                continue;
            }
            let middle = (amount.bbox.x0 + amount.bbox.x1) / 2.0;
            match columns.iter_mut().find(|(c, _, _)| *c == column) {
                Some((_, sum, n)) => (*sum, *n) = (*sum + middle, *n + 1.0),
                None => columns.push((column, middle, 1.0)),
            }
        }
    }
    if elsewhere.iter().any(|c| columns.iter().all(|(known, _, _)| known != c)) {
        return None;
    }
    let middle = |(_, sum, n): &(Column, f32, f32)| sum / n;
    columns.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
    let apart = columns.iter().zip(columns.iter().skip(1)).all(|(a, b)| middle(b) - middle(a) > 1.0);
    apart.then(|| columns.into_iter().map(|(column, _, _)| column).collect())
}

/// Moves the columns to their places; the finding names the first of them.
fn take(table: &mut Table, way: &Way) -> Option<Finding> {
    let mut first: Option<Place> = None;
    let mut names: Vec<(&str, &'static str)> = Vec::new();
    for row in &mut table.rows {
        let name = row_name(row);
        for (header, c) in way {
            let Some(at) = row.extra.iter().position(|(h, _)| h == header) else { continue };
            let (id, place) = row.amounts.get_mut(*c)?;
            if place.is_some() {
                return None;
            }
            let (_, amount) = row.extra.remove(at);
            first.get_or_insert_with(|| Place {
                table: Some(table.number),
                row: Some(name.clone()),
                column: Some((*id).to_owned()),
                page: Some(amount.page).filter(|&page| page > 0),
                bbox: Some(amount.bbox),
            });
            *place = Some(amount);
            if !names.iter().any(|(_, known)| known == id) {
                names.push((header, id));
            }
            for (key, _) in row.raw.iter_mut().filter(|(key, _)| key == header) {
                (*id).clone_into(key);
            }
        }
    }
    let pairs: Vec<String> = names.iter().map(|(header, id)| format!("`{header}` → `{id}`")).collect();
    let message = format!(
        "table {}: the headers of some columns do not tell what they are; taken in printed order: {}",
        table.number,
        pairs.join(", ")
    );
    // the header remains one that could not be read
    let mut finding = Finding::new(RULE, Severity::Warning, message);
    finding.place = first?;
    Some(finding)
}

/// Equations that hold between amounts of which one, not zero, stands in a column that was moved; at least one for each
/// column that has such amounts.
fn closed(index: &Index<'_>, instances: &Instances, t: usize, way: &Way) -> usize {
    let mut by_column: FxHashMap<usize, usize> = FxHashMap::default();
    for instance in instances.all().iter().filter(|i| i.outcome != Outcome::Broken && !i.at_most) {
        let filled = |cell| index.value(cell).is_some_and(|v| !v.is_zero());
        let cells = instances.terms(instance).iter().map(|(cell, _)| *cell).filter(|&cell| filled(cell));
        let places: Vec<_> = cells.filter_map(|cell| index.at(cell)).collect();
        if places.len() < 2
            || places.iter().all(|at| at.table == t && Some(at.column) == places.first().map(|p| p.column))
        {
            continue;
        }
        let mut columns: Vec<usize> = places.iter().filter(|at| at.table == t).map(|at| at.column).collect();
        columns.sort_unstable();
        columns.dedup();
        for column in columns.into_iter().filter(|c| way.iter().any(|(_, to)| to == c)) {
            *by_column.entry(column).or_default() += 1;
        }
    }
    let Some(table) = index.tables.get(t) else { return 0 };
    let has_amounts = |c: usize| {
        (0..table.table.rows.len()).any(|r| index.value(table.cell(r, c)).is_some_and(|v| !v.is_zero()))
    };
    let proved = |(_, c): &&(String, usize)| by_column.get(c).copied().unwrap_or(0) > 0 || !has_amounts(*c);
    if way.iter().filter(proved).count() < way.len() {
        return 0;
    }
    by_column.values().sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::geometry::Rect;
    use crate::proof::prove_reading;
    use crate::proof::testing::{code, document, table, total};

    /// Table 5, whose columns for basic and project expenditure have headers that say nothing, and table 3 beside it.
    fn with_unknown_headers(first: &str, second: &str) -> Document {
        let rows = || {
            vec![
                code("201", &[("total", "12.00"), ("basic", "10.00"), ("project", "2.00")]),
                code("208", &[("total", "7.50"), ("basic", "7.50"), ("project", "")]),
                total(&[("total", "19.50"), ("basic", "17.50"), ("project", "2.00")]),
            ]
        };
        let basic = [("total", "17.50"), ("personnel", "17.50")];
        let project = [("total", "2.00"), ("goods_services", "2.00")];
        let mut d = document(vec![
            table(3, rows()),
            table(5, rows()),
            table(6, vec![total(&basic)]),
            table(7, vec![total(&project)]),
        ]);
        for row in &mut d.tables[4].rows {
            for (c, header) in [(1, first), (2, second)] {
                let moved = row.amounts[c].1.take();
                row.extra.extend(moved.map(|a| (header.to_owned(), a)));
            }
            let x = |c: usize| [(100.0, 140.0), (200.0, 240.0), (300.0, 340.0)][c];
            for (_, a) in row.amounts.iter_mut().filter_map(|(n, a)| Some((n, a.as_mut()?))) {
                a.bbox = Rect::new(x(0).0, 0.0, x(0).1, 9.0);
            }
            for (header, a) in &mut row.extra {
                let c = if header == first { 1 } else { 2 };
                a.bbox = Rect::new(x(c).0, 0.0, x(c).1, 9.0);
            }
        }
        d.findings.push(Finding::new("table.columns", Severity::Warning, "").in_table(5));
        d
    }

    #[test]
    fn columns_of_unknown_headers_are_those_that_are_missing() {
        let mut d = with_unknown_headers("基本", "另类");
        prove_reading(Rules::built_in(), &mut d, Deadline::never());
        let row = &d.tables[4].rows[0];
        let texts: Vec<Option<&str>> =
            row.amounts.iter().map(|(_, a)| a.as_ref().map(|a| a.text.as_str())).collect();
        assert_eq!(texts, [Some("12.00"), Some("10.00"), Some("2.00")], "{:?}", d.findings);
        assert!(row.extra.is_empty());
        assert!(d.findings.iter().all(|f| f.rule != "table.columns"));
        assert_eq!(d.findings.iter().filter(|f| f.rule == RULE).count(), 1);
    }

    #[test]
    fn columns_of_other_amounts_stay_where_they_are() {
        let mut d = with_unknown_headers("基本", "另类");
        for amount in d.tables[4].rows.iter_mut().flat_map(|r| &mut r.extra).map(|(_, a)| a) {
            amount.value += rust_decimal::Decimal::ONE;
        }
        prove_reading(Rules::built_in(), &mut d, Deadline::never());
        assert_eq!(d.tables[4].rows[0].extra.len(), 2, "{:?}", d.findings);
        assert!(d.findings.iter().any(|f| f.rule == "table.columns"));
    }

    #[test]
    fn choices_keep_the_order() {
        assert_eq!(choose(&[1, 2, 3], 2), [vec![1, 2], vec![1, 3], vec![2, 3]]);
        assert_eq!(choose(&[4, 5], 2), [vec![4, 5]]);
        assert!(choose(&[1], 2).is_empty() && choose(&[1, 2], 0).is_empty());
        assert!(choose(&(0..40).collect::<Vec<_>>(), 20).is_empty());
    }
}
