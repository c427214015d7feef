//! Bytes → objects, or a typed reason why not.

use super::store::Store;
use super::stream::Budget;
use crate::document::{Finding, Severity};
use crate::error::Error;
use crate::options::Options;
use lopdf::{Document, LoadOptions};

/// Loads a file. lopdf repairs cross-reference tables and decrypts; what it repaired is a finding.
pub(super) fn open(bytes: &[u8], options: &Options, findings: &mut Vec<Finding>) -> Result<Store, Error> {
    if bytes.iter().all(|b| b.is_ascii_whitespace() || *b == 0) {
        return Err(Error::Empty);
    }
    let head = &bytes[..bytes.len().min(1024)];
    let start = memchr::memmem::find(head, b"%PDF-");
    if start.is_none()
        && let Some(error) = foreign(head)
    {
        return Err(error);
    }
    let load = |password: Option<String>| {
        let load = LoadOptions {
            password,
            max_decompressed_size: Some(options.limits.stream_bytes),
            ..LoadOptions::default()
        };
        Document::load_mem_with_options(bytes, load)
    };
    let loaded = match load(None) {
        Err(error) if is_password(&error) && options.password.is_some() => load(options.password.clone()),
        loaded => loaded,
    };
    let document = loaded.map_err(|error| explain(&error, start.is_some(), head))?;
    if document.is_encrypted() && !document.was_encrypted() {
        return Err(Error::Encrypted);
    }
    if document.xref_recovery.is_some() {
        findings.push(Finding::new(
            "pdf.repaired",
            Severity::Warning,
            "the file's cross-reference table is damaged; its objects were found by searching the file",
        ));
    }
    Ok(Store::new(document, Budget::new(&options.limits)))
}

fn is_password(error: &lopdf::Error) -> bool {
    matches!(error, lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_))
}

fn explain(error: &lopdf::Error, has_magic: bool, head: &[u8]) -> Error {
    match error {
        lopdf::Error::InvalidPassword => Error::Encrypted,
        lopdf::Error::Decryption(cause) => match cause.to_string() {
            cause if cause.contains("password") => Error::Encrypted,
            cause => Error::UnsupportedEncryption { cause },
        },
        _ if !has_magic => foreign(head).unwrap_or(Error::NotPdf {
            looks_like: "unknown data",
            hint: "check what the site really delivered",
        }),
        other => Error::Damaged { cause: other.to_string() },
    }
}

/// What the first bytes look like when they are no PDF.
fn foreign(head: &[u8]) -> Option<Error> {
    let trimmed = head.trim_ascii_start();
    let starts =
        |magic: &[u8]| trimmed.len() >= magic.len() && trimmed[..magic.len()].eq_ignore_ascii_case(magic);
    let (looks_like, hint) = if starts(b"<!doctype")
        || starts(b"<html")
        || starts(b"<head")
        || starts(b"<script")
    {
        ("an HTML page", "the site answered with a page; open the link in a browser and save the PDF itself")
    } else if starts(b"<?xml") || starts(b"<") {
        ("an XML or HTML text", "the site answered with something else; save the PDF itself")
    } else if starts(b"PK\x03\x04") {
        ("a ZIP archive or an Office document", "unpack it, or print it to PDF")
    } else if starts(b"\xD0\xCF\x11\xE0") {
        ("an old Office document", "print it to PDF")
    } else if starts(b"\xFF\xD8\xFF") || starts(b"\x89PNG") || starts(b"GIF8") || starts(b"II*\0") {
        ("an image", "make a searchable PDF with OCR first")
    } else if starts(b"Rar!") || starts(b"7z\xBC\xAF") || starts(b"\x1F\x8B") {
        ("an archive", "unpack it first")
    } else if starts(b"{") || starts(b"[") {
        ("a JSON text", "the site answered with a message; fetch the PDF again")
    } else {
        return None;
    };
    Some(Error::NotPdf { looks_like, hint })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(bytes: &[u8]) -> String {
        match open(bytes, &Options::default(), &mut Vec::new()) {
            Err(error) => error.to_string(),
            Ok(_) => String::new(),
        }
    }

    #[test]
    fn what_is_no_pdf_is_named() {
        assert!(error(b"").contains("empty"));
        assert!(error(b"\n<!DOCTYPE html><html>").contains("HTML"));
        assert!(error(b"PK\x03\x04aaaa").contains("ZIP"));
        assert!(error(b"\x89PNG\r\n").contains("image"));
        assert!(error(b"hello").contains("not a PDF"));
        assert!(error(b"%PDF-1.4\nnothing more").contains("damaged"));
    }
}
