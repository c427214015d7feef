//! Where the results of `yusuan extract` go, and in which form: what the arguments and the terminal together mean.

use super::args::{ExtractArgs, Format, Provenance};
use crate::batch::Input;
use crate::batch::discover::Origin;
use crate::output::json::Settings;
use crate::output::writer::Style;
use std::path::{Path, PathBuf};

/// Where a dataset keeps the JSON of each PDF.
pub(super) const DOCUMENTS: &str = "documents";

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
    /// JSON on standard output, an array where there are several inputs.
    StdoutJson,
    /// Facts as CSV; `None` for standard output.
    Csv(Option<PathBuf>),
    /// One file: facts as Parquet.
    Parquet(PathBuf),
    /// A dataset folder.
    Dataset(PathBuf),
    /// Cards on standard output.
    Cards,
}

/// Endings of the forms that the program writes.
const FORMS: [&str; 5] = ["json", "ndjson", "jsonl", "csv", "parquet"];
/// Letters of the longest ending of a file's form; longer ones are parts of a folder's name.
const LONGEST_FORM: usize = 5;

/// Whether the ending of a path that is no folder asks for some form of file (`x.xlsx`, `x.html`, `x.gz`), not `v1.0`.
fn looks_like_a_form(extension: &str) -> bool {
    let letters = extension.bytes().all(|b| b.is_ascii_alphanumeric())
        && extension.bytes().any(|b| b.is_ascii_alphabetic());
    letters && extension.len() <= LONGEST_FORM
}

impl Target {
    /// What the arguments say; `terminal` tells whether standard output is one.
    ///
    /// # Errors
    /// When form and place do not go together; the message says what to do.
    pub(super) fn of(args: &ExtractArgs, terminal: bool) -> Result<Self, String> {
        let path = args.output.as_deref().filter(|p| *p != Path::new("-")).map(Path::to_path_buf);
        let Some(path) = path else {
            return Ok(match args.format {
                None if args.output.is_none() => {
                    let cards = args.cards || (terminal && !args.pretty && !args.compact);
                    if cards { Target::Cards } else { Target::Stdout }
                }
                None | Some(Format::Ndjson) => Target::Stdout,
                Some(Format::Json) => Target::StdoutJson,
                Some(Format::Csv) => Target::Csv(None),
                Some(Format::Parquet) => {
                    return Err("--format parquet needs a file; hint: -o facts.parquet".to_owned());
                }
                Some(Format::Dataset) => {
                    return Err("--format dataset needs a folder; hint: -o data".to_owned());
                }
            });
        };
        let folder = path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/");
        let extension = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
        let extension = extension.as_deref().filter(|_| !folder);
        let file = |target: fn(PathBuf) -> Target| {
            if folder {
                return Err(format!("{}: a folder, where a file is needed", path.display()));
            }
            Ok(target(path.clone()))
        };
        match (args.format, extension) {
            (None | Some(Format::Json), Some("json")) => Ok(Target::Json(path)),
            (None, Some("ndjson" | "jsonl")) => Ok(Target::Lines(path)),
            (None, Some("csv")) => Ok(Target::Csv(Some(path))),
            (None, Some("parquet")) => Ok(Target::Parquet(path)),
            (None | Some(Format::Json), Some(unknown)) if looks_like_a_form(unknown) => Err(format!(
                "{}: no form of output ends in .{unknown}; known are {}; hint: a folder of this name ends in /",
                path.display(),
                FORMS.map(|form| format!(".{form}")).join(", ")
            )),
            (None | Some(Format::Json), _) => Ok(Target::Folder(path)),
            (Some(Format::Ndjson), _) => file(Target::Lines),
            (Some(Format::Csv), _) => file(|path| Target::Csv(Some(path))),
            (Some(Format::Parquet), _) => file(Target::Parquet),
            (Some(Format::Dataset), _) => Ok(Target::Dataset(path)),
        }
    }

    /// How documents are written there. Files are pretty, streams compact, unless the arguments say otherwise;
    /// NDJSON files are always compact.
    pub(super) fn settings(&self, args: &ExtractArgs) -> Settings {
        let pretty = match self {
            Target::Folder(_) | Target::Json(_) => !args.compact,
            Target::Stdout | Target::StdoutJson | Target::Cards => args.pretty,
            _ => false,
        };
        let style = if pretty { Style::Pretty } else { Style::Compact };
        let is_dataset = matches!(self, Target::Dataset(_));
        // a dataset tells of every amount how often it is proved
        Settings { style, cells: is_dataset || args.provenance == Provenance::Cells }
    }

    /// The place for messages; `None` for standard output.
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Target::Folder(path)
            | Target::Json(path)
            | Target::Lines(path)
            | Target::Parquet(path)
            | Target::Dataset(path) => Some(path),
            Target::Csv(path) => path.as_deref(),
            Target::Stdout | Target::StdoutJson | Target::Cards => None,
        }
    }

    /// The input that would be overwritten, if there is one (a PDF whose name ends in `.json`).
    pub(super) fn overwrites<'a>(&self, inputs: &'a [Input]) -> Option<&'a Path> {
        let path = self.path()?;
        inputs.iter().find_map(|input| {
            let Origin::File(file) = &input.origin else { return None };
            // every output ends in one of these
            let extension = file.extension()?.to_str()?;
            if !["json", "ndjson", "jsonl", "csv", "parquet"].contains(&extension) {
                return None;
            }
            let output = match self {
                Target::Folder(_) => path.join(&input.output),
                Target::Dataset(_) => path.join(DOCUMENTS).join(&input.output),
                _ => path.to_path_buf(),
            };
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
        Target::of(&parsed(line), terminal).unwrap()
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
    fn the_format_wins_over_the_name_and_has_to_fit_the_place() {
        assert_eq!(target("in -o a.csv", true), Target::Csv(Some("a.csv".into())));
        assert_eq!(target("in -o a.parquet", true), Target::Parquet("a.parquet".into()));
        assert_eq!(target("in -o a.txt --format csv", true), Target::Csv(Some("a.txt".into())));
        assert_eq!(target("in -o data --format dataset", true), Target::Dataset("data".into()));
        assert_eq!(target("in -o - --format json", true), Target::StdoutJson);
        assert_eq!(target("in --format ndjson", true), Target::Stdout);
        for line in ["in --format parquet", "in --format dataset", "in -o x/ --format csv"] {
            assert!(Target::of(&parsed(line), true).is_err(), "{line}");
        }
    }

    #[test]
    fn a_form_that_the_program_does_not_write_is_refused() {
        for name in ["三公.xlsx", "a.html", "a.tsv", "a.json.gz"] {
            let message = Target::of(&parsed(&format!("in -o {name}")), true).unwrap_err();
            assert!(message.contains("known are .json") && message.contains(name), "{message}");
        }
        assert_eq!(target("in -o a.html/", true), Target::Folder("a.html/".into()));
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
