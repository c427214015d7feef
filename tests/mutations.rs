//! One wrong digit in one amount must show. `MUTATE=FOLDER cargo test --release --test mutations -- --nocapture`
//! measures another folder of PDFs; with `EVERY_DIGIT=1` each digit in turn, those below the rounding step too.
#![allow(clippy::unwrap_used)]

use rust_decimal::Decimal;
use std::collections::HashSet;
use std::path::PathBuf;
use yusuan::batch::discover::discover;
use yusuan::document::{Document, Finding, Severity};
use yusuan::{Options, proof};

/// The document's errors, each by rule, place and sides.
fn errors(document: &Document) -> HashSet<String> {
    document.findings.iter().filter(|f| f.severity == Severity::Error).map(key).collect()
}

fn key(f: &Finding) -> String {
    format!("{} {:?} {:?} {:?} {:?}", f.rule, f.place.table, f.place.row, f.place.column, f.message)
}

/// Another value with one digit changed: the last but `at` of the printed ones.
fn changed(value: Decimal, at: u32) -> Decimal {
    let digits = value.mantissa().unsigned_abs();
    let unit = 10u128.pow(at);
    let digit = digits / unit % 10;
    let other = if digit == 9 { digits - unit } else { digits + unit };
    let signed = if value.is_sign_negative() { -(other as i128) } else { other as i128 };
    Decimal::from_i128_with_scale(signed, value.scale())
}

#[derive(Default)]
struct Tally {
    all: u32,
    caught: u32,
    pinned: u32,
}

/// Changes one digit of every amount that an identity proves, in turn.
fn mutate(document: &Document, every_digit: bool, tally: &mut Tally) {
    let mut document = document.clone();
    document.findings.retain(|f| !proof::is_own(&f.rule));
    let mut clean = document.clone();
    proof::prove(&mut clean);
    let before = errors(&clean);
    for t in 0..document.tables.len() {
        for r in 0..document.tables[t].rows.len() {
            for a in 0..document.tables[t].rows[r].amounts.len() {
                let Some(amount) = clean.tables[t].rows[r].amounts[a].1.clone() else { continue };
                if amount.proved_by == 0 {
                    continue;
                }
                // a digit well above the display step: smaller slips are rounding
                let digits = amount.value.mantissa().unsigned_abs().max(1).ilog10();
                let one = digits.min(2 + (t + r + a) as u32 % 3);
                for at in if every_digit { 0..=digits } else { one..=one } {
                    let mut copy = document.clone();
                    let cell = &mut copy.tables[t].rows[r].amounts[a];
                    cell.1.as_mut().unwrap().value = changed(amount.value, at);
                    let column = cell.0;
                    proof::prove(&mut copy);
                    let new = |f: &&Finding| f.severity == Severity::Error && !before.contains(&key(f));
                    tally.all += 1;
                    tally.caught += u32::from(copy.findings.iter().any(|f| new(&f)));
                    tally.pinned += u32::from(copy.findings.iter().filter(new).any(|f| {
                        f.place.table == Some(t as u8 + 1)
                            && f.place.column.as_deref() == Some(column)
                            && f.place.bbox == Some(amount.bbox)
                    }));
                }
            }
        }
    }
}

#[test]
fn one_wrong_digit_is_caught() {
    let folder = std::env::var_os("MUTATE").map_or_else(|| PathBuf::from("samples"), PathBuf::from);
    let mut tally = Tally::default();
    for input in discover(&[folder]).inputs {
        let documents = yusuan::extract(&std::fs::read(input.label()).unwrap(), &Options::default());
        for document in documents.unwrap_or_default() {
            mutate(&document, std::env::var_os("EVERY_DIGIT").is_some(), &mut tally);
        }
    }
    let share = |n: u32| f64::from(n) / f64::from(tally.all.max(1));
    println!(
        "{} amounts changed, {:.2} % caught, {:.2} % pinned to the cell",
        tally.all,
        100.0 * share(tally.caught),
        100.0 * share(tally.pinned)
    );
    assert!(tally.all > 500 && share(tally.caught) >= 0.97 && share(tally.pinned) >= 0.8);
}
