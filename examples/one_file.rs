//! The library without the command line: `cargo run --no-default-features --example one_file -- samples/calc-zeros.pdf`.
//! An untagged enum with an `f64` works beside it: yusuan leaves serde_json's numbers as they are.
#![allow(clippy::print_stdout)]

use serde::Deserialize;
use std::error::Error;
use yusuan::{Options, extract_within};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Setting {
    Number(f64),
    Text(String),
}

fn main() -> Result<(), Box<dyn Error>> {
    let settings: Vec<Setting> = serde_json::from_str(r#"[1.5, "text"]"#)?;
    if settings != [Setting::Number(1.5), Setting::Text("text".to_owned())] {
        return Err("an untagged enum lost its number".into());
    }
    let path = std::env::args().nth(1).ok_or("which PDF?")?;
    for document in extract_within(std::fs::read(path)?, &Options::default())? {
        let rows: usize = document.tables.iter().map(|t| t.rows.len()).sum();
        println!("{:?}: {rows} rows, {:?}", document.head.department, document.proof);
        println!("{}", serde_json::to_string(&document.tables[9])?);
    }
    Ok(())
}
