//! Descriptions of projects: policy basis, scale, executor, allocation, period.
//!
//! Two ways of printing them are known: labelled lines (项目名称：…) and headings with text below (一、项目概述).

use super::number::{Kind, numbers};
use super::paragraph::Paragraph;
use super::words::{Field, Words};
use crate::document::narrative::{Allocation, AllocationPart, Period, PolicyBasis, PolicyDocument, Project};
use crate::document::{Document, Status};
use crate::normalize::date;
use crate::normalize::label::strip_enumeration;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

static NUMBERED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[\p{Han}A-Za-z]{1,14}[〔\[【（(﹝]?(?:19|20)[0-9]{2}[〕\]】）)﹞]年?第?[0-9]{1,5}号").ok()
});
static SPAN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"((?:19|20)[0-9]{2})(?:年|[./-])([0-9]{1,2})(?:月|[./-])([0-9]{1,2})日?(?:—+|-+|–+|―+|─+|~|至|到)(?:((?:19|20)[0-9]{2})(?:年|[./-]))?([0-9]{1,2})(?:月|[./-])([0-9]{1,2})日?").ok()
});

/// The field whose label begins a text, and the text behind the label.
pub(super) fn labelled<'t>(words: &Words, text: &'t str) -> Option<(Field, &'t str)> {
    let (_, rest) = strip_enumeration(text);
    let (label, value) = rest.split_once(':')?;
    if label.chars().count() > 20 {
        return None;
    }
    Some((words.project.fields.any(label)?, value))
}

/// Reads projects from the paragraphs below one heading. `name` is the heading's own project.
pub(super) fn projects(
    words: &'static Words,
    document: &Document,
    name: Option<(&str, &Paragraph)>,
    paragraphs: &[Paragraph],
) -> Vec<Project> {
    let mut out = Vec::new();
    let mut open = name.map(|(name, heading)| Project {
        name: name.to_owned(),
        source: heading.whole(),
        ..Project::default()
    });
    // the field that a heading opened, with its texts
    let mut field: Option<Field> = None;
    let mut texts: Vec<&Paragraph> = Vec::new();
    for paragraph in paragraphs {
        let text = paragraph.compact.as_str();
        let (enumeration, rest) = strip_enumeration(text);
        if let Some((found, value)) = labelled(words, text) {
            close(words, &mut open, field.take(), &mut texts);
            let start = text.len() - value.len();
            if found == Field::Name {
                out.extend(open.take());
                let range = start..text.len();
                open = Some(Project {
                    name: paragraph.display(range.clone()).to_owned(),
                    source: paragraph.source(range, start),
                    ..Project::default()
                });
            } else if let Some(project) = &mut open {
                set(words, project, found, paragraph, start..text.len());
                // a value that goes on in the next paragraph
                field = None;
            }
        } else if let Some(found) =
            words.project.fields.any(rest).filter(|_| enumeration.is_some() && name.is_some())
        {
            close(words, &mut open, field.take(), &mut texts);
            field = Some(found);
        } else if field.is_some() {
            texts.push(paragraph);
        }
    }
    close(words, &mut open, field, &mut texts);
    out.extend(open);
    let table = document.tables.iter().any(|t| t.number == 7 && t.status == Status::Filled);
    out.retain(|p| !p.name.is_empty());
    for project in &mut out {
        if table && project.amount.is_some() && !project.name.contains(['\'', '[', ']']) {
            project.repeats = Some(format!("T7['{}'].total", project.name));
        }
    }
    out
}

/// Fills a field from the paragraphs below its heading.
fn close(
    words: &'static Words,
    open: &mut Option<Project>,
    field: Option<Field>,
    texts: &mut Vec<&Paragraph>,
) {
    let taken = std::mem::take(texts);
    let (Some(project), Some(field), Some(first)) = (open.as_mut(), field, taken.first()) else { return };
    set(words, project, field, first, 0..first.compact.len());
    let more: String = taken.iter().skip(1).map(|p| p.text.as_str()).collect();
    let slot = match field {
        Field::PolicyBasis => project.policy_basis.as_mut().map(|b| &mut b.text),
        Field::Overview => project.overview.as_mut(),
        Field::Plan => project.plan.as_mut(),
        Field::Goal => project.goal.as_mut(),
        _ => None,
    };
    if let Some(text) = slot {
        text.push_str(&more);
    }
    if field == Field::PolicyBasis
        && let Some(basis) = &mut project.policy_basis
    {
        basis.documents.extend(taken.iter().skip(1).flat_map(|p| documents(p, 0..p.compact.len())));
    }
}

fn set(words: &'static Words, project: &mut Project, field: Field, p: &Paragraph, range: Range<usize>) {
    let value = p.compact.get(range.clone()).unwrap_or_default();
    if value.is_empty() {
        return;
    }
    let text = p.display(range.clone()).trim_end_matches(['。', ';']).to_owned();
    if words.words.withheld.is_match(value) && value.chars().count() <= 20 {
        let id = match field {
            Field::Name => return,
            Field::PolicyBasis => "policy_basis",
            Field::Amount => "amount",
            Field::Executor => "executor",
            Field::Allocation => "allocation",
            Field::Period => "period",
            Field::Overview => "overview",
            Field::Plan => "plan",
            Field::Goal => "goal",
        };
        project.withheld.push(id.to_owned());
        return;
    }
    match field {
        Field::Name => {}
        Field::PolicyBasis => {
            project.policy_basis = Some(PolicyBasis { text, documents: documents(p, range) });
        }
        Field::Amount => amount(words, project, p, range),
        Field::Executor => project.executor = Some(text),
        Field::Allocation => {
            let parts = parts(words, p, range);
            project.allocation = Some(Allocation { text, parts });
        }
        Field::Period => project.period = Some(period(value, text)),
        Field::Overview => project.overview = Some(text),
        Field::Plan => project.plan = Some(text),
        Field::Goal => project.goal = Some(text),
    }
}

