//! A document → every amount with its place on the page, how it is proved, and a name that a story can cite.

use crate::document::narrative::Source;
use crate::document::{Amount, Document, Finding, OtherTable, Row, Severity, Table, Unit};
use crate::geometry::Rect;
use crate::grid::PageGrids;
use crate::limits::Deadline;
use crate::normalize::amount::{self, Parsed};
use crate::proof::equations::{Closes, Equation, equations};
use crate::proof::{self, Rules};
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};

/// Number of the first table that is none of the twelve, behind those of the text's parts
/// ([`crate::proof::equations::Part`]).
pub const OTHERS: u16 = 100;
/// Table number of the text's figures and projects.
pub const FIGURES: u16 = 15;
/// Table number of the performance tables.
pub const PERFORMANCE: u16 = 13;
/// Table number of amounts that no table holds.
pub const NOWHERE: u16 = 0;

/// Characters of a row's or column's name within an anchor.
const MAX_NAME: usize = 40;
/// Points by which the box that a finding points at may differ from the amount's own.
const SAME_BOX: f32 = 1.0;

/// How much is known of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// An identity that closes to the last digit would break if it were another.
    Proved,
    /// Its identities close within what rounding explains.
    Rounded,
    /// No identity speaks of it.
    Unproved,
    /// Two places of the document disagree about it.
    Broken,
    /// It is printed, and stands in no table that is understood.
    Unplaced,
}

impl State {
    /// All of them, best first.
    pub const ALL: [State; 5] =
        [State::Proved, State::Rounded, State::Unproved, State::Broken, State::Unplaced];

    /// Its word in class names and in the catalogue of words.
    pub fn id(self) -> &'static str {
        match self {
            State::Proved => "proved",
            State::Rounded => "rounded",
            State::Unproved => "unproved",
            State::Broken => "broken",
            State::Unplaced => "unplaced",
        }
    }
}

/// An amount where it is printed.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Table: 1–12, the parts of the text, or [`OTHERS`] and up.
    pub table: u16,
    /// Row of that table, from 0.
    pub row: usize,
    /// Column id or header path.
    pub column: String,
    /// What names the row.
    pub name: String,
    /// A name that is the document's own: `p12-t5-2010101-total`.
    pub anchor: String,
    /// In 万元; `None` for a blank cell that an identity speaks of.
    pub value: Option<Decimal>,
    /// As printed.
    pub text: String,
    /// The printed unit.
    pub unit: Option<Unit>,
    /// Page, from 1.
    pub page: u32,
    /// Box in points, origin at the top left of the page as displayed.
    pub bbox: Rect,
    /// How many identities prove it.
    pub proofs: u32,
    /// What the second reader says; `None` where it was not asked or cannot tell.
    pub second: Option<bool>,
    /// How much is known of it.
    pub state: State,
}

/// All amounts of a document, and the identities that speak of them.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// The twelve tables, then figures and projects, performance, other tables, what else identities name, and what
    /// stands nowhere.
    pub all: Vec<Mark>,
    /// Identities with indices of `all` in place of terms, left and right side; `true` where it is taken away.
    pub equations: Vec<(Equation, Vec<(usize, bool)>, Vec<(usize, bool)>)>,
    by_place: FxHashMap<(u16, usize, String), usize>,
    anchors: FxHashSet<String>,
}

impl Marks {
    /// All amounts of a document. `grids` are those of its pages as displayed; without them nothing is known of amounts
    /// that stand nowhere.
    pub fn of(document: &Document, rules: &Rules, grids: &[PageGrids]) -> Self {
        let mut marks = Marks::default();
        document.tables.iter().for_each(|table| marks.table(table));
        marks.texts(document, grids);
        for (i, table) in document.other_tables.iter().enumerate() {
            marks.other(OTHERS.saturating_add(u16::try_from(i).unwrap_or(u16::MAX)), i, table);
        }
        marks.identities(document, rules);
        for finding in document.findings.iter().filter(|f| is_break(f)) {
            marks.broken(finding);
        }
        marks.unplaced(document, grids);
        marks
    }

    /// The amount at a place.
    pub fn at(&self, table: u16, row: usize, column: &str) -> Option<usize> {
        self.by_place.get(&(table, row, column.to_owned())).copied()
    }

