//! Rows with classification codes (tables 2, 3, 5, 6, 8, 9), classes by name (the expenditure side of tables 1 and
//! 4) and projects (tables 7, 11, 12).

use super::block::{BlockView, Line};
use super::raw::RawRow;
use crate::document::{Finding, Level, Place, Raw, Row, RowKind, Severity};
use crate::normalize::code::{self, Joined, Scheme};
use crate::normalize::{codebook, label, text};
use crate::schema::{Classification, Role};

/// Code and name of one row.
#[derive(Debug, Default)]
struct Coded {
    code: Option<String>,
    level: Option<Level>,
    name: String,
    raw: Option<Raw>,
    damaged: bool,
}

/// The scheme of a block.
pub fn scheme(view: &BlockView) -> Scheme {
    match view.block.classification {
        Classification::Functional => Scheme::Functional,
        Classification::Economic => Scheme::Economic,
    }
}

/// Rows of a block with codes.
pub fn coded(view: &BlockView, raw_rows: &[RawRow], findings: &mut Vec<Finding>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::with_capacity(raw_rows.len());
    let mut above: Option<String> = None;
    for raw in raw_rows.iter().filter(|r| !view.is_blank(r)) {
        let mut line = view.line(raw);
        if view.totalled_from_the_left(raw) {
            continue;
        }
        let beside = || view.amount_to_the_right(raw).and_then(|at| super::raw::cell_amount(raw, at));
        let partial = view.partial_total(raw);
        let total = view.total_name(raw);
        if (partial.is_some() || total.is_some()) && !line.has_amounts() {
            line.put_first(beside());
        }
        if let Some(name) = total {
            view.report(&line, raw, &name, findings);
            rows.push(row(RowKind::Total, raw, line, name));
            continue;
        }
        if let Some((name, column)) = partial {
            line.strange.clear();
            line.move_first_to(column);
            rows.push(row(RowKind::Total, raw, line, name));
            continue;
        }
        let coded = read_code(view, raw, above.as_deref());
        if coded.code.is_none() && coded.name.is_empty() && line.has_amounts() && raw_rows.len() == 1 {
            // a table of one row without any label states its totals
            view.report(&line, raw, "", findings);
            rows.push(row(RowKind::Total, raw, line, String::new()));
            continue;
        }
        let key = coded.code.clone().unwrap_or_else(|| coded.name.clone());
        view.report(&line, raw, &key, findings);
        if coded.code.is_none() && !line.has_amounts() && line.strange.is_empty() {
            // a text line that belongs to no code: say so, it may be the rest of a name
            if let Some(previous) = rows.last() {
                findings.push(unclear(view, raw, &coded.name, previous.name.as_deref()));
            }
            if coded.name.is_empty() {
                continue;
            }
        }
        let unit = || label::is_body(&coded.name) || view.has_unit_code(raw);
        let kind = if coded.code.is_none() && unit() { RowKind::Department } else { RowKind::Item };
        if coded.code.is_none() && kind == RowKind::Item && line.has_amounts() {
            findings.push(no_code(view, raw, &coded.name));
        }
        if coded.damaged {
            findings.push(damaged(view, raw, &coded));
        }
        if coded.code.is_some() {
            above.clone_from(&coded.code);
        }
        let mut out = row(kind, raw, line, coded.name);
        out.code = coded.code;
        out.level = coded.level;
        if let Some(printed) = coded.raw {
            out.raw.push(("code".to_owned(), printed));
        }
        rows.push(out);
    }
    repair(view, &mut rows);
    rows
}

/// Damaged codes are completed from the whole code of a row below them.
fn repair(view: &BlockView, rows: &mut [Row]) {
    let scheme = scheme(view);
    let mut below: Option<String> = None;
    for row in rows.iter_mut().rev() {
        let Some(code) = &row.code else { continue };
        if code::level_of(code, scheme).is_some() && row.level.is_some_and(|l| l.digits() == code.len()) {
            below = Some(code.clone());
        } else if let (Some(level), Some(below)) = (row.level, &below)
            && let Some(whole) = code::complete(code, level, below)
        {
            row.code = Some(whole);
        }
    }
}

