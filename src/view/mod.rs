//! The review page: one HTML file for a document, the printed pages on the left, what was read from them on the right,
//! every amount boxed, and the identities that prove it a click away. And an index over many of them.
//!
//! In: a document, its [`Marks`] and its drawn pages. Out: HTML that needs nothing else: no network, no other file. Text
//! of the PDF stands in it escaped only, in the script's data as JSON; pages are images, which cannot run anything; and
//! the policy of the page forbids every script but its own.

mod data;
mod findings;
mod frame;
mod index;
mod lang;
mod pack;
mod tables;
mod texts;

pub use index::{Entry, Failure, index};
pub use lang::Lang;

use crate::document::Document;
use crate::picture::marks::Marks;
use crate::picture::{Rendered, escape};
use std::collections::{BTreeMap, BTreeSet};

/// What a page is made from.
pub struct Review<'a> {
    /// What was read.
    pub document: &'a Document,
    /// Its amounts.
    pub marks: Marks,
    /// Its pages.
    pub rendered: &'a Rendered,
    /// Widths and heights of its pages in points, as they were read.
    pub sizes: BTreeMap<u32, (f32, f32)>,
    /// Where the index lies, as seen from the page.
    pub index: Option<String>,
    /// The language of its words.
    pub lang: Lang,
}

/// The pages that hold tables, figures or findings.
pub fn pages(document: &Document, marks: &Marks) -> Vec<u32> {
    let mut pages: BTreeSet<u32> = marks.all.iter().map(|m| m.page).collect();
    pages.extend(document.tables.iter().flat_map(|t| &t.pages));
    pages.extend(document.other_tables.iter().flat_map(|t| &t.pages));
    pages.extend(document.performance.iter().flat_map(|p| &p.pages));
    pages.extend(document.narrative.projects.iter().map(|p| p.source.page));
    let places = document.findings.iter().flat_map(|f| std::iter::once(&f.place).chain(&f.others));
    pages.extend(places.filter_map(|p| p.page));
    let last = document.source.pages.max(pages.last().copied().unwrap_or(0));
    pages.into_iter().filter(|&n| n > 0 && n <= last).collect()
}

/// The whole page.
pub fn page(review: &mut Review<'_>) -> String {
    let mut right = String::new();
    tables::twelve(review, &mut right);
    texts::figures(review, &mut right);
    texts::projects(review, &mut right);
    texts::performance(review, &mut right);
    tables::others(review, &mut right);
    findings::list(review, &mut right);
    frame::page(review, &right)
}

/// A box with its page, for the script: `data-m="page x0 y0 x1 y1"`.
fn place(page: u32, b: &crate::geometry::Rect) -> String {
    format!(" data-m=\"{page} {:.1} {:.1} {:.1} {:.1}\"", b.x0, b.y0, b.x1, b.y1)
}

/// A cell with an amount of the marks; `tag` is `td` or `span`.
fn amount(review: &Review<'_>, tag: &str, index: usize, out: &mut String) {
    use std::fmt::Write as _;
    let Some(mark) = review.marks.all.get(index) else { return };
    let Some(value) = mark.value.map(|v| v.to_string()) else {
        // a blank cell that an identity speaks of: it can be cited, and it is no doubt
        let _ = write!(out, "<{tag} class=\"n\" id=\"{}\" data-c=\"{index}\"></{tag}>", escape(&mark.anchor));
        return;
    };
    let _ = write!(
        out,
        "<{tag} class=\"n s-{}\" id=\"{}\" data-c=\"{index}\" tabindex=\"0\">{}</{tag}>",
        mark.state.id(),
        escape(&mark.anchor),
        escape(&value)
    );
}

#[cfg(test)]
mod tests;
