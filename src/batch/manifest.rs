//! `manifest.jsonl` of an output folder: one line for each input, with what became of it.
//!
//! While a batch runs, lines are appended as inputs are done. At the end the file is written anew, one line for each
//! output in the order of their names: the same inputs give the same bytes, however often the batch was interrupted
//! and whatever the jobs. Reading tolerates a torn line (the process was killed, the disk full): its input counts as
//! not done.

use super::write::{self, Folder};
use crate::document::{Coverage, Outcome, Status};
use crate::output::words;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The manifest's name in its folder.
pub const NAME: &str = "manifest.jsonl";

/// State of an input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Documents without error findings or unreadable tables.
    #[default]
    Ok,
    /// Documents in which a number or a table is wrong or lost.
    Partial,
    /// Nothing.
    Failed,
}

/// What became of one input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The output, below the folder.
    pub output: PathBuf,
    /// The input's path as shown.
    pub path: String,
    /// SHA-256 of the input; `None` where it could not be read.
    pub sha256: Option<String>,
    /// Size of the input in bytes.
    pub bytes: u64,
    /// Pages of the input.
    pub pages: u32,
    /// State.
    pub state: State,
    /// States of the twelve tables, for each document.
    pub tables: Vec<Vec<Status>>,
    /// Findings: info, warning, error.
    pub findings: [u32; 3],
    /// Amounts that are not blank.
    pub amounts: u32,
    /// Of these, proved; `None` where no identity was evaluated.
    pub proved: Option<u32>,
    /// Amounts that are printed inside tables, and those that are placed.
    pub coverage: Coverage,
    /// How far the file was read.
    pub outcome: Outcome,
    /// Version of the program.
    pub tool: String,
    /// Version of the output's shape.
    pub schema: String,
    /// What else decides about the output, as a hash.
    pub settings: String,
    /// Size of the output in bytes.
    pub output_bytes: u64,
    /// Why there is no output.
    pub error: Option<String>,
    /// Whether the next run tries again: the cause lies outside of the file.
    pub retry: bool,
}

impl Entry {
    /// Documents of the input.
    pub fn documents(&self) -> usize {
        self.tables.len()
    }

    /// The entry as a line, without its line break. `duplicate_of` is the first output with the same content.
    pub fn line(&self, duplicate_of: Option<&Path>) -> String {
        Value::Object(self.map(duplicate_of)).to_string()
    }

    fn map(&self, duplicate_of: Option<&Path>) -> Map<String, Value> {
        let states: Vec<Vec<&str>> =
            self.tables.iter().map(|t| t.iter().map(|s| words::status(*s)).collect()).collect();
        let [info, warning, error] = self.findings;
        let line = json!({
            "output": text(&self.output),
            "path": self.path,
            "sha256": self.sha256,
            "bytes": self.bytes,
            "pages": self.pages,
            "status": match self.state {
                State::Ok => "ok",
                State::Partial => "partial",
                State::Failed => "failed",
            },
            "documents": self.documents(),
            "tables": states,
            "findings": {"error": error, "warning": warning, "info": info},
            "outcome": words::outcome(self.outcome),
            "proof": {
                "printed": self.coverage.printed,
                "placed": self.coverage.placed,
                "amounts": self.amounts,
                "proved": self.proved,
            },
            "tool": self.tool,
            "schema": self.schema,
            "settings": self.settings,
            "output_bytes": self.output_bytes,
            "duplicate_of": duplicate_of.map(text),
            "error": self.error,
        });
        let Value::Object(mut map) = line else { return Map::new() };
        if self.output.to_str().is_none() {
            map.insert("output_hex".to_owned(), Value::from(hex(&self.output)));
        }
        if self.retry {
            map.insert("retry".to_owned(), Value::from(true));
        }
        map
    }

