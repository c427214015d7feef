//! The tables of a document as HTML: the twelve, and all others.

use super::{Review, amount, escape, place};
use crate::document::{Level, Row, RowKind, Status, Table, Unit};
use crate::output::words;
use crate::picture::marks::{self, OTHERS, State};
use std::fmt::Write as _;

/// Rows of a table that is not understood that are shown.
const MAX_ROWS: usize = 2000;

/// The twelve tables; what the document does not have is named in one line each.
pub(super) fn twelve(review: &mut Review<'_>, out: &mut String) {
    let document = review.document;
    let _ = write!(out, "<h2 class=\"group\" id=\"tables\">{}</h2>", review.lang.word("tables"));
    for table in &document.tables {
        one(review, table, out);
    }
}

fn one(review: &mut Review<'_>, table: &Table, out: &mut String) {
    let lang = review.lang;
    let status = lang.find(&format!("table_{}", words::status(table.status))).unwrap_or_default();
    let _ = write!(
        out,
        "<section class=\"tbl st-{}\" id=\"t{}\"><h3><b>{}</b> {}<span class=\"chip\">{status}</span>{}</h3>",
        words::status(table.status),
        table.number,
        lang.fill("table", &[&table.number]),
        escape(&table.title),
        pages_of(review, &table.pages),
    );
    if matches!(table.status, Status::Filled | Status::DeclaredEmpty) && !table.rows.is_empty() {
        let blank = grid(review, table, out);
        under(review, table, &blank, out);
    }
    for note in &table.notes {
        let _ = write!(out, "<p class=\"note\">{}</p>", escape(note));
    }
    out.push_str("</section>");
}

/// Links to the pages that something stands on.
fn pages_of(review: &Review<'_>, pages: &[u32]) -> String {
    let link =
        |n: &u32| format!("<a class=\"pg\" href=\"#page-{n}\">{}</a>", review.lang.fill("page_short", &[n]));
    pages.iter().map(link).collect()
}

/// The unit, and what is blank or missing.
fn under(review: &Review<'_>, table: &Table, blank: &[String], out: &mut String) {
    let lang = review.lang;
    let mut said = Vec::new();
    if let Some(unit) = table.source_unit.filter(|u| *u != Unit::Wan) {
        said.push(lang.fill("printed_in", &[&unit.as_str()]));
    }
    if !blank.is_empty() {
        said.push(lang.fill("blank_columns", &[&blank.join("、")]));
    }
    if table.coverage.unplaced() > 0 {
        said.push(lang.fill("unplaced_count", &[&table.coverage.unplaced()]));
    }
    if !said.is_empty() {
        let _ = write!(out, "<p class=\"note\">{}</p>", escape(&said.join(" · ")));
    }
}

/// Header and rows; gives the headings of columns without any amount, which are left out.
fn grid(review: &mut Review<'_>, table: &Table, out: &mut String) -> Vec<String> {
    let lang = review.lang;
    let number = u16::from(table.number);
    let mut columns: Vec<&str> = Vec::new();
    let mut blank = Vec::new();
    let all = table.rows.iter().flat_map(|r| r.amounts.iter().map(|(c, _)| *c));
    let mut seen: Vec<&str> = Vec::new();
    for column in all {
        if !seen.contains(&column) {
            seen.push(column);
        }
    }
    for column in seen {
        let has = |r: &Row| r.amounts.iter().any(|(c, a)| *c == column && a.is_some());
        if table.rows.iter().any(has) {
            columns.push(column);
        } else {
            blank.push(lang.column(number, column));
        }
    }
    let standard = columns.len();
    for (path, _) in table.rows.iter().flat_map(|r| &r.extra) {
        if !columns.get(standard..).unwrap_or_default().contains(&path.as_str()) {
            columns.push(path);
        }
    }
    let has_code = table.rows.iter().any(|r| r.code.is_some());
    let has_project = table.rows.iter().any(|r| r.kind == RowKind::Project && r.code.is_some());
    out.push_str("<div class=\"wide\"><table><thead><tr>");
    if has_code {
        let _ = write!(out, "<th scope=\"col\">{}</th>", lang.word("code"));
    }
    let name = if has_project { lang.word("project") } else { lang.word("name") };
    let _ = write!(out, "<th scope=\"col\">{name}</th>");
    for column in &columns {
        let heading = lang.column(number, column).replace('/', " / ");
        let _ = write!(out, "<th scope=\"col\" class=\"n\">{}</th>", escape(&heading));
    }
    out.push_str("</tr></thead><tbody>");
    let mut side = None;
    for (r, row) in table.rows.iter().enumerate() {
        if row.side.is_some() && row.side != side {
            side = row.side;
            let word = side.and_then(|s| lang.find(words::side(s))).unwrap_or_default();
            let span = columns.len() + 1 + usize::from(has_code);
            let _ =
                write!(out, "<tr class=\"side\"><th colspan=\"{span}\" scope=\"rowgroup\">{word}</th></tr>");
        }
        one_row(review, table.number, r, row, &columns, has_code, out);
    }
    out.push_str("</tbody></table></div>");
    blank
}

