//! `-o x.xlsx` of `yusuan extract` and `yusuan dataset`: documents → an Excel workbook.

use super::deliver::{Delivery, cannot_write};
use super::screen::Screen;
use crate::batch::{Failure, Outcome, write};
use crate::dataset::FailedFile;
use crate::output::printable;
use crate::workbook::{Held, Workbook};
use std::io;
use std::path::Path;

/// Whether a path names a workbook.
pub(super) fn is_workbook(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx")) && !path.is_dir()
}

/// A workbook that will lie under this path.
pub(super) fn begin(path: &Path, inputs: usize) -> io::Result<Workbook> {
    let beside = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Workbook::new(beside, inputs)
}

/// What an input gave goes into the workbook.
pub(super) fn take(workbook: &mut Workbook, outcome: &Outcome) -> io::Result<()> {
    match &outcome.result {
        Ok(_) => workbook.add(&outcome.documents),
        Err(failure) => workbook.failed(&failed(outcome, failure)),
    }
}

/// An input that gave nothing.
pub(super) fn failed(outcome: &Outcome, failure: &Failure) -> FailedFile {
    FailedFile {
        path: outcome.label.clone(),
        sha256: outcome.sha256.clone(),
        bytes: Some(outcome.bytes),
        error: failure.to_string(),
    }
}

/// Writes the workbook and says what it holds.
pub(super) fn end(workbook: Workbook, path: &Path, screen: &Screen) -> io::Result<()> {
    let (bytes, held) = workbook.finish()?;
    write::file(path, |out| out.write_all(&bytes).map(|()| true))?;
    say(screen, path, &held);
    Ok(())
}

/// Says what a workbook holds.
pub(super) fn say(screen: &Screen, path: &Path, held: &Held) {
    let path = printable::path(path);
    let rows: Vec<String> = held.rows.iter().map(|(name, n)| format!("{name} {n}")).collect();
    if held.left_out > 0 {
        let what = format!(
            "{} rows left out: a sheet holds no more; hint: `yusuan dataset` has no such limit",
            held.left_out
        );
        screen.failure(&path, &what);
    }
    screen.say(&format!("workbook {path}: rows of {}\n", rows.join(", ")));
}

impl Delivery<'_> {
    /// Reads everything into a workbook, which appears whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn workbook(&mut self, path: &Path) -> io::Result<()> {
        let wrong = |e: io::Error| cannot_write(path, &e);
        let mut workbook = begin(path, self.inputs.len()).map_err(wrong)?;
        self.each(&mut |outcome| take(&mut workbook, outcome)).map_err(wrong)?;
        if self.summary.documents == 0 || self.left() > 0 {
            return Ok(());
        }
        end(workbook, path, self.screen).map_err(wrong)
    }
}
