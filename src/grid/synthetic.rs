//! Tables drawn as pages: the tests' own typesetter. A [`Table`] (cells with spans and texts) is laid out and
//! painted as glyphs, rulings and fills in one of many styles; reading the page must give the table back.

use crate::geometry::Rect;
use crate::pdf::{Axis, Direction, Fill, Glyph, Page, Ruling};

/// How the table's lines are painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// One stroke per line, from end to end, interrupted by spans.
    Grid,
    /// Every cell paints its four borders as hairline rectangles.
    CellRects,
    /// Every slot paints its own pieces, with small gaps between.
    Segments,
    /// As `Segments`, the pieces so short that none comes near another one.
    Short,
    /// As `Grid`, without the left and right border.
    OpenSides,
    /// As `Grid`, every line doubled.
    Double,
    /// As `Grid`, in dashes.
    Dashed,
    /// Horizontal lines only, from end to end where no span is crossed.
    HorizontalRules,
    /// Horizontal lines only, painted column by column.
    HorizontalPieces,
    /// Top, under the header, bottom; and the rules under spanning headers.
    ThreeLine,
    /// Header cells filled, a hairline under every row.
    HeaderFill,
    /// Every second body row filled, header filled; no line at all.
    Zebra,
    /// Vertical lines, and one at the top and the bottom.
    Uprights,
    /// As `Uprights`, every cell painting its own piece.
    UprightPieces,
    /// Nothing painted.
    #[allow(dead_code)] // no property holds for it yet
    Bare,
}

/// Where text stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
}

/// A column of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// Width in ems.
    pub(crate) width: f32,
    /// Alignment of body cells; header cells are centred.
    pub(crate) align: Align,
}

/// A cell with a text. Slots without one are blank cells of their own.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) row: usize,
    pub(crate) column: usize,
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) text: String,
}

impl Text {
    pub(crate) fn one(row: usize, column: usize, text: &str) -> Self {
        Self { row, column, rows: 1, columns: 1, text: text.to_owned() }
    }

    pub(crate) fn span(row: usize, column: usize, rows: usize, columns: usize, text: &str) -> Self {
        Self { row, column, rows, columns, text: text.to_owned() }
    }
}

/// A table to draw.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) columns: Vec<Column>,
    /// Number of rows in all.
    pub(crate) rows: usize,
    /// Number of header rows.
    pub(crate) header: usize,
    pub(crate) cells: Vec<Text>,
}

/// How to typeset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    pub(crate) size: f32,
    pub(crate) x: f32,
    pub(crate) y: f32,
    /// Padding left and right of a cell's text, in ems.
    pub(crate) pad: f32,
    /// Padding above and below a cell's text, in ems.
    pub(crate) lead: f32,
    /// Distance between the baselines of a cell's lines, in ems.
    pub(crate) pitch: f32,
}

impl Default for Setting {
    fn default() -> Self {
        Self { size: 9.0, x: 60.0, y: 120.0, pad: 0.3, lead: 0.35, pitch: 1.2 }
    }
}

/// How much shorter than its side a piece of [`Style::Short`] is at both ends, in points.
const SHORT: f32 = 1.8;

/// Width of a character in ems.
pub(crate) fn width(ch: char) -> f32 {
    if crate::layout::is_wide(ch) || ch == '—' {
        1.0
    } else if matches!(ch, '.' | ',') {
        0.27
    } else {
        0.55
    }
}

/// Paints a line of text from x with its baseline at y.
pub(crate) fn paint(page: &mut Page, text: &str, x: f32, y: f32, size: f32) {
    let run = page.glyphs.last().map_or(0, |g| g.run + 1);
    let mut pen = x;
    for ch in text.chars() {
        let advance = width(ch) * size;
        page.glyphs.push(Glyph {
            ch,
            bbox: Rect::new(pen, y - 0.86 * size, pen + advance, y + 0.14 * size),
            baseline: y,
            size,
            direction: Direction::Right,
            font: 0,
            run,
            shade: 0,
        });
        pen += advance;
    }
}

