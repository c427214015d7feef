//! The words of performance tables: `schemas/performance.toml`, compiled once.

use crate::document::performance::Operator;
use crate::normalize::text;
use regex::Regex;
use serde::Deserialize;
use std::sync::LazyLock;

/// All words.
#[derive(Debug, Default)]
pub(crate) struct Words {
    kinds: Vec<(String, Vec<Regex>)>,
    pub(crate) fields: Vec<Field>,
    funding: Vec<Funding>,
    groups: Vec<Regex>,
    columns: Vec<Column>,
    level1: Vec<String>,
    level2: Vec<String>,
    cost: Vec<String>,
    operators: Vec<(String, Operator)>,
}

/// A label with a text beside it.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) id: String,
    labels: Vec<Regex>,
    /// Everything to the right is its value.
    pub(crate) text: bool,
    /// Left out unless asked for.
    pub(crate) personal: bool,
    /// A second one opens another table.
    pub(crate) opens: bool,
}

#[derive(Debug)]
struct Funding {
    id: String,
    labels: Vec<Regex>,
    scope: bool,
}

#[derive(Debug)]
struct Column {
    id: Role,
    headers: Vec<Regex>,
    needed: bool,
}

/// What a column of the indicators holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// 一级指标.
    Level1,
    /// 二级指标.
    Level2,
    /// 三级指标.
    Name,
    /// 指标值.
    Target,
    /// A comparison in a column of its own.
    Operator,
    /// A unit in a column of its own.
    Unit,
    /// 设置依据.
    Basis,
    /// 上年完成值.
    Previous,
    /// 权重.
    Weight,
    /// 赋分规则.
    Scoring,
    /// 佐证资料.
    Evidence,
    /// 备注.
    Note,
}

