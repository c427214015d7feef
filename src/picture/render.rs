//! Bytes → one cleaned SVG for each page that is asked for. The renderer is not ours and meets hostile files, so it
//! works in a thread of its own: a page that takes too long or panics is missing with a reason, and nothing else is.

use super::clean;
use super::fonts::Asked;
use crate::crew::STACK;
use crate::guard::guard;
use hayro_svg::hayro_interpret::InterpreterSettings;
use hayro_svg::hayro_syntax::Pdf;
use hayro_svg::{RenderCache, SvgRenderSettings, convert};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

/// Time for one page. The pages that we know take 3 to 60 ms.
const PAGE_TIME: Duration = Duration::from_secs(5);
/// Time for opening a file.
const OPEN_TIME: Duration = Duration::from_secs(10);
/// Threads that are left behind with a page that does not end, before the rest of the file is given up: each may hold
/// a core until the program ends.
const MAX_STUCK: usize = 1;
/// Bytes of a page's SVG before it is cleaned; a scan in colours is a few millions.
const MAX_SVG: usize = 64 << 20;

/// Bytes of all pages of a file that are kept: some thousand pages of tables.
const MAX_ALL: usize = 512 << 20;

/// A page that was drawn.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Width in points, as displayed.
    pub width: f32,
    /// Height in points, as displayed.
    pub height: f32,
    /// A whole SVG document without scripts, texts and references to anything outside of it.
    pub svg: String,
}

/// Why a page is missing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undrawn {
    /// There are no bytes.
    #[error("the PDF is not at hand")]
    NoFile,
    /// The renderer cannot open the file.
    #[error("the renderer cannot open the file")]
    Unopened,
    /// The file has no such page for the renderer.
    #[error("the renderer finds no such page")]
    NoPage,
    /// It took too long, or came behind pages that did.
    #[error("drawing it took too long")]
    TooLong,
    /// It would be too large.
    #[error("its picture is larger than {} MB", MAX_SVG >> 20)]
    TooLarge,
    /// The pages before it took all the room there is.
    #[error("the pages before it are {} MB already", MAX_ALL >> 20)]
    NoRoom,
    /// The renderer failed.
    #[error("the renderer failed: {0}")]
    Failed(String),
    /// The picture holds what no picture needs.
    #[error("its picture was not taken over: {0}")]
    Unsafe(String),
}

/// Pages of one file.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// Pages that were asked for, drawn or with the reason why not.
    pub pages: BTreeMap<u32, Result<Sheet, Undrawn>>,
    /// A Chinese font that the PDF does not bring along is not installed either: texts may be blank.
    pub lacks_font: bool,
    /// Bytes of all pages.
    bytes: usize,
}

impl Rendered {
    /// All pages missing for one reason.
    pub fn nothing(pages: &[u32], why: &Undrawn) -> Self {
        Self { pages: pages.iter().map(|&n| (n, Err(why.clone()))).collect(), ..Self::default() }
    }

    /// Pages that were drawn elsewhere.
    #[cfg(test)]
    pub(crate) fn of(pages: BTreeMap<u32, Result<Sheet, Undrawn>>, lacks_font: bool) -> Self {
        Self { pages, lacks_font, bytes: 0 }
    }

    /// The page, if there is room for it.
    fn room(&mut self, sheet: Sheet) -> Result<Sheet, Undrawn> {
        let bytes = self.bytes.saturating_add(sheet.svg.len());
        if bytes > MAX_ALL {
            return Err(Undrawn::NoRoom);
        }
        self.bytes = bytes;
        Ok(sheet)
    }
}

/// What the thread says.
enum Said {
    Opened,
    Page(u32, Result<Sheet, Undrawn>),
    Done { lacks_font: bool },
}

/// Draws these pages (from 1) of a PDF.
pub fn render(bytes: &Arc<[u8]>, password: Option<&str>, pages: &[u32]) -> Rendered {
    let mut out = Rendered::default();
    let mut left: Vec<u32> = pages.to_vec();
    for _ in 0..=MAX_STUCK {
        let Some(stuck) = round(bytes, password, &mut left, &mut out) else { break };
        out.pages.insert(stuck, Err(Undrawn::TooLong));
        left.retain(|&n| n != stuck);
    }
    for page in left {
        out.pages.insert(page, Err(Undrawn::TooLong));
    }
    out
}

