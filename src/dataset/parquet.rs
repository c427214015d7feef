//! Rows → Parquet: texts as dictionaries, amounts as 128-bit decimals, dates as dates. Row groups are written as they
//! fill, so memory does not grow with the number of rows.

use super::cell::{Cell, Rows};
use super::fields::{Field, Kind};
use parquet::basic::Compression;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

/// Rows of a row group.
const GROUP: usize = 1 << 16;

/// Digits behind the point of every amount. 元 with two places are 万元 with six; two more are to spare.
pub(crate) const SCALE: u32 = 8;

/// Digits of an amount.
const PRECISION: u32 = 38;

/// A Parquet file under construction.
pub(crate) struct Parquet<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Column>,
    rows: usize,
    group: usize,
    /// Amounts that have more decimal places than [`SCALE`]: left blank, never rounded.
    pub(crate) too_fine: u64,
}

/// The values of one column in the current row group; one definition level for each row.
struct Column {
    required: bool,
    levels: Vec<i16>,
    values: Values,
}

enum Values {
    Text { pool: Pool, codes: Vec<u32> },
    Integer(Vec<i64>),
    Amount(Vec<i128>),
    Flag(Vec<bool>),
    Date(Vec<i32>),
}

/// Each text once.
#[derive(Default)]
struct Pool {
    texts: Vec<ByteArray>,
    codes: FxHashMap<Box<str>, u32>,
}

impl Pool {
    fn code(&mut self, text: &str) -> u32 {
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        let code = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(ByteArray::from(text));
        self.codes.insert(text.into(), code);
        code
    }
}

impl<W: Write + Send> Parquet<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// When its first bytes cannot be written.
    pub(crate) fn new(out: W, name: &str, fields: &[Field]) -> io::Result<Self> {
        Self::with_group(out, name, fields, GROUP)
    }

    fn with_group(out: W, name: &str, fields: &[Field], group: usize) -> io::Result<Self> {
        let schema = Arc::new(parse_message_type(&message_type(name, fields)).map_err(error)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("yusuan ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let writer = SerializedFileWriter::new(out, schema, Arc::new(properties)).map_err(error)?;
        let columns = fields
            .iter()
            .map(|f| Column { required: f.required, levels: Vec::new(), values: Values::of(f.kind) })
            .collect();
        Ok(Self { writer, columns, rows: 0, group, too_fine: 0 })
    }

    /// Writes what is left and the footer.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.drain()?;
        self.writer.into_inner().map_err(error)
    }

    fn drain(&mut self) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group().map_err(error)?;
        for column in &mut self.columns {
            let Some(mut out) = group.next_column().map_err(error)? else { break };
            column.write(out.untyped()).map_err(error)?;
            out.close().map_err(error)?;
        }
        group.close().map_err(error)?;
        self.rows = 0;
        Ok(())
    }
}

impl<W: Write + Send> Rows for Parquet<W> {
    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            if !column.push(cell) {
                self.too_fine += 1;
            }
        }
        self.rows += 1;
        if self.rows >= self.group { self.drain() } else { Ok(()) }
    }
}

impl Values {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Text => Values::Text { pool: Pool::default(), codes: Vec::new() },
            Kind::Integer => Values::Integer(Vec::new()),
            Kind::Amount | Kind::Percent | Kind::Number => Values::Amount(Vec::new()),
            Kind::Flag => Values::Flag(Vec::new()),
            Kind::Date => Values::Date(Vec::new()),
        }
    }
}

impl Column {
    /// Takes a cell; `false` when an amount does not fit.
    fn push(&mut self, cell: &Cell) -> bool {
        let mut fits = true;
        let is_there = match (&mut self.values, cell) {
            (Values::Text { pool, codes }, Cell::Text(text)) => {
                codes.push(pool.code(text));
                true
            }
            (Values::Integer(values), Cell::Integer(n)) => {
                values.push(*n);
                true
            }
            (Values::Amount(values), Cell::Amount(d)) => {
                let scaled = scaled(d);
                fits = scaled.is_some();
                values.extend(scaled);
                fits
            }
            (Values::Flag(values), Cell::Flag(b)) => {
                values.push(*b);
                true
            }
            (Values::Date(values), Cell::Text(date)) => {
                let days = days(date);
                values.extend(days);
                days.is_some()
            }
            _ => false,
        };
        self.levels.push(i16::from(is_there));
        fits
    }

    fn write(&mut self, out: &mut ColumnWriter) -> Result<(), ParquetError> {
        let levels = (!self.required).then_some(self.levels.as_slice());
        match (&mut self.values, out) {
            (Values::Text { pool, codes }, ColumnWriter::ByteArrayColumnWriter(out)) => {
                let texts: Vec<ByteArray> =
                    codes.iter().filter_map(|c| pool.texts.get(*c as usize).cloned()).collect();
                out.write_batch(&texts, levels, None)?;
                codes.clear();
                *pool = Pool::default();
            }
            (Values::Integer(values), ColumnWriter::Int64ColumnWriter(out)) => {
                out.write_batch(values, levels, None)?;
                values.clear();
            }
            (Values::Amount(values), ColumnWriter::FixedLenByteArrayColumnWriter(out)) => {
                let bytes: Vec<FixedLenByteArray> =
                    values.iter().map(|v| FixedLenByteArray::from(v.to_be_bytes().to_vec())).collect();
                out.write_batch(&bytes, levels, None)?;
                values.clear();
            }
            (Values::Flag(values), ColumnWriter::BoolColumnWriter(out)) => {
                out.write_batch(values, levels, None)?;
                values.clear();
            }
            (Values::Date(values), ColumnWriter::Int32ColumnWriter(out)) => {
                out.write_batch(values, levels, None)?;
                values.clear();
            }
            _ => return Err(ParquetError::General("a column is not of its field's type".to_owned())),
        }
        self.levels.clear();
        Ok(())
    }
}

