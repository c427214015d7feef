//! The words of the page in two languages: `schemas/view.toml`.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// 中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The words for a key; the key itself where the catalogue lacks it.
    pub fn word(self, key: &'static str) -> &'static str {
        CATALOGUE.words.get(key).map_or(key, |both| both.of(self))
    }

    /// As [`Lang::word`], for keys that are put together; `None` where the catalogue lacks it.
    pub fn find(self, key: &str) -> Option<&'static str> {
        CATALOGUE.words.get(key).map(|both| both.of(self))
    }

    /// The words with what stands for their `{}`, one after the other.
    pub fn fill(self, key: &'static str, with: &[&dyn std::fmt::Display]) -> String {
        let mut parts = self.word(key).split("{}");
        let mut out = parts.next().unwrap_or_default().to_owned();
        for (part, value) in parts.zip(with) {
            out.push_str(&value.to_string());
            out.push_str(part);
        }
        out
    }

    /// A column's heading: the schema's own, the text's, or the last part of a header path.
    pub fn column(self, table: u16, column: &str) -> String {
        if let Some(both) = u8::try_from(table).ok().and_then(|n| COLUMNS.get(&(n, column.to_owned()))) {
            return both.of(self).to_owned();
        }
        if let Some(word) = self.find(&format!("column_{column}")) {
            return word.to_owned();
        }
        column.to_owned()
    }

    /// All words, for the script.
    pub fn all(self) -> BTreeMap<&'static str, &'static str> {
        CATALOGUE.words.iter().map(|(key, both)| (key.as_str(), both.of(self))).collect()
    }
}

#[derive(Deserialize)]
struct Both {
    zh: String,
    en: String,
}

impl Both {
    fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    words: BTreeMap<String, Both>,
}

/// The file is part of the program; a test proves that it parses.
const SOURCE: &str = include_str!("../../schemas/view.toml");

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| toml::from_str(SOURCE).unwrap_or_default());

/// Headings of the standard columns, by number of the table and id.
static COLUMNS: LazyLock<BTreeMap<(u8, String), Both>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Column {
        id: String,
        zh: String,
        en: String,
    }
    #[derive(Deserialize)]
    struct Table {
        number: u8,
        column: Vec<Column>,
    }
    let tables = crate::schema::sources().filter_map(|(_, text)| toml::from_str::<Table>(text).ok());
    let columns = tables.flat_map(|t| t.column.into_iter().map(move |c| (t.number, c)));
    columns.map(|(number, c)| ((number, c.id), Both { zh: c.zh, en: c.en })).collect()
});

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use regex::Regex;

    #[test]
    fn every_word_that_is_asked_for_is_there_in_both_languages() {
        let catalogue: Catalogue = toml::from_str(SOURCE).unwrap();
        assert!(catalogue.words.values().all(|b| !b.zh.is_empty() && !b.en.is_empty()));
        let asked = Regex::new(r#"(?:word|fill|find)\(\s*"(\w+)"|\bw\("(\w+)"\)"#).unwrap();
        let mut seen = 0;
        for file in std::fs::read_dir("src/view").unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for found in asked.captures_iter(&text) {
                let key = found.get(1).or(found.get(2)).unwrap().as_str();
                assert!(catalogue.words.contains_key(key), "{key}");
                seen += 1;
            }
        }
        assert!(seen > 50, "{seen}");
    }

    #[test]
    fn words_are_filled_and_columns_have_headings() {
        assert_eq!(Lang::Zh.fill("page", &[&12]), "第 12 页");
        assert_eq!(Lang::En.fill("coverage_of", &[&3, &4]), "3 of 4 amounts");
        assert_eq!(Lang::Zh.column(3, "basic"), "基本支出");
        assert_eq!(Lang::Zh.column(3, "收入/事业收入"), "收入/事业收入");
    }
}
