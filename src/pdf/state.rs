//! The graphics state of a content stream.

use super::matrix::Matrix;
use super::token::Token;
use crate::geometry::Rect;

/// What `q` saves and `Q` restores.
#[derive(Clone)]
pub(super) struct State {
    pub(super) ctm: Matrix,
    pub(super) clip: Rect,
    pub(super) fill: u8,
    pub(super) stroke: u8,
    pub(super) line_width: f64,
    pub(super) font: Option<usize>,
    pub(super) size: f64,
    pub(super) char_space: f64,
    pub(super) word_space: f64,
    pub(super) stretch: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
    pub(super) mode: i64,
}

impl State {
    pub(super) fn new(ctm: Matrix, clip: Rect) -> Self {
        Self {
            ctm,
            clip,
            fill: 0,
            stroke: 0,
            line_width: 1.0,
            font: None,
            size: 0.0,
            char_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
        }
    }
}

/// Luminance of a colour by the number of its components: 1 grey, 3 RGB, 4 CMYK. Anything else (patterns,
/// separations with several inks) counts as dark: it is paint that shows.
pub(super) fn shade(components: &[f64]) -> u8 {
    let luminance = match *components {
        [grey] => grey,
        [r, g, b] => 0.299 * r + 0.587 * g + 0.114 * b,
        [c, m, y, k] => 1.0 - (0.299 * c + 0.587 * m + 0.114 * y + k).min(1.0),
        _ => 0.0,
    };
    (luminance.clamp(0.0, 1.0) * 255.0) as u8
}

/// Operands of one operator: numbers and where the others stand. No operator takes more than this.
#[derive(Default)]
pub(super) struct Operands<'a> {
    items: smallvec::SmallVec<[Token<'a>; 16]>,
}

impl<'a> Operands<'a> {
    pub(super) fn push(&mut self, token: Token<'a>) {
        // TJ arrays are long; everything else past this is junk
        if self.items.len() < 100_000 {
            self.items.push(token);
        }
    }

    pub(super) fn clear(&mut self) {
        self.items.clear();
    }

    pub(super) fn items(&self) -> &[Token<'a>] {
        &self.items
    }

    /// The last `N` numbers; `None` if there are fewer.
    pub(super) fn numbers<const N: usize>(&self) -> Option<[f64; N]> {
        let mut out = [0.0; N];
        let mut slots = out.iter_mut().rev();
        let mut filled = 0;
        for token in self.items.iter().rev() {
            let Token::Number(value) = token else { break };
            let Some(slot) = slots.next() else { break };
            *slot = *value;
            filled += 1;
        }
        (filled == N).then_some(out)
    }

    /// All numbers at the end of the list, up to four.
    pub(super) fn colour(&self) -> smallvec::SmallVec<[f64; 4]> {
        let numbers =
            self.items.iter().filter_map(|t| if let Token::Number(v) = t { Some(*v) } else { None });
        numbers.take(8).collect()
    }

    /// The last name.
    pub(super) fn name(&self) -> Option<&'a [u8]> {
        self.items.iter().rev().find_map(|t| if let Token::Name(name) = t { Some(*name) } else { None })
    }
}
