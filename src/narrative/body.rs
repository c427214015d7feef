//! Part one: what the department is for, its offices and units.

use super::paragraph::Paragraph;
use crate::document::narrative::{Functions, Organization, Source};
use crate::geometry::Rect;
use crate::normalize::label::strip_enumeration;
use regex::Regex;
use std::sync::LazyLock;

/// Longest name of an office or unit, in characters.
const LONGEST: usize = 40;
/// Most items of a list.
const MOST: usize = 400;

static NO_UNITS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:无|没有)(?:下属|所属|下级)(?:的)?(?:预算)?(?:单位|机构)").ok());
static UNITS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:下属|所属|下设|下辖)(?:事业单位|预算单位|单位)?(?:共|有|共有|包括)?:?([0-9]{1,3})?(?:个|家)?(?:二级)?(?:预算)?单位|预算单位(?:共计|共)?([0-9]{1,3})(?:个|家)").ok()
});
static OFFICES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:内设|设立?|下设)(?:机构)?(?:包括|有)?:?").ok());
static OFFICE_COUNT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"([0-9]{1,3})个(?:内设机构|职能处室|职能科室|科室|处室|机构|股室)").ok());
static LISTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:具体为|具体包括|具体是|分别为|分别是|包括|为):").ok());

/// The functions, one an item.
pub(super) fn functions(paragraphs: &[Paragraph]) -> Option<Functions> {
    let source = all(paragraphs)?;
    let numbered = paragraphs.iter().filter(|p| strip_enumeration(&p.text).0.is_some()).count();
    let mut items: Vec<String> = Vec::new();
    for paragraph in paragraphs {
        let (enumeration, rest) = strip_enumeration(&paragraph.text);
        if numbered == 0 {
            let single = rest.split(['。', ';']).map(str::trim).filter(|t| !t.is_empty());
            items.extend(single.map(str::to_owned));
        } else if enumeration.is_some() {
            items.push(rest.trim_end_matches(['。', ';']).to_owned());
        } else if let Some(last) = items.last_mut() {
            last.push_str(rest.trim_end_matches(['。', ';']));
        }
    }
    items.truncate(MOST);
    Some(Functions { items, source })
}

/// Offices and subordinate units.
pub(super) fn organization(paragraphs: &[Paragraph]) -> Option<Organization> {
    let source = all(paragraphs)?;
    let mut out = Organization { source, ..Organization::default() };
    let mut listing = false;
    for paragraph in paragraphs {
        let text = paragraph.compact.as_str();
        if matches(&NO_UNITS, text) {
            out.has_subordinate_units = Some(false);
        } else if let Some(found) = UNITS.as_ref().and_then(|r| r.captures(text)) {
            let count = found.get(1).or_else(|| found.get(2)).and_then(|m| m.as_str().parse().ok());
            out.has_subordinate_units = out.has_subordinate_units.or(Some(count != Some(0)));
            out.subordinate_unit_count = out.subordinate_unit_count.or(count);
            let tail = text.get(found.get(0).map_or(0, |m| m.end())..).unwrap_or_default();
            if out.subordinate_units.is_empty()
                && let Some(at) = LISTED.as_ref().and_then(|r| r.find(tail)).map(|m| m.end())
            {
                let start = text.len() - tail.len() + at;
                let end = start + text.get(start..).and_then(|t| t.find('。')).unwrap_or(text.len() - start);
                out.subordinate_units = names(paragraph.display(start..end));
            }
        } else if listing {
            let (enumeration, rest) = strip_enumeration(&paragraph.text);
            let name = rest.split([',', '。', ';']).next().unwrap_or_default().trim();
            if enumeration.is_some() && !name.is_empty() && name.chars().count() <= LONGEST {
                out.subordinate_units.push(name.to_owned());
            }
        }
        listing = listing || text.ends_with("包括:") || text.ends_with("具体为:");
        if let Some(count) = OFFICE_COUNT.as_ref().and_then(|r| r.captures(text)) {
            out.office_count = out.office_count.or_else(|| count.get(1)?.as_str().parse().ok());
            let end = count.get(0).map_or(0, |m| m.start());
            let head = text.get(..end).unwrap_or_default();
            if out.offices.is_empty()
                && let Some(start) = OFFICES.as_ref().and_then(|r| r.find_iter(head).last()).map(|m| m.end())
            {
                let list = paragraph.display(start..end).trim_end_matches('等').to_owned();
                if list.contains('、') {
                    out.offices = names(&list);
                }
            }
            let tail = text.get(count.get(0).map_or(0, |m| m.end())..).unwrap_or_default();
            if out.offices.is_empty()
                && let Some(at) =
                    LISTED.as_ref().and_then(|r| r.find(tail)).filter(|m| m.start() <= 3).map(|m| m.end())
            {
                let start = text.len() - tail.len() + at;
                let end = start + text.get(start..).and_then(|t| t.find('。')).unwrap_or(text.len() - start);
                out.offices = names(paragraph.display(start..end));
            }
        }
    }
    out.subordinate_units.truncate(MOST);
    Some(out)
}

