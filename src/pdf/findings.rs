//! Collects what went wrong page by page and says it once per rule, with the pages listed.

use super::file::State;
use super::interpret::{Bank, Trouble};
use super::page::TreeTrouble;
use super::{Direction, Glyph, Page};
use crate::document::{Finding, Place, Severity};
use rustc_hash::FxHashMap;

/// What was noticed so far.
#[derive(Default)]
pub(super) struct Findings {
    whole: Vec<Finding>,
    /// Pages by rule.
    pages: [Vec<u32>; RULES.len()],
    /// Pages and number of glyphs by font.
    fonts: FxHashMap<u16, (Vec<u32>, u32)>,
}

/// Rules about pages: id, severity, sentence (`{}` is the list of pages).
const RULES: [(&str, Severity, &str); 13] = [
    (
        "pdf.limit.operators",
        Severity::Error,
        "{}: more operators than the limit `operators`; the rest was not read",
    ),
    ("pdf.limit.glyphs", Severity::Error, "{}: more glyphs than the limit `glyphs`; the rest was not read"),
    (
        "pdf.limit.rulings",
        Severity::Warning,
        "{}: more rulings than the limit `rulings`; the rest was dropped",
    ),
    ("pdf.limit.depth", Severity::Warning, "{}: forms nested deeper than the limit `depth` were not read"),
    ("pdf.limit.time", Severity::Error, "{}: the time for the file was used up while reading"),
    (
        "pdf.limit.stream_bytes",
        Severity::Error,
        "{}: a stream inflates to more than the limits allow; its end was not read",
    ),
    (
        "pdf.stream.broken",
        Severity::Error,
        "{}: a content stream is corrupt; what came before the damage was read",
    ),
    (
        "pdf.page.scan",
        Severity::Error,
        "{}: an image without a text layer (a scan); nothing was read; `--ocr-models DIR` reads scans (docs/SCANS.md)",
    ),
    (
        "pdf.page.ocr",
        Severity::Warning,
        "{}: a scan with an invisible text layer (OCR); the layer was not read; `--ocr-models DIR` reads the picture (docs/SCANS.md)",
    ),
    ("pdf.page.silent", Severity::Warning, "{}: something is painted but no text was found"),
    (
        "pdf.annotation.unread",
        Severity::Warning,
        "{}: form fields or notes hold text that the file gives no appearance; it was not read",
    ),
    (
        "pdf.text.slanted",
        Severity::Warning,
        "{}: numbers run aslant (by more than 3°); they were not read, straighten the page first",
    ),
    (
        "pdf.page.straightened",
        Severity::Warning,
        "{}: all text runs aslant; the page was read turned straight, places are those of the straight page",
    ),
];

/// What was noticed on one page.
pub(super) struct Seen {
    page: u32,
    /// Which of [`RULES`] it breaks.
    rules: [bool; RULES.len()],
    /// Fonts with codes that nothing explains, and how many.
    undecoded: Vec<(u16, u32)>,
}

impl Seen {
    /// Looks at a page and at what was wrong while it was read.
    pub(super) fn on(page: &Page, trouble: Trouble) -> Self {
        let blank = page.glyphs.iter().all(|glyph| glyph.ch.is_whitespace());
        let image = page.image_cover > 0.3;
        let painted = page.image_cover > 0.02 || page.rulings.len() > 8;
        let rules = [
            trouble.operators,
            trouble.glyphs,
            trouble.rulings,
            trouble.depth,
            trouble.time,
            trouble.stream,
            trouble.broken,
            blank && image && page.invisible == 0,
            blank && image && page.invisible > 0,
            blank && !image && painted,
            trouble.annotations,
            slanted_digits(page) >= SLANTED,
            trouble.straightened,
        ];
        Self { page: page.number, rules, undecoded: trouble.undecoded }
    }
}

/// So many digits aslant are more than a year in a watermark.
const SLANTED: usize = 6;
/// Text of so many times the size of the straight text is a watermark.
const LARGER: f32 = 1.5;

/// Digits that run neither along nor across the page. Watermarks are printed larger than everything else.
fn slanted_digits(page: &Page) -> usize {
    let (slanted, straight): (Vec<&Glyph>, Vec<&Glyph>) =
        page.glyphs.iter().partition(|g| g.direction == Direction::Oblique);
    let mean = straight.iter().map(|g| g.size).sum::<f32>() / straight.len() as f32;
    slanted.iter().filter(|g| g.ch.is_ascii_digit() && g.size <= LARGER * mean).count()
}

impl Findings {
    /// What loading the file and walking its page tree showed.
    pub(super) fn opened(&mut self, tree: &TreeTrouble, limit: usize) {
        if tree.collected {
            let message = "the file was repaired: its page tree is unusable, pages were collected in order of their objects";
            self.add("pdf.repaired", Severity::Warning, message.to_owned());
        } else if !tree.lost.is_empty() {
            let message =
                format!("{}: could not be read, the page object is missing or damaged", list(&tree.lost));
            self.whole
                .push(on_pages(Finding::new("pdf.page.unreadable", Severity::Error, message), &tree.lost));
        } else if tree.broken {
            let message =
                "parts of the page tree are damaged (cyclic, too deep or missing); pages may be lost";
            self.add("pdf.page.unreadable", Severity::Error, message.to_owned());
        }
        if tree.deep {
            let message = "the page tree is deeper than the limit `depth`; what lies deeper was not read";
            self.add("pdf.limit.depth", Severity::Error, message.to_owned());
        }
        if tree.too_many {
            let message = format!("more pages than the limit `pages` ({limit}); the rest was not read");
            self.add("pdf.limit.pages", Severity::Error, message);
        }
    }

