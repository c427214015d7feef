//! Ctrl-C: once, and the batch starts nothing new and finishes what is running; twice, and the program ends at once.

use super::exit::Exit;
use std::sync::atomic::{AtomicBool, Ordering};

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// Begins to listen for Ctrl-C (and the polite request to terminate).
pub(super) fn listen() {
    // where no handler can be set, the system's own stays: the program ends at once
    let _ = ctrlc::set_handler(|| {
        if REQUESTED.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
    });
}

/// Whether the user wants to stop.
pub(super) fn requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}
