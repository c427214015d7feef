//! Sentences → figures: an amount with its label, share, change, reason and purpose.
//!
//! A paragraph's numbers are taken one after the other. What stands between the last number and this one says what it
//! is: a share (占), a change (增加), a growth (增长), the year before, or a new figure with a label of its own. Reasons
//! and purposes are texts: numbers inside them are none of the budget's.

use super::code::{Codes, Names};
use super::number::{Kind, Number, numbers};
use super::paragraph::Paragraph;
use super::reconcile;
use super::sentence::{clause, sentence_end, sentences};
use super::words::{Item, Section, Words};
use crate::document::narrative::{Figure, Narrative, Quantity};
use crate::document::{Document, Kind as Kinds};
use crate::normalize::label::{strip_enumeration, strip_of_which};
use crate::normalize::text::key;
use rustc_hash::FxHashSet;
use std::ops::Range;

/// Item of what a final account was meant to be.
const INITIAL: &str = "initial_budget";
/// Longest label, in characters.
const LONGEST: usize = 90;
/// Most figures of a document: more are no text.
const MOST: usize = 5_000;

/// Characters that end what may stand before a label: names of bodies, years, 本部门, 的, closing marks.
const BEFORE_LABEL: &str = "年度的门位本局委会院室厅处办心部署校馆站队团社所府区县市省州级关比、”）》";

/// Reads the paragraphs of one section.
pub(super) struct Reader<'a> {
    pub(super) words: &'static Words,
    pub(super) document: &'a Document,
    codes: &'a Codes,
    pub(super) section: Option<&'static Section>,
    /// The class under whose heading the text stands.
    class: Option<Names>,
}

/// What the numbers of a paragraph have said so far.
pub(super) struct State {
    /// Index of the figure at hand in [`Narrative::figures`].
    pub(super) figure: Option<usize>,
    /// End of what was read.
    pub(super) end: usize,
    /// Item of the last thing that was counted or valued, without its last element.
    thing: Option<Thing>,
    /// The class, section and item that the paragraph begins with.
    subject: Option<Range<usize>>,
    /// What the last change was measured against: 比上年预算减少…,其中:…增加….
    pub(super) base: Option<String>,
}

