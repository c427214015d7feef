//! The threads that work on one large file. Results come back in the order of the items, whatever the number of
//! threads: it changes how long the work takes, never what comes out.
//!
//! A crew has threads of its own and serves one file, so that none of them picks up the work of another file and
//! charges it to this one's time.

use crate::guard::guard;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Stack of a thread that reads files, in bytes. Recursion is bounded everywhere, but third-party readers get room to
/// spare.
pub(crate) const STACK: usize = 16 << 20;

/// Threads that share the work on one file; one that is alone starts none.
pub(crate) struct Crew(Option<ThreadPool>);

impl Crew {
    /// A crew of `threads`, or of one where no more can be had.
    pub(crate) fn of(threads: usize) -> Self {
        let build = || ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build().ok();
        Self((threads > 1).then(build).flatten())
    }

    /// How many work at once.
    pub(crate) fn threads(&self) -> usize {
        self.0.as_ref().map_or(1, ThreadPool::current_num_threads)
    }

    /// `work` of every item, in the order of the items. A panic in one of them goes on in the caller.
    pub(crate) fn map<T: Send, R: Send>(
        &self,
        items: impl IntoParallelIterator<Item = T, Iter: IndexedParallelIterator> + IntoIterator<Item = T>,
        work: impl Fn(T) -> R + Sync,
    ) -> Vec<R> {
        let Some(pool) = &self.0 else { return items.into_iter().map(work).collect() };
        let items = items.into_par_iter();
        let results: Vec<Result<R, String>> =
            pool.install(|| items.map(|item| guard(|| work(item))).collect());
        let or_panic = |result: Result<R, String>| {
            result.unwrap_or_else(|cause| std::panic::resume_unwind(Box::new(cause)))
        };
        results.into_iter().map(or_panic).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, clippy::unwrap_used)]
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_items_whatever_the_crew() {
        let expected: Vec<usize> = (0..200).map(|n| n * n).collect();
        for threads in [0, 1, 2, 5] {
            let crew = Crew::of(threads);
            assert_eq!(crew.threads(), threads.max(1));
            assert_eq!(crew.map(0..200, |n: usize| n * n), expected);
        }
    }

    #[test]
    fn a_panic_in_one_of_the_threads_is_the_callers() {
        let crew = Crew::of(2);
        let error = guard(|| crew.map(0..20, |n: usize| assert!(n != 13, "unlucky"))).unwrap_err();
        assert!(error.starts_with("unlucky at src/crew.rs:"), "{error}");
    }
}
