//! `.yusuan/run.json`: what a finished run says of itself, so that shards can be joined without losing one. It is taken
//! away when a run begins: a folder without it is not finished.

use super::ledger::Stamp;
use super::lock::OWN;
use super::shard::Shard;
use super::write;
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};

/// A finished run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Version and settings.
    pub stamp: Stamp,
    /// Which part of the batch it was.
    pub shard: Option<Shard>,
    /// Hash of all outputs of the batch ([`super::shard::batch_id`]).
    pub batch: String,
    /// Inputs of this run.
    pub inputs: usize,
}

fn path(folder: &Path) -> PathBuf {
    folder.join(OWN).join("run.json")
}

impl Record {
    /// Writes it into a folder.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let value = json!({
            "tool": self.stamp.tool,
            "schema": self.stamp.schema,
            "settings": self.stamp.settings,
            "shard": self.shard.map(|s| [s.number, s.of]),
            "batch": self.batch,
            "inputs": self.inputs,
        });
        write::file(&path(folder), |out| writeln!(out, "{value}").map(|()| true))
    }

    /// Reads it; `None` where the folder's run did not finish.
    pub fn read(folder: &Path) -> Option<Self> {
        let value: Value = serde_json::from_slice(&std::fs::read(path(folder)).ok()?).ok()?;
        let word = |key: &str| value.get(key).and_then(Value::as_str).map(ToOwned::to_owned);
        let number = |v: &Value| v.as_u64().and_then(|n| u32::try_from(n).ok());
        let shard = match value.get("shard")? {
            Value::Null => None,
            pair => Some(Shard { number: number(pair.get(0)?)?, of: number(pair.get(1)?)? }),
        };
        Some(Self {
            stamp: Stamp { tool: word("tool")?, schema: word("schema")?, settings: word("settings")? },
            shard,
            batch: word("batch")?,
            inputs: usize::try_from(value.get("inputs")?.as_u64()?).ok()?,
        })
    }

    /// Takes it away.
    ///
    /// # Errors
    /// When it is there and cannot be removed.
    pub fn remove(folder: &Path) -> io::Result<()> {
        match std::fs::remove_file(path(folder)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_record_is_read_back_and_gone_when_removed() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join(OWN)).unwrap();
        for shard in [None, Some(Shard { number: 2, of: 3 })] {
            let stamp = Stamp { tool: "1".to_owned(), ..Stamp::default() };
            let record = Record { stamp, shard, batch: "b".to_owned(), inputs: 7 };
            record.write(dir.path()).unwrap();
            assert_eq!(Record::read(dir.path()), Some(record));
            Record::remove(dir.path()).unwrap();
            assert_eq!(Record::read(dir.path()), None);
        }
        Record::remove(dir.path()).unwrap();
    }
}
