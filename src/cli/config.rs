//! Settings that a project repeats: `yusuan.toml` and the environment → arguments that the command line left open. What is
//! nearer to the person wins: the command line, then `YUSUAN_*`, then the file.

use super::args::{Args, Command, LogFormat, Provenance, ReadingArgs, When};
use super::settings;
use crate::options::{FilePassword, Limits};
use crate::words::{Lang, system};
use clap::ValueEnum;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::{Spanned, Value};

/// The file that is taken where none is named.
const NAME: &str = "yusuan.toml";
/// The variable of the language.
pub(super) const LANG: &str = "YUSUAN_LANG";

/// The language of this run: what the words say, else the environment. Asked before anything is parsed, so that a wrong word
/// is told in the right language.
pub(super) fn language(words: &[OsString], get: impl Fn(&str) -> Option<String>) -> Lang {
    let mut words = words.iter().filter_map(|w| w.to_str()).take_while(|w| *w != "--");
    let named = loop {
        match words.next() {
            None => break None,
            Some("--lang") => break words.next().and_then(Lang::named),
            Some(word) => match word.strip_prefix("--lang=") {
                Some(name) => break Lang::named(name),
                None => continue,
            },
        }
    };
    let variable = || get(LANG).map(|name| Lang::of_locale(&name));
    named.or_else(variable).unwrap_or_else(|| Lang::of_environment(get))
}

/// Settings of one source.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    layouts: Vec<PathBuf>,
    identities: Option<PathBuf>,
    password_file: Option<PathBuf>,
    #[serde(default)]
    passwords: BTreeMap<String, String>,
    #[serde(default)]
    limits: BTreeMap<String, Spanned<Value>>,
    provenance: Option<Spanned<String>>,
    timeout: Option<u32>,
    jobs: Option<Spanned<u16>>,
    include_contacts: Option<bool>,
    second_reader: Option<bool>,
    lang: Option<Spanned<String>>,
    log_format: Option<Spanned<String>>,
    color: Option<Spanned<String>>,
}

/// The settings of file and environment, checked.
#[derive(Debug, Default)]
pub(super) struct Config {
    layouts: Vec<PathBuf>,
    identities: Option<PathBuf>,
    password_file: Option<PathBuf>,
    passwords: Vec<FilePassword>,
    limits: Vec<String>,
    provenance: Option<Provenance>,
    timeout: Option<u32>,
    jobs: Option<u16>,
    include_contacts: Option<bool>,
    second_reader: Option<bool>,
    lang: Option<Lang>,
    log_format: Option<LogFormat>,
    color: Option<When>,
}

impl Config {
    /// What the file (the named one, or `yusuan.toml` where we stand) and the environment say.
    ///
    /// # Errors
    /// When either cannot be used; the message names file, line and key, or the variable.
    pub(super) fn find(file: Option<&Path>, get: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let named = file.map(Path::to_path_buf).or_else(|| get("YUSUAN_CONFIG").map(PathBuf::from));
        let usual = || Some(PathBuf::from(NAME)).filter(|path| path.is_file());
        let mut config = match named.or_else(usual) {
            Some(path) => Self::of_file(&path)?,
            None => Self::default(),
        };
        config.take_environment(&get)?;
        Ok(config)
    }

    fn of_file(path: &Path) -> Result<Self, String> {
        let name = path.display().to_string();
        let text = settings::text(path)
            .map_err(|e| format!("{name}: cannot read the settings: {}", system(Lang::En, &e)))?;
        Self::of_text(&name, &text, path.parent().unwrap_or(Path::new("")))
    }

