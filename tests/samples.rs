//! Every PDF of `samples/` gives exactly the JSON beside it, and that JSON fits the schema.
//!
//! `UPDATE=1 cargo test --test samples` rewrites the JSON files; read the diff before you commit it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use yusuan::batch::discover::discover;
use yusuan::batch::{Input, Plan};
use yusuan::output::json::{self, Settings};
use yusuan::output::schema::OUTPUT;
use yusuan::output::writer::Style;
use yusuan::{Document, Error, Options};

const SAMPLES: &str = "samples";

/// What `yusuan extract samples -o DIR` writes, by name of the PDF.
fn extracted() -> BTreeMap<PathBuf, String> {
    let folder = PathBuf::from(SAMPLES);
    let inputs = if folder.is_dir() { discover(&[folder]).inputs } else { Vec::new() };
    let render = |_: &Input, documents: &[Document], out: &mut Vec<u8>| {
        json::file(out, documents, Settings { style: Style::Pretty, cells: false });
    };
    let options = Options::default();
    let plan = Plan {
        inputs: &inputs,
        options: &options,
        jobs: 2,
        extract: &yusuan::extract,
        render: &render,
        folder: None,
        ledger: None,
        keep: false,
        go_on: &|| true,
    };
    let mut found = BTreeMap::new();
    yusuan::batch::run(&plan, |outcome| {
        outcome.result.unwrap_or_else(|e| panic!("{}: {e}", outcome.label));
        let golden = Path::new(SAMPLES).join(&inputs[outcome.index].output);
        found.insert(golden, String::from_utf8(outcome.rendered).unwrap());
        ControlFlow::Continue(())
    })
    .unwrap();
    found
}

#[test]
fn every_sample_gives_its_golden_json() {
    let extracted = extracted();
    if extracted.is_empty() {
        // only a pipeline that is not there yet calls bytes empty that are not
        let stub = matches!(yusuan::extract(b"%PDF", &Options::default()), Err(Error::Empty));
        assert!(stub, "{SAMPLES}/ holds no PDF");
    }
    let mut wrong = Vec::new();
    for (golden, json) in &extracted {
        if std::env::var_os("UPDATE").is_some() {
            fs::write(golden, json).unwrap();
        }
        let expected = fs::read_to_string(golden).unwrap_or_default();
        if let Some((n, (is, should))) =
            (1..).zip(lines(json).zip(lines(&expected))).find(|(_, (is, should))| is != should)
        {
            wrong.push(format!("{}:{n}\n  is        {is}\n  should be {should}", golden.display()));
        }
    }
    assert!(wrong.is_empty(), "\n{}\nUPDATE=1 accepts what is", wrong.join("\n"));
}

/// The lines, then a mark that no line equals, so that the shorter of two texts shows.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().chain(["(end of file)"])
}

#[test]
fn every_golden_json_fits_the_schema_and_has_its_pdf() {
    let schema = jsonschema::validator_for(&serde_json::from_str(OUTPUT).unwrap()).unwrap();
    let Ok(folder) = fs::read_dir(SAMPLES) else { return };
    for path in
        folder.map(|entry| entry.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "json"))
    {
        assert!(path.with_extension("pdf").exists(), "{} has no PDF", path.display());
        let document = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let errors: Vec<String> =
            schema.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{}\n{}", path.display(), errors.join("\n"));
    }
}
