//! A file's pages one after the other: content streams joined, interpreted, troubles reported.

use super::glyphs::remove_ghosts;
use super::interpret::{Fonts, Interpreter, Trouble};
use super::page::{self, PageNode};
use super::store::Store;
use super::{Page, Source, open, stream};
use crate::document::{Finding, Severity};
use crate::error::Error;
use crate::options::{Deadline, Options};
use lopdf::{Object, ObjectId};
use rustc_hash::FxHashSet;

/// See [`super::read`].
pub(super) fn read(bytes: &[u8], options: &Options, deadline: Deadline) -> Result<Source, Error> {
    let mut findings = Vec::new();
    let store = open::open(bytes, options, &mut findings)?;
    let (nodes, tree) = page::pages(&store, &options.limits);
    if nodes.is_empty() {
        return Err(Error::NoPages);
    }
    if tree.too_many {
        findings.push(limit("pages", "the file has more pages; the first ones were read"));
    }
    if tree.broken || tree.collected {
        findings.push(Finding::new(
            "pdf.repaired",
            Severity::Warning,
            "the page tree is damaged; pages may be missing or out of order",
        ));
    }
    let hidden = hidden_layers(&store);
    let mut fonts = Fonts::default();
    let mut undecoded: Vec<(usize, Vec<u32>)> = Vec::new();
    let mut pages = Vec::with_capacity(nodes.len());
    for (index, node) in nodes.iter().enumerate() {
        let (width, height) = node.size();
        let page =
            Page { number: index as u32 + 1, width: width as f32, height: height as f32, ..Page::default() };
        if deadline.expired() {
            findings.push(
                limit("time", "time is up; this page and those after it were not read").on_page(page.number),
            );
            pages.push(page);
            break;
        }
        let mut reader =
            Interpreter::new(&store, &options.limits, deadline, &mut fonts, &hidden, page, node.upright());
        let content = content(&store, node, &mut reader);
        reader.run(&content, node.resources, 0);
        report(&reader.trouble, reader.page.number, &mut findings);
        for font in std::mem::take(&mut reader.undecoded_fonts) {
            match undecoded.iter_mut().find(|(f, _)| *f == font) {
                Some((_, pages)) => pages.push(reader.page.number),
                None => undecoded.push((font, vec![reader.page.number])),
            }
        }
        let area = (reader.page.width * reader.page.height).max(1.0);
        let mut page = std::mem::take(&mut reader.page);
        page.image_cover = (reader.image_area / area).min(1.0);
        remove_ghosts(&mut page.glyphs);
        pages.push(page);
    }
    for (font, on) in undecoded {
        let name = fonts.list.get(font).map_or("", |f| f.name.as_str());
        let message = format!(
            "font `{name}` does not tell which characters it paints (pages {on:?}); they read as U+FFFD"
        );
        findings.push(Finding::new("pdf.font.undecodable", Severity::Warning, message).on_page(on[0]));
    }
    report_scans(&pages, &mut findings)?;
    let text = |key: &[u8]| {
        let info = store.dict(store.trailer(), b"Info")?;
        match store.get(info, key)? {
            Object::String(bytes, _) => Some(text_string(bytes)).filter(|t| !t.is_empty()),
            _ => None,
        }
    };
    let (producer, title, created) = (text(b"Producer"), text(b"Title"), text(b"CreationDate"));
    let fonts = fonts.list.into_iter().map(|f| f.name).collect();
    Ok(Source { producer, title, created, fonts, pages, findings })
}

/// All content streams of a page, joined between tokens.
fn content<'s>(store: &'s Store, node: &PageNode<'s>, reader: &mut Interpreter<'s, '_>) -> Vec<u8> {
    let mut joined = Vec::new();
    let mut add = |object: &'s Object, reader: &mut Interpreter<'s, '_>| {
        if let Object::Stream(content) = store.resolve(object) {
            let decoded = stream::decode(store, content);
            reader.note_fault(decoded.fault);
            if joined.is_empty() {
                joined = decoded.bytes.into_owned();
            } else {
                joined.push(b'\n');
                joined.extend_from_slice(&decoded.bytes);
            }
        }
    };
    match store.get(node.dict, b"Contents") {
        Some(Object::Array(parts)) => parts.iter().take(10_000).for_each(|part| add(part, reader)),
        Some(object) => add(object, reader),
        None => {}
    }
    joined
}

fn limit(name: &str, what: &str) -> Finding {
    Finding::new(&format!("pdf.limit.{name}"), Severity::Error, format!("limit `{name}` reached: {what}"))
}

fn report(trouble: &Trouble, page: u32, findings: &mut Vec<Finding>) {
    let limits = [
        (trouble.operators, "operators"),
        (trouble.glyphs, "glyphs"),
        (trouble.rulings, "rulings"),
        (trouble.depth, "depth"),
        (trouble.time, "time"),
        (trouble.inflated, "stream_bytes"),
    ];
    for (hit, name) in limits {
        if hit {
            findings.push(limit(name, "the rest of the page was not read").on_page(page));
        }
    }
    if trouble.broken {
        let message = "a content stream of this page is broken; what could be inflated was read";
        findings.push(Finding::new("pdf.stream.broken", Severity::Error, message).on_page(page));
    }
}

/// Pages that are images; all of them: no document.
fn report_scans(pages: &[Page], findings: &mut Vec<Finding>) -> Result<(), Error> {
    let scans: Vec<u32> =
        pages.iter().filter(|p| p.glyphs.is_empty() && p.image_cover > 0.4).map(|p| p.number).collect();
    if !scans.is_empty() && scans.len() == pages.len() {
        return Err(Error::Scanned { pages: pages.len() });
    }
    for page in scans {
        let message =
            "this page is an image without text: nothing was read from it; run OCR if it carries a table";
        findings.push(Finding::new("pdf.page.scan", Severity::Warning, message).on_page(page));
    }
    Ok(())
}

/// Layers (optional content groups) that the default configuration switches off.
fn hidden_layers(store: &Store) -> FxHashSet<ObjectId> {
    let off = || {
        let catalog = store.dict(store.trailer(), b"Root")?;
        let config = store.dict(store.dict(catalog, b"OCProperties")?, b"D")?;
        store.array(config, b"OFF")
    };
    off().unwrap_or(&[]).iter().filter_map(|o| o.as_reference().ok()).collect()
}

/// A text string of the information dictionary: UTF-16, UTF-8 or GBK bytes.
fn text_string(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xFE, 0xFF, rest @ ..] => encoding_rs::UTF_16BE.decode(rest).0.into_owned(),
        [0xFF, 0xFE, rest @ ..] => encoding_rs::UTF_16LE.decode(rest).0.into_owned(),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding_rs::GBK.decode(bytes).0.into_owned(),
        },
    };
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}
