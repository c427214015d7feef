//! A `ToUnicode` map → the same map for somebody who looks for numbers only: everything that plays no part in one is
//! left out of a composite font's, as a code without an entry stands for nothing else there. In a simple font an
//! encoding would explain such a code, so runs of them become ranges of ideographs. Every other entry stays byte for
//! byte.
//!
//! The reader that gets it spends a few microseconds on each entry of each page, and few of them are digits.

use crate::pdf::token::{Lexer, Token};
use std::io::Write;
use std::ops::RangeInclusive;
use unicode_normalization::UnicodeNormalization;

/// Ideographs whose compatibility form is themselves.
const IDEOGRAPHS: RangeInclusive<u32> = 0x4E00..=0x9FA5;
/// A run of more codes would leave the ideographs.
const LONGEST: u32 = *IDEOGRAPHS.end() - *IDEOGRAPHS.start();
/// Characters of ranges that are looked at one by one in a map; what comes after them stays.
const MAX_LOOKS: u32 = 1 << 16;
/// A map of more entries is left alone.
const MAX_ENTRIES: usize = 1 << 16;

/// Whose map it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Font {
    /// `Type0`.
    Composite,
    /// All others: codes of one byte with an encoding.
    Simple,
}

/// The map of what numbers are made of; `None` where it is not quite what the standard says, or where a code has two
/// entries: then only the whole map tells.
pub(super) fn thin(map: &[u8], font: Font) -> Option<Vec<u8>> {
    let mut entries = Vec::new();
    let mut looks = MAX_LOOKS;
    let mut lexer = Lexer::new(map);
    while let Some(token) = lexer.next() {
        match token {
            Token::Word(b"beginbfchar") => section(&mut lexer, false, &mut entries, &mut looks)?,
            Token::Word(b"beginbfrange") => section(&mut lexer, true, &mut entries, &mut looks)?,
            Token::Word(b"usecmap") => return None,
            _ => {}
        }
        lexer.clear_text();
    }
    entries.sort_by_key(|entry| entry.low);
    let twice = entries.windows(2).any(|pair| matches!(pair, [a, b] if b.low <= a.high));
    (!twice).then(|| write(&entries, font))
}

/// What a range of codes stands for.
struct Entry<'a> {
    low: u32,
    high: u32,
    meaning: Meaning<'a>,
}

enum Meaning<'a> {
    /// Nothing that matters here.
    Silent,
    /// As written.
    Char(&'a [u8]),
    Range(&'a [u8]),
}

fn section<'a>(
    lexer: &mut Lexer<'a>,
    ranges: bool,
    entries: &mut Vec<Entry<'a>>,
    looks: &mut u32,
) -> Option<()> {
    let end: &[u8] = if ranges { b"endbfrange" } else { b"endbfchar" };
    loop {
        lexer.clear_text();
        lexer.skip_space();
        let start = lexer.pos();
        let low = match lexer.next()? {
            Token::Text(span) => number(lexer.text(span))?,
            Token::Word(word) if word == end => return Some(()),
            _ => return None,
        };
        let high = match ranges {
            true => match lexer.next()? {
                Token::Text(span) => number(lexer.text(span))?,
                _ => return None,
            },
            false => low,
        };
        let target = match lexer.next()? {
            Token::Text(span) => Some(lexer.text(span)),
            Token::ArrayOpen if ranges => {
                while lexer.next()? != Token::ArrayClose {}
                None
            }
            _ => return None,
        };
        let count = high.checked_sub(low)?;
        let silent = target.is_some_and(|target| is_silent(target, count, looks));
        let written = lexer.data().get(start..lexer.pos())?;
        let meaning = match silent {
            true => Meaning::Silent,
            false if ranges => Meaning::Range(written),
            false => Meaning::Char(written),
        };
        if entries.len() >= MAX_ENTRIES {
            return None;
        }
        entries.push(Entry { low, high, meaning });
    }
}

/// Whether neither a text in UTF-16 nor those that follow it by counting its last character up matter to numbers.
fn is_silent(target: &[u8], count: u32, looks: &mut u32) -> bool {
    let units = target.chunks(2).map(|pair| pair.iter().fold(0, |n, &b| n << 8 | u32::from(b)));
    let first = if target.len() == 2 { units.clone().next() } else { None };
    let ideographs = |first| IDEOGRAPHS.contains(&first) && IDEOGRAPHS.contains(&first.saturating_add(count));
    if first.is_some_and(ideographs) {
        return true;
    }
    let is_silent = |unit: u32| {
        let part = |c: char| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '.' | ',' | '\'');
        char::from_u32(unit).is_some_and(|c| !c.nfkc().any(part))
    };
    match first {
        Some(first) => {
            let few = count < *looks && count <= LONGEST;
            *looks = looks.saturating_sub(count.saturating_add(1));
            few && (first..=first.saturating_add(count)).all(is_silent)
        }
        None => count == 0 && target.len().is_multiple_of(2) && units.clone().all(is_silent),
    }
}

fn write(entries: &[Entry], font: Font) -> Vec<u8> {
    let runs = if font == Font::Simple { runs(entries) } else { Vec::new() };
    let first = IDEOGRAPHS.start();
    let runs: Vec<Vec<u8>> =
        runs.iter().map(|(low, high)| format!("<{low:04X}><{high:04X}><{first:04X}>").into_bytes()).collect();
    let chars = entries.iter().filter_map(|entry| match entry.meaning {
        Meaning::Char(written) => Some(written),
        _ => None,
    });
    let ranges = entries.iter().filter_map(|entry| match entry.meaning {
        Meaning::Range(written) => Some(written),
        _ => None,
    });
    // a map without any word would be none
    let mut out = b"begincmap\n".to_vec();
    list(&mut out, "bfchar", &chars.collect::<Vec<_>>());
    list(&mut out, "bfrange", &ranges.chain(runs.iter().map(Vec::as_slice)).collect::<Vec<_>>());
    out
}