/// The amount in units of the last of [`SCALE`] places; `None` where it has more places.
fn scaled(amount: &Decimal) -> Option<i128> {
    let amount = if amount.scale() > SCALE { amount.normalize() } else { *amount };
    let factor = 10i128.checked_pow(SCALE.checked_sub(amount.scale())?)?;
    amount.mantissa().checked_mul(factor)
}

/// Days from 1970-01-01 to an ISO date.
fn days(date: &str) -> Option<i32> {
    let mut parts = date.splitn(3, '-').map(|p| p.parse::<i32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // years that begin in March, so that the leap day is the last of its year
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468)
}

fn message_type(name: &str, fields: &[Field]) -> String {
    let mut text = format!("message {name} {{\n");
    for f in fields {
        let presence = if f.required { "required" } else { "optional" };
        let _ = match f.kind {
            Kind::Text => writeln!(text, "{presence} binary {} (UTF8);", f.name),
            Kind::Integer => writeln!(text, "{presence} int64 {};", f.name),
            Kind::Amount | Kind::Percent | Kind::Number => writeln!(
                text,
                "{presence} fixed_len_byte_array(16) {} (DECIMAL({PRECISION},{SCALE}));",
                f.name
            ),
            Kind::Flag => writeln!(text, "{presence} boolean {};", f.name),
            Kind::Date => writeln!(text, "{presence} int32 {} (DATE);", f.name),
        };
    }
    text.push('}');
    text
}

fn error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(cause) => *cause,
            Err(cause) => io::Error::other(cause),
        },
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use bytes::Bytes;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field as Value;

    const fn field(name: &'static str, kind: Kind, required: bool) -> Field {
        Field { name, kind, required, about: "", fiscal: None }
    }

    const FIELDS: &[Field] = &[
        field("t", Kind::Text, true),
        field("n", Kind::Integer, false),
        field("a", Kind::Amount, false),
        field("b", Kind::Flag, true),
        field("d", Kind::Date, false),
    ];

    #[test]
    fn values_are_read_back_over_several_row_groups() {
        let mut out = Parquet::with_group(Vec::new(), "x", FIELDS, 2).unwrap();
        let amount = |s: &str| Cell::Amount(s.parse().unwrap());
        let rows = [
            [
                Cell::Text("三公"),
                Cell::Integer(-1),
                amount("-149.50"),
                Cell::Flag(true),
                Cell::Text("1970-01-02"),
            ],
            [Cell::Text(""), Cell::Blank, Cell::Blank, Cell::Flag(false), Cell::Blank],
            [
                Cell::Text("三公"),
                Cell::Integer(7),
                amount("9628.221344"),
                Cell::Flag(false),
                Cell::Text("2026-02-05"),
            ],
        ];
        rows.iter().for_each(|r| out.row(r).unwrap());
        assert_eq!(out.too_fine, 0);
        let reader = SerializedFileReader::new(Bytes::from(out.finish().unwrap())).unwrap();
        assert_eq!(reader.metadata().num_row_groups(), 2);
        let back: Vec<Vec<Value>> = reader
            .get_row_iter(None)
            .unwrap()
            .map(|r| r.unwrap().get_column_iter().map(|(_, v)| v.clone()).collect())
            .collect();
        assert_eq!(back[0][0], Value::Str("三公".to_owned()));
        assert_eq!(back[0][1], Value::Long(-1));
        assert_eq!(back[0][2].to_string(), "-149.50000000");
        assert_eq!(back[2][2].to_string(), "9628.22134400");
        assert_eq!(back[1][2], Value::Null);
        assert_eq!((&back[0][4], &back[2][4]), (&Value::Date(1), &Value::Date(20_489)));
        assert_eq!(
            (&back[1][0], &back[1][1], &back[1][3]),
            (&Value::Str(String::new()), &Value::Null, &Value::Bool(false))
        );
    }

    #[test]
    fn texts_are_dictionaries() {
        let mut out = Parquet::new(Vec::new(), "x", FIELDS).unwrap();
        for _ in 0..100 {
            out.row(&[Cell::Text("a"), Cell::Blank, Cell::Blank, Cell::Flag(true), Cell::Blank]).unwrap();
        }
        let reader = SerializedFileReader::new(Bytes::from(out.finish().unwrap())).unwrap();
        assert!(reader.metadata().row_group(0).column(0).dictionary_page_offset().is_some());
    }

    #[test]
    fn an_amount_with_too_many_places_is_left_blank_and_counted_but_never_rounded() {
        let mut out = Parquet::new(Vec::new(), "x", FIELDS).unwrap();
        for text in ["0.000000001", "1.1000000000"] {
            let amount = Cell::Amount(text.parse().unwrap());
            out.row(&[Cell::Text("a"), Cell::Blank, amount, Cell::Flag(true), Cell::Blank]).unwrap();
        }
        assert_eq!(out.too_fine, 1);
        assert_eq!(scaled(&"1.1000000000".parse().unwrap()), Some(110_000_000));
    }

    #[test]
    fn days_count_from_1970() {
        for (date, n) in
            [("1970-01-01", 0), ("2000-02-29", 11_016), ("2000-03-01", 11_017), ("1969-12-31", -1)]
        {
            assert_eq!(days(date), Some(n), "{date}");
        }
        assert_eq!(days("2026年2月5日"), None);
    }
}
