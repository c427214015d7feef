//! One input after the other, on several threads: bytes → documents → bytes of the output. Comes in: a [`Plan`].
//! Goes out: one [`Outcome`] for each input, in the order of the inputs.

use super::discover::{Input, Origin};
use super::guard::guard;
use super::ledger::{Claim, Ledger};
use super::manifest::{Entry, State};
use super::order::ordered;
use super::report::{Failure, How, MAX_FILE, Outcome, Report};
use super::write::Folder;
use crate::document::Document;
use crate::error::Error;
use crate::options::Options;
use crate::output::{json, read::looks_like_json};
use sha2::{Digest, Sha256};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How a file's bytes become documents: [`crate::extract`], or a stand-in in tests.
pub type Extract<'a> = dyn Fn(&[u8], &Options) -> Result<Vec<Document>, Error> + Sync + 'a;

/// How a file's documents become bytes of the output.
pub type Render<'a> = dyn Fn(&Input, &[Document], &mut Vec<u8>) + Sync + 'a;

/// A whole batch.
pub struct Plan<'a> {
    /// What to read, in order.
    pub inputs: &'a [Input],
    /// How to read it.
    pub options: &'a Options,
    /// Number of threads, at least 1.
    pub jobs: usize,
    /// Bytes to documents.
    pub extract: &'a Extract<'a>,
    /// Documents to bytes.
    pub render: &'a Render<'a>,
    /// Where each input's bytes are written; without it they are handed out in the [`Outcome`].
    pub folder: Option<&'a Folder>,
    /// What is done already; with it every [`Outcome`] has an [`Entry`]. Needs a folder.
    pub ledger: Option<&'a Ledger<'a>>,
    /// Whether documents are handed out in the [`Outcome`].
    pub keep: bool,
    /// Asked before each input is opened; `false` ends the batch gently: what was opened is finished.
    pub go_on: &'a (dyn Fn() -> bool + Sync),
}

/// Reads every input and hands each outcome to `sink`, in order. `sink` ends the batch with
/// [`ControlFlow::Break`].
///
/// # Errors
/// When the threads cannot be started; a bad input is an [`Outcome`], never an error.
pub fn run(
    plan: &Plan,
    sink: impl FnMut(Outcome) -> ControlFlow<()>,
) -> Result<(), rayon::ThreadPoolBuildError> {
    // fewer files than threads: those that are left help with the large ones
    let threads = plan.jobs / plan.inputs.len().max(1);
    let options = &Options { threads: threads.max(plan.options.threads), ..plan.options.clone() };
    let plan = &Plan { options, ..*plan };
    ordered(plan.jobs, plan.inputs.len(), plan.go_on, |index| one(plan, index), weight, sink)
}

/// What an outcome that waits for its turn costs, in bytes.
fn weight(outcome: &Outcome) -> usize {
    let rows: usize = outcome.documents.iter().flat_map(|d| &d.tables).map(|t| t.rows.len()).sum();
    outcome.rendered.len() + rows * ROW
}

/// About what a row takes in memory, in bytes.
const ROW: usize = 2000;

fn one(plan: &Plan, index: usize) -> Outcome {
    let started = Instant::now();
    let mut outcome = Outcome {
        index,
        label: String::new(),
        bytes: 0,
        elapsed: Duration::ZERO,
        result: Ok(Report::default()),
        rendered: Vec::new(),
        documents: Vec::new(),
        how: How::Read,
        sha256: None,
        entry: None,
    };
    if let Some(input) = plan.inputs.get(index) {
        outcome.label = input.label();
        outcome.result = process(plan, input, &mut outcome);
        outcome.elapsed = started.elapsed();
        // what is told of the other input stays in the manifest
        let taken = matches!(outcome.result, Err(Failure::Taken { .. }));
        if let Some(ledger) = plan.ledger.filter(|_| outcome.entry.is_none() && !taken) {
            outcome.entry = Some(Arc::new(entry(ledger, input, &outcome)));
        }
    }
    outcome
}

