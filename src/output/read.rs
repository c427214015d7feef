//! Emitted JSON → documents: what `json` writes, read back with every digit. Keys that the proof does not need
//! (other tables) are left out.

use super::tree::{self, Tree};
use super::{narrative, performance};
use crate::document::{
    Amount, Cause, Coverage, Document, Finding, Head, Kind, Level, Outcome, PageCoverage, Place, Proof, Raw,
    Row, RowKind, Scope, Severity, Side, SourceInfo, Status, Table, Unit, exact,
};
use crate::error::Error;
use crate::geometry::Rect;
use crate::schema;
use rust_decimal::Decimal;
use serde_json::value::RawValue;

/// Whether these bytes are JSON (of whatever kind) rather than a PDF.
pub fn looks_like_json(bytes: &[u8]) -> bool {
    matches!(
        bytes.iter().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xEF | 0xBB | 0xBF)),
        Some(b'{' | b'[')
    )
}

/// The documents of an emitted file: one object, an array, or one object a line.
///
/// # Errors
/// [`Error::Json`] with line and column, or with the key that is missing or no value of the contract.
pub fn documents(bytes: &[u8]) -> Result<Vec<Document>, Error> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut out = Vec::new();
    for raw in serde_json::Deserializer::from_slice(bytes).into_iter::<&RawValue>() {
        let raw = raw.map_err(|e| Error::Json { cause: e.to_string() })?;
        let value = Tree::new(raw).map_err(|e| Error::Json { cause: tree::cause(&e) })?;
        match value.as_array() {
            Some(all) => {
                for (i, value) in all.iter().enumerate() {
                    out.push(document(At { value, path: format!("[{i}]") })?);
                }
            }
            None => out.push(document(At { value: &value, path: String::new() })?),
        }
    }
    Ok(out)
}

/// A value and where it stands.
struct At<'v> {
    value: &'v Tree<'v>,
    path: String,
}

impl<'v> At<'v> {
    fn error(&self, what: &str) -> Error {
        let path = if self.path.is_empty() { "the document" } else { self.path.trim_start_matches('.') };
        Error::Json { cause: format!("{path}: {what}") }
    }

    fn get(&self, key: &str) -> Result<At<'v>, Error> {
        match self.value.get(key) {
            Some(value) => Ok(At { value, path: format!("{}.{key}", self.path) }),
            None => Err(self.error(&format!("key `{key}` is missing"))),
        }
    }

    fn items(&self) -> Result<impl Iterator<Item = At<'v>>, Error> {
        let Some(items) = self.value.as_array() else { return Err(self.error("should be an array")) };
        let path = self.path.clone();
        Ok(items.iter().enumerate().map(move |(i, value)| At { value, path: format!("{path}[{i}]") }))
    }

    fn fields(&self) -> Result<&'v [(String, Tree<'v>)], Error> {
        self.value.as_object().ok_or_else(|| self.error("should be an object"))
    }

    /// Text or null.
    fn text(&self) -> Result<Option<String>, Error> {
        if self.value.is_null() {
            return Ok(None);
        }
        self.value.as_str().map(|text| Some(text.to_owned())).ok_or_else(|| self.error("should be a text"))
    }

    fn uint<T: TryFrom<u64>>(&self) -> Result<Option<T>, Error> {
        if self.value.is_null() {
            return Ok(None);
        }
        let number = self.value.as_u64().and_then(|n| T::try_from(n).ok());
        number.map(Some).ok_or_else(|| self.error("should be a whole number"))
    }

    fn decimal(&self) -> Result<Option<Decimal>, Error> {
        if self.value.is_null() {
            return Ok(None);
        }
        let number = self.value.as_number();
        let text = number.ok_or_else(|| self.error("an amount should be a number or null"))?;
        exact::parse(text).map(Some).ok_or_else(|| self.error(&format!("`{text}` is no amount")))
    }

    /// One of the contract's words.
    fn word<T: Copy>(&self, words: &[(&str, T)]) -> Result<T, Error> {
        self.value
            .as_str()
            .and_then(|w| words.iter().find(|(word, _)| *word == w))
            .map(|(_, t)| *t)
            .ok_or_else(|| {
                let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                self.error(&format!("{} is none of {}", self.value.text, known.join(", ")))
            })
    }

    fn optional_word<T: Copy>(&self, words: &[(&str, T)]) -> Result<Option<T>, Error> {
        if self.value.is_null() { Ok(None) } else { self.word(words).map(Some) }
    }

    fn rect(&self) -> Result<Option<Rect>, Error> {
        if self.value.is_null() {
            return Ok(None);
        }
        let mut sides = [0f32; 4];
        let values =
            self.value.as_array().filter(|a| a.len() == 4).ok_or_else(|| self.error("should be a box"))?;
        for (side, value) in sides.iter_mut().zip(values) {
            *side = value.text.parse().map_err(|_| self.error("should be a box"))?;
        }
        let [x0, y0, x1, y1] = sides;
        Ok(Some(Rect { x0, y0, x1, y1 }))
    }
}

