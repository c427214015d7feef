//! Targets of indicators: `> =95%`, `≥3000 人`, `=100.00(%)`, `<=1.20 万元`, `有效推进`.

use super::words::Words;
use crate::document::performance::{Operator, Target};
use crate::normalize::{amount, text};
use rust_decimal::Decimal;

/// Longest unit.
const MAX_UNIT: usize = 10;

/// Reads a target. What is no comparison with one number stays words: a range, a date, a description.
pub(crate) fn read(words: &Words, printed: &str) -> Option<Target> {
    let raw = text::clean(printed);
    if raw.is_empty() {
        return None;
    }
    let squeezed: String = raw.chars().filter(|c| !c.is_whitespace()).collect();
    let (op, rest) = operator(words, &squeezed);
    let mut target = Target { raw, ..Target::default() };
    if let Some((value, unit)) = quantity(rest) {
        (target.op, target.value, target.unit) = (op, Some(value), unit);
    }
    Some(target)
}

/// Whether a text is a comparison without its number: the rest of it stands in the next row.
pub(crate) fn is_dangling(words: &Words, printed: &str) -> bool {
    let squeezed = text::compact(printed);
    let (op, rest) = operator(words, &squeezed);
    op.is_some() && rest.is_empty()
}

/// The unit in the bracket at the end of an indicator's name: `食盐检查（次）` → `次`.
pub(crate) fn name_unit(name: &str) -> Option<String> {
    let inner = name.trim_end().strip_suffix(['）', ')'])?;
    let open = inner.rfind(['（', '('])?;
    let unit = inner.get(open..)?.trim_start_matches(['（', '(']).trim();
    let short = unit.chars().count() <= 6 && !unit.chars().any(|c| c.is_ascii_digit());
    (short && !unit.is_empty()).then(|| unit.to_owned())
}

fn operator<'t>(words: &Words, squeezed: &'t str) -> (Option<Operator>, &'t str) {
    let found = words.operators().find_map(|(word, id)| Some((id, squeezed.strip_prefix(word)?)));
    found.map_or((None, squeezed), |(id, rest)| (Some(id), rest))
}

fn quantity(rest: &str) -> Option<(Decimal, Option<String>)> {
    let (value, unit) = amount::measure(rest)?;
    let unit = unit.trim_matches(['（', '）', '(', ')']).trim();
    // 2026年12月31日前 is a date, 3-5次 a range, 95%以上的企业完成改造 a description
    let is_unit = unit.chars().count() <= MAX_UNIT && !unit.chars().any(|c| c.is_ascii_digit());
    let is_year = unit.starts_with('年') && value.scale() == 0 && (1950..2100).contains(&value.mantissa());
    (is_unit && !is_year).then(|| (value, (!unit.is_empty()).then(|| unit.to_owned())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::words::built_in;
    use super::*;
    use crate::document::performance::Operator::{AtLeast, AtMost, Equal};

    fn parts(text: &str) -> (Option<Operator>, Option<String>, Option<String>) {
        let target = read(built_in(), text).unwrap();
        (target.op, target.value.map(|v| v.to_string()), target.unit)
    }

    #[test]
    fn comparisons_are_read_in_every_notation() {
        let s = |t: &str| Some(t.to_owned());
        assert_eq!(parts("> =95%"), (Some(AtLeast), s("95"), s("%")));
        assert_eq!(parts("≥3000 人"), (Some(AtLeast), s("3000"), s("人")));
        assert_eq!(parts("< =2.5 万元"), (Some(AtMost), s("2.5"), s("万元")));
        assert_eq!(parts("=100.00(%)"), (Some(Equal), s("100.00"), s("%")));
        assert_eq!(parts("<=2,346.69"), (Some(AtMost), s("2346.69"), None));
        assert_eq!(parts("不低于90％"), (Some(AtLeast), s("90"), s("%")));
        assert_eq!(parts("5次"), (None, s("5"), s("次")));
    }

    #[test]
    fn descriptions_dates_and_ranges_stay_words() {
        for text in ["有效推进", "2026年12月31日前", "3-5次", "2026年", "达到规定标准"] {
            assert_eq!(parts(text), (None, None, None), "{text}");
        }
    }

    #[test]
    fn a_comparison_alone_waits_for_its_number() {
        assert!(is_dangling(built_in(), "<"));
        assert!(is_dangling(built_in(), "> ="));
        assert!(!is_dangling(built_in(), ">=95%"));
    }

    #[test]
    fn the_bracket_behind_a_name_holds_its_unit() {
        assert_eq!(name_unit("民爆检查（次）").as_deref(), Some("次"));
        assert_eq!(name_unit("（含差旅费）（万元）").as_deref(), Some("万元"));
        assert_eq!(name_unit("推进工作顺利开展"), None);
    }
}
