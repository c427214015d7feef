//! Batches into folders, shards, datasets and the worker, from outside.
#![allow(clippy::unwrap_used)]

use assert_cmd::Command;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn yusuan(args: &[&str], dir: &Path, stdin: &[u8]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yusuan"));
    let output = command.args(args).current_dir(dir).write_stdin(stdin).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn sample(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name)).unwrap()
}

/// A folder `in` with four good files (two of the same content) and a bad one.
fn inputs() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("in/sub")).unwrap();
    let pdf = sample("calc-zeros.pdf");
    for (name, tail) in [("a.pdf", "% 1"), ("b.pdf", "% 2"), ("sub/a.pdf", "% 3"), ("sub/c.pdf", "% 1")] {
        fs::write(dir.path().join("in").join(name), [&pdf, tail.as_bytes()].concat()).unwrap();
    }
    fs::write(dir.path().join("in/bad.pdf"), "<!DOCTYPE html>").unwrap();
    dir
}

/// Every file below a folder with its bytes; what the program keeps for itself left out.
fn contents(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files =
        walkdir::WalkDir::new(root).into_iter().map(|e| e.unwrap()).filter(|e| e.file_type().is_file());
    files
        .map(|e| (e.path().strip_prefix(root).unwrap().to_path_buf(), fs::read(e.path()).unwrap()))
        .filter(|(path, _)| !path.components().any(|c| c.as_os_str() == ".yusuan"))
        .collect()
}

#[test]
fn the_same_command_again_does_only_what_is_left() {
    let dir = inputs();
    let run = |extra: &[&str]| {
        let args = [&["extract", "in", "-o", "out", "-v"][..], extra].concat();
        let ran = yusuan(&args, dir.path(), b"");
        assert_eq!(ran.code, 3, "the bad file is told each time: {}", ran.err);
        assert!(ran.err.contains("in/bad.pdf: not a PDF but an HTML page"), "{}", ran.err);
        ran.err
    };
    let err = run(&[]);
    assert!(err.contains("5 files: 4 read, 1 failed; 1 of the same content as another"), "{err}");
    let first = contents(&dir.path().join("out"));
    assert_eq!(first.len(), 5);
    assert!(run(&[]).contains("; 5 done before\n"));
    assert_eq!(contents(&dir.path().join("out")), first);

    // an output that is gone, a torn line, and leftovers of a killed run
    let out = dir.path().join("out");
    fs::remove_file(out.join("b.json")).unwrap();
    let manifest = fs::read(out.join("manifest.jsonl")).unwrap();
    fs::write(out.join("manifest.jsonl"), &manifest[..manifest.len() - 40]).unwrap();
    fs::write(out.join(".yusuan-x.tmp"), "half").unwrap();
    fs::write(out.join("sub/.yusuan-y.tmp"), "half").unwrap();
    let err = run(&[]);
    assert!(err.contains("; 3 done before; 1 of the same content as another\n"), "{err}");
    assert_eq!(contents(&out), first);
    // other settings
    assert!(!run(&["--compact"]).contains("done before"));
    assert!(!run(&["--force"]).contains("done before"));
    assert_eq!(contents(&out), first);
}

#[test]
fn a_copy_of_the_same_content_names_its_own_path() {
    let dir = inputs();
    yusuan(&["extract", "in", "-o", "out"], dir.path(), b"");
    yusuan(&["extract", "in/sub/c.pdf", "-o", "alone.json"], dir.path(), b"");
    let read = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
    assert_eq!(read("out/sub/c.json"), read("alone.json"));
    let lines = read("out/manifest.jsonl");
    let copies: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let originals: Vec<&str> = copies.iter().filter_map(|l| l["duplicate_of"].as_str()).collect();
    assert_eq!(originals, ["a.json"]);
}

