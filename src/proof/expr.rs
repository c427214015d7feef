//! The little language in which identities name amounts: in comes text such as
//! `T1[current_year].total + T1[carryover].total?`, out a tree that the evaluator resolves to cells.
//!
//! ```text
//! sum     = term { ("+" | "-") term }
//! term    = operand { "|" operand }          the first alternative that the document prints
//! operand = ( ref | "(" sum ")" | "$" name ) [ "?" ]     "?": nothing where it is not printed
//! ref     = table [ "[" row "]" ] [ "." column ]  |  column
//! table   = "T" number | "P" | "C" | "N"      see `texts` for the letters
//! column  = id | "'" header "'"               a printed column that the standard lacks, by its last header
//! row     = "total" | "revenue" | "expenditure" | "classes" | "roots" | "projects" | "departments"
//!         | code | [ side ":" ] item-id | "'" project "'" | section "/" item [ "*" ]      the last in `N` and `Q` only; "*": all of that id
//! ```
//! A `ref` without a row means the row at hand (rules by row or by code); one without a column the column at hand.

use crate::document::Side;
use crate::proof::texts;
use rustc_hash::FxHashMap;

/// A sum of printed amounts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    /// Signed operands.
    Sum(Vec<(i8, Expr)>),
    /// The first alternative that the document prints.
    First(Vec<Expr>),
    /// Nothing where the document does not print it.
    Optional(Box<Expr>),
    /// Cells of the document.
    Cells(Reference),
}

/// Names cells of one table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reference {
    /// 1–12; `None` for the table at hand.
    pub(crate) table: Option<u8>,
    /// Which row or rows.
    pub(crate) row: RowRef,
    /// Column id, a printed header in `'`, or the concept (`@carryover`) of columns beside the standard's; `None` for the column at hand.
    pub(crate) column: Option<String>,
}

/// The header of a column that the standard lacks.
pub(crate) fn extra_header(column: &str) -> Option<&str> {
    column.strip_prefix('\'').and_then(|c| c.strip_suffix('\''))
}

/// The concept that columns beside the standard's have to say: `@carryover`.
pub(crate) fn concept_beside(column: &str) -> Option<&str> {
    column.strip_prefix('@')
}

/// Names rows of one table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RowRef {
    /// The row at hand, or the rows with the key at hand.
    Here,
    /// The table's total row; in tables 1 and 4 that of a side.
    Total(Option<Side>),
    /// All class rows of the expenditure side.
    Classes,
    /// Every project row.
    Projects,
    /// Every department row.
    Departments,
    /// The row with this code.
    Code(String),
    /// Figures of the narrative, by section and item.
    Figure(String),
    /// All figures of a section and item that print the column.
    Figures(String),
    /// A fixed line item; without a side the revenue side in tables 1 and 4.
    Item(Option<Side>, String),
    /// The project of this name.
    Project(String),
}

impl Expr {
    /// Calls `f` for every reference, in the order in which they stand.
    pub(crate) fn each_reference<'e>(&'e self, f: &mut impl FnMut(&'e Reference)) {
        match self {
            Expr::Sum(terms) => terms.iter().for_each(|(_, term)| term.each_reference(f)),
            Expr::First(alternatives) => alternatives.iter().for_each(|e| e.each_reference(f)),
            Expr::Optional(inner) => inner.each_reference(f),
            Expr::Cells(reference) => f(reference),
        }
    }
}

/// Deepest nesting of brackets and named terms; also stops named terms that contain themselves.
const MAX_DEPTH: usize = 16;

/// Parses an expression; `terms` are the named terms that `$name` stands for.
///
/// # Errors
/// What is wrong, in words, with the place in the text.
pub(crate) fn parse(text: &str, terms: &FxHashMap<String, String>) -> Result<Expr, String> {
    let mut parser = Parser { text, at: 0, terms, depth: 0 };
    let expr = parser.sum()?;
    parser.skip_space();
    if parser.at < text.len() {
        return Err(parser.error("an operator"));
    }
    Ok(expr)
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    terms: &'t FxHashMap<String, String>,
    depth: usize,
}

