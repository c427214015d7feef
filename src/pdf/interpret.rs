//! Runs content streams: operators → glyphs, rulings and fills of one page.

use super::font::Font;
use super::matrix::Matrix;
use super::object::{Dictionary, Object, Stream};
use super::optional::Hidden;
use super::page::PageNode;
use super::path::Path;
use super::raster::Raster;
use super::slant::Slant;
use super::state::State;
use super::store::{Store, as_dict};
use super::stream::{self, Fault};
use super::token::{Lexer, Token, unescape_name};
use super::{Page, ghost, picture};
use crate::geometry::Rect;
use crate::limits::{Deadline, Limits};
use rustc_hash::FxHashMap;

/// `q` deeper than this is not kept; no producer nests a hundredth of it.
const NESTING: usize = 4096;
/// Operands of one operator: the longest are `TJ` arrays.
const OPERANDS: usize = 1 << 16;
/// Operators between two looks at the clock.
const PATIENCE: usize = 1024;
/// Room is made for a glyph for so many bytes of content …
const BYTES_OF_GLYPH: usize = 16;
/// … and for no more than these at once.
const PLENTY: usize = 4096;

/// What all pages share.
pub(super) struct Shared<'s> {
    pub(super) store: &'s Store<'s>,
    pub(super) limits: &'s Limits,
    pub(super) deadline: Deadline,
    pub(super) hidden: Hidden,
    /// Somebody reads the images of pages without text.
    pub(super) pictures: bool,
}

/// Fonts met so far, by the place of their dictionary.
#[derive(Default)]
pub(super) struct Bank<'s> {
    pub(super) fonts: Vec<Font<'s>>,
    index: FxHashMap<usize, u16>,
}

/// What could not be read on a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Trouble {
    pub(super) operators: bool,
    pub(super) glyphs: bool,
    pub(super) rulings: bool,
    pub(super) depth: bool,
    pub(super) time: bool,
    /// A content stream was too long.
    pub(super) stream: bool,
    /// A content stream is corrupt.
    pub(super) broken: bool,
    /// Text of a form field or a note that nothing paints.
    pub(super) annotations: bool,
    /// The page leans and was read straight.
    pub(super) straightened: bool,
    /// Fonts with codes that nothing explains, and how many.
    pub(super) undecoded: Vec<(u16, u32)>,
}

/// The machine that runs the streams of one page.
pub(super) struct Interpreter<'s, 'w> {
    pub(super) shared: &'w Shared<'s>,
    pub(super) bank: &'w mut Bank<'s>,
    pub(super) page: Page,
    pub(super) trouble: Trouble,
    pub(super) state: State,
    pub(super) stack: Vec<State>,
    /// `q`s beyond the nesting limit.
    surplus: usize,
    pub(super) text_matrix: Matrix,
    pub(super) line_matrix: Matrix,
    pub(super) path: Path,
    pub(super) clip_pending: bool,
    /// Where something dark lies, so that white paint on it can be seen.
    pub(super) backdrop: Raster,
    /// What images cover.
    pub(super) images: Raster,
    /// Images with their places, where somebody reads pictures.
    pub(super) pictures: Vec<(&'s Stream, Matrix)>,
    pub(super) palettes: Vec<Vec<u8>>,
    /// For every open marked-content sequence: is it switched off?
    marks: Vec<bool>,
    pub(super) hidden: usize,
    operators: usize,
    pub(super) run: u32,
    /// Where the last text of the open text object ended.
    pub(super) pen_end: Option<Matrix>,
    /// Forms that are being painted, to stop at cycles.
    active: Vec<*const Dictionary>,
    /// Fonts named lately in these resources.
    recent: Vec<(*const Dictionary, &'s [u8], u16)>,
    /// By how much text leans.
    pub(super) slant: Slant,
}

/// Reads one page.
pub(super) fn page<'s>(
    shared: &Shared<'s>,
    bank: &mut Bank<'s>,
    node: &PageNode<'s>,
    number: u32,
) -> (Page, Trouble) {
    let (page, trouble, slant) = read(shared, bank, node, number, Matrix::IDENTITY);
    let Some(angle) = slant.of_page(page.glyphs.len()) else { return (page, trouble) };
    let middle = (f64::from(page.width) * 0.5, f64::from(page.height) * 0.5);
    let (page, trouble, _) = read(shared, bank, node, number, Matrix::turn(-angle, middle));
    (page, Trouble { straightened: true, ..trouble })
}

/// Reads one page, turned by `turn` from how it is displayed.
fn read<'s>(
    shared: &Shared<'s>,
    bank: &mut Bank<'s>,
    node: &PageNode<'s>,
    number: u32,
    turn: Matrix,
) -> (Page, Trouble, Slant) {
    let (width, height) = node.size();
    let (width, height) = (width as f32, height as f32);
    let store = shared.store;
    let mut interpreter = Interpreter {
        shared,
        bank,
        page: Page { number, width, height, ..Page::default() },
        trouble: Trouble::default(),
        state: State::new(node.upright().then(&turn), Rect::new(0.0, 0.0, width, height)),
        stack: Vec::new(),
        surplus: 0,
        text_matrix: Matrix::IDENTITY,
        line_matrix: Matrix::IDENTITY,
        path: Path::default(),
        clip_pending: false,
        backdrop: Raster::new(width, height),
        images: Raster::new(width, height),
        pictures: Vec::new(),
        palettes: Vec::new(),
        marks: Vec::new(),
        hidden: 0,
        operators: 0,
        run: 0,
        pen_end: None,
        active: Vec::new(),
        recent: Vec::new(),
        slant: Slant::default(),
    };
    let content = interpreter.contents(store, node);
    interpreter.page.glyphs.reserve((content.len() / BYTES_OF_GLYPH).min(PLENTY));
    let start = interpreter.state;
    interpreter.execute(&content, node.resources, 0);
    interpreter.annotations(node, start);
    let Interpreter { mut page, trouble, images, pictures, slant, .. } = interpreter;
    page.image_cover = images.share();
    if page.is_picture() {
        page.images = picture::load(store, &pictures);
    }
    ghost::remove_doubles(&mut page.glyphs);
    (page, trouble, slant)
}

