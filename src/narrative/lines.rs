//! Lines outside all grids → lines of prose: pieces of one line joined, running heads, page numbers and what stands
//! inside grids left out.

use crate::geometry::Rect;
use crate::grid::{PageGrids, TextLine};
use crate::normalize::text;
use rustc_hash::{FxHashMap, FxHashSet};

/// Share of the page's height at its top and bottom where running heads and page numbers stand.
const MARGIN: f32 = 0.12;
/// A running head stands on at least this many pages.
const RUNNING: usize = 3;
/// A line has at most this many pieces; more are no prose, and must not cost time.
const MOST_PIECES: usize = 100;
/// A line of this many characters shows where the text column begins and ends.
const LONG: usize = 20;
/// Longest line that is read, in bytes; nothing that is longer is prose.
const LONGEST: usize = 4_000;

/// A line of prose.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Page, from 1.
    pub(super) page: u32,
    /// Cleaned text.
    pub(super) text: String,
    /// Its box, in points.
    pub(super) bbox: Rect,
    /// Size of its largest glyph, in points.
    pub(super) size: f32,
    /// Left and right edge of the text on pages like this one, in points.
    pub(super) column: (f32, f32),
    /// A grid stands between the line above and this one.
    pub(super) after_grid: bool,
}

/// The prose lines of all pages, from top to bottom.
pub(super) fn lines(pages: &[PageGrids]) -> Vec<Line> {
    let running = running_heads(pages);
    let mut out = Vec::new();
    for page in pages {
        let mut last_y = f32::MIN;
        for group in groups(page) {
            let Some(bbox) = Rect::hull(group.iter().map(|l| l.bbox)) else { continue };
            let printed = join(&group);
            if printed.len() > LONGEST
                || is_furniture(page, &bbox, &printed, &running)
                || page.grids.iter().any(|g| g.bbox.contains(bbox.cx(), bbox.cy()))
            {
                continue;
            }
            let text = text::clean(&printed);
            if text.is_empty() {
                continue;
            }
            let after_grid = page.grids.iter().any(|g| g.bbox.cy() > last_y && g.bbox.cy() < bbox.cy());
            last_y = bbox.cy();
            let size = group.iter().fold(0.0_f32, |s, l| s.max(l.size));
            out.push(Line { page: page.number, text, bbox, size, column: (0.0, 0.0), after_grid });
        }
    }
    set_columns(&mut out, pages);
    out
}

/// Lines of a page, side by side pieces together.
fn groups(page: &PageGrids) -> Vec<Vec<&TextLine>> {
    let mut out: Vec<(Rect, Vec<&TextLine>)> = Vec::new();
    for line in &page.lines {
        if let Some((bbox, group)) = out.last_mut() {
            let height = bbox.height().min(line.bbox.height());
            let beside = group.len() < MOST_PIECES
                && group.iter().all(|l| l.bbox.overlap_x(&line.bbox) <= 0.5 * l.size);
            if bbox.overlap_y(&line.bbox) > 0.5 * height && beside {
                *bbox = bbox.union(&line.bbox);
                group.push(line);
                continue;
            }
        }
        out.push((line.bbox, vec![line]));
    }
    out.into_iter()
        .map(|(_, mut group)| {
            group.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
            group
        })
        .collect()
}

fn join(group: &[&TextLine]) -> String {
    let mut out = String::new();
    for line in group {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&line.text);
    }
    out
}

fn in_margin(page: &PageGrids, bbox: &Rect) -> bool {
    bbox.cy() < MARGIN * page.height || bbox.cy() > (1.0 - MARGIN) * page.height
}

/// The line without its digits, with its place to a few points.
fn head_key(bbox: &Rect, printed: &str) -> (i32, String) {
    let text = printed.chars().filter(|c| !c.is_ascii_digit() && !c.is_whitespace()).collect();
    ((bbox.y0 / 6.0).round() as i32, text)
}

/// Lines that stand at the same place of several pages.
fn running_heads(pages: &[PageGrids]) -> FxHashSet<(i32, String)> {
    let mut seen: FxHashMap<(i32, String), usize> = FxHashMap::default();
    for page in pages {
        for line in page.lines.iter().filter(|l| l.text.len() <= 200 && in_margin(page, &l.bbox)) {
            *seen.entry(head_key(&line.bbox, &line.text)).or_default() += 1;
        }
    }
    seen.into_iter().filter(|(_, n)| *n >= RUNNING).map(|(key, _)| key).collect()
}

