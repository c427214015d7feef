//! Outcomes → what a person reads at the end. Comes in: every [`Outcome`], one by one. Goes out: plain text; nothing is
//! printed here.

use super::report::{How, Outcome};
use std::fmt::Write as _;
use std::time::Duration;

/// How many failed files the summary names.
const NAMED: usize = 50;

/// Running totals of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Inputs that were looked at.
    pub inputs: usize,
    /// Of these: done by an earlier run.
    pub kept: usize,
    /// Of these: of the same content as another, whose result was copied.
    pub copied: usize,
    /// Files that gave documents without any error finding.
    pub clean: usize,
    /// Files that gave documents with error findings or unreadable tables.
    pub doubtful: usize,
    /// Files that gave nothing, and paths that could not be searched.
    pub failed: usize,
    /// Documents (a file may hold several).
    pub documents: u64,
    /// Pages of the files that gave documents.
    pub pages: u64,
    /// Bytes of all files that were read.
    pub bytes: u64,
    /// Standard tables: filled, declared empty, missing, unreadable.
    pub tables: [u64; 4],
    /// Amounts that are not blank.
    pub amounts: u64,
    /// Of these, proved; `None` where no identity was evaluated.
    pub proved: Option<u64>,
    /// Amounts that are printed inside tables, and those that are placed.
    pub coverage: [u64; 2],
    /// Findings: info, warning, error.
    pub findings: [u64; 3],
    /// The first failed files, each with its cause.
    pub failures: Vec<(String, String)>,
}

impl Summary {
    /// Counts one file.
    pub fn add(&mut self, outcome: &Outcome) {
        self.inputs += 1;
        self.bytes += outcome.bytes;
        match outcome.how {
            How::Read => {}
            How::Kept => self.kept += 1,
            How::Copied => self.copied += 1,
        }
        let report = match &outcome.result {
            Ok(report) => report,
            Err(cause) => return self.fail(&outcome.label, &cause.to_string()),
        };
        if report.doubtful() {
            self.doubtful += 1;
        } else {
            self.clean += 1;
        }
        self.documents += u64::from(report.documents);
        self.pages += u64::from(report.pages);
        self.amounts += u64::from(report.amounts);
        self.coverage[0] += u64::from(report.coverage.printed);
        self.coverage[1] += u64::from(report.coverage.placed);
        if let Some(proved) = report.proved {
            self.proved = Some(self.proved.unwrap_or(0) + u64::from(proved));
        }
        for (sum, n) in self.tables.iter_mut().zip(report.tables) {
            *sum += u64::from(n);
        }
        for (sum, n) in self.findings.iter_mut().zip(report.findings) {
            *sum += u64::from(n);
        }
    }

    /// Counts a path that gave nothing.
    pub fn fail(&mut self, label: &str, cause: &str) {
        self.failed += 1;
        if self.failures.len() < NAMED {
            self.failures.push((label.to_owned(), cause.to_owned()));
        }
    }

    /// Inputs that were looked at, and paths that could not be searched.
    pub fn files(&self) -> usize {
        self.clean + self.doubtful + self.failed
    }

    /// The totals, a few short lines. `elapsed` is the time of the whole batch.
    pub fn totals(&self, elapsed: Duration) -> String {
        let mut s = String::new();
        let _ = write!(s, "{}: {} read", count(self.files() as u64, "file"), self.clean + self.doubtful);
        if self.doubtful > 0 {
            let _ = write!(s, " ({} with errors found)", self.doubtful);
        }
        if self.failed > 0 {
            let _ = write!(s, ", {} failed", self.failed);
        }
        if self.kept > 0 {
            let _ = write!(s, "; {} done before", self.kept);
        }
        if self.copied > 0 {
            let _ = write!(s, "; {} of the same content as another", self.copied);
        }
        s.push('\n');
        if self.documents > 0 {
            let [filled, empty, missing, unreadable] = self.tables;
            let _ = write!(s, "{}, {} filled", count(self.documents, "document"), count(filled, "table"));
            for (n, what) in
                [(empty, "declared empty"), (missing, "not in the document"), (unreadable, "unreadable")]
            {
                if n > 0 {
                    let _ = write!(s, ", {} {what}", thousands(n));
                }
            }
            s.push('\n');
            s.push_str(&placed(self.coverage));
            s.push_str(&amounts(self.amounts, self.proved));
            let _ = writeln!(s, "; {}", findings(self.findings));
        }
        let seconds = elapsed.as_secs_f64();
        let _ = write!(s, "{}, {} in {seconds:.2} s", megabytes(self.bytes), count(self.pages, "page"));
        if self.pages > 0 && seconds > 0.0 {
            let _ = write!(s, " ({} pages/s)", thousands((self.pages as f64 / seconds) as u64));
        }
        s.push('\n');
        s
    }

