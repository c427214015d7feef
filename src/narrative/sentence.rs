//! Where clauses and sentences begin and end, in compact text.

use std::ops::Range;

/// The clause that ends at `end`, begun after the last mark of punctuation after `from`.
pub(super) fn clause(text: &str, from: usize, end: usize) -> Range<usize> {
    let head = text.get(from..end).unwrap_or_default();
    // a mark at the very end (预算:3万元) begins nothing
    let bare = head.trim_end_matches([':', ',']);
    let at = bare
        .char_indices()
        .rev()
        .find(|(i, c)| matches!(c, '。' | ';' | ',' | ':' | '!' | '?') || (*c == '、' && *i == 0));
    from + at.map_or(0, |(i, c)| i + c.len_utf8())..from + bare.len()
}

/// Where the sentence ends: 。, or a ; behind which something new begins.
pub(super) fn sentence_end(text: &str) -> usize {
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match c {
            '。' => return end,
            ';' => {
                let rest = text.get(end..).unwrap_or_default();
                let goes_on = ["一是", "二是", "三是", "四是", "五是", "同时", "另外", "此外"];
                if !goes_on.iter().any(|w| rest.starts_with(w)) {
                    return end;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// The sentences of a text.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    text.split_inclusive('。').map(move |sentence| {
        let range = from..from + sentence.len();
        from = range.end;
        range
    })
}
