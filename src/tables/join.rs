//! Pieces → tables: identified, joined over pages, nothing lost. Rows in = rows out.

use super::caption::Caption;
use super::header::{self, Header, Vocabulary};
use super::identify::{Identity, Views};
use super::mapping::{ColumnMap, Mapping, map_form};
use super::piece::Piece;
use crate::document::Finding;
use crate::grid::{Grid, Method};
use crate::limits::Deadline;
use crate::normalize::label;
use crate::schema::Role;
use std::sync::Arc;

/// Points of evidence by which another table must fit better, if a piece without a title is not to go on with the table
/// before it.
const CLEARLY: f32 = 0.15;
/// Points by which a column's edge may differ on the next page.
const SAME_EDGE: f32 = 2.0;

/// A table of the document, found and joined.
#[derive(Debug)]
pub struct Found<'a, 's> {
    /// Which of the twelve, with its columns; `None` for any other table.
    pub mapping: Option<Mapping<'s>>,
    /// The number that the title names where the columns could not be mapped.
    pub unmapped: Option<u8>,
    /// All that it may be.
    pub identity: Identity<'s>,
    /// Header of its first piece.
    pub header: Header,
    /// Caption of its first piece.
    pub caption: Caption,
    /// Its pieces in order.
    pub parts: Vec<Part<'a>>,
    /// Notes below it.
    pub notes: Vec<String>,
    /// What was doubtful.
    pub findings: Vec<Finding>,
}

/// A piece of a table: its body rows and how its columns map onto the table's.
#[derive(Debug)]
pub struct Part<'a> {
    /// The piece.
    pub piece: Piece<'a>,
    /// Number of header rows at its top.
    pub header_rows: usize,
    /// For each column of the table the columns of this piece's grid.
    pub columns: Vec<Vec<usize>>,
    /// It continues the table from the page before.
    pub continues: bool,
}

impl Part<'_> {
    /// Page number.
    pub fn page(&self) -> u32 {
        self.piece.grid.grid.page
    }

    /// Its body rows.
    pub fn body(&self) -> std::ops::Range<usize> {
        self.piece.rows.start + self.header_rows..self.piece.rows.end
    }
}

/// Identifies and joins all pieces of a document, in reading order; those that are left when time is up are left out.
pub fn join<'a, 's>(
    pieces: Vec<Piece<'a>>,
    views: &Views<'s>,
    vocabulary: &Vocabulary,
    deadline: Deadline,
) -> Vec<Found<'a, 's>> {
    let mut found: Vec<Found<'a, 's>> = Vec::new();
    for (i, piece) in pieces.into_iter().enumerate() {
        if i % 16 == 15 && deadline.expired() {
            break;
        }
        let header = header::read(&piece, vocabulary);
        if let Some(open) = found.last_mut()
            && let Some(columns) = continues(open, &piece, &header, views)
        {
            open.notes.extend(piece.notes.iter().cloned());
            open.parts.push(Part { piece, header_rows: header.rows, columns, continues: true });
            continue;
        }
        found.push(start(piece, header, views));
    }
    found
}

fn start<'a, 's>(piece: Piece<'a>, header: Header, views: &Views<'s>) -> Found<'a, 's> {
    let identity = views.identify(&header, &piece.caption);
    let caption = piece.caption.clone();
    let notes = piece.notes.clone();
    let part = Part { columns: identity_columns(&piece), piece, header_rows: header.rows, continues: false };
    let mut found = Found {
        mapping: None,
        unmapped: None,
        identity,
        header,
        caption,
        parts: vec![part],
        notes,
        findings: Vec::new(),
    };
    found.take(if found.identity.candidates.is_empty() { None } else { Some(0) });
    found
}

impl Found<'_, '_> {
    /// Takes one of its readings, or none of them.
    pub fn take(&mut self, candidate: Option<usize>) {
        let mapping = candidate.and_then(|at| self.identity.candidates.get(at)).map(|c| c.mapping.clone());
        self.unmapped = if mapping.is_some() { None } else { self.identity.titled() };
        self.mapping = mapping;
        if let (Some(mapping), Some(part)) = (&mut self.mapping, self.parts.first_mut()) {
            absorb_twins(mapping, part);
        }
    }
}

/// One printed column that came out as two beside one another: the same header cell stands over both, and no row
/// has text in both. The amount column takes what the other one holds.
fn absorb_twins(mapping: &mut Mapping, part: &mut Part) {
    let mut owner = 0;
    for column in 1..mapping.columns.len() {
        let twins = {
            let (a, b) = (&mapping.columns[owner], &mapping.columns[column]);
            let same = a.block == b.block && !b.path.is_empty() && a.path == b.path;
            same && b.role.is_none()
                && matches!(a.role, Some(Role::Amount(_)))
                && !part.body().any(|row| {
                    let filled = |c: usize| part.piece.grid.cell(row, c).filter(|c| !c.is_blank());
                    let first = part.columns[owner].iter().find_map(|&c| filled(c));
                    let second = filled(column);
                    first.zip(second).is_some_and(|(a, b)| !std::ptr::eq(a, b))
                })
        };
        if twins {
            let taken = std::mem::take(&mut part.columns[column]);
            part.columns[owner].extend(taken);
            mapping.columns[column].path = Arc::default();
        } else {
            owner = column;
        }
    }
}