pub(crate) fn text_width(text: &str, size: f32) -> f32 {
    text.chars().map(width).sum::<f32>() * size
}

pub(crate) fn hline(page: &mut Page, y: f32, x0: f32, x1: f32) {
    page.rulings.push(Ruling { axis: Axis::Horizontal, at: y, from: x0, to: x1, width: 0.5, shade: 0 });
}

pub(crate) fn vline(page: &mut Page, x: f32, y0: f32, y1: f32) {
    page.rulings.push(Ruling { axis: Axis::Vertical, at: x, from: y0, to: y1, width: 0.5, shade: 0 });
}

/// Cuts a text into lines that fit into `room` points.
fn wrap(text: &str, room: f32, size: f32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let numeric = super::shape::shape_of(text.chars()).is_numeric();
    for ch in text.chars() {
        if !numeric && !line.is_empty() && text_width(&line, size) + width(ch) * size > room + 0.01 {
            lines.push(std::mem::take(&mut line));
        }
        line.push(ch);
    }
    lines.push(line);
    lines
}

/// A page 1000 points wide with this table on it.
pub(crate) fn draw(table: &Table, style: Style, setting: Setting) -> Page {
    let mut page = Page { number: 1, width: 1000.0, height: 3000.0, ..Page::default() };
    draw_on(&mut page, table, style, setting);
    page
}

/// Draws the table on this page; gives the y below it.
pub(crate) fn draw_on(page: &mut Page, table: &Table, style: Style, setting: Setting) -> f32 {
    let size = setting.size;
    let mut xs = vec![setting.x];
    for c in &table.columns {
        xs.push(xs[xs.len() - 1] + c.width * size);
    }
    let lines_of: Vec<Vec<String>> = table
        .cells
        .iter()
        .map(|t| wrap(&t.text, xs[t.column + t.columns] - xs[t.column] - 2.0 * setting.pad * size, size))
        .collect();
    let leading = setting.pitch * size;
    let mut heights = vec![leading + 2.0 * setting.lead * size; table.rows];
    for (t, lines) in table.cells.iter().zip(&lines_of) {
        let need = lines.len() as f32 * leading + 2.0 * setting.lead * size;
        let have: f32 = heights[t.row..t.row + t.rows].iter().sum();
        if need > have {
            heights[t.row + t.rows - 1] += need - have;
        }
    }
    let mut ys = vec![setting.y];
    for h in &heights {
        ys.push(ys[ys.len() - 1] + h);
    }
    for (t, lines) in table.cells.iter().zip(&lines_of) {
        let (top, bottom) = (ys[t.row], ys[t.row + t.rows]);
        let (left, right) =
            (xs[t.column] + setting.pad * size, xs[t.column + t.columns] - setting.pad * size);
        let spanning = t.columns > 1;
        let align =
            if t.row < table.header || spanning { Align::Centre } else { table.columns[t.column].align };
        let first = (top + bottom - lines.len() as f32 * leading) * 0.5 + 0.96 * size;
        for (i, line) in lines.iter().enumerate() {
            let w = text_width(line, size);
            let x = match align {
                Align::Left => left,
                Align::Centre => (left + right - w) * 0.5,
                Align::Right => right - w,
            };
            paint(page, line, x, first + i as f32 * leading, size);
        }
    }
    Painter { table, style, xs: &xs, ys: &ys, owner: owners(table) }.paint(page);
    ys[ys.len() - 1]
}

/// For every slot the index of its cell; blank slots get numbers of their own.
fn owners(table: &Table) -> Vec<usize> {
    let columns = table.columns.len();
    let mut owner: Vec<usize> = (0..table.rows * columns).map(|i| i + table.cells.len()).collect();
    for (i, t) in table.cells.iter().enumerate() {
        for r in t.row..t.row + t.rows {
            for c in t.column..t.column + t.columns {
                owner[r * columns + c] = i;
            }
        }
    }
    owner
}

struct Painter<'a> {
    table: &'a Table,
    style: Style,
    xs: &'a [f32],
    ys: &'a [f32],
    owner: Vec<usize>,
}

