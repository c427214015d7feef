//! Several departments in one PDF: which tables, and which pages, belong to which document.

use super::head;
use super::join::Found;
use crate::grid::PageGrids;
use std::ops::Range;

/// One document within a file.
#[derive(Debug)]
pub struct Part {
    /// Its tables, as indexes.
    pub tables: Vec<usize>,
    /// Its pages, as indexes.
    pub pages: Range<usize>,
}

/// Splits a file's tables into documents: a new one starts where the numbering starts again.
pub fn split(found: &[Found], pages: &[PageGrids]) -> Vec<Part> {
    let mut groups: Vec<Vec<usize>> = vec![Vec::new()];
    let mut seen: Vec<u8> = Vec::new();
    for (index, table) in found.iter().enumerate() {
        if let Some(number) = table.mapping.as_ref().map(|m| m.number) {
            let highest = seen.iter().max().copied().unwrap_or(0);
            if seen.contains(&number) && (number < highest || number == 1) && seen.len() >= 3 {
                groups.push(Vec::new());
                seen.clear();
            }
            seen.push(number);
        }
        if let Some(group) = groups.last_mut() {
            group.push(index);
        }
    }
    // a document of the second department starts at its cover, somewhere between two tables
    let mut parts = Vec::with_capacity(groups.len());
    let mut from = 0usize;
    for (i, tables) in groups.iter().enumerate() {
        let to = match groups.get(i + 1).and_then(|g| g.first()) {
            Some(next) => {
                let next_page = page_of(&found[*next]);
                let last_page = tables.last().map_or(0, |t| last_page_of(&found[*t]));
                cover_between(pages, last_page, next_page)
            }
            None => pages.len(),
        };
        parts.push(Part { tables: tables.clone(), pages: from..to.max(from) });
        from = to.max(from);
    }
    parts
}

fn page_of(table: &Found) -> u32 {
    table.parts.first().map_or(1, super::join::Part::page)
}

fn last_page_of(table: &Found) -> u32 {
    table.parts.last().map_or(1, super::join::Part::page)
}

/// Index of the cover page after `last` and before `next`: a page with few and short lines, one of them the title of a
/// document; without such a page one that speaks of a budget, as the document before may end with such lines itself.
fn cover_between(pages: &[PageGrids], last: u32, next: u32) -> usize {
    let short = |p: &PageGrids| p.lines.len() <= 12 && p.lines.iter().all(|l| l.text.chars().count() <= 50);
    let between: Vec<(usize, &PageGrids)> =
        pages.iter().enumerate().filter(|(_, p)| p.number > last && p.number < next && short(p)).collect();
    let titled =
        |p: &PageGrids| head::cover_lines(std::slice::from_ref(p)).iter().any(|line| head::is_title(line));
    let speaks = |p: &PageGrids| p.lines.iter().any(|l| l.text.contains("预算") || l.text.contains("决算"));
    let cover = between.iter().find(|(_, p)| titled(p)).or_else(|| between.iter().find(|(_, p)| speaks(p)));
    cover
        .map(|(i, _)| *i)
        .unwrap_or_else(|| pages.iter().position(|p| p.number >= next).unwrap_or(pages.len()))
}
