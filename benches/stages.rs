//! How long each stage takes, over the PDFs of `samples/`: `cargo bench`. Each line is one file; the last group is
//! the whole folder with 1, 2, … jobs.
#![allow(clippy::unwrap_used)]

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use std::fmt;
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::OnceLock;
use yusuan::batch::discover::discover;
use yusuan::batch::{Input, Plan};
use yusuan::options::Deadline;
use yusuan::output::json::{self, Settings};
use yusuan::output::writer::Style;
use yusuan::{Document, Options, grid, layout, pdf};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often the folder is read in one round, so that the batch is longer than its start.
const ROUNDS: usize = 20;

fn main() {
    divan::main();
}

/// A PDF in memory.
struct Sample {
    name: String,
    bytes: Vec<u8>,
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

fn samples() -> &'static [Sample] {
    static ALL: OnceLock<Vec<Sample>> = OnceLock::new();
    ALL.get_or_init(|| {
        let inputs = discover(&[PathBuf::from("samples")]).inputs;
        let sample = |input: &Input| Sample {
            name: input.output.with_extension("").to_string_lossy().into_owned(),
            bytes: fs::read(input.label()).unwrap(),
        };
        inputs.iter().map(sample).collect()
    })
}

fn source(sample: &Sample) -> pdf::Source {
    pdf::read(&sample.bytes, Options::default().access(), Deadline::never()).unwrap()
}

/// The figure that is shown: pages per second.
fn pages(source: &pdf::Source) -> ItemsCount {
    ItemsCount::new(source.pages.len())
}

#[divan::bench(args = samples())]
fn a_read_pdf(bencher: Bencher, sample: &Sample) {
    bencher.counter(pages(&source(sample))).bench(|| source(black_box(sample)));
}

#[divan::bench(args = samples())]
fn b_layout(bencher: Bencher, sample: &Sample) {
    let source = source(sample);
    bencher.counter(pages(&source)).bench(|| {
        for page in &source.pages {
            black_box(layout::page_text(black_box(page)));
        }
    });
}

#[divan::bench(args = samples())]
fn c_grid(bencher: Bencher, sample: &Sample) {
    let source = source(sample);
    let texts: Vec<_> = source.pages.iter().map(layout::page_text).collect();
    bencher.counter(pages(&source)).bench(|| {
        for (page, text) in source.pages.iter().zip(&texts) {
            black_box(grid::page_grids(black_box(page), black_box(text), Deadline::never()));
        }
    });
}

#[divan::bench(args = samples())]
fn d_whole_document(bencher: Bencher, sample: &Sample) {
    bencher
        .counter(pages(&source(sample)))
        .bench(|| yusuan::extract(black_box(&sample.bytes), &Options::default()).unwrap());
}

#[divan::bench(args = samples())]
fn e_write_json(bencher: Bencher, sample: &Sample) {
    let documents = yusuan::extract(&sample.bytes, &Options::default()).unwrap();
    let mut out = Vec::new();
    bencher.counter(pages(&source(sample))).bench_local(|| {
        out.clear();
        json::file(&mut out, black_box(&documents), Settings { style: Style::Pretty, cells: false });
        out.len()
    });
}

fn jobs() -> Vec<usize> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (0..).map(|n| 1 << n).take_while(|n| *n <= cores).collect()
}

#[divan::bench(args = jobs(), sample_count = 5, sample_size = 1)]
fn f_folder(bencher: Bencher, jobs: usize) {
    let once = discover(&[PathBuf::from("samples")]).inputs;
    let inputs: Vec<Input> = once.iter().cycle().take(once.len() * ROUNDS).cloned().collect();
    let render = |_: &Input, documents: &[Document], out: &mut Vec<u8>| {
        json::file(out, documents, Settings::default());
    };
    let options = Options::default();
    let plan = Plan {
        inputs: &inputs,
        options: &options,
        jobs,
        extract: &yusuan::extract,
        render: &render,
        folder: None,
        ledger: None,
        keep: false,
        go_on: &|| true,
    };
    bencher.counter(ItemsCount::new(inputs.len())).bench_local(|| {
        yusuan::batch::run(&plan, |outcome| {
            black_box(outcome.rendered.len());
            ControlFlow::Continue(())
        })
        .unwrap();
    });
}
