//! Grids → a picture of their cells for a terminal, in box-drawing characters.

use super::grid::method;
use super::printable::printable;
use crate::grid::{Cell, Grid, PageGrids};
use crate::normalize::text::NEXT;
use std::fmt::Write as _;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Narrowest column of the picture, without its border.
const NARROW: usize = 3;

/// Most lines that one cell's text takes in the picture; what does not fit ends in `…`.
const TALL: usize = 12;

/// The grids of all pages as pictures, at most `width` columns of the terminal wide where that is possible at all:
/// cells that span rows or columns are drawn as one. Text is printable.
pub fn text(pages: &[PageGrids], width: usize) -> String {
    let mut out = String::new();
    for page in pages {
        for (i, grid) in page.grids.iter().enumerate() {
            let _ = writeln!(
                out,
                "page {}, grid {} of {}: {} rows × {} columns, {}",
                page.number,
                i + 1,
                page.grids.len(),
                grid.rows(),
                grid.columns(),
                method(grid.method)
            );
            picture(&mut out, grid, width);
            out.push('\n');
        }
    }
    out
}

/// Where each cell's text goes and how large everything is drawn.
struct Drawing<'a> {
    grid: &'a Grid,
    /// Index of the cell that owns each slot, row by row; `usize::MAX` for none.
    owner: Vec<usize>,
    texts: Vec<String>,
    widths: Vec<usize>,
    /// Wrapped text of each cell.
    lines: Vec<Vec<String>>,
    heights: Vec<usize>,
}

fn picture(out: &mut String, grid: &Grid, width: usize) {
    let (rows, columns) = (grid.rows(), grid.columns());
    if rows == 0 || columns == 0 {
        return;
    }
    let mut owner = vec![usize::MAX; rows * columns];
    for (i, cell) in grid.cells.iter().enumerate() {
        for row in span(cell.row, cell.row_span, rows) {
            for column in span(cell.column, cell.column_span, columns) {
                if let Some(slot) = owner.get_mut(row * columns + column) {
                    *slot = i;
                }
            }
        }
    }
    let texts = grid.cells.iter().map(|c| printable(&c.text().replace(NEXT, " ")).into_owned()).collect();
    let mut drawing =
        Drawing { grid, owner, texts, widths: Vec::new(), lines: Vec::new(), heights: Vec::new() };
    drawing.widths = drawing.column_widths(width);
    drawing.lines = drawing.wrapped();
    drawing.heights = drawing.row_heights();
    drawing.draw(out);
}

/// The slots that a cell covers along one axis, kept inside the grid.
fn span(start: u32, length: u32, limit: usize) -> std::ops::Range<usize> {
    let start = start as usize;
    start..start.saturating_add(length as usize).min(limit)
}

