//! Text as the contract wants it: in comes what was printed, out the form that is compared and emitted.

use crate::normalize::chars::{fold_radical, is_han, is_invisible, is_space, is_wide_punctuation};
use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Joins the lines that wrapping made of one text: no space between CJK characters, digits or punctuation,
/// one space between two Latin words.
pub fn join_wrapped<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for line in lines {
        let line = line.trim_matches(|c: char| is_space(c) || is_invisible(c));
        let (Some(last), Some(first)) = (out.chars().next_back(), line.chars().next()) else {
            out.push_str(line);
            continue;
        };
        if is_latin(last) && is_latin(first) {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

/// Parts two numbers that stand below one another in one cell (Unicode's paragraph separator): never wrapping.
pub const NEXT: char = '\u{2029}';

/// The contract's text form: NFKC (so `：` → `:`, `，` → `,`, full-width digits → ASCII), full-width （）,
/// “” quotation marks, no spaces between CJK characters or beside punctuation. Line breaks are taken for
/// wrapping. A single space between a CJK character and a Latin word or number stays as printed.
pub fn clean(text: &str) -> String {
    let text = compatible(text);
    let mut out = String::with_capacity(text.len() + 4);
    let mut gap = Gap::None;
    let straight_quotes = memchr::memchr_iter(b'"', text.as_bytes()).count();
    let mut quote_open = straight_quotes.is_multiple_of(2).then_some(false);
    for c in text.chars() {
        if gap == Gap::None && is_plain(c) {
            out.push(c);
            continue;
        }
        if is_space(c) {
            gap = gap.max(if c == '\n' || c == '\r' { Gap::Break } else { Gap::Space });
            continue;
        }
        if is_invisible(c) {
            continue;
        }
        let c = match (fold_radical(c), quote_open.as_mut()) {
            ('(', _) => '（',
            (')', _) => '）',
            ('"', Some(open)) => {
                *open = !*open;
                if *open { '“' } else { '”' }
            }
            (c, _) => c,
        };
        if gap != Gap::None
            && let Some(last) = out.chars().next_back()
            && keeps_space(last, c, gap)
        {
            out.push(' ');
        }
        gap = Gap::None;
        out.push(c);
    }
    out
}

/// As [`clean`], without any space: for texts that are letter-spaced and wrapped at will.
pub fn compact(text: &str) -> String {
    let mut out = clean(text);
    // no other white space is left
    if memchr::memchr(b' ', out.as_bytes()).is_some() {
        out.retain(|c| c != ' ');
    }
    out
}

/// A key for comparing titles and headers: cleaned, then without any space, bracket, quotation mark or
/// punctuation, in lower case.
pub fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in compatible(text).chars() {
        if is_plain(c) {
            out.push(c.to_ascii_lowercase());
            continue;
        }
        let c = fold_radical(c);
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        }
    }
    out
}

/// The common ideographs, ASCII letters and digits: most of all text, and the same in every form.
fn is_plain(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FA5}' | '0'..='9' | 'A'..='Z' | 'a'..='z')
}

/// Whether two texts are the same once spaces, brackets, quotation marks and punctuation are left out.
pub fn same_key(a: &str, b: &str) -> bool {
    a == b || key(a) == key(b)
}

