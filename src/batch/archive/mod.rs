//! Archives → their PDFs, one after the other, never unpacked to disk: zip, tar (plain, gzip, zstd), WARC (plain,
//! gzip). A member's name is a label and never a path, so `..` and absolute names do no harm.

mod warc;

use super::report::{Failure, MAX_FILE};
use flate2::read::MultiGzDecoder;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::rc::Rc;

/// Unpacked bytes for each packed one that are believed. Deflate reaches 1032; texts and PDFs stay below 100.
const MAX_RATIO: u64 = 200;

/// Unpacked bytes of an archive that need no look at the ratio.
const FREE: u64 = 256 << 20;

/// A PDF of an archive.
#[derive(Debug)]
pub struct Member {
    /// Its name or address, as the archive has it.
    pub name: String,
    /// Its bytes, or why there are none.
    pub bytes: Result<Vec<u8>, String>,
}

/// How an archive is packed, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.zip`
    Zip,
    /// `.tar`, and whether it is packed
    Tar(Packed),
    /// `.warc`, and whether it is packed
    Warc(Packed),
}

/// What lies around an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packed {
    /// Nothing.
    No,
    /// gzip, of one or many parts.
    Gzip,
    /// zstd, of one or many frames.
    Zstd,
}

impl Format {
    /// The format that a path's name tells; `None` where it is no archive.
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        let ends = |end: &str| name.ends_with(end);
        let packed = [(".gz", Packed::Gzip), (".zst", Packed::Zstd), ("", Packed::No)];
        if ends(".zip") {
            return Some(Self::Zip);
        }
        if ends(".tgz") {
            return Some(Self::Tar(Packed::Gzip));
        }
        packed.into_iter().find_map(|(end, packed)| match () {
            () if ends(&format!(".tar{end}")) => Some(Self::Tar(packed)),
            () if ends(&format!(".warc{end}")) => Some(Self::Warc(packed)),
            () => None,
        })
    }
}

/// Hands over the archive's PDFs in their order until `each` breaks. Members that are no PDF by name or first bytes are
/// passed over.
///
/// # Errors
/// Where the archive itself cannot be read on: what came before was handed over.
pub fn members(
    path: &Path,
    format: Format,
    mut each: impl FnMut(Member) -> ControlFlow<()>,
) -> io::Result<()> {
    let file = File::open(path)?;
    match format {
        Format::Zip => zip(file, &mut each),
        Format::Tar(packed) => tar(unpacked(file, packed)?, &mut each),
        Format::Warc(packed) => warc::records(&mut BufReader::new(unpacked(file, packed)?), &mut each),
    }
}

fn unpacked(file: File, packed: Packed) -> io::Result<Box<dyn Read>> {
    let taken = Rc::new(Cell::new(0));
    let counted = Counted { inner: file, count: Rc::clone(&taken) };
    let input = BufReader::new(counted);
    let zstd = |e| io::Error::other(format!("zstd: {e}"));
    let inner: Box<dyn Read> = match packed {
        Packed::No => return Ok(Box::new(input)),
        Packed::Gzip => Box::new(MultiGzDecoder::new(input)),
        Packed::Zstd => Box::new(ruzstd::decoding::StreamingDecoder::new(input).map_err(zstd)?),
    };
    Ok(Box::new(Bounded { inner, taken, given: 0 }))
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.count.set(self.count.get() + n as u64);
        Ok(n)
    }
}

/// Ends where far more comes out than goes in.
struct Bounded {
    inner: Box<dyn Read>,
    taken: Rc<Cell<u64>>,
    given: u64,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.given += n as u64;
        if self.given > FREE + self.taken.get().saturating_mul(MAX_RATIO) {
            return Err(io::Error::other("unpacks to far more than it holds (a bomb?)"));
        }
        Ok(n)
    }
}

fn tar(input: impl Read, each: &mut impl FnMut(Member) -> ControlFlow<()>) -> io::Result<()> {
    for entry in tar::Archive::new(input).entries()? {
        let mut entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let size = entry.size();
        let Some(member) = member(name, &mut entry)? else { continue };
        // the reader of archives ends a member at the end of the file without a word
        if member.bytes.as_ref().is_ok_and(|bytes| (bytes.len() as u64) < size) {
            return Err(io::Error::other("the archive ends within a member"));
        }
        if each(member).is_break() {
            break;
        }
    }
    Ok(())
}

fn zip(file: File, each: &mut impl FnMut(Member) -> ControlFlow<()>) -> io::Result<()> {
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(io::Error::other)?;
    for i in 0..archive.len() {
        let name = archive.name_for_index(i).and_then(Result::ok).unwrap_or_default().into_owned();
        let found = match archive.by_index(i) {
            Ok(entry) if entry.is_dir() => None,
            Ok(mut entry) => {
                let bytes = member(name.clone(), &mut entry);
                bytes.unwrap_or_else(|e| broken(name, e.to_string()))
            }
            Err(error) => broken(name, error.to_string()),
        };
        if let Some(member) = found
            && each(member).is_break()
        {
            break;
        }
    }
    Ok(())
}

/// A member that cannot be read, where its name says that it is a PDF.
fn broken(name: String, cause: String) -> Option<Member> {
    is_pdf(&name, &[]).then_some(Member { name, bytes: Err(format!("cannot read: {cause}")) })
}

/// The member with these bytes, if it is a PDF; no more of it is read than a file may have.
fn member(name: String, input: &mut impl Read) -> io::Result<Option<Member>> {
    let mut bytes = Vec::new();
    input.by_ref().take(MAGIC.len() as u64).read_to_end(&mut bytes)?;
    if !is_pdf(&name, &bytes) {
        return Ok(None);
    }
    input.by_ref().take(MAX_FILE + 1 - bytes.len() as u64).read_to_end(&mut bytes)?;
    let bytes = if bytes.len() as u64 > MAX_FILE { Err(Failure::TooLarge.to_string()) } else { Ok(bytes) };
    Ok(Some(Member { name, bytes }))
}

/// What a PDF begins with.
const MAGIC: &[u8] = b"%PDF-";

fn is_pdf(name: &str, start: &[u8]) -> bool {
    let name = name.split(['?', '#']).next().unwrap_or_default();
    start.starts_with(MAGIC)
        || name.get(name.len().saturating_sub(4)..).is_some_and(|e| e.eq_ignore_ascii_case(".pdf"))
}

#[cfg(test)]
mod tests;