/// Whether a piece continues the open table, and then how its columns map onto the open table's.
fn continues(open: &Found, piece: &Piece, header: &Header, views: &Views) -> Option<Vec<Vec<usize>>> {
    let last = open.parts.last()?;
    let (page, last_page) = (piece.grid.grid.page, last.page());
    if page > last_page + 2 || !piece.first_on_page && page != last_page {
        return None;
    }
    if page == last_page && (piece.caption.names_a_table() || header.rows > 0) {
        return None;
    }
    if let (Some(a), Some(b)) = (&open.caption.department, &piece.caption.department)
        && a != b
        && piece.caption.names_a_table()
    {
        return None;
    }
    // a table of the other classification is another one, be it under the same title
    if let (Some(a), Some(b)) = (open.header.scheme(), header.scheme())
        && a != b
        && header.rows > 0
    {
        return None;
    }
    let named = piece.caption.bare.as_deref().map(|bare| (bare, views.by_title(bare)));
    let Some(mapping) = &open.mapping else {
        // other tables continue only without a title of their own, and below the same header or none
        let same = piece.grid.grid.columns() == last.piece.grid.grid.columns();
        let keys = |header: &Header| header.paths.iter().map(|p| p.keys.clone()).collect::<Vec<_>>();
        let headed = header.rows == 0 || keys(header) == keys(&open.header);
        return (named.is_none() && headed && same && piece.caption.number.is_none())
            .then(|| identity_columns(piece));
    };
    match named {
        Some((bare, number)) => {
            let same_title = open.caption.bare.as_deref() == Some(bare);
            if !same_title && number != Some(mapping.number) {
                return None;
            }
            // another title over another header is another table, though of the same kind
            let plain = piece.caption.continued || header.rows == 0;
            if !same_title && !plain && !repeats(mapping, header) {
                return None;
            }
        }
        None if piece.caption.number.is_some_and(|n| open.caption.number.is_some_and(|o| o != n)) => {
            return None;
        }
        None => {}
    }
    if header.rows == 0 {
        return Some(columns_by_place(open, piece));
    }
    let closed = ends_with_total(last);
    if closed && !piece.caption.continued {
        return None;
    }
    if named.is_none() && is_cut_short(open, mapping, piece, header) {
        return Some(columns_by_place(open, piece));
    }
    let own = map_form(mapping.number, mapping.form, header, true)?;
    // the very same header again is no other table's, however well another one would fit
    if named.is_none() && !repeats(mapping, header) {
        let identity = views.identify(header, &piece.caption);
        let same = identity.candidates.iter().find(|c| c.mapping.number == mapping.number);
        let best = identity.candidates.first().filter(|c| c.mapping.number != mapping.number);
        let own = same.map_or(own.score, |c| c.evidence.sum());
        if best.is_some_and(|other| other.evidence.sum() > own + CLEARLY) {
            return None;
        }
    }
    columns_by_role(mapping, &own)
}

/// Whether a header is the open table's own, word by word.
fn repeats(mapping: &Mapping, header: &Header) -> bool {
    mapping.columns.iter().map(|c| &c.path.keys).eq(header.paths.iter().map(|p| &p.keys))
}

/// Whether a header is the lower end of the open table's own, over the very same columns: a spreadsheet that repeats
/// only the last of several header rows cuts the texts of cells that reach up out of it.
fn is_cut_short(open: &Found, mapping: &Mapping, piece: &Piece, header: &Header) -> bool {
    let Some(first) = open.parts.first() else { return false };
    let (a, b) = (&first.piece.grid.grid.xs, &piece.grid.grid.xs);
    let same_edges = a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < SAME_EDGE);
    let ends = mapping.columns.iter().zip(&header.paths).all(|(column, path)| {
        let (whole, end) = (column.path.keys.concat(), path.keys.concat());
        whole.ends_with(&end)
    });
    let texts = header.paths.iter().filter(|path| !path.is_empty()).count();
    same_edges && ends && texts > 1 && mapping.columns.len() == header.paths.len()
}

fn identity_columns(piece: &Piece) -> Vec<Vec<usize>> {
    (0..piece.grid.grid.columns()).map(|c| vec![c]).collect()
}

