//! The names of a class, section and item in the text → their code in the tables.

use crate::document::{Document, Level};
use crate::normalize::code::Scheme;
use crate::normalize::codebook;
use crate::normalize::text::key;
use rustc_hash::FxHashSet;

/// The tables that know functional codes, the best first.
const TABLES: [u8; 6] = [5, 3, 2, 4, 8, 9];

/// The functional codes of a document's tables with the keys of their names.
#[derive(Debug, Default)]
pub(super) struct Codes {
    all: Vec<(String, String)>,
}

impl Codes {
    /// Collects them, those of the best table first.
    pub(super) fn new(document: &Document) -> Self {
        let mut seen = FxHashSet::default();
        let mut all = Vec::new();
        let tables = TABLES.iter().filter_map(|n| document.tables.iter().find(|t| t.number == *n));
        for row in tables.flat_map(|t| &t.rows) {
            let (Some(code), Some(name)) = (&row.code, &row.name) else { continue };
            if seen.insert((code.as_str(), name.as_str())) {
                all.push((code.clone(), key(name)));
            }
        }
        Self { all }
    }

    /// Code of a class by its name: as a table prints it, else as the official lists do.
    pub(super) fn class(&self, name: &str) -> Option<String> {
        self.class_of_key(&key(name))
    }

    fn class_of_key(&self, name: &str) -> Option<String> {
        let printed = self.all.iter().find(|(code, printed)| code.len() == 3 && same_name(printed, name));
        let listed = || codebook::class_code(name, Scheme::Functional).map(str::to_owned);
        printed.map(|(code, _)| code.clone()).or_else(listed)
    }

    fn child(&self, parent: &str, level: Level, name: &str) -> Option<String> {
        let length = if level == Level::Section { 5 } else { 7 };
        let below = |code: &str| code.len() == length && code.starts_with(parent);
        if let Some((code, _)) =
            self.all.iter().find(|(code, printed)| below(code) && same_name(printed, name))
        {
            return Some(code.clone());
        }
        // tables that list items only: the section is known by its official name
        let listed = codebook::entries(Scheme::Functional).iter();
        listed.filter(|e| below(e.code)).find(|e| key(e.name) == name).map(|e| e.code.to_owned())
    }
}

/// Whether two keys are one name, with or without 支出 at the end.
fn same_name(printed: &str, name: &str) -> bool {
    printed == name
        || printed.strip_suffix("支出") == Some(name)
        || name.strip_suffix("支出") == Some(printed)
}

/// A label taken apart: 一般公共服务支出（类）商贸事务（款）行政运行（项）.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// Names of class, section and item.
    names: [Option<String>; 3],
    /// The digits printed beside them.
    digits: [Option<String>; 3],
}

/// The markers of the three levels.
const MARKS: [char; 3] = ['类', '款', '项'];

impl Names {
    /// Takes a label apart; `None` where it has no marker.
    pub(super) fn read(label: &str) -> Option<Self> {
        if let Some(dashed) = Self::dashed(label) {
            return Some(dashed);
        }
        let mut out = Names::default();
        let mut rest = label;
        let mut any = false;
        for (level, mark) in MARKS.into_iter().enumerate() {
            let Some((name, digits, tail)) = marked(rest, mark) else { continue };
            out.names[level] = Some(key(name));
            out.digits[level] = (!digits.is_empty()).then(|| digits.to_owned());
            // 公共安全（类）支出
            rest = if level == 0 { tail.strip_prefix("支出").unwrap_or(tail) } else { tail };
            any = true;
        }
        any.then_some(out)
    }

    /// “一般公共服务支出-商贸事务-行政运行”科目.
    fn dashed(label: &str) -> Option<Self> {
        let path = label.trim_end_matches("科目").trim_matches(['“', '”', '"']);
        let names: Vec<&str> = path.split(['-', '—', '－']).filter(|n| !n.is_empty()).collect();
        let [class, section, item] = names.as_slice() else { return None };
        codebook::class_code(class, Scheme::Functional)?;
        Some(Self { names: [class, section, item].map(|n| Some(key(n))), digits: [None, None, None] })
    }

