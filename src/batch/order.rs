//! Work on several threads, results in order. Comes in: a number of jobs and a function of the index. Goes out: every
//! result, one by one, in the order of the indices, on the thread that called.
//!
//! Results that wait for an earlier, slower one are bounded by weight: a worker that would start new work while too
//! much is waiting pauses instead. The worker on the earliest index never pauses, so there is always progress.

use crate::crew::STACK;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How much may wait before new work is held back, in the unit of `weight` (bytes of output).
const WAITING: usize = 32 << 20;

/// Calls `work(0..count)` on `jobs` threads and `sink` with each result in order. `sink` ends the whole run by
/// answering [`ControlFlow::Break`]: nothing new is started, and what is running is thrown away. `go_on` ends it
/// gently by answering no before an index is started: what is running is finished and handed out.
///
/// # Errors
/// When the threads cannot be started.
pub fn ordered<T: Send>(
    jobs: usize,
    count: usize,
    go_on: impl Fn() -> bool + Sync,
    work: impl Fn(usize) -> T + Sync,
    weight: impl Fn(&T) -> usize + Sync,
    mut sink: impl FnMut(T) -> ControlFlow<()>,
) -> Result<(), rayon::ThreadPoolBuildError> {
    if count == 0 {
        return Ok(());
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.clamp(1, count)).stack_size(STACK).build()?;
    let line = Line::new(count);
    pool.in_place_scope(|scope| {
        scope.spawn_broadcast(|_, _| {
            let _alarm = Alarm(&line);
            while let Some(index) = line.start(&go_on) {
                let result = work(index);
                line.put(index, weight(&result), result);
            }
        });
        while let Some(result) = line.take() {
            if sink(result).is_break() {
                line.stop();
            }
        }
    });
    Ok(())
}

/// Results standing in line for their turn.
struct Line<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    /// How many there will be.
    count: usize,
    /// Next index to start.
    next: usize,
    /// Next index to hand out.
    deliver: usize,
    /// Finished results with their weights.
    waiting: BTreeMap<usize, (usize, T)>,
    weight: usize,
    stopped: bool,
}

impl<T> Line<T> {
    fn new(count: usize) -> Self {
        let state = State { count, next: 0, deliver: 0, waiting: BTreeMap::new(), weight: 0, stopped: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// The next index to work on; waits while too much is in line.
    fn start(&self, go_on: impl Fn() -> bool) -> Option<usize> {
        let mut state = self.lock();
        while state.weight > WAITING && !state.stopped {
            state = self.wait(state);
        }
        if !go_on() {
            state.count = state.next;
            self.changed.notify_all();
        }
        if state.stopped || state.next >= state.count {
            return None;
        }
        state.next += 1;
        Some(state.next - 1)
    }

    fn put(&self, index: usize, weight: usize, result: T) {
        let mut state = self.lock();
        state.weight += weight;
        state.waiting.insert(index, (weight, result));
        if index == state.deliver {
            self.changed.notify_all();
        }
    }

    /// The next result in order; `None` at the end.
    fn take(&self) -> Option<T> {
        let mut state = self.lock();
        while !state.stopped && state.deliver < state.count {
            let index = state.deliver;
            if let Some((weight, result)) = state.waiting.remove(&index) {
                let held_back = state.weight > WAITING;
                state.weight -= weight;
                state.deliver += 1;
                if held_back {
                    self.changed.notify_all();
                }
                return Some(result);
            }
            state = self.wait(state);
        }
        None
    }

    fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State<T>>) -> MutexGuard<'a, State<T>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stops the line when a worker dies, so that nobody waits for a result that will never come.
struct Alarm<'a, T>(&'a Line<T>);

impl<T> Drop for Alarm<'_, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn in_order(jobs: usize, count: usize, weight: usize) -> Vec<usize> {
        let mut seen = Vec::new();
        ordered(
            jobs,
            count,
            || true,
            |i| {
                // the earlier, the slower: results arrive in the wrong order
                let spins = (count - i) * 500;
                (0..spins).fold(i, |a, b| std::hint::black_box(a ^ b ^ b))
            },
            |_| weight,
            |result| {
                seen.push(result);
                ControlFlow::Continue(())
            },
        )
        .unwrap();
        seen
    }

    #[test]
    fn results_come_in_the_order_of_the_inputs_whatever_the_jobs() {
        for jobs in [1, 2, 7] {
            assert_eq!(in_order(jobs, 100, 1), (0..100).collect::<Vec<_>>());
        }
    }

    #[test]
    fn heavy_results_hold_work_back_but_never_stop_it() {
        assert_eq!(in_order(4, 50, WAITING), (0..50).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_to_do_is_no_error() {
        assert!(in_order(3, 0, 1).is_empty());
    }

    #[test]
    fn a_sink_that_breaks_stops_new_work() {
        let started = AtomicUsize::new(0);
        let mut seen = 0;
        ordered(
            1,
            1000,
            || true,
            |_| started.fetch_add(1, Ordering::Relaxed),
            |_| WAITING,
            |_| {
                seen += 1;
                if seen == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        )
        .unwrap();
        assert_eq!(seen, 3);
        assert!(started.into_inner() < 10);
    }

    #[test]
    fn a_worker_that_dies_ends_the_run_instead_of_blocking_it() {
        let run = crate::batch::guard::guard(|| {
            ordered(2, 10, || true, |i| assert_ne!(i, 4), |()| 0, |()| ControlFlow::Continue(()))
        });
        assert!(run.is_err());
    }

    #[test]
    fn a_gentle_end_hands_out_everything_that_was_started() {
        let started = AtomicUsize::new(0);
        let mut seen = Vec::new();
        ordered(
            2,
            1000,
            || started.load(Ordering::Relaxed) < 7,
            |i| {
                started.fetch_add(1, Ordering::Relaxed);
                i
            },
            |_| 0,
            |i| {
                seen.push(i);
                ControlFlow::Continue(())
            },
        )
        .unwrap();
        // the other worker may have started one more before it could see the count
        let started = started.into_inner();
        assert!((7..=8).contains(&started));
        assert_eq!(seen, (0..started).collect::<Vec<_>>());
    }
}
