//! Bytes → files that appear whole or not at all: written under a hidden name in the target's own folder, then renamed.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The output folder.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    /// With all links resolved: what is written must stay below it.
    real: PathBuf,
}

impl Folder {
    /// Makes the folder, with its parents, if it is not there, and proves that files can be made in it.
    ///
    /// # Errors
    /// When it cannot be made or nothing can be written into it.
    pub fn create(root: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(root)?;
        let real = root.canonicalize()?;
        temporary(&real)?;
        Ok(Self { root: root.to_path_buf(), real })
    }

    /// Begins a file below the folder that appears when it is committed.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn begin(&self, relative: &Path) -> io::Result<Pending> {
        begin(&self.path(relative))
    }

    /// Whether this error means that nothing more can be written into the folder, and why: the disk is full or the
    /// folder gone. Anything else concerns one file.
    pub fn is_lost(&self, error: &io::Error) -> Option<&'static str> {
        use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        match error.kind() {
            StorageFull | QuotaExceeded => Some("the disk is full; hint: make room"),
            ReadOnlyFilesystem => Some("the disk has become read-only"),
            _ if !self.real.is_dir() => Some("the output folder was removed"),
            _ => None,
        }
    }

    /// Removes what a killed run left half written. Only for who holds the folder's lock.
    pub fn sweep(&self) {
        let walk = walkdir::WalkDir::new(&self.real).into_iter().filter_map(Result::ok);
        for entry in walk.filter(|e| e.file_type().is_file()) {
            let name = entry.file_name().as_encoded_bytes();
            if name.starts_with(PREFIX.as_bytes()) && name.ends_with(SUFFIX.as_bytes()) {
                // one that cannot be removed does no harm
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    /// The path of `relative` below the folder.
    pub fn path(&self, relative: &Path) -> PathBuf {
        self.root.join(relative)
    }

    /// Writes `bytes` to `relative` below the folder and gives back the path. Subfolders are made as needed.
    ///
    /// # Errors
    /// When a folder or the file cannot be made, or when an existing link would lead out of the output folder.
    pub fn write(&self, relative: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
        let target = self.path(relative);
        if let Some(parent) = relative.parent().filter(|p| !p.as_os_str().is_empty()) {
            // a folder that was removed meanwhile is not made again with half of its files
            std::fs::metadata(&self.real)?;
            let parent = self.root.join(parent);
            std::fs::create_dir_all(&parent)?;
            if !parent.canonicalize()?.starts_with(&self.real) {
                return Err(io::Error::other("a link leads out of the output folder"));
            }
        }
        let mut pending = hidden(target.clone())?;
        pending.write_all(bytes)?;
        pending.commit()?;
        Ok(target)
    }
}

/// How the names of half written files begin and end.
const PREFIX: &str = ".yusuan-";
const SUFFIX: &str = ".tmp";

/// A file that is being written and appears when it is committed; dropped, it leaves no trace. Devices and pipes are
/// written into as they are.
#[derive(Debug)]
pub struct Pending(Way);

#[derive(Debug)]
enum Way {
    /// A hidden file, and the name that it gets.
    Hidden(tempfile::NamedTempFile, PathBuf),
    /// A device or pipe.
    Straight(std::fs::File),
}

/// Begins a file that appears under `target` when it is committed. A link is followed: what it leads to is replaced, and
/// the link stays.
///
/// # Errors
/// When nothing can be made in its folder, or the device or pipe cannot be opened.
pub fn begin(target: &Path) -> io::Result<Pending> {
    let target = followed(target);
    if std::fs::metadata(&target).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        return Ok(Pending(Way::Straight(std::fs::OpenOptions::new().write(true).open(&target)?)));
    }
    hidden(target)
}

/// What a path leads to, also where nothing is there yet.
fn followed(path: &Path) -> PathBuf {
    /// Links one behind the other that are followed, as the system does.
    const MAX_LINKS: usize = 40;
    let mut path = path.to_path_buf();
    for _ in 0..MAX_LINKS {
        let Ok(next) = std::fs::read_link(&path) else { break };
        path = path.parent().unwrap_or(Path::new("")).join(next);
    }
    path
}

/// Begins a file whose name, be it a link, is replaced when it is committed.
fn hidden(target: PathBuf) -> io::Result<Pending> {
    let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(Pending(Way::Hidden(temporary(folder)?, target)))
}

impl Pending {
    /// Lets the file appear; an existing one is replaced.
    ///
    /// # Errors
    /// When it cannot be renamed.
    pub fn commit(self) -> io::Result<()> {
        match self.0 {
            Way::Hidden(temp, target) => temp.persist(&target).map(|_| ()).map_err(|e| e.error),
            Way::Straight(mut file) => file.flush(),
        }
    }
}

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Way::Hidden(temp, _) => temp.as_file_mut().write(bytes),
            Way::Straight(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Way::Hidden(temp, _) => temp.as_file_mut().flush(),
            Way::Straight(file) => file.flush(),
        }
    }
}

