//! A document → what a comparison needs of it: some kilobytes, so that thousands of documents fit.

use crate::document::{Document, Kind, RowKind, Scope, Side, Status, Unit};
use crate::normalize::text::key;
use rust_decimal::Decimal;

/// A document, small.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Name as printed; the file's where none is.
    pub department: String,
    /// The same for all spellings of one office.
    pub id: String,
    /// Budget year.
    pub year: Option<u16>,
    /// Budget or final account.
    pub kind: Kind,
    /// Department or single unit.
    pub scope: Scope,
    /// Layout that was recognized.
    pub layout: String,
    /// Date of publication.
    pub published_on: Option<String>,
    /// The file.
    pub path: String,
    pub(crate) content: String,
    pub(crate) tables: Vec<TableShot>,
    pub(crate) rows: Vec<RowShot>,
    pub(crate) figures: Vec<FigureShot>,
}

/// State of a table.
#[derive(Clone, Debug)]
pub(crate) struct TableShot {
    pub(crate) number: u8,
    pub(crate) status: Status,
    pub(crate) unit: Option<Unit>,
}

/// A row with its amounts.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowShot {
    pub(crate) table: u8,
    pub(crate) kind: RowKind,
    pub(crate) side: Option<Side>,
    /// The budget unit whose block the row stands in, as a key.
    pub(crate) unit: String,
    pub(crate) code: String,
    pub(crate) item: Option<&'static str>,
    pub(crate) name: String,
    pub(crate) project: Option<String>,
    pub(crate) page: u32,
    /// Column id or header path, and the amount; blank cells are left out.
    pub(crate) amounts: Vec<(String, Decimal)>,
}

impl RowShot {
    pub(crate) fn amount(&self, column: &str) -> Option<Decimal> {
        self.amounts.iter().find(|(c, _)| c == column).map(|(_, a)| *a)
    }

    /// The column that stands for the whole row: its total, else the first that it prints.
    pub(crate) fn main_column(&self) -> &str {
        let total = self.amounts.iter().find(|(c, _)| c == "total").or(self.amounts.first());
        total.map_or("total", |(c, _)| c)
    }
}

/// An amount of the text.
#[derive(Clone, Debug, Default)]
pub(crate) struct FigureShot {
    pub(crate) section: Option<String>,
    pub(crate) item: Option<String>,
    pub(crate) label: String,
    pub(crate) code: Option<String>,
    pub(crate) amount: Option<Decimal>,
    pub(crate) not_arranged: bool,
    /// Printed change, negative for a decrease; zero where the text says that nothing changed.
    pub(crate) change: Option<Decimal>,
    pub(crate) percent: Option<Decimal>,
    pub(crate) base: Option<String>,
    pub(crate) has_change: bool,
    pub(crate) implied_previous: Option<Decimal>,
    pub(crate) previous: Option<Decimal>,
    pub(crate) reason: Option<String>,
    pub(crate) repeats: Option<String>,
    pub(crate) page: u32,
}

impl Snapshot {
    /// Takes what is needed.
    pub fn of(d: &Document) -> Self {
        let head = &d.head;
        let department = head.department.clone().unwrap_or_else(|| d.source.path.clone());
        let mut out = Snapshot {
            id: crate::who::canonical(&department).id,
            department,
            year: head.fiscal_year,
            kind: head.kind,
            scope: head.scope,
            layout: head.layout.clone(),
            published_on: head.published_on.clone(),
            path: d.source.path.clone(),
            content: format!("{}-{}", d.source.sha256, d.source.part),
            ..Snapshot::default()
        };
        for table in &d.tables {
            let (number, status) = (table.number, table.status);
            out.tables.push(TableShot { number, status, unit: table.source_unit });
            let mut unit = String::new();
            for row in &table.rows {
                let name = row.name.clone().unwrap_or_default();
                if row.kind == RowKind::Department {
                    unit = key(&name);
                }
                let standard =
                    row.amounts.iter().filter_map(|(c, a)| Some(((*c).to_owned(), a.as_ref()?.value)));
                let extra = row.extra.iter().map(|(c, a)| (c.clone(), a.value));
                out.rows.push(RowShot {
                    table: number,
                    kind: row.kind,
                    side: row.side,
                    unit: unit.clone(),
                    code: row.code.clone().unwrap_or_default(),
                    item: row.item,
                    name,
                    project: row.project.clone(),
                    page: row.page,
                    amounts: standard.chain(extra).collect(),
                });
            }
        }
        out.figures = d.narrative.figures.iter().map(figure).collect();
        out
    }

    /// Year and kind for people: `2025`, `2024 final account`.
    pub fn when(&self) -> String {
        let year = self.year.map_or_else(|| "no year".to_owned(), |y| y.to_string());
        match self.kind {
            Kind::Budget => year,
            Kind::FinalAccount => format!("{year} final account"),
        }
    }

    pub(crate) fn table(&self, number: u8) -> Option<&TableShot> {
        self.tables.iter().find(|t| t.number == number)
    }
}

fn figure(f: &crate::document::narrative::Figure) -> FigureShot {
    use crate::document::narrative::Direction;
    let change = f.change.as_ref();
    let still = |c: &crate::document::narrative::Change| {
        (c.direction == Direction::Unchanged && c.percent.is_none_or(|p| p.is_zero()))
            .then_some(Decimal::ZERO)
    };
    FigureShot {
        section: f.section.clone(),
        item: f.item.clone(),
        label: f.label.clone(),
        code: f.code.clone(),
        amount: f.amount,
        not_arranged: f.not_arranged,
        change: change.and_then(|c| c.amount.or_else(|| still(c))),
        percent: change.and_then(|c| {
            let down = c.percent_direction.unwrap_or(c.direction) == Direction::Decrease;
            c.percent.map(|p| if down { -p } else { p })
        }),
        base: change.and_then(|c| c.base.clone()),
        has_change: change.is_some(),
        implied_previous: f.implied_previous,
        previous: f.previous,
        reason: f.reason.clone(),
        repeats: f.repeats.clone(),
        page: f.source.page,
    }
}
