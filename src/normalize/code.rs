//! Classification codes (政府收支分类科目): printed cells → whole codes without separators.
//!
//! Functional codes have 3, 5 or 7 digits (类, 款, 项), economic codes 3 or 5 (类, 款). They are printed in one
//! column, glued to the name, or in one column a level, with the parents repeated, left blank or torn by
//! wrapping.

use crate::document::Level;
use crate::normalize::chars::{is_invisible, is_space};
use crate::normalize::text::clean;

/// Which classification a code belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// 支出功能分类: 类, 款, 项.
    Functional,
    /// 支出经济分类: 类, 款.
    Economic,
}

/// A code taken from a cell that may also hold the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeAndName {
    /// 3, 5 or 7 digits.
    pub code: String,
    /// The rest of the cell in the contract's text form; empty where the cell holds the code alone.
    pub name: String,
}

/// A code put together from the columns 类, 款, 项.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joined {
    /// Printed as a whole, in one column or in parts.
    Whole(String),
    /// The parent's part was blank and comes from the row above.
    Carried(String),
    /// Digits are missing or too many; the level is that of the last column with digits. [`complete`] can
    /// repair it with the code of a row below.
    Damaged {
        /// All printed digits in order.
        digits: String,
        /// Level that the columns say.
        level: Level,
    },
}

impl Level {
    /// Digits of a whole code of this level.
    pub fn digits(self) -> usize {
        match self {
            Level::Class => 3,
            Level::Section => 5,
            Level::Item => 7,
        }
    }

    /// The level of column 0, 1, 2 of 类, 款, 项.
    pub fn from_column(column: usize) -> Option<Self> {
        [Level::Class, Level::Section, Level::Item].get(column).copied()
    }
}

/// The level of a whole code; `None` where the text is no code of the scheme.
pub fn level_of(code: &str, scheme: Scheme) -> Option<Level> {
    if !is_digits(code) {
        return None;
    }
    match (code.len(), scheme) {
        (3, _) => Some(Level::Class),
        (5, _) => Some(Level::Section),
        (7, Scheme::Functional) => Some(Level::Item),
        _ => None,
    }
}

/// The code of the parent: `2011301` → `20113` → `201` → `None`.
pub fn parent(code: &str) -> Option<&str> {
    code.len().checked_sub(2).filter(|&n| n >= 3).and_then(|n| code.get(..n))
}

/// Reads a cell that holds a code, alone, in front of its name or in square brackets behind it: `2011301`, `201 13 01`,
/// `201-13-01`, `[2010101]行政运行`, `行政运行[2010101]`,
/// `201 一般公共服务支出`, `201一般公共服务支出`, in any width. `None` where the cell does not start with a code: names,
/// amounts (`201.50`, `201,000`), years (`2026年`), numbers of other lengths.
pub fn parse_code(text: &str, scheme: Scheme) -> Option<CodeAndName> {
    if !text.chars().any(|c| c.is_ascii_digit() || ('０'..='９').contains(&c)) {
        return None;
    }
    let text = clean(text);
    let body = text.trim_start_matches(['[', '【', '（', '〔', '「']);
    let bracketed = body.len() < text.len();
    let Some((first, mut rest)) = digits_at(body) else { return code_behind(&text, scheme) };
    let mut code = first.to_owned();
    // further groups of two digits: 201 13 01, 201-13-01, 20113 01
    while (3..7).contains(&code.len()) {
        let Some(tail) = rest.strip_prefix([' ', '-', '‐', '‑', '–', '_', '·', '.', '—']) else {
            break;
        };
        let Some((group, after)) = digits_at(tail) else { break };
        // one point makes an amount, two make a code
        let is_amount = rest.starts_with('.') && code.len() == 3 && !after.starts_with('.');
        let is_year = after.trim_start().starts_with('年');
        if group.len() != 2 || is_amount || is_year {
            break;
        }
        code.push_str(group);
        rest = after;
    }
    level_of(&code, scheme)?;
    if !is_class_of(&code, scheme) {
        return None;
    }
    let first_after = rest.chars().next();
    if first_after.is_some_and(|c| matches!(c, '.' | ',' | '%' | '年' | '月' | '万' | '元')) {
        return None;
    }
    let mut name = rest;
    if bracketed {
        name = name.trim_start_matches([']', '】', '）', '〕', '」']);
    }
    let name = name.trim_start_matches([' ', '-', '‐', '‑', '–', '_', '—', ':', '、', '|', '/']).trim();
    Some(CodeAndName { code, name: name.to_owned() })
}

