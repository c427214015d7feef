//! Why a whole file could not be read. Whatever is wrong *inside* a file that opens is a finding of its
//! document (see [`crate::document::Finding`]), never an error.

use crate::words::{Lang, say, sentence};
use std::fmt;

/// A file that gave no document at all. The message says what is wrong and what to do about it; the caller
/// adds the path.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The file has no bytes.
    Empty,
    /// The bytes are something else: HTML, an archive, an image …
    NotPdf {
        /// What the first bytes look like, in words.
        looks_like: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// A PDF whose structure could not be read or repaired.
    Damaged {
        /// What the reader stumbled over.
        cause: String,
    },
    /// Encrypted with a password, and none was given.
    Encrypted,
    /// Encrypted with another password than the one that was given.
    WrongPassword,
    /// Encrypted in a way that we cannot undo.
    UnsupportedEncryption {
        /// The method or the reader's words.
        cause: String,
    },
    /// The PDF has no page.
    NoPages,
    /// A limit was hit before anything could be read.
    Limit {
        /// The limit's name, as in the documentation and the options.
        limit: &'static str,
        /// What exceeded it.
        cause: String,
    },
    /// A layout file that cannot be used.
    Layout {
        /// The layout file.
        file: String,
        /// Line, key and what is wrong with it.
        cause: String,
    },
    /// JSON that is not an emitted document.
    Json {
        /// Where and what.
        cause: String,
    },
    /// A defect of ours: the reader panicked and was stopped. Never expected; please report it.
    Internal {
        /// The panic's message.
        cause: String,
    },
}

impl Error {
    /// What is wrong and what to do about it, in a language.
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Error::Empty => say!(lang, "error.empty"),
            Error::NotPdf { looks_like, hint } => {
                let (looks_like, hint) = (sentence(lang, looks_like), sentence(lang, hint));
                say!(lang, "error.not-pdf", looks_like = looks_like, hint = hint)
            }
            Error::Damaged { cause } => say!(lang, "error.damaged", cause = sentence(lang, cause)),
            Error::Encrypted => say!(lang, "error.encrypted"),
            Error::WrongPassword => say!(lang, "error.wrong-password"),
            Error::UnsupportedEncryption { cause } => {
                say!(lang, "error.encryption", cause = sentence(lang, cause))
            }
            Error::NoPages => say!(lang, "error.no-pages"),
            Error::Limit { limit, cause } => {
                say!(lang, "error.limit", limit = limit, cause = sentence(lang, cause))
            }
            Error::Layout { file, cause } => format!("{file}: {cause}"),
            Error::Json { cause } => say!(lang, "error.json", cause = sentence(lang, cause)),
            Error::Internal { cause } => say!(lang, "error.internal", cause = cause),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::En))
    }
}

impl std::error::Error for Error {}
