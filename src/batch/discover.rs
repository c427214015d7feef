//! Paths as given → files to read, in a fixed order, each with the name that its output gets.
//!
//! Folders are walked with their subfolders, sorted by name. Taken are files that end in `.pdf` in any case; hidden
//! ones are passed over. A symbolic link to a file is followed, one to a folder is not (it could lead in circles or
//! out of the folder): name it on the command line. Pipes, sockets and devices are never opened.

use crate::words::{self, Lang, say, system};
use sha2::{Digest, Sha256};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, Read as _};
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
    pub what: Why,
    /// Whether something that was asked for could not be read.
    pub failed: bool,
}

/// Why a path is no input, or is not taken as it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// A pipe, socket or device.
    Special,
    /// A symbolic link to a folder, inside of a folder.
    LinkToFolder,
    /// A folder, or one below it, that the system does not let us list.
    Unlistable(Cause),
    /// So many JSON files that are no emitted documents.
    OtherJson(usize),
    /// No file that ends in `.pdf`.
    NoPdf,
    /// Neither a PDF nor an emitted document.
    Nothing,
    /// The same file was given before.
    Twice,
    /// Another input wishes the same output: this one gets another name.
    Renamed(String),
    /// Its output would have too long a name: it gets a shorter one.
    Shortened(String),
}

/// The system's reason, as a value that can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    kind: std::io::ErrorKind,
    text: String,
}

impl From<&std::io::Error> for Cause {
    fn from(error: &std::io::Error) -> Self {
        Self { kind: error.kind(), text: error.to_string() }
    }
}

impl Why {
    /// The reason in a language.
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Why::Special => say!(lang, "note.special"),
            Why::LinkToFolder => say!(lang, "note.link"),
            Why::Unlistable(cause) => {
                let known = system(lang, &std::io::Error::from(cause.kind));
                let cause = if cause.kind == std::io::ErrorKind::Other { &cause.text } else { &known };
                say!(lang, "note.unlistable", cause = cause)
            }
            Why::OtherJson(n) => {
                let files = words::count(lang, *n as u64, "count.json");
                say!(lang, "note.other-json", files = files)
            }
            Why::NoPdf => say!(lang, "note.no-pdf"),
            Why::Nothing => say!(lang, "note.nothing"),
            Why::Twice => say!(lang, "note.twice"),
            Why::Renamed(output) => say!(lang, "note.renamed", output = output),
            Why::Shortened(output) => say!(lang, "note.shortened", output = output),
        }
    }
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
    /// The input's path as shown and as emitted in `source.path`: `/` between folders, bytes that are not UTF-8 written
    /// as `\\xff`, so that two names stay two; `-` for standard input.
    pub fn label(&self) -> String {
        match &self.origin {
            Origin::Stdin => "-".to_owned(),
            Origin::File(path) => shown(path),
        }
    }
}

