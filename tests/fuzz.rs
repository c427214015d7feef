//! The fuzz targets of `fuzz/` on stable Rust: seeds with seeded mutations through the same functions, a short run on
//! every change. `FUZZ=N cargo test --release --test fuzz` makes N rounds of each.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/mutate.rs"]
mod mutate;

use common::properties;
use mutate::Dice;

fn rounds(everyday: usize) -> usize {
    std::env::var("FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(everyday)
}

/// A seed with a few bytes changed, taken out, doubled or taken from another seed.
fn input(seeds: &[Vec<u8>], round: usize) -> Vec<u8> {
    let dice = &mut Dice::new(round as u64);
    let mut out = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(6) {
        let (at, length) = (dice.below(out.len() + 1), 1 + dice.below(8));
        let end = (at + length).min(out.len());
        match dice.below(5) {
            0 => drop(out.drain(at..end)),
            1 => out
                .splice(at..at, (0..length).map(|_| dice.below(256) as u8).collect::<Vec<_>>())
                .for_each(drop),
            2 => {
                let copy = out[at..end].to_vec();
                out.splice(at..at, copy).for_each(drop);
            }
            3 => {
                let other = &seeds[dice.below(seeds.len())];
                let from = dice.below(other.len() + 1);
                let to = (from + 1 + dice.below(64)).min(other.len());
                out.splice(at..end, other[from..to].to_vec()).for_each(drop);
            }
            _ => {
                if let Some(byte) = out.get_mut(at) {
                    *byte = dice.below(256) as u8;
                }
            }
        }
    }
    out
}

fn texts(seeds: &[&str]) -> Vec<Vec<u8>> {
    seeds.iter().map(|text| text.as_bytes().to_vec()).collect()
}

#[test]
fn no_text_of_a_cell_becomes_an_amount_with_other_digits() {
    let seeds = texts(&[
        "1,234.50",
        "１，２３４．５０",
        "-0.00",
        "—",
        "(12.5)",
        "△3",
        "117,4 71.46",
        "12345678901234567890.12",
        "89.46%",
        "¥ 5",
        ".5",
        "1.2.3",
        "无",
        "12,3456",
        "1'234.50",
        "1 234.50",
        "-",
        "0.000000",
        "9999999999999999999999999999",
    ]);
    for round in 0..rounds(20_000) {
        properties::amount(&String::from_utf8_lossy(&input(&seeds, round)));
    }
}

#[test]
fn no_content_stream_breaks_the_interpreter() {
    let seeds = texts(&[
        "q 1 0 0 1 0 0 cm BT /F 10 Tf 60 700 Td <4E2D6587> Tj [<0031> -200 <0032>] TJ ET Q 60 60 400 0.5 re f 60 60 m 460 60 l S",
        "BT /G 9 Tf 1 0 0 1 10 10 Tm (1,234.50) Tj T* (x) ' 1 2 (y) \" ET BI /W 1 /H 1 /BPC 8 /CS /G ID x EI /OC /A BDC EMC",
        "/DeviceRGB cs 1 1 1 sc 0 0 595 842 re W n 90 Tz 3 Tr 12 TL 2 Ts -5 Tc 0.1 w 0 J 1 j 0 0 m 9 9 9 0 0 0 c h b* 1e9 0 0 1 0 0 cm",
    ]);
    for round in 0..rounds(1_000) {
        properties::content(&input(&seeds, round));
    }
}

#[test]
fn no_page_of_marks_breaks_the_grid_finder() {
    for round in 0..rounds(300) {
        let dice = &mut Dice::new(round as u64);
        // a few values, so that marks align now and then
        let marks: Vec<u8> = (0..8 * dice.below(400)).map(|_| (dice.below(12) * 21) as u8).collect();
        properties::page(&marks);
    }
}

#[test]
fn no_layout_file_breaks_the_reader() {
    let seeds: Vec<Vec<u8>> = std::fs::read_dir("schemas/layouts")
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    for round in 0..rounds(150) {
        properties::layout_file(&String::from_utf8_lossy(&input(&seeds, round)));
    }
}

#[test]
fn no_manifest_makes_an_input_count_as_done_whose_output_is_not_there() {
    let line = r#"{"output":"a/b.json","path":"in/b.pdf","sha256":"ab","bytes":7,"pages":3,"status":"failed","documents":1,"tables":[["filled","missing"]],"findings":{"error":3,"warning":2,"info":1},"proof":{"amounts":9,"proved":8},"tool":"0","schema":"1","settings":"x","output_bytes":5,"duplicate_of":null,"error":null}"#;
    let other = line
        .replace("a/b.json", "../c.json")
        .replace("failed", "complete")
        .replace("null}", "null,\"retry\":true}");
    let seeds = texts(&[line, &other, &format!("{line}\n{other}\n{line}")]);
    for round in 0..rounds(2_000) {
        properties::manifest(&input(&seeds, round));
    }
}

#[test]
fn no_small_file_breaks_the_pipeline() {
    let mut page = common::Page::default();
    page.text(60.0, 60.0, "部门支出总体情况表");
    let rows: [&[&str]; 3] =
        [&["科目编码", "科目名称", "合计"], &["201", "一般公共服务支出", "12.50"], &["", "合计", "12.50"]];
    page.table(80.0, &[60.0, 160.0, 300.0, 400.0], &rows);
    let seeds = [page.pdf(), common::pdf_around(b"BT /G 9 Tf 9 9 Td (1) Tj ET")];
    for round in 0..rounds(300) {
        let _ = properties::document(&input(&seeds, round), &yusuan::Options::default());
    }
}
