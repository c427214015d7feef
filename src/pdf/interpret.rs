//! Content streams → glyphs, rulings and fills: the operators of ISO 32000-1, annex A, as far as they place text
//! and straight lines.

use super::font::Font;
use super::matrix::Matrix;
use super::paint::{self, PathBuilder};
use super::state::{Operands, State, shade};
use super::store::{Store, as_dict};
use super::stream;
use super::token::{Lexer, Token, is_space, unescape_name};
use super::{Glyph, Page};
use crate::geometry::Rect;
use crate::options::{Deadline, Limits};
use lopdf::{Dictionary, Object, ObjectId};
use rustc_hash::{FxHashMap, FxHashSet};

/// Fonts of one file, read once each.
#[derive(Default)]
pub(super) struct Fonts<'s> {
    pub(super) list: Vec<Font<'s>>,
    by_id: FxHashMap<ObjectId, usize>,
    by_place: FxHashMap<usize, usize>,
}

/// What stopped a page early, or what was left out of it.
#[derive(Default)]
pub(super) struct Trouble {
    pub(super) operators: bool,
    pub(super) glyphs: bool,
    pub(super) rulings: bool,
    pub(super) depth: bool,
    pub(super) time: bool,
    pub(super) broken: bool,
    pub(super) inflated: bool,
}

/// Interprets the streams of one page.
pub(super) struct Interpreter<'s, 'f> {
    pub(super) store: &'s Store,
    pub(super) limits: &'f Limits,
    pub(super) deadline: Deadline,
    pub(super) fonts: &'f mut Fonts<'s>,
    pub(super) hidden_layers: &'f FxHashSet<ObjectId>,
    pub(super) page: Page,
    pub(super) trouble: Trouble,
    /// Fonts with codes that could not be decoded on this page.
    pub(super) undecoded_fonts: Vec<usize>,
    pub(super) image_area: f32,
    state: State,
    stack: Vec<State>,
    path: PathBuilder,
    pending_clip: bool,
    tm: Matrix,
    line: Matrix,
    run: u32,
    operators: usize,
    names: FxHashMap<(usize, Vec<u8>), usize>,
}

impl<'s, 'f> Interpreter<'s, 'f> {
    pub(super) fn new(
        store: &'s Store,
        limits: &'f Limits,
        deadline: Deadline,
        fonts: &'f mut Fonts<'s>,
        hidden_layers: &'f FxHashSet<ObjectId>,
        page: Page,
        ctm: Matrix,
    ) -> Self {
        let clip = Rect { x0: 0.0, y0: 0.0, x1: page.width, y1: page.height };
        Self {
            store,
            limits,
            deadline,
            fonts,
            hidden_layers,
            page,
            trouble: Trouble::default(),
            undecoded_fonts: Vec::new(),
            image_area: 0.0,
            state: State::new(ctm, clip),
            stack: Vec::new(),
            path: PathBuilder::default(),
            pending_clip: false,
            tm: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
            run: 0,
            operators: 0,
            names: FxHashMap::default(),
        }
    }

    /// Runs one content stream with its resources.
    pub(super) fn run(&mut self, data: &[u8], resources: Option<&'s Dictionary>, depth: usize) {
        let mut lexer = Lexer::new(data);
        let mut operands = Operands::default();
        let floor = self.stack.len();
        // marked content: how deep, and from which depth on it is switched off
        let (mut marks, mut hidden_from): (usize, Option<usize>) = (0, None);
        while let Some(token) = lexer.next() {
            let Token::Word(word) = token else {
                operands.push(token);
                continue;
            };
            self.operators += 1;
            if self.operators.is_multiple_of(256) && self.deadline.expired() {
                self.trouble.time = true;
            }
            self.trouble.operators |= self.operators > self.limits.operators;
            self.trouble.glyphs |= self.page.glyphs.len() >= self.limits.glyphs;
            self.trouble.rulings |= self.page.rulings.len() + self.page.fills.len() >= self.limits.rulings
                || self.path.len() > 400_000;
            if self.trouble.operators || self.trouble.time || self.trouble.glyphs || self.trouble.rulings {
                break;
            }
            match word {
                b"BDC" | b"BMC" => {
                    marks += 1;
                    if word == b"BDC" && hidden_from.is_none() && self.is_hidden(&operands, resources) {
                        hidden_from = Some(marks);
                    }
                }
                b"EMC" => {
                    if hidden_from == Some(marks) {
                        hidden_from = None;
                    }
                    marks = marks.saturating_sub(1);
                }
                b"BI" => skip_inline_image(&mut lexer),
                b"Do" if hidden_from.is_none() => self.xobject(operands.name(), resources, depth),
                b"Q" if self.stack.len() <= floor => {}
                _ => self.operator(word, &operands, &mut lexer, resources, hidden_from.is_some()),
            }
            operands.clear();
            lexer.clear_text();
        }
        self.stack.truncate(floor.max(0));
    }

