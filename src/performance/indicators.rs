//! Rows below the header of the indicators → indicators: upper levels filled, rows that a page break or a lost cell
//! put out of place set right.

use super::columns::Columns;
use super::sheet::{Row, Text};
use super::target;
use super::words::{Role, Words};
use crate::document::performance::Indicator;
use crate::document::{Finding, Severity};
use crate::geometry::Rect;
use crate::normalize::amount::{self, Parsed};
use crate::normalize::text;
use rust_decimal::Decimal;

/// Collects the indicators of one table.
#[derive(Debug)]
pub(crate) struct Collector<'w> {
    words: &'w Words,
    columns: Columns,
    rows: Vec<Cells>,
    moved: Vec<(u32, String)>,
    joined: Vec<(u32, String)>,
}

/// The texts of an indicator by role.
#[derive(Clone, Debug, Default)]
struct Cells {
    texts: Vec<(Role, String)>,
    page: u32,
    bbox: Option<Rect>,
}

impl Cells {
    fn get(&self, role: Role) -> Option<&str> {
        self.texts.iter().find(|(r, _)| *r == role).map(|(_, text)| text.as_str())
    }

    /// Adds what a broken row says below.
    fn append(&mut self, other: Cells) {
        for (role, text) in other.texts {
            match self.texts.iter_mut().find(|(r, _)| *r == role) {
                // the end of a wrapped text may be printed in both rows
                Some((_, above)) if above.ends_with(&text) => {}
                Some((_, above)) => {
                    *above = text::clean(&text::join_wrapped([above.as_str(), text.as_str()]))
                }
                None => self.texts.push((role, text)),
            }
        }
        self.bbox = Rect::hull(self.bbox.into_iter().chain(other.bbox));
    }
}

impl<'w> Collector<'w> {
    pub(crate) fn new(words: &'w Words, columns: Columns) -> Self {
        Self { words, columns, rows: Vec::new(), moved: Vec::new(), joined: Vec::new() }
    }

    /// The header was printed again: its columns hold from here on.
    pub(crate) fn set_columns(&mut self, columns: Columns) {
        self.columns = columns;
    }

    /// Adds a row. `false` where it is no indicator: nothing of it was taken.
    pub(crate) fn push(&mut self, row: &Row) -> bool {
        let texts = self.columns.assign(row);
        if texts.iter().all(Option::is_none) {
            return false;
        }
        let roles: Vec<Role> = self.columns.roles().collect();
        let shift = self.shift(&roles, &texts);
        let mut cells = Cells { page: row.page, ..Cells::default() };
        for (i, text) in texts.into_iter().enumerate() {
            let Some(text) = text.filter(|t| !t.text.is_empty()) else { continue };
            let at = i.checked_add_signed(-shift).and_then(|at| roles.get(at));
            if let Some(role) = at {
                cells.texts.push((*role, text.text));
            }
            cells.bbox = Rect::hull(cells.bbox.into_iter().chain([text.bbox]));
        }
        if shift != 0 {
            self.moved.push((row.page, cells.get(Role::Name).unwrap_or_default().to_owned()));
        }
        match self.rows.last_mut() {
            Some(above) if is_rest(self.words, above, &cells, row.top) => {
                self.joined.push((row.page, above.get(Role::Name).unwrap_or_default().to_owned()));
                above.append(cells);
            }
            _ => self.rows.push(cells),
        }
        true
    }

    /// By how many columns the row's texts stand beside their own: a lost cell moves all that follow.
    fn shift(&self, roles: &[Role], texts: &[Option<Text>]) -> isize {
        let score = |shift: isize| -> u32 {
            let fits = |(i, role): (usize, &Role)| {
                let at = i.checked_add_signed(shift)?;
                let printed = &texts.get(at)?.as_ref()?.text;
                let squeezed: String = printed.chars().filter(|c| !c.is_whitespace()).collect();
                let fits = match role {
                    Role::Level1 => self.words.is_level1(&text::key(printed)),
                    Role::Level2 => self.words.is_level2(&text::key(printed)),
                    Role::Target => {
                        target::read(self.words, &squeezed).is_some_and(|t| t.op.is_some())
                            || target::is_dangling(self.words, printed)
                    }
                    Role::Weight => weight(printed).is_some(),
                    _ => false,
                };
                Some(if fits { 1 } else { 0 })
            };
            roles.iter().enumerate().filter_map(fits).sum()
        };
        let straight = score(0);
        let best = [1isize, -1, 2, -2].into_iter().max_by_key(|&s| (score(s), -s.abs())).unwrap_or(0);
        if score(best) >= straight + 2 { best } else { 0 }
    }