fn matches(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|r| r.is_match(text))
}

/// The names of a list: parted by 、 outside of brackets.
pub(super) fn names(list: &str) -> Vec<String> {
    let mut depth = 0u32;
    let mut out = Vec::new();
    let mut open = String::new();
    for c in list.chars() {
        match c {
            '（' => depth += 1,
            '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && matches!(c, '、' | ';') {
            push(&mut out, &mut open);
        } else {
            open.push(c);
        }
    }
    push(&mut out, &mut open);
    // a sentence is no list of names
    if out.iter().any(|n: &String| n.chars().count() > LONGEST) || out.len() > MOST {
        Vec::new()
    } else {
        out
    }
}

fn push(out: &mut Vec<String>, open: &mut String) {
    let name = open.trim().trim_end_matches(['。', ',', '等']).trim_start_matches(['和', ',']);
    if !name.is_empty() {
        out.push(name.to_owned());
    }
    open.clear();
}

/// All paragraphs as one source: place of the first, text of all.
fn all(paragraphs: &[Paragraph]) -> Option<Source> {
    let first = paragraphs.first()?;
    let whole = first.whole();
    let same_page = paragraphs.iter().map(Paragraph::whole).filter(|s| s.page == whole.page);
    let bbox = Rect::hull(same_page.map(|s| s.bbox)).unwrap_or(whole.bbox);
    let text = paragraphs.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n");
    Some(Source { page: whole.page, bbox, text })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn organized(text: &str) -> Organization {
        organization(&[Paragraph::of(text)]).unwrap()
    }

    #[test]
    fn a_department_without_units_says_so() {
        let found = organized("某县发展和改革委员会无下属预算单位，内设办公室、财务科、业务科等 4 个科室。");
        assert_eq!(found.has_subordinate_units, Some(false));
        assert_eq!(found.office_count, Some(4));
        assert_eq!(found.offices, ["办公室", "财务科", "业务科"]);
    }

    #[test]
    fn units_are_listed_by_name() {
        let found = organized(
            "某局部门预算包括本级预算和下属 2 个预算单位，具体为：某局、某局信息中心、某局推广站。",
        );
        assert_eq!((found.has_subordinate_units, found.subordinate_unit_count), (Some(true), Some(2)));
        assert_eq!(found.subordinate_units, ["某局", "某局信息中心", "某局推广站"]);
    }

    #[test]
    fn functions_are_parted_at_semicolons_where_nothing_numbers_them() {
        let found = functions(&[Paragraph::of("贯彻落实法律；拟定规划；推进融合。")]).unwrap();
        assert_eq!(found.items, ["贯彻落实法律", "拟定规划", "推进融合"]);
    }
}
