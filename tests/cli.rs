//! The program from outside: what it prints where, and how it ends.
#![allow(clippy::unwrap_used)]

use assert_cmd::Command;
use std::fs;
use std::path::Path;

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

fn run(args: &[&str]) -> Ran {
    let empty = tempfile::tempdir().unwrap();
    yusuan(args, empty.path(), b"")
}

#[test]
fn help_goes_to_standard_output_and_names_the_commands_and_exit_codes() {
    let ran = run(&["--help"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for command in ["extract", "check", "explain", "grid", "schema", "dataset", "merge", "worker"] {
        assert!(ran.out.contains(&format!("\n  {command}")), "{command}");
    }
    let ran = run(&["extract", "--help"]);
    assert!(ran.out.contains("Exit codes: 0 ") && ran.out.contains("--strict"));
}

#[test]
fn a_wrong_command_line_is_2_and_says_what_is_wrong() {
    for args in [&[][..], &["extract"], &["extract", "--frobnicate", "x"], &["grid", "x.pdf", "--pages", "0"]]
    {
        let ran = run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(!ran.err.is_empty());
    }
}

#[test]
fn a_missing_file_is_named_with_the_reason() {
    let ran = run(&["extract", "none.pdf", "-o", "out"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.starts_with("yusuan: none.pdf: cannot read: "), "{}", ran.err);
    assert!(ran.err.contains("1 file: 0 read, 1 failed"));
}

#[test]
fn every_bad_file_of_a_folder_is_explained() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    for (name, bytes) in
        [("a.pdf", &b""[..]), ("b.pdf", b"<!DOCTYPE html><html></html>"), ("c.pdf", b"%PDF-1.7 garbage")]
    {
        fs::write(dir.path().join("in").join(name), bytes).unwrap();
    }
    let ran = yusuan(&["extract", "in", "-o", "out", "-j", "2"], dir.path(), b"");
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    for name in ["a.pdf", "b.pdf", "c.pdf"] {
        assert!(ran.err.contains(&format!("yusuan: in/{name}: ")), "{}", ran.err);
    }
    assert!(ran.err.contains("3 files: 0 read, 3 failed"));
    let manifest = fs::read_to_string(dir.path().join("out/manifest.jsonl")).unwrap();
    assert_eq!(manifest.matches("\"status\":\"failed\"").count(), 3);
    assert_eq!(fs::read_dir(dir.path().join("out")).unwrap().count(), 2, "the manifest and .yusuan");
}

#[test]
fn quiet_says_only_failures() {
    let ran = run(&["extract", "none.pdf", "-q"]);
    assert_eq!(ran.code, 3);
    assert_eq!(ran.err.lines().count(), 1);
}

#[test]
fn a_folder_without_pdfs_is_3_and_says_so() {
    let ran = run(&["extract", ".", "-o", "out"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.starts_with("yusuan: .: no PDF in this folder; hint: "), "{}", ran.err);
}

#[test]
fn an_unwritable_output_stops_the_batch_before_it_begins() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.pdf"), "").unwrap();
    fs::write(dir.path().join("out"), "a file").unwrap();
    for target in ["out", "out/deeper", "missing/a.json", "missing/a.ndjson"] {
        let ran = yusuan(&["extract", "a.pdf", "-o", target], dir.path(), b"");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{target}");
        assert!(ran.err.contains(&format!("yusuan: {target}: cannot write: ")), "{}", ran.err);
    }
    assert_eq!(fs::read_to_string(dir.path().join("out")).unwrap(), "a file");
}

#[test]
fn standard_input_that_is_empty_is_told_as_such() {
    let ran = yusuan(&["extract", "-"], Path::new("."), b"");
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert!(ran.err.starts_with("yusuan: -: the file is empty"), "{}", ran.err);
    let ran = yusuan(&["grid", "-"], Path::new("."), b"");
    assert_eq!(ran.code, 3);
    assert!(ran.err.starts_with("yusuan: -: the file is empty"), "{}", ran.err);
}

#[test]
fn a_file_that_gives_nothing_leaves_no_output_file() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.pdf"), "").unwrap();
    for target in ["one.json", "one.ndjson"] {
        assert_eq!(yusuan(&["extract", "a.pdf", "-o", target], dir.path(), b"").code, 3);
        assert!(!dir.path().join(target).exists());
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no temporary file is left");
}

/// The golden JSON of a sample, with one amount edited.
fn edited() -> Vec<u8> {
    let golden =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/calc-zeros.json")).unwrap();
    let rows = golden.find("\"number\": 3").unwrap();
    let at = rows + golden[rows..].find("\"total\": ").unwrap() + "\"total\": ".len();
    let digit = if &golden[at..=at] == "9" { "8" } else { "9" };
    [&golden[..at], digit, &golden[at + 1..]].concat().into_bytes()
}

#[test]
fn check_proves_emitted_json_anew() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("edited.json"), edited()).unwrap();
    let ran = yusuan(&["check", "edited.json", "--strict"], dir.path(), b"");
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("error proof.wrong-amount") && ran.out.contains("table 3 · row"), "{}", ran.out);
    let ran = yusuan(&["check", "edited.json", "--format", "json"], dir.path(), b"");
    assert_eq!((ran.code, ran.out.lines().count()), (0, 1));
    assert!(
        ran.out.starts_with("{\"path\":\"edited.json\",\"part\":1,\"findings\":[{\"rule\":\"")
            && ran.out.contains("{\"rule\":\"proof.wrong-amount\""),
        "{}",
        ran.out
    );
    assert!(ran.out.trim_end().ends_with("}}"));
}

