//! Numbers of the text with what they are measured in.

use super::words::Words;
use crate::document::Unit;
use crate::normalize::amount::{self, Parsed};
use crate::normalize::unit::unit_word;
use regex::Regex;
use rust_decimal::Decimal;
use std::ops::Range;
use std::sync::LazyLock;

/// A number and its unit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number {
    /// Bytes of number and unit in the compact text.
    pub(super) range: Range<usize>,
    /// As printed, in the printed unit.
    pub(super) value: Decimal,
    /// Digits as printed.
    pub(super) printed: String,
    /// What it measures.
    pub(super) kind: Kind,
}

/// What a number measures.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// An amount of money.
    Money(Unit),
    /// A percentage.
    Percent,
    /// Things of this unit.
    Count(String),
}

static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"-?[0-9][0-9,]*(?:\.[0-9]+)?").ok());

/// The numbers of a text that have a unit, and are no thresholds (单价50万元以上), ranges or parts of other numbers.
pub(super) fn numbers(words: &Words, text: &str) -> Vec<Number> {
    let Some(pattern) = NUMBER.as_ref() else { return Vec::new() };
    let all = pattern.find_iter(text).filter_map(|found| {
        let before = text.get(..found.start())?;
        let printed = found.as_str().trim_end_matches(',');
        let end = found.start() + printed.len();
        let rest = text.get(end..)?;
        if is_piece(before) {
            return None;
        }
        let (kind, unit_end) = kind(words, printed, rest)?;
        let Parsed::Value(value) = amount::parse(printed) else { return None };
        let after = rest.get(unit_end..)?;
        if is_threshold(after) {
            return None;
        }
        Some(Number { range: found.start()..end + unit_end, value, printed: printed.to_owned(), kind })
    });
    all.collect()
}

impl Number {
    /// The amount in 万元.
    pub(super) fn wan(&self) -> Option<(Decimal, Unit)> {
        match self.kind {
            Kind::Money(unit) => Some((amount::to_wan(self.value, unit)?, unit)),
            _ => None,
        }
    }

    /// The printed digits, where the amount looks different from them.
    pub(super) fn raw(&self) -> Option<String> {
        let same = self.kind == Kind::Money(Unit::Wan) && self.value.to_string() == self.printed;
        (!same).then(|| self.printed.clone())
    }
}

/// Whether what stands before shows that the digits are only the end of a number or word.
fn is_piece(before: &str) -> bool {
    let mut back = before.chars().rev();
    match back.next() {
        Some(c)
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '〔' | '[' | '【' | '~' | '～' | '-') =>
        {
            true
        }
        Some(' ') => back.next().is_some_and(|c| c.is_ascii_digit() || c == '.'),
        Some(',') => {
            // `1,234` that is no grouped number
            back.next().is_some_and(|c| c.is_ascii_digit())
        }
        _ => false,
    }
}

fn kind(words: &Words, printed: &str, rest: &str) -> Option<(Kind, usize)> {
    let (spaces, rest) = (rest.len() - rest.trim_start().len(), rest.trim_start());
    if rest.starts_with('%') {
        return Some((Kind::Percent, spaces + 1));
    }
    if let Some((unit, tail)) = unit_word(rest) {
        let ends = !tail.starts_with(['/', '素', '旦', '月', '宵', '气']);
        return ends.then_some((Kind::Money(unit), spaces + rest.len() - tail.len()));
    }
    // 1720.00万, where only the end of a clause follows
    if let Some(tail) = rest.strip_prefix('万') {
        let clause = tail.is_empty() || tail.starts_with([',', ';', '。', '、', '）', '（']);
        return (clause && printed.contains('.'))
            .then_some((Kind::Money(Unit::Wan), spaces + '万'.len_utf8()));
    }
    let end = words.words.units.end(rest).filter(|end| *end > 0)?;
    Some((Kind::Count(rest.get(..end)?.to_owned()), spaces + end))
}

/// Whether a bound follows, so that the number is none of its own.
fn is_threshold(after: &str) -> bool {
    let after =
        after.trim_start_matches(['（', '(']).trim_start_matches('含').trim_start_matches(['）', ')']);
    after.starts_with("以上")
        || after.starts_with("以下")
        || after.starts_with("以内")
        || after.starts_with("及以上")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::words::words;
    use super::*;

    fn found(text: &str) -> Vec<(String, Kind)> {
        numbers(words().unwrap(), text).into_iter().map(|n| (n.value.to_string(), n.kind)).collect()
    }

    fn wan(text: &str) -> (String, Kind) {
        (text.to_owned(), Kind::Money(Unit::Wan))
    }

    #[test]
    fn amounts_percentages_and_counts_are_told_apart() {
        assert_eq!(
            found("预算793.82万元,占89.46%,房屋1,522.00平方米,车辆3辆,设备0台（套）"),
            [
                wan("793.82"),
                ("89.46".into(), Kind::Percent),
                ("1522.00".into(), Kind::Count("平方米".into())),
                ("3".into(), Kind::Count("辆".into())),
                ("0".into(), Kind::Count("台（套）".into())),
            ]
        );
    }

    #[test]
    fn years_dates_document_numbers_and_thresholds_are_no_amounts() {
        assert_eq!(
            found("2026年1月1日,〔2024〕8号,单价50万元以上,单价100万元（含）以上,单价20万元（含以上"),
            []
        );
    }

    #[test]
    fn the_end_of_a_torn_number_is_no_amount() {
        assert_eq!(found("预算8 8 7 . 3 2万元"), []);
        assert_eq!(found("预算12.5.7万元"), []);
        assert_eq!(found("编号A12万元"), []);
        assert_eq!(found("3-5万元"), []);
        assert_eq!(found("1,2,34万元"), []);
    }

    #[test]
    fn the_yuan_of_other_words_is_none() {
        assert_eq!(found("12元旦,30元/人,5万人"), []);
        assert_eq!(found("80万,其中"), []);
        assert_eq!(found("1720.00万,其中"), [wan("1720.00")]);
    }
}
