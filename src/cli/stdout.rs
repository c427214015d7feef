//! Standard output that was closed before the program began (`yusuan … >&-`). The standard library opens `/dev/null` in its
//! place before anything of ours runs, and results would vanish in it without a word.
//!
//! What is left to see is a `/dev/null` that can be read and written. Some programs hand out the same on purpose (Python's
//! `DEVNULL`), so it counts as closed only where it cannot be theirs: where the program that started us has no standard
//! output itself, or is a shell with another one. Elsewhere than on Linux nothing can be told.

use std::io;

/// Whether results can be written to standard output.
///
/// # Errors
/// When it is closed.
pub(super) fn check() -> io::Result<()> {
    if cfg!(target_os = "linux") && is_closed().unwrap_or(false) {
        return Err(io::Error::other("standard output is closed; hint: write into a file with -o"));
    }
    Ok(())
}

/// Shells, which never open `/dev/null` for reading and writing unless they are told so in just these words.
const SHELLS: [&str; 8] = ["sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish"];

/// `None` where `/proc` does not tell.
fn is_closed() -> Option<bool> {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let output = |process: &str| std::fs::read_link(format!("/proc/{process}/fd/1"));
    let is_null = |link: &std::path::Path| link == std::path::Path::new("/dev/null");
    if !output("self").is_ok_and(|link| is_null(&link)) || !is_read_and_write(&read("/proc/self/fdinfo/1")?) {
        return Some(false);
    }
    let stat = read("/proc/self/stat")?;
    let parent = parent(&stat)?;
    let shell = SHELLS.contains(&read(&format!("/proc/{parent}/comm"))?.trim());
    Some(match output(parent) {
        Ok(link) => shell && !is_null(&link),
        // not where the parent's files are not ours to see
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    })
}

/// Whether a file is open for reading and writing, from its `fdinfo`.
fn is_read_and_write(info: &str) -> bool {
    const ACCESS: u32 = 0o3;
    const READ_AND_WRITE: u32 = 0o2;
    let flags = info.lines().find_map(|line| line.strip_prefix("flags:"));
    let flags = flags.and_then(|text| u32::from_str_radix(text.trim(), 8).ok());
    flags.is_some_and(|flags| flags & ACCESS == READ_AND_WRITE)
}

/// The number of the parent, from a process's `stat`: the second field behind the name in brackets.
fn parent(stat: &str) -> Option<&str> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_s_words_are_understood() {
        assert!(is_read_and_write("pos:\t0\nflags:\t0100002\nmnt_id:\t26\n"));
        assert!(!is_read_and_write("pos:\t0\nflags:\t0100001\n") && !is_read_and_write(""));
        assert_eq!(parent("12 (a b) c) S 7 12 12 0"), Some("7"));
    }
}