    /// The amount that a place of a finding means.
    pub fn meant(&self, place: &crate::document::Place) -> Option<usize> {
        let page = place.page?;
        let column = place.column.as_deref();
        let near = |m: &Mark| {
            let b = place.bbox?;
            let far = |a: f32, b: f32| (a - b).abs() > SAME_BOX;
            let same = !far(m.bbox.x0, b.x0) && !far(m.bbox.x1, b.x1) && !far(m.bbox.y0, b.y0);
            (same && !far(m.bbox.y1, b.y1)).then_some(())
        };
        let named = |m: &Mark| {
            place.table.map(u16::from) == Some(m.table)
                && column == Some(m.column.as_str())
                && place.row.as_deref() == Some(m.name.as_str())
        };
        let on_page = || self.all.iter().enumerate().filter(|(_, m)| m.page == page);
        let here = on_page().find(|(_, m)| near(m).is_some() && column.is_none_or(|c| c == m.column));
        here.or_else(|| on_page().find(|(_, m)| named(m))).map(|(i, _)| i)
    }

    /// A name that no other amount has.
    pub(crate) fn anchor(&mut self, wish: String) -> String {
        let mut name = wish.clone();
        let mut n = 2_u32;
        while !self.anchors.insert(name.clone()) {
            name = format!("{wish}-{n}");
            n += 1;
        }
        name
    }

    fn add(&mut self, mut mark: Mark, wish: String) {
        mark.anchor = self.anchor(wish);
        self.by_place.insert((mark.table, mark.row, mark.column.clone()), self.all.len());
        self.all.push(mark);
    }

    fn table(&mut self, table: &Table) {
        for (r, row) in table.rows.iter().enumerate() {
            let standard = row.amounts.iter().filter_map(|(c, a)| Some((*c, a.as_ref()?)));
            for (column, amount) in standard.chain(row.extra.iter().map(|(c, a)| (c.as_str(), a))) {
                let wish = format!(
                    "p{}-t{}-{}-{}",
                    amount.page,
                    table.number,
                    row_anchor(row),
                    slug(column.rsplit('/').next().unwrap_or(column))
                );
                let mark = mark(u16::from(table.number), r, column, proof::row_name(row), amount);
                self.add(Mark { unit: table.source_unit, ..mark }, wish);
            }
        }
    }

    /// Figures and projects of the text, and the money of the performance tables.
    fn texts(&mut self, document: &Document, grids: &[PageGrids]) {
        let narrative = &document.narrative;
        for (i, f) in narrative.figures.iter().enumerate() {
            let name = match (f.section.as_deref(), f.item.as_deref()) {
                (Some(section), Some(item)) => format!("{section}.{item}"),
                _ => f.label.clone(),
            };
            let change = f.change.as_ref();
            let amounts = [
                ("amount", f.amount, f.raw.clone(), &f.source),
                // its direction is a word: what is printed has no sign
                (
                    "change",
                    change.and_then(|c| c.amount),
                    change.and_then(|c| c.amount).map(|a| a.abs().to_string()),
                    change.map_or(&f.source, |c| &c.source),
                ),
                ("previous", f.previous, None, &f.source),
            ];
            for (column, value, raw, source) in amounts {
                let Some(value) = value else { continue };
                let text = raw.unwrap_or_else(|| value.to_string());
                let (page, bbox) = printed_at(grids, source, &text);
                let wish = format!("p{page}-text-{}-{column}", slug(&name));
                let mark = said(FIGURES, i, column, &f.label, value, Some(text), page, bbox);
                self.add(Mark { unit: Some(f.unit), ..mark }, wish);
            }
        }
        let base = narrative.figures.len();
        for (i, p) in narrative.projects.iter().filter(|p| p.amount.is_some()).enumerate() {
            let source = p.amount_source.as_ref().unwrap_or(&p.source);
            let value = p.amount.unwrap_or_default();
            let wish = format!("p{}-project-{}", source.page, slug(&p.name));
            let mark =
                said(FIGURES, base + i, "amount", &p.name, value, p.raw.clone(), source.page, source.bbox);
            self.add(Mark { unit: Some(p.unit), ..mark }, wish);
        }
        for (i, p) in document.performance.iter().enumerate() {
            let name = p.project.as_deref().or(p.department.as_deref()).unwrap_or(&p.title);
            for f in &p.funding {
                let wish = format!("p{}-performance-{}-{}", f.page, slug(name), slug(&f.id));
                let column = f.id.strip_prefix("fiscal.").unwrap_or(&f.id);
                let mark = said(PERFORMANCE, i, column, name, f.amount, f.raw.clone(), f.page, f.bbox);
                self.add(Mark { unit: Some(p.unit), ..mark }, wish);
            }
        }
    }

