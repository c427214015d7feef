//! Which of the twelve a piece is: header words first, title second, number last.

use super::caption::Caption;
use super::header::Header;
use super::mapping::{Mapping, map_form};
use super::title;
use crate::schema::{self, Form, Layout, Path, RowModel};
use regex::Regex;
use std::sync::Arc;

/// The tables to look for: the standard, seen through the layout.
#[derive(Debug)]
pub struct Views<'s> {
    tables: Vec<View<'s>>,
}

#[derive(Debug)]
struct View<'s> {
    number: u8,
    titles: Vec<&'s Regex>,
    marks: Vec<&'s str>,
    forms: Vec<&'s Form>,
}

/// Why a piece is taken for a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Headers and title agree.
    Title,
    /// The headers alone tell.
    Headers,
}

/// Result of [`Views::identify`].
#[derive(Debug)]
pub enum Identity<'s> {
    /// A standard table.
    Standard(Mapping<'s>, By),
    /// The title names a standard table, but its headers do not fit.
    Unmapped(u8),
    /// None of the twelve.
    Other,
}

impl<'s> Views<'s> {
    /// The standard with a layout's differences.
    pub fn new(layout: Option<&'s Arc<Layout>>) -> Self {
        let tables = schema::standard().tables.iter().map(|def| {
            let own = layout.iter().flat_map(|l| &l.tables).filter(|t| t.number == def.number);
            let (mut titles, mut marks, mut forms) = (Vec::new(), Vec::new(), Vec::new());
            for table in own {
                titles.extend(&table.titles);
                marks.extend(table.marks.iter().map(String::as_str));
                forms.extend(&table.forms);
            }
            titles.extend(&def.titles);
            marks.extend(def.marks.iter().map(String::as_str));
            forms.extend(&def.forms);
            View { number: def.number, titles, marks, forms }
        });
        Self { tables: tables.collect() }
    }

    /// The table that a bare title names.
    pub fn by_title(&self, bare: &str) -> Option<u8> {
        let titles = || self.tables.iter().flat_map(|t| t.titles.iter().map(|r| (t.number, *r)));
        title::number(bare, titles)
    }

    /// Decides which table a piece with this header and caption is.
    pub fn identify(&self, header: &Header, caption: &Caption) -> Identity<'s> {
        if let Some(number) = caption.bare.as_deref().and_then(|bare| self.by_title(bare)) {
            return self.titled(number, header);
        }
        let mut best: Option<(f32, Mapping<'s>)> = None;
        let mut second = 0.0f32;
        for view in &self.tables {
            let Some(mapping) = best_form(view, &header.paths, false) else { continue };
            let mut score = mapping.score;
            if view.marked(header, caption) {
                score += 0.25;
            }
            if lists_items(mapping.form, &header.labels) {
                score += 0.5;
            }
            if caption.number == Some(view.number) {
                score += 0.15;
            }
            match &best {
                Some((top, _)) if *top >= score => second = second.max(score),
                _ => {
                    second = best.as_ref().map_or(second, |(top, _)| second.max(*top));
                    best = Some((score, mapping));
                }
            }
        }
        let Some((score, mapping)) = best else { return Identity::Other };
        // a title that we do not know is another table's, unless everything else speaks against it
        let enough = if caption.bare.is_some() { 0.95 } else { 0.8 };
        let enough = if lists_items(mapping.form, &header.labels) { 0.6 } else { enough };
        if mapping.score >= enough && score - second >= 0.1 {
            Identity::Standard(mapping, By::Headers)
        } else {
            Identity::Other
        }
    }

    /// Whether the columns fit the table that the title names: no other one is asked.
    fn titled(&self, number: u8, header: &Header) -> Identity<'s> {
        let view = self.tables.iter().find(|view| view.number == number);
        match view.and_then(|view| best_form(view, &header.paths, true)) {
            Some(mapping) if mapping.score >= 0.45 || mapping.essential => {
                Identity::Standard(mapping, By::Title)
            }
            _ => Identity::Unmapped(number),
        }
    }
}

impl View<'_> {
    fn marked(&self, header: &Header, caption: &Caption) -> bool {
        let title = caption.bare.as_deref().unwrap_or("");
        self.marks
            .iter()
            .any(|mark| title.contains(mark) || header.paths.iter().any(|p| p.keys.iter().any(|k| k == mark)))
    }
}

/// Whether the names of the rows are line items that the form lists, three of them or more.
fn lists_items(form: &Form, labels: &[String]) -> bool {
    let blocks = form.blocks.iter().filter(|b| b.rows == RowModel::Items);
    let items = blocks.flat_map(|b| &b.items);
    let named = items.filter(|i| i.names.iter().any(|n| labels.iter().any(|l| l == n.key())));
    named.take(3).count() == 3
}

fn best_form<'s>(view: &View<'s>, paths: &[Arc<Path>], named: bool) -> Option<Mapping<'s>> {
    let mappings = view.forms.iter().filter_map(|form| map_form(view.number, form, paths, named));
    mappings.reduce(|best, next| if next.score > best.score { next } else { best })
}
