//! What is said to a person: messages, the progress bar and the summary, all on standard error. Everything that comes
//! from outside is made printable here.

use super::args::ScreenArgs;
use super::exit::Exit;
use crate::output::printable::printable;
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};

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
    pub(super) quiet: bool,
    pub(super) verbose: bool,
    bar: ProgressBar,
}

impl Screen {
    /// A screen without a bar.
    pub(super) fn new(args: &ScreenArgs) -> Self {
        Self { quiet: args.quiet, verbose: args.verbose, bar: ProgressBar::hidden() }
    }

    /// Shows a bar for `files` files, if there is a terminal to show it on.
    pub(super) fn start_bar(&mut self, args: &ScreenArgs, files: usize) {
        let wanted = !(args.quiet || args.verbose || args.no_progress);
        if !wanted || files < 2 || !std::io::stderr().is_terminal() {
            return;
        }
        self.bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr_with_hz(8));
        let template = "{wide_bar} {pos}/{len} files  {per_sec}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
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
        self.line(BAD, label, what);
    }

    /// Something worth knowing, unless `--quiet`.
    pub(super) fn note(&self, label: &str, what: &str) {
        if !self.quiet {
            self.line(WARN, label, what);
        }
    }

    /// Something only for `--verbose`.
    pub(super) fn detail(&self, label: &str, what: &str) {
        if self.verbose {
            self.line(DIM, label, what);
        }
    }

    /// A condition that stops everything.
    pub(super) fn fatal(&self, what: &str) -> Exit {
        self.bar.suspend(|| {
            let _ = writeln!(anstream::stderr(), "{BAD}yusuan:{BAD:#} {}", printable(what));
        });
        Exit::Failed
    }

    /// Several lines, unless `--quiet`. The text may be styled and must be printable already.
    pub(super) fn say(&self, text: &str) {
        if !self.quiet {
            self.bar.suspend(|| {
                let _ = anstream::stderr().write_all(text.as_bytes());
            });
        }
    }

    fn line(&self, style: Style, label: &str, what: &str) {
        // a closed standard error is no reason to stop
        self.bar.suspend(|| {
            let (label, what) = (printable(label), printable(what));
            let _ = writeln!(anstream::stderr(), "{style}yusuan:{style:#} {label}: {what}");
        });
    }
}
