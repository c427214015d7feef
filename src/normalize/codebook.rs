//! The lists of classification codes (`schemas/codes`), compiled in: code → official name, name → class code.
//!
//! The lists are a help, never a judge: 款 and 项 change from year to year and are listed only as far as they
//! were seen, so a code that is not listed is no error.

use crate::normalize::code::Scheme;
use crate::normalize::text::key;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

const FUNCTIONAL: &str = include_str!("../../schemas/codes/functional.csv");
const ECONOMIC: &str = include_str!("../../schemas/codes/economic.csv");

/// What is known about a listed name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Printed by an official list.
    Official,
    /// Seen in published budgets.
    Observed,
    /// An earlier official name.
    Former,
}

/// One line of a code list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// 3, 5 or 7 digits.
    pub code: &'static str,
    /// Official name.
    pub name: &'static str,
    /// What is known about it.
    pub standing: Standing,
    /// The budget year in which the name was seen last.
    pub year: Option<u16>,
}

struct Book {
    entries: Vec<Entry>,
    by_code: FxHashMap<&'static str, usize>,
    class_by_key: FxHashMap<String, usize>,
}

static BOOKS: LazyLock<[Book; 2]> = LazyLock::new(|| [Book::read(FUNCTIONAL), Book::read(ECONOMIC)]);

/// The listed names of a scheme, in order of their codes.
pub fn entries(scheme: Scheme) -> &'static [Entry] {
    &book(scheme).entries
}

/// The current name of a code, where it is listed.
pub fn name_of(code: &str, scheme: Scheme) -> Option<&'static str> {
    let book = book(scheme);
    book.entries.get(*book.by_code.get(code)?).map(|entry| entry.name)
}

/// Whether the list knows this name (current or former) for this code; `None` where the code is not listed.
pub fn is_known_name(code: &str, name: &str, scheme: Scheme) -> Option<bool> {
    let book = book(scheme);
    let first = *book.by_code.get(code)?;
    let wanted = key(name);
    Some(book.entries.iter().skip(first).take_while(|e| e.code == code).any(|e| key(e.name) == wanted))
}

/// The code of a class (类) by its printed name: enumeration taken off by the caller, any spacing, with or
/// without 支出 or （类） at the end, current and former official names (医疗卫生与计划生育支出 → `210`).
pub fn class_code(name: &str, scheme: Scheme) -> Option<&'static str> {
    let book = book(scheme);
    let wanted = key(name);
    let wanted = wanted.strip_suffix('类').unwrap_or(&wanted);
    let found = book.class_by_key.get(wanted).or_else(|| book.class_by_key.get(&format!("{wanted}支出")));
    book.entries.get(*found?).map(|entry| entry.code)
}

fn book(scheme: Scheme) -> &'static Book {
    let [functional, economic] = &*BOOKS;
    match scheme {
        Scheme::Functional => functional,
        Scheme::Economic => economic,
    }
}

impl Book {
    /// Lines `code,name,status,year`; `#` starts a comment. The lists are ours: a line that does not fit is
    /// left out here and caught by the test below.
    fn read(csv: &'static str) -> Self {
        let entries: Vec<Entry> = csv.lines().filter_map(entry).collect();
        let mut by_code = FxHashMap::default();
        let mut class_by_key = FxHashMap::default();
        for (i, entry) in entries.iter().enumerate() {
            by_code.entry(entry.code).or_insert(i);
            if entry.code.len() == 3 {
                class_by_key.entry(key(entry.name)).or_insert(i);
            }
        }
        Self { entries, by_code, class_by_key }
    }
}

fn entry(line: &'static str) -> Option<Entry> {
    let mut fields = line.split(',');
    let (code, name, status, year) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let standing = match status {
        "official" => Standing::Official,
        "observed" => Standing::Observed,
        "former" => Standing::Former,
        _ => return None,
    };
    let digits = matches!(code.len(), 3 | 5 | 7) && code.bytes().all(|b| b.is_ascii_digit());
    digits.then_some(Entry { code, name, standing, year: year.parse().ok() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_lists_is_read() {
        for csv in [FUNCTIONAL, ECONOMIC] {
            let lines = csv.lines().filter(|l| !l.starts_with('#') && !l.starts_with("code,")).count();
            let book = Book::read(csv);
            assert_eq!(book.entries.len(), lines);
            assert!(book.entries.windows(2).all(|w| w[0].code <= w[1].code), "sorted by code");
            assert!(book.entries.iter().all(|e| e.year.is_some()));
        }
    }

    #[test]
    fn classes_are_found_by_every_official_name() {
        for (name, code) in [
            ("一般公共服务支出", "201"),
            ("一般公共服务", "201"),
            ("公共安全支出（类）", "204"),
            ("教育", "205"),
            ("文化体育与传媒支出", "207"),
            ("文化旅游体育与传媒支出", "207"),
            ("医疗卫生与计划生育支出", "210"),
            ("卫生 健康支出", "210"),
            ("资源勘探信息等支出", "215"),
            ("资源勘探工业信息等支出", "215"),
            ("国土海洋气象等支出", "220"),
            ("预备费", "227"),
        ] {
            assert_eq!(class_code(name, Scheme::Functional), Some(code), "{name}");
        }
        assert_eq!(class_code("行政运行", Scheme::Functional), None);
        assert_eq!(class_code("", Scheme::Functional), None);
        assert_eq!(class_code("资本性支出（基本建设）", Scheme::Economic), Some("309"));
        assert_eq!(class_code("资本性支出", Scheme::Economic), Some("310"));
    }

    #[test]
    fn former_names_are_known_but_not_given() {
        assert_eq!(name_of("210", Scheme::Functional), Some("卫生健康支出"));
        assert_eq!(is_known_name("210", "医疗卫生与计划生育支出", Scheme::Functional), Some(true));
        assert_eq!(is_known_name("210", "教育支出", Scheme::Functional), Some(false));
        assert_eq!(is_known_name("2999999", "教育支出", Scheme::Functional), None);
        assert_eq!(name_of("30217", Scheme::Economic), Some("公务接待费"));
    }
}