fn process(plan: &Plan, input: &Input, o: &mut Outcome) -> Result<Report, Failure> {
    let bytes = read(&input.origin)?;
    o.bytes = bytes.len() as u64;
    let sha256 = hex(&Sha256::digest(&bytes));
    o.sha256 = Some(sha256.clone());
    let Some((ledger, folder)) = plan.ledger.zip(plan.folder) else { return fresh(plan, input, &bytes, o) };
    if let Some(other) = ledger.taken(&input.output, &o.label, &sha256) {
        let target = folder.path(&input.output).to_string_lossy().into_owned();
        return Err(Failure::Taken { target, other: other.to_owned() });
    }
    let same = match ledger.claim(&input.output, &sha256) {
        Claim::Kept(entry) if entry.path == o.label => {
            o.how = How::Kept;
            return earlier(&entry, folder);
        }
        // read under another path: its output has to say so
        Claim::Kept(entry) | Claim::Same(entry) => entry,
        Claim::Read(ticket) => {
            o.result = fresh(plan, input, &bytes, o);
            let entry = Arc::new(entry(ledger, input, o));
            ticket.done(&entry);
            o.entry = Some(entry);
            let result = std::mem::replace(&mut o.result, Ok(Report::default()));
            if matches!(&result, Err(failure) if !failure.is_passing())
                && ledger.before(&input.output).is_some()
            {
                // what an earlier content of the file gave is no longer true
                let _ = std::fs::remove_file(folder.path(&input.output));
            }
            return result;
        }
    };
    let mut report = earlier(&same, folder)?;
    let copy = std::fs::read(folder.path(&same.output)).ok().and_then(|b| json::with_path(&b, &o.label));
    let Some(copy) = copy else { return fresh(plan, input, &bytes, o) };
    o.how = if same.output == input.output { How::Kept } else { How::Copied };
    write(folder, input, &copy, &mut report)?;
    Ok(report)
}

/// Reads the bytes.
fn fresh(plan: &Plan, input: &Input, bytes: &[u8], o: &mut Outcome) -> Result<Report, Failure> {
    let (label, size, rendered) = (&o.label, o.bytes, &mut o.rendered);
    let sha256 = o.sha256.as_deref().unwrap_or_default();
    let documents = guard(|| {
        let mut documents = (plan.extract)(bytes, plan.options)?;
        // emitted JSON knows its source
        for d in documents.iter_mut().filter(|_| !looks_like_json(bytes)) {
            d.source.path.clone_from(label);
            sha256.clone_into(&mut d.source.sha256);
            d.source.bytes = size;
        }
        (plan.render)(input, &documents, rendered);
        Ok(documents)
    })
    .unwrap_or_else(|cause| {
        rendered.clear();
        Err(Error::Internal { cause })
    })?;
    let mut report = Report::of(&documents);
    if let Some(folder) = plan.folder {
        let bytes = std::mem::take(rendered);
        write(folder, input, &bytes, &mut report)?;
    }
    if plan.keep {
        o.documents = documents;
    }
    Ok(report)
}

fn write(folder: &Folder, input: &Input, bytes: &[u8], report: &mut Report) -> Result<(), Failure> {
    let written = folder.write(&input.output, bytes).map_err(|cause| Failure::Write {
        target: folder.path(&input.output).to_string_lossy().into_owned(),
        cause,
    })?;
    report.target = Some(written);
    report.written = bytes.len() as u64;
    Ok(())
}

/// What an entry says became of its input.
fn earlier(entry: &Entry, folder: &Folder) -> Result<Report, Failure> {
    if entry.state == State::Failed {
        return Err(Failure::Earlier(entry.error.clone().unwrap_or_default()));
    }
    let mut report = Report {
        documents: u32::try_from(entry.documents()).unwrap_or(u32::MAX),
        pages: entry.pages,
        amounts: entry.amounts,
        proved: entry.proved,
        coverage: entry.coverage,
        status: entry.outcome,
        findings: entry.findings,
        target: Some(folder.path(&entry.output)),
        written: entry.output_bytes,
        states: entry.tables.clone(),
        ..Report::default()
    };
    for state in entry.tables.iter().flatten() {
        report.count(*state);
    }
    Ok(report)
}

/// The manifest's line of an outcome.
fn entry(ledger: &Ledger, input: &Input, o: &Outcome) -> Entry {
    let stamp = ledger.stamp().clone();
    let entry = Entry {
        output: input.output.clone(),
        path: o.label.clone(),
        sha256: o.sha256.clone(),
        bytes: o.bytes,
        tool: stamp.tool,
        schema: stamp.schema,
        settings: stamp.settings,
        ..Entry::default()
    };
    match &o.result {
        Ok(report) => Entry {
            pages: report.pages,
            state: if report.doubtful() { State::Partial } else { State::Ok },
            tables: report.states.clone(),
            findings: report.findings,
            amounts: report.amounts,
            proved: report.proved,
            coverage: report.coverage,
            outcome: report.status,
            output_bytes: report.written,
            retry: report.late,
            ..entry
        },
        Err(failure) => Entry {
            state: State::Failed,
            error: Some(failure.to_string()),
            retry: failure.is_passing(),
            ..entry
        },
    }
}

