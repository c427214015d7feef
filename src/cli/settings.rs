//! Files that hold settings (layouts, identities, passwords, `yusuan.toml`) → their text. They may be pipes, as a shell
//! makes them, but none without an end, and none that nobody writes into.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

/// Bytes of a file of settings.
const MAX_SETTINGS: u64 = 16 << 20;
/// How long a pipe may lie there without a writer. A shell's own pipes have one at once.
const PATIENCE: Duration = Duration::from_secs(5);

/// The text of a file of settings.
///
/// # Errors
/// When it cannot be read, is too large or no UTF-8.
pub(super) fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    open(path)?.take(MAX_SETTINGS + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_SETTINGS {
        return Err(io::Error::other(format!("more than {} MB", MAX_SETTINGS >> 20)));
    }
    Ok(text)
}

/// Opens a file; of a pipe, waits only so long for somebody to write into it.
///
/// # Errors
/// When it cannot be opened.
pub(super) fn open(path: &Path) -> io::Result<File> {
    open_within(path, PATIENCE)
}

fn open_within(path: &Path, patience: Duration) -> io::Result<File> {
    if !is_pipe(path) {
        return File::open(path);
    }
    let (send, receive) = mpsc::channel();
    let path = path.to_path_buf();
    // the thread is left behind where nobody comes: it holds nothing, and ends with the process
    std::thread::spawn(move || send.send(File::open(path)));
    receive
        .recv_timeout(patience)
        .unwrap_or_else(|_| Err(io::Error::other("a pipe, and nothing writes into it")))
}

#[cfg(unix)]
fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    std::fs::metadata(path).is_ok_and(|m| m.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe(_: &Path) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::process::Command;

    fn pipe() -> (tempfile::TempDir, std::path::PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        (dir, path)
    }

    #[test]
    fn a_pipe_that_nobody_writes_into_is_not_waited_for() {
        let (_dir, path) = pipe();
        let error = open_within(&path, Duration::from_millis(20)).unwrap_err();
        assert_eq!(error.to_string(), "a pipe, and nothing writes into it");
    }

    #[test]
    fn a_pipe_with_a_writer_is_read_to_its_end() {
        let (_dir, path) = pipe();
        let to = path.clone();
        let writer = std::thread::spawn(move || std::fs::write(to, "id = 1\n").unwrap());
        assert_eq!(text(&path).unwrap(), "id = 1\n");
        writer.join().unwrap();
    }

    #[test]
    fn a_file_without_an_end_is_refused() {
        assert_eq!(text(Path::new("/dev/zero")).unwrap_err().to_string(), "more than 16 MB");
    }
}
