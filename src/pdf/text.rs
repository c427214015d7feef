//! Text operators: strings → glyphs on the upright page.

use super::interpret::{Interpreter, matrix, number};
use super::matrix::Matrix;
use super::object::Dictionary;
use super::paint::WHITE;
use super::token::{Lexer, Token};
use super::{Direction, Glyph, font};
use crate::geometry::Rect;

/// A pen that moves back by more than this within a text, in thousandths of the size, begins another one: the same
/// text once more, to look bold, …
const BACK: f64 = 500.0;
/// … or forward by more than this: the next cell's.
const AHEAD: f64 = 5000.0;

impl<'s> Interpreter<'s, '_> {
    /// Handles the text operators; false for any other.
    pub(super) fn text_operator(
        &mut self,
        word: &[u8],
        operands: &[Token],
        lexer: &Lexer,
        resources: Option<&'s Dictionary>,
    ) -> bool {
        let text = &mut self.state.text;
        match word {
            [b'B', b'T'] => {
                self.set_line(Matrix::IDENTITY);
                self.pen_end = None;
            }
            [b'E', b'T'] => {}
            [b'T', b'c'] => text.char_space = number(operands, 0),
            [b'T', b'w'] => text.word_space = number(operands, 0),
            [b'T', b'z'] => text.stretch = number(operands, 0) / 100.0,
            [b'T', b'L'] => text.leading = number(operands, 0),
            [b'T', b's'] => text.rise = number(operands, 0),
            [b'T', b'r'] => text.mode = number(operands, 0).clamp(0.0, 7.0) as u8,
            [b'T', b'f'] => {
                text.size = number(operands, 1);
                self.state.text.font = self.named_font(operands, resources);
            }
            [b'T', b'd'] => self.next_line(number(operands, 0), number(operands, 1)),
            [b'T', b'D'] => {
                text.leading = -number(operands, 1);
                self.next_line(number(operands, 0), number(operands, 1));
            }
            [b'T', b'm'] => {
                if let Some(m) = matrix(operands) {
                    self.set_line(m);
                }
            }
            [b'T', b'*'] => self.next_line(0.0, -self.state.text.leading),
            [b'T', b'j'] => self.show_operands(operands, lexer),
            [b'T', b'J'] => self.show_operands(operands, lexer),
            [b'\''] => {
                self.next_line(0.0, -self.state.text.leading);
                self.show_operands(operands, lexer);
            }
            [b'"'] => {
                text.word_space = number(operands, 0);
                text.char_space = number(operands, 1);
                self.next_line(0.0, -self.state.text.leading);
                self.show_operands(operands.get(2..).unwrap_or(&[]), lexer);
            }
            _ => return false,
        }
        true
    }

    fn set_line(&mut self, m: Matrix) {
        self.text_matrix = m;
        self.line_matrix = m;
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.set_line(self.line_matrix.shifted(x, y));
    }

    /// Shows the strings among the operands; numbers between them move the pen.
    fn show_operands(&mut self, operands: &[Token], lexer: &Lexer) {
        // Some producers place every glyph by itself, each where the one before it ends: that is one text.
        if !self.goes_on() {
            self.run = self.run.saturating_add(1);
        }
        let Some(index) = self.state.text.font else { return };
        let Some(font) = self.bank.fonts.get(usize::from(index)) else { return };
        let vertical = font.is_vertical();
        let mut pen = Pen::new(self, vertical);
        for token in operands {
            match token {
                Token::Text(span) => self.show(index, lexer.text(*span), &mut pen),
                Token::Number(back) => {
                    pen.move_back(*back);
                    // so far away begins another text, though it is painted in the same go
                    if *back > BACK || *back < -AHEAD {
                        self.run = self.run.saturating_add(1);
                    }
                }
                _ => {}
            }
            if self.trouble.glyphs {
                break;
            }
        }
        let (x, y) = if vertical { (0.0, pen.along) } else { (pen.along, 0.0) };
        self.text_matrix = self.text_matrix.shifted(x, y);
        self.pen_end = Some(self.text_matrix);
    }

    /// Whether the pen stands where the last text of this text object ended.
    fn goes_on(&self) -> bool {
        let (Some(end), here) = (self.pen_end, self.text_matrix) else { return false };
        let near = 0.03 * self.state.text.size.abs() * (here.a.abs() + here.b.abs());
        let close = |a: f64, b: f64| (a - b).abs() <= near;
        let same = |a: f64, b: f64| (a - b).abs() <= 1e-6;
        close(end.e, here.e)
            && close(end.f, here.f)
            && same(end.a, here.a)
            && same(end.b, here.b)
            && same(end.c, here.c)
            && same(end.d, here.d)
    }

    fn show(&mut self, index: u16, bytes: &[u8], pen: &mut Pen) {
        let store = self.store();
        let shared = self.shared;
        let Some(font) = self.bank.fonts.get_mut(usize::from(index)) else { return };
        let text = self.state.text;
        // Text is seen through its fill; outlined text (1) through its stroke.
        let paint = if text.mode % 4 == 1 { self.state.stroke } else { self.state.fill };
        let hidden = text.mode == 3 || text.mode == 7 || paint.alpha <= 0.02;
        let shade = paint.shade();
        let switched_off = self.hidden > 0;
        let clip = self.state.clip;
        let limit = shared.limits.glyphs;
        let em = font.em as f32;
        let (ascent, descent) = (font.ascent * em, font.descent * em);
        let before = self.page.glyphs.len();
        let mut unknown = 0u32;
        let mut rest = bytes;
        while !rest.is_empty() {
            let (code, length) = font.next(store, rest);
            let spacing = text.char_space + if code.is_word_space() { text.word_space } else { 0.0 };
            let (spot, baseline) = if pen.vertical {
                let metrics = font.vertical(rest, length).unwrap_or(font::Vertical::DEFAULT);
                let advance = f64::from(metrics.advance) * 0.001;
                let spot = pen.spot_down(code.width, metrics.x * 0.001, advance as f32);
                pen.along += advance * text.size - spacing;
                spot
            } else {
                let spot = pen.spot(code.width, ascent, descent);
                pen.along += (f64::from(code.width) * text.size + spacing) * text.stretch;
                spot
            };
            rest = rest.get(length..).unwrap_or(&[]);
            if switched_off {
                continue;
            }
            if !in_sight(&spot, &clip) {
                continue;
            }
            if code.is_undecoded() {
                unknown += 1;
            }
            let unseen = hidden || (shade >= WHITE && !self.backdrop.is_set(spot.cx(), spot.cy()));
            if unseen {
                self.page.invisible += u32::from(code.ch != ' ');
                continue;
            }
            if self.page.glyphs.len() >= limit {
                self.trouble.glyphs = true;
                break;
            }
            let glyph = Glyph {
                ch: code.ch,
                bbox: spot,
                baseline,
                size: pen.size * em,
                direction: pen.direction,
                font: index,
                run: self.run,
                shade,
            };
            match font.text(code) {
                [] => {
                    if !font::is_invisible(code.ch) {
                        self.page.glyphs.push(glyph);
                    }
                }
                several => self.page.glyphs.extend(shares(glyph, several)),
            }
        }
        if pen.direction == Direction::Oblique && !pen.vertical {
            self.slant.add(pen.right, self.page.glyphs.len() - before);
        }
        if unknown > 0 {
            self.page.undecoded += unknown;
            match self.trouble.undecoded.iter_mut().find(|(font, _)| *font == index) {
                Some((_, count)) => *count += unknown,
                None => self.trouble.undecoded.push((index, unknown)),
            }
        }
    }
}

