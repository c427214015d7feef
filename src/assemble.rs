//! Found tables → documents: the twelve tables in order, everything else kept, particulars filled in.

use crate::crew::Crew;
use crate::document::{Document, Finding, Place, Row, RowKind, Severity, Status, Table, Unit};
use crate::grid::PageGrids;
use crate::narrative;
use crate::normalize::amount::{Parsed, parse};
use crate::normalize::text;
use crate::options::{Deadline, Options};
use crate::performance;
use crate::rows;
use crate::rows::coverage::Counter;
use crate::schema::concepts::Set;
use crate::schema::headers::Holds;
use crate::schema::{self, RowModel};
use crate::tables::header::Vocabulary;
use crate::tables::identify::Views;
use crate::tables::join::{self, Found};
use crate::tables::mapping::ColumnMap;
use crate::tables::reading::Reading;
use crate::tables::{caption, choose, head, layout, parts, piece};

/// What each grid of a file was taken for, and why.
pub(crate) fn readings(pages: &[PageGrids], options: &Options, deadline: Deadline) -> Vec<Reading> {
    let own = caption::Own::new(&options.layouts, schema::layouts());
    let pieces = piece::pieces(pages, &own);
    let recognized = layout::recognize(&pieces, &options.layouts);
    let mut known: Vec<_> = schema::layouts().to_vec();
    known.extend(options.layouts.iter().cloned());
    let views = Views::new(recognized.layout.as_ref());
    let mut found = join::join(pieces, &views, &Vocabulary::new(&known), deadline);
    for part in &parts::split(&found, pages) {
        choose::settle(&mut found, &part.tables);
    }
    found.iter().map(Reading::of).collect()
}

/// All documents of a file. What is not done when time is up is left out: the caller says so.
pub(crate) fn documents(
    crew: &Crew,
    pages: &[PageGrids],
    options: &Options,
    deadline: Deadline,
) -> Vec<Document> {
    let own = caption::Own::new(&options.layouts, schema::layouts());
    let pieces = piece::pieces(pages, &own);
    let recognized = layout::recognize(&pieces, &options.layouts);
    let mut known: Vec<_> = schema::layouts().to_vec();
    known.extend(options.layouts.iter().cloned());
    let vocabulary = Vocabulary::new(&known);
    let views = Views::new(recognized.layout.as_ref());
    let mut found = join::join(pieces, &views, &vocabulary, deadline);
    let split = parts::split(&found, pages);
    for part in &split {
        choose::settle(&mut found, &part.tables);
    }
    let count = split.len() as u32;
    let layout = recognized.layout.as_deref();
    let mut documents = crew.map(split, |part| {
        let tables: Vec<&Found> = part.tables.iter().map(|i| &found[*i]).collect();
        let part_pages = pages.get(part.pages).unwrap_or(pages);
        let mut document = one(&tables, part_pages, layout, options, deadline);
        let unread = unread(&document.tables, part_pages, &views, &own);
        let known = |f: &Finding| unread.iter().any(|u| u.place.table == f.place.table);
        let listed = listed(&document.tables, part_pages, &views, &own);
        document.findings.extend(listed.into_iter().filter(|f| !known(f)));
        document.findings.extend(unread);
        document
    });
    for (document, part) in documents.iter_mut().zip(1..) {
        document.head.layout_score = recognized.score;
        document.source.part = part;
        document.source.parts = count;
    }
    documents
}

/// The document that these tables and pages make.
fn one(
    tables: &[&Found],
    pages: &[PageGrids],
    layout: Option<&schema::Layout>,
    options: &Options,
    deadline: Deadline,
) -> Document {
    let mut document =
        Document { head: head::read(pages, tables, layout.and_then(|l| l.kind)), ..Document::default() };
    document.head.layout = layout.map_or_else(|| "unknown".to_owned(), |l| l.id.clone());
    let default_unit = layout.and_then(|l| l.unit);
    fill(&mut document, tables, pages, default_unit, options.include_contacts, deadline);
    if !deadline.expired() {
        document.narrative = narrative::read(pages, &document, options.include_contacts, deadline);
        declare_empty(&mut document);
    }
    let lost: Vec<Finding> = tables.iter().filter_map(|found| lost_columns(found)).collect();
    document.findings.extend(lost);
    let printed = |t: &Table| t.status != Status::Missing;
    if layout.is_none() && (document.tables.iter().any(printed) || !document.other_tables.is_empty()) {
        document.findings.push(Finding::new(
            "layout.unknown",
            Severity::Warning,
            "no layout that we know fits this document; its tables were identified by their titles and headers alone",
        ));
    }
    if document.head.fiscal_year.is_none() {
        document.findings.push(Finding::new(
            "head.no_year",
            Severity::Warning,
            "no budget year is printed where titles stand; it is left blank",
        ));
    }
    document
}

