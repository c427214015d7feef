//! Items → rows where no ruling parts them. The lines that carry amounts are the anchors; wrapped text above,
//! below and beside them is gathered per column first, because a cell's lines lie closer to one another than
//! to the next row's.

use super::super::shape::{Shape, narrow};
use super::items::Item;
use super::sides;
use super::{centres, middles};
use crate::layout::PageText;

/// Lines of one cell in one column.
#[derive(Clone, Debug)]
struct Block {
    lines: Vec<Mark>,
}

/// One line of a block.
#[derive(Clone, Copy, Debug)]
struct Mark {
    baseline: f32,
    y0: f32,
    y1: f32,
    x0: f32,
    x1: f32,
    anchored: bool,
    /// No other column has anything on this line.
    alone: bool,
    /// It begins as an entry of a list does: `2. `, `224 `, `（一）`.
    numbered: bool,
}

impl Block {
    fn y0(&self) -> f32 {
        self.lines.iter().map(|l| l.y0).fold(f32::INFINITY, f32::min)
    }

    fn y1(&self) -> f32 {
        self.lines.iter().map(|l| l.y1).fold(f32::NEG_INFINITY, f32::max)
    }
}

/// A row in the making: the height of its text, and its anchor's middle.
#[derive(Clone, Copy, Debug)]
struct Row {
    y0: f32,
    y1: f32,
}

impl Row {
    fn cy(&self) -> f32 {
        (self.y0 + self.y1) * 0.5
    }
}

/// Edges between the rows of these items (none above the first and below the last row). `column` tells an
/// item's column; `numeric` tells whether a column holds amounts.
pub(super) fn edges(
    text: &PageText,
    items: &[&Item],
    column: impl Fn(&Item) -> usize,
    numeric: impl Fn(usize) -> bool,
    em: f32,
) -> Vec<f32> {
    let is_anchor = |t: &Item| t.shape == Shape::Amount || (t.shape.is_numeric() && numeric(column(t)));
    let mut anchors: Vec<Row> = Vec::new();
    let mut sorted: Vec<&&Item> = items.iter().filter(|t| is_anchor(t)).collect();
    sorted.sort_by(|a, b| a.bbox.cy().total_cmp(&b.bbox.cy()));
    for item in sorted {
        match anchors.last_mut() {
            Some(row) if item.bbox.cy() - row.cy() < 0.5 * em => {
                row.y1 = row.y1.max(item.bbox.y1);
            }
            _ => anchors.push(Row { y0: item.bbox.y0, y1: item.bbox.y1 }),
        }
    }
    let anchor_ys: Vec<f32> = anchors.iter().map(Row::cy).collect();
    let pitch = least_pitch(&anchor_ys, em);
    let columns = items.iter().map(|t| column(t)).max().map_or(0, |c| c + 1);
    let beside = |c: usize| items.iter().copied().filter(|t| column(t) == c && !is_anchor(t)).collect();
    let texts: Vec<Vec<&Item>> = (0..columns).map(beside).collect();
    let spans: Vec<(f32, f32)> = anchors.iter().map(|a| (a.y0, a.y1)).collect();
    let sided = sides::edges(&texts, &spans, text, em);
    let sided = sided.or_else(|| sides::between_codes(&texts, &spans, em));
    if let Some(edges) =
        sided.or_else(|| middles::edges(&texts, &spans, em)).or_else(|| centres::edges(&texts, &spans, em))
    {
        return edges;
    }
    let mut rows = anchors;
    let mut spare: Vec<Row> = Vec::new();
    let mut lines: Vec<(f32, usize)> = items.iter().map(|t| (t.bbox.cy(), column(t))).collect();
    lines.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (c, mut own) in texts.into_iter().enumerate() {
        own.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
        let alone = |t: &Item| {
            let first = lines.partition_point(|(y, _)| *y < t.bbox.cy() - 0.4 * em);
            let near = lines.iter().skip(first).take_while(|(y, _)| *y <= t.bbox.cy() + 0.4 * em);
            near.into_iter().all(|(_, other)| *other == c)
        };
        for block in blocks(text, &own, &anchor_ys, alone, pitch, em) {
            attach(&block, &anchor_ys, &mut rows, &mut spare, em);
        }
    }
    spare.retain(|s| !is_beside(s, &rows, &anchor_ys, em));
    spare.sort_by(|a, b| a.cy().total_cmp(&b.cy()));
    for row in spare {
        let same = rows.iter_mut().skip(anchor_ys.len()).find(|r| {
            let common = r.y1.min(row.y1) - r.y0.max(row.y0);
            common > 0.4 * (r.y1 - r.y0).min(row.y1 - row.y0)
        });
        match same {
            Some(r) => (r.y0, r.y1) = (r.y0.min(row.y0), r.y1.max(row.y1)),
            None => rows.push(row),
        }
    }
    rows.sort_by(|a, b| a.cy().total_cmp(&b.cy()));
    rows.windows(2)
        .filter_map(|pair| if let [a, b] = pair { Some((a.y1 + b.y0) * 0.5) } else { None })
        .scan(f32::NEG_INFINITY, |last, y| {
            *last = last.max(y);
            Some(*last)
        })
        .collect()
}

