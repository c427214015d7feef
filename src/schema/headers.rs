//! What header texts say of a column whatever the table: counters, texts, other periods (`schemas/headers.toml`).

use super::concepts::Set;
use super::pattern::{Path, header_key};
use crate::normalize::text;

pub use super::pattern::Holds;
use crate::document::{Raw, Row};
use crate::error::Error;
use regex::Regex;
use serde::Deserialize;
use std::sync::OnceLock;

const SOURCE: (&str, &str) = ("headers.toml", include_str!("../../schemas/headers.toml"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    numbering: Vec<String>,
    numbering_marks: Vec<char>,
    counters: Vec<String>,
    texts: Vec<String>,
    other_periods: Vec<String>,
    comparisons: Vec<String>,
    neutral_bands: Vec<String>,
    outcomes: Vec<String>,
    plans: Vec<String>,
    whole_bands: Vec<String>,
    units: Vec<String>,
    notes: Vec<String>,
}

/// The words of `schemas/headers.toml`.
#[derive(Debug, Default)]
pub struct Words {
    numbering: Vec<String>,
    numbering_marks: Vec<char>,
    counters: Vec<Regex>,
    texts: Vec<Regex>,
    other_periods: Vec<Regex>,
    comparisons: Vec<Regex>,
    neutral_bands: Vec<String>,
    outcomes: Vec<String>,
    plans: Vec<String>,
    whole_bands: Vec<String>,
    units: Vec<Regex>,
    notes: Vec<Regex>,
}

/// The words. The file is part of the program; a test proves that it parses.
pub fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| parse(SOURCE.0, SOURCE.1).unwrap_or_default())
}

fn parse(name: &str, text: &str) -> Result<Words, Error> {
    let error = |cause: String| Error::Layout { file: name.to_owned(), cause };
    let file: File = toml::from_str(text).map_err(|e| error(e.to_string()))?;
    // one pattern instead of many is compiled and matched faster
    let regexes = |patterns: &[String]| -> Result<Vec<Regex>, Error> {
        Ok(vec![Regex::new(&patterns.join("|")).map_err(|e| error(e.to_string()))?])
    };
    let keys = |words: &[String]| words.iter().map(|w| header_key(w)).collect();
    Ok(Words {
        numbering: keys(&file.numbering),
        numbering_marks: file.numbering_marks,
        counters: regexes(&file.counters)?,
        texts: regexes(&file.texts)?,
        other_periods: regexes(&file.other_periods)?,
        comparisons: regexes(&file.comparisons)?,
        neutral_bands: keys(&file.neutral_bands),
        outcomes: keys(&file.outcomes),
        plans: keys(&file.plans),
        whole_bands: keys(&file.whole_bands),
        units: regexes(&file.units)?,
        notes: regexes(&file.notes)?,
    })
}

/// Whether a text labels a row or column that numbers the form (栏次, `**`).
pub fn is_numbering(text: &str) -> bool {
    let words = words();
    let key = text::key(text);
    match key.is_empty() {
        true => !text.is_empty() && text.chars().all(|c| words.numbering_marks.contains(&c)),
        false => words.numbering.contains(&key),
    }
}

/// Whether a line without its spaces is a note to the table above it, or says that the table is empty.
pub fn is_note(squeezed: &str) -> bool {
    words().notes.iter().any(|r| r.is_match(squeezed))
}

/// The unit that a column beside the rows names from this row on.
pub fn unit_beside(row: &Row) -> Option<&str> {
    row.raw.iter().find_map(|(column, raw)| match raw {
        Raw::Text(name) if words().units.iter().any(|r| r.is_match(column)) => Some(name.as_str()),
        _ => None,
    })
}

/// Whether a band above columns says nothing of where the money comes from (其中, 支出预算).
pub fn is_neutral_band(key: &str) -> bool {
    key.is_empty() || words().neutral_bands.iter().any(|w| w == key)
}

/// Whether a band stands over all amounts of a table (支出预算, 资金来源).
pub fn is_whole_band(key: &str) -> bool {
    words().whole_bands.iter().any(|w| w == key)
}

