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
use std::sync::mpsc;
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

/// Starts children and counts what they say; one that dies or hangs is replaced behind the mutant that did it.
fn parent(count: u64, folders: &[String]) -> ExitCode {
    let mut next = 0;
    let (mut kinds, mut slowest, mut largest) = ([[0u64; 2]; mutate::KINDS.len()], 0u64, 0u64);
    let mut wrong: Vec<String> = Vec::new();
    let began = Instant::now();
    while next < count {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--child", &next.to_string(), &count.to_string()]).args(folders);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        while next < count {
            // Twice the time: a mutant is read once more for its amounts.
            match receive.recv_timeout(2 * TIME) {
                Ok(line) => {
                    let mut fields = line.splitn(5, ' ');
                    let mut number = || fields.next().unwrap().parse::<u64>().unwrap();
                    let (kind, ok, time, memory) = (number(), number(), number(), number());
                    kinds[kind as usize][ok as usize] += 1;
                    slowest = slowest.max(time);
                    largest = largest.max(memory);
                    let complaint = fields.next().unwrap_or("");
                    if !complaint.is_empty() || u128::from(time) > TIME.as_millis() || memory > MEMORY {
                        wrong.push(format!("mutant {next}: {time} ms, {memory} KB {complaint}"));
                    }
                    next += 1;
                }
                Err(cause) => {
                    wrong.push(format!("mutant {next}: the reader {cause}"));
                    next += 1;
                    break;
                }
            }
        }
        let _ = child.kill();
        let _ = child.wait();
    }
    println!(
        "{next} mutants in {:.0} s; slowest {slowest} ms, largest {largest} KB",
        began.elapsed().as_secs_f64()
    );
    for (name, [errors, documents]) in mutate::KINDS.iter().zip(kinds) {
        println!("  {name:<16} {documents:>6} documents {errors:>6} typed errors");
    }
    wrong.iter().for_each(|line| println!("WRONG {line}"));
    if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Reads mutants `from..to` one after the other and prints a line for each.
fn child(from: u64, to: u64, folders: &[String]) {
    let pdfs: Vec<(String, Vec<u8>)> =
        files(folders).into_iter().map(|f| (f.clone(), fs::read(f).unwrap())).collect();
    let options = Options::default();
    let mut out = std::io::stdout().lock();
    for number in from..to {
        let (name, pdf) = &pdfs[number as usize % pdfs.len()];
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
