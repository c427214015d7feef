//! What the reader has to do without, to measure how far it knows things by their meaning: words of the vocabulary, a
//! publisher's layout, titles, the numbers of labels. One setting a process, made before anything is read.
//!
//! ```
//! use yusuan::schema::handicap::{self, Handicap};
//! let handicap = Handicap { titles: true, ..Handicap::default() };
//! assert!(handicap::set(handicap));
//! assert!(!handicap::set(Handicap::default()), "only once");
//! ```

use std::sync::OnceLock;

/// What is left out.
#[derive(Clone, Debug, Default)]
pub struct Handicap {
    /// Words of `schemas/concepts.toml`.
    pub words: Vec<String>,
    /// Ids of layouts that the program brings along.
    pub layouts: Vec<String>,
    /// Whether titles of tables are left out.
    pub titles: bool,
    /// Whether the numbers of labels (表3) are exchanged.
    pub numbers: bool,
}

static HANDICAP: OnceLock<Handicap> = OnceLock::new();

/// Sets what is left out. `false` where it was set, or asked for, before: then it stays as it was.
pub fn set(handicap: Handicap) -> bool {
    HANDICAP.set(handicap).is_ok()
}

/// What is left out; nothing by default.
pub(crate) fn get() -> &'static Handicap {
    HANDICAP.get_or_init(Handicap::default)
}

/// Another number for each number of a label, 1–12.
pub(crate) fn exchanged(number: u8) -> u8 {
    /// Prime to 12, so that no two numbers become one.
    const STEP: u8 = 5;
    number.wrapping_mul(STEP) % 12 + 1
}