/// Whether a code may be one of the scheme: functional classes are 2xx, economic ones 3xx (of departments) or 5xx (of
/// government). Other numbers before a name are a unit's (`333 某县水利局`).
pub fn is_class_of(code: &str, scheme: Scheme) -> bool {
    let first = code.as_bytes().first();
    match scheme {
        Scheme::Functional => first == Some(&b'2'),
        Scheme::Economic => matches!(first, Some(b'3' | b'5')),
    }
}

/// As [`parse_code`], in a column of codes, where a number with a point is no amount: `204.02`.
pub fn parse_code_alone(text: &str, scheme: Scheme) -> Option<CodeAndName> {
    parse_code(text, scheme).or_else(|| {
        let text = clean(text);
        let (class, section) = text.split_once('.')?;
        let pointed = class.len() == 3 && section.len() == 2;
        if pointed { parse_code(&format!("{class}{section}"), scheme) } else { None }
    })
}

/// A code in square brackets behind its name: `行政运行[2010101]`. Round ones may hold anything.
fn code_behind(text: &str, scheme: Scheme) -> Option<CodeAndName> {
    let (name, code) = text.strip_suffix([']', '】', '〕'])?.rsplit_once(['[', '【', '〔'])?;
    let plain = code.bytes().all(|b| b.is_ascii_digit()) && level_of(code, scheme).is_some();
    let name = name.trim_end_matches([' ', '-', '_']);
    (plain && !name.is_empty()).then(|| CodeAndName { code: code.to_owned(), name: name.to_owned() })
}

/// Puts a code together from the cells of the columns 类, 款, 项 (or 类, 款). `above` is the whole code of the
/// nearest code row above; it fills parents that are left blank. `None` where no cell holds digits only.
///
/// Understands parts (`201|13|01`, with parents repeated or blank), whole codes in each column
/// (`208|20805|2080501`), parts that lost a leading zero (`208|5|1`), whole codes in the first column, and parts
/// torn by a narrow column whose digits still give a valid length (`21|5|08` → `21508`).
pub fn join_parts(parts: &[&str], above: Option<&str>, scheme: Scheme) -> Option<Joined> {
    let mut cells: Vec<String> = Vec::with_capacity(parts.len());
    for part in parts {
        let digits: String = clean(part).chars().filter(|&c| !is_space(c) && !is_invisible(c)).collect();
        if !digits.is_empty() && !is_digits(&digits) {
            return None;
        }
        cells.push(digits);
    }
    let last = cells.iter().rposition(|c| !c.is_empty())?;
    let level = Level::from_column(last)?;
    let filled: Vec<&str> = cells.iter().map(String::as_str).filter(|c| !c.is_empty()).collect();

    // a whole code stands in the last filled column, the columns before repeat its parents (or nothing)
    if let Some((whole, parents)) = filled.split_last()
        && whole.len() >= 5
        && level_of(whole, scheme).is_some()
        && parents.iter().all(|p| whole.starts_with(p))
    {
        return Some(Joined::Whole((*whole).to_owned()));
    }
    if let [only] = filled.as_slice()
        && only.len() == 3
        && last == 0
    {
        return Some(Joined::Whole((*only).to_owned()));
    }

    // parts, from the left: 3 digits, then 2 and 2
    let mut code = String::with_capacity(7);
    let mut carried = false;
    let mut torn = false;
    for (column, cell) in cells.iter().enumerate().take(last + 1) {
        let end = Level::from_column(column).map_or(7, Level::digits);
        if cell.is_empty() {
            // parents that are blank come from above, as long as what is printed so far agrees with it
            match above.and_then(|above| above.get(..end)) {
                Some(parent) if parent.starts_with(&code) => parent.clone_into(&mut code),
                _ => torn = true,
            }
            carried = true;
        } else if column > 0 && cell.len() == 1 && code.len() == end.saturating_sub(2) && !torn {
            // a spreadsheet's number 5 for 05
            code.push('0');
            code.push_str(cell);
        } else {
            code.push_str(cell);
        }
        torn |= code.len() != end;
    }
    if !torn {
        return Some(if carried { Joined::Carried(code) } else { Joined::Whole(code) });
    }
    let digits: String = cells.concat();
    let has_hole = filled.len() <= last;
    match level_of(&digits, scheme) {
        Some(_) if !has_hole => Some(Joined::Whole(digits)),
        _ => Some(Joined::Damaged { digits, level }),
    }
}

