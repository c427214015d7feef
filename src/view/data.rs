//! What the page's script knows: amounts, identities, pages, words. As JSON that can stand within HTML.

use super::{Lang, Review};
use crate::picture::Undrawn;
use crate::picture::marks::{Mark, OTHERS, State};
use crate::proof;
use crate::proof::equations::{Closes, Equation};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Data<'a> {
    /// Amounts.
    c: Vec<Cell>,
    /// Identities at their places.
    e: Vec<Sum>,
    /// Rules: id and sentence.
    r: Vec<(&'a str, &'a str)>,
    /// Words.
    w: BTreeMap<&'static str, &'static str>,
    /// What each table number is called.
    t: BTreeMap<u16, String>,
}

/// Anchor, page, box, state, table, row, column, value, printed text, unit, proofs, second reader.
type Cell = (String, u32, [f64; 4], usize, u16, String, String, String, String, &'static str, u32, u8);

/// Rule, how it closes, whether it proves, whether it is a bound, difference, left terms, right terms (twice the index,
/// and one where it is taken away).
type Sum = (usize, u8, u8, u8, String, Vec<usize>, Vec<usize>);

/// The script's data.
pub(super) fn json(review: &Review<'_>) -> String {
    let lang = review.lang;
    let marks = &review.marks;
    let mut rules: Vec<(&str, &str)> = Vec::new();
    let mut sums = Vec::new();
    for (equation, left, right) in &marks.equations {
        let known = rules.iter().position(|(id, _)| *id == equation.rule);
        let rule = known.unwrap_or_else(|| {
            rules.push((&equation.rule, sentence(lang, &equation.rule).unwrap_or(&equation.rule)));
            rules.len() - 1
        });
        sums.push(sum(rule, equation, left, right));
    }
    let data = Data {
        c: marks.all.iter().map(|mark| cell(review, mark)).collect(),
        e: sums,
        r: rules,
        w: lang.all(),
        t: marks.all.iter().map(|m| (m.table, table_name(review, m.table))).collect(),
    };
    // no tag begins, and no line ends, within a string of the data
    serde_json::to_string(&data)
        .unwrap_or_else(|_| "{}".to_owned())
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

fn sum(rule: usize, equation: &Equation, left: &[(usize, bool)], right: &[(usize, bool)]) -> Sum {
    let closes = match equation.closes {
        Closes::Exactly => 0,
        Closes::Rounded => 1,
        Closes::Not => 2,
    };
    let side = |terms: &[(usize, bool)]| terms.iter().map(|&(i, minus)| 2 * i + usize::from(minus)).collect();
    let difference = plain(equation.difference);
    (rule, closes, u8::from(equation.proves), u8::from(equation.at_most), difference, side(left), side(right))
}

fn plain(value: Decimal) -> String {
    if value > Decimal::ZERO { format!("+{value}") } else { value.to_string() }
}

fn cell(review: &Review<'_>, mark: &Mark) -> Cell {
    let tenth = |v: f32| (f64::from(v) * 10.0).round() / 10.0;
    let b = &mark.bbox;
    (
        mark.anchor.clone(),
        mark.page,
        [tenth(b.x0), tenth(b.y0), tenth(b.x1), tenth(b.y1)],
        State::ALL.iter().position(|s| *s == mark.state).unwrap_or(0),
        mark.table,
        row_name(review, mark),
        review.lang.column(mark.table, &mark.column),
        mark.value.map_or(String::new(), |v| v.to_string()),
        mark.text.clone(),
        mark.unit.map_or("", |u| u.as_str()),
        mark.proofs,
        match mark.second {
            None => 0,
            Some(true) => 1,
            Some(false) => 2,
        },
    )
}

/// What a person calls the row: its code and its name.
fn row_name(review: &Review<'_>, mark: &Mark) -> String {
    let table = review.document.tables.iter().find(|t| u16::from(t.number) == mark.table);
    let Some(row) = table.and_then(|t| t.rows.get(mark.row)) else { return mark.name.clone() };
    let name = row.project.as_deref().or(row.name.as_deref()).unwrap_or(&mark.name);
    match row.code.as_deref().filter(|c| *c != name) {
        Some(code) => format!("{code} {name}"),
        None => name.to_owned(),
    }
}

/// `表5`, `文字说明`, or another table's title.
pub(super) fn table_name(review: &Review<'_>, number: u16) -> String {
    let lang = review.lang;
    match number {
        1..=12 => lang.fill("table", &[&number]),
        OTHERS.. => {
            let table = review.document.other_tables.get(usize::from(number - OTHERS));
            let title = table.map_or("", |t| t.title.as_str());
            if title.is_empty() { lang.word("other_tables").to_owned() } else { title.to_owned() }
        }
        _ => lang.find(&format!("part_{number}")).unwrap_or_default().to_owned(),
    }
}

/// What a rule means.
pub(super) fn sentence(lang: Lang, rule: &str) -> Option<&'static str> {
    let known = proof::rules().chain(proof::findings()).find(|(id, _, _)| *id == rule);
    known.map(|(_, en, zh)| if lang == Lang::Zh { zh } else { en })
}

/// Why a page is missing, in the page's language.
pub(super) fn why(lang: Lang, why: &Undrawn) -> &'static str {
    match why {
        Undrawn::NoFile => lang.word("undrawn_no_file"),
        Undrawn::Unopened => lang.word("undrawn_unopened"),
        Undrawn::NoPage => lang.word("undrawn_no_page"),
        Undrawn::TooLong => lang.word("undrawn_too_long"),
        Undrawn::TooLarge => lang.word("undrawn_too_large"),
        Undrawn::NoRoom => lang.word("undrawn_no_room"),
        Undrawn::Failed(_) => lang.word("undrawn_failed"),
        Undrawn::Unsafe(_) => lang.word("undrawn_unsafe"),
    }
}