/// Writes a file that appears whole or not at all: only when `fill` answers that it is to be kept. An existing
/// file is replaced, a link is followed, a device or pipe is written into.
///
/// # Errors
/// When the file cannot be made or `fill` fails; then an existing file is as it was.
pub fn file(target: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<bool>) -> io::Result<()> {
    let mut pending = begin(target)?;
    if fill(&mut pending)? { pending.commit() } else { Ok(()) }
}

fn temporary(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        // as any other new file (the umask still applies), not the 0600 of a secret
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_what_it_leads_to_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let (link, real) = (dir.path().join("a.json"), dir.path().join("real.json"));
        std::os::unix::fs::symlink("real.json", &link).unwrap();
        for text in ["1", "2"] {
            file(&link, |out| out.write_all(text.as_bytes()).map(|()| true)).unwrap();
            assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(std::fs::read_to_string(&real).unwrap(), text);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_device_stays_a_device() {
        use std::os::unix::fs::FileTypeExt;
        file(Path::new("/dev/null"), |out| out.write_all(b"x").map(|()| true)).unwrap();
        assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }

    #[test]
    fn subfolders_are_made_and_nothing_else_is_left_behind() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::create(&dir.path().join("new/out")).unwrap();
        let path = folder.write(Path::new("a/b/c.json"), b"{}").unwrap();
        assert_eq!(std::fs::read(path).unwrap(), b"{}");
        assert_eq!(names(&dir.path().join("new/out")), ["a"]);
        assert_eq!(names(&dir.path().join("new/out/a/b")), ["c.json"]);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_half_one() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("a.json");
        std::fs::write(&target, "old").unwrap();
        let result = file(&target, |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("disk full"))
        });
        assert!(result.is_err());
        file(&target, |out| out.write_all(b"unwanted").map(|()| false)).unwrap();
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "old");
        assert_eq!(names(dir.path()), ["a.json"]);
    }

    #[test]
    fn a_file_in_the_place_of_the_folder_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("out"), "x").unwrap();
        assert!(Folder::create(&dir.path().join("out")).is_err());
        let folder = Folder::create(dir.path()).unwrap();
        assert!(folder.write(Path::new("out/a.json"), b"{}").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_output_folder_cannot_lead_out_of_it() {
        let (dir, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(elsewhere.path(), dir.path().join("sub")).unwrap();
        let folder = Folder::create(dir.path()).unwrap();
        assert!(folder.write(Path::new("sub/a.json"), b"{}").is_err());
        assert!(names(elsewhere.path()).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn outputs_are_readable_by_others_as_the_umask_says() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let plain = dir.path().join("plain");
        std::fs::write(&plain, "x").unwrap();
        let path = Folder::create(dir.path()).unwrap().write(Path::new("a.json"), b"{}").unwrap();
        let mode = |p: &Path| std::fs::metadata(p).unwrap().permissions().mode();
        assert_eq!(mode(&path), mode(&plain));
    }
}
