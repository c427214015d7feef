//! The header rows of a piece: how many there are, and the path of header texts above each column.

use super::piece::{Piece, Slots};
use crate::grid::Cell;
use crate::grid::{CellLine, Method};
use crate::normalize::amount::{self, Parsed};
use crate::normalize::code::{self, Scheme};
use crate::normalize::{label, text};
use crate::schema::concepts::{self, Set, lexicon};
use crate::schema::{self, Layout, Path, Role};
use rustc_hash::FxHashSet;
use std::ops::Range;
use std::sync::Arc;

/// Header words: the language of titles and headers, and what the layouts at hand add to it, as keys.
#[derive(Debug, Default)]
pub struct Vocabulary {
    words: FxHashSet<String>,
    /// Words that head amounts and nothing else.
    amounts: FxHashSet<String>,
    /// What headings say beside what they name.
    heading: Set,
}

impl Vocabulary {
    /// Collects the words of these layouts.
    pub fn new(layouts: &[std::sync::Arc<Layout>]) -> Self {
        let (mut words, mut amounts) = (FxHashSet::default(), FxHashSet::default());
        let forms = layouts.iter().flat_map(|l| &l.tables).flat_map(|t| &t.forms);
        for block in forms.flat_map(|f| &f.blocks) {
            let headers = block.headers.iter().flat_map(|(_, patterns)| patterns);
            for pattern in headers.chain(&block.under) {
                words.extend(pattern.elements().map(str::to_owned));
            }
            for (role, patterns) in &block.headers {
                if matches!(role, Role::Amount(_)) {
                    amounts.extend(patterns.iter().map(|pattern| pattern.key().to_owned()));
                }
            }
            if block.rows == schema::RowModel::Columns {
                for pattern in block.items.iter().flat_map(|i| &i.names) {
                    words.extend(pattern.elements().map(str::to_owned));
                    amounts.insert(pattern.key().to_owned());
                }
            }
        }
        let heading = Set::of(&["amount", "budget", "final", "functional", "economic", "note", "serial"]);
        Self { words, amounts, heading }
    }

    fn knows(&self, key: &str) -> bool {
        self.words.contains(key) || lexicon().knows(key)
    }

    /// Whether a text is one word of ours or of a layout: texts of several words may as well be two headings.
    fn is_word(&self, key: &str) -> bool {
        self.words.contains(key) || lexicon().is_word(key)
    }

    /// Whether a text says what a column is for: names of rows are made of the same language, but do not say that.
    fn heads(&self, key: &str) -> bool {
        let meaning = concepts::meaning(key);
        let heading = meaning.says.of_group("row").union(meaning.says.common(self.heading));
        self.words.contains(key) || meaning.unknown == 0 && !heading.is_empty()
    }

    /// Whether a text is the heading of one of two lists.
    fn names_a_side(&self, key: &str) -> bool {
        let meaning = concepts::meaning(key);
        meaning.unknown == 0 && meaning.says.of_group("side") == meaning.says && meaning.says.len() == 1
    }

    /// Whether a word heads amounts and nothing else.
    fn heads_amounts(&self, key: &str) -> bool {
        let meaning = concepts::meaning(key);
        let label = || schema::roles::roles().of(meaning.says).is_some();
        self.amounts.contains(key) || meaning.unknown == 0 && !meaning.says.is_empty() && !label()
    }
}

/// What stands in the body of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// Nothing, or nothing that tells.
    #[default]
    Blank,
    /// Mostly texts.
    Texts,
    /// Mostly codes of a classification, or their parts.
    Codes,
    /// Amounts and no text.
    Amounts,
}

impl Content {
    /// Whether amounts stand there.
    pub fn is_amounts(self) -> bool {
        self == Content::Amounts
    }

    /// Whether texts stand there.
    pub fn is_texts(self) -> bool {
        self == Content::Texts
    }
}

/// How many body rows are looked at for what a column holds.
const LOOKED_AT: usize = 40;

/// The header of a piece.
#[derive(Clone, Debug, Default)]
pub struct Header {
    /// Number of header rows (0 on a continuation without a header).
    pub rows: usize,
    /// Path per grid column.
    pub paths: Vec<Arc<Path>>,
    /// Names in the first rows below.
    pub labels: Vec<String>,
    /// Codes at the beginning of rows.
    pub codes: Vec<String>,
    /// What the body of each column holds, and how many of its cells are filled.
    pub body: Vec<(Content, usize)>,
}

impl Header {
    /// What stands in the body of a column.
    pub fn content(&self, column: usize) -> Content {
        self.body.get(column).map_or(Content::Blank, |(content, _)| *content)
    }

