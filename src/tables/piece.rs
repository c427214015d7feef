//! Pages of grids and lines → pieces in reading order: a run of grid rows with the caption above and the notes
//! below it. Titles, units and department lines that were drawn inside a grid become captions here.

use super::caption::{self, Caption, LineKind, Own};
use crate::geometry::Rect;
use crate::grid::{Cell, Grid, PageGrids, TextLine};
use crate::normalize::label;
use std::borrow::Cow;
use std::ops::Range;

/// A run of rows of one grid that belongs to one table.
#[derive(Clone, Debug)]
pub struct Piece<'a> {
    /// The grid.
    pub grid: Slots<'a>,
    /// Its rows, without caption rows.
    pub rows: Range<usize>,
    /// What stands above it.
    pub caption: Caption,
    /// Notes below it.
    pub notes: Vec<String>,
    /// It is the first piece of its page.
    pub first_on_page: bool,
}

/// A grid with direct access to the cell of every slot.
#[derive(Clone, Debug)]
pub struct Slots<'a> {
    /// The grid itself.
    pub grid: &'a Grid,
    /// Index of the cell per slot, row by row.
    slots: std::sync::Arc<[u32]>,
}

impl<'a> Slots<'a> {
    /// Indexes a grid.
    pub fn new(grid: &'a Grid) -> Self {
        let (rows, columns) = (grid.rows(), grid.columns());
        let mut slots = vec![u32::MAX; rows * columns];
        for (i, cell) in grid.cells.iter().enumerate() {
            let last_row = ((cell.row + cell.row_span) as usize).min(rows);
            let last_column = ((cell.column + cell.column_span) as usize).min(columns);
            for row in cell.row as usize..last_row {
                for column in cell.column as usize..last_column {
                    slots[row * columns + column] = i as u32;
                }
            }
        }
        Self { grid, slots: slots.into() }
    }

    /// The cell that covers a slot.
    pub fn cell(&self, row: usize, column: usize) -> Option<&'a Cell> {
        let index = *self.slots.get(row * self.grid.columns() + column)?;
        self.grid.cells.get(index as usize)
    }

    /// The different cells that start in or cover a row, from left to right.
    pub fn row(&self, row: usize) -> impl Iterator<Item = &'a Cell> + '_ {
        let mut last: Option<*const Cell> = None;
        (0..self.grid.columns()).filter_map(move |column| {
            let cell = self.cell(row, column)?;
            let same = last == Some(std::ptr::from_ref(cell));
            last = Some(std::ptr::from_ref(cell));
            (!same).then_some(cell)
        })
    }
}

/// Cuts all pages into pieces.
pub fn pieces<'a>(pages: &'a [PageGrids], own: &Own) -> Vec<Piece<'a>> {
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    // What the end of the page before says, for a grid whose title stands at the bottom of that page.
    let mut tail = Caption::default();
    for page in pages {
        let mut lines = page.lines.as_slice();
        let mut first = true;
        for grid in &page.grids {
            let above = lines.partition_point(|l| l.bbox.cy() < grid.bbox.y0);
            let (before, rest) = lines.split_at(above);
            lines = skip_inside(rest, grid);
            let mut caption = if first { std::mem::take(&mut tail) } else { Caption::default() };
            if let Some(above) = lines_above_beside_others(page, grid) {
                read_between(&above, None, &mut caption, own);
            } else {
                read_between(before, pieces.last_mut().filter(|_| !first), &mut caption, own);
            }
            cut_grid(grid, caption, first, &mut pieces, own);
            first = false;
        }
        let carried = std::mem::take(&mut tail);
        tail = if first {
            // A page of contents names many tables; a stray near-blank page names none.
            if lines.len() <= 3 { carried } else { Caption::default() }
        } else {
            let mut caption = Caption::default();
            read_between(lines, pieces.last_mut(), &mut caption, own);
            caption
        };
        if first && lines.len() <= 6 {
            let mut caption = Caption::default();
            read_between(lines, pieces.last_mut(), &mut caption, own);
            if caption.names_a_table() {
                tail = caption;
            }
        }
    }
    pieces
}