    /// The indicators and what was doubtful about them.
    pub(crate) fn finish(self, findings: &mut Vec<Finding>) -> Vec<Indicator> {
        let words = self.words;
        let mut level1: Option<String> = None;
        let mut level2: Option<String> = None;
        let mut out = Vec::with_capacity(self.rows.len());
        for cells in self.rows {
            let own = |role: Role| cells.get(role).map(str::to_owned);
            if let Some(first) = own(Role::Level1) {
                if level1.as_ref() != Some(&first) {
                    level2 = None;
                }
                level1 = Some(first);
            }
            level2 = own(Role::Level2).or(level2);
            let name = own(Role::Name).unwrap_or_default();
            let printed = own(Role::Target);
            if name.is_empty() && printed.is_none() {
                continue;
            }
            let mut target = printed.as_deref().and_then(|t| target::read(words, t));
            if let Some(target) = &mut target {
                if let Some((_, op)) = cells.get(Role::Operator).and_then(|op| {
                    let squeezed: String = op.chars().filter(|c| !c.is_whitespace()).collect();
                    words.operators().find(|(word, _)| *word == squeezed)
                }) {
                    target.op = target.op.or(target.value.and(Some(op)));
                }
                if target.value.is_some() && target.unit.is_none() {
                    target.unit = own(Role::Unit);
                }
            }
            out.push(Indicator {
                level1: level1.clone(),
                level2: level2.clone(),
                name_unit: target::name_unit(&name),
                name,
                target,
                basis: own(Role::Basis),
                previous: own(Role::Previous),
                weight: cells.get(Role::Weight).and_then(weight),
                scoring: own(Role::Scoring),
                evidence: own(Role::Evidence),
                note: own(Role::Note),
                page: cells.page,
                bbox: cells.bbox.unwrap_or_default(),
            });
        }
        tell(
            findings,
            "performance.shifted-row",
            Severity::Warning,
            "stands one or more columns beside its own, its texts were put into the columns that they fit",
            &self.moved,
        );
        tell(
            findings,
            "performance.joined-row",
            Severity::Info,
            "stands in two rows, which were joined",
            &self.joined,
        );
        out
    }
}

/// One finding for all rows of a table that the same happened to.
fn tell(findings: &mut Vec<Finding>, rule: &str, severity: Severity, what: &str, rows: &[(u32, String)]) {
    let Some((page, first)) = rows.first() else { return };
    let more = if rows.len() > 1 { format!(" (and {} more)", rows.len() - 1) } else { String::new() };
    let message = format!("performance table: the indicator `{first}`{more} {what}");
    let mut finding = Finding::new(rule, severity, message).on_page(*page);
    finding.place.row = Some(first.clone());
    findings.push(finding);
}

/// Whether a row is the rest of the one above: a page break or a wrapped text made two rows of one.
fn is_rest(words: &Words, above: &Cells, row: &Cells, top: bool) -> bool {
    let has_own = [Role::Weight, Role::Basis, Role::Previous].into_iter().any(|r| row.get(r).is_some());
    if has_own {
        return false;
    }
    let waits = above.get(Role::Target).is_some_and(|t| target::is_dangling(words, t));
    let no_name = row.get(Role::Name).is_none();
    let no_target = row.get(Role::Target).is_none();
    let is_level = |role: Role| {
        let key = row.get(role).map(text::key);
        key.is_some_and(|key| words.is_level1(&key) || words.is_level2(&key))
    };
    // a slot of the form that nothing was written into
    if is_level(Role::Level1) || is_level(Role::Level2) {
        return false;
    }
    // text without an indicator of its own, the number to a comparison, a name that the page break cut
    no_name || (waits && !no_target) || (no_target && top)
}

/// A weight: a plain number up to 100, perhaps with a percent sign or 分.
fn weight(printed: &str) -> Option<Decimal> {
    let squeezed: String = printed.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = squeezed.trim_end_matches(['%', '分', '％']);
    match amount::parse(plain) {
        Parsed::Value(value) if value >= Decimal::ZERO && value <= Decimal::ONE_HUNDRED => Some(value),
        _ => None,
    }
}
