//! `yusuan view`: documents → review pages, and an index over them.

use super::args::{ScreenArgs, ViewArgs};
use super::deliver::cannot_write;
use super::exit::Exit;
use super::folder::locked;
use super::interrupt;
use super::screen::Screen;
use crate::batch::discover::{self, Found};
use crate::batch::run::read;
use crate::batch::summary::Summary;
use crate::batch::write::{self, Folder};
use crate::batch::{Input, Origin, Plan, guard::guard, lock};
use crate::document::Document;
use crate::options::Options;
use crate::output::printable;
use crate::output::read::looks_like_json;
use crate::picture::marks::Marks;
use crate::picture::{Rendered, Undrawn, render};
use crate::proof::Rules;
use crate::view::{Entry, Failure, Lang, Review, index, page, pages};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// The index of a folder.
const INDEX: &str = "index.html";

/// Runs the command.
pub(super) fn run(args: &ViewArgs, screen_args: &ScreenArgs) -> Exit {
    let mut screen = Screen::new(screen_args);
    let options = match args.reading.options() {
        Ok(options) => Options { provenance_cells: true, ..options },
        Err(message) => return screen.fatal(&message),
    };
    let lang = match screen.lang {
        crate::words::Lang::Zh => Lang::Zh,
        crate::words::Lang::En => Lang::En,
    };
    let maker = Maker { options: &options, lang, all_pages: args.all_pages };
    let ending = args.output.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    let is_file = matches!(ending.as_deref(), Some("html" | "htm")) && !args.output.is_dir();
    let Found { inputs, notes } = discover::discover_any(&args.paths, &["pdf", "json", "ndjson", "jsonl"]);
    let mut summary = super::extract::say_notes(&notes, &screen);
    let inputs = own_names(inputs, &screen);
    if is_file {
        let [input] = inputs.as_slice() else {
            return screen.fatal(&format!(
                "{}: one file for {} documents; hint: a folder with -o review",
                args.output.display(),
                inputs.len()
            ));
        };
        return single(&maker, input, &args.output, &screen);
    }
    if inputs.iter().any(|i| i.origin == Origin::Stdin) {
        return screen.fatal("standard input needs -o FILE.html");
    }
    interrupt::listen();
    screen.start_bar(screen_args, inputs.len(), false);
    let jobs = args.jobs.map_or_else(super::extract::cores, usize::from);
    let made = folder(&maker, &inputs, &args.output, jobs, &screen, &mut summary);
    screen.end_bar();
    if let Err(error) = made {
        return screen.fatal(&error.to_string());
    }
    let left = inputs.len().saturating_sub(summary.inputs);
    if left > 0 {
        screen.fatal(&format!("interrupted: {left} of {} files not read", inputs.len()));
        return Exit::Interrupted;
    }
    if summary.failed > 0 { Exit::FilesFailed } else { Exit::Done }
}

/// Inputs of which no two have one page. Emitted JSON beside its PDF would be the same document twice: the PDF is taken.
fn own_names(inputs: Vec<Input>, screen: &Screen) -> Vec<Input> {
    let is_pdf = |input: &Input| matches!(&input.origin, Origin::File(path) if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf")));
    let pdfs: BTreeSet<PathBuf> = inputs.iter().filter(|i| is_pdf(i)).map(|i| i.output.clone()).collect();
    let mut taken = BTreeSet::new();
    let mut own = Vec::with_capacity(inputs.len());
    for mut input in inputs {
        if !is_pdf(&input) && pdfs.contains(&input.output) {
            screen.detail(&input.label(), "left out: its PDF is an input, too");
            continue;
        }
        let wish = input.output.clone();
        let stem = wish.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut number = 2;
        // capitals do not part names on every system
        while !taken.insert(input.output.to_string_lossy().to_lowercase()) {
            input.output = wish.with_file_name(format!("{stem}-{number}.json"));
            number += 1;
        }
        own.push(input);
    }
    own
}

/// How pages are made.
struct Maker<'a> {
    options: &'a Options,
    lang: Lang,
    all_pages: bool,
}

