//! Text of a page → how often each number stands in it. Numbers are compared by their digits and point; separators
//! of thousands, widths and signs do not count.

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

/// The numbers of one page.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// How often each number stands by itself.
    whole: FxHashMap<String, u32>,
    /// The text without white space and separators, for numbers that were painted in pieces.
    joined: String,
}

impl Numbers {
    pub(super) fn new(text: &str) -> Self {
        let mut out = Self::default();
        let mut token = String::new();
        for c in text.nfkc().chain(std::iter::once('\n')) {
            match c {
                '0'..='9' | '.' => token.push(c),
                ',' | '\'' if !token.is_empty() => {}
                // a reader that takes the point for narrower than it is sees a gap behind it
                ' ' if token.len() > 1 && token.ends_with('.') => {}
                _ => {
                    let number = token.trim_matches('.');
                    if !number.is_empty() {
                        *out.whole.entry(number.to_owned()).or_default() += 1;
                    }
                    token.clear();
                }
            }
            if !c.is_whitespace() && !matches!(c, ',' | '\'') {
                out.joined.push(c);
            }
        }
        out
    }

    /// How often the number stands by itself, also where its digits were painted apart.
    pub(super) fn count(&self, number: &str) -> u32 {
        let apart = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_digit() && c != '.');
        let clean = self.joined.match_indices(number).filter(|(at, _)| {
            let (before, rest) = self.joined.split_at_checked(*at).unwrap_or_default();
            apart(before.chars().next_back()) && apart(rest.chars().nth(number.len()))
        });
        let clean = u32::try_from(clean.count()).unwrap_or(u32::MAX);
        self.whole.get(number).copied().unwrap_or(0).max(clean)
    }

    /// How often its digits follow each other, whatever stands beside them.
    pub(super) fn loose(&self, number: &str) -> u32 {
        u32::try_from(self.joined.matches(number).count()).unwrap_or(u32::MAX)
    }

    /// The numbers with this value, as printed, and how often each stands there.
    pub(super) fn of_value(&self, value: Decimal) -> impl Iterator<Item = (&str, u32)> {
        self.whole
            .iter()
            .filter(move |(number, _)| number.parse::<Decimal>().is_ok_and(|v| v == value))
            .map(|(number, n)| (number.as_str(), *n))
    }
}

/// The digits and point of an amount's text; `None` where there are none, or several numbers.
pub(super) fn number(text: &str) -> Option<String> {
    let mut out = String::new();
    for c in text.nfkc() {
        match c {
            '0'..='9' | '.' => out.push(c),
            _ => {}
        }
    }
    let number = out.trim_matches('.');
    (number.chars().any(|c| c.is_ascii_digit()) && number.matches('.').count() <= 1)
        .then(|| number.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_are_counted_by_their_digits() {
        let n = Numbers::new("1,234.50 １２３４．５０ 1234.5 a1234.50b (1234.50)\n8 3 4 . 5 5\n");
        assert_eq!(n.count("1234.50"), 4);
        assert_eq!(n.count("1234.5"), 1);
        assert_eq!(n.count("234.50"), 0);
    }

    #[test]
    fn a_gap_behind_the_point_does_not_part_a_number() {
        let n = Numbers::new("医疗 23. 73 23. 73\n2. 项目");
        assert_eq!((n.count("23.73"), n.count("2")), (2, 1));
    }

    #[test]
    fn digits_that_were_painted_apart_are_one_number() {
        let n = Numbers::new("合计 8 3 4 . 5 5 元");
        assert_eq!((n.count("834.55"), n.count("34.55")), (1, 0));
    }

    #[test]
    fn numbers_that_run_together_are_not_counted_but_not_denied_either() {
        let n = Numbers::new("12.3045.60");
        assert_eq!((n.count("12.30"), n.loose("12.30"), n.loose("99.99")), (0, 1, 0));
    }

    #[test]
    fn an_amount_is_known_by_its_digits() {
        assert_eq!(number("-1,234.50").as_deref(), Some("1234.50"));
        assert_eq!(number("１２．５").as_deref(), Some("12.5"));
        assert_eq!((number("—"), number("1.2.3")), (None, None));
    }
}