/// The text without any white space and invisible character.
pub fn without_spaces(text: &str) -> Cow<'_, str> {
    if text.chars().any(|c| is_space(c) || is_invisible(c)) {
        Cow::Owned(text.chars().filter(|&c| !is_space(c) && !is_invisible(c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// What stands between the last character and the next one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Space,
    Break,
}

/// NFKC, without allocating where the text already has that form. Nearly every text here consists of ASCII,
/// ideographs and full-width forms, for which no table is needed.
fn compatible(text: &str) -> Cow<'_, str> {
    let (mut narrow, mut settled) = (false, true);
    for c in text.chars() {
        match c {
            '\0'..='\u{7F}' | '\u{4E00}'..='\u{9FA5}' | '、' | '。' | '《' | '》' | '“' | '”' => {}
            '！'..='～' => narrow = true,
            _ => settled = false,
        }
    }
    match (settled, narrow) {
        (true, false) => Cow::Borrowed(text),
        (true, true) => Cow::Owned(text.chars().map(halfwidth).collect()),
        (false, _) if is_nfkc_quick(text.chars()) == IsNormalized::Yes => Cow::Borrowed(text),
        (false, _) => Cow::Owned(text.nfkc().collect()),
    }
}

/// The ASCII form of a full-width one.
fn halfwidth(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

fn keeps_space(last: char, next: char, gap: Gap) -> bool {
    if gap == Gap::Break {
        return is_latin(last) && is_latin(next);
    }
    let set_tight = |c: char| is_wide_punctuation(c) || matches!(c, '（' | '）');
    if set_tight(last) || set_tight(next) {
        return false;
    }
    match (is_han(last), is_han(next)) {
        (true, true) => false,
        (true, false) => next.is_alphanumeric(),
        (false, true) => last.is_alphanumeric() || last == '%',
        (false, false) => true,
    }
}

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && !is_han(c) && (c as u32) < 0x2e80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_gives_the_contract_form() {
        for (printed, wanted) in [
            ("财政专户 （教育收 费）", "财政专户（教育收费）"),
            ("财政拨款(补助)", "财政拨款（补助）"),
            ("“三公”经费", "“三公”经费"),
            ("\"三公\"经费", "“三公”经费"),
            ("＂三公＂经费", "“三公”经费"),
            ("合  计", "合计"),
            ("总　　计", "总计"),
            ("编制部门： 某局", "编制部门:某局"),
            ("注：本部门２０２６年无，故", "注:本部门2026年无,故"),
            ("特定目标 57102355", "特定目标 57102355"),
            ("2026 年部门预算", "2026 年部门预算"),
            ("2026年部门预算", "2026年部门预算"),
            ("新财社〔2023〕168号", "新财社〔2023〕168号"),
            ("计划（2025—2027年）", "计划（2025—2027年）"),
            ("⽀出总体情况表", "支出总体情况表"),
            ("⻋辆购置", "车辆购置"),
            ("财政拨款\n结转", "财政拨款结转"),
            ("117,4\n71.46", "117,471.46"),
            ("Open\nBudget", "Open Budget"),
            ("a  b", "a b"),
            ("\u{200b}支\u{feff}出\u{ad}", "支出"),
            ("  支出 \r\n", "支出"),
            ("住房 公积金 ， 其他", "住房公积金,其他"),
            ("50 %的", "50 %的"),
            ("", ""),
            (" \u{3000}\n", ""),
        ] {
            assert_eq!(clean(printed), wanted, "{printed:?}");
        }
    }

    #[test]
    fn a_lone_straight_quote_stays() {
        assert_eq!(clean("5\"管"), "5\"管");
    }

    #[test]
    fn wrapped_lines_join_without_spaces_but_between_latin_words() {
        assert_eq!(
            join_wrapped(["机关事业单位基本养老保 ", " 险缴费支出"]),
            "机关事业单位基本养老保险缴费支出"
        );
        assert_eq!(join_wrapped(["117,4", "71.46"]), "117,471.46");
        assert_eq!(join_wrapped(["Open", "Budget"]), "Open Budget");
        assert_eq!(join_wrapped(["", "20", "", "1", ""]), "201");
        assert_eq!(join_wrapped(["财政专户", "（教育", "收费）"]), "财政专户（教育收费）");
        assert_eq!(join_wrapped([]), "");
    }

    #[test]
    fn keys_ignore_everything_but_letters_and_digits() {
        assert!(same_key("财政拨款“三公”经费支出情况表", "财政拨款三公经费 支出情况表"));
        assert!(same_key("因公出国（境）费用", "因公出国(境)费用"));
        assert_eq!(key("表 １－２：ABC、（一）"), "表12abc一");
        assert_eq!(key("……—“”"), "");
    }

    #[test]
    fn without_spaces_borrows_where_it_can() {
        assert!(matches!(without_spaces("支出"), Cow::Borrowed(_)));
        assert_eq!(without_spaces("支 \u{200b}出"), "支出");
    }

    proptest::proptest! {
        #[test]
        fn clean_is_idempotent(text in "[0-9a-z 支出（）“”\"\n：，、()⻋％\u{3000}]{0,24}") {
            let once = clean(&text);
            proptest::prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn cleaning_never_changes_digits(text in "\\PC{0,24}") {
            let digits = |s: &str| s.nfkc().filter(char::is_ascii_digit).collect::<String>();
            proptest::prop_assert_eq!(digits(&text), digits(&clean(&text)));
        }
    }

    #[test]
    fn the_short_way_through_nfkc_changes_no_character_differently() {
        for c in '\0'..='\u{2FFFF}' {
            let text = format!("支{c}出");
            assert_eq!(compatible(&text), text.nfkc().collect::<String>(), "{c:?}");
        }
    }
}