impl Parser<'_> {
    fn error(&self, wanted: &str) -> String {
        format!("expected {wanted} at `{}` in `{}`", self.rest(), self.text)
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, mark: char) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(mark);
        if found {
            self.at += mark.len_utf8();
        }
        found
    }

    fn sum(&mut self) -> Result<Expr, String> {
        let mut terms = vec![(1, self.term()?)];
        loop {
            let sign = if self.eat('+') {
                1
            } else if self.eat('-') {
                -1
            } else {
                break;
            };
            terms.push((sign, self.term()?));
        }
        Ok(match terms.pop() {
            Some((1, only)) if terms.is_empty() => only,
            Some(last) => {
                terms.push(last);
                Expr::Sum(terms)
            }
            None => Expr::Sum(terms),
        })
    }

    fn term(&mut self) -> Result<Expr, String> {
        let first = self.operand()?;
        if !self.eat('|') {
            return Ok(first);
        }
        let mut alternatives = vec![first, self.operand()?];
        while self.eat('|') {
            alternatives.push(self.operand()?);
        }
        Ok(Expr::First(alternatives))
    }

    fn operand(&mut self) -> Result<Expr, String> {
        let inner = if self.eat('(') {
            self.nested(|parser| {
                let sum = parser.sum()?;
                if parser.eat(')') { Ok(sum) } else { Err(parser.error("`)`")) }
            })?
        } else if self.eat('$') {
            let name = self.word();
            let Some(text) = self.terms.get(&name) else {
                return Err(format!("unknown term `${name}` in `{}`", self.text));
            };
            let mut inner = Parser { text, at: 0, terms: self.terms, depth: self.depth };
            inner.nested(|parser| {
                let sum = parser.sum()?;
                parser.skip_space();
                if parser.rest().is_empty() { Ok(sum) } else { Err(parser.error("an operator")) }
            })?
        } else {
            Expr::Cells(self.reference()?)
        };
        Ok(if self.eat('?') { Expr::Optional(Box::new(inner)) } else { inner })
    }

    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("`{}` is nested too deeply", self.text));
        }
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn word(&mut self) -> String {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default().to_owned();
        self.at += end;
        word
    }

    fn column(&mut self) -> Result<String, String> {
        let rest = self.rest();
        let word = match rest.strip_prefix('\'') {
            Some(header) => {
                let end = header.find('\'').ok_or_else(|| self.error("a closing `'`"))?;
                let quoted = rest.get(..end + 2).unwrap_or_default().to_owned();
                self.at += end + 2;
                quoted
            }
            None if rest.starts_with('@') => {
                self.at += 1;
                format!("@{}", self.word())
            }
            None => self.word(),
        };
        if word.is_empty() || word == "@" { Err(self.error("a column")) } else { Ok(word) }
    }

    fn reference(&mut self) -> Result<Reference, String> {
        self.skip_space();
        let start = self.at;
        let word = self.word();
        if word.is_empty() {
            return Err(self.error("an amount"));
        }
        let printed = word.strip_prefix('T').and_then(|n| n.parse::<u8>().ok());
        let Some(number) = printed.or_else(|| texts::number(&word)) else {
            return Ok(Reference { table: None, row: RowRef::Here, column: Some(word) });
        };
        if printed.is_some_and(|n| !(1..=12).contains(&n)) {
            self.at = start;
            return Err(self.error("a table T1 … T12"));
        }
        let row = if self.rest().starts_with('[') {
            let rest = self.rest();
            let end = if rest.starts_with("['") { rest.find("']").map(|at| at + 1) } else { rest.find(']') };
            let Some(end) = end else { return Err(self.error("`]`")) };
            let row = row(rest.get(1..end).unwrap_or_default().trim()).ok_or_else(|| {
                self.error("a row: total, revenue, expenditure, classes, a code or an item")
            })?;
            self.at += end + 1;
            row
        } else {
            RowRef::Here
        };
        let column = if self.rest().starts_with('.') {
            self.at += 1;
            Some(self.column()?)
        } else {
            None
        };
        Ok(Reference { table: Some(number), row, column })
    }
}

