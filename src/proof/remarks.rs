//! What the text says of itself and of the tables that is no arithmetic: headings that differ between contents and
//! text, projects that no table knows, what is withheld, tables that are declared empty. One finding for each kind.

use crate::document::{Document, Finding, Place, Row, Severity, Status, Table};
use crate::narrative::{NameList, Source};
use crate::normalize::text::key;
use crate::proof::rule::{Check, Rules};
use crate::proof::words::MAX_OTHERS;
use std::fmt::Write as _;

/// Adds the remarks.
pub(crate) fn findings(rules: &Rules, document: &Document, out: &mut Vec<Finding>) {
    names(rules, document, out);
    reconciled(document, out);
    headings(document, out);
    mentions(document, out);
    withheld(document, out);
    declared_empty(document, out);
}

fn place(row: Option<String>, page: u32, bbox: crate::geometry::Rect) -> Place {
    Place { row, page: Some(page).filter(|&p| p > 0), bbox: Some(bbox), ..Place::default() }
}

fn at(name: &str, source: &Source) -> Place {
    place(Some(name.to_owned()), source.page, source.bbox)
}

fn push(out: &mut Vec<Finding>, rule: &str, severity: Severity, message: String, places: Vec<Place>) {
    let mut places = places.into_iter();
    let Some(first) = places.next() else { return };
    let mut finding = Finding::new(rule, severity, message);
    finding.place = first;
    finding.others = places.take(MAX_OTHERS).collect();
    out.push(finding);
}

/// The first few, and how many more.
fn list<T>(items: &[T], words: impl Fn(&T) -> String) -> String {
    let shown: Vec<String> = items.iter().take(5).map(words).collect();
    let more = if items.len() > 5 { format!(" and {} more", items.len() - 5) } else { String::new() };
    format!("{}{more}", shown.join("; "))
}

/// Names that the text lists and those of the table.
fn names(rules: &Rules, document: &Document, out: &mut Vec<Finding>) {
    for identity in &rules.identities {
        let Check::Names { list: id, table, column, level } = &identity.check else { continue };
        let of_id = |l: &&NameList| l.section.as_deref().is_some_and(|s| *id == format!("{s}/{}", l.item));
        let Some(listed) = document.narrative.lists.iter().find(of_id) else { continue };
        let of_number = |t: &&Table| t.number == *table && t.status == Status::Filled;
        let Some(table) = document.tables.iter().find(of_number) else { continue };
        let filled = |row: &&Row| {
            let amounts = row.amounts.iter().filter(|(c, _)| c == column);
            row.level == Some(*level) && amounts.filter_map(|(_, a)| a.as_ref()).any(|a| !a.value.is_zero())
        };
        let rows: Vec<&Row> = table.rows.iter().filter(filled).collect();
        let printed: Vec<String> = rows.iter().filter_map(|r| r.name.as_deref()).map(key).collect();
        let named: Vec<String> = listed.names.iter().map(|n| key(n)).collect();
        if printed.is_empty() || named.is_empty() {
            continue;
        }
        let strange: Vec<&String> = listed.names.iter().filter(|n| !printed.contains(&key(n))).collect();
        let is_left_out = |r: &&&Row| r.name.as_deref().is_some_and(|n| !named.contains(&key(n)));
        let left_out: Vec<&&Row> = rows.iter().filter(is_left_out).collect();
        let mut words = Vec::new();
        if !strange.is_empty() {
            words.push(format!("the text lists {}", list(&strange, |n| format!("`{n}`"))));
        }
        if !left_out.is_empty() {
            let names = list(&left_out, |r| format!("`{}`", r.name.as_deref().unwrap_or_default()));
            words.push(format!("table {} prints {names}", table.number));
        }
        if words.is_empty() {
            continue;
        }
        let message = format!("{}: {}", words.join(", "), identity.en.trim_end_matches('.'));
        let first = strange.first().map_or_else(String::new, |n| (*n).clone());
        let mut places = vec![at(&first, &listed.source)];
        places.extend(
            left_out.iter().map(|row| Place {
                table: Some(table.number),
                ..place(row.name.clone(), row.page, row.bbox)
            }),
        );
        push(out, &identity.id, identity.severity, message, places);
    }
}