    fn operator(
        &mut self,
        word: &[u8],
        operands: &Operands,
        lexer: &mut Lexer,
        resources: Option<&'s Dictionary>,
        hidden: bool,
    ) {
        let numbers6 = || operands.numbers::<6>();
        match word {
            b"q" if self.stack.len() < 512 => self.stack.push(self.state.clone()),
            b"q" => self.trouble.depth = true,
            b"Q" => {
                if let Some(state) = self.stack.pop() {
                    self.state = state;
                }
            }
            b"cm" => {
                if let Some(m) =
                    numbers6().map(Matrix::new).map(|m| m.then(&self.state.ctm)).filter(Matrix::is_sane)
                {
                    self.state.ctm = m;
                }
            }
            b"w" => {
                self.state.line_width = operands.numbers::<1>().map_or(self.state.line_width, |[w]| w.abs())
            }
            b"g" | b"rg" | b"k" | b"sc" | b"scn" => self.state.fill = shade(&operands.colour()),
            b"G" | b"RG" | b"K" | b"SC" | b"SCN" => self.state.stroke = shade(&operands.colour()),
            b"cs" => self.state.fill = 0,
            b"CS" => self.state.stroke = 0,
            b"gs" => self.ext_state(operands.name(), resources),
            b"m" => self.with2(operands, |s, x, y| s.path.move_to(&s.state.ctm, x, y)),
            b"l" => self.with2(operands, |s, x, y| s.path.line_to(&s.state.ctm, x, y)),
            b"c" => {
                if let Some([a, b, c, d, e, f]) = numbers6() {
                    self.path.curve_to(&self.state.ctm, &[(a, b), (c, d), (e, f)]);
                }
            }
            b"v" | b"y" => {
                if let Some([a, b, c, d]) = operands.numbers::<4>() {
                    self.path.curve_to(&self.state.ctm, &[(a, b), (c, d)]);
                }
            }
            b"h" => self.path.close(),
            b"re" => {
                if let Some([x, y, w, h]) = operands.numbers::<4>() {
                    self.path.rect(&self.state.ctm, x, y, w, h);
                }
            }
            b"W" | b"W*" => self.pending_clip = true,
            b"n" => self.end_path(),
            b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" => self.paint(word, hidden),
            b"BT" => {
                self.tm = Matrix::IDENTITY;
                self.line = Matrix::IDENTITY;
            }
            b"Tc" => self.state.char_space = operands.numbers::<1>().map_or(0.0, |[v]| v),
            b"Tw" => self.state.word_space = operands.numbers::<1>().map_or(0.0, |[v]| v),
            b"Tz" => self.state.stretch = operands.numbers::<1>().map_or(1.0, |[v]| v / 100.0),
            b"TL" => self.state.leading = operands.numbers::<1>().map_or(0.0, |[v]| v),
            b"Ts" => self.state.rise = operands.numbers::<1>().map_or(0.0, |[v]| v),
            b"Tr" => self.state.mode = operands.numbers::<1>().map_or(0, |[v]| v as i64),
            b"Tf" => {
                self.state.size = operands.numbers::<1>().map_or(0.0, |[v]| v);
                self.state.font = operands.name().and_then(|name| self.font(name, resources));
            }
            b"Td" => self.with2(operands, |s, x, y| s.next_line(x, y)),
            b"TD" => self.with2(operands, |s, x, y| {
                s.state.leading = -y;
                s.next_line(x, y);
            }),
            b"Tm" => {
                if let Some(m) = numbers6().map(Matrix::new).filter(Matrix::is_sane) {
                    self.tm = m;
                    self.line = m;
                }
            }
            b"T*" => self.next_line(0.0, -self.state.leading),
            b"Tj" => self.show(operands, lexer, hidden),
            b"TJ" => self.show(operands, lexer, hidden),
            b"'" => {
                self.next_line(0.0, -self.state.leading);
                self.show(operands, lexer, hidden);
            }
            b"\"" => {
                let mut numbers = operands.items().iter();
                if let (Some(Token::Number(tw)), Some(Token::Number(tc))) = (numbers.next(), numbers.next()) {
                    self.state.word_space = *tw;
                    self.state.char_space = *tc;
                }
                self.next_line(0.0, -self.state.leading);
                self.show(operands, lexer, hidden);
            }
            _ => {}
        }
    }

