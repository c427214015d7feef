//! Where on a page tables without a full lattice lie: between horizontal rules and fills of one width, or,
//! without anything painted, where lines of text keep to common columns.

use super::super::hints;
use super::super::shape::{self, Shape};
use super::super::track::{Segment, Tolerance, Tracks};
use super::Area;
use super::bare::{self, is_tabular};
use super::items::{self, Item};
use super::whole;
use crate::geometry::Rect;
use crate::layout::{self, PageText};
use crate::limits::Deadline;
use crate::pdf::{Axis, Page, Ruling};

/// What the page offers to this stage.
pub(in crate::grid) struct Ground<'a> {
    pub(in crate::grid) page: &'a Page,
    pub(in crate::grid) text: &'a PageText,
    /// Words that other grids hold.
    pub(in crate::grid) used: &'a [bool],
    /// Boxes of those grids.
    pub(in crate::grid) taken: &'a [Rect],
    pub(in crate::grid) tolerance: Tolerance,
    pub(in crate::grid) deadline: Deadline,
}

/// A line of free text.
pub(super) struct Row {
    pub(super) bbox: Rect,
    pub(super) items: Vec<Item>,
    pub(super) caption: bool,
    /// It ends a sentence or leads with dots to a page number: part of no table that nothing is painted around.
    pub(super) prose: bool,
    /// A line of words alone, many of them.
    pub(super) sentence: bool,
    /// One of several sentences' lines below one another that end at both margins of a text.
    pub(super) justified: bool,
}

/// A line of so many words between spaces is no row of short names.
const SENTENCE: usize = 7;
/// Gaps within a sentence are narrower than so many ems, …
const SPREAD: f32 = 1.0;
/// … but for the one between two columns of text.
const GUTTERS: usize = 1;
/// So many lines of one left and right end are set as a paragraph.
const PARAGRAPH: usize = 3;

/// The areas of a page, from top to bottom. `bars` are rules that cross no other ruling, `joints` where their
/// painted pieces meet.
pub(in crate::grid) fn areas(ground: &Ground, bars: Vec<Segment>, joints: &[(f32, f32)]) -> Vec<Area> {
    let rows = rows(ground);
    let mut areas = ruled_areas(ground, bars, joints, &rows);
    let free: Vec<&Row> = rows
        .iter()
        .filter(|r| {
            !areas.iter().any(|a| {
                a.hull.y0 <= r.bbox.cy() && r.bbox.cy() <= a.hull.y1 && a.hull.overlap_x(&r.bbox) > 0.0
            })
        })
        .collect();
    areas.extend(bare::areas(&free, ground.text.size));
    areas.sort_by(|a, b| a.hull.y0.total_cmp(&b.hull.y0));
    areas
}

/// Free text, line by line; captions are told by their words, or as a large line by itself.
pub(super) fn rows(ground: &Ground) -> Vec<Row> {
    let text = ground.text;
    let mut out = Vec::new();
    let last = text.lines.len().saturating_sub(1);
    let lines: Vec<Vec<Item>> = text
        .lines
        .iter()
        .map(|line| line.words.clone().filter(|w| !ground.used.get(*w as usize).copied().unwrap_or(false)))
        .map(|free| items::items(text, free))
        .collect();
    let rows_size = rows_size(&lines);
    for (n, items) in lines.into_iter().enumerate() {
        let Some(bbox) = Rect::hull(items.iter().map(|t| t.bbox)) else { continue };
        let says = |item: &Item| {
            let glyphs =
                text.glyphs.get(item.glyphs.start as usize..item.glyphs.end as usize).unwrap_or_default();
            layout::glyphs_text(glyphs)
        };
        let caption = match items.as_slice() {
            [only] => {
                let t = says(only);
                let outer = n == 0 || n == last;
                let large = only.size >= 1.2 * text.size && only.size > 1.05 * rows_size;
                let large = large && only.shape == Shape::Words;
                hints::is_caption(&t) || hints::is_title(&t) || large || (outer && hints::is_page_number(&t))
            }
            few if few.len() <= 4 => few.iter().any(|t| hints::is_caption(&says(t))),
            _ => false,
        };
        let prose = items.iter().any(|t| reads_on(t.chars(text)));
        let words = text.lines.get(n).map_or(&[][..], |line| text.line_words(line));
        let shape = |w: &layout::Word| shape::shape(text.word_glyphs(w));
        let gap = |w: &[layout::Word]| matches!(w, [a, b] if b.bbox.x0 - a.bbox.x1 >= SPREAD * text.size);
        let sentence = words.len() >= SENTENCE
            && words.windows(2).filter(|w| gap(w)).count() <= GUTTERS
            && words.iter().filter(|w| shape(w).is_numeric()).count() * SENTENCE <= words.len();
        out.push(Row { bbox, items, caption, prose, sentence, justified: false });
    }
    out.sort_by(|a, b| a.bbox.cy().total_cmp(&b.bbox.cy()));
    mark_paragraphs(&mut out, text.size);
    // Tables in 元 have no decimals; each is looked at by itself.
    for table in out.chunk_by_mut(|a, b| !a.caption && !b.caption) {
        let mut items: Vec<&mut Item> = table.iter_mut().flat_map(|r| r.items.iter_mut()).collect();
        whole::promote(&mut items, text);
    }
    out
}

