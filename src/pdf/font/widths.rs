//! Advance widths: `/Widths`, `/W` and `/W2` arrays, and the metrics of the standard fonts. In thousandths of the
//! font size, as PDF has them.

use crate::pdf::object::{Dictionary, Object};
use crate::pdf::store::{Store, as_number};

/// Widths of CIDs.
pub(super) struct CidWidths {
    default: f32,
    /// First CID, last CID, start in `list` or the common width; sorted by first CID.
    runs: Vec<(u32, u32, Run)>,
    list: Vec<f32>,
}

#[derive(Clone, Copy)]
enum Run {
    Same(f32),
    List(u32),
}

impl CidWidths {
    /// Reads `/DW` and `/W` (ISO 32000-1, 9.7.4.3); both forms, as many as the limit allows.
    pub(super) fn read(store: &Store, font: &Dictionary, limit: usize) -> Self {
        let default = store.number(font, b"DW").unwrap_or(1000.0) as f32;
        let mut widths = Self { default, runs: Vec::new(), list: Vec::new() };
        let items = store.array(font, b"W").unwrap_or(&[]);
        let mut rest = items.iter().map(|item| store.resolve(item));
        while let Some(first) = rest.next() {
            let Some(first) = as_number(first).map(|v| v.max(0.0) as u32) else { continue };
            match rest.next() {
                Some(Object::Array(list)) => {
                    let start = widths.list.len();
                    widths
                        .list
                        .extend(list.iter().map(|w| as_number(store.resolve(w)).unwrap_or(0.0) as f32));
                    let count = (widths.list.len() - start) as u32;
                    if count > 0 {
                        widths.runs.push((first, first.saturating_add(count - 1), Run::List(start as u32)));
                    }
                }
                Some(last) => {
                    let last = as_number(last).map(|v| v.max(0.0) as u32);
                    let width = rest.next().and_then(as_number);
                    if let (Some(last), Some(width)) = (last, width) {
                        widths.runs.push((first, last, Run::Same(width as f32)));
                    }
                }
                None => break,
            }
            if widths.runs.len() + widths.list.len() > limit {
                break;
            }
        }
        widths.runs.sort_by_key(|run| run.0);
        widths
    }

    pub(super) fn get(&self, cid: u32) -> f32 {
        let end = self.runs.partition_point(|run| run.0 <= cid);
        match self.runs[..end].iter().rev().take(4).find(|run| cid <= run.1) {
            Some(&(_, _, Run::Same(width))) => width,
            Some(&(first, _, Run::List(start))) => {
                self.list.get(start as usize + (cid - first) as usize).copied().unwrap_or(self.default)
            }
            None => self.default,
        }
    }
}

/// Vertical metrics of one CID: advance (downwards negative) and the position vector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::pdf) struct Vertical {
    pub(in crate::pdf) advance: f32,
    pub(in crate::pdf) x: f32,
    pub(super) y: f32,
}

impl Vertical {
    /// What `/DW2` defaults to, for a full-width glyph.
    pub(in crate::pdf) const DEFAULT: Self = Self { advance: -1000.0, x: 500.0, y: 880.0 };
}

/// `/DW2` and `/W2`.
pub(super) struct VerticalWidths {
    default: (f32, f32),
    runs: Vec<(u32, u32, Vertical)>,
}

impl VerticalWidths {
    pub(super) fn read(store: &Store, font: &Dictionary, limit: usize) -> Self {
        let [y, advance] = store.numbers::<2>(font, b"DW2").unwrap_or([880.0, -1000.0]);
        let mut widths = Self { default: (y as f32, advance as f32), runs: Vec::new() };
        let items = store.array(font, b"W2").unwrap_or(&[]);
        let mut rest = items.iter().map(|item| store.resolve(item));
        while let Some(first) = rest.next() {
            let Some(first) = as_number(first).map(|v| v.max(0.0) as u32) else { continue };
            match rest.next() {
                Some(Object::Array(list)) => {
                    let numbers: Vec<f32> =
                        list.iter().map(|w| as_number(store.resolve(w)).unwrap_or(0.0) as f32).collect();
                    for (cid, three) in (first..).zip(numbers.chunks_exact(3)) {
                        let metrics = Vertical { advance: three[0], x: three[1], y: three[2] };
                        widths.runs.push((cid, cid, metrics));
                    }
                }
                Some(last) => {
                    let last = as_number(last).map(|v| v.max(0.0) as u32);
                    let mut number = || rest.next().and_then(as_number).map(|v| v as f32);
                    if let (Some(last), Some(advance), Some(x), Some(y)) =
                        (last, number(), number(), number())
                    {
                        widths.runs.push((first, last, Vertical { advance, x, y }));
                    }
                }
                None => break,
            }
            if widths.runs.len() > limit {
                break;
            }
        }
        widths.runs.sort_by_key(|run| run.0);
        widths
    }

    /// Metrics of a CID whose horizontal width is `width`.
    pub(super) fn get(&self, cid: u32, width: f32) -> Vertical {
        let end = self.runs.partition_point(|run| run.0 <= cid);
        match self.runs[..end].iter().rev().take(4).find(|run| cid <= run.1) {
            Some(&(_, _, metrics)) => metrics,
            None => Vertical { advance: self.default.1, x: width / 2.0, y: self.default.0 },
        }
    }
}