    /// The classification that most of the codes are of.
    pub fn scheme(&self) -> Option<Scheme> {
        let is =
            |scheme: &Scheme| self.codes.iter().filter(|c| is_of(c, *scheme)).count() * 2 > self.codes.len();
        [Scheme::Functional, Scheme::Economic].into_iter().find(is)
    }

    /// How many cells of a column's body are filled, of those that were looked at.
    pub fn filled(&self, column: usize) -> usize {
        self.body.get(column).map_or(0, |(_, filled)| *filled)
    }
}

/// Finds the header rows at the top of a piece and the paths of its columns.
pub fn read(piece: &Piece, vocabulary: &Vocabulary) -> Header {
    let mut header = rows_and_paths(piece, vocabulary);
    let from = piece.rows.start + header.rows;
    header.body = (0..piece.grid.grid.columns()).map(|column| content(piece, from, column)).collect();
    let rows = (from..piece.rows.end).take(LOOKED_AT);
    let cells = |row| piece.grid.row(row).filter(|c| !c.is_blank()).take(BEFORE_CODES + 1);
    header.codes = rows.filter_map(|row| cells(row).find_map(first_code)).collect();
    header
}

/// Whether a code is one of the scheme: 3xx are economic classes of departments, 2xx functional ones.
fn is_of(code: &str, scheme: Scheme) -> bool {
    let first = code.as_bytes().first();
    let own = match scheme {
        Scheme::Functional => b'2',
        Scheme::Economic => b'3',
    };
    first == Some(&own) && code::level_of(code, scheme).is_some()
}

/// Most columns that stand before the codes: a number of the row, code and name of the unit.
const BEFORE_CODES: usize = 3;

/// The code that a cell begins with.
fn first_code(cell: &Cell) -> Option<String> {
    let printed = text::compact(&cell.text());
    let printed = printed.trim_start_matches(['[', '【', '(', '（']);
    let digits = printed.bytes().take_while(u8::is_ascii_digit).count();
    let more = printed[digits..].starts_with(['.', ',', '-', '年', '%']);
    (matches!(digits, 3 | 5 | 7) && !more).then(|| printed[..digits].to_owned())
}

/// What the body of a column holds.
fn content(piece: &Piece, from: usize, column: usize) -> (Content, usize) {
    let (mut texts, mut codes, mut amounts) = (0usize, 0usize, 0usize);
    for row in (from..piece.rows.end).take(LOOKED_AT) {
        let Some(cell) = piece.grid.cell(row, column) else { continue };
        if cell.is_blank() || cell.row as usize != row || cell.column as usize != column {
            continue;
        }
        let printed = text::compact(&cell.text());
        if printed.bytes().all(|b| b.is_ascii_digit()) && printed.len() <= LONGEST_CODE {
            codes += 1;
        } else if matches!(amount::parse(&printed), Parsed::Value(_) | Parsed::Dash) {
            amounts += 1;
        } else if !label::is_total(&printed) && !matches!(amount::parse(&printed), Parsed::Nothing) {
            texts += 1;
        }
    }
    let filled = texts + codes + amounts;
    let content = match () {
        () if texts > amounts && texts >= codes => Content::Texts,
        () if codes > 0 && codes >= texts && codes > amounts => Content::Codes,
        () if amounts > 0 && texts == 0 => Content::Amounts,
        () => Content::Blank,
    };
    (content, filled)
}

/// Digits of the longest code of a classification.
const LONGEST_CODE: usize = 7;

fn rows_and_paths(piece: &Piece, vocabulary: &Vocabulary) -> Header {
    let slots = &piece.grid;
    let start = piece.rows.start;
    let mut end = start;
    while end < piece.rows.end && is_header_row(slots, end, start, vocabulary) {
        end += 1;
    }
    // A line item without amounts opens a page on which the table goes on: one word beside blank cells heads nothing.
    if end == start + 1 && is_lone_label(slots, start) {
        end = start;
    }
    // Header cells that span further rows take these rows with them.
    let mut row = start;
    while row < end {
        for cell in slots.row(row) {
            let bottom = (cell.row + cell.row_span) as usize;
            if bottom > end && bottom <= piece.rows.end && !cell.is_blank() && cell.row as usize >= start {
                end = bottom;
            }
        }
        row += 1;
    }
    let mut paths: Vec<Path> =
        (0..slots.grid.columns()).map(|column| path(slots, start, end, column)).collect();
    for (column, path) in paths.iter_mut().enumerate() {
        complete_from_below(slots, end, column, path, vocabulary);
    }
    if slots.grid.method != Method::Lattice {
        part_stacked(slots, start..end, &mut paths, vocabulary);
    }
    schema::headers::settle(&mut paths, |key| vocabulary.heads_amounts(key));
    let mut paths: Vec<Arc<Path>> = paths.into_iter().map(Arc::new).collect();
    let mut rows = end - start;
    if end > start && end < piece.rows.end && numbers_columns(slots, end) {
        for (column, path) in paths.iter_mut().enumerate() {
            // `类 | 款 | 项 | 栏次 | 1 | 2`: the lowest headings stand beside the numbers
            let cell = slots.cell(end, column).filter(|c| is_part(&text::compact(&c.text())));
            if let Some(cell) = cell {
                let mut texts = path.texts.clone();
                texts.push(text::compact(&cell.text()));
                *path = Arc::new(Path::new(texts));
            }
        }
        return Header { rows: rows + 1, labels: labels(piece, end + 1), paths, ..Header::default() };
    }
    if rows >= 2 && opens_body(slots, end - 1) {
        // the last band shares its row with the total row: it is both
        rows -= 1;
        let labelled = slots.row(end - 1).next().map_or(0, |c| (c.column + c.column_span) as usize);
        for (column, path) in paths.iter_mut().enumerate().take(labelled) {
            *path = Arc::new(self::path(slots, start, end - 1, column));
        }
    }
    Header { rows, labels: labels(piece, start + rows), paths, ..Header::default() }
}

