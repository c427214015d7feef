//! A large file gives the same output whatever the number of threads that work on it.
#![allow(clippy::unwrap_used)]

use lopdf::{Document, Object};
use std::time::Duration;
use yusuan::limits::Limits;
use yusuan::options::Options;
use yusuan::output::json::{self, Settings};
use yusuan::output::writer::Style;

/// A sample whose pages stand in it so often that it is a large file of several departments.
fn large(sample: &str, times: usize) -> Vec<u8> {
    let mut pdf = Document::load(sample).unwrap();
    let pages: Vec<_> = pdf.get_pages().into_values().collect();
    let root = pdf.catalog().unwrap().get(b"Pages").unwrap().as_reference().unwrap();
    let inherited = pdf.get_dictionary(root).unwrap().clone();
    let mut kids = Vec::new();
    for _ in 0..times {
        for page in &pages {
            let mut page = pdf.get_dictionary(*page).unwrap().clone();
            for key in [&b"Resources"[..], b"MediaBox", b"Rotate"] {
                if let (false, Ok(value)) = (page.has(key), inherited.get(key)) {
                    page.set(key, value.clone());
                }
            }
            page.set("Parent", root);
            kids.push(Object::Reference(pdf.add_object(page)));
        }
    }
    let tree = pdf.get_dictionary_mut(root).unwrap();
    tree.set("Count", kids.len() as i64);
    tree.set("Kids", kids);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).unwrap();
    bytes
}

fn output(bytes: &[u8], limits: &Limits, threads: usize) -> String {
    let options = Options { threads, limits: limits.clone(), provenance_cells: true, ..Options::default() };
    match yusuan::extract(bytes, &options) {
        Ok(documents) => {
            let mut out = Vec::new();
            json::file(&mut out, &documents, Settings { style: Style::Pretty, cells: true });
            String::from_utf8(out).unwrap()
        }
        Err(error) => error.to_string(),
    }
}

fn same_with_any_crew(bytes: &[u8], limits: &Limits) -> String {
    let alone = output(bytes, limits, 1);
    for threads in [2, 3] {
        assert!(output(bytes, limits, threads) == alone, "{threads} threads, {limits:?}");
    }
    alone
}

#[test]
fn a_large_file_gives_the_same_with_one_thread_and_with_many() {
    let limits = Limits { time: None, ..Limits::default() };
    let bytes = large("samples/writer-grid.pdf", 5);
    let out = same_with_any_crew(&bytes, &limits);
    assert!(out.matches("\"fiscal_year\"").count() > 1, "several departments");
}

#[test]
fn a_limit_cuts_a_large_file_at_the_same_place_with_many_threads() {
    let bytes = large("samples/writer-grid.pdf", 5);
    let whole = Limits { time: None, ..Limits::default() };
    let cut = [
        Limits { memory: 100 << 10, ..whole.clone() },
        Limits { memory: 1 << 20, ..whole.clone() },
        Limits { file_bytes: 150 << 10, ..whole.clone() },
        Limits { words: 60, ..whole.clone() },
        Limits { pages: 70, ..whole.clone() },
        Limits { operators: 500, ..whole.clone() },
    ];
    for limits in &cut {
        let out = same_with_any_crew(&bytes, limits);
        assert!(out.contains("limit"), "{limits:?}");
    }
}

#[test]
fn a_damaged_object_is_repaired_alike_with_many_threads() {
    let mut bytes = large("samples/writer-grid.pdf", 5);
    // shifts everything behind the header against the cross-reference table
    let at = bytes.iter().position(|b| *b == b'\n').unwrap() + 1;
    bytes.splice(at..at, *b"% shifted\n");
    let limits = Limits { time: None, ..Limits::default() };
    assert!(same_with_any_crew(&bytes, &limits).contains("pdf.repaired"));
}

#[test]
fn time_that_is_up_ends_a_large_file_with_many_threads_too() {
    let bytes = large("samples/writer-grid.pdf", 5);
    let limits = Limits { time: Some(Duration::ZERO), ..Limits::default() };
    let out = output(&bytes, &limits, 3);
    assert!(out.contains("time"), "{out}");
}
