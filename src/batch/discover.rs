//! Paths as given → files to read, in a fixed order, each with the name that its output gets.
//!
//! Folders are walked with their subfolders, sorted by name. Taken are files that end in `.pdf` in any case; hidden
//! ones are passed over. A symbolic link to a file is followed, one to a folder is not (it could lead in circles or
//! out of the folder): name it on the command line. Pipes, sockets and devices are never opened.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

/// Where the bytes of an input come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

/// One PDF to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Where its bytes come from.
    pub origin: Origin,
    /// Where its output goes, below the output folder: the subfolders of the input are kept, the name ends in
    /// `.json`. Only ordinary names: never absolute, never `..`. No two inputs share one.
    pub output: PathBuf,
}

/// Something to tell about a path that is no input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The path that it is about.
    pub path: PathBuf,
    /// What and why.
    pub what: String,
    /// Whether something that was asked for could not be read.
    pub failed: bool,
}

/// What the given paths hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Files to read, in order.
    pub inputs: Vec<Input>,
    /// What is left out and why.
    pub notes: Vec<Note>,
}

impl Input {
    /// The input's path as shown and as emitted in `source.path`: `/` between folders, bytes that are not UTF-8
    /// replaced by U+FFFD; `-` for standard input.
    pub fn label(&self) -> String {
        match &self.origin {
            Origin::Stdin => "-".to_owned(),
            Origin::File(path) if cfg!(windows) => path.to_string_lossy().replace('\\', "/"),
            Origin::File(path) => path.to_string_lossy().into_owned(),
        }
    }
}

/// Looks at every path; never fails as a whole.
pub fn discover(paths: &[PathBuf]) -> Found {
    let mut search = Search::of(paths, &["pdf"]);
    let (inputs, mut notes) = name_outputs(search.files);
    search.notes.append(&mut notes);
    Found { inputs, notes: search.notes }
}

/// As [`discover`], with the paths of a list after the others: their outputs keep the folders of the path as it is
/// written, so that a name does not depend on what else the list holds.
pub fn discover_listed(paths: &[PathBuf], listed: &[PathBuf]) -> Found {
    let mut search = Search { extensions: &["pdf"], ..Search::default() };
    paths.iter().for_each(|path| search.given(path));
    search.keep_folders = true;
    listed.iter().for_each(|path| search.given(path));
    let (inputs, mut notes) = name_outputs(search.files);
    search.notes.append(&mut notes);
    Found { inputs, notes: search.notes }
}

/// The paths of a list: one a line (or ended by NUL bytes). Empty lines are passed over.
pub fn parse_list(bytes: &[u8], nul: bool) -> Vec<PathBuf> {
    let separator = if nul { 0 } else { b'\n' };
    let lines = bytes.split(|b| *b == separator);
    lines
        .map(|l| if nul { l } else { l.strip_suffix(b"\r").unwrap_or(l) })
        .filter(|l| !l.is_empty())
        .map(path_of)
        .collect()
}

/// A path of these bytes.
#[cfg(unix)]
pub fn path_of(bytes: &[u8]) -> PathBuf {
    let name: &OsStr = std::os::unix::ffi::OsStrExt::from_bytes(bytes);
    PathBuf::from(name)
}

/// A path of these bytes.
#[cfg(not(unix))]
pub fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// As [`discover`], taking files of folders that end in any of these extensions (in any case), for a command that
/// writes nothing: two files may wish the same output. JSON in a folder is passed over where it is no emitted document.
pub fn discover_any(paths: &[PathBuf], extensions: &'static [&'static str]) -> Found {
    let search = Search::of(paths, extensions);
    let inputs = search.files.into_iter().map(|(origin, output)| Input { origin, output });
    Found { inputs: inputs.collect(), notes: search.notes }
}

#[derive(Default)]
struct Search {
    extensions: &'static [&'static str],
    /// Origin and wished output name.
    files: Vec<(Origin, PathBuf)>,
    seen: BTreeSet<PathBuf>,
    /// JSON files of the folder at hand that are no emitted documents.
    other_json: usize,
    notes: Vec<Note>,
    /// Whether outputs of single files keep the folders of their paths.
    keep_folders: bool,
}