    /// The same with the class of an earlier label, where it names none itself.
    pub(super) fn below(mut self, class: Option<&Names>) -> Self {
        if let (None, Some(class)) = (&self.names[0], class) {
            self.names[0].clone_from(&class.names[0]);
            self.digits[0].clone_from(&class.digits[0]);
        }
        self
    }

    /// Whether it names a class and nothing below.
    pub(super) fn is_class(&self) -> bool {
        matches!(self.names, [Some(_), None, None])
    }

    /// The code that the names stand for in the document's tables.
    pub(super) fn code(&self, codes: &Codes) -> Option<String> {
        let digits: Vec<&str> = self.digits.iter().map_while(|d| d.as_deref()).collect();
        let depth = self.names.iter().take_while(|n| n.is_some()).count();
        if digits.len() == depth && depth > 0 {
            let code = digits.concat();
            return matches!(code.len(), 3 | 5 | 7).then_some(code);
        }
        let mut code = codes.class_of_key(self.names[0].as_deref()?)?;
        for (level, name) in [(Level::Section, &self.names[1]), (Level::Item, &self.names[2])] {
            let Some(name) = name else { break };
            code = codes.child(&code, level, name)?;
        }
        // an item without its section stands for nothing
        (self.names[2].is_none() || code.len() == 7).then_some(code)
    }
}

/// The text before `（…类）`, the digits in the brackets, and the text behind.
fn marked(text: &str, mark: char) -> Option<(&str, &str, &str)> {
    text.match_indices('（').find_map(|(at, open)| {
        let inside = text.get(at + open.len()..)?;
        let digits = inside.len() - inside.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let tail = inside.get(digits..)?.strip_prefix(mark)?.strip_prefix('）')?;
        let name = text.get(..at)?;
        (!name.is_empty()).then_some((name, inside.get(..digits)?, tail))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::document::{Row, Table};

    fn row(code: &str, name: &str) -> Row {
        Row { code: Some(code.to_owned()), name: Some(name.to_owned()), ..Row::default() }
    }

    fn codes() -> Codes {
        let rows = vec![
            row("201", "一般公共服务支出"),
            row("20113", "商贸事务"),
            row("2011301", "行政运行"),
            row("20104", "发展与改革事务"),
            row("2010401", "行政运行"),
        ];
        let tables = vec![Table { number: 5, rows, ..Table::default() }];
        Codes::new(&Document { tables, ..Document::default() })
    }

    fn code(label: &str) -> Option<String> {
        Names::read(label)?.code(&codes())
    }

    #[test]
    fn the_same_item_name_stands_under_several_sections() {
        assert_eq!(code("一般公共服务支出（类）商贸事务（款）行政运行（项）").as_deref(), Some("2011301"));
        assert_eq!(code("一般公共服务（类）发展与改革事务（款）行政运行（项）").as_deref(), Some("2010401"));
        assert_eq!(code("一般公共服务支出（类）").as_deref(), Some("201"));
    }

    #[test]
    fn printed_digits_are_the_code() {
        assert_eq!(code("公共安全支出（204类）司法（06款）行政运行（01项）").as_deref(), Some("2040601"));
    }

    #[test]
    fn names_are_parted_by_dashes_too() {
        assert_eq!(code("“一般公共服务支出-商贸事务-行政运行”科目").as_deref(), Some("2011301"));
        assert_eq!(Names::read("人员-公用-项目"), None);
    }

    #[test]
    fn names_that_no_table_has_give_no_code() {
        assert_eq!(code("一般公共服务支出（类）商贸事务（款）不存在（项）"), None);
        assert_eq!(code("商贸事务（款）行政运行（项）"), None);
        assert_eq!(code("基本支出"), None);
    }

    #[test]
    fn a_class_printed_once_above_holds_for_what_is_below() {
        let class = Names::read("一般公共服务支出（类）").unwrap();
        let names = Names::read("商贸事务（款）行政运行（项）").unwrap().below(Some(&class));
        assert_eq!(names.code(&codes()).as_deref(), Some("2011301"));
    }
}