/// Says of every column of a header what it holds: the latest year that a header names is the table's own, unless it
/// can only be the one that the table is compared with. `is_amount` knows the keys that head nothing but amounts.
pub fn settle(paths: &mut [Path], is_amount: impl Fn(&str) -> bool) {
    let words = words();
    let says = |list: &[Regex], text: &str| list.iter().any(|r| r.is_match(text));
    let latest = paths.iter().flat_map(|p| p.texts.iter()).filter_map(|t| only_year(t)).max();
    let current = latest.filter(|_| !is_compared_with(paths, is_amount) && !is_beside_this_year(paths));
    let outcome = |p: &Path| p.keys.iter().any(|k| words.outcomes.contains(k));
    let settled = paths.iter().any(outcome);
    for path in paths.iter_mut() {
        let Some(leaf) = path.texts.last() else { continue };
        let other = path.texts.iter().zip(&path.keys).find(|(text, key)| {
            years(text).any(|y| Some(y) != current)
                || says(&words.other_periods, text)
                || says(&words.comparisons, text)
                || settled && words.plans.contains(key) && !outcome(path)
        });
        path.holds = if says(&words.counters, leaf) {
            Holds::Counter
        } else if says(&words.texts, leaf) {
            Holds::Text
        } else if let Some((text, _)) = other {
            Holds::OtherPeriod(text.clone())
        } else {
            Holds::Current
        };
    }
}

/// Whether the one year that a header names is not the table's own (`合计 | 基本支出 | 2025年预算数 | 增减额`): two periods
/// are compared, amounts stand under no year, and nothing else says what they are compared with.
fn is_compared_with(paths: &[Path], is_amount: impl Fn(&str) -> bool) -> bool {
    let words = words();
    let says = |list: &[Regex], path: &Path| path.texts.iter().any(|t| list.iter().any(|r| r.is_match(t)));
    let (compare, rest): (Vec<&Path>, Vec<&Path>) = paths.iter().partition(|p| says(&words.comparisons, p));
    let named = |path: &Path| path.texts.iter().flat_map(|t| years(t)).collect::<Vec<u16>>();
    let all: Vec<u16> = rest.iter().flat_map(|p| named(p)).collect();
    let bare = |path: &&&Path| named(path).is_empty() && path.keys.last().is_some_and(|key| is_amount(key));
    !compare.is_empty()
        && all.windows(2).all(|w| w.first() == w.last())
        && !rest.iter().any(|p| says(&words.other_periods, p))
        && rest.iter().any(|p| bare(&p))
}

/// Whether the one year that a header names stands beside 本年预算数: then it is the year that this one is compared with.
fn is_beside_this_year(paths: &[Path]) -> bool {
    let (this, measure) = (Set::of(&["this_year"]), Set::of(&["budget", "final", "amount", "executed"]));
    let plain = |path: &&Path| {
        path.says.last().is_some_and(|m| m.unknown == 0 && m.says.without(this).without(measure).is_empty())
    };
    let leaf = |path: &&Path| path.texts.last().map(String::as_str).unwrap_or_default().to_owned();
    let own = |path: &&Path| {
        path.says.last().is_some_and(|m| m.says.has(this) && m.says.meets(measure))
            && only_year(&leaf(path)).is_none()
    };
    let named: Vec<u16> = paths.iter().filter(plain).filter_map(|p| only_year(&leaf(&p))).collect();
    let one = named.windows(2).all(|w| w.first() == w.last());
    let printed = |path: &&Path| leaf(path).contains(['本', '当']);
    !named.is_empty() && one && paths.iter().filter(plain).filter(printed).any(|p| own(&p))
}

/// Whether a column's header (a path joined by `/`) says itself that no amounts of the table's period stand below it.
pub fn is_foreign(header: &str) -> bool {
    let words = words();
    let lists = [&words.other_periods, &words.comparisons, &words.texts, &words.counters];
    header.split('/').any(|text| lists.iter().any(|list| list.iter().any(|r| r.is_match(text))))
}

/// Whether a column's header (a path joined by `/`) says what stands below it, be it a column that the standard lacks.
pub fn is_understood(header: &str) -> bool {
    let path = Path::new(header.split('/').map(str::to_owned).collect());
    is_foreign(header) || !path.is_empty() && path.meaning(0).unknown == 0
}

