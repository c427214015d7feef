//! Which of the twelve a piece is: every table is a candidate, and what title, headers and content say for and against it
//! is added up. The best joint choice over a document is made in [`super::choose`].

use super::caption::Caption;
use super::header::Header;
use super::mapping::{Mapping, map_form};
use super::title::{self, Named};
use crate::normalize::code::Scheme;
use crate::schema::concepts::Set;
use crate::schema::kinds::{self, Kind};
use crate::schema::{self, Classification, Form, Layout, RowModel, RowName};
use regex::Regex;
use std::sync::Arc;

/// The tables to look for: the standard, seen through the layout.
#[derive(Debug)]
pub struct Views<'s> {
    tables: Vec<View<'s>>,
    /// What tells tables of the same columns apart: sources of money and parts of expenditure.
    topics: Set,
}

#[derive(Debug)]
struct View<'s> {
    def: &'s schema::TableDef,
    titles: Vec<&'s Regex>,
    forms: Vec<&'s Form>,
}

/// What speaks for a candidate, in points. One reading is better than another by the sum.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// What the title says: [`weights::TITLE`] if it names the table, less if it may, negative if it names another.
    pub title: f32,
    /// 0–1: how well the columns fit ([`Mapping::score`]).
    pub headers: f32,
    /// What bands over all amounts say of the money.
    pub bands: f32,
    /// Codes of the right classification, line items that the table lists.
    pub content: f32,
    /// The number of the label (表3).
    pub number: f32,
}

impl Evidence {
    /// All of it.
    pub fn sum(self) -> f32 {
        self.title + self.headers + self.bands + self.content + self.number
    }
}

/// Points of each kind of evidence. Headers give at most one point; the others are set against that.
mod weights {
    /// A title that names the table outweighs columns that fit another one better.
    pub(super) const TITLE: f32 = 1.0;
    /// A title that may name it (a word is unknown, or other publishers mean another table by it).
    pub(super) const MAYBE: f32 = 0.6;
    /// A title that names another table or kind of table.
    pub(super) const OTHER_TITLE: f32 = -1.0;
    /// A title whose words make no table that we know: most likely a table beside the twelve.
    pub(super) const UNCLEAR_TITLE: f32 = -0.15;
    /// A band over all amounts that is the table's own.
    pub(super) const BAND: f32 = 0.25;
    /// A band over all amounts that is another table's.
    pub(super) const OTHER_BAND: f32 = -0.3;
    /// Codes of the table's classification.
    pub(super) const CODES: f32 = 0.15;
    /// Codes of the other classification, or none in a table of codes.
    pub(super) const OTHER_CODES: f32 = -0.5;
    /// Names of rows that are line items of the table.
    pub(super) const ITEMS: f32 = 0.3;
    /// The label's number. Publishers number as they like, so it only breaks ties.
    pub(super) const NUMBER: f32 = 0.1;
}

/// Without a title a table is taken for one of the twelve from this on: all columns explained and the essential ones there.
const ENOUGH: f32 = 0.8;
/// With a title that names it, columns that fit by less than this are not the table's.
const LEAST_HEADERS: f32 = 0.4;

/// One reading of a piece: it is this table, its columns are these.
#[derive(Clone, Debug)]
pub struct Candidate<'s> {
    /// Columns and number.
    pub mapping: Mapping<'s>,
    /// What speaks for it.
    pub evidence: Evidence,
}

/// What a piece may be.
#[derive(Debug, Default)]
pub struct Identity<'s> {
    /// Readings as one of the twelve, the best first; those that nothing speaks for are left out.
    pub candidates: Vec<Candidate<'s>>,
    /// What the title names.
    pub named: Option<Named>,
    /// All tables whose columns fit somehow, the best first.
    nearest: Vec<u8>,
    /// What a title that may mean one of the twelve means where it does not.
    otherwise: Option<&'static Kind>,
}

