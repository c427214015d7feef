//! Rows → CSV (RFC 4180, UTF-8, `\n`). A text that a spreadsheet would run as a formula stands behind an apostrophe, as
//! spreadsheets themselves mark a text; numbers are left alone.

use super::cell::{Cell, Rows};
use super::fields::Field;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// Collected before they are written, in bytes.
const BUFFER: usize = 64 << 10;

/// A CSV file under construction.
pub(crate) struct Csv<W: Write> {
    out: W,
    line: Vec<u8>,
    hash: Sha256,
    /// Bytes so far.
    bytes: u64,
    /// Rows so far, without the header.
    rows: u64,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// SHA-256, lower-case hexadecimal.
    pub(crate) sha256: String,
    /// Size.
    pub(crate) bytes: u64,
    /// Rows without the header.
    pub(crate) rows: u64,
}

impl<W: Write> Csv<W> {
    /// Begins a file with its header. `mark` puts a byte order mark before it, which some spreadsheets need to
    /// recognize UTF-8.
    pub(crate) fn new(out: W, fields: &[Field], mark: bool) -> Self {
        let mut line = Vec::with_capacity(BUFFER + 4096);
        if mark {
            line.extend_from_slice(b"\xEF\xBB\xBF");
        }
        for (n, field) in fields.iter().enumerate() {
            if n > 0 {
                line.push(b',');
            }
            line.extend_from_slice(field.name.as_bytes());
        }
        line.push(b'\n');
        Self { out, line, hash: Sha256::new(), bytes: 0, rows: 0 }
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn finish(mut self) -> io::Result<(W, Written)> {
        self.drain()?;
        self.out.flush()?;
        let sha256 = self.hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
        Ok((self.out, Written { sha256, bytes: self.bytes, rows: self.rows }))
    }

    fn drain(&mut self) -> io::Result<()> {
        self.hash.update(&self.line);
        self.bytes += self.line.len() as u64;
        self.out.write_all(&self.line)?;
        self.line.clear();
        Ok(())
    }
}

impl<W: Write> Rows for Csv<W> {
    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        for (n, cell) in cells.iter().enumerate() {
            if n > 0 {
                self.line.push(b',');
            }
            match cell {
                Cell::Blank => {}
                Cell::Text(text) => put(text, &mut self.line),
                // writing into a Vec cannot fail
                Cell::Integer(n) => drop(write!(self.line, "{n}")),
                Cell::Amount(d) => drop(write!(self.line, "{d}")),
                Cell::Flag(b) => self.line.extend_from_slice(if *b { b"true" } else { b"false" }),
            }
        }
        self.line.push(b'\n');
        self.rows += 1;
        if self.line.len() >= BUFFER { self.drain() } else { Ok(()) }
    }
}

/// A text cell, quoted where it has to be. An empty text is told from nothing by its quotes.
fn put(text: &str, line: &mut Vec<u8>) {
    let defuse = is_formula(text);
    let quote = text.is_empty() || text.contains(['"', ',', '\n', '\r']);
    if quote {
        line.push(b'"');
    }
    if defuse {
        line.push(b'\'');
    }
    for byte in text.bytes() {
        if byte == b'"' {
            line.push(b'"');
        }
        line.push(byte);
    }
    if quote {
        line.push(b'"');
    }
}

/// Whether a spreadsheet may run a text: it begins with a formula's first character (wide ones too), perhaps after
/// white space.
pub(crate) fn is_formula(text: &str) -> bool {
    let first = text.trim_start().chars().next();
    matches!(first, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'))
        || text.starts_with(['\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::fields::{Field, Kind};
    use super::*;
    use rust_decimal::Decimal;

    const FIELDS: &[Field] = &[
        Field { name: "a", kind: Kind::Text, required: false, about: "", fiscal: None },
        Field { name: "b", kind: Kind::Amount, required: false, about: "", fiscal: None },
    ];

    fn csv(mark: bool, rows: &[[Cell; 2]]) -> (String, Written) {
        let mut csv = Csv::new(Vec::new(), FIELDS, mark);
        rows.iter().for_each(|r| csv.row(r).unwrap());
        let (out, written) = csv.finish().unwrap();
        (String::from_utf8(out).unwrap(), written)
    }

    #[test]
    fn a_text_that_a_spreadsheet_would_run_is_defused_but_a_negative_amount_is_not() {
        let amount = Cell::Amount(Decimal::new(-14950, 2));
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "\t=1", " =1", "\r=1"] {
            let (out, _) = csv(false, &[[Cell::Text(text), amount]]);
            let cell = out.split_once('\n').unwrap().1.trim_start_matches('"');
            assert!(cell.starts_with('\''), "{out:?}");
            assert!(out.ends_with(",-149.50\n"), "{out:?}");
        }
    }

    #[test]
    fn commas_quotes_and_line_breaks_are_quoted() {
        let (out, _) = csv(false, &[[Cell::Text("a,\"b\"\nc"), Cell::Blank], [Cell::Text(""), Cell::Blank]]);
        assert_eq!(out, "a,b\n\"a,\"\"b\"\"\nc\",\n\"\",\n");
    }

    #[test]
    fn printed_digits_stay() {
        let (out, _) = csv(false, &[[Cell::Text("三公"), Cell::Amount(Decimal::new(4300, 2))]]);
        assert_eq!(out, "a,b\n三公,43.00\n");
    }

    #[test]
    fn size_and_hash_are_those_of_the_bytes() {
        let (out, written) = csv(true, &[[Cell::Blank, Cell::Blank]]);
        assert_eq!(out, "\u{feff}a,b\n,\n");
        assert_eq!((written.bytes, written.rows), (9, 1));
        let hash: String = Sha256::digest(out.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(written.sha256, hash);
    }
}
