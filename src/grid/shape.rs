//! What a piece of text looks like: an amount, a code, a dash or words. Looks at characters only.

use crate::layout::PageText;
use crate::pdf::Glyph;
use std::ops::Range;

/// What a piece of text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A number with a decimal point or thousands separators: `1,234.50`, `(12.00)`, `−0.5`, `△0.5`, `12.5%`.
    Amount,
    /// Digits only: a code, a year or an amount without decimals.
    Integer,
    /// A dash or slash that stands for nothing or zero.
    Dash,
    /// Anything else.
    Words,
}

impl Shape {
    /// Whether it can stand in an amount column.
    pub(super) fn is_numeric(self) -> bool {
        self != Shape::Words
    }
}

/// A half-width form of digits and number punctuation.
pub(super) fn narrow(ch: char) -> char {
    match ch {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(ch as u32 - 0xFEE0).unwrap_or(ch),
        '−' | '–' | '—' | '―' | '─' | '━' | '﹣' | '‐' | '‑' | '‒' => '-',
        _ => ch,
    }
}

/// The shape of these glyphs' text.
pub(super) fn shape(glyphs: &[Glyph]) -> Shape {
    shape_of(glyphs.iter().map(|g| g.ch))
}

/// The shape of this text. Spaces are skipped.
pub(super) fn shape_of(chars: impl Iterator<Item = char>) -> Shape {
    let (mut digits, mut points, mut commas, mut dashes, mut tail_digits) = (0u32, 0u32, 0u32, 0u32, 0u32);
    let mut percent = false;
    for ch in chars {
        match narrow(ch) {
            c if c.is_ascii_digit() => {
                if percent {
                    return Shape::Words;
                }
                digits += 1;
                tail_digits += 1;
            }
            '.' => {
                points += 1;
                tail_digits = 0;
            }
            ',' => {
                commas += 1;
                tail_digits = 0;
            }
            '-' | '/' if digits == 0 => dashes += 1,
            '+' | '(' | '¥' | '￥' | '△' | '▲' if digits == 0 => {}
            ')' if digits > 0 => {}
            '%' if digits > 0 => percent = true,
            c if c.is_whitespace() => {}
            _ => return Shape::Words,
        }
    }
    if digits == 0 {
        return if dashes > 0 && points == 0 && commas == 0 { Shape::Dash } else { Shape::Words };
    }
    if points > 1 || dashes > 1 {
        return Shape::Words;
    }
    if commas > 0 && points == 0 && tail_digits != 3 {
        return Shape::Words;
    }
    // `1.` is an enumeration, `1.00` an amount.
    if points == 1 && tail_digits == 0 {
        return Shape::Words;
    }
    if points == 1 || commas > 0 || percent { Shape::Amount } else { Shape::Integer }
}

/// Whether these touching glyphs are one amount however many texts they were painted as (some producers paint
/// bold text glyph by glyph): its thousands are grouped right, and it has no more decimals than money has
/// unless every glyph was painted alone.
pub(super) fn is_one_amount(glyphs: &[Glyph]) -> bool {
    if shape(glyphs) != Shape::Amount {
        return false;
    }
    let (mut whole, mut decimals, mut grouped, mut point) = (0u32, 0u32, false, false);
    for ch in glyphs.iter().map(|g| narrow(g.ch)) {
        match ch {
            ',' if point || whole == 0 || whole > 3 || grouped && whole != 3 => return false,
            ',' => {
                grouped = true;
                whole = 0;
            }
            '.' => point = true,
            c if c.is_ascii_digit() && point => decimals += 1,
            c if c.is_ascii_digit() => whole += 1,
            _ => {}
        }
    }
    let alone = || glyphs.windows(2).all(|w| w.first().map(|g| g.run) != w.get(1).map(|g| g.run));
    (!grouped || whole == 3) && (decimals <= 2 || alone())
}

/// The shape of a range of a page's glyphs.
pub(super) fn range_shape(text: &PageText, range: &Range<u32>) -> Shape {
    shape(text.glyphs.get(range.start as usize..range.end as usize).unwrap_or_default())
}