impl<'s, 'w> Interpreter<'s, 'w> {
    pub(super) fn limits(&self) -> &'s Limits {
        self.shared.limits
    }

    pub(super) fn store(&self) -> &'s Store<'s> {
        self.shared.store
    }

    /// Nothing around the current operator is switched off.
    pub(super) fn is_visible(&self) -> bool {
        self.hidden == 0
    }

    /// All content streams of a page, joined between tokens.
    fn contents(&mut self, store: &'s Store<'s>, node: &PageNode<'s>) -> Vec<u8> {
        let (streams, whole) = node.contents(store);
        self.trouble.broken |= !whole;
        let mut content = Vec::new();
        for stream in streams {
            let decoded = stream::decode(store, stream);
            self.note(decoded.fault);
            if content.is_empty() {
                content = decoded.bytes.into_owned();
            } else if content.len() + decoded.bytes.len() <= self.limits().stream_bytes {
                content.push(b'\n');
                content.extend_from_slice(&decoded.bytes);
            } else {
                self.trouble.stream = true;
                break;
            }
        }
        content
    }

    fn note(&mut self, fault: Option<Fault>) {
        match fault {
            Some(Fault::Limit) => self.trouble.stream = true,
            Some(Fault::Broken | Fault::Filter) => self.trouble.broken = true,
            None => {}
        }
    }

    /// Runs a content stream with its resources.
    fn execute(&mut self, content: &[u8], resources: Option<&'s Dictionary>, depth: usize) {
        let base = self.stack.len();
        let mut lexer = Lexer::new(content);
        let mut operands: Vec<Token> = Vec::new();
        while let Some(token) = lexer.token() {
            let Token::Word(word) = token else {
                if operands.len() < OPERANDS {
                    operands.push(token);
                }
                continue;
            };
            match word {
                [b't', b'r', b'u', b'e'] | [b'f', b'a', b'l', b's', b'e'] | [b'n', b'u', b'l', b'l'] => {
                    continue;
                }
                [b'B', b'I'] => self.inline_image(&mut lexer),
                [b'Q'] => {
                    if self.surplus > 0 {
                        self.surplus -= 1;
                    } else if self.stack.len() > base
                        && let Some(state) = self.stack.pop()
                    {
                        self.state = state;
                    }
                }
                _ => self.operator(word, &operands, &lexer, resources, depth),
            }
            operands.clear();
            lexer.clear_text();
            self.operators += 1;
            if self.operators.is_multiple_of(PATIENCE) && self.shared.deadline.expired() {
                self.trouble.time = true;
            }
            if self.operators >= self.limits().operators {
                self.trouble.operators = true;
            }
            if self.trouble.operators || self.trouble.time || self.trouble.glyphs {
                break;
            }
        }
        if let Some(state) = self.stack.get(base).copied() {
            self.stack.truncate(base);
            self.state = state;
        }
    }

    fn operator(
        &mut self,
        word: &[u8],
        operands: &[Token],
        lexer: &Lexer,
        resources: Option<&'s Dictionary>,
        depth: usize,
    ) {
        match word {
            [b'q'] => {
                if self.stack.len() < NESTING {
                    self.stack.push(self.state);
                } else {
                    self.surplus += 1;
                }
            }
            [b'c', b'm'] => {
                if let Some(m) = matrix(operands) {
                    let ctm = m.then(&self.state.ctm);
                    if ctm.is_sane() {
                        self.state.ctm = ctm;
                    }
                }
            }
            [b'w'] => self.state.line_width = number(operands, 0).abs(),
            [b'g', b's'] => self.external_state(operands, resources),

            [b'm'] => self.path.move_to(&self.state.ctm, number(operands, 0), number(operands, 1)),
            [b'l'] => self.path.line_to(&self.state.ctm, number(operands, 0), number(operands, 1)),
            [b'c'] => self.path.curve_to(&self.state.ctm, number(operands, 4), number(operands, 5)),
            [b'v'] | [b'y'] => self.path.curve_to(&self.state.ctm, number(operands, 2), number(operands, 3)),
            [b'h'] => self.path.close(),
            [b'r', b'e'] => {
                if let Some([x, y, w, h]) = numbers::<4>(operands) {
                    self.path.rectangle(&self.state.ctm, x, y, w, h);
                }
            }
            [b'W'] | [b'W', b'*'] => self.clip_pending = true,
            [b'n'] => self.paint_path(false, false),
            [b'f'] | [b'F'] | [b'f', b'*'] => self.paint_path(true, false),
            [b'S'] => self.paint_path(false, true),
            [b's'] => {
                self.path.close();
                self.paint_path(false, true);
            }
            [b'B'] | [b'B', b'*'] => self.paint_path(true, true),
            [b'b'] | [b'b', b'*'] => {
                self.path.close();
                self.paint_path(true, true);
            }

            [b'D', b'o'] => self.x_object(operands, resources, depth),
            [b's', b'h'] => {
                if self.is_visible() {
                    let clip = self.state.clip;
                    self.backdrop.paint(&clip, true);
                }
            }

            [b'B', b'M', b'C'] => self.open_mark(false),
            [b'B', b'D', b'C'] => {
                let off = self.is_switched_off(operands, resources);
                self.open_mark(off);
            }
            [b'E', b'M', b'C'] => {
                if self.marks.pop() == Some(true) {
                    self.hidden -= 1;
                }
            }
            _ => {
                if !self.text_operator(word, operands, lexer, resources) {
                    self.colour_operator(word, operands, resources);
                }
            }
        }
    }

    fn open_mark(&mut self, off: bool) {
        self.marks.push(off);
        self.hidden += usize::from(off);
    }

    /// `/OC /name BDC` of a group that is off.
    fn is_switched_off(&self, operands: &[Token], resources: Option<&'s Dictionary>) -> bool {
        if self.shared.hidden.is_empty() || operands.first() != Some(&Token::Name(b"OC")) {
            return false;
        }
        let Some(&Token::Name(name)) = operands.get(1) else { return false };
        let group = || self.store().dict(resources?, b"Properties")?.get(&unescape_name(name));
        group().is_some_and(|group| self.shared.hidden.hides(self.store(), group))
    }

    fn external_state(&mut self, operands: &[Token], resources: Option<&'s Dictionary>) {
        let store = self.store();
        let Some(gs) = self.resource(resources, b"ExtGState", operands).and_then(as_dict) else { return };
        if let Some(width) = store.number(gs, b"LW") {
            self.state.line_width = width.abs();
        }
        if let Some(alpha) = store.number(gs, b"ca") {
            self.state.fill.alpha = alpha.clamp(0.0, 1.0) as f32;
        }
        if let Some(alpha) = store.number(gs, b"CA") {
            self.state.stroke.alpha = alpha.clamp(0.0, 1.0) as f32;
        }
        if let Some([font, size]) = store.array(gs, b"Font") {
            if let Some(font) = as_dict(store.resolve(font)) {
                self.state.text.font = self.font(font);
            }
            if let Some(size) = super::store::as_number(store.resolve(size)) {
                self.state.text.size = size;
            }
        }
    }

    /// An entry of a resource category, named by the last operand.
    pub(super) fn resource(
        &self,
        resources: Option<&'s Dictionary>,
        category: &[u8],
        operands: &[Token],
    ) -> Option<&'s Object> {
        let Some(&Token::Name(name)) = operands.last() else { return None };
        let store = self.store();
        store.get(store.dict(resources?, category)?, &unescape_name(name))
    }

    /// Number of the font with this dictionary; read at first use.
    pub(super) fn font(&mut self, font: &'s Dictionary) -> Option<u16> {
        let key = std::ptr::from_ref(font) as usize;
        if let Some(&index) = self.bank.index.get(&key) {
            return Some(index);
        }
        let index = u16::try_from(self.bank.fonts.len()).ok()?;
        self.bank.fonts.push(Font::read(self.shared.store, font, self.shared.limits));
        self.bank.index.insert(key, index);
        Some(index)
    }

    /// `Tf`: the font with this name in these resources.
    pub(super) fn named_font(
        &mut self,
        operands: &[Token],
        resources: Option<&'s Dictionary>,
    ) -> Option<u16> {
        let Some(&Token::Name(name)) = operands.first() else { return None };
        let scope = resources.map_or(std::ptr::null(), std::ptr::from_ref);
        let known = self.recent.iter().find(|(place, key, _)| *place == scope && *key == name);
        if let Some(&(.., index)) = known {
            return Some(index);
        }
        let store = self.store();
        let fonts = store.dict(resources?, b"Font")?;
        let (key, _) = fonts.entry(&unescape_name(name))?;
        let index = self.font(store.dict(fonts, key)?)?;
        if key == name {
            if self.recent.len() >= 16 {
                self.recent.remove(0);
            }
            self.recent.push((scope, key, index));
        }
        Some(index)
    }

    fn x_object(&mut self, operands: &[Token], resources: Option<&'s Dictionary>, depth: usize) {
        let store = self.store();
        let Some(Object::Stream(object)) = self.resource(resources, b"XObject", operands) else { return };
        if let Some(group) = object.dict.get(b"OC")
            && self.shared.hidden.hides(store, group)
        {
            return;
        }
        match store.name(&object.dict, b"Subtype") {
            Some(b"Image") => {
                let shade = self.image_shade(object);
                self.image(shade);
                self.picture(object);
            }
            Some(b"Form") => self.form(object, resources, depth),
            _ if object.dict.has(b"BBox") => self.form(object, resources, depth),
            _ => {}
        }
    }

    pub(super) fn form(&mut self, form: &'s Stream, resources: Option<&'s Dictionary>, depth: usize) {
        let store = self.store();
        let place = std::ptr::from_ref(&form.dict);
        if depth >= self.limits().depth {
            self.trouble.depth = true;
            return;
        }
        if self.active.contains(&place) {
            self.trouble.broken = true;
            return;
        }
        let saved = self.state;
        let text = (self.text_matrix, self.line_matrix);
        if let Some(m) = store.numbers::<6>(&form.dict, b"Matrix").map(Matrix::new) {
            self.state.ctm = m.then(&self.state.ctm);
        }
        if self.state.ctm.is_sane() {
            if let Some([x0, y0, x1, y1]) = store.numbers::<4>(&form.dict, b"BBox") {
                let clip = self.state.ctm.apply_box(x0, y0, x1, y1);
                self.intersect_clip(clip);
            }
            // A form without resources uses those of the page (PDF 1.1, still seen).
            let own = store.dict(&form.dict, b"Resources").or(resources);
            let decoded = stream::decode(store, form);
            self.note(decoded.fault);
            self.active.push(place);
            let (marks, path) = (self.marks.len(), std::mem::take(&mut self.path));
            self.execute(&decoded.bytes, own, depth + 1);
            self.path = path;
            while self.marks.len() > marks {
                if self.marks.pop() == Some(true) {
                    self.hidden -= 1;
                }
            }
            self.active.pop();
        }
        self.state = saved;
        (self.text_matrix, self.line_matrix) = text;
    }
}

/// The operand as a number, 0 where it is none.
pub(super) fn number(operands: &[Token], index: usize) -> f64 {
    match operands.get(index) {
        Some(Token::Number(value)) => *value,
        _ => 0.0,
    }
}

/// The last `N` operands, where all are numbers.
pub(super) fn numbers<const N: usize>(operands: &[Token]) -> Option<[f64; N]> {
    let tail = operands.get(operands.len().checked_sub(N)?..)?;
    let mut out = [0.0; N];
    for (slot, token) in out.iter_mut().zip(tail) {
        let Token::Number(value) = token else { return None };
        *slot = *value;
    }
    Some(out)
}

/// Six numbers as a matrix.
pub(super) fn matrix(operands: &[Token]) -> Option<Matrix> {
    numbers::<6>(operands).map(Matrix::new)
}