/// Whether a text stands beside a wrapped one that has its row's anchor in its middle: a code at the top of its cell is no
/// row of its own.
fn is_beside(text: &Row, rows: &[Row], anchors: &[f32], em: f32) -> bool {
    let next = anchors.partition_point(|y| *y < text.cy());
    [next.checked_sub(1), Some(next)].into_iter().flatten().any(|i| {
        rows.get(i).zip(anchors.get(i)).is_some_and(|(row, y)| {
            let inside = text.y0 > row.y0 - 0.2 * em && text.y1 < row.y1 + 0.2 * em;
            inside && (row.cy() - y).abs() < 0.2 * em
        })
    })
}

/// The smallest distance between neighbouring anchors.
fn least_pitch(ys: &[f32], em: f32) -> Option<f32> {
    ys.windows(2)
        .filter_map(|w| if let [a, b] = w { Some(b - a) } else { None })
        .filter(|s| *s > 0.9 * em)
        .min_by(f32::total_cmp)
}

/// Gathers one column's text into cells.
fn blocks(
    text: &PageText,
    own: &[&Item],
    anchors: &[f32],
    alone: impl Fn(&Item) -> bool,
    pitch: Option<f32>,
    em: f32,
) -> Vec<Block> {
    let limit = own.iter().map(|t| t.bbox.x1).fold(f32::NEG_INFINITY, f32::max);
    // Lines of one cell lie closer than rows do: than the anchors, and than most lines of this column.
    let mut steps: Vec<f32> = own
        .windows(2)
        .filter_map(|w| if let [a, b] = w { Some(b.baseline - a.baseline) } else { None })
        .filter(|s| *s > 0.4 * em)
        .collect();
    steps.sort_by(f32::total_cmp);
    let wide = steps.get(steps.len() * 3 / 4).copied().unwrap_or(f32::INFINITY);
    let close = (1.45 * em).min(0.82 * pitch.unwrap_or(f32::INFINITY)).min(0.85 * wide);
    let anchored = |t: &Item| {
        let i = anchors.partition_point(|y| *y < t.bbox.cy() - 0.4 * em);
        anchors.get(i).is_some_and(|y| (*y - t.bbox.cy()).abs() <= 0.4 * em)
    };
    let is_list = own.iter().filter(|t| is_numbered(t.chars(text))).count() > 2;
    let mut out: Vec<Block> = Vec::new();
    for item in own {
        let mark = Mark {
            baseline: item.baseline,
            y0: item.bbox.y0,
            y1: item.bbox.y1,
            x0: item.bbox.x0,
            x1: item.bbox.x1,
            anchored: anchored(item),
            alone: alone(item),
            numbered: is_list && is_numbered(item.chars(text)),
        };
        let last = out.last_mut().and_then(|b| b.lines.last_mut());
        match last {
            Some(last) if (mark.baseline - last.baseline).abs() < 0.4 * em => {
                last.x1 = last.x1.max(mark.x1);
                last.y0 = last.y0.min(mark.y0);
                last.y1 = last.y1.max(mark.y1);
                continue;
            }
            Some(last)
                if wraps(last, &mark, limit, close, pitch, em)
                    || surround(last, &mark, anchors, pitch, em) =>
            {
                if let Some(block) = out.last_mut() {
                    block.lines.push(mark);
                }
                continue;
            }
            _ => out.push(Block { lines: vec![mark] }),
        }
    }
    out
}

