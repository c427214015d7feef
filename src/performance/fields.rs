//! The upper part of a performance table: labels with values beside them → department, project, money, goal.

use super::sheet::{Row, Text};
use super::words::{Field, Label, Words};
use crate::document::Unit;
use crate::document::performance::{self, Funding, Performance, Period};
use crate::normalize::amount::{self, Parsed};
use crate::normalize::{date, text, unit};
use rust_decimal::Decimal;

/// What the upper part says, amounts still in the printed unit.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    /// Filled as far as the rows say.
    pub(crate) entry: Performance,
    /// The unit that a label names.
    pub(crate) unit: Option<Unit>,
    /// How many personal particulars were left out.
    pub(crate) personal: usize,
    /// The person in charge: compared, and not told.
    pub(crate) leader: Option<String>,
    /// Funding labels that open a scope: left and right edge, and what goes before the ids below.
    scopes: Vec<(f32, f32, String)>,
}

/// A label or a value, from left to right.
enum Part<'w> {
    Label(Label<'w>, Text),
    Value(Text),
}

impl Fields {
    /// Whether a row has a label that opens a table: department or project with a name.
    pub(crate) fn opens(words: &Words, row: &Row) -> bool {
        let mut texts = row.texts.iter();
        let first = texts.next();
        first.is_some_and(|t| match words.label(split(&t.text).0) {
            Some(Label::Field(field)) => {
                field.opens && (texts.next().is_some() || split(&t.text).1.is_some())
            }
            _ => false,
        })
    }

    /// Whether a row starts with a label that has a value beside it.
    pub(crate) fn is_field_row(words: &Words, row: &Row) -> bool {
        let mut texts = row.texts.iter();
        texts.next().is_some_and(|t| {
            let (label, value) = split(&t.text);
            let known = matches!(words.label(label), Some(Label::Field(_) | Label::Funding(..)));
            known && (value.is_some() || texts.next().is_some())
        })
    }