/// Marks lines of sentences that a typesetter stretched to both margins: the gaps between their words are no columns.
fn mark_paragraphs(rows: &mut [Row], em: f32) {
    let same = |a: &Row, b: &Row| {
        a.sentence
            && b.sentence
            && (a.bbox.x0 - b.bbox.x0).abs() < 0.5 * em
            && (a.bbox.x1 - b.bbox.x1).abs() < 0.5 * em
            && b.bbox.cy() - a.bbox.cy() < 3.0 * em
    };
    for lines in rows.chunk_by_mut(same).filter(|lines| lines.len() >= PARAGRAPH) {
        lines.iter_mut().for_each(|row| row.justified = true);
    }
}

/// The largest size of text in lines that look like a table's rows: as large a line beside them is one of a wrapped
/// name, although most of the page is smaller.
fn rows_size(lines: &[Vec<Item>]) -> f32 {
    let row = |l: &&Vec<Item>| l.len() > 2 && l.iter().any(Item::is_amount);
    let mut sizes: Vec<f32> = lines.iter().filter(row).filter_map(|l| l.first().map(|t| t.size)).collect();
    sizes.sort_by(f32::total_cmp);
    // one line alone proves nothing
    sizes.len().checked_sub(2).and_then(|i| sizes.get(i).copied()).unwrap_or(0.0)
}

/// Whether a text ends a sentence, or is a leader (a run of dots).
fn reads_on(chars: impl Iterator<Item = char>) -> bool {
    let mut dots = 0;
    for c in chars {
        dots = if matches!(c, '.' | '·' | '…' | '．' | '⋯') { dots + 1 } else { 0 };
        if c == '。' || dots >= 6 {
            return true;
        }
    }
    false
}

/// A set of rules in the making.
struct Group {
    hull: Rect,
    segments: Vec<Segment>,
    sides: Vec<Segment>,
}