fn one_row(
    review: &mut Review<'_>,
    number: u8,
    r: usize,
    row: &Row,
    columns: &[&str],
    has_code: bool,
    out: &mut String,
) {
    let cells: Vec<Option<usize>> =
        columns.iter().map(|column| review.marks.at(u16::from(number), r, column)).collect();
    let mut class = format!("k-{}", words::row_kind(row.kind));
    if let Some(level) = row.level {
        class.push_str(match level {
            Level::Class => " l1",
            Level::Section => " l2",
            Level::Item => " l3",
        });
    }
    class.push_str(doubt(review, &cells));
    let wish = format!("p{}-t{number}-{}", row.page, marks::row_anchor(row));
    let anchor = review.marks.anchor(wish);
    let _ = write!(out, "<tr id=\"{}\" class=\"{class}\"{}>", escape(&anchor), place(row.page, &row.bbox));
    if has_code {
        let _ = write!(out, "<td class=\"code\">{}</td>", escape(row.code.as_deref().unwrap_or_default()));
    }
    let name = row.project.as_deref().or(row.name.as_deref()).unwrap_or_default();
    let _ = write!(out, "<th scope=\"row\">{}</th>", escape(name));
    for cell in cells {
        match cell {
            Some(index) => amount(review, "td", index, out),
            None => out.push_str("<td class=\"n\"></td>"),
        }
    }
    out.push_str("</tr>");
}

/// Classes that the filters ask for.
pub(super) fn doubt(review: &Review<'_>, cells: &[Option<usize>]) -> &'static str {
    let mut worst = "";
    let marks = cells.iter().flatten().filter_map(|&i| review.marks.all.get(i));
    for mark in marks.filter(|m| m.value.is_some()) {
        match mark.state {
            State::Broken => return " doubt broke",
            State::Unproved | State::Unplaced => worst = " doubt",
            State::Proved | State::Rounded => {}
        }
    }
    worst
}

/// Tables that are none of the twelve: typed where their kind is known, else as printed.
pub(super) fn others(review: &mut Review<'_>, out: &mut String) {
    let (document, lang) = (review.document, review.lang);
    if document.other_tables.is_empty() {
        return;
    }
    let _ = write!(out, "<h2 class=\"group\" id=\"others\">{}</h2>", lang.word("other_tables"));
    for (i, table) in document.other_tables.iter().enumerate() {
        let title = if table.title.is_empty() { lang.word("untitled") } else { &table.title };
        let kind = match table.kind {
            Some(id) => crate::schema::kinds::kinds().iter().find(|k| k.id == id).map_or(id, |k| &k.zh),
            None => lang.word("kind_unknown"),
        };
        let class = if table.coverage.unplaced() > 0 { "tbl doubt" } else { "tbl" };
        let _ = write!(
            out,
            "<section class=\"{class}\" id=\"o{}\"><h3>{}<span class=\"chip\">{}</span>{}</h3>",
            i + 1,
            escape(title),
            escape(kind),
            pages_of(review, &table.pages)
        );
        if table.coverage.unplaced() > 0 {
            let said = lang.fill("unplaced_count", &[&table.coverage.unplaced()]);
            let _ = write!(out, "<p class=\"note\">{said}</p>");
        }
        if table.typed_rows.is_empty() {
            as_printed(&table.rows, out);
        } else {
            typed(review, OTHERS + u16::try_from(i).unwrap_or(0), i, out);
        }
        out.push_str("</section>");
    }
}

fn as_printed(rows: &[Vec<String>], out: &mut String) {
    out.push_str("<div class=\"wide\"><table class=\"plain\"><tbody>");
    for row in rows.iter().take(MAX_ROWS) {
        out.push_str("<tr>");
        for cell in row {
            let _ = write!(out, "<td>{}</td>", escape(cell));
        }
        out.push_str("</tr>");
    }
    if rows.len() > MAX_ROWS {
        let _ = write!(out, "<tr><td>… {}</td></tr>", rows.len() - MAX_ROWS);
    }
    out.push_str("</tbody></table></div>");
}

fn typed(review: &Review<'_>, number: u16, i: usize, out: &mut String) {
    let Some(table) = review.document.other_tables.get(i) else { return };
    let mut columns: Vec<&str> = Vec::new();
    for (path, _) in table.typed_rows.iter().flat_map(|r| &r.amounts) {
        if !columns.contains(&path.as_str()) {
            columns.push(path);
        }
    }
    let has_code = table.typed_rows.iter().any(|r| r.code.is_some());
    out.push_str("<div class=\"wide\"><table><thead><tr>");
    if has_code {
        let _ = write!(out, "<th scope=\"col\">{}</th>", review.lang.word("code"));
    }
    let _ = write!(out, "<th scope=\"col\">{}</th>", review.lang.word("name"));
    for column in &columns {
        let _ = write!(out, "<th scope=\"col\" class=\"n\">{}</th>", escape(&column.replace('/', " / ")));
    }
    out.push_str("</tr></thead><tbody>");
    for (r, row) in table.typed_rows.iter().enumerate() {
        let cells: Vec<Option<usize>> = columns.iter().map(|c| review.marks.at(number, r, c)).collect();
        let _ = write!(out, "<tr class=\"{}\"{}>", doubt(review, &cells).trim(), place(row.page, &row.bbox));
        if has_code {
            let _ =
                write!(out, "<td class=\"code\">{}</td>", escape(row.code.as_deref().unwrap_or_default()));
        }
        let _ = write!(out, "<th scope=\"row\">{}</th>", escape(row.name.as_deref().unwrap_or_default()));
        for cell in cells {
            match cell {
                Some(index) => amount(review, "td", index, out),
                None => out.push_str("<td class=\"n\"></td>"),
            }
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
}
