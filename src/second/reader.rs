//! An excerpt of some pages → their text, as pdf-extract reads it. That reader panics on some files and has no bounds of
//! its own: it is given small files only that were looked through for what makes it endless, it runs in a thread with a
//! guard and a large stack, its output is counted, and it is waited for no longer than the limits say. A thread that
//! does not come back is left alone, and after some of them no more are started.

use super::safe;
use crate::guard::guard;
use crate::limits::Limits;
use pdf_extract::{MediaBox, OutputDev, OutputError, Transform};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// The text of each page that could be read.
pub(super) type Texts = BTreeMap<u32, String>;

/// Time for one file.
const PATIENCE: Duration = Duration::from_secs(3);
/// Stack of the reading thread: that reader follows nested objects by recursion.
const STACK: usize = 64 << 20;
/// Readers that never came back; from then on the second reader is silent.
const MAX_LOST: usize = 2;
/// Characters kept of one page.
const MAX_CHARS: usize = 200_000;

static LOST: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// Each worker keeps its reading thread: a new one for every file would take fresh memory from the system each
    /// time, which costs as much as the reading. It ends with the worker.
    static READER: RefCell<Option<Sender<Job>>> = const { RefCell::new(None) };
}

/// Reads the pages of the excerpt, whose numbers in the file are `pages`; those that cannot be read are left out.
pub(super) fn texts(excerpt: Vec<u8>, pages: BTreeSet<u32>, limits: &Limits) -> Texts {
    if LOST.load(Ordering::Relaxed) >= MAX_LOST {
        return Texts::new();
    }
    let patience = limits.time.map_or(PATIENCE, |time| time.min(PATIENCE));
    let (answer, receive) = mpsc::channel();
    let job = Job { excerpt, pages, until: Instant::now().checked_add(patience), answer };
    READER.with_borrow_mut(|reader| {
        let Some(sender) = reader.take().or_else(start) else { return Texts::new() };
        if sender.send(job).is_err() {
            return Texts::new();
        }
        match receive.recv_timeout(patience.saturating_add(Duration::from_millis(200))) {
            Ok(texts) => {
                *reader = Some(sender);
                texts
            }
            Err(RecvTimeoutError::Disconnected) => Texts::new(),
            Err(RecvTimeoutError::Timeout) => {
                LOST.fetch_add(1, Ordering::Relaxed);
                Texts::new()
            }
        }
    })
}

/// A thread that reads until nobody can ask it any more.
fn start() -> Option<Sender<Job>> {
    let (send, jobs) = mpsc::channel::<Job>();
    let thread = std::thread::Builder::new().name("second reader".into()).stack_size(STACK);
    let started = thread.spawn(move || {
        for job in jobs {
            // a document that was given up has nobody left to hear it
            let _ = job.answer.send(job.run());
        }
    });
    started.is_ok().then_some(send)
}

struct Job {
    excerpt: Vec<u8>,
    pages: BTreeSet<u32>,
    until: Option<Instant>,
    answer: Sender<Texts>,
}

impl Job {
    fn run(&self) -> Texts {
        let Ok(Some(document)) = guard(|| self.open()) else { return Texts::new() };
        let mut texts = Texts::new();
        for (place, &page) in (1..).zip(&self.pages) {
            if self.until.is_some_and(|until| Instant::now() >= until) {
                break;
            }
            let read = guard(|| {
                let mut text = PageText { until: self.until, ..PageText::default() };
                pdf_extract::output_doc_page(&document, &mut text, place).ok().map(|()| text.out)
            });
            if let Ok(Some(text)) = read {
                texts.insert(page, text);
            }
        }
        texts
    }

    fn open(&self) -> Option<pdf_extract::Document> {
        let document = pdf_extract::Document::load_mem(&self.excerpt).ok()?;
        safe::is_safe(&document).then_some(document)
    }
}

/// Characters in the order of the content stream; a space wherever the pen jumps, a line break where it leaves the
/// line. Only the fact that it jumps is taken from the reader, never where to.
#[derive(Default)]
struct PageText {
    out: String,
    last: Option<(f64, f64)>,
    count: usize,
    until: Option<Instant>,
}

impl OutputDev for PageText {
    fn begin_page(
        &mut self,
        _page: u32,
        _media_box: &MediaBox,
        _art_box: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        trm: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        char: &str,
    ) -> Result<(), OutputError> {
        self.count += 1;
        let late = self.count.is_multiple_of(512) && self.until.is_some_and(|until| Instant::now() >= until);
        if late || self.count > MAX_CHARS {
            return Err(OutputError::FormatError(std::fmt::Error));
        }
        let size = font_size * (trm.m11 * trm.m22 - trm.m12 * trm.m21).abs().sqrt();
        let (x, y) = (trm.m31, trm.m32);
        // the direction in which the text runs
        let length = (trm.m11 * trm.m11 + trm.m12 * trm.m12).sqrt().max(1e-6);
        let (ux, uy) = (trm.m11 / length, trm.m12 / length);
        if let Some((lx, ly)) = self.last {
            let along = (x - lx) * ux + (y - ly) * uy;
            let across = ((y - ly) * ux - (x - lx) * uy).abs();
            if across > size * 0.5 {
                self.out.push('\n');
            } else if along > size * 0.3 || along < -size * 0.5 {
                self.out.push(' ');
            }
        }
        // a code without a character is one all the same: it parts numbers, and ideographs come without
        self.out.push_str(if char.is_empty() { "\u{FFFD}" } else { char });
        let advance = width * font_size * length;
        self.last = Some((x + ux * advance, y + uy * advance));
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}
