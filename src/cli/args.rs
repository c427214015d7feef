//! The arguments as the user writes them. What they mean is resolved where they are used.

use crate::batch::shard::Shard;
use clap::{ArgAction, Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Reads published Chinese department budgets (部门预算公开 PDFs) and gives back the standard twelve tables as JSON,
/// every amount exact and traceable to its page.
#[derive(Debug, Parser)]
#[command(name = "yusuan", version, about, max_term_width = 110, arg_required_else_help = true)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) screen: ScreenArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Read PDFs, write normalized JSON
    Extract(ExtractArgs),
    /// Say what is wrong or doubtful in PDFs or in emitted JSON, whose amounts are proved anew
    Check(CheckArgs),
    /// Tell what a rule means, in English and Chinese
    Explain(ExplainArgs),
    /// Show the grids of cells that the geometry of a PDF says, before any meaning
    Grid(GridArgs),
    /// Print what the output looks like
    Schema(SchemaArgs),
    /// Turn emitted JSON (or PDFs) into a dataset: typed tables as CSV and Parquet
    Dataset(DatasetArgs),
    /// Join the output folders of shards into one
    Merge(MergeArgs),
    /// Read paths or PDFs from standard input, write one line of JSON for each: for other engines to drive
    Worker(WorkerArgs),
    /// Say whether scans can be read here, and what brings the models that are missing
    Doctor(DoctorArgs),
}

#[derive(Debug, ClapArgs)]
pub(super) struct DoctorArgs {
    /// Folder with the models that read scans, where `extract` is to find them
    #[arg(long, value_name = "DIR")]
    pub(super) ocr_models: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Exit codes: 0 everything was read · 1 everything was read but checks failed (only with --strict)
            2 a wrong command line, or no place to write · 3 some file could not be read · 130 interrupted

Examples:
  yusuan extract samples                 one card per document on the screen
  yusuan extract budgets/ -o out         out/<subfolder>/<name>.json for each PDF
  yusuan extract budgets/ -o all.ndjson  one document per line
  yusuan extract budgets/ -o data --format dataset
                                         tables for DuckDB, polars, pandas, Spark, spreadsheets

With -o DIR the same command again does only what is left: see manifest.jsonl in the folder.
  curl -s URL | yusuan extract - | jq .  standard input to standard output")]
pub(super) struct ExtractArgs {
    /// PDF files, folders (searched with their subfolders for *.pdf; hidden ones are passed over), or - for standard input
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// Also read the paths in this list, one a line (- for standard input); their outputs keep the folders of the paths
    #[arg(long, value_name = "LIST|-")]
    pub(super) files_from: Option<PathBuf>,

    /// The paths of the list end with NUL bytes (as `find -print0` writes them)
    #[arg(short = '0', long, requires = "files_from")]
    pub(super) null: bool,

    /// Where the results go: a folder (one JSON file for each PDF, subfolders kept), a file named *.json (an array),
    /// *.ndjson / *.jsonl (one document per line), *.csv or *.parquet (one row per amount), or - for standard output.
    /// Without it: a card for each document on a terminal, NDJSON into a pipe
    #[arg(short, long, value_name = "DIR|FILE|-")]
    pub(super) output: Option<PathBuf>,

    /// The form of the results [default: what the name after -o says]; dataset: a folder with the tables facts,
    /// facts_leaf, documents, tables, figures, findings and files as CSV and Parquet, and the JSON of each PDF below documents/
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(super) format: Option<Format>,

    /// Put a byte order mark before CSV files, which some spreadsheets need to read Chinese
    #[arg(long)]
    pub(super) bom: bool,

    /// Only the K-th of N parts of the files, by the hash of each output's name; see `yusuan merge`
    #[arg(long, value_name = "K/N")]
    pub(super) shard: Option<Shard>,

    /// Read all files again, those too that an earlier run into the same folder has done
    #[arg(long)]
    pub(super) force: bool,

    /// Replace results in the folder that belong to other inputs of the same relative name
    #[arg(long)]
    pub(super) overwrite: bool,

    /// Number of files read at the same time [default: number of cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,

    /// One row and one finding on each line (default for files of a folder)
    #[arg(long, conflicts_with = "compact")]
    pub(super) pretty: bool,

    /// No white space (default for streams)
    #[arg(long)]
    pub(super) compact: bool,

    /// Print cards even when the output is not a terminal
    #[arg(long, conflicts_with_all = ["output", "pretty", "compact"])]
    pub(super) cards: bool,

    /// Say of every amount where it is printed (page, box, text) and how often it is proved
    #[arg(long, value_enum, default_value_t = Provenance::None, value_name = "WHAT")]
    pub(super) provenance: Provenance,

