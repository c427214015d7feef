//! CSV as the dataset writes it → records. What a quoted cell holds may have commas, quotes and line breaks.

use std::collections::BTreeMap;
use std::io::{self, BufRead};

/// Bytes of a record that are read.
const MAX_RECORD: usize = 4 << 20;

/// The records of a file with a header.
pub(super) struct Records<R: BufRead> {
    input: R,
    columns: BTreeMap<String, usize>,
    line: Vec<u8>,
}

/// One record.
pub(super) struct Record<'a> {
    columns: &'a BTreeMap<String, usize>,
    cells: Vec<String>,
}

impl Record<'_> {
    /// The cell of a column; `None` where it is blank or not there.
    pub(super) fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(*self.columns.get(column)?).map(String::as_str).filter(|c| !c.is_empty())
    }

    /// The same as a value.
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn parse<T: std::str::FromStr>(&self, column: &str) -> io::Result<Option<T>> {
        let wrong = |text: &str| io::Error::other(format!("column `{column}`: `{text}` is no value of it"));
        self.get(column).map(|text| text.parse().map_err(|_| wrong(text))).transpose()
    }
}

impl<R: BufRead> Records<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// When it cannot be read, or lacks one of the columns.
    pub(super) fn new(input: R, needed: &[&str]) -> io::Result<Self> {
        let mut out = Self { input, columns: BTreeMap::new(), line: Vec::new() };
        let header = out.cells()?.unwrap_or_default();
        out.columns = header
            .into_iter()
            .zip(0..)
            .map(|(name, n)| (name.trim_start_matches('\u{FEFF}').to_owned(), n))
            .collect();
        match needed.iter().find(|column| !out.columns.contains_key(**column)) {
            Some(column) => {
                Err(io::Error::other(format!("no column `{column}`; hint: make the dataset anew")))
            }
            None => Ok(out),
        }
    }

    /// The next record; `None` at the end.
    ///
    /// # Errors
    /// When it cannot be read, is too long or no UTF-8.
    pub(super) fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        let cells = self.cells()?;
        Ok(cells.map(|cells| Record { columns: &self.columns, cells }))
    }

    fn cells(&mut self) -> io::Result<Option<Vec<String>>> {
        self.line.clear();
        // a line ends a record only outside of quotes: where their number is even
        let mut quotes = 0;
        loop {
            let from = self.line.len();
            let rest = (MAX_RECORD + 1).saturating_sub(from) as u64;
            let read = io::Read::take(&mut self.input, rest).read_until(b'\n', &mut self.line)?;
            if read == 0 || self.line.len() > MAX_RECORD {
                break;
            }
            let read = self.line.get(from..).unwrap_or_default();
            quotes += read.iter().filter(|b| **b == b'"').count();
            if quotes % 2 == 0 {
                break;
            }
        }
        if self.line.len() > MAX_RECORD {
            return Err(io::Error::other(format!("a record of more than {} MB", MAX_RECORD >> 20)));
        }
        if self.line.is_empty() {
            return Ok(None);
        }
        let text = std::str::from_utf8(&self.line).map_err(io::Error::other)?;
        Ok(Some(split(text.trim_end_matches(['\n', '\r']))))
    }
}

/// The cells of a record, without quotes and without the apostrophe that tells spreadsheets that a text is one.
fn split(record: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = record.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(plain(std::mem::take(&mut cell))),
            c => cell.push(c),
        }
    }
    cells.push(plain(cell));
    cells
}

fn plain(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(text) if crate::dataset::is_formula(text) => text.to_owned(),
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn quoted_commas_quotes_and_line_breaks_are_part_of_a_cell() {
        let text = "\u{FEFF}a,b,c\n\"x,\"\"y\"\"\nz\",,'=1\n1,2,3";
        let mut records = Records::new(text.as_bytes(), &["a", "c"]).unwrap();
        let first = records.next().unwrap().unwrap();
        assert_eq!((first.get("a"), first.get("b"), first.get("c")), (Some("x,\"y\"\nz"), None, Some("=1")));
        let second = records.next().unwrap().unwrap();
        assert_eq!(second.parse::<u8>("c").unwrap(), Some(3));
        assert!(records.next().unwrap().is_none());
        assert!(Records::new(&b"a,b\n"[..], &["d"]).is_err());
    }

    #[test]
    fn a_quote_that_never_ends_takes_no_memory_without_bound() {
        let text = format!("a\n\"{}", "x\n".repeat(MAX_RECORD));
        let mut records = Records::new(text.as_bytes(), &["a"]).unwrap();
        assert!(records.next().is_err());
    }
}