/// Where the next glyph goes. All vectors are on the upright page.
struct Pen {
    vertical: bool,
    /// Way from the start of the operator, in text space.
    along: f64,
    /// Text space → upright page.
    map: Matrix,
    /// One em along the baseline and one em up.
    right: (f32, f32),
    up: (f32, f32),
    rise: f64,
    font_size: f64,
    stretch: f64,
    /// Effective size.
    size: f32,
    direction: Direction,
}

impl Pen {
    fn new(interpreter: &Interpreter, vertical: bool) -> Self {
        let text = &interpreter.state.text;
        let map = interpreter.text_matrix.then(&interpreter.state.ctm);
        let right = ((map.a * text.size * text.stretch) as f32, (map.b * text.size * text.stretch) as f32);
        let up = ((map.c * text.size) as f32, (map.d * text.size) as f32);
        let way = if vertical { (-up.0, -up.1) } else { right };
        Self {
            vertical,
            along: 0.0,
            map,
            right,
            up,
            rise: text.rise,
            font_size: text.size,
            stretch: text.stretch,
            size: up.0.hypot(up.1),
            direction: direction(way),
        }
    }

    /// A number of a `TJ` array: thousandths of the size, backwards.
    fn move_back(&mut self, thousandths: f64) {
        let way = thousandths * 0.001 * self.font_size;
        self.along -= if self.vertical { way } else { way * self.stretch };
    }