/// The same header again: columns pair up by what they hold.
fn columns_by_role(open: &Mapping, own: &Mapping) -> Option<Vec<Vec<usize>>> {
    let same = |a: &ColumnMap, b: &ColumnMap| {
        a.role == b.role
            && a.block == b.block
            && a.instance == b.instance
            && a.item == b.item
            && (a.role.is_some() || a.path.keys == b.path.keys)
    };
    if open.columns.len() == own.columns.len()
        && open.columns.iter().zip(&own.columns).all(|(a, b)| same(a, b))
    {
        return Some((0..own.columns.len()).map(|c| vec![c]).collect());
    }
    // a twin (see `absorb_twins`) holds what its neighbour under the same header lacks
    let twins = |at: usize| {
        let first = &own.columns[at];
        let like = move |c: &&ColumnMap| c.role.is_none() && c.path == first.path;
        at..at + 1 + own.columns[at + 1..].iter().take_while(like).count()
    };
    let paired: Vec<Vec<usize>> = open
        .columns
        .iter()
        .map(|a| match own.columns.iter().position(|b| same(a, b)) {
            Some(at) if matches!(a.role, Some(Role::Amount(_))) => twins(at).collect(),
            at => at.into_iter().collect(),
        })
        .collect();
    let mut paired = paired;
    if open.columns.len() == own.columns.len() {
        // a header that did not come out whole on this page: its column still stands in its place
        for place in 0..paired.len() {
            let free = own.columns[place].role.is_none() && !paired.iter().any(|p| p.contains(&place));
            if free && paired[place].is_empty() {
                paired[place].push(place);
            }
        }
    }
    let unpaired =
        own.columns.iter().filter(|b| b.role.is_some() && !open.columns.iter().any(|a| same(a, b)));
    (unpaired.count() == 0 && paired.iter().any(|p| !p.is_empty())).then_some(paired)
}

/// No header: columns pair up by number, else by place.
fn columns_by_place(open: &Found, piece: &Piece) -> Vec<Vec<usize>> {
    let Some(first) = open.parts.first() else { return identity_columns(piece) };
    let (a, b) = (first.piece.grid.grid, piece.grid.grid);
    if a.columns() == b.columns() {
        return first.columns.clone();
    }
    let place = resized(a, b).unwrap_or((0.0, 1.0));
    let mut columns = vec![Vec::new(); a.columns()];
    for c in 0..b.columns() {
        let centre = place.0 + (b.xs[c] + b.xs[c + 1]) * 0.5 * place.1;
        let at = a
            .xs
            .windows(2)
            .position(|w| centre >= w[0] && centre < w[1])
            .unwrap_or(if centre < a.xs[0] { 0 } else { a.columns() - 1 });
        columns[at].push(c);
    }
    for (owner, twins) in first.columns.iter().enumerate() {
        for &twin in twins.iter().filter(|&&t| t != owner) {
            let taken = columns.get_mut(twin).map(std::mem::take).unwrap_or_default();
            columns[owner].extend(taken);
        }
    }
    columns
}

/// How x of `b` becomes x of `a` (an offset and a factor) where pages differ in size and tables fill their widths: every
/// edge of `b` then lies on one of `a`.
fn resized(a: &Grid, b: &Grid) -> Option<(f32, f32)> {
    let (from, to) = ((b.bbox.x0, b.bbox.width()), (a.bbox.x0, a.bbox.width()));
    if a.method == Method::Stream
        || b.method == Method::Stream
        || from.1 <= 0.0
        || (to.1 / from.1 - 1.0).abs() < 0.02
    {
        return None;
    }
    let factor = to.1 / from.1;
    let offset = to.0 - from.0 * factor;
    let near = |x: f32| a.xs.iter().any(|edge| (edge - x).abs() < 0.004 * to.1);
    b.xs.iter().all(|x| near(offset + x * factor)).then_some((offset, factor))
}

/// Whether the last row with text of a part is a total row below other rows.
fn ends_with_total(part: &Part) -> bool {
    let slots = &part.piece.grid;
    let body = part.body();
    let last = body.clone().rev().find(|&row| slots.row(row).any(|c| !c.is_blank()));
    last.is_some_and(|row| {
        row > body.start && slots.row(row).any(|c| !c.is_blank() && label::is_total(&c.text()))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Rect;

    fn grid(xs: &[f32]) -> Grid {
        let bbox = Rect::new(*xs.first().unwrap(), 0.0, *xs.last().unwrap(), 20.0);
        let (ys, xs) = (vec![0.0, 20.0], xs.to_vec());
        Grid { page: 1, bbox, method: Method::Lattice, ys, xs, cells: Vec::new(), seams: Vec::new() }
    }

    #[test]
    fn a_row_below_a_page_break_onto_a_narrower_page_keeps_its_columns() {
        let wide = grid(&[40.0, 130.0, 430.0, 550.0, 670.0, 790.0]);
        // upright pages between lying ones; code and name are one cell in the last row
        let narrow = grid(&[50.0, 310.0, 390.0, 470.0, 550.0]);
        let (offset, factor) = resized(&wide, &narrow).unwrap();
        assert!((offset + 350.0 * factor - 490.0).abs() < 0.1);
        assert_eq!(resized(&wide, &grid(&[50.0, 250.0, 390.0, 470.0, 550.0])), None, "other columns");
        assert_eq!(resized(&wide, &grid(&[40.0, 430.0, 550.0, 670.0, 790.0])), None, "the same width");
    }
}
