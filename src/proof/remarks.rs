//! What the text says of itself and of the tables that is no arithmetic: headings that differ between contents and
//! text, projects that no table knows, what is withheld, tables that are declared empty. One finding for each kind.

use crate::document::{Document, Finding, Place, Row, Severity, Status, Table};
use crate::narrative::{self, Figure, Heading, NameList, Source};
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
    place(Some(name.to_owned()).filter(|name| !name.is_empty()), source.page, source.bbox)
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
    let differs = |h: &&Heading| match (&h.text, &h.contents) {
        (Some(text), Some(contents)) => !says_the_same(text, contents),
        _ => false,
    };
    let found: Vec<_> = document.narrative.headings.iter().filter(differs).collect();
    let mut words = Vec::new();
    if !found.is_empty() {
        let pairs = list(&found, |h| {
            format!(
                "`{}` / `{}`",
                h.contents.as_deref().unwrap_or_default(),
                h.text.as_deref().unwrap_or_default()
            )
        });
        words.push(format!("headings differ between the table of contents and the text: {pairs}"));
    }
    let mut places: Vec<Place> = found.iter().map(|h| place(h.text.clone(), h.page, h.bbox)).collect();
    let other_terms: Vec<_> =
        document.narrative.headings.iter().filter_map(|h| other_term(document, h)).collect();
    if !other_terms.is_empty() {
        let pairs = list(&other_terms, |(heading, figure, term)| {
            format!(
                "`{}` over a text about {term} ({})",
                heading.text.as_deref().unwrap_or_default(),
                figure.label
            )
        });
        words.push(format!("a heading names something else than its text: {pairs}"));
        places.extend(other_terms.iter().flat_map(|(heading, figure, _)| {
            [place(heading.text.clone(), heading.page, heading.bbox), at(&figure.label, &figure.source)]
        }));
    }
    // a publisher's own word for a section is no slip
    let severity = if found.is_empty() { Severity::Info } else { Severity::Warning };
    push(out, "proof.heading", severity, words.join("; "), places);
}

/// Whether two headings differ in white space and brackets alone; a table of contents often leaves out the year.
fn says_the_same(a: &str, b: &str) -> bool {
    let (a, b) = (key(a), key(b));
    let without = |text: &str| match text.split_once('年') {
        Some((before, after)) if before.chars().rev().take_while(char::is_ascii_digit).count() == 4 => {
            let head = before.get(..before.len() - 4).unwrap_or_default();
            format!("{head}{}", after.strip_prefix('度').unwrap_or(after))
        }
        _ => text.to_owned(),
    };
    a == b || without(&a) == b || without(&b) == a
}

/// A figure under a heading that names one term of its section, while the figure and all others there name another.
fn other_term<'d>(
    document: &'d Document,
    heading: &'d Heading,
) -> Option<(&'d Heading, &'d Figure, &'static str)> {
    let section = heading.section.as_deref()?;
    let text = heading.text.as_deref()?;
    let terms = narrative::terms(section);
    let own = terms.iter().find(|term| text.contains(term.as_str()))?;
    let mut figures = document.narrative.figures.iter().filter(|f| f.section.as_deref() == Some(section));
    let first = figures.next()?;
    let other = terms.iter().find(|term| *term != own && first.label.contains(term.as_str()))?;
    (!first.label.contains(own.as_str()) && figures.all(|f| !f.label.contains(own.as_str()))).then_some((
        heading,
        first,
        other.as_str(),
    ))
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
        let told = |note: &&String| declared(t.number).any(|d| key(&d.source.text).contains(&key(note)));
        let notes = t.notes.iter().filter(|n| n.contains('空') && !told(n)).count();
        let sentences = notes + declared(t.number).count();
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

#[cfg(test)]
mod tests {
    use super::says_the_same;

    #[test]
    fn a_table_of_contents_may_leave_out_the_year() {
        assert!(says_the_same("第一部分 2023年度部门概况", "第一部分部门概况"));
        assert!(!says_the_same("第一部分 2023年部门概况", "第一部分 2022年部门概况"));
        assert!(!says_the_same("十二、上半年结转结余情况", "十二、上年结转结余情况"));
    }
}
