//! Tables that were cut sideways for printing: the next page holds further columns of the very same rows, with or
//! without the columns of names again. They become one grid.

use super::shape::{Shape, shape_of};
use super::{Cell, CellLine, Grid, Method, PageGrids, TextLine, hints};
use crate::geometry::Rect;
use rustc_hash::FxHashSet;

/// From a column on, the columns of a grid stand on another page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seam {
    /// First column on that page.
    pub column: u32,
    /// The page.
    pub page: u32,
    /// How far its boxes were moved to the right.
    pub shift: f32,
}

/// Rows of both pages lie at the same heights to this many points.
const SAME: f32 = 1.0;
/// No table is cut into more pages than this side by side.
const MOST_PAGES: usize = 16;
/// A header has no more rows than this.
const MOST_HEADER: usize = 4;

/// Joins grids of neighbouring pages that are one table cut sideways.
pub(crate) fn join(pages: &mut [PageGrids]) {
    let mut first = 0;
    while first < pages.len() {
        let mut next = first + 1;
        while next - first < MOST_PAGES
            && let Some((left, right)) = pages.split_at_mut_checked(next)
            && let (Some(a), Some(b)) = (left.get_mut(first), right.first_mut())
            && let Some(repeated) = further_columns(a, b)
        {
            append(a, b, repeated);
            next += 1;
        }
        first = next;
    }
}

/// Whether the only grid of a page goes on with the columns of the one before; then how many columns it repeats.
fn further_columns(a: &PageGrids, b: &PageGrids) -> Option<usize> {
    let ([left], [right]) = (a.grids.as_slice(), b.grids.as_slice()) else { return None };
    let ruled = |g: &Grid| g.method != Method::Stream && g.rows() > 2;
    let same = (a.width - b.width).abs() < SAME && (a.height - b.height).abs() < SAME && a.turn == b.turn;
    let heights =
        left.ys.len() == right.ys.len() && left.ys.iter().zip(&right.ys).all(|(x, y)| (x - y).abs() < SAME);
    if !(ruled(left) && ruled(right) && same && heights) {
        return None;
    }
    let (l, r) = (columns(left), columns(right));
    let repeated = l.iter().zip(&r).take_while(|(x, y)| x == y).count();
    let whole = |c: &Cell| (c.column as usize) >= repeated || (c.column + c.column_span) as usize <= repeated;
    if repeated >= r.len() || repeated >= l.len() || !right.cells.iter().all(whole) {
        return None;
    }
    if repeated == 0 {
        nameless(a, b, &l, &r).then_some(0)
    } else {
        named(a, b, &l, &r, repeated).then_some(repeated)
    }
}

/// The texts of every column, row by row.
fn columns(grid: &Grid) -> Vec<Vec<String>> {
    let mut out = vec![vec![String::new(); grid.rows()]; grid.columns()];
    for cell in &grid.cells {
        let text = cell.text();
        for column in out.iter_mut().skip(cell.column as usize).take(cell.column_span as usize) {
            for slot in column.iter_mut().skip(cell.row as usize).take(cell.row_span as usize) {
                slot.clone_from(&text);
            }
        }
    }
    out
}

fn numeric(text: &str) -> bool {
    !text.is_empty() && shape_of(text.chars()).is_numeric()
}

fn words(text: &str) -> bool {
    !text.is_empty() && shape_of(text.chars()) == Shape::Words
}

