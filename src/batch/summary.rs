//! Outcomes → what a person reads at the end. Comes in: every [`Outcome`], one by one. Goes out: plain text; nothing is
//! printed here.

use super::report::{How, Outcome};
use crate::document::Outcome as Status;
use crate::words::{Lang, count, fill, say, text, thousands};
use std::fmt::Write as _;
use std::time::Duration;

/// Running totals of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Inputs that were looked at.
    pub inputs: usize,
    /// Of these: done by an earlier run.
    pub kept: usize,
    /// Of these: of the same content as another, whose result was copied.
    pub copied: usize,
    /// Files that were read completely, without any error finding.
    pub clean: usize,
    /// Files that were read in part, or whose numbers contradict one another.
    pub doubtful: usize,
    /// How far files were read: complete, partial, scans, without a budget table.
    pub outcomes: [usize; 4],
    /// Files with numbers that contradict one another.
    pub contradictory: usize,
    /// Files that gave nothing.
    pub failed: usize,
    /// Folders that could not be searched, or held nothing to read.
    pub folders: usize,
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
            Err(_) => return self.fail(),
        };
        if report.doubtful() {
            self.doubtful += 1;
        } else {
            self.clean += 1;
        }
        self.outcomes[match report.status {
            Status::Complete => 0,
            Status::Partial => 1,
            Status::Scan => 2,
            Status::Nothing => 3,
        }] += 1;
        self.contradictory += usize::from(!report.consistent());
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
    pub fn fail(&mut self) {
        self.failed += 1;
    }

    /// Whether something that was asked for could not be read.
    pub fn any_failed(&self) -> bool {
        self.failed + self.folders > 0
    }

    /// Inputs that were looked at.
    pub fn files(&self) -> usize {
        self.clean + self.doubtful + self.failed
    }

    /// The totals, a few short lines. `elapsed` is the time of the whole batch.
    pub fn totals(&self, lang: Lang, elapsed: Duration) -> String {
        let files = count(lang, self.files() as u64, "count.file");
        let mut s = say!(lang, "sum.read", files = files, read = thousands(self.read() as u64));
        let kinds = ["count.complete", "count.partial", "count.scan", "count.nothing"];
        let mut parts: Vec<String> = Vec::new();
        // that all are complete goes without saying
        if self.outcomes[0] < self.read() {
            let told = self.outcomes.into_iter().zip(kinds).filter(|(n, _)| *n > 0);
            parts.extend(told.map(|(n, what)| count(lang, n as u64, what)));
        }
        if self.contradictory > 0 {
            parts.push(say!(lang, "sum.contradictory", n = thousands(self.contradictory as u64)));
        }
        if !parts.is_empty() {
            s.push_str(&say!(lang, "sum.brackets", text = parts.join(list(lang))));
        }
        for (n, what) in [(self.failed, "sum.failed"), (self.kept, "sum.kept"), (self.copied, "sum.copied")] {
            if n > 0 {
                s.push_str(&fill(lang, what, &[("n", &thousands(n as u64))]));
            }
        }
        if self.folders > 0 {
            s.push_str(&count(lang, self.folders as u64, "count.folder"));
        }
        s.push('\n');
        if self.documents > 0 {
            let [filled, empty, missing, unreadable] = self.tables;
            let documents = count(lang, self.documents, "count.document");
            s.push_str(&say!(
                lang,
                "sum.tables",
                documents = documents,
                tables = count(lang, filled, "count.table")
            ));
            for (n, what) in [(empty, "sum.empty"), (missing, "sum.missing"), (unreadable, "sum.unreadable")]
            {
                if n > 0 {
                    s.push_str(&fill(lang, what, &[("n", &thousands(n))]));
                }
            }
            s.push('\n');
            s.push_str(&placed(lang, self.coverage));
            s.push_str(&amounts(lang, self.amounts, self.proved));
            let _ = writeln!(s, "{}{}", semicolon(lang), findings(lang, self.findings));
        }
        let seconds = elapsed.as_secs_f64();
        let megabytes = format!("{:.1}", self.bytes as f64 / 1e6);
        let pages = count(lang, self.pages, "count.page");
        let took = format!("{seconds:.2}");
        s.push_str(&say!(lang, "sum.time", megabytes = megabytes, pages = pages, seconds = took));
        if self.pages > 0 && seconds > 0.0 {
            s.push_str(&say!(lang, "sum.rate", n = thousands((self.pages as f64 / seconds) as u64)));
        }
        s.push('\n');
        s
    }

    /// Files that gave documents.
    fn read(&self) -> usize {
        self.clean + self.doubtful
    }
}

