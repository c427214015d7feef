//! A table that goes on on the next page without its header: columns without text there were not found, and where the
//! others end is a guess. Where its numbers stand right below those of the page before, that page tells the columns.

use super::shape::shape_of;
use super::{Cell, CellLine, Grid, Method, PageGrids, hints};
use crate::geometry::Rect;

/// Numbers of one column end, begin or are centred at the same x to this many points.
const SAME: f32 = 1.5;
/// Left and right ends of both tables differ by no more than this.
const ENDS: f32 = 3.0;
/// How far a number may reach over its column's edge, in heights of its line.
const OVER: f32 = 0.35;
/// Words that begin this close to a column's edge begin in that column.
const BEGIN: f32 = 0.8;

/// Gives the pages that go on with a table the columns of the page before.
pub(crate) fn adopt(pages: &mut [PageGrids]) {
    for next in 1..pages.len() {
        if let Some((before, after)) = pages.split_at_mut_checked(next)
            && let (Some(a), Some(b)) = (before.last(), after.first_mut())
            && goes_on(a, b)
            && let (Some(from), Some(to)) = (a.grids.last(), b.grids.first_mut())
            && let Some(cells) = seated(from, to)
        {
            to.cells = cells;
            to.xs.clone_from(&from.xs);
            (to.bbox.x0, to.bbox.x1) = (from.bbox.x0, from.bbox.x1);
            to.method = from.method;
        }
    }
}

/// Whether the first grid of a page may go on with the last one of the page before.
fn goes_on(a: &PageGrids, b: &PageGrids) -> bool {
    let (Some(from), Some(to)) = (a.grids.last(), b.grids.first()) else { return false };
    let captioned = b.lines.iter().any(|l| l.bbox.cy() < to.bbox.y0 && hints::is_caption(&l.text));
    a.number + 1 == b.number
        && a.turn == b.turn
        && (a.width - b.width).abs() < SAME
        && !captioned
        && from.seams.is_empty()
        && to.seams.is_empty()
        && from.method != Method::Stream
        && to.method == Method::Stream
        && to.bbox.x0 > from.bbox.x0 - ENDS
        && to.bbox.x1 < from.bbox.x1 + ENDS
        && is_headless(to)
        && !reads_on(to)
        && first_row(from) != first_row(to)
}

/// Whether sentences end in more than one place: prose that happens to leave the columns' edges free.
fn reads_on(grid: &Grid) -> bool {
    let ends = |line: &&CellLine| line.text.trim_end().ends_with('。');
    grid.cells.iter().flat_map(|c| &c.lines).filter(ends).count() > 1
}

/// Whether nothing stands above a table's first numbers but names, one in a row: headings stand side by side.
fn is_headless(grid: &Grid) -> bool {
    let number = |line: &CellLine| {
        let ends = line.gaps.iter().map(|g| g.at).chain([line.text.len()]);
        let starts = std::iter::once(0).chain(line.gaps.iter().map(|g| g.at));
        starts.zip(ends).any(|(a, b)| is_number(line.text.get(a..b).unwrap_or_default()))
    };
    let row = |row: u32| grid.cells.iter().filter(move |c| c.row == row && !c.is_blank());
    let first = (0..grid.rows() as u32).find(|r| row(*r).flat_map(|c| &c.lines).any(number));
    first.is_some_and(|first| (0..first).all(|r| row(r).count() < 2))
}

fn first_row(grid: &Grid) -> String {
    grid.cells.iter().filter(|c| c.row == 0).map(Cell::text).collect()
}

fn is_number(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit()) && shape_of(text.chars()).is_numeric()
}

/// The column that holds this x.
fn column_at(x: f32, xs: &[f32]) -> Option<usize> {
    xs.partition_point(|e| *e <= x).checked_sub(1).filter(|c| c + 1 < xs.len())
}

/// The column of a text: a number keeps to it, words may reach over its edges.
fn column(line: &CellLine, xs: &[f32]) -> Option<usize> {
    let height = line.bbox.height();
    let c = column_at(line.bbox.cx(), xs)?;
    let (a, b) = (xs.get(c)?, xs.get(c + 1)?);
    let over = OVER * height;
    if line.bbox.x0 > a - over && line.bbox.x1 < b + over {
        return Some(c);
    }
    if is_number(&line.text) {
        return None;
    }
    let first = column_at(line.bbox.x0 + over, xs)?;
    Some(if xs.get(first)? + BEGIN * height > line.bbox.x0 { first } else { c })
}