impl Maker<'_> {
    /// The review page of one document. `bytes` are those of its PDF, where they are at hand.
    fn page(&self, document: &Document, bytes: Option<&Arc<[u8]>>, index: Option<String>) -> String {
        let rules = self.options.rules.as_deref().unwrap_or(Rules::built_in());
        let grids = bytes.and_then(|b| crate::page_grids(b, self.options).ok()).unwrap_or_default();
        let marks = Marks::of(document, rules, &grids);
        let wanted =
            if self.all_pages { (1..=document.source.pages).collect() } else { pages(document, &marks) };
        let rendered = match bytes {
            Some(bytes) => render(bytes, self.options.password.as_deref(), &wanted),
            None => Rendered::nothing(&wanted, &Undrawn::NoFile),
        };
        let sizes = grids.iter().map(|p| (p.number, (p.width, p.height))).collect();
        page(&mut Review { document, marks, rendered: &rendered, sizes, index, lang: self.lang })
    }
}

/// The bytes of a document's PDF: the input's own, or those of the file that emitted JSON names, if it is still the same.
fn pdf_of(bytes: &Arc<[u8]>, document: &Document) -> Option<Arc<[u8]>> {
    if !looks_like_json(bytes) {
        return Some(Arc::clone(bytes));
    }
    let path = PathBuf::from(&document.source.path);
    let found = read(&Origin::File(path)).ok()?;
    let sha256: String = Sha256::digest(&found).iter().map(|b| format!("{b:02x}")).collect();
    (sha256 == document.source.sha256).then(|| found.into())
}

/// One document into one file.
fn single(maker: &Maker<'_>, input: &Input, output: &Path, screen: &Screen) -> Exit {
    let label = input.label();
    let read = read(&input.origin).map(Arc::<[u8]>::from);
    let made = read.map_err(|e| e.to_string()).and_then(|bytes| {
        let work = || -> Result<Vec<String>, String> {
            let mut documents = crate::reread(&bytes, maker.options).map_err(|e| e.to_string())?;
            for d in documents.iter_mut().filter(|_| !looks_like_json(&bytes)) {
                d.source.path.clone_from(&label);
            }
            Ok(documents.iter().map(|d| maker.page(d, pdf_of(&bytes, d).as_ref(), None)).collect())
        };
        guard(work).and_then(|made| made)
    });
    let html = match made.as_deref() {
        Ok([html]) => html,
        Ok(several) => {
            let message = format!("holds {} documents; hint: a folder with -o review", several.len());
            screen.failure(&label, &message);
            return Exit::FilesFailed;
        }
        Err(message) => {
            screen.failure(&label, message);
            return Exit::FilesFailed;
        }
    };
    let written = write::begin(output).and_then(|mut file| {
        file.write_all(html.as_bytes())?;
        file.commit()
    });
    match written {
        Ok(_) => {
            screen.say(&format!("open {} in a browser\n", printable::path(output)));
            Exit::Done
        }
        Err(error) => screen.fatal(&cannot_write(output, &error).to_string()),
    }
}

/// What became of each document, by input and part.
type Entries = BTreeMap<(PathBuf, usize), Entry>;

