//! One block of columns as the row builders see it: texts by role, amounts by column, in the printed unit.

use super::raw::{RawRow, Seat};
use crate::document::{Amount, Finding, Place, Raw, Severity};
use crate::normalize::amount::{self, Parsed};
use crate::normalize::text;
use crate::schema::concepts::Set;
use crate::schema::headers::Holds;
use crate::schema::{Block, Role, RowModel, RowName};
use crate::tables::mapping::{ColumnMap, Mapping};
use rust_decimal::Decimal;

/// A block of a mapped table.
pub struct BlockView<'m> {
    /// Its definition.
    pub block: &'m Block,
    /// 1–12.
    pub number: u8,
    columns: Vec<(usize, &'m ColumnMap)>,
    all: &'m [ColumnMap],
    blocks: &'m [Block],
}

/// One row of a block.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Amounts in the contract's order, in the printed unit.
    pub amounts: Vec<(&'static str, Option<Amount>)>,
    /// Printed columns that the standard lacks.
    pub extra: Vec<(String, Amount)>,
    /// Printed texts that normalization changed.
    pub raw: Vec<(String, Raw)>,
    /// Cells in amount columns that are no amounts: the column's key and its place in the row.
    pub strange: Vec<(String, usize)>,
}

impl Line {
    /// Whether any amount is printed.
    pub fn has_amounts(&self) -> bool {
        self.amounts.iter().any(|(_, a)| a.is_some()) || !self.extra.is_empty()
    }
}

impl<'m> BlockView<'m> {
    /// The blocks of a mapping in the order in which their rows are emitted, each instance on its own.
    pub fn all(mapping: &'m Mapping) -> Vec<BlockView<'m>> {
        let mut views = Vec::new();
        for (index, block) in mapping.form.blocks.iter().enumerate() {
            let own = || mapping.columns.iter().enumerate().filter(move |(_, c)| c.block == index);
            let instances = own().map(|(_, c)| c.instance).max();
            for instance in 0..=instances.unwrap_or(0) {
                let columns: Vec<_> = own().filter(|(_, c)| c.instance == instance).collect();
                if !columns.is_empty() {
                    let (all, blocks) = (mapping.columns.as_slice(), mapping.form.blocks.as_slice());
                    views.push(BlockView { block, number: mapping.number, columns, all, blocks });
                }
            }
        }
        views
    }

    /// Its columns with their place in the row.
    pub fn columns(&self) -> &[(usize, &'m ColumnMap)] {
        &self.columns
    }

    /// Whether a column has this role.
    pub fn has(&self, role: Role) -> bool {
        self.columns.iter().any(|(_, c)| c.role == Some(role))
    }

    /// Text of the column with this role; empty where there is none.
    pub fn text<'r>(&self, row: &'r RawRow, role: Role) -> &'r str {
        self.columns.iter().find(|(_, c)| c.role == Some(role)).map_or("", |(i, _)| row.text(*i))
    }

    /// All texts of label columns, joined from left to right.
    pub fn label(&self, row: &RawRow) -> String {
        let texts = self.columns.iter().filter(|(_, c)| is_label(c)).map(|(i, _)| row.text(*i));
        text::join_wrapped(texts.filter(|t| !t.trim().is_empty()))
    }

    /// Whether the row has anything in this block.
    pub fn is_blank(&self, row: &RawRow) -> bool {
        let counts = |c: &ColumnMap| c.role == Some(Role::Ignore);
        self.columns.iter().all(|(i, c)| counts(c) || row.text(*i).trim().is_empty())
    }

