//! Who published a document: one name for all spellings of an office (`office`), and the place that its name or the title
//! tells (`region`).

mod office;
mod region;

pub use office::canonical;

use crate::document::Head;

/// Says whose document it is, as far as its head tells.
pub fn tell(head: &mut Head) {
    head.office = head.department.as_deref().map(canonical).filter(|o| !o.id.is_empty());
    head.region = region::region(head.department.as_deref(), head.title.as_deref());
}

/// The data files, for what asks whether they changed.
#[cfg(feature = "cli")]
pub(crate) fn sources() -> [&'static str; 2] {
    [office::TEXT, region::TEXT]
}

/// What may stand before the name of a place: a year, and what parties and congresses are called.
fn strip(text: &str) -> &str {
    const BEFORE: [&str; 8] =
        ["年度", "年", "中共", "中国共产党", "中国人民政治协商会议", "政协", "中国共产主义青年团", "共青团"];
    let mut rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    for before in BEFORE {
        rest = rest.strip_prefix(before).unwrap_or(rest);
    }
    rest
}