/// The lines above a grid that stands beside others, down from the next grid above; of lines at one height each grid
/// has those that are nearest to it. `None` where no grid stands beside it.
fn lines_above_beside_others(page: &PageGrids, grid: &Grid) -> Option<Vec<TextLine>> {
    let beside = |other: &&Grid| {
        other.bbox.overlap_y(&grid.bbox) > 0.0
            && (other.bbox.x1 <= grid.bbox.x0 || other.bbox.x0 >= grid.bbox.x1)
    };
    let others: Vec<&Grid> = page.grids.iter().filter(beside).collect();
    if others.is_empty() {
        return None;
    }
    let above = page.grids.iter().map(|g| g.bbox.y1).filter(|y| *y <= grid.bbox.y0).fold(f32::MIN, f32::max);
    let away = |g: &Grid, line: &TextLine| (g.bbox.x0 - line.bbox.cx()).max(line.bbox.cx() - g.bbox.x1);
    let own = |line: &&TextLine| {
        let y = line.bbox.cy();
        y > above && y < grid.bbox.y0 && others.iter().all(|o| away(grid, line) <= away(o, line))
    };
    Some(page.lines.iter().filter(own).cloned().collect())
}

fn skip_inside<'l>(lines: &'l [TextLine], grid: &Grid) -> &'l [TextLine] {
    let inside = lines.iter().take_while(|l| l.bbox.cy() < grid.bbox.y1).count();
    &lines[inside..]
}

/// Lines between two grids: first the notes of the upper one, then the caption of the lower one.
fn read_between(lines: &[TextLine], upper: Option<&mut Piece>, caption: &mut Caption, own: &Own) {
    let joined = with_labels_joined(lines);
    let lines = joined.as_ref();
    let mut notes: Vec<String> = Vec::new();
    let mut in_note = false;
    // a line that reaches as far right as any was broken by wrapping, whatever the next one looks like
    let edge = lines.iter().map(|l| l.bbox.x1).fold(f32::MIN, f32::max);
    let mut last: Option<&TextLine> = None;
    let mut rest_of_title = false;
    for (n, line) in lines.iter().enumerate() {
        if std::mem::take(&mut rest_of_title) {
            last = Some(line);
            continue;
        }
        let near = last.is_some_and(|l| line.bbox.y0 - l.bbox.y1 < line.size * 1.5);
        let wrapped = last.is_some_and(|l| l.bbox.x1 > edge - 2.0 * l.size);
        let noted = caption::is_note(&line.text, own);
        let whole = lines.get(n + 1).and_then(|next| wrapped_title(line, next, own));
        rest_of_title = whole.is_some();
        let read = whole.map_or_else(|| caption::read(&line.text, own), LineKind::Caption);
        let plain = !noted && !matches!(read, LineKind::Caption(_));
        if in_note && near && (plain || wrapped && !caption::starts_note(&line.text)) {
            rest_of_title = false;
            if let Some(note) = notes.last_mut() {
                note.push_str(&line.text);
            }
            in_note = !ends_sentence(&line.text);
        } else {
            in_note = false;
            match read {
                LineKind::Caption(mut found) if !noted => {
                    if found.unit.is_some() && found.department.is_none() && !found.names_a_table() {
                        found.department = body_beside(lines, n);
                    }
                    caption.merge(found);
                }
                _ if noted && !caption.names_a_table() => {
                    notes.push(line.text.clone());
                    in_note = !ends_sentence(&line.text);
                }
                _ => {}
            }
        }
        last = Some(line);
    }
    if let Some(piece) = upper {
        piece.notes.extend(notes.iter().map(|n| crate::normalize::text::clean(n)));
    }
}

/// Whether two lines stand side by side at one height.
fn is_beside(a: &TextLine, b: &TextLine) -> bool {
    a.bbox.overlap_y(&b.bbox) > a.bbox.height().min(b.bbox.height()) * 0.5
}

/// `部门：`, and far to the right of it the name that it asks for, are one line.
fn with_labels_joined(lines: &[TextLine]) -> Cow<'_, [TextLine]> {
    if !lines.iter().any(|l| is_bare_label(&l.text)) {
        return Cow::Borrowed(lines);
    }
    let mut out: Vec<TextLine> = Vec::with_capacity(lines.len());
    for line in lines {
        match out.last_mut() {
            Some(label)
                if is_bare_label(&label.text)
                    && is_beside(label, line)
                    && label.bbox.x1 <= line.bbox.x0
                    && !line.text.contains([':', '：']) =>
            {
                label.text.push_str(&line.text);
                label.bbox = label.bbox.union(&line.bbox);
            }
            _ => out.push(line.clone()),
        }
    }
    Cow::Owned(out)
}