/// A line in pieces, cut at the gaps on both sides of which another column is.
fn pieces(line: &CellLine, xs: &[f32]) -> Vec<CellLine> {
    let mut out = Vec::new();
    let (mut start, mut x0) = (0, line.bbox.x0);
    let mut push = |start: usize, end: usize, x0: f32, x1: f32| {
        let text = line.text.get(start..end).unwrap_or_default().trim().to_owned();
        out.push(CellLine { text, bbox: Rect { x0, x1, ..line.bbox }, gaps: Vec::new() });
    };
    for gap in &line.gaps {
        let reach = OVER * line.bbox.height();
        if xs.iter().any(|x| *x > gap.x0 - reach && *x < gap.x1 + reach) {
            push(start, gap.at, x0, gap.x0);
            (start, x0) = (gap.at, gap.x1);
        }
    }
    push(start, line.text.len(), x0, line.bbox.x1);
    out
}

/// The cells of `to` in the columns of `from`; `None` if a number keeps to no column or two texts meet in one, or if
/// numbers stand elsewhere in their columns than on the page before.
fn seated(from: &Grid, to: &Grid) -> Option<Vec<Cell>> {
    let xs = &from.xs;
    let (rows, columns) = (to.rows(), from.columns());
    // whose text stands in a slot, and the text
    let mut slots: Vec<(Option<(usize, usize)>, Vec<CellLine>)> = vec![(None, Vec::new()); rows * columns];
    for (n, cell) in to.cells.iter().enumerate() {
        if cell.row_span > 1 && !cell.is_blank() {
            return None;
        }
        for line in &cell.lines {
            for (part, piece) in pieces(line, xs).into_iter().enumerate() {
                let slot = cell.row as usize * columns + column(&piece, xs)?;
                let (owner, lines) = slots.get_mut(slot)?;
                // the lines of one cell stand below one another, the first pieces of all of them in one column
                if owner.replace((n, part)).is_some_and(|o| o != (n, part)) {
                    return None;
                }
                lines.push(piece);
            }
        }
    }
    let cells = slots.into_iter().enumerate().map(|(i, (_, lines))| {
        let (row, column) = (i / columns, i % columns);
        let edge = |v: &[f32], i: usize| v.get(i).copied().unwrap_or_default();
        let bbox =
            Rect::new(edge(xs, column), edge(&to.ys, row), edge(xs, column + 1), edge(&to.ys, row + 1));
        let (row, column) = (row as u32, column as u32);
        Cell { row, column, row_span: 1, column_span: 1, bbox, lines, overflow: false }
    });
    let cells: Vec<Cell> = cells.collect();
    aligned(from, &cells).then_some(cells)
}

/// For each column the hull of its numbers from left to right, and the middle of the last one.
fn numbers(cells: &[Cell], xs: &[f32]) -> Vec<Option<(f32, f32, f32)>> {
    let mut out = vec![None; xs.len().saturating_sub(1)];
    for line in cells.iter().flat_map(|c| &c.lines).filter(|l| is_number(&l.text)) {
        if let Some(slot) = column(line, xs).and_then(|c| out.get_mut(c)) {
            let (x0, x1) = slot.map_or((f32::INFINITY, f32::NEG_INFINITY), |(x0, x1, _)| (x0, x1));
            *slot = Some((x0.min(line.bbox.x0), x1.max(line.bbox.x1), line.bbox.cx()));
        }
    }
    out
}

/// Whether the numbers of both grids stand in the same way in the columns that both fill, two of them at least.
fn aligned(from: &Grid, cells: &[Cell]) -> bool {
    let same = |x: f32, y: f32| (x - y).abs() < SAME;
    let mut common = 0;
    for places in numbers(&from.cells, &from.xs).into_iter().zip(numbers(cells, &from.xs)) {
        if let (Some(a), Some(b)) = places {
            if !(same(a.0, b.0) || same(a.1, b.1) || same(a.2, b.2)) {
                return false;
            }
            common += 1;
        }
    }
    common > 1
}
