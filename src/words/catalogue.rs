//! The catalogue: id → text in each language, from the files under `schemas/words/`.

use super::Lang;
use rustc_hash::FxHashMap;
use std::fmt::{Display, Write as _};
use std::sync::LazyLock;

/// The files of the catalogue, with their names.
pub(super) const FILES: [(&str, &str); 2] = [
    ("messages.toml", include_str!("../../schemas/words/messages.toml")),
    ("help.toml", include_str!("../../schemas/words/help.toml")),
];

/// English, Chinese.
type Pair = [String; 2];

static ALL: LazyLock<FxHashMap<String, Pair>> = LazyLock::new(|| {
    let mut all = FxHashMap::default();
    for (_, file) in FILES {
        // a test holds that all of them parse
        if let Ok(table) = file.parse::<toml::Table>() {
            collect("", &table, &mut all);
        }
    }
    all
});

/// A table with `en` and `zh` is a text; its id is made of the keys that lead to it.
pub(super) fn collect(id: &str, table: &toml::Table, all: &mut FxHashMap<String, Pair>) {
    let language = |key| table.get(key).and_then(toml::Value::as_str).map(ToOwned::to_owned);
    if let (Some(en), Some(zh)) = (language("en"), language("zh")) {
        all.insert(id.to_owned(), [en, zh]);
    }
    for (key, value) in table {
        if let Some(inner) = value.as_table() {
            let id = if id.is_empty() { key.clone() } else { format!("{id}.{key}") };
            collect(&id, inner, all);
        }
    }
}

/// The text with this id; `None` where the catalogue has none.
pub fn text(lang: Lang, id: &str) -> Option<&'static str> {
    ALL.get(id).map(|[en, zh]| match lang {
        Lang::En => en.as_str(),
        Lang::Zh => zh.as_str(),
    })
}

/// The text with this id, each `{name}` in it replaced by its value. An id that the catalogue lacks shows itself: a test
/// holds that there is none.
pub fn fill(lang: Lang, id: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut rest = text(lang, id).unwrap_or(id);
    let mut out = String::with_capacity(rest.len() + 32);
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        match values.iter().find(|(known, _)| *known == name) {
            // writing into a String cannot fail
            Some((_, value)) => {
                let _ = write!(out, "{value}");
            }
            None => {
                let _ = write!(out, "{{{name}}}");
            }
        }
        rest = behind;
    }
    out + rest
}

/// `1 page`, `2,471 pages`: a text that holds both forms, `{n} page|{n} pages`.
pub fn count(lang: Lang, n: u64, what: &str) -> String {
    let text = text(lang, what).unwrap_or(what);
    let form = match text.split_once('|') {
        Some((one, many)) => {
            if n == 1 {
                one
            } else {
                many
            }
        }
        None => text,
    };
    form.replace("{n}", &thousands(n))
}

/// A number with a comma after every three digits.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use regex::Regex;
    use std::collections::BTreeSet;

    fn names(text: &str) -> BTreeSet<&str> {
        Regex::new(r"\{(\w+)\}").unwrap().captures_iter(text).map(|c| c.get(1).unwrap().as_str()).collect()
    }

    #[test]
    fn both_languages_of_a_text_name_the_same_values() {
        let value = Regex::new(r"\{\w+\}").unwrap();
        for (name, file) in FILES {
            let mut all = FxHashMap::default();
            collect("", &file.parse().map_err(|e| format!("{name}: {e}")).unwrap(), &mut all);
            assert!(all.len() > 5, "{name}");
            for (id, [en, zh]) in &all {
                assert_eq!(names(en), names(zh), "{id}");
                assert!(!en.trim().is_empty() && !zh.trim().is_empty(), "{id}");
                let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
                let words = value.replace_all(en, "").chars().any(char::is_alphabetic);
                assert!(chinese(zh) || en == zh || !words, "{id}: {zh}");
            }
        }
    }

    /// The program part of all sources.
    fn sources(folder: &std::path::Path, out: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                out.push_str(text.split("#[cfg(test)]\nmod tests").next().unwrap());
            }
        }
    }

    #[test]
    fn every_message_that_the_source_names_is_there_and_none_is_left_over() {
        let mut text = String::new();
        sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
        let (_, file) = FILES[0];
        let mut known = FxHashMap::default();
        collect("", &file.parse().unwrap(), &mut known);
        let groups: BTreeSet<&str> = known.keys().filter_map(|id| id.split('.').next()).collect();
        let groups: Vec<&str> = groups.into_iter().collect();
        // in `say!`, `count` and `text`: ids of findings look alike, and stand elsewhere
        let id = Regex::new(&format!(r#""((?:{})\.[a-z-]+)""#, groups.join("|"))).unwrap();
        let named: BTreeSet<&str> = id.captures_iter(&text).map(|c| c.get(1).unwrap().as_str()).collect();
        let left_over: Vec<&String> = known.keys().filter(|id| !named.contains(id.as_str())).collect();
        assert!(left_over.is_empty(), "{left_over:?}");
        let spoken = Regex::new(r#"(?s)say!\(\s*[\w.]+,\s*"([a-z.-]+)""#).unwrap();
        let missing: Vec<&str> = spoken
            .captures_iter(&text)
            .map(|c| c.get(1).unwrap().as_str())
            .filter(|id| super::text(Lang::En, id).is_none())
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn a_value_that_looks_like_a_name_is_not_filled_again() {
        let filled = fill(Lang::En, "say.open.brace {a} {b} {", &[("a", &"{b}"), ("b", &1)]);
        assert_eq!(filled, "say.open.brace {b} 1 {");
    }

    #[test]
    fn counts_have_a_singular_and_commas() {
        assert_eq!(count(Lang::En, 1, "count.page"), "1 page");
        assert_eq!(count(Lang::En, 2471, "count.page"), "2,471 pages");
        assert_eq!(count(Lang::Zh, 2471, "count.page"), "2,471 页");
        assert_eq!(thousands(1_000_000), "1,000,000");
    }
}
