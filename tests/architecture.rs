//! The folders of `src` stand in the order in which data flows, and a folder knows only those to its left.
#![allow(clippy::unwrap_used)]

use regex::Regex;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// From left to right. `normalize` serves everything from the cells on and knows none of it.
const FLOW: &[&str] = &[
    "pdf",
    "scan",
    "layout",
    "normalize",
    "grid",
    "schema",
    "tables",
    "rows",
    "narrative",
    "performance",
    "who",
    "proof",
    "second",
    "output",
    "batch",
    "dataset",
    "compare",
    "workbook",
    "picture",
    "view",
    "cli",
];

/// Types that pass between all stages.
const SHARED: [&str; 11] = [
    "crew", "document", "error", "geometry", "guard", "limits", "options", "words", "Document", "Error",
    "Options",
];

/// The whole pipeline: only for what stands around it.
const WHOLE: [&str; 6] = ["check", "extract", "extract_within", "page_grids", "readings", "reread"];

/// Names behind `crate::` in the program part of a source text (not its comments, not its tests).
fn used(text: &str) -> BTreeSet<String> {
    let program = text.split("#[cfg(test)]\nmod ").next().unwrap();
    let code: String = program.lines().map(|l| l.split("//").next().unwrap().to_owned() + "\n").collect();
    let single = Regex::new(r"\bcrate::(\w+)").unwrap();
    let token = Regex::new(r"\w+|[{},]").unwrap();
    let group = Regex::new(r"\bcrate::\{([^;]*)\};").unwrap();
    let mut names: BTreeSet<String> = single.captures_iter(&code).map(|c| c[1].to_owned()).collect();
    for captured in group.captures_iter(&code) {
        let (mut depth, mut start) = (0, true);
        for word in token.find_iter(&captured[1]) {
            match word.as_str() {
                "{" => depth += 1,
                "}" => depth -= 1,
                "," => start = depth == 0,
                name if start => {
                    names.insert(name.to_owned());
                    start = false;
                }
                _ => {}
            }
        }
    }
    names
}

/// All source files below a path (a folder or a single file), tests left out.
fn sources(path: &Path, found: &mut Vec<std::path::PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            sources(&entry.unwrap().path(), found);
        }
    } else if path.is_file() && path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
        found.push(path.to_path_buf());
    }
}

#[test]
fn a_folder_knows_only_those_to_its_left() {
    let mut wrong = Vec::new();
    let batch = FLOW.iter().position(|f| *f == "batch").unwrap();
    for (place, folder) in FLOW.iter().enumerate() {
        let mut files = Vec::new();
        sources(Path::new(&format!("src/{folder}")), &mut files);
        sources(Path::new(&format!("src/{folder}.rs")), &mut files);
        assert!(!files.is_empty(), "no sources of {folder}");
        for file in files {
            for name in used(&fs::read_to_string(&file).unwrap()) {
                let known = SHARED.contains(&name.as_str())
                    || FLOW[..=place].contains(&name.as_str())
                    || (place >= batch && WHOLE.contains(&name.as_str()));
                if !known {
                    wrong.push(format!("{} uses crate::{name}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn what_passes_between_the_stages_knows_none_of_them() {
    let mut files = Vec::new();
    for name in SHARED.iter().filter(|name| name.starts_with(char::is_lowercase) && **name != "options") {
        sources(Path::new(&format!("src/{name}")), &mut files);
        sources(Path::new(&format!("src/{name}.rs")), &mut files);
    }
    assert!(files.len() >= 6);
    for file in files {
        for name in used(&fs::read_to_string(&file).unwrap()) {
            assert!(SHARED.contains(&name.as_str()), "{} uses crate::{name}", file.display());
        }
    }
}

#[test]
fn every_folder_of_src_has_its_place_in_the_flow() {
    for entry in fs::read_dir("src").unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            let name = entry.file_name().into_string().unwrap();
            let known = FLOW.contains(&name.as_str()) || SHARED.contains(&name.as_str());
            assert!(known, "src/{name} is not in the list");
        }
    }
}

#[test]
fn the_check_sees_every_way_of_writing_an_import() {
    let text = "use crate::{a::{b, c}, d, e::f};\nlet x = crate::g::h(); // crate::comment\n#[cfg(test)]\nmod tests { use crate::test; }";
    assert!(used(text).iter().eq(["a", "d", "e", "g"]));
}

#[test]
fn every_module_says_what_it_is_for() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    for file in files {
        assert!(
            fs::read_to_string(&file).unwrap().starts_with("//! "),
            "{} has no first words",
            file.display()
        );
    }
}