impl Identity<'_> {
    /// The number that the title names for sure.
    pub fn titled(&self) -> Option<u8> {
        match self.named {
            Some(Named::Table(number)) => Some(number),
            _ => None,
        }
    }

    /// The table that it most likely is, for people: one of those that were `missing` rather than one that was found.
    pub fn likeliest(&self, missing: &[u8]) -> Option<u8> {
        let named = match self.named {
            Some(Named::Table(number) | Named::Maybe(number)) => Some(number),
            _ => None,
        };
        let open = || self.nearest.iter().copied().find(|n| missing.contains(n));
        named.or_else(open).or_else(|| self.nearest.first().copied())
    }

    /// The kind of table beside the twelve that the title names.
    pub fn kind(&self) -> Option<&'static Kind> {
        match self.named {
            Some(Named::Kind(kind)) => Some(kind),
            Some(Named::Maybe(_)) => self.otherwise,
            _ => None,
        }
    }
}

impl<'s> Views<'s> {
    /// The standard with a layout's differences.
    pub fn new(layout: Option<&'s Arc<Layout>>) -> Self {
        let tables = schema::standard().tables.iter().map(|def| {
            let own = layout.iter().flat_map(|l| &l.tables).filter(|t| t.number == def.number);
            let (mut titles, mut forms) = (Vec::new(), Vec::new());
            for table in own {
                titles.extend(&table.titles);
                forms.extend(&table.forms);
            }
            forms.extend(&def.forms);
            View { def, titles, forms }
        });
        let topics = ["general", "fund", "capital", "three_public", "carryover", "commissioned", "account"];
        Self { tables: tables.collect(), topics: Set::of(&topics) }
    }

    /// What a bare title names.
    pub fn named(&self, bare: &str) -> Named {
        let titles = || self.tables.iter().flat_map(|t| t.titles.iter().map(|r| (t.def.number, *r)));
        let own = |variant: &str| titles().find(|(_, title)| title.is_match(variant));
        match title::variants(bare).into_iter().find_map(own) {
            Some((number, _)) => Named::Table(number),
            None => title::named(title::frame(bare)),
        }
    }

    /// The table that a bare title names.
    pub fn by_title(&self, bare: &str) -> Option<u8> {
        match self.named(bare) {
            Named::Table(number) => Some(number),
            _ => None,
        }
    }

    /// All readings of a piece with this header and caption.
    pub fn identify(&self, header: &Header, caption: &Caption) -> Identity<'s> {
        let named = caption.bare.as_deref().map(|bare| self.named(bare));
        let mut candidates: Vec<Candidate<'s>> = Vec::new();
        let mut nearest: Vec<(f32, u8)> = Vec::new();
        if header.rows > 0 {
            let mapped = self.tables.iter().filter_map(|view| {
                let titled = matches!(named, Some(Named::Table(n) | Named::Maybe(n)) if n == view.def.number);
                Some((view, best_form(view, header, titled)?))
            });
            let mapped: Vec<(&View, Mapping)> = mapped.collect();
            let title = if is_contradicted(named, &mapped, header) { Some(Named::Unclear) } else { named };
            for (view, mapping) in mapped {
                let evidence = self.evidence(view, &mapping, header, caption, title);
                nearest.push((evidence.sum(), mapping.number));
                if is_enough(&mapping, evidence) {
                    candidates.push(Candidate { mapping, evidence });
                }
            }
        }
        candidates.sort_by(|a, b| b.evidence.sum().total_cmp(&a.evidence.sum()));
        nearest.sort_by(|a, b| b.0.total_cmp(&a.0));
        let says = caption.bare.as_deref().map(|bare| title::frame(bare).says);
        let otherwise = says.and_then(kinds::of);
        Identity {
            candidates,
            named,
            nearest: nearest.into_iter().map(|(_, number)| number).collect(),
            otherwise,
        }
    }

    fn evidence(
        &self,
        view: &View,
        mapping: &Mapping,
        header: &Header,
        caption: &Caption,
        named: Option<Named>,
    ) -> Evidence {
        let number = view.def.number;
        let title = match named {
            Some(Named::Table(n)) if n == number => weights::TITLE,
            Some(Named::Maybe(n)) if n == number => weights::MAYBE,
            Some(Named::Kind(kind)) if !agrees(kind, header) => weights::UNCLEAR_TITLE,
            Some(Named::Table(_) | Named::Kind(_)) => weights::OTHER_TITLE,
            Some(Named::Maybe(_) | Named::Unclear) => weights::UNCLEAR_TITLE,
            None => 0.0,
        };
        let own = view.def.names.is.iter().fold(view.def.names.may, |all, set| all.union(*set));
        let bands = self.bands(mapping);
        let band = match () {
            () if bands.common(self.topics).without(own).is_empty() => {
                let telling = view.def.names.is.first().is_some_and(|is| is.common(self.topics).meets(bands));
                if telling { weights::BAND } else { 0.0 }
            }
            () => weights::OTHER_BAND,
        };
        // a topic that columns of names and amounts cannot tell needs a word for it
        let untold = view.def.names.needs_word && evidence_of_topic(title, band) == 0.0;
        let band = if untold { weights::OTHER_BAND + weights::UNCLEAR_TITLE } else { band };
        let numbered = if caption.number == Some(number) { weights::NUMBER } else { 0.0 };
        Evidence {
            title,
            headers: mapping.score,
            bands: band,
            content: content(mapping, header),
            number: numbered,
        }
    }

    /// What the bands say that stand over all amounts, and the heading of a single amount.
    fn bands(&self, mapping: &Mapping) -> Set {
        let amounts = || mapping.columns.iter().filter(|c| matches!(c.role, Some(schema::Role::Amount(_))));
        let says =
            |c: &super::mapping::ColumnMap| c.path.says.iter().fold(Set::EMPTY, |all, m| all.union(m.says));
        let mut all = amounts().map(says);
        let first = all.next().unwrap_or_default();
        all.fold(first, Set::common)
    }
}

