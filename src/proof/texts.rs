//! What the text and the performance tables say of money, as further tables for the identities: `P` the performance
//! tables, `C` the parts of budgets that their targets name, `N` the figures of the narrative, `A` the parts of a
//! project's money that it names, `Q` its other numbers. They are no tables of the output; their numbers are above
//! twelve.

use crate::document::{Amount, Document, Row, RowKind, Status, Table};
use crate::geometry::Rect;
use crate::narrative::{self, Change, Direction, Figure, Project, Reconciliation, Source};
use crate::normalize::amount::{self, Parsed};
use crate::performance::{Performance, Subject};
use rust_decimal::Decimal;

/// Number of the performance tables: one row for each.
pub(crate) const PERFORMANCE: u8 = 13;
/// Number of the table of cost targets: one row for each indicator.
pub(crate) const COSTS: u8 = 14;
/// Number of the table of the narrative's figures: one row for each, then one for each project, then both sides of each
/// difference that the document explains.
pub(crate) const FIGURES: u8 = 15;

/// Number of the table of allocations: one row for each part of a project's money that the narrative names.
pub(crate) const ALLOCATIONS: u8 = 16;
/// Number of the table of the narrative's other numbers, with the number of performance tables.
pub(crate) const QUANTITIES: u8 = 17;

/// The number behind a letter of the little language.
pub(crate) fn number(letter: &str) -> Option<u8> {
    match letter {
        "P" => Some(PERFORMANCE),
        "C" => Some(COSTS),
        "N" => Some(FIGURES),
        "A" => Some(ALLOCATIONS),
        "Q" => Some(QUANTITIES),
        _ => None,
    }
}

/// Whether the number is none of the twelve.
pub(crate) fn is_text(number: u8) -> bool {
    number > 12
}

/// What a table is called in messages.
pub(crate) fn words(number: u8) -> String {
    match number {
        PERFORMANCE => "the performance section".to_owned(),
        COSTS => "the list of cost targets".to_owned(),
        FIGURES | QUANTITIES => "the text".to_owned(),
        ALLOCATIONS => "the list of allocations in the text".to_owned(),
        n => format!("table {n}"),
    }
}

/// The further tables of a document.
pub(crate) fn tables(document: &Document) -> Vec<Table> {
    let overall = document.performance.iter().filter(|p| p.subject == Subject::Overall).count();
    let entries = document.performance.iter().map(|entry| performance(entry, overall == 1)).collect();
    let costs = document.performance.iter().flat_map(costs).collect();
    let figures = document.narrative.figures.iter().map(figure);
    let projects = document.narrative.projects.iter().filter_map(project);
    let reconciled = document.narrative.reconciliations.iter().flat_map(reconciled);
    vec![
        table(PERFORMANCE, entries),
        table(COSTS, costs),
        table(FIGURES, figures.chain(projects).chain(reconciled).collect()),
        table(ALLOCATIONS, document.narrative.projects.iter().flat_map(allocations).collect()),
        table(QUANTITIES, quantities(document)),
    ]
}

fn table(number: u8, rows: Vec<Row>) -> Table {
    let status = if rows.is_empty() { Status::Missing } else { Status::Filled };
    Table { number, status, rows, ..Table::default() }
}

fn money(value: Decimal, text: &str, page: u32, bbox: Rect) -> Option<Amount> {
    Some(Amount { value, text: text.to_owned(), page, bbox, proved_by: 0, ..Amount::default() })
}

/// Columns of `P` that are ids of the performance tables' amounts.
const FUNDING: [(&str, &str); 7] = [
    ("total", "total"),
    ("fiscal", "fiscal"),
    ("other", "other"),
    ("upper", "fiscal.upper"),
    ("own", "fiscal.own"),
    ("current_year", "fiscal.current_year"),
    ("carryover", "fiscal.carryover"),
];

