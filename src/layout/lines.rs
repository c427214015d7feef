//! Fragments → lines → words.
//!
//! A fragment is what was painted in one go without a gap or a space: it is never taken apart, so that two
//! texts painted over one another (a long name that runs into its neighbour's column) stay two texts.
//! Sorting fragments instead of glyphs is also what keeps this stage cheap.

use super::{Line, PageText, Word};
use crate::geometry::Rect;
use crate::pdf::Glyph;

/// A gap of this many ems ends a word.
const WORD_GAP: f32 = 0.3;
/// How far (in ems) a glyph may start before the end of the one painted just before it in the same run:
/// punctuation is set closer.
const KERN: f32 = 0.6;
/// How far (in ems) fragments of one word may overlap.
const LAP: f32 = 0.25;
/// `1,320` and `.50` no farther apart than this many ems are one number: half of a full-width point's box.
const TORN: f32 = 0.5;
/// Numbers painted apart that overlap by more than this many ems are two numbers, too wide for their cells.
const TOUCH: f32 = 0.05;
/// Baselines within this many ems are one line.
const BASELINE: f32 = 0.3;

/// Glyphs painted one after another without a gap.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fragment {
    start: u32,
    end: u32,
    bbox: Rect,
    baseline: f32,
    size: f32,
    run: u32,
    spaced: bool,
}

/// Collects fragments from glyphs in painting order.
pub(super) struct Fragments<'a> {
    out: &'a mut Vec<Fragment>,
    open: Option<(Fragment, f32)>,
    /// Where the last space ended, if the last glyph was one: (baseline, right edge, run).
    space: Option<(f32, f32, u32)>,
    /// The last glyph of the open fragment.
    last: Option<Glyph>,
}

impl<'a> Fragments<'a> {
    pub(super) fn new(out: &'a mut Vec<Fragment>) -> Self {
        Self { out, open: None, space: None, last: None }
    }

    /// The next glyph is no neighbour of the last one.
    pub(super) fn cut(&mut self) {
        if let Some((fragment, _)) = self.open.take() {
            self.out.push(fragment);
        }
        self.space = None;
    }

    /// Adds a glyph that runs to the right.
    pub(super) fn push(&mut self, index: u32, glyph: &Glyph) {
        if is_space(glyph.ch) {
            self.cut();
            self.space = Some((glyph.baseline, glyph.bbox.x1, glyph.run));
            return;
        }
        if let Some((fragment, pen)) = &mut self.open {
            let em = fragment.size.max(glyph.size);
            let gap = glyph.bbox.x0 - *pen;
            let kern = if fragment.run == glyph.run { KERN } else { LAP };
            let same_line = (glyph.baseline - fragment.baseline).abs() <= 0.1 * em;
            let same_size = glyph.size <= 1.5 * fragment.size && fragment.size <= 1.5 * glyph.size;
            let apart = fragment.run != glyph.run
                && gap < -TOUCH * em
                && fragment.end - fragment.start > 2
                && is_digit(glyph.ch)
                && self.last.is_some_and(|last| is_digit(last.ch) && last.run == fragment.run);
            if same_line && same_size && !apart && gap >= -kern * em && gap <= WORD_GAP * em {
                fragment.end = index + 1;
                fragment.bbox = fragment.bbox.union(&glyph.bbox);
                *pen = glyph.bbox.x1;
                self.last = Some(*glyph);
                return;
            }
            self.out.push(*fragment);
            self.open = None;
        }
        let spaced = self.space.take().is_some_and(|(baseline, end, run)| {
            run == glyph.run
                || ((baseline - glyph.baseline).abs() <= 0.1 * glyph.size
                    && (glyph.bbox.x0 - end).abs() <= 0.5 * glyph.size)
        });
        let fragment = Fragment {
            start: index,
            end: index + 1,
            bbox: glyph.bbox,
            baseline: glyph.baseline,
            size: glyph.size,
            run: glyph.run,
            spaced,
        };
        self.open = Some((fragment, glyph.bbox.x1));
        self.last = Some(*glyph);
    }

    pub(super) fn finish(mut self) {
        self.cut();
    }
}

fn is_digit(ch: char) -> bool {
    ch.is_ascii_digit() || matches!(ch, '０'..='９')
}