/// Repairs a damaged code with the whole code of a row below it (its child or grandchild): the parent of that
/// code at the damaged code's level, if the printed digits are all contained in it in order.
pub fn complete(digits: &str, level: Level, below: &str) -> Option<String> {
    if !is_digits(below) {
        return None;
    }
    let candidate = below.get(..level.digits())?;
    let mut rest = candidate.chars();
    digits.chars().all(|d| rest.any(|c| c == d)).then(|| candidate.to_owned())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The digits at the start of the text and what follows them.
fn digits_at(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).filter(|(digits, _)| !digits.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Scheme::*;
    use super::*;

    fn parsed(text: &str) -> Option<(String, String)> {
        parse_code(text, Functional).map(|c| (c.code, c.name))
    }

    #[test]
    fn codes_alone_and_before_a_name() {
        for (text, code, name) in [
            ("2011301", "2011301", ""),
            ("20113", "20113", ""),
            ("201 13 01", "2011301", ""),
            ("201-13-01", "2011301", ""),
            ("201.13.01", "2011301", ""),
            ("20113 01", "2011301", ""),
            ("２０１１３０１", "2011301", ""),
            ("[2010101]行政运行", "2010101", "行政运行"),
            ("【2010101】 行政运行", "2010101", "行政运行"),
            ("201 一般公共服务支出", "201", "一般公共服务支出"),
            ("201一般公共服务支出", "201", "一般公共服务支出"),
            ("20103 政府办公厅(室)及相关机构事务", "20103", "政府办公厅（室）及相关机构事务"),
            ("201 2025年专项", "201", "2025年专项"),
            ("201-一般公共服务支出", "201", "一般公共服务支出"),
        ] {
            assert_eq!(parsed(text), Some((code.into(), name.into())), "{text:?}");
        }
    }

    #[test]
    fn a_number_with_a_point_is_a_code_in_a_column_of_codes() {
        let alone = |text| parse_code_alone(text, Functional).map(|c| c.code);
        assert_eq!(alone("204.02").as_deref(), Some("20402"));
        assert_eq!(alone("204.02.01").as_deref(), Some("2040201"));
        assert_eq!((alone("1204.02"), alone("204.5"), alone("204.02万")), (None, None, None));
    }

    #[test]
    fn what_is_no_code() {
        for text in [
            "",
            "行政运行",
            "201.50",
            "201,000",
            "2026年预算",
            "4733.14",
            "12",
            "20113011",
            "201130",
            "201万元",
            "374.96",
            "201%",
        ] {
            assert_eq!(parsed(text), None, "{text:?}");
        }
        assert_eq!(parse_code("3020101", Economic), None);
        assert_eq!(parse_code("30201 办公费", Economic).unwrap().name, "办公费");
    }

    fn joined(parts: &[&str], above: Option<&str>) -> Option<Joined> {
        join_parts(parts, above, Functional)
    }

    #[test]
    fn parts_repeated_blank_or_whole_give_the_same_code() {
        let whole = |code: &str| Some(Joined::Whole(code.to_owned()));
        assert_eq!(joined(&["201", "13", "01"], None), whole("2011301"));
        assert_eq!(joined(&["201", "13", ""], None), whole("20113"));
        assert_eq!(joined(&["201", "", ""], None), whole("201"));
        assert_eq!(joined(&["208", "20805", "2080501"], None), whole("2080501"));
        assert_eq!(joined(&["", "20805", ""], Some("208")), whole("20805"));
        assert_eq!(joined(&["", "", "2080501"], None), whole("2080501"));
        assert_eq!(joined(&["2080501", "", ""], None), whole("2080501"));
        assert_eq!(joined(&["20805", "01", ""], None), whole("2080501"));
        assert_eq!(joined(&["208", "5", "1"], None), whole("2080501"));
        assert_eq!(joined(&["２０８", " 05 ", "01"], None), whole("2080501"));
        let carried = |code: &str| Some(Joined::Carried(code.to_owned()));
        assert_eq!(joined(&["", "13", ""], Some("201")), carried("20113"));
        assert_eq!(joined(&["", "", "01"], Some("20113")), carried("2011301"));
        assert_eq!(joined(&["", "", "02"], Some("2011301")), carried("2011302"));
        assert_eq!(joined(&["", "14", ""], Some("2011301")), carried("20114"));
        assert_eq!(joined(&["201", "", "02"], Some("2011301")), carried("2011302"));
    }

    #[test]
    fn torn_parts_are_joined_where_the_length_allows() {
        let whole = |code: &str| Some(Joined::Whole(code.to_owned()));
        assert_eq!(joined(&["21", "0", "11"], None), whole("21011"));
        assert_eq!(joined(&["21", "5", ""], None), whole("215"));
        assert_eq!(joined(&["21", "5", "08"], None), whole("21508"));
        assert_eq!(
            joined(&["20", "13", ""], None),
            Some(Joined::Damaged { digits: "2013".into(), level: Level::Section })
        );
        assert_eq!(
            joined(&["20", "", ""], None),
            Some(Joined::Damaged { digits: "20".into(), level: Level::Class })
        );
        assert!(matches!(joined(&["", "13", ""], None), Some(Joined::Damaged { .. })));
        assert!(matches!(joined(&["202", "", "01"], Some("2011301")), Some(Joined::Damaged { .. })));
    }

    #[test]
    fn cells_without_digits_give_no_code() {
        assert_eq!(joined(&["", "", ""], Some("201")), None);
        assert_eq!(joined(&["合计", "", ""], None), None);
        assert_eq!(joined(&["类", "款", "项"], None), None);
        assert_eq!(joined(&[], None), None);
    }

    #[test]
    fn economic_codes_have_two_levels() {
        assert_eq!(join_parts(&["301", "01"], None, Economic), Some(Joined::Whole("30101".into())));
        assert_eq!(join_parts(&["301", "30101"], None, Economic), Some(Joined::Whole("30101".into())));
        assert_eq!(join_parts(&["", "02"], Some("30101"), Economic), Some(Joined::Carried("30102".into())));
        assert_eq!(level_of("3010101", Economic), None);
    }

    #[test]
    fn a_row_below_completes_a_damaged_code() {
        assert_eq!(complete("2013", Level::Section, "2011301").as_deref(), Some("20113"));
        assert_eq!(complete("20", Level::Class, "20113").as_deref(), Some("201"));
        assert_eq!(complete("205", Level::Section, "2080501").as_deref(), Some("20805"));
        assert_eq!(complete("2014", Level::Section, "2011301"), None);
        assert_eq!(complete("20", Level::Item, "20113"), None);
        assert_eq!(complete("20", Level::Class, "支出"), None);
    }

    #[test]
    fn parents() {
        assert_eq!(parent("2011301"), Some("20113"));
        assert_eq!(parent("20113"), Some("201"));
        assert_eq!(parent("201"), None);
        assert_eq!(parent(""), None);
    }

    proptest::proptest! {
        #[test]
        fn a_printed_code_reads_back(class in 200u32..300, section in 0u32..100, item in 0u32..100) {
            let code = format!("{class}{section:02}{item:02}");
            proptest::prop_assert_eq!(parsed(&code), Some((code.clone(), String::new())));
            let parts = [class.to_string(), format!("{section:02}"), format!("{item:02}")];
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            proptest::prop_assert_eq!(joined(&parts, None), Some(Joined::Whole(code)));
        }

        #[test]
        fn no_cells_panic(a in "[0-9年 .]{0,8}", b in "\\PC{0,6}", c in "[0-9]{0,8}", above in "\\PC{0,8}") {
            let _ = join_parts(&[&a, &b, &c], Some(&above), Functional);
            let _ = (parse_code(&a, Functional), parse_code(&b, Economic), complete(&a, Level::Item, &above));
        }
    }
}
