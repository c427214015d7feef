//! Labels of rows and headings: enumeration (`一、`, `（一）`, `1.`, `①`) and `其中：` taken off the name.

use crate::normalize::chars::{is_invisible, is_space};
use crate::normalize::text::{clean, key};

/// How a label is numbered, with its number. The form tells the depth: 一、 over （一） over 1. over （1） over ①.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enumeration {
    /// `一、`
    Chinese(u16),
    /// `（一）`
    BracketedChinese(u16),
    /// `1.` or `1、`
    Arabic(u16),
    /// `（1）` or `1）`
    BracketedArabic(u16),
    /// `①`
    Circled(u16),
}

/// A label taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// The numbering in front, if there is one.
    pub enumeration: Option<Enumeration>,
    /// Whether `其中：` stood in front.
    pub of_which: bool,
    /// The name alone, in the contract's text form.
    pub name: String,
}

/// Takes a printed label apart. Both orders occur: `1.其中：…` and `其中：1.…`.
pub fn label(printed: &str) -> Label {
    let (mut enumeration, rest) = strip_enumeration(printed);
    let (of_which, mut rest) = strip_of_which(rest);
    if enumeration.is_none() {
        (enumeration, rest) = strip_enumeration(rest);
    }
    Label { enumeration, of_which, name: clean(rest) }
}

/// The numbering in front of a text and the text after it. A number without its mark (`2025年…`, `1.5万元`,
/// `一般公共预算`) is no numbering.
pub fn strip_enumeration(text: &str) -> (Option<Enumeration>, &str) {
    let start = skip_space(text);
    let found = circled(start)
        .or_else(|| bracketed(start))
        .or_else(|| chinese(start))
        .or_else(|| arabic(start))
        // a numbering alone is not a numbering of anything
        .filter(|(_, rest)| !rest.is_empty());
    match found {
        Some((enumeration, rest)) => (Some(enumeration), rest),
        None => (None, start),
    }
}

/// Whether the text starts with `其中：` (`其中:`, `其 中：`, `#其中`), and the text after it.
pub fn strip_of_which(text: &str) -> (bool, &str) {
    let start = skip_space(text);
    let Some(rest) = start.strip_prefix('其').map(skip_space).and_then(|t| t.strip_prefix('中')) else {
        return (false, start);
    };
    let rest = skip_space(rest);
    match rest.strip_prefix([':', '：', '︰', '﹕', '、', ',', '，']) {
        Some(name) => (true, skip_space(name)),
        None => (false, start),
    }
}

/// Whether the label says that its row is a total: 合计, 总计, 收入总计, 本年支出合计 … in any spacing.
pub fn is_total(printed: &str) -> bool {
    let key = key(printed);
    let stem = key.strip_suffix("合计").or_else(|| key.strip_suffix("总计"));
    stem.is_some_and(|stem| matches!(stem, "" | "收入" | "支出" | "收支" | "本表"))
}

/// Value of a number in Chinese numerals up to 99: 一 … 九十九, 廿 and 卅 left out. `None` for anything else.
pub fn chinese_number(text: &str) -> Option<u16> {
    let mut value = 0u16;
    let mut unit: Option<u16> = None;
    let mut tens = false;
    for c in text.chars() {
        match c {
            '十' if !tens => {
                value = unit.take().unwrap_or(1) * 10;
                tens = true;
            }
            _ => {
                let digit = "〇一二三四五六七八九".chars().position(|d| d == c)?;
                if unit.is_some() {
                    return None;
                }
                unit = u16::try_from(digit).ok();
            }
        }
    }
    match (tens, unit) {
        (false, None) => None,
        _ => Some(value + unit.unwrap_or(0)),
    }
}

fn skip_space(text: &str) -> &str {
    text.trim_start_matches(|c: char| is_space(c) || is_invisible(c))
}

