//! Why a whole file could not be read. Whatever is wrong *inside* a file that opens is a finding of its
//! document (see [`crate::document::Finding`]), never an error.

use thiserror::Error;

/// A file that gave no document at all. The message says what is wrong and what to do about it; the caller
/// adds the path.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The file has no bytes.
    #[error("the file is empty; hint: the download was probably interrupted, fetch it again")]
    Empty,
    /// The bytes are something else: HTML, an archive, an image …
    #[error("not a PDF but {looks_like}; hint: {hint}")]
    NotPdf {
        /// What the first bytes look like, in words.
        looks_like: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// A PDF whose structure could not be read or repaired.
    #[error("damaged PDF: {cause}; hint: fetch it again, or try `qpdf {{in}} {{out}}` first")]
    Damaged {
        /// What the reader stumbled over.
        cause: String,
    },
    /// Encrypted with a password that we do not have.
    #[error("encrypted with a password; hint: give it with --password-file")]
    Encrypted,
    /// Encrypted in a way that we cannot undo.
    #[error("encrypted with an unsupported method: {cause}")]
    UnsupportedEncryption {
        /// The method or the reader's words.
        cause: String,
    },
    /// The PDF has no page.
    #[error("the PDF has no pages")]
    NoPages,
    /// A limit was hit before anything could be read.
    #[error("limit `{limit}` reached: {cause}")]
    Limit {
        /// The limit's name, as in the documentation and the options.
        limit: &'static str,
        /// What exceeded it.
        cause: String,
    },
    /// A layout file that cannot be used.
    #[error("{file}: {cause}")]
    Layout {
        /// The layout file.
        file: String,
        /// Line, key and what is wrong with it.
        cause: String,
    },
    /// JSON that is not an emitted document.
    #[error("not a document as `yusuan extract` writes it: {cause}; hint: extract the PDF again")]
    Json {
        /// Where and what.
        cause: String,
    },
    /// A defect of ours: the reader panicked and was stopped. Never expected; please report it.
    #[error("internal error: {cause}; hint: please report this file")]
    Internal {
        /// The panic's message.
        cause: String,
    },
}
