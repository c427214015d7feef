//! JSON tokens → bytes. Commas, line breaks and escaping live here; what the keys mean does not.
//!
//! Written straight into one buffer: no value tree, no allocation per amount. Numbers never pass through a
//! binary float: a decimal is printed from its mantissa and scale, so every printed digit stays.

use super::printable::hostile as is_hostile;
use crate::geometry::Rect;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::ser::Formatter;
use std::io;

/// How the bytes are laid out. The values are the same in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Everything on one line, no spaces: for machines and NDJSON.
    #[default]
    Compact,
    /// One row and one finding on each line: for people and for `diff`.
    Pretty,
}

/// Whether a container's children stand on lines of their own (in [`Style::Pretty`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// All on the line of the opening bracket.
    Joined,
    /// Each on its own line.
    Own,
}

/// Appends JSON tokens to a buffer. The caller opens and closes containers in pairs.
pub struct Writer<'a> {
    out: &'a mut Vec<u8>,
    style: Style,
    open: Vec<Lines>,
}

impl<'a> Writer<'a> {
    /// A writer that appends to `out`.
    pub fn new(out: &'a mut Vec<u8>, style: Style) -> Self {
        Self { out, style, open: Vec::with_capacity(8) }
    }

    /// Begins an object.
    pub fn object(&mut self, lines: Lines) {
        self.out.push(b'{');
        self.open.push(lines);
    }

    /// Begins an array.
    pub fn array(&mut self, lines: Lines) {
        self.out.push(b'[');
        self.open.push(lines);
    }

    /// Ends the innermost object.
    pub fn end_object(&mut self) {
        self.end(b'}', b'{');
    }

    /// Ends the innermost array.
    pub fn end_array(&mut self) {
        self.end(b']', b'[');
    }

    fn end(&mut self, close: u8, open: u8) {
        let lines = self.open.pop().unwrap_or(Lines::Joined);
        if lines == Lines::Own && self.out.last() != Some(&open) {
            self.line();
        }
        self.out.push(close);
    }

    /// Starts the next element of an array: the comma and the line break before it.
    pub fn element(&mut self) {
        let first = matches!(self.out.last(), Some(b'{' | b'['));
        if !first {
            self.out.push(b',');
        }
        if self.open.last() == Some(&Lines::Own) {
            self.line();
        } else if !first && self.style == Style::Pretty {
            self.out.push(b' ');
        }
    }

    fn line(&mut self) {
        if self.style == Style::Pretty {
            self.out.push(b'\n');
            self.out.extend(std::iter::repeat_n(b' ', self.open.len()));
        }
    }

    /// A key that needs no escaping (all of the contract's own do not).
    pub fn key(&mut self, key: &str) {
        self.element();
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.colon();
    }

    /// A key on a new line even inside a [`Lines::Joined`] object.
    pub fn key_on_new_line(&mut self, key: &str) {
        if !matches!(self.out.last(), Some(b'{' | b'[')) {
            self.out.push(b',');
        }
        self.line();
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.colon();
    }

    /// A key that may hold anything.
    pub fn text_key(&mut self, key: &str) {
        self.element();
        self.string(key);
        self.out.pop();
        self.colon();
    }

    fn colon(&mut self) {
        self.out.extend_from_slice(if self.style == Style::Pretty { b"\": " } else { b"\":" });
    }

    /// `null`.
    pub fn null(&mut self) {
        self.out.extend_from_slice(b"null");
    }

    /// A string, escaped: what JSON demands, and what would recolour a terminal or turn its reading direction.
    pub fn string(&mut self, text: &str) {
        if !text.is_ascii() && text.chars().any(is_hostile) {
            return self.guarded_string(text);
        }
        // writing into a Vec cannot fail, and a str always serializes
        let _ = serde_json::to_writer(&mut *self.out, text);
    }

    fn guarded_string(&mut self, text: &str) {
        let quoted = serde_json::to_string(text).unwrap_or_default();
        for c in quoted.chars() {
            let mut units = [0; 2];
            if is_hostile(c) {
                for unit in c.encode_utf16(&mut units) {
                    self.out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
                }
            } else {
                self.out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }

    /// A string or `null`.
    pub fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.string(text),
            None => self.null(),
        }
    }

