//! Printed amounts → exact decimals. No binary float is ever involved; every printed digit and the number of
//! decimals stay.

use crate::document::Unit;
use crate::normalize::chars::{is_dash, is_invisible, is_space};
use crate::normalize::text::{NEXT, clean};
use rust_decimal::Decimal;

/// What a cell in an amount column holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Parsed {
    /// Nothing printed.
    Blank,
    /// A number in the printed unit, its scale as printed.
    Value(Decimal),
    /// A dash, slash or the like that stands for zero or nothing (`—`, `-`, `/`).
    Dash,
    /// `无` and other words that say there is nothing.
    Nothing,
    /// Anything else.
    NotAmount,
}

/// What [`read`] found out about a cell's text.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What the cell holds.
    pub parsed: Parsed,
    /// The number was put together from pieces (`117,4 71.46`) or freed of stray marks: right if an identity
    /// says so, else worth a second look.
    pub repaired: bool,
}

/// Most significant digits that are read; a [`Decimal`] holds any number of that many digits.
pub const MAX_DIGITS: u32 = 28;

/// Longest text that can be an amount: 28 digits, their separators, sign, brackets and some wrapping.
const MAX_CHARS: usize = 64;

/// Reads a cell's text. See [`read`].
pub fn parse(text: &str) -> Parsed {
    read(text).parsed
}

/// Reads a cell's text: plain and grouped numbers (`1,234.50`, `1，234.50`, `1'234.50`, `1 234.50`, by four
/// `12,3456`), full-width digits, negatives (`-`, `−`, `－`, `△`, `▲`, brackets, trailing minus), a
/// leading `+` or `¥`, numbers cut by wrapping. Numbers with a unit or percent sign are [`Parsed::NotAmount`]
/// (see [`measure`]), also codes (`05`), the rest of a torn number (`.50`, `,320`), two numbers in one cell and more than [`MAX_DIGITS`] digits.
pub fn read(text: &str) -> Reading {
    let trimmed = text.trim_matches(|c: char| is_space(c) || is_invisible(c));
    let plain = |parsed| Reading { parsed, repaired: false };
    if trimmed.is_empty() {
        return plain(Parsed::Blank);
    }
    if let Some(value) = simple(trimmed.as_bytes()) {
        return plain(Parsed::Value(value));
    }
    let Some(cell) = Cell::from_text(trimmed) else { return plain(Parsed::NotAmount) };
    match cell.chars.as_slice() {
        [] => plain(Parsed::Blank),
        chars if chars.len() <= 6 && chars.iter().all(|&c| is_dash(c) || c == '—') => plain(Parsed::Dash),
        ['/'] | ['/', '/'] | ['\\'] => plain(Parsed::Dash),
        _ if cell.says_nothing() => plain(Parsed::Nothing),
        _ => match cell.number() {
            Some((value, repaired)) => Reading { parsed: Parsed::Value(value), repaired },
            None => plain(Parsed::NotAmount),
        },
    }
}

/// A number with what it is measured in, as the text parts print it: `12.5万元`, `89.46%`, `1,522.00平方米`, `≥25 人`
/// (without the comparator). The unit is what follows the number, in the contract's text form, `""` for a bare
/// number. `None` where the text does not start with a number.
pub fn measure(text: &str) -> Option<(Decimal, String)> {
    let text = clean(text);
    let end = text
        .char_indices()
        .find(|&(at, c)| {
            let number =
                c.is_ascii_digit() || matches!(c, '.' | ',' | ' ') || (at == 0 && (is_dash(c) || c == '+'));
            !number
        })
        .map_or(text.len(), |(at, _)| at);
    let (number, unit) = text.split_at_checked(end)?;
    match parse(number.trim_end_matches([' ', ',', '.'])) {
        Parsed::Value(value) => Some((value, unit.trim().to_owned())),
        _ => None,
    }
}

/// Converts to 万元 exactly: the point moves, every printed digit stays. `None` when the result does not fit
/// into 28 decimals or 96 bits.
pub fn to_wan(value: Decimal, unit: Unit) -> Option<Decimal> {
    shift(value, wan_exponent(unit))
}

/// Converts from 万元 back to a printed unit, exactly. `None` when the result does not fit.
pub fn from_wan(value: Decimal, unit: Unit) -> Option<Decimal> {
    shift(value, -wan_exponent(unit))
}

/// Power of ten that one unit is in 万元.
pub fn wan_exponent(unit: Unit) -> i32 {
    match unit {
        Unit::Yuan => -4,
        Unit::ThousandYuan => -1,
        Unit::Wan => 0,
        Unit::Yi => 4,
    }
}

