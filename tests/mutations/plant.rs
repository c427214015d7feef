//! Plants one error into a clean document, of every kind that happens in print and in reading.

use rust_decimal::Decimal;
use yusuan::document::{Amount, Document, Row, RowKind, Table};
use yusuan::geometry::Rect;

/// What was planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    WrongDigit,
    WrongSubtotal,
    WrongTotal,
    ShiftedLeft,
    ShiftedRight,
    ShiftedRow,
    MovedUp,
    MovedDown,
    RowDropped,
    RowDoubled,
    Exchanged,
    SignFlipped,
    Dropped,
    BlankFilled,
    UnitOfRow,
    UnitOfTable,
    ColumnShifted,
    ColumnsSwapped,
}

/// A cell that the planted error concerns; without a column the whole row, without a row the table.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    pub(crate) table: u8,
    pub(crate) row: Option<(Rect, u32)>,
    /// What a finding calls the row.
    pub(crate) name: Option<String>,
    pub(crate) column: Option<String>,
    /// Boxes under which a finding may name it.
    pub(crate) boxes: Vec<Rect>,
}

/// A planted error.
pub(crate) struct Plant {
    pub(crate) kind: Kind,
    pub(crate) document: Document,
    /// Where it is, and the other side of it.
    pub(crate) spots: Vec<Spot>,
    /// Whether an identity proves what was changed.
    pub(crate) proved: bool,
}

/// Numbers that look random and are the same in every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides.max(1)
    }
}

/// Another value with one digit changed: the last but `at` of the printed ones.
pub(crate) fn changed(value: Decimal, at: u32, other: u32) -> Decimal {
    let digits = value.mantissa().unsigned_abs();
    let unit = 10u128.pow(at);
    let digit = digits / unit % 10;
    let new = (digit + 1 + u128::from(other) % 9) % 10;
    let digits = digits - digit * unit + new * unit;
    let signed = if value.is_sign_negative() { -(digits as i128) } else { digits as i128 };
    Decimal::from_i128_with_scale(signed, value.scale())
}

fn name(row: &Row) -> Option<String> {
    let name = match row.kind {
        RowKind::Project => row.project.as_ref().or(row.name.as_ref()),
        RowKind::Item => row.code.as_ref().or(row.name.as_ref()),
        RowKind::Department | RowKind::Total => row.name.as_ref(),
    };
    row.item.filter(|_| row.code.is_none()).map(str::to_owned).or(name.cloned())
}

fn spot(table: &Table, row: &Row, column: &str) -> Spot {
    let own = row.amounts.iter().find(|(id, _)| *id == column).and_then(|(_, a)| a.as_ref()).map(|a| a.bbox);
    Spot {
        table: table.number,
        row: Some((row.bbox, row.page)),
        name: name(row),
        column: Some(column.to_owned()),
        boxes: own.into_iter().chain([row.bbox]).collect(),
    }
}

fn row_spot(table: &Table, row: &Row) -> Spot {
    let own = row.amounts.iter().filter_map(|(_, a)| a.as_ref()).map(|a| a.bbox);
    Spot {
        table: table.number,
        row: Some((row.bbox, row.page)),
        name: name(row),
        column: None,
        boxes: own.chain([row.bbox]).collect(),
    }
}

/// Position of an amount: table, row, column.
type At = (usize, usize, usize);

struct Garden<'d> {
    document: &'d Document,
    clean: &'d Document,
    dice: Dice,
    plant: &'d mut dyn FnMut(Plant),
}

