//! Colour operators and colour spaces, as far as brightness goes.

use super::interpret::Interpreter;
use super::object::{Dictionary, Object, Stream};
use super::state::{Paint, Space};
use super::store::{Store, as_dict};
use super::stream;
use super::token::{Token, unescape_name};

/// Palettes kept per page; more than any page has.
const PALETTES: usize = 256;

impl<'s> Interpreter<'s, '_> {
    /// Handles the colour operators; anything else is none of the reader's business.
    pub(super) fn colour_operator(
        &mut self,
        word: &[u8],
        operands: &[Token],
        resources: Option<&'s Dictionary>,
    ) {
        match word {
            [b'g'] => self.set(false, Space::Gray, operands),
            [b'G'] => self.set(true, Space::Gray, operands),
            [b'r', b'g'] => self.set(false, Space::Rgb, operands),
            [b'R', b'G'] => self.set(true, Space::Rgb, operands),
            [b'k'] => self.set(false, Space::Cmyk, operands),
            [b'K'] => self.set(true, Space::Cmyk, operands),
            [b'c', b's'] | [b'C', b'S'] => {
                let Some(&Token::Name(name)) = operands.last() else { return };
                let space = match device(name) {
                    Some(space) => space,
                    None => self
                        .resource(resources, b"ColorSpace", operands)
                        .map_or(Space::Gray, |object| self.space(object, 0)),
                };
                let paint = self.paint(word == b"CS");
                paint.space = space;
                paint.luminance = space.initial();
            }
            [b's', b'c'] | [b's', b'c', b'n'] => {
                let space = self.state.fill.space;
                self.set(false, space, operands);
            }
            [b'S', b'C'] | [b'S', b'C', b'N'] => {
                let space = self.state.stroke.space;
                self.set(true, space, operands);
            }
            _ => {}
        }
    }

    fn paint(&mut self, stroke: bool) -> &mut Paint {
        if stroke { &mut self.state.stroke } else { &mut self.state.fill }
    }

    fn set(&mut self, stroke: bool, space: Space, operands: &[Token]) {
        let mut components = [0.0; 8];
        let mut count = 0;
        for token in operands {
            if let (Token::Number(value), Some(slot)) = (token, components.get_mut(count)) {
                *slot = *value;
                count += 1;
            }
        }
        // A colour without numbers is a pattern's name.
        let space = if count == 0 { Space::Pattern } else { space };
        let palettes = &self.palettes;
        let luminance = space.luminance(&components[..count], |index, entry| {
            palettes.get(usize::from(index))?.get(entry).copied()
        });
        let paint = self.paint(stroke);
        paint.space = space;
        paint.luminance = luminance;
    }

    /// What the components of a colour space mean.
    fn space(&mut self, object: &'s Object, depth: usize) -> Space {
        let store = self.store();
        let items = match object {
            Object::Name(name) => return device(name).unwrap_or(Space::Gray),
            Object::Array(items) => items.as_ref(),
            _ => return Space::Gray,
        };
        let item = |i: usize| items.get(i).map(|item| store.resolve(item));
        let Some(Object::Name(family)) = item(0) else { return Space::Gray };
        match family.as_ref() {
            b"CalGray" => Space::Gray,
            b"CalRGB" => Space::Rgb,
            b"Lab" => Space::Lab,
            b"ICCBased" => match item(1).and_then(as_dict).and_then(|profile| store.integer(profile, b"N")) {
                Some(1) => Space::Gray,
                Some(4) => Space::Cmyk,
                _ => Space::Rgb,
            },
            b"Separation" | b"DeviceN" => Space::Tint,
            b"Pattern" => Space::Pattern,
            b"Indexed" | b"I" if depth == 0 => {
                let base = item(1).map_or(Space::Rgb, |base| self.space(base, 1));
                let palette = item(3).map(|table| palette(store, base, table)).unwrap_or_default();
                let index = self.palettes.len();
                if index < PALETTES {
                    self.palettes.push(palette);
                }
                Space::Indexed(index.min(PALETTES) as u16)
            }
            other => device(other).unwrap_or(Space::Gray),
        }
    }

    /// Mean luminance of an image, where it is so small that it can only be a line or a dot; `None` for others.
    /// Stencil masks have the fill colour.
    pub(super) fn image_shade(&mut self, image: &'s Stream) -> Option<u8> {
        let store = self.store();
        let dict = &image.dict;
        if matches!(store.get(dict, b"ImageMask"), Some(Object::Boolean(true))) {
            return Some(self.state.fill.shade());
        }
        let (width, height) = (store.integer(dict, b"Width")?, store.integer(dict, b"Height")?);
        let pixels = width.checked_mul(height)?;
        if !(1..=4096).contains(&pixels) || store.integer(dict, b"BitsPerComponent") != Some(8) {
            return None;
        }
        let space = self.space(store.get(dict, b"ColorSpace")?, 0);
        let components = match space {
            Space::Gray | Space::Indexed(_) => 1,
            Space::Rgb => 3,
            Space::Cmyk => 4,
            _ => return None,
        };
        let data = stream::decode(store, image);
        let palettes = &self.palettes;
        let mut sum = 0u32;
        let mut count = 0u32;
        for pixel in data.bytes.chunks_exact(components).take(pixels as usize) {
            let indexed = matches!(space, Space::Indexed(_));
            let mut values = [0.0; 4];
            for (value, byte) in values.iter_mut().zip(pixel) {
                *value = if indexed { f64::from(*byte) } else { f64::from(*byte) / 255.0 };
            }
            let shade = space.luminance(&values[..components], |index, entry| {
                palettes.get(usize::from(index))?.get(entry).copied()
            });
            sum += u32::from(shade);
            count += 1;
        }
        (count > 0).then(|| (sum / count) as u8)
    }
}

fn device(name: &[u8]) -> Option<Space> {
    match unescape_name(name).as_ref() {
        b"DeviceGray" | b"G" | b"CalGray" => Some(Space::Gray),
        b"DeviceRGB" | b"RGB" | b"CalRGB" => Some(Space::Rgb),
        b"DeviceCMYK" | b"CMYK" => Some(Space::Cmyk),
        b"Pattern" => Some(Space::Pattern),
        _ => None,
    }
}

/// Luminance of every entry of an indexed colour table.
fn palette(store: &Store, base: Space, table: &Object) -> Vec<u8> {
    let bytes = match table {
        Object::String(bytes) => std::borrow::Cow::Borrowed(bytes.as_ref()),
        Object::Stream(stream) => stream::decode(store, stream).bytes,
        _ => return Vec::new(),
    };
    let components = match base {
        Space::Gray | Space::Tint => 1,
        Space::Cmyk => 4,
        _ => 3,
    };
    let entry = |color: &[u8]| {
        let mut values = [0.0; 4];
        for (value, byte) in values.iter_mut().zip(color) {
            *value = f64::from(*byte) / 255.0;
        }
        if base == Space::Lab {
            values[0] *= 100.0;
        }
        base.luminance(&values[..components], |_, _| None)
    };
    bytes.chunks_exact(components).take(256).map(entry).collect()
}