/// Whether a line goes on with the text of the line above it.
fn wraps(above: &Mark, below: &Mark, limit: f32, close: f32, pitch: Option<f32>, em: f32) -> bool {
    let step = below.baseline - above.baseline;
    // the rest of a wrapped text stands below its beginning or, where texts are centred, below its middle
    let indented =
        below.x0 - above.x0 > 0.7 * em && (below.x0 + below.x1 - above.x0 - above.x1).abs() > 0.5 * em;
    if step > 1.7 * em || (above.anchored && below.anchored) || below.numbered || indented {
        return false;
    }
    // As close as rows are: only a line without room for another character goes on below, and exactly as far away as
    // rows are only on a line of its own.
    let full = above.x1 + 1.02 * em > limit;
    let as_rows = pitch.is_some_and(|pitch| (step - pitch).abs() < 0.03 * pitch);
    step < close || (full && step <= 1.5 * em && (!as_rows || (below.alone && !below.anchored)))
}

/// Whether two lines stand above and below an anchor that has nothing of this column beside it: the two halves of the
/// name of its row, in the middle of which its amounts stand.
fn surround(above: &Mark, below: &Mark, anchors: &[f32], pitch: Option<f32>, em: f32) -> bool {
    let middle = |m: &Mark| (m.y0 + m.y1) * 0.5;
    let (top, bottom) = (middle(above), middle(below));
    if above.anchored || below.anchored || pitch.is_none_or(|pitch| bottom - top > 1.3 * pitch) {
        return false;
    }
    let first = anchors.partition_point(|y| *y <= top);
    let mut between = anchors.iter().skip(first).take_while(|y| **y < bottom);
    let centred = |y: &f32| ((top + bottom) * 0.5 - y).abs() < 0.2 * em;
    between.next().is_some_and(centred) && between.next().is_none()
}

/// Whether these characters begin as an entry of a list: with a number and a full stop or comma, a number in brackets,
/// or a code of at least three digits before words. A year is no code.
pub(super) fn is_numbered(chars: impl Iterator<Item = char>) -> bool {
    let mut chars = chars.peekable();
    let bracket = chars.next_if(|c| matches!(c, '(' | '（')).is_some();
    let (mut digits, mut ideographs) = (0, 0);
    while let Some(c) = chars.next_if(|c| narrow(*c).is_ascii_digit() || "一二三四五六七八九十".contains(*c))
    {
        if narrow(c).is_ascii_digit() { digits += 1 } else { ideographs += 1 }
    }
    let Some(next) = chars.next() else { return false };
    match digits + ideographs {
        0 => false,
        _ if bracket => matches!(next, ')' | '）'),
        1..=3 if matches!(next, '.' | '．' | '、') => {
            !chars.next().is_some_and(|c| narrow(c).is_ascii_digit())
        }
        _ => ideographs == 0 && digits > 2 && next.is_alphabetic() && next != '年',
    }
}

/// Puts a block into the row of its anchor, or makes it a row of its own.
fn attach(block: &Block, anchors: &[f32], rows: &mut [Row], spare: &mut Vec<Row>, em: f32) {
    let (y0, y1) = (block.y0(), block.y1());
    let first = anchors.partition_point(|y| *y < y0 - 0.1 * em);
    let count =
        anchors.get(first..).map_or(0, |rest| rest.iter().take_while(|y| **y <= y1 + 0.1 * em).count());
    let grow = |row: Option<&mut Row>, y0: f32, y1: f32| {
        if let Some(r) = row {
            (r.y0, r.y1) = (r.y0.min(y0), r.y1.max(y1));
        }
    };
    match count {
        0 => spare.push(Row { y0, y1 }),
        1 => grow(rows.get_mut(first), y0, y1),
        _ => {
            for line in &block.lines {
                let cy = (line.y0 + line.y1) * 0.5;
                let nearest = (first..first + count)
                    .filter_map(|i| anchors.get(i).map(|y| (i, (y - cy).abs())))
                    .min_by(|a, b| a.1.total_cmp(&b.1));
                grow(nearest.and_then(|(i, _)| rows.get_mut(i)), line.y0, line.y1);
            }
        }
    }
}
