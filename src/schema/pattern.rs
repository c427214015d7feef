//! Header paths and the patterns that they are matched with.

use super::concepts::{self, Meaning};
use crate::normalize::text;
use crate::normalize::unit::strip_unit;

/// What stands in the cells of a column, as far as its header tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Holds {
    /// Amounts of the period that the table is about (or anything else that no rule speaks of).
    #[default]
    Current,
    /// Amounts of another period or of a comparison, and the header text that says so.
    OtherPeriod(String),
    /// Codes, shares, remarks.
    Text,
    /// Numbers of rows.
    Counter,
}

/// Texts of the header cells above one column, from the top band to the leaf.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    /// As printed, cleaned.
    pub texts: Vec<String>,
    /// The same as keys for comparison.
    pub keys: Vec<String>,
    /// What each of them says.
    pub says: Vec<Meaning>,
    /// What the column holds, once all headers of its table are known.
    pub holds: Holds,
}

/// Key of a header that is nothing but a year.
const THIS_YEAR: &str = "本年预算数";

/// `a/b`: the leaf is `b` and stands, not necessarily directly, under `a`.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    elements: Vec<String>,
    /// Last byte of the leaf. Every pattern of every table is asked about every column: this byte, which stands in
    /// the pattern itself, rules out nearly all of them.
    last: Option<u8>,
}

impl Path {
    /// A path of header texts from the top band to the leaf.
    pub fn new(texts: Vec<String>) -> Self {
        let keys = texts.iter().map(|t| header_key(t)).collect();
        let says = texts.iter().map(|t| header_meaning(t)).collect();
        Self { texts, keys, says, holds: Holds::default() }
    }

    /// The path without its leaf.
    pub fn upper(&self) -> Self {
        let above = |parts: &[String]| parts.split_last().map_or_else(Vec::new, |(_, above)| above.to_vec());
        let says = self.says.split_last().map_or_else(Vec::new, |(_, above)| above.to_vec());
        Self { texts: above(&self.texts), keys: above(&self.keys), says, holds: Holds::default() }
    }

    /// What the path says below its first `bands` elements. A heading that came out in stacked pieces is read as one
    /// where its pieces alone are not understood.
    pub fn meaning(&self, bands: usize) -> Meaning {
        let own = self.says.get(bands..).unwrap_or_default();
        let mut least = own.iter().fold(Meaning::default(), |all, m| all.and(*m));
        for from in bands..self.keys.len() {
            if least.unknown == 0 {
                break;
            }
            let above = self.says.get(bands..from).unwrap_or_default();
            let joined = concepts::meaning(&self.keys[from..].concat());
            let whole = above.iter().fold(joined, |all, m| all.and(*m));
            if whole.unknown < least.unknown {
                least = whole;
            }
        }
        least
    }

    /// Whether no header stands above the column.
    pub fn is_empty(&self) -> bool {
        self.keys.iter().all(String::is_empty) && self.texts.iter().all(|t| text::key(t).is_empty())
    }

    /// The path joined by `/`, without units, as in the contract's `extra`.
    pub fn join(&self) -> String {
        let parts: Vec<String> =
            self.texts.iter().map(|t| strip_unit(t).0.to_owned()).filter(|t| !t.is_empty()).collect();
        parts.join("/")
    }
}

impl Pattern {
    /// Reads `a/b/c`.
    pub fn new(pattern: &str) -> Self {
        let elements: Vec<String> = pattern.split('/').map(header_key).filter(|e| !e.is_empty()).collect();
        let last = elements.last().and_then(|leaf| leaf.bytes().last());
        Self { elements, last }
    }

    /// Its elements as keys, the leaf last.
    pub fn elements(&self) -> impl Iterator<Item = &str> {
        self.elements.iter().map(String::as_str)
    }

    /// The key of a pattern with a single element.
    pub fn key(&self) -> &str {
        self.elements.last().map_or("", String::as_str)
    }

    /// How well the pattern fits: the number of path elements that it speaks for, 0 if it does not fit.
    ///
    /// A header cell that wrapping or stray rules cut into stacked pieces still fits: the leaf may be the
    /// joined tail of the path.
    pub fn fit(&self, path: &Path) -> usize {
        let keys = &path.keys;
        let Some(bottom) = keys.last() else { return 0 };
        if !bottom.is_empty() && bottom.as_bytes().last().copied() != self.last {
            return 0;
        }
        let Some((leaf, ancestors)) = self.elements.split_last() else { return 0 };
        if !leaf.ends_with(bottom.as_str()) {
            return 0;
        }
        for start in (0..keys.len()).rev() {
            if joined_equals(&keys[start..], leaf) && ancestors_in_order(ancestors, &keys[..start]) {
                return self.elements.len();
            }
        }
        0
    }

    /// Whether its leaf alone fits the path's tail, whatever stands above.
    pub fn fits_leaf(&self, path: &Path) -> bool {
        let Some(leaf) = self.elements.last() else { return false };
        (0..path.keys.len()).any(|start| joined_equals(&path.keys[start..], leaf))
    }

