//! Results into a folder: one run at a time, only what is left, a manifest of everything.

use super::deliver::{Delivery, cannot_write};
use crate::batch::ledger::{Ledger, Stamp};
use crate::batch::lock;
use crate::batch::manifest::{self, Journal};
use crate::batch::origins::Origins;
use crate::batch::record::Record;
use crate::batch::run::Render;
use crate::batch::write::Folder;
use crate::batch::{Failure, Plan};
use crate::options::Options;
use crate::output::json::{SCHEMA_VERSION, Settings};
use crate::schema;
use sha2::{Digest, Sha256};
use std::io;
use std::path::Path;
use std::sync::Arc;

impl Delivery<'_> {
    /// Writes one JSON file for each input into a folder.
    ///
    /// # Errors
    /// When the folder is in use, full, gone, or cannot be written; the error says which. What is done stays done.
    pub(super) fn folder(&mut self, path: &Path, render: &Render) -> io::Result<()> {
        let folder = Folder::create(path).map_err(|e| cannot_write(path, &e))?;
        let _lock = lock::lock(path).map_err(|e| locked(path, &e))?;
        folder.sweep();
        let wrong = |e: io::Error| cannot_write(path, &e);
        Record::remove(path).map_err(wrong)?;
        let mut entries = manifest::load(path).map_err(wrong)?;
        let stamp = stamp(self.options, self.settings);
        let known = entries.clone();
        let ledger = Ledger::new(&folder, stamp.clone(), &known)
            .insisting(self.force, self.overwrite)
            .knowing(Origins::load(path));
        let mut journal = Journal::open(path).map_err(wrong)?;
        let mut origins = Origins::load(path);
        let plan = Plan { folder: Some(&folder), ledger: Some(&ledger), ..self.plan(render) };
        let result = self.go(&plan, &mut |outcome| {
            if let Err(Failure::Write { cause, .. }) = &outcome.result
                && let Some(why) = folder.is_lost(cause)
            {
                return Err(io::Error::other(why));
            }
            let Some(entry) = &outcome.entry else { return Ok(()) };
            if entries.get(&entry.output) != Some(entry) {
                journal.append(entry, outcome.elapsed)?;
            }
            entries.insert(entry.output.clone(), Arc::clone(entry));
            origins.insert(&entry.output, Path::new(&entry.path));
            Ok(())
        });
        result.map_err(|e| self.stopped(path, &folder, &e))?;
        drop(journal);
        origins.write(path).map_err(|e| self.stopped(path, &folder, &e))?;
        manifest::compact(&folder, &entries).map_err(|e| self.stopped(path, &folder, &e))?;
        if self.left() == 0 {
            self.record(stamp).write(path).map_err(wrong)?;
        }
        Ok(())
    }

    fn stopped(&self, path: &Path, folder: &Folder, error: &io::Error) -> io::Error {
        let why = folder.is_lost(error).map_or_else(|| error.to_string(), ToOwned::to_owned);
        let left = self.left();
        io::Error::other(format!(
            "{}: cannot write: {why}; {left} of {} files are left: the same command again does them",
            path.display(),
            self.inputs.len()
        ))
    }
}

/// A folder that cannot be locked.
pub(super) fn locked(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// What decides about an output beside its input. Time is left out: what ran out of it is tried again anyway. So is
/// the password: files that lacked it are.
fn stamp(options: &Options, settings: Settings) -> Stamp {
    let mut hash = Sha256::new();
    let limits = crate::options::Limits { time: None, ..options.limits.clone() };
    hash.update(format!("{settings:?} {} {limits:?} {:?}", options.include_contacts, options.layouts));
    hash.update(format!("{} {:?}", options.second_reader, options.rules));
    #[cfg(feature = "ocr")]
    if let Some(recognizer) = &options.recognizer {
        hash.update(format!("{recognizer:?}"));
    }
    // what the program is made of beside its code: a change of it is noticed even where the version stayed
    for (name, text) in schema::sources() {
        hash.update(name);
        hash.update(text);
    }
    crate::who::sources().iter().for_each(|text| hash.update(text));
    hash.update(crate::output::schema::OUTPUT);
    let settings = hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect();
    Stamp { tool: env!("CARGO_PKG_VERSION").to_owned(), schema: SCHEMA_VERSION.to_owned(), settings }
}