/// Draws what is left in one thread; gives the page that it does not come back from.
fn round(bytes: &Arc<[u8]>, password: Option<&str>, left: &mut Vec<u32>, out: &mut Rendered) -> Option<u32> {
    let (send, receive) = sync_channel(1);
    let (bytes, password, wanted) =
        (Arc::clone(bytes), password.unwrap_or_default().to_owned(), left.clone());
    let thread = std::thread::Builder::new().name("yusuan page".into()).stack_size(STACK);
    let started = thread.spawn(move || {
        let drawn = guard(|| draw(&bytes, &password, &wanted, &send));
        if let Ok(Err(why)) | Err(why) = drawn.map_err(Undrawn::Failed) {
            for page in wanted {
                let _ = send.send(Said::Page(page, Err(why.clone())));
            }
        }
    });
    if started.is_err() {
        let why = Undrawn::Failed("no thread".into());
        left.drain(..).for_each(|page| drop(out.pages.insert(page, Err(why.clone()))));
        return None;
    }
    let mut patience = OPEN_TIME;
    loop {
        match receive.recv_timeout(patience) {
            Ok(Said::Opened) => patience = PAGE_TIME,
            Ok(Said::Page(page, made)) => {
                let made = made.and_then(|sheet| out.room(sheet));
                out.pages.entry(page).or_insert(made);
                left.retain(|&n| n != page);
            }
            Ok(Said::Done { lacks_font }) => out.lacks_font |= lacks_font,
            Err(RecvTimeoutError::Timeout) => return left.first().copied(),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

/// Draws page by page; the receiver may be gone.
fn draw(bytes: &Arc<[u8]>, password: &str, wanted: &[u32], send: &SyncSender<Said>) -> Result<(), Undrawn> {
    let data = Arc::new(Arc::clone(bytes));
    let pdf = Pdf::new_with_password(data, password).map_err(|_| Undrawn::Unopened)?;
    let pages = pdf.pages();
    let _ = send.send(Said::Opened);
    let asked = Arc::new(Asked::default());
    let fonts = Arc::clone(&asked);
    let settings = InterpreterSettings {
        font_resolver: Arc::new(move |query| fonts.answer(query)),
        ..InterpreterSettings::default()
    };
    let cache = RenderCache::new();
    let white = SvgRenderSettings { bg_color: [255, 255, 255, 255] };
    for &number in wanted {
        let drawn = guard(|| {
            let page = (number as usize).checked_sub(1).and_then(|i| pages.get(i)).ok_or(Undrawn::NoPage)?;
            let svg = convert(page, &cache, &settings, &white);
            if svg.len() > MAX_SVG {
                return Err(Undrawn::TooLarge);
            }
            let (width, height) = page.render_dimensions();
            let svg = clean::clean(&svg).map_err(Undrawn::Unsafe)?;
            Ok(Sheet { width, height, svg })
        });
        let drawn = drawn.map_err(Undrawn::Failed).and_then(|made| made);
        if send.send(Said::Page(number, drawn)).is_err() {
            return Ok(());
        }
    }
    let _ = send.send(Said::Done { lacks_font: asked.in_vain() });
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_that_is_none_has_pages_with_a_reason() {
        let bytes: Arc<[u8]> = Arc::from(&b"no PDF at all"[..]);
        let out = render(&bytes, None, &[1, 2]);
        assert_eq!(out.pages.len(), 2);
        assert!(out.pages[&2].is_err());
    }

    #[test]
    fn a_page_beyond_the_last_is_missing_and_the_others_are_drawn() {
        let bytes: Arc<[u8]> = Arc::from(std::fs::read("samples/reportlab-continued.pdf").unwrap());
        let out = render(&bytes, None, &[1, 9999]);
        assert!(out.pages[&1].as_ref().unwrap().svg.starts_with("<svg"));
        assert_eq!(out.pages[&9999].as_ref().unwrap_err(), &Undrawn::NoPage);
    }
}