/// By how much the columns of another table have to fit better before a title is taken for a mistake.
const CLEARLY: f32 = 0.4;

/// Whether the body says that a title is not the table's: its codes are those of the other classification and another
/// table has just these codes and columns, or the columns of another table fit far better. Publishers exchange titles.
fn is_contradicted(named: Option<Named>, mapped: &[(&View, Mapping)], header: &Header) -> bool {
    let Some(Named::Table(number)) = named else { return false };
    let Some((_, own)) = mapped.iter().find(|(_, m)| m.number == number) else { return false };
    let codes = content(own, header);
    mapped.iter().filter(|(_, m)| m.number != number && m.essential).any(|(_, other)| {
        let fits = other.score >= ENOUGH && content(other, header) > 0.0;
        let by_codes = codes <= weights::OTHER_CODES && other.score > own.score - CLEARLY;
        fits && (by_codes || codes >= 0.0 && other.score > own.score + CLEARLY)
    })
}

/// What title and bands say for a table's topic.
fn evidence_of_topic(title: f32, band: f32) -> f32 {
    title.max(0.0) + band.max(0.0)
}

/// Whether a reading may be taken: its title names it and its columns do not speak against it, or its columns say enough
/// by themselves.
fn is_enough(mapping: &Mapping, evidence: Evidence) -> bool {
    let titled = evidence.title >= weights::TITLE && (mapping.score >= LEAST_HEADERS || mapping.essential);
    let maybe = evidence.title >= weights::MAYBE && mapping.essential;
    let sum = evidence.sum() - evidence.number;
    titled || maybe || evidence.title > weights::OTHER_TITLE && sum >= ENOUGH
}

/// What the body says for a form: codes of its classification, line items that it lists.
fn content(mapping: &Mapping, header: &Header) -> f32 {
    let mut points = 0.0;
    for block in mapping.form.blocks.iter() {
        match block.rows {
            RowModel::Codes | RowModel::Projects if !header.codes.is_empty() => {
                let scheme = match block.classification {
                    Classification::Functional => Scheme::Functional,
                    Classification::Economic => Scheme::Economic,
                };
                points += if header.scheme() == Some(scheme) { weights::CODES } else { weights::OTHER_CODES };
            }
            RowModel::Items => {
                let named = header.labels.iter().map(|l| RowName::new(l));
                let listed = named.filter(|n| block.items.iter().any(|item| item.fit(n).is_some()));
                if listed.take(3).count() == 3 {
                    points += weights::ITEMS;
                }
            }
            _ => {}
        }
    }
    points
}

/// Whether the rows have the codes that tables of a kind have: functional ones speak against a list of units, of purposes
/// or of economic classes.
fn agrees(kind: &Kind, header: &Header) -> bool {
    kind.codes.is_none() || header.scheme() != Some(Scheme::Functional)
}

fn best_form<'s>(view: &View<'s>, header: &Header, named: bool) -> Option<Mapping<'s>> {
    let mappings = view.forms.iter().filter_map(|form| map_form(view.def.number, form, header, named));
    mappings.reduce(|best, next| if next.score > best.score { next } else { best })
}
