//! Sentences about tables and names: empty tables, lists of names, mentions of projects, terms of the glossary.

use super::body::names;
use super::paragraph::Paragraph;
use super::words::Section;
use crate::document::narrative::{DeclaredEmpty, Mention, NameList, Narrative, Term};
use crate::document::{Document, RowKind};
use crate::normalize::date;
use crate::normalize::label::strip_enumeration;
use crate::normalize::text::key;
use crate::schema;

/// Longest term, in characters.
const LONGEST_TERM: usize = 40;
/// Longest name of a project that is looked for, in characters.
const LONGEST_NAME: usize = 40;

/// 政府性基金预算支出情况表为空表。
pub(super) fn declared_empty(
    document: &Document,
    section: Option<&'static Section>,
    paragraph: &Paragraph,
    out: &mut Narrative,
) {
    let text = paragraph.compact.as_str();
    if !text.contains("为空表") && !text.contains("为空。") {
        return;
    }
    let mut from = 0;
    for sentence in text.split_inclusive('。') {
        let range = from..from + sentence.len();
        from = range.end;
        if !sentence.contains("为空表") && !sentence.contains("为空。") {
            continue;
        }
        let said = key(sentence);
        let titles = schema::standard().tables.iter().flat_map(|def| {
            let printed =
                document.tables.iter().find(|t| t.number == def.number).map_or("", |t| t.title.as_str());
            [(def.number, key(def.title)), (def.number, key(printed))]
        });
        let named = titles.filter(|(_, title)| !title.is_empty() && said.contains(title.as_str()));
        // 一般公共预算支出情况表 stands in 政府性基金… no, but a longer title may hold a shorter one
        let Some((table, _)) = named.max_by_key(|(_, title)| title.len()) else { continue };
        out.declared_empty.push(DeclaredEmpty {
            section: section.map(|s| s.id.clone()),
            table,
            source: paragraph.source(range.clone(), range.start),
        });
    }
}

/// 人员经费…,主要包括:基本工资、津贴补贴。
pub(super) fn lists(section: &'static Section, paragraph: &Paragraph, out: &mut Narrative) {
    let text = paragraph.compact.as_str();
    for list in &section.lists {
        let Some(found) = list.after.find(text) else { continue };
        let rest = text.get(found.end..).unwrap_or_default();
        let range = found.end..found.end + rest.find('。').unwrap_or(rest.len());
        let printed = paragraph.display(range.clone());
        if printed.bytes().any(|b| b.is_ascii_digit()) {
            continue;
        }
        let names = names(printed.trim_end_matches(';'));
        if !names.is_empty() {
            out.lists.push(NameList {
                section: Some(section.id.clone()),
                item: list.item.clone(),
                names,
                source: paragraph.source(found.start..range.end, range.start),
            });
        }
    }
}

/// Names in the purposes of a paragraph's figures that end like a project's: 食盐专营管理工作项目支出.
pub(super) fn mentions(
    document: &Document,
    paragraph: &Paragraph,
    figures: std::ops::Range<usize>,
    out: &mut Narrative,
) {
    let mut found: Vec<Mention> = Vec::new();
    for figure in out.figures.get(figures).unwrap_or_default() {
        let Some(purpose) = figure.purpose.as_deref() else { continue };
        for printed in purpose.split(['、', ',', ';', '。']) {
            let whole = printed.trim().trim_end_matches("支出").trim();
            if !whole.ends_with("项目") {
                continue;
            }
            // 节能监察和清欠工作项目 may be two names or one: the tables know
            let last = whole.rsplit(['和', '及']).next().unwrap_or(whole);
            let (name, project) = match (project_of(document, whole), project_of(document, last)) {
                (None, Some(project)) => (last, Some(project)),
                (project, _) => (whole, project),
            };
            if !(4..=LONGEST_NAME).contains(&name.chars().count()) {
                continue;
            }
            let bare = name.replace(' ', "");
            let at = paragraph.compact.find(&bare).unwrap_or(0);
            found.push(Mention {
                section: figure.section.clone(),
                name: name.to_owned(),
                project: project.map(str::to_owned),
                source: paragraph.source(at..at + bare.len(), at),
            });
        }
    }
    out.mentions.extend(found);
}

/// The project of table 7 that a name means; 项目 at the end counts for nothing.
fn project_of<'d>(document: &'d Document, name: &str) -> Option<&'d str> {
    let bare = |name: &str| {
        let key = key(name);
        key.strip_suffix("项目").map_or_else(|| key.clone(), str::to_owned)
    };
    let wanted = bare(name);
    let rows = document.tables.iter().filter(|t| t.number == 7).flat_map(|t| &t.rows);
    let mut projects = rows.filter(|r| r.kind == RowKind::Project).filter_map(|r| r.project.as_deref());
    projects.find(|project| bare(project) == wanted)
}

/// 一、财政拨款:指由…
pub(super) fn glossary(document: &Document, paragraphs: &[Paragraph], out: &mut Narrative) {
    let mut open = false;
    for paragraph in paragraphs {
        let text = paragraph.compact.as_str();
        let (enumeration, rest) = strip_enumeration(text);
        let offset = text.len() - rest.len();
        let colon =
            rest.find(':').filter(|at| rest.get(..*at).is_some_and(|t| t.chars().count() <= LONGEST_TERM));
        match (enumeration, colon) {
            (Some(_), Some(at)) => {
                let term = paragraph.display(offset..offset + at).to_owned();
                let definition = paragraph.display(offset + at + 1..text.len()).to_owned();
                open = !term.is_empty() && !definition.is_empty();
                if open {
                    let source = paragraph.source(offset..text.len(), offset);
                    out.glossary.push(Term { term, definition, source });
                }
            }
            _ => {
                // the signature and what is attached end the text
                let signs = paragraph.title_like
                    || date::parse_date(text).is_some() && text.chars().count() <= 20
                    || document.head.department.as_deref().is_some_and(|d| key(d) == key(text))
                    || rest.starts_with("附件");
                open &= !signs && enumeration.is_none();
                if let Some(last) = out.glossary.last_mut().filter(|_| open) {
                    last.definition.push_str(&paragraph.text);
                    last.source.text.push_str(&paragraph.text);
                }
            }
        }
    }
}