/// The first amount; what follows 其中 is the allocation.
fn amount(words: &'static Words, project: &mut Project, p: &Paragraph, range: Range<usize>) {
    let text = p.compact.get(range.clone()).unwrap_or_default();
    let found = numbers(words, text);
    let Some(first) = found.first() else { return };
    let Some((value, unit)) = first.wan() else { return };
    let at = range.start + first.range.start;
    project.amount = Some(value);
    project.unit = unit;
    project.raw = first.raw();
    project.amount_source = Some(p.source(range.clone(), at));
    let rest = range.start + first.range.end..range.end;
    let of_which =
        p.compact.get(rest.clone()).and_then(|t| t.find("其中")).map(|at| rest.start + at + "其中".len());
    if let (Some(start), None) = (of_which, &project.allocation) {
        let parts = parts(words, p, start..range.end);
        if !parts.is_empty() {
            let text = p.display(start..range.end).trim_end_matches('。').to_owned();
            project.allocation = Some(Allocation { text, parts });
        }
    }
}

/// Purposes with their amounts.
fn parts(words: &'static Words, p: &Paragraph, range: Range<usize>) -> Vec<AllocationPart> {
    let text = p.compact.get(range.clone()).unwrap_or_default();
    let mut out = Vec::new();
    let mut from = 0;
    for number in numbers(words, text) {
        if !matches!(number.kind, Kind::Money(_)) {
            continue;
        }
        let before = text.get(from..number.range.start).unwrap_or_default();
        let bare = before.trim_start_matches([',', ';', '、', '。', ':', '和', '及', '与']);
        let bare = ["以及", "其中:", "其中", "主要用于", "用于"]
            .iter()
            .fold(bare, |t, w| t.strip_prefix(w).unwrap_or(t));
        let label = bare.trim_end_matches(['为', '共', '约', ':']);
        let start = from + before.len() - bare.len();
        from = number.range.end;
        if label.is_empty() || matches!(label, "合计" | "共计" | "总计" | "小计") {
            continue;
        }
        let Some((amount, unit)) = number.wan() else { continue };
        let purpose = p.display(range.start + start..range.start + start + label.len()).to_owned();
        out.push(AllocationPart { purpose, amount, unit, raw: number.raw() });
    }
    out
}

fn period(value: &str, text: String) -> Period {
    let mut out = Period { text, from: None, to: None };
    if let Some(found) = SPAN.as_ref().and_then(|r| r.captures(value)) {
        let part = |i: usize| found.get(i).map_or("", |m| m.as_str());
        let last_year = if part(4).is_empty() { part(1) } else { part(4) };
        out.from = date::parse_date(&format!("{}-{}-{}", part(1), part(2), part(3)));
        out.to = date::parse_date(&format!("{last_year}-{}-{}", part(5), part(6)));
    }
    out
}

/// The documents of a policy basis: titles in 《》 and numbers such as 新工信消费〔2024〕8号.
fn documents(p: &Paragraph, range: Range<usize>) -> Vec<PolicyDocument> {
    let text = p.compact.get(range.clone()).unwrap_or_default();
    let mut out: Vec<PolicyDocument> = Vec::new();
    let mut at = 0;
    while let Some(title) = title(text, at) {
        number_between(p, range.start, at..title.start, &mut out);
        let inner = title.start + '《'.len_utf8()..title.end - '》'.len_utf8();
        let printed = p.display(range.start + inner.start..range.start + inner.end);
        out.push(PolicyDocument { title: Some(printed.to_owned()), number: None });
        at = title.end;
    }
    number_between(p, range.start, at..text.len(), &mut out);
    out
}

/// The next 《…》 with those inside it.
fn title(text: &str, from: usize) -> Option<Range<usize>> {
    let start = from + text.get(from..)?.find('《')?;
    let mut depth = 0u32;
    for (at, c) in text.get(start..)?.char_indices() {
        match c {
            '《' => depth += 1,
            '》' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(start..start + at + c.len_utf8());
                }
            }
            _ => {}
        }
    }
    None
}

/// The numbers between two titles: the first is the number of the title before, others stand alone.
fn number_between(p: &Paragraph, offset: usize, range: Range<usize>, out: &mut Vec<PolicyDocument>) {
    let text = p.compact.get(offset + range.start..offset + range.end).unwrap_or_default();
    let Some(pattern) = NUMBERED.as_ref() else { return };
    for found in pattern.find_iter(text) {
        let start = offset + range.start + found.start();
        let printed = p.display(start..start + found.len());
        let printed = ["的通知", "通知", "根据", "文件", "以及", "和"]
            .iter()
            .fold(printed, |t, w| t.strip_prefix(w).unwrap_or(t))
            .trim_start()
            .to_owned();
        match out.last_mut() {
            Some(last) if last.number.is_none() && last.title.is_some() => last.number = Some(printed),
            _ => out.push(PolicyDocument { title: None, number: Some(printed) }),
        }
    }
}
