//! A comparison → a workbook: 变化 (differences of the tables), 文字说明的变化 (changes that the text prints, beside last
//! year's own document), 对照 (which documents were compared, and which have no partner).

use super::sheet::{Book, Cell, Column, Mark, Value};
use super::tables::side;
use super::{Held, columns, width};
use crate::compare::{Change, Comparison, Department, Document, TextChange, Verdict, What};
use crate::schema;
use std::io;

fn change_columns() -> Vec<Column> {
    columns(&[
        ("部门", width::WHO),
        ("年度", width::CODE),
        ("变化", width::WORD),
        ("表", width::NAME),
        ("收支", width::WORD),
        ("原编码", width::CODE),
        ("现编码", width::CODE),
        ("原名称", width::NAME),
        ("现名称", width::NAME),
        ("项目", width::NAME),
        ("列", width::NAME),
        ("原金额（万元）", width::AMOUNT),
        ("现金额（万元）", width::AMOUNT),
        ("增减（万元）", width::AMOUNT),
        ("增减（%）", width::WORD),
        ("原因（文中）", width::TEXT),
        ("原页", width::WORD),
        ("现页", width::WORD),
    ])
}

fn text_columns() -> Vec<Column> {
    columns(&[
        ("部门", width::WHO),
        ("年度", width::CODE),
        ("文中所述", width::NAME),
        ("现金额（万元）", width::AMOUNT),
        ("文中增减（万元）", width::AMOUNT),
        ("文中增减（%）", width::WORD),
        ("两年文件之差（万元）", width::AMOUNT),
        ("文中推出的上年（万元）", width::AMOUNT),
        ("上年文件所印（万元）", width::AMOUNT),
        ("相差（万元）", width::AMOUNT),
        ("结论", width::CODE),
        ("原因", width::TEXT),
        ("页", width::WORD),
    ])
}

fn pair_columns() -> Vec<Column> {
    columns(&[
        ("部门", width::WHO),
        ("年度", width::CODE),
        ("对照", width::CODE),
        ("原名称", width::WHO),
        ("原文件", width::TEXT),
        ("现文件", width::TEXT),
        ("说明", width::TEXT),
    ])
}

/// The bytes of the workbook, and what it holds.
///
/// # Errors
/// When it cannot be put together.
pub fn changes(c: &Comparison) -> io::Result<(Vec<u8>, Held)> {
    let mut book = Book::new();
    let names = ["变化", "文字说明的变化", "对照"];
    let [changes, texts, pairs] = [
        book.sheet(names[0], &change_columns())?,
        book.sheet(names[1], &text_columns())?,
        book.sheet(names[2], &pair_columns())?,
    ];
    for d in &c.departments {
        let years = years(d);
        for change in &d.changes {
            change_row(d, &years, change, &mut book, changes)?;
        }
        for text in &d.texts {
            text_row(d, &years, text, &mut book, texts)?;
        }
        let note = d.notes.join("\n");
        let what = [Some("已对照"), Some(&d.a.department), Some(&d.a.path), Some(&d.b.path)];
        pair_row(&d.b.department, &years, what, &note, &mut book, pairs)?;
    }
    for (only, word) in [(&c.only_a, "只在前"), (&c.only_b, "只在后")] {
        for d in only {
            let (before, after) = if word == "只在前" { (Some(d), None) } else { (None, Some(d)) };
            let path = |d: Option<&'_ Document>| d.map(|d| d.path.clone());
            let (before, after) = (path(before), path(after));
            let what = [Some(word), None, before.as_deref(), after.as_deref()];
            pair_row(&d.department, &year(d.fiscal_year), what, "", &mut book, pairs)?;
        }
    }
    for m in &c.maybe_renamed {
        let note = format!(
            "{} 行中 {} 行相同；文中推出的上年金额有 {} 个见于原文件",
            m.rows, m.rows_alike, m.implied_found
        );
        pair_row(&m.b, "", [Some("或为更名"), Some(&m.a), None, None], &note, &mut book, pairs)?;
    }
    for note in &c.notes {
        pair_row("", "", [Some("说明"), None, None, None], note, &mut book, pairs)?;
    }
    let mut held = Held::default();
    for (n, name) in names.iter().enumerate() {
        let (rows, left_out) = book.rows(n);
        held.rows.push(((*name).to_owned(), rows));
        held.left_out += left_out;
    }
    Ok((book.finish()?, held))
}

