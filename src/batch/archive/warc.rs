//! WARC records, as web archives hold them (ISO 28500): a version line, named fields, an empty line, a block of
//! `Content-Length` bytes, two empty lines. `response` blocks are HTTP: headers, then the document.

use super::{Member, member};
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

/// Longest header, in bytes, and most of its fields: more is no WARC.
const MAX_LINE: u64 = 64 << 10;
const MAX_FIELDS: usize = 1000;

/// Hands over the PDFs of all `response` and `resource` records.
pub(super) fn records(
    input: &mut impl BufRead,
    each: &mut impl FnMut(Member) -> ControlFlow<()>,
) -> io::Result<()> {
    while let Some(head) = head(input)? {
        let length: u64 = field(&head, "content-length")
            .and_then(|v| v.parse().ok())
            .ok_or_else(|| io::Error::other("a WARC record has no length"))?;
        let kind = field(&head, "warc-type").unwrap_or_default();
        let mut block = input.by_ref().take(length);
        let mut encoded = None;
        if kind == "response" {
            let http = lines(&mut block)?;
            encoded =
                field(&http, "content-encoding").or(field(&http, "transfer-encoding")).map(str::to_owned);
        }
        let name = field(&head, "warc-target-uri").unwrap_or_default().trim_matches(['<', '>']).to_owned();
        let found = if matches!(kind, "response" | "resource") { member(name, &mut block)? } else { None };
        io::copy(&mut block, &mut io::sink())?;
        if block.limit() > 0 {
            return Err(io::Error::other("a WARC record ends early"));
        }
        if let Some(mut member) = found {
            let bare = member.bytes.as_ref().is_ok_and(|b| b.starts_with(super::MAGIC));
            let encoded = encoded.filter(|e| !bare && !e.eq_ignore_ascii_case("identity"));
            if let Some(encoding) = encoded {
                member.bytes = Err(format!("sent as `{encoding}`, which is not undone"));
            }
            if each(member).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The lines of the next record's header; `None` at the end.
fn head(input: &mut impl BufRead) -> io::Result<Option<Vec<String>>> {
    loop {
        match input.fill_buf()?.first() {
            None => return Ok(None),
            Some(b'\r' | b'\n') => input.consume(1),
            Some(_) => break,
        }
    }
    let lines = lines(input)?;
    match lines.first() {
        Some(version) if version.starts_with("WARC/") => Ok(Some(lines)),
        _ => Err(io::Error::other("not a WARC record")),
    }
}

/// Lines up to an empty one.
fn lines(input: &mut impl BufRead) -> io::Result<Vec<String>> {
    let mut all = Vec::new();
    while all.len() < MAX_FIELDS {
        let mut line = Vec::new();
        let n = input.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        if n == 0 || text.is_empty() {
            return Ok(all);
        }
        if line.last() != Some(&b'\n') && n as u64 == MAX_LINE {
            break;
        }
        all.push(text);
    }
    Err(io::Error::other("a header is longer than a WARC's may be"))
}

fn field<'h>(lines: &'h [String], name: &str) -> Option<&'h str> {
    let fields = lines.iter().filter_map(|line| line.split_once(':'));
    fields.filter(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
}