    /// The entry of a line; `None` for a torn one, or one that names a place outside of the folder.
    pub fn parse(line: &[u8]) -> Option<Self> {
        let value: Map<String, Value> = serde_json::from_slice(line).ok()?;
        let word = |key: &str| value.get(key).and_then(Value::as_str).map(ToOwned::to_owned);
        let number = |v: Option<&Value>| v.and_then(Value::as_u64);
        let small = |v: Option<&Value>| number(v).and_then(|n| u32::try_from(n).ok());
        let output = match value.get("output_hex").and_then(Value::as_str) {
            Some(hex) => unhex(hex)?,
            None => PathBuf::from(word("output")?),
        };
        let is_below = output.components().all(|c| matches!(c, Component::Normal(_)));
        if !is_below || output.as_os_str().is_empty() {
            return None;
        }
        let findings = value.get("findings")?;
        let finding = |key: &str| small(findings.get(key));
        let mut tables = Vec::new();
        for document in value.get("tables")?.as_array()? {
            tables.push(document.as_array()?.iter().map(status).collect::<Option<Vec<_>>>()?);
        }
        Some(Self {
            output,
            path: word("path")?,
            sha256: word("sha256"),
            bytes: number(value.get("bytes"))?,
            pages: small(value.get("pages"))?,
            state: match value.get("status")?.as_str()? {
                "ok" => State::Ok,
                "partial" => State::Partial,
                "failed" => State::Failed,
                _ => return None,
            },
            tables,
            findings: [finding("info")?, finding("warning")?, finding("error")?],
            amounts: small(value.get("proof")?.get("amounts"))?,
            proved: small(value.get("proof")?.get("proved")),
            coverage: Coverage {
                printed: small(value.get("proof")?.get("printed")).unwrap_or(0),
                placed: small(value.get("proof")?.get("placed")).unwrap_or(0),
            },
            outcome: outcome(value.get("outcome"))?,
            tool: word("tool")?,
            schema: word("schema")?,
            settings: word("settings")?,
            output_bytes: number(value.get("output_bytes"))?,
            error: word("error"),
            retry: value.get("retry").and_then(Value::as_bool).unwrap_or(false),
        })
    }
}

fn outcome(value: Option<&Value>) -> Option<Outcome> {
    let word = value?.as_str()?;
    [Outcome::Complete, Outcome::Partial, Outcome::Scan, Outcome::Nothing]
        .into_iter()
        .find(|o| words::outcome(*o) == word)
}

fn status(value: &Value) -> Option<Status> {
    let word = value.as_str()?;
    [Status::Filled, Status::DeclaredEmpty, Status::Missing, Status::Unreadable]
        .into_iter()
        .find(|s| words::status(*s) == word)
}

/// A path with `/` between its folders; bytes that are no UTF-8 are replaced.
fn text(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

fn hex(path: &Path) -> String {
    path.as_os_str().as_encoded_bytes().iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(unix)]
fn from_bytes(bytes: Vec<u8>) -> Option<OsString> {
    Some(std::os::unix::ffi::OsStringExt::from_vec(bytes))
}

#[cfg(not(unix))]
fn from_bytes(bytes: Vec<u8>) -> Option<OsString> {
    String::from_utf8(bytes).ok().map(OsString::from)
}

fn unhex(hex: &str) -> Option<PathBuf> {
    if !hex.len().is_multiple_of(2) || !hex.is_ascii() {
        return None;
    }
    let bytes = (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(hex.get(i..i + 2)?, 16).ok());
    from_bytes(bytes.collect::<Option<Vec<u8>>>()?).map(PathBuf::from)
}

/// Entries by output.
pub type Entries = BTreeMap<PathBuf, Arc<Entry>>;

/// What the manifest of a folder says; empty where there is none. Later lines replace earlier ones of the same output.
///
/// # Errors
/// When it cannot be read.
pub fn load(folder: &Path) -> io::Result<Entries> {
    let bytes = match std::fs::read(folder.join(NAME)) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Entries::new()),
        Err(e) => return Err(e),
    };
    Ok(entries(&bytes))
}

/// What a manifest's bytes say; lines that are torn or strange are passed over.
pub fn entries(bytes: &[u8]) -> Entries {
    let lines = bytes.split(|b| *b == b'\n').filter_map(Entry::parse);
    lines.map(|e| (e.output.clone(), Arc::new(e))).collect()
}

/// The manifest of a running batch.
#[derive(Debug)]
pub struct Journal(File);

impl Journal {
    /// Opens the folder's manifest to append to it; a torn last line is ended, so that nothing is joined to it.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(folder.join(NAME))?;
        let mut last = [b'\n'];
        if file.seek(SeekFrom::End(0))? > 0 {
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
        }
        if last != *b"\n" {
            file.write_all(b"\n")?;
        }
        Ok(Self(file))
    }

    /// Appends an entry with the time that its input took, in one write.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn append(&mut self, entry: &Entry, took: Duration) -> io::Result<()> {
        let mut line = entry.map(None);
        line.insert("ms".to_owned(), Value::from(u64::try_from(took.as_millis()).unwrap_or(u64::MAX)));
        self.0.write_all(format!("{}\n", Value::Object(line)).as_bytes())
    }
}