fn ruled_areas(ground: &Ground, bars: Vec<Segment>, joints: &[(f32, f32)], rows: &[Row]) -> Vec<Area> {
    let (fill_h, fill_v) = fill_edges(ground);
    let mut joints = joints.to_vec();
    joints.extend(places(&fill_h));
    let mut segments: Vec<Segment> =
        bars.into_iter().filter(|s| ground.deadline.expired() || !is_underline(s, rows)).collect();
    segments.extend(fill_h.segments.iter().copied());
    segments.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    // A rule and the side of a fill at the same height are one edge; tracks keep them together.
    for (n, s) in segments.iter_mut().enumerate() {
        s.track = n as u32;
    }
    let mut groups: Vec<Group> = Vec::new();
    for (n, s) in segments.into_iter().enumerate() {
        if n % 16 == 0 && ground.deadline.expired() {
            break;
        }
        let mut home =
            Group { hull: Rect::new(s.from, s.at, s.to, s.at), segments: Vec::new(), sides: Vec::new() };
        // Rules under headings that span columns stand side by side: what runs below all of them joins them.
        let mut at = groups.len();
        while at > groups.len().saturating_sub(32) {
            at -= 1;
            let beside =
                |g: &Group| home.segments.is_empty() || g.hull.y1 > home.hull.y0 - 0.5 * ground.text.size;
            if groups.get(at).is_some_and(|g| beside(g) && joins(g, &s, rows, ground.text.size)) {
                let mut other = groups.remove(at);
                home.hull = home.hull.union(&other.hull);
                other.segments.append(&mut home.segments);
                home.segments = other.segments;
            }
        }
        home.segments.push(s);
        groups.push(home);
    }
    for (n, s) in fill_v.segments.into_iter().enumerate() {
        if n % 64 == 0 && ground.deadline.expired() {
            break;
        }
        let middle = (s.from + s.to) * 0.5;
        if let Some(g) = groups.iter_mut().find(|g| {
            g.hull.x0 - 1.0 <= s.at && s.at <= g.hull.x1 + 1.0 && g.hull.y0 <= middle && middle <= g.hull.y1
        }) {
            g.sides.push(s);
        }
    }
    groups
        .into_iter()
        .filter(|g| g.hull.height() > ground.text.size && !ground.deadline.expired())
        .map(|g| {
            let joints = joints.iter().copied().filter(|(x, y)| {
                g.hull.x0 <= *x && *x <= g.hull.x1 && g.hull.y0 - 1.0 <= *y && *y <= g.hull.y1 + 1.0
            });
            let joints = joints.collect();
            let mut area = Area { hull: g.hull, h: g.segments, v: g.sides, joints };
            widen(&mut area, rows, ground.text.size);
            lengthen(&mut area, rows);
            leave_captions(&mut area, rows);
            area
        })
        .collect()
}

/// Joints of tracks as points (x, y).
pub(in crate::grid) fn places(tracks: &Tracks) -> Vec<(f32, f32)> {
    tracks.joints.iter().filter_map(|(track, x)| tracks.at.get(*track as usize).map(|y| (*x, *y))).collect()
}

/// The sides of fills, cleaned as rulings are.
fn fill_edges(ground: &Ground) -> (Tracks, Tracks) {
    let page = ground.page;
    let em = ground.tolerance.em;
    let mut rulings = Vec::new();
    for fill in &page.fills {
        let b = &fill.bbox;
        let usable = fill.shade < 253
            && b.width() > em
            && b.height() > 0.5 * em
            && b.height() < 0.5 * page.height
            && !ground.taken.iter().any(|t| t.overlap_x(b) > 0.5 * em && t.overlap_y(b) > 0.5 * em);
        if usable {
            let h = |at| Ruling {
                axis: Axis::Horizontal,
                at,
                from: b.x0,
                to: b.x1,
                width: 0.0,
                shade: fill.shade,
            };
            let v =
                |at| Ruling { axis: Axis::Vertical, at, from: b.y0, to: b.y1, width: 0.0, shade: fill.shade };
            rulings.extend([h(b.y0), h(b.y1), v(b.x0), v(b.x1)]);
        }
    }
    if rulings.is_empty() {
        return (Tracks::default(), Tracks::default());
    }
    (
        Tracks::new(&rulings, Axis::Horizontal, ground.tolerance, ground.deadline),
        Tracks::new(&rulings, Axis::Vertical, ground.tolerance, ground.deadline),
    )
}