/// A table that is nowhere to be found and of which a sentence says that it is empty is no missing one.
fn declare_empty(document: &mut Document) {
    for said in &document.narrative.declared_empty {
        let table = document.tables.iter_mut().find(|t| t.number == said.table);
        if let Some(table) = table.filter(|t| t.status == Status::Missing) {
            table.status = Status::DeclaredEmpty;
            table.notes.push(text::clean(&said.source.text));
        }
    }
}

fn fill(
    document: &mut Document,
    tables: &[&Found],
    pages: &[PageGrids],
    default_unit: Option<Unit>,
    include_contacts: bool,
    deadline: Deadline,
) {
    let mut stated: Vec<Option<Unit>> = vec![None; 12];
    document.tables = schema::standard()
        .tables
        .iter()
        .map(|def| Table { number: def.number, id: def.id, title: def.title.to_owned(), ..Table::default() })
        .collect();
    let mut counter = Counter::default();
    let mut departments: Vec<String> = document.head.department.iter().cloned().collect();
    // table 7 names the units that tables 11 and 12 list, so it is read first
    let mut order: Vec<&&Found> = tables.iter().collect();
    order.sort_by_key(|t| t.mapping.as_ref().is_none_or(|m| m.number != 7));
    for found in order {
        document.findings.extend(found.findings.iter().cloned());
        let Some(mapping) = &found.mapping else { continue };
        let index = usize::from(mapping.number) - 1;
        if document.tables[index].status != Status::Missing {
            document.findings.push(duplicate(found, mapping.number));
            let mut other = rows::other::as_printed(found);
            document.findings.extend(counter.other(found, &mut other, &[]));
            document.other_tables.push(other);
            continue;
        }
        if deadline.expired() {
            document.tables[index].status = Status::Unreadable;
            continue;
        }
        let built = rows::build(found, mapping, &departments, &mut document.findings);
        let table = &mut document.tables[index];
        table.rows = built.rows;
        document.findings.extend(counter.standard(found, mapping, table, &built.others));
        document.other_tables.extend(built.others);
        table.status = Status::Filled;
        table.notes.clone_from(&found.notes);
        if let Some(title) = &found.caption.title {
            table.title.clone_from(title);
        }
        stated[index] = found.caption.unit.or_else(|| mapping.header_unit());
        table.pages = pages_of(&table.rows, found);
        if mapping.number == 7 {
            departments.extend(department_names(&table.rows));
        }
    }
    rows::units::settle(&mut document.tables, &stated, default_unit, pages, &mut document.findings);
    let read = if deadline.expired() { &[] } else { tables };
    let mut goals = performance::read(read, document.unit(), include_contacts);
    goals.taken.resize(tables.len(), false);
    document.performance = goals.entries;
    document.findings.extend(goals.findings);
    let left = tables.iter().zip(&goals.taken).filter(|(found, taken)| found.mapping.is_none() && !**taken);
    for (found, _) in left {
        let mut other = rows::other::as_printed(found);
        let missing = document.tables.iter().filter(|t| t.status == Status::Missing);
        let missing: Vec<u8> = missing.map(|t| t.number).collect();
        document.findings.extend(counter.other(found, &mut other, &missing));
        if other.rows.len() + other.rows.first().map_or(0, Vec::len) > 2 {
            document.other_tables.push(other);
        }
        if let Some(number) = found.unmapped {
            let table = &mut document.tables[usize::from(number) - 1];
            if table.status == Status::Missing {
                table.status = Status::Unreadable;
            }
        }
    }
    let (total, pages) = counter.end();
    (document.proof.printed, document.proof.placed) = (total.printed, total.placed);
    document.coverage = pages;
    let unit = document.unit();
    document.other_tables.iter_mut().for_each(|table| rows::other::convert(table, unit));
    document.other_tables.sort_by_key(|t| t.pages.first().copied().unwrap_or(0));
    if !include_contacts {
        for table in &mut document.other_tables {
            performance::personal::scrub(table, &mut goals.personal);
        }
    }
    document.findings.extend(performance::personal::finding(&goals.personal));
    for table in &mut document.tables {
        if table.status == Status::Filled && !has_amounts(&table.rows) {
            table.status = if let Some(row) = table.rows.iter().find(|row| hides_numbers(row)) {
                let name = row.name.as_deref().unwrap_or_default();
                let message = format!(
                    "table {} ({}) has no amounts, but numbers stand in its names (`{name}`); it was not read",
                    table.number, table.title
                );
                let finding = Finding::new("table.unread_numbers", Severity::Error, message);
                document.findings.push(finding.in_table(table.number).on_page(row.page));
                Status::Unreadable
            } else {
                Status::DeclaredEmpty
            };
        }
        if table.status == Status::Missing {
            table.source_unit = None;
        }
    }
}