fn circled(text: &str) -> Option<(Enumeration, &str)> {
    let c = text.chars().next()?;
    let number = match c {
        '①'..='⑳' => c as u32 - '①' as u32 + 1,
        '⑴'..='⒇' => return Some((bracketed_arabic(c as u32 - '⑴' as u32 + 1)?, after(text, c))),
        '⒈'..='⒛' => {
            return Some((Enumeration::Arabic(number(c as u32 - '⒈' as u32 + 1)?), after(text, c)));
        }
        '㈠'..='㈩' => {
            return Some((
                Enumeration::BracketedChinese(number(c as u32 - '㈠' as u32 + 1)?),
                after(text, c),
            ));
        }
        '❶'..='❿' => c as u32 - '❶' as u32 + 1,
        _ => return None,
    };
    Some((Enumeration::Circled(self::number(number)?), after(text, c)))
}

fn bracketed_arabic(n: u32) -> Option<Enumeration> {
    number(n).map(Enumeration::BracketedArabic)
}

fn number(n: u32) -> Option<u16> {
    u16::try_from(n).ok()
}

fn after(text: &str, c: char) -> &str {
    skip_space(text.get(c.len_utf8()..).unwrap_or_default())
}

fn bracketed(text: &str) -> Option<(Enumeration, &str)> {
    let inner = text.strip_prefix(['（', '(', '﹙'])?;
    let end = inner.find(['）', ')', '﹚'])?;
    let (inside, rest) = inner.split_at_checked(end)?;
    let inside = inside.trim();
    let enumeration = match chinese_number(inside) {
        Some(n) => Enumeration::BracketedChinese(n),
        None => Enumeration::BracketedArabic(arabic_number(inside)?),
    };
    let mut chars = rest.chars();
    chars.next();
    Some((enumeration, skip_space(chars.as_str()).trim_start_matches(['、', '.', '．'])))
}

fn chinese(text: &str) -> Option<(Enumeration, &str)> {
    let end = text.find(['、', '.', '．', ',', '，'])?;
    let (head, rest) = text.split_at_checked(end)?;
    let enumeration = Enumeration::Chinese(chinese_number(&head.replace(char::is_whitespace, ""))?);
    // an enumeration of words (一、二期工程) is told from a numbering only by its sense: take the numbering
    Some((enumeration, skip_space(rest.get(rest.chars().next()?.len_utf8()..)?)))
}

