//! The bounds that hold whatever the PDF, and the moment at which work on a file stops.

use std::time::{Duration, Instant};

/// Bounds that hold for one file. Reaching one is a finding with what was read so far, never a lost document.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes that one stream may inflate to.
    pub stream_bytes: usize,
    /// Bytes that all streams of a file together may inflate to.
    pub file_bytes: usize,
    /// Indirect objects of a file.
    pub objects: usize,
    /// Bytes of memory that the objects of a file may take, and half as many for the text and cells of all pages.
    pub memory: usize,
    /// Pages that are read.
    pub pages: usize,
    /// Depth of nested forms, page trees and other recursive structures.
    pub depth: usize,
    /// Operators that are interpreted on one page (forms included).
    pub operators: usize,
    /// Glyphs kept on one page.
    pub glyphs: usize,
    /// Rulings kept on one page, and filled areas.
    pub rulings: usize,
    /// Words of one page among which tables are looked for.
    pub words: usize,
    /// Entries of one CMap.
    pub cmap_entries: usize,
    /// Time for one file; `None` for no bound.
    pub time: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            stream_bytes: 64 << 20,
            file_bytes: 256 << 20,
            objects: 500_000,
            memory: 128 << 20,
            pages: 5_000,
            depth: 32,
            operators: 2_000_000,
            glyphs: 200_000,
            rulings: 60_000,
            words: 20_000,
            cmap_entries: 200_000,
            time: Some(Duration::from_secs(8)),
        }
    }
}

impl Limits {
    /// Names that [`Limits::set`] knows, in the order of the documentation (`docs/LIMITS.md`).
    pub const NAMES: [&'static str; 12] = [
        "stream_bytes",
        "file_bytes",
        "objects",
        "memory",
        "pages",
        "depth",
        "operators",
        "glyphs",
        "rulings",
        "words",
        "cmap_entries",
        "time",
    ];

    /// Bytes of memory that the text and cells of all pages may take.
    pub(crate) fn page_memory(&self) -> usize {
        self.memory / 2
    }

    /// Changes one limit by its name. Bytes may carry `K`, `M` or `G` (powers of 1024); `time` is in seconds, 0 for no
    /// bound. False where the name or the value makes no sense.
    pub fn set(&mut self, name: &str, value: &str) -> bool {
        let Some(number) = quantity(value) else { return false };
        let field = match name {
            "stream_bytes" => &mut self.stream_bytes,
            "file_bytes" => &mut self.file_bytes,
            "objects" => &mut self.objects,
            "memory" => &mut self.memory,
            "pages" => &mut self.pages,
            "depth" => &mut self.depth,
            "operators" => &mut self.operators,
            "glyphs" => &mut self.glyphs,
            "rulings" => &mut self.rulings,
            "words" => &mut self.words,
            "cmap_entries" => &mut self.cmap_entries,
            "time" => {
                self.time = (number > 0).then(|| Duration::from_secs(number as u64));
                return true;
            }
            _ => return false,
        };
        // Forms and page trees are walked by recursion: the stack is not the user's to give.
        *field = if name == "depth" { number.min(200) } else { number };
        true
    }
}

/// `5000`, `64M`.
fn quantity(text: &str) -> Option<usize> {
    let (digits, shift) = match text.as_bytes().last()? {
        b'K' | b'k' => (&text[..text.len() - 1], 10),
        b'M' | b'm' => (&text[..text.len() - 1], 20),
        b'G' | b'g' => (&text[..text.len() - 1], 30),
        _ => (text, 0),
    };
    digits.parse::<usize>().ok()?.checked_mul(1 << shift)
}

/// What it takes to open a file.
#[derive(Clone, Copy, Debug)]
pub struct Access<'o> {
    /// Password for encrypted files; the empty password is always tried.
    pub password: Option<&'o str>,
    /// Bounds on time and memory.
    pub limits: &'o Limits,
}

/// The moment at which work on a file has to stop.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// A deadline that starts to run now.
    pub fn start(limits: &Limits) -> Self {
        Self(limits.time.and_then(|t| Instant::now().checked_add(t)))
    }

    /// A deadline after three quarters of the time: pages must leave time for what all of them together say.
    pub fn start_reading(limits: &Limits) -> Self {
        Self(limits.time.and_then(|t| Instant::now().checked_add(t * 3 / 4)))
    }

    /// Never expires.
    pub fn never() -> Self {
        Self(None)
    }

    /// Whether the time is used up. Costs a clock reading: ask every few hundred steps, not every step.
    pub fn expired(&self) -> bool {
        self.0.is_some_and(|at| Instant::now() >= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_can_be_set_by_its_name_and_is_documented() {
        let text = include_str!("../docs/LIMITS.md");
        for name in Limits::NAMES {
            assert!(Limits::default().set(name, "7"), "{name}");
            assert!(text.contains(&format!("| `{name}` |")), "{name} is not in docs/LIMITS.md");
        }
    }

    #[test]
    fn bytes_may_carry_a_unit_and_nonsense_is_refused() {
        let mut limits = Limits::default();
        assert!(limits.set("memory", "2M") && limits.memory == 2 << 20);
        assert!(limits.set("time", "0") && limits.time.is_none());
        assert!(limits.set("depth", "1000000") && limits.depth == 200);
        for (name, value) in
            [("memory", ""), ("memory", "-1"), ("memory", "1x"), ("nothing", "1"), ("pages", "99999999999G")]
        {
            assert!(!limits.set(name, value), "{name}={value}");
        }
    }
}
