//! Joined pieces → raw rows: per table column the printed text and its box. Blank filler rows, repeated headers
//! and markers such as 无 are left out; a row that a page break cut in two is one row again.

use super::groups::{heads_rows, name_by_group};
use crate::document::{Amount, Finding, Fit, Severity};
use crate::geometry::Rect;
use crate::grid::{Cell, Method};
use crate::normalize::amount::{self, Parsed};
use crate::normalize::{code, label, text};
use crate::schema::headers::Holds;
use crate::schema::{Classification, Role, RowModel, RowName};
use crate::tables::join::{Found, Part};
use crate::tables::mapping::{ColumnMap, Mapping};
use crate::tables::piece::{self, Slots};
use smallvec::SmallVec;

/// One printed row.
#[derive(Clone, Debug, Default)]
pub struct RawRow {
    /// Page on which it begins, from 1.
    pub page: u32,
    /// Box of the row on that page.
    pub bbox: Rect,
    /// One per table column.
    pub cells: Vec<RawCell>,
}

/// What stands in one column of a row.
#[derive(Clone, Debug, Default)]
pub struct RawCell {
    /// Printed text, wrapped lines joined; empty where blank or covered.
    pub text: String,
    /// Page, from 1: the row's own, unless a page break cut the row and this stands behind it.
    pub page: u32,
    /// Box of the text, of the cell where it is blank.
    pub bbox: Rect,
    /// Column of the cell that covers this one from the left (spans); its own column otherwise.
    pub owner: usize,
    /// How the text lies in its cell.
    pub seat: Seat,
}

/// How a text lies in its cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seat {
    /// Inside, and rulings part it from its neighbours.
    #[default]
    Inside,
    /// Inside, as far as the alignment of texts tells where cells end.
    Inferred,
    /// It reaches into the cell before it.
    OverBefore,
    /// It reaches into the cell after it.
    OverAfter,
}

impl Seat {
    /// What this says of an amount; `rival` is the column of the cell that it reaches into.
    pub fn fit(self, rival: Option<&'static str>) -> Fit {
        match self {
            Seat::Inside => Fit::Inside,
            Seat::Inferred => Fit::Inferred,
            Seat::OverBefore | Seat::OverAfter => Fit::Over(rival),
        }
    }
}

impl RawRow {
    /// Text of a column.
    pub fn text(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |c| c.text.as_str())
    }

    /// Page and box of a column's cell where a page break parts it from the row's beginning, else those of the row.
    pub fn place(&self, column: usize) -> (u32, Rect) {
        let apart = self.cells.get(column).filter(|c| c.page != self.page);
        apart.map_or((self.page, self.bbox), |c| (c.page, c.bbox))
    }

    fn is_blank(&self) -> bool {
        self.cells.iter().all(|c| c.text.trim().is_empty())
    }
}

/// All rows of a table.
pub fn rows(found: &Found, mapping: &Mapping, findings: &mut Vec<Finding>) -> Vec<RawRow> {
    let mut rows: Vec<RawRow> = Vec::new();
    for part in &found.parts {
        let mut first = part.continues;
        for row in part.body() {
            let mut raw = read_row(part, row, &mapping.columns);
            name_by_group(part, row, mapping, &mut raw);
            if raw.is_blank()
                || is_marker(&raw, mapping)
                || is_note(&raw, &found.notes)
                || repeats_header(&raw, mapping)
            {
                continue;
            }
            if std::mem::take(&mut first)
                && let Some(last) = rows.last_mut()
                && last.page < raw.page
                && is_fragment(last, &raw, mapping)
            {
                findings.push(
                    Finding::new(
                        "row.joined",
                        Severity::Info,
                        "a row that the page break cut in two was joined",
                    )
                    .in_table(mapping.number)
                    .on_page(raw.page),
                );
                merge(last, raw);
                continue;
            }
            rows.push(raw);
        }
    }
    rows
}

fn read_row(part: &Part, row: usize, columns: &[ColumnMap]) -> RawRow {
    let slots = &part.piece.grid;
    let mut raw = RawRow {
        page: part.page(),
        bbox: piece::rows_bbox(slots, row),
        cells: Vec::with_capacity(columns.len()),
    };
    let mut seen: SmallVec<[(*const Cell, usize); 16]> = SmallVec::new();
    let projects = columns.iter().any(|c| c.role == Some(Role::Project));
    for (column, map) in columns.iter().enumerate() {
        let mut out = RawCell { page: raw.page, owner: column, ..RawCell::default() };
        for &grid_column in part.columns.get(column).map_or(&[][..], Vec::as_slice) {
            let Some(cell) = slots.cell(row, grid_column) else { continue };
            let id = std::ptr::from_ref(cell);
            if let Some((_, owner)) = seen.iter().find(|(known, _)| *known == id) {
                out.owner = *owner;
                continue;
            }
            seen.push((id, column));
            // a cell over several rows speaks in its first row (or in the first body row that it reaches into), and in
            // each of them where it heads them
            if cell.row as usize != row && row != part.body().start && !heads_rows(cell, part, map, projects)
            {
                continue;
            }
            let here = Rect::hull(cell.lines.iter().map(|l| l.bbox)).unwrap_or(cell.bbox);
            let seat = seat(slots, cell, row, &here);
            let (page, here) = slots.grid.placed(grid_column, here);
            let printed = cell.text();
            if out.text.is_empty() {
                (out.page, out.bbox) = (page, here);
                out.seat = seat;
                out.text = printed;
            } else if !printed.is_empty() {
                out.bbox = out.bbox.union(&here);
                out.text = text::join_wrapped([out.text.as_str(), printed.as_str()]);
            }
        }
        raw.cells.push(out);
    }
    raw
}

