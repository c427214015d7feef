//! Paragraphs → parts and sections, and the headings as printed: in the table of contents and above the text.

use super::lines::Line;
use super::paragraph::Paragraph;
use super::words::{Section, Words};
use crate::document::narrative::{Heading, HeadingLevel};
use crate::geometry::Rect;
use crate::normalize::label::{Enumeration, chinese_number, strip_enumeration};
use crate::normalize::text::key;
use std::ops::Range;

/// Longest heading, in characters.
const LONGEST: usize = 80;

/// Most headings of a document: more are no headings.
const MOST: usize = 1_000;

/// A stretch of paragraphs under one heading.
#[derive(Debug)]
pub(super) struct Block {
    /// Id of the part.
    pub(super) part: Option<&'static str>,
    /// The section, where known.
    pub(super) section: Option<&'static Section>,
    /// A project whose name the heading is.
    pub(super) project: Option<String>,
    /// The heading's paragraph.
    pub(super) heading: Option<usize>,
    /// The paragraphs below it.
    pub(super) body: Range<usize>,
}

/// The document's text, ordered.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) blocks: Vec<Block>,
    pub(super) headings: Vec<Heading>,
}

/// A line of the table of contents.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    text: String,
    page: u32,
    bbox: Rect,
}

/// Lines of the table of contents (as a range), and its entries.
pub(super) fn contents(lines: &[Line]) -> (Range<usize>, Vec<Entry>) {
    let bare = |l: &Line| l.text.replace(' ', "");
    let titled = lines.iter().position(|l| matches!(bare(l).as_str(), "目录" | "目次" | "CONTENTS"));
    let first = match titled {
        Some(at) => at + 1,
        None => {
            let part = |l: &Line| part_number(&bare(l)) == Some(1) && l.text.chars().count() <= LONGEST;
            let firsts: Vec<usize> =
                lines.iter().enumerate().filter(|(_, l)| part(l)).map(|(i, _)| i).collect();
            match firsts.as_slice() {
                [first, _, ..] => *first,
                _ => return (0..0, Vec::new()),
            }
        }
    };
    let Some(opening) = lines.get(first).map(|l| stem(&bare(l))) else { return (0..0, Vec::new()) };
    let mut end = first;
    let mut entries: Vec<Entry> = Vec::new();
    for (i, line) in lines.iter().enumerate().skip(first) {
        let text = bare(line);
        let starts = is_entry(&text);
        let again = i > first && (stem(&text) == opening || part_number(&text) == Some(1));
        let new_page = i > first && lines.get(i - 1).is_some_and(|above| above.page != line.page);
        if again || (new_page && !starts) || text.chars().count() > 120 || i - first > 120 {
            break;
        }
        end = i + 1;
        let shown = without_leader(&line.text);
        match entries.last_mut() {
            _ if starts => entries.push(Entry { text: shown, page: line.page, bbox: line.bbox }),
            Some(open) if open.page == line.page => {
                open.text.push_str(&shown);
                open.bbox = open.bbox.union(&line.bbox);
            }
            _ => {}
        }
    }
    (titled.unwrap_or(first)..end, entries)
}

/// Whether a line of the table of contents begins an entry.
fn is_entry(text: &str) -> bool {
    part_number(text).is_some() || strip_enumeration(text).0.is_some()
}

/// Number of 第X部分.
fn part_number(text: &str) -> Option<u16> {
    let (number, _) = text.strip_prefix('第')?.split_once("部分")?;
    chinese_number(number)
}

/// The key of a heading without what follows its dot leader.
fn stem(text: &str) -> String {
    key(&without_leader(text)).chars().take(12).collect()
}

/// The entry without dot leader and page number.
fn without_leader(text: &str) -> String {
    let end = text.find("..").or_else(|| text.find('…')).or_else(|| text.find("··")).unwrap_or(text.len());
    let text = text.get(..end).unwrap_or(text).trim_end();
    let bare = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let page = text.len() - bare.len();
    let numbered = (1..=3).contains(&page) && bare.ends_with(' ') && !bare.trim_end().is_empty();
    if numbered { bare.trim_end().to_owned() } else { text.to_owned() }
}

/// Finds parts and sections.
pub(super) fn outline(words: &'static Words, paragraphs: &[Paragraph], entries: &[Entry]) -> Outline {
    let mut out = Outline::default();
    let mut block = Block { part: None, section: None, project: None, heading: None, body: 0..0 };
    let mut open_level = HeadingLevel::Part;
    for (i, paragraph) in paragraphs.iter().enumerate() {
        let Some(found) = heading(words, paragraph, &block) else { continue };
        let known = found.part.is_some() || found.section.is_some() || found.project.is_some();
        // a subsection that is not known goes on with its section
        if known || found.level < HeadingLevel::Subsection {
            // a part of the text about which nothing is known ends what was open only at its own depth
            if !known && block.part == Some("overview") && found.level > open_level {
                push_heading(&mut out, &found, paragraph);
                continue;
            }
            let part = found.part.or(found.section.map(|s| s.part.as_str())).or(block.part);
            block.body.end = i;
            out.blocks.push(std::mem::replace(
                &mut block,
                Block {
                    part,
                    section: found.section,
                    project: found.project.clone(),
                    heading: Some(i),
                    body: i + 1..i + 1,
                },
            ));
            open_level = found.level;
        }
        push_heading(&mut out, &found, paragraph);
    }
    block.body.end = paragraphs.len();
    out.blocks.push(block);
    out.blocks.retain(|b| b.heading.is_some() || !b.body.is_empty());
    add_contents(words, &mut out.headings, entries);
    out
}

