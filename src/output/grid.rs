//! Grids → the contract's grid dump.

use super::writer::{Lines, Style, Writer};
use crate::grid::{Cell, Method, PageGrids};
use crate::normalize::text::NEXT;

/// The grids of all pages as one JSON array (`yusuan grid --format json`): one cell on each line in
/// [`Style::Pretty`].
pub fn json(out: &mut Vec<u8>, pages: &[PageGrids], style: Style) {
    let mut w = Writer::new(out, style);
    w.array(Lines::Own);
    for grid in pages.iter().flat_map(|p| &p.grids) {
        w.element();
        w.object(Lines::Joined);
        w.key("page");
        w.uint(u64::from(grid.page));
        w.key("bbox");
        w.rect(&grid.bbox);
        w.key("method");
        w.word(method(grid.method));
        w.key("rows");
        w.uint(grid.rows() as u64);
        w.key("columns");
        w.uint(grid.columns() as u64);
        w.key("cells");
        w.array(Lines::Own);
        for cell in &grid.cells {
            w.element();
            self::cell(&mut w, cell);
        }
        w.end_array();
        w.end_object();
    }
    w.end_array();
    w.newline();
}

fn cell(w: &mut Writer, cell: &Cell) {
    w.object(Lines::Joined);
    for (key, n) in [
        ("row", cell.row),
        ("column", cell.column),
        ("row_span", cell.row_span),
        ("column_span", cell.column_span),
    ] {
        w.key(key);
        w.uint(u64::from(n));
    }
    w.key("bbox");
    w.rect(&cell.bbox);
    w.key("text");
    w.string(&cell.text().replace(NEXT, "\n"));
    w.end_object();
}

/// The contract's word for how a grid was found.
pub(super) fn method(method: Method) -> &'static str {
    match method {
        Method::Lattice => "lattice",
        Method::Stream | Method::Edged => "stream",
    }
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::geometry::Rect;
    use crate::grid::{CellLine, Grid};

    pub(in super::super) fn cell(row: u32, column: u32, row_span: u32, column_span: u32, text: &str) -> Cell {
        let bbox = Rect::new(
            column as f32 * 10.0,
            row as f32 * 5.0,
            (column as f32 + column_span as f32) * 10.0,
            9.0,
        );
        let lines = vec![CellLine { text: text.to_owned(), bbox, gaps: Vec::new() }];
        Cell { row, column, row_span, column_span, bbox, lines, overflow: false }
    }

    pub(in super::super) fn grid(rows: usize, columns: usize, cells: Vec<Cell>) -> PageGrids {
        let edges = |n| (0..=n).map(|i| i as f32).collect();
        let grid = Grid {
            page: 3,
            bbox: Rect::new(0.0, 0.0, 30.0, 9.0),
            method: Method::Lattice,
            ys: edges(rows),
            xs: edges(columns),
            cells,
            seams: Vec::new(),
        };
        PageGrids { number: 3, grids: vec![grid], ..PageGrids::default() }
    }

    #[test]
    fn the_dump_has_the_contract_s_keys() {
        let page =
            grid(2, 2, vec![cell(0, 0, 2, 1, "a\u{1b}"), cell(0, 1, 1, 1, ""), cell(1, 1, 1, 1, "1.00")]);
        let mut out = Vec::new();
        json(&mut out, &[page], Style::Compact);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            concat!(
                r#"[{"page":3,"bbox":[0.0,0.0,30.0,9.0],"method":"lattice","rows":2,"columns":2,"cells":["#,
                r#"{"row":0,"column":0,"row_span":2,"column_span":1,"bbox":[0.0,0.0,10.0,9.0],"text":"a"},"#,
                r#"{"row":0,"column":1,"row_span":1,"column_span":1,"bbox":[10.0,0.0,20.0,9.0],"text":""},"#,
                r#"{"row":1,"column":1,"row_span":1,"column_span":1,"bbox":[10.0,5.0,20.0,9.0],"text":"1.00"}]}]"#,
                "\n"
            )
        );
    }

    #[test]
    fn a_page_without_grids_is_an_empty_array() {
        let mut out = Vec::new();
        json(&mut out, &[PageGrids::default()], Style::Pretty);
        assert_eq!(out, b"[]\n");
    }
}
