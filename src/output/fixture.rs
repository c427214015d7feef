//! Documents made by hand for the tests of this folder: one that uses every part of the output, one that is as empty
//! as a document can be.
#![allow(dead_code)]

use crate::document::*;
use crate::geometry::Rect;
use rust_decimal::Decimal;

/// Id, standard title and columns of the twelve tables, as the contract lists them.
pub(crate) const TABLES: [(&str, &str, &[&str]); 12] = [
    ("overview", "部门收支总体情况表", &["total"]),
    (
        "revenue",
        "部门收入总体情况表",
        &[
            "total",
            "fiscal_subtotal",
            "general_public_budget",
            "general_public_budget_transfer",
            "government_fund",
            "government_fund_transfer",
            "state_capital",
            "fiscal_account",
            "unit_funds",
            "fiscal_carryover",
            "non_fiscal_carryover",
        ],
    ),
    ("expenditure", "部门支出总体情况表", &["total", "basic", "project"]),
    (
        "fiscal_overview",
        "财政拨款收支预算总体情况表",
        &["total", "general_public_budget", "government_fund", "state_capital"],
    ),
    ("general_public_budget", "一般公共预算支出情况表", &["total", "basic", "project"]),
    ("basic_expenditure", "一般公共预算基本支出情况表", &["total", "personnel", "operating"]),
    (
        "project_expenditure",
        "一般公共预算项目支出情况表",
        &[
            "total",
            "wages_benefits",
            "goods_services",
            "individual_family_subsidies",
            "debt_interest",
            "capital_construction",
            "capital",
            "enterprise_subsidies_construction",
            "enterprise_subsidies",
            "social_security_fund_subsidies",
            "other",
        ],
    ),
    (
        "government_fund",
        "政府性基金预算支出情况表",
        &["total", "basic_personnel", "basic_operating", "project"],
    ),
    (
        "state_capital",
        "国有资本经营预算支出情况表",
        &["total", "basic_personnel", "basic_operating", "project"],
    ),
    (
        "three_public",
        "财政拨款“三公”经费支出情况表",
        &["total", "general_public_budget", "government_fund", "state_capital"],
    ),
    (
        "commissioned_services",
        "财政拨款委托业务费支出情况表",
        &["total", "general_public_budget", "government_fund", "state_capital"],
    ),
    (
        "carryover",
        "上年结转结余情况表",
        &[
            "total",
            "fiscal_subtotal",
            "fiscal_basic_personnel",
            "fiscal_basic_operating",
            "fiscal_project",
            "non_fiscal_subtotal",
            "non_fiscal_basic_personnel",
            "non_fiscal_basic_operating",
            "non_fiscal_project",
        ],
    ),
];

/// A printed amount; the scale of `mantissa` is two digits.
pub(crate) fn amount(hundredths: i64, text: &str) -> Amount {
    Amount {
        value: Decimal::new(hundredths, 2),
        text: text.to_owned(),
        page: 3,
        bbox: Rect::new(300.0, 200.0, 340.55, 210.0),
        proved_by: 2,
        ..Amount::default()
    }
}

/// A row of table `number` whose first column is `total` and whose other columns are blank.
pub(crate) fn row(number: usize, kind: RowKind, total: Option<Amount>) -> Row {
    let columns = TABLES[number - 1].2;
    let mut amounts: Vec<_> = columns.iter().map(|c| (*c, None)).collect();
    amounts[0].1 = total;
    Row { kind, amounts, page: 3, bbox: Rect::new(72.0, 200.0, 540.0, 214.5), ..Row::default() }
}

fn code(number: usize, code: &str, level: Level, name: &str) -> Row {
    Row {
        code: Some(code.to_owned()),
        level: Some(level),
        name: Some(name.to_owned()),
        ..row(number, RowKind::Item, Some(amount(4300, "43.00")))
    }
}

/// A document without anything: twelve missing tables.
pub(crate) fn empty() -> Document {
    let tables = TABLES
        .iter()
        .zip(1..)
        .map(|((id, title, _), number)| Table { number, id, title: (*title).to_owned(), ..Table::default() })
        .collect();
    let source = SourceInfo { sha256: "0".repeat(64), part: 1, parts: 1, ..SourceInfo::default() };
    Document { source, tables, ..Document::default() }
}

