//! Inline images: skipped, but what they cover counts.

use super::interpret::Interpreter;
use super::token::{Lexer, Token, is_regular, is_space};

impl Interpreter<'_, '_> {
    /// `BI … ID … EI`, with the lexer after `BI`.
    pub(super) fn inline_image(&mut self, lexer: &mut Lexer) {
        let mut image = Inline::default();
        let mut key: Option<&[u8]> = None;
        while let Some(token) = lexer.next() {
            match (token, key.take()) {
                (Token::Word(b"ID"), _) => break,
                // No `ID`: the stream is damaged, go on behind the marker.
                (Token::Word(b"EI"), _) => return,
                (Token::Name(name), None) => key = Some(name),
                (value, Some(key)) => image.entry(key, value),
                _ => {}
            }
            lexer.clear_text();
        }
        let data = lexer.data();
        // One space separates `ID` from the data.
        let start = lexer.pos() + usize::from(data.get(lexer.pos()).is_some_and(|b| is_space(*b)));
        let end = image.plain_length().and_then(|length| ends_at(data, start.checked_add(length)?));
        lexer.seek(end.or_else(|| find_end(data, start)).unwrap_or(data.len()));
        let shade = image.mask.then(|| self.state.fill.shade());
        self.image(shade);
    }
}

/// What an inline image says of itself.
#[derive(Default)]
struct Inline {
    width: f64,
    height: f64,
    bits: f64,
    components: Option<f64>,
    mask: bool,
    filtered: bool,
}

impl Inline {
    fn entry(&mut self, key: &[u8], value: Token) {
        match (key, value) {
            (b"W" | b"Width", Token::Number(v)) => self.width = v,
            (b"H" | b"Height", Token::Number(v)) => self.height = v,
            (b"BPC" | b"BitsPerComponent", Token::Number(v)) => self.bits = v,
            (b"IM" | b"ImageMask", Token::Word(b"true")) => self.mask = true,
            (b"F" | b"Filter", _) => self.filtered = true,
            (b"CS" | b"ColorSpace", Token::Name(name)) => {
                self.components = match name {
                    b"G" | b"DeviceGray" => Some(1.0),
                    b"RGB" | b"DeviceRGB" => Some(3.0),
                    b"CMYK" | b"DeviceCMYK" => Some(4.0),
                    _ => None,
                };
            }
            _ => {}
        }
    }

    /// Length of the data, where nothing compresses it.
    fn plain_length(&self) -> Option<usize> {
        if self.filtered {
            return None;
        }
        let bits = if self.mask { 1.0 } else { self.bits * self.components? };
        let length = (self.width * bits / 8.0).ceil() * self.height;
        (length > 0.0 && length < 1e9).then_some(length as usize)
    }
}

/// The end of the `EI` that follows the data at `at`, if it does.
fn ends_at(data: &[u8], at: usize) -> Option<usize> {
    let rest = data.get(at..)?;
    let skip = rest.iter().take(4).take_while(|b| is_space(**b)).count();
    let rest = rest.get(skip..)?;
    (rest.starts_with(b"EI") && rest.get(2).is_none_or(|b| !is_regular(*b))).then_some(at + skip + 2)
}

/// The end of an `EI` between spaces that is followed by what looks like content, not by more binary data.
fn find_end(data: &[u8], start: usize) -> Option<usize> {
    let mut from = start;
    loop {
        let at = from + memchr::memmem::find(data.get(from..)?, b"EI")?;
        let before = at == start || data.get(at.wrapping_sub(1)).is_some_and(|b| is_space(*b));
        let after = data.get(at + 2..).unwrap_or(&[]);
        let text = after.iter().take(12).all(|b| is_space(*b) || (0x20..0x7F).contains(b));
        if before && after.first().is_none_or(|b| is_space(*b)) && text {
            return Some(at + 2);
        }
        from = at + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn end_is_not_taken_from_the_data() {
        let data = b"ab EI\x80\x81 EI Q\n";
        assert_eq!(find_end(data, 0), Some(10));
        assert_eq!(find_end(b"no end", 0), None);
    }

    #[test]
    fn plain_length_of_masks_and_pixels() {
        let mask = Inline { width: 9.0, height: 2.0, mask: true, ..Inline::default() };
        assert_eq!(mask.plain_length(), Some(4));
        let rgb = Inline { width: 2.0, height: 2.0, bits: 8.0, components: Some(3.0), ..Inline::default() };
        assert_eq!(rgb.plain_length(), Some(12));
        assert_eq!(Inline { filtered: true, ..rgb }.plain_length(), None);
    }

    #[test]
    fn known_length_beats_search() {
        assert_eq!(ends_at(b" EI \nEI Q", 4), Some(7));
        assert_eq!(ends_at(b"xxEIz", 2), None);
    }
}