/// Share of a text's area in another cell from which on it may belong there: less than half a digit of six.
const REACH: f32 = 0.08;

/// How a text with this box lies in its cell. Boxes are compared, not coordinates: columns may run down the page.
fn seat(slots: &Slots, cell: &Cell, row: usize, text: &Rect) -> Seat {
    let share = |column: Option<usize>| {
        let other = column
            .filter(|c| *c < slots.grid.columns())
            .and_then(|c| slots.cell(row, c))
            .filter(|o| !std::ptr::eq(*o, cell));
        let common = other.map_or(0.0, |o| o.bbox.overlap_x(text) * o.bbox.overlap_y(text));
        common / (text.width() * text.height()).max(0.01)
    };
    let before = share((cell.column as usize).checked_sub(1));
    let after = share(Some((cell.column + cell.column_span) as usize));
    match (before > REACH || after > REACH, before > after) {
        (true, true) => Seat::OverBefore,
        (true, false) => Seat::OverAfter,
        _ if slots.grid.method == Method::Stream => Seat::Inferred,
        _ => Seat::Inside,
    }
}

pub(super) fn is_amount_column(column: &ColumnMap) -> bool {
    match column.role {
        Some(Role::Amount(_)) => true,
        Some(_) => false,
        None => !column.path.is_empty() && column.path.holds != Holds::Text,
    }
}

/// `无` alone in a row says that there is nothing: no row.
fn is_marker(raw: &RawRow, mapping: &Mapping) -> bool {
    raw.cells.iter().zip(&mapping.columns).all(|(cell, column)| {
        if column.role == Some(Role::Ignore) {
            return true;
        }
        match amount::parse(&cell.text) {
            Parsed::Blank | Parsed::Nothing => true,
            Parsed::Dash => !is_amount_column(column),
            _ => false,
        }
    })
}

/// A row that holds nothing but one of the table's notes.
fn is_note(raw: &RawRow, notes: &[String]) -> bool {
    let mut texts = raw.cells.iter().map(|c| c.text.as_str()).filter(|t| !t.trim().is_empty());
    let only = if notes.is_empty() { None } else { texts.next().filter(|_| texts.next().is_none()) };
    only.is_some_and(|only| notes.contains(&text::clean(only)))
}

/// A header printed again in the middle of a piece.
fn repeats_header(raw: &RawRow, mapping: &Mapping) -> bool {
    let mut texts = 0;
    for (cell, column) in raw.cells.iter().zip(&mapping.columns) {
        if cell.text.trim().is_empty() {
            continue;
        }
        let key = crate::schema::header_key(&cell.text);
        if !column.path.keys.contains(&key) {
            return false;
        }
        texts += 1;
    }
    texts >= 2
}

