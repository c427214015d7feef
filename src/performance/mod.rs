//! Performance tables (绩效目标表): found tables that are none of the twelve → goals, money and indicators as data.
//!
//! `sheet` (grids → rows of texts) → `columns` (the header of the indicators) → `fields` (the upper part) and
//! `indicators` → `remarks` (what the tables say against themselves). Which words mean what is data: `schemas/performance.toml`, read by `words`.

mod columns;
mod fields;
mod indicators;
pub mod personal;
mod remarks;
mod sheet;
mod target;
mod words;

pub use crate::document::performance::{
    Field, Funding, Indicator, Operator, Performance, Period, Subject, Target,
};

use crate::document::{Finding, Severity, Unit};
use crate::geometry::Rect;
use crate::normalize::amount;
use crate::tables::join::Found;
use columns::Columns;
use fields::Fields;
use indicators::Collector;
use rust_decimal::Decimal;
use sheet::Sheet;
use words::{Title, Words};

/// What was read.
#[derive(Debug, Default)]
pub struct Reading {
    /// The tables as data, in reading order.
    pub entries: Vec<Performance>,
    /// For each found table whether it is in the entries as a whole.
    pub taken: Vec<bool>,
    /// What was doubtful.
    pub findings: Vec<Finding>,
    /// Pages of the particulars of persons that were left out, one for each.
    pub personal: Vec<u32>,
    /// Persons in charge, to compare their spelling.
    leaders: Vec<remarks::Leader>,
}

/// Reads the performance tables among found tables. `default_unit` is the unit of amounts where the table names
/// none.
pub fn read(tables: &[&Found<'_, '_>], default_unit: Unit, include_contacts: bool) -> Reading {
    let words = words::built_in();
    let mut out = Reading { taken: vec![false; tables.len()], ..Reading::default() };
    let mut open: Option<(Sheet, Vec<usize>)> = None;
    for (i, found) in tables.iter().enumerate() {
        if found.mapping.is_some() || found.unmapped.is_some() {
            close(words, &mut open, tables, default_unit, include_contacts, &mut out);
            continue;
        }
        let title = found.caption.title.as_deref().and_then(|t| words.title(t));
        if title == Some(Title::Never) {
            close(words, &mut open, tables, default_unit, include_contacts, &mut out);
            continue;
        }
        let mut sheet = Sheet::default();
        sheet.add(found);
        if let Some((rows, parts)) = &mut open
            && continues(words, tables, parts, found, &sheet, rows)
        {
            rows.rows.append(&mut sheet.rows);
            parts.push(i);
            continue;
        }
        close(words, &mut open, tables, default_unit, include_contacts, &mut out);
        let has_header = sheet.rows.iter().any(|row| Columns::of(words, row).is_some());
        let has_fields = sheet.rows.iter().take(4).any(|row| Fields::opens(words, row));
        if has_header && (title.is_some() || has_fields) || title.is_some() && has_fields {
            open = Some((sheet, vec![i]));
        } else if title.is_some() {
            out.findings.push(unmapped(found, "neither labels nor a header of indicators were found"));
        }
    }
    close(words, &mut open, tables, default_unit, include_contacts, &mut out);
    remarks::findings(&out.entries, &std::mem::take(&mut out.leaders), &mut out.findings);
    out
}

/// Whether a found table is the rest of the open one: on the next page, without a title, a name or another form.
fn continues(
    words: &Words,
    tables: &[&Found<'_, '_>],
    parts: &[usize],
    found: &Found<'_, '_>,
    sheet: &Sheet,
    open: &Sheet,
) -> bool {
    let Some(last) = parts.last().and_then(|&i| tables.get(i)).and_then(|f| f.parts.last()) else {
        return false;
    };
    let Some(first) = found.parts.first() else { return false };
    let pages = (last.page(), first.page());
    if pages.1 != pages.0 + 1 && pages.1 != pages.0 || pages.1 == pages.0 && found.caption.title.is_some() {
        return false;
    }
    let opening = parts.first().and_then(|&i| tables.get(i)).and_then(|f| f.caption.bare.as_deref());
    if found.caption.bare.is_some() && found.caption.bare.as_deref() != opening
        || sheet.rows.iter().take(4).any(|row| Fields::opens(words, row))
    {
        return false;
    }
    let (a, b) = (last.piece.grid.grid.bbox, first.piece.grid.grid.bbox);
    let width = (a.x1 - a.x0).max(1.0);
    let same_place = (a.x0 - b.x0).abs() < width * 0.05 && (a.x1 - b.x1).abs() < width * 0.05;
    let has_header = sheet.rows.iter().take(2).any(|row| Columns::of(words, row).is_some());
    let same_columns =
        open.rows.iter().find_map(|row| Columns::of(words, row)).is_some_and(|(columns, _)| {
            let fits =
                |row: &sheet::Row| columns.assign(row).iter().flatten().count() >= row.texts.len().min(2);
            sheet.rows.iter().all(fits)
        });
    same_place && (has_header || same_columns)
}

