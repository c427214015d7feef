//! Performance tables of several publishers, drawn page by page: what a person sees in them is in the output.
#![allow(clippy::unwrap_used)]

mod common;

use common::Page;
use yusuan::Options;
use yusuan::document::{Document, Performance, Unit};
use yusuan::performance::{Operator, Subject};

fn read(pages: &[Page], options: &Options) -> Document {
    yusuan::extract(&common::pdf(pages), options).unwrap().remove(0)
}

fn entry(pages: &[Page]) -> Performance {
    read(pages, &Options::default()).performance.remove(0)
}

const INDICATORS: [f32; 7] = [60.0, 130.0, 210.0, 350.0, 420.0, 490.0, 540.0];

/// A project's table as Xinjiang prints it, the indicators cut off after `first` rows, the rest on the next page.
fn project(rows: &[&[&str]], first: usize) -> Vec<Page> {
    let mut page = Page::default();
    page.text(230.0, 60.0, "项目支出绩效目标表");
    page.table(80.0, &[60.0, 210.0, 540.0], &[&["预算单位", "某州工业和信息化局"]]);
    page.table(
        100.0,
        &[60.0, 210.0, 350.0, 420.0, 540.0],
        &[&["项目名称", "某项目", "项目负责人", "张某某"]],
    );
    page.table(
        120.0,
        &[60.0, 210.0, 280.0, 330.0, 400.0, 450.0, 510.0, 540.0],
        &[&["项目资金（万元）", "年度预算总额", "3.50", "其中：财政拨款", "3.00", "其他资金", "0.50"]],
    );
    page.table(140.0, &[60.0, 210.0, 540.0], &[&["项目总体目标", "项目资金3.5万元，其中：财政资金3万元。"]]);
    let header: &[&str] = &["一级指标", "二级指标", "三级指标", "指标值", "上年完成值", "权重"];
    let mut all = vec![header];
    all.extend_from_slice(&rows[..first]);
    page.table(160.0, &INDICATORS, &all);
    let mut next = Page::default();
    if first < rows.len() {
        next.table(60.0, &INDICATORS, &rows[first..]);
    }
    vec![page, next]
}

const ROWS: [&[&str]; 4] = [
    &["产出指标", "数量指标", "检查次数（次）", "> =4 次", "新增", "30"],
    &["", "", "会议次数（次）", "≥1次", "95%", "20"],
    &["成本指标", "经济成本指标", "会议费（万元）", "<=1.20", "新增", "20"],
    &["效益指标", "社会效益指标", "推进工作", "有效推进", "新增", "20"],
];

#[test]
fn a_projects_table_gives_money_goal_and_indicators_with_the_merged_cells_filled() {
    let found = entry(&project(&ROWS, 4));
    assert_eq!((found.subject, found.project.as_deref()), (Subject::Project, Some("某项目")));
    assert_eq!(found.department.as_deref(), Some("某州工业和信息化局"));
    let money: Vec<String> = found.funding.iter().map(|f| format!("{} {}", f.id, f.amount)).collect();
    assert_eq!(money, ["total 3.50", "fiscal 3.00", "other 0.50"]);
    assert!(found.funding.iter().all(|f| f.page == 1 && f.bbox.width() > 5.0));
    assert_eq!(found.goal.as_deref(), Some("项目资金3.5万元,其中:财政资金3万元。"));
    let second = &found.indicators[1];
    assert_eq!((second.level1.as_deref(), second.level2.as_deref()), (Some("产出指标"), Some("数量指标")));
    let target = found.indicators[0].target.clone().unwrap();
    assert_eq!(
        (target.op, target.value, target.unit.as_deref()),
        (Some(Operator::AtLeast), Some(4.into()), Some("次"))
    );
    assert_eq!(found.indicators[3].target.as_ref().unwrap().value, None);
    assert_eq!(found.weights(), Some(90.into()));
    assert_eq!(found.costs().map(|(_, cost)| cost.to_string()).collect::<Vec<_>>(), ["1.20"]);
}

#[test]
fn a_table_goes_on_over_the_page_with_or_without_its_header() {
    let whole = entry(&project(&ROWS, 4));
    let cut = entry(&project(&ROWS, 2));
    assert_eq!(cut.pages, [1, 2]);
    assert_eq!(cut.indicators.len(), 4);
    assert_eq!(cut.indicators[3].level1, whole.indicators[3].level1);
    let mut with_header = ROWS.to_vec();
    with_header.insert(2, &["一级指标", "二级指标", "三级指标", "指标值", "上年完成值", "权重"]);
    assert_eq!(entry(&project(&with_header, 2)).indicators.len(), 4);
}

#[test]
fn a_row_that_the_page_break_cut_is_one_indicator() {
    let rows: [&[&str]; 4] = [
        ROWS[0],
        &["成本指标", "经济成本指标", "专项检查费用", "<", "新增", "20"],
        &["", "", "（含差旅费）（万元）", "=7.3万元", "", ""],
        ROWS[3],
    ];
    let document = read(&project(&rows, 2), &Options::default());
    let found = &document.performance[0];
    assert_eq!(found.indicators.len(), 3);
    assert_eq!(found.indicators[1].name, "专项检查费用（含差旅费）（万元）");
    assert_eq!(found.indicators[1].target.as_ref().unwrap().value.unwrap().to_string(), "7.3");
    assert!(document.findings.iter().any(|f| f.rule == "performance.joined-row"));
}