    /// The line item of the block with this name.
    pub fn item(&self, name: &str) -> Option<&'static str> {
        let name = RowName::new(name);
        let fits = self.block.items.iter().filter_map(|item| Some((item.fit(&name)?, item.id)));
        fits.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, id)| id)
    }

    /// The name of a total row, if this row is one.
    pub fn total_name(&self, row: &RawRow) -> Option<String> {
        // a leading column whose header did not come out whole may hold the label too
        let amounts = |c: &ColumnMap| matches!(c.role, Some(Role::Amount(_)));
        let first = self.columns.iter().position(|(_, c)| amounts(c)).unwrap_or(0);
        let texts = self.columns.iter().enumerate();
        let texts = texts.filter(|(n, (_, c))| *n < first || !is_amount(c)).map(|(_, (i, _))| row.text(*i));
        let texts: Vec<&str> = texts.map(str::trim).filter(|t| !t.is_empty()).collect();
        let total = |printed: &str| {
            let name = crate::normalize::label::label(printed).name;
            self.block.is_total(&text::key(&name)).then(|| name.replace(' ', ""))
        };
        let whole = texts.iter().find_map(|printed| total(printed));
        // `合 计` centred over several columns that no ruling parts: each character stands in a column of its own
        let spaced = || texts.len() > 1 && texts.iter().all(|t| t.chars().count() <= 2);
        whole.or_else(|| if spaced() { total(&texts.concat()) } else { None })
    }

    /// Name and column of a total row that states one column only (人员经费合计).
    pub fn partial_total(&self, row: &RawRow) -> Option<(String, &'static str)> {
        let label = self.label(row);
        let label =
            if label.trim().is_empty() { self.misplaced_label(row).unwrap_or_default() } else { &label };
        let name = crate::normalize::label::label(label).name;
        let column = self.block.totalled(&RowName::new(&name))?;
        Some((name, column))
    }

    /// The name of a total that is centred over names and amounts and so stands where an amount belongs.
    fn misplaced_label<'r>(&self, row: &'r RawRow) -> Option<&'r str> {
        let own = self.columns.iter().filter(|(_, c)| is_amount(c)).map(|(i, _)| row.text(*i));
        own.filter(|t| !t.trim().is_empty()).find(|t| amount::parse(t) == Parsed::NotAmount)
    }

    /// Where the total's label spans into the next list beside this one: the column in which its amount stands.
    pub fn amount_to_the_right(&self, row: &RawRow) -> Option<usize> {
        let (last, _) = self.columns.last()?;
        let first = self.block.columns.first().copied()?;
        let at = (last + 1..row.cells.len()).find(|&i| !row.text(i).trim().is_empty())?;
        let column = self.all.get(at)?;
        let same = self.blocks.get(column.block).is_some_and(|b| std::ptr::eq(b, self.block));
        (same && column.role == Some(Role::Amount(first))).then_some(at)
    }

    /// Whether the row's amount belongs to a total whose label stands in a list to the left and spans into this one.
    pub fn totalled_from_the_left(&self, row: &RawRow) -> bool {
        let Some((first, _)) = self.columns.first() else { return false };
        let own_label = self.columns.iter().any(|(i, c)| is_label(c) && !row.text(*i).trim().is_empty())
            || self.misplaced_label(row).is_some();
        let Some(at) = (0..*first).rev().find(|&i| !row.text(i).trim().is_empty()) else { return false };
        let name = RowName::new(&crate::normalize::label::label(row.text(at)).name);
        let text = amount::parse(row.text(at)) == Parsed::NotAmount;
        let labelled = self.all.get(at).is_some_and(|c| {
            (is_label(c) || text) && self.blocks.get(c.block).is_some_and(|b| std::ptr::eq(b, self.block))
        });
        let total = self.block.is_total(name.key()) || self.block.totalled(&name).is_some();
        !own_label && labelled && total
    }

    /// Whether the row belongs to a unit as a whole: the unit's own code stands in a column beside the codes.
    pub fn has_unit_code(&self, row: &RawRow) -> bool {
        let (code, unit) = (Set::of(&["code"]), Set::of(&["unit"]));
        let beside = self.columns.iter().filter(|(_, c)| c.role.is_none());
        beside
            .filter(|(_, c)| c.path.meaning(0).says.has(code.union(unit)))
            .any(|(i, _)| !row.text(*i).trim().is_empty())
    }

    /// Reads the amounts of a row.
    pub fn line(&self, row: &RawRow) -> Line {
        let mut line =
            Line { amounts: self.block.columns.iter().map(|c| (*c, None)).collect(), ..Line::default() };
        for (place, (index, column)) in self.columns.iter().enumerate() {
            let Some(cell) = row.cells.get(*index) else { continue };
            let id = match column.role {
                Some(Role::Amount(id)) => Some(id),
                Some(_) => continue,
                None if column.path.is_empty() && cell.text.trim().is_empty() => continue,
                None if column.path.holds == Holds::Text => {
                    let text = text::clean(&cell.text);
                    if !text.is_empty() && cell.owner == *index {
                        push_new(&mut line.raw, self.extra_key(place), Raw::Text(text));
                    }
                    continue;
                }
                None => None,
            };
            let mut at = *index;
            if cell.owner != *index && id.is_some() {
                match self.behind_label(row, *index, cell.owner) {
                    Some(next) => at = next,
                    None => continue,
                }
            }
            let Some(cell) = row.cells.get(at) else { continue };
            let key = id.map_or_else(|| self.extra_key(place), str::to_owned);
            let printed = without_header_rest(column, &cell.text);
            match amount::read(printed).parsed {
                Parsed::Blank | Parsed::Nothing => {}
                parsed @ (Parsed::Value(_) | Parsed::Dash) => {
                    let amount = Amount {
                        value: if let Parsed::Value(value) = parsed { value } else { Decimal::ZERO },
                        text: printed.trim().to_owned(),
                        page: cell.page,
                        bbox: cell.bbox,
                        fit: cell.seat.fit(self.rival(row, at)),
                        ..Amount::default()
                    };
                    line.put(id, key, amount);
                }
                // the row that carries the last header band beside its label
                Parsed::NotAmount if column.path.keys.contains(&crate::schema::header_key(&cell.text)) => {}
                // the end of a header text that ran over into the first row
                Parsed::NotAmount
                    if column.path.texts.last().is_some_and(|t| t.ends_with(&text::clean(&cell.text))) => {}
                Parsed::NotAmount if id.is_some() => line.strange.push((key, at)),
                Parsed::NotAmount => push_new(&mut line.raw, key, Raw::Text(text::clean(&cell.text))),
            }
        }
        line
    }

    /// The header of a column that the standard lacks; of several columns under one header the later ones are numbered.
    fn extra_key(&self, place: usize) -> String {
        let Some((_, column)) = self.columns.get(place) else { return String::new() };
        if column.path.is_empty() {
            return "?".to_owned();
        }
        let before = self.columns.iter().take(place);
        let same = before.filter(|(_, c)| c.role.is_none() && c.path == column.path).count();
        let key = column.path.join();
        if same > 0 { format!("{key} ({})", same + 1) } else { key }
    }

    /// A label may span this block's amount column and a further block that splits the same side (支出用途): its
    /// amount then stands in that block's amount column.
    fn behind_label(&self, row: &RawRow, column: usize, owner: usize) -> Option<usize> {
        let owned_by_label = self.columns.iter().any(|(i, c)| *i == owner && !is_amount(c));
        if !owned_by_label {
            return None;
        }
        let next = (column + 1..row.cells.len()).find(|&i| row.cells[i].owner == i)?;
        let other = self.all.get(next)?;
        let same_side = self
            .blocks
            .get(other.block)
            .is_some_and(|b| b.rows == RowModel::Other && b.side == self.block.side);
        same_side.then_some(next)
    }

    /// The column of the blank cell that the text in column `at` reaches into.
    fn rival(&self, row: &RawRow, at: usize) -> Option<&'static str> {
        let beside = match row.cells.get(at)?.seat {
            Seat::OverBefore => at.checked_sub(1)?,
            Seat::OverAfter => at + 1,
            _ => return None,
        };
        let (own, other) = (self.all.get(at)?, self.all.get(beside)?);
        let Some(Role::Amount(id)) = other.role else { return None };
        let blank = row.text(beside).trim().is_empty();
        (blank && (own.block, own.instance) == (other.block, other.instance)).then_some(id)
    }

    /// Findings for cells that should hold amounts and do not.
    pub fn report(&self, line: &Line, row: &RawRow, key: &str, findings: &mut Vec<Finding>) {
        for (column, index) in &line.strange {
            let printed = row.text(*index);
            let (page, bbox) = row.place(*index);
            let mut finding = Finding::new(
                "cell.not_amount",
                Severity::Error,
                format!("`{printed}` stands where an amount belongs; the amount is left blank"),
            );
            finding.place = Place {
                table: Some(self.number),
                row: Some(key.to_owned()),
                column: Some(column.clone()),
                page: Some(page),
                bbox: Some(bbox),
            };
            findings.push(finding);
        }
    }
}

