//! A page with what was read from it drawn over it, as one SVG: rulings, cells with their spans, columns with what they
//! were taken for, and amounts with how they are proved.

use super::escape;
use super::marks::{Mark, State};
use super::render::{Sheet, Undrawn};
use crate::geometry::Rect;
use crate::grid::{Grid, Method};
use crate::pdf::{Axis, Ruling};
use std::fmt::Write as _;

/// Points above and below a cell that a picture of it alone shows; beside it all of the page is: the row's name.
const AROUND: f32 = 60.0;
/// Size of labels in points.
const LABEL: f32 = 6.0;
/// Room for the name of a column above its first amount, in points.
const HEAD: f32 = 8.0;

/// What is drawn over a page.
#[derive(Default)]
pub struct Layers<'a> {
    /// Rulings as painted.
    pub rulings: &'a [Ruling],
    /// Grids with their cells.
    pub grids: &'a [Grid],
    /// Columns: the hull of their amounts and what they were taken for.
    pub columns: Vec<(Rect, String)>,
    /// Amounts, each with what a mouse over it tells.
    pub amounts: Vec<(&'a Mark, String)>,
    /// What the picture is about: it is lit, and said below.
    pub lit: Option<(Rect, String)>,
}

/// A page's size and, where it could be drawn, its picture.
pub struct Ground<'a> {
    /// Width in points, as displayed.
    pub width: f32,
    /// Height in points, as displayed.
    pub height: f32,
    /// Its picture, or why there is none; without either the texts of the layers' cells are written.
    pub sheet: Option<&'a Result<Sheet, Undrawn>>,
}

/// Colours that people with any kind of colour blindness tell apart (after Okabe and Ito), and the dashes that tell the
/// same without colour.
pub fn stroke(state: State) -> (&'static str, &'static str) {
    match state {
        State::Proved => ("#0072b2", ""),
        State::Rounded => ("#2a9d8f", "1 1"),
        State::Unproved => ("#b87700", "3 1.5"),
        State::Broken => ("#d4380d", ""),
        State::Unplaced => ("#a3338a", "4 1 1 1"),
    }
}

/// The page with its layers; `only` cuts out what lies around a box.
pub fn page(ground: &Ground<'_>, layers: &Layers<'_>, only: Option<Rect>) -> String {
    let whole = Rect::new(0.0, 0.0, ground.width, ground.height);
    let view = only.map_or(whole, |r| around(r, whole));
    let (x, y, w, h) = (view.x0, view.y0, view.width(), view.height());
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"{w}\" \
         height=\"{h}\" viewBox=\"{x} {y} {w} {h}\">\n<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" fill=\"#fff\"/>\n"
    );
    match ground.sheet {
        Some(Ok(sheet)) => {
            let size = format!(" width=\"{}\" height=\"{}\"", ground.width, ground.height);
            // its own width and height give way to those of the page as we read it
            let inner = sheet.svg.split_once('>').map_or("", |(_, inner)| inner);
            let _ = writeln!(
                out,
                "<svg{size} viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\">{inner}",
                sheet.width, sheet.height
            );
        }
        Some(Err(why)) => label(&mut out, x + 8.0, y + 12.0, &why.to_string(), "#a00"),
        None => texts(&mut out, layers.grids),
    }
    draw(&mut out, layers, ground.width);
    out.push_str("</svg>\n");
    out
}

fn around(r: Rect, page: Rect) -> Rect {
    Rect { y0: (r.y0 - AROUND).max(page.y0), y1: (r.y1 + AROUND).min(page.y1), ..page }
}

fn draw(out: &mut String, layers: &Layers<'_>, width: f32) {
    out.push_str("<g class=\"rulings\" stroke=\"#00a6ff\" stroke-width=\".6\" stroke-opacity=\".7\">\n");
    for r in layers.rulings {
        let (x0, y0, x1, y1) = match r.axis {
            Axis::Horizontal => (r.from, r.at, r.to, r.at),
            Axis::Vertical => (r.at, r.from, r.at, r.to),
        };
        let _ = writeln!(out, "<path d=\"M{x0:.1} {y0:.1}L{x1:.1} {y1:.1}\"/>");
    }
    out.push_str("</g>\n");
    for grid in layers.grids {
        cells(out, grid);
    }
    out.push_str("<g class=\"columns\">\n");
    for (hull, name) in &layers.columns {
        let (x, y, w, h) = (hull.x0 - 1.0, hull.y0 - HEAD, hull.width() + 2.0, hull.height() + HEAD + 1.0);
        let _ = writeln!(
            out,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" fill=\"#0072b2\" fill-opacity=\".05\" \
             stroke=\"#0072b2\" stroke-width=\".3\"/>"
        );
        label(out, x + 1.0, y + LABEL, name, "#00507d");
    }
    out.push_str("</g>\n<g class=\"amounts\" fill=\"none\">\n");
    for (mark, title) in &layers.amounts {
        let (colour, dashes) = stroke(mark.state);
        let wide = if mark.state == State::Broken { 1.2 } else { 0.6 };
        frame(
            out,
            &mark.bbox,
            0.8,
            &format!(
                "id=\"{}\" stroke=\"{colour}\" stroke-width=\"{wide}\" stroke-dasharray=\"{}\"",
                escape(&mark.anchor),
                if dashes.is_empty() { "none" } else { dashes }
            ),
            title,
        );
    }
    out.push_str("</g>\n");
    if let Some((lit, said)) = &layers.lit {
        let style =
            "class=\"lit\" fill=\"#ffd400\" fill-opacity=\".35\" stroke=\"#d4380d\" stroke-width=\"1.5\"";
        frame(out, lit, 2.0, style, said);
        // the end of a long label shall not leave the page
        let x = lit.x0.min((width - 0.5 * LABEL * said.chars().count() as f32).max(2.0));
        label(out, x, lit.y1 + 2.0 + 1.2 * LABEL, said, "#a02000");
    }
}

