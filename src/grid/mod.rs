//! Words, rulings and fills → grids of cells. Knows nothing of budgets: it works on any page, in any language.

mod assign;
mod build;
mod chart;
mod corners;
mod follow;
mod hints;
mod lattice;
mod levels;
mod loose;
mod plan;
mod region;
mod shape;
mod stream;
mod track;
mod wide;

use crate::geometry::Rect;
use crate::layout::{PageText, Turn};
use crate::limits::Deadline;
use crate::normalize::text::{NEXT, join_wrapped};
use crate::pdf::Page;
pub(crate) use follow::adopt as adopt_columns;
pub use wide::Seam;
pub(crate) use wide::join as join_cut_tables;

/// A cell with so much room beside a number, in heights of its line, did not have to wrap it: the next digit needs half
/// an em, and the cell's margins rarely more than one.
const ROOM: f32 = 2.0;

/// How the lines of a grid were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Rows and columns from rulings.
    Lattice,
    /// Rows or columns (or both) from the alignment of text, with whatever rulings there are.
    Stream,
    /// Columns as certain as rulings: from what is painted (ends of borders, sides of fills), or from headings that
    /// stand in the middle of cells which fill the table's width exactly. Rows as for [`Method::Stream`].
    Edged,
}

/// One line of text within a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct CellLine {
    /// Text with single spaces where the page shows a gap.
    pub text: String,
    /// Its box.
    pub bbox: Rect,
    /// Wide gaps within it.
    pub gaps: Vec<Gap>,
}

/// A gap within a line that may part two cells' texts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// Where the text behind it begins, in bytes, a space before it included.
    pub at: usize,
    /// Its left end.
    pub x0: f32,
    /// Its right end.
    pub x1: f32,
}

/// A cell: a rectangle of rows × columns, with the text inside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// First row, from 0.
    pub row: u32,
    /// First column, from 0.
    pub column: u32,
    /// Number of rows it covers, at least 1.
    pub row_span: u32,
    /// Number of columns it covers, at least 1.
    pub column_span: u32,
    /// Box of the cell itself (between its rulings).
    pub bbox: Rect,
    /// Lines of text from top to bottom; empty for a blank cell.
    pub lines: Vec<CellLine>,
    /// The text is wider than the cell and was kept whole.
    pub overflow: bool,
}

/// A grid: every slot (row, column) belongs to exactly one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Page number, from 1.
    pub page: u32,
    /// Hull of all cells.
    pub bbox: Rect,
    /// How it was found.
    pub method: Method,
    /// y of the row edges: one more than there are rows.
    pub ys: Vec<f32>,
    /// x of the column edges: one more than there are columns.
    pub xs: Vec<f32>,
    /// Cells sorted by row, then by column.
    pub cells: Vec<Cell>,
    /// Where further columns of the same rows stand on the next pages.
    pub seams: Vec<Seam>,
}

/// A line of text that belongs to no grid: titles, units, notes, prose.
#[derive(Clone, Debug, PartialEq)]
pub struct TextLine {
    /// Text with single spaces where the page shows a gap.
    pub text: String,
    /// Its box.
    pub bbox: Rect,
    /// Size of its largest glyph in points.
    pub size: f32,
}

/// What the geometry of one page says, before any meaning.
#[derive(Clone, Debug, Default)]
pub struct PageGrids {
    /// Page number, from 1.
    pub number: u32,
    /// Width in points, as read.
    pub width: f32,
    /// Height in points, as read.
    pub height: f32,
    /// How the displayed page was turned so that its text runs to the right. All boxes are those of the page as
    /// read, so that above and below mean what a reader means; see [`PageGrids::displayed`].
    pub turn: Turn,
    /// Grids from top to bottom.
    pub grids: Vec<Grid>,
    /// All other lines from top to bottom, side by side pieces from left to right.
    pub lines: Vec<TextLine>,
}

impl PageGrids {
    /// A box of the page as read → the box on the page as displayed.
    pub fn displayed(&self, bbox: Rect) -> Rect {
        let (width, height) = self.turn.extent(self.width, self.height);
        self.turn.back(bbox, width, height)
    }

    /// Whether amounts stand below one another outside of all grids: a table was printed there and not found.
    pub fn leaves_amounts(&self) -> bool {
        loose::hold_columns(&self.lines, self.width)
    }

    /// About what it takes in memory, in bytes.
    pub fn bytes(&self) -> usize {
        let text = |text: &String| text.len().next_multiple_of(16);
        let cell = |cell: &Cell| {
            let line = |line: &CellLine| {
                size_of::<CellLine>() + text(&line.text) + size_of_val(line.gaps.as_slice())
            };
            let lines = cell.lines.iter().map(line);
            size_of::<Cell>() + lines.sum::<usize>()
        };
        let grid = |grid: &Grid| {
            let edges = size_of_val(grid.xs.as_slice()) + size_of_val(grid.ys.as_slice());
            size_of::<Grid>() + edges + grid.cells.iter().map(cell).sum::<usize>()
        };
        let lines = self.lines.iter().map(|line| size_of::<TextLine>() + text(&line.text));
        size_of::<Self>() + self.grids.iter().map(grid).sum::<usize>() + lines.sum::<usize>()
    }

    /// The same page with all boxes as displayed.
    #[must_use]
    pub fn as_displayed(mut self) -> Self {
        if self.turn == Turn::None {
            return self;
        }
        let page = PageGrids { grids: Vec::new(), lines: Vec::new(), ..self };
        let back = |r: &mut Rect| *r = page.displayed(*r);
        for grid in &mut self.grids {
            back(&mut grid.bbox);
            for cell in &mut grid.cells {
                back(&mut cell.bbox);
                for line in &mut cell.lines {
                    back(&mut line.bbox);
                    line.gaps.clear();
                }
            }
        }
        self.lines.iter_mut().for_each(|l| back(&mut l.bbox));
        (self.width, self.height) = self.turn.extent(self.width, self.height);
        self.turn = Turn::None;
        self
    }
}

impl Grid {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.ys.len().saturating_sub(1)
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.xs.len().saturating_sub(1)
    }
}

impl Cell {
    /// The cell's whole text: its lines joined as wrapping would have it (no space between CJK characters
    /// or digits, one space between Latin words).
    ///
    /// Two numbers below one another stay two, parted by [`NEXT`]: they are joined only if the upper one fills its line.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (i, line) in self.lines.iter().enumerate() {
            let above = i.checked_sub(1).and_then(|i| self.lines.get(i));
            if above.is_some_and(|above| self.ends_number(above, line)) {
                out.push(NEXT);
                out.push_str(line.text.trim());
            } else {
                out = join_wrapped([out.as_str(), line.text.as_str()]);
            }
        }
        out
    }

    /// Whether a line and the one below it are numbers of their own: there is [`ROOM`] beside the upper one, so nothing
    /// forced it to go on below.
    fn ends_number(&self, above: &CellLine, below: &CellLine) -> bool {
        let number = |line: &CellLine| {
            matches!(shape::shape_of(line.text.chars()), shape::Shape::Amount | shape::Shape::Integer)
        };
        let room = self.bbox.width() - above.bbox.width();
        number(above) && number(below) && room > ROOM * above.bbox.height()
    }

    /// Whether the cell has no text.
    pub fn is_blank(&self) -> bool {
        self.lines.iter().all(|l| l.text.trim().is_empty())
    }
}

/// Finds the grids of one page.
pub fn page_grids(page: &Page, text: &PageText, deadline: Deadline) -> PageGrids {
    build::page_grids(page, text, deadline)
}

#[cfg(test)]
mod synthetic;
#[cfg(test)]
mod tests;