    /// The bands of a path that the pattern does not speak of; `None` where it does not fit.
    pub fn bands<'p>(&self, path: &'p Path) -> Option<Vec<&'p str>> {
        let (leaf, ancestors) = self.elements.split_last()?;
        let keys = &path.keys;
        let start = (0..keys.len())
            .rev()
            .find(|&at| joined_equals(&keys[at..], leaf) && ancestors_in_order(ancestors, &keys[..at]))?;
        let mut wanted = ancestors.iter().peekable();
        let free = keys[..start].iter().filter(|key| wanted.next_if(|w| w == key).is_none());
        Some(free.map(String::as_str).collect())
    }

    /// How well the pattern fits some stretch of the path's upper part (bands that a block stands under).
    pub fn fit_above(&self, path: &Path) -> usize {
        if ancestors_in_order(&self.elements, &path.keys) { self.elements.len() } else { 0 }
    }
}

fn ancestors_in_order(wanted: &[String], keys: &[String]) -> bool {
    let mut rest = keys.iter();
    wanted.iter().all(|w| rest.any(|k| k == w))
}

fn joined_equals(keys: &[String], wanted: &str) -> bool {
    let mut rest = wanted;
    for key in keys {
        match rest.strip_prefix(key.as_str()) {
            Some(tail) => rest = tail,
            None => return false,
        }
    }
    rest.is_empty()
}

/// The key of a header text: no spaces, brackets or punctuation, no unit, and no year before it. A year alone stands
/// for that year's amounts.
pub fn header_key(header: &str) -> String {
    let plain = strip_unit(header).0;
    let rest = strip_year(plain);
    if rest.is_empty() && !plain.is_empty() { THIS_YEAR.to_owned() } else { text::key(rest) }
}

/// What a header text says: its unit, a year before it and column formulas (`1=2+3`) say nothing; nor does a bracket
/// that only tells what is in it (`单位资金（含事业收入）`), or one that nobody understands.
pub(super) fn header_meaning(header: &str) -> Meaning {
    let plain = strip_unit(header).0;
    let read = |text: &str| {
        let key = header_key(text);
        let trimmed = key.trim_matches(|c: char| c.is_ascii_alphanumeric());
        concepts::meaning(if trimmed.is_empty() { &key } else { trimmed })
    };
    let (open, close) = (plain.find(['（', '(']), plain.rfind(['）', ')']));
    let (Some(open), Some(close)) = (open, close) else { return read(plain) };
    if close < open || open == 0 {
        return read(plain);
    }
    let inner = plain[open..].trim_start_matches(['（', '(']);
    let rest = plain[close..].trim_start_matches(['）', ')']);
    let without = || read(&format!("{}{rest}", &plain[..open]));
    if ["含", "包括", "不含", "包含", "其中"].iter().any(|w| inner.starts_with(w)) {
        return without();
    }
    let whole = read(plain);
    if whole.unknown == 0 { whole } else { without() }
}

/// The text without a year in front of it: `2025年预算数` → `预算数`.
pub(super) fn strip_year(text: &str) -> &str {
    let trimmed = text.trim_start();
    let starts = trimmed.starts_with("19") || trimmed.starts_with("20");
    let digits = trimmed.get(..4).is_some_and(|d| d.bytes().all(|b| b.is_ascii_digit()));
    if !(starts && digits) {
        return text;
    }
    let Some(rest) = trimmed.get(4..).map(str::trim_start).and_then(|r| r.strip_prefix('年')) else {
        return text;
    };
    let rest = rest.trim_start();
    rest.strip_prefix('度').unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(texts: &[&str]) -> Path {
        Path::new(texts.iter().map(|t| (*t).to_owned()).collect())
    }

    #[test]
    fn leaf_and_ancestors() {
        let p = path(&["财政拨款", "基本支出", "人员经费"]);
        assert_eq!(Pattern::new("人员经费").fit(&p), 1);
        assert_eq!(Pattern::new("财政拨款/人员经费").fit(&p), 2);
        assert_eq!(Pattern::new("非财政拨款/人员经费").fit(&p), 0);
        assert_eq!(Pattern::new("基本支出").fit(&p), 0);
        assert_eq!(Pattern::new("基本支出").fit_above(&p), 1);
    }

    #[test]
    fn bands_that_a_pattern_does_not_speak_of() {
        let p = path(&["一般公共预算", "基本支出", "小计"]);
        assert_eq!(Pattern::new("基本支出/小计").bands(&p), Some(vec!["一般公共预算"]));
        assert_eq!(Pattern::new("小计").bands(&p), Some(vec!["一般公共预算", "基本支出"]));
        assert_eq!(Pattern::new("合计").bands(&p), None);
    }

    #[test]
    fn a_leaf_cut_into_stacked_pieces_still_fits() {
        let p = path(&["财政拨款", "上级一般公共预算", "安排的转移支付"]);
        assert_eq!(Pattern::new("上级一般公共预算安排的转移支付").fit(&p), 1);
        assert_eq!(Pattern::new("财政拨款/上级一般公共预算安排的转移支付").fit(&p), 2);
    }

    #[test]
    fn units_in_headers_do_not_count() {
        assert_eq!(Pattern::new("合计").fit(&path(&["合计（万元）"])), 1);
        assert_eq!(path(&["预算数（元）", "基本支出"]).join(), "预算数/基本支出");
        assert_eq!(Pattern::new("本年预算数").fit(&path(&["2025年"])), 1);
    }

    #[test]
    fn a_year_before_a_header_word_is_taken_off() {
        for (text, rest) in
            [("2025年预算数", "预算数"), ("2025年度决算数", "决算数"), ("2010301", "2010301"), ("2025年", "")]
        {
            assert_eq!(strip_year(text), rest);
        }
    }
}
