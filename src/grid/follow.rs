//! A table that goes on on the next page without its header: columns without text there were not found, and where the
//! others end is a guess. Where its numbers stand right below those of the page before, that page tells the columns.

use super::shape::shape_of;
use super::{Cell, CellLine, Grid, Method, PageGrids, hints};

/// Numbers of one column end, begin or are centred at the same x to this many points.
const SAME: f32 = 1.5;
/// Left and right ends of both tables differ by no more than this.
const ENDS: f32 = 3.0;
/// How far text may reach over its column's edge, in heights of its line.
const OVER: f32 = 0.35;

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
        && lines(to).any(|(c, l)| c.row == 0 && is_number(l))
}

fn lines(grid: &Grid) -> impl Iterator<Item = (&Cell, &CellLine)> {
    grid.cells.iter().flat_map(|c| c.lines.iter().map(move |l| (c, l)))
}

fn is_number(line: &CellLine) -> bool {
    line.text.chars().any(|c| c.is_ascii_digit()) && shape_of(line.text.chars()).is_numeric()
}

/// The column that holds a line, if it keeps to it.
fn column(line: &CellLine, xs: &[f32]) -> Option<usize> {
    let over = OVER * line.bbox.height();
    let c = xs.partition_point(|x| *x <= line.bbox.cx()).checked_sub(1)?;
    let (a, b) = (xs.get(c)?, xs.get(c + 1)?);
    (line.bbox.x0 > a - over && line.bbox.x1 < b + over).then_some(c)
}

/// The cells of `to` in the columns of `from`; `None` if some text keeps to no column or two cells meet in one, or if
/// numbers stand elsewhere in their columns than on the page before.
fn seated(from: &Grid, to: &Grid) -> Option<Vec<Cell>> {
    let xs = &from.xs;
    let (rows, columns) = (to.rows(), from.columns());
    let mut slots: Vec<Option<(usize, Vec<CellLine>)>> = vec![None; rows * columns];
    for (n, cell) in to.cells.iter().enumerate() {
        if cell.row_span > 1 && !cell.is_blank() {
            return None;
        }
        for line in &cell.lines {
            let slot = slots.get_mut(cell.row as usize * columns + column(line, xs)?)?;
            match slot {
                Some((owner, lines)) if *owner == n => lines.push(line.clone()),
                Some(_) => return None,
                None => *slot = Some((n, vec![line.clone()])),
            }
        }
    }
    if !aligned(from, to) {
        return None;
    }
    let cells = slots.into_iter().enumerate().map(|(i, slot)| {
        let (row, column) = (i / columns, i % columns);
        let edge = |v: &[f32], i: usize| v.get(i).copied().unwrap_or_default();
        let bbox = crate::geometry::Rect::new(
            edge(xs, column),
            edge(&to.ys, row),
            edge(xs, column + 1),
            edge(&to.ys, row + 1),
        );
        Cell {
            row: row as u32,
            column: column as u32,
            row_span: 1,
            column_span: 1,
            bbox,
            lines: slot.map(|(_, lines)| lines).unwrap_or_default(),
            overflow: false,
        }
    });
    Some(cells.collect())
}

/// Whether the numbers of both grids stand in the same way in the columns that both fill, two of them at least.
fn aligned(from: &Grid, to: &Grid) -> bool {
    let places = |grid: &Grid, c: usize| {
        let own = lines(grid).filter(|(_, l)| is_number(l) && column(l, &from.xs) == Some(c));
        own.fold(None, |hull: Option<(f32, f32, f32)>, (_, l)| {
            let (x0, x1) = hull.map_or((f32::INFINITY, f32::NEG_INFINITY), |h| (h.0, h.1));
            Some((x0.min(l.bbox.x0), x1.max(l.bbox.x1), l.bbox.cx()))
        })
    };
    let mut common = 0;
    for c in 0..from.columns() {
        if let (Some(a), Some(b)) = (places(from, c), places(to, c)) {
            let same = |x: f32, y: f32| (x - y).abs() < SAME;
            if !(same(a.0, b.0) || same(a.1, b.1) || same(a.2, b.2)) {
                return false;
            }
            common += 1;
        }
    }
    common > 1
}
