//! What performance tables say against themselves: one person spelled in two ways, a unit in the name of an indicator
//! that is not the one of its value, last year's values in part of a table only. One finding for each kind.

use crate::document::performance::{Indicator, Performance};
use crate::document::{Finding, Place, Severity};
use crate::normalize::unit::unit_word;
use std::collections::{BTreeMap, BTreeSet};

/// Places beside the first that a finding lists.
const MAX_OTHERS: usize = 12;
/// Characters from which on one that differs may be a slip: names of two characters differ too easily.
const NAME: usize = 3;

/// A person in charge: what of, the page, the name. The name is compared and never told.
pub(super) type Leader = (String, u32, String);

/// Adds the findings.
pub(super) fn findings(entries: &[Performance], leaders: &[Leader], out: &mut Vec<Finding>) {
    out.extend(spellings(leaders));
    out.extend(units(entries));
    out.extend(previous(entries));
}

fn finding(rule: &str, severity: Severity, message: String, places: Vec<Place>) -> Option<Finding> {
    let mut places = places.into_iter();
    let mut finding = Finding::new(rule, severity, message);
    finding.place = places.next()?;
    finding.others = places.take(MAX_OTHERS).collect();
    Some(finding)
}

/// One person in charge of several projects whose name is printed in two ways: the rarer spelling stands once.
fn spellings(leaders: &[Leader]) -> Option<Finding> {
    let mut by_name: BTreeMap<&str, Vec<&Leader>> = BTreeMap::new();
    for leader in leaders {
        by_name.entry(&leader.2).or_default().push(leader);
    }
    let (rare, often) = by_name.iter().filter(|(_, tables)| tables.len() == 1).find_map(|(rare, once)| {
        let other = by_name.iter().find(|(name, tables)| tables.len() > 1 && is_slip(rare, name))?;
        Some((*once.first()?, other.1))
    })?;
    let message = format!(
        "the person in charge of `{}` (page {}) is spelled with one character other than in {} further performance tables: one person, or two?",
        rare.0,
        rare.1,
        often.len()
    );
    let place = |(row, page, _): &Leader| Place {
        row: Some(row.clone()),
        page: Some(*page).filter(|&page| page > 0),
        ..Place::default()
    };
    let places = std::iter::once(rare).chain(often.iter().copied()).map(place).collect();
    finding("performance.spelling", Severity::Warning, message, places)
}

/// What tells persons apart where their names are not published (负责人甲, 张某B).
const COUNTERS: &str = "甲乙丙丁戊己庚辛壬癸一二三四五六七八九十某";

/// Whether two names of the same length and family differ in one character.
fn is_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let counts = |c: &char| c.is_ascii_alphanumeric() || COUNTERS.contains(*c);
    let mut differing = a.iter().zip(&b).filter(|(x, y)| x != y);
    let one = differing.next();
    a.len() == b.len()
        && a.len() >= NAME
        && a.first() == b.first()
        && one.is_some_and(|(x, y)| !counts(x) && !counts(y))
        && differing.next().is_none()
}

fn at(indicator: &Indicator) -> Place {
    Place {
        row: Some(indicator.name.clone()),
        page: Some(indicator.page).filter(|&page| page > 0),
        bbox: Some(indicator.bbox),
        ..Place::default()
    }
}

/// 保障办公人数（次） ≥25 人: what stands in the bracket of a name is a unit where some value of the document has it.
fn units(entries: &[Performance]) -> Option<Finding> {
    let indicators = || entries.iter().flat_map(|e| &e.indicators);
    let of_value = |i: &'_ Indicator| i.target.as_ref().and_then(|t| t.unit.clone());
    let known: BTreeSet<String> = indicators().filter_map(of_value).collect();
    let differs = |i: &&Indicator| match (i.name_unit.as_deref(), of_value(i).as_deref()) {
        (Some(name), Some(value)) if name != value => {
            let money = |word: &str| unit_word(word).is_some_and(|(_, rest)| rest.is_empty());
            // 人次 for 人 and the like say the same in more words
            known.contains(name)
                && ((money(name) && money(value)) || !(name.contains(value) || value.contains(name)))
        }
        _ => false,
    };
    let found: Vec<&Indicator> = indicators().filter(differs).collect();
    let words: Vec<String> = found
        .iter()
        .take(5)
        .map(|i| format!("`{}` {}", i.name, i.target.as_ref().map_or("", |t| t.raw.as_str())))
        .collect();
    let more = if found.len() > 5 { format!(" and {} more", found.len() - 5) } else { String::new() };
    let message = format!(
        "indicators whose value has another unit than the bracket of their name: {}{more}",
        words.join("; ")
    );
    finding("performance.unit", Severity::Info, message, found.into_iter().map(at).collect())
}

