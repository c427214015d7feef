//! The performance tables ↔ JSON. Their types say themselves how they are written (`crate::performance`); what is read
//! names the entry that is wrong.

use super::tree::{self, Tree};
use super::writer::Writer;
use crate::error::Error;
use crate::performance::Performance;

/// Writes the value of `performance`: one indicator, one amount a line where the style is pretty.
pub(super) fn write(w: &mut Writer, entries: &[Performance]) {
    w.value(entries, 3);
}

/// Reads the value of `performance`.
///
/// # Errors
/// [`Error::Json`] with the entry and the key that is missing or no value of the contract.
pub(super) fn read(value: &Tree) -> Result<Vec<Performance>, Error> {
    let wrong = |cause: String| Error::Json { cause };
    let entries = value.as_array().ok_or_else(|| wrong("performance: should be an array".into()))?;
    let entry = |(i, v): (usize, &Tree)| {
        serde_json::from_str(v.text).map_err(|e| wrong(format!("performance[{i}]: {}", tree::cause(&e))))
    };
    entries.iter().enumerate().map(entry).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::writer::Style;
    use super::*;
    use crate::document::Unit;
    use crate::geometry::Rect;
    use crate::performance::{Field, Funding, Indicator, Operator, Period, Subject, Target};
    use rust_decimal::Decimal;

    /// An entry that uses every part of the shape.
    pub(crate) fn full() -> Performance {
        let text = |t: &str| Some(t.to_owned());
        let bbox = Rect::new(60.0, 100.5, 500.0, 120.0);
        Performance {
            subject: Subject::Project,
            title: "项目支出绩效目标表".to_owned(),
            pages: vec![14, 15],
            bbox,
            department: text("某局"),
            project: text("某项目"),
            nature: text("经常性"),
            period: Some(Period {
                text: "2026年".to_owned(),
                from: text("2026-01-01"),
                to: text("2026-12-31"),
            }),
            goal: text("项目资金 3 万元。"),
            unit: Unit::Yuan,
            funding: vec![Funding {
                id: "total".to_owned(),
                label: "年度预算总额".to_owned(),
                amount: Decimal::new(30_000, 4),
                raw: text("30,000"),
                page: 14,
                bbox,
            }],
            fields: vec![Field { label: "项目类型".to_owned(), text: "新增".to_owned() }],
            contacts: vec![Field { label: "联系人".to_owned(), text: "甲".to_owned() }],
            indicators: vec![Indicator {
                level1: text("产出指标"),
                level2: text("数量指标"),
                name: "检查次数（次）".to_owned(),
                name_unit: text("次"),
                target: Some(Target {
                    raw: ">=2 次".to_owned(),
                    op: Some(Operator::AtLeast),
                    value: Some(Decimal::TWO),
                    unit: text("次"),
                }),
                basis: text("计划标准"),
                previous: text("新增"),
                weight: Some(Decimal::TEN),
                scoring: text("按照完成比例赋分"),
                evidence: text("工作资料"),
                note: text("…"),
                page: 15,
                bbox,
            }],
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let written = [full(), Performance::default()];
        for style in [Style::Compact, Style::Pretty] {
            let mut out = Vec::new();
            write(&mut Writer::new(&mut out, style), &written);
            let raw = serde_json::from_slice(&out).unwrap();
            assert_eq!(read(&Tree::new(raw).unwrap()).unwrap(), written);
            assert!(String::from_utf8(out).unwrap().contains("3.0000"));
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_entry() {
        let raw = serde_json::from_str(r#"[{"subject": "project"}]"#).unwrap();
        assert!(
            read(&Tree::new(raw).unwrap()).unwrap_err().to_string().contains("performance[0]: missing field")
        );
    }
}
