//! The arguments as the user writes them. What they mean is resolved where they are used; what help says of them stands
//! in `schemas/words/help.toml`, under the name of the command (or `any`) and that of the field.

use crate::batch::shard::Shard;
use crate::options::FilePassword;
use crate::words::Lang;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Reads published Chinese department budgets (部门预算公开 PDFs) and gives back the standard twelve tables as JSON,
/// every amount exact and traceable to its page.
#[derive(Debug, Parser)]
#[command(name = "yusuan", version, arg_required_else_help = true)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) screen: ScreenArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Extract(ExtractArgs),
    Check(CheckArgs),
    Explain(ExplainArgs),
    Grid(GridArgs),
    View(ViewArgs),
    Show(ShowArgs),
    Schema(SchemaArgs),
    Dataset(DatasetArgs),
    Compare(CompareArgs),
    Merge(MergeArgs),
    Worker(WorkerArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
    Doctor(DoctorArgs),
}

/// `yusuan doctor`.
#[derive(Debug, ClapArgs)]
pub(super) struct DoctorArgs {
    #[arg(long, value_name = "DIR")]
    pub(super) ocr_models: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct ExtractArgs {
    #[arg(required_unless_present = "files_from", value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[arg(long, value_name = "LIST|-")]
    pub(super) files_from: Option<PathBuf>,
    #[arg(short = '0', long, requires = "files_from")]
    pub(super) null: bool,
    #[arg(short, long, value_name = "DIR|FILE|-")]
    pub(super) output: Option<PathBuf>,
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(super) format: Option<Format>,
    #[arg(long)]
    pub(super) bom: bool,
    #[arg(long, value_name = "K/N")]
    pub(super) shard: Option<Shard>,
    #[arg(long)]
    pub(super) force: bool,
    #[arg(long)]
    pub(super) overwrite: bool,
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,
    #[arg(long, conflicts_with = "compact")]
    pub(super) pretty: bool,
    #[arg(long)]
    pub(super) compact: bool,
    #[arg(long, conflicts_with_all = ["output", "pretty", "compact"])]
    pub(super) cards: bool,
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(super) provenance: Option<Provenance>,
    #[arg(long)]
    pub(super) strict: bool,
    #[command(flatten)]
    pub(super) shape: ShapeArgs,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// Which files a dataset is made of.
#[derive(Debug, Default, ClapArgs)]
#[command(next_help_heading = "Dataset")]
pub(super) struct ShapeArgs {
    #[arg(long, conflicts_with = "parquet")]
    pub(super) csv: bool,
    #[arg(long)]
    pub(super) parquet: bool,
    #[arg(long)]
    pub(super) no_blanks: bool,
    #[arg(long, conflicts_with = "csv")]
    pub(super) partition: bool,
}

impl ShapeArgs {
    /// What they mean; `mark` puts a byte order mark before CSV files.
    pub(super) fn shape(&self, mark: bool) -> crate::dataset::Shape {
        crate::dataset::Shape {
            csv: !self.parquet,
            parquet: !self.csv,
            mark,
            blanks: !self.no_blanks,
            partition: self.partition,
        }
    }

    /// Whether one of them is given.
    pub(super) fn is_given(&self) -> bool {
        self.csv || self.parquet || self.no_blanks || self.partition
    }
}

/// Forms of the results of `yusuan extract`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Json,
    Ndjson,
    Csv,
    Parquet,
    Xlsx,
    Dataset,
}

/// `yusuan dataset`.
#[derive(Debug, ClapArgs)]
pub(super) struct DatasetArgs {
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[arg(short, long, value_name = "DIR|FILE.xlsx")]
    pub(super) output: PathBuf,
    #[arg(long)]
    pub(super) bom: bool,
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,
    #[command(flatten)]
    pub(super) shape: ShapeArgs,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// `yusuan compare`.
#[derive(Debug, ClapArgs)]
pub(super) struct CompareArgs {
    #[arg(required = true, num_args = 1..=2, value_name = "A [B]")]
    pub(super) paths: Vec<PathBuf>,
    #[arg(long, value_name = "FROM,TO", value_delimiter = ',', num_args = 1)]
    pub(super) years: Vec<u16>,
    #[arg(long, value_name = "OLD=NEW")]
    pub(super) rename: Vec<crate::compare::Rename>,
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(super) format: Option<CompareFormat>,
    #[arg(short, long, value_name = "FILE|-")]
    pub(super) output: Option<PathBuf>,
    #[arg(long)]
    pub(super) all: bool,
    #[arg(long)]
    pub(super) bom: bool,
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// How a comparison is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CompareFormat {
    Text,
    Json,
    Csv,
    Xlsx,
}

/// `yusuan merge`.
#[derive(Debug, ClapArgs)]
pub(super) struct MergeArgs {
    #[arg(required = true, value_name = "DIR")]
    pub(super) folders: Vec<PathBuf>,
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: PathBuf,
    #[arg(long)]
    pub(super) bom: bool,
}

/// `yusuan worker`.
#[derive(Debug, ClapArgs)]
pub(super) struct WorkerArgs {
    #[arg(long)]
    pub(super) framed: bool,
    #[arg(short = '0', long, conflicts_with = "framed")]
    pub(super) null: bool,
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(super) provenance: Option<Provenance>,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// How PDFs are read.
#[derive(Debug, ClapArgs)]
pub(super) struct ReadingArgs {
    #[arg(long)]
    pub(super) include_contacts: bool,
    #[arg(long, value_name = "FILE")]
    pub(super) password_file: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(super) ocr_models: Option<PathBuf>,
    #[arg(long, value_name = "SECONDS")]
    pub(super) timeout: Option<u32>,
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) limit: Vec<String>,
    #[arg(long, value_name = "FILE")]
    pub(super) layout: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(super) identities: Option<PathBuf>,
    #[arg(long)]
    pub(super) no_second_reader: bool,
    /// Those of `yusuan.toml`: a command line is no place for secrets.
    #[arg(skip)]
    pub(super) passwords: Vec<FilePassword>,
}

/// `yusuan check`.
#[derive(Debug, ClapArgs)]
pub(super) struct CheckArgs {
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t = CheckFormat::Text, value_name = "FORMAT")]
    pub(super) format: CheckFormat,
    #[arg(long)]
    pub(super) all: bool,
    #[arg(long)]
    pub(super) strict: bool,
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    Text,
    Json,
}

