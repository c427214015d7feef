//! [`Document`] → JSON as the output contract says (`schemas/budget.schema.json`): every key always present,
//! amounts as exact numbers with the printed digits, `null` for blank. Only `raw` and `cells` come and go.

use super::writer::{Lines, Style, Writer};
use super::{findings, narrative, performance, words};
use crate::document::{Amount, Coverage, Document, OtherTable, Outcome, Raw, Row, Scope, Table, TypedRow};

/// Version of the output's shape, emitted as `schema_version`.
pub const SCHEMA_VERSION: &str = "1.0.0";

/// How documents are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Layout of the bytes.
    pub style: Style,
    /// Whether rows have `cells`: page, box, printed text and number of proofs of every amount.
    pub cells: bool,
}

/// The documents of one file as one JSON text: an object, or an array where there are several. Ends with a
/// line break.
pub fn file(out: &mut Vec<u8>, documents: &[Document], settings: Settings) {
    let mut w = Writer::new(out, settings.style);
    match documents {
        [one] => document(&mut w, one, settings.cells),
        several => {
            w.array(Lines::Own);
            for one in several {
                w.element();
                document(&mut w, one, settings.cells);
            }
            w.end_array();
        }
    }
    w.newline();
}

/// The documents one after the other, each ended by a line break: NDJSON when the style is compact.
pub fn stream(out: &mut Vec<u8>, documents: &[Document], settings: Settings) {
    let mut w = Writer::new(out, settings.style);
    for one in documents {
        document(&mut w, one, settings.cells);
        w.newline();
    }
}

/// The documents as elements of an array that the caller writes around them: each with a comma and a line break
/// before it.
pub fn elements(out: &mut Vec<u8>, documents: &[Document], settings: Settings) {
    for one in documents {
        out.extend_from_slice(b",\n");
        document(&mut Writer::new(out, settings.style), one, settings.cells);
    }
}

/// What `check` says of one document, as one line: path, part, findings, proof.
pub fn checked(out: &mut Vec<u8>, path: &str, d: &Document) {
    let mut w = Writer::new(out, Style::Compact);
    w.object(Lines::Own);
    w.key("path");
    w.string(path);
    w.key("part");
    w.uint(u64::from(d.source.part));
    w.key("findings");
    w.array(Lines::Own);
    for f in &d.findings {
        w.element();
        findings::finding(&mut w, f);
    }
    w.end_array();
    w.key("proof");
    proof(&mut w, d);
    w.end_object();
    w.newline();
}

/// What a worker answers for one input.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// Path or name as it was given.
    pub input: &'a str,
    /// SHA-256 of the bytes; `None` where there were none.
    pub sha256: Option<&'a str>,
    /// What the input took, in milliseconds.
    pub ms: u64,
    /// Why it gave nothing.
    pub error: Option<&'a str>,
    /// Whether that was the limit of time.
    pub late: bool,
    /// What it gave.
    pub documents: &'a [Document],
}

impl Answer<'_> {
    /// `failed`, `timeout`, or the least complete of the documents' states.
    fn status(&self) -> &'static str {
        match self.error {
            Some(_) if self.late => "timeout",
            Some(_) => "failed",
            None => {
                let least = self.documents.iter().map(|d| d.head.status).max();
                words::outcome(least.unwrap_or(Outcome::Nothing))
            }
        }
    }
}

/// An answer as one line.
pub fn answer(out: &mut Vec<u8>, answer: &Answer, settings: Settings) {
    let mut w = Writer::new(out, Style::Compact);
    w.object(Lines::Own);
    w.key("input");
    w.string(answer.input);
    w.key("sha256");
    w.optional(answer.sha256);
    w.key("ms");
    w.uint(answer.ms);
    w.key("status");
    w.word(answer.status());
    w.key("error");
    w.optional(answer.error);
    w.key("documents");
    w.array(Lines::Own);
    for d in answer.documents {
        w.element();
        document(&mut w, d, settings.cells);
    }
    w.end_array();
    w.end_object();
    w.newline();
}

pub(super) fn document(w: &mut Writer, d: &Document, cells: bool) {
    w.object(Lines::Own);
    w.key("schema_version");
    w.word(SCHEMA_VERSION);
    w.key("document");
    head(w, d);
    w.key("source");
    source(w, d);
    w.key("tables");
    w.array(Lines::Own);
    for t in &d.tables {
        w.element();
        table(w, t, cells);
    }
    w.end_array();
    w.key("other_tables");
    w.array(Lines::Own);
    for t in &d.other_tables {
        w.element();
        other_table(w, t);
    }
    w.end_array();
    w.key("narrative");
    narrative::write(w, &d.narrative);
    w.key("performance");
    performance::write(w, &d.performance);
    w.key("proof");
    proof(w, d);
    w.key("findings");
    w.array(Lines::Own);
    for f in &d.findings {
        w.element();
        findings::finding(w, f);
    }
    w.end_array();
    w.end_object();
}