impl Search {
    fn of(paths: &[PathBuf], extensions: &'static [&'static str]) -> Self {
        let mut search = Search { extensions, ..Search::default() };
        for path in paths {
            search.given(path);
        }
        search
    }

    fn given(&mut self, path: &Path) {
        if path == Path::new("-") {
            if !self.files.iter().any(|(origin, _)| *origin == Origin::Stdin) {
                self.files.push((Origin::Stdin, PathBuf::from("stdin.json")));
            }
            return;
        }
        match std::fs::metadata(path) {
            Ok(meta) if meta.is_dir() => self.folder(path),
            Ok(meta) if !meta.is_file() => self.note(path, special(), true),
            // a file that cannot be looked at fails when it is read, with the system's own reason
            _ if self.keep_folders => self.file(path, path.with_file_name(json_name(path))),
            _ => self.file(path, PathBuf::from(json_name(path))),
        }
    }

    fn folder(&mut self, root: &Path) {
        let before = self.files.len();
        let walk = walkdir::WalkDir::new(root).sort_by_file_name().into_iter();
        for entry in walk.filter_entry(|e| e.depth() == 0 || !hidden(e.file_name())) {
            match entry {
                Ok(entry) => self.entry(root, &entry),
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_path_buf();
                    let cause = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                    self.note(&path, format!("cannot list the folder: {cause}"), true);
                }
            }
        }
        let other_json = std::mem::take(&mut self.other_json);
        if other_json > 0 {
            let files = if other_json == 1 { "file" } else { "files" };
            let what = format!("skipped {other_json} JSON {files} that `yusuan extract` did not write");
            self.note(root, what, false);
        }
        if self.files.len() == before {
            let what = match self.extensions {
                ["pdf"] => {
                    "no PDF in this folder; hint: only names that end in .pdf are taken, name other files one by one"
                }
                _ => "neither a PDF nor an emitted JSON in this folder; hint: name other files one by one",
            };
            self.note(root, what.to_owned(), true);
        }
    }

    fn entry(&mut self, root: &Path, entry: &walkdir::DirEntry) {
        let (path, kind) = (entry.path(), entry.file_type());
        if kind.is_dir() {
            return;
        }
        let mut special_file = !kind.is_file();
        if kind.is_symlink() {
            match std::fs::metadata(path) {
                Ok(meta) if meta.is_dir() => {
                    let what = "skipped: a symbolic link to a folder; hint: name it on the command line";
                    return self.note(path, what.to_owned(), false);
                }
                Ok(meta) => special_file = !meta.is_file(),
                // a dangling link is an input that cannot be read
                Err(_) => special_file = false,
            }
        }
        if !self.is_wanted(path) {
            return;
        }
        if special_file {
            return self.note(path, special(), false);
        }
        if is_other_json(path) {
            self.other_json += 1;
            return;
        }
        let below = path.strip_prefix(root).unwrap_or(path);
        self.file(path, below.with_file_name(json_name(path)));
    }

    fn is_wanted(&self, path: &Path) -> bool {
        // an output folder's own book is no document
        if path.file_name() == Some(OsStr::new(super::manifest::NAME)) {
            return false;
        }
        path.extension().is_some_and(|e| self.extensions.iter().any(|wanted| e.eq_ignore_ascii_case(wanted)))
    }

    fn file(&mut self, path: &Path, output: PathBuf) {
        // the same file given twice is read once, however it is spelled
        let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let is_link = path.symlink_metadata().is_ok_and(|m| m.is_symlink());
        if !is_link && !self.seen.insert(real) {
            return self.note(path, "given twice: read once".to_owned(), false);
        }
        self.files.push((Origin::File(path.to_path_buf()), ordinary(&output)));
    }

    fn note(&mut self, path: &Path, what: String, failed: bool) {
        self.notes.push(Note { path: path.to_path_buf(), what, failed });
    }
}

/// Whether a file is JSON, by its name, and does not begin as emitted documents do.
fn is_other_json(path: &Path) -> bool {
    if !path.extension().is_some_and(|e| e.to_string_lossy().to_lowercase().contains("json")) {
        return false;
    }
    let mut start = Vec::new();
    // one that cannot be read fails when it is, with the system's own reason
    let read = std::fs::File::open(path).and_then(|file| file.take(1024).read_to_end(&mut start));
    read.is_ok() && !start.windows(MARK.len()).any(|w| w == MARK)
}