    /// The failed files with their causes, one on each line; at most 50 are named.
    pub fn failed_files(&self) -> String {
        let mut s = String::new();
        for (label, cause) in &self.failures {
            let _ = writeln!(s, "failed  {label}: {cause}");
        }
        if self.failed > self.failures.len() {
            let _ = writeln!(s, "failed  … and {} more", self.failed - self.failures.len());
        }
        s
    }
}

/// `183 of 412 printed amounts placed, ` where not all of them are; else nothing.
pub fn placed([printed, placed]: [u64; 2]) -> String {
    if placed < printed {
        format!("{} of {} printed amounts placed, ", thousands(placed), thousands(printed))
    } else {
        String::new()
    }
}

/// `291 amounts, 288 proved (98.9 %)`; without the share where nothing was evaluated.
pub fn amounts(amounts: u64, proved: Option<u64>) -> String {
    let mut s = count(amounts, "amount");
    if let Some(proved) = proved.filter(|_| amounts > 0) {
        // rounded down: 100 % is said only where every single amount is proved
        let permille = proved.saturating_mul(1000) / amounts;
        let _ = write!(s, ", {} proved ({}.{} %)", thousands(proved), permille / 10, permille % 10);
    }
    s
}

/// `2 errors, 1 warning, 3 notes` (from info, warning, error), or `no findings`.
pub fn findings([info, warning, error]: [u64; 3]) -> String {
    let parts: Vec<String> = [(error, "error"), (warning, "warning"), (info, "note")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| count(n, what))
        .collect();
    if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") }
}

/// `1 page`, `2,471 pages`.
pub fn count(n: u64, what: &str) -> String {
    format!("{} {what}{}", thousands(n), if n == 1 { "" } else { "s" })
}

fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::super::report::{Failure, Report};
    use super::*;
    use crate::error::Error;

    fn outcome(result: Result<Report, Failure>) -> Outcome {
        Outcome {
            index: 0,
            label: "in/a.pdf".to_owned(),
            bytes: 1_234_567,
            elapsed: Duration::ZERO,
            result,
            rendered: Vec::new(),
            documents: Vec::new(),
            how: How::Read,
            sha256: None,
            entry: None,
        }
    }

    #[test]
    fn a_proof_of_half_a_document_says_so() {
        assert_eq!(placed([412, 183]), "183 of 412 printed amounts placed, ");
        assert_eq!(placed([412, 412]), "");
    }

    #[test]
    fn the_summary_of_a_mixed_batch() {
        let clean = Report {
            documents: 1,
            pages: 1038,
            tables: [9, 3, 0, 0],
            amounts: 291,
            proved: Some(290),
            findings: [2, 1, 0],
            ..Report::default()
        };
        let doubtful = Report { documents: 2, tables: [20, 2, 1, 1], findings: [0, 0, 1], ..clean.clone() };
        let mut s = Summary::default();
        s.add(&outcome(Ok(clean)));
        s.add(&outcome(Ok(doubtful)));
        s.add(&outcome(Err(Failure::Extract(Error::Empty))));
        assert_eq!(
            s.totals(Duration::from_millis(2500)),
            "3 files: 2 read (1 with errors found), 1 failed\n\
             3 documents, 29 tables filled, 5 declared empty, 1 not in the document, 1 unreadable\n\
             582 amounts, 580 proved (99.6 %); 1 error, 1 warning, 2 notes\n\
             3.7 MB, 2,076 pages in 2.50 s (830 pages/s)\n"
        );
        assert_eq!(
            s.failed_files(),
            "failed  in/a.pdf: the file is empty; hint: the download was probably interrupted, fetch it again\n"
        );
    }

    #[test]
    fn a_batch_that_reads_nothing_is_short() {
        let mut s = Summary::default();
        s.add(&outcome(Err(Failure::Extract(Error::NoPages))));
        assert_eq!(s.totals(Duration::ZERO), "1 file: 0 read, 1 failed\n1.2 MB, 0 pages in 0.00 s\n");
    }

    #[test]
    fn only_the_first_failures_are_named_but_all_are_counted() {
        let mut s = Summary::default();
        for n in 0..53 {
            s.fail(&format!("{n}.pdf"), "x");
        }
        assert!(s.failed_files().ends_with("failed  49.pdf: x\nfailed  … and 3 more\n"));
    }

    #[test]
    fn a_share_just_below_all_is_not_rounded_up() {
        assert_eq!(amounts(10_000, Some(9_999)), "10,000 amounts, 9,999 proved (99.9 %)");
        assert_eq!(amounts(3, Some(3)), "3 amounts, 3 proved (100.0 %)");
        assert_eq!(amounts(1, None), "1 amount");
    }
}