/// The same names in the same rows under the same title, and then columns of amounts under headings that the page before
/// does not have: two tables of one kind have the same headings, and two filled-in forms have words beside their labels.
fn named(a: &PageGrids, b: &PageGrids, l: &[Vec<String>], r: &[Vec<String>], repeated: usize) -> bool {
    let titles = |page: &PageGrids| -> Vec<String> {
        let above = page.grids.first().map_or(0.0, |g| g.bbox.y0);
        let texts =
            page.lines.iter().filter(|t| t.bbox.cy() < above).map(|t| hints::squeezed(&t.text).into_owned());
        texts.filter(|t| hints::is_title(t) || hints::is_table_number(t)).collect()
    };
    // another number, or another first line of a title of two, is another table
    let (own, others) = (titles(b), titles(a));
    let titled =
        !own.is_empty() && own.iter().all(|t| others.contains(t)) && first_lines(b) == first_lines(a);
    let heading = |c: &[String]| c.iter().take(2).cloned().collect::<Vec<String>>();
    let known: Vec<Vec<String>> = l.iter().map(|c| heading(c)).collect();
    let further = r.get(repeated..).unwrap_or_default();
    let new = further.iter().all(|c| !known.contains(&heading(c)));
    let names = l.iter().take(repeated).any(|c| c.iter().skip(1).any(|t| words(t)));
    let header = header_rows(further);
    // beside the header stands one heading, or a band and its parts; the labels of a form go on from the first row
    let headed = |c: &Vec<String>| {
        let own: FxHashSet<&String> = c.iter().take(header).collect();
        own.len() <= 2
    };
    titled && new && names && are_amounts(further, header) && r.iter().take(repeated).all(headed)
}

/// What stands right above the titles of a page in the same size: their first lines where they have two.
fn first_lines(page: &PageGrids) -> Vec<String> {
    let above = page.grids.first().map_or(0.0, |g| g.bbox.y0);
    let pairs = page.lines.windows(2).filter_map(|w| if let [a, b] = w { Some((a, b)) } else { None });
    let of_title = |(a, b): &(&TextLine, &TextLine)| {
        let alike = (a.size - b.size).abs() < 0.1 * b.size && (a.bbox.cx() - b.bbox.cx()).abs() < b.size;
        b.bbox.cy() < above && alike && hints::is_title(&b.text)
    };
    pairs.filter(of_title).map(|(a, _)| hints::squeezed(&a.text).into_owned()).collect()
}

/// Rows without any name under a header, on a page that names no table and no department of its own.
fn nameless(a: &PageGrids, b: &PageGrids, l: &[Vec<String>], r: &[Vec<String>]) -> bool {
    let header = header_rows(r);
    let rows = r.first().map_or(0, Vec::len);
    let body = are_amounts(r, header);
    let headed = r.iter().all(|c| c.iter().take(header).any(|t| words(t)));
    let names = l.iter().any(|c| c.iter().skip(header).filter(|t| words(t)).count() > 1);
    let own =
        b.lines.iter().any(|t| hints::is_table_number(&hints::squeezed(&t.text)) || is_department(&t.text));
    let titled = a.lines.iter().any(|t| hints::is_caption(&t.text));
    rows > header + 1 && body && headed && names && !own && titled
}

/// Whether nothing but amounts stands below a header of so many rows.
fn are_amounts(columns: &[Vec<String>], header: usize) -> bool {
    let amount = |t: &String| t.is_empty() || numeric(t);
    let rows = columns.first().map_or(0, Vec::len);
    (1..=MOST_HEADER).contains(&header)
        && header < rows
        && columns.iter().all(|c| c.iter().skip(header).all(amount))
}

fn is_department(text: &str) -> bool {
    hints::is_caption(text) && text.contains("部门")
}

/// Number of rows down to the last one with words.
fn header_rows(columns: &[Vec<String>]) -> usize {
    columns.iter().filter_map(|c| c.iter().rposition(|t| words(t))).max().map_or(0, |r| r + 1)
}