/// A document that uses every part of the output.
pub(crate) fn full() -> Document {
    let mut d = empty();
    d.head = Head {
        department: Some("克孜勒苏柯尔克孜自治州工业和信息化局".to_owned()),
        fiscal_year: Some(2026),
        title: Some("2026 年部门预算公开".to_owned()),
        kind: Kind::Budget,
        scope: Scope::Department,
        layout: "xinjiang-2026".to_owned(),
        layout_score: 97,
        published_on: Some("2026-02-05".to_owned()),
        status: Outcome::Partial,
    };
    d.source = SourceInfo {
        path: "in/a \"quoted\" name.pdf".to_owned(),
        sha256: "ab".repeat(32),
        bytes: 283_120,
        pages: 38,
        producer: Some("LibreOffice 24.2".to_owned()),
        part: 1,
        parts: 2,
    };
    for (number, t) in (1..).zip(&mut d.tables) {
        t.source_unit = Some(Unit::Wan);
        t.pages = vec![3, 4];
        t.status = Status::Filled;
        t.rows = vec![row(number, RowKind::Total, Some(amount(88_732, "887.32")))];
    }
    let side = |row: Row, side| Row { side: Some(side), ..row };
    let item = |number, id, name: &str| Row {
        item: Some(id),
        name: Some(name.to_owned()),
        ..row(number, RowKind::Item, Some(amount(0, "0.00")))
    };
    let half = |mut row: Row| {
        row.amounts.truncate(1);
        row
    };
    d.tables[0].rows = vec![
        side(item(1, "current_year", "本年收入"), Side::Revenue),
        side(row(1, RowKind::Total, Some(amount(88_732, "887.32"))), Side::Revenue),
        side(code(1, "201", Level::Class, "一般公共服务支出"), Side::Expenditure),
        side(row(1, RowKind::Total, Some(amount(88_732, "887.32"))), Side::Expenditure),
    ];
    d.tables[2].rows.push(Row {
        raw: vec![
            ("code".to_owned(), Raw::Parts(vec!["21".to_owned(), "5".to_owned(), String::new()])),
            ("total".to_owned(), Raw::Text("４３．００".to_owned())),
        ],
        extra: vec![("收入预算/事业收入".to_owned(), amount(-150, "-1.50"))],
        ..code(3, "21508", Level::Section, "支持中小企业发展和管理支出")
    });
    d.tables[3].rows = vec![
        side(half(item(4, "general_public_budget", "一般公共预算")), Side::Revenue),
        side(code(4, "215", Level::Class, "资源勘探工业信息等支出"), Side::Expenditure),
    ];
    d.tables[6].rows.push(Row {
        kind: RowKind::Project,
        project: Some("食盐专营管理工作项目".to_owned()),
        ..code(7, "2011399", Level::Item, "其他商贸事务支出")
    });
    d.tables[7].status = Status::DeclaredEmpty;
    d.tables[7].rows = vec![row(8, RowKind::Total, None)];
    d.tables[7].notes = vec!["政府性基金预算支出情况表为空表。".to_owned()];
    d.tables[8].status = Status::Unreadable;
    d.tables[8].rows.clear();
    d.tables[9].rows.push(item(10, "vehicles.operation", "公务用车运行维护费"));
    d.tables[11] = Table { number: 12, id: "carryover", title: TABLES[11].1.to_owned(), ..Table::default() };
    d.other_tables = vec![OtherTable {
        title: "支出用途".to_owned(),
        pages: vec![12],
        rows: vec![vec!["项目".to_owned(), String::new()], vec!["合计".to_owned(), "1.00".to_owned()]],
        kind: Some("expenditure_by_purpose"),
        source_unit: Some(Unit::Wan),
        typed_rows: vec![TypedRow {
            code: None,
            name: Some("合计".to_owned()),
            amounts: vec![("金额".to_owned(), amount(100, "1.00"))],
            page: 12,
            bbox: Rect::new(1.0, 2.0, 3.0, 4.0),
        }],
        coverage: Coverage { printed: 1, placed: 1 },
    }];
    d.narrative = super::narrative::tests::full();
    d.performance = vec![super::performance::tests::full()];
    d.coverage = vec![PageCoverage { page: 8, amounts: Coverage { printed: 17, placed: 16 } }];
    d.tables[2].coverage = Coverage { printed: 17, placed: 16 };
    d.proof = Proof {
        printed: 17,
        placed: 16,
        amounts: 16,
        proved: 15,
        identities: 504,
        exact: 469,
        rounding: 23,
        inconsistent: 10,
        not_checked: 2,
    };
    let place = Place {
        table: Some(2),
        row: Some("215".to_owned()),
        column: Some("general_public_budget".to_owned()),
        page: Some(3),
        bbox: Some(Rect::new(1.0, 2.0, 3.0, 4.0)),
    };
    d.findings = vec![
        Finding {
            rule: "A4".to_owned(),
            severity: Severity::Error,
            message: "the column does not add up".to_owned(),
            place: place.clone(),
            expected: Some(Decimal::new(79_382, 2)),
            actual: Some(Decimal::new(83_682, 2)),
            difference: Some(Decimal::new(4300, 2)),
            cause: Some(Cause::Source),
            others: vec![place, Place::default()],
        },
        Finding::new("layout", Severity::Info, "no layout fits"),
    ];
    d
}