    /// Paths in a file are meant from the file's own folder on.
    fn of_text(name: &str, text: &str, folder: &Path) -> Result<Self, String> {
        let file = At { name, text };
        let read: Settings = toml::from_str(text).map_err(|e| file.unread(&e))?;
        let mut limits = Vec::new();
        for (limit, value) in &read.limits {
            let text = match value.get_ref() {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            if !Limits::default().set(limit, &text) {
                let what = match Limits::NAMES.contains(&limit.as_str()) {
                    true => format!("`{text}` is no value of the limit `{limit}`"),
                    false => unknown(limit, &Limits::NAMES),
                };
                return Err(file.at(value.span(), &what));
            }
            limits.push(format!("{limit}={text}"));
        }
        if let Some(jobs) = read.jobs.as_ref().filter(|jobs| !JOBS.contains(jobs.get_ref())) {
            return Err(file.at(jobs.span(), &jobs_wrong(&jobs.get_ref().to_string())));
        }
        let passwords = read.passwords.into_iter().map(|(file, password)| FilePassword { file, password });
        Ok(Self {
            layouts: read.layouts.iter().map(|path| folder.join(path)).collect(),
            identities: read.identities.map(|path| folder.join(path)),
            password_file: read.password_file.map(|path| folder.join(path)),
            passwords: passwords.collect(),
            limits,
            provenance: file.word(read.provenance.as_ref())?,
            timeout: read.timeout,
            jobs: read.jobs.map(Spanned::into_inner),
            include_contacts: read.include_contacts,
            second_reader: read.second_reader,
            lang: match &read.lang {
                None => None,
                Some(lang) => {
                    let known = Lang::named(lang.get_ref());
                    Some(known.ok_or_else(|| file.at(lang.span(), &one_of(lang.get_ref(), &["en", "zh"])))?)
                }
            },
            log_format: file.word(read.log_format.as_ref())?,
            color: file.word(read.color.as_ref())?,
        })
    }

    fn take_environment(&mut self, get: &impl Fn(&str) -> Option<String>) -> Result<(), String> {
        let said = |name: &str| get(&format!("YUSUAN_{name}")).filter(|value| !value.is_empty());
        if let Some(paths) = said("LAYOUTS") {
            self.layouts = std::env::split_paths(&paths).collect();
        }
        self.identities = said("IDENTITIES").map(PathBuf::from).or(self.identities.take());
        self.password_file = said("PASSWORD_FILE").map(PathBuf::from).or(self.password_file.take());
        if let Some(limits) = said("LIMITS") {
            // behind those of the file: the last one holds
            self.limits.extend(limits.split(',').map(|limit| limit.trim().to_owned()));
        }
        self.provenance = word("PROVENANCE", said("PROVENANCE"))?.or(self.provenance);
        self.log_format = word("LOG_FORMAT", said("LOG_FORMAT"))?.or(self.log_format);
        self.color = word("COLOR", said("COLOR"))?.or(self.color);
        self.timeout = number("TIMEOUT", said("TIMEOUT"))?.or(self.timeout);
        if let Some(jobs) = number("JOBS", said("JOBS"))? {
            if !JOBS.contains(&jobs) {
                return Err(format!("YUSUAN_JOBS: {}", jobs_wrong(&jobs.to_string())));
            }
            self.jobs = Some(jobs);
        }
        self.include_contacts =
            truth("INCLUDE_CONTACTS", said("INCLUDE_CONTACTS"))?.or(self.include_contacts);
        self.second_reader = truth("SECOND_READER", said("SECOND_READER"))?.or(self.second_reader);
        Ok(())
    }

    /// Puts the settings where the command line says nothing. `chosen` tells that the language is the person's choice.
    pub(super) fn complete(self, args: &mut Args, chosen: bool) {
        let screen = &mut args.screen;
        if !chosen {
            screen.lang = self.lang.or(screen.lang);
        }
        screen.log_format = screen.log_format.or(self.log_format);
        screen.color = screen.color.or(self.color);
        let (provenance, jobs) = (self.provenance, self.jobs);
        match &mut args.command {
            Command::Extract(extract) => {
                extract.provenance = extract.provenance.or(provenance);
                extract.jobs = extract.jobs.or(jobs);
                self.read_so(&mut extract.reading);
            }
            Command::Check(check) => {
                check.jobs = check.jobs.or(jobs);
                self.read_so(&mut check.reading);
            }
            Command::Dataset(dataset) => {
                dataset.jobs = dataset.jobs.or(jobs);
                self.read_so(&mut dataset.reading);
            }
            Command::Worker(worker) => {
                worker.provenance = worker.provenance.or(provenance);
                self.read_so(&mut worker.reading);
            }
            Command::Explain(explain) => explain.identities = explain.identities.take().or(self.identities),
            Command::Grid(grid) => grid.password_file = grid.password_file.take().or(self.password_file),
            _ => {}
        }
    }

    fn read_so(self, reading: &mut ReadingArgs) {
        // layouts of the command line are tried first, limits of it hold last
        reading.layout.extend(self.layouts);
        reading.limit.splice(0..0, self.limits);
        reading.identities = reading.identities.take().or(self.identities);
        reading.password_file = reading.password_file.take().or(self.password_file);
        reading.timeout = reading.timeout.or(self.timeout);
        reading.include_contacts |= self.include_contacts.unwrap_or(false);
        reading.no_second_reader |= !self.second_reader.unwrap_or(true);
        reading.passwords = self.passwords;
    }
}

/// Files that may be read at the same time.
const JOBS: Range<u16> = 1..1025;

fn jobs_wrong(value: &str) -> String {
    format!("`{value}` is not between {} and {}", JOBS.start, JOBS.end - 1)
}

/// A file of settings, for messages.
struct At<'a> {
    name: &'a str,
    text: &'a str,
}