#[test]
fn shards_joined_are_the_whole_and_a_missing_one_is_named() {
    let dir = inputs();
    yusuan(&["extract", "in", "-o", "whole"], dir.path(), b"");
    for k in ["1/3", "2/3", "3/3"] {
        let ran = yusuan(&["extract", "in", "-o", &format!("s{}", &k[..1]), "--shard", k], dir.path(), b"");
        assert!(ran.code == 0 || ran.code == 3, "{}", ran.err);
    }
    let ran = yusuan(&["merge", "s1", "s3", "-o", "all"], dir.path(), b"");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("shard 2/3 is missing") && !dir.path().join("all").exists(), "{}", ran.err);
    let ran = yusuan(&["merge", "s1", "s2", "s3", "s2", "-o", "all"], dir.path(), b"");
    assert!(ran.err.contains("shard 2/3 is given twice"), "{}", ran.err);
    let ran = yusuan(&["merge", "s3", "s1", "s2", "-o", "all"], dir.path(), b"");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(contents(&dir.path().join("all")), contents(&dir.path().join("whole")));
    // a folder that did not finish
    fs::remove_file(dir.path().join("s2/.yusuan/run.json")).unwrap();
    let ran = yusuan(&["merge", "s1", "s2", "s3", "-o", "all"], dir.path(), b"");
    assert!(ran.err.contains("s2: not a finished output folder"), "{}", ran.err);
}

#[test]
fn two_inputs_of_one_relative_name_never_replace_each_other_without_a_word() {
    let dir = tempfile::tempdir().unwrap();
    for (year, sample) in [("2024", "writer-grid"), ("2025", "calc-zeros")] {
        fs::create_dir_all(dir.path().join(year)).unwrap();
        fs::copy(format!("samples/{sample}.pdf"), dir.path().join(year).join("a.pdf")).unwrap();
    }
    let run = |year: &str, more: &[&str]| {
        let args = [&["extract", "a.pdf", "-o", "../out"], more].concat();
        yusuan(&args, &dir.path().join(year), b"")
    };
    let out = || fs::read(dir.path().join("out/a.json")).unwrap();
    assert_eq!(run("2024", &[]).code, 0);
    let first = out();
    let refused = run("2025", &[]);
    assert_eq!(refused.code, 3, "{}", refused.err);
    assert!(refused.err.contains("2024") && refused.err.contains("--overwrite"), "{}", refused.err);
    assert_eq!(out(), first);
    assert_eq!(run("2025", &["--overwrite"]).code, 0);
    assert_ne!(out(), first);
    // the same file with another content is no other input
    fs::copy("samples/writer-grid.pdf", dir.path().join("2025/a.pdf")).unwrap();
    assert_eq!(run("2025", &[]).code, 0);
}

#[test]
fn a_file_that_is_broken_now_leaves_no_result_behind_even_with_force() {
    let dir = tempfile::tempdir().unwrap();
    fs::copy("samples/writer-grid.pdf", dir.path().join("a.pdf")).unwrap();
    assert_eq!(yusuan(&["extract", "a.pdf", "-o", "out"], dir.path(), b"").code, 0);
    fs::write(dir.path().join("a.pdf"), "broken").unwrap();
    assert_eq!(yusuan(&["extract", "a.pdf", "-o", "out", "--force"], dir.path(), b"").code, 3);
    assert!(!dir.path().join("out/a.json").exists());
}

#[test]
fn two_runs_into_one_folder_are_refused() {
    let dir = inputs();
    let _held = yusuan::batch::lock::lock(&dir.path().join("out")).unwrap();
    for args in [
        &["extract", "in", "-o", "out"][..],
        &["extract", "in", "-o", "out", "--format", "dataset"],
        &["dataset", "in", "-o", "out"],
    ] {
        let ran = yusuan(args, dir.path(), b"");
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("yusuan: out: another run is writing into this folder"), "{}", ran.err);
    }
}

#[test]
fn a_list_of_files_keeps_their_folders() {
    let dir = inputs();
    let list = b"in/sub/a.pdf\0in/a.pdf\0";
    let ran = yusuan(&["extract", "--files-from", "-", "-0", "-o", "out"], dir.path(), list);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let found = contents(&dir.path().join("out"));
    assert!(found.contains_key(Path::new("in/sub/a.json")) && found.contains_key(Path::new("in/a.json")));
}

fn rows(path: &Path) -> Vec<Row> {
    let reader = SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap();
    reader.get_row_iter(None).unwrap().map(|r| r.unwrap()).collect()
}

