//! A drawn page: ruled tables and lines of Chinese text as the smallest PDF that holds them. The font is named,
//! not embedded, and its codes are UTF-16 through a predefined CMap, so that no font of the machine plays a part.

use std::fmt::Write;

/// One A4 page under construction; coordinates in points, origin at the top left.
#[derive(Default)]
pub(crate) struct Page {
    content: String,
}

impl Page {
    /// A line of text whose left end of the baseline is at (x, y).
    pub(crate) fn text(&mut self, x: f32, y: f32, text: &str) {
        let codes: String = text.encode_utf16().fold(String::new(), |mut hex, unit| {
            let _ = write!(hex, "{unit:04X}");
            hex
        });
        let _ = writeln!(self.content, "BT /F 10 Tf {x} {} Td <{codes}> Tj ET", 842.0 - y);
    }

    /// A ruled table with rows of 20 points; `edges` are its columns' borders.
    pub(crate) fn table(&mut self, top: f32, edges: &[f32], rows: &[&[&str]]) {
        self.merged(top, edges, rows, &[]);
    }

    /// As [`Page::table`] with merged cells: (row, column, rows, columns).
    pub(crate) fn merged(&mut self, top: f32, edges: &[f32], rows: &[&[&str]], merged: &[[usize; 4]]) {
        let y = |line: usize| 842.0 - (top + 20.0 * line as f32);
        for line in 0..=rows.len() {
            for column in 0..edges.len() - 1 {
                let inside =
                    |[r, c, h, w]: &[usize; 4]| *r < line && line < r + h && *c <= column && column < c + w;
                if !merged.iter().any(inside) {
                    let (from, to) = (edges[column], edges[column + 1]);
                    let _ = writeln!(self.content, "{from} {0} m {to} {0} l S", y(line));
                }
            }
        }
        for (edge, x) in edges.iter().enumerate() {
            for row in 0..rows.len() {
                let inside =
                    |[r, c, h, w]: &[usize; 4]| *c < edge && edge < c + w && *r <= row && row < r + h;
                if !merged.iter().any(inside) {
                    let _ = writeln!(self.content, "{x} {} m {x} {} l S", y(row), y(row + 1));
                }
            }
        }
        for (index, row) in rows.iter().enumerate() {
            for (edge, cell) in edges.iter().zip(*row).filter(|(_, cell)| !cell.is_empty()) {
                self.text(edge + 4.0, top + 20.0 * index as f32 + 14.0, cell);
            }
        }
    }

    /// A thin rule; not every test file draws one.
    #[allow(dead_code)]
    pub(crate) fn rule(&mut self, x0: f32, x1: f32, y: f32) {
        let _ = writeln!(self.content, "{x0} {0} m {x1} {0} l S", 842.0 - y);
    }

    /// The PDF with this page alone.
    pub(crate) fn pdf(self) -> Vec<u8> {
        self.rotated(0)
    }

    /// The PDF with this page alone, displayed turned clockwise by so many degrees.
    pub(crate) fn rotated(self, degrees: u32) -> Vec<u8> {
        turned(&[self], degrees)
    }
}

/// The PDF with these pages.
pub(crate) fn pdf(pages: &[Page]) -> Vec<u8> {
    turned(pages, 0)
}

/// The PDF with these pages, displayed turned clockwise by so many degrees.
fn turned(pages: &[Page], degrees: u32) -> Vec<u8> {
    let mut kids = String::new();
    for index in 0..pages.len() {
        let _ = write!(kids, "{} 0 R ", 6 + 2 * index);
    }
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Kids[{kids}]/Count {}>>", pages.len()),
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>"
            .to_owned(),
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)\
         /Ordering(GB1)/Supplement 2>>/FontDescriptor 5 0 R/DW 1000/W[1 95 500]>>"
            .to_owned(),
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0\
         /Ascent 880/Descent -120/CapHeight 880/StemV 93>>"
            .to_owned(),
    ];
    for (index, page) in pages.iter().enumerate() {
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate {degrees}/Contents {} 0 R/Resources<</Font<</F 3 0 R>>>>>>",
            7 + 2 * index
        ));
        objects.push(format!("<</Length {}>>stream\n{}endstream", page.content.len(), page.content));
    }
    let mut out = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        let _ = writeln!(out, "{} 0 obj\n{object}\nendobj", index + 1);
    }
    let xref = out.len();
    let _ = writeln!(out, "xref\n0 {}\n0000000000 65535 f ", objects.len() + 1);
    for offset in offsets {
        let _ = writeln!(out, "{offset:010} 00000 n ");
    }
    let _ = writeln!(out, "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF", objects.len() + 1);
    out.into_bytes()
}
