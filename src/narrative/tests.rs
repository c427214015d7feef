//! One small test for each quirk of the text.
#![allow(clippy::unwrap_used)]

use super::figures::Reader;
use super::paragraph::Paragraph;
use super::*;
use crate::document::{Row, Table};
use crate::geometry::Rect;
use crate::grid::TextLine;
use rust_decimal::Decimal;

const BODY: &str = "某某县发展和改革委员会";

fn document() -> Document {
    let row = |code: &str, name: &str| Row {
        code: Some(code.to_owned()),
        name: Some(name.to_owned()),
        ..Row::default()
    };
    let project =
        Row {
            kind: RowKind::Project, project: Some("食盐专营管理工作项目".to_owned()), ..Row::default()
        };
    let table = |number, rows| Table { number, rows, status: Status::Filled, ..Table::default() };
    let mut document = Document {
        tables: vec![
            table(
                5,
                vec![row("201", "一般公共服务支出"), row("20113", "商贸事务"), row("2011301", "行政运行")],
            ),
            table(7, vec![project]),
        ],
        ..Document::default()
    };
    document.head.department = Some(BODY.to_owned());
    document.head.fiscal_year = Some(2026);
    document
}

fn read_section(section: &str, texts: &[&str]) -> Narrative {
    let words = words::words().unwrap();
    let section = words.sections.iter().find(|s| s.id == section).unwrap();
    let document = document();
    let mut out = Narrative::default();
    let codes = code::Codes::new(&document);
    let mut reader = Reader::new(words, &document, &codes, Some(section));
    for text in texts {
        let paragraph = Paragraph::of(text);
        reader.paragraph(&paragraph, &mut out);
        notes::lists(section, &paragraph, &mut out);
    }
    out
}

/// `item amount` of every figure.
fn amounts(narrative: &Narrative) -> Vec<String> {
    let one = |f: &Figure| {
        let amount = f.amount.map_or("-".to_owned(), |a| a.to_string());
        format!("{} {amount}", f.item.as_deref().unwrap_or("?"))
    };
    narrative.figures.iter().map(one).collect()
}