    /// Box and baseline of a horizontal glyph at the pen; measures in ems.
    #[inline]
    fn spot(&self, width: f32, ascent: f32, descent: f32) -> (Rect, f32) {
        let (x, y) = self.map.apply(self.along, self.rise);
        let (x, y) = (x as f32, y as f32);
        let along = (width * self.right.0, width * self.right.1);
        let bottom = (descent * self.up.0, descent * self.up.1);
        let top = (ascent * self.up.0, ascent * self.up.1);
        (hull(x, y, along, bottom, top), self.baseline(x, y))
    }

    /// The same for vertical writing: the glyph hangs below the pen, `offset` to its left.
    fn spot_down(&self, width: f32, offset: f32, advance: f32) -> (Rect, f32) {
        let (x, y) = self.map.apply(0.0, self.along + self.rise);
        let (x, y) = (x as f32, y as f32);
        let left = (x - offset * self.right.0, y - offset * self.right.1);
        let along = (width * self.right.0, width * self.right.1);
        let down = (advance * self.up.0, advance * self.up.1);
        (hull(left.0, left.1, along, down, (0.0, 0.0)), self.baseline(x, y))
    }

    fn baseline(&self, x: f32, y: f32) -> f32 {
        match self.direction {
            Direction::Down | Direction::Up => x,
            _ => y,
        }
    }
}

/// Box of the parallelogram at (x, y) with one side `along` and the other from `low` to `high`.
#[inline]
fn hull(x: f32, y: f32, along: (f32, f32), low: (f32, f32), high: (f32, f32)) -> Rect {
    Rect {
        x0: x + along.0.min(0.0) + low.0.min(high.0),
        y0: y + along.1.min(0.0) + low.1.min(high.1),
        x1: x + along.0.max(0.0) + low.0.max(high.0),
        y1: y + along.1.max(0.0) + low.1.max(high.1),
    }
}

/// Direction of a vector on the page (y down). Three degrees are still straight: scanned and copied forms lean.
fn direction((x, y): (f32, f32)) -> Direction {
    let lean = 0.052 * x.abs().max(y.abs());
    if y.abs() <= lean && x > 0.0 {
        Direction::Right
    } else if y.abs() <= lean && x < 0.0 {
        Direction::Left
    } else if x.abs() <= lean && y > 0.0 {
        Direction::Down
    } else if x.abs() <= lean && y < 0.0 {
        Direction::Up
    } else {
        Direction::Oblique
    }
}

/// Whether anything of the glyph shows: ink fills about the inner two thirds of its box.
#[inline]
fn in_sight(spot: &Rect, clip: &Rect) -> bool {
    let (dx, dy) = (spot.width() * 0.16, spot.height() * 0.16);
    // False for NaN, too.
    spot.x1 - dx >= clip.x0 && spot.x0 + dx <= clip.x1 && spot.y1 - dy >= clip.y0 && spot.y0 + dy <= clip.y1
}

/// Several characters painted by one code share its width.
fn shares(glyph: Glyph, chars: &[char]) -> impl Iterator<Item = Glyph> + '_ {
    let count = chars.len().max(1) as f32;
    let along_x = !matches!(glyph.direction, Direction::Down | Direction::Up);
    let backwards = matches!(glyph.direction, Direction::Left | Direction::Up);
    chars.iter().enumerate().map(move |(i, &ch)| {
        let i = if backwards { count - 1.0 - i as f32 } else { i as f32 };
        let mut part = Glyph { ch, ..glyph };
        if along_x {
            let step = glyph.bbox.width() / count;
            part.bbox.x0 = glyph.bbox.x0 + step * i;
            part.bbox.x1 = part.bbox.x0 + step;
        } else {
            let step = glyph.bbox.height() / count;
            part.bbox.y0 = glyph.bbox.y0 + step * i;
            part.bbox.y1 = part.bbox.y0 + step;
        }
        part
    })
}