/// Whether a fragment begins with a point or comma and a digit: no number begins so, but one goes on so.
fn goes_on_number(glyphs: &[Glyph], fragment: &Fragment) -> bool {
    let at = |i: u32| glyphs.get((fragment.start + i) as usize).map(|g| g.ch);
    fragment.end - fragment.start > 1
        && matches!(at(0), Some('.' | ',' | '．' | '，'))
        && at(1).is_some_and(is_digit)
}

fn is_space(ch: char) -> bool {
    ch.is_whitespace() || ch.is_control() || matches!(ch, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Sorts fragments into lines and lines into words; fills `out`.
pub(super) fn assemble(glyphs: &[Glyph], mut fragments: Vec<Fragment>, out: &mut PageText) {
    fragments.sort_by(|a, b| a.baseline.total_cmp(&b.baseline).then(a.start.cmp(&b.start)));
    out.glyphs.reserve(fragments.iter().map(|f| (f.end - f.start) as usize).sum());
    out.words.reserve(fragments.len());
    let mut rest = fragments.as_mut_slice();
    while !rest.is_empty() {
        let n = line_length(rest);
        let (line, tail) = rest.split_at_mut(n);
        line.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0).then(a.start.cmp(&b.start)));
        push_line(glyphs, line, out);
        rest = tail;
    }
}

/// How many of the fragments (sorted by baseline) make the first line. Baselines are compared with the
/// line's first one, never only with the last one: lines must not chain.
fn line_length(fragments: &[Fragment]) -> usize {
    let Some(first) = fragments.first() else { return 0 };
    let mut widest = *first;
    let mut n = 0;
    for fragment in fragments {
        let em = fragment.size.min(widest.size);
        // The fragment with most text says where the line is: a superscript painted above it does not.
        if (fragment.baseline - first.baseline) > BASELINE * em {
            break;
        }
        if fragment.bbox.width() > widest.bbox.width() {
            widest = *fragment;
        }
        n += 1;
    }
    n.max(1)
}

/// Makes words of one line's fragments, sorted by x.
fn push_line(glyphs: &[Glyph], fragments: &[Fragment], out: &mut PageText) {
    let line = out.lines.len() as u32;
    let first_word = out.words.len() as u32;
    let mut hull: Option<Rect> = None;
    let mut weight = (0.0_f32, 0.0_f32);
    let mut open: Option<(Word, f32)> = None;
    // The last glyph of the word so far.
    let mut before: Option<u32> = None;
    for fragment in fragments {
        let start = out.glyphs.len() as u32;
        out.glyphs.extend_from_slice(
            glyphs.get(fragment.start as usize..fragment.end as usize).unwrap_or_default(),
        );
        let end = out.glyphs.len() as u32;
        hull = Some(hull.map_or(fragment.bbox, |h| h.union(&fragment.bbox)));
        if fragment.bbox.width() > weight.0 {
            weight = (fragment.bbox.width(), fragment.baseline);
        }
        if let Some((word, size)) = &mut open {
            let em = size.max(fragment.size);
            let gap = fragment.bbox.x0 - word.bbox.x1;
            let alike = fragment.size <= 1.5 * *size && *size <= 1.5 * fragment.size;
            let digit =
                |i: Option<u32>| i.and_then(|i| glyphs.get(i as usize)).is_some_and(|g| is_digit(g.ch));
            let apart = gap < -TOUCH * em
                && fragment.end - fragment.start > 2
                && word.glyphs.end - word.glyphs.start > 2
                && digit(Some(fragment.start))
                && digit(before);
            let torn = digit(before) && goes_on_number(glyphs, fragment);
            before = fragment.end.checked_sub(1);
            let near = gap <= if torn { TORN } else { WORD_GAP } * em && gap >= -LAP * em;
            if (!fragment.spaced || torn) && alike && !apart && near {
                word.glyphs.end = end;
                word.bbox = word.bbox.union(&fragment.bbox);
                continue;
            }
        }
        if let Some((word, _)) = open.take() {
            out.words.push(word);
        }
        before = fragment.end.checked_sub(1);
        open = Some((
            Word { glyphs: start..end, bbox: fragment.bbox, line, spaced: fragment.spaced },
            fragment.size,
        ));
    }
    if let Some((word, _)) = open {
        out.words.push(word);
    }
    if let Some(bbox) = hull {
        out.lines.push(Line { words: first_word..out.words.len() as u32, bbox, baseline: weight.1 });
    }
}