impl Drawing<'_> {
    fn rows_of(&self, cell: &Cell) -> std::ops::Range<usize> {
        span(cell.row, cell.row_span, self.grid.rows())
    }

    fn columns_of(&self, cell: &Cell) -> std::ops::Range<usize> {
        span(cell.column, cell.column_span, self.grid.columns())
    }

    /// As wide as the texts want, then the widest column is narrowed until the whole fits.
    fn column_widths(&self, limit: usize) -> Vec<usize> {
        let columns = self.grid.columns();
        let mut widths = vec![NARROW; columns];
        for (cell, text) in self.grid.cells.iter().zip(&self.texts) {
            let range = self.columns_of(cell);
            let wish = text.width().div_ceil(range.len().max(1));
            for column in range {
                if let Some(width) = widths.get_mut(column) {
                    *width = (*width).max(wish);
                }
            }
        }
        let mut excess = (widths.iter().sum::<usize>() + columns + 1).saturating_sub(limit);
        while excess > 0 {
            // cut the widest ones down to the next widest
            let widest = widths.iter().copied().max().unwrap_or(NARROW);
            let next = widths.iter().copied().filter(|w| *w < widest).max().unwrap_or(NARROW).max(NARROW);
            if widest <= NARROW {
                break;
            }
            for width in widths.iter_mut().filter(|w| **w == widest) {
                let cut = (widest - next).max(1).min(excess).min(widest - NARROW);
                *width -= cut;
                excess -= cut;
            }
        }
        widths
    }

    /// Room for a cell's text: its columns and the borders between them.
    fn room(&self, cell: &Cell) -> usize {
        let range = self.columns_of(cell);
        let inner = range.len().saturating_sub(1);
        self.widths.get(range).unwrap_or_default().iter().sum::<usize>() + inner
    }

    fn wrapped(&self) -> Vec<Vec<String>> {
        self.grid.cells.iter().zip(&self.texts).map(|(cell, text)| wrap(text, self.room(cell))).collect()
    }

    /// As high as the texts want; what a spanning cell lacks goes to its last row.
    fn row_heights(&self) -> Vec<usize> {
        let mut heights = vec![1; self.grid.rows()];
        let mut cells: Vec<_> = self.grid.cells.iter().zip(&self.lines).collect();
        cells.sort_by_key(|(cell, _)| cell.row_span);
        for (cell, lines) in cells {
            let range = self.rows_of(cell);
            let inner = range.len().saturating_sub(1);
            let have = heights.get(range.clone()).unwrap_or_default().iter().sum::<usize>() + inner;
            if let Some(last) = heights.get_mut(range.end.saturating_sub(1)) {
                *last += lines.len().saturating_sub(have);
            }
        }
        heights
    }

    fn owner(&self, row: usize, column: usize) -> Option<usize> {
        self.owner.get(row * self.grid.columns() + column).copied().filter(|i| *i != usize::MAX)
    }

    fn draw(&self, out: &mut String) {
        let (rows, columns) = (self.grid.rows(), self.grid.columns());
        // how many text lines of each cell are out already; a border line inside a cell counts as one
        let mut printed = vec![0; self.grid.cells.len()];
        for row in 0..=rows {
            self.border(out, row, &mut printed);
            let height = self.heights.get(row).copied().unwrap_or(0);
            for _ in 0..if row < rows { height } else { 0 } {
                let mut column = 0;
                while column < columns {
                    out.push('│');
                    column = self.piece(out, row, column, &mut printed);
                }
                out.push_str("│\n");
            }
        }
    }

    /// One line of the cell at this slot; gives the column behind it.
    fn piece(&self, out: &mut String, row: usize, column: usize, printed: &mut [usize]) -> usize {
        let Some(i) = self.owner(row, column) else {
            let width = self.widths.get(column).copied().unwrap_or(0);
            out.extend(std::iter::repeat_n(' ', width));
            return column + 1;
        };
        let (Some(cell), Some(at)) = (self.grid.cells.get(i), printed.get_mut(i)) else { return column + 1 };
        let line = self.lines.get(i).and_then(|l| l.get(*at)).map_or("", String::as_str);
        *at += 1;
        let room = self.room(cell);
        let fill = room.saturating_sub(line.width());
        let (before, after) = if amount_like(line) { (fill, 0) } else { (0, fill) };
        out.extend(std::iter::repeat_n(' ', before));
        out.push_str(line);
        out.extend(std::iter::repeat_n(' ', after));
        self.columns_of(cell).end.max(column + 1)
    }

    /// The line between `row - 1` and `row`: interrupted where a cell spans both.
    fn border(&self, out: &mut String, row: usize, printed: &mut [usize]) {
        let (rows, columns) = (self.grid.rows(), self.grid.columns());
        let at = |r: Option<usize>, c: Option<usize>| match (r, c) {
            (Some(r), Some(c)) if r < rows && c < columns => {
                // a slot without a cell is a cell of its own
                Some(self.owner(r, c).unwrap_or(self.grid.cells.len() + r * columns + c))
            }
            _ => None,
        };
        let above = row.checked_sub(1);
        let below = (row < rows).then_some(row);
        let mut column = 0;
        while column <= columns {
            let left = column.checked_sub(1);
            let right = (column < columns).then_some(column);
            let (nw, ne) = (at(above, left), at(above, right));
            let (sw, se) = (at(below, left), at(below, right));
            out.push(corner(nw != ne, ne != se, sw != se, nw != sw));
            let Some(right) = right else { break };
            if ne == se {
                // inside a cell that spans both rows: the line carries its text
                column = self.piece(out, row, right, printed);
            } else {
                let width = self.widths.get(right).copied().unwrap_or(0);
                out.extend(std::iter::repeat_n('─', width));
                column += 1;
            }
        }
        out.push('\n');
    }
}

/// The box-drawing character that has these arms.
fn corner(up: bool, right: bool, down: bool, left: bool) -> char {
    match (up, right, down, left) {
        (true, true, true, true) => '┼',
        (true, true, true, false) => '├',
        (true, false, true, true) => '┤',
        (false, true, true, true) => '┬',
        (true, true, false, true) => '┴',
        (false, true, true, false) => '┌',
        (false, false, true, true) => '┐',
        (true, true, false, false) => '└',
        (true, false, false, true) => '┘',
        (true, false, _, false) | (false, false, true, false) => '│',
        (false, _, false, true) | (false, true, false, false) => '─',
        (false, false, false, false) => ' ',
    }
}