    /// Exit with 1 when a document has an error finding or an unreadable table
    #[arg(long)]
    pub(super) strict: bool,

    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// Forms of the results of `yusuan extract`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// One JSON file for each PDF, or one array
    Json,
    /// One document per line
    Ndjson,
    /// One row per amount
    Csv,
    /// One row per amount, typed
    Parquet,
    /// A folder with tables as CSV and Parquet
    Dataset,
}

/// `yusuan dataset`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  yusuan dataset out -o data             from the folder that `yusuan extract … -o out` wrote
  duckdb -c \"from 'data/facts.parquet'\"")]
pub(super) struct DatasetArgs {
    /// Emitted JSON or NDJSON, PDFs, or folders with either
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// The dataset's folder
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: PathBuf,

    /// Put a byte order mark before CSV files, which some spreadsheets need to read Chinese
    #[arg(long)]
    pub(super) bom: bool,

    /// Number of files read at the same time [default: number of cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,

    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// `yusuan merge`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Every folder must be finished, and every shard there once; otherwise nothing is written.

Examples:
  yusuan extract budgets/ -o s1 --shard 1/2
  yusuan extract budgets/ -o s2 --shard 2/2
  yusuan merge s1 s2 -o all")]
pub(super) struct MergeArgs {
    /// Output folders of `yusuan extract`: of JSON files, or all datasets
    #[arg(required = true, value_name = "DIR")]
    pub(super) folders: Vec<PathBuf>,

    /// The joined folder
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: PathBuf,

    /// Put a byte order mark before the CSV files of a dataset
    #[arg(long)]
    pub(super) bom: bool,
}

/// `yusuan worker`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Each input gives one line, in order: {\"input\": …, \"error\": null, \"documents\": [ … ]}. What cannot be read gives a line
with `error`; the worker goes on, and ends with 0 at the end of its input. See docs/PIPES.md for Spark, GNU parallel
and xargs.")]
pub(super) struct WorkerArgs {
    /// PDFs instead of paths: for each a 32-bit length (big endian) and its name in UTF-8, which may be empty, then a
    /// 32-bit length and its bytes
    #[arg(long)]
    pub(super) framed: bool,

    /// Paths end with NUL bytes instead of line breaks
    #[arg(short = '0', long, conflicts_with = "framed")]
    pub(super) null: bool,

    /// Say of every amount where it is printed (page, box, text) and how often it is proved
    #[arg(long, value_enum, default_value_t = Provenance::None, value_name = "WHAT")]
    pub(super) provenance: Provenance,

    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// How PDFs are read.
#[derive(Debug, ClapArgs)]
pub(super) struct ReadingArgs {
    /// Include names and phone numbers of contact persons
    #[arg(long)]
    pub(super) include_contacts: bool,

    /// File whose first line is the password of encrypted PDFs
    #[arg(long, value_name = "FILE")]
    pub(super) password_file: Option<PathBuf>,

    /// Folder with the models that read scans; else YUSUAN_OCR_MODELS, else ~/.local/share/yusuan/models if it holds
    /// them (docs/SCANS.md)
    #[arg(long, value_name = "DIR")]
    pub(super) ocr_models: Option<PathBuf>,

    /// Time for one file, then what was read so far is given with a finding; 0 for no limit [default: 8, with models for
    /// scans 600]
    #[arg(long, value_name = "SECONDS")]
    pub(super) timeout: Option<u32>,

    /// Another bound than the built-in one, e.g. pages=20000 or memory=512M; may be given several times. Names and
    /// defaults: docs/LIMITS.md
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) limit: Vec<String>,

    /// A publisher's layout file (TOML; see the README), tried before the built-in ones; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(super) layout: Vec<PathBuf>,

    /// A file of further identities (TOML, written like schemas/identities.toml); one with the id of a built-in one
    /// takes its place
    #[arg(long, value_name = "FILE")]
    pub(super) identities: Option<PathBuf>,

    /// Do not ask the second reader about amounts that no identity proves
    #[arg(long)]
    pub(super) no_second_reader: bool,
}

/// `yusuan check`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Exit codes: 0 everything was read · 1 a document has an error finding (only with --strict)
            2 a wrong command line, or no place to write · 3 some file could not be read · 130 interrupted

Examples:
  yusuan check budget.pdf                what is wrong or doubtful in it
  yusuan check out/ --strict             for scripts: fails where a number does not fit
  yusuan check out/ --identities my.toml  with identities of your own
  yusuan check out/ --format json        one line per document: path, findings, proof")]
pub(super) struct CheckArgs {
    /// PDFs, emitted JSON or NDJSON, folders with either, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// For people, or one JSON line per document
    #[arg(long, value_enum, default_value_t = CheckFormat::Text, value_name = "FORMAT")]
    pub(super) format: CheckFormat,

    /// Show notes (info) too
    #[arg(long)]
    pub(super) all: bool,

    /// Exit with 1 when a document has an error finding or an unreadable table
    #[arg(long)]
    pub(super) strict: bool,