fn read_code(view: &BlockView, raw: &RawRow, above: Option<&str>) -> Coded {
    let scheme = scheme(view);
    let parts: Vec<&str> = [Role::CodeClass, Role::CodeSection, Role::CodeItem]
        .into_iter()
        .filter(|role| view.has(*role))
        .map(|role| view.text(raw, role).trim())
        .collect();
    let mut name = text::clean(view.text(raw, Role::Name));
    if !parts.is_empty()
        && let Some(joined) = code::join_parts(&parts, above, scheme)
    {
        let printed = || Some(Raw::Parts(parts.iter().map(|p| (*p).to_owned()).collect()));
        return match joined {
            Joined::Whole(code) => {
                let level = code::level_of(&code, scheme);
                let plain: String = parts.concat();
                let raw = if plain == code { None } else { printed() };
                Coded { code: Some(code), level, name, raw, damaged: false }
            }
            Joined::Carried(code) => {
                let level = code::level_of(&code, scheme);
                Coded { code: Some(code), level, name, raw: printed(), damaged: false }
            }
            Joined::Damaged { digits, level } => {
                Coded { code: Some(digits), level: Some(level), name, raw: printed(), damaged: true }
            }
        };
    }
    for role in [Role::Code, Role::CodeName, Role::Name, Role::CodeClass] {
        let printed = view.text(raw, role);
        let found = match role {
            Role::Code => code::parse_code_alone(printed, scheme),
            _ => code::parse_code(printed, scheme),
        };
        let Some(found) = found else { continue };
        if !found.name.is_empty() {
            name = if role == Role::Name || name.is_empty() { found.name } else { name };
        }
        let level = code::level_of(&found.code, scheme);
        let compact: String = printed.chars().filter(|c| !c.is_whitespace()).collect();
        let raw = (role == Role::Code && compact != found.code).then(|| Raw::Text(printed.to_owned()));
        return Coded { code: Some(found.code), level, name, raw, damaged: false };
    }
    if name.is_empty() {
        name = text::clean(&view.label(raw));
    }
    Coded { name, ..Coded::default() }
}

/// Functional classes by code or by name alone.
pub fn classes(view: &BlockView, raw_rows: &[RawRow], findings: &mut Vec<Finding>) -> Vec<Row> {
    let mut rows = Vec::with_capacity(raw_rows.len());
    for raw in raw_rows.iter().filter(|r| !view.is_blank(r)) {
        let line = view.line(raw);
        if let Some(name) = view.total_name(raw) {
            view.report(&line, raw, &name, findings);
            rows.push(row(RowKind::Total, raw, line, name));
            continue;
        }
        let printed = view.label(raw);
        if printed.trim().is_empty() {
            if line.has_amounts() {
                findings.push(unnamed(view, raw));
                rows.push(row(RowKind::Item, raw, line, String::new()));
            }
            continue;
        }
        let found = code::parse_code(&printed, Scheme::Functional);
        let (listed, name) = match found {
            Some(found) => (Some(found.code), label::label(&found.name).name),
            None => {
                let name = label::label(&printed).name;
                (codebook::class_code(&name, Scheme::Functional).map(str::to_owned), name)
            }
        };
        let item = listed.is_none().then(|| view.item(&name)).flatten();
        let key = listed.clone().unwrap_or_else(|| name.clone());
        view.report(&line, raw, &key, findings);
        if listed.is_none() && item.is_none() && line.has_amounts() {
            findings.push(no_code(view, raw, &name));
        }
        let mut out = row(RowKind::Item, raw, line, name);
        out.level = listed.as_deref().and_then(|c| code::level_of(c, Scheme::Functional));
        out.code = listed;
        out.item = item;
        rows.push(out);
    }
    rows
}

