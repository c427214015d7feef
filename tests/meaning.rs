//! How far the program knows things by their meaning: it reads made documents without the words that only their publisher
//! uses, without titles, and with the numbers of labels exchanged. A handicap holds for a whole process, so each reading is
//! a child of this test.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::process::Command;
use yusuan::Options;
use yusuan::document::{Document, Severity};
use yusuan::schema::concepts::lexicon;
use yusuan::schema::handicap::{self, Handicap};

/// A made publisher: its titles and headers of tables 2, 3 and 5, and the words of the vocabulary that it alone uses.
struct Publisher {
    titles: [&'static str; 3],
    code: &'static str,
    name: &'static str,
    sources: [&'static str; 3],
    total: &'static str,
    parts: [&'static str; 2],
    own: &'static [&'static str],
}

const PUBLISHERS: [Publisher; 3] = [
    Publisher {
        titles: ["预算单位财务收入预算总表", "预算单位财务支出预算总表", "一般公共预算支出预算表"],
        code: "科目编码",
        name: "科目名称",
        sources: ["一般公共预算", "政府性基金预算", "事业收入"],
        total: "合计",
        parts: ["基本支出", "项目支出"],
        own: &["财务", "预算单位"],
    },
    Publisher {
        titles: ["部门收入批复汇总表", "部门支出批复汇总表", "一般公共预算财政拨款支出批复表"],
        code: "功能分类科目代码",
        name: "功能分类科目名称",
        sources: ["一般公共预算拨款", "政府性基金", "事业收入"],
        total: "总计",
        parts: ["基本支出", "项目支出"],
        own: &["批复", "汇总", "汇总表", "总计"],
    },
    Publisher {
        titles: ["单位收入总体情况表（按功能分类列示）", "单位支出总体情况表", "一般公共预算拨款支出情况表"],
        code: "编码",
        name: "名称",
        sources: ["一般公共预算资金", "政府性基金资金", "事业收入"],
        total: "合计",
        parts: ["基本支出", "项目支出"],
        own: &["列示", "总体情况", "政府性基金资金"],
    },
];

impl Publisher {
    /// Its document: one page a table, and the amounts of one small ledger.
    fn document(&self) -> Vec<u8> {
        let page = |number: usize, headers: &[&str], rows: &[&[&str]]| {
            let mut page = common::Page::default();
            page.text(60.0, 40.0, &format!("表{number}"));
            page.text(180.0, 60.0, self.titles[number - 1]);
            page.text(60.0, 85.0, "部门名称：某县海洋局");
            page.text(440.0, 85.0, "单位：万元");
            let edges: Vec<f32> =
                (0..=headers.len()).map(|i| 50.0 + 500.0 * i as f32 / headers.len() as f32).collect();
            let all: Vec<&[&str]> = std::iter::once(headers).chain(rows.iter().copied()).collect();
            page.table(100.0, &edges, &all);
            page
        };
        let [general, fund, business] = self.sources;
        let [basic, project] = self.parts;
        let codes = [("201", "一般公共服务支出"), ("20113", "商贸事务"), ("2011301", "行政运行")];
        let table = |number: usize, headers: &[&str], amounts: &[&str]| {
            let row = |code: &'static str, name: &'static str| [&[code, name], amounts].concat();
            let mut rows: Vec<Vec<&str>> = codes.iter().map(|(code, name)| row(code, name)).collect();
            rows.push(row("", self.total));
            let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
            page(number, headers, &rows)
        };
        common::pdf(&[
            table(
                1,
                &[self.code, self.name, self.total, general, fund, business],
                &["12.50", "10.25", "2.00", "0.25"],
            ),
            table(2, &[self.code, self.name, self.total, basic, project], &["12.50", "9.00", "3.50"]),
            table(3, &[self.code, self.name, self.total, basic, project], &["10.25", "9.00", "1.25"]),
        ])
    }
}

/// What the reading must give: amounts of each table by column, over all rows.
fn expected() -> BTreeMap<(u8, &'static str), Vec<&'static str>> {
    BTreeMap::from([
        ((2, "total"), vec!["12.50"; 4]),
        ((2, "general_public_budget"), vec!["10.25"; 4]),
        ((2, "government_fund"), vec!["2.00"; 4]),
        ((3, "total"), vec!["12.50"; 4]),
        ((3, "basic"), vec!["9.00"; 4]),
        ((3, "project"), vec!["3.50"; 4]),
        ((5, "total"), vec!["10.25"; 4]),
        ((5, "basic"), vec!["9.00"; 4]),
        ((5, "project"), vec!["1.25"; 4]),
    ])
}

/// Tables with a column that came out otherwise, and whether a warning or an error points at the table.
fn failures(document: &Document) -> Vec<(u8, bool)> {
    let wrong = expected().into_iter().filter(|((number, column), amounts)| {
        let table = &document.tables[usize::from(*number) - 1];
        let rows = table.rows.iter().flat_map(|r| &r.amounts).filter(|(id, _)| id == column);
        let read: Vec<String> = rows.filter_map(|(_, a)| Some(a.as_ref()?.value.to_string())).collect();
        read != *amounts
    });
    // a grid that became nothing known is named with its page, whichever table it is likely to be
    let told = |number: u8| {
        let at = |f: &yusuan::document::Finding| f.place.table == Some(number) || f.rule == "table.unplaced";
        document.findings.iter().any(|f| f.severity > Severity::Info && at(f))
    };
    let mut tables: Vec<u8> = wrong.map(|((number, _), _)| number).collect();
    tables.dedup();
    tables.into_iter().map(|number| (number, told(number))).collect()
}

const CHILD: &str = "YUSUAN_TEST_HANDICAP";

/// The child: reads one document under the handicap that its environment tells and prints what failed.
#[test]
fn a_reading_under_a_handicap() {
    let Ok(task) = std::env::var(CHILD) else { return };
    let mut words = task.split(' ');
    let publisher: usize = words.next().unwrap().parse().unwrap();
    let mut handicap = Handicap::default();
    for word in words {
        match word {
            "titles" => handicap.titles = true,
            "numbers" => handicap.numbers = true,
            word => handicap.words.push(word.to_owned()),
        }
    }
    assert!(handicap::set(handicap));
    let document = yusuan::extract(&PUBLISHERS[publisher].document(), &Options::default()).unwrap().remove(0);
    let failures: Vec<String> = failures(&document).iter().map(|(n, told)| format!("{n}:{told}")).collect();
    println!("\nfailed [{}]", failures.join(" "));
}

/// Reads a publisher's document in a child; what failed there.
fn read(publisher: usize, handicap: &[&str]) -> String {
    let task = format!("{publisher} {}", handicap.join(" "));
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_reading_under_a_handicap", "--nocapture"])
        .env(CHILD, task.trim_end())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find(|l| l.starts_with("failed ["));
    line.unwrap_or_else(|| panic!("{text}{}", String::from_utf8_lossy(&output.stderr))).to_owned()
}

#[test]
fn every_made_publisher_is_read_with_the_whole_vocabulary() {
    for publisher in 0..PUBLISHERS.len() {
        assert_eq!(read(publisher, &[]), "failed []", "publisher {publisher}");
    }
}

#[test]
fn the_words_that_a_publisher_is_read_without_are_words_of_ours() {
    for word in PUBLISHERS.iter().flat_map(|p| p.own) {
        assert!(lexicon().is_word(word), "{word}");
    }
}

#[test]
fn nothing_is_lost_in_silence_without_the_words_that_only_one_publisher_uses() {
    for (publisher, own) in PUBLISHERS.iter().enumerate().map(|(i, p)| (i, p.own)) {
        let failed = read(publisher, own);
        assert!(!failed.contains("false"), "publisher {publisher}: {failed}");
    }
}

#[test]
fn tables_are_known_without_their_titles_by_columns_and_equal_totals() {
    for publisher in 0..PUBLISHERS.len() {
        let failed = read(publisher, &["titles"]);
        assert!(!failed.contains("false"), "publisher {publisher}: {failed}");
    }
}

#[test]
fn numbers_of_labels_decide_nothing_where_titles_do() {
    for publisher in 0..PUBLISHERS.len() {
        assert_eq!(read(publisher, &["numbers"]), "failed []", "publisher {publisher}");
    }
}
