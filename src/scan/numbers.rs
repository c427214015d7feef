//! Numbers of a line that were read with doubt.

use super::Character;
use crate::geometry::Rect;
use crate::pdf::Doubt;

/// A character of a number that is less likely than this is told. Clear print comes out above 0.98.
const SURE: f32 = 0.9;

/// Numbers of a line of which a character is doubtful; `scale` is points of a pixel across and down.
pub(super) fn doubts(line: &[Character], (sx, sy): (f32, f32)) -> Vec<Doubt> {
    let part = |c: &Character| c.ch.is_ascii_digit() || matches!(c.ch, '.' | ',' | '-' | '，' | '。' | '－');
    let numbers = line.split(|c| !part(c)).filter(|n| n.iter().any(|c| c.ch.is_ascii_digit()));
    let doubt = |number: &[Character]| {
        let least = number.iter().min_by(|a, b| a.confidence.total_cmp(&b.confidence))?;
        let last = number.last()?;
        let [x0, y0, ..] = number.first()?.bbox;
        (least.confidence < SURE).then(|| Doubt {
            text: number.iter().map(|c| c.ch).collect(),
            confidence: least.confidence,
            bbox: Rect::new(x0 * sx, y0 * sy, last.bbox[2] * sx, last.bbox[3] * sy),
            others: least.others.iter().map(|(ch, _)| *ch).collect(),
        })
    };
    numbers.filter_map(doubt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, doubtful: usize) -> Vec<Character> {
        let one = |(i, ch): (usize, char)| Character {
            ch,
            bbox: [i as f32, 0.0, i as f32 + 1.0, 2.0],
            confidence: if i == doubtful { 0.6 } else { 0.99 },
            others: if i == doubtful { vec![('8', 0.3)] } else { Vec::new() },
        };
        text.chars().enumerate().map(one).collect()
    }

    #[test]
    fn a_doubtful_digit_tells_its_number_and_a_doubtful_name_tells_nothing() {
        let told = doubts(&line("合计 1,234.50", 5), (1.0, 2.0));
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].text.as_str(), told[0].others.as_slice()), ("1,234.50", &['8'][..]));
        assert_eq!(told[0].bbox, Rect::new(3.0, 0.0, 11.0, 4.0));
        assert!(doubts(&line("合计 1,234.50", 0), (1.0, 1.0)).is_empty());
    }
}