fn document(at: At) -> Result<Document, Error> {
    let head = at.get("document")?;
    let source = at.get("source")?;
    let mut out = Document {
        head: Head {
            department: head.get("department")?.text()?,
            fiscal_year: head.get("fiscal_year")?.uint()?,
            title: head.get("title")?.text()?,
            kind: head
                .get("kind")?
                .word(&[("budget", Kind::Budget), ("final_account", Kind::FinalAccount)])?,
            scope: head.get("scope")?.word(&[("department", Scope::Department), ("unit", Scope::Unit)])?,
            layout: head.get("layout")?.text()?.unwrap_or_default(),
            layout_score: head.get("layout_score")?.uint()?.unwrap_or(0),
            published_on: head.get("published_on")?.text()?,
            status: outcome(&head.get("status")?)?,
        },
        source: SourceInfo {
            path: source.get("path")?.text()?.unwrap_or_default(),
            sha256: source.get("sha256")?.text()?.unwrap_or_default(),
            bytes: source.get("bytes")?.uint()?.unwrap_or(0),
            pages: source.get("pages")?.uint()?.unwrap_or(0),
            producer: source.get("producer")?.text()?,
            part: source.get("part")?.uint()?.unwrap_or(1),
            parts: source.get("parts")?.uint()?.unwrap_or(1),
        },
        narrative: narrative::read(at.get("narrative")?.value)?,
        performance: performance::read(at.get("performance")?.value)?,
        ..Document::default()
    };
    out.proof = proof(&at.get("proof")?)?;
    for page in at.get("proof")?.get("pages")?.items()? {
        let number = page.get("page")?.uint()?.unwrap_or(0);
        out.coverage.push(PageCoverage { page: number, amounts: coverage(&page)? });
    }
    let tables = at.get("tables")?;
    for (number, table_at) in (1u8..).zip(tables.items()?) {
        if table_at.get("number")?.uint()? != Some(number) {
            return Err(table_at.error(&format!("should be table {number}")));
        }
        out.tables.push(table(&table_at, number)?);
    }
    if out.tables.len() != 12 {
        return Err(tables.error("should be the twelve tables"));
    }
    for f in at.get("findings")?.items()? {
        out.findings.push(finding(&f)?);
    }
    Ok(out)
}

fn outcome(at: &At) -> Result<Outcome, Error> {
    at.word(&[
        ("complete", Outcome::Complete),
        ("partial", Outcome::Partial),
        ("scan", Outcome::Scan),
        ("nothing", Outcome::Nothing),
    ])
}

fn coverage(at: &At) -> Result<Coverage, Error> {
    let count = |key: &str| -> Result<u32, Error> { Ok(at.get(key)?.uint()?.unwrap_or(0)) };
    Ok(Coverage { printed: count("printed")?, placed: count("placed")? })
}

fn proof(at: &At) -> Result<Proof, Error> {
    let count = |key: &str| -> Result<u32, Error> { Ok(at.get(key)?.uint()?.unwrap_or(0)) };
    Ok(Proof {
        printed: count("printed")?,
        placed: count("placed")?,
        amounts: count("amounts")?,
        proved: count("proved")?,
        identities: count("identities")?,
        exact: count("exact")?,
        rounding: count("rounding")?,
        inconsistent: count("inconsistent")?,
        not_checked: count("not_checked")?,
    })
}

fn table(at: &At, number: u8) -> Result<Table, Error> {
    let def = schema::standard().tables.iter().find(|t| t.number == number);
    let mut out = Table {
        number,
        id: def.map_or("", |d| d.id),
        title: at.get("title")?.text()?.unwrap_or_default(),
        status: at.get("status")?.word(&[
            ("filled", Status::Filled),
            ("declared_empty", Status::DeclaredEmpty),
            ("missing", Status::Missing),
            ("unreadable", Status::Unreadable),
        ])?,
        source_unit: at.get("source_unit")?.optional_word(&[
            ("元", Unit::Yuan),
            ("千元", Unit::ThousandYuan),
            ("万元", Unit::Wan),
            ("亿元", Unit::Yi),
        ])?,
        ..Table::default()
    };
    out.coverage = coverage(at)?;
    for page in at.get("pages")?.items()? {
        out.pages.extend(page.uint::<u32>()?);
    }
    for note in at.get("notes")?.items()? {
        out.notes.extend(note.text()?);
    }
    for r in at.get("rows")?.items()? {
        out.rows.push(row(&r, number)?);
    }
    Ok(out)
}