#[test]
fn check_says_of_json_what_extract_said() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for name in ["calc-zeros", "reportlab-continued"] {
        let said = |file: String| yusuan(&["check", &file, "--all"], &samples, b"").out.replace(&file, "");
        assert_eq!(said(format!("{name}.pdf")), said(format!("{name}.json")));
    }
}

#[test]
fn check_tells_what_is_wrong_with_json_of_another_kind() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.json"), "{\"a\": 1}").unwrap();
    fs::write(dir.path().join("b.json"), "{\"a\": ").unwrap();
    let ran = yusuan(&["check", "a.json", "b.json"], dir.path(), b"");
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert!(
        ran.err.contains("key `document` is missing") && ran.err.contains("line 1 column"),
        "{}",
        ran.err
    );
}

#[test]
fn explain_tells_a_rule_in_two_languages_and_names_near_ones() {
    let ran = run(&["explain", "proof.wrong-amount"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 3));
    assert!(run(&["explain"]).out.lines().count() > 60);
    let ran = run(&["explain", "wrong-amounts"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("perhaps proof.wrong-amount"), "{}", ran.err);
}

#[test]
fn a_layout_file_with_an_error_names_file_line_and_key() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("mine.toml"), "id = \"x\"\nname = \"x\"\n\n[[table]]\nnumber = 13\n").unwrap();
    let ran = yusuan(&["extract", "a.pdf", "--layout", "mine.toml"], dir.path(), b"");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("mine.toml: line 5: key `number`"), "{}", ran.err);
}

#[test]
fn a_missing_password_file_is_named() {
    let ran = run(&["extract", "a.pdf", "--password-file", "secret.txt"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("yusuan: secret.txt: cannot read the password: "), "{}", ran.err);
}

#[test]
fn the_schema_is_printed_as_it_is_shipped() {
    let ran = run(&["schema"]);
    assert_eq!(ran.code, 0);
    assert_eq!(ran.out, fs::read_to_string("schemas/budget.schema.json").unwrap());
    assert!(run(&["schema", "tables"]).out.contains("12  carryover  上年结转结余情况表"));
}

#[test]
fn identities_of_a_user_are_checked_and_a_broken_file_is_named_with_line_and_key() {
    let dir = tempfile::tempdir().unwrap();
    let sample = std::path::absolute("samples/writer-grid.json").unwrap();
    let own = "[[identity]]\nid = \"X1.mine\"\ncheck = \"equal\"\nleft = \"T3[total].total\"\n";
    let words = "en = \"Mine.\"\nzh = \"我的。\"\n";
    fs::write(dir.path().join("own.toml"), format!("{own}right = \"T3[total].basic\"\n{words}")).unwrap();
    fs::write(dir.path().join("bad.toml"), format!("{own}right = \"T3[total].basis\"\n{words}")).unwrap();
    let args = ["check", sample.to_str().unwrap(), "--strict", "--identities"];
    let ran = yusuan(&[&args[..], &["own.toml"]].concat(), dir.path(), b"");
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.contains("X1.mine"), "{}", ran.out);
    let ran = yusuan(&[&args[..], &["bad.toml"]].concat(), dir.path(), b"");
    assert_eq!(ran.code, 2);
    let wanted = "yusuan: bad.toml: line 5: identity `X1.mine`, key `right`: table 3 has no column `basis`";
    assert!(ran.err.starts_with(wanted), "{}", ran.err);
    let ran = yusuan(&["explain", "x1", "--identities", "own.toml"], dir.path(), b"");
    assert_eq!((ran.code, ran.out.as_str()), (0, "X1.mine\n  Mine.\n  我的。\n"));
}