/// Tables that give last year's value of some indicators in figures and of others in words (新增).
fn previous(entries: &[Performance]) -> Option<Finding> {
    let is_figure = |text: &str| text.chars().any(|c| c.is_ascii_digit());
    let mut words = Vec::new();
    let mut places = Vec::new();
    for entry in entries {
        let printed = || entry.indicators.iter().filter_map(|i| Some((i, i.previous.as_deref()?)));
        let figures: Vec<_> = printed().filter(|(_, text)| is_figure(text)).collect();
        let mut new = printed().filter(|(_, text)| !is_figure(text));
        let Some((_, word)) = new.next() else { continue };
        if figures.is_empty() {
            continue;
        }
        let name = entry.project.as_deref().or(entry.department.as_deref()).unwrap_or_default();
        words.push(format!("{name}: {} in figures, {} as `{word}`", figures.len(), 1 + new.count()));
        places.extend(figures.into_iter().map(|(indicator, _)| at(indicator)));
    }
    let more = if words.len() > 5 { format!(" and {} more", words.len() - 5) } else { String::new() };
    words.truncate(5);
    let message =
        format!("last year's values stand beside part of the indicators only: {}{more}", words.join("; "));
    finding("performance.previous", Severity::Info, message, places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::performance::Target;

    fn leader(of: &str, page: u32, name: &str) -> Leader {
        (of.to_owned(), page, name.to_owned())
    }

    #[test]
    fn a_person_spelled_in_two_ways_is_told_without_the_name() {
        let mut leaders =
            vec![leader("甲", 1, "艾力江"), leader("乙", 2, "艾力江"), leader("丙", 3, "艾利江")];
        let found = spellings(&leaders);
        assert_eq!(found.as_ref().and_then(|f| f.place.row.as_deref()), Some("丙"));
        assert!(found.is_some_and(|f| !f.message.contains("江") && f.others.len() == 2));
        for other in ["王小明", "艾力甲", "张力江"] {
            leaders[2].2 = other.to_owned();
            assert!(spellings(&leaders).is_none());
        }
    }

    fn indicator(name_unit: &str, unit: &str, previous: Option<&str>) -> Indicator {
        let target = Target { raw: format!("≥1 {unit}"), unit: Some(unit.to_owned()), ..Target::default() };
        Indicator {
            name: format!("某指标（{name_unit}）"),
            name_unit: Some(name_unit.to_owned()),
            target: Some(target),
            previous: previous.map(str::to_owned),
            ..Indicator::default()
        }
    }

    fn entry(indicators: Vec<Indicator>) -> Vec<Performance> {
        vec![Performance { indicators, ..Performance::default() }]
    }

    #[test]
    fn a_value_in_another_unit_than_its_name_is_told() {
        let found = |name: &str, value: &str| {
            units(&entry(vec![
                indicator("次", "次", None),
                indicator("元", "元", None),
                indicator(name, value, None),
            ]))
            .is_some()
        };
        assert!(found("次", "人"));
        assert!(found("元", "万元"), "ten thousand times as much");
        assert!(!found("次", "次") && !found("含税", "人") && !found("次", "人次"));
    }

    #[test]
    fn last_years_values_beside_some_indicators_only_are_told() {
        let found =
            |a, b| previous(&entry(vec![indicator("次", "次", a), indicator("次", "次", b)])).is_some();
        assert!(found(Some("95%"), Some("新增")));
        assert!(
            !found(Some("新增"), Some("新增"))
                && !found(Some("95%"), Some("90%"))
                && !found(None, Some("新增"))
        );
    }
}
