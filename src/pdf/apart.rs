//! Pages of one large file, read by several threads at once.
//!
//! Objects and fonts belong to one thread, so each opens the file anew and reads a run of neighbouring pages. The
//! result is taken only where reading one page after the other cannot have given another: nothing repaired, no limit
//! of the whole file near, every font decoded. In all other cases there is none, and the caller reads in order.

use super::file::State;
use super::findings::Seen;
use super::interpret::{self, Bank, Shared};
use super::{Work, open, optional, page};
use crate::crew::Crew;
use crate::limits::{Access, Deadline, Limits};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A thread is worth its start, and the fonts that it reads again, from so many pages on.
const RUN: usize = 32;

/// What became of a page, with what was noticed on it.
type Read<W> = (<W as Work>::Made, Seen);

/// A run of neighbouring pages.
struct Part<W: Work> {
    pages: Vec<Read<W>>,
    fonts: usize,
    /// Bytes that its streams inflated to.
    inflated: usize,
}

/// Reads `count` pages. `None` where the file is small, the crew is one, or something about the file is not plain.
pub(super) fn read<W: Work>(
    bytes: &[u8],
    access: Access,
    deadline: Deadline,
    count: usize,
    crew: &Crew,
    work: &W,
) -> Option<Vec<Read<W>>> {
    let parts = crew.threads().min(count / RUN);
    if parts < 2 {
        return None;
    }
    // what all of them keep in memory together stays within the limit of the file
    let limits = Limits { memory: access.limits.memory / parts, ..access.limits.clone() };
    let run = |part: usize| part * count / parts..(part + 1) * count / parts;
    let held = AtomicUsize::new(0);
    let file = &File { bytes, access: Access { limits: &limits, ..access }, deadline, count, work, held };
    let mut whole = Vec::with_capacity(count);
    let (mut inflated, mut fonts) = (limits.stream_bytes, 0);
    for part in crew.map(0..parts, |part: usize| file.part(run(part), access.limits.page_memory())) {
        let mut part = part?;
        inflated = inflated.checked_add(part.inflated)?;
        fonts += part.fonts;
        whole.append(&mut part.pages);
    }
    // so no stream of a file that is read in order is cut because of those before it, and no font is left out
    (inflated <= limits.file_bytes && fonts <= usize::from(u16::MAX)).then_some(whole)
}

/// What all threads share.
struct File<'f, W> {
    bytes: &'f [u8],
    access: Access<'f>,
    deadline: Deadline,
    /// Its pages.
    count: usize,
    work: &'f W,
    /// What the pages take that are read already, in bytes.
    held: AtomicUsize,
}

impl<W: Work> File<'_, W> {
    /// Pages that together with those of all others take no more than `most` bytes.
    fn part(&self, run: Range<usize>, most: usize) -> Option<Part<W>> {
        let Self { access, deadline, .. } = *self;
        let store = &open::open(self.bytes, access, deadline).ok()?;
        let (nodes, _) = page::pages(store, access.limits);
        if nodes.len() != self.count {
            return None;
        }
        let hidden = optional::Hidden::read(store);
        let pictures = self.work.reads_pictures();
        let shared = Shared { store, limits: access.limits, deadline, hidden, pictures };
        let mut bank = Bank::default();
        let mut pages = Vec::with_capacity(run.len());
        for index in run {
            let number = u32::try_from(index + 1).ok()?;
            let (mut page, trouble) = interpret::page(&shared, &mut bank, nodes.get(index)?, number);
            if trouble.time || trouble.stream || !trouble.undecoded.is_empty() || deadline.expired() {
                return None;
            }
            self.work.complete(&mut page);
            let seen = Seen::on(&page, trouble);
            let made = self.work.make(page);
            let weight = W::weight(&made);
            if self.held.fetch_add(weight, Ordering::Relaxed) + weight > most {
                return None;
            }
            pages.push((made, seen));
        }
        if store.state() != State::default() || bank.fonts.iter().any(|font| font.cut) {
            return None;
        }
        Some(Part { pages, fonts: bank.fonts.len(), inflated: store.budget.spent(access.limits) })
    }
}