    /// Number of files read at the same time [default: number of cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,

    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// Grouped by document, both sides shown
    Text,
    /// `{"path", "part", "findings", "proof"}`, one line per document
    Json,
}

/// `yusuan explain`.
#[derive(Debug, ClapArgs)]
pub(super) struct ExplainArgs {
    /// A PDF: what each of its grids was taken for, and why. Or the id of a rule as findings name it, or its group
    /// (A12); without it all rules are listed
    #[arg(value_name = "FILE|RULE")]
    pub(super) rule: Option<String>,

    /// Tell how a table's title is understood; `-` reads one title a line from standard input
    #[arg(long, value_name = "TEXT", conflicts_with = "rule")]
    pub(super) title: Option<String>,

    /// With a FILE or --title: text for people, or one JSON object a line
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: ExplainFormat,

    /// A file of further identities, as for check
    #[arg(long, value_name = "FILE")]
    pub(super) identities: Option<PathBuf>,
}

/// How `explain` tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExplainFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// How much is said of where an amount stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Provenance {
    /// Page and box of each row
    None,
    /// `cells` in each row: page, box, printed text and number of proofs of each amount
    Cells,
}

/// `yusuan grid`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  yusuan grid budget.pdf --pages 3-5             the cells drawn on the screen
  yusuan grid budget.pdf --format json > g.json  every cell with its place, spans and text")]
pub(super) struct GridArgs {
    /// A PDF file, of any kind and in any language, or - for standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,

    /// A picture for people, or JSON for programs
    #[arg(long, value_enum, default_value_t = GridFormat::Text, value_name = "FORMAT")]
    pub(super) format: GridFormat,

    /// Only these pages, counted from 1: 1-3,7,12- [default: all]
    #[arg(long, value_name = "PAGES")]
    pub(super) pages: Option<Pages>,

    /// File whose first line is the password of an encrypted PDF
    #[arg(long, value_name = "FILE")]
    pub(super) password_file: Option<PathBuf>,
}

/// How grids are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum GridFormat {
    /// Box-drawing characters, as wide as the terminal
    Text,
    /// An array of grids with their cells
    Json,
}

/// Pages as the user writes them: `1-3,7,12-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pages(Vec<(u32, u32)>);

impl Pages {
    /// Whether the page is one of them.
    pub(super) fn contains(&self, page: u32) -> bool {
        self.0.iter().any(|(first, last)| (*first..=*last).contains(&page))
    }
}

impl std::str::FromStr for Pages {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |part: &str| match part.trim().parse() {
            Ok(0) | Err(_) => {
                Err(format!("`{}` is not a page; hint: pages count from 1, as in 1-3,7,12-", part.trim()))
            }
            Ok(n) => Ok(n),
        };
        let range = |part: &str| {
            let (first, last) = match part.split_once('-') {
                None => (number(part)?, number(part)?),
                Some((first, "")) => (number(first)?, u32::MAX),
                Some((first, last)) => (number(first)?, number(last)?),
            };
            if first <= last { Ok((first, last)) } else { Err(format!("`{part}` runs backwards")) }
        };
        text.split(',').map(range).collect::<Result<_, String>>().map(Self)
    }
}

/// `yusuan schema`.
#[derive(Debug, ClapArgs)]
pub(super) struct SchemaArgs {
    /// What to print
    #[arg(value_enum, default_value_t = SchemaOf::Output, value_name = "WHAT")]
    pub(super) what: SchemaOf,
}

/// What can be printed of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// The JSON Schema of the output
    Output,
    /// The twelve tables with their columns, for people
    Tables,
}

/// What appears on the screen.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Screen")]
pub(super) struct ScreenArgs {
    /// Say nothing but failures
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,

    /// Say a line for each file
    #[arg(short, long, global = true, action = ArgAction::SetTrue)]
    pub(super) verbose: bool,

    /// No progress bar (there is none unless standard error is a terminal)
    #[arg(long, global = true)]
    pub(super) no_progress: bool,

    /// When to use colour; NO_COLOR is respected
    #[arg(long, global = true, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub(super) color: When,
}

/// When to do something that a terminal wants and a file does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl ScreenArgs {
    /// Makes `--color` hold for all streams.
    pub(super) fn apply(&self) {
        match self.color {
            When::Auto => {}
            When::Always => anstream::ColorChoice::Always.write_global(),
            When::Never => anstream::ColorChoice::Never.write_global(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn pages_are_single_ones_ranges_and_open_ranges() {
        let pages: Pages = "1-3, 7,12-".parse().unwrap();
        let chosen: Vec<u32> = (1..15).filter(|p| pages.contains(*p)).collect();
        assert_eq!(chosen, [1, 2, 3, 7, 12, 13, 14]);
        for wrong in ["", "0", "a", "3-1", "1,,2", "-3", "1-2-3", "99999999999"] {
            assert!(wrong.parse::<Pages>().is_err(), "{wrong}");
        }
    }
}