/// Something that was counted.
struct Thing {
    item: Option<String>,
    label: String,
    repeats_amount: Option<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        words: &'static Words,
        document: &'a Document,
        codes: &'a Codes,
        section: Option<&'static Section>,
    ) -> Self {
        Self { words, document, codes, section, class: None }
    }

    /// Reads one paragraph.
    pub(super) fn paragraph(&mut self, paragraph: &Paragraph, out: &mut Narrative) {
        let text = paragraph.compact.as_str();
        let (_, body) = strip_enumeration(text);
        let offset = text.len() - body.len();
        // 一般公共服务支出（类） alone heads the items below it
        if text.chars().count() <= 40
            && let Some(names) = Names::read(body).filter(Names::is_class)
        {
            self.class = Some(names);
        }
        let found = if has_digit(text) { numbers(self.words, text) } else { Vec::new() };
        self.not_arranged(paragraph, out);
        if out.figures.len() > MOST || found.is_empty() {
            return;
        }
        let first = found.first().map_or(text.len(), |n| n.range.start);
        let first = text.find([':', '。', ',']).map_or(first, |at| at.min(first)).max(offset);
        let first = clause(text, offset, first);
        let subject =
            self.label(paragraph, first).filter(|r| text.get(r.clone()).and_then(Names::read).is_some());
        let mut state = State { figure: None, end: offset, thing: None, subject, base: None };
        let mut skip = 0;
        for number in &found {
            if number.range.start < skip {
                continue;
            }
            // what stands between belongs to the figure at hand: reason, purpose, 持平
            if let Some(after) = self.remarks(paragraph, &mut state, number.range.start, out)
                && after > number.range.start
            {
                skip = after;
                continue;
            }
            if let Some(after) = reconcile::read(self.words, paragraph, number, &found, out) {
                (skip, state.end, state.figure) = (after, after, None);
                continue;
            }
            self.number(paragraph, number, &mut state, out);
            state.end = state.end.max(number.range.end);
        }
        self.remarks(paragraph, &mut state, text.len(), out);
    }

    pub(super) fn id(&self) -> Option<String> {
        self.section.map(|s| s.id.clone())
    }

    fn number(&self, p: &Paragraph, number: &Number, state: &mut State, out: &mut Narrative) {
        let text = p.compact.as_str();
        let clause = clause(text, state.end, number.range.start);
        let before = text.get(clause.clone()).unwrap_or_default();
        match &number.kind {
            Kind::Percent => self.percent(p, number, clause, state, out),
            Kind::Money(_) => {
                if let Some((direction, at)) = self.direction(before) {
                    self.change(p, number, clause.start..clause.start + at, direction, state, out);
                } else {
                    self.amount(p, number, clause, state, out);
                }
            }
            Kind::Count(unit) => {
                let Some(label) = self.label(p, clause) else { return };
                let printed = text.get(label.clone()).unwrap_or_default();
                // 本部门共20个项目, but not 2个预算单位
                let after = text.get(number.range.end..).unwrap_or_default();
                let counted =
                    if after.starts_with("项目") { format!("{printed}项目") } else { printed.to_owned() };
                let ends = after.chars().next().is_none_or(|c| !c.is_alphabetic()) || counted != printed;
                let item = self.section.and_then(|s| item(&s.quantities, &counted)).filter(|_| ends);
                let Some((item, start)) = item else {
                    // what is counted without being known must not lend its value a name
                    state.thing = None;
                    return;
                };
                let label = label.start + start.min(printed.len())..label.end;
                let sentence =
                    text.get(..label.start).and_then(|t| t.rsplit('。').next()).unwrap_or_default();
                let planned =
                    !item.item.starts_with("planned.") && self.words.words.planned.is_match(sentence);
                let id = if planned { format!("planned.{}", item.item) } else { item.item.clone() };
                let named = p.display(label.clone()).to_owned();
                state.thing = Some(Thing {
                    item: Some(id.clone()),
                    label: named.clone(),
                    repeats_amount: item.repeats_amount.clone(),
                });
                out.quantities.push(Quantity {
                    section: self.id(),
                    item: Some(id),
                    label: named,
                    value: number.value,
                    unit: unit.clone(),
                    source: p.source(label.start..number.range.end, number.range.start),
                });
            }
        }
    }

    /// An amount with a label of its own, or one of an earlier year.
    fn amount(
        &self,
        p: &Paragraph,
        number: &Number,
        clause: Range<usize>,
        state: &mut State,
        out: &mut Narrative,
    ) {
        let Some((amount, unit)) = number.wan() else { return };
        let Some(label) = self.label(p, clause.clone()) else {
            state.figure = None;
            return;
        };
        let printed = p.compact.get(label.clone()).unwrap_or_default();
        if self.words.words.previous.start(printed) == Some(0) {
            let this_year = crate::normalize::date::fiscal_year(printed);
            let is_this = this_year.is_some() && this_year == self.document.head.fiscal_year;
            if let Some(figure) = state.figure.and_then(|i| out.figures.get_mut(i))
                && !is_this
                && figure.previous.is_none()
            {
                figure.previous = Some(amount);
            }
            return;
        }
        let known = self.section.is_some_and(|s| item(&s.figures, printed).is_some());
        let generic = !known && self.words.words.generic.is_match(printed);
        let initial = self.document.head.kind == Kinds::FinalAccount && printed.ends_with("年初预算");
        let (label, printed) = match (generic, state.figure.and_then(|i| out.figures.get(i))) {
            // 2026年预算安排686万元, once more in the same sentence
            (true, Some(open)) if open.amount == Some(amount) && open.item.as_deref() != Some(INITIAL) => {
                return;
            }
            (true, _) => match self.label_before(p, label.start, state).or_else(|| state.subject.clone()) {
                Some(range) => (range.clone(), p.compact.get(range).unwrap_or_default()),
                None => {
                    state.figure = None;
                    return;
                }
            },
            (false, _) => (label, printed),
        };
        let own = label.clone();
        let mut figure = Figure {
            section: self.id(),
            label: p.display(label.clone()).to_owned(),
            amount: Some(amount),
            unit,
            raw: number.raw(),
            source: p.source(label.start..number.range.end, number.range.start),
            ..Figure::default()
        };
        if !self.identify(p, label, printed, state, &mut figure) {
            state.figure = None;
            return;
        }
        if initial {
            // a final account's tables say what was spent, not what was planned
            (figure.item, figure.repeats, figure.share_of) = (Some(INITIAL.to_owned()), None, None);
            if !generic {
                // …年初预算为2.85万元,支出决算为0.39万元
                state.subject = Some(own.start..own.end - "年初预算".len());
            }
        }
        state.figure = Some(out.figures.len());
        out.figures.push(figure);
    }

    /// Fills in item, code and cells; `false` where the label names no amount at all.
    fn identify(
        &self,
        p: &Paragraph,
        label: Range<usize>,
        printed: &str,
        state: &mut State,
        figure: &mut Figure,
    ) -> bool {
        let section = self.section;
        if let Some(names) = Names::read(printed) {
            figure.code = names.below(self.class.as_ref()).code(self.codes);
            figure.item = Some("code".to_owned());
            self.with_code(section, figure);
            return true;
        }
        if let Some(attribute) = self.words.attributes.iter().find(|a| a.labels.is_match(printed)) {
            let Some(thing) = &state.thing else { return false };
            let stem =
                thing.item.as_deref().map(|i| i.rsplit_once('.').map_or(i, |(stem, _)| stem).to_owned());
            figure.item = stem.map(|s| format!("{s}.{}", attribute.suffix));
            figure.repeats.clone_from(&thing.repeats_amount);
            figure.label = format!("{}{}", thing.label, figure.label);
            return true;
        }
        if let Some((item, start)) = section.and_then(|s| item(&s.figures, printed)) {
            figure.item = Some(item.item.clone());
            figure.share_of.clone_from(&item.share_of);
            figure.repeats.clone_from(&item.repeats);
            let named = item.labels.captures(printed).and_then(|c| c.name("name").map(|m| m.range()));
            if let Some(name) = named {
                let name = label.start + name.start..label.start + name.end;
                figure.label = p.display(name).to_owned();
                let known = self.name_key(&figure.label);
                figure.repeats =
                    item.repeats.as_ref().filter(|_| known).map(|e| e.replace("{name}", &figure.label));
            } else {
                // the department's name and the year are no part of the label
                figure.label = without_year(p.display(label.start + start..label.end)).to_owned();
            }
            return true;
        }
        if section.is_some_and(|s| s.classes.is_some())
            && let Some(code) = self.codes.class(printed)
        {
            figure.code = Some(code);
            figure.item = Some("code".to_owned());
            self.with_code(section, figure);
            return true;
        }
        section.is_some() && self.words.words.nouns.is_match(printed)
    }

    fn with_code(&self, section: Option<&'static Section>, figure: &mut Figure) {
        let Some(code) = &figure.code else { return };
        let fill = |e: &String| e.replace("{code}", code);
        figure.repeats = section.and_then(|s| s.classes.as_ref()).map(fill);
        figure.share_of = section.and_then(|s| s.class_share_of.as_ref()).map(fill);
    }

    /// Whether a name can stand in an expression.
    fn name_key(&self, name: &str) -> bool {
        !name.contains(['\'', ']', '[']) && !key(name).is_empty()
    }

    /// The label in a clause: without numbering, 其中 and department.
    pub(super) fn label(&self, p: &Paragraph, clause: Range<usize>) -> Option<Range<usize>> {
        let text = p.compact.get(clause.clone())?;
        let (_, rest) = strip_enumeration(text);
        let (_, rest) = strip_of_which(rest);
        let rest = rest.strip_prefix("其中").unwrap_or(rest);
        let rest = rest.trim_start_matches(['和', '及', '、', ' ', '“', '"', '（']).trim_start_matches('含');
        let mut start = clause.end - rest.len();
        if let Some(department) = &self.document.head.department {
            let department = department.replace(' ', "");
            let year = |t: &str| t.find('年').filter(|at| *at == 4).map_or(0, |at| at + '年'.len_utf8());
            let head = year(rest);
            if rest.get(head..).is_some_and(|t| t.starts_with(&department)) {
                start += head + department.len();
            }
        }
        let rest = p.compact.get(start..clause.end)?;
        let end = clause.end
            - (rest.len() - rest.trim_end_matches(['为', '共', '是', ':', ' ', '”', '"', '约']).len());
        let label = p.compact.get(start..end)?;
        let fits =
            !label.is_empty() && label.chars().count() <= LONGEST && label.chars().any(char::is_alphabetic);
        fits.then_some(start..end)
    }

    /// The label in the clause before `end`.
    fn label_before(&self, p: &Paragraph, end: usize, state: &State) -> Option<Range<usize>> {
        let head = p.compact.get(state.end..end)?;
        let head = head.trim_end_matches([':', ',', '。']);
        // 行政运行（项）。主要用于:…。年初预算为: the label stands in the sentence's beginning
        let end = state.end + head.len();
        let range = clause(&p.compact, state.end, end);
        let label = self.label(p, range)?;
        (!self.words.words.generic.is_match(p.compact.get(label.clone())?)).then_some(label)
    }

    /// Reason, purpose and 持平 between the last number and `to`. Gives the end of what was read as text.
    fn remarks(&self, p: &Paragraph, state: &mut State, to: usize, out: &mut Narrative) -> Option<usize> {
        let text = p.compact.as_str();
        let words = &self.words.words;
        let mut last = None;
        for _ in 0..4 {
            let between = text.get(state.end..to)?;
            let reason = words.reason.find(between).map(|r| (r, true));
            let purpose = words.purpose.find(between).map(|r| (r, false));
            let first = match (reason, purpose) {
                (Some(a), Some(b)) => Some(if a.0.start <= b.0.start { a } else { b }),
                (a, b) => a.or(b),
            };
            let until = first.as_ref().map_or(between.len(), |(r, _)| r.start);
            self.same_as_before(p, state, state.end..state.end + until, out);
            let Some((found, is_reason)) = first else { return last };
            let start = state.end + found.end;
            if !is_reason && words.listed.end(text.get(start..).unwrap_or_default()).is_some() {
                state.end = start;
                continue;
            }
            let end = start + sentence_end(text.get(start..).unwrap_or_default());
            let said = p.display(start..end).trim_end_matches([',', ';', '。']).to_owned();
            if let Some(figure) = state.figure.and_then(|i| out.figures.get_mut(i)) {
                let slot = if is_reason { &mut figure.reason } else { &mut figure.purpose };
                if slot.is_none() && !said.is_empty() {
                    *slot = Some(said);
                }
            }
            state.end = end;
            last = Some(end);
            if end >= to {
                return last;
            }
        }
        last
    }

    /// 政府性基金预算未安排。
    fn not_arranged(&self, p: &Paragraph, out: &mut Narrative) {
        let Some(section) = self.section else { return };
        for range in sentences(&p.compact) {
            let sentence =
                p.compact.get(range.clone()).unwrap_or_default().trim_end_matches(['。', ';', ',']);
            let Some(at) = self.words.words.not_arranged.start(sentence) else { continue };
            let Some(label) = self.label(p, range.start..range.start + at) else { continue };
            let printed = p.compact.get(label.clone()).unwrap_or_default();
            let Some((item, start)) = item(&section.figures, printed).filter(|_| !has_digit(printed)) else {
                continue;
            };
            out.figures.push(Figure {
                section: self.id(),
                item: Some(item.item.clone()),
                label: p.display(label.start + start..label.end).to_owned(),
                not_arranged: true,
                repeats: item.repeats.clone(),
                source: p.source(label.start..range.start + sentence.len(), label.start),
                ..Figure::default()
            });
        }
    }
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}

