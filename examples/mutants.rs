//! Damages PDFs by the ten thousand and reads each mutant in a child process that is watched for time and memory:
//!
//! ```sh
//! cargo run --profile fast --example mutants -- COUNT FOLDER…      # default: 1000 mutants of samples/
//! ```
//!
//! `--write SEED PDF OUT` writes one of them, to look at.
//!
//! Asserts for each: no panic, no abort, an answer within 10 s and 512 MB, a document or a typed error, and no amount
//! that the mutated page does not print. What breaks one is listed with file and seed; the exit code is 1.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

#[path = "../tests/common/mutate.rs"]
mod mutate;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};
use yusuan::Options;
use yusuan::batch::discover::discover;
use yusuan::batch::guard::guard;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What every mutant must stay below.
const TIME: Duration = Duration::from_secs(10);
const MEMORY: u64 = 512 << 10;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|a| a == "--child") {
        let number = |i: usize| arguments[i].parse().unwrap();
        child(number(1), number(2), &arguments[3..]);
        return ExitCode::SUCCESS;
    }
    if arguments.first().is_some_and(|a| a == "--write") {
        let pdf = fs::read(&arguments[2]).unwrap();
        fs::write(&arguments[3], mutate::mutant(&pdf, arguments[1].parse().unwrap()).0).unwrap();
        return ExitCode::SUCCESS;
    }
    let count = arguments.first().and_then(|a| a.parse().ok()).unwrap_or(1000u64);
    let folders = if arguments.len() > 1 { arguments[1..].to_vec() } else { vec!["samples".to_owned()] };
    parent(count, &folders)
}

fn files(folders: &[String]) -> Vec<String> {
    let paths: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
    discover(&paths).inputs.iter().map(yusuan::batch::Input::label).collect()
}

/// Children at work at a time.
const CHILDREN: u64 = 2;

/// What came out so far.
#[derive(Default)]
struct Tally {
    /// For each kind of damage: typed errors, documents.
    kinds: [[u64; 2]; mutate::KINDS.len()],
    slowest: u64,
    largest: u64,
    wrong: Vec<String>,
}

/// Shares the mutants among children and says what came out.
fn parent(count: u64, folders: &[String]) -> ExitCode {
    let tally = Mutex::new(Tally::default());
    let began = Instant::now();
    std::thread::scope(|scope| {
        for first in 0..CHILDREN {
            let tally = &tally;
            scope.spawn(move || watch(first, count, folders, tally));
        }
    });
    let Tally { kinds, slowest, largest, wrong } = tally.into_inner().unwrap();
    let seconds = began.elapsed().as_secs_f64();
    println!("{count} mutants in {seconds:.0} s; slowest {slowest} ms, largest {largest} KB");
    for (name, [errors, documents]) in mutate::KINDS.iter().zip(kinds) {
        println!("  {name:<16} {documents:>6} documents {errors:>6} typed errors");
    }
    wrong.iter().for_each(|line| println!("WRONG {line}"));
    if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Has every [`CHILDREN`]th mutant from `next` on read, by a child that is replaced behind the mutant on which it died
/// or hung.
fn watch(mut next: u64, count: u64, folders: &[String], tally: &Mutex<Tally>) {
    while next < count {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--child", &next.to_string(), &count.to_string()]).args(folders);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        while next < count {
            // Twice the time: a mutant is read once more for its amounts.
            let line = receive.recv_timeout(2 * TIME);
            let mut tally = tally.lock().unwrap();
            let died = match line {
                Ok(line) => {
                    tally.line(next, &line);
                    false
                }
                Err(cause) => {
                    tally.wrong.push(format!("mutant {next}: the reader {cause}"));
                    true
                }
            };
            next += CHILDREN;
            if died {
                break;
            }
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}

impl Tally {
    /// Takes in what a child says of a mutant.
    fn line(&mut self, number: u64, line: &str) {
        let mut fields = line.splitn(5, ' ');
        let mut value = || fields.next().unwrap().parse::<u64>().unwrap();
        let (kind, ok, time, memory) = (value(), value(), value(), value());
        self.kinds[kind as usize][ok as usize] += 1;
        self.slowest = self.slowest.max(time);
        self.largest = self.largest.max(memory);
        let complaint = fields.next().unwrap_or("");
        if !complaint.is_empty() || u128::from(time) > TIME.as_millis() || memory > MEMORY {
            let line = format!("mutant {number}: {time} ms, {memory} KB {complaint}");
            println!("WRONG {line}");
            self.wrong.push(line);
        }
    }
}

/// The file that a mutant is made from: each in its turn, those of more than half a megabyte every fourth time only.
/// They take most of the time and hold no more structure than the others.
fn chosen(number: u64, sizes: &[usize]) -> usize {
    let (round, at) = (number / sizes.len() as u64, number as usize % sizes.len());
    let others = || (0..sizes.len()).filter(|i| sizes[*i] <= LARGE);
    match others().count() {
        0 => at,
        count if sizes[at] > LARGE && !round.is_multiple_of(4) => {
            others().nth(number as usize % count).unwrap()
        }
        _ => at,
    }
}

const LARGE: usize = 1 << 19;

/// Reads every [`CHILDREN`]th mutant of `from..to` one after the other and prints a line for each.
fn child(from: u64, to: u64, folders: &[String]) {
    let pdfs: Vec<(String, Vec<u8>)> =
        files(folders).into_iter().map(|f| (f.clone(), fs::read(f).unwrap())).collect();
    let sizes: Vec<usize> = pdfs.iter().map(|(_, pdf)| pdf.len()).collect();
    let options = Options::default();
    let mut out = std::io::stdout().lock();
    for number in (from..to).step_by(CHILDREN as usize) {
        let (name, pdf) = &pdfs[chosen(number, &sizes)];
        let (bytes, kind) = mutate::mutant(pdf, number);
        // Linux counts the peak of memory anew after this.
        let _ = fs::write("/proc/self/clear_refs", "5");
        let began = Instant::now();
        let read = guard(|| yusuan::extract(&bytes, &options));
        let time = began.elapsed().as_millis();
        let memory = peak();
        let (ok, complaint) = match read {
            Err(panic) => (0, format!("{name}: panic: {panic}")),
            Ok(Err(_)) => (0, String::new()),
            Ok(Ok(documents)) => {
                let unprinted = guard(|| mutate::unprinted(&bytes, &documents, &options));
                let unprinted = unprinted.unwrap_or_else(Some);
                (1, unprinted.map(|what| format!("{name}: {what}")).unwrap_or_default())
            }
        };
        let _ = writeln!(out, "{kind} {ok} {time} {memory} {}", complaint.replace('\n', " "));
        let _ = out.flush();
    }
}

/// Peak of resident memory in KB; 0 where the system does not tell.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
