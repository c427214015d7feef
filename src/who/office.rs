//! A printed name → one name for all spellings of the same office (`schemas/offices.toml`), with what was taken for the
//! same.

use crate::document::Office;
use crate::normalize::text;
use regex::Regex;
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    form: Vec<FormFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormFile {
    long: String,
    short: String,
    why: String,
}

struct Form {
    long: Regex,
    short: String,
    why: String,
}

pub(super) const TEXT: &str = include_str!("../../schemas/offices.toml");

fn read(text: &str) -> Result<Vec<Form>, String> {
    let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
    let form = |f: FormFile| {
        Ok(Form { long: Regex::new(&f.long).map_err(|e| e.to_string())?, short: f.short, why: f.why })
    };
    file.form.into_iter().map(form).collect()
}

/// The office of a printed name.
pub fn canonical(printed: &str) -> Office {
    static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| read(TEXT).unwrap_or_default());
    let mut office = Office { id: text::compact(&text::clean(printed)), evidence: Vec::new() };
    for form in FORMS.iter() {
        let short = form.long.replace(&office.id, form.short.as_str());
        // a name that is nothing but a form stays
        if short != office.id && !short.is_empty() {
            office.id = short.into_owned();
            if !office.evidence.contains(&form.why) {
                office.evidence.push(form.why.clone());
            }
        }
    }
    office
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_file_parses() {
        assert!(read(TEXT).unwrap().len() > 10);
    }

    #[test]
    fn spellings_of_one_office_are_one() {
        for spellings in [
            &[
                "中共莎车县委员会组织部",
                "中国共产党莎车县委员会组织部",
                "莎车县委组织部",
                "中共莎车县委组织部",
            ][..],
            &["中共莎车县委员会", "中国共产党莎车县委员会", "中共莎车县委"],
            &["莎车县委统战部", "中国共产党莎车县委员会统一战线工作部", "中共莎车县委员会统战部"],
            &["中共莎车县委员会政法委员会", "莎车县委政法委"],
            &[
                "莎车县市场监督管理局",
                "莎车县市场监督管理局（本级）",
                "莎车县市场监督管理局(本级)",
                "莎车县 市场监督管理局本级",
            ],
            &["中国人民政治协商会议莎车县委员会", "政协莎车县委员会", "莎车县政协"],
            &["中国人民政治协商会议江苏省委员会办公厅", "江苏省政协办公厅"],
            &["莎车县人民代表大会常务委员会", "莎车县人大常委会"],
            &["中共莎车县纪律检查委员会", "莎车县纪委"],
        ] {
            let ids: Vec<String> = spellings.iter().map(|s| canonical(s).id).collect();
            assert!(ids.iter().all(|id| *id == ids[0]), "{spellings:?}: {ids:?}");
        }
    }

    #[test]
    fn offices_stay_apart() {
        let names = [
            "莎车县委组织部",
            "莎车县委宣传部",
            "莎车县政协",
            "莎车县委",
            "莎车县人民政府",
            "莎车县财政局",
            "叶城县财政局",
            "莎车县纪委",
            "莎车县监委",
            "莎车县残疾人联合会",
            "莎车县委员会办公室",
            "莎车县人民政府办公室",
        ];
        let ids: std::collections::BTreeSet<String> = names.iter().map(|n| canonical(n).id).collect();
        assert_eq!(ids.len(), names.len());
    }

    #[test]
    fn the_evidence_says_what_was_taken_for_the_same() {
        let office = canonical("中国共产党莎车县委员会组织部（本级）");
        assert_eq!(office.id, "莎车县委组织部");
        assert!(office.evidence.contains(&"本级".to_owned()) && office.evidence.contains(&"中共".to_owned()));
        assert!(canonical("莎车县财政局").evidence.is_empty());
    }
}