/// The first item whose label ends the text, and where the label begins. What stands before it must be able to end a
/// name, a year or a clause: 非财政拨款收入 is no 财政拨款收入.
pub(super) fn item<'i>(items: &'i [Item], text: &str) -> Option<(&'i Item, usize)> {
    let free = |start: usize| {
        let before = text.get(..start).and_then(|t| t.chars().next_back());
        before.is_none_or(|c| BEFORE_LABEL.contains(c) || c.is_ascii_punctuation())
    };
    items.iter().find_map(|i| Some((i, i.labels.start(text).filter(|s| free(*s))?)))
}

/// The label without the year in front: 2026 年委托业务费.
fn without_year(label: &str) -> &str {
    let Some((year, rest)) = label.split_once('年') else { return label };
    let year = year.trim_end();
    if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
        return label;
    }
    rest.trim_start_matches('度').trim_start_matches('的')
}

/// What only all figures together tell: which parts of an amount the text prints apart, which shares it prints at all.
pub(super) fn settle(words: &'static Words, out: &mut Narrative) {
    let printed: FxHashSet<(String, String)> =
        out.figures.iter().filter_map(|f| Some((f.section.clone()?, f.item.clone()?))).collect();
    for figure in &mut out.figures {
        if figure.share_percent.is_none() {
            figure.share_of = None;
        }
        let (Some(section), Some(item)) = (&figure.section, &figure.item) else { continue };
        let known = words.sections.iter().find(|s| s.id == *section);
        let Some(known) = known.and_then(|s| s.figures.iter().find(|i| i.item == *item)) else { continue };
        let apart = |part: &String| printed.contains(&(section.clone(), part.clone()));
        if figure.repeats == known.repeats && known.without.as_ref().is_some_and(|part| !apart(part)) {
            figure.repeats.clone_from(&known.repeats_without);
        }
    }
}
