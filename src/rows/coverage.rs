//! What the pages print inside tables, and how much of it is placed. Counted on the grids, apart from how rows are built:
//! an amount that a row builder lost is missed here.

use super::other;
use super::raw::is_amount_column;
use crate::document::{Amount, Coverage, Finding, OtherTable, PageCoverage, Severity, Table};
use crate::geometry::Rect;
use crate::normalize::amount::{self, Parsed};
use crate::schema::{self, RowModel};
use crate::tables::join::{Found, Part};
use crate::tables::mapping::Mapping;
use rustc_hash::FxHashSet;

/// What identifies an amount's place: page and box, in tenths of points.
type Spot = (u32, [i64; 4]);

fn spot(page: u32, bbox: &Rect) -> Spot {
    #[allow(clippy::cast_possible_truncation)]
    let tenth = |v: f32| (f64::from(v) * 10.0).round() as i64;
    (page, [tenth(bbox.x0), tenth(bbox.y0), tenth(bbox.x1), tenth(bbox.y1)])
}

/// Counts over the pages of a document.
#[derive(Debug, Default)]
pub struct Counter {
    pages: Vec<PageCoverage>,
    total: Coverage,
}

impl Counter {
    /// Counts the amounts of a table that is one of the twelve; what is not placed is a finding.
    pub fn standard(
        &mut self,
        found: &Found,
        mapping: &Mapping,
        table: &mut Table,
        others: &[OtherTable],
    ) -> Option<Finding> {
        let mut placed: FxHashSet<Spot> = FxHashSet::default();
        let rows = table.rows.iter();
        let own = rows.flat_map(|r| {
            r.amounts.iter().filter_map(|(_, a)| a.as_ref()).chain(r.extra.iter().map(|(_, a)| a))
        });
        placed.extend(own.map(|a| spot(a.page, &a.bbox)));
        placed.extend(typed(others).map(|a| spot(a.page, &a.bbox)));
        let printed = printed(found, mapping);
        let lost: Vec<&Spot> = printed.iter().filter(|s| !placed.contains(*s)).collect();
        for place in &printed {
            self.count(place.0, placed.contains(place));
        }
        table.coverage =
            Coverage { printed: printed.len() as u32, placed: (printed.len() - lost.len()) as u32 };
        let first = lost.first()?;
        let message = format!(
            "{} of {} amounts that are printed in table {} stand in no row of it",
            lost.len(),
            printed.len(),
            table.number
        );
        Some(
            Finding::new("table.unplaced", Severity::Warning, message)
                .in_table(table.number)
                .on_page(first.0),
        )
    }

    /// Counts the amounts of a table that is none of the twelve; where its kind is not known they are not placed.
    /// `missing` are the tables of the twelve that were not found.
    pub fn other(&mut self, found: &Found, table: &mut OtherTable, missing: &[u8]) -> Option<Finding> {
        let mut coverage = Coverage::default();
        let known = table.kind.is_some();
        for part in &found.parts {
            for row in part.body() {
                for amount in
                    other::cells(found, part, row).filter_map(|c| c.amount).filter(|a| is_value(&a.text))
                {
                    coverage.add(Coverage { printed: 1, placed: u32::from(known) });
                    self.count(amount.page, known);
                }
            }
        }
        table.coverage = coverage;
        (coverage.unplaced() > 0).then(|| unplaced(found, coverage, missing))
    }

    fn count(&mut self, page: u32, placed: bool) {
        let one = Coverage { printed: 1, placed: u32::from(placed) };
        self.total.add(one);
        match self.pages.binary_search_by_key(&page, |p| p.page) {
            Ok(at) => self.pages[at].amounts.add(one),
            Err(at) => self.pages.insert(at, PageCoverage { page, amounts: one }),
        }
    }

    /// All that was counted: of the whole document, and page by page.
    pub fn end(self) -> (Coverage, Vec<PageCoverage>) {
        (self.total, self.pages)
    }
}

fn typed(others: &[OtherTable]) -> impl Iterator<Item = &Amount> {
    others.iter().flat_map(|t| &t.typed_rows).flat_map(|r| r.amounts.iter().map(|(_, a)| a))
}

/// A grid with amounts that became nothing known: pages, title, and the table that it most likely is.
fn unplaced(found: &Found, coverage: Coverage, missing: &[u8]) -> Finding {
    let mut pages: Vec<String> = found.parts.iter().map(|p| p.page().to_string()).collect();
    pages.dedup();
    let title = found
        .caption
        .title
        .as_deref()
        .map_or_else(|| "a table without a title".to_owned(), |t| format!("the table `{t}`"));
    let likely = found.identity.likeliest(missing);
    let perhaps = likely
        .and_then(schema::table)
        .map_or_else(String::new, |t| format!("; it is most likely table {} ({})", t.number, t.title));
    let message = format!(
        "{} amounts of {title} on page {} are kept as text only: what it is was not understood{perhaps}",
        coverage.unplaced(),
        pages.join(", ")
    );
    let mut finding = Finding::new("table.unplaced", Severity::Warning, message);
    finding.place.table = likely;
    finding.on_page(found.parts.first().map_or(1, Part::page))
}

fn is_value(printed: &str) -> bool {
    matches!(amount::parse(printed), Parsed::Value(_))
}

/// The places of the amounts that stand in the amount columns of a mapped table.
fn printed(found: &Found, mapping: &Mapping) -> Vec<Spot> {
    let mut places = Vec::new();
    let mut seen = FxHashSet::default();
    for part in &found.parts {
        let slots = &part.piece.grid;
        for row in part.body() {
            for (column, map) in mapping.columns.iter().enumerate() {
                let other = mapping.form.blocks.get(map.block).is_some_and(|b| b.rows == RowModel::Other);
                if !other && !is_amount_column(map) {
                    continue;
                }
                for &grid_column in part.columns.get(column).map_or(&[][..], Vec::as_slice) {
                    let Some(cell) = slots.cell(row, grid_column) else { continue };
                    if cell.row as usize != row
                        || cell.column as usize != grid_column
                        || !is_value(&cell.text())
                    {
                        continue;
                    }
                    let here = Rect::hull(cell.lines.iter().map(|l| l.bbox)).unwrap_or(cell.bbox);
                    let (page, here) = slots.grid.placed(grid_column, here);
                    let place = spot(page, &here);
                    if seen.insert(place) {
                        places.push(place);
                    }
                }
            }
        }
    }
    places
}
