//! Fixed line items: rows known by name, order and parent (tables 1, 4, 10), or columns (one-row “三公” tables).

use super::block::{BlockView, push_new};
use super::codes::row;
use super::raw::{RawRow, cell_amount};
use crate::document::{Amount, Finding, Place, Row, RowKind, Severity};
use crate::normalize::amount::{self, Parsed};
use crate::normalize::unit::strip_unit;
use crate::normalize::{label, text};
use crate::schema::concepts::{self, Set};
use crate::schema::headers::{self, Holds};
use crate::schema::{Block, Item, Role, RowName, header_key};

/// Rows of a list of line items.
pub fn items(view: &BlockView, raw_rows: &[RawRow], findings: &mut Vec<Finding>) -> Vec<Row> {
    let mut rows = Vec::with_capacity(raw_rows.len());
    let mut used = vec![false; view.block.items.len()];
    for raw in raw_rows.iter().filter(|r| !view.is_blank(r)) {
        let line = view.line(raw);
        if let Some(name) = view.total_name(raw) {
            view.report(&line, raw, &name, findings);
            rows.push(row(RowKind::Total, raw, line, name));
            continue;
        }
        let name = label::label(&view.label(raw)).name;
        let read = RowName::new(&name);
        let key = read.key().to_owned();
        if key.is_empty() && !line.has_amounts() && line.strange.is_empty() {
            continue;
        }
        let seen = |id: &str| view.block.items.iter().zip(&used).any(|(i, used)| *used && i.id == id);
        let candidates = || {
            let items = view.block.items.iter().enumerate().filter(|(i, _)| !used[*i]);
            items.filter_map(|(i, item)| Some((item.fit(&read)?, (i, item))))
        };
        // the same name stands under several parents: the parent printed last decides
        let under_parent =
            candidates().filter(|(_, (_, i))| i.parent.is_some_and(&seen)).reduce(|_, last| last);
        let plain = candidates().filter(|(_, (_, i))| i.parent.is_none());
        let plain = plain.reduce(|best, next| if next.0 > best.0 { next } else { best });
        let (under_parent, plain) = (under_parent.map(|(_, i)| i), plain.map(|(_, i)| i));
        let whole = under_parent.or(plain);
        let behind = behind_group(view.block, &used, &key);
        let name = match behind.and_then(|(_, _, rest)| ending(&name, rest)) {
            Some(part) => part.to_owned(),
            None => name,
        };
        let found = behind.map(|(i, item, _)| (i, item)).or(whole);
        let id = found.map(|(i, item)| (i, item.id));
        view.report(&line, raw, id.map_or(name.as_str(), |(_, id)| id), findings);
        if key.is_empty() {
            findings.push(super::codes::unnamed(view, raw));
        } else if id.is_none() {
            let mut finding = Finding::new(
                "row.unlisted",
                Severity::Info,
                format!("`{name}` is no line item of the standard list; kept by its name"),
            );
            finding.place = Place {
                table: Some(view.number),
                row: Some(name.clone()),
                column: None,
                page: Some(raw.page),
                bbox: Some(raw.bbox),
            };
            findings.push(finding);
        }
        let mut out = row(RowKind::Item, raw, line, name);
        if let Some((index, id)) = id {
            used[index] = true;
            out.item = Some(id);
        }
        rows.push(out);
    }
    rows
}

/// `公务用车购置及运行维护费公务用车购置费`: the group's name, in the middle of its rows, ran into that of its part. The
/// part, its place in the list and its key.
fn behind_group<'b, 'k>(block: &'b Block, used: &[bool], key: &'k str) -> Option<(usize, &'b Item, &'k str)> {
    let is_part = |id: &str, group: &str| id.strip_prefix(group).is_some_and(|rest| rest.starts_with('.'));
    let parts = block.items.iter().filter(|i| i.id.contains('.'));
    let groups: Vec<&Item> =
        block.items.iter().filter(|g| parts.clone().any(|part| is_part(part.id, g.id))).collect();
    let words = concepts::lexicon();
    if words.is_word(key) {
        return None;
    }
    key.char_indices().skip(1).find_map(|(at, _)| {
        // two names, each of them one word
        if !words.is_word(&key[..at]) || !words.is_word(&key[at..]) {
            return None;
        }
        let (head, rest) = (RowName::new(&key[..at]), RowName::new(&key[at..]));
        let group = groups.iter().find(|group| group.fit(&head).is_some())?;
        let part =
            |(i, item): &(usize, &Item)| !used[*i] && is_part(item.id, group.id) && item.fit(&rest).is_some();
        block.items.iter().enumerate().find(part).map(|(i, item)| (i, item, &key[at..]))
    })
}

/// The end of a printed name that has this key.
fn ending<'n>(name: &'n str, key: &str) -> Option<&'n str> {
    name.char_indices().map(|(i, _)| &name[i..]).find(|end| text::key(end) == key)
}

