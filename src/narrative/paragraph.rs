//! Lines of prose → paragraphs: lines that wrapping or a page break parted are joined again.

use super::lines::Line;
use crate::document::narrative::Source;
use crate::geometry::Rect;
use crate::normalize::label::strip_enumeration;
use std::ops::Range;

/// A line that ends this many ems before the edge of the column was ended by its author …
const SHORT: f32 = 2.2;
/// … unless the next one starts with a number or word that would not have fitted.
const UNBREAKABLE: f32 = 7.0;
/// Ems of indentation that begin a paragraph.
const INDENT: f32 = 1.2;
/// A paragraph that grows longer than this many bytes is ended: hostile text must not cost time.
const LONGEST: usize = 24_000;

/// A paragraph, with the way back to its lines.
#[derive(Clone, Debug)]
pub(super) struct Paragraph {
    /// Cleaned text.
    pub(super) text: String,
    /// The same without spaces (but those between two words or numbers).
    pub(super) compact: String,
    /// For each byte of `compact`, its byte in `text`.
    back: Vec<u32>,
    /// First byte in `text`, page and box of each line.
    lines: Vec<(u32, u32, Rect)>,
    /// Stands in the middle of the column, or is larger than other text.
    pub(super) title_like: bool,
}

impl Paragraph {
    fn new(lines: &[Line]) -> Self {
        let mut text = String::new();
        let mut parts = Vec::with_capacity(lines.len());
        let quotes = lines.iter().map(|l| l.text.matches('"').count()).sum::<usize>();
        let mut open = quotes.is_multiple_of(2).then_some(false);
        for line in lines {
            if let (Some(a), Some(b)) = (text.chars().next_back(), line.text.chars().next())
                && a.is_ascii_alphabetic()
                && b.is_ascii_alphabetic()
            {
                text.push(' ');
            }
            parts.push((text.len() as u32, line.page, line.bbox));
            for c in line.text.chars() {
                text.push(match (c, open.as_mut()) {
                    ('"', Some(open)) => {
                        *open = !*open;
                        if *open { '“' } else { '”' }
                    }
                    (c, _) => c,
                });
            }
        }
        let (compact, back) = compact(&text);
        let title_like = matches!(lines, [one] if is_centered(one));
        Self { text, compact, back, lines: parts, title_like }
    }

    /// The cleaned text that stands behind a range of `compact`.
    pub(super) fn display(&self, range: Range<usize>) -> &str {
        let at = |i: usize| self.back.get(i).map_or(self.text.len(), |b| *b as usize);
        let end = match range.end.checked_sub(1) {
            Some(last) if range.end > range.start => {
                let last = at(last);
                let rest = self.text.get(last..).unwrap_or_default();
                // `back` of a character's later bytes points at its start
                last + rest.chars().next().map_or(0, char::len_utf8)
            }
            _ => at(range.start),
        };
        self.text.get(at(range.start)..end).unwrap_or_default().trim()
    }

    /// Page and box of the lines behind a range of `compact`, on the page where `at` stands.
    pub(super) fn source(&self, range: Range<usize>, at: usize) -> Source {
        let byte = |i: usize| self.back.get(i).copied().unwrap_or(self.text.len() as u32);
        let line_of = |b: u32| self.lines.partition_point(|l| l.0 <= b).saturating_sub(1);
        let page = self.lines.get(line_of(byte(at))).map_or(0, |l| l.1);
        let first = line_of(byte(range.start));
        let last = line_of(byte(range.end.saturating_sub(1).max(range.start)));
        let boxes = self.lines.get(first..=last).unwrap_or_default().iter().filter(|l| l.1 == page);
        let bbox = Rect::hull(boxes.map(|l| l.2)).unwrap_or_default();
        Source { page, bbox, text: self.display(range).to_owned() }
    }

    /// All of it.
    pub(super) fn whole(&self) -> Source {
        self.source(0..self.compact.len(), 0)
    }

