//! What a caller can ask for, and the limits that hold whatever the PDF.

use std::time::{Duration, Instant};

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
    /// Bounds on time and memory.
    pub limits: Limits,
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
            limits: Limits::default(),
        }
    }
}

/// Bounds that hold for one file. Reaching one is a finding with what was read so far, never a lost document.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes that one stream may inflate to.
    pub stream_bytes: usize,
    /// Bytes that all streams of a file together may inflate to.
    pub file_bytes: usize,
    /// Pages that are read.
    pub pages: usize,
    /// Depth of nested forms, page trees and other recursive structures.
    pub depth: usize,
    /// Operators that are interpreted on one page (forms included).
    pub operators: usize,
    /// Glyphs kept on one page.
    pub glyphs: usize,
    /// Rulings kept on one page.
    pub rulings: usize,
    /// Entries of one CMap.
    pub cmap_entries: usize,
    /// Time for one file; `None` for no bound.
    pub time: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            stream_bytes: 64 << 20,
            file_bytes: 256 << 20,
            pages: 5_000,
            depth: 32,
            operators: 2_000_000,
            glyphs: 200_000,
            rulings: 60_000,
            cmap_entries: 200_000,
            time: Some(Duration::from_secs(8)),
        }
    }
}

/// The moment at which work on a file has to stop.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// A deadline that starts to run now.
    pub fn start(limits: &Limits) -> Self {
        Self(limits.time.and_then(|t| Instant::now().checked_add(t)))
    }

    /// Never expires.
    pub fn never() -> Self {
        Self(None)
    }

    /// Whether the time is used up. Costs a clock reading: ask every few hundred steps, not every step.
    pub fn expired(&self) -> bool {
        self.0.is_some_and(|at| Instant::now() >= at)
    }
}