/// One data row whose columns are the items: each item becomes a row, the total last, other columns its `extra`.
pub fn columns(view: &BlockView, raw_rows: &[RawRow], findings: &mut Vec<Finding>) -> Vec<Row> {
    let data: Vec<&RawRow> = raw_rows.iter().filter(|r| !view.is_blank(r)).collect();
    let year = |raw: &RawRow| raw.cells.iter().find_map(|c| headers::only_year(&text::clean(&c.text)));
    // a row for each of two years: the later one is the table's
    let latest =
        data.iter().filter_map(|r| Some((year(r)?, *r))).reduce(|a, b| if b.0 > a.0 { b } else { a });
    let total = data.iter().copied().find(|r| r.cells.iter().any(|c| label::is_total(&c.text)));
    // a row of plans and a row of outcomes: the outcomes are a final account's
    let says = |raw: &RawRow, word: &str| {
        let texts = raw.cells.iter().filter(|c| amount::parse(&c.text) == Parsed::NotAmount);
        texts.map(|c| header_key(&c.text)).any(|key| concepts::meaning(&key).says.has(Set::of(&[word])))
    };
    let outcomes = data.iter().copied().filter(|r| says(r, "final")).collect::<Vec<_>>();
    let outcome = outcomes.first().copied().filter(|_| outcomes.len() == 1 && data.len() > 1);
    let chosen = outcome.or(latest.map(|(_, raw)| raw)).or(total).or_else(|| data.first().copied());
    let Some(raw) = chosen else { return Vec::new() };
    let by_year = outcome.is_some() || data.iter().all(|r| year(r).is_some());
    let beside: Vec<&RawRow> = if outcome.is_some() {
        data.iter().copied().filter(|r| !std::ptr::eq(*r, raw)).collect()
    } else {
        Vec::new()
    };
    if let Some(second) = data.get(1).filter(|_| !by_year) {
        let mut finding = Finding::new(
            "row.unexpected",
            Severity::Warning,
            "a second data row stands in a table that has one; one of them was mapped, all are kept in other_tables",
        );
        finding.place = Place { table: Some(view.number), page: Some(second.page), ..Place::default() };
        findings.push(finding);
    }
    let mut rows: Vec<Row> = Vec::new();
    let mut total: Option<Row> = None;
    let mut total_extra: Vec<(String, Amount)> = Vec::new();
    let line = view.line(raw);
    view.report(&line, raw, "", findings);
    for (index, column) in view.columns() {
        let read = cell_amount(raw, *index);
        let Some(item) = column.item else {
            if let Some(amount) = read {
                push_new(&mut total_extra, column.path.join(), amount);
            }
            continue;
        };
        let is_total = item == "total";
        let at = if is_total { None } else { rows.iter().position(|r: &Row| r.item == Some(item)) };
        let out = match (is_total, at) {
            (true, _) => total.get_or_insert_with(|| empty_row(view, raw, RowKind::Total, name_of(column))),
            (false, Some(at)) => &mut rows[at],
            (false, None) => {
                let mut new = empty_row(view, raw, RowKind::Item, name_of(column));
                new.item = Some(item);
                rows.push(new);
                let last = rows.len() - 1;
                &mut rows[last]
            }
        };
        for other in &beside {
            let name = other
                .cells
                .iter()
                .map(|c| text::clean(&c.text))
                .find(|t| amount::parse(t) == Parsed::NotAmount && !t.is_empty());
            if let (Some(name), Some(amount)) = (name, cell_amount(other, *index)) {
                push_new(&mut out.extra, name, amount);
            }
        }
        match (column.role, read) {
            (Some(Role::Amount(id)), Some(amount)) => {
                if let Some(slot) = out.amounts.iter_mut().find(|(c, _)| *c == id) {
                    slot.1 = Some(amount);
                }
            }
            (None, Some(amount)) => {
                let key = match &column.path.holds {
                    Holds::OtherPeriod(says) => says,
                    _ => column.path.texts.last().map_or("", String::as_str),
                };
                push_new(&mut out.extra, strip_unit(key).0.to_owned(), amount);
            }
            _ => {}
        }
    }
    if total.is_none() && !total_extra.is_empty() {
        total = Some(empty_row(view, raw, RowKind::Total, String::new()));
    }
    if let Some(mut total) = total {
        for (key, amount) in total_extra {
            push_new(&mut total.extra, key, amount);
        }
        rows.push(total);
    }
    rows
}

fn empty_row(view: &BlockView, raw: &RawRow, kind: RowKind, name: String) -> Row {
    let amounts = view.block.columns.iter().map(|c| (*c, None)).collect();
    Row {
        kind,
        name: (!name.is_empty()).then_some(name),
        amounts,
        page: raw.page,
        bbox: raw.bbox,
        ..Row::default()
    }
}

/// The header that names the item: a leaf 小计 speaks for the header above it; 预算数 and 决算数 for theirs. A header that
/// says that it is a total in more words (“三公”经费合计) names no item: it is 合计.
fn name_of(column: &crate::tables::mapping::ColumnMap) -> String {
    let leaf = column.path.keys.last().map_or("", String::as_str);
    if column.item == Some("total")
        && leaf != "小计"
        && !leaf.ends_with('数')
        && concepts::meaning(leaf).says.has(Set::of(&["total"]))
    {
        let plain = ["合计", "总计"].into_iter().find(|word| *word == leaf);
        return plain.unwrap_or("合计").to_owned();
    }
    let mut texts = column.path.texts.iter().rev();
    let leaf = texts.find(|t| !matches!(text::key(t).as_str(), "小计" | "预算数" | "决算数" | "金额"));
    leaf.map(|t| label::label(t).name).unwrap_or_default()
}