/// The body whose name stands, without any label, on the line of the unit.
fn body_beside(lines: &[TextLine], at: usize) -> Option<String> {
    let unit = lines.get(at)?;
    let near =
        lines.iter().enumerate().filter(|(n, l)| *n != at && n.abs_diff(at) <= 2 && is_beside(l, unit));
    let names = near.map(|(_, l)| crate::normalize::text::compact(&l.text));
    let mut names = names.filter(|n| label::is_body(n) && !n.contains([':', '：']));
    names.next().filter(|_| names.next().is_none())
}

/// The longest rest of a wrapped title on its second line, in characters; whole titles are longer.
const TITLE_REST: usize = 8;

/// What a title says that is wrapped onto a second line, if these two lines are one.
fn wrapped_title(line: &TextLine, next: &TextLine, own: &Own) -> Option<Caption> {
    let (first, rest) = (line.text.trim(), next.text.trim());
    let gap = next.bbox.y0 - line.bbox.y1;
    let alike = (next.size - line.size).abs() < 0.1 * line.size;
    // a bracket behind the title that the next line closes
    let opens = |text: &str| text.matches(['（', '(']).count() > text.matches(['）', ')']).count();
    let bracketed = opens(first) && first.contains('表') && rest.ends_with(['）', ')']) && !opens(rest);
    if !alike || gap > 1.5 * line.size || !(rest.contains('表') || bracketed) || caption::is_note(first, own)
    {
        return None;
    }
    let titled = |text: &str| match caption::read(text, own) {
        LineKind::Caption(found) if found.title.is_some() => Some(found),
        _ => None,
    };
    if titled(first).is_some() {
        return None;
    }
    let whole = titled(&format!("{first}{rest}"))?;
    if bracketed {
        return Some(whole);
    }
    let short = |text: &str| text.chars().count() <= TITLE_REST;
    if gap < line.size && rest.ends_with('表') && short(rest) && first.chars().count() >= TITLE_REST {
        return Some(whole);
    }
    // `财政拨款` above `收支预算总表`, each in the middle: the second line alone is another table's title.
    let centred = (line.bbox.cx() - next.bbox.cx()).abs() < line.size;
    let number = |title: &Caption| title.bare.as_deref().and_then(|bare| own.number_of(bare));
    let named = number(&whole).filter(|_| centred)?;
    (titled(rest).and_then(|title| number(&title)) != Some(named)).then_some(whole)
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['。', '.', '）', ')', '！'])
}

/// Cuts a grid at caption rows: rows whose only texts are titles, labels, units or departments.
fn cut_grid<'a>(grid: &'a Grid, caption: Caption, first: bool, pieces: &mut Vec<Piece<'a>>, own: &Own) {
    let slots = Slots::new(grid);
    let mut caption = caption;
    let mut start = 0;
    let mut notes: Vec<String> = Vec::new();
    let mut first = first;
    let mut row = 0;
    while row < grid.rows() {
        match row_caption(&slots, row, own) {
            Some(found) => {
                if row > start {
                    let done = std::mem::take(&mut caption);
                    push(pieces, &slots, start..row, done, std::mem::take(&mut notes), first);
                    first = false;
                }
                caption.merge(found);
                start = row + 1;
            }
            None => {
                if let Some(note) = row_note(&slots, row, own) {
                    notes.push(note);
                    if row == start {
                        start = row + 1;
                    }
                }
            }
        }
        row += 1;
    }
    if start < grid.rows() {
        push(pieces, &slots, start..grid.rows(), caption, notes, first);
    }
}

fn push<'a>(
    pieces: &mut Vec<Piece<'a>>,
    slots: &Slots<'a>,
    rows: Range<usize>,
    caption: Caption,
    notes: Vec<String>,
    first: bool,
) {
    pieces.push(Piece { grid: slots.clone(), rows, caption, notes, first_on_page: first });
}

