//! Output folders → one. All are checked before anything is copied: every folder finished, all of the same version and
//! settings, every shard there once.

use super::ledger::Stamp;
use super::manifest::{self, Entries, State};
use super::record::Record;
use super::write::Folder;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error as ThisError;

/// Why folders cannot be joined.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum MergeError {
    /// A folder that no run finished.
    #[error("{0}: not a finished output folder; hint: run `yusuan extract … -o` into it to the end first")]
    NotFinished(String),
    /// Folders of different versions or settings.
    #[error(
        "{one} and {other}: made by different versions or with different settings; hint: run the same command for all shards"
    )]
    Unlike {
        /// The first folder.
        one: String,
        /// The folder that differs from it.
        other: String,
    },
    /// Shards of different batches.
    #[error("{one} and {other}: shards of different batches (other files, or another number of shards)")]
    OtherBatch {
        /// The first folder.
        one: String,
        /// The folder that differs from it.
        other: String,
    },
    /// A shard that is not among the folders.
    #[error("shard {0} is missing; hint: run it, then merge again")]
    Missing(String),
    /// A shard that is there twice.
    #[error("{folder}: shard {shard} is given twice")]
    Twice {
        /// The second folder.
        folder: String,
        /// `2/4`.
        shard: String,
    },
    /// Two folders with the same name for different contents.
    #[error("{output}: stands in {one} and in {other} with different contents")]
    Clash {
        /// The output.
        output: String,
        /// The first folder.
        one: String,
        /// The second folder.
        other: String,
    },
    /// An output that the manifest names is not there, or not as it was written.
    #[error(
        "{0}: lost or changed since it was written; hint: run the extraction again, it makes only what is missing"
    )]
    Lost(String),
    /// Files cannot be read or written.
    #[error("{path}: {cause}")]
    Io {
        /// Which.
        path: String,
        /// The system's reason.
        cause: io::Error,
    },
}

fn io_error(path: &Path, cause: io::Error) -> MergeError {
    MergeError::Io { path: shown(path), cause }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// What several folders hold together.
#[derive(Debug)]
pub struct Merged {
    /// All entries.
    pub entries: Entries,
    /// Version and settings of all.
    pub stamp: Stamp,
    /// The folder that each output comes from, in the order of `entries`.
    from: Vec<PathBuf>,
    /// The batch, where the folders are its shards.
    batch: Option<String>,
}

/// Reads and checks the folders.
///
/// # Errors
/// See [`MergeError`].
pub fn check(folders: &[PathBuf]) -> Result<Merged, MergeError> {
    let mut records = Vec::new();
    for folder in folders {
        let record = Record::read(folder).ok_or_else(|| MergeError::NotFinished(shown(folder)))?;
        records.push((folder, record));
    }
    shards(&records)?;
    let mut all: std::collections::BTreeMap<PathBuf, (std::sync::Arc<manifest::Entry>, &PathBuf)> =
        Default::default();
    for (folder, _) in &records {
        for (output, entry) in manifest::load(folder).map_err(|e| io_error(folder, e))? {
            let path = folder.join(&output);
            let is_there =
                std::fs::metadata(&path).is_ok_and(|m| m.is_file() && m.len() == entry.output_bytes);
            if entry.state != State::Failed && !is_there {
                return Err(MergeError::Lost(shown(&path)));
            }
            if let Some((other, one)) = all.get(&output)
                && (other.sha256 != entry.sha256 || other.path != entry.path)
            {
                return Err(MergeError::Clash {
                    output: shown(&output),
                    one: shown(one),
                    other: shown(folder),
                });
            }
            all.insert(output, (entry, folder));
        }
    }
    let first = records.first();
    Ok(Merged {
        stamp: first.map(|(_, r)| r.stamp.clone()).unwrap_or_default(),
        batch: first.filter(|(_, r)| r.shard.is_some()).map(|(_, r)| r.batch.clone()),
        from: all.values().map(|(_, folder)| (*folder).clone()).collect(),
        entries: all.into_iter().map(|(output, (entry, _))| (output, entry)).collect(),
    })
}

/// All of one kind, and every shard once.
fn shards(records: &[(&PathBuf, Record)]) -> Result<(), MergeError> {
    let Some((one, first)) = records.first() else { return Ok(()) };
    let mut seen = BTreeSet::new();
    for (other, record) in records {
        let names = || (shown(one), shown(other));
        if record.stamp != first.stamp {
            let (one, other) = names();
            return Err(MergeError::Unlike { one, other });
        }
        let Some(shard) = record.shard else { continue };
        if first.shard.is_none_or(|s| s.of != shard.of) || record.batch != first.batch {
            let (one, other) = names();
            return Err(MergeError::OtherBatch { one, other });
        }
        if !seen.insert(shard.number) {
            let shard = format!("{}/{}", shard.number, shard.of);
            return Err(MergeError::Twice { folder: shown(other), shard });
        }
    }
    let of = first.shard.map_or(0, |s| s.of);
    match (1..=of).find(|k| !seen.contains(k)) {
        Some(missing) => Err(MergeError::Missing(format!("{missing}/{of}"))),
        None => Ok(()),
    }
}

impl Merged {
    /// Copies all outputs into a folder and writes its manifest. What the folder held before stays.
    ///
    /// # Errors
    /// [`MergeError::Io`].
    pub fn write(&self, folder: &Folder) -> Result<(), MergeError> {
        let root = folder.path(Path::new(""));
        Record::remove(&root).map_err(|e| io_error(&root, e))?;
        for ((output, entry), from) in self.entries.iter().zip(&self.from) {
            if entry.state == State::Failed {
                continue;
            }
            let path = from.join(output);
            let bytes = std::fs::read(&path).map_err(|e| io_error(&path, e))?;
            folder.write(output, &bytes).map_err(|e| io_error(&folder.path(output), e))?;
        }
        let mut entries = manifest::load(&root).map_err(|e| io_error(&root, e))?;
        entries.extend(self.entries.clone());
        manifest::compact(folder, &entries)
            .map_err(|e| io_error(&folder.path(Path::new(manifest::NAME)), e))?;
        let record = Record {
            stamp: self.stamp.clone(),
            shard: None,
            batch: self.batch.clone().unwrap_or_default(),
            inputs: entries.len(),
        };
        record.write(&root).map_err(|e| io_error(&root, e))
    }
}
