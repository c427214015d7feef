//! Why a picture could not be read.

use thiserror::Error;

/// A picture that cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ScanError {
    /// More pixels than a page can sensibly have.
    #[error("the picture has {width} × {height} pixels, more than the {limit} that are read")]
    Pixels {
        /// Pixels across.
        width: usize,
        /// Pixels down.
        height: usize,
        /// Most pixels that are read.
        limit: usize,
    },
    /// A stream that its decoder refuses.
    #[error("broken {format} picture: {cause}")]
    Broken {
        /// The format's name.
        format: &'static str,
        /// The decoder's words.
        cause: String,
    },
}
