//! Where the results of `yusuan extract` go, and in which form: what the arguments and the terminal together mean.

use super::args::{ExtractArgs, Provenance};
use crate::batch::Input;
use crate::batch::discover::Origin;
use crate::output::json::Settings;
use crate::output::writer::Style;
use std::path::{Path, PathBuf};

/// Where the results go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// One JSON file for each input.
    Folder(PathBuf),
    /// One file: JSON, an array where there are several documents.
    Json(PathBuf),
    /// One file: NDJSON.
    Lines(PathBuf),
    /// NDJSON on standard output.
    Stdout,
    /// Cards on standard output.
    Cards,
}

impl Target {
    /// What the arguments say; `terminal` tells whether standard output is one.
    pub(super) fn of(args: &ExtractArgs, terminal: bool) -> Self {
        let Some(path) = &args.output else {
            let cards = args.cards || (terminal && !args.pretty && !args.compact);
            return if cards { Target::Cards } else { Target::Stdout };
        };
        if path == Path::new("-") {
            return Target::Stdout;
        }
        let folder = path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/");
        let extension = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
        match extension.as_deref() {
            Some("json") if !folder => Target::Json(path.clone()),
            Some("ndjson" | "jsonl") if !folder => Target::Lines(path.clone()),
            _ => Target::Folder(path.clone()),
        }
    }

    /// How documents are written there. Files are pretty, streams compact, unless the arguments say otherwise;
    /// NDJSON files are always compact.
    pub(super) fn settings(&self, args: &ExtractArgs) -> Settings {
        let pretty = match self {
            Target::Lines(_) => false,
            Target::Folder(_) | Target::Json(_) => !args.compact,
            Target::Stdout | Target::Cards => args.pretty,
        };
        let style = if pretty { Style::Pretty } else { Style::Compact };
        Settings { style, cells: args.provenance == Provenance::Cells }
    }

    /// The place for messages; `None` for standard output.
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Target::Folder(path) | Target::Json(path) | Target::Lines(path) => Some(path),
            Target::Stdout | Target::Cards => None,
        }
    }

    /// The input that would be overwritten, if there is one (a PDF whose name ends in `.json`).
    pub(super) fn overwrites<'a>(&self, inputs: &'a [Input]) -> Option<&'a Path> {
        let path = self.path()?;
        inputs.iter().find_map(|input| {
            let Origin::File(file) = &input.origin else { return None };
            // every output ends in one of these
            let extension = file.extension()?.to_str()?;
            if !["json", "ndjson", "jsonl"].contains(&extension) {
                return None;
            }
            let output =
                if matches!(self, Target::Folder(_)) { path.join(&input.output) } else { path.to_path_buf() };
            (output.canonicalize().ok()? == file.canonicalize().ok()?).then_some(file.as_path())
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::super::args::{Args, Command};
    use super::*;
    use clap::Parser;

    fn parsed(line: &str) -> ExtractArgs {
        let words = ["yusuan", "extract"].into_iter().chain(line.split(' '));
        match Args::try_parse_from(words).unwrap().command {
            Command::Extract(args) => args,
            _ => panic!("not extract"),
        }
    }

    fn target(line: &str, terminal: bool) -> Target {
        Target::of(&parsed(line), terminal)
    }

    #[test]
    fn without_output_a_terminal_gets_cards_and_a_pipe_gets_ndjson() {
        assert_eq!(target("in", true), Target::Cards);
        assert_eq!(target("in", false), Target::Stdout);
        assert_eq!(target("in --cards", false), Target::Cards);
        assert_eq!(target("in --pretty", true), Target::Stdout);
    }

    #[test]
    fn the_output_s_name_decides_its_form() {
        assert_eq!(target("in -o -", true), Target::Stdout);
        assert_eq!(target("in -o out", true), Target::Folder("out".into()));
        assert_eq!(target("in -o a.json", true), Target::Json("a.json".into()));
        assert_eq!(target("in -o a.JSONL", true), Target::Lines("a.JSONL".into()));
        assert_eq!(target("in -o a.ndjson", true), Target::Lines("a.ndjson".into()));
        assert_eq!(target("in -o a.json/", true), Target::Folder("a.json/".into()));
        assert_eq!(target("in -o v1.0", true), Target::Folder("v1.0".into()));
    }

    #[test]
    fn files_are_pretty_and_streams_compact_unless_told_otherwise() {
        let style = |line: &str| target(line, false).settings(&parsed(line)).style;
        assert_eq!(style("in -o out"), Style::Pretty);
        assert_eq!(style("in -o out --compact"), Style::Compact);
        assert_eq!(style("in"), Style::Compact);
        assert_eq!(style("in -o - --pretty"), Style::Pretty);
        assert_eq!(style("in -o a.ndjson --pretty"), Style::Compact);
    }

    #[test]
    fn an_input_is_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.json");
        std::fs::write(&file, "%PDF").unwrap();
        let inputs = crate::batch::discover::discover(std::slice::from_ref(&file)).inputs;
        assert_eq!(Target::Folder(dir.path().into()).overwrites(&inputs), Some(file.as_path()));
        assert_eq!(Target::Json(file.clone()).overwrites(&inputs), Some(file.as_path()));
        assert_eq!(Target::Folder(dir.path().join("out")).overwrites(&inputs), None);
    }
}