impl Painter<'_> {
    fn slot(&self, r: usize, c: usize) -> usize {
        self.owner[r * self.table.columns.len() + c]
    }

    /// Whether a line parts the rows above and below edge `e` in column `c`.
    fn parted_h(&self, e: usize, c: usize) -> bool {
        e == 0 || e == self.table.rows || self.slot(e - 1, c) != self.slot(e, c)
    }

    fn parted_v(&self, r: usize, e: usize) -> bool {
        e == 0 || e == self.table.columns.len() || self.slot(r, e - 1) != self.slot(r, e)
    }

    fn paint(&self, page: &mut Page) {
        let (rows, columns) = (self.table.rows, self.table.columns.len());
        match self.style {
            Style::Grid | Style::Double | Style::Dashed | Style::OpenSides => {
                for e in 0..=rows {
                    self.runs(
                        columns,
                        |c| self.parted_h(e, c),
                        |a, b| self.stroke_h(page, self.ys[e], self.xs[a], self.xs[b]),
                    );
                }
                for e in 0..=columns {
                    if self.style == Style::OpenSides && (e == 0 || e == columns) {
                        continue;
                    }
                    self.runs(
                        rows,
                        |r| self.parted_v(r, e),
                        |a, b| self.stroke_v(page, self.xs[e], self.ys[a], self.ys[b]),
                    );
                }
            }
            Style::Uprights | Style::UprightPieces => {
                for y in [self.ys[0], self.ys[rows]] {
                    hline(page, y, self.xs[0], self.xs[columns]);
                }
                for e in 0..=columns {
                    if self.style == Style::Uprights {
                        self.runs(
                            rows,
                            |r| self.parted_v(r, e),
                            |a, b| self.stroke_v(page, self.xs[e], self.ys[a], self.ys[b]),
                        );
                        continue;
                    }
                    for r in (0..rows).filter(|r| self.parted_v(*r, e)) {
                        vline(page, self.xs[e], self.ys[r], self.ys[r + 1]);
                    }
                }
            }
            Style::CellRects => {
                for r in 0..rows {
                    for c in 0..columns {
                        let (x0, x1, y0, y1) = (self.xs[c], self.xs[c + 1], self.ys[r], self.ys[r + 1]);
                        if self.parted_h(r, c) {
                            hline(page, y0 + 0.24, x0, x1 - 0.48);
                        }
                        if self.parted_h(r + 1, c) {
                            hline(page, y1 - 0.24, x0, x1);
                        }
                        if self.parted_v(r, c) {
                            vline(page, x0 + 0.24, y0, y1);
                        }
                        if self.parted_v(r, c + 1) {
                            vline(page, x1 - 0.24, y0 + 0.48, y1);
                        }
                    }
                }
            }
            Style::Segments | Style::Short => {
                let short = if self.style == Style::Short { SHORT } else { 0.3 };
                for e in 0..=rows {
                    for c in (0..columns).filter(|c| self.parted_h(e, *c)) {
                        hline(page, self.ys[e], self.xs[c] + short, self.xs[c + 1] - short);
                    }
                }
                for e in 0..=columns {
                    for r in (0..rows).filter(|r| self.parted_v(*r, e)) {
                        vline(page, self.xs[e], self.ys[r] + short, self.ys[r + 1] - short);
                    }
                }
            }
            Style::HorizontalRules => {
                for e in 0..=rows {
                    self.runs(
                        columns,
                        |c| self.parted_h(e, c),
                        |a, b| hline(page, self.ys[e], self.xs[a], self.xs[b]),
                    );
                }
            }
            Style::HorizontalPieces => {
                for e in 0..=rows {
                    for c in (0..columns).filter(|c| self.parted_h(e, *c)) {
                        hline(page, self.ys[e], self.xs[c], self.xs[c + 1]);
                    }
                }
            }
            Style::ThreeLine => {
                let header = self.table.header;
                for e in [0, header, rows] {
                    hline(page, self.ys[e], self.xs[0], self.xs[columns]);
                }
                for t in self.table.cells.iter().filter(|t| t.row + t.rows < header && t.columns > 1) {
                    hline(
                        page,
                        self.ys[t.row + t.rows],
                        self.xs[t.column] + 1.0,
                        self.xs[t.column + t.columns] - 1.0,
                    );
                }
            }
            Style::HeaderFill | Style::Zebra => self.paint_fills(page),
            Style::Bare => {}
        }
    }

    fn paint_fills(&self, page: &mut Page) {
        let (rows, columns) = (self.table.rows, self.table.columns.len());
        for (r, c) in (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c))) {
            let header = r < self.table.header;
            let stripe = self.style == Style::Zebra && (r - self.table.header.min(r)) % 2 == 1;
            let first = (r == 0 || self.slot(r - 1, c) != self.slot(r, c))
                && (c == 0 || self.slot(r, c - 1) != self.slot(r, c));
            if first && (header || stripe) {
                let me = self.slot(r, c);
                let c1 = (c..columns).take_while(|k| self.slot(r, *k) == me).count() + c;
                let r1 = (r..rows).take_while(|k| self.slot(*k, c) == me).count() + r;
                let bbox = Rect::new(self.xs[c], self.ys[r], self.xs[c1], self.ys[r1]);
                page.fills.push(Fill { bbox, shade: if header { 217 } else { 246 } });
            }
        }
        if self.style == Style::HeaderFill {
            for e in self.table.header + 1..=rows {
                self.runs(
                    columns,
                    |c| self.parted_h(e, c),
                    |a, b| hline(page, self.ys[e], self.xs[a], self.xs[b]),
                );
            }
        }
    }

    /// Calls `emit` with every run of slots for which `on` holds.
    fn runs(&self, n: usize, on: impl Fn(usize) -> bool, mut emit: impl FnMut(usize, usize)) {
        let mut start = None;
        for i in 0..=n {
            match (i < n && on(i), start) {
                (true, None) => start = Some(i),
                (false, Some(s)) => {
                    emit(s, i);
                    start = None;
                }
                _ => {}
            }
        }
    }

    fn stroke_h(&self, page: &mut Page, y: f32, x0: f32, x1: f32) {
        match self.style {
            Style::Double => {
                hline(page, y - 0.6, x0, x1);
                hline(page, y + 0.6, x0, x1);
            }
            Style::Dashed => dashes(x0, x1, |a, b| hline(page, y, a, b)),
            _ => hline(page, y, x0, x1),
        }
    }

    fn stroke_v(&self, page: &mut Page, x: f32, y0: f32, y1: f32) {
        match self.style {
            Style::Double => {
                vline(page, x - 0.6, y0, y1);
                vline(page, x + 0.6, y0, y1);
            }
            Style::Dashed => dashes(y0, y1, |a, b| vline(page, x, a, b)),
            _ => vline(page, x, y0, y1),
        }
    }
}