fn value(row: &Row, column: &str) -> String {
    match row.get_column_iter().find(|(name, _)| *name == column).unwrap().1 {
        Field::Str(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Values of a CSV file without line breaks in its cells, by column.
fn csv(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(path).unwrap();
    let split = |line: &str| -> Vec<String> {
        let (mut cells, mut quoted) = (vec![String::new()], false);
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                c => cells.last_mut().unwrap().push(c),
            }
        }
        cells
    };
    let mut lines = text.lines();
    let header = split(lines.next().unwrap());
    lines.map(|l| header.iter().cloned().zip(split(l)).collect()).collect()
}

#[test]
fn the_leaves_of_every_sample_sum_to_every_total_that_closes() {
    let dir = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let ran = yusuan(&["dataset", samples.to_str().unwrap(), "-o", "data"], dir.path(), b"");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let data = dir.path().join("data");
    let sum = |rows: &[BTreeMap<String, String>], wanted: &dyn Fn(&BTreeMap<String, String>) -> bool| {
        let mut sums: BTreeMap<(String, String, String), rust_decimal::Decimal> = BTreeMap::new();
        for row in rows.iter().filter(|r| wanted(r) && !r["amount"].is_empty()) {
            let key = (row["doc_id"].clone(), row["table_id"].clone(), row["side"].clone());
            *sums.entry(key).or_default() += row["amount"].parse::<rust_decimal::Decimal>().unwrap();
        }
        sums
    };
    let facts = csv(&data.join("facts.csv"));
    let leaves = sum(&csv(&data.join("facts_leaf.csv")), &|_| true);
    let totals = sum(&facts, &|r| r["row_kind"] == "total" && r["column_id"] == "total");
    assert!(totals.len() > 40, "{}", totals.len());
    let open: Vec<_> = totals.iter().filter(|(key, total)| leaves.get(key) != Some(total)).collect();
    // the one that does not close is printed wrong on purpose (samples/README.md)
    assert_eq!(
        open.iter().map(|((_, table, _), _)| table.as_str()).collect::<Vec<_>>(),
        ["general_public_budget"]
    );
    let said = csv(&data.join("tables.csv"));
    assert_eq!(said.iter().filter(|t| t["leaves_close"] == "false").count(), 1);

    // the Parquet file says the same, typed
    let typed = rows(&data.join("facts.parquet"));
    assert_eq!(typed.len(), facts.len());
    for (typed, text) in typed.iter().zip(&facts) {
        assert_eq!(value(typed, "fact_id"), text["fact_id"]);
        assert_eq!(value(typed, "is_leaf"), text["is_leaf"]);
        let amount = value(typed, "amount");
        match text["amount"].as_str() {
            "" => assert_eq!(amount, "null"),
            exact => {
                let same = |t: &str| t.parse::<rust_decimal::Decimal>().unwrap();
                assert_eq!(same(&amount), same(exact));
            }
        }
    }
    // the package names every file as it is
    let package: Value = serde_json::from_slice(&fs::read(data.join("datapackage.json")).unwrap()).unwrap();
    for resource in package["resources"].as_array().unwrap() {
        let path = data.join(resource["path"].as_str().unwrap());
        assert_eq!(resource["bytes"], fs::metadata(&path).unwrap().len());
        let names = resource["schema"]["fields"].as_array().unwrap();
        let header: Vec<&str> = names.iter().map(|f| f["name"].as_str().unwrap()).collect();
        assert_eq!(fs::read_to_string(&path).unwrap().lines().next().unwrap(), header.join(","));
        assert!(data.join(resource["parquet"].as_str().unwrap()).is_file());
    }
}

#[test]
fn a_dataset_is_the_same_from_pdfs_and_from_emitted_json_and_counts_a_content_once() {
    let dir = inputs();
    let ran = yusuan(&["extract", "in", "-o", "data", "--format", "dataset"], dir.path(), b"");
    assert_eq!(ran.code, 3, "a file is bad: {}", ran.err);
    yusuan(&["extract", "in", "-o", "out"], dir.path(), b"");
    let ran = yusuan(&["dataset", "out", "-o", "again"], dir.path(), b"");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let (data, again) = (dir.path().join("data"), dir.path().join("again"));
    let state = |table: &str, column: &str| -> Vec<String> {
        csv(&data.join(table)).iter().map(|r| r[column].clone()).collect()
    };
    assert_eq!(state("files.csv", "status"), ["complete", "complete", "complete", "duplicate", "failed"]);
    assert_eq!(state("documents.csv", "path"), ["in/a.pdf", "in/b.pdf", "in/sub/a.pdf"]);
    for table in ["documents", "tables", "findings", "files"] {
        let name = format!("{table}.csv");
        assert_eq!(fs::read(data.join(&name)).unwrap(), fs::read(again.join(&name)).unwrap(), "{table}");
    }
    let proofs = |root: &Path| -> Vec<(String, String)> {
        csv(&root.join("facts.csv")).iter().map(|r| (r["fact_id"].clone(), r["proved_by"].clone())).collect()
    };
    assert_eq!(proofs(&data), proofs(&again));
    // and a second time nothing changes
    let before = contents(&data);
    yusuan(&["extract", "in", "-o", "data", "--format", "dataset", "-j", "3"], dir.path(), b"");
    assert_eq!(contents(&data), before);
}

#[test]
fn one_file_of_facts_is_csv_or_parquet_by_its_name() {
    let dir = inputs();
    for target in ["f.csv", "f.parquet"] {
        let ran = yusuan(&["extract", "in/a.pdf", "in/sub/c.pdf", "-o", target], dir.path(), b"");
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    let (text, typed) = (csv(&dir.path().join("f.csv")), rows(&dir.path().join("f.parquet")));
    assert!(text.len() > 500);
    assert_eq!(text.len(), typed.len());
    let ran = yusuan(&["extract", "in/a.pdf", "--format", "csv", "--bom"], dir.path(), b"");
    assert!(ran.out.starts_with("\u{feff}fact_id,doc_id,"));
    let ran = yusuan(&["extract", "in/a.pdf", "--format", "parquet"], dir.path(), b"");
    assert!(ran.code == 2 && ran.err.contains("needs a file"));
}

#[test]
fn a_path_that_a_spreadsheet_would_run_is_defused() {
    let dir = inputs();
    fs::rename(dir.path().join("in/a.pdf"), dir.path().join("=cmd.pdf")).unwrap();
    let ran = yusuan(
        &["extract", "--files-from", "-", "-o", "data", "--format", "dataset"],
        dir.path(),
        b"=cmd.pdf",
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(csv(&dir.path().join("data/files.csv"))[0]["path"], "'=cmd.pdf");
    assert_eq!(value(&rows(&dir.path().join("data/files.parquet"))[0], "path"), "=cmd.pdf");
}

#[test]
fn a_worker_answers_each_input_with_one_line_and_never_stops() {
    let dir = inputs();
    let ran = yusuan(&["worker"], dir.path(), b"in/a.pdf\n\nnone.pdf\nin\nin/bad.pdf\nin/b.pdf");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let lines: Vec<Value> = ran.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let inputs: Vec<&str> = lines.iter().map(|l| l["input"].as_str().unwrap()).collect();
    assert_eq!(inputs, ["in/a.pdf", "", "none.pdf", "in", "in/bad.pdf", "in/b.pdf"]);
    let good: Vec<bool> = lines.iter().map(|l| l["error"].is_null()).collect();
    assert_eq!(good, [true, false, false, false, false, true]);
    assert_eq!(lines[0]["documents"][0]["source"]["path"], "in/a.pdf");
    assert_eq!(lines[0]["sha256"], lines[0]["documents"][0]["source"]["sha256"]);
    assert_eq!(lines[0]["status"], lines[0]["documents"][0]["document"]["status"]);
    assert!(lines[0]["ms"].is_u64());
    assert_eq!((&lines[2]["status"], &lines[2]["sha256"]), (&Value::from("failed"), &Value::Null));

    let frame = |name: &str, bytes: &[u8]| {
        [&(name.len() as u32).to_be_bytes()[..], name.as_bytes(), &(bytes.len() as u32).to_be_bytes(), bytes]
            .concat()
    };
    let framed = [frame("预算.pdf", &sample("calc-zeros.pdf")), frame("", b"junk")].concat();
    let ran = yusuan(&["worker", "--framed"], dir.path(), &framed);
    assert_eq!(ran.code, 0);
    let lines: Vec<Value> = ran.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!((lines.len(), &lines[0]["input"]), (2, &Value::from("预算.pdf")));
    assert!(lines[0]["error"].is_null() && lines[1]["error"].is_string());
    // what ends within a frame was not all that was sent: an answer, and an end that is an error
    let ran = yusuan(&["worker", "--framed"], dir.path(), &framed[..1000]);
    assert_eq!((ran.code, ran.out.lines().count()), (2, 1));
    assert!(ran.out.contains("ends within a frame"));
}