/// What a row of a grid says when all its texts are captions. A lone word such as 单位 in a header row is not.
fn row_caption(slots: &Slots, row: usize, own: &Own) -> Option<Caption> {
    let mut caption = Caption::default();
    let mut any = false;
    let mut names: Vec<String> = Vec::new();
    let mut cells = slots.row(row).filter(|c| !c.is_blank());
    while let Some(cell) = cells.next() {
        if cell.row as usize != row && !any {
            return None;
        }
        // `部门：` and the name behind it stand in cells of their own
        if is_bare_label(&cell.text())
            && let Some(value) = cells.next()
        {
            match caption::read(&format!("{}{}", cell.text(), value.text()), own) {
                LineKind::Caption(found) if found.department.is_some() || found.unit.is_some() => {
                    caption.merge(found);
                    any = true;
                    continue;
                }
                _ => return None,
            }
        }
        // A title, a department and a unit may share one cell on lines of their own, or on one line.
        for line in &cell.lines {
            for part in line.text.split("  ").filter(|p| !p.trim().is_empty()) {
                match caption::read(part, own) {
                    LineKind::Caption(found) => {
                        caption.merge(found);
                        any = true;
                    }
                    LineKind::Other => {
                        let whole = caption::read(&cell.text(), own);
                        match whole {
                            LineKind::Caption(found)
                                if found.names_a_table() || found.department.is_some() =>
                            {
                                caption.merge(found);
                                any = true;
                            }
                            // a body's name beside the unit, without any label
                            _ if label::is_body(&cell.text()) => names.push(cell.text()),
                            _ => return None,
                        }
                    }
                }
            }
        }
    }
    match names.as_slice() {
        [] => {}
        [name] if caption.unit.is_some() && caption.department.is_none() => {
            caption.department = Some(crate::normalize::text::compact(name));
        }
        _ => return None,
    }
    // A sentence may mention a unit; a caption row names a table, a department or a unit and nothing else.
    (any && caption != Caption::default()).then_some(caption)
}

/// Characters of the longest label (编制部门名称：).
const LABEL: usize = 8;

/// Whether a text is nothing but a label that asks for what stands beside it.
fn is_bare_label(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with(['：', ':']) && text.chars().count() <= LABEL
}

/// A note printed inside the grid: one cell over the whole row.
fn row_note(slots: &Slots, row: usize, own: &Own) -> Option<String> {
    let mut cells = slots.row(row).filter(|c| !c.is_blank());
    let cell = cells.next()?;
    let text = cell.text();
    let wide = cell.column_span as usize * 2 > slots.grid.columns();
    let short = text.chars().count() <= 12;
    (cells.next().is_none() && (wide || short) && caption::is_note(&text, own))
        .then(|| crate::normalize::text::clean(&text))
}