fn arabic(text: &str) -> Option<(Enumeration, &str)> {
    let end = text.find(|c: char| !is_digit(c))?;
    let (head, rest) = text.split_at_checked(end)?;
    let n = arabic_number(head)?;
    let rest = skip_space(rest);
    let mark = rest.chars().next()?;
    let tail = rest.get(mark.len_utf8()..)?;
    let enumeration = match mark {
        '.' | '．' | '、' | '｡' => Enumeration::Arabic(n),
        ')' | '）' => Enumeration::BracketedArabic(n),
        _ => return None,
    };
    // 1.5万元 and 1.2.3 are numbers
    if matches!(mark, '.' | '．') && tail.chars().next().is_some_and(is_digit) {
        return None;
    }
    Some((enumeration, skip_space(tail)))
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// Up to two digits: longer numbers are years, codes or amounts.
fn arabic_number(text: &str) -> Option<u16> {
    let mut value = 0u16;
    let mut length = 0;
    for c in text.chars() {
        let digit = match c {
            '０'..='９' => c as u32 - '０' as u32,
            _ => c.to_digit(10)?,
        };
        value = value * 10 + u16::try_from(digit).ok()?;
        length += 1;
        if length > 2 {
            return None;
        }
    }
    (length > 0).then_some(value)
}

/// Endings of the names of bodies; a project's name may end so only if it is one of these words itself.
const BODIES: [&str; 42] = [
    "机关",
    "小学",
    "中学",
    "幼儿园",
    "大学",
    "中心校",
    "分校",
    "公司",
    "街道",
    "署",
    "基地",
    "电视台",
    "报社",
    "工会",
    "联盟",
    "办",
    "委员会",
    "办公室",
    "局",
    "厅",
    "中心",
    "政府",
    "联合会",
    "总队",
    "支队",
    "大队",
    "学校",
    "学院",
    "医院",
    "法院",
    "检察院",
    "研究院",
    "研究所",
    "站",
    "馆",
    "队",
    "所",
    "处",
    "院",
    "会",
    "部",
    "委",
];

/// Whether a name is that of a body (局, 委员会, 中心 …).
pub fn is_body(name: &str) -> bool {
    let bare = name.trim_end_matches(['）', ')']);
    let name =
        if bare.len() < name.len() { bare.rfind(['（', '(']).map_or(name, |i| &bare[..i]) } else { name };
    // 某局本级 is the body itself, without those below it
    let name = name.strip_suffix("本级").unwrap_or(name);
    BODIES.iter().any(|b| name.ends_with(b)) && name.chars().count() >= 4
}

#[cfg(test)]
mod tests {
    use super::Enumeration::*;
    use super::*;

    #[test]
    fn enumerations_come_off() {
        for (printed, enumeration, name) in [
            ("一、本年收入", Chinese(1), "本年收入"),
            ("十三、其他重要事项", Chinese(13), "其他重要事项"),
            ("二十、债务", Chinese(20), "债务"),
            ("一 、本年收入", Chinese(1), "本年收入"),
            ("（一）行政运行", BracketedChinese(1), "行政运行"),
            ("(十二) 行政运行", BracketedChinese(12), "行政运行"),
            ("㈡行政运行", BracketedChinese(2), "行政运行"),
            ("1. 一般公共预算拨款", Arabic(1), "一般公共预算拨款"),
            ("2、政府性基金", Arabic(2), "政府性基金"),
            ("３．国有资本经营预算", Arabic(3), "国有资本经营预算"),
            ("⒋财政专户", Arabic(4), "财政专户"),
            ("（1）人员", BracketedArabic(1), "人员"),
            ("2）公用", BracketedArabic(2), "公用"),
            ("① 人员", Circled(1), "人员"),
        ] {
            let label = label(printed);
            assert_eq!((label.enumeration, label.name.as_str()), (Some(enumeration), name), "{printed:?}");
        }
    }

    #[test]
    fn numbers_that_are_no_enumeration_stay() {
        for printed in [
            "一般公共预算拨款",
            "2025年中央补助资金",
            "1.5万元",
            "2011301",
            "三公经费",
            "十三届",
            "2025.项目",
            "（非财政）结转",
            "（二期）",
            "1.",
            "",
        ] {
            assert_eq!(strip_enumeration(printed), (None, printed), "{printed:?}");
        }
    }

    #[test]
    fn of_which_comes_off_and_is_remembered() {
        for printed in
            ["其中：一般财力", "其中:一般财力", "  其 中：一般财力", "1.其中：一般财力", "其中：1.一般财力"]
        {
            let label = label(printed);
            assert!(label.of_which, "{printed:?}");
            assert_eq!(label.name, "一般财力");
        }
        assert!(!label("其中一般财力").of_which);
        assert_eq!(label("其他支出").name, "其他支出");
    }

    #[test]
    fn totals_are_known_in_any_spacing() {
        for total in ["总计", "合  计", "总　计", "收入总计", "支 出 总 计", "支出合计", "合计："]
        {
            assert!(is_total(total), "{total:?}");
        }
        for other in ["小计", "设计", "本年收入合计", "合计费", "总计划", ""] {
            assert!(!is_total(other), "{other:?}");
        }
    }

    #[test]
    fn chinese_numbers_read() {
        for (text, value) in [("一", 1), ("十", 10), ("十三", 13), ("二十", 20), ("九十九", 99)] {
            assert_eq!(chinese_number(text), Some(value), "{text}");
        }
        for text in ["", "一一", "百", "十十", "1", "一十百"] {
            assert_eq!(chinese_number(text), None, "{text}");
        }
    }
}
