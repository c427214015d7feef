//! Where the models for scans lie, and that options know it.

use crate::options::Options;
use std::path::Path;
#[cfg(feature = "ocr")]
use std::path::PathBuf;

/// The folder that the environment names.
#[cfg(feature = "ocr")]
const VARIABLE: &str = "YUSUAN_OCR_MODELS";

/// The folder to look in, and whether somebody named it: the argument, the environment, the documented place.
#[cfg(feature = "ocr")]
pub(super) fn folder(given: Option<&Path>) -> Option<(PathBuf, bool)> {
    let named = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = given.map(Path::to_owned).or_else(|| named(VARIABLE)) {
        return Some((folder, true));
    }
    let data = named("XDG_DATA_HOME").or_else(|| Some(named("HOME")?.join(".local/share")))?;
    Some((data.join("yusuan/models"), false))
}

/// Gives the options a recognizer where there are models, and the time that it takes.
///
/// # Errors
/// When a folder was named and has no models, or this program cannot use them.
#[cfg(feature = "ocr")]
pub(super) fn give(given: Option<&Path>, options: &mut Options) -> Result<(), String> {
    /// A page takes seconds, a file has up to a hundred.
    const TIME: std::time::Duration = std::time::Duration::from_secs(600);
    let Some((folder, named)) = folder(given) else { return Ok(()) };
    match crate::scan::Recognizer::at(&folder) {
        Ok(recognizer) => {
            options.recognizer = Some(std::sync::Arc::new(recognizer));
            options.limits.time = Some(TIME);
            Ok(())
        }
        Err(error) if named => Err(error.to_string()),
        Err(_) => Ok(()),
    }
}

/// Without the feature a folder that was given cannot be used.
///
/// # Errors
/// When a folder was given as an argument.
#[cfg(not(feature = "ocr"))]
pub(super) fn give(given: Option<&Path>, _: &mut Options) -> Result<(), String> {
    match given {
        Some(_) => Err("--ocr-models: this program was built without the feature `ocr`; build it with `cargo build --release --features ocr`".into()),
        None => Ok(()),
    }
}