    /// A truth value, or `null`.
    pub fn optional_bool(&mut self, value: Option<bool>) {
        match value {
            Some(value) => self.out.extend_from_slice(if value { b"true" } else { b"false" }),
            None => self.null(),
        }
    }

    /// A word that needs no escaping.
    pub fn word(&mut self, word: &str) {
        self.out.push(b'"');
        self.out.extend_from_slice(word.as_bytes());
        self.out.push(b'"');
    }

    /// A whole number.
    pub fn uint(&mut self, n: u64) {
        self.digits(u128::from(n), 0);
    }

    /// A decimal with exactly the digits of its scale: `43.00` stays `43.00`.
    pub fn decimal(&mut self, d: &Decimal) {
        if d.is_sign_negative() && !d.is_zero() {
            self.out.push(b'-');
        }
        self.digits(d.mantissa().unsigned_abs(), d.scale() as usize);
    }

    /// A decimal or `null`.
    pub fn optional_decimal(&mut self, d: Option<&Decimal>) {
        match d {
            Some(d) => self.decimal(d),
            None => self.null(),
        }
    }

    /// `[x0, y0, x1, y1]`, rounded to a tenth of a point.
    pub fn rect(&mut self, r: &Rect) {
        self.out.push(b'[');
        for (i, v) in [r.x0, r.y0, r.x1, r.y1].into_iter().enumerate() {
            if i > 0 {
                self.out.extend_from_slice(if self.style == Style::Pretty { b", " } else { b"," });
            }
            // a float cast saturates, and NaN becomes 0: nothing that is not JSON can come out
            let tenths = (f64::from(v) * 10.0).round() as i64;
            if tenths < 0 {
                self.out.push(b'-');
            }
            self.digits(u128::from(tenths.unsigned_abs()), 1);
        }
        self.out.push(b']');
    }

    /// Any serializable value. In [`Style::Pretty`] its outer `lines` levels stand on lines of their own.
    pub fn value<T: Serialize + ?Sized>(&mut self, value: &T, lines: usize) {
        let start = self.out.len();
        let done = match self.style {
            Style::Compact => serde_json::to_writer(&mut *self.out, value),
            Style::Pretty => {
                let base = self.open.len();
                let format = OuterLines { base, depth: 0, lines, empty: true };
                value.serialize(&mut serde_json::Serializer::with_formatter(&mut *self.out, format))
            }
        };
        if done.is_err() {
            // only a map with keys that are not strings gets here; the document must stay valid JSON
            self.out.truncate(start);
            self.null();
        }
    }

    /// Ends a line.
    pub fn newline(&mut self) {
        self.out.push(b'\n');
    }

    fn digits(&mut self, mantissa: u128, scale: usize) {
        // u128::MAX has 39 digits, a Decimal's scale is at most 28
        let mut buffer = [b'0'; 48];
        let mut at = buffer.len();
        let mut put = |digit: u8| {
            at = at.saturating_sub(1);
            if let Some(slot) = buffer.get_mut(at) {
                *slot = b'0' + digit;
            }
        };
        let mut written = 0;
        let mut high = mantissa;
        // 64-bit division is several times faster than 128-bit, and nearly every amount fits
        while high > u128::from(u64::MAX) {
            put((high % 10) as u8);
            high /= 10;
            written += 1;
        }
        let mut low = high as u64;
        while low > 0 || written <= scale {
            put((low % 10) as u8);
            low /= 10;
            written += 1;
        }
        let digits = buffer.get(at..).unwrap_or_default();
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(scale));
        self.out.extend_from_slice(whole);
        if scale > 0 {
            self.out.push(b'.');
            self.out.extend_from_slice(fraction);
        }
    }
}

/// serde_json's layout where only the outer levels are broken into lines.
struct OuterLines {
    base: usize,
    depth: usize,
    lines: usize,
    empty: bool,
}

impl OuterLines {
    fn open<W: ?Sized + io::Write>(&mut self, w: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.empty = true;
        w.write_all(bracket)
    }

    fn close<W: ?Sized + io::Write>(&mut self, w: &mut W, bracket: &[u8]) -> io::Result<()> {
        let broken = self.depth <= self.lines && !self.empty;
        self.depth = self.depth.saturating_sub(1);
        self.empty = false;
        if broken {
            self.line(w)?;
        }
        w.write_all(bracket)
    }