fn head(w: &mut Writer, d: &Document) {
    let head = &d.head;
    w.object(Lines::Joined);
    w.key("department");
    w.optional(head.department.as_deref());
    w.key("fiscal_year");
    match head.fiscal_year {
        Some(year) => w.uint(u64::from(year)),
        None => w.null(),
    }
    w.key("title");
    w.optional(head.title.as_deref());
    w.key("kind");
    w.word(words::kind(head.kind));
    w.key("scope");
    w.word(match head.scope {
        Scope::Department => "department",
        Scope::Unit => "unit",
    });
    w.key("layout");
    w.string(if head.layout.is_empty() { "unknown" } else { &head.layout });
    w.key("layout_score");
    w.uint(u64::from(head.layout_score));
    w.key("published_on");
    w.optional(head.published_on.as_deref());
    w.key("unit");
    w.word(d.unit().as_str());
    w.key("status");
    w.word(words::outcome(head.status));
    w.end_object();
}

fn source(w: &mut Writer, d: &Document) {
    let s = &d.source;
    w.object(Lines::Joined);
    w.key("path");
    w.string(&s.path);
    w.key("sha256");
    w.string(&s.sha256);
    w.key("bytes");
    w.uint(s.bytes);
    w.key("pages");
    w.uint(u64::from(s.pages));
    w.key("producer");
    w.optional(s.producer.as_deref());
    w.key("part");
    w.uint(u64::from(s.part));
    w.key("parts");
    w.uint(u64::from(s.parts));
    w.end_object();
}

pub(super) fn table(w: &mut Writer, t: &Table, cells: bool) {
    w.object(Lines::Joined);
    w.key("number");
    w.uint(u64::from(t.number));
    w.key("id");
    w.string(t.id);
    w.key("title");
    w.string(&t.title);
    w.key("status");
    w.word(words::status(t.status));
    w.key("source_unit");
    w.optional(t.source_unit.map(|u| u.as_str()));
    w.key("pages");
    pages(w, &t.pages);
    coverage(w, t.coverage);
    w.key_on_new_line("rows");
    w.array(Lines::Own);
    for r in &t.rows {
        w.element();
        row(w, r, cells);
    }
    w.end_array();
    w.key_on_new_line("notes");
    w.array(Lines::Own);
    for note in &t.notes {
        w.element();
        w.string(note);
    }
    w.end_array();
    w.end_object();
}