    /// What reading objects showed of the whole file.
    fn file(&mut self, state: State) {
        let mut say = |seen: bool, rule, severity, message: &str| {
            if seen {
                self.add(rule, severity, message.to_owned());
            }
        };
        let rebuilt = "the file was repaired: its cross-reference table was unusable and was rebuilt";
        say(state.rebuilt, "pdf.repaired", Severity::Warning, rebuilt);
        let moved = "the file was repaired: objects stand elsewhere than its cross-reference table says";
        say(state.moved && !state.rebuilt, "pdf.repaired", Severity::Warning, moved);
        let objects = "more objects than the limit `objects`; the rest was not read";
        say(state.objects, "pdf.limit.objects", Severity::Error, objects);
        let memory = "objects take more memory than the limit `memory`; the rest was not read";
        say(state.memory, "pdf.limit.memory", Severity::Error, memory);
        let depth = "objects nested too deep were left out";
        say(state.depth, "pdf.limit.depth", Severity::Warning, depth);
    }

    /// Time was up before this page.
    pub(super) fn out_of_time(&mut self, first: u32, total: usize) {
        let message = format!("the time for the file was used up; pages {first}–{total} were not read");
        self.whole.push(Finding::new("pdf.limit.time", Severity::Error, message).on_page(first));
    }

    /// What one page showed.
    pub(super) fn page(&mut self, seen: &Seen) {
        for (pages, seen_here) in self.pages.iter_mut().zip(seen.rules) {
            if seen_here {
                pages.push(seen.page);
            }
        }
        for &(font, count) in &seen.undecoded {
            let entry = self.fonts.entry(font).or_default();
            entry.0.push(seen.page);
            entry.1 += count;
        }
    }

    fn add(&mut self, rule: &str, severity: Severity, message: String) {
        self.whole.push(Finding::new(rule, severity, message));
    }

    /// All findings, in a fixed order.
    pub(super) fn finish(mut self, bank: &Bank, file: State) -> Vec<Finding> {
        self.file(file);
        let pages = std::mem::take(&mut self.pages);
        for ((rule, severity, sentence), pages) in RULES.iter().zip(pages) {
            if !pages.is_empty() {
                let message = sentence.replace("{}", &list(&pages));
                self.whole.push(on_pages(Finding::new(rule, *severity, message), &pages));
            }
        }
        let mut fonts: Vec<_> = std::mem::take(&mut self.fonts).into_iter().collect();
        fonts.sort_by_key(|(font, _)| *font);
        for (font, (pages, count)) in fonts {
            let name = bank.fonts.get(usize::from(font)).map_or("", |font| font.name.as_str());
            let message = format!(
                "font `{name}` does not tell which characters its codes stand for: {count} glyphs unknown on {}",
                list(&pages)
            );
            self.whole.push(on_pages(Finding::new("pdf.font.undecodable", Severity::Error, message), &pages));
        }
        for font in bank.fonts.iter().filter(|font| font.cut) {
            let message =
                format!("font `{}`: a CMap has more entries than the limit `cmap_entries`", font.name);
            self.add("pdf.limit.cmap_entries", Severity::Warning, message);
        }
        self.whole
    }
}

fn on_pages(mut finding: Finding, pages: &[u32]) -> Finding {
    finding.place.page = pages.first().copied();
    let place = |page: &u32| Place { page: Some(*page), ..Place::default() };
    finding.others = pages.iter().skip(1).map(place).collect();
    finding
}

/// `page 3`, `pages 1–4, 7`.
pub(crate) fn list(pages: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &page in pages {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == page => *last = page,
            _ => ranges.push((page, page)),
        }
    }
    let parts: Vec<String> =
        ranges.iter().map(|&(a, b)| if a == b { a.to_string() } else { format!("{a}–{b}") }).collect();
    format!("{} {}", if pages.len() == 1 { "page" } else { "pages" }, parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_listed_as_ranges() {
        assert_eq!(list(&[3]), "page 3");
        assert_eq!(list(&[1, 2, 3, 7, 9, 10]), "pages 1–3, 7, 9–10");
    }

    #[test]
    fn a_page_with_an_image_and_no_text_is_a_scan() {
        let mut findings = Findings::default();
        let page = Page { number: 2, image_cover: 0.9, ..Page::default() };
        findings.page(&Seen::on(&page, Trouble::default()));
        findings.page(&Seen::on(&Page { number: 3, invisible: 40, ..page }, Trouble::default()));
        let rules: Vec<_> = findings
            .finish(&Bank::default(), State::default())
            .into_iter()
            .map(|f| (f.rule, f.place.page))
            .collect();
        assert_eq!(rules, [("pdf.page.scan".to_owned(), Some(2)), ("pdf.page.ocr".to_owned(), Some(3))]);
    }
}
