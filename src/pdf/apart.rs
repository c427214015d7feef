//! Pages of one large file, read by several threads at once.
//!
//! Objects and fonts belong to one thread, so each opens the file anew and reads a run of neighbouring pages. The
//! result is taken only where reading one page after the other cannot have given another: nothing repaired, no limit
//! of the whole file near, every font decoded. In all other cases there is none, and the caller reads in order.

use super::file::State;
use super::interpret::{self, Bank, Shared, Trouble};
use super::{Page, open, optional, page};
use crate::crew::Crew;
use crate::limits::{Access, Deadline, Limits};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A thread is worth its start, and the fonts that it reads again, from so many pages on.
const RUN: usize = 32;

/// Glyphs and rulings of the whole file, some 60 MB. A file with more is none of the plain ones: should it have to be
/// read in order in the end, what was read before takes memory beside it.
const PLAIN: usize = 1_000_000;

/// Pages in order with what was wrong on them, and the names of their fonts.
pub(super) struct Apart {
    pub(super) pages: Vec<(Page, Trouble)>,
    pub(super) fonts: Vec<String>,
}

struct Part {
    apart: Apart,
    /// Bytes that its streams inflated to.
    inflated: usize,
}

/// Reads `count` pages. `None` where the file is small, the crew is one, or something about the file is not plain.
pub(super) fn read(
    bytes: &[u8],
    access: Access,
    deadline: Deadline,
    count: usize,
    crew: &Crew,
) -> Option<Apart> {
    let parts = crew.threads().min(count / RUN);
    if parts < 2 {
        return None;
    }
    // what all of them keep in memory together stays within the limit of the file
    let limits = Limits { memory: access.limits.memory / parts, ..access.limits.clone() };
    let access = Access { limits: &limits, ..access };
    let run = |part: usize| part * count / parts..(part + 1) * count / parts;
    let painted = AtomicUsize::new(0);
    let read = crew.map(0..parts, |part: usize| one(bytes, access, deadline, count, run(part), &painted));
    let mut whole = Apart { pages: Vec::with_capacity(count), fonts: Vec::new() };
    let mut inflated = limits.stream_bytes;
    for part in read {
        let Part { mut apart, inflated: more } = part?;
        inflated = inflated.checked_add(more)?;
        let before = u16::try_from(whole.fonts.len()).ok()?;
        u16::try_from(whole.fonts.len() + apart.fonts.len()).ok()?;
        if before > 0 {
            let glyphs = apart.pages.iter_mut().flat_map(|(page, _)| &mut page.glyphs);
            glyphs.for_each(|glyph| glyph.font += before);
        }
        whole.pages.append(&mut apart.pages);
        whole.fonts.append(&mut apart.fonts);
    }
    // so no stream of a file that is read in order is cut because of those before it
    (inflated <= limits.file_bytes).then_some(whole)
}

fn one(
    bytes: &[u8],
    access: Access,
    deadline: Deadline,
    count: usize,
    run: Range<usize>,
    painted: &AtomicUsize,
) -> Option<Part> {
    let store = &open::open(bytes, access, deadline).ok()?;
    let (nodes, _) = page::pages(store, access.limits);
    if nodes.len() != count {
        return None;
    }
    let shared = Shared { store, limits: access.limits, deadline, hidden: optional::Hidden::read(store) };
    let mut bank = Bank::default();
    let mut pages = Vec::with_capacity(run.len());
    for index in run {
        let number = u32::try_from(index + 1).ok()?;
        let (page, trouble) = interpret::page(&shared, &mut bank, nodes.get(index)?, number);
        let here = page.glyphs.len() + page.rulings.len() + page.fills.len();
        if painted.fetch_add(here, Ordering::Relaxed) + here > PLAIN {
            return None;
        }
        if trouble.time || trouble.stream || !trouble.undecoded.is_empty() || deadline.expired() {
            return None;
        }
        pages.push((page, trouble));
    }
    if store.state() != State::default() || bank.fonts.iter().any(|font| font.cut) {
        return None;
    }
    let inflated = store.budget.spent(access.limits);
    let fonts = bank.fonts.into_iter().map(|font| font.name).collect();
    Some(Part { apart: Apart { pages, fonts }, inflated })
}