/// An emitted JSON file with another `source.path`: for a file whose content is that of one that was read before.
/// `None` where the bytes are no emitted document.
pub fn with_path(emitted: &[u8], path: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(emitted.len() + path.len());
    let (mut rest, mut found) = (emitted, false);
    // inside of a string every quotation mark is escaped: these bytes are the key itself
    let keys: [&[u8]; 2] = [br#""source": {"path": ""#, br#""source":{"path":""#];
    while let Some((at, key)) =
        keys.iter().filter_map(|k| memchr::memmem::find(rest, k).map(|at| (at, k))).min()
    {
        let start = at + key.len();
        let text = rest.get(start..)?;
        let mut end = 0;
        while *text.get(end)? != b'"' {
            end += if *text.get(end)? == b'\\' { 2 } else { 1 };
        }
        out.extend_from_slice(rest.get(..start - 1)?);
        serde_json::to_writer(&mut out, path).ok()?;
        rest = text.get(end + 1..)?;
        found = true;
    }
    out.extend_from_slice(rest);
    found.then_some(out)
}

pub(super) fn row(w: &mut Writer, r: &Row, cells: bool) {
    w.object(Lines::Joined);
    w.key("kind");
    w.word(words::row_kind(r.kind));
    w.key("code");
    w.optional(r.code.as_deref());
    w.key("level");
    w.optional(r.level.map(words::level));
    w.key("name");
    w.optional(r.name.as_deref());
    w.key("item");
    w.optional(r.item);
    w.key("project");
    w.optional(r.project.as_deref());
    w.key("side");
    w.optional(r.side.map(words::side));
    w.key("amounts");
    w.object(Lines::Joined);
    for (column, amount) in &r.amounts {
        w.key(column);
        w.optional_decimal(amount.as_ref().map(|a| &a.value));
    }
    w.end_object();
    w.key("extra");
    w.object(Lines::Joined);
    for (path, amount) in &r.extra {
        w.text_key(path);
        w.decimal(&amount.value);
    }
    w.end_object();
    if !r.raw.is_empty() {
        w.key("raw");
        raw(w, &r.raw);
    }
    w.key("page");
    w.uint(u64::from(r.page));
    w.key("bbox");
    w.rect(&r.bbox);
    if cells {
        w.key("cells");
        w.object(Lines::Joined);
        for (column, amount) in &r.amounts {
            if let Some(amount) = amount {
                w.key(column);
                cell(w, amount);
            }
        }
        for (path, amount) in &r.extra {
            w.text_key(path);
            cell(w, amount);
        }
        w.end_object();
    }
    w.end_object();
}

fn raw(w: &mut Writer, raw: &[(String, Raw)]) {
    w.object(Lines::Joined);
    for (key, printed) in raw {
        w.text_key(key);
        match printed {
            Raw::Text(text) => w.string(text),
            Raw::Parts(parts) => strings(w, parts),
        }
    }
    w.end_object();
}

fn cell(w: &mut Writer, a: &Amount) {
    w.object(Lines::Joined);
    w.key("page");
    w.uint(u64::from(a.page));
    w.key("bbox");
    w.rect(&a.bbox);
    w.key("text");
    w.string(&a.text);
    w.key("proved_by");
    w.uint(u64::from(a.proved_by));
    w.key("second_reader");
    w.optional_bool(a.second);
    w.end_object();
}

fn other_table(w: &mut Writer, t: &OtherTable) {
    w.object(Lines::Joined);
    w.key("title");
    w.string(&t.title);
    w.key("kind");
    w.optional(t.kind);
    w.key("source_unit");
    w.optional(t.source_unit.map(|u| u.as_str()));
    w.key("pages");
    pages(w, &t.pages);
    coverage(w, t.coverage);
    w.key_on_new_line("rows");
    w.array(Lines::Own);
    for r in &t.rows {
        w.element();
        strings(w, r);
    }
    w.end_array();
    w.key_on_new_line("typed_rows");
    w.array(Lines::Own);
    for r in &t.typed_rows {
        w.element();
        typed_row(w, r);
    }
    w.end_array();
    w.end_object();
}

fn typed_row(w: &mut Writer, r: &TypedRow) {
    w.object(Lines::Joined);
    w.key("code");
    w.optional(r.code.as_deref());
    w.key("name");
    w.optional(r.name.as_deref());
    w.key("amounts");
    w.object(Lines::Joined);
    for (path, amount) in &r.amounts {
        w.text_key(path);
        w.decimal(&amount.value);
    }
    w.end_object();
    w.key("page");
    w.uint(u64::from(r.page));
    w.key("bbox");
    w.rect(&r.bbox);
    w.end_object();
}

fn coverage(w: &mut Writer, coverage: Coverage) {
    w.key("printed");
    w.uint(u64::from(coverage.printed));
    w.key("placed");
    w.uint(u64::from(coverage.placed));
}

fn proof(w: &mut Writer, d: &Document) {
    let p = &d.proof;
    w.object(Lines::Joined);
    for (key, n) in [
        ("printed", p.printed),
        ("placed", p.placed),
        ("amounts", p.amounts),
        ("proved", p.proved),
        ("identities", p.identities),
        ("exact", p.exact),
        ("rounding", p.rounding),
        ("inconsistent", p.inconsistent),
        ("not_checked", p.not_checked),
    ] {
        w.key(key);
        w.uint(u64::from(n));
    }
    w.key("pages");
    w.array(Lines::Joined);
    for page in &d.coverage {
        w.element();
        w.object(Lines::Joined);
        w.key("page");
        w.uint(u64::from(page.page));
        coverage(w, page.amounts);
        w.end_object();
    }
    w.end_array();
    w.end_object();
}

fn pages(w: &mut Writer, pages: &[u32]) {
    w.array(Lines::Joined);
    for n in pages {
        w.element();
        w.uint(u64::from(*n));
    }
    w.end_array();
}

fn strings(w: &mut Writer, strings: &[String]) {
    w.array(Lines::Joined);
    for s in strings {
        w.element();
        w.string(s);
    }
    w.end_array();
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::fixture;
    use super::*;
    use serde_json::Value;

    const ALL: Settings = Settings { style: Style::Compact, cells: true };

    fn text(documents: &[Document], settings: Settings) -> String {
        let mut out = Vec::new();
        file(&mut out, documents, settings);
        String::from_utf8(out).unwrap()
    }

    fn value(documents: &[Document], settings: Settings) -> Value {
        serde_json::from_str(&text(documents, settings)).unwrap()
    }

    #[test]
    fn amounts_are_numbers_with_the_printed_digits() {
        let out = text(&[fixture::full()], Settings::default());
        assert!(out.contains(r#""amounts":{"total":887.32}"#));
        assert!(out.contains(r#""amounts":{"total":43.00,"basic":null,"project":null}"#));
        assert!(out.contains(r#""amounts":{"total":0.00}"#));
        assert!(out.contains(r#""extra":{"收入预算/事业收入":-1.50}"#));
        assert!(out.contains(r#""expected":793.82,"actual":836.82,"difference":43.00"#));
    }

    #[test]
    fn raw_is_there_only_where_something_changed() {
        let v = value(&[fixture::full()], Settings::default());
        let rows = v["tables"][2]["rows"].as_array().unwrap();
        assert_eq!(rows[0].get("raw"), None);
        assert_eq!(rows[1]["raw"], serde_json::json!({"code": ["21", "5", ""], "total": "４３．００"}));
    }

    #[test]
    fn cells_are_there_only_when_asked_for_and_hold_every_amount() {
        let v = value(&[fixture::full()], Settings::default());
        assert_eq!(v["tables"][2]["rows"][1].get("cells"), None);
        let v = value(&[fixture::full()], ALL);
        let cells = &v["tables"][2]["rows"][1]["cells"];
        assert_eq!(cells.as_object().unwrap().keys().collect::<Vec<_>>(), ["total", "收入预算/事业收入"]);
        assert_eq!(cells["total"]["text"], "43.00");
        assert_eq!(cells["total"]["proved_by"], 2);
    }

    #[test]
    fn one_document_is_an_object_and_several_are_an_array() {
        let d = fixture::full();
        assert!(value(std::slice::from_ref(&d), ALL).is_object());
        assert_eq!(value(&[d.clone(), d.clone(), d], ALL).as_array().unwrap().len(), 3);
        assert_eq!(text(&[], ALL), "[]\n");
    }

    #[test]
    fn ndjson_has_one_line_for_each_document() {
        let mut out = Vec::new();
        stream(&mut out, &[fixture::full(), fixture::empty()], ALL);
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out.lines().count(), 2);
        assert!(out.lines().all(|l| serde_json::from_str::<Value>(l).unwrap().is_object()));
    }

    #[test]
    fn pretty_and_compact_say_the_same_and_pretty_has_a_line_for_each_row() {
        let documents = [fixture::full(), fixture::empty()];
        let pretty = text(&documents, Settings { style: Style::Pretty, cells: true });
        assert_eq!(serde_json::from_str::<Value>(&pretty).unwrap(), value(&documents, ALL));
        let rows: usize = documents.iter().flat_map(|d| &d.tables).map(|t| t.rows.len()).sum();
        let lines = pretty.lines().filter(|l| l.trim_start().starts_with("{\"kind\": \"")).count();
        // the particulars have a `kind` too, but behind the department
        assert_eq!(lines, rows);
    }

    #[test]
    fn a_copy_differs_from_its_original_in_its_path_only() {
        let mut d = fixture::full();
        for style in [Style::Compact, Style::Pretty] {
            let settings = Settings { style, cells: true };
            let mut written = |path: &str, other: &str| {
                d.source.path = path.to_owned();
                d.head.title = Some("\"source\": {\"path\": \"x\"".to_owned());
                let mut out = Vec::new();
                file(&mut out, &[d.clone(), d.clone()], settings);
                (with_path(&out, other).unwrap(), out)
            };
            let (copy, _) = written("a\\\"b.pdf", "三\\.pdf");
            let (_, original) = written("三\\.pdf", "");
            assert_eq!(String::from_utf8(copy).unwrap(), String::from_utf8(original).unwrap());
        }
        assert_eq!(with_path(b"{}", "a"), None);
    }

    #[test]
    fn elements_of_an_array_begin_with_a_comma() {
        let mut out = Vec::new();
        elements(&mut out, &[fixture::empty(), fixture::empty()], ALL);
        let array = format!("[{}]", String::from_utf8(out).unwrap().trim_start_matches(','));
        assert_eq!(serde_json::from_str::<Value>(&array).unwrap().as_array().unwrap().len(), 2);
    }
}
