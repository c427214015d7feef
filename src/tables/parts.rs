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

/// How many of the tables that follow are looked at where a table stands a second time …
const AHEAD: usize = 5;
/// … and how many of them must be there a second time too, where neither a cover nor another department's name parts
/// two documents. One table that is printed twice, or read wrong, starts no document.
const REPEATED: usize = 3;

/// Splits a file's tables into documents: a new one starts where a cover or another department's name stands before a
/// table that was there already, or where a whole set of tables starts again.
pub fn split(found: &[Found], pages: &[PageGrids]) -> Vec<Part> {
    let mut groups: Vec<Vec<usize>> = vec![Vec::new()];
    let mut seen: Vec<u8> = Vec::new();
    for (index, table) in found.iter().enumerate() {
        if let Some(number) = table.mapping.as_ref().map(|m| m.number) {
            let highest = seen.iter().max().copied().unwrap_or(0);
            let again = seen.contains(&number) && (number < highest || number == 1) && seen.len() >= 3;
            if again && starts(found, pages, index, &seen) {
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

/// Whether a document starts with this table, one of a kind that was there already.
fn starts(found: &[Found], pages: &[PageGrids], index: usize, seen: &[u8]) -> bool {
    let Some((before, rest)) = found.split_at_checked(index) else { return false };
    // what only headers tell may as well be another table that was not there yet
    let numbers =
        rest.iter().filter_map(|t| t.mapping.as_ref().map(|m| (m.number, t.identity.titled()))).take(AHEAD);
    let repeated = numbers.filter(|(n, titled)| *titled == Some(*n) && seen.contains(n)).count();
    let named = |tables: &[Found]| tables.iter().rev().find_map(|t| t.caption.department.clone());
    let other = rest.first().and_then(|t| t.caption.department.clone());
    let renamed = other.is_some() && named(before).is_some_and(|name| Some(name) != other);
    let cover = rest
        .first()
        .zip(before.last())
        .is_some_and(|(next, last)| titled_cover(pages, last_page_of(last), page_of(next)).is_some());
    repeated >= REPEATED || cover || renamed
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
    let speaks = |p: &PageGrids| p.lines.iter().any(|l| l.text.contains("预算") || l.text.contains("决算"));
    let spoken = || short_pages(pages, last, next).find(|(_, p)| speaks(p)).map(|(i, _)| i);
    titled_cover(pages, last, next)
        .or_else(spoken)
        .unwrap_or_else(|| pages.iter().position(|p| p.number >= next).unwrap_or(pages.len()))
}

/// Index of the page between two others that has the title of a document and little else.
fn titled_cover(pages: &[PageGrids], last: u32, next: u32) -> Option<usize> {
    let titled =
        |p: &PageGrids| head::cover_lines(std::slice::from_ref(p)).iter().any(|line| head::is_title(line));
    short_pages(pages, last, next).find(|(_, p)| titled(p)).map(|(i, _)| i)
}

fn short_pages(pages: &[PageGrids], last: u32, next: u32) -> impl Iterator<Item = (usize, &PageGrids)> {
    let short = |p: &PageGrids| p.lines.len() <= 12 && p.lines.iter().all(|l| l.text.chars().count() <= 50);
    pages.iter().enumerate().filter(move |(_, p)| p.number > last && p.number < next && short(p))
}