/// A path as text: `/` between folders, bytes that are not UTF-8 as `\\xff`.
pub fn shown(path: &Path) -> String {
    if cfg!(windows) {
        return path.to_string_lossy().replace('\\', "/");
    }
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    text
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

/// Bytes of the longest path in a list.
const LONGEST_PATH: u64 = 64 << 10;
/// Bytes of the longest list: some millions of paths.
const LONGEST_LIST: u64 = 512 << 20;

/// The paths of a list: one a line (or ended by NUL bytes). Empty lines are passed over.
///
/// # Errors
/// When it cannot be read, or is no list: a line is longer than 64 KB, or the whole than 512 MB.
pub fn read_list(list: impl BufRead, nul: bool) -> io::Result<Vec<PathBuf>> {
    let end = if nul { 0 } else { b'\n' };
    let mut list = list.take(LONGEST_LIST + 1);
    let (mut paths, mut line, mut number, mut total) = (Vec::new(), Vec::new(), 0u64, 0);
    loop {
        line.clear();
        number += 1;
        let read = (&mut list).take(LONGEST_PATH + 1).read_until(end, &mut line)? as u64;
        total += read;
        if total > LONGEST_LIST {
            return Err(io::Error::other(format!("the list is longer than {} MB", LONGEST_LIST >> 20)));
        }
        if read > LONGEST_PATH {
            let what =
                format!("line {number} is longer than {} KB: this is no list of paths", LONGEST_PATH >> 10);
            return Err(io::Error::other(what));
        }
        if read == 0 {
            return Ok(paths);
        }
        let path = line.strip_suffix(&[end]).unwrap_or(&line);
        let path = if nul { path } else { path.strip_suffix(b"\r").unwrap_or(path) };
        if !path.is_empty() {
            paths.push(path_of(path));
        }
    }
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
            Ok(meta) if !meta.is_file() => self.note(path, Why::Special, true),
            // a file that cannot be looked at fails when it is read, with the system's own reason
            _ if self.keep_folders => self.file(path, path.with_file_name(json_name(path))),
            _ => self.file(path, PathBuf::from(json_name(path))),
        }
    }

    fn folder(&mut self, root: &Path) {
        let (before, told) = (self.files.len(), self.notes.iter().filter(|n| n.failed).count());
        let walk = walkdir::WalkDir::new(root).sort_by_file_name().into_iter();
        for entry in walk.filter_entry(|e| e.depth() == 0 || !hidden(e.file_name())) {
            match entry {
                Ok(entry) => self.entry(root, &entry),
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_path_buf();
                    let cause = Cause::from(&std::io::Error::from(error));
                    self.note(&path, Why::Unlistable(cause), true);
                }
            }
        }
        let other_json = std::mem::take(&mut self.other_json);
        if other_json > 0 {
            self.note(root, Why::OtherJson(other_json), false);
        }
        // a folder that cannot be listed has said so
        if self.files.len() == before && self.notes.iter().filter(|n| n.failed).count() == told {
            let why = if self.extensions == ["pdf"] { Why::NoPdf } else { Why::Nothing };
            self.note(root, why, true);
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
                    return self.note(path, Why::LinkToFolder, false);
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
            return self.note(path, Why::Special, false);
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
            return self.note(path, Why::Twice, false);
        }
        self.files.push((Origin::File(path.to_path_buf()), ordinary(&output)));
    }

    fn note(&mut self, path: &Path, what: Why, failed: bool) {
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

fn hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// `a.b.pdf` → `a.b.json`; a name that would be longer than file systems take is cut, and a hash of it added.
fn json_name(path: &Path) -> OsString {
    let stem = path.file_stem().unwrap_or(OsStr::new("document"));
    with_ending(stem, ".json")
}

/// Bytes of the longest name that file systems take.
const LONGEST_NAME: usize = 255;

/// A name of this stem and ending that is not too long.
fn with_ending(stem: &OsStr, ending: &str) -> OsString {
    let bytes = stem.as_encoded_bytes();
    let mut name = stem.to_owned();
    if bytes.len() + ending.len() > LONGEST_NAME {
        let hash: String = Sha256::digest(bytes).iter().take(4).map(|b| format!("{b:02x}")).collect();
        let text = stem.to_string_lossy();
        let room = LONGEST_NAME - ending.len() - hash.len() - 1;
        let end = (0..=room.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        name = OsString::from(format!("{}-{hash}", text.get(..end).unwrap_or_default()));
    }
    name.push(ending);
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
            let input = Input { origin, output: wish };
            if is_shortened(&input) {
                let output = crate::output::printable::path(&input.output);
                let path = PathBuf::from(input.label());
                notes.push(Note { path, what: Why::Shortened(output), failed: false });
            }
            inputs.push(input);
            continue;
        }
        let input = Input { origin, output: free_name(&wish, next, &mut taken) };
        let output = crate::output::printable::path(&input.output);
        let path = PathBuf::from(input.label());
        notes.push(Note { path, what: Why::Renamed(output), failed: false });
        inputs.push(input);
    }
    (inputs, notes)
}

/// Whether an input's name was too long for that of its output.
fn is_shortened(input: &Input) -> bool {
    let Origin::File(path) = &input.origin else { return false };
    let stem = path.file_stem().map_or(0, |stem| stem.as_encoded_bytes().len());
    stem + ".json".len() > LONGEST_NAME
}