/// Sentences in which the document itself explains why two of its amounts differ: told, and linked from the findings
/// about performance tables that miss by the same amount.
fn reconciled(document: &Document, out: &mut Vec<Finding>) {
    for sentence in &document.narrative.reconciliations {
        let (left, right) = (&sentence.left, &sentence.right);
        let Some(gap) = left.amount.checked_sub(right.amount).map(|gap| gap.abs()) else { continue };
        let reason = sentence.reason.as_deref().unwrap_or_default();
        let is_project = |name: &str| document.performance.iter().any(|p| p.project.as_deref() == Some(name));
        let mut linked = false;
        for finding in out.iter_mut() {
            let misses = finding.difference.is_some_and(|d| d.abs() == gap);
            if misses && finding.place.row.as_deref().is_some_and(is_project) {
                _ = write!(
                    finding.message,
                    "; the document explains a difference of {gap} itself (page {}): {reason}",
                    sentence.source.page
                );
                finding.others.push(at("", &sentence.source));
                linked = true;
            }
        }
        let message = format!(
            "the document explains why {} {} and {} {} differ by {gap}{}: {reason}",
            left.label,
            left.amount,
            right.label,
            right.amount,
            if linked { " (see the finding about the performance table)" } else { "" }
        );
        push(out, "proof.reconciliation", Severity::Info, message, vec![at("", &sentence.source)]);
    }
}

fn headings(document: &Document, out: &mut Vec<Finding>) {
    let differs = |h: &&crate::narrative::Heading| match (&h.text, &h.contents) {
        (Some(text), Some(contents)) => key(text) != key(contents),
        _ => false,
    };
    let found: Vec<_> = document.narrative.headings.iter().filter(differs).collect();
    let words = list(&found, |h| {
        format!(
            "`{}` / `{}`",
            h.contents.as_deref().unwrap_or_default(),
            h.text.as_deref().unwrap_or_default()
        )
    });
    let places = found.iter().map(|h| place(h.text.clone(), h.page, h.bbox)).collect();
    let message = format!("headings differ between the table of contents and the text: {words}");
    push(out, "proof.heading", Severity::Warning, message, places);
}

fn mentions(document: &Document, out: &mut Vec<Finding>) {
    let found: Vec<_> = document.narrative.mentions.iter().filter(|m| m.project.is_none()).collect();
    let words = list(&found, |m| format!("`{}`", m.name));
    let places = found.iter().map(|m| at(&m.name, &m.source)).collect();
    let message = format!("the text mentions projects that no table lists: {words}");
    push(out, "proof.unknown-project", Severity::Warning, message, places);
}

fn withheld(document: &Document, out: &mut Vec<Finding>) {
    let found: Vec<_> = document.narrative.projects.iter().filter(|p| !p.withheld.is_empty()).collect();
    let words = list(&found, |p| format!("`{}` ({})", p.name, p.withheld.join(", ")));
    let places = found.iter().map(|p| at(&p.name, &p.source)).collect();
    let message = format!("the text says that it withholds particulars of projects: {words}");
    push(out, "proof.withheld", Severity::Info, message, places);
}

fn declared_empty(document: &Document, out: &mut Vec<Finding>) {
    let declared = |number: u8| document.narrative.declared_empty.iter().filter(move |d| d.table == number);
    let empty: Vec<_> = document
        .tables
        .iter()
        .filter(|t| t.status == Status::DeclaredEmpty)
        .filter(|t| !t.notes.is_empty() || declared(t.number).next().is_some())
        .collect();
    let words = list(&empty, |t| {
        let sentences = t.notes.iter().filter(|n| n.contains('空')).count() + declared(t.number).count();
        format!("table {} (sentences: {sentences})", t.number)
    });
    let places = empty.iter().map(|t| Place {
        table: Some(t.number),
        page: t.pages.first().copied(),
        ..Place::default()
    });
    let places =
        places.chain(empty.iter().flat_map(|t| declared(t.number).map(|d| at("", &d.source)))).collect();
    let message = format!("tables without amounts, and sentences that say so: {words}");
    push(out, "proof.declared-empty", Severity::Info, message, places);

    let filled: Vec<_> = document
        .tables
        .iter()
        .filter(|t| t.status == Status::Filled)
        .filter_map(|t| Some((t, declared(t.number).next()?)))
        .collect();
    let words = list(&filled, |(t, _)| format!("table {}", t.number));
    let places = filled.iter().map(|(t, d)| Place { table: Some(t.number), ..at("", &d.source) }).collect();
    let message = format!("the text says that a table is empty, but it has amounts: {words}");
    push(out, "proof.not-empty", Severity::Warning, message, places);
}