#[test]
fn a_row_that_slipped_sideways_comes_back_and_a_finding_says_so() {
    let rows: [&[&str]; 3] =
        [ROWS[0], &["", "成本指标", "经济成本指标", "会议费", "<=2.5万元", "新增"], ROWS[3]];
    let document = read(&project(&rows, 3), &Options::default());
    let found = &document.performance[0].indicators[1];
    assert_eq!((found.level1.as_deref(), found.level2.as_deref()), (Some("成本指标"), Some("经济成本指标")));
    assert_eq!((found.name.as_str(), found.previous.as_deref()), ("会议费", Some("新增")));
    assert_eq!(found.target.as_ref().unwrap().raw, "<=2.5万元");
    assert!(document.findings.iter().any(|f| f.rule == "performance.shifted-row"));
}

#[test]
fn names_of_persons_are_left_out_unless_asked_for() {
    let pages = project(&ROWS, 4);
    let without = read(&pages, &Options::default());
    assert!(without.performance[0].contacts.is_empty());
    assert!(!format!("{without:?}").contains("张某某"));
    assert_eq!(without.findings.iter().filter(|f| f.rule == "personal.left_out").count(), 1);
    let with = read(&pages, &Options { include_contacts: true, ..Options::default() });
    assert_eq!(with.performance[0].contacts[0].text, "张某某");
    assert!(with.findings.iter().all(|f| f.rule != "personal.left_out"));
}

#[test]
fn shanghais_form_in_yuan_tells_the_whole_project_from_the_year() {
    let mut page = Page::default();
    page.text(220.0, 60.0, "财政项目支出绩效目标申报表");
    page.text(60.0, 78.0, "申报单位名称：上海市某区商务委员会");
    let four = [60.0, 160.0, 300.0, 420.0, 540.0];
    page.table(90.0, &four, &[&["项目名称", "消费促进", "项目性质", "经常性项目"]]);
    page.table(110.0, &four, &[&["计划开始日期", "2026-01-01", "计划完成日期", "2026-12-31"]]);
    page.table(
        130.0,
        &[60.0, 150.0, 240.0, 310.0, 440.0, 540.0],
        &[
            &["项目资金（元）", "项目资金总额", "1,500,000", "年度资金申请总额", "500,000"],
            &["", "其中：财政资金", "1,500,000", "其中：当年财政拨款", "400,000"],
            &["", "其他资金", "0", "上年结转资金", "100,000"],
        ],
    );
    page.table(
        190.0,
        &[60.0, 160.0, 540.0],
        &[&["项目总目标", "促进消费。"], &["年度绩效目标", "举办活动。"]],
    );
    page.table(
        230.0,
        &[60.0, 160.0, 280.0, 430.0, 540.0],
        &[
            &["一级指标", "二级指标", "三级指标", "年度指标值"],
            &["产出指标", "数量指标", "活动场次", "=12.00(次)"],
            &["", "质量指标", "活动完成率", "=100.00(%)"],
            &["满意度指标", "服务对象满意度指标", "参加企业满意度", "≥95.00(%)"],
        ],
    );
    let found = entry(&[page]);
    assert_eq!(found.department.as_deref(), Some("上海市某区商务委员会"));
    assert_eq!(found.unit, Unit::Yuan);
    let money: Vec<String> = found.funding.iter().map(|f| format!("{} {}", f.id, f.amount)).collect();
    assert_eq!(
        money,
        [
            "project.total 150.0000",
            "total 50.0000",
            "project.fiscal 150.0000",
            "fiscal.current_year 40.0000",
            "project.other 0.0000",
            "fiscal.carryover 10.0000"
        ]
    );
    assert_eq!(found.nature.as_deref(), Some("经常性项目"));
    let period = found.period.unwrap();
    assert_eq!((period.from.as_deref(), period.to.as_deref()), (Some("2026-01-01"), Some("2026-12-31")));
    assert_eq!(found.goal.as_deref(), Some("促进消费。\n举办活动。"));
    assert_eq!(found.indicators.len(), 3);
    let target = found.indicators[1].target.clone().unwrap();
    assert_eq!((target.op, target.unit.as_deref()), (Some(Operator::Equal), Some("%")));
    assert_eq!(found.indicators[1].weight, None);
}

#[test]
fn a_table_of_results_is_no_table_of_goals() {
    let mut page = Page::default();
    page.text(230.0, 60.0, "项目支出绩效自评表");
    page.table(
        80.0,
        &INDICATORS,
        &[
            &["一级指标", "二级指标", "三级指标", "指标值", "完成值", "得分"],
            &["产出指标", "数量指标", "检查次数", "≥4次", "5次", "10"],
        ],
    );
    let document = read(&[page], &Options::default());
    assert!(document.performance.is_empty());
    assert_eq!(document.other_tables.len(), 1);
}
