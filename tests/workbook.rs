//! The workbook of the samples, opened by LibreOffice: every amount is the dataset's. Skipped where LibreOffice or Python
//! is not installed.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::path::Path;
use std::process::Command;

/// The script ends with it where LibreOffice is not installed.
const SKIPPED: i32 = 77;

#[test]
fn libreoffice_opens_the_workbook_and_finds_every_amount_of_the_dataset() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workbook/check.py");
    // `tomllib` came with 3.11
    let fits = Command::new("python3").args(["-c", "import tomllib"]).output();
    if !fits.is_ok_and(|ran| ran.status.success()) {
        eprintln!("skipped: no Python 3.11");
        return;
    }
    let ran =
        Command::new("python3").arg(script).arg(env!("CARGO_BIN_EXE_yusuan")).arg(samples).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    match ran.status.code() {
        Some(SKIPPED) => eprintln!("{said}"),
        code => assert_eq!(code, Some(0), "{said}{}", String::from_utf8_lossy(&ran.stderr)),
    }
}