    fn other(&mut self, number: u16, i: usize, table: &OtherTable) {
        for (r, row) in table.typed_rows.iter().enumerate() {
            let name = row.code.as_deref().or(row.name.as_deref()).unwrap_or_default();
            for (column, amount) in &row.amounts {
                let last = column.rsplit('/').next().unwrap_or(column);
                let wish = format!("p{}-o{}-{}-{}", amount.page, i + 1, slug(name), slug(last));
                let mark = mark(number, r, column, name.to_owned(), amount);
                self.add(Mark { unit: table.source_unit, ..mark }, wish);
            }
        }
    }

    /// Puts the identities to the amounts; what they name beside them becomes a mark, too.
    fn identities(&mut self, document: &Document, rules: &Rules) {
        let mut exactly = FxHashSet::default();
        let mut rounded = FxHashSet::default();
        for equation in equations(rules, document, Deadline::never()) {
            let mut side = |terms: &[proof::equations::Term]| -> Vec<(usize, bool)> {
                terms.iter().map(|t| (self.term(t), t.minus)).collect()
            };
            let (left, right) = (side(&equation.left), side(&equation.right));
            if equation.proves {
                let set = if equation.closes == Closes::Exactly { &mut exactly } else { &mut rounded };
                set.extend(left.iter().chain(&right).map(|(i, _)| *i));
            }
            self.equations.push((equation, left, right));
        }
        for (i, mark) in self.all.iter_mut().enumerate() {
            // what is proved was counted when the document was read; this tells by what
            let known = mark.table <= 12 && mark.table != NOWHERE;
            let proved = if known { mark.proofs > 0 } else { exactly.contains(&i) || rounded.contains(&i) };
            if proved && (exactly.contains(&i) || !rounded.contains(&i)) {
                mark.state = State::Proved;
            } else if proved {
                mark.state = State::Rounded;
            }
        }
    }

    fn term(&mut self, term: &proof::equations::Term) -> usize {
        let table = u16::from(term.table);
        if let Some(known) = self.at(table, term.row, &term.column) {
            return known;
        }
        let index = self.all.len();
        let name = term.name.clone();
        let wish = format!("p{}-t{table}-{}-{}", term.page, slug(&name), slug(&term.column));
        let mark = Mark {
            table,
            row: term.row,
            column: term.column.clone(),
            name,
            anchor: String::new(),
            value: term.value,
            text: term.text.clone(),
            unit: None,
            page: term.page,
            bbox: term.bbox,
            proofs: 0,
            second: None,
            state: State::Unproved,
        };
        self.add(mark, wish);
        index
    }

    fn broken(&mut self, finding: &Finding) {
        for place in std::iter::once(&finding.place).chain(&finding.others) {
            if let Some(mark) = self.meant(place).and_then(|i| self.all.get_mut(i)) {
                mark.state = State::Broken;
            }
        }
    }

    /// Amounts in grids of pages of which something stands nowhere.
    fn unplaced(&mut self, document: &Document, grids: &[PageGrids]) {
        let pages: Vec<u32> =
            document.coverage.iter().filter(|c| c.amounts.unplaced() > 0).map(|c| c.page).collect();
        for page in grids.iter().filter(|p| pages.contains(&p.number)) {
            let known: Vec<Rect> =
                self.all.iter().filter(|m| m.page == page.number).map(|m| m.bbox).collect();
            let lines = page.grids.iter().flat_map(|g| &g.cells).flat_map(|c| &c.lines);
            let lost: Vec<_> = lines
                .filter(|line| {
                    let covered = |r: &Rect| {
                        r.overlap_x(&line.bbox) > 0.5 * line.bbox.width()
                            && r.overlap_y(&line.bbox) > 0.5 * line.bbox.height()
                    };
                    line.text.contains('.')
                        && matches!(amount::parse(line.text.trim()), Parsed::Value(_))
                        && !known.iter().any(covered)
                })
                .collect();
            for (n, line) in lost.into_iter().enumerate() {
                let value = match amount::parse(line.text.trim()) {
                    Parsed::Value(value) => Some(value),
                    _ => None,
                };
                let wish = format!("p{}-unplaced-{}", page.number, n + 1);
                let mark = Mark {
                    table: NOWHERE,
                    row: self.all.len(),
                    column: String::new(),
                    name: String::new(),
                    anchor: String::new(),
                    value,
                    text: line.text.clone(),
                    unit: None,
                    page: page.number,
                    bbox: line.bbox,
                    proofs: 0,
                    second: None,
                    state: State::Unplaced,
                };
                self.add(mark, wish);
            }
        }
    }
}

