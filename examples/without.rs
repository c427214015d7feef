//! Reads the PDFs below a folder without some of what the program knows, to measure how far it knows things by their
//! meaning:
//!
//! ```sh
//! cargo run --profile fast --example without -- FOLDER OUT [--word W]… [--layout ID]… [--no-titles] [--shuffle]
//! cargo run --profile fast --example without -- --words FOLDER      # the words of the vocabulary that its tables use
//! ```
//!
//! `benches/leave_one_out.py` takes away what only one publisher uses, for each publisher in turn.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use yusuan::Options;
use yusuan::schema::concepts::lexicon;
use yusuan::schema::handicap::{self, Handicap};

fn main() {
    let mut folders: Vec<PathBuf> = Vec::new();
    let (mut without, mut list) = (Handicap::default(), false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--word" => without.words.extend(arguments.next()),
            "--layout" => without.layouts.extend(arguments.next()),
            "--no-titles" => without.titles = true,
            "--shuffle" => without.numbers = true,
            "--words" => list = true,
            folder => folders.push(PathBuf::from(folder)),
        }
    }
    assert!(handicap::set(without), "set before anything is read");
    let folder = folders.first().unwrap();
    let mut words: BTreeSet<String> = BTreeSet::new();
    for path in pdfs(folder) {
        let bytes = std::fs::read(&path).unwrap();
        if list {
            collect(&bytes, &mut words);
            continue;
        }
        let Ok(documents) = yusuan::extract(&bytes, &Options::default()) else { continue };
        let mut out = Vec::new();
        yusuan::output::json::file(&mut out, &documents, yusuan::output::json::Settings::default());
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        std::fs::write(folders[1].join(name + ".json"), out).unwrap();
    }
    for word in words {
        println!("{word}");
    }
}

fn pdfs(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|p| p.extension().is_some_and(|e| e == "pdf")).collect();
    files.sort();
    files
}

/// The words of the titles and headers of a file's tables.
fn collect(bytes: &[u8], words: &mut BTreeSet<String>) {
    let Ok(readings) = yusuan::readings(bytes, &Options::default()) else { return };
    for reading in readings {
        let headers = reading.columns.iter().flat_map(|(header, _)| header.split('/'));
        for text in reading.title.as_deref().into_iter().chain(headers) {
            let key = yusuan::schema::header_key(text);
            let known = lexicon().cut(&key).into_iter().filter(|w| w.says.is_some());
            words.extend(known.map(|w| key[w.at].to_owned()));
        }
    }
}
