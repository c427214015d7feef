//! Tables that are none of the twelve and that publishers print beside them (`schemas/kinds.toml`).

use super::Names;
use super::concepts::Set;
use super::file::NamesFile;
use crate::error::Error;
use serde::Deserialize;
use std::sync::OnceLock;

const SOURCE: (&str, &str) = ("kinds.toml", include_str!("../../schemas/kinds.toml"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: Vec<KindFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindFile {
    id: String,
    zh: String,
    is: Vec<Vec<String>>,
    #[serde(default)]
    may: Vec<String>,
    #[serde(default)]
    also: Vec<Vec<String>>,
    codes: Option<Codes>,
}

/// Which codes the rows of a kind of table have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Codes {
    /// Those of economic classes.
    Economic,
    /// None: units or purposes are listed.
    None,
}

/// One kind of table beside the twelve.
#[derive(Debug)]
pub struct Kind {
    /// Its id in the output.
    pub id: String,
    /// What people call it.
    pub zh: String,
    /// Which codes its rows have, where that tells it from one of the twelve.
    pub codes: Option<Codes>,
    names: Names,
}

/// All kinds. The file is part of the program; a test proves that it parses.
pub fn kinds() -> &'static [Kind] {
    static KINDS: OnceLock<Vec<Kind>> = OnceLock::new();
    KINDS.get_or_init(|| parse(SOURCE.0, SOURCE.1).unwrap_or_default())
}

/// The kind of table that a title names which says this; the first one of the file that fits.
pub fn of(says: Set) -> Option<&'static Kind> {
    [false, true].into_iter().find_map(|also| kinds().iter().find(|kind| kind.names.fit(says, also)))
}

/// The program's own copy of a kind's id.
pub fn id(id: &str) -> Option<&'static str> {
    kinds().iter().find(|k| k.id == id).map(|k| k.id.as_str())
}

fn parse(name: &str, text: &str) -> Result<Vec<Kind>, Error> {
    let error = |cause: String| Error::Layout { file: name.to_owned(), cause };
    let file: File = toml::from_str(text).map_err(|e| error(e.to_string()))?;
    let read = |kind: KindFile| {
        let names =
            NamesFile { is: kind.is, may: kind.may, unless: Vec::new(), also: kind.also, needs_word: false };
        Ok(Kind { id: kind.id, zh: kind.zh, codes: kind.codes, names: Names::read(&names).map_err(error)? })
    };
    file.kind.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_parses() {
        assert!(parse(SOURCE.0, SOURCE.1).unwrap().len() > 15);
    }
}