/// Widths of the printable ASCII characters in a font that need not be embedded (Adobe's font metrics).
#[rustfmt::skip]
static STANDARD: [[u16; 95]; 6] = [
    // Helvetica
    [278,278,355,556,556,889,667,191,333,333,389,584,278,333,278,278,556,556,556,556,556,556,556,556,556,556,278,278,584,584,584,556,1015,667,667,722,722,667,611,778,722,278,500,667,556,833,722,778,667,778,722,667,611,722,667,944,667,667,611,278,278,278,469,556,333,556,556,500,556,556,278,556,556,222,222,500,222,833,556,556,556,556,333,500,278,556,500,722,500,500,500,334,260,334,584],
    // Helvetica-Bold
    [278,333,474,556,556,889,722,238,333,333,389,584,278,333,278,278,556,556,556,556,556,556,556,556,556,556,333,333,584,584,584,611,975,722,722,722,722,667,611,778,722,278,556,722,611,833,722,778,667,778,722,667,611,722,667,944,667,667,611,333,278,333,584,556,333,556,611,556,611,556,333,611,611,278,278,556,278,889,611,611,611,611,389,556,333,611,556,778,556,556,500,389,280,389,584],
    // Times-Roman
    [250,333,408,500,500,833,778,180,333,333,500,564,250,333,250,278,500,500,500,500,500,500,500,500,500,500,278,278,564,564,564,444,921,722,667,667,722,611,556,722,722,333,389,722,611,889,722,722,556,722,667,556,611,722,722,944,722,722,611,333,278,333,469,500,333,444,500,444,500,444,333,500,500,278,278,500,278,778,500,500,500,500,333,389,278,500,500,722,500,500,444,480,200,480,541],
    // Times-Bold
    [250,333,555,500,500,1000,833,278,333,333,500,570,250,333,250,278,500,500,500,500,500,500,500,500,500,500,333,333,570,570,570,500,930,722,667,722,722,667,611,778,778,389,500,778,667,944,722,778,611,778,722,556,667,722,722,1000,722,722,667,333,278,333,581,500,333,500,556,444,556,444,333,500,556,278,333,556,278,833,556,500,556,556,444,389,333,556,500,722,500,500,444,394,220,394,520],
    // Times-Italic
    [250,333,420,500,500,833,778,214,333,333,500,675,250,333,250,278,500,500,500,500,500,500,500,500,500,500,333,333,675,675,675,500,920,611,611,667,722,611,611,722,722,333,444,667,556,833,667,722,611,722,611,500,556,722,611,833,611,556,556,389,278,389,422,500,333,500,500,444,500,444,278,500,500,278,278,444,278,722,500,500,500,500,389,389,278,500,444,667,444,444,389,400,275,400,541],
    // Times-BoldItalic
    [250,389,555,500,500,833,778,278,333,333,500,570,250,333,250,278,500,500,500,500,500,500,500,500,500,500,333,333,570,570,570,500,832,667,667,667,722,667,667,722,778,389,500,667,611,889,722,722,611,722,667,556,611,722,667,889,667,611,611,333,278,333,570,500,333,500,500,444,500,444,333,500,556,278,278,500,278,778,556,500,500,500,389,389,278,556,444,667,500,444,389,348,220,348,570],
];

/// Width of a character in the standard font that stands in for a font of this name.
pub(super) fn standard(name: &str, ch: char) -> f32 {
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    if has(&["Courier", "Mono", "Consol"]) {
        return 600.0;
    }
    let bold = has(&["Bold", "bold", "Black", "Heavy"]);
    let italic = has(&["Italic", "Oblique", "italic"]);
    let serif = has(&["Times", "Serif", "Roman", "Georgia", "Cambria", "Garamond"]) && !has(&["Sans"]);
    let face = match (serif, bold, italic) {
        (false, false, _) => 0,
        (false, true, _) => 1,
        (true, false, false) => 2,
        (true, true, false) => 3,
        (true, false, true) => 4,
        (true, true, true) => 5,
    };
    let code = u32::from(ch);
    match code {
        0x20..=0x7E => f32::from(STANDARD[face][(code - 0x20) as usize]),
        0xA0 => f32::from(STANDARD[face][0]),
        0x2E80.. => 1000.0,
        _ => 500.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{Deadline, Limits};

    fn store() -> Store<'static> {
        Store::new(b"", &Limits::default(), Deadline::never())
    }

    fn dict(entries: Vec<(&[u8], Object)>) -> Dictionary {
        Dictionary::new(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    #[test]
    fn both_forms_of_w() {
        let list: Box<[Object]> = vec![Object::Integer(500), Object::Real(250.5)].into();
        let items = vec![
            Object::Integer(30),
            Object::Integer(40),
            Object::Integer(600),
            Object::Integer(1),
            Object::Array(list),
        ];
        let font = dict(vec![(b"W", Object::Array(items.into())), (b"DW", Object::Integer(900))]);
        let widths = CidWidths::read(&store(), &font, 100);
        assert_eq!(
            [0, 1, 2, 3, 30, 40, 41].map(|cid| widths.get(cid)),
            [900.0, 500.0, 250.5, 900.0, 600.0, 600.0, 900.0]
        );
    }

    #[test]
    fn vertical_defaults_and_w2() {
        let three = [Object::Integer(-500), Object::Integer(250), Object::Integer(700)];
        let items = [Object::Integer(5), Object::Array(three.into())];
        let font = dict(vec![(b"W2", Object::Array(items.into()))]);
        let widths = VerticalWidths::read(&store(), &font, 100);
        assert_eq!(widths.get(5, 1000.0), Vertical { advance: -500.0, x: 250.0, y: 700.0 });
        assert_eq!(widths.get(6, 1000.0), Vertical { advance: -1000.0, x: 500.0, y: 880.0 });
    }

    #[test]
    fn standard_fonts_by_name() {
        assert_eq!(standard("Helvetica", '0'), 556.0);
        assert_eq!(standard("TimesNewRoman,Bold", 'A'), 722.0);
        assert_eq!(standard("CourierNew", 'i'), 600.0);
        assert_eq!(standard("ArialMT", '.'), 278.0);
    }
}
