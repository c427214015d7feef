//! Rows → sheets of a workbook. Rows leave memory as they are written; a sheet that is full takes no more and counts
//! what it leaves out.

use super::number;
use rust_decimal::Decimal;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, Note, Url, Workbook, XlsxError,
};
use rustc_hash::FxHashMap;
use std::io;

/// Rows of a sheet, the header too.
pub(super) const MAX_ROWS: u32 = 1 << 20;
/// Links of a sheet that Excel takes.
const MAX_LINKS: u32 = 65_000;
/// Letters of a cell that Excel takes, less some to spare.
const MAX_TEXT: usize = 32_000;
/// Columns that stay in view: who, and which year.
const FROZEN_COLUMNS: u16 = 2;

/// A column: its heading, and its width in letters.
pub(super) type Column = (String, f64);

/// What a cell's colour says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Mark {
    /// Nothing.
    #[default]
    Plain,
    /// Amber: rounded, or doubtful.
    Doubtful,
    /// Red: broken.
    Broken,
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Blank,
    Text(&'a str),
    Integer(i64),
    Amount(Decimal),
}

/// A cell with its looks.
#[derive(Clone, Debug)]
pub(super) struct Cell<'a> {
    pub(super) value: Value<'a>,
    pub(super) mark: Mark,
    pub(super) note: Option<String>,
    pub(super) link: Option<String>,
}

impl<'a> From<Value<'a>> for Cell<'a> {
    fn from(value: Value<'a>) -> Self {
        Cell { value, mark: Mark::Plain, note: None, link: None }
    }
}

impl<'a> Cell<'a> {
    pub(super) fn text(text: Option<&'a str>) -> Self {
        text.map_or(Value::Blank, Value::Text).into()
    }

    pub(super) fn integer(n: Option<impl Into<i64>>) -> Self {
        n.map_or(Value::Blank, |n| Value::Integer(n.into())).into()
    }

    pub(super) fn count(n: usize) -> Self {
        Value::Integer(i64::try_from(n).unwrap_or(i64::MAX)).into()
    }

    pub(super) fn amount(amount: Option<Decimal>) -> Self {
        amount.map_or(Value::Blank, Value::Amount).into()
    }

    pub(super) fn marked(self, mark: Mark) -> Self {
        Cell { mark, ..self }
    }

    pub(super) fn linked(self, link: Option<String>) -> Self {
        Cell { link, ..self }
    }
}

/// A sheet under construction.
struct Sheet {
    rows: u32,
    columns: u16,
    links: u32,
    left_out: u64,
}

/// All sheets.
pub(super) struct Book {
    book: Workbook,
    sheets: Vec<Sheet>,
    formats: FxHashMap<(Option<u32>, Mark, bool), Format>,
}

fn wrong(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        other => io::Error::other(other.to_string()),
    }
}

impl Book {
    pub(super) fn new() -> Self {
        let mut book = Workbook::new();
        // no clock: the same documents give the same bytes
        let mut properties = DocProperties::new().set_author("yusuan");
        if let Ok(day) = ExcelDateTime::from_ymd(2000, 1, 1) {
            properties = properties.set_creation_datetime(&day);
        }
        book.set_properties(&properties);
        Self { book, sheets: Vec::new(), formats: FxHashMap::default() }
    }