/// The bytes of an input, at most [`MAX_FILE`].
///
/// # Errors
/// [`Failure::Read`] and [`Failure::TooLarge`].
pub fn read(origin: &Origin) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    match origin {
        Origin::Stdin => io::stdin().lock().take(MAX_FILE + 1).read_to_end(&mut bytes),
        Origin::File(path) => {
            // asked before it is opened: opening a pipe waits for a writer
            let meta = std::fs::metadata(path).map_err(Failure::Read)?;
            if !meta.is_file() && !meta.is_dir() {
                let what = "not a regular file (a pipe, socket or device)";
                return Err(Failure::Read(io::Error::other(what)));
            }
            let file = std::fs::File::open(path).map_err(Failure::Read)?;
            let size = file.metadata().map_or(0, |m| m.len());
            if size > MAX_FILE {
                return Err(Failure::TooLarge);
            }
            bytes.reserve_exact(size as usize + 1);
            file.take(MAX_FILE + 1).read_to_end(&mut bytes)
        }
    }
    .map_err(Failure::Read)?;
    if bytes.len() as u64 > MAX_FILE { Err(Failure::TooLarge) } else { Ok(bytes) }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|n| char::from(DIGITS[usize::from(n)])).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::super::discover::discover;
    use super::super::summary::Summary;
    use super::*;
    use crate::output::{fixture, json};
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::{Path, PathBuf};

    /// A stand-in for the pipeline: a PDF's text becomes the department; `slow` and `panic` do as they say.
    fn fake(bytes: &[u8], _: &Options) -> Result<Vec<Document>, Error> {
        let text = String::from_utf8_lossy(bytes).into_owned();
        match &*text {
            "" => Err(Error::Empty),
            t if t.starts_with("<!DOCTYPE html>") => {
                Err(Error::NotPdf { looks_like: "an HTML page", hint: "open it in a browser" })
            }
            t if t.starts_with("%PDF") => {
                assert!(!t.contains("panic"), "told to");
                if t.contains("slow") {
                    std::thread::sleep(Duration::from_millis(10));
                }
                let mut d = fixture::full();
                d.head.department = Some(text);
                Ok(vec![d])
            }
            _ => Err(Error::Damaged { cause: "no trailer".to_owned() }),
        }
    }

    fn render(_: &Input, documents: &[Document], out: &mut Vec<u8>) {
        json::file(out, documents, json::Settings::default());
    }

    fn batch(inputs: &[Input], jobs: usize, folder: Option<&Folder>) -> (Vec<Outcome>, Summary) {
        let options = Options::default();
        let plan = Plan {
            inputs,
            options: &options,
            jobs,
            extract: &fake,
            render: &render,
            folder,
            ledger: None,
            keep: false,
            go_on: &|| true,
        };
        let (mut outcomes, mut summary) = (Vec::new(), Summary::default());
        run(&plan, |outcome| {
            summary.add(&outcome);
            outcomes.push(outcome);
            ControlFlow::Continue(())
        })
        .unwrap();
        (outcomes, summary)
    }

    /// 200 files in two subfolders: 197 good, one corrupt, one empty, one an HTML page.
    fn two_hundred() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for n in 0..200 {
            let path = dir.path().join(format!("{}/{n:03}.pdf", if n % 2 == 0 { "even" } else { "odd" }));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let text = match n {
                17 => "garbage".to_owned(),
                100 => String::new(),
                101 => "<!DOCTYPE html><p>404".to_owned(),
                n if n % 20 == 0 => format!("%PDF slow {n}"),
                n => format!("%PDF {n}"),
            };
            fs::write(path, text).unwrap();
        }
        dir
    }

    /// Every file below a folder with its bytes.
    fn contents(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        let files =
            walkdir::WalkDir::new(root).into_iter().map(|e| e.unwrap()).filter(|e| e.file_type().is_file());
        files
            .map(|e| (e.path().strip_prefix(root).unwrap().to_path_buf(), fs::read(e.path()).unwrap()))
            .collect()
    }

    #[test]
    fn three_bad_files_are_explained_and_the_other_197_are_done() {
        let (dir, out) = (two_hundred(), tempfile::tempdir().unwrap());
        let inputs = discover(&[dir.path().to_path_buf()]).inputs;
        let folder = Folder::create(out.path()).unwrap();
        let (outcomes, summary) = batch(&inputs, 2, Some(&folder));
        assert_eq!(summary.files(), 200);
        assert_eq!(summary.failed, 3);
        assert!(outcomes.iter().map(|o| o.index).eq(0..200));
        let causes: Vec<_> =
            summary.failures.iter().map(|(label, cause)| (&label[label.len() - 7..], &cause[..])).collect();
        assert!(matches!(causes[0], ("100.pdf", c) if c.starts_with("the file is empty")));
        assert!(matches!(causes[1], ("017.pdf", c) if c.starts_with("damaged PDF: no trailer")));
        assert!(matches!(causes[2], ("101.pdf", c) if c.starts_with("not a PDF but an HTML page")));
        let written = contents(out.path());
        assert_eq!(written.len(), 197);
        assert!(
            written.contains_key(Path::new("even/000.json"))
                && written.contains_key(Path::new("odd/199.json"))
        );
    }

    #[test]
    fn the_bytes_are_the_same_with_one_job_and_with_several() {
        let dir = two_hundred();
        let inputs = discover(&[dir.path().to_path_buf()]).inputs;
        let stream =
            |jobs| -> Vec<u8> { batch(&inputs, jobs, None).0.into_iter().flat_map(|o| o.rendered).collect() };
        let files = |jobs| {
            let out = tempfile::tempdir().unwrap();
            batch(&inputs, jobs, Some(&Folder::create(out.path()).unwrap()));
            contents(out.path())
        };
        assert!(stream(1).len() > 100_000);
        assert_eq!(stream(1), stream(2));
        assert_eq!(files(1), files(2));
        assert_eq!(files(1), files(5));
    }

    #[test]
    fn a_panic_fails_one_file_and_nothing_of_it_is_written() {
        let (dir, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for (name, text) in [("a.pdf", "%PDF"), ("b.pdf", "%PDF panic"), ("c.pdf", "%PDF")] {
            fs::write(dir.path().join(name), text).unwrap();
        }
        let inputs = discover(&[dir.path().to_path_buf()]).inputs;
        let (outcomes, summary) = batch(&inputs, 2, Some(&Folder::create(out.path()).unwrap()));
        assert_eq!((summary.files(), summary.failed), (3, 1));
        let message = outcomes[1].result.as_ref().unwrap_err().to_string();
        assert!(message.starts_with("internal error: told to at src/batch/run.rs:"), "{message}");
        assert!(contents(out.path()).keys().eq([Path::new("a.json"), Path::new("c.json")]));
    }

    #[test]
    fn an_output_that_cannot_be_written_fails_its_file_only() {
        let (dir, out) = (two_hundred(), tempfile::tempdir().unwrap());
        fs::write(out.path().join("odd"), "a file where a folder should be").unwrap();
        let inputs = discover(&[dir.path().to_path_buf()]).inputs;
        let (outcomes, summary) = batch(&inputs, 2, Some(&Folder::create(out.path()).unwrap()));
        assert_eq!(summary.failed, 100 + 1, "the odd ones, and the empty one among the even");
        let odd = outcomes.iter().find(|o| o.label.ends_with("001.pdf")).unwrap();
        assert!(odd.result.as_ref().unwrap_err().to_string().starts_with("cannot write "));
        assert_eq!(contents(&out.path().join("even")).len(), 99);
    }

    #[test]
    fn the_source_is_stamped_with_path_hash_and_size() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.pdf"), "%PDF").unwrap();
        let inputs = discover(&[dir.path().join("a.pdf")]).inputs;
        let (outcomes, _) = batch(&inputs, 1, None);
        let v: serde_json::Value = serde_json::from_slice(&outcomes[0].rendered).unwrap();
        assert!(v["source"]["path"].as_str().unwrap().ends_with("/a.pdf"));
        assert_eq!(v["source"]["bytes"], 4);
        // sha256sum of the four bytes
        assert_eq!(v["source"]["sha256"], "315d429b7714cedb6ad04ac31240145257692630457f3c88253c5beceac76027");
    }

    #[test]
    fn a_missing_file_is_told_in_the_system_s_words() {
        let inputs = discover(&[PathBuf::from("no/such/file.pdf")]).inputs;
        let (outcomes, _) = batch(&inputs, 1, None);
        assert!(outcomes[0].result.as_ref().unwrap_err().to_string().starts_with("cannot read: "));
    }
}