fn row(at: &At, number: u8) -> Result<Row, Error> {
    let mut out = Row {
        kind: at.get("kind")?.word(&[
            ("item", RowKind::Item),
            ("project", RowKind::Project),
            ("department", RowKind::Department),
            ("total", RowKind::Total),
        ])?,
        code: at.get("code")?.text()?,
        level: at.get("level")?.optional_word(&[
            ("class", Level::Class),
            ("section", Level::Section),
            ("item", Level::Item),
        ])?,
        name: at.get("name")?.text()?,
        project: at.get("project")?.text()?,
        side: at
            .get("side")?
            .optional_word(&[("revenue", Side::Revenue), ("expenditure", Side::Expenditure)])?,
        page: at.get("page")?.uint()?.unwrap_or(0),
        bbox: at.get("bbox")?.rect()?.unwrap_or_default(),
        ..Row::default()
    };
    let item = at.get("item")?;
    if let Some(id) = item.text()? {
        let known = schema::item_id(&id).ok_or_else(|| item.error(&format!("unknown line item `{id}`")))?;
        out.item = Some(known);
    }
    if let Some(raw) = at.value.get("raw").and_then(Tree::as_object) {
        for (key, printed) in raw {
            let text = |v: &Tree| v.as_str().unwrap_or_default().to_owned();
            let printed = match printed.as_array() {
                Some(parts) => Raw::Parts(parts.iter().map(text).collect()),
                None => Raw::Text(text(printed)),
            };
            out.raw.push((key.clone(), printed));
        }
    }
    let amounts = at.get("amounts")?;
    for (key, _) in amounts.fields()? {
        let id = schema::column_id(number, key)
            .ok_or_else(|| amounts.error(&format!("`{key}` is no column of table {number}")))?;
        out.amounts.push((id, amount(at, &amounts.get(key)?, key, &out)?));
    }
    let extra = at.get("extra")?;
    for (key, _) in extra.fields()? {
        if let Some(amount) = amount(at, &extra.get(key)?, key, &out)? {
            out.extra.push((key.clone(), amount));
        }
    }
    Ok(out)
}

/// The amount with its own place where `cells` tell it, else with its row's.
fn amount(row_at: &At, at: &At, key: &str, row: &Row) -> Result<Option<Amount>, Error> {
    let Some(value) = at.decimal()? else { return Ok(None) };
    let cell = row_at.value.get("cells").and_then(|c| c.get(key));
    let cell_box = cell.and_then(|c| c.get("bbox")).map(|value| At { value, path: String::new() }.rect());
    let printed = row.raw.iter().find(|(k, _)| k == key).map(|(_, raw)| raw);
    let text = match (cell.and_then(|c| c.get("text")).and_then(Tree::as_str), printed) {
        (Some(text), _) => text.to_owned(),
        (None, Some(Raw::Text(text))) => text.clone(),
        _ => value.to_string(),
    };
    let number = |key| -> Option<u32> { cell?.get(key)?.as_u64()?.try_into().ok() };
    Ok(Some(Amount {
        value,
        text,
        page: number("page").unwrap_or(row.page),
        bbox: cell_box.transpose()?.flatten().unwrap_or(row.bbox),
        proved_by: number("proved_by").unwrap_or(0),
        second: cell.and_then(|c| c.get("second_reader")).and_then(Tree::as_bool),
        ..Amount::default()
    }))
}

fn finding(at: &At) -> Result<Finding, Error> {
    let mut out = Finding {
        rule: at.get("rule")?.text()?.unwrap_or_default(),
        severity: at.get("severity")?.word(&[
            ("info", Severity::Info),
            ("warning", Severity::Warning),
            ("error", Severity::Error),
        ])?,
        message: at.get("message")?.text()?.unwrap_or_default(),
        place: place(at)?,
        expected: at.get("expected")?.decimal()?,
        actual: at.get("actual")?.decimal()?,
        difference: at.get("difference")?.decimal()?,
        cause: at.get("cause")?.optional_word(&[
            ("source", Cause::Source),
            ("extraction", Cause::Extraction),
            ("undecided", Cause::Undecided),
        ])?,
        ..Finding::default()
    };
    for other in at.get("others")?.items()? {
        out.others.push(place(&other)?);
    }
    Ok(out)
}

fn place(at: &At) -> Result<Place, Error> {
    Ok(Place {
        table: at.get("table")?.uint()?,
        row: at.get("row")?.text()?,
        column: at.get("column")?.text()?,
        page: at.get("page")?.uint()?,
        bbox: at.get("bbox")?.rect()?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{fixture, json};
    use super::*;

    fn emitted() -> String {
        let mut out = Vec::new();
        json::file(&mut out, &[fixture::full()], json::Settings::default());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back_with_every_digit() {
        let (written, read) = (fixture::full(), documents(emitted().as_bytes()).unwrap().remove(0));
        let values = |d: &Document| -> Vec<String> {
            let rows = d.tables.iter().flat_map(|t| &t.rows);
            rows.flat_map(|r| &r.amounts)
                .map(|(c, a)| format!("{c} {:?}", a.as_ref().map(|a| a.value)))
                .collect()
        };
        assert_eq!(values(&written), values(&read));
        assert_eq!(written.findings.len(), read.findings.len());
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let message = |text: &str| documents(text.as_bytes()).unwrap_err().to_string();
        assert!(message("{\"document\": 1").contains("line 1"));
        assert!(message("{}").contains("`document` is missing"));
        let text = emitted().replacen("\"basic\"", "\"basis\"", 1);
        assert!(
            message(&text).contains("tables[2].rows[0].amounts: `basis` is no column of table 3"),
            "{}",
            message(&text)
        );
    }
}
