//! What is already done, and what has to be read: decides for each input, by the hash of its content, whether its
//! output stands already, can be copied from that of another input with the same content, or has to be made.

use super::manifest::{Entries, Entry, State};
use super::origins::Origins;
use super::write::Folder;
use rustc_hash::FxHashMap;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Shared by all workers of a batch.
#[derive(Debug)]
pub struct Ledger<'a> {
    folder: &'a Folder,
    stamp: Stamp,
    /// What the manifest says.
    known: Entries,
    /// What an earlier run has done is done again.
    force: bool,
    /// The result of another input may be replaced.
    overwrite: bool,
    /// Where the input of each output lay when it was read.
    origins: Origins,
    contents: Mutex<FxHashMap<String, Content>>,
    changed: Condvar,
}

/// What decides about an output beside the content of its input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Version of the program.
    pub tool: String,
    /// Version of the output's shape.
    pub schema: String,
    /// Hash of all settings that matter.
    pub settings: String,
}

#[derive(Clone, Debug)]
enum Content {
    /// A worker is at it.
    Working,
    /// Done.
    Done(Arc<Entry>),
}

/// What is to be done with an input.
#[derive(Debug)]
pub enum Claim<'a> {
    /// Nothing: its output stands.
    Kept(Arc<Entry>),
    /// This entry's input has the same content: copy its output.
    Same(Arc<Entry>),
    /// It has to be read.
    Read(Ticket<'a>),
}

/// The right and duty to read a content. Dropped without [`Ticket::done`], another input of the same content gets it.
#[derive(Debug)]
pub struct Ticket<'a> {
    ledger: &'a Ledger<'a>,
    sha256: String,
}

impl<'a> Ledger<'a> {
    /// A ledger over what the folder's manifest says. Entries of another stamp, or whose output is gone, count for
    /// nothing.
    pub fn new(folder: &'a Folder, stamp: Stamp, entries: &Entries) -> Self {
        let known = entries.clone();
        let (force, overwrite) = (false, false);
        let contents = Mutex::default();
        let (origins, changed) = (Origins::default(), Condvar::new());
        let mut ledger = Self { folder, stamp, known, force, overwrite, origins, contents, changed };
        // in the order of names, so that the same entry is the original always
        let mut contents = FxHashMap::default();
        for output in entries.keys() {
            if let Some(entry) = ledger.known.get(output).filter(|e| ledger.is_valid(e))
                && let Some(sha256) = &entry.sha256
            {
                contents.entry(sha256.clone()).or_insert_with(|| Content::Done(Arc::clone(entry)));
            }
        }
        ledger.contents = Mutex::new(contents);
        ledger
    }

    /// The same ledger, which counts nothing as done (`force`) and may replace the results of other inputs (`overwrite`).
    #[must_use]
    pub fn insisting(mut self, force: bool, overwrite: bool) -> Self {
        if force {
            self.contents = Mutex::default();
        }
        Self { force, overwrite, ..self }
    }

    /// The same ledger, which knows where earlier inputs lay.
    #[must_use]
    pub fn knowing(self, origins: Origins) -> Self {
        Self { origins, ..self }
    }

    /// The other input whose result stands under `output`, if that of `label` with this content would replace it. Two runs
    /// into one folder may have inputs of the same relative name.
    pub fn taken(&self, output: &Path, label: &str, sha256: &str) -> Option<&str> {
        let entry = self.known.get(output).filter(|_| !self.overwrite)?;
        let there = entry.state != State::Failed && self.folder.path(output).exists();
        if !there || entry.sha256.as_deref() == Some(sha256) {
            return None;
        }
        let now = Path::new(label).canonicalize().ok();
        // labels are relative to where a run was started: only places tell
        match (self.origins.of(output), now) {
            (Some(before), Some(now)) => (before != now).then(|| before.to_str().unwrap_or(&entry.path)),
            _ => (entry.path != label).then_some(entry.path.as_str()),
        }
    }

    /// The stamp of this run.
    pub fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// What the manifest said of an output before this run.
    pub fn before(&self, output: &Path) -> Option<&Entry> {
        self.known.get(output).map(Arc::as_ref)
    }