/// The first key of an emitted document.
const MARK: &[u8] = b"\"schema_version\"";

fn special() -> String {
    "skipped: not a regular file (a pipe, socket or device)".to_owned()
}

fn hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// `a.b.pdf` → `a.b.json`.
fn json_name(path: &Path) -> OsString {
    let mut name = path.file_stem().unwrap_or(OsStr::new("document")).to_owned();
    name.push(".json");
    name
}

/// Only the ordinary parts of a path: what is left cannot lead out of the folder that it is put below.
fn ordinary(path: &Path) -> PathBuf {
    path.components().filter(|c| matches!(c, Component::Normal(_))).collect()
}

/// Gives every input its wished name, or where that is taken by an earlier one, a numbered one: `a-2.json`.
fn name_outputs(files: Vec<(Origin, PathBuf)>) -> (Vec<Input>, Vec<Note>) {
    // every wished name is reserved for the first who wishes it, so that a numbered name never takes it
    let mut taken: BTreeMap<OsString, usize> = files.iter().map(|(_, wish)| (key(wish), 0)).collect();
    let (mut inputs, mut notes) = (Vec::with_capacity(files.len()), Vec::new());
    for (origin, wish) in files {
        let next = taken.insert(key(&wish), 2).unwrap_or(0);
        if next == 0 {
            inputs.push(Input { origin, output: wish });
            continue;
        }
        let input = Input { origin, output: free_name(&wish, next, &mut taken) };
        let output = crate::output::printable::path(&input.output);
        let what = format!("another input has the same name: written as {output}");
        notes.push(Note { path: PathBuf::from(input.label()), what, failed: false });
        inputs.push(input);
    }
    (inputs, notes)
}

/// The first free name from `number` on; the next search starts behind it.
fn free_name(wish: &Path, mut number: usize, taken: &mut BTreeMap<OsString, usize>) -> PathBuf {
    let stem = wish.file_stem().unwrap_or_default();
    loop {
        let mut name = stem.to_owned();
        name.push(format!("-{number}.json"));
        let path = wish.with_file_name(name);
        number += 1;
        if let Entry::Vacant(free) = taken.entry(key(&path)) {
            free.insert(2);
            taken.insert(key(wish), number);
            return path;
        }
    }
}

