//! `yusuan worker`: one line of JSON for each input, in order, as soon as it is done. Nothing that an input holds ends
//! it; only the end of the input, or of the reader of its output.

use super::args::{Provenance, ScreenArgs, WorkerArgs};
use super::exit::Exit;
use super::screen::Screen;
use crate::batch::archive::{Format, members};
use crate::batch::discover::{Origin, path_of};
use crate::batch::report::{Failure, MAX_FILE};
use crate::batch::run::read;
use crate::error::Error;
use crate::extract_within;
use crate::options::Options;
use crate::output::json::{self, Answer, Settings};
use crate::output::writer::Style;
use sha2::{Digest, Sha256};
use std::io::{self, BufRead, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Longest path or name, in bytes.
const MAX_NAME: u64 = 64 << 10;

/// Runs the command.
pub(super) fn run(args: &WorkerArgs, screen_args: &ScreenArgs) -> Exit {
    let screen = Screen::new(screen_args);
    let options = match args.reading.options() {
        Ok(options) => options,
        Err(message) => return screen.fatal(&message),
    };
    let settings = Settings { style: Style::Compact, cells: args.provenance == Provenance::Cells };
    let separator = if args.null { 0 } else { b'\n' };
    let mut input = io::BufReader::new(io::stdin().lock());
    let mut out = io::stdout().lock();
    let mut line = Vec::new();
    loop {
        let next = if args.framed { frame(&mut input) } else { path(&mut input, separator) };
        let next = match next {
            Ok(Some(next)) => next,
            Ok(None) => return Exit::Done,
            Err(error) => {
                let error = format!("standard input: {error}");
                line.clear();
                answer("", Err(error.clone()), &options, settings, &mut line);
                let _ = out.write_all(&line).and_then(|()| out.flush());
                return screen.fatal(&error);
            }
        };
        let mut send = |name: &str, bytes: Result<Vec<u8>, String>| {
            line.clear();
            answer(name, bytes, &options, settings, &mut line);
            out.write_all(&line).and_then(|()| out.flush())
        };
        let sent = match next {
            Next::File(name, bytes) => send(&name, bytes),
            Next::Archive(name, path, format) => archive(&name, &path, format, &mut send),
        };
        match sent {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Exit::Done,
            Err(error) => return screen.fatal(&format!("standard output: cannot write: {error}")),
        }
    }
}

/// A line for each PDF of an archive, named `archive!/member`, and one for the archive where it cannot be read on.
fn archive(
    name: &str,
    path: &Path,
    format: Format,
    send: &mut impl FnMut(&str, Result<Vec<u8>, String>) -> io::Result<()>,
) -> io::Result<()> {
    let mut sent = Ok(());
    let read = members(path, format, |member| {
        sent = send(&format!("{name}!/{}", member.name), member.bytes);
        if sent.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    sent?;
    read.or_else(|error| send(name, Err(format!("cannot read the archive (on): {error}"))))
}

/// An input.
#[derive(Debug, PartialEq)]
enum Next {
    /// Its name and its bytes, or why it has none.
    File(String, Result<Vec<u8>, String>),
    /// A path of many.
    Archive(String, PathBuf, Format),
}

/// The next path, and the file's bytes; `None` at the end.
fn path(input: &mut impl BufRead, separator: u8) -> io::Result<Option<Next>> {
    let mut line = Vec::new();
    if input.by_ref().take(MAX_NAME + 1).read_until(separator, &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&separator) {
        line.pop();
    } else if line.len() as u64 > MAX_NAME {
        input.skip_until(separator)?;
        return Ok(Some(Next::File(String::new(), Err("the path is longer than 64 KB".to_owned()))));
    }
    if separator == b'\n' && line.last() == Some(&b'\r') {
        line.pop();
    }
    let name = String::from_utf8_lossy(&line).into_owned();
    if line.is_empty() {
        return Ok(Some(Next::File(name, Err("the path is empty".to_owned()))));
    }
    let path = path_of(&line);
    // a pipe or a device could keep us waiting for ever
    let meta = std::fs::metadata(&path);
    if let (Some(format), Ok(true)) = (Format::of(&path), meta.as_ref().map(|m| m.is_file())) {
        return Ok(Some(Next::Archive(name, path, format)));
    }
    let bytes = match meta {
        Ok(meta) if !meta.is_file() => Err("not a regular file".to_owned()),
        _ => read(&Origin::File(path)).map_err(|e| e.to_string()),
    };
    Ok(Some(Next::File(name, bytes)))
}

/// The next frame; `None` at the end.
fn frame(input: &mut impl BufRead) -> io::Result<Option<Next>> {
    if input.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let cut = |e: io::Error| match e.kind() {
        io::ErrorKind::UnexpectedEof => io::Error::other("ends within a frame"),
        _ => e,
    };
    let name = part(input, MAX_NAME).map_err(cut)?;
    let bytes = part(input, MAX_FILE).map_err(cut)?;
    let name = name.map_or_else(String::new, |n| String::from_utf8_lossy(&n).into_owned());
    Ok(Some(Next::File(name, bytes.ok_or_else(|| Failure::TooLarge.to_string()))))
}

/// A length and so many bytes; `None` where they are more than `most`, which are passed over.
fn part(input: &mut impl Read, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = u64::from(u32::from_be_bytes(length));
    let mut bytes = Vec::new();
    let read = if length > most {
        io::copy(&mut input.by_ref().take(length), &mut io::sink())?
    } else {
        input.by_ref().take(length).read_to_end(&mut bytes)? as u64
    };
    if read < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok((length <= most).then_some(bytes))
}

/// The line of one input.
fn answer(
    name: &str,
    bytes: Result<Vec<u8>, String>,
    options: &Options,
    settings: Settings,
    line: &mut Vec<u8>,
) {
    let start = Instant::now();
    let digest = bytes.as_ref().ok().map(|bytes| {
        let digest = Sha256::digest(bytes);
        digest.iter().map(|b| format!("{b:02x}")).collect::<String>()
    });
    let mut late = false;
    let documents = bytes.and_then(|bytes| {
        extract_within(bytes, options).map_err(|error| {
            late = matches!(error, Error::Limit { limit: "time", .. });
            error.to_string()
        })
    });
    let (mut documents, error) = match documents {
        Ok(documents) => (documents, None),
        Err(error) => (Vec::new(), Some(error)),
    };
    for document in &mut documents {
        name.clone_into(&mut document.source.path);
    }
    let answer = Answer {
        input: name,
        sha256: digest.as_deref(),
        ms: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
        error: error.as_deref(),
        late,
        documents: &documents,
    };
    json::answer(line, &answer, settings);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn frames(parts: &[&[u8]]) -> Vec<u8> {
        parts.iter().flat_map(|p| [&u32::try_from(p.len()).unwrap().to_be_bytes()[..], p].concat()).collect()
    }

    #[test]
    fn frames_are_taken_one_by_one_and_a_cut_one_is_an_error() {
        let bytes = frames(&[b"a.pdf", b"%PDF", b"", b""]);
        let mut input = &bytes[..];
        assert_eq!(frame(&mut input).unwrap(), Some(Next::File("a.pdf".to_owned(), Ok(b"%PDF".to_vec()))));
        assert_eq!(frame(&mut input).unwrap(), Some(Next::File(String::new(), Ok(Vec::new()))));
        assert_eq!(frame(&mut input).unwrap(), None);
        for cut in 1..bytes.len() - 8 {
            let mut input = &bytes[..cut];
            if cut != 17 {
                assert!(frame(&mut input).is_err(), "{cut}");
            }
        }
    }

    #[test]
    fn a_length_that_lies_takes_no_memory() {
        let mut bytes = frames(&[b"a"]);
        bytes.extend(0xFFFF_FFFFu32.to_be_bytes());
        bytes.extend(b"short");
        assert!(frame(&mut &bytes[..]).is_err());
    }

    #[test]
    fn a_path_that_never_ends_is_one_input_and_the_next_is_read() {
        let long = vec![b'x'; 200_000];
        let bytes = [&long[..], b"\n\nnone.pdf\r\n"].concat();
        let mut input = &bytes[..];
        let mut next = || match path(&mut input, b'\n').unwrap() {
            Some(Next::File(name, bytes)) => Some((name, bytes)),
            other => other.map(|o| (format!("{o:?}"), Ok(Vec::new()))),
        };
        assert!(next().unwrap().1.unwrap_err().contains("64 KB"));
        assert_eq!(next().unwrap().1.unwrap_err(), "the path is empty");
        let (name, bytes) = next().unwrap();
        assert_eq!(name, "none.pdf");
        assert!(bytes.unwrap_err().starts_with("cannot read: "));
        assert!(next().is_none());
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_never_opened() {
        let next = path(&mut &b"/dev/zero\n"[..], b'\n').unwrap().unwrap();
        assert_eq!(next, Next::File("/dev/zero".to_owned(), Err("not a regular file".to_owned())));
    }
}
