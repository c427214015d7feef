//! Items → rows where no ruling parts them. The lines that carry amounts are the anchors; wrapped text above,
//! below and beside them is gathered per column first, because a cell's lines lie closer to one another than
//! to the next row's.

use super::super::shape::Shape;
use super::items::Item;

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
    x1: f32,
    anchored: bool,
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
    let mut rows = anchors;
    let mut spare: Vec<Row> = Vec::new();
    for c in 0..columns {
        let mut own: Vec<&Item> = items.iter().copied().filter(|t| column(t) == c && !is_anchor(t)).collect();
        own.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
        for block in blocks(&own, &anchor_ys, pitch, em) {
            attach(&block, &anchor_ys, &mut rows, &mut spare, em);
        }
    }
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

/// The smallest distance between neighbouring anchors.
fn least_pitch(ys: &[f32], em: f32) -> Option<f32> {
    ys.windows(2)
        .filter_map(|w| if let [a, b] = w { Some(b - a) } else { None })
        .filter(|s| *s > 0.9 * em)
        .min_by(f32::total_cmp)
}

/// Gathers one column's text into cells.
fn blocks(own: &[&Item], anchors: &[f32], pitch: Option<f32>, em: f32) -> Vec<Block> {
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
    let mut out: Vec<Block> = Vec::new();
    for item in own {
        let mark = Mark {
            baseline: item.baseline,
            y0: item.bbox.y0,
            y1: item.bbox.y1,
            x1: item.bbox.x1,
            anchored: anchored(item),
        };
        let last = out.last_mut().and_then(|b| b.lines.last_mut());
        match last {
            Some(last) if (mark.baseline - last.baseline).abs() < 0.4 * em => {
                last.x1 = last.x1.max(mark.x1);
                last.y0 = last.y0.min(mark.y0);
                last.y1 = last.y1.max(mark.y1);
                continue;
            }
            Some(last) if wraps(last, &mark, limit, close, em) => {
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
fn wraps(above: &Mark, below: &Mark, limit: f32, close: f32, em: f32) -> bool {
    let step = below.baseline - above.baseline;
    if step > 1.7 * em || (above.anchored && below.anchored) {
        return false;
    }
    // As close as rows are: only a line without room for another character goes on below.
    let full = above.x1 + 1.2 * em > limit;
    step < close || (full && step <= 1.5 * em)
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
