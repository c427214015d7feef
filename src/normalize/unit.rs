//! The unit that amounts are printed in, from the lines and headers that state it.

use crate::document::Unit;
use crate::normalize::text::compact;

/// The unit that a line states: `单位：万元`, `金额单位:元`, `计量单位：人民币元`, `单位（万元）`, also behind other text
/// (`编制部门：某局 单位：元`), letter-spaced or with its last character cut off (`单位：万`). Also a bracket of its own:
/// `（单位：元）`, `（万元）`. `None` where no unit is stated; `项目承担单位：某局` states none.
pub fn detect_unit(line: &str) -> Option<Unit> {
    if !line.contains(['元', '万', '位']) {
        return None;
    }
    let text = compact(line);
    let stated = text.match_indices("单位").find_map(|(at, label)| {
        let rest = text.get(at + label.len()..)?;
        let rest = rest.trim_start_matches([':', '︰', '（', '；', ';', '为', '是', '=']);
        unit_at_start(rest, rest.len() != text.len() - at - label.len())
    });
    stated.or_else(|| bracketed_unit(&text).map(|(_, unit)| unit))
}

/// A header's text without the unit in brackets at its end, and that unit: `预算数（万元）` → `预算数`.
pub fn strip_unit(header: &str) -> (&str, Option<Unit>) {
    let trimmed = header.trim_end();
    let Some(inner) = trimmed.strip_suffix(['）', ')']) else { return (header, None) };
    let Some((start, bracket)) = inner.char_indices().rev().find(|(_, c)| matches!(c, '（' | '(')) else {
        return (header, None);
    };
    let Some(inside) = inner.get(start + bracket.len_utf8()..) else { return (header, None) };
    let inside = compact(inside);
    let inside = inside.trim_start_matches("金额").trim_start_matches("单位").trim_start_matches(':');
    match unit_word(inside) {
        Some((unit, "")) => (inner.get(..start).unwrap_or_default().trim_end(), Some(unit)),
        _ => (header, None),
    }
}

/// The unit whose word starts the text, and the rest: `万元`, `人民币元`, `亿元`.
pub fn unit_word(text: &str) -> Option<(Unit, &str)> {
    let text = text.strip_prefix("人民币").unwrap_or(text);
    [("万元", Unit::Wan), ("亿元", Unit::Yi), ("千元", Unit::ThousandYuan), ("元", Unit::Yuan)]
        .into_iter()
        .find_map(|(word, unit)| text.strip_prefix(word).map(|rest| (unit, rest)))
}

/// `labelled`: a mark stood between 单位 and the text, so that a cut-off `万` can only be 万元.
fn unit_at_start(text: &str, labelled: bool) -> Option<Unit> {
    if let Some((unit, rest)) = unit_word(text) {
        // 单位元素 is a word and 编制单位:元氏县 a name; 单位:元,% and 单位:万元） are units
        let ends = rest.chars().next().is_none_or(|c| !c.is_alphabetic());
        return (ends || (labelled && unit != Unit::Yuan)).then_some(unit);
    }
    (labelled && text == "万").then_some(Unit::Wan)
}

fn bracketed_unit(text: &str) -> Option<(usize, Unit)> {
    text.match_indices('（').find_map(|(at, bracket)| {
        let (unit, rest) = unit_word(text.get(at + bracket.len()..)?)?;
        rest.starts_with('）').then_some((at, unit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_found_wherever_they_are_stated() {
        for (line, unit) in [
            ("单位：万元", Unit::Wan),
            ("单位:元", Unit::Yuan),
            ("单位： 千元", Unit::ThousandYuan),
            ("单 位 ： 万 元", Unit::Wan),
            ("金额单位：人民币元", Unit::Yuan),
            ("计量单位：万元", Unit::Wan),
            ("（单位：亿元）", Unit::Yi),
            ("（万元）", Unit::Wan),
            ("预算数（万元）", Unit::Wan),
            ("编制部门：某局 单位：元", Unit::Yuan),
            ("编制单位：某某局　　　　单位：万元", Unit::Wan),
            ("单位：万", Unit::Wan),
            ("单位:万元(保留两位小数)", Unit::Wan),
            ("单位 万元", Unit::Wan),
        ] {
            assert_eq!(detect_unit(line), Some(unit), "{line:?}");
        }
    }

    #[test]
    fn lines_that_state_no_unit() {
        for line in [
            "",
            "项目承担单位：某局",
            "编制单位：元氏县教育局",
            "预算单位",
            "单位资金",
            "单位：",
            "单位元素",
            "12.50万元",
            "事业单位经营收入",
        ] {
            assert_eq!(detect_unit(line), None, "{line:?}");
        }
    }

    #[test]
    fn headers_lose_their_unit() {
        assert_eq!(strip_unit("预算数（万元）"), ("预算数", Some(Unit::Wan)));
        assert_eq!(strip_unit("合计 (单位:元)"), ("合计", Some(Unit::Yuan)));
        assert_eq!(strip_unit("资本性支出（基本建设）"), ("资本性支出（基本建设）", None));
        assert_eq!(strip_unit("合计"), ("合计", None));
        assert_eq!(strip_unit("）"), ("）", None));
    }
}
