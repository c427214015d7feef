//! Found tables → rows of texts with their places, whatever the grid: cells where rulings part them, runs of text
//! where the columns were guessed from the text of the whole table (the upper part of a performance table has other
//! columns than its indicators, so that one guess fits neither).

use crate::geometry::Rect;
use crate::grid::{Cell, CellLine, Method};
use crate::normalize::text;
use crate::tables::join::Found;

/// Rows of one table, over all its pages.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) rows: Vec<Row>,
}

/// A row.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) page: u32,
    /// It is the first one of its page.
    pub(crate) top: bool,
    /// Its columns were guessed: texts are runs, not cells.
    pub(crate) guessed: bool,
    /// From left to right; a cell over several rows stands in the first of them.
    pub(crate) texts: Vec<Text>,
    /// Pieces of text that the columns have still to be found for; only where `guessed`.
    pub(crate) atoms: Vec<Atom>,
}

/// The text of one cell or run.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// Left and right edge of the cell (of the text itself where columns were guessed).
    pub(crate) x: (f32, f32),
    /// How many rows it covers.
    pub(crate) rows: usize,
    /// Its text, cleaned.
    pub(crate) text: String,
    /// Box of the printed text.
    pub(crate) bbox: Rect,
    /// Its lines.
    lines: Vec<Atom>,
}

/// A piece of one line.
#[derive(Clone, Debug)]
pub(crate) struct Atom {
    pub(crate) text: String,
    pub(crate) bbox: Rect,
}

impl Sheet {
    /// Adds the rows of a found table.
    pub(crate) fn add(&mut self, found: &Found<'_, '_>) {
        for part in &found.parts {
            let slots = &part.piece.grid;
            let guessed = slots.grid.method != Method::Lattice;
            let character = if guessed { character(slots.grid.cells.iter()) } else { None };
            let mut top = true;
            for r in part.piece.rows.clone() {
                let starts = |c: &&Cell| c.row as usize == r || r == part.piece.rows.start;
                let cells: Vec<&Cell> = slots.row(r).filter(starts).filter(|c| !c.is_blank()).collect();
                let mut row = Row { page: part.page(), top, guessed, ..Row::default() };
                if guessed {
                    row.atoms = atoms(&cells, character);
                    row.texts = runs(&row.atoms);
                } else {
                    row.texts = cells.iter().filter_map(|cell| Text::of(cell, r)).collect();
                }
                if !row.texts.is_empty() {
                    top = false;
                    self.rows.push(row);
                }
            }
        }
    }
}

impl Text {
    fn of(cell: &Cell, row: usize) -> Option<Self> {
        let lines: Vec<Atom> =
            cell.lines.iter().map(|l| Atom { text: l.text.clone(), bbox: l.bbox }).collect();
        let bbox = Rect::hull(lines.iter().map(|l| l.bbox))?;
        Some(Self {
            x: (cell.bbox.x0, cell.bbox.x1),
            rows: ((cell.row + cell.row_span) as usize).saturating_sub(row).max(1),
            text: text::clean(&cell.text()),
            bbox,
            lines,
        })
    }

    /// One text of several pieces, in reading order.
    pub(crate) fn join(pieces: &[Atom]) -> Option<Self> {
        let bbox = Rect::hull(pieces.iter().map(|a| a.bbox))?;
        let mut lines: Vec<Vec<&Atom>> = Vec::new();
        let mut sorted: Vec<&Atom> = pieces.iter().collect();
        sorted.sort_by(|a, b| a.bbox.cy().total_cmp(&b.bbox.cy()));
        for atom in sorted {
            match lines.last_mut() {
                Some(line) if line.first().is_some_and(|first| same_line(first, atom)) => line.push(atom),
                _ => lines.push(vec![atom]),
            }
        }
        let texts: Vec<String> = lines
            .iter_mut()
            .map(|line| {
                line.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
                line.iter().map(|a| a.text.as_str()).collect::<Vec<_>>().join(" ")
            })
            .collect();
        Some(Self {
            x: (bbox.x0, bbox.x1),
            rows: 1,
            text: text::clean(&text::join_wrapped(texts.iter().map(String::as_str))),
            bbox,
            lines: pieces.to_vec(),
        })
    }

