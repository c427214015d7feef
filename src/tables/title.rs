//! What a title of a table looks like, and which table it names.

use crate::normalize::text;
use crate::schema;
use crate::schema::concepts::{self, Set};
use crate::schema::kinds::{self, Kind};
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

static YEAR_PREFIX: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^.{0,40}?(?:19|20)[0-9]{2}年(?:度)?").ok());
static CJK_YEAR_PREFIX: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^.{0,40}?二[〇○零Oo0]二?[〇○零一二三四五六七八九]{1,2}年(?:度)?").ok());
static YEAR_TAIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[（(]?(?:19|20)[0-9]{2}年(?:度)?[）)]?$").ok());

/// A title ends with 表, perhaps followed by a bracket: short, no sentence.
pub fn looks_like_one(line: &str) -> bool {
    let core = line.trim_end_matches(|c: char| !matches!(c, '表' | '）' | ')'));
    let count = line.chars().count();
    let ends = core.ends_with('表')
        || (core.ends_with(['）', ')'])
            && core.rfind(['（', '(']).is_some_and(|i| core[..i].ends_with('表')));
    ends && core.len() + 12 >= line.len()
        && (3..=60).contains(&count)
        && !line.contains(['。', '；', ';', '，', ','])
        && !line.contains("......")
        && !line.contains("……")
        && !line.contains("空表")
        && !["注", "本表", "此表", "该表"].iter().any(|word| line.starts_with(word))
}

/// The title without a year behind it.
pub fn undated(title: &str) -> Cow<'_, str> {
    YEAR_TAIL.as_ref().map_or(title.into(), |r| r.replace(title, ""))
}

/// The title without year, 部门-independent prefixes and punctuation.
pub fn bare(title: &str) -> String {
    let title = undated(title);
    let mut rest = title.as_ref();
    for regex in [&YEAR_PREFIX, &CJK_YEAR_PREFIX] {
        if let Some(found) = regex.as_ref().and_then(|r| r.find(rest)) {
            rest = &rest[found.end()..];
        }
    }
    let key = text::key(rest);
    let key = key
        .strip_suffix("续表")
        .or_else(|| key.strip_suffix("表续").map(|_| &key[..key.len() - 3]))
        .unwrap_or(&key);
    key.strip_suffix("公开表").map_or_else(|| key.to_owned(), |k| format!("{k}表"))
}

/// Suffixes of the names of bodies, for titles that start with the department's name.
const BODIES: [&str; 16] = [
    "委员会",
    "办公室",
    "局",
    "厅",
    "院",
    "中心",
    "政府",
    "协会",
    "联合会",
    "总队",
    "支队",
    "大队",
    "学校",
    "委",
    "会",
    "部",
];

/// Variants of a bare title to try: as it is, and without a body's name before it.
pub fn variants(bare: &str) -> Vec<&str> {
    let mut variants = vec![bare];
    for body in BODIES {
        if let Some(at) = bare.rfind(body) {
            let tail = &bare[at + body.len()..];
            if tail.chars().count() >= 3 && !variants.contains(&tail) {
                variants.push(tail);
            }
        }
    }
    variants
}

/// What a title says: a frame of concepts, read with the vocabulary of `schemas/concepts.toml`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// What its words say.
    pub says: Set,
    /// Characters that no word covers, a body's name before the title left out.
    pub unknown: usize,
}

/// Which table a title names.
#[derive(Clone, Copy, Debug)]
pub enum Named {
    /// One of the twelve.
    Table(u8),
    /// One of the twelve, if no better title for it stands in the document.
    Maybe(u8),
    /// A table that is none of the twelve.
    Kind(&'static Kind),
    /// Words that make no table that we know.
    Unclear,
}

/// Reads a bare title. Of its variants the one that is understood best counts.
pub fn frame(bare: &str) -> Frame {
    let read = |variant: &&str| concepts::meaning(variant);
    let best = variants(bare).iter().map(read).reduce(|a, b| if b.unknown < a.unknown { b } else { a });
    best.map_or_else(Frame::default, |m| Frame { says: m.says, unknown: m.unknown })
}

/// The table that a frame names.
pub fn named(frame: Frame) -> Named {
    let tables = || schema::standard().tables.iter();
    let fits = |also: bool| tables().find(|t| t.names.fit(frame.says, also)).map(|t| t.number);
    let kind = kinds::of(frame.says);
    match (fits(false), kind, fits(true)) {
        (Some(number), _, _) if frame.unknown == 0 => Named::Table(number),
        (Some(number), _, _) if frame.unknown <= UNSURE => Named::Maybe(number),
        (None, _, Some(number)) if frame.unknown <= UNSURE => Named::Maybe(number),
        (None, Some(kind), _) => Named::Kind(kind),
        _ => Named::Unclear,
    }
}

/// What people are told of a title: see `yusuan explain --title`.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Understood {
    /// The title as it was given.
    pub title: String,
    /// Which of the twelve it names for sure.
    pub table: Option<u8>,
    /// Which of the twelve it may mean where no better title stands.
    pub perhaps: Option<u8>,
    /// Which kind of table beside the twelve it names.
    pub kind: Option<&'static str>,
    /// How it is read.
    pub frame: FrameWords,
}

/// A frame in words, by group of concepts.
#[derive(Clone, Debug, serde::Serialize)]
pub struct FrameWords {
    /// Where the money comes from.
    pub about: Vec<&'static str>,
    /// `revenue`, `expenditure` or both.
    pub side: Vec<&'static str>,
    /// Which part of it.
    pub part: Vec<&'static str>,
    /// By which classification.
    pub by: Vec<&'static str>,
    /// Everything else that it says: budget or final account, overview or detail, whose it is.
    pub other: Vec<&'static str>,
    /// The year that it names.
    pub year: Option<u16>,
    /// The number of its label.
    pub number: Option<u8>,
    /// Characters that no word covers.
    pub unknown: usize,
}

/// How a title is understood: as printed, with label and year.
pub fn understand(title: &str) -> Understood {
    let caption = match super::caption::read(title, &super::caption::Own::default()) {
        super::caption::LineKind::Caption(caption) => caption,
        super::caption::LineKind::Other => super::caption::Caption::default(),
    };
    let bare = caption.bare.unwrap_or_else(|| bare(&text::compact(title)));
    let frame = frame(&bare);
    let named = named(frame);
    let group = |group: &str| frame.says.of_group(group).names();
    let known = ["about", "side", "part", "by"];
    let rest = known.iter().fold(frame.says, |rest, g| rest.without(rest.of_group(g)));
    Understood {
        title: title.to_owned(),
        table: if let Named::Table(number) = named { Some(number) } else { None },
        perhaps: if let Named::Maybe(number) = named { Some(number) } else { None },
        kind: if let Named::Kind(kind) = named { Some(kind.id.as_str()) } else { None },
        frame: FrameWords {
            about: group("about"),
            side: group("side"),
            part: group("part"),
            by: group("by"),
            other: rest.names(),
            year: crate::normalize::date::fiscal_year(title),
            number: caption.number,
            unknown: frame.unknown,
        },
    }
}

/// Characters of a title that may stay unknown: a word of two, which a modifier is at least, says that it may be another
/// table.
const UNSURE: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bodys_name_before_a_title_is_left_out() {
        assert!(variants("阿图什市财政局部门收支总表").contains(&"部门收支总表"));
    }
}
