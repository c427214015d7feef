//! Expressions of the identities' file, checked: they name only tables, rows and columns that there are.

use crate::proof::expr::{self, Expr, Reference, RowRef};
use rustc_hash::FxHashMap;
use serde::Deserialize;

/// The key that is wrong, and why.
pub(crate) type Mistake = (&'static str, String);

/// One text or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// The value, or the mistake that there is none.
pub(crate) fn needed<T>(key: &'static str, value: Option<T>) -> Result<T, Mistake> {
    value.ok_or((key, "is missing".into()))
}

/// What expressions may name.
pub(crate) struct Scope<'r> {
    pub(crate) terms: &'r FxHashMap<String, String>,
    pub(crate) tables: &'r FxHashMap<u8, Vec<String>>,
}

impl Scope<'_> {
    /// An expression over the columns of one row.
    pub(crate) fn row_expr(
        &self,
        key: &'static str,
        text: Option<&str>,
        tables: &[u8],
    ) -> Result<Expr, Mistake> {
        let expr = expr::parse(needed(key, text)?, self.terms).map_err(|cause| (key, cause))?;
        let tables = needed("tables", Some(tables).filter(|t| !t.is_empty()))?;
        let mut mistake = None;
        expr.each_reference(&mut |reference| {
            if reference.table.is_some() {
                mistake = Some("a rule by row names columns only".to_owned());
            }
            for &table in tables {
                mistake = mistake.take().or_else(|| self.unknown_column(table, reference.column.as_deref()));
            }
        });
        mistake.map_or(Ok(expr), |cause| Err((key, cause)))
    }

    /// An expression over cells of any table.
    pub(crate) fn expr(
        &self,
        key: &'static str,
        text: Option<&str>,
        columns: &[String],
    ) -> Result<Expr, Mistake> {
        let expr = expr::parse(needed(key, text)?, self.terms).map_err(|cause| (key, cause))?;
        let mut mistake = None;
        expr.each_reference(&mut |reference| {
            if mistake.is_none() {
                mistake = self.unknown(reference, columns);
            }
        });
        mistake.map_or(Ok(expr), |cause| Err((key, cause)))
    }

    pub(crate) fn alternatives(
        &self,
        right: Option<OneOrMore>,
        columns: &[String],
    ) -> Result<Vec<Expr>, Mistake> {
        match needed("right", right)? {
            OneOrMore::One(text) => Ok(vec![self.expr("right", Some(&text), columns)?]),
            OneOrMore::More(texts) if texts.is_empty() => Err(("right", "is empty".into())),
            OneOrMore::More(texts) => texts.iter().map(|t| self.expr("right", Some(t), columns)).collect(),
        }
    }

    fn unknown(&self, reference: &Reference, columns: &[String]) -> Option<String> {
        let Some(table) = reference.table else {
            return Some(format!("`{}` names no table", reference.column.as_deref().unwrap_or_default()));
        };
        match (&reference.column, columns) {
            (None, []) => Some(format!("T{table} names no column, and the identity has no `columns`")),
            (None, columns) => columns.iter().find_map(|c| self.unknown_column(table, Some(c))),
            (Some(column), _) => self.unknown_column(table, Some(column)),
        }
        .or_else(|| match (&reference.row, table) {
            (RowRef::Total(side), 1 | 4) if side.is_none() => {
                Some(format!("T{table} has a total on each side: write `revenue` or `expenditure`"))
            }
            (RowRef::Total(Some(_)), n) if n != 1 && n != 4 => {
                Some(format!("T{n} has no sides: write `total`"))
            }
            (RowRef::Item(_, item), n) if crate::schema::item_id(item).is_none() => Some(format!(
                "T{n} has no row `{item}`: write total, classes, projects, departments, a code or an item id"
            )),
            _ => None,
        })
    }

    fn unknown_column(&self, table: u8, column: Option<&str>) -> Option<String> {
        let column = column.filter(|c| expr::extra_header(c).is_none())?;
        if let Some(concept) = expr::concept_beside(column) {
            let known = crate::schema::concepts::lexicon().concept(concept).is_some();
            return (!known).then(|| format!("no concept is called `{concept}`"));
        }
        let known = self.tables.get(&table)?;
        (!known.iter().any(|c| c == column)).then(|| format!("table {table} has no column `{column}`"))
    }
}