/// Puts the columns of `b` from `repeated` on beside those of `a`, and what stands above them.
fn append(a: &mut PageGrids, b: &mut PageGrids, repeated: usize) {
    let Some(right) = b.grids.pop() else { return };
    let Some(left) = a.grids.first_mut() else { return };
    let start = left.columns() as u32;
    let shift = left.bbox.x1 - right.xs.get(repeated).copied().unwrap_or_default();
    let header = header_rows(columns(&right).get(repeated..).unwrap_or_default());
    left.seams.push(Seam { column: start, page: right.page, shift });
    left.xs.extend(right.xs.iter().skip(repeated + 1).map(|x| x + shift));
    left.bbox.x1 = right.bbox.x1 + shift;
    for mut cell in right.cells {
        if (cell.column as usize) < repeated {
            continue;
        }
        let border = cell.column as usize == repeated;
        cell.column = cell.column - repeated as u32 + start;
        moved(&mut cell.bbox, shift);
        cell.lines.iter_mut().for_each(|l| l.move_right(shift));
        let above = ((cell.row + cell.row_span) as usize) < header && border;
        let beside = left.cells.iter_mut().find(|o| {
            above && o.column + o.column_span == start && (o.row, o.row_span) == (cell.row, cell.row_span)
        });
        if let Some(o) = beside
            && let Some(lines) = one_heading(o, &cell)
        {
            o.column_span += cell.column_span;
            o.bbox = o.bbox.union(&cell.bbox);
            o.lines = lines;
        } else {
            left.cells.push(cell);
        }
    }
    left.cells.sort_by_key(|c| (c.row, c.column));
    let top = left.bbox.y0;
    for mut line in b.lines.extract_if(.., |l| l.bbox.cy() < top) {
        moved(&mut line.bbox, shift);
        let beside = a.lines.iter_mut().rfind(|o| (o.bbox.cy() - line.bbox.cy()).abs() < 2.0);
        if let Some(o) = beside
            && let Some(text) = overlapping(&o.text, &line.text)
        {
            o.text = text;
            o.bbox = o.bbox.union(&line.bbox);
            continue;
        }
        let known = a.lines.iter().any(|o| o.text == line.text);
        if !known && (repeated == 0 || hints::is_caption(&line.text)) {
            a.lines.push(line);
        }
    }
    a.lines.sort_by(|x, y| x.bbox.cy().total_cmp(&y.bbox.cy()).then(x.bbox.x0.total_cmp(&y.bbox.x0)));
}

impl CellLine {
    fn move_right(&mut self, shift: f32) {
        moved(&mut self.bbox, shift);
        self.gaps.iter_mut().for_each(|g| (g.x0, g.x1) = (g.x0 + shift, g.x1 + shift));
    }
}

fn moved(bbox: &mut Rect, shift: f32) {
    bbox.x0 += shift;
    bbox.x1 += shift;
}

/// The lines of a heading that was cut in two with its columns: the same text on both pages, on one of them, or
/// clipped between them. `None` for two headings.
fn one_heading(a: &Cell, b: &Cell) -> Option<Vec<CellLine>> {
    let (left, right) = (a.text(), b.text());
    if right.is_empty() || left == right {
        return Some(a.lines.clone());
    }
    if left.is_empty() {
        return Some(b.lines.clone());
    }
    let ([first], [second]) = (a.lines.as_slice(), b.lines.as_slice()) else { return None };
    let reach = 0.9 * first.bbox.height();
    let clipped = first.bbox.x1 > a.bbox.x1 - reach && second.bbox.x0 < b.bbox.x0 + reach;
    let text = overlapping(&left, &right).or_else(|| clipped.then(|| left + &right))?;
    Some(vec![CellLine { text, bbox: first.bbox.union(&second.bbox), gaps: Vec::new() }])
}

/// Two texts of which the second begins with what the first one ends with, as one.
fn overlapping(left: &str, right: &str) -> Option<String> {
    let ends = right.char_indices().map(|(i, c)| i + c.len_utf8());
    let common = ends.rev().find(|n| right.get(..*n).is_some_and(|head| left.ends_with(head)))?;
    Some(left.to_owned() + right.get(common..).unwrap_or_default())
}

impl Grid {
    /// A box in this column as it is on its page, and that page.
    pub fn placed(&self, column: usize, bbox: Rect) -> (u32, Rect) {
        let seam = self.seams.iter().rev().find(|s| s.column as usize <= column);
        seam.map_or((self.page, bbox), |s| {
            let mut back = bbox;
            moved(&mut back, -s.shift);
            (s.page, back)
        })
    }
}