fn unmapped(found: &Found<'_, '_>, cause: &str) -> Finding {
    let title = found.caption.title.as_deref().unwrap_or_default();
    let message =
        format!("the performance table `{title}` could not be read ({cause}); it is kept in other_tables");
    let finding = Finding::new("performance.unmapped", Severity::Warning, message);
    match found.parts.first() {
        Some(part) => finding.on_page(part.page()),
        None => finding,
    }
}

/// Ends the open table.
fn close(
    words: &Words,
    open: &mut Option<(Sheet, Vec<usize>)>,
    tables: &[&Found<'_, '_>],
    default_unit: Unit,
    include_contacts: bool,
    out: &mut Reading,
) {
    let Some((sheet, parts)) = open.take() else { return };
    let Some(found) = parts.first().and_then(|&i| tables.get(i)) else { return };
    let entries = entries(words, &sheet, found, default_unit, include_contacts, out);
    if entries.is_empty() {
        out.findings.push(unmapped(found, "no indicators and no amounts were found"));
        return;
    }
    for i in parts {
        out.taken.get_mut(i).into_iter().for_each(|taken| *taken = true);
    }
    out.entries.extend(entries);
}

fn entries(
    words: &Words,
    sheet: &Sheet,
    found: &Found<'_, '_>,
    default_unit: Unit,
    include_contacts: bool,
    reading: &mut Reading,
) -> Vec<Performance> {
    let findings = &mut reading.findings;
    let mut out = Vec::new();
    let mut fields = Fields::default();
    let mut collector: Option<Collector<'_>> = None;
    let mut rows: Vec<(u32, Rect)> = Vec::new();
    let mut skip = 0usize;
    let leaders = &mut reading.leaders;
    let mut end = |fields: &mut Fields,
                   collector: &mut Option<Collector<'_>>,
                   rows: &mut Vec<(u32, Rect)>,
                   findings: &mut Vec<Finding>| {
        let fields = std::mem::take(fields);
        let indicators = collector.take().map(|c| c.finish(findings)).unwrap_or_default();
        let rows = std::mem::take(rows);
        if indicators.is_empty() && fields.entry.funding.is_empty() {
            return;
        }
        let mut entry = fields.entry;
        let leader = fields.leader;
        entry.indicators = indicators;
        entry.title = found.caption.title.clone().unwrap_or_default();
        // Shanghai's form names the unit above the table
        entry.department = entry.department.take().or_else(|| found.caption.department.clone());
        place(&mut entry, &rows);
        let stated = fields.unit.or(found.caption.unit);
        entry.unit = stated.unwrap_or(default_unit);
        convert(&mut entry);
        let title = words.title(&entry.title);
        entry.subject = match title {
            Some(Title::Overall) => Subject::Overall,
            None if entry.project.is_none() => Subject::Overall,
            _ => Subject::Project,
        };
        if stated.is_none() && !entry.funding.is_empty() {
            let message = format!(
                "performance table: no unit is printed; its amounts are taken for {}, as in most of the tables",
                entry.unit.as_str()
            );
            let page = entry.pages.first().copied().unwrap_or(0);
            findings.push(Finding::new("unit.not_printed", Severity::Info, message).on_page(page));
        }
        if entry.indicators.is_empty() {
            let message = "performance table without indicators that could be read";
            let page = entry.pages.first().copied().unwrap_or(0);
            findings
                .push(Finding::new("performance.no-indicators", Severity::Warning, message).on_page(page));
        }
        if let (Some(name), Some(project)) = (leader, &entry.project) {
            leaders.push((project.clone(), entry.pages.first().copied().unwrap_or(0), name));
        }
        out.push(entry);
    };
    for (r, row) in sheet.rows.iter().enumerate() {
        if skip > 0 {
            skip -= 1;
            continue;
        }
        if is_rule(row) {
            continue;
        }
        let bbox = Rect::hull(row.texts.iter().map(|t| t.bbox)).unwrap_or_default();
        if let Some((mut columns, height)) = Columns::of(words, row) {
            let until = sheet.rows.iter().skip(r + 1).position(|row| Columns::of(words, row).is_some());
            columns.settle(sheet, r + 1..until.map_or(sheet.rows.len(), |n| r + 1 + n));
            match &mut collector {
                Some(collector) => collector.set_columns(columns),
                none => *none = Some(Collector::new(words, columns)),
            }
            skip = height - 1;
            rows.push((row.page, bbox));
            continue;
        }
        if collector.is_some() && Fields::opens(words, row) {
            end(&mut fields, &mut collector, &mut rows, findings);
        }
        rows.push((row.page, bbox));
        match &mut collector {
            Some(collector) if !Fields::is_field_row(words, row) => {
                collector.push(row);
            }
            _ => {
                fields.push(words, row, include_contacts);
                let count = std::mem::take(&mut fields.personal);
                reading.personal.extend(std::iter::repeat_n(row.page, count));
            }
        }
    }
    end(&mut fields, &mut collector, &mut rows, findings);
    out
}

