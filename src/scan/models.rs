//! The recognizer's model: where it lies, and that it is the one we know.

use super::ScanError;
use sha2::{Digest, Sha256};
use std::path::Path;

/// Name of the recognizer's file, as the Python package `rapidocr` 3.10 brings it.
pub const RECOGNIZER: &str = "PP-OCRv6_rec_small.onnx";
/// SHA-256 of that file.
pub const RECOGNIZER_SHA256: &str = "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884";

/// Whether the recognizer's file is in `folder`.
///
/// # Errors
/// [`ScanError::Model`] where it is not.
pub(super) fn present(folder: &Path) -> Result<(), ScanError> {
    let path = folder.join(RECOGNIZER);
    let found = std::fs::metadata(&path);
    let wrong =
        |e: std::io::Error| ScanError::Model { file: path.display().to_string(), cause: e.to_string() };
    found.map(|_| ()).map_err(wrong)
}

/// The bytes of the recognizer in `folder`.
///
/// # Errors
/// [`ScanError::Model`] where it is not there, cannot be read, or is another file.
pub(super) fn recognizer(folder: &Path) -> Result<Vec<u8>, ScanError> {
    let path = folder.join(RECOGNIZER);
    let wrong = |cause: String| ScanError::Model { file: path.display().to_string(), cause };
    let bytes = std::fs::read(&path).map_err(|e| wrong(e.to_string()))?;
    let sum: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    if sum != RECOGNIZER_SHA256 {
        return Err(wrong(format!("another file than the known model (SHA-256 {sum})")));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_missing_and_another_model_say_what_brings_the_right_one() {
        let folder = tempfile::tempdir().unwrap();
        let missing = recognizer(folder.path()).unwrap_err().to_string();
        assert!(missing.contains("pip download rapidocr"), "{missing}");
        std::fs::write(folder.path().join(RECOGNIZER), b"something").unwrap();
        let other = recognizer(folder.path()).unwrap_err().to_string();
        assert!(other.contains("another file"), "{other}");
    }
}
