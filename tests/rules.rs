//! Every rule that the program can name is explained, and the page of rules says what the data says.
//!
//! `UPDATE=1 cargo test --test rules` rewrites the page.
#![allow(clippy::unwrap_used)]

use regex::Regex;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

fn sources(folder: &Path, out: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            out.push_str(text.split("#[cfg(test)]\nmod tests").next().unwrap());
        }
    }
}

#[test]
fn every_finding_that_the_source_names_is_explained() {
    let mut text = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    let id = Regex::new(
        r#""((?:cell|layout|limit|pdf|performance|personal|proof|reading|row|table|unit)\.[a-z_.-]+[a-z])""#,
    )
    .unwrap();
    let named: BTreeSet<&str> = id.captures_iter(&text).map(|c| c.get(1).unwrap().as_str()).collect();
    let known: BTreeSet<&str> =
        yusuan::proof::rules().chain(yusuan::proof::findings()).map(|(id, _, _)| id).collect();
    let unexplained: Vec<_> =
        named.iter().filter(|id| !known.contains(*id) && !id.ends_with(".rs")).collect();
    assert!(named.len() > 30 && unexplained.is_empty(), "{unexplained:?}");
    let unused: Vec<_> = yusuan::proof::findings().filter(|(id, _, _)| !text.contains(*id)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn the_page_of_rules_says_what_the_data_says() {
    let mut page = String::from(
        "# Rules\n\nMade from `schemas/identities.toml` and `schemas/findings.toml`; do not edit. `yusuan explain RULE` says the \
         same.\n\n## Identities and what explains their breaks\n\n| id | what holds | 含义 |\n|---|---|---|\n",
    );
    for (id, en, zh) in yusuan::proof::rules() {
        writeln!(page, "| `{id}` | {} | {} |", en.replace('|', "\\|"), zh.replace('|', "\\|")).unwrap();
    }
    page.push_str("\n## Other findings\n\n| id | what it means | 含义 |\n|---|---|---|\n");
    for (id, en, zh) in yusuan::proof::findings() {
        writeln!(page, "| `{id}` | {en} | {zh} |").unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/RULES.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &page).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == page, "docs/RULES.md is out of date: UPDATE=1");
}
