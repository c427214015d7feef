//! Lines of text between table lines: ink that is close along a row, never across a table line.

use super::ink::Ink;
use super::rulings::Line;
use crate::pdf::Axis;

/// Ink this close in a row is one text, as a share of the shorter side: less than the gap between two columns of
/// numbers, more than that between two characters.
const CLOSE: f32 = 0.009;
/// Smallest height of a text, as a share of the shorter side: below it is noise.
const LOW: f32 = 0.004;
/// Largest height of a text, as a share of the shorter side: above it is a picture.
const HIGH: f32 = 0.06;

/// A box in pixels: left, top, right, bottom (the last two behind the last pixel).
pub(super) type Box4 = [usize; 4];

/// Boxes of texts from top to bottom; `wall` is what [`walls`] gives.
pub(super) fn find(ink: &Ink, wall: &[bool]) -> Vec<Box4> {
    let shorter = ink.width.min(ink.height) as f32;
    let close = (shorter * CLOSE) as usize + 1;
    let mut open: Vec<Box4> = Vec::new();
    let mut done: Vec<Box4> = Vec::new();
    for y in 0..ink.height {
        for (from, to) in runs(ink, wall, y, close) {
            let mut text = [from, y, to, y + 1];
            open.retain(|other| {
                let joins = other[3] >= y && other[0] < to && from < other[2];
                if joins {
                    text = union(text, *other);
                }
                !joins
            });
            open.push(text);
        }
        done.extend(open.extract_if(.., |text| text[3] < y));
    }
    done.append(&mut open);
    let mut texts = parts_of_characters_joined(done, wall, ink.width, close);
    let (low, high) = ((shorter * LOW) as usize, (shorter * HIGH) as usize);
    texts.retain(|t| (low..=high).contains(&(t[3] - t[1])) && t[2] - t[0] >= low / 2);
    texts.sort_by_key(|t| (t[1], t[0]));
    high_enough(&mut texts, ink.height);
    texts
}

/// A dash or 一 is as flat as its ink: it is read at the height of the other texts, else it is blown up to something else.
fn high_enough(texts: &mut [Box4], bottom: usize) {
    let mut heights: Vec<usize> = texts.iter().map(|t| t[3] - t[1]).collect();
    heights.sort_unstable();
    let usual = heights.get(heights.len() / 2).copied().unwrap_or(0);
    for text in texts.iter_mut().filter(|t| (t[3] - t[1]) * 5 < usual * 3) {
        let more = (usual - (text[3] - text[1])) / 2;
        text[1] = text[1].saturating_sub(more);
        text[3] = (text[3] + more).min(bottom);
    }
}

fn union(a: Box4, b: Box4) -> Box4 {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// Which pixels belong to table lines, and the blur beside them.
pub(super) fn walls(ink: &Ink, rulings: &[Line]) -> Vec<bool> {
    /// How far a line's blur reaches, in pixels.
    const BLUR: usize = 2;
    let mut wall = vec![false; ink.width * ink.height];
    for line in rulings {
        let across = line.across.0.saturating_sub(BLUR)..=line.across.1 + BLUR;
        let along = line.along.0.saturating_sub(BLUR)..=line.along.1 + BLUR;
        let (xs, ys) = match line.axis {
            Axis::Horizontal => (along, across),
            Axis::Vertical => (across, along),
        };
        for y in ys.filter(|y| *y < ink.height) {
            for x in xs.clone().filter(|x| *x < ink.width) {
                wall[y * ink.width + x] = true;
            }
        }
    }
    wall
}

/// Ink of a row outside of table lines, gaps up to `close` closed where no table line stands in them.
fn runs(ink: &Ink, wall: &[bool], y: usize, close: usize) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut parted = true;
    for x in 0..ink.width {
        if wall[y * ink.width + x] {
            parted = true;
        } else if ink.at(x, y) {
            match runs.last_mut() {
                Some((_, to)) if !parted && x - *to <= close => *to = x + 1,
                _ => runs.push((x, x + 1)),
            }
            parted = false;
        }
    }
    runs
}

/// 二 is two pieces of ink, a decimal point one beside its digits: pieces on one line become one text.
fn parts_of_characters_joined(mut texts: Vec<Box4>, wall: &[bool], width: usize, close: usize) -> Vec<Box4> {
    texts.sort_by_key(|t| (t[0], t[1]));
    let mut joined: Vec<Box4> = Vec::new();
    for text in texts {
        let mut text = text;
        loop {
            let fits = |other: &Box4| {
                let overlap = text[3].min(other[3]).saturating_sub(text[1].max(other[1]));
                let lower = (text[3] - text[1]).min(other[3] - other[1]);
                let gap = text[0].max(other[0]).saturating_sub(text[2].min(other[2]));
                let y = (text[1].max(other[1]) + text[3].min(other[3])) / 2;
                let (from, to) = (text[2].min(other[2]), text[0].max(other[0]));
                let free = from >= to
                    || wall.get(y * width + from..y * width + to).is_some_and(|w| !w.contains(&true));
                overlap * 2 > lower && gap <= close && free
            };
            let Some(at) = joined.iter().position(fits) else { break };
            text = union(text, joined.swap_remove(at));
        }
        joined.push(text);
    }
    joined
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::Picture;
    use super::*;

    #[test]
    fn texts_close_to_a_table_line_are_two_and_without_it_one() {
        let paint = |ruled: bool| {
            let dark = move |x: usize, y: usize| {
                let text = (100..120).contains(&y) && ((300..340).contains(&x) || (346..380).contains(&x));
                text && x % 5 < 3 || ruled && x == 343 && (50..200).contains(&y)
            };
            let pixels = (0..800 * 800).map(|i| if dark(i % 800, i / 800) { 0 } else { 255 }).collect();
            Ink::of(&Picture::new(800, 800, pixels).unwrap())
        };
        let ink = paint(true);
        let rulings = super::super::rulings::find(&ink);
        assert_eq!(rulings.len(), 1);
        assert_eq!(find(&ink, &walls(&ink, &rulings)).len(), 2);
        let bare = paint(false);
        assert_eq!(find(&bare, &walls(&bare, &[])).len(), 1);
    }
}
