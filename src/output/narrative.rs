//! The narrative ↔ JSON. Its types say themselves how they are written (`crate::narrative`); what is read names the
//! place of a mistake.

use super::tree::{self, Tree};
use super::writer::Writer;
use crate::error::Error;
use crate::narrative::Narrative;

/// Writes the value of `narrative`: one figure, one project, one heading a line where the style is pretty.
pub(super) fn write(w: &mut Writer, narrative: &Narrative) {
    w.value(narrative, 2);
}

/// Reads the value of `narrative`.
///
/// # Errors
/// [`Error::Json`] with the list, the entry and the key that is missing or no value of the contract.
pub(super) fn read(value: &Tree) -> Result<Narrative, Error> {
    serde_json::from_str(value.text)
        .map_err(|e| Error::Json { cause: format!("{}: {}", place(value), tree::cause(&e)) })
}

/// The entry that cannot be read, as a path: serde tells what is wrong, but not where.
fn place(value: &Tree) -> String {
    let empty = serde_json::to_string(&Narrative::default()).unwrap_or_default();
    let lists = value.as_object().into_iter().flatten();
    for (key, list) in lists.filter_map(|(key, v)| Some((key, v.as_array()?))) {
        for (i, entry) in list.iter().enumerate() {
            // an empty list of this name takes the entry; every other one stays empty
            let alone = empty.replacen(&format!("\"{key}\":["), &format!("\"{key}\":[{}", entry.text), 1);
            if alone != empty && serde_json::from_str::<Narrative>(&alone).is_err() {
                return format!("narrative.{key}[{i}]");
            }
        }
    }
    "narrative".to_owned()
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::writer::Style;
    use super::{read, *};
    use crate::document::Unit;
    use crate::geometry::Rect;
    use crate::narrative::*;
    use rust_decimal::Decimal;

    /// A narrative that uses every part of the shape.
    pub(crate) fn full() -> Narrative {
        let source = Source { page: 18, bbox: Rect::new(72.0, 100.5, 523.3, 114.0), text: "…".to_owned() };
        let text = |t: &str| Some(t.to_owned());
        let money = |hundredths| Some(Decimal::new(hundredths, 2));
        let side = |hundredths| ReconciledAmount {
            label: "财政拨款总额".to_owned(),
            amount: Decimal::new(hundredths, 2),
            unit: Unit::Wan,
            raw: None,
        };
        Narrative {
            headings: vec![Heading {
                level: HeadingLevel::Section,
                section: text("revenue"),
                text: text("二、收入预算情况说明"),
                contents: None,
                page: 18,
                bbox: source.bbox,
            }],
            functions: Some(Functions { items: vec!["拟定规划".to_owned()], source: source.clone() }),
            organization: Some(Organization {
                has_subordinate_units: Some(true),
                subordinate_unit_count: Some(1),
                subordinate_units: vec!["某某信息中心".to_owned()],
                office_count: Some(4),
                offices: vec!["办公室".to_owned()],
                source: source.clone(),
            }),
            figures: vec![Figure {
                section: text("revenue"),
                item: text("unit_funds"),
                label: "单位资金".to_owned(),
                code: text("2011301"),
                amount: money(5050),
                unit: Unit::Yuan,
                raw: text("505,000"),
                share_percent: money(569),
                share_of: text("T2[total].total"),
                change: Some(Change {
                    direction: Direction::Decrease,
                    amount: money(-14950),
                    percent: money(7475),
                    percent_direction: Some(Direction::Decrease),
                    base: text("previous_year_budget"),
                    source: source.clone(),
                }),
                previous: money(20000),
                implied_previous: money(20000),
                reason: text("收入减少"),
                purpose: text("日常工作"),
                not_arranged: false,
                zero_base: false,
                repeats: text("T2[total].unit_funds"),
                source: source.clone(),
            }],
            quantities: vec![Quantity {
                section: text("assets"),
                item: text("buildings.area"),
                label: "房屋".to_owned(),
                value: Decimal::new(152_200, 2),
                unit: "平方米".to_owned(),
                source: source.clone(),
            }],
            lists: vec![NameList {
                section: text("basic_expenditure"),
                item: "personnel".to_owned(),
                names: vec!["基本工资".to_owned()],
                source: source.clone(),
            }],
            projects: vec![Project {
                name: "食盐专营管理工作项目".to_owned(),
                amount: money(300),
                overview: text("…"),
                policy_basis: Some(PolicyBasis {
                    text: "《方案》（新工信消费〔2024〕8号）".to_owned(),
                    documents: vec![PolicyDocument {
                        title: text("方案"),
                        number: text("新工信消费〔2024〕8号"),
                    }],
                }),
                executor: text("某局"),
                allocation: Some(Allocation {
                    text: "会议费3万元".to_owned(),
                    parts: vec![AllocationPart {
                        purpose: "会议费".to_owned(),
                        amount: Decimal::from(3),
                        unit: Unit::Wan,
                        raw: None,
                    }],
                }),
                period: Some(Period {
                    text: "2026年1月1日—12月31日".to_owned(),
                    from: text("2026-01-01"),
                    to: text("2026-12-31"),
                }),
                withheld: vec!["plan".to_owned()],
                repeats: text("T7['食盐专营管理工作项目'].total"),
                source: source.clone(),
                amount_source: Some(source.clone()),
                ..Project::default()
            }],
            declared_empty: vec![DeclaredEmpty {
                section: text("government_fund"),
                table: 8,
                source: source.clone(),
            }],
            reconciliations: vec![Reconciliation {
                left: side(1300),
                right: side(5600),
                reason: text("包含转移支付项目43万元"),
                source: source.clone(),
            }],
            mentions: vec![Mention {
                section: text("fiscal_overview"),
                name: "清欠工作项目".to_owned(),
                project: None,
                source: source.clone(),
            }],
            glossary: vec![Term { term: "财政拨款".to_owned(), definition: "指…".to_owned(), source }],
            completeness: Completeness {
                parts: vec!["explanation".to_owned()],
                sections: vec!["revenue".to_owned()],
                missing_sections: vec!["carryover".to_owned()],
                table_projects: 4,
                narrative_projects: 4,
                withheld_projects: 1,
            },
        }
    }

    fn written(style: Style) -> String {
        let mut out = Vec::new();
        write(&mut Writer::new(&mut out, style), &full());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back_with_every_digit() {
        for style in [Style::Compact, Style::Pretty] {
            let text = written(style);
            assert!(text.contains("-149.50") && text.contains("1522.00"), "{text}");
            let raw = serde_json::from_str(&text).unwrap();
            assert_eq!(read(&Tree::new(raw).unwrap()).unwrap(), full());
        }
    }

    #[test]
    fn a_mistake_is_named_with_its_entry() {
        let message = |from: &str, to: &str| {
            let text = written(Style::Compact).replacen(from, to, 1);
            let raw = serde_json::from_str(&text).unwrap();
            read(&Tree::new(raw).unwrap()).unwrap_err().to_string()
        };
        let lost = message("\"implied_previous\"", "\"implied\"");
        assert!(lost.contains("narrative.figures[0]") && lost.contains("implied"), "{lost}");
        assert!(message("\"decrease\"", "\"down\"").contains("narrative.figures[0]"));
        assert!(message("50.50", "\"50.50 Yuan\"").contains("narrative.figures[0]"));
        assert!(message("\"completeness\"", "\"complete\"").contains("narrative"));
    }
}
