//! Datasets made in a folder.
#![allow(clippy::unwrap_used)]

use super::{Dataset, Held, Shape};
use crate::batch::write::Folder;
use crate::document::Document;
use crate::output::read;
use std::path::Path;

/// A document as the program emits it.
fn sample(name: &str) -> Document {
    let path = format!("{}/samples/{name}.json", env!("CARGO_MANIFEST_DIR"));
    read::documents(&std::fs::read(path).unwrap()).unwrap().remove(0)
}

fn make(at: &Path, shape: Shape, documents: &[Document]) -> Held {
    let mut dataset = Dataset::create(Folder::create(at).unwrap(), shape).unwrap();
    dataset.add(documents).unwrap();
    dataset.finish().unwrap()
}

fn rows(held: &Held, table: &str) -> u64 {
    held.rows.iter().find(|(name, _)| *name == table).unwrap().1
}

fn parts(at: &Path) -> Vec<String> {
    let all = walkdir::WalkDir::new(at.join("facts")).into_iter().map(Result::unwrap);
    let files = all.filter(|e| e.file_type().is_file());
    let mut names: Vec<String> =
        files.map(|e| e.path().strip_prefix(at).unwrap().to_string_lossy().replace('\\', "/")).collect();
    names.sort();
    names
}

#[test]
fn what_did_not_change_is_not_written_again() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (sample("writer-grid"), sample("calc-zeros"));
    let first = make(dir.path(), Shape::default(), std::slice::from_ref(&one));
    assert_eq!(first.written.0, first.written.1);
    assert_eq!(make(dir.path(), Shape::default(), std::slice::from_ref(&one)).written.0, 0);
    assert!(make(dir.path(), Shape::default(), &[one, two]).written.0 > 0);
    assert!(dir.path().join("datapackage.json").is_file());
}

#[test]
fn facts_are_parted_by_year_and_region_and_old_parts_go() {
    let dir = tempfile::tempdir().unwrap();
    let mut other = sample("chromium-rotated");
    other.head.region = None;
    let shape = Shape { partition: true, csv: false, ..Shape::default() };
    make(dir.path(), shape, &[sample("writer-grid"), other]);
    let known = "facts/year=2026/region=650000/part.parquet";
    assert_eq!(parts(dir.path()), ["facts/year=2024/region=__HIVE_DEFAULT_PARTITION__/part.parquet", known]);
    let held = make(dir.path(), shape, &[sample("writer-grid")]);
    assert_eq!(parts(dir.path()), [known]);
    // the part that stayed is the part that was there
    assert!(held.written.0 < held.written.1);
    make(dir.path(), Shape::default(), &[sample("writer-grid")]);
    assert!(parts(dir.path()).is_empty() && dir.path().join("facts.parquet").is_file());
}

#[test]
fn one_form_alone_leaves_no_file_of_the_other_behind() {
    let dir = tempfile::tempdir().unwrap();
    let d = [sample("writer-grid")];
    let there = |name: &str| dir.path().join(name).is_file();
    make(dir.path(), Shape::default(), &d);
    make(dir.path(), Shape { csv: false, ..Shape::default() }, &d);
    assert!(!there("facts.csv") && there("facts.parquet"));
    make(dir.path(), Shape { parquet: false, ..Shape::default() }, &d);
    assert!(there("facts.csv") && !there("facts.parquet"));
}

#[test]
fn blank_cells_are_left_out_on_request_and_no_amount_is() {
    let dir = tempfile::tempdir().unwrap();
    let d = [sample("writer-grid")];
    let amounts = d[0].tables.iter().flat_map(|t| &t.rows).flat_map(|r| &r.amounts);
    let amounts = amounts.filter(|(_, a)| a.is_some()).count();
    let extra = d[0].tables.iter().flat_map(|t| &t.rows).map(|r| r.extra.len()).sum::<usize>();
    let held = make(dir.path(), Shape { blanks: false, ..Shape::default() }, &d);
    assert_eq!(rows(&held, "facts"), (amounts + extra) as u64);
    assert!(rows(&make(dir.path(), Shape::default(), &d), "facts") > rows(&held, "facts"));
}

#[test]
fn projects_indicators_procurement_and_assets_have_their_rows() {
    let dir = tempfile::tempdir().unwrap();
    let d = sample("writer-grid");
    let indicators = d.performance.iter().map(|p| p.indicators.len()).sum::<usize>();
    let held = make(dir.path(), Shape::default(), std::slice::from_ref(&d));
    assert_eq!(rows(&held, "indicators"), indicators as u64);
    assert_eq!(rows(&held, "projects"), 3);
    assert!(rows(&held, "procurement") > 0 && rows(&held, "assets") > 0);
    let text = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
    // 减少 21.94%
    assert!(text("figures.csv").lines().any(|l| l.contains(",decrease,-242.58,-21.94,")));
    assert!(text("indicators.csv").lines().any(|l| l.contains("检查覆盖率（%）,>=95%,>=,95,%,15,")));
    let package: serde_json::Value = serde_json::from_str(&text("datapackage.json")).unwrap();
    let fields = package["resources"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|r| r["schema"]["fields"].as_array().unwrap());
    for field in fields.filter(|f| f["name"].as_str().unwrap().contains("percent")) {
        assert_eq!(field["unit"], "%", "{field}");
    }
}