/// Whether the only text of a row stands in its first column, with at least two blank ones beside it.
fn is_lone_label(slots: &Slots, row: usize) -> bool {
    let mut cells = slots.row(row).filter(|c| !c.is_blank());
    let first =
        |c: &Cell| c.column == 0 && c.row_span == 1 && c.column_span as usize + 2 <= slots.grid.columns();
    cells.next().is_some_and(first) && cells.next().is_none()
}

/// How many rows are looked at for names.
const NAMED: usize = 12;

fn labels(piece: &Piece, from: usize) -> Vec<String> {
    if from == piece.rows.start {
        return Vec::new();
    }
    let rows = (from..piece.rows.end).take(NAMED);
    let first = rows.filter_map(|row| piece.grid.row(row).find(|c| !c.is_blank()));
    first.map(|cell| label::label(&cell.text()).name).collect()
}

/// A header row has words and no number, and most of its words are known header words; in documents whose
/// words we do not know the first rows without numbers, codes and line items count.
fn is_header_row(slots: &Slots, row: usize, start: usize, vocabulary: &Vocabulary) -> bool {
    let (mut words, mut known, mut filled_columns) = (0usize, 0usize, 0usize);
    let mut total_only = true;
    let (mut heads, mut spans) = (false, false);
    for cell in slots.row(row).filter(|c| !c.is_blank()) {
        let printed = cell.text();
        if matches!(amount::parse(&printed), Parsed::Value(_)) {
            return false;
        }
        let key = schema::header_key(&printed);
        if key.is_empty() {
            continue;
        }
        words += 1;
        filled_columns += cell.column_span as usize;
        known += usize::from(vocabulary.knows(&key));
        heads |= vocabulary.heads(&key) || vocabulary.names_a_side(&key);
        spans |= cell.column_span > 1 || cell.row_span > 1;
        total_only &= label::is_total(&printed);
        if key.bytes().take(3).all(|b| b.is_ascii_digit()) && key.len() >= 3 {
            return false; // a code
        }
        if label::strip_enumeration(&printed).0.is_some() && !vocabulary.knows(&key) {
            return false; // a line item
        }
    }
    if words == 0 {
        return false;
    }
    // One word alone starts the body, unless a header above it asks for words below.
    if row > start && words == 1 && !asks_for_more(slots, row) {
        return false;
    }
    // 合计 alone in its row is a total row without amounts, not a header.
    if total_only && filled_columns * 2 <= slots.grid.columns() + 1 && row > start && words <= 2 {
        return false;
    }
    // names of line items without amounts are made of the same words: a header says what its columns are for
    if row == start && !heads && !spans && filled_columns < slots.grid.columns() {
        return false;
    }
    if known * 2 >= words {
        return true;
    }
    row == start && known > 0 || row == start && filled_columns * 2 > slots.grid.columns() && words > 1
}

/// Whether a text heads a part of a code.
fn is_part(text: &str) -> bool {
    ["类", "款", "项"].contains(&text)
}

/// Whether a row below the headers numbers the columns (`栏次 1 2 3`, `** 1 2 3`, or `1 2 3 4` alone).
fn numbers_columns(slots: &Slots, row: usize) -> bool {
    let (mut labels, mut numbers, mut last) = (0usize, 0usize, 0u32);
    for cell in slots.row(row).filter(|c| !c.is_blank() && c.row as usize == row) {
        let printed = text::compact(&cell.text());
        if schema::headers::is_numbering(&printed) || is_part(&printed) {
            labels += 1;
            continue;
        }
        let digits = printed.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = printed.split_at(digits);
        let formula = rest.is_empty() || rest.starts_with(['=', '＝', '（', '(']);
        let Ok(number) = number.parse::<u32>() else { return false };
        if !formula || number <= last || number > 99 {
            return false;
        }
        numbers += 1;
        last = number;
    }
    numbers > 0 && (labels > 0 || numbers >= 3 && last as usize == numbers)
}