#[test]
fn json_in_a_folder_that_is_no_emitted_document_is_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    fs::copy("samples/writer-grid.json", dir.path().join("a.json")).unwrap();
    fs::copy("samples/writer-grid.pdf", dir.path().join("a.pdf")).unwrap();
    fs::write(dir.path().join("package.json"), "{\"name\": \"x\"}").unwrap();
    let ran = yusuan(&["check", "."], dir.path(), b"");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.starts_with("yusuan: .: skipped 1 JSON file that"), "{}", ran.err);
    assert!(ran.err.contains("2 files: 2 read"), "{}", ran.err);
    let ran = yusuan(&["check", "package.json"], dir.path(), b"");
    assert_eq!(ran.code, 3);
}

#[test]
fn colour_is_only_used_when_asked_for() {
    assert!(!run(&["extract", "none.pdf"]).err.contains('\u{1b}'));
    assert!(run(&["extract", "none.pdf", "--color", "always"]).err.contains('\u{1b}'));
    assert!(!run(&["extract", "none.pdf", "--color", "never"]).err.contains('\u{1b}'));
}

#[test]
fn names_cannot_drive_the_terminal() {
    let ran = run(&["extract", "a\u{1b}[2J\u{202e}.pdf", "--color", "never"]);
    assert!(ran.err.starts_with("yusuan: a\\u{1b}[2J\\u{202e}.pdf: "), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_not_an_error() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_yusuan"))
        .arg("schema")
        .stdout(writer)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stderr, b"");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_read_like_any_other() {
    use std::os::unix::ffi::OsStrExt;
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(std::ffi::OsStr::from_bytes(b"\xd4\xa4\xcb\xff.pdf")), "").unwrap();
    let ran = yusuan(&["extract", "."], dir.path(), b"");
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("\u{fffd}.pdf: the file is empty"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn pipes_devices_sockets_and_links_in_circles_are_passed_over_and_never_waited_for() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().unwrap();
    let inside = dir.path().join("in");
    fs::create_dir(&inside).unwrap();
    fs::copy("samples/writer-grid.pdf", inside.join("a.pdf")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(inside.join("pipe.pdf")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(inside.join("socket.pdf")).unwrap();
    symlink("/dev/zero", inside.join("zero.pdf")).unwrap();
    symlink(".", inside.join("folder.pdf")).unwrap();
    symlink("circle.pdf", inside.join("circle.pdf")).unwrap();
    let ran = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yusuan"));
        command.timeout(std::time::Duration::from_secs(60));
        let output = command.args(args).current_dir(dir.path()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, err) = ran(&["extract", "in", "-o", "out"]);
    assert_eq!(code, Some(3), "the circle cannot be read: {err}");
    for name in ["pipe.pdf", "socket.pdf", "zero.pdf"] {
        assert!(err.contains(&format!("in/{name}: skipped: not a regular file")), "{name}: {err}");
    }
    assert!(err.contains("in/folder.pdf: skipped: a symbolic link to a folder"), "{err}");
    assert!(err.contains("in/circle.pdf: cannot read: "), "{err}");
    assert!(dir.path().join("out/a.json").is_file());
    fs::remove_file(inside.join("circle.pdf")).unwrap();
    assert_eq!(ran(&["extract", "in", "-o", "out"]).0, Some(0), "what is passed over is no failure");
    for name in ["in/pipe.pdf", "in/socket.pdf", "in/zero.pdf", "/dev/zero"] {
        for command in ["extract", "grid", "check"] {
            let (code, err) = ran(&[command, name]);
            assert_eq!(code, Some(3), "{command} {name}");
            assert!(err.contains("not a regular file"), "{command} {name}: {err}");
        }
    }
    let (code, err) = ran(&["extract", "in", "--layout", "/dev/zero"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("/dev/zero: cannot read the layout: more than 16 MB"), "{err}");
}