/// Names that the file system takes for the same.
fn key(path: &Path) -> OsString {
    if cfg!(any(windows, target_os = "macos")) {
        path.to_string_lossy().to_lowercase().into()
    } else {
        path.as_os_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for name in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, b"x").unwrap();
        }
        dir
    }

    fn outputs(found: &Found) -> Vec<String> {
        found.inputs.iter().map(|i| i.output.to_string_lossy().replace('\\', "/")).collect()
    }

    #[test]
    fn folders_are_walked_in_order_and_keep_their_subfolders() {
        let dir = folder(&["b.pdf", "a.PDF", "sub/deep/c.Pdf", "sub/a.pdf", "note.txt", "x.pdf.zip"]);
        let found = discover(&[dir.path().to_path_buf()]);
        assert_eq!(outputs(&found), ["a.json", "b.json", "sub/a.json", "sub/deep/c.json"]);
        assert_eq!(found.notes, []);
    }

    #[test]
    fn hidden_files_and_folders_are_passed_over_but_a_hidden_folder_may_be_given() {
        let dir = folder(&[".h/a.pdf", ".b.pdf", "c.pdf"]);
        assert_eq!(outputs(&discover(&[dir.path().to_path_buf()])), ["c.json"]);
        assert_eq!(outputs(&discover(&[dir.path().join(".h")])), ["a.json"]);
    }

    #[test]
    fn a_file_given_by_name_needs_no_extension_and_may_be_missing() {
        let dir = folder(&["report"]);
        let found = discover(&[dir.path().join("report"), dir.path().join("none.pdf")]);
        assert_eq!(outputs(&found), ["report.json", "none.json"]);
    }

    #[test]
    fn two_names_that_differ_in_case_get_two_outputs_and_a_message() {
        let dir = folder(&["a.pdf", "a.PDF", "a-2.pdf"]);
        if fs::read_dir(dir.path()).unwrap().count() < 3 {
            return; // a file system that ignores case
        }
        let found = discover(&[dir.path().to_path_buf()]);
        assert_eq!(outputs(&found), ["a-2.json", "a.json", "a-3.json"]);
        assert_eq!(found.notes.len(), 1);
        assert!(found.notes[0].what.contains("a-3.json") && !found.notes[0].failed);
    }

    #[test]
    fn the_same_name_from_two_folders_is_numbered() {
        let (one, two) = (folder(&["a.pdf"]), folder(&["a.pdf"]));
        let found = discover(&[one.path().to_path_buf(), two.path().to_path_buf()]);
        assert_eq!(outputs(&found), ["a.json", "a-2.json"]);
    }

    #[test]
    fn a_file_given_twice_is_read_once() {
        let dir = folder(&["a.pdf"]);
        let found = discover(&[dir.path().to_path_buf(), dir.path().join("a.pdf"), "-".into(), "-".into()]);
        assert_eq!(outputs(&found), ["a.json", "stdin.json"]);
        assert_eq!(found.notes.len(), 1);
    }

    #[test]
    fn a_list_is_read_by_lines_or_by_nul_and_its_outputs_keep_their_folders() {
        assert_eq!(parse_list(b"a.pdf\r\n\nb/c.pdf", false), [Path::new("a.pdf"), Path::new("b/c.pdf")]);
        assert_eq!(parse_list(b"a\n.pdf\0b.pdf\0", true), [Path::new("a\n.pdf"), Path::new("b.pdf")]);
        let list = parse_list(b"x/1/a.pdf\nx/2/a.pdf\n/abs/../a.pdf", false);
        assert_eq!(outputs(&discover_listed(&[], &list)), ["x/1/a.json", "x/2/a.json", "abs/a.json"]);
    }

    #[test]
    fn a_folder_without_pdfs_says_so() {
        let dir = folder(&["a.txt"]);
        let found = discover(&[dir.path().to_path_buf()]);
        assert!(found.inputs.is_empty());
        assert!(found.notes[0].failed && found.notes[0].what.starts_with("no PDF in this folder"));
    }

    #[test]
    fn outputs_never_lead_out_of_the_folder() {
        assert_eq!(ordinary(Path::new("/a/../b/./c.json")), Path::new("a/b/c.json"));
        let dir = folder(&["x/a.pdf"]);
        let found = discover(&[dir.path().join("x/../x/a.pdf"), dir.path().join("x/..")]);
        assert_eq!(outputs(&found), ["a.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_to_files_but_not_in_circles() {
        let dir = folder(&["sub/a.pdf"]);
        std::os::unix::fs::symlink(dir.path(), dir.path().join("sub/loop")).unwrap();
        std::os::unix::fs::symlink("a.pdf", dir.path().join("sub/b.pdf")).unwrap();
        std::os::unix::fs::symlink("gone.pdf", dir.path().join("sub/c.pdf")).unwrap();
        let found = discover(&[dir.path().to_path_buf()]);
        assert_eq!(outputs(&found), ["sub/a.json", "sub/b.json", "sub/c.json"]);
        assert!(found.notes[0].what.contains("symbolic link to a folder"));
    }

    #[cfg(unix)]
    #[test]
    fn a_socket_is_never_opened() {
        let dir = folder(&["a.pdf"]);
        let _listener = std::os::unix::net::UnixListener::bind(dir.path().join("s.pdf")).unwrap();
        let found = discover(&[dir.path().to_path_buf(), dir.path().join("s.pdf")]);
        assert_eq!(outputs(&found), ["a.json"]);
        assert_eq!(found.notes.iter().map(|n| n.failed).collect::<Vec<_>>(), [false, true]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_that_is_not_utf8_keeps_its_bytes() {
        use std::os::unix::ffi::OsStrExt;
        let dir = folder(&[]);
        let name = OsStr::from_bytes(b"\xff\xfe.pdf");
        fs::write(dir.path().join(name), b"x").unwrap();
        let found = discover(&[dir.path().to_path_buf()]);
        assert_eq!(found.inputs[0].output.as_os_str().as_bytes(), b"\xff\xfe.json");
        assert!(found.inputs[0].label().ends_with("/\u{fffd}\u{fffd}.pdf"));
    }
}