    #[cfg(test)]
    pub(super) fn of(text: &str) -> Self {
        let text = crate::normalize::text::clean(text);
        let bbox = Rect::new(72.0, 100.0, 520.0, 112.0);
        let line = Line { page: 1, text, bbox, size: 12.0, column: (72.0, 520.0), after_grid: false };
        Self::new(&[line])
    }
}

/// The text without the spaces that typesetting put in, and the way back.
fn compact(text: &str) -> (String, Vec<u32>) {
    let mut out = String::with_capacity(text.len());
    let mut back = Vec::with_capacity(text.len());
    let mut space = false;
    let keeps = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '%';
    for (at, c) in text.char_indices() {
        if c == ' ' {
            space = true;
            continue;
        }
        // two numbers must not become one
        if space && keeps(c) && out.chars().next_back().is_some_and(keeps) {
            out.push(' ');
            back.push(at as u32 - 1);
        }
        space = false;
        out.push(c);
        back.extend(std::iter::repeat_n(at as u32, c.len_utf8()));
    }
    (out, back)
}

/// Whether the line stands in the middle of its column with room on both sides.
fn is_centered(line: &Line) -> bool {
    let (left, right) = line.column;
    let (before, after) = (line.bbox.x0 - left, right - line.bbox.x1);
    before > 3.0 * line.size && after > 3.0 * line.size && (before - after).abs() <= 0.25 * before.max(after)
}

/// Joins lines to paragraphs. `begins` says that a text can only begin a paragraph.
pub(super) fn paragraphs(lines: &[Line], begins: impl Fn(&str) -> bool) -> Vec<Paragraph> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut bytes = 0;
    let pitch = pitch(lines);
    for (i, line) in lines.iter().enumerate() {
        let joins = i > start
            && bytes + line.text.len() <= LONGEST
            && lines.get(i - 1).is_some_and(|above| continues(above, line, pitch, &begins));
        if !joins && i > start {
            out.push(Paragraph::new(lines.get(start..i).unwrap_or_default()));
            (start, bytes) = (i, 0);
        }
        bytes += line.text.len();
    }
    if start < lines.len() {
        out.push(Paragraph::new(lines.get(start..).unwrap_or_default()));
    }
    out
}

/// The usual distance from line to line, in points.
fn pitch(lines: &[Line]) -> f32 {
    let mut steps: Vec<f32> = lines
        .windows(2)
        .filter_map(|w| match w {
            [a, b] if a.page == b.page && b.bbox.y0 > a.bbox.y0 => Some(b.bbox.y0 - a.bbox.y0),
            _ => None,
        })
        .collect();
    steps.sort_by(f32::total_cmp);
    steps.get(steps.len() / 2).copied().unwrap_or(f32::MAX)
}

fn continues(above: &Line, line: &Line, pitch: f32, begins: &impl Fn(&str) -> bool) -> bool {
    if line.after_grid || begins(&line.text) {
        return false;
    }
    // closing punctuation never begins a text
    if line.text.starts_with([',', ';', ':', '。', '、', '）', '》', '”', '!', '?']) {
        return true;
    }
    let em = above.size.max(line.size).max(1.0);
    if (above.size - line.size).abs() > 0.15 * em {
        return false;
    }
    let same_page = above.page == line.page;
    if same_page && line.bbox.y0 - above.bbox.y0 > 1.75 * pitch.max(em) {
        return false;
    }
    if is_centered(line) && !is_centered(above) {
        return false;
    }
    let room = above.column.1 - above.bbox.x1;
    let unbreakable = line.text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if room > SHORT * em && !(unbreakable && room <= UNBREAKABLE * em && !ends(&above.text)) {
        return false;
    }
    if line.bbox.x0 - line.column.0 > INDENT * em {
        return false;
    }
    !(strip_enumeration(&line.text).0.is_some() && ends(&above.text))
}

/// Whether the text ends like a sentence.
fn ends(text: &str) -> bool {
    text.ends_with(['。', ';', ':', '!', '?'])
}