/// A rule closely under a piece of text and just as long, or under a gap that a sentence leaves for it: text
/// touches both of its ends.
fn is_underline(s: &Segment, rows: &[Row]) -> bool {
    let first = rows.partition_point(|r| r.bbox.cy() < s.at - 30.0);
    let near = |t: &Item| {
        let drop = s.at - t.baseline;
        drop > -0.1 * t.size && drop < 0.5 * t.size
    };
    let touches = |x: f32, side: f32, t: &Item| {
        let (inner, outer) =
            if side < 0.0 { (t.bbox.x1 - x, t.bbox.x0 - x) } else { (x - t.bbox.x0, x - t.bbox.x1) };
        inner > -0.6 * t.size && outer < -0.5 * t.size && near(t)
    };
    rows.iter().skip(first).take_while(|r| r.bbox.cy() < s.at).any(|r| {
        if [(s.from, -1.0), (s.to, 1.0)].iter().all(|(x, side)| r.items.iter().any(|t| touches(*x, *side, t)))
        {
            return true;
        }
        r.items.iter().any(|t| {
            let em = t.size;
            let drop = s.at - t.baseline;
            let hull = if r.items.len() == 1 { r.bbox } else { t.bbox };
            drop > -0.1 * em
                && drop < 0.5 * em
                && (s.from - hull.x0).abs() < 0.5 * em
                && (s.to - hull.x1).abs() < 0.5 * em
        })
    })
}

/// Whether a rule goes on with the table of the rules above it.
fn joins(group: &Group, s: &Segment, rows: &[Row], em: f32) -> bool {
    let common = group.hull.x1.min(s.to) - group.hull.x0.max(s.from);
    if common < 0.6 * (s.to - s.from).min(group.hull.width()) {
        return false;
    }
    let between =
        |r: &&Row| r.bbox.cy() > group.hull.y1 && r.bbox.cy() < s.at && r.bbox.overlap_x(&group.hull) > 0.0;
    let first = rows.partition_point(|r| r.bbox.cy() <= group.hull.y1);
    let mut inner = rows.iter().skip(first).take_while(|r| r.bbox.cy() < s.at).filter(between).peekable();
    if inner.peek().is_none() {
        // The rule under a running head is as wide as the page's text, whatever the table's width.
        let ends = (group.hull.x0 - s.from).abs() < 2.0 * em && (group.hull.x1 - s.to).abs() < 2.0 * em;
        let table = group.hull.height() > 0.5 * em || ends || s.at - group.hull.y1 < em;
        return table && s.at - group.hull.y1 < 8.0 * em.max(1.0);
    }
    if inner.clone().filter(|r| r.justified).count() >= PARAGRAPH {
        return false;
    }
    !inner.any(|r| r.caption && r.bbox.overlap_x(&Rect::new(s.from, 0.0, s.to, 0.0)) > 0.0)
}

/// Rows of text that go on beside the rules (open left and right ends) widen the area.
fn widen(area: &mut Area, rows: &[Row], em: f32) {
    let inner = area.hull;
    for t in rows.iter().filter(|r| r.bbox.cy() > inner.y0 && r.bbox.cy() < inner.y1).flat_map(|r| &r.items) {
        if t.bbox.overlap_x(&inner) > 0.0 {
            if t.bbox.x0 < inner.x0 {
                area.hull.x0 = area.hull.x0.min(t.bbox.x0 - 0.2 * em);
            }
            if t.bbox.x1 > inner.x1 {
                area.hull.x1 = area.hull.x1.max(t.bbox.x1 + 0.2 * em);
            }
        }
    }
}