/// What a label of the upper part announces.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Label<'w> {
    /// A text.
    Field(&'w Field),
    /// An amount: its id, and whether it opens a scope.
    Funding(&'w str, bool),
    /// Amounts to the right or below.
    Group,
}

/// What a title says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Title {
    Overall,
    Project,
    /// A table of results or the like.
    Never,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    kind: Vec<RawKind>,
    field: Vec<RawField>,
    group: Vec<RawGroup>,
    funding: Vec<RawFunding>,
    column: Vec<RawColumn>,
    words: RawWords,
    operator: Vec<RawOperator>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKind {
    id: String,
    titles: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    id: String,
    labels: Vec<String>,
    #[serde(default)]
    text: bool,
    #[serde(default)]
    personal: bool,
    #[serde(default)]
    opens: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGroup {
    labels: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFunding {
    id: String,
    labels: Vec<String>,
    #[serde(default)]
    scope: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColumn {
    id: Role,
    headers: Vec<String>,
    #[serde(default)]
    needed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWords {
    level1: Vec<String>,
    level2: Vec<String>,
    cost: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOperator {
    id: Operator,
    words: Vec<String>,
}

static BUILT_IN: LazyLock<Words> = LazyLock::new(|| {
    // a test keeps the built-in file valid; without words no performance table is recognized, and all of them
    // stay as printed
    Words::parse(include_str!("../../schemas/performance.toml")).unwrap_or_default()
});

/// The words that are compiled in.
pub(crate) fn built_in() -> &'static Words {
    &BUILT_IN
}

impl Words {
    fn parse(text: &str) -> Result<Self, String> {
        let raw: RawFile = toml::from_str(text).map_err(|e| e.to_string())?;
        let mut out = Self::default();
        for kind in raw.kind {
            out.kinds.push((kind.id, patterns(&kind.titles, false)?));
        }
        for field in raw.field {
            out.fields.push(Field {
                labels: patterns(&field.labels, true)?,
                id: field.id,
                text: field.text,
                personal: field.personal,
                opens: field.opens,
            });
        }
        for group in raw.group {
            out.groups.extend(patterns(&group.labels, true)?);
        }
        for funding in raw.funding {
            out.funding.push(Funding {
                labels: patterns(&funding.labels, true)?,
                id: funding.id,
                scope: funding.scope,
            });
        }
        for column in raw.column {
            out.columns.push(Column {
                id: column.id,
                headers: patterns(&column.headers, true)?,
                needed: column.needed,
            });
        }
        (out.level1, out.level2, out.cost) = (raw.words.level1, raw.words.level2, raw.words.cost);
        for operator in raw.operator {
            out.operators.extend(operator.words.into_iter().map(|word| (word, operator.id)));
        }
        out.operators.sort_by_key(|(word, _)| std::cmp::Reverse(word.chars().count()));
        Ok(out)
    }

    /// What a title says; `None` where it names no performance table.
    pub(crate) fn title(&self, title: &str) -> Option<Title> {
        let key = text::key(title);
        let says = |id: &str| {
            let mut kinds = self.kinds.iter().filter(|(kind, _)| kind == id);
            kinds.any(|(_, patterns)| patterns.iter().any(|p| p.is_match(&key)))
        };
        let found = if says("overall") {
            Title::Overall
        } else if says("project") {
            Title::Project
        } else {
            return None;
        };
        Some(if says("none") { Title::Never } else { found })
    }

    /// What a label announces; `None` where the text is no label. The text's bracketed unit is left out.
    pub(crate) fn label(&self, printed: &str) -> Option<Label<'_>> {
        let key = label_key(printed)?;
        let is = |patterns: &[Regex]| patterns.iter().any(|p| p.is_match(&key));
        if let Some(funding) = self.funding.iter().find(|f| is(&f.labels)) {
            return Some(Label::Funding(&funding.id, funding.scope));
        }
        if let Some(field) = self.fields.iter().find(|f| is(&f.labels)) {
            return Some(Label::Field(field));
        }
        is(&self.groups).then_some(Label::Group)
    }

    /// The role of a column, by its header.
    pub(crate) fn role(&self, printed: &str) -> Option<Role> {
        let key = label_key(printed)?;
        self.columns.iter().find(|c| c.headers.iter().any(|p| p.is_match(&key))).map(|c| c.id)
    }

    /// Whether these roles make a row the header of the indicators.
    pub(crate) fn is_header(&self, roles: &[Role]) -> bool {
        roles.len() >= 3 && self.columns.iter().filter(|c| c.needed).all(|c| roles.contains(&c.id))
    }

    pub(crate) fn is_level1(&self, key: &str) -> bool {
        self.level1.iter().any(|word| word == key)
    }

    pub(crate) fn is_level2(&self, key: &str) -> bool {
        self.level2.iter().any(|word| word == key)
    }

    /// Whether the targets below this second level are parts of the budget.
    pub(crate) fn is_cost(&self, level2: &str) -> bool {
        let key = text::key(level2);
        self.cost.contains(&key)
    }

    /// Comparisons, longest first.
    pub(crate) fn operators(&self) -> impl Iterator<Item = (&str, Operator)> {
        self.operators.iter().map(|(word, id)| (word.as_str(), *id))
    }
}

/// A label's key: without brackets that hold a unit or a remark. `None` for texts too long to be a label.
fn label_key(printed: &str) -> Option<String> {
    if printed.len() > 120 {
        return None;
    }
    let (plain, _) = crate::normalize::unit::strip_unit(printed.trim_end_matches([':', '：', ' ']));
    let key = text::key(plain);
    (!key.is_empty() && key.chars().count() <= 16).then_some(key)
}

/// All texts as one pattern, which is compiled and matched faster than each of them; none where there are none.
fn patterns(texts: &[String], whole: bool) -> Result<Vec<Regex>, String> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let any = texts.join("|");
    let pattern = if whole { format!("^(?:{any})$") } else { any };
    Ok(vec![Regex::new(&pattern).map_err(|e| e.to_string())?])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_built_in_file_parses() {
        let words = Words::parse(include_str!("../../schemas/performance.toml")).unwrap();
        assert!(!words.columns.is_empty() && !words.operators.is_empty());
    }

    #[test]
    fn titles_tell_departments_from_projects_and_goals_from_results() {
        let words = built_in();
        assert_eq!(words.title("部门整体绩效目标表"), Some(Title::Overall));
        assert_eq!(words.title("部门整体支出绩效目标表（2026年）"), Some(Title::Overall));
        assert_eq!(words.title("项目支出绩效目标表"), Some(Title::Project));
        assert_eq!(words.title("财政项目支出绩效目标申报表"), Some(Title::Project));
        assert_eq!(words.title("项目支出绩效自评表"), None);
        assert_eq!(words.title("项目绩效目标完成情况自评表"), Some(Title::Never));
        assert_eq!(words.title("部门收支总体情况表"), None);
    }

    #[test]
    fn labels_of_several_publishers_are_known() {
        let words = built_in();
        let field = |text: &str| match words.label(text) {
            Some(Label::Field(field)) => field.id.clone(),
            Some(Label::Funding(id, _)) => id.to_owned(),
            Some(Label::Group) => "group".into(),
            None => "none".into(),
        };
        for (label, id) in [
            ("预算单位", "department"),
            ("部门名称（盖章）", "department"),
            ("申报单位名称：", "department"),
            ("项目名称", "project"),
            ("主管部门及代码", "authority"),
            ("项目总体目标", "goal"),
            ("年度绩效目标", "goal"),
            ("年度总体目标", "goal"),
            ("项目总目标", "goal"),
            ("项目负责人", "leader"),
            ("联系电话", "phone"),
            ("部门联系人", "contact"),
            ("计划开始日期", "period.from"),
            ("计划完成日期", "period.to"),
            ("项目性质", "nature"),
            ("项目资金（万元）", "group"),
            ("年度预算（万元）", "group"),
            ("年度预算总额", "total"),
            ("年度资金申请总额", "total"),
            ("项目资金总额", "project"),
            ("其中：财政拨款", "fiscal"),
            ("其中：当年财政拨款", "fiscal.current_year"),
            ("上级安排", "fiscal.upper"),
            ("合计:", "total"),
            ("其他资金", "other"),
            ("克孜勒苏柯尔克孜自治州工业和信息化局", "none"),
            ("10.00", "none"),
        ] {
            assert_eq!(field(label), id, "{label}");
        }
    }
}