fn dashes(from: f32, to: f32, mut emit: impl FnMut(f32, f32)) {
    let mut at = from;
    while at < to {
        emit(at, (at + 3.0).min(to));
        at += 5.0;
    }
}

/// The cells that reading the drawn table must give: (row, column, rows, columns, text without spaces).
pub(crate) fn expected(table: &Table) -> Vec<(u32, u32, u32, u32, String)> {
    let columns = table.columns.len();
    let owner = owners(table);
    let mut out: Vec<_> = table
        .cells
        .iter()
        .map(|t| (t.row as u32, t.column as u32, t.rows as u32, t.columns as u32, t.text.replace(' ', "")))
        .collect();
    for (i, o) in owner.iter().enumerate() {
        if *o >= table.cells.len() {
            out.push(((i / columns) as u32, (i % columns) as u32, 1, 1, String::new()));
        }
    }
    out.sort();
    out
}

/// The cells of a grid in the form of [`expected`].
pub(crate) fn read_cells(grid: &super::Grid) -> Vec<(u32, u32, u32, u32, String)> {
    let mut out: Vec<_> = grid
        .cells
        .iter()
        .map(|c| {
            let text: String = c.lines.iter().map(|l| l.text.replace(' ', "")).collect();
            (c.row, c.column, c.row_span, c.column_span, text)
        })
        .collect();
    out.sort();
    out
}