    /// Adds a sheet with its header and gives its number.
    pub(super) fn sheet(&mut self, name: &str, columns: &[Column]) -> io::Result<usize> {
        let bold = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter)
            .set_background_color(Color::RGB(0xE7_EC_F3));
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(wrong)?;
        sheet.set_name(name).map_err(wrong)?;
        sheet.set_freeze_panes(1, FROZEN_COLUMNS).map_err(wrong)?;
        sheet.set_default_note_author("yusuan");
        for (n, (title, width)) in (0u16..).zip(columns) {
            sheet.set_column_width(n, *width).map_err(wrong)?;
            sheet.write_string_with_format(0, n, title, &bold).map_err(wrong)?;
        }
        let columns = u16::try_from(columns.len()).unwrap_or(u16::MAX);
        self.sheets.push(Sheet { rows: 1, columns, links: 0, left_out: 0 });
        Ok(self.sheets.len() - 1)
    }

    /// Writes a row.
    pub(super) fn row(&mut self, sheet: usize, cells: &[Cell]) -> io::Result<()> {
        let Some(state) = self.sheets.get_mut(sheet) else { return Ok(()) };
        debug_assert_eq!(cells.len(), usize::from(state.columns), "sheet {sheet}");
        if state.rows >= MAX_ROWS {
            state.left_out += 1;
            return Ok(());
        }
        let row = state.rows;
        state.rows += 1;
        let to = self.book.worksheet_from_index(sheet).map_err(wrong)?;
        for (column, cell) in (0u16..).zip(cells) {
            let link = cell.link.as_deref().filter(|_| state.links < MAX_LINKS);
            let (number, scale) = match cell.value {
                Value::Integer(n) => (number::exact(Decimal::from(n)), None),
                Value::Amount(a) => (number::exact(a), Some(a.scale())),
                _ => (None, None),
            };
            let format =
                self.formats.entry((scale, cell.mark, link.is_some())).or_insert_with_key(|k| look(*k));
            if let Some(link) = link {
                // the link stays when the number is written over its text
                let url = Url::new(link).set_text("");
                to.write_url_with_format(row, column, url, format).map_err(wrong)?;
                state.links += 1;
            }
            match (cell.value, number) {
                (Value::Blank, _) if cell.mark == Mark::Plain => {}
                (Value::Blank, _) => drop(to.write_blank(row, column, format).map_err(wrong)?),
                (Value::Text(text), _) => {
                    to.write_string_with_format(row, column, shorten(text), format).map_err(wrong)?;
                }
                (_, Some(number)) => {
                    to.write_number_with_format(row, column, number, format).map_err(wrong)?;
                }
                // more digits than a spreadsheet keeps
                (Value::Integer(n), None) => {
                    to.write_string_with_format(row, column, n.to_string(), format).map_err(wrong)?;
                }
                (Value::Amount(a), None) => {
                    to.write_string_with_format(row, column, a.to_string(), format).map_err(wrong)?;
                }
            }
            if let Some(note) = &cell.note {
                let note = Note::new(shorten(note)).add_author_prefix(false).set_width(260);
                to.insert_note(row, column, &note).map_err(wrong)?;
            }
        }
        Ok(())
    }

    /// Rows of a sheet, without its header, and those that it leaves out.
    pub(super) fn rows(&self, sheet: usize) -> (u64, u64) {
        self.sheets.get(sheet).map_or((0, 0), |s| (u64::from(s.rows) - 1, s.left_out))
    }

    /// The bytes of the workbook.
    pub(super) fn finish(mut self) -> io::Result<Vec<u8>> {
        for (n, state) in self.sheets.iter().enumerate() {
            let sheet = self.book.worksheet_from_index(n).map_err(wrong)?;
            if state.rows > 1 {
                sheet.autofilter(0, 0, state.rows - 1, state.columns.saturating_sub(1)).map_err(wrong)?;
            }
        }
        self.book.save_to_buffer().map_err(wrong)
    }
}

/// The format of a cell: its decimals, its colour, and whether it is a link.
fn look((scale, mark, link): (Option<u32>, Mark, bool)) -> Format {
    let mut format = Format::new();
    if let Some(scale) = scale {
        format = format.set_num_format(number::format(scale)).set_align(FormatAlign::Right);
    }
    if link {
        format = format.set_font_color(Color::RGB(0x1F_4E_9E));
    }
    match mark {
        Mark::Plain => format,
        Mark::Doubtful => format.set_background_color(Color::RGB(0xFF_E0_9A)),
        // bold tells it from amber without colour
        Mark::Broken => format.set_background_color(Color::RGB(0xF8_B4_AB)).set_bold(),
    }
}

/// A text that fits into a cell; a cut one ends in dots.
fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}……", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
