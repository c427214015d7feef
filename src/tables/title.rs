//! What a title of a table looks like, and which table it names.

use crate::normalize::text;
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

static YEAR_PREFIX: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^.{0,40}?(?:19|20)[0-9]{2}年(?:度)?").ok());
static CJK_YEAR_PREFIX: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^.{0,40}?二[〇○零Oo0]二?[〇○零一二三四五六七八九]{1,2}年(?:度)?").ok());
static YEAR_TAIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[（(]?(?:19|20)[0-9]{2}年(?:度)?[）)]?$").ok());

/// A title ends with 表, perhaps followed by a bracket: short, no sentence.
pub fn looks_like_one(line: &str) -> bool {
    let core = line.trim_end_matches(|c: char| !matches!(c, '表' | '）' | ')'));
    let count = line.chars().count();
    let ends = core.ends_with('表')
        || (core.ends_with(['）', ')'])
            && core.rfind(['（', '(']).is_some_and(|i| core[..i].ends_with('表')));
    ends && core.len() + 12 >= line.len()
        && (3..=60).contains(&count)
        && !line.contains(['。', '；', ';', '，', ','])
        && !line.contains("......")
        && !line.contains("……")
        && !line.contains("空表")
        && !["注", "本表", "此表", "该表"].iter().any(|word| line.starts_with(word))
}

/// The title without a year behind it.
pub fn undated(title: &str) -> Cow<'_, str> {
    YEAR_TAIL.as_ref().map_or(title.into(), |r| r.replace(title, ""))
}

/// The title without year, 部门-independent prefixes and punctuation.
pub fn bare(title: &str) -> String {
    let title = undated(title);
    let mut rest = title.as_ref();
    for regex in [&YEAR_PREFIX, &CJK_YEAR_PREFIX] {
        if let Some(found) = regex.as_ref().and_then(|r| r.find(rest)) {
            rest = &rest[found.end()..];
        }
    }
    let key = text::key(rest);
    let key = key
        .strip_suffix("续表")
        .or_else(|| key.strip_suffix("表续").map(|_| &key[..key.len() - 3]))
        .unwrap_or(&key);
    key.strip_suffix("公开表").map_or_else(|| key.to_owned(), |k| format!("{k}表"))
}

/// Suffixes of the names of bodies, for titles that start with the department's name.
const BODIES: [&str; 16] = [
    "委员会",
    "办公室",
    "局",
    "厅",
    "院",
    "中心",
    "政府",
    "协会",
    "联合会",
    "总队",
    "支队",
    "大队",
    "学校",
    "委",
    "会",
    "部",
];

/// Variants of a bare title to try: as it is, and without a body's name before it.
pub fn variants(bare: &str) -> Vec<&str> {
    let mut variants = vec![bare];
    for body in BODIES {
        if let Some(at) = bare.rfind(body) {
            let tail = &bare[at + body.len()..];
            if tail.chars().count() >= 3 && !variants.contains(&tail) {
                variants.push(tail);
            }
        }
    }
    variants
}

/// The table among those with these titles that a bare title names, without a body's name before it if need be.
pub fn number<'r, T: Iterator<Item = (u8, &'r Regex)>>(bare: &str, titles: impl Fn() -> T) -> Option<u8> {
    let named = |variant: &str| titles().find(|(_, title)| title.is_match(variant));
    variants(bare).into_iter().find_map(named).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bodys_name_before_a_title_is_left_out() {
        assert!(variants("阿图什市财政局部门收支总表").contains(&"部门收支总表"));
    }
}
