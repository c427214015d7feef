//! One run at a time in an output folder. The lock is the operating system's: it ends with the process that holds it,
//! however that ends, so no stale lock is ever left.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

/// Folder of our own below an output folder; hidden, so that it is never taken for output.
pub const OWN: &str = ".yusuan";

/// A locked output folder, until it is dropped.
#[derive(Debug)]
pub struct Lock(#[allow(dead_code)] File);

/// Locks an output folder.
///
/// # Errors
/// [`io::ErrorKind::WouldBlock`] when another run holds it; others when the lock file cannot be made.
pub fn lock(folder: &Path) -> io::Result<Lock> {
    let own = folder.join(OWN);
    std::fs::create_dir_all(&own)?;
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(own.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(io::Error::new(
            io::ErrorKind::WouldBlock,
            "another run is writing into this folder; hint: wait for it, or choose another folder",
        )),
        // a file system without locks: the run goes on, unprotected as any other program there
        Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => Ok(Lock(file)),
        Err(TryLockError::Error(e)) => Err(e),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_folder_is_locked_once_and_free_again_afterwards() {
        let dir = tempfile::tempdir().unwrap();
        let first = lock(dir.path()).unwrap();
        let second = lock(dir.path()).unwrap_err();
        assert_eq!(second.kind(), io::ErrorKind::WouldBlock);
        assert!(second.to_string().contains("another run"));
        drop(first);
        lock(dir.path()).unwrap();
    }

    #[test]
    fn the_file_that_a_killed_run_left_does_not_lock() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join(OWN)).unwrap();
        std::fs::write(dir.path().join(OWN).join("lock"), "").unwrap();
        lock(dir.path()).unwrap();
    }
}
