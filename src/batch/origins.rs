//! Where the inputs of a folder's outputs lay. The manifest says what a run was given, which may be the same for two runs that
//! were started in two folders; so the places are kept apart from it, and its bytes stay independent of the machine.

use super::write;
use serde_json::{Map, Value};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The file, below the output folder.
const NAME: &str = ".yusuan/origins.json";
/// Most bytes of it that are read: some ten million inputs.
const MAX: u64 = 1 << 30;

/// The place of the input of each output.
#[derive(Clone, Debug, Default)]
pub struct Origins(Map<String, Value>);

impl Origins {
    /// What an earlier run wrote; nothing where it wrote none, or what nobody can read.
    pub fn load(folder: &Path) -> Self {
        let mut text = Vec::new();
        let read = std::fs::File::open(folder.join(NAME)).and_then(|f| f.take(MAX).read_to_end(&mut text));
        Self(read.ok().and_then(|_| serde_json::from_slice(&text).ok()).unwrap_or_default())
    }

    /// Where the input of an output lay.
    pub fn of(&self, output: &Path) -> Option<&Path> {
        self.0.get(output.to_str()?)?.as_str().map(Path::new)
    }

    /// Notes the place of an input; one that has no place, or whose name is no text, is left out.
    pub fn insert(&mut self, output: &Path, input: &Path) {
        let place = input.canonicalize().ok().and_then(|p| PathBuf::into_os_string(p).into_string().ok());
        if let (Some(output), Some(place)) = (output.to_str(), place) {
            self.0.insert(output.to_owned(), Value::from(place));
        }
    }

    /// Writes them into an output folder.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn write(self, folder: &Path) -> io::Result<()> {
        let path = folder.join(NAME);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let text = Value::Object(self.0).to_string();
        write::file(&path, |out| out.write_all(text.as_bytes()).map(|()| true))
    }
}