/// Rows below the last rule and headings above the first one, where the rule that should close them is not
/// painted (the last row of a striped table).
fn lengthen(area: &mut Area, rows: &[Row]) {
    let (hull, striped) = (area.hull, !area.v.is_empty());
    let inside = |r: &Row, hull: &Rect| {
        let em = r.items.first().map_or(0.0, |t| t.size);
        r.bbox.x0 > hull.x0 - em && r.bbox.x1 < hull.x1 + em
    };
    // A row of one name without amounts below a striped table's last fill stands where other names stand.
    let begins = |x: f32, em: f32| {
        let above = rows.iter().filter(|r| r.bbox.cy() > hull.y0 && r.bbox.cy() < hull.y1);
        above.flat_map(|r| &r.items).filter(|t| (t.bbox.x0 - x).abs() < 0.3 * em).count() >= 3
    };
    // … or, the label of an empty table's total, in the middle of the column that it closes.
    let middle = |t: &Rect, em: f32| {
        let above = rows.iter().filter(|r| r.bbox.cy() > hull.y0 && r.bbox.cy() < hull.y1);
        above.flat_map(|r| &r.items).any(|o| (o.bbox.cx() - t.cx()).abs() < 0.3 * em)
    };
    let name = |r: &Row| matches!(r.items.as_slice(), [only] if begins(only.bbox.x0, only.size));
    let total = |r: &Row| {
        let em = r.items.first().map_or(0.0, |t| t.size);
        let near = r.bbox.y0 - hull.y1 < 1.2 * em && r.bbox.width() < 6.0 * em;
        near && r.items.iter().all(|t| t.shape == Shape::Words) && middle(&r.bbox, em)
    };
    let named = |r: &Row| striped && (name(r) || total(r));
    let rowlike = |r: &Row| r.items.iter().any(Item::is_amount) || is_tabular(r) || named(r);
    let first = rows.partition_point(|r| r.bbox.cy() <= hull.y1);
    let mut end = hull.y1;
    let mut reach = hull.y1;
    for row in rows.iter().skip(first) {
        let em = row.items.first().map_or(0.0, |t| t.size);
        let prose = row.items.len() == 1 && row.bbox.width() > 0.8 * hull.width();
        if row.caption || prose || !inside(row, &hull) || row.bbox.y0 - reach > 1.6 * em {
            break;
        }
        reach = row.bbox.y1;
        if rowlike(row) {
            end = row.bbox.y1 + 0.2 * em;
        } else if end > hull.y1 && row.bbox.y0 - end < 0.5 * em {
            // The last lines of a wrapped name in the last row.
            end = row.bbox.y1 + 0.2 * em;
        }
    }
    area.hull.y1 = end;
    // Headings are words, side by side or alone over some of the columns, closely above one another.
    let mut begin = area.hull.y0;
    let mut reach = area.hull.y0;
    let last = rows.partition_point(|r| r.bbox.cy() < area.hull.y0);
    // A first rule over some of the columns only is the one under a heading that spans them.
    let top = area.h.first().map_or(f32::INFINITY, |s| s.at);
    let painted: f32 = area.h.iter().take_while(|s| s.at < top + 1.0).map(Segment::length).sum();
    let spanning = !area.h.is_empty() && painted < 0.9 * area.hull.width();
    for row in rows.iter().take(last).rev() {
        let em = row.items.first().map_or(0.0, |t| t.size);
        let far = if row.items.len() > 2 { 1.8 } else { 1.2 };
        if row.caption || row.prose || !inside(row, &area.hull) || reach - row.bbox.y1 > far * em {
            break;
        }
        if row.items.iter().any(|t| t.shape.is_numeric()) && begin < area.hull.y0 {
            break;
        }
        let alone = row.items.len() == 1 && row.bbox.width() > 0.4 * area.hull.width();
        reach = row.bbox.y0;
        let heads = row.items.len() > 2 || (begin < area.hull.y0 || spanning) && !alone;
        if heads || striped && name(row) {
            begin = row.bbox.y0 - 0.2 * em;
        }
    }
    area.hull.y0 = begin;
}

/// A title or a unit line below the table's top rule stands over the headings, not among them.
fn leave_captions(area: &mut Area, rows: &[Row]) {
    let mut inside =
        rows.iter().filter(|r| r.bbox.cy() > area.hull.y0 && r.bbox.cy() < area.hull.y1).peekable();
    let mut top = area.hull.y0;
    // `单位：  万元` may be two pieces; a heading beside a unit is farther off.
    let whole =
        |r: &Row| r.items.len() == 1 || r.items.len() == 2 && r.bbox.width() < 0.25 * area.hull.width();
    while let Some(row) = inside.next_if(|r| r.caption && whole(r)) {
        let Some(next) = inside.peek().filter(|n| n.bbox.y0 > row.bbox.y1 - 0.2 * row.bbox.height()) else {
            return;
        };
        top = (row.bbox.y1 + next.bbox.y0) * 0.5;
    }
    if top > area.hull.y0 {
        area.hull.y0 = top;
        area.h.retain(|s| s.at >= top);
        area.joints.retain(|(_, y)| *y >= top);
    }
}
