//! The graphics state that `q` saves and `Q` restores, reduced to what decides where text and lines stand and
//! whether they can be seen.

use super::matrix::Matrix;
use crate::geometry::Rect;

/// Graphics state.
#[derive(Clone, Copy)]
pub(super) struct State {
    /// User space → upright page.
    pub(super) ctm: Matrix,
    /// Box of the clipping path on the upright page.
    pub(super) clip: Rect,
    pub(super) fill: Paint,
    pub(super) stroke: Paint,
    pub(super) line_width: f64,
    pub(super) text: TextState,
}

/// A colour, as far as it matters: its space and how bright it is.
#[derive(Clone, Copy)]
pub(super) struct Paint {
    pub(super) space: Space,
    /// Luminance without alpha.
    pub(super) luminance: u8,
    pub(super) alpha: f32,
}

/// Colour spaces by what their components mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Space {
    Gray,
    Rgb,
    Cmyk,
    /// First component is lightness, 0–100.
    Lab,
    /// Separation and DeviceN: 0 is no ink.
    Tint,
    /// A palette of the interpreter.
    Indexed(u16),
    Pattern,
}

/// Text state parameters; they are part of the graphics state.
#[derive(Clone, Copy)]
pub(super) struct TextState {
    pub(super) font: Option<u16>,
    pub(super) size: f64,
    pub(super) char_space: f64,
    pub(super) word_space: f64,
    /// `Tz` / 100.
    pub(super) stretch: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
    pub(super) mode: u8,
}

impl State {
    pub(super) fn new(ctm: Matrix, clip: Rect) -> Self {
        let black = Paint { space: Space::Gray, luminance: 0, alpha: 1.0 };
        let text = TextState {
            font: None,
            size: 0.0,
            char_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
        };
        Self { ctm, clip, fill: black, stroke: black, line_width: 1.0, text }
    }
}

impl Paint {
    /// Brightness on white paper: transparency lightens.
    pub(super) fn shade(&self) -> u8 {
        if self.alpha >= 1.0 {
            return self.luminance;
        }
        let dark = f32::from(255 - self.luminance) * self.alpha.max(0.0);
        255 - dark.round() as u8
    }
}

impl Space {
    /// Luminance of components in this space; `palette` maps an index for `Indexed`.
    pub(super) fn luminance(self, components: &[f64], palette: impl Fn(u16, usize) -> Option<u8>) -> u8 {
        let c = |i: usize| components.get(i).copied().unwrap_or(0.0).clamp(0.0, 1.0);
        let value = match self {
            Space::Gray => c(0),
            Space::Rgb => 0.299 * c(0) + 0.587 * c(1) + 0.114 * c(2),
            Space::Cmyk => {
                let ink = |i: usize| 1.0 - (c(i) + c(3)).min(1.0);
                0.299 * ink(0) + 0.587 * ink(1) + 0.114 * ink(2)
            }
            Space::Lab => components.first().copied().unwrap_or(0.0).clamp(0.0, 100.0) / 100.0,
            Space::Tint => 1.0 - components.iter().fold(0.0_f64, |most, v| most.max(*v)).clamp(0.0, 1.0),
            Space::Indexed(index) => {
                let entry = components.first().copied().unwrap_or(0.0).clamp(0.0, 4095.0) as usize;
                return palette(index, entry).unwrap_or(0);
            }
            // A pattern may be anything; it is seen.
            Space::Pattern => 0.5,
        };
        (value * 255.0).round() as u8
    }

    /// Luminance of the colour that a space starts with (ISO 32000-1, 8.6.8).
    pub(super) fn initial(self) -> u8 {
        match self {
            Space::Pattern => 128,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luminance_of_each_space() {
        let none = |_, _| None;
        assert_eq!(Space::Gray.luminance(&[1.0], none), 255);
        assert_eq!(Space::Rgb.luminance(&[1.0, 0.0, 0.0], none), 76);
        assert_eq!(Space::Cmyk.luminance(&[0.0, 0.0, 0.0, 1.0], none), 0);
        assert_eq!(Space::Cmyk.luminance(&[0.0, 0.0, 0.0, 0.0], none), 255);
        assert_eq!(Space::Tint.luminance(&[1.0], none), 0);
        assert_eq!(Space::Lab.luminance(&[100.0, 0.0, 0.0], none), 255);
        assert_eq!(Space::Indexed(0).luminance(&[3.0], |_, entry| Some(entry as u8)), 3);
    }

    #[test]
    fn alpha_lightens() {
        let paint = Paint { space: Space::Gray, luminance: 0, alpha: 0.2 };
        assert_eq!(paint.shade(), 204);
    }
}
