//! Bytes → where objects and trailers stand, whatever the cross-reference table says. For repair only.

use super::parse::Parser;
use crate::limits::Deadline;
use crate::pdf::token::{is_regular, is_space};

/// What stands where.
#[derive(Default)]
pub(super) struct Scan {
    /// Number and place of every `N G obj`, in order of the file.
    pub(super) objects: Vec<(u32, usize)>,
    /// Places behind every `trailer`.
    pub(super) trailers: Vec<usize>,
    /// More objects than the limit.
    pub(super) cut: bool,
}

/// Steps between two looks at the clock.
const PATIENCE: usize = 4096;

/// Looks through the whole file once. Data of streams is passed over, since it may hold anything.
pub(super) fn scan(data: &[u8], limit: usize, deadline: Deadline) -> Scan {
    let mut found = Scan::default();
    let find = memchr::memmem::Finder::new(b"obj");
    let mut at = 0;
    let mut last = 0;
    let mut steps = 0;
    let mut closed = true;
    while let Some(hit) = data.get(at..).and_then(|rest| find.find(rest)) {
        let word = at + hit;
        at = word + 3;
        steps += 1;
        if steps % PATIENCE == 0 && deadline.expired() {
            break;
        }
        // Between the last header and this word a stream may have begun: then go on behind its end.
        if closed && let Some(start) = stream_between(data, last, word) {
            match memchr::memmem::find(data.get(start..).unwrap_or(&[]), b"endstream") {
                Some(end) => {
                    at = start + end + b"endstream".len();
                    last = at;
                    continue;
                }
                None => closed = false,
            }
        }
        last = at;
        let Some(start) = header_start(data, word) else { continue };
        let Some((number, _)) = Parser::new(data, start, usize::MAX).header() else { continue };
        if found.objects.len() >= limit {
            found.cut = true;
            break;
        }
        found.objects.push((number, start));
    }
    let find = memchr::memmem::Finder::new(b"trailer");
    found.trailers.extend(find.find_iter(data).take(256).map(|at| at + b"trailer".len()));
    found
}

/// The start of the data of a stream whose keyword stands in `from..to`.
fn stream_between(data: &[u8], from: usize, to: usize) -> Option<usize> {
    let part = data.get(from..to)?;
    let at = memchr::memmem::find_iter(part, b"stream").find(|at| {
        let ended = part.get(..*at).is_some_and(|before| before.ends_with(b"end"));
        !ended && part.get(at + 6).is_some_and(|b| matches!(b, b'\r' | b'\n' | b' '))
    })?;
    Some(from + at + 6)
}

/// The start of the number in `N G obj`, with `word` the place of `obj`.
fn header_start(data: &[u8], word: usize) -> Option<usize> {
    let back = |mut at: usize, wanted: fn(u8) -> bool| {
        let from = at;
        while at > 0 && from - at < 20 && data.get(at - 1).is_some_and(|b| wanted(*b)) {
            at -= 1;
        }
        (at, from - at)
    };
    let digit = |b: u8| b.is_ascii_digit();
    let (at, blanks) = back(word, is_space);
    let (at, digits) = back(at, digit);
    let (at, gap) = back(at, is_space);
    let (start, number) = back(at, digit);
    let whole = start == 0
        || data.get(start - 1).is_some_and(|b| !is_regular(*b))
        || data.get(..start).is_some_and(|before| before.ends_with(b"endobj"));
    (digits > 0 && gap > 0 && number > 0 && number <= 10 && blanks < 20 && whole).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(data: &[u8]) -> Vec<(u32, usize)> {
        scan(data, 100, Deadline::never()).objects
    }

    #[test]
    fn headers_with_any_white_space_are_found() {
        assert_eq!(numbers(b"1 0 obj<<>>endobj\r12\n0\nobj 5 endobj3 0 obj"), [(1, 0), (12, 18), (3, 35)]);
    }

    #[test]
    fn words_that_only_look_like_headers_are_none() {
        assert_eq!(numbers(b"x1 0 obj 10 object 0 obj (7 obj) endobj"), []);
    }

    #[test]
    fn data_of_streams_is_passed_over() {
        let data = b"1 0 obj<</Length 9>>stream\n7 0 obj x\nendstream endobj 2 0 obj";
        assert_eq!(numbers(data).iter().map(|o| o.0).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn a_stream_without_end_hides_nothing() {
        let data = b"1 0 obj<</Length 9>>stream\nabc 2 0 obj null endobj 3 0 obj";
        assert_eq!(numbers(data).iter().map(|o| o.0).collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn more_objects_than_the_limit_are_cut() {
        assert!(scan(&b"1 0 obj ".repeat(101), 100, Deadline::never()).cut);
    }
}
