//! A stranger's files and words, from outside: nothing is lost without a word, nothing is waited for, and what is said is
//! said in her language.
#![allow(clippy::unwrap_used)]

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::time::Duration;

struct Ran {
    code: i32,
    out: String,
    err: String,
}

/// Runs the program in a folder; `variables` are all that it knows of the environment's language and settings.
fn yusuan(args: &[&str], dir: &Path, variables: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yusuan"));
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    let output = command
        .envs(variables.iter().copied())
        .args(args)
        .current_dir(dir)
        .timeout(Duration::from_secs(60))
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn run(args: &[&str], dir: &Path) -> Ran {
    yusuan(args, dir, &[])
}

/// A folder with these files, each a sample's bytes and its own name as a comment.
fn folder(names: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/calc-zeros.pdf");
    let pdf = fs::read(sample).unwrap();
    for name in names {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, [&pdf, format!("\n% {name}").as_bytes()].concat()).unwrap();
    }
    dir
}

/// The lines of a folder's manifest.
fn manifest(dir: &Path) -> Vec<Value> {
    let text = fs::read_to_string(dir.join("manifest.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[cfg(unix)]
#[test]
fn a_list_that_is_none_is_refused_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let ran = run(&["extract", "--files-from", "/dev/zero", "-o", "out"], dir.path());
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("/dev/zero: cannot read the list: line 1 is longer than 64 KB"), "{}", ran.err);
}

#[cfg(target_os = "linux")]
#[test]
fn a_closed_standard_output_is_an_error_and_one_that_is_thrown_away_is_not() {
    let dir = folder(&["a.pdf"]);
    let shell = |script: &str| {
        let mut command = std::process::Command::new("sh");
        let command = command.args(["-c", script, env!("CARGO_BIN_EXE_yusuan")]).current_dir(dir.path());
        let output = command.output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    for of in ["extract a.pdf", "check a.pdf", "schema", "grid a.pdf", "worker </dev/null"] {
        let err = shell(&format!("\"$0\" {of} >&-; echo code $? >&2"));
        assert!(err.contains("standard output is closed") && err.ends_with("code 2\n"), "{of}: {err}");
    }
    assert!(shell("\"$0\" extract a.pdf -o out >&-; echo code $? >&2").ends_with("code 0\n"));
    assert!(shell("\"$0\" extract a.pdf -q >/dev/null; echo code $? >&2").ends_with("code 0\n"));
    // as Python and others hand it out
    let both = fs::OpenOptions::new().read(true).write(true).open("/dev/null").unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_yusuan"));
    let status = command.args(["extract", "a.pdf", "-q"]).current_dir(dir.path()).stdout(both).status();
    assert_eq!(status.unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_settings_is_not_waited_for() {
    let dir = folder(&["a.pdf"]);
    assert!(std::process::Command::new("mkfifo").arg(dir.path().join("pipe")).status().unwrap().success());
    for option in ["--layout", "--files-from", "--config"] {
        let ran = run(&["extract", "a.pdf", option, "pipe"], dir.path());
        assert_eq!(ran.code, 2, "{option}: {}", ran.err);
        assert!(ran.err.contains("a pipe, and nothing writes into it"), "{option}: {}", ran.err);
    }
}

#[cfg(unix)]
#[test]
fn a_subfolder_that_cannot_be_listed_is_told_as_a_folder() {
    use std::os::unix::fs::PermissionsExt;
    let dir = folder(&["in/a.pdf", "in/locked/b.pdf"]);
    let locked = dir.path().join("in/locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o0)).unwrap();
    if fs::read_dir(&locked).is_ok() {
        return; // the superuser lists everything
    }
    let ran = run(&["extract", "in", "-o", "out"], dir.path());
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("in/locked: cannot list this folder: permission denied"), "{}", ran.err);
    assert!(ran.err.contains("1 file: 1 read; 1 folder gave nothing"), "{}", ran.err);
    assert!(dir.path().join("out/a.json").is_file());
}

#[test]
fn a_folder_that_gives_nothing_is_no_file_that_failed() {
    let dir = folder(&["in/a.pdf", "empty/note.txt"]);
    let ran = run(&["extract", "in", "empty", "-o", "out"], dir.path());
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("1 file: 1 read; 1 folder gave nothing"), "{}", ran.err);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_utf8_have_each_their_own_line_and_are_done_once() {
    use std::os::unix::ffi::OsStrExt;
    let dir = folder(&["in/a.pdf"]);
    let name = |bytes| dir.path().join("in").join(std::ffi::OsStr::from_bytes(bytes));
    let pdf = fs::read(dir.path().join("in/a.pdf")).unwrap();
    for (bytes, tail) in [(&b"\xff.pdf"[..], "%1"), (b"\xfe.pdf", "%2")] {
        fs::write(name(bytes), [&pdf, tail.as_bytes()].concat()).unwrap();
    }
    assert_eq!(run(&["extract", "in", "-o", "out"], dir.path()).code, 0);
    let outputs: Vec<String> =
        manifest(&dir.path().join("out")).iter().map(|l| l["output"].to_string()).collect();
    assert_eq!(outputs, [r#""a.json""#, r#""\\xfe.json""#, r#""\\xff.json""#]);
    let again = run(&["extract", "in", "-o", "out"], dir.path());
    assert!(again.err.contains("3 files: 3 read; 3 done before"), "{}", again.err);
}

#[test]
fn a_failure_is_told_once_however_many_there_are() {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..30 {
        fs::write(dir.path().join(format!("bad{n:02}.pdf")), "").unwrap();
    }
    let ran = run(&["extract", ".", "-o", "out"], dir.path());
    assert_eq!(ran.code, 3);
    for n in 0..30 {
        assert_eq!(ran.err.matches(&format!("bad{n:02}.pdf")).count(), 1, "{}", ran.err);
    }
}

#[cfg(unix)]
#[test]
fn a_name_with_a_line_break_is_read_and_told_in_one_line() {
    let dir = folder(&["in/two\nlines.pdf"]);
    fs::write(dir.path().join("in/bad\nname.pdf"), "").unwrap();
    let ran = run(&["extract", "in", "-o", "out"], dir.path());
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("yusuan: in/bad\\nname.pdf: the file is empty"), "{}", ran.err);
    assert!(dir.path().join("out/two\nlines.json").is_file());
    assert_eq!(manifest(&dir.path().join("out")).len(), 2);
    fs::write(dir.path().join("list"), "in/two\nlines.pdf\0").unwrap();
    let ran = run(&["extract", "-0", "--files-from", "list", "-o", "all.json"], dir.path());
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn names_of_255_bytes_and_names_that_differ_in_case_only_are_written_apart() {
    let long = format!("in/{}.pdf", "x".repeat(251));
    let dir = folder(&[&long, "in/A.pdf", "in/a.pdf"]);
    let ran = run(&["extract", "in", "-o", "out"], dir.path());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("its name is too long for that of a result: written as xxx"), "{}", ran.err);
    let outputs: Vec<Value> = manifest(&dir.path().join("out")).iter().map(|l| l["output"].clone()).collect();
    let lower: std::collections::BTreeSet<String> =
        outputs.iter().map(|o| o.to_string().to_lowercase()).collect();
    assert_eq!(lower.len(), fs::read_dir(dir.path().join("in")).unwrap().count());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_is_no_success() {
    let dir = folder(&["a.pdf"]);
    for args in [&["extract", "a.pdf", "-o", "/dev/full", "--format", "ndjson"][..], &["extract", "a.pdf"]] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_yusuan"));
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output =
            command.args(args).env("LC_ALL", "C").current_dir(dir.path()).stdout(full).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {err}");
        assert!(err.contains("the disk is full"), "{args:?}: {err}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_place_where_no_folder_can_be_made_is_told_before_anything_is_read() {
    let dir = folder(&["a.pdf"]);
    let ran = run(&["extract", "a.pdf", "-o", "/proc/none/out"], dir.path());
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.starts_with("yusuan: /proc/none/out: cannot write: "), "{}", ran.err);
    assert!(!ran.err.contains("os error"), "{}", ran.err);
}

#[test]
fn the_language_is_that_of_the_locale_and_an_unknown_one_is_english() {
    let dir = tempfile::tempdir().unwrap();
    let said = |variables: &[(&str, &str)], more: &[&str]| {
        let args = [&["extract", "none.pdf"][..], more].concat();
        yusuan(&args, dir.path(), variables).err
    };
    let (en, zh) = ("cannot read: no such file or folder", "无法读取：没有这个文件或文件夹");
    assert!(said(&[], &[]).contains(en));
    assert!(said(&[("LC_ALL", "tlh_QO.UTF-8")], &[]).contains(en));
    assert!(said(&[("LANG", "zh_CN.UTF-8")], &[]).contains(zh));
    assert!(said(&[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")], &[]).contains(en));
    assert!(said(&[("LANG", "zh_CN.UTF-8")], &["--lang", "en"]).contains(en));
    assert!(said(&[], &["--lang", "zh"]).contains(zh));
    assert!(said(&[("YUSUAN_LANG", "zh")], &[]).contains(zh));
    let help = yusuan(&["extract", "--help"], dir.path(), &[("LANG", "zh_CN.UTF-8")]).out;
    assert!(help.contains("用法：yusuan extract") && !help.contains("Usage"), "{help}");
}

#[test]
fn data_is_the_same_in_every_language() {
    let dir = folder(&["a.pdf"]);
    fs::write(dir.path().join("bad.pdf"), "").unwrap();
    for (lang, out) in [("en", "1"), ("zh", "2")] {
        assert_eq!(run(&["extract", "a.pdf", "bad.pdf", "-o", out, "--lang", lang], dir.path()).code, 3);
    }
    for name in ["a.json", "manifest.jsonl"] {
        let read = |out: &str| fs::read_to_string(dir.path().join(out).join(name)).unwrap();
        assert!(read("1") == read("2"), "{name}");
    }
}

#[test]
fn settings_of_the_folder_are_taken_and_a_wrong_key_is_told_with_its_line() {
    let dir = folder(&["a.pdf"]);
    fs::write(dir.path().join("yusuan.toml"), "provenance = \"cells\"\n").unwrap();
    assert!(run(&["extract", "a.pdf"], dir.path()).out.contains("\"cells\":"));
    assert!(!run(&["extract", "a.pdf", "--provenance", "none"], dir.path()).out.contains("\"cells\":"));
    let variables = [("YUSUAN_PROVENANCE", "none")];
    assert!(!yusuan(&["extract", "a.pdf"], dir.path(), &variables).out.contains("\"cells\":"));
    fs::write(dir.path().join("yusuan.toml"), "\n[limits]\nmemry = \"1G\"\n").unwrap();
    let ran = run(&["extract", "a.pdf"], dir.path());
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    let wanted = "yusuan: yusuan.toml: line 3: `memry` is no setting; hint: perhaps `memory`\n";
    assert_eq!(ran.err, wanted);
    let ran = run(&["extract", "a.pdf", "--config", "none.toml"], dir.path());
    assert_eq!(ran.err, "yusuan: none.toml: cannot read the settings: no such file or folder\n");
}

#[test]
fn messages_for_programs_are_one_object_a_line() {
    let dir = folder(&["a.pdf"]);
    fs::write(dir.path().join("bad.pdf"), "").unwrap();
    let ran = run(&["extract", ".", "-o", "out", "--log-format", "json"], dir.path());
    let lines: Vec<Value> = ran.err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["level"], &lines[0]["path"]), (&Value::from("error"), &Value::from("./bad.pdf")));
    let summary = lines.iter().find(|line| line["level"] == "summary").unwrap();
    assert_eq!(
        (&summary["files"], &summary["complete"], &summary["failed"]),
        (&2.into(), &1.into(), &1.into())
    );
}

#[test]
fn completions_and_man_pages_are_made_of_the_same_words() {
    let dir = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let ran = run(&["completions", shell], dir.path());
        assert!(ran.code == 0 && ran.out.contains("files-from") && ran.out.contains("yusuan"), "{shell}");
    }
    let ran = run(&["man", "-o", "man"], dir.path());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let page = fs::read_to_string(dir.path().join("man/yusuan-grid.1")).unwrap();
    assert!(page.contains("Draw the cells found on each page of a PDF"), "{page}");
    assert!(run(&["man", "--lang", "zh"], dir.path()).out.contains("部门预算"));
}