/// Box of a row range.
pub fn rows_bbox(slots: &Slots, row: usize) -> Rect {
    let grid = slots.grid;
    let y0 = grid.ys.get(row).copied().unwrap_or(grid.bbox.y0);
    let y1 = grid.ys.get(row + 1).copied().unwrap_or(grid.bbox.y1);
    // further columns on the next page are not on this one
    let x1 = grid.seams.first().and_then(|seam| grid.xs.get(seam.column as usize)).copied();
    Rect { x0: grid.bbox.x0, y0, x1: x1.unwrap_or(grid.bbox.x1), y1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Notes of a table with these lines below it; each is 100 points wide unless it ends in `…`, then 400.
    fn notes(lines: &[&str]) -> Vec<String> {
        let cell = |column, text: &str| Cell {
            row: 0,
            column,
            row_span: 1,
            column_span: 1,
            bbox: Rect::new(50.0, 50.0, 450.0, 62.0),
            lines: vec![crate::grid::CellLine {
                text: text.to_owned(),
                bbox: Rect::default(),
                gaps: Vec::new(),
            }],
            overflow: false,
        };
        let grid = Grid {
            page: 1,
            bbox: Rect::new(50.0, 50.0, 450.0, 62.0),
            method: crate::grid::Method::Lattice,
            ys: vec![50.0, 62.0],
            xs: vec![50.0, 250.0, 450.0],
            cells: vec![cell(0, "科目"), cell(1, "合计")],
            seams: Vec::new(),
        };
        let line = |(i, text): (usize, &&str)| {
            let (text, right) = match text.strip_suffix('…') {
                Some(text) => (text, 450.0),
                None => (*text, 150.0),
            };
            let y = 70.0 + 14.0 * i as f32;
            TextLine { text: text.to_owned(), bbox: Rect::new(50.0, y, right, y + 10.0), size: 10.0 }
        };
        let lines = lines.iter().enumerate().map(line).collect();
        let page = PageGrids {
            number: 1,
            width: 500.0,
            height: 800.0,
            grids: vec![grid],
            lines,
            ..PageGrids::default()
        };
        pieces(&[page], &Own::default()).pop().unwrap().notes
    }

    #[test]
    fn a_note_that_wraps_within_a_title_is_one_note() {
        assert_eq!(
            notes(&["某局2026年没有使用政府性基金预算拨款安排的支出，政府性基金预算支出情况…", "表为空表。"]),
            ["某局2026年没有使用政府性基金预算拨款安排的支出,政府性基金预算支出情况表为空表。"]
        );
        assert_eq!(
            notes(&["注：本部门无政府性基金，一般公共预算支出情况表…", "情况表为空表。"]),
            ["注:本部门无政府性基金,一般公共预算支出情况表情况表为空表。"]
        );
    }

    #[test]
    fn two_notes_below_one_another_stay_two() {
        assert_eq!(
            notes(&["注：本表反映部门收入。…", "说明：本部门没有此项，故本表无数据。"]),
            ["注:本表反映部门收入。", "说明:本部门没有此项,故本表无数据。"]
        );
        assert_eq!(notes(&["注：本表为空表…", "说明：本表无数据"]), ["注:本表为空表", "说明:本表无数据"]);
    }

    #[test]
    fn of_two_tables_side_by_side_each_has_the_title_above_it() {
        let grid = |x0: f32, y1: f32| Grid {
            page: 1,
            bbox: Rect::new(x0, 50.0, x0 + 200.0, y1),
            method: crate::grid::Method::Lattice,
            ys: vec![50.0, y1],
            xs: vec![x0, x0 + 200.0],
            cells: Vec::new(),
            seams: Vec::new(),
        };
        let line = |text: &str, x: f32| TextLine {
            text: text.to_owned(),
            bbox: Rect::new(x, 30.0, x + 150.0, 40.0),
            size: 10.0,
        };
        let page = PageGrids {
            number: 1,
            grids: vec![grid(50.0, 90.0), grid(260.0, 70.0)],
            lines: vec![line("政府性基金预算支出情况表", 60.0), line("国有资本经营预算支出情况表", 270.0)],
            ..PageGrids::default()
        };
        let pages = [page];
        let titles: Vec<_> =
            pieces(&pages, &Own::default()).into_iter().filter_map(|p| p.caption.title).collect();
        assert_eq!(titles, ["政府性基金预算支出情况表", "国有资本经营预算支出情况表"]);
    }

    #[test]
    fn a_title_in_two_centred_lines_is_one_where_the_second_alone_is_another_tables() {
        let titles = |first: &str, second: &str| {
            let line = |text: &str, y: f32| {
                let half = 5.0 * text.chars().count() as f32;
                let bbox = Rect::new(250.0 - half, y, 250.0 + half, y + 10.0);
                TextLine { text: text.to_owned(), bbox, size: 10.0 }
            };
            let grid = Grid {
                page: 1,
                bbox: Rect::new(50.0, 50.0, 450.0, 90.0),
                method: crate::grid::Method::Lattice,
                ys: vec![50.0, 90.0],
                xs: vec![50.0, 450.0],
                cells: Vec::new(),
                seams: Vec::new(),
            };
            let lines = vec![line(first, 14.0), line(second, 30.0)];
            let pages = [PageGrids { number: 1, grids: vec![grid], lines, ..PageGrids::default() }];
            pieces(&pages, &Own::default()).remove(0).caption.title.unwrap_or_default()
        };
        assert_eq!(titles("财政拨款", "收支预算总表"), "财政拨款收支预算总表");
        assert_eq!(titles("某市某局", "收支预算总表"), "收支预算总表");
        assert_eq!(titles("部门预算公开", "收支预算总表"), "收支预算总表");
    }
}
