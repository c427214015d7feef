//! What is said to a person: messages, the progress bar and the summary, all on standard error. Everything that comes
//! from outside is made printable here. With `--log-format json` the same is said to a program, one object a line.

use super::args::{LogFormat, ScreenArgs};
use super::exit::Exit;
use crate::batch::summary::Summary;
use crate::output::printable::printable;
use crate::words::{Lang, say, sentence};
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serde_json::{Map, Value, json};
use std::fmt;
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// Bold red.
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Yellow.
pub(super) const WARN: Style = AnsiColor::Yellow.on_default();
/// Green.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
/// Less important.
pub(super) const DIM: Style = Style::new().dimmed();
/// More important.
pub(super) const BOLD: Style = Style::new().bold();

/// Standard error with its manners.
pub(super) struct Screen {
    pub(super) lang: Lang,
    pub(super) quiet: bool,
    pub(super) verbose: bool,
    json: bool,
    bar: ProgressBar,
}

impl Screen {
    /// A screen without a bar.
    pub(super) fn new(args: &ScreenArgs) -> Self {
        Self {
            lang: args.lang.unwrap_or_default(),
            quiet: args.quiet,
            verbose: args.verbose,
            json: args.log_format == Some(LogFormat::Json),
            bar: ProgressBar::hidden(),
        }
    }

    /// Shows a bar for `files` files, if there is a terminal to show it on. Not where results go to the terminal too: the
    /// bar would stand between them.
    pub(super) fn start_bar(&mut self, args: &ScreenArgs, files: usize, results: bool) {
        let wanted = !(args.quiet || args.verbose || args.no_progress || self.json);
        let shared = results && std::io::stdout().is_terminal();
        if !wanted || shared || files < 2 || !std::io::stderr().is_terminal() {
            return;
        }
        self.bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr_with_hz(8));
        if let Ok(style) = ProgressStyle::with_template(&say!(self.lang, "bar.template")) {
            let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
                let _ = out.write_str(&rate(state.per_sec()));
            };
            self.bar.set_style(style.with_key("rate", rate));
        }
    }

    /// One more file is done.
    pub(super) fn advance(&self) {
        self.bar.inc(1);
    }

    /// Removes the bar.
    pub(super) fn end_bar(&self) {
        self.bar.finish_and_clear();
    }

    /// A failure: shown whatever the settings.
    pub(super) fn failure(&self, label: &str, what: &str) {
        self.line("error", BAD, label, what);
    }

    /// Something worth knowing, unless `--quiet`.
    pub(super) fn note(&self, label: &str, what: &str) {
        if !self.quiet {
            self.line("warning", WARN, label, what);
        }
    }

    /// Something only for `--verbose`.
    pub(super) fn detail(&self, label: &str, what: &str) {
        if self.verbose {
            self.line("info", DIM, label, what);
        }
    }

    /// A condition that stops everything.
    pub(super) fn fatal(&self, what: &str) -> Exit {
        let what = sentence(self.lang, what);
        if self.json {
            self.object(json!({"level": "fatal", "message": what}));
        } else {
            self.bar.suspend(|| {
                let _ = writeln!(anstream::stderr(), "{BAD}yusuan:{BAD:#} {}", printable(&what));
            });
        }
        Exit::Failed
    }

    /// Several lines, unless `--quiet`. The text may be styled and must be printable already.
    pub(super) fn say(&self, text: &str) {
        if self.quiet {
            return;
        }
        if self.json {
            for line in text.lines() {
                self.object(
                    json!({"level": "info", "message": anstream::adapter::strip_str(line).to_string()}),
                );
            }
            return;
        }
        self.bar.suspend(|| {
            let _ = anstream::stderr().write_all(text.as_bytes());
        });
    }

    /// The totals of a batch, unless `--quiet`.
    pub(super) fn totals(&self, summary: &Summary, elapsed: Duration) {
        if !self.json {
            return self.say(&summary.totals(self.lang, elapsed));
        }
        let [complete, partial, scan, nothing] = summary.outcomes;
        let [printed, placed] = summary.coverage;
        let [info, warning, error] = summary.findings;
        self.object(json!({
            "level": "summary", "files": summary.files(), "complete": complete, "partial": partial, "scan": scan,
            "nothing": nothing, "failed": summary.failed, "folders_failed": summary.folders, "contradictory": summary.contradictory,
            "kept": summary.kept, "copied": summary.copied, "documents": summary.documents, "pages": summary.pages,
            "bytes": summary.bytes, "printed": printed, "placed": placed, "amounts": summary.amounts,
            "proved": summary.proved, "findings": {"error": error, "warning": warning, "info": info},
            "ms": u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        }));
    }

    fn line(&self, level: &str, style: Style, label: &str, what: &str) {
        let what = sentence(self.lang, what);
        if self.json {
            return self.object(json!({"level": level, "path": label, "message": what}));
        }
        // a closed standard error is no reason to stop
        self.bar.suspend(|| {
            let (label, what) = (printable(label), printable(&what));
            let _ = writeln!(anstream::stderr(), "{style}yusuan:{style:#} {label}: {what}");
        });
    }

    fn object(&self, value: Value) {
        let empty = Map::new();
        let object = value.as_object().unwrap_or(&empty);
        let line = serde_json::to_string(object).unwrap_or_default() + "\n";
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
}

/// Files in a second: `92/s`, and below ten `3.5/s`.
fn rate(per_second: f64) -> String {
    if per_second < 10.0 { format!("{per_second:.1}/s") } else { format!("{per_second:.0}/s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_has_no_more_digits_than_one_reads() {
        assert_eq!(rate(92.4551), "92/s");
        assert_eq!(rate(3.4551), "3.5/s");
    }

    #[test]
    fn the_bar_s_template_is_one_in_both_languages() {
        for lang in [Lang::En, Lang::Zh] {
            let template = say!(lang, "bar.template");
            assert!(ProgressStyle::with_template(&template).is_ok());
            for key in ["{wide_bar}", "{pos}", "{len}", "{rate}", "{eta}"] {
                assert!(template.contains(key), "{template}");
            }
        }
    }
}