/// The first free name from `number` on; the next search starts behind it.
fn free_name(wish: &Path, mut number: usize, taken: &mut BTreeMap<OsString, usize>) -> PathBuf {
    let stem = wish.file_stem().unwrap_or_default();
    loop {
        let path = wish.with_file_name(with_ending(stem, &format!("-{number}.json")));
        number += 1;
        if let Entry::Vacant(free) = taken.entry(key(&path)) {
            free.insert(2);
            taken.insert(key(wish), number);
            return path;
        }
    }
}

/// Names that some file system takes for the same: results are carried from one to another, and `A.json` must not
/// swallow `a.json` there.
fn key(path: &Path) -> OsString {
    path.to_str().map_or_else(|| path.as_os_str().to_owned(), |text| text.to_lowercase().into())
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
        assert_eq!((&found.notes[0].what, found.notes[0].failed), (&Why::Renamed("a-3.json".into()), false));
    }

    #[test]
    fn names_that_differ_in_case_only_get_names_that_every_file_system_tells_apart() {
        let dir = folder(&["A.pdf", "a.pdf", "B/x.pdf", "b/x.pdf"]);
        if fs::read_dir(dir.path()).unwrap().count() < 4 {
            return; // a file system that ignores case
        }
        let found = discover(&[dir.path().to_path_buf()]);
        assert_eq!(outputs(&found), ["A.json", "B/x.json", "a-2.json", "b/x-2.json"]);
    }

    #[test]
    fn a_name_as_long_as_names_can_be_gets_an_output_that_can_be_written() {
        let (long, other) = (format!("{}.pdf", "x".repeat(251)), format!("{}y.pdf", "x".repeat(250)));
        let dir = folder(&[&long, &other, &format!("{}.pdf", "预".repeat(83))]);
        let found = discover(&[dir.path().to_path_buf()]);
        assert_eq!((found.inputs.len(), found.notes.len()), (3, 2));
        for input in &found.inputs {
            assert!(input.output.as_os_str().len() <= LONGEST_NAME);
            fs::write(dir.path().join(&input.output), "{}").unwrap();
        }
        let names: BTreeSet<_> = outputs(&found).into_iter().collect();
        assert_eq!(names.len(), 3);
    }

    #[cfg(unix)]
    #[test]
    fn two_names_that_are_no_utf8_are_shown_apart() {
        use std::os::unix::ffi::OsStrExt;
        let label = |name: &[u8]| shown(Path::new(OsStr::from_bytes(name)));
        assert_eq!(label(b"\xd4\xa4a\xff.pdf"), "\u{524}a\\xff.pdf");
        assert_ne!(label(b"\xfe.pdf"), label(b"\xff.pdf"));
    }

    #[test]
    fn what_is_no_list_is_refused_before_it_takes_memory() {
        let endless = || io::BufReader::new(io::repeat(0));
        let error = read_list(endless(), false).unwrap_err().to_string();
        assert_eq!(error, "line 1 is longer than 64 KB: this is no list of paths");
        let error = read_list(endless(), true).unwrap_err().to_string();
        assert_eq!(error, "the list is longer than 512 MB");
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
        let list = |bytes: &[u8], nul| read_list(bytes, nul).unwrap();
        assert_eq!(list(b"a.pdf\r\n\nb/c.pdf", false), [Path::new("a.pdf"), Path::new("b/c.pdf")]);
        assert_eq!(list(b"a\n.pdf\0b.pdf\0", true), [Path::new("a\n.pdf"), Path::new("b.pdf")]);
        let list = list(b"x/1/a.pdf\nx/2/a.pdf\n/abs/../a.pdf", false);
        assert_eq!(outputs(&discover_listed(&[], &list)), ["x/1/a.json", "x/2/a.json", "abs/a.json"]);
    }

    #[test]
    fn a_folder_without_pdfs_says_so() {
        let dir = folder(&["a.txt"]);
        let found = discover(&[dir.path().to_path_buf()]);
        assert!(found.inputs.is_empty());
        assert!(found.notes[0].failed && found.notes[0].what == Why::NoPdf);
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
        assert_eq!(found.notes[0].what, Why::LinkToFolder);
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
        assert!(found.inputs[0].label().ends_with("/\\xff\\xfe.pdf"));
    }
}
