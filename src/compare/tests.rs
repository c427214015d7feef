//! Two made years: a document and a copy of it in which changes are planted.
#![allow(clippy::unwrap_used)]

use super::{Comparison, Rename, Snapshot, What, compare, csv, text};
use crate::document::{Document, RowKind, Unit};
use crate::output::read;
use rust_decimal::Decimal;

/// A document as the program emits it.
fn sample(name: &str) -> Document {
    let path = format!("{}/samples/{name}.json", env!("CARGO_MANIFEST_DIR"));
    read::documents(&std::fs::read(path).unwrap()).unwrap().remove(0)
}

/// The same, a year later.
fn next(d: &Document) -> Document {
    let mut next = d.clone();
    next.head.fiscal_year = d.head.fiscal_year.map(|y| y + 1);
    next.source.sha256 = "0".repeat(64);
    next
}

fn compared(a: &Document, b: &Document) -> Comparison {
    compare(vec![Snapshot::of(a)], vec![Snapshot::of(b)], &[])
}

fn count(c: &Comparison, what: What) -> usize {
    c.departments.iter().flat_map(|d| &d.changes).filter(|c| c.what == what).count()
}

#[test]
fn nothing_is_invented_where_nothing_changed() {
    for name in ["calc-zeros", "chromium-rotated", "reportlab-continued", "writer-grid"] {
        let d = sample(name);
        let c = compared(&d, &next(&d));
        assert!(c.departments[0].changes.is_empty(), "{name}: {:#?}", c.departments[0].changes);
        assert!(c.departments[0].notes.is_empty(), "{name}: {:?}", c.departments[0].notes);
    }
}

#[test]
fn ten_changed_amounts_are_found_and_no_other() {
    let a = sample("writer-grid");
    let mut b = next(&a);
    let mut planted = Vec::new();
    // every third amount of the rows with codes, over all tables
    let amounts = b.tables.iter_mut().flat_map(|t| {
        let number = t.number;
        t.rows.iter_mut().filter(|r| r.code.is_some()).map(move |r| (number, r))
    });
    for (n, (table, row)) in amounts.step_by(9).take(10).enumerate() {
        let code = row.code.clone();
        let (column, amount) = row.amounts.iter_mut().find_map(|(c, a)| a.as_mut().map(|a| (*c, a))).unwrap();
        let by = Decimal::new(i64::try_from(n).unwrap() * 100 + 101, 2);
        amount.value += by;
        planted.push((table, code, column.to_owned(), by));
    }
    let c = compared(&a, &b);
    let mut found: Vec<_> = c.departments[0]
        .changes
        .iter()
        .map(|c| (c.table, c.code_b.clone(), c.column.clone(), c.difference))
        .collect();
    assert!(c.departments[0].changes.iter().all(|c| c.what == What::Changed));
    found.sort();
    planted.sort();
    assert_eq!((planted.len(), found), (10, planted));
}

#[test]
fn ten_new_and_ten_removed_projects_are_found_and_no_other() {
    let a = sample("writer-grid");
    let mut b = next(&a);
    let rows = &mut b.tables[6].rows;
    let one = rows.iter().find(|r| r.kind == RowKind::Project).unwrap().clone();
    for n in 0..10 {
        let mut project = one.clone();
        project.project = Some(format!("新建项目{n}"));
        project.amounts[0].1.as_mut().unwrap().value = Decimal::new(100 + n, 2);
        rows.push(project);
    }
    let c = compared(&a, &b);
    assert_eq!((count(&c, What::New), c.departments[0].changes.len()), (10, 10));
    let c = compared(&b, &a);
    assert_eq!((count(&c, What::Gone), c.departments[0].changes.len()), (10, 10));
    assert!(c.departments[0].changes.windows(2).all(|w| w[0].difference.abs() >= w[1].difference.abs()));
}

#[test]
fn ten_moved_codes_are_found_with_both_codes_and_no_other() {
    let a = sample("writer-grid");
    let mut b = next(&a);
    let mut moved = Vec::new();
    let rows = b.tables[4].rows.iter_mut().chain(&mut []);
    let items = rows.filter(|r| r.code.as_ref().is_some_and(|c| c.len() == 7));
    for row in items.take(10) {
        let code = row.code.as_mut().unwrap();
        let old = code.clone();
        // a code that no row has
        code.replace_range(5.., &format!("{}", 60 + moved.len()));
        moved.push((old, code.clone()));
    }
    assert!(moved.len() >= 8, "{moved:?}");
    let c = compared(&a, &b);
    let changes = &c.departments[0].changes;
    let mut found: Vec<_> =
        changes.iter().map(|c| (c.code_a.clone().unwrap(), c.code_b.clone().unwrap())).collect();
    found.sort();
    moved.sort();
    assert!(changes.iter().all(|c| c.what == What::Moved && c.difference.is_zero()), "{changes:#?}");
    assert_eq!(found, moved);
}

/// Ten departments of one year, and of the next.
fn departments() -> (Vec<Document>, Vec<Document>) {
    let kinds =
        ["财政局", "教育局", "民政局", "水利局", "司法局", "统计局", "审计局", "商务局", "林业局", "农业局"];
    let one = sample("writer-grid");
    let of = |n: usize, kind: &str| {
        let mut d = one.clone();
        d.head.department = Some(format!("莎车县{kind}"));
        d.source.sha256 = format!("{n:064}");
        // each has amounts of its own
        for amount in d.tables.iter_mut().flat_map(|t| &mut t.rows).flat_map(|r| &mut r.amounts) {
            if let Some(a) = &mut amount.1 {
                a.value += Decimal::new(i64::try_from(n).unwrap() * 111, 2);
            }
        }
        d
    };
    let a: Vec<Document> = kinds.iter().enumerate().map(|(n, kind)| of(n, kind)).collect();
    let b = a.iter().enumerate().map(|(n, d)| Document {
        source: crate::document::SourceInfo { sha256: format!("{:064}", n + 100), ..d.source.clone() },
        ..next(d)
    });
    (a.clone(), b.collect())
}