/// All documents into a folder with an index.
fn folder(
    maker: &Maker<'_>,
    inputs: &[Input],
    output: &Path,
    jobs: usize,
    screen: &Screen,
    summary: &mut Summary,
) -> io::Result<()> {
    let started = Instant::now();
    let folder = Folder::create(output).map_err(|e| cannot_write(output, &e))?;
    let _lock = lock::lock(output).map_err(|e| locked(output, &e))?;
    folder.sweep();
    let entries: Mutex<Entries> = Mutex::default();
    let trouble: Mutex<Option<io::Error>> = Mutex::default();
    let keep = |error: io::Error| {
        trouble.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    };
    let render = |input: &Input, documents: &[Document], _: &mut Vec<u8>| {
        let bytes = read(&input.origin).map(Arc::<[u8]>::from).ok();
        for (part, document) in documents.iter().enumerate() {
            let path = page_path(&input.output, part, documents.len());
            let depth = path.components().count().saturating_sub(1);
            let pdf = bytes.as_ref().and_then(|b| pdf_of(b, document));
            let html = maker.page(document, pdf.as_ref(), Some(format!("{}{INDEX}", "../".repeat(depth))));
            if let Err(error) = folder.write(&path, html.as_bytes()) {
                return keep(error);
            }
            let entry = Entry::of(document, address(&path), maker.lang);
            entries.lock().unwrap_or_else(PoisonError::into_inner).insert((path, part), entry);
        }
    };
    let plan = Plan {
        inputs,
        options: maker.options,
        jobs,
        extract: &crate::reread,
        render: &render,
        folder: None,
        ledger: None,
        keep: false,
        go_on: &|| !interrupt::requested(),
    };
    let mut failures = Vec::new();
    crate::batch::run(&plan, |outcome| {
        if let Err(failure) = &outcome.result {
            screen.failure(&outcome.label, &failure.to_string());
            failures.push(Failure { path: outcome.label.clone(), cause: failure.to_string() });
        }
        summary.add(&outcome);
        screen.advance();
        match trouble.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    })
    .map_err(|e| io::Error::other(format!("cannot start threads: {e}")))?;
    if let Some(error) = trouble.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(cannot_write(output, &error));
    }
    let entries: Vec<Entry> =
        entries.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect();
    let html = index(&entries, &failures, maker.lang);
    let path = folder.write(Path::new(INDEX), html.as_bytes()).map_err(|e| cannot_write(output, &e))?;
    screen.end_bar();
    screen.say(&summary.totals(screen.lang, started.elapsed()));
    screen.say(&format!("open {} in a browser\n", printable::path(&path)));
    Ok(())
}

/// Where a document's page goes: the input's name with `.html`, its part before it where a file holds several. A file
/// called `index` gives way to the index.
fn page_path(output: &Path, part: usize, parts: usize) -> PathBuf {
    let stem = output.file_stem().and_then(|s| s.to_str()).unwrap_or("document");
    let stem = if stem.eq_ignore_ascii_case("index") { "index_" } else { stem };
    let name = if parts > 1 { format!("{stem}.{}.html", part + 1) } else { format!("{stem}.html") };
    output.with_file_name(name)
}

/// A path below the folder as an address: what means something in addresses is escaped.
fn address(path: &Path) -> String {
    let mut out = String::new();
    for byte in path.to_string_lossy().replace('\\', "/").bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte);
        if plain {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    // a first part with a colon would be a scheme; it is escaped already
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_keep_their_folders_and_never_take_the_index_s_place() {
        assert_eq!(page_path(Path::new("a/b.json"), 0, 1), Path::new("a/b.html"));
        assert_eq!(page_path(Path::new("b.json"), 1, 3), Path::new("b.2.html"));
        assert_eq!(page_path(Path::new("Index.json"), 0, 1), Path::new("index_.html"));
    }

    #[test]
    fn no_two_inputs_share_a_page_and_a_pdf_comes_before_its_json() {
        let input =
            |path: &str, output: &str| Input { origin: Origin::File(path.into()), output: output.into() };
        let inputs = vec![
            input("a/x.json", "x.json"),
            input("a/x.pdf", "x.json"),
            input("b/X.pdf", "X.json"),
            input("b/y.json", "y.json"),
        ];
        let screen = Screen::new(&ScreenArgs {
            quiet: true,
            verbose: false,
            no_progress: true,
            color: Some(super::super::args::When::Never),
            lang: None,
            log_format: None,
            config: None,
        });
        let names: Vec<PathBuf> = own_names(inputs, &screen).into_iter().map(|i| i.output).collect();
        assert_eq!(names, [Path::new("x.json"), Path::new("X-2.json"), Path::new("y.json")]);
    }

    #[test]
    fn an_address_holds_nothing_that_means_something_else() {
        assert_eq!(address(Path::new("a b/x#1?.html")), "a%20b/x%231%3F.html");
        assert_eq!(address(Path::new("预.html")), "%E9%A2%84.html");
        assert_eq!(address(Path::new("javascript:x.html")), "javascript%3Ax.html");
    }
}
