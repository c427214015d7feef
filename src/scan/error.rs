//! Why a picture could not be read.

use thiserror::Error;

/// A picture or a model that cannot be used.
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
    /// The models are not there, or are others.
    #[error(
        "{file}: {cause}; hint: `pip download rapidocr --no-deps` brings the models, unzip it and give its folder `models`"
    )]
    Model {
        /// The file that was looked for.
        file: String,
        /// What is wrong with it.
        cause: String,
    },
    /// No time was left.
    #[error(
        "the time for the file was used up before all of the picture was read; hint: raise it with --timeout"
    )]
    Late,
    /// The recognizer failed.
    #[error("the recognizer failed: {0}")]
    Recognizer(String),
}
