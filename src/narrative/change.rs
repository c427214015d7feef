//! What an amount is compared with: shares, changes, growth, the year before.

use super::figures::{Reader, State, item};
use super::number::Number;
use super::paragraph::Paragraph;
use super::words::Item;
use crate::document::narrative::{Change, Direction, Figure, Narrative};
use rust_decimal::Decimal;
use std::ops::Range;

impl Reader<'_> {
    /// A share or a growth.
    pub(super) fn percent(
        &self,
        p: &Paragraph,
        number: &Number,
        clause: Range<usize>,
        state: &State,
        out: &mut Narrative,
    ) {
        let before = p.compact.get(clause.clone()).unwrap_or_default();
        let Some(figure) = state.figure.and_then(|i| out.figures.get_mut(i)) else { return };
        let share = before.rfind('占').filter(|_| !before.contains("完成"));
        if let Some(at) = share {
            let of = before.get(at + '占'.len_utf8()..).unwrap_or_default();
            if figure.share_percent.is_none()
                && (of.is_empty() || of.ends_with('的') || of.ends_with("比重为"))
            {
                figure.share_percent = Some(number.value);
                if !of.is_empty() {
                    figure.share_of = self.share_of(of.trim_end_matches('的'));
                }
            }
            return;
        }
        let Some((direction, at)) = self.direction(before) else { return };
        let new = figure.change.is_none();
        let source = p.source(clause.start..number.range.end, number.range.start);
        let change = figure.change.get_or_insert_with(|| Change {
            direction,
            base: self.base(before.get(..at).unwrap_or_default()),
            source: source.clone(),
            ..Change::default()
        });
        if change.percent.is_none() {
            change.percent = Some(number.value);
            change.percent_direction = Some(direction);
            if !new && change.source.page == source.page {
                change.source.bbox = change.source.bbox.union(&source.bbox);
            }
        }
        derive(figure);
    }

    /// What 占…的 is of, where the words are the label of another figure of the section.
    fn share_of(&self, of: &str) -> Option<String> {
        let (item, _) = item(&self.section?.figures, of)?;
        item.repeats.clone()
    }

    /// An amount that something grew or shrank by. `before` is the clause up to the word that says so.
    pub(super) fn change(
        &self,
        p: &Paragraph,
        number: &Number,
        before: Range<usize>,
        direction: Direction,
        state: &mut State,
        out: &mut Narrative,
    ) {
        let Some((amount, unit)) = number.wan() else { return };
        let clause = p.compact.get(before.clone()).unwrap_or_default();
        let subject_end = self.compared(clause).unwrap_or(clause.len());
        let subject = before.start..before.start + subject_end;
        // 比上年预算 may stand before the subject as well: 与上年相比,财政拨款支出增加
        let index = match self.subject(p, subject, state, out) {
            Subject::Figure(index) => index,
            Subject::Known(label, item) => {
                let figure = Figure {
                    section: self.id(),
                    item: Some(item.item.clone()),
                    label: p.display(label.clone()).to_owned(),
                    unit,
                    repeats: item.repeats.clone(),
                    source: p.source(label.start..number.range.end, number.range.start),
                    ..Figure::default()
                };
                out.figures.push(figure);
                out.figures.len() - 1
            }
            Subject::Unknown => {
                state.figure = None;
                return;
            }
        };
        state.figure = Some(index);
        let Some(figure) = out.figures.get_mut(index) else { return };
        if figure.change.is_some() {
            return;
        }
        let signed = if direction == Direction::Decrease && !amount.is_zero() { -amount } else { amount };
        let sentence = p.compact.get(state.end.min(before.start)..before.end).unwrap_or_default();
        let base = self.base(clause).or_else(|| self.base(sentence)).or_else(|| state.base.clone());
        state.base.clone_from(&base);
        figure.change = Some(Change {
            direction,
            amount: Some(signed),
            base,
            source: p.source(before.start..number.range.end, number.range.start),
            ..Change::default()
        });
        derive(figure);
    }

    /// Whose change it is.
    fn subject(&self, p: &Paragraph, range: Range<usize>, state: &State, out: &Narrative) -> Subject {
        let label = self.label(p, range.clone());
        let printed = label.clone().and_then(|l| p.compact.get(l)).unwrap_or_default();
        let printed =
            printed.trim_end_matches(['各', '共', '均']).trim_end_matches("分别").trim_end_matches("合计");
        let known = self.section.and_then(|s| item(&s.figures, printed));
        if let (Some((item, start)), Some(label)) = (known, label) {
            let current = state.figure.filter(|i| {
                out.figures.get(*i).is_some_and(|f| f.item.as_ref() == Some(&item.item) || f.code.is_some())
            });
            let id = self.id();
            let earlier = || {
                let same =
                    |f: &Figure| f.section == id && f.item.as_ref() == Some(&item.item) && f.change.is_none();
                out.figures.iter().rposition(same)
            };
            let label = label.start + start..label.start + printed.len();
            return match current.or_else(earlier) {
                Some(index) => Subject::Figure(index),
                None => Subject::Known(label, item),
            };
        }
        let nothing = printed.is_empty()
            || self.words.words.generic.is_match(printed)
            || matches!(printed, "相比" | "较" | "比" | "同比");
        match state.figure {
            Some(index) if nothing => Subject::Figure(index),
            _ => Subject::Unknown,
        }
    }

    /// Where 比上年预算, 与上年相比 begins, at the end of a clause.
    fn compared(&self, clause: &str) -> Option<usize> {
        let end = clause.trim_end_matches(',').trim_end_matches("相比").len();
        let clause = clause.get(..end)?;
        let at = clause.rfind(['比', '与', '较', '同'])?;
        let base = clause.get(at..)?.get('比'.len_utf8()..)?;
        let named = base.is_empty() || self.words.bases.iter().any(|b| b.words.end(base) == Some(base.len()));
        named.then_some(at)
    }

    /// The id of what the words compare with.
    fn base(&self, clause: &str) -> Option<String> {
        let clause = clause.replace("相比", "");
        let at = clause.rfind(['比', '与', '较', '同'])?;
        let after = clause.get(at..)?.get('比'.len_utf8()..)?;
        let fits = |b: &&super::words::Base| b.words.end(after).is_some_and(|end| end > 0);
        self.words.bases.iter().find(fits).map(|b| b.id.clone())
    }

    /// The direction that the end of a clause names, and where its word begins.
    pub(super) fn direction(&self, clause: &str) -> Option<(Direction, usize)> {
        let bare = clause.trim_end_matches(['为', '了', '额', '约', '率']);
        let words = &self.words.words;
        let increase = words.increase.start(bare).map(|at| (Direction::Increase, at));
        increase.or_else(|| words.decrease.start(bare).map(|at| (Direction::Decrease, at)))
    }

    /// 与上年持平.
    pub(super) fn same_as_before(
        &self,
        p: &Paragraph,
        state: &State,
        range: Range<usize>,
        out: &mut Narrative,
    ) {
        let text = p.compact.get(range.clone()).unwrap_or_default();
        let Some(found) = self.words.words.unchanged.find(text) else { return };
        let Some(figure) = state.figure.and_then(|i| out.figures.get_mut(i)) else { return };
        let head = text.get(..found.start).unwrap_or_default();
        let Some(base) = self.base(head) else { return };
        let same_sentence = !head.trim_start_matches('。').contains('。');
        if figure.change.is_none() && figure.amount.is_some() && same_sentence {
            figure.change = Some(Change {
                direction: Direction::Unchanged,
                base: Some(base),
                source: p.source(range.start..range.start + found.end, range.start),
                ..Change::default()
            });
            derive(figure);
        }
    }
}

/// Whose change an amount is.
enum Subject {
    /// A figure that is there.
    Figure(usize),
    /// An item of the section, with its label.
    Known(Range<usize>, &'static Item),
    /// Nobody's that we know.
    Unknown,
}

/// What follows from amount and change.
fn derive(figure: &mut Figure) {
    let (Some(amount), Some(change)) = (figure.amount, &figure.change) else { return };
    let by = match change.direction {
        Direction::Unchanged => Some(Decimal::ZERO),
        _ => change.amount,
    };
    figure.implied_previous = by.and_then(|by| amount.checked_sub(by));
    let grew = change.percent.is_some_and(|p| !p.is_zero());
    figure.zero_base = grew && figure.implied_previous.is_some_and(|p| p.is_zero());
}