fn year(year: Option<u16>) -> String {
    year.map_or_else(|| "？".to_owned(), |y| y.to_string())
}

fn years(d: &Department) -> String {
    format!("{}→{}", year(d.a.fiscal_year), year(d.b.fiscal_year))
}

fn word(what: What) -> &'static str {
    match what {
        What::New => "新增",
        What::Gone => "取消",
        What::Changed => "金额变",
        What::Moved => "改编码",
        What::Renamed => "改名称",
    }
}

fn change_row(d: &Department, years: &str, c: &Change, book: &mut Book, sheet: usize) -> io::Result<()> {
    let table = format!("表{} {}", c.table, schema::table(c.table).map_or("", |t| t.title));
    book.row(
        sheet,
        &[
            Cell::text(Some(&d.b.department)),
            Cell::text(Some(years)),
            Cell::text(Some(word(c.what))),
            Cell::text(Some(&table)),
            Cell::text(c.side.map(side)),
            Cell::text(c.code_a.as_deref()),
            Cell::text(c.code_b.as_deref()),
            Cell::text(c.name_a.as_deref()),
            Cell::text(c.name_b.as_deref()),
            Cell::text(c.project.as_deref()),
            Cell::text(Some(&column(c))),
            Cell::amount(c.a),
            Cell::amount(c.b),
            Cell::amount(Some(c.difference)),
            Cell::amount(c.percent),
            Cell::text(c.reason.as_deref()),
            Cell::integer(c.page_a),
            Cell::integer(c.page_b),
        ],
    )
}

/// What the column is called in Chinese.
fn column(c: &Change) -> String {
    let def = schema::table(c.table);
    let named = def.and_then(|t| {
        let n = t.columns.iter().position(|(id, _)| *id == c.column)?;
        t.headings.get(n).copied()
    });
    named.unwrap_or(&c.column).to_owned()
}

fn text_row(d: &Department, years: &str, t: &TextChange, book: &mut Book, sheet: usize) -> io::Result<()> {
    let (verdict, mark) = match t.verdict {
        Verdict::Agrees => ("一致", Mark::Plain),
        Verdict::Rounded => ("取整内一致", Mark::Plain),
        Verdict::Contradicts => ("矛盾", Mark::Broken),
        Verdict::OtherBase => ("比较基数不同", Mark::Plain),
        Verdict::Unknown => ("无从对照", Mark::Plain),
    };
    book.row(
        sheet,
        &[
            Cell::text(Some(&d.b.department)),
            Cell::text(Some(years)),
            Cell::text(Some(&t.label)),
            Cell::amount(t.amount),
            Cell::amount(t.change),
            Cell::amount(t.percent),
            Cell::amount(t.of_documents),
            Cell::amount(t.implied_previous),
            Cell::amount(t.own_previous),
            Cell::amount(t.difference).marked(mark),
            Cell::text(Some(verdict)).marked(mark),
            Cell::text(t.reason.as_deref()),
            Cell::from(Value::Integer(i64::from(t.page))),
        ],
    )
}

fn pair_row(
    department: &str,
    years: &str,
    [what, name, before, after]: [Option<&str>; 4],
    note: &str,
    book: &mut Book,
    sheet: usize,
) -> io::Result<()> {
    let filled = |text: &'_ str| !text.is_empty();
    book.row(
        sheet,
        &[
            Cell::text(Some(department).filter(|t| filled(t))),
            Cell::text(Some(years).filter(|t| filled(t))),
            Cell::text(what),
            Cell::text(name),
            Cell::text(before),
            Cell::text(after),
            Cell::text(Some(note).filter(|t| filled(t))),
        ],
    )
}