/// Codes that follow each other and play no part in numbers.
fn runs(entries: &[Entry]) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for entry in entries.iter().filter(|entry| matches!(entry.meaning, Meaning::Silent)) {
        match runs.last_mut() {
            Some((first, last)) if entry.low - *last <= 1 && entry.high - *first <= LONGEST => {
                *last = entry.high
            }
            _ => runs.push((entry.low, entry.high)),
        }
    }
    runs
}

fn list(out: &mut Vec<u8>, kind: &str, entries: &[&[u8]]) {
    if entries.is_empty() {
        return;
    }
    // writing into memory does not fail
    let _ = writeln!(out, "{} begin{kind}", entries.len());
    for entry in entries {
        out.extend_from_slice(entry);
        out.push(b'\n');
    }
    let _ = writeln!(out, "end{kind}");
}

fn number(bytes: &[u8]) -> Option<u32> {
    (1..=4).contains(&bytes.len()).then(|| bytes.iter().fold(0, |n, &b| n << 8 | u32::from(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thinned(map: &str, font: Font) -> Option<String> {
        thin(map.as_bytes(), font).and_then(|out| String::from_utf8(out).ok())
    }

    const MAP: &str = "/CIDInit /ProcSet findresource begin 1 begincodespacerange <00> <FF> endcodespacerange
        5 beginbfchar <01> <0030> <02> <652F> <03> <51FA> <04><FF0C> <05> <00660069> endbfchar
        3 beginbfrange <06> <08> <4E2D> <10> <12> [<0031> <0032> <0033>] <20> <29> <0030> endbfrange end";

    #[test]
    fn what_plays_no_part_in_numbers_becomes_ranges_in_a_simple_fonts_map() {
        let wanted = "begincmap\n2 beginbfchar\n<01> <0030>\n<04><FF0C>\nendbfchar\n\
            4 beginbfrange\n<10> <12> [<0031> <0032> <0033>]\n<20> <29> <0030>\n\
            <0002><0003><4E00>\n<0005><0008><4E00>\nendbfrange\n";
        assert_eq!(thinned(MAP, Font::Simple).as_deref(), Some(wanted));
    }

    #[test]
    fn what_plays_no_part_in_numbers_is_left_out_of_a_composite_fonts_map() {
        let wanted = "begincmap\n2 beginbfchar\n<01> <0030>\n<04><FF0C>\nendbfchar\n\
            2 beginbfrange\n<10> <12> [<0031> <0032> <0033>]\n<20> <29> <0030>\nendbfrange\n";
        assert_eq!(thinned(MAP, Font::Composite).as_deref(), Some(wanted));
        let map = "1 beginbfchar <0110> <4E2D> endbfchar 1 beginbfrange <0001> <001A> <0041> endbfrange";
        let none = thinned(map, Font::Composite);
        assert_eq!(none.as_deref(), Some("begincmap\n"));
        let parts = "4 beginbfchar <01> <2460> <02> <FF0E> <03> <3000> <04> <D840DC00> endbfchar";
        let kept = thinned(parts, Font::Composite).map(|map| map.matches('>').count());
        assert_eq!(kept, Some(8), "an encircled 1, a wide point and space, and what is not looked into");
    }

    #[test]
    fn a_run_takes_in_no_unused_code() {
        let runs = thinned("2 beginbfchar <10> <4E2D> <12> <652F> endbfchar", Font::Simple);
        let wanted = "begincmap\n2 beginbfrange\n<0010><0010><4E00>\n<0012><0012><4E00>\nendbfrange\n";
        assert_eq!(runs.as_deref(), Some(wanted));
    }

    #[test]
    fn a_range_that_reaches_a_digit_stays() {
        let map = "1 beginbfrange <0001> <0005> <002C> endbfrange";
        let wanted = "begincmap\n1 beginbfrange\n<0001> <0005> <002C>\nendbfrange\n";
        assert_eq!(thinned(map, Font::Simple).as_deref(), Some(wanted));
    }

    #[test]
    fn a_range_longer_than_the_ideographs_stays() {
        for map in [
            "1 beginbfrange <0000> <5200> <3400> endbfrange",
            "1 beginbfrange <00000000> <FFFFFFFF> <4E00> endbfrange",
        ] {
            let kept = thinned(map, Font::Simple);
            assert_eq!(
                kept.as_deref(),
                Some(&*format!(
                    "begincmap\n{}\n",
                    map.replace("bfrange <", "bfrange\n<").replace(" end", "\nend")
                ))
            );
        }
    }

    #[test]
    fn a_map_with_two_entries_for_a_code_or_odd_ones_is_left_alone() {
        for map in [
            "2 beginbfchar <01> <0030> <01> <652F> endbfchar",
            "1 beginbfrange <00> <05> <4E00> endbfrange 1 beginbfchar <03> <0031> endbfchar",
            "1 beginbfchar <01> /one endbfchar",
            "1 beginbfrange <05> <01> <0030> endbfrange",
            "1 beginbfchar <01> <652F>",
            "/Other usecmap",
        ] {
            assert_eq!(thinned(map, Font::Composite), None, "{map}");
        }
    }
}
