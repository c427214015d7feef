//! What is wrong or doubtful, with both sides, as HTML.

use super::data::{sentence, table_name};
use super::{Review, escape, place};
use crate::document::{Cause, Finding, Place, Severity};
use crate::output::words;
use std::fmt::Write as _;

/// Other sides of a finding that are shown.
const MAX_SIDES: usize = 6;

/// All findings, the gravest first.
pub(super) fn list(review: &Review<'_>, out: &mut String) {
    let lang = review.lang;
    let findings = &review.document.findings;
    let _ = write!(
        out,
        "<h2 class=\"group\" id=\"findings\">{}<span class=\"count\">{}</span></h2><ol class=\"findings\">",
        lang.word("findings"),
        findings.len()
    );
    let mut order: Vec<(usize, &Finding)> = findings.iter().enumerate().collect();
    order.sort_by_key(|(_, f)| (std::cmp::Reverse(f.severity), f.place.table.unwrap_or(u8::MAX)));
    for (i, finding) in order {
        one(review, i, finding, out);
    }
    out.push_str("</ol>");
    if findings.is_empty() {
        let _ = write!(out, "<p class=\"note\">{}</p>", lang.word("no_findings"));
    }
}

fn one(review: &Review<'_>, i: usize, f: &Finding, out: &mut String) {
    let lang = review.lang;
    let severity = words::severity(f.severity);
    let broken = f.severity > Severity::Info && f.difference.is_some();
    let doubt = match (f.severity, broken) {
        (Severity::Info, _) => "",
        (_, true) => " doubt broke",
        (_, false) => " doubt",
    };
    let _ = write!(
        out,
        "<li class=\"f-{severity}{doubt}\" id=\"f{}\" tabindex=\"-1\"><h4><span class=\"sev\">{}</span> ",
        i + 1,
        lang.find(severity).unwrap_or_default()
    );
    let meaning = sentence(lang, &f.rule);
    let _ = write!(out, "{} <code>{}</code></h4>", escape(meaning.unwrap_or(&f.message)), escape(&f.rule));
    if meaning.is_some() {
        let _ = write!(out, "<p class=\"more\">{}</p>", escape(&f.message));
    }
    if f.expected.is_some() || f.actual.is_some() {
        let value = |v: Option<rust_decimal::Decimal>| v.map_or("–".to_owned(), |v| v.to_string());
        let _ = write!(
            out,
            "<p class=\"sides\">{} <b>{}</b> · {} <b>{}</b> · {} <b class=\"diff\">{}</b></p>",
            lang.word("printed"),
            escape(&value(f.actual)),
            lang.word("needed"),
            escape(&value(f.expected)),
            lang.word("difference"),
            escape(&value(f.difference))
        );
    }
    let mut places: Vec<String> = Vec::new();
    places.extend(place_words(review, &f.place));
    for (n, other) in f.others.iter().take(MAX_SIDES).enumerate() {
        let word = if n == 0 { format!("{} ", lang.word("against")) } else { String::new() };
        places.extend(place_words(review, other).map(|p| format!("{word}{p}")));
    }
    if f.others.len() > MAX_SIDES {
        places.push(lang.fill("and_more", &[&(f.others.len() - MAX_SIDES)]));
    }
    if !places.is_empty() {
        let _ = write!(out, "<p class=\"places\">{}</p>", places.join(" "));
    }
    let cause = match f.cause {
        Some(Cause::Source) => lang.word("cause_source"),
        Some(Cause::Extraction) => lang.word("cause_extraction"),
        Some(Cause::Undecided) => lang.word("cause_undecided"),
        None => "",
    };
    if !cause.is_empty() {
        let _ = write!(out, "<p class=\"cause\">{cause}</p>");
    }
    out.push_str("</li>");
}

/// A place as a link to the amount, the box or the page; `None` where the finding tells none.
fn place_words(review: &Review<'_>, p: &Place) -> Option<String> {
    let lang = review.lang;
    let mut said = Vec::new();
    said.extend(p.table.map(|n| table_name(review, u16::from(n))));
    said.extend(p.row.clone());
    said.extend(p.column.as_deref().map(|c| lang.column(p.table.map_or(0, u16::from), c)));
    said.extend(p.page.map(|n| lang.fill("page", &[&n])));
    if said.is_empty() {
        return None;
    }
    let said = escape(&said.join(" · "));
    let mark = review.marks.meant(p).and_then(|i| Some((i, review.marks.all.get(i)?)));
    Some(match (mark, p.page, p.bbox) {
        (Some((i, mark)), _, _) => {
            format!("<a class=\"at\" href=\"#{}\" data-c=\"{i}\">{said}</a>", escape(&mark.anchor))
        }
        (None, Some(page), Some(bbox)) => {
            format!("<a class=\"at\" href=\"#page-{page}\"{}>{said}</a>", place(page, &bbox))
        }
        (None, Some(page), None) => format!("<a class=\"at\" href=\"#page-{page}\">{said}</a>"),
        (None, None, _) => match p.table {
            Some(n) => format!("<a class=\"at\" href=\"#t{n}\">{said}</a>"),
            None => format!("<span class=\"at\">{said}</span>"),
        },
    })
}