fn snapshots(all: &[Document]) -> Vec<Snapshot> {
    all.iter().map(Snapshot::of).collect()
}

#[test]
fn ten_renamed_departments_are_listed_not_guessed_and_compared_where_the_user_says_so() {
    let (a, mut b) = departments();
    for d in &mut b {
        let name = d.head.department.as_mut().unwrap();
        *name = name.replace('局', "和发展委员会");
    }
    let c = compare(snapshots(&a), snapshots(&b), &[]);
    assert_eq!((c.departments.len(), c.only_a.len(), c.only_b.len()), (0, 10, 10));
    assert_eq!(c.maybe_renamed.len(), 10);
    let renames: Vec<Rename> = a
        .iter()
        .zip(&b)
        .map(|(a, b)| Rename {
            from: a.head.department.clone().unwrap(),
            to: b.head.department.clone().unwrap(),
        })
        .collect();
    let c = compare(snapshots(&a), snapshots(&b), &renames);
    assert_eq!((c.departments.len(), c.only_a.len(), c.only_b.len(), c.maybe_renamed.len()), (10, 0, 0, 0));
    assert!(c.departments.iter().all(|d| d.changes.is_empty() && d.notes.len() == 1));
}

#[test]
fn other_spellings_of_one_office_are_one_department() {
    let (a, mut b) = departments();
    for d in &mut b {
        d.head.department.as_mut().unwrap().push_str("(本级)");
    }
    let c = compare(snapshots(&a), snapshots(&b), &[]);
    assert_eq!((c.departments.len(), c.only_a.len(), c.maybe_renamed.len()), (10, 0, 0));
}

#[test]
fn ten_changed_units_are_told_and_are_no_changes_of_amounts() {
    let (a, mut b) = departments();
    for d in &mut b {
        for table in &mut d.tables {
            table.source_unit = table.source_unit.map(|_| Unit::Yuan);
            for amount in table.rows.iter_mut().flat_map(|r| &mut r.amounts).filter_map(|(_, a)| a.as_mut()) {
                amount.value.rescale(6);
            }
        }
    }
    let c = compare(snapshots(&a), snapshots(&b), &[]);
    assert_eq!(c.departments.len(), 10);
    for d in &c.departments {
        assert!(d.changes.is_empty(), "{:#?}", d.changes);
        assert!(d.notes.iter().any(|n| n.contains("万元, then in 元")), "{:?}", d.notes);
    }
}

#[test]
fn nothing_in_common_and_the_same_document_twice_are_said_in_words() {
    let (a, b) = departments();
    let c = compare(snapshots(&a[..2]), snapshots(&b[5..7]), &[]);
    assert!(text(&c, false).contains("no department is on both sides"));
    let c = compared(&a[0], &a[0]);
    assert!(text(&c, false).contains("the same file") && text(&c, false).contains("no difference"));
}

#[test]
fn the_text_s_reason_stands_beside_the_change_of_the_same_cell() {
    let mut a = sample("writer-grid");
    let mut b = next(&a);
    let figure = b.narrative.figures.iter_mut().find(|f| f.code.as_deref() == Some("2013801")).unwrap();
    figure.reason = Some("人员减少".to_owned());
    let row = a.tables[4].rows.iter_mut().find(|r| r.code.as_deref() == Some("2013801")).unwrap();
    row.amounts[0].1.as_mut().unwrap().value = "426.68".parse().unwrap();
    let c = compared(&a, &b);
    let change = &c.departments[0].changes[0];
    assert_eq!(
        (change.difference.to_string(), change.reason.as_deref()),
        ("-52.67".into(), Some("人员减少"))
    );
    let told = c.departments[0].texts.iter().find(|t| t.code.as_deref() == Some("2013801")).unwrap();
    assert_eq!(told.verdict, super::Verdict::Agrees);
    let lines = String::from_utf8(csv(&c, Vec::new(), false).unwrap()).unwrap();
    assert!(
        lines.lines().any(|l| l.contains("changed,5,") && l.contains("426.68,374.01,-52.67,-12.3")),
        "{lines}"
    );
}

#[test]
fn a_dataset_s_tables_compare_as_its_documents_do() {
    let dir = tempfile::tempdir().unwrap();
    let d = sample("writer-grid");
    let folder = crate::batch::write::Folder::create(dir.path()).unwrap();
    let mut dataset = crate::dataset::Dataset::create(folder, crate::dataset::Shape::default()).unwrap();
    dataset.add(std::slice::from_ref(&d)).unwrap();
    dataset.finish().unwrap();
    let mut b = next(&d);
    b.tables[4].rows[2].amounts[0].1.as_mut().unwrap().value += Decimal::ONE;
    let of_tables = compare(super::dataset(dir.path()).unwrap(), vec![Snapshot::of(&b)], &[]);
    let of_documents = compared(&d, &b);
    assert_eq!(of_tables.departments[0].changes, of_documents.departments[0].changes);
    assert_eq!(of_tables.departments[0].texts, of_documents.departments[0].texts);
    assert_eq!(of_tables.departments[0].changes.len(), 1);
}