/// Writes the final manifest: one line for each output, in the order of their names, without times.
///
/// # Errors
/// When it cannot be written; then the old one is as it was.
pub fn compact(folder: &Folder, entries: &Entries) -> io::Result<()> {
    let mut first: BTreeMap<&str, &Path> = BTreeMap::new();
    write::file(&folder.path(Path::new(NAME)), |out| {
        let mut out = io::BufWriter::new(out);
        for entry in entries.values() {
            let original = entry.sha256.as_deref().map(|sha| *first.entry(sha).or_insert(&entry.output));
            let duplicate_of = original.filter(|o| *o != entry.output);
            writeln!(out, "{}", entry.line(duplicate_of))?;
        }
        out.flush()?;
        Ok(true)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn entry(output: &str) -> Entry {
        Entry {
            output: PathBuf::from(output),
            path: format!("in/{output}"),
            sha256: Some("ab".repeat(32)),
            bytes: 7,
            pages: 3,
            state: State::Partial,
            tables: vec![vec![Status::Filled, Status::Missing]],
            findings: [1, 2, 3],
            amounts: 9,
            proved: Some(8),
            tool: "0".to_owned(),
            schema: "1".to_owned(),
            settings: "x".to_owned(),
            output_bytes: 5,
            ..Entry::default()
        }
    }

    #[test]
    fn an_entry_is_read_back_as_it_was_written() {
        let failed = Entry {
            state: State::Failed,
            tables: Vec::new(),
            error: Some("no\n\"x\"".to_owned()),
            sha256: None,
            proved: None,
            retry: true,
            ..entry("三公/b.json")
        };
        for e in [entry("a.json"), failed] {
            assert_eq!(Entry::parse(e.line(None).as_bytes()), Some(e));
        }
    }

    #[test]
    fn a_torn_last_line_counts_as_not_written_and_nothing_is_joined_to_it() {
        let dir = tempfile::tempdir().unwrap();
        let line = entry("a.json").line(None);
        let torn = entry("b.json").line(None);
        for cut in [1, torn.len() / 2, torn.len() - 1] {
            std::fs::write(dir.path().join(NAME), format!("{line}\n{}", &torn[..cut])).unwrap();
            let mut journal = Journal::open(dir.path()).unwrap();
            journal.append(&entry("c.json"), Duration::ZERO).unwrap();
            let names: Vec<_> = load(dir.path()).unwrap().into_keys().collect();
            assert_eq!(names, [Path::new("a.json"), Path::new("c.json")]);
        }
    }

    #[test]
    fn a_line_that_leads_out_of_the_folder_is_ignored() {
        for output in ["../a.json", "/a.json", "", "x/../../a.json"] {
            assert_eq!(Entry::parse(entry(output).line(None).as_bytes()), None, "{output}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn two_names_that_are_no_utf8_stay_apart() {
        use std::os::unix::ffi::OsStrExt;
        let dir = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(dir.path()).unwrap();
        for name in [&b"\xff.json"[..], b"\xfe.json"] {
            let output = PathBuf::from(std::ffi::OsStr::from_bytes(name));
            journal.append(&Entry { output, ..entry("") }, Duration::ZERO).unwrap();
        }
        assert_eq!(load(dir.path()).unwrap().len(), 2);
    }

    #[test]
    fn the_final_manifest_does_not_depend_on_order_and_time_and_names_duplicates() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::create(dir.path()).unwrap();
        let mut bytes = Vec::new();
        for order in [["a.json", "b.json"], ["b.json", "a.json"]] {
            let mut journal = Journal::open(dir.path()).unwrap();
            for (ms, name) in (0..).zip(order) {
                journal.append(&entry(name), Duration::from_millis(ms)).unwrap();
            }
            compact(&folder, &load(dir.path()).unwrap()).unwrap();
            bytes.push(std::fs::read_to_string(dir.path().join(NAME)).unwrap());
            std::fs::remove_file(dir.path().join(NAME)).unwrap();
        }
        assert_eq!(bytes[0], bytes[1]);
        assert!(!bytes[0].contains("\"ms\""));
        assert_eq!(bytes[0].matches("\"duplicate_of\":\"a.json\"").count(), 1);
    }
}
