//! Sentences that explain why two amounts differ.

use super::number::Number;
use super::paragraph::Paragraph;
use super::sentence::sentence_end;
use super::words::Words;
use crate::document::narrative::{Narrative, ReconciledAmount, Reconciliation};
use std::ops::Range;

/// …总额13.00万元与…总额56.00万元不相等,主要原因是…. Gives the sentence's end.
pub(super) fn read(
    words: &Words,
    p: &Paragraph,
    left: &Number,
    all: &[Number],
    out: &mut Narrative,
) -> Option<usize> {
    let text = p.compact.as_str();
    let rest = text.get(left.range.end..)?;
    if !rest.starts_with(['与', '和', '同']) {
        return None;
    }
    let right = all.iter().find(|n| n.range.start >= left.range.end)?;
    let tail = text.get(right.range.end..)?;
    let unequal = words.words.unequal.find(tail).filter(|r| r.start == 0)?;
    let side = |number: &Number, range: Range<usize>| {
        let (amount, unit) = number.wan()?;
        Some(ReconciledAmount { label: p.display(range).to_owned(), amount, unit, raw: number.raw() })
    };
    let start = text
        .get(..left.range.start)?
        .rfind(['。', ';', ','])
        .map_or(0, |at| at + text.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8));
    let left_side = side(left, start..left.range.start)?;
    let right_side = side(right, left.range.end + '与'.len_utf8()..right.range.start)?;
    let end = right.range.end + sentence_end(tail);
    let after = right.range.end + unequal.end;
    let reason = words.words.reason.find(text.get(after..end)?);
    let reason = reason.map(|r| p.display(after + r.end..end).trim_end_matches([';', '。', ',']).to_owned());
    out.reconciliations.push(Reconciliation {
        left: left_side,
        right: right_side,
        reason,
        source: p.source(start..end, left.range.start),
    });
    Some(end)
}
