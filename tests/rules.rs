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
        r#""((?:cell|document|layout|limit|pdf|performance|personal|proof|reading|row|table|unit)\.[a-z_.-]+[a-z])""#,
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

#[test]
fn a_broken_file_of_identities_is_an_error_with_line_and_key() {
    let whole = "[[identity]]\nid = \"X\"\nen = \"a\"\nzh = \"b\"\ncheck = \"equal\"\nleft = \"T1[revenue].total\"\nright = \"T3[total].total\"\n";
    let breaks = [
        ("check = \"equal\"", "check = \"equals\"", "line 5, key `check`: unknown variant"),
        ("id = \"X\"", "id = 5", "line 2, key `id`: invalid type"),
        ("right = \"T3[total].total\"\n", "", "line 1: identity `X`, key `right`: is missing"),
        ("T3[total].total", "T3[total].colour", "line 7: identity `X`, key `right`: table 3 has no column"),
        ("T3[total].total", "T3[nonsense].total", "line 7: identity `X`, key `right`: T3 has no row"),
        ("T3[total].total", "$nothing", "line 7: identity `X`, key `right`: unknown term"),
        ("T3[total].total", "T3[total].total +", "line 7: identity `X`, key `right`: expected an amount"),
        ("T1[revenue]", "T99[revenue]", "line 6: identity `X`, key `left`: expected a table"),
        ("T1[revenue]", "T1[total]", "line 6: identity `X`, key `left`: T1 has a total on each side"),
        ("zh = \"b\"", "zh = \" \"", "line 4: identity `X`, key `zh`: is empty"),
        ("zh = \"b\"", "zh = \"b\"\nshape = \"unique\"", "line 5: identity `X`, key `shape`: says nothing"),
        ("zh = \"b\"", "zh = \"b\"\nseverity = \"fatal\"", "line 5, key `severity`: unknown variant"),
        ("zh = \"b\"", "zh = \"b\"\ncolour = \"red\"", "line 5: unknown field `colour`"),
        ("[[identity]]", "[columns]\n77 = [\"total\"]\n[[identity]]", "line 2: key `77`: no table"),
        ("[[identity]]", "[[identity]", "line 1: unclosed"),
    ];
    assert!(yusuan::proof::Rules::with_file("own.toml", whole).is_ok());
    for (old, new, wanted) in breaks {
        let error = yusuan::proof::Rules::with_file("own.toml", &whole.replacen(old, new, 1)).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("own.toml") && message.contains(wanted), "{message}\nwanted {wanted}");
    }
    let twice = yusuan::proof::Rules::with_file("own.toml", &format!("{whole}{whole}")).unwrap_err();
    assert!(twice.to_string().contains("line 8: identity `X`, key `id`: used twice"), "{twice}");
}
