//! Removes glyphs that are painted twice to look bold (or once more for a shadow).

use super::{Direction, Glyph};

/// A double stands at most this far from the first, in font sizes, …
const SHIFT: f32 = 0.15;
/// … and at most this share of its own width, so that narrow neighbours (`ii`, `11`, `。。`) are never doubles.
const SHARE: f32 = 0.4;
/// A whole text painted again is moved by at most this, in font sizes.
const MOVED: f32 = 0.4;
/// … and a text without digits, of four characters or more, by this.
const WORDS_MOVED: f32 = 1.5;
/// No double stands farther away, in points.
const FARTHEST: f32 = 8.0;
/// Cells of the search grid, in points: so large that most glyphs have to be looked for in one cell only, so small that
/// the same character stands in it a few times at most.
const CELL: f32 = 8.0;

/// Drops every text that repeats an earlier one at (nearly) the same place. Keeps the order.
///
/// Texts are repeated as a whole: a digit that lies over the same digit of another number, where two numbers are
/// too wide for their cells, is no double.
pub(super) fn remove_doubles(glyphs: &mut Vec<Glyph>) {
    if glyphs.len() < 2 {
        return;
    }
    let size = (glyphs.len() * 2).next_power_of_two();
    let mask = size - 1;
    // Open addressing: index + 1 of a kept glyph, 0 where free.
    let mut table = vec![0u32; size];
    let mut kept = 0usize;
    let mut last = 0..0;
    let mut marks: Vec<bool> = Vec::new();
    let mut start = 0;
    while let Some(first) = glyphs.get(start) {
        let run = first.run;
        let piece = glyphs[start..].windows(2).take_while(|w| w[1].run == run && goes_on(&w[0], &w[1]));
        let again = repeats_text(&glyphs[start..], &glyphs[last.clone()]);
        let end = start + if again { last.len() } else { 1 + piece.count() };
        marks.clear();
        marks.extend((start..end).map(|i| is_double(&glyphs[i], &glyphs[..kept], &table, mask)));
        let doubles = marks.iter().filter(|m| **m).count();
        if doubles * 4 < marks.len() * 3 {
            let shadow = is_shadow(&glyphs[start..end], &glyphs[last.clone()]);
            marks.fill(shadow);
        }
        let from = kept;
        for (i, double) in (start..end).zip(&marks) {
            let glyph = glyphs[i];
            if *double || kept > from && repeats(&glyph, &glyphs[kept - 1], reach(&glyph)) {
                continue;
            }
            glyphs[kept] = glyph;
            kept += 1;
            let (x, y) = anchor(&glyph);
            let mut slot = hash(&glyph, cell(x), cell(y)) & mask;
            while table[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            table[slot] = u32::try_from(kept).unwrap_or(u32::MAX);
        }
        if kept > from {
            last = from..kept;
        }
        start = end;
    }
    glyphs.truncate(kept);
}

/// Whether a text begins with the one painted just before it, at the same place: `1` once more, and then the rest of
/// `1 180.18`.
fn repeats_text(text: &[Glyph], before: &[Glyph]) -> bool {
    let again = |(a, b): (&Glyph, &Glyph)| repeats(b, a, reach(b));
    !before.is_empty() && before.len() <= text.len() && before.iter().zip(text).all(again)
}

/// Whether a glyph stands where the one painted before it in the same go ends: texts of several cells may be painted in
/// one go, each of them twice.
fn goes_on(a: &Glyph, b: &Glyph) -> bool {
    let gap = match a.direction {
        Direction::Right => b.bbox.x0 - a.bbox.x1,
        Direction::Left => a.bbox.x0 - b.bbox.x1,
        Direction::Down => b.bbox.y0 - a.bbox.y1,
        Direction::Up => a.bbox.y0 - b.bbox.y1,
        Direction::Oblique => 0.0,
    };
    gap.abs() < a.size
}

/// Whether a text is the one painted just before it, moved by less than half a character: no two texts of a page
/// lie over one another like that.
fn is_shadow(text: &[Glyph], before: &[Glyph]) -> bool {
    let (Some(a), Some(b)) = (before.first(), text.first()) else { return false };
    let words = text.len() > 3 && !text.iter().any(|g| g.ch.is_ascii_digit());
    let reach = if words { WORDS_MOVED } else { MOVED } * b.size;
    let moved = anchor(b).0 - anchor(a).0;
    text.len() > 1
        && text.len() == before.len()
        && moved.abs() <= reach
        && before.iter().zip(text).all(|(a, b)| {
            let ((ax, ay), (bx, by)) = (anchor(a), anchor(b));
            a.ch == b.ch
                && a.direction == b.direction
                && (bx - ax - moved).abs() <= 0.05 * b.size
                && (by - ay).abs() <= SHIFT * b.size
        })
}

fn is_double(glyph: &Glyph, kept: &[Glyph], table: &[u32], mask: usize) -> bool {
    let reach = reach(glyph);
    let (x, y) = anchor(glyph);
    for cy in cell(y - reach)..=cell(y + reach) {
        for cx in cell(x - reach)..=cell(x + reach) {
            let mut slot = hash(glyph, cx, cy) & mask;
            while let Some(other) = table[slot].checked_sub(1).and_then(|i| kept.get(i as usize)) {
                if repeats(glyph, other, reach) {
                    return true;
                }
                slot = (slot + 1) & mask;
            }
        }
    }
    false
}

fn repeats(glyph: &Glyph, other: &Glyph, reach: f32) -> bool {
    let ((x, y), (ox, oy)) = (anchor(glyph), anchor(other));
    glyph.ch == other.ch
        && (x - ox).abs() <= reach
        && (y - oy).abs() <= reach
        && (glyph.size - other.size).abs() <= 0.05 * glyph.size
        && glyph.direction == other.direction
}

/// How far a double may stand away; bounded so that the search stays within a few cells.
fn reach(glyph: &Glyph) -> f32 {
    let along = glyph.bbox.width().max(glyph.bbox.height().min(glyph.size));
    let narrow = glyph.bbox.width().min(along);
    (SHIFT * glyph.size).min(SHARE * narrow).clamp(0.0, FARTHEST)
}

fn anchor(glyph: &Glyph) -> (f32, f32) {
    (glyph.bbox.x0, glyph.bbox.y0)
}

/// The search grid's cell, rounded down; `floor` itself is a library call on the oldest processors of the platform.
fn cell(v: f32) -> i32 {
    let scaled = v / CELL;
    let whole = scaled as i32;
    whole - i32::from(whole as f32 > scaled)
}

fn hash(glyph: &Glyph, x: i32, y: i32) -> usize {
    let mixed = u64::from(u32::from(glyph.ch)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ u64::from(x as u32).wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
        ^ u64::from(y as u32).wrapping_mul(0x1656_67B1_9E37_79F9);
    (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) as usize >> 20
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use crate::pdf::Direction;

    fn glyph(ch: char, x: f32, y: f32, width: f32, run: u32) -> Glyph {
        Glyph {
            ch,
            bbox: Rect::new(x, y, x + width, y + 10.0),
            baseline: y + 8.8,
            size: 10.0,
            direction: Direction::Right,
            font: 0,
            run,
            shade: 0,
        }
    }

    fn left(mut glyphs: Vec<Glyph>) -> String {
        remove_doubles(&mut glyphs);
        glyphs.iter().map(|g| g.ch).collect()
    }

    #[test]
    fn bold_by_painting_twice() {
        let twice = |dx: f32, dy: f32| {
            vec![
                glyph('合', 10.0, 20.0, 10.0, 1),
                glyph('计', 20.0, 20.0, 10.0, 1),
                glyph('合', 10.0 + dx, 20.0 + dy, 10.0, 2),
                glyph('计', 20.0 + dx, 20.0 + dy, 10.0, 2),
            ]
        };
        assert_eq!(left(twice(0.3, 0.0)), "合计");
        assert_eq!(left(twice(0.0, 0.0)), "合计");
        assert_eq!(left(twice(-0.4, 0.4)), "合计");
        assert_eq!(left(twice(5.0, 0.0)), "合计合计");
    }

    #[test]
    fn texts_of_two_cells_painted_twice_in_one_go() {
        let text = |text: &str, x: f32, run: u32| {
            text.chars()
                .enumerate()
                .map(move |(i, c)| glyph(c, x + 10.0 * i as f32, 20.0, 10.0, run))
                .collect()
        };
        // the pen goes back for the second `乙` only, and on to the next cell without a pause
        let texts: [Vec<Glyph>; 4] =
            [text("乙", 10.0, 1), text("乙", 10.3, 2), text("外交支出", 60.0, 2), text("外交支出", 60.3, 3)];
        assert_eq!(left(texts.concat()), "乙外交支出");
        let texts: [Vec<Glyph>; 4] =
            [text("1", 10.0, 1), text("1", 10.3, 2), text("180", 22.0, 2), text("180", 22.3, 3)];
        assert_eq!(left(texts.concat()), "1180");
    }

    #[test]
    fn repeated_digits_and_ideographs_stay() {
        assert_eq!(
            left((0u8..6).map(|i| glyph('1', 10.0 + 5.0 * f32::from(i), 20.0, 5.0, 1)).collect()),
            "111111"
        );
        assert_eq!(
            left((0u8..3).map(|i| glyph('2', 10.0 + 4.5 * f32::from(i), 20.0, 5.0, 1)).collect()),
            "222"
        );
        assert_eq!(
            left((0u8..2).map(|i| glyph('好', 10.0 + 10.0 * f32::from(i), 20.0, 10.0, 1)).collect()),
            "好好"
        );
        assert_eq!(
            left((0u8..4).map(|i| glyph('.', 10.0 + 2.0 * f32::from(i), 20.0, 2.5, 1)).collect()),
            "...."
        );
    }

    #[test]
    fn a_digit_over_the_same_digit_of_another_number_stays() {
        let number = |text: &str, x: f32, run| {
            text.chars()
                .enumerate()
                .map(|(i, c)| glyph(c, x + 5.0 * i as f32, 20.0, 5.0, run))
                .collect::<Vec<_>>()
        };
        let mut both = number("19689300.00", 10.0, 1);
        both.extend(number("264000.00", 60.5, 2));
        assert_eq!(left(both), "19689300.00264000.00");
    }

    #[test]
    fn a_text_painted_again_farther_off_is_its_shadow() {
        let mut both: Vec<Glyph> =
            "支出总计".chars().enumerate().map(|(i, c)| glyph(c, 12.0 * i as f32, 20.0, 10.0, 1)).collect();
        let again: Vec<Glyph> = both.iter().map(|g| glyph(g.ch, g.bbox.x0 - 2.7, 20.0, 10.0, 2)).collect();
        both.extend(again);
        assert_eq!(left(both), "支出总计");
    }

    #[test]
    fn same_character_on_the_next_line_stays() {
        assert_eq!(left(vec![glyph('0', 10.0, 20.0, 5.0, 1), glyph('0', 10.0, 29.0, 5.0, 2)]), "00");
    }

    #[test]
    fn doubles_across_cells_of_the_search_grid() {
        let pair = |x: f32| vec![glyph('元', x, 3.9, 10.0, 1), glyph('元', x + 0.5, 4.1, 10.0, 2)];
        for x in [3.6, 3.9, 7.8, 0.1] {
            assert_eq!(left(pair(x)), "元");
        }
    }
}
