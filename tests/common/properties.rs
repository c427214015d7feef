//! What holds for any input, however hostile. The fuzz targets of `fuzz/` and the mutation tests call the same
//! functions: each takes bytes and panics where a property is broken.

use std::path::Component;
use std::sync::OnceLock;
use yusuan::batch::ledger::{Claim, Ledger, Stamp};
use yusuan::batch::manifest::{self, Entry, State};
use yusuan::batch::write::Folder;
use yusuan::geometry::Rect;
use yusuan::normalize::amount::{self, Parsed};
use yusuan::options::Deadline;
use yusuan::output::json::{self, Settings};
use yusuan::output::writer::Style;
use yusuan::output::{picture, printable, read};
use yusuan::pdf::{Axis, Direction, Glyph, Page, Ruling};
use yusuan::{Document, Error, Options, grid, layout, schema};

/// Bytes → documents: a typed error, or documents that fit the schema, whose tables are read back as they were written,
/// and that come out the same a second time. Gives them back.
pub(crate) fn document(bytes: &[u8], options: &Options) -> Result<Vec<Document>, Error> {
    let documents = yusuan::extract(bytes, options)?;
    assert!(!documents.is_empty(), "no document and no error");
    let text = rendered(&documents);
    let value = serde_json::from_str(&text).unwrap();
    let fault = validator().iter_errors(&value).next();
    assert!(fault.is_none(), "the output does not fit the schema: {}", fault.unwrap());
    let back = read::documents(text.as_bytes()).unwrap();
    for (read, written) in tables(&rendered(&back)).zip(tables(&text)) {
        assert_same(written, read, "reading back changed the tables");
    }
    if !documents.iter().flat_map(|d| &d.findings).any(|f| f.rule.ends_with("limit.time")) {
        let again = yusuan::extract(bytes, options)?;
        assert_same(&text, &rendered(&again), "the same bytes gave another document");
    }
    Ok(documents)
}

/// The twelve tables of each document of a rendered text.
fn tables(text: &str) -> impl Iterator<Item = &str> {
    text.split("\"tables\":[").skip(1).map(|rest| rest.split("\"other_tables\":[").next().unwrap_or(rest))
}

/// Two texts are the same; shows only where they part.
fn assert_same(a: &str, b: &str, what: &str) {
    let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let part = |text: &str| {
        let bytes = text.as_bytes().get(same.saturating_sub(120)..(same + 120).min(text.len()));
        String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
    };
    assert!(a == b, "{what}:\n  {}\n  {}", part(a), part(b));
}

fn rendered(documents: &[Document]) -> String {
    let mut out = Vec::new();
    json::file(&mut out, documents, Settings { style: Style::Compact, cells: false });
    String::from_utf8(out).unwrap()
}

fn validator() -> &'static jsonschema::Validator {
    static ONCE: OnceLock<jsonschema::Validator> = OnceLock::new();
    ONCE.get_or_init(|| {
        let schema = serde_json::from_str(yusuan::output::schema::OUTPUT).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    })
}

/// Content stream → glyphs: what is kept is finite, and what is read a second time is the same.
pub(crate) fn content(stream: &[u8]) {
    let pdf = super::pdf_around(stream);
    let options = Options::default();
    let read = || yusuan::pdf::read(&pdf, options.access(), Deadline::start(&options.limits)).unwrap();
    let source = read();
    let page = &source.pages[0];
    assert!(page.glyphs.len() <= options.limits.glyphs && page.rulings.len() <= options.limits.rulings);
    assert!(page.glyphs.iter().all(|g| finite(&g.bbox) && g.size.is_finite()), "a glyph that is nowhere");
    let ends = |r: &Ruling| r.at.is_finite() && r.from.is_finite() && r.to.is_finite();
    assert!(page.rulings.iter().all(ends), "a ruling that is nowhere");
    let again = read();
    assert_eq!(page.glyphs, again.pages[0].glyphs);
}

fn finite(r: &Rect) -> bool {
    [r.x0, r.y0, r.x1, r.y1].iter().all(|v| v.is_finite())
}

/// Glyphs and rulings → grids: every slot belongs to one cell, every glyph's digit stands at most once in what comes
/// out, and nothing stands there that was not painted. Eight bytes a mark.
pub(crate) fn page(marks: &[u8]) {
    let page = drawn(marks);
    let found = grid::page_grids(&page, &layout::page_text(&page), Deadline::never());
    for grid in &found.grids {
        let mut slots = vec![0u32; grid.rows() * grid.columns()];
        for cell in &grid.cells {
            for row in cell.row..cell.row + cell.row_span {
                for column in cell.column..cell.column + cell.column_span {
                    slots[row as usize * grid.columns() + column as usize] += 1;
                }
            }
        }
        assert!(slots.iter().all(|n| *n == 1), "a slot of no cell or of several");
    }
    let lines = found.grids.iter().flat_map(|g| &g.cells).flat_map(|c| &c.lines).map(|l| &l.text);
    let texts: Vec<&String> = lines.chain(found.lines.iter().map(|l| &l.text)).collect();
    for digit in '0'..='9' {
        let painted = page.glyphs.iter().filter(|g| g.ch == digit).count();
        let printed: usize = texts.iter().map(|t| t.chars().filter(|c| *c == digit).count()).sum();
        assert!(printed <= painted, "{printed} × {digit} from {painted} glyphs");
    }
    let drawing = picture::text(&[found], 100);
    assert!(drawing.chars().all(|c| c == '\n' || printable::printable(c.encode_utf8(&mut [0; 4])).len() < 5));
}

