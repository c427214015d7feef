//! The header row of the indicators → columns, and the texts of a row → their columns.

use super::sheet::{Row, Sheet, Text};
use super::words::{Role, Words};

/// Columns of the indicators.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    columns: Vec<Column>,
}

#[derive(Clone, Debug)]
struct Column {
    role: Role,
    x: (f32, f32),
}

impl Columns {
    /// The columns that a row heads, if it is a header row of indicators, and how many rows the header covers.
    pub(crate) fn of(words: &Words, row: &Row) -> Option<(Self, usize)> {
        let mut columns: Vec<Column> = Vec::new();
        let mut rows = 1;
        for text in &row.texts {
            let Some(role) = words.role(&text.text) else { continue };
            if columns.iter().any(|c| c.role == role) {
                continue;
            }
            rows = rows.max(if row.guessed { 1 } else { text.rows });
            columns.push(Column { role, x: text.x });
        }
        let roles: Vec<Role> = columns.iter().map(|c| c.role).collect();
        words.is_header(&roles).then_some((Self { columns }, rows))
    }

    /// Roles from left to right.
    pub(crate) fn roles(&self) -> impl Iterator<Item = Role> + '_ {
        self.columns.iter().map(|c| c.role)
    }

    /// Where columns were guessed: puts the edges between headers where the fewest texts of the rows below are cut.
    pub(crate) fn settle(&mut self, sheet: &Sheet, rows: std::ops::Range<usize>) {
        let below = sheet.rows.get(rows).unwrap_or_default();
        if !below.iter().any(|row| row.guessed) {
            return;
        }
        self.columns.sort_by(|a, b| a.x.0.total_cmp(&b.x.0));
        let spans: Vec<(f32, f32)> =
            below.iter().flat_map(|r| &r.atoms).map(|a| (a.bbox.x0, a.bbox.x1)).take(4_000).collect();
        let centres: Vec<f32> = self.columns.iter().map(|c| (c.x.0 + c.x.1) * 0.5).collect();
        let edges: Vec<f32> =
            centres.windows(2).map(|w| edge(w.first().copied(), w.last().copied(), &spans)).collect();
        let ends = |i: usize| edges.get(i).copied();
        for (i, column) in self.columns.iter_mut().enumerate() {
            let left = i.checked_sub(1).and_then(ends).unwrap_or(f32::MIN);
            column.x = (left, ends(i).unwrap_or(f32::MAX));
        }
    }

    /// The texts of a row by column, in the order of [`Columns::roles`]; texts that cover several columns stand in
    /// each level column that they cover and in the first of the others.
    pub(crate) fn assign(&self, row: &Row) -> Vec<Option<Text>> {
        if row.guessed {
            return self.columns.iter().map(|column| Self::gather(column, row)).collect();
        }
        let mut out: Vec<Option<Text>> = vec![None; self.columns.len()];
        for text in &row.texts {
            let covered = |c: &&(usize, &Column)| {
                let overlap = text.x.1.min(c.1.x.1) - text.x.0.max(c.1.x.0);
                let width = (c.1.x.1 - c.1.x.0).min(text.x.1 - text.x.0);
                width > 0.0 && overlap > width * 0.5
            };
            let columns: Vec<(usize, &Column)> = self.columns.iter().enumerate().collect();
            for (n, (i, column)) in columns.iter().filter(covered).enumerate() {
                let is_level = matches!(column.role, Role::Level1 | Role::Level2);
                if n > 0 && !is_level {
                    continue;
                }
                let Some(slot) = out.get_mut(*i) else { continue };
                *slot = match slot.take() {
                    Some(left) => Text::join_all(&[left, text.clone()]),
                    None => Some(text.clone()),
                };
            }
        }
        out
    }

    fn gather(column: &Column, row: &Row) -> Option<Text> {
        let inside = |x0: f32, x1: f32| {
            let centre = (x0 + x1) * 0.5;
            centre >= column.x.0 && centre < column.x.1
        };
        let pieces: Vec<_> = row.atoms.iter().filter(|a| inside(a.bbox.x0, a.bbox.x1)).cloned().collect();
        Text::join(&pieces)
    }
}

/// The x between two centres that the fewest texts cover: the middle of the widest such gap.
fn edge(left: Option<f32>, right: Option<f32>, spans: &[(f32, f32)]) -> f32 {
    let (Some(left), Some(right)) = (left, right) else { return f32::MAX };
    let steps = ((right - left).max(1.0) as usize).min(600);
    let mut best = (usize::MAX, 0usize, (left + right) * 0.5);
    let mut run: Option<(usize, f32, usize)> = None;
    for step in 0..=steps {
        let x = left + (right - left) * step as f32 / steps as f32;
        let cut = spans.iter().filter(|(x0, x1)| *x0 < x && x < *x1).count();
        run = match run {
            Some((count, start, length)) if count == cut => Some((count, start, length + 1)),
            _ => Some((cut, x, 1)),
        };
        if let Some((count, start, length)) = run
            && (count < best.0 || (count == best.0 && length > best.1))
        {
            best = (count, length, (start + x) * 0.5);
        }
    }
    best.2
}