fn performance(entry: &Performance, only_overall: bool) -> Row {
    // money under a label that we do not know: the parts need not add up
    let is_money = |text: &str| matches!(amount::parse(text), Parsed::Value(v) if !v.is_zero());
    let complete = !entry.fields.iter().any(|f| is_money(&f.text));
    let mut amounts: Vec<(&'static str, Option<Amount>)> = Vec::with_capacity(11);
    for (column, id) in FUNDING {
        let found = entry.amount(id).filter(|_| complete || column != "total");
        let printed = |f: &crate::performance::Funding| f.raw.clone().unwrap_or_else(|| f.amount.to_string());
        amounts.push((column, found.and_then(|f| money(f.amount, &printed(f), f.page, f.bbox))));
    }
    let page = entry.pages.first().copied().unwrap_or(0);
    let goal = entry.goal_money();
    for (column, id) in [("goal_total", "total"), ("goal_fiscal", "fiscal"), ("goal_other", "other")] {
        let found = goal.iter().find(|(of, _, _)| *of == id);
        amounts.push((column, found.and_then(|(_, value, text)| money(*value, text, page, entry.bbox))));
    }
    amounts.push(("weights", entry.weights().and_then(|w| money(w, &w.to_string(), page, entry.bbox))));
    let kind = match entry.subject {
        Subject::Project => RowKind::Project,
        Subject::Overall if only_overall => RowKind::Department,
        // several units' tables are parts of the department's
        Subject::Overall => RowKind::Item,
    };
    Row {
        kind,
        name: entry.project.clone().or(entry.department.clone()),
        project: entry.project.clone(),
        amounts,
        page,
        bbox: entry.bbox,
        ..Row::default()
    }
}

/// The cost targets of a project, where all of them are plain amounts.
fn costs(entry: &Performance) -> Vec<Row> {
    let Some(project) = entry.project.as_ref().filter(|_| entry.subject == Subject::Project) else {
        return Vec::new();
    };
    if entry.costs().count() != entry.cost_indicators() {
        return Vec::new();
    }
    let row = |(indicator, value): (&crate::performance::Indicator, Decimal)| {
        let text = indicator.target.as_ref().map_or("", |t| t.raw.as_str());
        Row {
            kind: RowKind::Project,
            name: Some(indicator.name.clone()),
            project: Some(project.clone()),
            amounts: vec![("total", money(value, text, indicator.page, indicator.bbox))],
            page: indicator.page,
            bbox: indicator.bbox,
            ..Row::default()
        }
    };
    entry.costs().map(row).collect()
}

fn figure(figure: &Figure) -> Row {
    let source = &figure.source;
    let at = |value: Option<Decimal>, source: &Source| {
        value.and_then(|v| money(v, &v.to_string(), source.page, source.bbox))
    };
    let change = figure.change.as_ref();
    let mut amount = at(figure.amount, source);
    if let (Some(amount), Some(raw)) = (&mut amount, &figure.raw) {
        amount.text.clone_from(raw);
    }
    Row {
        kind: RowKind::Item,
        name: Some(figure.label.clone()),
        project: figure_id(figure.section.as_deref(), figure.item.as_deref()),
        amounts: vec![
            ("amount", amount),
            ("change", change.and_then(|c| at(c.amount.or(unchanged(c)), &c.source))),
            ("previous", at(figure.previous.or(figure.implied_previous), source)),
        ],
        page: source.page,
        bbox: source.bbox,
        ..Row::default()
    }
}

/// Both sides of a difference that the document explains, as far as it is known what they are.
fn reconciled(sentence: &Reconciliation) -> impl Iterator<Item = Row> {
    let source = &sentence.source;
    [&sentence.left, &sentence.right].into_iter().filter_map(move |side| {
        let item = narrative::reconciled(&side.label)?;
        let text = side.raw.clone().unwrap_or_else(|| side.amount.to_string());
        Some(Row {
            name: Some(side.label.clone()),
            project: figure_id(Some("reconciliation"), Some(item)),
            amounts: vec![
                ("amount", money(side.amount, &text, source.page, source.bbox)),
                ("change", None),
                ("previous", None),
            ],
            page: source.page,
            bbox: source.bbox,
            ..Row::default()
        })
    })
}

/// 持平 is a change of nothing.
fn unchanged(change: &Change) -> Option<Decimal> {
    (change.direction == Direction::Unchanged).then_some(Decimal::ZERO)
}

/// What `N[section/item]` names.
pub(crate) fn figure_id(section: Option<&str>, item: Option<&str>) -> Option<String> {
    Some(format!("{}/{}", section?, item?))
}

fn allocations(project: &Project) -> Vec<Row> {
    let parts = project.allocation.iter().flat_map(|a| &a.parts);
    let source = &project.source;
    let row = |part: &crate::narrative::AllocationPart| {
        let text = part.raw.clone().unwrap_or_else(|| part.amount.to_string());
        Row {
            kind: RowKind::Project,
            name: Some(part.purpose.clone()),
            project: Some(project.name.clone()),
            amounts: vec![("total", money(part.amount, &text, source.page, source.bbox))],
            page: source.page,
            bbox: source.bbox,
            ..Row::default()
        }
    };
    parts.map(row).collect()
}

fn quantities(document: &Document) -> Vec<Row> {
    let row = |id: Option<String>, label: &str, value: Decimal, page: u32, bbox: Rect| Row {
        name: Some(label.to_owned()),
        project: id,
        amounts: vec![("value", money(value, &value.to_string(), page, bbox))],
        page,
        bbox,
        ..Row::default()
    };
    let of_text = document.narrative.quantities.iter().map(|q| {
        let id = figure_id(q.section.as_deref(), q.item.as_deref());
        row(id, &q.label, q.value, q.source.page, q.source.bbox)
    });
    let projects = document.performance.iter().filter(|p| p.subject == Subject::Project);
    let count = Decimal::from(projects.clone().count());
    let counted = projects.take(1).map(|first| {
        let page = first.pages.first().copied().unwrap_or(0);
        row(Some("performance/tables".to_owned()), "项目支出绩效目标表", count, page, first.bbox)
    });
    of_text.chain(counted).collect()
}

fn project(project: &Project) -> Option<Row> {
    let source = project.amount_source.as_ref().unwrap_or(&project.source);
    let value = project.amount?;
    let text = project.raw.clone().unwrap_or_else(|| value.to_string());
    Some(Row {
        kind: RowKind::Project,
        name: Some(project.name.clone()),
        project: Some(project.name.clone()),
        amounts: vec![
            ("amount", money(value, &text, source.page, source.bbox)),
            ("change", None),
            ("previous", None),
        ],
        page: source.page,
        bbox: source.bbox,
        ..Row::default()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use crate::document::{Document, Finding, Severity};
    use crate::geometry::Rect;
    use crate::narrative::{Change, Direction, Figure, Reconciliation, Source};
    use crate::performance::{Funding, Indicator, Performance, Subject};
    use crate::proof::prove;
    use crate::proof::testing::{code, document, project, table, total};
    use rust_decimal::Decimal;

    fn amount(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    fn entry(name: &str, funding: &[(&str, &str)], weights: &[u32]) -> Performance {
        let funding = funding.iter().map(|(id, value)| Funding {
            id: (*id).to_owned(),
            amount: amount(value),
            page: 3,
            bbox: Rect::new(10.0, 20.0, 30.0, 40.0),
            ..Funding::default()
        });
        let indicator = |w: &u32| Indicator { weight: Some(Decimal::from(*w)), ..Indicator::default() };
        Performance {
            subject: Subject::Project,
            project: Some(name.to_owned()),
            pages: vec![3],
            funding: funding.collect(),
            indicators: weights.iter().map(indicator).collect(),
            ..Performance::default()
        }
    }

    /// A document whose table 7 has one project of 43.00.
    fn with_project() -> Document {
        let columns = [("total", "43.00"), ("goods_services", "43.00")];
        document(vec![table(7, vec![project(Some("2150805"), "某项目", &columns), total(&columns)])])
    }

    fn own(mut document: Document, rule: &str) -> Vec<Finding> {
        prove(&mut document);
        document.findings.into_iter().filter(|f| f.rule == rule).collect()
    }

    #[test]
    fn money_in_the_wrong_field_of_a_performance_table_is_named_with_both_fields() {
        let mut document = with_project();
        let mut found = entry("某项目", &[("total", "43.00"), ("fiscal", "0.00"), ("other", "43.00")], &[]);
        found.goal = Some("项目资金43万元，其中：财政资金43万元，其他资金0万元。".to_owned());
        document.performance = vec![found];
        let source = Source { page: 4, ..Source::default() };
        let mut sentence = Reconciliation { source, ..Reconciliation::default() };
        sentence.left.amount = amount("13.00");
        sentence.right.amount = amount("56.00");
        document.narrative.reconciliations = vec![sentence];
        let findings = own(document, "proof.shifted-cell");
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!((finding.severity, finding.place.table), (Severity::Error, None));
        assert_eq!(finding.place.column.as_deref(), Some("other"));
        assert_eq!(finding.place.row.as_deref(), Some("某项目"));
        assert_eq!(finding.place.page, Some(3));
        assert!(finding.others.iter().any(|p| p.column.as_deref() == Some("fiscal")));
        assert!(finding.others.iter().any(|p| p.page == Some(4)) && finding.message.contains("page 4"));
    }

    #[test]
    fn weights_add_up_to_ninety_or_a_hundred() {
        let of = |weights: &[u32]| {
            let mut document = with_project();
            document.performance = vec![entry("某项目", &[("fiscal", "43.00")], weights)];
            own(document, "D3.weights").len()
        };
        assert_eq!((of(&[50, 40]), of(&[60, 40]), of(&[60, 20]), of(&[])), (0, 0, 1, 0));
    }

    #[test]
    fn a_performance_table_of_a_project_that_no_table_lists_breaks_nothing() {
        let mut document = with_project();
        document.performance = vec![entry("别的项目", &[("total", "5.00"), ("fiscal", "5.00")], &[90])];
        prove(&mut document);
        assert!(document.findings.iter().all(|f| f.severity != Severity::Error), "{:?}", document.findings);
    }

    fn figure(text: &str, repeats: &str) -> Figure {
        Figure {
            label: "项目支出".to_owned(),
            amount: Some(amount(text)),
            repeats: Some(repeats.to_owned()),
            source: Source { page: 9, ..Source::default() },
            ..Figure::default()
        }
    }

    #[test]
    fn a_figure_of_the_text_proves_the_amount_that_it_repeats() {
        let columns = [("total", "30.00"), ("basic", "30.00"), ("project", "")];
        let of = |text: &str| {
            let mut document = document(vec![table(3, vec![code("201", &columns), total(&columns)])]);
            document.narrative.figures = vec![figure(text, "T3[total].total")];
            prove(&mut document);
            document
        };
        let (with, without) = (of("30.00"), of("31.00"));
        let proofs = |d: &Document| d.tables[2].rows[1].amounts[0].1.as_ref().unwrap().proved_by;
        assert_eq!(proofs(&with), proofs(&without) + 1);
        assert_eq!(with.proof.amounts, 4, "only the tables' amounts are counted");
        let broken = without.findings.iter().find(|f| f.message.contains("C1.repeats")).unwrap();
        assert_eq!(broken.severity, Severity::Warning);
    }

    #[test]
    fn a_word_for_one_of_two_amounts_is_no_break_where_either_fits() {
        let columns = [("total", "30.00"), ("basic", "20.00"), ("project", "10.00")];
        let mut document = document(vec![table(3, vec![code("201", &columns), total(&columns)])]);
        document.narrative.figures = vec![figure("30.00", "T3[total].basic | T3[total].total")];
        prove(&mut document);
        assert!(document.findings.iter().all(|f| !f.message.contains("C1.repeats")));
    }

    #[test]
    fn growth_on_nothing_is_told_once_and_is_no_mistake() {
        let grown = |by: &str, percent: &str, up: Direction| {
            let mut grown = figure("19.00", "T3[total].total");
            grown.change = Some(Change {
                direction: Direction::Increase,
                amount: Some(amount(by)),
                percent: Some(amount(percent)),
                percent_direction: Some(up),
                ..Change::default()
            });
            grown
        };
        let columns = [("total", "19.00"), ("basic", "19.00")];
        let mut document = document(vec![table(3, vec![code("201", &columns), total(&columns)])]);
        document.narrative.figures = vec![
            grown("19.00", "100.00", Direction::Increase),
            grown("19.00", "100.00", Direction::Increase),
            grown("9.00", "80.00", Direction::Increase),
            grown("9.00", "90.00", Direction::Decrease),
        ];
        prove(&mut document);
        let of = |rule: &str| document.findings.iter().filter(|f| f.rule == rule).collect::<Vec<_>>();
        assert_eq!((of("proof.zero-base").len(), of("C3.growth").len(), of("C3.direction").len()), (1, 1, 1));
        assert_eq!(of("C3.growth")[0].expected, Some(amount("90.00")));
    }
}
