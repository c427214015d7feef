//! A comparison → text for people.

use super::changes::{Change, What};
use super::texts::{TextChange, Verdict, share};
use super::{Comparison, Department};
use crate::schema;
use rust_decimal::Decimal;
use std::fmt::{self, Write};

/// Changes of a table, and contradictions of a text, that are shown, unless all are asked for.
const SHOWN: usize = 12;

/// The comparison in words; with `all` every change, else the largest of each table.
pub fn text(c: &Comparison, all: bool) -> String {
    let mut out = String::new();
    // writing into a text cannot fail
    let _ = write(c, all, &mut out);
    out
}

fn write(c: &Comparison, all: bool, out: &mut String) -> fmt::Result {
    for d in &c.departments {
        department(d, all, out)?;
        writeln!(out)?;
    }
    if c.departments.is_empty() {
        writeln!(out, "nothing to compare: no department is on both sides")?;
    }
    for (only, which) in [(&c.only_a, "first"), (&c.only_b, "second")] {
        if !only.is_empty() {
            writeln!(out, "only on the {which} side:")?;
        }
        for d in only {
            writeln!(out, "  {} ({}, {})", d.department, year(d.fiscal_year), d.path)?;
        }
    }
    if !c.maybe_renamed.is_empty() {
        writeln!(out, "perhaps one office under two names (not compared; --rename OLD=NEW does):")?;
    }
    for m in &c.maybe_renamed {
        write!(out, "  {} → {}: {} of {} rows alike", m.a, m.b, m.rows_alike, m.rows)?;
        writeln!(out, ", {} amounts of last year found", m.implied_found)?;
    }
    for note in &c.notes {
        writeln!(out, "note: {note}")?;
    }
    Ok(())
}

fn year(year: Option<u16>) -> String {
    year.map_or_else(|| "no year".to_owned(), |y| y.to_string())
}

fn department(d: &Department, all: bool, out: &mut String) -> fmt::Result {
    writeln!(out, "{}  {} → {}  (万元)", d.b.department, year(d.a.fiscal_year), year(d.b.fiscal_year))?;
    for note in &d.notes {
        writeln!(out, "  note: {note}")?;
    }
    if d.changes.is_empty() {
        writeln!(out, "  no difference in the tables")?;
    }
    for of_table in d.changes.chunk_by(|x, y| x.table == y.table) {
        let number = of_table.first().map_or(0, |c| c.table);
        let title = schema::table(number).map_or("", |t| t.title);
        let count = |what: What| of_table.iter().filter(|c| c.what == what).count();
        let counts = [
            (count(What::New), "new"),
            (count(What::Gone), "gone"),
            (count(What::Changed), "changed"),
            (count(What::Moved), "moved"),
            (count(What::Renamed), "renamed"),
        ];
        let counts: Vec<String> =
            counts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
        writeln!(out, "  table {number} {title}: {}", counts.join(", "))?;
        let shown = if all { of_table.len() } else { SHOWN };
        for c in of_table.iter().take(shown) {
            change(c, out)?;
        }
        if of_table.len() > shown {
            writeln!(out, "    … {} more: --all shows them", of_table.len() - shown)?;
        }
    }
    texts(&d.texts, all, out)
}

fn word(what: What) -> &'static str {
    match what {
        What::New => "new    ",
        What::Gone => "gone   ",
        What::Changed => "changed",
        What::Moved => "moved  ",
        What::Renamed => "renamed",
    }
}

fn or_blank(amount: Option<Decimal>) -> String {
    amount.map_or_else(|| "blank".to_owned(), |a| a.to_string())
}

/// With a sign.
fn signed(d: Decimal) -> String {
    if d.is_sign_negative() && !d.is_zero() { d.to_string() } else { format!("+{d}") }
}

fn change(c: &Change, out: &mut String) -> fmt::Result {
    let side = c.side.map_or_else(String::new, |s| format!("{}: ", crate::output::words::side(s)));
    write!(out, "    {} {side}{} [{}]  ", word(c.what), c.row(), c.column)?;
    match c.what {
        What::New => write!(out, "{}", or_blank(c.b))?,
        What::Gone => write!(out, "{}", or_blank(c.a))?,
        _ => write!(out, "{} → {}  {}", or_blank(c.a), or_blank(c.b), signed(c.difference))?,
    }
    if let (Some(percent), false) = (c.percent, matches!(c.what, What::New | What::Gone)) {
        write!(out, " ({}%)", signed(percent))?;
    }
    if let Some(page) = c.page_b.or(c.page_a) {
        write!(out, "  p. {page}")?;
    }
    writeln!(out)?;
    match &c.reason {
        Some(reason) => writeln!(out, "            why: {reason}"),
        None => Ok(()),
    }
}

fn texts(told: &[TextChange], all: bool, out: &mut String) -> fmt::Result {
    let count = |v: Verdict| told.iter().filter(|t| t.verdict == v).count();
    if told.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "  changes that the text prints: {}; last year's own document agrees with {}, by rounding with {}, contradicts {}",
        told.len(),
        count(Verdict::Agrees),
        count(Verdict::Rounded),
        count(Verdict::Contradicts)
    )?;
    let contradicts = count(Verdict::Contradicts);
    let shown = if all { contradicts } else { SHOWN };
    for t in told.iter().filter(|t| t.verdict == Verdict::Contradicts).take(shown) {
        let change = t.change.map_or_else(|| "a change".to_owned(), signed);
        write!(out, "    contradicts: {} (p. {}): the text says {change}", t.label, t.page)?;
        if let Some(percent) = share(t) {
            write!(out, " ({}%)", signed(percent))?;
        }
        write!(out, ", so {} last year;", or_blank(t.implied_previous))?;
        write!(out, " last year's document prints {}", or_blank(t.own_previous))?;
        writeln!(out, " (difference {})", t.difference.map_or_else(String::new, signed))?;
    }
    if contradicts > shown {
        writeln!(out, "    … {} more: --all shows them", contradicts - shown)?;
    }
    Ok(())
}
