//! Dates and years in Chinese text → ISO dates and fiscal years. Never guesses: a year must be printed.

use crate::normalize::text::compact;

/// Years that a budget can be of; other four-digit numbers are amounts, codes or document numbers.
const YEARS: std::ops::RangeInclusive<u16> = 1950..=2099;

/// The first date in the text as `YYYY-MM-DD`: `2026年2月5日`, `二〇二六年二月五日`, `二○二六年十二月三十一日`, `2026-02-05`,
/// `2026.2.5`, `2026/2/5`, in any width and spacing. `None` where no valid date is printed.
pub fn parse_date(text: &str) -> Option<String> {
    let text = compact(text);
    text.char_indices().find_map(|(at, c)| {
        if numeral(c).is_none()
            || text.get(..at).and_then(|t| t.chars().next_back()).is_some_and(is_year_digit)
        {
            return None;
        }
        date_at(text.get(at..)?)
    })
}

/// The year whose budget the text is about: `2026年部门预算`, `二○二六年度`, `2026 年度`. The first year with 年 behind it counts;
/// a year in a document number (`〔2025〕8号`) or a date (`2026年2月5日`) does not.
pub fn fiscal_year(text: &str) -> Option<u16> {
    let text = compact(text);
    text.match_indices('年').find_map(|(at, word)| {
        let year = year_before(text.get(..at)?)?;
        let rest = text.get(at + word.len()..)?;
        // 2026年2月5日 is a date, 2026年底 and 2026年末 are moments
        let is_date = number_at(rest).is_some_and(|(_, rest)| rest.starts_with('月'));
        (!is_date && !rest.starts_with(['底', '末'])).then_some(year)
    })
}

/// Any year printed in the text: as [`fiscal_year`], else the year of a date.
pub fn any_year(text: &str) -> Option<u16> {
    fiscal_year(text).or_else(|| parse_date(text)?.get(..4)?.parse().ok())
}

fn date_at(text: &str) -> Option<String> {
    let (year, rest) = year_at(text)?;
    let separator = rest.chars().next()?;
    let rest = rest.get(separator.len_utf8()..)?;
    let (month, rest) = number_at(rest)?;
    let (day, rest) = match separator {
        '年' => {
            let (day, rest) = number_at(rest.strip_prefix('月')?)?;
            (day, rest.strip_prefix(['日', '号'])?)
        }
        '-' | '.' | '/' => number_at(rest.strip_prefix(separator)?)?,
        _ => return None,
    };
    if rest.starts_with(is_year_digit)
        || !(1..=12).contains(&month)
        || !(1..=days(year, month)).contains(&day)
    {
        return None;
    }
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

fn days(year: u16, month: u16) -> u16 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Four digits that are a year, at the start of the text.
fn year_at(text: &str) -> Option<(u16, &str)> {
    let end = text.char_indices().nth(4).map_or(text.len(), |(at, _)| at);
    let (head, rest) = text.split_at_checked(end)?;
    Some((year_of(head)?, rest))
}

/// The year at the very end of the text.
fn year_before(text: &str) -> Option<u16> {
    let (start, _) = text.char_indices().rev().nth(3)?;
    let (before, year) = text.split_at_checked(start)?;
    // 12026年 is no year
    if before.chars().next_back().is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    year_of(year)
}

fn year_of(four: &str) -> Option<u16> {
    let mut year = 0;
    let mut digits = 0;
    for c in four.chars() {
        if !is_year_digit(c) {
            return None;
        }
        year = year * 10 + numeral(c)?;
        digits += 1;
    }
    (digits == 4 && YEARS.contains(&year)).then_some(year)
}

fn is_year_digit(c: char) -> bool {
    numeral(c).is_some_and(|n| n < 10)
}

/// A month or day: `2`, `02`, `二`, `十二`, `三十一`, `卅一` is not met.
fn number_at(text: &str) -> Option<(u16, &str)> {
    let end = text.char_indices().find(|&(_, c)| numeral(c).is_none()).map_or(text.len(), |(at, _)| at);
    let (head, rest) = text.split_at_checked(end)?;
    if head.len() <= 2 && head.bytes().all(|b| b.is_ascii_digit()) {
        return Some((head.parse().ok()?, rest));
    }
    Some((crate::normalize::label::chinese_number(head)?, rest))
}

fn numeral(c: char) -> Option<u16> {
    match c {
        '0'..='9' => u16::try_from(c as u32 - '0' as u32).ok(),
        '〇' | '○' | '零' | 'Ο' | 'О' | '◯' | '０' => Some(0),
        '十' => Some(10),
        _ => "一二三四五六七八九".chars().position(|d| d == c).and_then(|i| u16::try_from(i + 1).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_every_form() {
        for (printed, iso) in [
            ("2026年2月5日", "2026-02-05"),
            ("2026 年 2 月 5 日", "2026-02-05"),
            ("２０２６年２月５日", "2026-02-05"),
            ("二〇二六年二月五日", "2026-02-05"),
            ("二○二六年十二月三十一日", "2026-12-31"),
            ("二零二四年二月二十九日", "2024-02-29"),
            ("2026-02-05", "2026-02-05"),
            ("2026.2.5", "2026-02-05"),
            ("2026/2/5", "2026-02-05"),
            ("某局2026年2月5日公开", "2026-02-05"),
            ("2025年预算，2026年1月31日", "2026-01-31"),
        ] {
            assert_eq!(parse_date(printed).as_deref(), Some(iso), "{printed:?}");
        }
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "2026年",
            "2026年2月",
            "2026年13月1日",
            "2026年2月30日",
            "2025年2月29日",
            "20263.2.5",
            "1234.5.6",
            "2026.2.555",
        ] {
            assert_eq!(parse_date(text), None, "{text:?}");
        }
    }

    #[test]
    fn fiscal_years_come_from_titles_not_from_dates() {
        for (text, year) in [
            ("2026年部门预算", 2026),
            ("2026 年度部门预算公开", 2026),
            ("二○二六年度", 2026),
            ("二〇二六年部门预算", 2026),
            ("某局（新财〔2025〕8号）2026年预算", 2026),
            ("截至2025年底，2026年预算", 2026),
        ] {
            assert_eq!(fiscal_year(text), Some(year), "{text:?}");
        }
        for text in ["2026年2月5日", "〔2025〕8号", "2011301年", "三年行动", "一二年", "预算", "1200年"]
        {
            assert_eq!(fiscal_year(text), None, "{text:?}");
        }
        assert_eq!(any_year("2026年2月5日"), Some(2026));
    }

    proptest::proptest! {
        #[test]
        fn every_valid_date_reads_back(year in 1950u16..2100, month in 1u16..13, day in 1u16..29) {
            let iso = format!("{year:04}-{month:02}-{day:02}");
            let printed = format!("{year}年{month}月{day}日");
            proptest::prop_assert_eq!(parse_date(&printed), Some(iso.clone()));
            proptest::prop_assert_eq!(parse_date(&iso), Some(iso));
        }

        #[test]
        fn no_text_panics(text in "[0-9一二十年月日.\\-〇 ]{0,16}") {
            let _ = (parse_date(&text), fiscal_year(&text));
        }
    }
}
