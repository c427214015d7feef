//! The few words that tell where a table ends and another begins. Everything else in this folder is geometry.

use std::borrow::Cow;

/// The text without white space.
pub(super) fn squeezed(text: &str) -> Cow<'_, str> {
    match text.contains(char::is_whitespace) {
        true => Cow::Owned(text.chars().filter(|c| !c.is_whitespace()).collect()),
        false => Cow::Borrowed(text),
    }
}

/// Whether a line of text stands outside tables by what it says: a unit line, a department line, a table
/// number, a note.
pub(super) fn is_caption(text: &str) -> bool {
    let t = squeezed(text);
    let unit =
        ["单位：", "单位:"].iter().any(|u| t.contains(u)) && t.ends_with(['元', '人', '）', ')', '：', ':']);
    let names = [
        "编制部门",
        "编制单位",
        "填报单位",
        "填报部门",
        "部门：",
        "部门:",
        "部门名称：",
        "部门名称:",
        "单位名称：",
        "单位名称:",
        "预算单位：",
        "预算单位:",
        "金额单位",
        "续表",
    ];
    let notes = ["注：", "注:", "备注：", "备注:", "说明：", "说明:", "注1", "附注"];
    unit || names.iter().chain(&notes).any(|n| t.starts_with(n)) || is_table_number(&t)
}

/// `表1`, `附表 2`, `表一`, `公开01表`, `预算 03 表`, `表3-2`.
pub(super) fn is_table_number(t: &str) -> bool {
    let rest = t.trim_start_matches(['附', '续', '公', '开', '预', '算', '决', '部', '门']);
    let number = |c: char| {
        c.is_ascii_digit()
            || matches!(c, '０'..='９' | '-' | '－' | '—')
            || "一二三四五六七八九十".contains(c)
    };
    if let Some(tail) = rest.strip_prefix('表') {
        let digits = tail.chars().take_while(|c| number(*c)).count();
        return digits > 0 && digits <= 5;
    }
    let digits = rest.chars().take_while(|c| number(*c)).count();
    digits > 0
        && rest.len() < t.len()
        && rest.chars().nth(digits) == Some('表')
        && rest.chars().count() == digits + 1
}

/// Whether a line of text reads like a table's title: it ends with 表 (and perhaps a bracket).
pub(super) fn is_title(text: &str) -> bool {
    let t = squeezed(text);
    let core = match t.rfind(['（', '(']) {
        Some(i) if t.ends_with(['）', ')']) => t.get(..i).unwrap_or(&t),
        _ => &t,
    };
    core.ends_with('表') && core.chars().count() >= 4 && !t.contains(['，', '。', '；'])
}

/// Whether a line is a page number: `12`, `- 12 -`, `— 12 —`, `第 3 页`, `3 / 20`, `第3页 共20页`.
pub(super) fn is_page_number(text: &str) -> bool {
    let t = squeezed(text);
    let digits = t.chars().filter(char::is_ascii_digit).count();
    let frame = |c: char| c.is_ascii_digit() || "-—–─－·.第页共/／~～".contains(c);
    digits > 0 && digits <= 8 && t.chars().count() <= 16 && t.chars().all(frame) && !is_decimal(&t)
}

fn is_decimal(t: &str) -> bool {
    t.contains('.')
        && t.chars().any(|c| c.is_ascii_digit())
        && t.chars().all(|c| c.is_ascii_digit() || c == '.')
}
