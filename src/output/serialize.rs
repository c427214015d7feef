//! `serde::Serialize` for documents, with the names and the numbers of the emitted JSON.

use super::json::{self, Settings};
use super::writer::{Style, Writer};
use crate::document::{Document, Finding, Row, Table};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// Amounts are exact only as text, so a value is written by the one writer there is and handed on as it is.
macro_rules! as_emitted {
    ($($type:ty => $write:expr),+ $(,)?) => {$(
        impl Serialize for $type {
            /// As in the emitted JSON, with `cells`. Made for `serde_json`: to its writers the exact numbers go as
            /// they are; other human-readable formats have no way to take them.
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let mut out = Vec::new();
                let write: fn(&mut Writer, &$type) = $write;
                write(&mut Writer::new(&mut out, Style::Compact), self);
                let text = String::from_utf8(out).map_err(S::Error::custom)?;
                if !to.is_human_readable() {
                    return to.serialize_str(&text);
                }
                RawValue::from_string(text).map_err(S::Error::custom)?.serialize(to)
            }
        }
    )+};
}

as_emitted! {
    Document => |w, d| json::document(w, d, true),
    Table => |w, t| json::table(w, t, true),
    Row => |w, r| json::row(w, r, true),
    Finding => super::findings::finding,
}

impl Document {
    /// The document as one line of the JSON that `yusuan extract --provenance cells` emits, without a line break:
    /// amounts are exact numbers with the printed digits.
    ///
    /// ```
    /// let document = yusuan::Document::default();
    /// assert!(document.to_json().starts_with(r#"{"schema_version":"#));
    /// assert_eq!(serde_json::to_string(&document).unwrap(), document.to_json());
    /// ```
    pub fn to_json(&self) -> String {
        let mut out = Vec::new();
        json::stream(&mut out, std::slice::from_ref(self), Settings { style: Style::Compact, cells: true });
        String::from_utf8_lossy(&out).trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::fixture;

    #[test]
    fn serde_gives_the_emitted_json() {
        let full = fixture::full();
        let text = serde_json::to_string(&full).unwrap();
        assert_eq!(text, full.to_json());
        assert!(text.contains(r#""total":43.00"#));
        assert!(text.contains(&serde_json::to_string(&full.tables[2]).unwrap()));
        assert!(text.contains(&serde_json::to_string(&full.tables[2].rows[1]).unwrap()));
        assert!(text.contains(&serde_json::to_string(&full.findings[0]).unwrap()));
    }
}