impl Line {
    /// Puts an amount into the first column.
    pub fn put_first(&mut self, amount: Option<Amount>) {
        if let Some((_, slot)) = self.amounts.first_mut() {
            *slot = amount;
        }
    }

    /// Moves the amount of the first column to another one.
    pub fn move_first_to(&mut self, column: &str) {
        let first = self.amounts.first_mut().and_then(|(_, a)| a.take());
        if let Some(slot) = self.amounts.iter_mut().find(|(id, _)| *id == column) {
            slot.1 = first;
        }
    }

    fn put(&mut self, id: Option<&'static str>, key: String, amount: Amount) {
        match id {
            Some(id) => {
                if let Some(slot) = self.amounts.iter_mut().find(|(c, _)| *c == id) {
                    slot.1 = Some(amount);
                }
            }
            None => push_new(&mut self.extra, key, amount),
        }
    }
}

/// The amount behind the end of a header text that ran over into the first row: `设）18.95` under
/// `对企业补助（基本建设）` is `18.95`.
fn without_header_rest<'t>(column: &ColumnMap, printed: &'t str) -> &'t str {
    let Some(leaf) = column.path.texts.last() else { return printed };
    let rest = printed.trim_start_matches(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '—')));
    let head = text::clean(&printed[..printed.len() - rest.len()]);
    if !head.is_empty() && !rest.is_empty() && leaf.ends_with(&head) { rest } else { printed }
}

/// Whether amounts belong into the column.
pub fn is_amount(column: &ColumnMap) -> bool {
    let printed = column.role.is_none() && !column.path.is_empty() && column.path.holds != Holds::Text;
    matches!(column.role, Some(Role::Amount(_))) || printed
}

/// Whether the column names rows.
fn is_label(column: &ColumnMap) -> bool {
    match column.role {
        Some(Role::Amount(_) | Role::Ignore) => false,
        Some(_) => true,
        None => column.path.is_empty(),
    }
}

/// Adds an entry; where another one has this key, this one's is numbered: two keys of one name would be one to a reader.
pub(super) fn push_new<T>(entries: &mut Vec<(String, T)>, key: String, value: T) {
    let is_taken = |key: &str| entries.iter().any(|(taken, _)| taken == key);
    let key = if is_taken(&key) {
        let numbered = (2..).map(|n| format!("{key} ({n})"));
        numbered.into_iter().find(|key| !is_taken(key)).unwrap_or(key)
    } else {
        key
    };
    entries.push((key, value));
}