impl At<'_> {
    fn at(&self, span: Range<usize>, what: &str) -> String {
        let line = 1 + self.text.get(..span.start).unwrap_or(self.text).matches('\n').count();
        let printed = self.text.lines().nth(line - 1).unwrap_or_default();
        let key = printed
            .split_once('=')
            .map(|(key, _)| key.trim())
            .filter(|key| !what.contains(&format!("`{key}`")));
        let key = key.map_or_else(String::new, |key| format!("key `{key}`: "));
        format!("{}: line {line}: {key}{what}", self.name)
    }

    /// What the TOML reader says, with the key that was perhaps meant.
    fn unread(&self, error: &toml::de::Error) -> String {
        let message = error.message().replace('\n', " ");
        let mut quoted = message.split('`').skip(1).step_by(2);
        let what = match (message.starts_with("unknown field"), quoted.next()) {
            (true, Some(key)) => unknown(key, &quoted.collect::<Vec<_>>()),
            _ => message,
        };
        self.at(error.span().unwrap_or_default(), &what)
    }

    /// One of the words of an option.
    fn word<T: ValueEnum>(&self, value: Option<&Spanned<String>>) -> Result<Option<T>, String> {
        let Some(value) = value else { return Ok(None) };
        parsed(value.get_ref()).map(Some).map_err(|what| self.at(value.span(), &what))
    }
}

fn parsed<T: ValueEnum>(value: &str) -> Result<T, String> {
    T::from_str(value, false).map_err(|_| {
        let known = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let known: Vec<String> = known.map(|v| v.get_name().to_owned()).collect();
        one_of(value, &known)
    })
}

fn one_of(value: &str, known: &[impl AsRef<str>]) -> String {
    let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    format!("`{value}` is none of {}", known.join(", "))
}

fn unknown(key: &str, known: &[&str]) -> String {
    let like = known.iter().map(|name| (strsim::jaro_winkler(key, name), name));
    let best = like.filter(|(like, _)| *like > LIKE).max_by(|a, b| a.0.total_cmp(&b.0));
    match best {
        Some((_, near)) => format!("`{key}` is no setting; hint: perhaps `{near}`"),
        None => format!("`{key}` is no setting; known are {}", known.join(", ")),
    }
}

/// From this likeness (Jaro and Winkler) on, one name is taken for a misspelling of another.
const LIKE: f64 = 0.8;

fn word<T: ValueEnum>(name: &str, value: Option<String>) -> Result<Option<T>, String> {
    let Some(value) = value else { return Ok(None) };
    parsed(&value).map(Some).map_err(|what| format!("YUSUAN_{name}: {what}"))
}

fn number<T: std::str::FromStr>(name: &str, value: Option<String>) -> Result<Option<T>, String> {
    let Some(value) = value else { return Ok(None) };
    value.parse().map(Some).map_err(|_| format!("YUSUAN_{name}: `{value}` is no such number"))
}

