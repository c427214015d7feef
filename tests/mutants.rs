//! Damaged copies of the samples: no panic, a document or a typed error, output that fits the schema and is the same a
//! second time, and no amount that the page does not print. `examples/mutants.rs` does the same by the ten thousand.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/mutate.rs"]
mod mutate;

use std::time::{Duration, Instant};
use yusuan::batch::discover::discover;
use yusuan::batch::guard::guard;
use yusuan::document::{Amount, Row};
use yusuan::{Document, Error, Options};

/// Mutants of each sample.
const COUNT: u64 = 12;

fn samples() -> Vec<(String, Vec<u8>)> {
    let inputs = discover(&["samples".into()]).inputs;
    inputs.iter().map(|i| (i.label(), std::fs::read(i.label()).unwrap())).collect()
}

#[test]
fn mutants_of_the_samples_keep_every_promise() {
    let options = Options::default();
    let mut wrong = Vec::new();
    for (name, pdf) in samples() {
        for seed in 0..COUNT {
            let (bytes, kind) = mutate::mutant(&pdf, seed);
            let place = || format!("{name} seed {seed} ({})", mutate::KINDS[kind]);
            let began = Instant::now();
            match guard(|| common::properties::document(&bytes, &options)) {
                Err(panic) => wrong.push(format!("{}: {panic}", place())),
                Ok(Ok(documents)) => {
                    wrong.extend(
                        mutate::unprinted(&bytes, &documents, &options).map(|w| format!("{}: {w}", place())),
                    );
                }
                Ok(Err(error)) => assert!(!error.to_string().is_empty()),
            }
            assert!(began.elapsed() < Duration::from_secs(60), "{}", place());
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Everything that the tables hold, without what a repair adds.
fn tables(documents: &[Document]) -> Vec<String> {
    // The second reader is not asked about a repaired file, so what it says is left out.
    let printed = |a: &Amount| format!("{} {} {:?}", a.text, a.page, a.bbox);
    let row = |row: &Row| {
        let amounts: Vec<_> = row.amounts.iter().map(|(id, a)| (*id, a.as_ref().map(printed))).collect();
        format!("{:?} {:?} {amounts:?}", row.code, row.name)
    };
    let amounts = |d: &Document| -> Vec<String> { d.tables.iter().flat_map(|t| &t.rows).map(row).collect() };
    documents.iter().flat_map(amounts).collect()
}

/// A file whose structure is damaged but whose pages are whole gives what the whole file gives, and says so.
fn assert_repaired(damage: impl Fn(&[u8]) -> Vec<u8>, said: bool) {
    for (name, pdf) in samples() {
        let whole = yusuan::extract(&pdf, &Options::default()).unwrap();
        let damaged = yusuan::extract(&damage(&pdf), &Options::default()).unwrap();
        assert_eq!(tables(&damaged), tables(&whole), "{name}");
        let repaired = damaged.iter().flat_map(|d| &d.findings).any(|f| f.rule == "pdf.repaired");
        assert_eq!(repaired, said, "{name}");
    }
}

fn replaced(pdf: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = memchr::memmem::rfind(pdf, from).unwrap();
    [&pdf[..at], to, &pdf[at + from.len()..]].concat()
}

#[test]
fn a_wrong_startxref_is_repaired() {
    assert_repaired(|pdf| replaced(pdf, b"startxref", b"startxref 7 %"), true);
}

#[test]
fn a_file_without_startxref_is_repaired() {
    assert_repaired(|pdf| replaced(pdf, b"startxref", b"no"), true);
}

#[test]
fn bytes_inserted_into_the_middle_are_repaired() {
    assert_repaired(
        |pdf| {
            let at = memchr::memmem::find(pdf, b"endobj").unwrap() + 6;
            [&pdf[..at], b"\n% thirteen bytes and more\n", &pdf[at..]].concat()
        },
        true,
    );
}

#[test]
fn a_missing_endobj_is_no_loss() {
    assert_repaired(|pdf| replaced(pdf, b"endobj", b"      "), false);
}

#[test]
fn a_missing_eof_marker_is_no_loss() {
    assert_repaired(|pdf| replaced(pdf, b"%%EOF", b""), false);
}

#[test]
fn garbage_in_front_of_the_header_is_no_loss() {
    assert_repaired(|pdf| [b"HTTP/1.1 200 OK\r\n\r\n", pdf].concat(), false);
}

#[test]
fn an_update_that_changes_nothing_is_no_loss() {
    assert_repaired(
        |pdf| {
            let at = memchr::memmem::rfind(pdf, b"startxref").unwrap() + 9;
            let text = String::from_utf8_lossy(&pdf[at..]);
            let prev: usize = text.split_whitespace().next().unwrap().parse().unwrap();
            let root = memchr::memmem::rfind(pdf, b"/Root").unwrap() + 5;
            let root = String::from_utf8_lossy(&pdf[root..root + 16]);
            let root: Vec<&str> = root.split_whitespace().collect();
            let start = pdf.len();
            let update = format!(
                "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root {} 0 R/Prev {prev}>>\nstartxref\n{start}\n%%EOF\n",
                root[0]
            );
            [pdf, update.as_bytes()].concat()
        },
        false,
    );
}

#[test]
fn a_truncated_file_gives_what_is_left_or_says_what_is_missing() {
    for (name, pdf) in samples() {
        for tenths in 1..10 {
            match yusuan::extract(&pdf[..pdf.len() * tenths / 10], &Options::default()) {
                Ok(documents) => {
                    let said = documents.iter().flat_map(|d| &d.findings).any(|f| f.rule.starts_with("pdf."));
                    assert!(said, "{name} cut at {tenths}/10 says nothing");
                }
                Err(error) => {
                    assert!(matches!(error, Error::Damaged { .. } | Error::NoPages), "{name}: {error}")
                }
            }
        }
    }
}
