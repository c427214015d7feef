//! A drawn page: ruled tables and lines of Chinese text as the smallest PDF that holds them. The font is named,
//! not embedded, and its codes are UTF-16 through a predefined CMap, so that no font of the machine plays a part.
#![allow(dead_code, clippy::unwrap_used)] // no test uses all of it

use std::fmt::Write;

pub(crate) mod properties;

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

/// A page with a title, a unit line (perhaps) and a table.
pub(crate) fn page(title: &str, unit: &str, edges: &[f32], rows: &[&[&str]], merged: &[[usize; 4]]) -> Page {
    let mut page = Page::default();
    page.text(200.0, 60.0, title);
    if !unit.is_empty() {
        page.text(450.0, 85.0, unit);
    }
    page.merged(100.0, edges, rows, merged);
    page
}

/// A row's amounts in the order of the table's columns, blank ones as nothing.
pub(crate) fn amounts(row: &yusuan::document::Row) -> String {
    let values =
        row.amounts.iter().map(|(_, a)| a.as_ref().map_or_else(String::new, |a| a.value.to_string()));
    values.collect::<Vec<_>>().join(" ")
}

/// The PDF with these pages.
pub(crate) fn pdf(pages: &[Page]) -> Vec<u8> {
    turned(pages, 0)
}

/// The PDF with these pages, displayed turned clockwise by so many degrees.
fn turned(pages: &[Page], degrees: u32) -> Vec<u8> {
    let contents: Vec<&[u8]> = pages.iter().map(|page| page.content.as_bytes()).collect();
    pages_around(&contents, degrees)
}

/// The PDF with one A4 page of this content.
pub(crate) fn pdf_around(content: &[u8]) -> Vec<u8> {
    pages_around(&[content], 0)
}

/// The PDF with A4 pages of these contents; `/F` is a Chinese font with UTF-16 codes, `/G` a Latin one.
fn pages_around(contents: &[&[u8]], degrees: u32) -> Vec<u8> {
    let kids: String = (0..contents.len()).map(|index| format!("{} 0 R ", 7 + 2 * index)).collect();
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Kids[{kids}]/Count {}>>", contents.len()).into_bytes(),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>"
            .to_vec(),
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)\
          /Ordering(GB1)/Supplement 2>>/FontDescriptor 5 0 R/DW 1000/W[1 95 500]>>"
            .to_vec(),
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0\
          /Ascent 880/Descent -120/CapHeight 880/StemV 93>>"
            .to_vec(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
    ];
    for (index, content) in contents.iter().enumerate() {
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate {degrees}/Contents {} 0 R\
             /Resources<</Font<</F 3 0 R/G 6 0 R>>>>>>",
            8 + 2 * index
        );
        objects.push(page.into_bytes());
        objects.push(stream(b"", content));
    }
    file(&objects)
}

/// A stream object: `entries` join its dictionary.
pub(crate) fn stream(entries: &[u8], data: &[u8]) -> Vec<u8> {
    let length = data.len().to_string();
    [b"<<", entries, b"/Length ", length.as_bytes(), b">>stream\n", data, b"\nendstream"].concat()
}

/// The PDF with these objects, numbered from 1; the first is the catalog.
pub(crate) fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(objects) {
        let _ = writeln!(table, "{:010} 00000 n ", out.len());
        out.extend(format!("{number} 0 obj\n").bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    let size = objects.len() + 1;
    let _ = write!(table, "trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    out.extend(table.bytes());
    out
}
