//! Documents → which of them publish the same budget: a draft, a revised one, a unit's own beside its department's.

use super::cell::{Cell, Rows};
use super::facts::{count, doc_id};
use crate::document::{Document, Kind, Scope};
use crate::output::words;
use std::collections::BTreeMap;
use std::io;

/// Words of a title that say that it is not the final publication, …
const DRAFT: [&str; 3] = ["草案", "征求意见", "送审"];
/// … and that it takes an earlier one's place.
const REVISED: [&str; 7] = ["修订", "更正", "更新", "重新公开", "补充公开", "调整后", "勘误"];

/// What is kept of each document.
struct Publication {
    doc_id: String,
    budget_id: String,
    office: Option<String>,
    year: Option<u16>,
    kind: Kind,
    scope: Scope,
    published_on: Option<String>,
    title: Option<String>,
}

/// All documents so far.
#[derive(Default)]
pub(super) struct Publications(Vec<Publication>);

fn says(title: Option<&str>, words: &[&str]) -> bool {
    title.is_some_and(|title| words.iter().any(|w| title.contains(w)))
}

impl Publications {
    pub(super) fn add(&mut self, d: &Document) {
        let (head, doc_id) = (&d.head, doc_id(d));
        let office = head.office.as_ref().map(|o| o.id.clone());
        let budget_id = match (&office, head.fiscal_year) {
            (Some(office), Some(year)) => format!("{office}/{year}/{}", words::kind(head.kind)),
            // nobody knows whose it is: it is one of its own
            _ => doc_id.clone(),
        };
        self.0.push(Publication {
            doc_id,
            budget_id,
            office,
            year: head.fiscal_year,
            kind: head.kind,
            scope: head.scope,
            published_on: head.published_on.clone(),
            title: head.title.clone(),
        });
    }

    /// The rows of `publications`, in the order of the documents.
    pub(super) fn rows(&self, out: &mut impl Rows) -> io::Result<()> {
        let mut groups: BTreeMap<&str, Vec<&Publication>> = BTreeMap::new();
        self.0.iter().for_each(|p| groups.entry(&p.budget_id).or_default().push(p));
        for p in &self.0 {
            let group = groups.get(p.budget_id.as_str()).map_or(&[][..], |g| g);
            let same: Vec<&&Publication> = group.iter().filter(|o| o.scope == p.scope).collect();
            // of two without a date the one that was read later
            let later = |o: &Publication| {
                let at = |doc: &Publication| same.iter().position(|s| s.doc_id == doc.doc_id);
                (says(o.title.as_deref(), &REVISED), &o.published_on, at(o))
                    > (says(p.title.as_deref(), &REVISED), &p.published_on, at(p))
            };
            let is_latest = !same.iter().any(|o| later(o));
            let is_draft = |o: &Publication| says(o.title.as_deref(), &DRAFT);
            let is_first = !same.iter().any(|o| o.doc_id != p.doc_id && !is_draft(o) && !later(o));
            let publication = match p {
                _ if is_draft(p) => "draft",
                _ if says(p.title.as_deref(), &REVISED) => "revised",
                _ if p.scope == Scope::Unit && same.len() < group.len() => "unit",
                _ if same.len() <= 1 => "only",
                _ if is_first => "first",
                _ => "later",
            };
            out.row(&[
                Cell::Text(&p.doc_id),
                Cell::Text(&p.budget_id),
                Cell::text(p.office.as_deref()),
                Cell::integer(p.year),
                Cell::Text(words::kind(p.kind)),
                Cell::Text(words::scope(p.scope)),
                Cell::Text(publication),
                Cell::Integer(count(group.len())),
                Cell::Flag(is_latest),
                Cell::text(p.published_on.as_deref()),
                Cell::text(p.title.as_deref()),
            ])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    struct Said(Vec<(String, bool)>);

    impl Rows for Said {
        fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
            if let (Cell::Text(what), Cell::Flag(latest)) = (cells[6], cells[8]) {
                self.0.push((what.to_owned(), latest));
            }
            Ok(())
        }
    }

    fn document(n: u8, title: &str, scope: Scope, on: Option<&str>) -> Document {
        let mut d = Document::default();
        d.source.sha256 = format!("{n:0<64}");
        d.head.office =
            Some(crate::document::Office { id: "莎车县财政局".to_owned(), evidence: Vec::new() });
        d.head.fiscal_year = Some(2026);
        d.head.title = Some(title.to_owned());
        d.head.scope = scope;
        d.head.published_on = on.map(ToOwned::to_owned);
        d
    }

    #[test]
    fn other_publications_of_the_same_budget_are_named() {
        let mut all = Publications::default();
        for d in [
            document(1, "2026年部门预算公开", Scope::Department, Some("2026-02-01")),
            document(2, "2026年部门预算公开（修订）", Scope::Department, Some("2026-03-01")),
            document(3, "2026年部门预算（草案）", Scope::Department, Some("2026-01-01")),
            document(4, "2026年单位预算公开", Scope::Unit, None),
        ] {
            all.add(&d);
        }
        let mut said = Said(Vec::new());
        all.rows(&mut said).unwrap();
        let said: Vec<(&str, bool)> = said.0.iter().map(|(what, latest)| (what.as_str(), *latest)).collect();
        assert_eq!(said, [("first", false), ("revised", true), ("draft", false), ("unit", true)]);
    }
}