/// A row of dashes that some converter left behind.
fn is_rule(row: &sheet::Row) -> bool {
    let dashes = |text: &str| text.chars().all(|c| matches!(c, '-' | '—' | '|' | ' '));
    row.texts.len() > 1 && row.texts.iter().all(|t| t.text.chars().count() > 1 && dashes(&t.text))
}

fn place(entry: &mut Performance, rows: &[(u32, Rect)]) {
    entry.pages = rows.iter().map(|(page, _)| *page).collect();
    entry.pages.dedup();
    let first = entry.pages.first().copied();
    let on_first = rows.iter().filter(|(page, _)| Some(*page) == first).map(|(_, bbox)| *bbox);
    entry.bbox = Rect::hull(on_first).unwrap_or_default();
}

/// Amounts of the upper part in 万元.
fn convert(entry: &mut Performance) {
    for funding in &mut entry.funding {
        let own = crate::normalize::unit::strip_unit(&funding.label).1;
        let unit = own.unwrap_or(entry.unit);
        if let Some(value) = amount::to_wan(funding.amount, unit) {
            funding.amount = value;
        }
        if funding.raw.as_deref() == Some(funding.amount.to_string().as_str()) {
            funding.raw = None;
        }
    }
}

impl Performance {
    /// The parts of the budget that targets name (经济成本指标): name, amount in 万元, page, box.
    pub fn costs(&self) -> impl Iterator<Item = (&Indicator, Decimal)> {
        let words = words::built_in();
        self.indicators.iter().filter_map(move |indicator| {
            if !words.is_cost(indicator.level2.as_deref()?) {
                return None;
            }
            let target = indicator.target.as_ref()?;
            let printed = target.unit.as_deref().or(indicator.name_unit.as_deref())?;
            let (unit, rest) = crate::normalize::unit::unit_word(printed)?;
            let value = amount::to_wan(target.value?, unit)?;
            rest.is_empty().then_some((indicator, value))
        })
    }

    /// How many targets name parts of the budget, read or not.
    pub fn cost_indicators(&self) -> usize {
        let words = words::built_in();
        let is_cost = |i: &&Indicator| i.level2.as_deref().is_some_and(|level2| words.is_cost(level2));
        self.indicators.iter().filter(is_cost).count()
    }

    /// What the goal says of the money in words, in 万元: id, amount, printed text.
    pub fn goal_money(&self) -> Vec<(&'static str, Decimal, String)> {
        self.goal.as_deref().map(fields::goal_money).unwrap_or_default()
    }
}