/// Tables that were not found although the list of contents names them. What a form does not have is nothing to tell.
fn listed(tables: &[Table], pages: &[PageGrids], views: &Views, own: &caption::Own) -> Vec<Finding> {
    let missing = |n: &u8| tables.iter().any(|t| t.number == *n && t.status == Status::Missing);
    let mut told: Vec<u8> = Vec::new();
    let contents = pages.iter().take_while(|p| p.grids.is_empty()).flat_map(|p| &p.lines);
    for line in contents {
        let entry = line.text.trim_end_matches(|c: char| c.is_ascii_digit() || ".…·-—– ".contains(c));
        let caption::LineKind::Caption(caption) = caption::read(entry, own) else { continue };
        let number = caption.bare.as_deref().and_then(|bare| views.by_title(bare));
        told.extend(number.filter(missing));
    }
    told.sort_unstable();
    told.dedup();
    let finding = |number: u8| {
        let title = schema::table(number).map_or("", |t| t.title);
        let message = format!("the list of contents names table {number} ({title}), but it was not found");
        Finding::new("table.missing", Severity::Warning, message).in_table(number)
    };
    told.into_iter().map(finding).collect()
}

/// Tables that were not found although their title stands on a page with the unit line that every table has: a list of
/// contents has none.
fn unread(tables: &[Table], pages: &[PageGrids], views: &Views, own: &caption::Own) -> Vec<Finding> {
    /// Lines between a title and its unit line.
    const NEAR: usize = 3;
    let mut left: Vec<u8> = tables.iter().filter(|t| t.status == Status::Missing).map(|t| t.number).collect();
    let mut findings = Vec::new();
    for page in pages {
        if left.is_empty() {
            break;
        }
        let captions = page.lines.iter().enumerate().filter_map(|(at, line)| {
            let caption::LineKind::Caption(caption) = caption::read(&line.text, own) else { return None };
            Some((at, caption))
        });
        let captions: Vec<_> = captions.collect();
        for (at, title) in &captions {
            let number = title.bare.as_deref().and_then(|bare| views.by_title(bare));
            let unit = captions.iter().any(|(other, c)| other.abs_diff(*at) <= NEAR && c.unit.is_some());
            let Some(place) = left.iter().position(|n| Some(*n) == number).filter(|_| unit) else { continue };
            let number = left.remove(place);
            let message = format!("the title of table {number} is printed, but no table was found under it");
            let finding = Finding::new("table.unread", Severity::Warning, message);
            findings.push(finding.in_table(number).on_page(page.number));
        }
    }
    findings
}