fn truth(name: &str, value: Option<String>) -> Result<Option<bool>, String> {
    match value.as_deref() {
        None => Ok(None),
        Some("1" | "true" | "yes") => Ok(Some(true)),
        Some("0" | "false" | "no") => Ok(Some(false)),
        Some(other) => Err(format!("YUSUAN_{name}: {}", one_of(other, &["true", "false"]))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use clap::Parser;

    fn of(text: &str) -> Result<Config, String> {
        Config::of_text("yusuan.toml", text, Path::new("project"))
    }

    fn reading(config: Config, line: &str) -> (ReadingArgs, Option<Provenance>) {
        let mut args = Args::try_parse_from(line.split(' ')).unwrap();
        config.complete(&mut args, false);
        match args.command {
            Command::Extract(extract) => (extract.reading, extract.provenance),
            _ => panic!("not extract"),
        }
    }

    const WHOLE: &str = "layouts = [\"a.toml\"]\nprovenance = \"cells\"\ntimeout = 20\nsecond_reader = false\n\
                         [limits]\npages = 100\nmemory = \"64M\"\n[passwords]\n\"2024/*.pdf\" = \"secret\"\n";

    #[test]
    fn the_command_line_wins_over_the_file() {
        let (read, provenance) = reading(of(WHOLE).unwrap(), "yusuan extract x");
        assert_eq!(
            (read.timeout, provenance, read.no_second_reader),
            (Some(20), Some(Provenance::Cells), true)
        );
        assert_eq!(read.layout, [Path::new("project/a.toml")]);
        assert_eq!(read.limit, ["memory=64M", "pages=100"]);
        assert!(read.passwords[0].fits("in/2024/x.pdf"));
        let line = "yusuan extract x --timeout 3 --layout b.toml --limit pages=7 --provenance none";
        let (read, provenance) = reading(of(WHOLE).unwrap(), line);
        assert_eq!((read.timeout, provenance), (Some(3), Some(Provenance::None)));
        assert_eq!(read.layout, [Path::new("b.toml"), Path::new("project/a.toml")]);
        assert_eq!(read.limit.last().unwrap(), "pages=7");
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let mut config = of(WHOLE).unwrap();
        let environment = |name: &str| match name {
            "YUSUAN_TIMEOUT" => Some("5".to_owned()),
            "YUSUAN_LIMITS" => Some("pages=9, objects=10".to_owned()),
            "YUSUAN_SECOND_READER" => Some("true".to_owned()),
            _ => None,
        };
        config.take_environment(&environment).unwrap();
        let (read, _) = reading(config, "yusuan extract x");
        assert_eq!((read.timeout, read.no_second_reader), (Some(5), false));
        assert_eq!(read.limit[2..], ["pages=9", "objects=10"]);
        let wrong = |name: &'static str, value: &'static str| {
            let get = |asked: &str| (asked == name).then(|| value.to_owned());
            Config::default().take_environment(&get).unwrap_err()
        };
        assert_eq!(wrong("YUSUAN_TIMEOUT", "soon"), "YUSUAN_TIMEOUT: `soon` is no such number");
        assert_eq!(wrong("YUSUAN_JOBS", "0"), "YUSUAN_JOBS: `0` is not between 1 and 1024");
        assert_eq!(wrong("YUSUAN_COLOR", "blue"), "YUSUAN_COLOR: `blue` is none of auto, always, never");
    }

    #[test]
    fn what_is_wrong_in_a_file_is_told_with_line_key_and_what_was_perhaps_meant() {
        for (text, wanted) in [
            ("\nlayuots = []\n", "line 2: `layuots` is no setting; hint: perhaps `layouts`"),
            ("colour = 1\n", "line 1: `colour` is no setting; hint: perhaps `color`"),
            ("[limits]\npage = 3\n", "line 2: `page` is no setting; hint: perhaps `pages`"),
            ("[limits]\npages = \"many\"\n", "line 2: `many` is no value of the limit `pages`"),
            ("timeout = \"long\"\n", "line 1: key `timeout`: invalid type"),
            ("provenance = \"all\"\n", "line 1: key `provenance`: `all` is none of none, cells"),
            ("jobs = 0\n", "line 1: key `jobs`: `0` is not between 1 and 1024"),
            ("\n\nlang = \"fr\"\n", "line 3: key `lang`: `fr` is none of en, zh"),
            ("= 3\n", "line 1: "),
        ] {
            let error = of(text).unwrap_err();
            assert!(error.starts_with(&format!("yusuan.toml: {wanted}")), "{error}");
        }
    }

    #[test]
    fn the_language_is_known_before_anything_is_parsed() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        let nothing = |_: &str| None;
        assert_eq!(language(&words("yusuan x --lang zh --nonsense"), nothing), Lang::Zh);
        assert_eq!(language(&words("yusuan --lang=zh"), nothing), Lang::Zh);
        assert_eq!(language(&words("yusuan extract -- --lang zh"), nothing), Lang::En);
        let chinese = |name: &str| (name == "LC_ALL").then(|| "zh_CN.UTF-8".to_owned());
        assert_eq!(language(&words("yusuan"), chinese), Lang::Zh);
        assert_eq!(language(&words("yusuan --lang en"), chinese), Lang::En);
    }
}
