//! What a caller can ask for.

pub use crate::limits::{Access, Deadline, Limits};

/// Settings of one extraction. `Options::default()` is what the command line uses.
#[derive(Clone, Debug)]
pub struct Options {
    /// Password for encrypted files; the empty password is always tried.
    pub password: Option<String>,
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

impl Default for Options {
    fn default() -> Self {
        Self {
            password: None,
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
