//! One planted error must show, and its finding must name the place. `MUTATE=FOLDER cargo test --test mutations --
//! --nocapture` measures any folder of PDFs or emitted JSON; `EVERY=1` plants errors of each kind at every place,
//! `SHOW=WrongDigit` lists those that no finding tells of, `SHOW=WrongDigit:pin` those that none pins.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod plant;

use plant::{Kind, Plant, Spot};
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use yusuan::batch::discover::discover_any;
use yusuan::document::{Document, Finding, Place, Severity};
use yusuan::{Options, proof};

fn key(f: &Finding) -> String {
    format!("{} {:?} {:?} {:?} {:?}", f.rule, f.place.table, f.place.row, f.place.column, f.message)
}

/// What is doubtful or wrong.
fn told(document: &Document) -> HashSet<String> {
    document.findings.iter().filter(|f| f.severity > Severity::Info).map(key).collect()
}

#[derive(Clone, Copy, Default)]
struct Tally {
    all: u32,
    proved: u32,
    caught: u32,
    caught_of_proved: u32,
    cell: u32,
    sides: u32,
    errors: u32,
}

fn names(place: &Place, spot: &Spot) -> bool {
    let Some((_, page)) = spot.row else { return place.table == Some(spot.table) };
    let by_box = place.page == Some(page) && place.bbox.is_some_and(|b| spot.boxes.contains(&b));
    let by_name = place.row.is_some() && place.row == spot.name;
    place.table == Some(spot.table)
        && (spot.column.is_none() || place.column == spot.column)
        && (by_box || by_name)
}

/// Whether the finding's own place is the planted one; whether it is among the sides that it shows.
fn pinned(f: &Finding, plant: &Plant) -> (bool, bool) {
    let any = |place: &Place| plant.spots.iter().any(|spot| names(place, spot));
    // a dropped row has no place: its parent or the total miss it
    (any(&f.place), any(&f.place) || f.others.iter().any(any))
}

fn measure(documents: &[Document], every: usize, show: Option<&str>) -> BTreeMap<Kind, Tally> {
    let mut tallies: BTreeMap<Kind, Tally> = BTreeMap::new();
    let mut listed = 0;
    for document in documents {
        let mut document = document.clone();
        document.findings.retain(|f| !proof::is_own(&f.rule));
        let mut clean = document.clone();
        proof::prove(&mut clean);
        let before = told(&clean);
        plant::all(&document, &clean, every, &mut |mut plant| {
            proof::prove(&mut plant.document);
            let new: Vec<&Finding> = plant
                .document
                .findings
                .iter()
                .filter(|f| f.severity > Severity::Info && !before.contains(&key(f)))
                .collect();
            let pins: Vec<(bool, bool)> = new.iter().map(|f| pinned(f, &plant)).collect();
            let (cell, sides) = (pins.iter().any(|p| p.0), pins.iter().any(|p| p.1));
            let tally = tallies.entry(plant.kind).or_default();
            tally.all += 1;
            tally.proved += u32::from(plant.proved);
            tally.caught += u32::from(!new.is_empty());
            tally.caught_of_proved += u32::from(plant.proved && !new.is_empty());
            tally.cell += u32::from(plant.proved && cell);
            tally.sides += u32::from(plant.proved && sides);
            tally.errors += u32::from(plant.proved && new.iter().any(|f| f.severity == Severity::Error));
            let kind = format!("{:?}", plant.kind);
            let missed = plant.proved
                && (new.is_empty() && show == Some(&kind) || !cell && show == Some(&format!("{kind}:pin")));
            if missed && listed < 60 {
                listed += 1;
                println!("--- {} {kind}", document.source.path);
                for s in &plant.spots {
                    println!(
                        "    planted: table {} {:?} {:?}",
                        s.table,
                        s.column,
                        s.row.map(|(b, p)| (p, b.y0))
                    );
                }
                for (spot_table, row) in
                    plant.document.tables.iter().flat_map(|t| t.rows.iter().map(move |r| (t.number, r)))
                {
                    if plant
                        .spots
                        .iter()
                        .any(|s| s.table == spot_table && s.row == Some((row.bbox, row.page)))
                    {
                        let values: Vec<String> = row
                            .amounts
                            .iter()
                            .map(|(_, a)| a.as_ref().map_or("-".into(), |a| a.value.to_string()))
                            .collect();
                        println!("    row: {:?} {:?} {}", row.code, row.name, values.join(" "));
                    }
                }
                for f in &new {
                    println!("    {:?} {} {}", f.severity, f.rule, f.message);
                }
            }
        });
    }
    tallies
}

fn documents(folder: PathBuf) -> Vec<Document> {
    let mut all = Vec::new();
    for input in discover_any(&[folder], &["pdf"]).inputs {
        let read = yusuan::check(&std::fs::read(input.label()).unwrap(), &Options::default());
        for mut document in read.unwrap_or_default() {
            document.source.path = input.label();
            all.push(document);
        }
    }
    all
}

#[test]
fn planted_errors_are_caught_and_pinned() {
    let own = std::env::var_os("MUTATE").is_none();
    let folder = std::env::var_os("MUTATE").map_or_else(|| PathBuf::from("samples"), PathBuf::from);
    let every = std::env::var("EVERY").ok().and_then(|n| n.parse().ok()).unwrap_or(4);
    let show = std::env::var("SHOW").ok();
    let tallies = measure(&documents(folder), every, show.as_deref());
    let share = |n: u32, of: u32| 100.0 * f64::from(n) / f64::from(of.max(1));
    println!("kind             planted  caught | in identities  caught  as error  to the cell  or a side");
    for (kind, t) in &tallies {
        println!(
            "{:<16} {:>7} {:>6.2}% | {:>13} {:>6.2}% {:>8.2}% {:>11.2}% {:>9.2}%",
            format!("{kind:?}"),
            t.all,
            share(t.caught, t.all),
            t.proved,
            share(t.caught_of_proved, t.proved),
            share(t.errors, t.proved),
            share(t.cell, t.proved),
            share(t.sides, t.proved)
        );
    }
    if own {
        let digits = tallies[&Kind::WrongDigit];
        assert!(digits.proved > 500);
        assert!(share(digits.caught_of_proved, digits.proved) >= 97.0);
        assert!(share(digits.sides, digits.proved) >= 90.0);
    }
}