/// What parts the words of a list.
pub fn list(lang: Lang) -> &'static str {
    text(lang, "list.comma").unwrap_or(", ")
}

fn semicolon(lang: Lang) -> &'static str {
    text(lang, "list.semicolon").unwrap_or("; ")
}

/// `183 of 412 printed amounts placed, ` where not all of them are; else nothing.
pub fn placed(lang: Lang, [printed, placed]: [u64; 2]) -> String {
    if placed < printed {
        say!(lang, "sum.placed", placed = thousands(placed), printed = thousands(printed))
    } else {
        String::new()
    }
}

/// `291 amounts, 288 proved (98.9 %)`; without the share where nothing was evaluated.
pub fn amounts(lang: Lang, amounts: u64, proved: Option<u64>) -> String {
    let mut s = count(lang, amounts, "count.amount");
    if let Some(proved) = proved.filter(|_| amounts > 0) {
        // rounded down: 100 % is said only where every single amount is proved
        let permille = proved.saturating_mul(1000) / amounts;
        let share = format!("{}.{}", permille / 10, permille % 10);
        s.push_str(&say!(lang, "sum.proved", n = thousands(proved), share = share));
    }
    s
}

/// `2 errors, 1 warning, 3 notes` (from info, warning, error), or `no findings`.
pub fn findings(lang: Lang, [info, warning, error]: [u64; 3]) -> String {
    let parts: Vec<String> = [(error, "count.error"), (warning, "count.warning"), (info, "count.note")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| count(lang, n, what))
        .collect();
    if parts.is_empty() { say!(lang, "sum.no-findings") } else { parts.join(list(lang)) }
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
        assert_eq!(placed(Lang::En, [412, 183]), "183 of 412 printed amounts placed, ");
        assert_eq!(placed(Lang::En, [412, 412]), "");
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
            s.totals(Lang::En, Duration::from_millis(2500)),
            "3 files: 2 read (1 with contradictions), 1 failed\n\
             3 documents, 29 tables filled, 5 declared empty, 1 not printed, 1 unreadable\n\
             582 amounts, 580 proved (99.6 %); 1 error, 1 warning, 2 notes\n\
             3.7 MB, 2,076 pages in 2.50 s (830 pages/s)\n"
        );
    }

    #[test]
    fn what_is_not_complete_is_told_by_its_word_in_both_languages() {
        let of = |status| Report { documents: 1, status, ..Report::default() };
        let mut s = Summary::default();
        for status in [Status::Complete, Status::Partial, Status::Scan, Status::Scan, Status::Nothing] {
            s.add(&outcome(Ok(of(status))));
        }
        let first = |lang| s.totals(lang, Duration::ZERO).lines().next().map(ToOwned::to_owned);
        assert_eq!(
            first(Lang::En).as_deref(),
            Some("5 files: 5 read (1 complete, 1 partial, 2 scans, 1 without a budget table)")
        );
        assert_eq!(
            first(Lang::Zh).as_deref(),
            Some("5 个文件：读取 5 个（1 个完整、1 个部分读出、2 个扫描件、1 个没有预算表）")
        );
    }

    #[test]
    fn a_batch_that_reads_nothing_is_short() {
        let mut s = Summary::default();
        s.add(&outcome(Err(Failure::Extract(Error::NoPages))));
        assert_eq!(
            s.totals(Lang::En, Duration::ZERO),
            "1 file: 0 read, 1 failed\n1.2 MB, 0 pages in 0.00 s\n"
        );
    }

    #[test]
    fn a_share_just_below_all_is_not_rounded_up() {
        assert_eq!(amounts(Lang::En, 10_000, Some(9_999)), "10,000 amounts, 9,999 proved (99.9 %)");
        assert_eq!(amounts(Lang::En, 3, Some(3)), "3 amounts, 3 proved (100.0 %)");
        assert_eq!(amounts(Lang::En, 1, None), "1 amount");
    }
}