    fn with2(&mut self, operands: &Operands, then: impl FnOnce(&mut Self, f64, f64)) {
        if let Some([x, y]) = operands.numbers::<2>() {
            then(self, x, y);
        }
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = self.line.shifted(x, y);
        self.tm = self.line;
    }

    fn paint(&mut self, word: &[u8], hidden: bool) {
        if matches!(word, b"s" | b"b" | b"b*") {
            self.path.close();
        }
        if !hidden {
            let (clip, state) = (self.state.clip, &self.state);
            if !matches!(word, b"S" | b"s") {
                self.path.fill(&mut self.page, &clip, state.fill);
            }
            if !matches!(word, b"f" | b"F" | b"f*") {
                let width = (state.line_width * state.ctm.scale()) as f32;
                self.path.stroke(&mut self.page, &clip, width, state.stroke);
            }
        }
        self.end_path();
    }

    fn end_path(&mut self) {
        if std::mem::take(&mut self.pending_clip) {
            self.state.clip = paint::clipped(&self.state.clip, self.path.bbox());
        }
        self.path.clear();
    }

    fn ext_state(&mut self, name: Option<&[u8]>, resources: Option<&'s Dictionary>) {
        let Some(entry) = name.and_then(|n| self.resource(resources, b"ExtGState", n)).and_then(as_dict)
        else {
            return;
        };
        if let Some(width) = self.store.number(entry, b"LW") {
            self.state.line_width = width.abs();
        }
        if let Some([Object::Reference(id), size]) = self.store.array(entry, b"Font")
            && let Some(font) = self.store.object(*id).and_then(as_dict)
        {
            self.state.font = Some(self.font_of(font, Some(*id)));
            self.state.size = super::store::as_number(self.store.resolve(size)).unwrap_or(0.0);
        }
    }