    /// Reads one row.
    pub(crate) fn push(&mut self, words: &Words, row: &Row, include_contacts: bool) {
        let mut parts = parts(words, row).into_iter().peekable();
        let mut label: Option<(Label<'_>, Text)> = None;
        while let Some(part) = parts.next() {
            match part {
                Part::Label(found, text) => {
                    if let Some(printed) =
                        unit::strip_unit(&text.text).1.or_else(|| unit::detect_unit(&text.text))
                        && !matches!(found, Label::Field(_))
                    {
                        self.unit = self.unit.or(Some(printed));
                    }
                    label = Some((found, text));
                }
                Part::Value(first) => {
                    let mut values = vec![first];
                    while let Some(Part::Value(next)) = parts.next_if(|p| matches!(p, Part::Value(_))) {
                        values.push(next);
                    }
                    match &label {
                        Some((Label::Field(field), text)) => {
                            self.field(field, &text.text, &values, include_contacts);
                        }
                        Some((Label::Funding(id, scope), text)) => {
                            self.funding(id, *scope, text, &values, row.page);
                        }
                        Some((Label::Group, text)) => self.other(&text.text, &values),
                        None => self.unlabelled(&values),
                    }
                    label = None;
                }
            }
        }
    }

    fn field(&mut self, field: &Field, label: &str, values: &[Text], include_contacts: bool) {
        let Some(joined) = Text::join_all(values) else { return };
        let value = joined.text;
        if field.personal {
            if field.id == "leader" {
                self.leader.get_or_insert_with(|| text::key(&value));
            }
            if include_contacts {
                self.entry.contacts.push(performance::Field { label: bare(label), text: value });
            } else {
                self.personal += 1;
            }
            return;
        }
        let period = |entry: &mut Performance| entry.period.take().unwrap_or_default();
        match field.id.as_str() {
            "department" if self.entry.department.is_none() => self.entry.department = Some(value),
            "project" if self.entry.project.is_none() => self.entry.project = Some(value),
            "nature" if self.entry.nature.is_none() => self.entry.nature = Some(value),
            "goal" => match &mut self.entry.goal {
                Some(goal) => {
                    goal.push('\n');
                    goal.push_str(&value);
                }
                none => *none = Some(value),
            },
            "period" => {
                let (from, to) = span(&value);
                self.entry.period = Some(Period { text: value, from, to });
            }
            "period.from" => {
                let mut span = period(&mut self.entry);
                span.from = date::parse_date(&value);
                span.text = value;
                self.entry.period = Some(span);
            }
            "period.to" => {
                let mut span = period(&mut self.entry);
                span.to = date::parse_date(&value);
                span.text = if span.text.is_empty() { value } else { format!("{}—{value}", span.text) };
                self.entry.period = Some(span);
            }
            _ => self.entry.fields.push(performance::Field { label: bare(label), text: value }),
        }
    }

    fn funding(&mut self, id: &str, scope: bool, label: &Text, values: &[Text], page: u32) {
        let Some(value) = Text::join_all(values) else { return };
        let number = value.text.trim_end_matches(['元', '万', '亿', '千', ' ']);
        let Parsed::Value(printed) = amount::parse(number) else {
            if !matches!(amount::parse(&value.text), Parsed::Blank | Parsed::Dash | Parsed::Nothing) {
                self.other(&label.text, values);
            }
            return;
        };
        let id = self.scoped(id, scope, label);
        if self.entry.funding.iter().any(|f| f.id == id) {
            return self.other(&label.text, values);
        }
        let label = bare(&label.text);
        self.entry.funding.push(Funding {
            id,
            label,
            amount: printed,
            raw: Some(value.text),
            page,
            bbox: value.bbox,
        });
    }

    /// The id with the scope that stands above the label: `project.fiscal` below 项目资金总额.
    fn scoped(&mut self, id: &str, scope: bool, label: &Text) -> String {
        let (x0, x1) = label.x;
        if scope {
            self.scopes.retain(|(a, b, _)| *b <= x0 || *a >= x1);
            let prefix = if id == "total" { String::new() } else { format!("{id}.") };
            self.scopes.push((x0, x1, prefix.clone()));
            return format!("{prefix}total");
        }
        let above = self.scopes.iter().rev().find(|(a, b, _)| a.max(x0) < b.min(x1));
        match above {
            Some((_, _, prefix)) => format!("{prefix}{id}"),
            None => id.to_owned(),
        }
    }

    /// A label that announces nothing we know, with its text.
    fn other(&mut self, label: &str, values: &[Text]) {
        if let Some(value) = Text::join_all(values).filter(|v| !v.text.is_empty()) {
            self.entry.fields.push(performance::Field { label: bare(label), text: value.text });
        }
    }

    /// A row without a label that we know: the first of several texts is one.
    fn unlabelled(&mut self, values: &[Text]) {
        match values {
            [label, rest @ ..] if !rest.is_empty() => self.other(&label.text.clone(), rest),
            [alone] => {
                self.entry.fields.push(performance::Field { label: String::new(), text: alone.text.clone() });
            }
            _ => {}
        }
    }
}

/// A label without the colon behind it.
fn bare(label: &str) -> String {
    label.trim_end_matches([':', '：']).to_owned()
}

fn parts<'w>(words: &'w Words, row: &Row) -> Vec<Part<'w>> {
    let mut out = Vec::new();
    let mut in_text = false;
    for text in &row.texts {
        if in_text {
            out.push(Part::Value(text.clone()));
            continue;
        }
        let (label, value) = split(&text.text);
        match words.label(label) {
            Some(found) => {
                in_text = matches!(found, Label::Field(field) if field.text);
                let mut own = text.clone();
                own.text = label.to_owned();
                out.push(Part::Label(found, own));
                if let Some(value) = value {
                    let mut rest = text.clone();
                    rest.text = value.to_owned();
                    out.push(Part::Value(rest));
                }
            }
            None => out.push(Part::Value(text.clone())),
        }
    }
    out
}