/// What a paragraph opens.
struct Found {
    level: HeadingLevel,
    part: Option<&'static str>,
    section: Option<&'static Section>,
    project: Option<String>,
}

fn heading(words: &'static Words, paragraph: &Paragraph, open: &Block) -> Option<Found> {
    let text = paragraph.compact.trim_end_matches(':').trim_end_matches(",其中");
    if text.is_empty() || text.chars().count() > LONGEST || text.ends_with(['。', ';', ',']) {
        return None;
    }
    if let Some(n) = part_number(text) {
        let rest = text.split_once("部分").map_or("", |(_, rest)| rest);
        let by_words = words.parts.iter().find(|p| p.headings.is_match(rest)).map(|p| p.id.as_str());
        let by_number = || words.parts.get(usize::from(n.saturating_sub(1))).map(|p| p.id.as_str());
        let part = by_words.or_else(by_number);
        let section = words.sections.iter().find(|s| s.id == "glossary" && part == Some("glossary"));
        return Some(Found { level: HeadingLevel::Part, part, section, project: None });
    }
    let (enumeration, rest) = strip_enumeration(text);
    let level = match enumeration {
        Some(Enumeration::Chinese(_)) => HeadingLevel::Section,
        Some(Enumeration::BracketedChinese(_)) => HeadingLevel::Subsection,
        // `20.` where Chinese numerals would have become long
        Some(_) => return None,
        None if paragraph.title_like => HeadingLevel::Section,
        None => return None,
    };
    // terms, functions and labelled fields are no headings
    let in_glossary = open.section.is_some_and(|s| s.id == "glossary");
    if rest.contains([':', '。', ';']) || (in_glossary && enumeration.is_some()) {
        return None;
    }
    let section = section_of(words, rest, open.part.filter(|_| enumeration.is_some()));
    let project = match section {
        None if enumeration.is_none() => {
            let name = words.project.titles.captures(rest).and_then(|c| c.name("name").map(|m| m.range()));
            name.map(|r| paragraph.display(r).to_owned())
        }
        _ => None,
    };
    let known = section.is_some() || project.is_some();
    // the description of a project has headings of its own, which are its fields
    let is_field = open.project.is_some() && words.project.fields.any(rest).is_some();
    if is_field || (!known && enumeration.is_none()) {
        return None;
    }
    Some(Found { level, part: None, section, project })
}

/// The section that a heading without its number opens, of the part at hand where one is open.
fn section_of(words: &'static Words, heading: &str, part: Option<&str>) -> Option<&'static Section> {
    let fits =
        |s: &&Section| part.is_none_or(|p| p == s.part || p == "tables") && s.headings.is_match(heading);
    words.sections.iter().find(fits)
}

fn push_heading(out: &mut Outline, found: &Found, paragraph: &Paragraph) {
    if out.headings.len() >= MOST {
        return;
    }
    let source = paragraph.whole();
    out.headings.push(Heading {
        level: found.level,
        section: found.part.map(str::to_owned).or_else(|| found.section.map(|s| s.id.clone())),
        text: Some(source.text),
        contents: None,
        page: source.page,
        bbox: source.bbox,
    });
}

/// Puts the lines of the table of contents beside the headings that they announce: the same number under the same part.
fn add_contents(words: &'static Words, headings: &mut Vec<Heading>, entries: &[Entry]) {
    let place = |text: &str, part: &mut Option<u16>| {
        let text = text.replace(' ', "");
        if let Some(n) = part_number(&text) {
            *part = Some(n);
            return Some((Some(n), None));
        }
        strip_enumeration(&text).0.map(|number| (*part, Some(number)))
    };
    let mut part = None;
    let body: Vec<_> = headings.iter().map(|h| h.text.as_deref().and_then(|t| place(t, &mut part))).collect();
    let mut part = None;
    let mut alone = Vec::new();
    for entry in entries {
        let at = place(&entry.text, &mut part);
        let name = |text: &str| key(strip_enumeration(text).1);
        let same = headings.iter().zip(&body).position(|(h, b)| {
            h.contents.is_none()
                && at.is_some()
                && *b == at
                && h.text.as_deref().is_some_and(|t| shares_words(&name(t), &name(&entry.text)))
        });
        if let Some(heading) = same.and_then(|i| headings.get_mut(i)) {
            heading.contents = Some(entry.text.clone());
            continue;
        }
        let compact = entry.text.replace(' ', "");
        let (number, rest) = strip_enumeration(&compact);
        let is_part = part_number(&compact).is_some();
        let section = section_of(words, rest, None).map(|s| s.id.clone());
        let level = match number {
            _ if is_part => HeadingLevel::Part,
            Some(Enumeration::Chinese(_)) | None => HeadingLevel::Section,
            Some(_) => HeadingLevel::Subsection,
        };
        alone.push(Heading {
            level,
            section: section.filter(|_| !is_part),
            text: None,
            contents: Some(entry.text.clone()),
            page: entry.page,
            bbox: entry.bbox,
        });
    }
    headings.extend(alone);
}

/// Whether most of the characters of the shorter key stand in the longer one.
fn shares_words(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let all = short.chars().count();
    let shared = short.chars().filter(|c| long.contains(*c)).count();
    all > 0 && shared * 10 >= all * 7
}