    fn child<W: ?Sized + io::Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        self.empty = false;
        if !first {
            w.write_all(b",")?;
        }
        if self.depth <= self.lines {
            self.line(w)
        } else if first {
            Ok(())
        } else {
            w.write_all(b" ")
        }
    }

    fn line<W: ?Sized + io::Write>(&self, w: &mut W) -> io::Result<()> {
        w.write_all(b"\n")?;
        (0..self.base + self.depth).try_for_each(|_| w.write_all(b" "))
    }
}

impl Formatter for OuterLines {
    fn begin_array<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.open(w, b"[")
    }
    fn end_array<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.close(w, b"]")
    }
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        self.child(w, first)
    }
    fn begin_object<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.open(w, b"{")
    }
    fn end_object<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.close(w, b"}")
    }
    fn begin_object_key<W: ?Sized + io::Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        self.child(w, first)
    }
    fn begin_object_value<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        w.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::str::FromStr;

    fn written(style: Style, write: impl FnOnce(&mut Writer)) -> String {
        let mut out = Vec::new();
        write(&mut Writer::new(&mut out, style));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn decimals_keep_every_printed_digit() {
        for text in [
            "0",
            "0.00",
            "0.000000",
            "43.00",
            "-149.50",
            "9628.221344",
            "0.05",
            "7",
            "79228162514264337593543950335",
            "-7.9228162514264337593543950335",
        ] {
            let d = Decimal::from_str(text).unwrap();
            assert_eq!(written(Style::Compact, |w| w.decimal(&d)), text);
        }
    }

    #[test]
    fn a_negative_zero_is_a_zero() {
        let mut d = Decimal::from_str("0.00").unwrap();
        d.set_sign_negative(true);
        assert_eq!(written(Style::Compact, |w| w.decimal(&d)), "0.00");
    }

    #[test]
    fn boxes_are_rounded_to_a_tenth_and_never_nan() {
        let r = Rect { x0: 72.04, y0: -0.26, x1: f32::NAN, y1: 595.276 };
        assert_eq!(written(Style::Compact, |w| w.rect(&r)), "[72.0,-0.3,0.0,595.3]");
        assert_eq!(written(Style::Pretty, |w| w.rect(&r)), "[72.0, -0.3, 0.0, 595.3]");
    }

    #[test]
    fn strings_are_escaped() {
        let text = "a\"b\\c\n\u{1}\u{202e}“三公”";
        let out = written(Style::Compact, |w| w.string(text));
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        assert!(out.contains("\\\"") && out.contains("\\n") && out.contains("\\u0001"));
        assert!(out.contains("\\u202e") && out.contains("三公"), "{out}");
    }

    #[test]
    fn keys_that_hold_anything_are_escaped_too() {
        let out = written(Style::Compact, |w| {
            w.object(Lines::Joined);
            w.text_key("收入\"预算\n/其他");
            w.uint(1);
            w.end_object();
        });
        let back: std::collections::BTreeMap<String, u32> = serde_json::from_str(&out).unwrap();
        assert_eq!(back.keys().next().unwrap(), "收入\"预算\n/其他");
    }

    #[test]
    fn pretty_differs_only_in_white_space() {
        let write = |w: &mut Writer| {
            w.object(Lines::Own);
            w.key("a");
            w.array(Lines::Own);
            for n in 0..2 {
                w.element();
                w.uint(n);
            }
            w.end_array();
            w.key("b");
            w.array(Lines::Own);
            w.end_array();
            w.key("c");
            w.object(Lines::Joined);
            w.key("d");
            w.null();
            w.key("e");
            w.value(&serde_json::json!({"x": [1, 2], "y": [], "z": {"deep": [1, 2]}}), 2);
            w.end_object();
            w.end_object();
        };
        let compact = written(Style::Compact, write);
        assert_eq!(compact, r#"{"a":[0,1],"b":[],"c":{"d":null,"e":{"x":[1,2],"y":[],"z":{"deep":[1,2]}}}}"#);
        let pretty = written(Style::Pretty, write);
        let expected = "{\n \"a\": [\n  0,\n  1\n ],\n \"b\": [],\n \"c\": {\"d\": null, \"e\": {\n   \"x\": [\n    1,\n    2\n   ],\n   \"y\": [],\n   \"z\": {\n    \"deep\": [1, 2]\n   }\n  }}\n}";
        assert_eq!(pretty, expected);
    }
}