/// `yusuan explain`.
#[derive(Debug, ClapArgs)]
pub(super) struct ExplainArgs {
    #[arg(value_name = "FILE|RULE")]
    pub(super) rule: Option<String>,
    #[arg(long, value_name = "TEXT", conflicts_with = "rule")]
    pub(super) title: Option<String>,
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: ExplainFormat,
    #[arg(long, value_name = "FILE")]
    pub(super) identities: Option<PathBuf>,
}

/// How `explain` tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExplainFormat {
    Text,
    Json,
}

/// How much is said of where an amount stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Provenance {
    None,
    Cells,
}

/// `yusuan grid`.
#[derive(Debug, ClapArgs)]
pub(super) struct GridArgs {
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    #[arg(long, value_enum, default_value_t = GridFormat::Text, value_name = "FORMAT", conflicts_with = "svg")]
    pub(super) format: GridFormat,
    #[arg(long)]
    pub(super) svg: bool,
    #[arg(long, value_name = "PAGES")]
    pub(super) pages: Option<Pages>,
    #[arg(long, value_name = "FILE")]
    pub(super) password_file: Option<PathBuf>,
}

/// How grids are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum GridFormat {
    Text,
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

/// `yusuan view`.
#[derive(Debug, ClapArgs)]
pub(super) struct ViewArgs {
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[arg(short, long, value_name = "DIR|FILE.html")]
    pub(super) output: PathBuf,
    #[arg(long)]
    pub(super) all_pages: bool,
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// `yusuan show`.
#[derive(Debug, ClapArgs)]
pub(super) struct ShowArgs {
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    #[arg(long, value_name = "N", required_unless_present = "cell", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) page: Option<u32>,
    #[arg(long, value_name = "T<n>/ROW/COLUMN")]
    pub(super) cell: Option<String>,
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(20..=1200))]
    pub(super) dpi: u32,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// `yusuan schema`.
#[derive(Debug, ClapArgs)]
pub(super) struct SchemaArgs {
    #[arg(value_enum, default_value_t = SchemaOf::Output, value_name = "WHAT")]
    pub(super) what: SchemaOf,
}

/// What can be printed of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    Output,
    Tables,
}

/// `yusuan completions`.
#[derive(Debug, ClapArgs)]
pub(super) struct CompletionsArgs {
    #[arg(value_enum, value_name = "SHELL")]
    pub(super) shell: Shell,
}

/// Shells that complete what is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// `yusuan man`.
#[derive(Debug, ClapArgs)]
pub(super) struct ManArgs {
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
}

/// What appears on the screen.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "screen")]
pub(super) struct ScreenArgs {
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    #[arg(short, long, global = true, action = ArgAction::SetTrue)]
    pub(super) verbose: bool,
    #[arg(long, global = true)]
    pub(super) no_progress: bool,
    #[arg(long, global = true, value_enum, value_name = "WHEN")]
    pub(super) color: Option<When>,
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = language())]
    pub(super) lang: Option<Lang>,
    #[arg(long, global = true, value_enum, value_name = "FORMAT")]
    pub(super) log_format: Option<LogFormat>,
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

/// `en` or `zh`.
fn language() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(["en", "zh"]).map(|name| Lang::named(&name).unwrap_or_default())
}

/// How messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    Text,
    Json,
}

/// When to do something that a terminal wants and a file does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

impl ScreenArgs {
    /// Makes `--color` hold for all streams.
    pub(super) fn apply(&self) {
        match self.color {
            None | Some(When::Auto) => {}
            Some(When::Always) => anstream::ColorChoice::Always.write_global(),
            Some(When::Never) => anstream::ColorChoice::Never.write_global(),
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
