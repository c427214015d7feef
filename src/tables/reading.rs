//! What a grid was taken for, in words: for `yusuan explain FILE`.

use super::identify::{Candidate, Evidence};
use super::join::{Found, Part};
use crate::schema::{self, Role};
use serde::Serialize;
use std::fmt;

/// What one table of a file was taken for.
#[derive(Clone, Debug, Serialize)]
pub struct Reading {
    /// Pages that it stands on, from 1.
    pub pages: Vec<u32>,
    /// Its title as printed.
    pub title: Option<String>,
    /// Which of the twelve it is.
    pub table: Option<u8>,
    /// Which kind of table beside the twelve its title names.
    pub kind: Option<&'static str>,
    /// All readings as one of the twelve, the best first, each with what speaks for it.
    pub candidates: Vec<Weighed>,
    /// Each column: its header, and what it was taken for.
    pub columns: Vec<(String, String)>,
}

/// A reading and what speaks for it, in points.
#[derive(Clone, Debug, Serialize)]
pub struct Weighed {
    /// Which of the twelve.
    pub table: u8,
    /// The sum.
    pub points: f32,
    /// What the title says.
    pub title: f32,
    /// How well the columns fit.
    pub headers: f32,
    /// What bands over all amounts say.
    pub bands: f32,
    /// What codes and names of rows say.
    pub content: f32,
    /// What the label's number says.
    pub number: f32,
}

impl Reading {
    /// What was decided about a table.
    pub fn of(found: &Found) -> Self {
        let mut pages: Vec<u32> = found.parts.iter().map(Part::page).collect();
        pages.dedup();
        let columns = found.mapping.iter().flat_map(|m| &m.columns);
        let columns = columns.map(|c| (c.path.join(), c.item.map_or_else(|| role(c.role), str::to_owned)));
        let kind = if found.mapping.is_none() { found.identity.kind().map(|k| k.id.as_str()) } else { None };
        Self {
            pages,
            title: found.caption.title.clone(),
            table: found.mapping.as_ref().map(|m| m.number),
            kind,
            candidates: found.identity.candidates.iter().map(weighed).collect(),
            columns: columns.collect(),
        }
    }
}

fn weighed(candidate: &Candidate) -> Weighed {
    let evidence @ Evidence { title, headers, bands, content, number } = candidate.evidence;
    Weighed {
        table: candidate.mapping.number,
        points: evidence.sum(),
        title,
        headers,
        bands,
        content,
        number,
    }
}

fn role(role: Option<Role>) -> String {
    match role {
        None => "extra".to_owned(),
        Some(Role::Amount(id)) => id.to_owned(),
        Some(other) => format!("{other:?}").to_lowercase(),
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pages: Vec<String> = self.pages.iter().map(u32::to_string).collect();
        let title = self.title.as_deref().unwrap_or("(no title)");
        writeln!(f, "page {}: {title}", pages.join(", "))?;
        match (self.table, self.kind) {
            (Some(number), _) => {
                let name = schema::table(number).map_or("", |t| t.title);
                writeln!(f, "  taken for table {number} {name}")?;
            }
            (None, Some(kind)) => writeln!(f, "  none of the twelve: {kind}")?,
            (None, None) => writeln!(f, "  not understood")?,
        }
        for w in &self.candidates {
            writeln!(
                f,
                "  table {:<2} {:>5.2} points: title {:+.2}, columns {:+.2}, bands {:+.2}, content {:+.2}, number {:+.2}",
                w.table, w.points, w.title, w.headers, w.bands, w.content, w.number
            )?;
        }
        for (header, role) in &self.columns {
            writeln!(f, "    {header} → {role}")?;
        }
        Ok(())
    }
}
