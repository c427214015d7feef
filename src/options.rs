//! What a caller can ask for.

pub use crate::limits::{Access, Deadline, Limits};

/// Settings of one extraction. `Options::default()` is what the command line uses.
#[derive(Clone, Debug)]
pub struct Options {
    /// Password for encrypted files; the empty password is always tried.
    pub password: Option<String>,
    /// Passwords of single files of a batch, tried before [`Options::password`].
    pub passwords: Vec<FilePassword>,
    /// Emit names and phone numbers of contact persons.
    pub include_contacts: bool,
    /// Emit `cells` (page, box, printed text, number of proofs) for every amount.
    pub provenance_cells: bool,
    /// Layouts given by the user (parsed layout files), tried before the built-in ones.
    pub layouts: Vec<std::sync::Arc<crate::schema::Layout>>,
    /// Identities that are checked; `None` for those that are built in.
    pub rules: Option<std::sync::Arc<crate::proof::Rules>>,
    /// Ask a second, independent reader about amounts that no identity proves and those that a broken one suspects.
    pub second_reader: bool,
    /// Reads pages that are pictures; `None` leaves them unread.
    #[cfg(feature = "ocr")]
    pub recognizer: Option<std::sync::Arc<crate::scan::Recognizer>>,
    /// Bounds on time and memory.
    pub limits: Limits,
    /// Threads that may work on one file at once; the output is the same. Worth it for large ones, whose pages are
    /// then read in runs. A batch gives each file its share of the threads that it has no other file for.
    pub threads: usize,
}

/// The password of some files.
#[derive(Clone, PartialEq, Eq)]
pub struct FilePassword {
    /// The file's name, or the end of its path: `locked.pdf`, `2024/locked.pdf`. `*` stands for any characters but `/`.
    pub file: String,
    /// Its password.
    pub password: String,
}

impl std::fmt::Debug for FilePassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // a secret has no place in a log
        f.debug_struct("FilePassword").field("file", &self.file).finish_non_exhaustive()
    }
}

impl FilePassword {
    /// Whether it is meant for the file at this path (with `/` between folders).
    pub fn fits(&self, path: &str) -> bool {
        let (mut wanted, mut parts) = (self.file.rsplit('/'), path.rsplit('/'));
        wanted.all(|wanted| parts.next().is_some_and(|part| is_like(wanted, part)))
    }
}

/// Whether a name is made by a pattern in which `*` stands for anything.
fn is_like(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(head) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = name.find(part) else { return false };
        name = &name[at + part.len()..];
    }
    name.len() >= last.len() && name.ends_with(last)
}

impl Default for Options {
    fn default() -> Self {
        Self {
            password: None,
            passwords: Vec::new(),
            include_contacts: false,
            provenance_cells: false,
            layouts: Vec::new(),
            rules: None,
            second_reader: true,
            #[cfg(feature = "ocr")]
            recognizer: None,
            limits: Limits::default(),
            threads: 1,
        }
    }
}

impl Options {
    /// What it takes to open a file.
    pub fn access(&self) -> Access<'_> {
        Access { password: self.password.as_deref(), limits: &self.limits }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_for_the_files_that_its_pattern_names() {
        let fits = |file: &str, path: &str| {
            FilePassword { file: file.to_owned(), password: String::new() }.fits(path)
        };
        assert!(fits("locked.pdf", "in/2024/locked.pdf") && fits("2024/locked.pdf", "in/2024/locked.pdf"));
        assert!(fits("2024/*.pdf", "in/2024/a.pdf") && fits("*锁*.pdf", "加锁的.pdf") && fits("*", "a"));
        assert!(!fits("2023/locked.pdf", "in/2024/locked.pdf") && !fits("locked.pdf", "unlocked.pdf"));
        assert!(
            !fits("in/2024/locked.pdf", "locked.pdf") && !fits("a*a", "a") && !fits("2024/*", "2024/x/y")
        );
    }
}
