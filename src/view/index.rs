//! The index over many documents: one row each, with what failed below.

use super::frame::{head, kind};
use super::{Lang, escape};
use crate::document::{Document, RowKind, Severity};
use crate::output::words;
use std::fmt::Write as _;

const STYLE: &str = include_str!("index.css");
const SCRIPT: &str = include_str!("index.js");

/// A document of the index.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The page of the document, as a relative address.
    pub page: String,
    /// The path of its PDF.
    pub path: String,
    department: String,
    year: Option<u16>,
    kind: &'static str,
    status: &'static str,
    total: Option<String>,
    printed: u32,
    placed: u32,
    amounts: u32,
    proved: u32,
    errors: usize,
    warnings: usize,
}

impl Entry {
    /// What the index says of a document.
    pub fn of(document: &Document, page: String, lang: Lang) -> Self {
        let count = |severity| document.findings.iter().filter(|f| f.severity == severity).count();
        let proof = &document.proof;
        Self {
            page,
            path: document.source.path.clone(),
            department: document.head.department.clone().unwrap_or_default(),
            year: document.head.fiscal_year,
            kind: kind(lang, document),
            status: words::outcome(document.head.status),
            total: total(document),
            printed: proof.printed,
            placed: proof.placed,
            amounts: proof.amounts,
            proved: proof.proved,
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
        }
    }
}

/// The grand total: that of the first table which has one.
fn total(document: &Document) -> Option<String> {
    [1, 3, 2, 4].into_iter().find_map(|number| {
        let table = document.tables.iter().find(|t| t.number == number)?;
        let rows = table.rows.iter().filter(|r| r.kind == RowKind::Total);
        let amount = rows.flat_map(|r| &r.amounts).find(|(c, _)| *c == "total")?.1.as_ref()?;
        Some(amount.value.to_string())
    })
}

/// A file that gave nothing.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Its path.
    pub path: String,
    /// Why.
    pub cause: String,
}

/// The index as one HTML file.
pub fn index(entries: &[Entry], failures: &[Failure], lang: Lang) -> String {
    let mut out = head(lang, lang.word("index_title"), STYLE, SCRIPT);
    let _ = write!(
        out,
        "<body><header><h1>{} <small>{}</small></h1><div class=\"tools\"><input type=\"search\" id=\"search\" \
         placeholder=\"{2}\" aria-label=\"{2}\"><select id=\"status\" aria-label=\"{3}\"><option value=\"\">{4}</option>",
        lang.word("index_title"),
        lang.fill("documents", &[&entries.len()]),
        lang.word("search"),
        lang.word("status"),
        lang.word("any_status")
    );
    for status in ["complete", "partial", "scan", "nothing"] {
        let word = lang.find(&format!("status_{status}")).unwrap_or_default();
        let _ = write!(out, "<option value=\"{status}\">{word}</option>");
    }
    let _ = write!(
        out,
        "</select><label><input type=\"checkbox\" id=\"wrong\"> {}</label><output id=\"count\"></output></div></header>\
         <table id=\"list\"><thead><tr>",
        lang.word("only_findings")
    );
    let columns = [
        ("t", lang.word("department")),
        ("n", lang.word("fiscal_year")),
        ("t", lang.word("kind")),
        ("t", lang.word("status")),
        ("n", lang.word("total")),
        ("n", lang.word("coverage")),
        ("n", lang.word("proof")),
        ("n", lang.word("errors")),
        ("n", lang.word("warnings")),
        ("t", lang.word("file")),
    ];
    for (kind, word) in columns {
        let _ = write!(
            out,
            "<th scope=\"col\" class=\"{kind}\" aria-sort=\"none\"><button type=\"button\" title=\"{}\">{word}</button></th>",
            lang.word("sort_hint")
        );
    }
    out.push_str("</tr></thead><tbody>");
    for entry in entries {
        row(entry, lang, &mut out);
    }
    let _ = write!(out, "</tbody></table><p id=\"none\" hidden>{}</p>", lang.word("nothing_matches"));
    if !failures.is_empty() {
        let _ = write!(
            out,
            "<section class=\"failures\"><h2>{} <small>{}</small></h2><ul>",
            lang.word("failures"),
            failures.len()
        );
        for failure in failures {
            let _ = write!(out, "<li><b>{}</b> {}</li>", escape(&failure.path), escape(&failure.cause));
        }
        out.push_str("</ul></section>");
    }
    let _ = writeln!(
        out,
        "<footer>{}</footer><script>{SCRIPT}</script></body></html>",
        escape(&lang.fill("made_by", &[&env!("CARGO_PKG_VERSION")]))
    );
    out
}

fn row(e: &Entry, lang: Lang, out: &mut String) {
    let name = if e.department.is_empty() { lang.word("department_unknown") } else { &e.department };
    let status = lang.find(&format!("status_{}", e.status)).unwrap_or_default();
    let share = |part: u32, whole: u32| match whole {
        0 => (String::from("-1"), String::from("–")),
        // a share for sorting, in hundredths of a percent
        whole => ((u64::from(part) * 10_000 / u64::from(whole)).to_string(), format!("{part} / {whole}")),
    };
    let (placed_key, placed) = share(e.placed, e.printed);
    let (proved_key, proved) = share(e.proved, e.amounts);
    let shown = |n: usize| if n == 0 { String::new() } else { n.to_string() };
    let _ = write!(
        out,
        "<tr data-s=\"{}\"><td><a href=\"{}\">{}</a></td><td class=\"n\">{}</td><td>{}</td>\
         <td><span class=\"chip d-{}\">{status}</span></td><td class=\"n\">{}</td><td class=\"n\" data-k=\"{placed_key}\">{placed}\
         </td><td class=\"n\" data-k=\"{proved_key}\">{proved}</td><td class=\"n e\" data-k=\"{}\">{}</td>\
         <td class=\"n w\" data-k=\"{}\">{}</td><td class=\"path\">{}</td></tr>",
        e.status,
        escape(&e.page),
        escape(name),
        e.year.map_or(String::new(), |y| y.to_string()),
        e.kind,
        e.status,
        escape(e.total.as_deref().unwrap_or_default()),
        e.errors,
        shown(e.errors),
        e.warnings,
        shown(e.warnings),
        escape(&e.path)
    );
}