/// Where an amount of the text is printed: within its sentence's lines, or where these do not hold it (the amount of the
/// year before may stand lines below), in the first line behind their beginning that does.
fn printed_at(grids: &[PageGrids], source: &Source, text: &str) -> (u32, Rect) {
    let bare = |text: &str| text.replace(|c: char| c.is_whitespace() || matches!(c, ',' | '，'), "");
    let wanted = bare(text);
    let own = (source.page, source.bbox);
    if wanted.is_empty() || bare(&source.text).contains(&wanted) {
        return own;
    }
    let lines = grids.iter().filter(|p| p.number == source.page).flat_map(|p| &p.lines);
    let mut below = lines.filter(|l| l.bbox.y1 > source.bbox.y0);
    below.find(|l| bare(&l.text).contains(&wanted)).map_or(own, |l| (source.page, source.bbox.union(&l.bbox)))
}

/// Whether a finding says that places disagree.
fn is_break(finding: &Finding) -> bool {
    finding.severity > Severity::Info && (finding.difference.is_some() || !finding.others.is_empty())
}

fn mark(table: u16, row: usize, column: &str, name: String, amount: &Amount) -> Mark {
    Mark {
        table,
        row,
        column: column.to_owned(),
        name,
        anchor: String::new(),
        value: Some(amount.value),
        text: amount.text.clone(),
        unit: None,
        page: amount.page,
        bbox: amount.bbox,
        proofs: amount.proved_by,
        second: amount.second,
        state: State::Unproved,
    }
}

#[allow(clippy::too_many_arguments)]
fn said(
    table: u16,
    row: usize,
    column: &str,
    name: &str,
    value: Decimal,
    raw: Option<String>,
    page: u32,
    bbox: Rect,
) -> Mark {
    let amount =
        Amount { value, text: raw.unwrap_or_else(|| value.to_string()), page, bbox, ..Amount::default() };
    mark(table, row, column, name.to_owned(), &amount)
}

/// What names a row within an anchor: its side, then code, item, project or name.
pub fn row_anchor(row: &Row) -> String {
    let name = slug(&proof::row_name(row));
    match (row.side, row.kind) {
        (Some(side), _) => format!("{}-{name}", crate::output::words::side(side)),
        (None, crate::document::RowKind::Project) if row.code.is_some() => {
            format!("{}-{name}", slug(row.code.as_deref().unwrap_or_default()))
        }
        _ => name,
    }
}

/// A text as a part of an anchor: letters, digits and what needs no escape in an address.
fn slug(text: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_');
    let name: String = text.chars().filter(|c| !c.is_whitespace()).take(MAX_NAME).collect();
    let name: String = name.chars().map(|c| if kept(c) { c } else { '_' }).collect();
    if name.is_empty() { "row".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::output::fixture;
    use crate::proof::testing::{code, document, table, total};

    fn marks(document: &mut Document) -> Marks {
        proof::prove(document);
        Marks::of(document, Rules::built_in(), &[])
    }

    #[test]
    fn an_amount_is_cited_by_page_table_row_and_column() {
        let columns = [("total", "3.00"), ("basic", "1.00"), ("project", "2.00")];
        let mut d = document(vec![table(3, vec![code("201", &columns), total(&columns)])]);
        let marks = marks(&mut d);
        let at = marks.at(3, 0, "basic").unwrap();
        assert_eq!(marks.all[at].anchor, "p1-t3-201-basic");
        assert_eq!(marks.all[at].state, State::Proved);
        assert!(marks.equations.iter().any(|(_, left, right)| left.len() == 1 && right.len() == 2));
    }

    #[test]
    fn both_sides_of_a_disagreement_are_broken() {
        let mut d = document(vec![table(
            3,
            vec![
                code("201", &[("total", "4.00"), ("basic", "1.00"), ("project", "2.00")]),
                total(&[("total", "3.00"), ("basic", "1.00"), ("project", "2.00")]),
            ],
        )]);
        let marks = marks(&mut d);
        assert!(marks.all.iter().any(|m| m.state == State::Broken), "{:?}", d.findings);
    }

    #[test]
    fn no_two_amounts_share_an_anchor() {
        let mut d = fixture::full();
        let marks = marks(&mut d);
        let names: FxHashSet<&str> = marks.all.iter().map(|m| m.anchor.as_str()).collect();
        assert_eq!(names.len(), marks.all.len());
        assert!(names.iter().all(|n| !n.contains(['"', '<', ' ', '#', '%', '\''])));
    }
}