fn row(text: &str) -> Option<RowRef> {
    if let Some(name) = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')) {
        return (!name.is_empty()).then(|| RowRef::Project(name.to_owned()));
    }
    let is_item =
        |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '_' | '.'));
    if let Some((section, item)) = text.split_once('/') {
        if let Some(item) = item.strip_suffix('*') {
            return (is_item(section) && is_item(item)).then(|| RowRef::Figures(format!("{section}/{item}")));
        }
        return (is_item(section) && is_item(item)).then(|| RowRef::Figure(text.to_owned()));
    }
    Some(match text {
        "total" => RowRef::Total(None),
        "revenue" => RowRef::Total(Some(Side::Revenue)),
        "expenditure" => RowRef::Total(Some(Side::Expenditure)),
        "classes" => RowRef::Classes,
        "projects" => RowRef::Projects,
        "departments" => RowRef::Departments,
        code if matches!(code.len(), 3 | 5 | 7) && code.bytes().all(|b| b.is_ascii_digit()) => {
            RowRef::Code(code.to_owned())
        }
        item => match item.split_once(':') {
            Some(("revenue", item)) if is_item(item) => RowRef::Item(Some(Side::Revenue), item.to_owned()),
            Some(("expenditure", item)) if is_item(item) => {
                RowRef::Item(Some(Side::Expenditure), item.to_owned())
            }
            None if is_item(item) => RowRef::Item(None, item.to_owned()),
            _ => return None,
        },
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn terms() -> FxHashMap<String, String> {
        let terms = [("both", "T1[government_fund].total + T1[state_capital].total?"), ("loop", "$loop")];
        terms.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
    }

    #[test]
    fn references_name_table_row_and_column() {
        for (text, row) in [
            ("T1[total].total", RowRef::Total(None)),
            ("T1[revenue].total", RowRef::Total(Some(Side::Revenue))),
            ("T1[classes].total", RowRef::Classes),
            ("T1[30217].total", RowRef::Code("30217".into())),
            ("T1[carryover.fiscal].total", RowRef::Item(None, "carryover.fiscal".into())),
            (
                "T1[expenditure:current_year].total",
                RowRef::Item(Some(Side::Expenditure), "current_year".into()),
            ),
            ("T1['某项目[二期]（2026 年）'].total", RowRef::Project("某项目[二期]（2026 年）".into())),
            ("T1.total", RowRef::Here),
        ] {
            let column = Some("total".to_owned());
            assert_eq!(
                parse(text, &terms()),
                Ok(Expr::Cells(Reference { table: Some(1), row, column })),
                "{text}"
            );
        }
        let bare = Reference { table: None, row: RowRef::Here, column: Some("basic".into()) };
        assert_eq!(parse("basic", &terms()), Ok(Expr::Cells(bare)));
    }

    #[test]
    fn alternatives_bind_closer_than_sums() {
        let Ok(Expr::Sum(sum)) = parse("basic | (personnel + operating) - project?", &terms()) else {
            panic!()
        };
        assert!(matches!(sum.as_slice(), [(1, Expr::First(_)), (-1, Expr::Optional(_))]));
    }

    #[test]
    fn named_terms_are_put_in() {
        let mut tables = Vec::new();
        parse("$both + T2[total].total", &terms()).unwrap().each_reference(&mut |r| tables.push(r.table));
        assert_eq!(tables, [Some(1), Some(1), Some(2)]);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, what) in [
            ("", "an amount"),
            ("basic +", "an amount"),
            ("(basic", "`)`"),
            ("basic project", "an operator"),
            ("T13.total", "T1 … T12"),
            ("T1[total.total", "`]`"),
            ("T1[total].'预算数", "a closing"),
            ("T1[total].", "a column"),
            ("T1[Total].total", "a row"),
            ("$none", "$none"),
            ("$loop", "too deeply"),
        ] {
            let error = parse(text, &terms()).unwrap_err();
            assert!(error.contains(what), "{text}: {error}");
        }
        assert!(parse(&"(".repeat(10_000), &terms()).is_err());
    }
}
