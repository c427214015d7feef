//! An answer in time, whatever the file does. The limit `time` is asked for by the reader itself, between its steps;
//! a step that takes longer than it should must not keep a caller waiting.

use crate::crew::STACK;
use crate::document::Document;
use crate::error::Error;
use crate::guard::guard;
use crate::options::Options;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

/// What a file gets beyond its limit `time` before it is given up: the reader ends by itself at the limit, and then
/// still hands over what it has.
const GRACE: Duration = Duration::from_secs(2);

/// As [`crate::extract`], in a thread of its own that is left behind where it does not answer: two seconds after the
/// limit `time` at the latest this returns. Panics become [`Error::Internal`]. Without a limit it waits.
///
/// A thread that was left behind ends by itself as soon as its reader looks at the clock; it keeps its file until then.
///
/// ```
/// use yusuan::{Error, Options, extract_within};
/// let answer = extract_within(b"<html>".to_vec(), &Options::default());
/// assert!(matches!(answer, Err(Error::NotPdf { .. })));
/// ```
///
/// # Errors
/// As [`crate::extract`]; [`Error::Limit`] where the time is up.
pub fn extract_within(bytes: impl Into<Arc<[u8]>>, options: &Options) -> Result<Vec<Document>, Error> {
    let (bytes, own) = (bytes.into(), options.clone());
    answer_within(options.limits.time.map(|time| time + GRACE), move || crate::extract(&bytes, &own))
}

fn answer_within(
    patience: Option<Duration>,
    work: impl FnOnce() -> Result<Vec<Document>, Error> + Send + 'static,
) -> Result<Vec<Document>, Error> {
    let (send, receive) = sync_channel(1);
    let thread = std::thread::Builder::new().name("yusuan file".into()).stack_size(STACK);
    let started = thread.spawn(move || {
        // nobody listens any more where the time was up
        let _ = send.send(guard(work));
    });
    let internal = |cause: String| Error::Internal { cause };
    started.map_err(|e| Error::Limit { limit: "threads", cause: e.to_string() })?;
    let answer = match patience {
        Some(patience) => receive.recv_timeout(patience),
        None => receive.recv().map_err(|_| RecvTimeoutError::Disconnected),
    };
    match answer {
        Ok(Ok(answer)) => answer,
        Ok(Err(cause)) => Err(internal(cause)),
        Err(RecvTimeoutError::Timeout) => Err(Error::Limit {
            limit: "time",
            cause: "the file gave no answer in time and was given up".into(),
        }),
        Err(RecvTimeoutError::Disconnected) => Err(internal("the thread of the file ended".into())),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]
    use super::*;

    #[test]
    fn work_that_never_ends_is_given_up() {
        let (_never, wait) = sync_channel::<()>(1);
        let answer = answer_within(Some(Duration::from_millis(20)), move || {
            let _ = wait.recv();
            Ok(Vec::new())
        });
        assert!(matches!(answer, Err(Error::Limit { limit: "time", .. })));
    }

    #[test]
    fn a_panic_is_an_error() {
        let answer = answer_within(Some(Duration::from_secs(60)), || panic!("a defect"));
        assert!(matches!(answer, Err(Error::Internal { cause }) if cause.contains("a defect")));
    }
}
