//! Bytes → the objects of a PDF, or a typed error that says what the bytes are instead.

use super::file;
use super::store::Store;
use crate::error::Error;
use crate::limits::{Access, Deadline};

/// The header has to come within this many bytes (Adobe readers look through the first 1024).
const HEADER_WITHIN: usize = 1024;

/// Opens a file: from its header on, since places in it are counted from there.
pub(super) fn open<'b>(bytes: &'b [u8], access: Access, deadline: Deadline) -> Result<Store<'b>, Error> {
    if bytes.iter().all(|b| *b == 0 || b.is_ascii_whitespace()) {
        return Err(Error::Empty);
    }
    let Some(header) = memchr::memmem::find(&bytes[..bytes.len().min(HEADER_WITHIN)], b"%PDF-") else {
        return Err(not_a_pdf(bytes));
    };
    file::open(Store::new(&bytes[header..], access.limits, deadline), access)
}

/// What bytes without a PDF header look like.
fn not_a_pdf(bytes: &[u8]) -> Error {
    let start = &bytes[bytes.iter().take_while(|b| b.is_ascii_whitespace()).count()..];
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let lower: Vec<u8> = start.iter().take(512).map(u8::to_ascii_lowercase).collect();
    let begins = |magic: &[u8]| start.starts_with(magic);
    let (looks_like, hint) = if [&b"<!doctype"[..], b"<html", b"<head", b"<script", b"<!--"]
        .iter()
        .any(|t| lower.starts_with(t))
        || memchr::memmem::find(&lower, b"<html").is_some()
    {
        ("an HTML page", "the site answered with a page instead of the file; open the address in a browser")
    } else if begins(b"<?xml") {
        ("an XML file", "fetch the PDF itself")
    } else if begins(b"PK\x03\x04") {
        ("a ZIP archive or Office document", "unpack it, or export the document as PDF")
    } else if begins(b"Rar!") || begins(b"7z\xBC\xAF") || begins(b"\x1F\x8B") {
        ("an archive", "unpack it first")
    } else if begins(b"\xD0\xCF\x11\xE0") {
        ("an old Office document (.doc, .xls)", "export it as PDF")
    } else if begins(b"\xFF\xD8\xFF")
        || begins(b"\x89PNG")
        || begins(b"GIF8")
        || begins(b"II*\0")
        || begins(b"MM\0*")
    {
        (
            "an image",
            "put it into a PDF, e.g. with `img2pdf`, and read that with `--ocr-models` (docs/SCANS.md)",
        )
    } else if begins(b"%!PS") {
        ("a PostScript file", "convert it with `ps2pdf`")
    } else if begins(b"{\\rtf") {
        ("an RTF document", "export it as PDF")
    } else if begins(b"OFD") || memchr::memmem::find(&lower, b"ofd.xml").is_some() {
        ("an OFD document", "convert it to PDF")
    } else {
        ("something without a PDF header", "check the download")
    };
    Error::NotPdf { looks_like, hint }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    fn error(bytes: &[u8]) -> Error {
        match open(bytes, Options::default().access(), Deadline::never()) {
            Err(error) => error,
            Ok(_) => panic!("opened"),
        }
    }

    #[test]
    fn empty_and_blank_files() {
        assert!(matches!(error(b""), Error::Empty));
        assert!(matches!(error(b"\0\0 \n"), Error::Empty));
    }

    #[test]
    fn other_files_named_pdf() {
        for (bytes, word) in [
            (&b"\r\n<!DOCTYPE html><html>"[..], "HTML"),
            (b"\xEF\xBB\xBF<html>", "HTML"),
            (b"PK\x03\x04rest", "ZIP"),
            (b"\xFF\xD8\xFF\xE0", "image"),
            (b"\xD0\xCF\x11\xE0", "Office"),
            (b"just text", "without a PDF header"),
        ] {
            match error(bytes) {
                Error::NotPdf { looks_like, .. } => assert!(looks_like.contains(word), "{looks_like}"),
                other => panic!("{other}"),
            }
        }
    }

    #[test]
    fn header_and_nothing_else_is_damaged() {
        assert!(matches!(error(b"%PDF-1.4\nnothing"), Error::Damaged { .. }));
    }
}