fn is_furniture(page: &PageGrids, bbox: &Rect, printed: &str, running: &FxHashSet<(i32, String)>) -> bool {
    if !in_margin(page, bbox) {
        return false;
    }
    let bare: String = printed.chars().filter(|c| c.is_alphanumeric()).collect();
    let number = bare.trim_matches(|c| matches!(c, '第' | '页' | '共'));
    let is_number = !number.is_empty()
        && number.len() <= 4
        && number.bytes().all(|b| b.is_ascii_digit())
        && printed.chars().count() <= 16;
    is_number || running.contains(&head_key(bbox, printed))
}

/// Tells every line where the text column of its kind of page begins and ends.
fn set_columns(lines: &mut [Line], pages: &[PageGrids]) {
    let by_number: FxHashMap<u32, &PageGrids> = pages.iter().map(|p| (p.number, p)).collect();
    let kind =
        |number: &u32| by_number.get(number).map_or((0, 0), |p| (p.width as i32 / 4, p.height as i32 / 4));
    let mut alike: FxHashMap<(i32, i32), Vec<usize>> = FxHashMap::default();
    for (i, line) in lines.iter().enumerate() {
        alike.entry(kind(&line.page)).or_default().push(i);
    }
    // captions of tables say nothing about the column of the text
    let has_grid = |l: &Line| by_number.get(&l.page).is_some_and(|p| !p.grids.is_empty());
    for indices in alike.into_values() {
        let of_kind: Vec<&Line> = indices.iter().filter_map(|i| lines.get(*i)).collect();
        let long: Vec<&Line> = of_kind.iter().copied().filter(|l| l.text.chars().count() >= LONG).collect();
        let prose: Vec<&Line> = long.iter().copied().filter(|l| !has_grid(l)).collect();
        let best = [&prose, &long].into_iter().find(|lines| lines.len() >= 3).unwrap_or(&of_kind);
        let left = frequent_edge(best.iter().map(|l| l.bbox.x0), |a, b| a < b);
        let right = frequent_edge(best.iter().map(|l| l.bbox.x1), |a, b| a > b);
        for i in indices {
            if let Some(line) = lines.get_mut(i) {
                line.column = (left, right);
            }
        }
    }
    set_own_columns(lines);
}

/// Lines of a page that reach its own right edge before that edge is believed rather than the one of pages like it.
const OWN_LINES: usize = 3;
/// Ems that lines which wrapping broke may end before the edge, since no line begins with a mark of punctuation.
const RAGGED: f32 = 2.0;

/// Pages of one size may be set with margins of their own (a text of several authors): where enough lines of a page
/// end together, its column ends there.
fn set_own_columns(lines: &mut [Line]) {
    for page in lines.chunk_by_mut(|a, b| a.page == b.page) {
        let long = || page.iter().filter(|l| l.text.chars().count() >= LONG);
        let edge = long().map(|l| l.bbox.x1).fold(f32::MIN, f32::max);
        if long().filter(|l| edge - l.bbox.x1 <= RAGGED * l.size).count() >= OWN_LINES {
            page.iter_mut().for_each(|l| l.column.1 = edge);
        }
    }
}

/// The outermost of the edges that several lines share (to a few points).
fn frequent_edge(edges: impl Iterator<Item = f32>, outer: impl Fn(f32, f32) -> bool) -> f32 {
    let mut bins: FxHashMap<i32, (usize, f32)> = FxHashMap::default();
    for edge in edges {
        let bin = bins.entry((edge / 4.0).round() as i32).or_insert((0, edge));
        bin.0 += 1;
        if outer(edge, bin.1) {
            bin.1 = edge;
        }
    }
    let most = bins.values().map(|b| b.0).max().unwrap_or(0);
    let enough = (most / 8).clamp(1, 3);
    bins.values()
        .filter(|b| b.0 >= enough)
        .map(|b| b.1)
        .reduce(|a, b| if outer(a, b) { a } else { b })
        .unwrap_or(0.0)
}