/// Numbers stand at the right edge, as in print.
fn amount_like(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || ",.-% ".contains(c))
}

/// Breaks a text into lines of at most `room` columns: anywhere, as Chinese text allows.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for c in text.chars() {
        let width = c.width().unwrap_or(0);
        if used + width > room && used > 0 {
            if lines.len() == TALL {
                if let Some(last) = lines.last_mut() {
                    while last.width() + 1 > room && last.pop().is_some() {}
                    last.push('…');
                }
                return lines;
            }
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
        used += width;
    }
    lines
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::grid::tests::{cell, grid};
    use super::*;

    fn drawn(page: PageGrids, width: usize) -> String {
        let out = text(&[page], width);
        out.split_once('\n').unwrap().1.trim_end().to_owned()
    }

    #[test]
    fn a_page_without_grids_has_no_picture() {
        assert_eq!(text(&[PageGrids::default()], 80), "");
    }

    #[test]
    fn chinese_characters_are_two_columns_wide() {
        let page = grid(
            2,
            2,
            vec![
                cell(0, 0, 1, 1, "项目"),
                cell(0, 1, 1, 1, "预算数"),
                cell(1, 0, 1, 1, "合计"),
                cell(1, 1, 1, 1, "1.00"),
            ],
        );
        assert_eq!(
            drawn(page, 80),
            "\
┌────┬──────┐
│项目│预算数│
├────┼──────┤
│合计│  1.00│
└────┴──────┘"
        );
    }

    #[test]
    fn spans_are_drawn_as_one_cell() {
        let page = grid(
            3,
            3,
            vec![
                cell(0, 0, 2, 1, "code"),
                cell(0, 1, 1, 2, "expenditure"),
                cell(1, 1, 1, 1, "basic"),
                cell(1, 2, 1, 1, "proj"),
                cell(2, 0, 1, 1, "201"),
                cell(2, 1, 1, 1, "1.00"),
                cell(2, 2, 1, 1, ""),
            ],
        );
        assert_eq!(
            drawn(page, 80),
            "\
┌────┬─────────────┐
│code│expenditure  │
│    ├──────┬──────┤
│    │basic │proj  │
├────┼──────┼──────┤
│ 201│  1.00│      │
└────┴──────┴──────┘"
        );
    }

    #[test]
    fn the_picture_is_as_narrow_as_it_is_told_and_text_wraps() {
        let page = grid(1, 2, vec![cell(0, 0, 1, 1, "一般公共服务支出"), cell(0, 1, 1, 1, "374.96")]);
        assert_eq!(
            drawn(page, 17),
            "\
┌────────┬──────┐
│一般公共│374.96│
│服务支出│      │
└────────┴──────┘"
        );
    }

    #[test]
    fn a_text_that_wraps_inside_a_row_span_uses_the_border_line_too() {
        let page =
            grid(2, 2, vec![cell(0, 0, 2, 1, "abcdefghi"), cell(0, 1, 1, 1, "x"), cell(1, 1, 1, 1, "y")]);
        assert_eq!(
            drawn(page, 9),
            "\
┌───┬───┐
│abc│x  │
│def├───┤
│ghi│y  │
└───┴───┘"
        );
    }

    #[test]
    fn very_long_text_is_cut_and_says_so() {
        let page = grid(1, 1, vec![cell(0, 0, 1, 1, &"字".repeat(500))]);
        let out = drawn(page, 10);
        assert_eq!(out.lines().count(), TALL + 2);
        assert!(out.contains('…'));
        assert!(out.lines().all(|l| l.width() <= 10));
    }

    #[test]
    fn cells_that_lie_about_their_place_do_no_harm() {
        let page = grid(1, 1, vec![cell(7, 9, u32::MAX, u32::MAX, "x"), cell(0, 0, 9, 9, "y")]);
        assert!(drawn(page, 80).contains('y'));
    }

    #[test]
    fn control_characters_are_not_drawn() {
        let page = grid(1, 1, vec![cell(0, 0, 1, 1, "a\u{1b}[31m")]);
        assert!(!drawn(page, 80).contains('\u{1b}'));
    }
}
