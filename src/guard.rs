//! A panic in one file → a value. Nothing in the pipeline is meant to panic; should a defect do it all the same, only
//! that file fails, and its message says where.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `work`; a panic inside comes back as `Err` with its message and place, and prints nothing.
///
/// # Errors
/// When `work` panicked.
pub fn guard<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    hush_guarded_panics();
    let outer = GUARDED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(outer);
    result.map_err(|payload| {
        let text = payload
            .downcast_ref::<&str>()
            .map(|s| (*s).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "panic without a message".to_owned());
        let place = PLACE.with_borrow_mut(std::mem::take);
        if place.is_empty() { text } else { format!("{text} at {place}") }
    })
}

/// Installs, once, a panic hook that is silent in guarded threads and the previous one everywhere else.
fn hush_guarded_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if GUARDED.get() {
                let place = info.location().map(|l| format!("{}:{}", l.file(), l.line())).unwrap_or_default();
                PLACE.set(place);
            } else {
                previous(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_panic_becomes_its_message_and_place() {
        let error = guard(|| panic!("row {} of {}", 3, 2)).unwrap_err();
        assert!(error.starts_with("row 3 of 2 at src/guard.rs:"), "{error}");
    }

    #[test]
    fn what_does_not_panic_passes_through() {
        assert_eq!(guard(|| 7), Ok(7));
    }

    #[test]
    fn a_panic_leaves_no_trace_in_the_next_run() {
        let _ = guard(|| panic!("first"));
        let payload = guard(|| panic::resume_unwind(Box::new(5_u8))).unwrap_err();
        assert_eq!(payload, "panic without a message");
    }
}