/// Projects with or without codes; departments open their blocks.
pub fn projects(
    view: &BlockView,
    raw_rows: &[RawRow],
    departments: &[String],
    findings: &mut Vec<Finding>,
) -> Vec<Row> {
    // a name column beside the projects' holds the code in front of the name
    let with_codes = [Role::Code, Role::CodeClass, Role::CodeName].into_iter().any(|role| view.has(role))
        || view.has(Role::Name) && view.has(Role::Project);
    let mut rows: Vec<Row> = Vec::with_capacity(raw_rows.len());
    let mut above: Option<String> = None;
    let mut above_name: Option<(String, Option<Level>)> = None;
    for raw in raw_rows.iter().filter(|r| !view.is_blank(r)) {
        let line = view.line(raw);
        if let Some(name) = view.total_name(raw) {
            view.report(&line, raw, &name, findings);
            rows.push(row(RowKind::Total, raw, line, name));
            continue;
        }
        let project = text::clean(view.text(raw, Role::Project));
        let mut out;
        if with_codes {
            let coded = read_code(view, raw, above.as_deref());
            view.report(&line, raw, coded.code.as_deref().unwrap_or(&coded.name), findings);
            if coded.damaged {
                findings.push(damaged(view, raw, &coded));
            }
            // where no column is the projects' own, they stand among the names below their code
            let own_column = view.has(Role::Project);
            let unit = || {
                let key = text::key(&coded.name);
                label::is_body(&coded.name) || departments.iter().any(|d| text::key(d) == key)
            };
            let repeated = !own_column && coded.code.is_some() && coded.code == above;
            let kind = match (&coded.code, project.is_empty()) {
                (_, false) => RowKind::Project,
                (Some(_), true) if repeated => RowKind::Project,
                (None, true) if own_column || unit() || above.is_none() => RowKind::Department,
                (None, true) => RowKind::Project,
                (Some(_), true) => RowKind::Item,
            };
            let below = kind == RowKind::Project && project.is_empty();
            if coded.code.is_some() && !repeated {
                above.clone_from(&coded.code);
                above_name = Some((coded.name.clone(), coded.level));
            }
            let project = if below { coded.name.clone() } else { project };
            let (name, level) = match (&above_name, below) {
                (Some((name, level)), true) => (name.clone(), *level),
                _ => (coded.name, coded.level),
            };
            out = row(kind, raw, line, name);
            out.code = if below { above.clone() } else { coded.code };
            out.level = level;
            if let Some(printed) = coded.raw {
                out.raw.push(("code".to_owned(), printed));
            }
            out.project = (!project.is_empty()).then_some(project);
        } else {
            let name = if project.is_empty() { text::clean(&view.label(raw)) } else { project };
            view.report(&line, raw, &name, findings);
            if name.is_empty() {
                findings.push(unnamed(view, raw));
            }
            let key = text::key(&name);
            let known = departments.iter().any(|d| text::key(d) == key);
            let opens = rows.is_empty() && label::is_body(&name) && raw_rows.len() > 2;
            let kind = if known || opens { RowKind::Department } else { RowKind::Project };
            out = row(kind, raw, line, name.clone());
            out.project = (kind == RowKind::Project && !name.is_empty()).then_some(name);
        }
        rows.push(out);
    }
    repair(view, &mut rows);
    rows
}

/// A row without a code yet.
pub fn row(kind: RowKind, raw: &RawRow, line: Line, name: String) -> Row {
    Row {
        kind,
        name: (!name.is_empty()).then_some(name),
        amounts: line.amounts,
        extra: line.extra,
        raw: line.raw,
        page: raw.page,
        bbox: raw.bbox,
        ..Row::default()
    }
}

fn place(view: &BlockView, raw: &RawRow, name: &str) -> Place {
    Place {
        table: Some(view.number),
        row: (!name.is_empty()).then(|| name.to_owned()),
        column: None,
        page: Some(raw.page),
        bbox: Some(raw.bbox),
    }
}

fn no_code(view: &BlockView, raw: &RawRow, name: &str) -> Finding {
    let message = format!("`{name}` has amounts but no classification code that we know");
    Finding { place: place(view, raw, name), ..Finding::new("row.no_code", Severity::Warning, message) }
}

pub(super) fn unnamed(view: &BlockView, raw: &RawRow) -> Finding {
    let message = "amounts stand in a row without a name";
    Finding { place: place(view, raw, ""), ..Finding::new("row.unnamed", Severity::Warning, message) }
}

fn unclear(view: &BlockView, raw: &RawRow, name: &str, previous: Option<&str>) -> Finding {
    let message = format!(
        "`{name}` stands in a row without code and amounts; it may belong to the name `{}` above",
        previous.unwrap_or("")
    );
    Finding { place: place(view, raw, name), ..Finding::new("row.unclear", Severity::Warning, message) }
}

fn damaged(view: &BlockView, raw: &RawRow, coded: &Coded) -> Finding {
    let message = format!("the code `{}` is not whole; see `raw`", coded.code.as_deref().unwrap_or(""));
    Finding {
        place: place(view, raw, &coded.name),
        ..Finding::new("code.damaged", Severity::Warning, message)
    }
}