/// What a column's header (a path joined by `/`) says; nothing where it is of another period or not understood.
pub fn says(header: &str) -> Set {
    let path = Path::new(header.split('/').map(str::to_owned).collect());
    let meaning = path.meaning(0);
    if is_foreign(header) || meaning.unknown > 0 { Set::default() } else { meaning.says }
}

/// The year that a text names, if it names one only.
pub fn only_year(text: &str) -> Option<u16> {
    let mut all = years(text);
    all.next().filter(|_| all.next().is_none())
}

/// All years (`2025年`) in a text.
fn years(text: &str) -> impl Iterator<Item = u16> + '_ {
    text.match_indices('年').filter_map(|(at, _)| {
        let before = text.get(..at)?.trim_end();
        let digits = before.get(before.len().checked_sub(4)?..)?;
        digits.parse().ok().filter(|y| (1980..2100).contains(y))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(headers: &[&[&str]]) -> Vec<Holds> {
        let texts = |h: &&[&str]| h.iter().map(|t| (*t).to_owned()).collect();
        let mut paths: Vec<Path> = headers.iter().map(|h| Path::new(texts(h))).collect();
        settle(&mut paths, |key| ["合计", "基本支出"].contains(&key));
        paths.into_iter().map(|p| p.holds).collect()
    }

    #[test]
    fn the_file_parses() {
        parse(SOURCE.0, SOURCE.1).unwrap();
    }

    #[test]
    fn last_years_columns_are_another_periods() {
        let other = |t: &str| Holds::OtherPeriod(t.to_owned());
        assert_eq!(
            held(&[&["科目编码"], &["2024年执行数"], &["2025年预算数", "小计"], &["比上年增减", "增减%"]]),
            [Holds::Text, other("2024年执行数"), Holds::Current, Holds::Text]
        );
        assert_eq!(
            held(&[&["上年预算数"], &["本年预算数"], &["2025年比2024年增减额"]]),
            [other("上年预算数"), Holds::Current, other("2025年比2024年增减额")]
        );
        assert_eq!(held(&[&["2024年预算数"], &["项目"]]), [Holds::Current, Holds::Current]);
        assert_eq!(held(&[&["上年结转"], &["上年结转结余资金"]]), [Holds::Current, Holds::Current]);
    }

    #[test]
    fn the_only_year_of_a_comparison_is_the_other_periods_where_amounts_stand_under_no_year() {
        let other = |t: &str| Holds::OtherPeriod(t.to_owned());
        assert_eq!(
            held(&[&["科目名称"], &["支出", "合计"], &["支出", "基本支出"], &["2025年预算数"], &["增减额"]]),
            [Holds::Current, Holds::Current, Holds::Current, other("2025年预算数"), other("增减额")]
        );
        assert_eq!(
            held(&[&["科目名称"], &["2026年预算数", "合计"], &["增减额"]]),
            [Holds::Current, Holds::Current, other("增减额")]
        );
        assert_eq!(
            held(&[&["合计"], &["上年预算数"], &["2026年预算数"], &["增减额"]]),
            [Holds::Current, other("上年预算数"), Holds::Current, other("增减额")]
        );
    }

    #[test]
    fn plans_beside_outcomes_are_another_periods() {
        let other = |t: &str| Holds::OtherPeriod(t.to_owned());
        assert_eq!(held(&[&["预算数", "合计"], &["决算数", "合计"]]), [other("预算数"), Holds::Current]);
        assert_eq!(held(&[&["合计", "预算数"], &["公务接待费"]]), [Holds::Current, Holds::Current]);
    }

    #[test]
    fn a_comparison_is_foreign_whatever_stands_beside_it() {
        assert!(is_foreign("增减额") && is_foreign("预算数/比上年增减") && is_foreign("备注"));
        assert!(!is_foreign("其他资金") && !is_foreign("支出/小计"));
    }

    #[test]
    fn row_numbers_and_shares_are_no_amounts() {
        assert_eq!(held(&[&["行次"], &["占比"], &["金额"]]), [Holds::Counter, Holds::Text, Holds::Current]);
    }
}