/// Whether the first row of a continuation is the rest of the row above: it has no code (where rows have codes),
/// or its amounts alone, or only the tail of a name.
fn is_fragment(last: &RawRow, raw: &RawRow, mapping: &Mapping) -> bool {
    // Two numbers never become one: put together they would be an amount that nobody printed.
    // The parts of a torn code are looked at below.
    let number = |cell: &RawCell| matches!(amount::parse(&cell.text), Parsed::Value(_));
    let pairs = last.cells.iter().zip(&raw.cells).zip(&mapping.columns);
    if pairs.filter(|(_, c)| !is_code_column(c)).any(|((a, b), _)| number(a) && number(b)) {
        return false;
    }
    let has_amount = |row: &RawRow| {
        row.cells.iter().zip(&mapping.columns).any(|(cell, column)| {
            is_amount_column(column) && matches!(amount::parse(&cell.text), Parsed::Value(_) | Parsed::Dash)
        })
    };
    let texts = |row: &RawRow| -> Vec<(usize, String)> {
        let named = row.cells.iter().enumerate().filter(|(i, _)| {
            let column = &mapping.columns[*i];
            !is_amount_column(column) && column.role != Some(Role::Ignore)
        });
        named.filter(|(_, c)| !c.text.trim().is_empty()).map(|(i, c)| (i, c.text.clone())).collect()
    };
    let (own, above) = (texts(raw), texts(last));
    if own.iter().any(|(_, t)| label::is_total(t)) || above.iter().any(|(_, t)| label::is_total(t)) {
        return false;
    }
    let model = |column: usize| mapping.form.blocks[mapping.columns[column].block].rows;
    let is_code = |(i, t): &(usize, String)| {
        is_code_column(&mapping.columns[*i]) || code::parse_code(t, code::Scheme::Functional).is_some()
    };
    if own.iter().any(is_code) {
        return completes_code(last, raw, mapping) && !(has_amount(raw) && has_amount(last));
    }
    if own.is_empty() {
        return has_amount(raw) && !has_amount(last);
    }
    match model(own[0].0) {
        RowModel::Codes => true,
        RowModel::Projects => !has_amount(raw) || !has_amount(last),
        RowModel::Items | RowModel::Classes => own.iter().all(|(i, tail)| {
            let Some((_, head)) = above.iter().find(|(j, _)| i == j) else { return false };
            completes_item(mapping, *i, head, tail)
        }),
        RowModel::Columns | RowModel::Sources | RowModel::Other => false,
    }
}

fn is_code_column(column: &ColumnMap) -> bool {
    matches!(column.role, Some(Role::Code | Role::CodeClass | Role::CodeSection | Role::CodeItem))
}

/// Whether the code above is torn and the code cells of this row make it whole (a narrow code column that wraps at
/// the page break).
fn completes_code(last: &RawRow, raw: &RawRow, mapping: &Mapping) -> bool {
    let roles = [Role::CodeClass, Role::CodeSection, Role::CodeItem, Role::Code];
    let place = |role: Role| mapping.columns.iter().position(|c| c.role == Some(role));
    let columns: SmallVec<[usize; 4]> = roles.into_iter().filter_map(place).collect();
    let Some(block) = columns.first().and_then(|&c| mapping.form.blocks.get(mapping.columns[c].block)) else {
        return false;
    };
    let scheme = match block.classification {
        Classification::Functional => code::Scheme::Functional,
        Classification::Economic => code::Scheme::Economic,
    };
    let whole = |cells: &[String]| {
        let cells: SmallVec<[&str; 4]> = cells.iter().map(String::as_str).collect();
        match cells.as_slice() {
            [one] => code::level_of(one, scheme).is_some(),
            parts => matches!(
                code::join_parts(parts, None, scheme),
                Some(code::Joined::Whole(_) | code::Joined::Carried(_))
            ),
        }
    };
    let digits =
        |row: &RawRow, c: usize| -> String { row.text(c).chars().filter(|c| !c.is_whitespace()).collect() };
    let above: Vec<String> = columns.iter().map(|&c| digits(last, c)).collect();
    let both: Vec<String> = columns.iter().map(|&c| digits(last, c) + &digits(raw, c)).collect();
    let goes_on =
        columns.iter().zip(&above).all(|(&c, above)| !above.is_empty() || digits(raw, c).is_empty());
    goes_on && !whole(&above) && whole(&both)
}

/// Whether head + tail is a line item or class that the head alone is not.
fn completes_item(mapping: &Mapping, column: usize, head: &str, tail: &str) -> bool {
    let block = &mapping.form.blocks[mapping.columns[column].block];
    let known = |printed: &str| {
        let label = label::label(printed);
        let name =
            code::parse_code(&label.name, code::Scheme::Functional).map_or(label.name.clone(), |c| c.name);
        let read = RowName::new(&name);
        block.items.iter().any(|item| item.fit(&read).is_some())
            || crate::normalize::codebook::class_code(&name, code::Scheme::Functional).is_some()
    };
    !known(head) && known(&text::join_wrapped([head, tail]))
}

fn merge(last: &mut RawRow, rest: RawRow) {
    for (a, b) in last.cells.iter_mut().zip(rest.cells) {
        if b.text.trim().is_empty() {
            continue;
        }
        if a.text.trim().is_empty() {
            *a = b;
        } else {
            a.text = text::join_wrapped([a.text.as_str(), b.text.as_str()]);
        }
    }
}

/// The amount of one cell; `None` where it is blank or no amount.
pub(super) fn cell_amount(raw: &RawRow, column: usize) -> Option<Amount> {
    let cell = raw.cells.get(column)?;
    let value = match amount::parse(&cell.text) {
        Parsed::Value(value) => value,
        Parsed::Dash => rust_decimal::Decimal::ZERO,
        _ => return None,
    };
    Some(Amount {
        value,
        text: cell.text.trim().to_owned(),
        page: cell.page,
        bbox: cell.bbox,
        fit: cell.seat.fit(None),
        ..Amount::default()
    })
}