/// Multiplies by ten to the power of `exponent` by moving the point; zeros are appended where the number has
/// no more decimals to give up.
fn shift(value: Decimal, exponent: i32) -> Option<Decimal> {
    let scale = i64::from(value.scale()) - i64::from(exponent);
    let mut mantissa = value.mantissa();
    if scale < 0 {
        mantissa = mantissa.checked_mul(10i128.checked_pow(u32::try_from(-scale).ok()?)?)?;
    }
    Decimal::try_from_i128_with_scale(mantissa, u32::try_from(scale.max(0)).ok()?).ok()
}

/// The common case without any allocation: ASCII digits with at most one point, or grouped by three with commas.
fn simple(bytes: &[u8]) -> Option<Decimal> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let (integer, fraction) = match memchr::memchr(b'.', digits) {
        Some(at) => (digits.get(..at)?, Some(digits.get(at + 1..)?)),
        None => (digits, None),
    };
    if integer.is_empty() || fraction.is_some_and(<[u8]>::is_empty) {
        return None;
    }
    let mut number = Number::default();
    let mut group = 0;
    let mut grouped = false;
    for (i, &byte) in integer.iter().enumerate() {
        if byte == b',' {
            let complete = if grouped { group == 3 } else { (1..=3).contains(&group) };
            if i == 0 || !complete {
                return None;
            }
            grouped = true;
            group = 0;
        } else {
            number.digit(byte)?;
            group += 1;
        }
    }
    if (grouped && group != 3) || (integer.len() > 1 && integer.first() == Some(&b'0')) {
        return None;
    }
    for &byte in fraction.unwrap_or_default() {
        number.digit(byte)?;
        number.scale += 1;
    }
    number.finish(negative)
}

/// Digits on their way to a decimal.
#[derive(Default)]
struct Number {
    mantissa: i128,
    significant: u32,
    scale: u32,
}

impl Number {
    fn digit(&mut self, byte: u8) -> Option<()> {
        if !byte.is_ascii_digit() {
            return None;
        }
        if self.mantissa != 0 || byte != b'0' {
            self.significant += 1;
        }
        if self.significant > MAX_DIGITS {
            return None;
        }
        self.mantissa = self.mantissa * 10 + i128::from(byte - b'0');
        Some(())
    }

    fn finish(self, negative: bool) -> Option<Decimal> {
        let mantissa = if negative { -self.mantissa } else { self.mantissa };
        Decimal::try_from_i128_with_scale(mantissa, self.scale).ok()
    }
}

/// Whether every character of a decimal stands alone: `7 0 2 . 4 5`, digits that were spread over their cell.
fn is_spaced_out(chars: &[char]) -> bool {
    let alone = |(at, c): (usize, &char)| match at % 2 {
        0 => c.is_ascii_digit() || matches!(c, '.' | ',' | '-'),
        _ => *c == SPACE || *c == THIN,
    };
    chars.len() >= 7 && chars.len() % 2 == 1 && chars.contains(&'.') && chars.iter().enumerate().all(alone)
}

/// A cell's characters in compatibility form: ASCII digits and marks; runs of blanks kept as one mark.
struct Cell {
    chars: Vec<char>,
}

/// Marks of the compatibility form.
const BREAK: char = '\n';
const SPACE: char = ' ';
/// Thin, no-break and figure spaces, as typesetters use them between thousands.
const THIN: char = '\u{2009}';

impl Cell {
    /// `None` for a text that is too long to be an amount.
    fn from_text(text: &str) -> Option<Self> {
        let mut chars: Vec<char> = Vec::with_capacity(text.len().min(MAX_CHARS));
        for c in text.chars() {
            if is_invisible(c) {
                continue;
            }
            let c = match c {
                NEXT => return None,
                '\n' | '\r' => BREAK,
                '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{200a}' | '\u{202f}' => THIN,
                c if is_space(c) => SPACE,
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
                '￥' => '¥',
                '﹣' => '-',
                '’' | '‘' => '\'',
                '｡' => '.',
                '﹐' | '٬' => ',',
                c => c,
            };
            match chars.last_mut() {
                // of a run of blanks the strongest stays
                Some(last) if is_blank(*last) && is_blank(c) => {
                    *last = if c == BREAK || *last == BREAK { BREAK } else { SPACE };
                }
                _ => chars.push(c),
            }
            if chars.len() > MAX_CHARS {
                return None;
            }
        }
        if is_spaced_out(&chars) {
            chars.retain(|c| !is_blank(*c));
        }
        Some(Self { chars })
    }

    fn says_nothing(&self) -> bool {
        let text: String =
            self.chars.iter().filter(|c| !is_blank(**c) && !matches!(**c, '(' | ')' | '。' | '.')).collect();
        matches!(
            text.as_str(),
            "无" | "空"
                | "没有"
                | "无数据"
                | "无金额"
                | "空白"
                | "未安排"
                | "无安排"
                | "不适用"
                | "不涉及"
                | "暂无"
                | "N/A"
                | "n/a"
        )
    }