    /// One text of several, in reading order.
    pub(crate) fn join_all(texts: &[Text]) -> Option<Self> {
        if let [one] = texts {
            return Some(one.clone());
        }
        let pieces: Vec<Atom> = texts.iter().flat_map(|t| t.lines.iter().cloned()).collect();
        Self::join(&pieces)
    }
}

fn same_line(a: &Atom, b: &Atom) -> bool {
    let height = (a.bbox.y1 - a.bbox.y0).min(b.bbox.y1 - b.bbox.y0);
    (a.bbox.cy() - b.bbox.cy()).abs() < height * 0.5
}

/// The pieces of all cells of a row: cut at gaps, and whole again where a guessed column edge cut a word.
fn atoms(cells: &[&Cell], character: Option<f32>) -> Vec<Atom> {
    let lines = cells.iter().flat_map(|c| &c.lines);
    let mut atoms: Vec<Atom> = lines.flat_map(|line| cut(line, character)).collect();
    atoms.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
    let mut whole: Vec<Atom> = Vec::with_capacity(atoms.len());
    for atom in atoms {
        let height = atom.bbox.y1 - atom.bbox.y0;
        let left = whole
            .iter_mut()
            .rev()
            .take(12)
            .find(|w| same_line(w, &atom) && (atom.bbox.x0 - w.bbox.x1).abs() < height * 0.2);
        match left {
            Some(left) => {
                left.text.push_str(&atom.text);
                left.bbox.x1 = left.bbox.x1.max(atom.bbox.x1);
            }
            None => whole.push(atom),
        }
    }
    whole
}

/// Width of a text in full-width characters.
fn width(text: &str) -> f32 {
    text.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum()
}

/// Width of a full-width character in points, as lines without a gap show it.
fn character<'c>(cells: impl Iterator<Item = &'c Cell>) -> Option<f32> {
    let lines = cells.flat_map(|c| &c.lines).filter(|l| !l.text.contains(' ') && width(&l.text) >= 2.0);
    let mut sizes: Vec<f32> = lines.map(|l| l.bbox.width() / width(&l.text)).collect();
    let middle = sizes.len() / 2;
    sizes.sort_by(f32::total_cmp);
    sizes.get(middle).copied().filter(|size| size.is_finite() && *size > 0.0)
}

/// A line cut at its gaps, with the place of each piece by the widths of the characters.
fn cut(line: &CellLine, character: Option<f32>) -> Vec<Atom> {
    let pieces: Vec<&str> = line.text.split(' ').filter(|p| !p.is_empty()).collect();
    let all: f32 = pieces.iter().map(|p| width(p)).sum();
    let gaps = pieces.len().saturating_sub(1) as f32;
    let fitting = line.bbox.width() / (all + gaps * 0.5).max(0.5);
    let size = character.map_or(fitting, |c| c.min(line.bbox.width() / all.max(0.5)));
    let gap = if gaps > 0.0 { (line.bbox.width() - all * size).max(0.0) / gaps } else { 0.0 };
    let mut x = line.bbox.x0;
    let mut atoms = Vec::with_capacity(pieces.len());
    for (i, piece) in pieces.iter().enumerate() {
        let end = if i + 1 == pieces.len() { line.bbox.x1 } else { x + width(piece) * size };
        atoms.push(Atom { text: (*piece).to_owned(), bbox: Rect { x0: x, x1: end.max(x), ..line.bbox } });
        x = end + gap;
    }
    atoms
}

/// Pieces that stand above each other → one text.
fn runs(atoms: &[Atom]) -> Vec<Text> {
    let mut runs: Vec<(f32, f32, Vec<Atom>)> = Vec::new();
    for atom in atoms {
        match runs.last_mut() {
            Some((_, end, pieces)) if atom.bbox.x0 < *end - 1.0 => {
                *end = end.max(atom.bbox.x1);
                pieces.push(atom.clone());
            }
            _ => runs.push((atom.bbox.x0, atom.bbox.x1, vec![atom.clone()])),
        }
    }
    runs.iter().filter_map(|(_, _, pieces)| Text::join(pieces)).collect()
}