/// A header text too long for its cell runs over into the first body row (`对企业补助（基本建` / `设）`): where the two
/// pieces make a word that we know, the header is whole again. The body row then ignores its piece.
fn complete_from_below(slots: &Slots, row: usize, column: usize, path: &mut Path, vocabulary: &Vocabulary) {
    let Some(cell) = slots.cell(row, column).filter(|c| !c.is_blank() && c.row as usize == row) else {
        return;
    };
    let (Some(leaf), Some(text)) = (path.keys.last(), path.texts.last()) else { return };
    let spill = cell.lines.first().map_or("", |l| l.text.as_str());
    let whole = schema::header_key(&format!("{text}{spill}"));
    if vocabulary.knows(&whole) && whole != *leaf && !vocabulary.knows(leaf) {
        let mut texts = path.texts.clone();
        if let Some(last) = texts.last_mut() {
            last.push_str(&text::clean(spill));
        }
        *path = Path::new(texts);
    }
}

/// A band centred over three columns stands right above the middle one: where no ruling parts them the two look
/// like one wrapped heading. A heading that nobody knows, but whose first lines are such a band and whose last ones
/// are a heading that we know, is the last ones; the band says nothing of this column that it does not say of
/// those beside it.
fn part_stacked(slots: &Slots, rows: Range<usize>, paths: &mut [Path], vocabulary: &Vocabulary) {
    for (column, path) in paths.iter_mut().enumerate() {
        let Some(cell) = rows.clone().rev().find_map(|r| slots.cell(r, column).filter(|c| !c.is_blank()))
        else {
            continue;
        };
        let known = |lines: &[CellLine]| {
            let key = schema::header_key(&text::join_wrapped(lines.iter().map(|l| l.text.as_str())));
            (vocabulary.is_word(&key), schema::headers::is_whole_band(&key))
        };
        if cell.column_span > 1 || cell.lines.len() < 2 || known(&cell.lines).0 {
            continue;
        }
        let at = (1..cell.lines.len()).find(|&at| {
            let (band, leaf) = cell.lines.split_at(at);
            known(band).1 && known(leaf).0
        });
        let leaf = at.and_then(|at| cell.lines.get(at..));
        if let Some(leaf) = leaf {
            let mut texts = path.texts.clone();
            if let Some(last) = texts.last_mut() {
                *last = text::compact(&text::join_wrapped(leaf.iter().map(|l| l.text.as_str())));
            }
            *path = Path::new(texts);
        }
    }
}

/// Whether a header row starts with the label of a total row, under headers that end above it.
fn opens_body(slots: &Slots, row: usize) -> bool {
    let mut cells = slots.row(row);
    // 合计 under a band that goes on beside it is a heading itself
    let own_band = |c: &crate::grid::Cell| {
        let above = row.checked_sub(1).and_then(|above| slots.cell(above, c.column as usize));
        above.is_none_or(|above| above.column_span <= c.column_span)
    };
    cells
        .next()
        .is_some_and(|c| c.row as usize == row && !c.is_blank() && label::is_total(&c.text()) && own_band(c))
        && cells.any(|c| c.row as usize == row && !c.is_blank())
}

/// Whether the header rows above a row reach into it, or end in a cell over several columns.
fn asks_for_more(slots: &Slots, row: usize) -> bool {
    let reaches = slots.row(row).any(|c| (c.row as usize) < row && !c.is_blank());
    // a label as wide as the spanning heading of the labels does not part it
    let parted = |above: &Cell| {
        let label = |c: &Cell| c.column == 0 && c.column_span == above.column_span;
        above.column_span > 1 && !above.is_blank() && !(above.column == 0 && slots.row(row).any(label))
    };
    reaches || row > 0 && slots.row(row - 1).any(parted)
}

/// Texts of the header cells above a column, each cell once.
fn path(slots: &Slots, start: usize, end: usize, column: usize) -> Path {
    let mut texts: Vec<String> = Vec::with_capacity(end - start);
    let mut last: Option<*const crate::grid::Cell> = None;
    for row in start..end {
        let Some(cell) = slots.cell(row, column) else { continue };
        if last == Some(std::ptr::from_ref(cell)) {
            continue;
        }
        last = Some(std::ptr::from_ref(cell));
        let printed = text::clean(&cell.text());
        if !printed.is_empty() {
            texts.push(printed.replace(' ', ""));
        }
    }
    Path::new(texts)
}