    fn resource(&self, resources: Option<&'s Dictionary>, kind: &[u8], name: &[u8]) -> Option<&'s Object> {
        let of_kind = self.store.dict(resources?, kind)?;
        of_kind.get(&unescape_name(name)).ok()
    }

    fn font(&mut self, name: &[u8], resources: Option<&'s Dictionary>) -> Option<usize> {
        let resources = resources?;
        let key = (std::ptr::from_ref(resources) as usize, name.to_vec());
        if let Some(&index) = self.names.get(&key) {
            return Some(index);
        }
        let entry = self.resource(Some(resources), b"Font", name)?;
        let id = entry.as_reference().ok();
        let dict = as_dict(self.store.resolve(entry))?;
        let index = self.font_of(dict, id);
        self.names.insert(key, index);
        Some(index)
    }

    fn font_of(&mut self, dict: &'s Dictionary, id: Option<ObjectId>) -> usize {
        let place = std::ptr::from_ref(dict) as usize;
        let known = id.map_or_else(|| self.fonts.by_place.get(&place), |id| self.fonts.by_id.get(&id));
        if let Some(&index) = known {
            return index;
        }
        let index = self.fonts.list.len();
        self.fonts.list.push(Font::read(self.store, dict, self.limits));
        match id {
            Some(id) => self.fonts.by_id.insert(id, index),
            None => self.fonts.by_place.insert(place, index),
        };
        index
    }

    /// Whether a marked-content operator opens a layer that is switched off.
    fn is_hidden(&self, operands: &Operands, resources: Option<&'s Dictionary>) -> bool {
        if self.hidden_layers.is_empty() {
            return false;
        }
        let mut names =
            operands.items().iter().filter_map(|t| if let Token::Name(n) = t { Some(*n) } else { None });
        if names.next() != Some(b"OC") {
            return false;
        }
        let entry = names.next().and_then(|name| self.resource(resources, b"Properties", name));
        entry.and_then(|e| e.as_reference().ok()).is_some_and(|id| self.hidden_layers.contains(&id))
    }

    fn xobject(&mut self, name: Option<&[u8]>, resources: Option<&'s Dictionary>, depth: usize) {
        let Some(object) = name.and_then(|n| self.resource(resources, b"XObject", n)) else { return };
        let Object::Stream(form) = self.store.resolve(object) else { return };
        if let Some(Ok(layer)) = form.dict.get(b"OC").ok().map(Object::as_reference)
            && self.hidden_layers.contains(&layer)
        {
            return;
        }
        match self.store.name(&form.dict, b"Subtype") {
            Some(b"Image") => self.image(),
            Some(b"Form") | None => {
                if depth >= self.limits.depth {
                    self.trouble.depth = true;
                    return;
                }
                let saved = self.state.clone();
                let text = (self.tm, self.line);
                if let Some(m) = self.store.numbers::<6>(&form.dict, b"Matrix").map(Matrix::new) {
                    let m = m.then(&self.state.ctm);
                    if m.is_sane() {
                        self.state.ctm = m;
                    }
                }
                if let Some([x0, y0, x1, y1]) = self.store.numbers::<4>(&form.dict, b"BBox") {
                    let bbox = self.state.ctm.apply_box(x0, y0, x1, y1);
                    self.state.clip = paint::clipped(&self.state.clip, Some(bbox));
                }
                let own = self.store.dict(&form.dict, b"Resources").or(resources);
                let decoded = stream::decode(self.store, form);
                self.note_fault(decoded.fault);
                self.run(&decoded.bytes, own, depth + 1);
                self.state = saved;
                (self.tm, self.line) = text;
            }
            Some(_) => {}
        }
    }

    pub(super) fn note_fault(&mut self, fault: Option<stream::Fault>) {
        match fault {
            Some(stream::Fault::Limit) => self.trouble.inflated = true,
            Some(_) => self.trouble.broken = true,
            None => {}
        }
    }

    /// An image covers its part of the page; a thin one is a drawn line.
    fn image(&mut self) {
        let bbox = self.state.ctm.apply_box(0.0, 0.0, 1.0, 1.0);
        if bbox.width().min(bbox.height()) <= 1.5 && bbox.width().max(bbox.height()) > 10.0 {
            paint::filled(&mut self.page, &self.state.clip, bbox, 0);
            return;
        }
        let seen = paint::clipped(&self.state.clip, Some(bbox));
        self.image_area += seen.width().max(0.0) * seen.height().max(0.0);
    }

    fn show(&mut self, operands: &Operands, lexer: &mut Lexer, hidden: bool) {
        let Some(font) = self.state.font else { return };
        let mut bytes = Vec::new();
        lexer.swap_text(&mut bytes);
        let mut view = Lexer::new(&[]);
        view.swap_text(&mut bytes);
        for token in operands.items() {
            match token {
                Token::Text(span) => {
                    let text = view.text(*span);
                    self.show_text(font, text, hidden);
                }
                Token::Number(adjust) => {
                    let vertical = self.fonts.list[font].is_vertical();
                    let shift = -adjust / 1000.0 * self.state.size;
                    self.tm = if vertical {
                        self.tm.shifted(0.0, shift)
                    } else {
                        self.tm.shifted(shift * self.state.stretch, 0.0)
                    };
                }
                _ => {}
            }
        }
        self.run += 1;
    }

    fn show_text(&mut self, font_index: usize, text: &[u8], hidden: bool) {
        let state = &self.state;
        let (size, stretch) = (state.size, state.stretch);
        let font = &mut self.fonts.list[font_index];
        let vertical_font = font.is_vertical();
        let base = Matrix::new([size * stretch, 0.0, 0.0, size, 0.0, state.rise]);
        let whole = base.then(&self.tm).then(&state.ctm);
        if !whole.is_sane() {
            return;
        }
        let frame = super::glyphs::Frame::new(&whole, font.ascent, font.descent, font.em, vertical_font);
        let invisible = hidden || matches!(state.mode, 3 | 7);
        let shade = if matches!(state.mode, 1 | 5) { state.stroke } else { state.fill };
        // text space → device space for the pen, which moves along the text matrix
        let pen = self.tm.then(&state.ctm);
        let mut at = 0usize;
        let (mut x, mut y) = (0.0f64, 0.0f64);
        while at < text.len() {
            if self.page.glyphs.len() >= self.limits.glyphs {
                break;
            }
            let (code, used) = font.next(self.store, &text[at..]);
            let vertical = if vertical_font { font.vertical(&text[at..], used) } else { None };
            at += used.max(1);
            let spacing = state.char_space + if code.is_word_space() { state.word_space } else { 0.0 };
            let width = f64::from(code.width);
            let (dx, dy, origin_x, origin_y) = match vertical {
                Some(v) => (
                    0.0,
                    f64::from(v.advance) * size + spacing,
                    x - f64::from(v.x) * size * stretch,
                    y - f64::from(v.y) * size,
                ),
                None => ((width * size + spacing) * stretch, 0.0, x, y),
            };
            if code.is_undecoded() {
                self.page.undecoded += 1;
                if !self.undecoded_fonts.contains(&font_index) {
                    self.undecoded_fonts.push(font_index);
                }
            }
            let (px, py) = pen.apply(origin_x, origin_y + state.rise);
            let bbox = frame.bbox(px as f32, py as f32, code.width);
            let more = font.text(code);
            if invisible {
                self.page.invisible += u32::from(code.ch != ' ');
            } else if visible(&self.page, &state.clip, &bbox, shade) {
                let glyph = Glyph {
                    ch: code.ch,
                    bbox,
                    baseline: frame.baseline(px as f32, py as f32),
                    size: frame.size,
                    direction: frame.direction,
                    font: u16::try_from(font_index).unwrap_or(u16::MAX),
                    run: self.run,
                    shade,
                };
                if more.is_empty() {
                    self.page.glyphs.push(glyph);
                } else {
                    let share = bbox.width() / more.len() as f32;
                    for (i, ch) in more.iter().enumerate() {
                        let x0 = bbox.x0 + share * i as f32;
                        let bbox = Rect { x0, x1: x0 + share, ..bbox };
                        self.page.glyphs.push(Glyph { ch: *ch, bbox, ..glyph });
                    }
                }
            }
            x += dx;
            y += dy;
        }
        self.tm = self.tm.shifted(x, y);
    }
}

/// Inside the clip, and not white on white.
fn visible(page: &Page, clip: &Rect, bbox: &Rect, shade: u8) -> bool {
    let (x, y) = (bbox.cx(), bbox.cy());
    x >= clip.x0 - 0.5
        && x <= clip.x1 + 0.5
        && y >= clip.y0 - 0.5
        && y <= clip.y1 + 0.5
        && (shade < 250 || paint::over_dark(page, x, y))
}

/// Skips an inline image: its data ends at an `EI` that stands alone.
fn skip_inline_image(lexer: &mut Lexer) {
    while let Some(token) = lexer.next() {
        if token == Token::Word(b"ID") {
            break;
        }
    }
    let data = lexer.data();
    let mut at = lexer.pos() + 1;
    while let Some(found) = data.get(at..).and_then(|rest| memchr::memmem::find(rest, b"EI")) {
        let here = at + found;
        let before = here.checked_sub(1).and_then(|i| data.get(i)).is_none_or(|b| is_space(*b));
        let after = data.get(here + 2).is_none_or(|b| is_space(*b));
        if before && after {
            lexer.seek(here + 2);
            return;
        }
        at = here + 2;
    }
    lexer.seek(data.len());
}