fn dec(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

#[test]
fn a_figure_has_share_change_growth_and_reason() {
    let text = "一 般 公 共 预 算 793.82 万 元 ， 占 89.46% ， 比 上 年 预 算 增 加 108.62 万 元 ， 增 长 15.85%，主要原因是2026年人员增加。";
    let found = read_section("revenue", &[text]);
    let figure = found.figures.first().unwrap();
    assert_eq!(amounts(&found), ["general_public_budget 793.82"]);
    assert_eq!(figure.share_percent, Some(dec("89.46")));
    let change = figure.change.as_ref().unwrap();
    assert_eq!((change.amount, change.percent), (Some(dec("108.62")), Some(dec("15.85"))));
    assert_eq!(
        (change.direction, change.percent_direction),
        (Direction::Increase, Some(Direction::Increase))
    );
    assert_eq!(change.base.as_deref(), Some("previous_year_budget"));
    assert_eq!(figure.implied_previous, Some(dec("685.20")));
    assert_eq!(figure.reason.as_deref(), Some("2026年人员增加"));
    assert_eq!(
        figure.repeats.as_deref(),
        Some("T2[total].general_public_budget | T1[general_public_budget.own].total")
    );
}

#[test]
fn words_that_contradict_each_other_are_both_kept() {
    let found =
        read_section("expenditure", &["基本支出 10.00 万元，比上年预算增加 2.00 万元，下降 25.00%。"]);
    let change = found.figures.first().unwrap().change.as_ref().unwrap();
    assert_eq!(
        (change.direction, change.percent_direction),
        (Direction::Increase, Some(Direction::Decrease))
    );
}

#[test]
fn growth_from_nothing_is_marked() {
    let text = "1. 一般公共服务支出（类）商贸事务（款）行政运行（项）：2026年预算数为19.00万元，比上年预算增加19.00万元，增长100.00%，主要原因是上年此科目预算数为0万元。";
    let found = read_section("general_public_budget", &[text]);
    let figure = found.figures.first().unwrap();
    assert_eq!(found.figures.len(), 1, "a number inside a reason is no figure");
    assert!(figure.zero_base);
    assert_eq!(figure.code.as_deref(), Some("2011301"));
    assert_eq!(figure.repeats.as_deref(), Some("T5[2011301].total"));
    assert_eq!(figure.label, "一般公共服务支出（类）商贸事务（款）行政运行（项）");
}

#[test]
fn changes_told_in_a_second_sentence_find_their_figures() {
    let found = read_section(
        "three_public",
        &[
            "某某县发展和改革委员会2026年财政拨款“三公”经费数为10.60万元，其中：公务用车运行维护费8.60万元，公务接待费2.00万元。",
            "2026年财政拨款“三公”经费预算比上年预算减少3.20万元，下降23.19%，其中：公务用车运行维护费减少2.20万元，下降20.37%，主要原因是严控支出；公务接待费减少1.00万元，下降33.33%，主要原因是严控接待。",
        ],
    );
    assert_eq!(amounts(&found), ["total 10.60", "vehicles.operation 8.60", "reception 2.00"]);
    let previous: Vec<_> = found.figures.iter().map(|f| f.implied_previous.unwrap().to_string()).collect();
    assert_eq!(previous, ["13.80", "10.80", "3.00"]);
    let bases = found.figures.iter().map(|f| f.change.as_ref().unwrap().base.as_deref());
    assert!(bases.into_iter().all(|b| b == Some("previous_year_budget")));
    assert_eq!(found.figures.last().unwrap().reason.as_deref(), Some("严控接待"));
}

#[test]
fn what_is_not_arranged_has_no_amount() {
    let found =
        read_section("revenue", &["政府性基金预算未安排。", "上级政府性基金安排的转移支付资金未安排。"]);
    assert_eq!(amounts(&found), ["government_fund -", "government_fund_transfer -"]);
    assert!(found.figures.iter().all(|f| f.not_arranged));
}

#[test]
fn amounts_in_yuan_are_converted_and_kept_as_printed() {
    let found = read_section("revenue", &["单位资金 1,505,000.50 元。"]);
    let figure = found.figures.first().unwrap();
    assert_eq!(figure.amount.unwrap().to_string(), "150.500050");
    assert_eq!((figure.unit, figure.raw.as_deref()), (crate::document::Unit::Yuan, Some("1,505,000.50")));
}

#[test]
fn a_longer_name_is_not_the_shorter_one_in_it() {
    let found = read_section("overview", &["非财政拨款收入 5.00 万元。"]);
    assert_eq!(amounts(&found), ["? 5.00"]);
    let found = read_section(
        "performance",
        &["其中：财政拨款项目涉及预算金额62.00万元；非财政拨款项目涉及预算金额50.50万元。"],
    );
    assert_eq!(amounts(&found), ["fiscal_projects.amount 62.00", "non_fiscal_projects.amount 50.50"]);
}

#[test]
fn a_value_belongs_to_what_was_counted_before_it() {
    let text = "2. 车辆3辆，价值0.00万元；其中：一般公务用车3辆，价值1.50万元；其他车辆0辆，价值0.00万元。";
    let found = read_section("assets", &["1. 房屋1,522.00平方米，价值0.00万元。", text]);
    assert_eq!(
        amounts(&found),
        [
            "buildings.value 0.00",
            "vehicles.value 0.00",
            "vehicles.general.value 1.50",
            "vehicles.other.value 0.00"
        ]
    );
    assert_eq!(found.quantities.first().unwrap().value.to_string(), "1522.00");
    assert_eq!(found.quantities.len(), 4);
}

#[test]
fn what_shall_be_bought_is_not_what_is_there() {
    let text = "2026年部门预算未安排购置车辆经费，安排购置单价50万元以上大型设备0台，部门单价100万元以上大型设备0台。";
    let items: Vec<_> =
        read_section("assets", &[text]).quantities.into_iter().map(|q| q.item.unwrap()).collect();
    assert_eq!(items, ["planned.equipment_500k.count", "planned.equipment_1m.count"]);
}

#[test]
fn two_amounts_that_differ_for_a_reason_are_no_figures() {
    let text = "绩效项目表中的财政拨款总额13.00万元与批复的财政拨款总额56.00万元不相等，主要原因是包含了项目43万元；";
    let found = read_section("other_notes", &[text]);
    assert!(found.figures.is_empty());
    let one = found.reconciliations.first().unwrap();
    assert_eq!((one.left.amount, one.right.amount), (dec("13.00"), dec("56.00")));
    assert_eq!(one.reason.as_deref(), Some("包含了项目43万元"));
}

#[test]
fn a_class_printed_as_heading_holds_for_the_items_below() {
    let found = read_section(
        "general_public_budget",
        &[
            "（一）一般公共服务支出（类）",
            "1．商贸事务（款）行政运行（项）4,432.78 万元，与上年相比增加1,199.75 万元，增长37.11%。",
        ],
    );
    assert_eq!(found.figures.first().unwrap().code.as_deref(), Some("2011301"));
}

#[test]
fn last_years_amount_is_printed_beside_and_repeated_amounts_count_once() {
    let text = "1、一般公共服务支出（201类）商贸事务（13款）行政运行（01项）686万元。主要用于：公共服务。2025年当年预算执行数为679.12万元，2026年预算安排686万元，比2025年预算执行数增加1.01%。主要原因是：业务量增加。";
    let found = read_section("explanation", &[text]);
    let figure = found.figures.first().unwrap();
    assert_eq!(found.figures.len(), 1);
    assert_eq!((figure.previous, figure.amount), (Some(dec("679.12")), Some(dec("686"))));
    assert_eq!(figure.change.as_ref().unwrap().percent, Some(dec("1.01")));
    assert_eq!(figure.purpose.as_deref(), Some("公共服务"));
    assert_eq!(figure.reason.as_deref(), Some("业务量增加"));
}

#[test]
fn text_that_only_looks_like_figures_gives_nothing() {
    let texts = [
        "目标2.推进15万吨电解锰一期、1089万吨选矿改扩建等项目建设，力争产业总产值达到20亿元。",
        "按照2025年2月5日第3号通知，单价50万元以上的设备逐项登记。",
        "预算8 8 7 . 3 2万元，共计100，200万元，12.5.7万元。",
        "同比增加5万元，增长3%。",
        "占89.46%，增长15.85%。",
        "万元，元，%，比上年增加万元。",
    ];
    let found = read_section("revenue", &texts);
    assert_eq!(amounts(&found), Vec::<String>::new());
    assert!(found.quantities.is_empty());
}

#[test]
fn names_are_listed_only_where_no_amount_stands() {
    let text = "公用经费32.00万元，主要包括：办公费、维修（护）费、其他商品和服务支出。";
    let found = read_section("basic_expenditure", &[text, "收入预算包括：一般公共预算拨款836.82万元。"]);
    assert_eq!(found.lists.first().unwrap().names, ["办公费", "维修（护）费", "其他商品和服务支出"]);
    assert_eq!(found.lists.len(), 1);
}

fn project(texts: &[&str]) -> Vec<Project> {
    let paragraphs: Vec<Paragraph> = texts.iter().map(|t| Paragraph::of(t)).collect();
    project::projects(words::words().unwrap(), &document(), None, &paragraphs)
}

#[test]
fn a_project_has_basis_allocation_and_period() {
    let found = project(&[
        "（一）项目名称：食盐专营管理工作项目",
        "设立的政策依据：《关于印发〈某办法〉的通知》（新工信规〔2024〕2号）、《某方案》新财企【2025】125 号文件。",
        "预算安排规模：3.00万元",
        "资金分配情况：专项会议、办公相关费用 1.8 万元、专项检查相关费用 1.2 万元。",
        "资金执行时间：2026 年 1 月 1 日—12 月 31 日",
    ]);
    let one = found.first().unwrap();
    assert_eq!((found.len(), one.amount), (1, Some(dec("3.00"))));
    let documents: Vec<_> = one
        .policy_basis
        .as_ref()
        .unwrap()
        .documents
        .iter()
        .map(|d| (d.title.as_deref(), d.number.as_deref()))
        .collect();
    assert_eq!(
        documents,
        [
            (Some("关于印发〈某办法〉的通知"), Some("新工信规〔2024〕2号")),
            (Some("某方案"), Some("新财企【2025】125 号"))
        ]
    );
    let parts: Vec<_> =
        one.allocation.as_ref().unwrap().parts.iter().map(|p| (p.purpose.as_str(), p.amount)).collect();
    assert_eq!(parts, [("专项会议、办公相关费用", dec("1.8")), ("专项检查相关费用", dec("1.2"))]);
    let period = one.period.as_ref().unwrap();
    assert_eq!((period.from.as_deref(), period.to.as_deref()), (Some("2026-01-01"), Some("2026-12-31")));
    assert_eq!(one.repeats.as_deref(), Some("T7['食盐专营管理工作项目'].total"));
}

#[test]
fn what_a_project_withholds_is_named() {
    let found = project(&[
        "（二）项目名称：特定目标 57102355",
        "设立的政策依据：完全不予公开。",
        "预算安排规模：6.00 万元",
    ]);
    let one = found.first().unwrap();
    assert_eq!((one.name.as_str(), one.amount), ("特定目标 57102355", Some(dec("6.00"))));
    assert_eq!(
        (one.withheld.as_slice(), one.policy_basis.is_none()),
        (&["policy_basis".to_owned()][..], true)
    );
}

/// Pages of lines: `>` indents, `^` centres, a line that ends with `|` is as wide as the column.
fn pages(texts: &[&[&str]]) -> Vec<PageGrids> {
    let line = |(i, text): (usize, &&str)| {
        let (text, x0) = match text.strip_prefix('>') {
            Some(rest) => (rest, 96.0),
            None => (*text, 72.0),
        };
        let (text, full) = text.strip_suffix('|').map_or((text, false), |t| (t, true));
        let (text, centred) = text.strip_prefix('^').map_or((text, false), |t| (t, true));
        let width = text.chars().count() as f32 * 12.0;
        let y = 120.0 + i as f32 * 20.0;
        let bbox = match (centred, full) {
            (true, _) => Rect::new(297.0 - width / 2.0, y, 297.0 + width / 2.0, y + 12.0),
            (_, true) => Rect::new(x0, y, 520.0, y + 12.0),
            _ => Rect::new(x0, y, (x0 + width).min(480.0), y + 12.0),
        };
        TextLine { text: text.to_owned(), bbox, size: 12.0 }
    };
    let page = |(number, lines): (usize, &&[&str])| {
        let mut lines: Vec<TextLine> = lines.iter().enumerate().map(line).collect();
        let foot = Rect::new(290.0, 800.0, 300.0, 812.0);
        lines.push(TextLine { text: format!("— {} —", number + 1), bbox: foot, size: 12.0 });
        PageGrids { number: number as u32 + 1, width: 595.0, height: 842.0, lines, ..PageGrids::default() }
    };
    texts.iter().enumerate().map(page).collect()
}

#[test]
fn a_document_is_read_over_its_table_of_contents_and_page_breaks() {
    let pages = pages(&[
        &[
            "^目录",
            "第一部分 2026 年部门概况 ........ 3",
            "一、主要职能",
            "第三部分 2026 年部门预算情况说明 ........ 18",
            "十二、关于某局2026年上年结转结余预算情况说明",
            "第四部分 名词解释",
        ],
        &[
            "^第一部分 2026 年部门概况",
            "一、主要职能",
            ">贯彻执行有关法律法规和方针政策，拟订本地区相关发展规划和政策建议并组织|",
            "实施；承办党委、政府交办的其他事项。",
            "^第三部分 2026 年部门预算情况说明",
            "二、关于某局2026年收入预算情况说明",
            ">单位资金 50.50 万元，占 5.69%，比上年预算减少 149.50 万元，下降 74.75%，主|",
        ],
        &[
            "要原因是收入减少，故减少 3 万元。",
            "十二、关于某局2026年上半年结转结余预算情况说明",
            ">某局2026年没有上年结转结余预算安排的支出，上年结转结余情况表为空表。",
            "^第四部分 名词解释",
            ">一、财政拨款：指由财政安排的拨款数。",
            ">联系人：张某某，联系电话：13800000000。",
        ],
    ]);
    let found = read(&pages, &document(), false, crate::options::Deadline::never());
    assert_eq!(found.completeness.parts, ["overview", "explanation", "glossary"]);
    assert_eq!(found.completeness.sections, ["functions", "revenue", "carryover", "glossary"]);
    assert_eq!(found.functions.as_ref().unwrap().items.len(), 2);
    assert_eq!(amounts(&found), ["unit_funds 50.50"]);
    let figure = found.figures.first().unwrap();
    assert_eq!(figure.reason.as_deref(), Some("收入减少,故减少 3 万元"));
    assert_eq!((figure.source.page, figure.source.bbox.x0), (2, 96.0));
    let carryover = found.headings.iter().find(|h| h.section.as_deref() == Some("carryover")).unwrap();
    assert!(carryover.text.as_deref().unwrap().contains("上半年"));
    assert!(carryover.contents.as_deref().unwrap().contains("上年"));
    assert_eq!(found.declared_empty.first().unwrap().table, 12);
    assert_eq!(found.glossary.first().unwrap().term, "财政拨款");
    let json = serde_json::to_string(&found).unwrap();
    assert!(!json.contains("张某某") && !json.contains("13800000000"), "{json}");
}

#[test]
fn sections_without_parts_are_found_by_their_titles() {
    let pages = pages(&[
        &["^某某局主要职能", ">（一）贯彻执行法律。", ">（二）完成其他任务。"],
        &["^名词解释", ">（一）事业收入：指开展业务活动取得的收入。"],
        &["^2026年部门预算编制说明", ">2026年，某某局收入预算9628.22万元，其中：财政拨款收入9628.22万元。|"],
        &["^人民调解项目经费情况说明", "一、项目概述", ">化解社会矛盾。", "六、年度预算安排", ">795万元"],
    ]);
    let found = read(&pages, &document(), false, crate::options::Deadline::never());
    assert_eq!(found.functions.as_ref().unwrap().items, ["贯彻执行法律", "完成其他任务"]);
    assert_eq!(found.glossary.first().unwrap().term, "事业收入");
    assert_eq!(amounts(&found), ["revenue 9628.22", "fiscal_appropriation 9628.22"]);
    let project = found.projects.first().unwrap();
    assert_eq!((project.name.as_str(), project.amount), ("人民调解项目", Some(dec("795"))));
    assert_eq!(project.overview.as_deref(), Some("化解社会矛盾"));
}

proptest::proptest! {
    #[test]
    fn no_text_panics_and_every_amount_is_printed(
        lines in proptest::collection::vec("[一二（）1,.%增加减少占比上年万元亿，。；：、《》〔〕2026号 基本支出项目名称主要原因是]{0,40}", 1..12)
    ) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut text = vec!["^第三部分 情况说明", "三、支出预算情况说明"];
        text.extend(lines);
        let found = read(&pages(&[&text]), &document(), false, crate::options::Deadline::never());
        for figure in &found.figures {
            if let Some(amount) = figure.amount.filter(|_| figure.raw.is_none()) {
                proptest::prop_assert!(figure.source.text.replace(' ', "").contains(&amount.to_string()));
            }
        }
    }
}