    /// The number and whether it had to be put together.
    fn number(&self) -> Option<(Decimal, bool)> {
        let (negative, body) = self.sign()?;
        // no money is printed without its whole part: what stood before the mark was torn off
        if matches!(body.first(), Some('.' | ',' | '\'')) {
            return None;
        }
        if body.first() == Some(&'0')
            && body.get(1).is_some_and(|c| c.is_ascii_digit() || matches!(c, ',' | '\''))
        {
            return None;
        }
        let point = body.iter().position(|&c| c == '.');
        let (integer, fraction) = body.split_at(point.unwrap_or(body.len()));
        let mut repaired = Self::check_groups(integer)?;
        let mut number = Number::default();
        let mut digits = 0;
        for &c in integer {
            if let Some(byte) = ascii_digit(c) {
                number.digit(byte)?;
                digits += 1;
            }
        }
        let mut blank_inside = false;
        for &c in fraction.get(1..).unwrap_or_default() {
            match ascii_digit(c) {
                Some(byte) => {
                    number.digit(byte)?;
                    number.scale += 1;
                    digits += 1;
                }
                None if c == BREAK => repaired = true,
                None if c == SPACE || c == THIN => (repaired, blank_inside) = (true, true),
                None => return None,
            }
        }
        // `12.50 43` is two numbers, `374.9 6` one that was torn
        if digits == 0 || (blank_inside && number.scale > 2) {
            return None;
        }
        // a point without decimals: something may be cut off
        repaired |= point.is_some() && number.scale == 0;
        Some((number.finish(negative)?, repaired))
    }

    /// Takes sign, brackets and currency off.
    fn sign(&self) -> Option<(bool, &[char])> {
        let mut body = trim(&self.chars);
        let mut signs = 0;
        let mut negative = false;
        if let ['(', inner @ .., ')'] = body {
            (negative, signs, body) = (true, 1, trim(inner));
        }
        if let ['¥', rest @ ..] = body {
            body = trim(rest);
        }
        match body {
            [first, rest @ ..]
                if is_dash(*first) || *first == '—' || matches!(*first, '△' | '▲' | '∆' | 'Δ') =>
            {
                (negative, body) = (true, trim(rest));
                signs += 1;
            }
            ['+', rest @ ..] => {
                body = trim(rest);
                signs += 1;
            }
            [rest @ .., last] if is_dash(*last) => {
                (negative, body) = (true, trim(rest));
                signs += 1;
            }
            _ => {}
        }
        if let ['¥', rest @ ..] = body {
            body = trim(rest);
        }
        (signs <= 1).then_some((negative, body))
    }

    /// Checks the separators of an integer part and says whether it had to be put together. Groups are of three
    /// or of four digits, all alike but the first. Blanks are accepted as separators of threes, beside proper
    /// separators where the number is well grouped without them, and where wrapping tore a plain number.
    fn check_groups(integer: &[char]) -> Option<bool> {
        let is_separator = |c: &char| matches!(c, ',' | '\'');
        if integer.iter().any(|c| ascii_digit(*c).is_none() && !is_separator(c) && !is_blank(*c)) {
            return None;
        }
        if integer.iter().any(is_separator) {
            if integer.contains(&',') && integer.contains(&'\'') {
                return None;
            }
            let whole: Vec<char> = integer.iter().copied().filter(|c| !is_blank(*c)).collect();
            let grouped = well_grouped(&whole, is_separator, 3) || well_grouped(&whole, is_separator, 4);
            return grouped.then_some(whole.len() < integer.len());
        }
        // a blank right before the point (`1234 .50`) tears, it does not group
        let (inner, torn_at_point) = match integer {
            [inner @ .., last] if is_blank(*last) => (inner, true),
            inner => (inner, false),
        };
        if inner.iter().all(|c| !is_blank(*c)) {
            return Some(torn_at_point);
        }
        if well_grouped(inner, |c| is_blank(*c), 3) {
            return Some(torn_at_point || inner.iter().any(|c| matches!(*c, SPACE | BREAK)));
        }
        // nothing but line breaks: the cell was too narrow for the number
        inner.iter().all(|c| !matches!(*c, SPACE | THIN)).then_some(true)
    }
}

fn ascii_digit(c: char) -> Option<u8> {
    u8::try_from(c).ok().filter(u8::is_ascii_digit)
}

fn is_blank(c: char) -> bool {
    matches!(c, BREAK | SPACE | THIN)
}

fn trim(mut body: &[char]) -> &[char] {
    while let [first, rest @ ..] = body
        && is_blank(*first)
    {
        body = rest;
    }
    while let [rest @ .., last] = body
        && is_blank(*last)
    {
        body = rest;
    }
    body
}

fn well_grouped(integer: &[char], is_separator: impl Fn(&char) -> bool, size: usize) -> bool {
    integer
        .split(is_separator)
        .enumerate()
        .all(|(i, group)| if i == 0 { (1..=size).contains(&group.len()) } else { group.len() == size })
}

#[cfg(test)]
mod tests;