impl Garden<'_> {
    fn amount(&self, (t, r, c): At) -> Option<&Amount> {
        self.clean.tables.get(t)?.rows.get(r)?.amounts.get(c)?.1.as_ref()
    }

    fn column(&self, (t, r, c): At) -> &'static str {
        self.clean.tables[t].rows[r].amounts[c].0
    }

    fn spot(&self, at: At) -> Spot {
        let table = &self.clean.tables[at.0];
        spot(table, &table.rows[at.1], self.column(at))
    }

    fn set(&mut self, kind: Kind, proved: bool, cells: &[(At, Option<Amount>)]) {
        let mut document = self.document.clone();
        for ((t, r, c), amount) in cells {
            document.tables[*t].rows[*r].amounts[*c].1.clone_from(amount);
        }
        let mut spots: Vec<Spot> = cells.iter().map(|(at, _)| self.spot(*at)).collect();
        // an amount that moves keeps the box where it is printed
        let boxes: Vec<Rect> = spots.iter().flat_map(|s| s.boxes.clone()).collect();
        spots.iter_mut().for_each(|s| s.boxes.clone_from(&boxes));
        (self.plant)(Plant { kind, document, spots, proved });
    }

    fn revalue(&mut self, kind: Kind, at: At, value: Decimal) {
        let Some(amount) = self.amount(at).cloned() else { return };
        if amount.value != value {
            self.set(kind, amount.proved_by > 0, &[(at, Some(Amount { value, ..amount }))]);
        }
    }

    fn digit(&mut self, at: At) {
        let Some(value) = self.amount(at).map(|a| a.value) else { return };
        let digits = value.mantissa().unsigned_abs().max(1).ilog10() + 1;
        let place = self.dice.roll(digits as usize) as u32;
        let other = self.dice.roll(9) as u32;
        self.revalue(Kind::WrongDigit, at, changed(value, place, other));
    }

    /// Moves or exchanges two cells; the first one holds an amount.
    fn exchange(&mut self, kind: Kind, from: At, to: At) {
        let (a, b) = (self.amount(from).cloned(), self.amount(to).cloned());
        let value = |a: &Option<Amount>| a.as_ref().map(|a| a.value).filter(|v| !v.is_zero());
        if value(&a) == value(&b) {
            return;
        }
        let proved = a.as_ref().is_some_and(|a| a.proved_by > 0);
        // an amount keeps the place where it is printed
        self.set(kind, proved, &[(from, b), (to, a)]);
    }

    fn is_free(&self, at: At) -> bool {
        self.amount(at).is_none_or(|a| a.value.is_zero())
    }

    fn every_amount(&mut self, every: usize) {
        for t in 0..self.clean.tables.len() {
            for r in 0..self.clean.tables[t].rows.len() {
                for c in 0..self.clean.tables[t].rows[r].amounts.len() {
                    let at = (t, r, c);
                    let Some(amount) = self.amount(at) else {
                        if self.dice.roll(every * 8) == 0 {
                            self.fill_blank(at);
                        }
                        continue;
                    };
                    let value = amount.value;
                    self.digit(at);
                    if value.is_zero() || self.dice.roll(every) != 0 {
                        continue;
                    }
                    self.revalue(Kind::SignFlipped, at, -value);
                    let proved = self.amount(at).is_some_and(|a| a.proved_by > 0);
                    self.set(Kind::Dropped, proved, &[(at, None)]);
                    self.neighbours(at);
                }
            }
        }
    }

    fn neighbours(&mut self, (t, r, c): At) {
        let at = (t, r, c);
        let rows = self.clean.tables[t].rows.len();
        let columns = self.clean.tables[t].rows[r].amounts.len();
        if c > 0 && self.is_free((t, r, c - 1)) {
            self.exchange(Kind::ShiftedLeft, at, (t, r, c - 1));
        }
        if c + 1 < columns && self.is_free((t, r, c + 1)) {
            self.exchange(Kind::ShiftedRight, at, (t, r, c + 1));
        }
        let same_side = |o: usize| self.clean.tables[t].rows[o].side == self.clean.tables[t].rows[r].side;
        let (up, down) =
            (r.checked_sub(1).filter(|&o| same_side(o)), Some(r + 1).filter(|&o| o < rows && same_side(o)));
        if let Some(up) = up.filter(|&o| self.is_free((t, o, c))) {
            self.exchange(Kind::MovedUp, at, (t, up, c));
        }
        if let Some(down) = down {
            let kind = if self.is_free((t, down, c)) { Kind::MovedDown } else { Kind::Exchanged };
            self.exchange(kind, at, (t, down, c));
        }
    }

    fn fill_blank(&mut self, at: At) {
        let (t, r, _) = at;
        let row = &self.clean.tables[t].rows[r];
        let value = Decimal::new(100 + self.dice.roll(90_000) as i64, 2);
        let amount = Amount { value, page: row.page, bbox: row.bbox, ..Amount::default() };
        // a blank cell of a column that is used: elsewhere no identity may know the column
        let c = at.2;
        let used =
            self.clean.tables[t].rows.iter().any(|row| row.amounts.get(c).is_some_and(|(_, a)| a.is_some()));
        self.set(Kind::BlankFilled, used, &[(at, Some(amount))]);
    }

    fn every_row(&mut self, every: usize) {
        for t in 0..self.clean.tables.len() {
            for r in 0..self.clean.tables[t].rows.len() {
                let table = &self.clean.tables[t];
                let row = &table.rows[r];
                let filled: Vec<usize> = (0..row.amounts.len())
                    .filter(|&c| self.amount((t, r, c)).is_some_and(|a| !a.value.is_zero()))
                    .collect();
                let (Some(&first), kind) = (filled.first(), row.kind) else { continue };
                let code = row.code.clone();
                let is_parent = kind == RowKind::Item
                    && code.is_some_and(|code| {
                        let under = |o: &Row| {
                            o.code.as_ref().is_some_and(|c| c.len() > code.len() && c.starts_with(&code))
                        };
                        table.rows.iter().any(under)
                    });
                let column = filled[self.dice.roll(filled.len())];
                if let Some(value) = self.amount((t, r, column)).map(|a| a.value) {
                    let step = Decimal::new(1 + self.dice.roll(400) as i64, 2);
                    match kind {
                        RowKind::Total => self.revalue(Kind::WrongTotal, (t, r, first), value + Decimal::ONE),
                        _ if is_parent => self.revalue(Kind::WrongSubtotal, (t, r, column), value + step),
                        _ => {}
                    }
                }
                if self.dice.roll(every) != 0 {
                    continue;
                }
                self.whole_row(t, r, kind, &filled);
            }
        }
    }

    fn whole_row(&mut self, t: usize, r: usize, kind: RowKind, filled: &[usize]) {
        let table = &self.clean.tables[t];
        let row = &table.rows[r];
        let proved = filled.iter().any(|&c| self.amount((t, r, c)).is_some_and(|a| a.proved_by > 0));
        let spots = vec![row_spot(table, row)];
        let parent = (0..r).rev().find(|&o| {
            let (above, own) =
                (table.rows[o].code.as_deref().unwrap_or("~"), row.code.as_deref().unwrap_or(""));
            own.len() > above.len() && own.starts_with(above)
        });
        let mut sides = spots.clone();
        let department = (0..r).rev().find(|&o| table.rows[o].kind == RowKind::Department);
        sides.extend(department.map(|d| row_spot(table, &table.rows[d])));
        sides.extend(parent.map(|p| row_spot(table, &table.rows[p])));
        sides.extend(table.rows.iter().filter(|o| o.kind == RowKind::Total).map(|o| row_spot(table, o)));
        // line items may be left out, and then say nothing
        if kind != RowKind::Total {
            let mut document = self.document.clone();
            document.tables[t].rows.remove(r);
            (self.plant)(Plant { kind: Kind::RowDropped, document, spots: sides, proved });
            let mut document = self.document.clone();
            let twin = document.tables[t].rows[r].clone();
            document.tables[t].rows.insert(r + 1, twin);
            (self.plant)(Plant { kind: Kind::RowDoubled, document, spots: spots.clone(), proved });
        }
        for (kind, factor) in
            [(Kind::UnitOfRow, Decimal::new(1, 4)), (Kind::UnitOfRow, Decimal::from(10_000))]
        {
            let mut document = self.document.clone();
            scale(&mut document.tables[t].rows[r], factor);
            (self.plant)(Plant { kind, document, spots: spots.clone(), proved });
        }
        let last = self.clean.tables[t].rows[r].amounts.len() - 1;
        if filled.len() > 1 && self.amount((t, r, last)).is_none() {
            let mut document = self.document.clone();
            let amounts = &mut document.tables[t].rows[r].amounts;
            for c in (1..=last).rev() {
                let before = amounts[c - 1].1.clone();
                amounts[c].1 = before;
            }
            amounts[0].1 = None;
            (self.plant)(Plant { kind: Kind::ShiftedRow, document, spots, proved });
        }
    }

    /// Whole columns exchanged with their neighbour, or moved into a blank one.
    fn every_column(&mut self) {
        for t in 0..self.clean.tables.len() {
            let table = &self.clean.tables[t];
            let width = table.rows.iter().map(|row| row.amounts.len()).min().unwrap_or(0);
            let filled = |c: usize| {
                table
                    .rows
                    .iter()
                    .filter(|r| r.amounts[c].1.as_ref().is_some_and(|a| !a.value.is_zero()))
                    .count()
            };
            for c in 1..width {
                let same = |row: &Row| {
                    let value =
                        |c: usize| row.amounts[c].1.as_ref().map(|a| a.value).filter(|v| !v.is_zero());
                    value(c) == value(c - 1)
                };
                // a single amount is a shifted cell, and columns that say the same cannot be told apart
                if filled(c - 1).max(filled(c)) < 2 || table.rows.iter().all(same) {
                    continue;
                }
                let blank = filled(c).min(filled(c - 1)) == 0;
                let kind = if blank { Kind::ColumnShifted } else { Kind::ColumnsSwapped };
                let mut document = self.document.clone();
                for row in &mut document.tables[t].rows {
                    let moved = row.amounts[c].1.take();
                    row.amounts[c].1 = std::mem::replace(&mut row.amounts[c - 1].1, moved);
                }
                let column = |c: usize| Some(table.rows[0].amounts[c].0.to_owned());
                let spots = [c - 1, c].map(|c| Spot {
                    table: table.number,
                    row: None,
                    name: None,
                    column: column(c),
                    boxes: Vec::new(),
                });
                (self.plant)(Plant { kind, document, spots: spots.to_vec(), proved: true });
            }
        }
    }

    fn every_table(&mut self) {
        for t in 0..self.clean.tables.len() {
            let amounts =
                self.clean.tables[t].rows.iter().flat_map(|r| &r.amounts).filter_map(|(_, a)| a.as_ref());
            if amounts.filter(|a| !a.value.is_zero()).count() < 3 {
                continue;
            }
            for factor in [Decimal::new(1, 4), Decimal::from(10_000)] {
                let mut document = self.document.clone();
                document.tables[t].rows.iter_mut().for_each(|row| scale(row, factor));
                let spots = vec![Spot {
                    table: self.clean.tables[t].number,
                    row: None,
                    name: None,
                    column: None,
                    boxes: Vec::new(),
                }];
                (self.plant)(Plant { kind: Kind::UnitOfTable, document, spots, proved: true });
            }
        }
    }
}

fn scale(row: &mut Row, factor: Decimal) {
    let standard = row.amounts.iter_mut().filter_map(|(_, a)| a.as_mut());
    for amount in standard.chain(row.extra.iter_mut().map(|(_, a)| a)) {
        amount.value = amount.value.checked_mul(factor).unwrap_or(amount.value);
    }
}

/// Plants errors into `document`, one at a time; `clean` is the same document, proved. Every amount once gets a wrong
/// digit; of the other errors one in `every`.
pub(crate) fn all(document: &Document, clean: &Document, every: usize, plant: &mut dyn FnMut(Plant)) {
    let mut garden = Garden { document, clean, dice: Dice(20_260_205), plant };
    garden.every_amount(every);
    garden.every_row(every);
    garden.every_table();
    garden.every_column();
}