    /// What to do with the input of `output` that has this content. Waits while another worker reads the same.
    pub fn claim(&'a self, output: &Path, sha256: &str) -> Claim<'a> {
        let known = self.known.get(output).filter(|e| e.sha256.as_deref() == Some(sha256));
        if let Some(entry) = known.filter(|e| self.is_valid(e)) {
            return Claim::Kept(Arc::clone(entry));
        }
        let mut contents = self.lock();
        loop {
            match contents.get(sha256) {
                Some(Content::Working) => {
                    contents = self.changed.wait(contents).unwrap_or_else(PoisonError::into_inner);
                }
                Some(Content::Done(entry)) if self.stands(entry) => return Claim::Same(Arc::clone(entry)),
                _ => {
                    contents.insert(sha256.to_owned(), Content::Working);
                    return Claim::Read(Ticket { ledger: self, sha256: sha256.to_owned() });
                }
            }
        }
    }

    fn is_valid(&self, entry: &Entry) -> bool {
        !self.force
            && !entry.retry
            && entry.tool == self.stamp.tool
            && entry.schema == self.stamp.schema
            && entry.settings == self.stamp.settings
            && self.stands(entry)
    }

    /// Whether the output is there as it was written, or is not meant to be.
    fn stands(&self, entry: &Entry) -> bool {
        entry.state == State::Failed
            || std::fs::metadata(self.folder.path(&entry.output))
                .is_ok_and(|m| m.is_file() && m.len() == entry.output_bytes)
    }

    fn lock(&self) -> MutexGuard<'_, FxHashMap<String, Content>> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket<'_> {
    /// The content was read: what became of it.
    pub fn done(self, entry: &Arc<Entry>) {
        if !entry.retry {
            self.ledger.lock().insert(self.sha256.clone(), Content::Done(Arc::clone(entry)));
        }
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let mut contents = self.ledger.lock();
        if matches!(contents.get(&self.sha256), Some(Content::Working)) {
            contents.remove(&self.sha256);
        }
        drop(contents);
        self.ledger.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use std::path::PathBuf;

    fn stamp() -> Stamp {
        Stamp { tool: "1".to_owned(), schema: "1".to_owned(), settings: "x".to_owned() }
    }

    fn entry(output: &str) -> Entry {
        Entry {
            output: PathBuf::from(output),
            sha256: Some("s".to_owned()),
            tool: "1".to_owned(),
            schema: "1".to_owned(),
            settings: "x".to_owned(),
            output_bytes: 2,
            ..Entry::default()
        }
    }

    fn what(entry: Entry, asked: &str, sha: &str) -> String {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.json"), "{}").unwrap();
        let folder = Folder::create(dir.path()).unwrap();
        let entries = Entries::from([(entry.output.clone(), Arc::new(entry))]);
        let ledger = Ledger::new(&folder, stamp(), &entries);
        match ledger.claim(Path::new(asked), sha) {
            Claim::Kept(_) => "kept".to_owned(),
            Claim::Same(e) => format!("same as {}", e.output.display()),
            Claim::Read(_) => "read".to_owned(),
        }
    }

    #[test]
    fn what_is_done_is_kept_and_the_same_content_copied() {
        assert_eq!(what(entry("a.json"), "a.json", "s"), "kept");
        assert_eq!(what(entry("a.json"), "b.json", "s"), "same as a.json");
        assert_eq!(what(entry("a.json"), "b.json", "t"), "read");
    }

    #[test]
    fn the_result_of_another_input_is_taken_unless_one_insists() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.json"), "{}").unwrap();
        let (first, second) = (dir.path().join("1.pdf"), dir.path().join("2.pdf"));
        for path in [&first, &second] {
            std::fs::write(path, "%PDF").unwrap();
        }
        let (first, second) = (first.to_string_lossy().into_owned(), second.to_string_lossy().into_owned());
        let folder = Folder::create(dir.path()).unwrap();
        let entry = Entry { path: first.clone(), ..entry("a.json") };
        let entries = Entries::from([(entry.output.clone(), Arc::new(entry))]);
        let mut origins = Origins::default();
        origins.insert(Path::new("a.json"), Path::new(&first));
        let ledger = |overwrite| {
            Ledger::new(&folder, stamp(), &entries).insisting(false, overwrite).knowing(origins.clone())
        };
        let output = Path::new("a.json");
        assert_eq!(ledger(false).taken(output, &second, "t"), Some(first.as_str()));
        assert_eq!(ledger(false).taken(output, &second, "s"), None, "the same content");
        assert_eq!(ledger(false).taken(output, &first, "t"), None, "the same file, changed");
        assert_eq!(ledger(true).taken(output, &second, "t"), None);
    }

    #[test]
    fn another_content_version_setting_or_a_lost_output_is_read_again() {
        assert_eq!(what(entry("a.json"), "a.json", "t"), "read");
        assert_eq!(what(Entry { tool: "0".to_owned(), ..entry("a.json") }, "a.json", "s"), "read");
        assert_eq!(what(Entry { settings: "y".to_owned(), ..entry("a.json") }, "a.json", "s"), "read");
        assert_eq!(what(Entry { output_bytes: 1, ..entry("a.json") }, "a.json", "s"), "read");
        assert_eq!(what(entry("gone.json"), "gone.json", "s"), "read");
        assert_eq!(what(Entry { retry: true, ..entry("a.json") }, "a.json", "s"), "read");
    }

    #[test]
    fn a_file_that_failed_for_its_content_is_not_tried_again() {
        let failed = Entry { state: State::Failed, error: Some("scan".to_owned()), ..entry("gone.json") };
        assert_eq!(what(failed, "gone.json", "s"), "kept");
    }

    #[test]
    fn a_content_is_read_by_one_worker_and_the_others_wait_for_it() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::create(dir.path()).unwrap();
        let ledger = Ledger::new(&folder, stamp(), &Entries::new());
        let reads = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for n in 0..8 {
                let (ledger, reads, dir) = (&ledger, &reads, dir.path());
                scope.spawn(move || match ledger.claim(Path::new(&format!("{n}.json")), "s") {
                    Claim::Read(ticket) => {
                        reads.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        std::fs::write(dir.join(format!("{n}.json")), "{}").unwrap();
                        ticket.done(&Arc::new(entry(&format!("{n}.json"))));
                    }
                    Claim::Same(_) => {}
                    Claim::Kept(_) => panic!("nothing was there"),
                });
            }
        });
        assert_eq!(reads.into_inner(), 1);
    }

    #[test]
    fn a_ticket_that_is_dropped_goes_to_the_next() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::create(dir.path()).unwrap();
        let ledger = Ledger::new(&folder, stamp(), &Entries::new());
        drop(ledger.claim(Path::new("a.json"), "s"));
        assert!(matches!(ledger.claim(Path::new("b.json"), "s"), Claim::Read(_)));
    }
}