/// `项目名称：某项目` → label and value; a colon at the end belongs to the label. A label is short.
fn split(text: &str) -> (&str, Option<&str>) {
    // 其中：财政拨款 is a label as a whole
    let start = if text.starts_with("其中") { text.find([':', '：']).map_or(0, |at| at + 1) } else { 0 };
    let colon = text.get(start..).and_then(|rest| rest.find([':', '：'])).map(|at| at + start);
    match colon {
        Some(at) if at <= 60 => {
            let label = text.get(..at).unwrap_or(text);
            let value = text.get(at..).unwrap_or_default().trim_start_matches([':', '：', ' ']);
            (label, (!value.is_empty()).then_some(value))
        }
        _ => (text, None),
    }
}

/// The two days of a span: `2026年1月1日-2026年12月31日`, `2026 年 1 月 1 日—12 月 31 日`, `2026-01-01至2026-12-31`.
pub(crate) fn span(printed: &str) -> (Option<String>, Option<String>) {
    let squeezed = text::compact(printed);
    let from = date::parse_date(&squeezed);
    let cut = ["至", "到", "—", "–", "~", "～", "日-", "日起"];
    let rest = cut.iter().find_map(|mark| squeezed.split_once(mark).map(|(_, rest)| rest));
    let to = rest.and_then(|rest| {
        let year = from.as_ref().and_then(|f| f.get(..4));
        date::parse_date(rest).or_else(|| date::parse_date(&format!("{}年{rest}", year?)))
    });
    (from, to)
}

/// The money that a goal repeats in words: total, fiscal and other funds, with their printed text.
/// `项目资金 43 万元，其中：财政资金 43 万元，其他资金 0 万元` in 万元.
pub(crate) fn goal_money(goal: &str) -> Vec<(&'static str, Decimal, String)> {
    let squeezed = text::compact(goal);
    let mut out: Vec<(&'static str, Decimal, String)> = Vec::new();
    for (id, words) in [
        ("total", ["项目资金", "项目总资金", "年度资金"].as_slice()),
        ("fiscal", ["财政资金", "财政拨款"].as_slice()),
        ("other", ["其他资金", "其它资金"].as_slice()),
    ] {
        let found = words.iter().find_map(|word| {
            let (_, rest) = squeezed.split_once(word)?;
            let (value, unit) = amount::measure(rest)?;
            let unit = unit::unit_word(&unit)?.0;
            let end = rest.find('元').map_or(0, |at| at + '元'.len_utf8());
            Some((amount::to_wan(value, unit)?, format!("{word}{}", rest.get(..end).unwrap_or_default())))
        });
        if let Some((value, printed)) = found {
            out.push((id, value, printed));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_label_may_share_its_cell_with_the_value() {
        assert_eq!(split("项目名称:某项目"), ("项目名称", Some("某项目")));
        assert_eq!(split("合计:"), ("合计", None));
        assert_eq!(split("其中:财政拨款"), ("其中:财政拨款", None));
        assert_eq!(split("其中:财政拨款:1.00"), ("其中:财政拨款", Some("1.00")));
    }

    #[test]
    fn spans_of_days_take_the_year_of_their_start() {
        let days = |t: &str| {
            let (from, to) = span(t);
            (from.unwrap(), to.unwrap())
        };
        let year = ("2026-01-01".to_owned(), "2026-12-31".to_owned());
        assert_eq!(days("2026 年 1 月 1 日—12 月 31 日"), year);
        assert_eq!(days("2026年1月1日-2026年12月31日"), year);
        assert_eq!(days("2026-01-01至2026-12-31"), year);
        assert_eq!(span("长期"), (None, None));
    }

    #[test]
    fn a_goal_repeats_the_money_in_words() {
        let money =
            goal_money("项目资金 43 万元,其中:财政资金 43 万元,其他资金 0 万元,该项目资金主要用于比赛。");
        let values: Vec<_> = money.iter().map(|(id, value, _)| (*id, value.to_string())).collect();
        assert_eq!(values, [("total", "43".into()), ("fiscal", "43".into()), ("other", "0".into())]);
        assert!(goal_money("保障项目资金安全。").is_empty());
    }
}