/// A column of the standard that was not found may be one whose header we do not understand: its amounts stand in `extra`.
fn lost_columns(found: &Found) -> Option<Finding> {
    let mapping = found.mapping.as_ref()?;
    let has = |id: &'static str| mapping.columns.iter().any(|c| c.role == Some(schema::Role::Amount(id)));
    let blocks = || mapping.form.blocks.iter();
    let listed = blocks().filter(|b| !matches!(b.rows, RowModel::Columns | RowModel::Sources));
    let columns = listed.flat_map(|b| &b.columns).filter(|id| !has(id)).copied();
    // where line items are columns, an item may be
    let items = blocks().filter(|b| b.rows == RowModel::Columns).flat_map(|b| &b.items).map(|i| i.id);
    let items = items.filter(|id| !mapping.columns.iter().any(|c| c.item == Some(*id)));
    let mut lost = columns.chain(items);
    let open = |c: &&ColumnMap| c.role.is_none() && c.item.is_none() && c.path.holds == Holds::Current;
    // what publishers are known to print beside the standard's columns, or a layout calls `extra`, is understood
    let compared = Set::of(&["last_year", "change", "percent"]);
    let understood = |c: &ColumnMap| {
        let Some(block) = mapping.form.blocks.get(c.block) else { return false };
        let extra = block.headers.iter().filter(|(role, _)| *role == schema::Role::Extra);
        let meaning = c.path.meaning(0);
        let other_period = meaning.unknown == 0 && meaning.says.meets(compared);
        other_period
            || block.knows_beside(meaning)
            || extra.flat_map(|(_, all)| all).any(|p| p.fit(&c.path) > 0)
    };
    let unknown = |c: &&ColumnMap| !c.path.is_empty() && !understood(c);
    let amounts = |at: usize| found.header.content(at).is_amounts();
    let columns = mapping.columns.iter().enumerate().filter(|(at, c)| open(c) && unknown(c) && amounts(*at));
    let headers: Vec<String> = columns.map(|(_, c)| format!("`{}`", c.path.join())).collect();
    let first = lost.next()?;
    let all = std::iter::once(first).chain(lost).collect::<Vec<_>>().join(", ");
    let message = format!(
        "the headers {} of table {} are not understood: their amounts are kept in `extra`; the columns {all} were not found",
        headers.join(", "),
        mapping.number
    );
    let page = found.parts.first().map_or(1, join::Part::page);
    (!headers.is_empty()).then(|| {
        Finding::new("table.columns", Severity::Warning, message).in_table(mapping.number).on_page(page)
    })
}

/// Whether a name ends in a number that stands by itself: an amount that came out as a part of it.
fn hides_numbers(row: &Row) -> bool {
    let number = |token: &str| matches!(parse(token), Parsed::Value(v) if !v.is_zero());
    let names = [&row.name, &row.project].into_iter().flatten();
    names.filter_map(|name| name.rsplit_once(' ')).any(|(_, last)| number(last))
}

/// Whether any amount other than zero is printed.
fn has_amounts(rows: &[Row]) -> bool {
    let amounts = rows.iter().flat_map(|r| r.amounts.iter().filter_map(|(_, a)| a.as_ref()));
    let extra = rows.iter().flat_map(|r| r.extra.iter().map(|(_, a)| a));
    amounts.chain(extra).any(|a| !a.value.is_zero())
}

fn pages_of(rows: &[Row], found: &Found) -> Vec<u32> {
    let mut pages: Vec<u32> = rows.iter().map(|r| r.page).collect();
    if pages.is_empty() {
        pages.extend(found.parts.first().map(join::Part::page));
    }
    pages.sort_unstable();
    pages.dedup();
    pages
}

/// Units that have a row of their own, and those that a column beside the rows names.
fn department_names(rows: &[Row]) -> Vec<String> {
    let departments = rows.iter().filter(|r| r.kind == RowKind::Department);
    let own = departments.filter_map(|r| r.name.as_deref());
    let beside = rows.iter().filter_map(schema::headers::unit_beside);
    own.chain(beside).map(text::clean).collect()
}

fn duplicate(found: &Found, number: u8) -> Finding {
    let page = found.parts.first().map(join::Part::page);
    let message = format!(
        "table {number} stands a second time in this document; the second one is kept in other_tables"
    );
    let mut finding = Finding::new("table.duplicate", Severity::Warning, message);
    finding.place = Place { table: Some(number), page, ..Place::default() };
    finding
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::limits::Limits;
    use crate::proof;

    #[test]
    fn nothing_is_said_of_tables_and_identities_that_no_time_is_left_for() {
        let options = Options::default();
        let bytes = std::fs::read("samples/writer-grid.pdf").unwrap();
        let pages = crate::page_grids(&bytes, &options).unwrap();
        let expired = Deadline::start(&Limits { time: Some(std::time::Duration::ZERO), ..Limits::default() });
        for mut document in documents(&Crew::of(1), &pages, &options, expired) {
            assert!(document.tables.iter().all(|t| t.rows.is_empty() && t.status != Status::DeclaredEmpty));
            assert!(document.tables.iter().any(|t| t.status == Status::Unreadable));
            assert!(document.narrative.figures.is_empty() && document.performance.is_empty());
            proof::prove_reading(proof::Rules::built_in(), &mut document, expired);
            assert_eq!((document.proof.identities, document.proof.proved), (0, 0));
        }
        let mut whole = documents(&Crew::of(1), &pages, &options, Deadline::never()).remove(0);
        proof::prove_reading(proof::Rules::built_in(), &mut whole, Deadline::never());
        assert!(whole.proof.proved > 100 && whole.tables.iter().all(|t| t.status != Status::Unreadable));
    }
}