/// A page of up to a few thousand marks: glyphs and rulings on a coarse raster, so that things align now and then.
fn drawn(marks: &[u8]) -> Page {
    const CHARS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', ',', '合', '计', '-', '\u{202e}'];
    let mut page = Page { number: 1, width: 595.0, height: 842.0, ..Page::default() };
    for (run, mark) in (0u32..).zip(marks.chunks_exact(8).take(4000)) {
        let (x, y) = (f32::from(mark[1]) * 2.5, f32::from(mark[2]) * 3.5 + f32::from(mark[3] & 15) * 0.2);
        let length = f32::from(mark[4]) * 3.0;
        let width = f32::from(mark[5] & 31) * 0.25;
        match mark[0] & 3 {
            0 => page.rulings.push(Ruling {
                axis: Axis::Horizontal,
                at: y,
                from: x,
                to: x + length,
                width,
                shade: mark[6],
            }),
            1 => page.rulings.push(Ruling {
                axis: Axis::Vertical,
                at: x,
                from: y,
                to: y + length,
                width,
                shade: mark[6],
            }),
            _ => {
                let size = 4.0 + f32::from(mark[5] & 15);
                let direction = match mark[7] {
                    0..=223 => Direction::Right,
                    224..=231 => Direction::Down,
                    232..=239 => Direction::Up,
                    240..=247 => Direction::Left,
                    _ => Direction::Oblique,
                };
                for (i, ch) in (0u8..=mark[6] & 7).zip(CHARS.iter().cycle().skip(usize::from(mark[4] & 15))) {
                    let x = x + f32::from(i) * size * 0.5;
                    page.glyphs.push(Glyph {
                        ch: *ch,
                        bbox: Rect::new(x, y, x + size * 0.5, y + size),
                        baseline: y + size * 0.88,
                        size,
                        direction,
                        font: 0,
                        run,
                        shade: mark[6],
                    });
                }
            }
        }
    }
    page
}

/// Cell text → amount: every digit of the value is one of the printed ones, in order, and a value written plainly
/// reads back as itself.
pub(crate) fn amount(text: &str) {
    let reading = amount::read(text);
    assert_eq!(reading, amount::read(text));
    if let Parsed::Value(value) = reading.parsed {
        let printed = significant(&digits(text));
        let read = significant(&digits(&value.to_string()));
        assert_eq!(read, printed, "{text:?} gave {value}");
        if value.scale() == 0 || value.mantissa() != 0 {
            assert_eq!(amount::parse(&value.to_string()), Parsed::Value(value), "{value} read back");
        }
    }
    let _ = amount::measure(text);
    let shown = printable::printable(text);
    assert!(shown.chars().all(|c| !c.is_control()), "{shown:?}");
}

/// The decimal digits of a text, full-width and other compatible forms as plain ones.
fn digits(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkc().filter(char::is_ascii_digit).collect()
}

fn significant(digits: &str) -> String {
    digits.trim_start_matches('0').to_owned()
}

/// Layout file → layout: an error that names the file, or a layout that can be used on a page.
pub(crate) fn layout_file(text: &str) {
    match schema::parse_layout("fuzz.toml", text) {
        Err(error) => assert!(error.to_string().contains("fuzz.toml"), "{error}"),
        Ok(layout) => {
            let options = Options { layouts: vec![std::sync::Arc::new(layout)], ..Options::default() };
            let mut page = super::Page::default();
            page.text(60.0, 60.0, "部门支出总体情况表");
            page.table(
                80.0,
                &[60.0, 160.0, 300.0, 400.0],
                &[&["编码", "用途", "全年数"], &["201", "项", "1.00"]],
            );
            let _ = document(&page.pdf(), &options);
        }
    }
}

/// Manifest → what is done: no entry names a place outside of the folder, each is read back as it is written, and none
/// makes an input count as done whose output is not there.
pub(crate) fn manifest(bytes: &[u8]) {
    static ROOT: OnceLock<(tempfile::TempDir, Folder)> = OnceLock::new();
    let (_, empty) = ROOT.get_or_init(|| {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::create(root.path()).unwrap();
        (root, folder)
    });
    let entries = manifest::entries(bytes);
    let stamp = entries.values().next().map_or_else(Stamp::default, |e| Stamp {
        tool: e.tool.clone(),
        schema: e.schema.clone(),
        settings: e.settings.clone(),
    });
    let ledger = Ledger::new(empty, stamp.clone(), &entries);
    for (output, entry) in &entries {
        assert!(output.components().all(|c| matches!(c, Component::Normal(_))), "{output:?} leads elsewhere");
        assert_eq!(Entry::parse(entry.line(None).as_bytes()).as_ref(), Some(entry.as_ref()));
        let sha256 = entry.sha256.as_deref().unwrap_or_default();
        if let Claim::Kept(done) | Claim::Same(done) = ledger.claim(output, sha256) {
            assert_eq!(done.state, State::Failed, "an output that is not there");
            assert!(!done.retry && done.sha256.as_deref() == Some(sha256));
            assert_eq!(
                [&done.tool, &done.schema, &done.settings],
                [&stamp.tool, &stamp.schema, &stamp.settings]
            );
        }
    }
}