/// A grid's cells; those that span rows or columns are tinted.
fn cells(out: &mut String, grid: &Grid) {
    let method = match grid.method {
        Method::Lattice => "lattice",
        Method::Stream => "stream",
        Method::Edged => "edged",
    };
    let _ = writeln!(
        out,
        "<g class=\"grid {method}\" fill=\"none\" stroke=\"#7a3fbf\" stroke-width=\".4\" stroke-dasharray=\"2 1\">"
    );
    for cell in &grid.cells {
        let spans = cell.row_span > 1 || cell.column_span > 1;
        let tint = if spans { "fill=\"#7a3fbf\" fill-opacity=\".10\"" } else { "" };
        let title = format!(
            "row {} column {}{} · {}",
            cell.row + 1,
            cell.column + 1,
            if spans { format!(", {} × {}", cell.row_span, cell.column_span) } else { String::new() },
            cell.text()
        );
        frame(out, &cell.bbox, 0.0, tint, &title);
    }
    out.push_str("</g>\n");
    let name = format!("{method} {} × {}", grid.rows(), grid.columns());
    label(out, grid.bbox.x0, grid.bbox.y0 - 1.5, &name, "#7a3fbf");
}

/// The texts of all cells as the page has them.
fn texts(out: &mut String, grids: &[Grid]) {
    out.push_str("<g class=\"texts\" font-family=\"sans-serif\" fill=\"#333\">\n");
    for line in grids.iter().flat_map(|g| &g.cells).flat_map(|c| &c.lines) {
        let (b, size) = (&line.bbox, line.bbox.height().clamp(2.0, 40.0) * 0.85);
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"{size:.1}\" textLength=\"{:.1}\" \
             lengthAdjust=\"spacingAndGlyphs\">{}</text>",
            b.x0,
            b.y1 - 0.2 * b.height(),
            b.width().max(1.0),
            escape(&line.text)
        );
    }
    out.push_str("</g>\n");
}

/// A rectangle with what a mouse over it tells.
fn frame(out: &mut String, r: &Rect, margin: f32, attributes: &str, title: &str) {
    let (x, y) = (r.x0 - margin, r.y0 - margin);
    let (w, h) = (r.width() + 2.0 * margin, r.height() + 2.0 * margin);
    let _ = write!(out, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" {attributes}");
    if title.is_empty() {
        out.push_str("/>\n");
    } else {
        let _ = writeln!(out, "><title>{}</title></rect>", escape(title));
    }
}

fn label(out: &mut String, x: f32, y: f32, text: &str, colour: &str) {
    let text = escape(text);
    // a white rim keeps it readable on whatever the page prints there
    let _ = writeln!(
        out,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{LABEL}\" font-family=\"sans-serif\" fill=\"{colour}\" stroke=\"#fff\" \
         stroke-width=\".8\" paint-order=\"stroke\">{text}</text>"
    );
}

/// Pages below one another.
pub fn stack(pages: &[(Ground<'_>, Layers<'_>)]) -> String {
    if let [(ground, layers)] = pages {
        return page(ground, layers, None);
    }
    /// Points between two pages.
    const GAP: f32 = 12.0;
    let width = pages.iter().map(|(g, _)| g.width).fold(0.0, f32::max);
    let height: f32 = pages.iter().map(|(g, _)| g.height + GAP).sum();
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n"
    );
    let mut y = 0.0;
    for (ground, layers) in pages {
        let _ = write!(out, "<g transform=\"translate(0 {y})\">{}</g>", page(ground, layers, None));
        y += ground.height + GAP;
    }
    out.push_str("</svg>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ground() -> Ground<'static> {
        Ground { width: 600.0, height: 800.0, sheet: None }
    }

    #[test]
    fn a_ruling_and_a_lit_box_are_drawn_where_they_are() {
        let rulings = [Ruling { axis: Axis::Vertical, at: 50.0, from: 10.0, to: 20.0, width: 0.5, shade: 0 }];
        let layers = Layers {
            rulings: &rulings,
            lit: Some((Rect::new(100.0, 200.0, 140.0, 210.0), String::new())),
            ..Layers::default()
        };
        let out = page(&ground(), &layers, None);
        assert!(out.contains("<path d=\"M50.0 10.0L50.0 20.0\"/>"), "{out}");
        assert!(
            out.contains("<rect x=\"98.0\" y=\"198.0\" width=\"44.0\" height=\"14.0\" class=\"lit\""),
            "{out}"
        );
        assert!(out.contains("viewBox=\"0 0 600 800\""), "{out}");
    }

    #[test]
    fn a_picture_of_one_cell_shows_what_lies_around_it_and_stays_on_the_page() {
        let out = page(&ground(), &Layers::default(), Some(Rect::new(10.0, 700.0, 50.0, 790.0)));
        assert!(out.contains("viewBox=\"0 640 600 160\""), "{out}");
    }

    #[test]
    fn what_the_page_says_cannot_end_a_tag() {
        let layers =
            Layers { columns: vec![(Rect::default(), "</text><script>".into())], ..Layers::default() };
        assert!(!page(&ground(), &layers, None).contains("<script>"));
    }

    #[test]
    fn a_page_that_cannot_be_drawn_says_so() {
        let sheet = Err(Undrawn::TooLong);
        let ground = Ground { sheet: Some(&sheet), ..ground() };
        assert!(page(&ground, &Layers::default(), None).contains("drawing it took too long"));
    }
}
