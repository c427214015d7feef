//! Where an amount stands on a document's review page, if the page lies beside the workbook.

use std::path::{Path, PathBuf};

/// The review page of a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Review {
    /// Its name, relative to the workbook.
    page: Option<String>,
}

impl Review {
    /// Looks for `<name>.html` beside the workbook, where `name` is that of the document's file.
    pub(super) fn of(source: &str, beside: &Path) -> Self {
        let name = source.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = PathBuf::from(name).file_stem().map(|s| s.to_string_lossy().into_owned());
        let page = stem.map(|s| format!("{s}.html")).filter(|p| {
            // these mean something else in a link
            !p.contains(['#', '%', '?']) && beside.join(p).is_file()
        });
        Self { page }
    }

    /// The link to a cell: `<name>.html#p12-t5-2010101-total`; to the page where no cell is named.
    pub(super) fn link(&self, page: u32, table: u8, row: &str, column: &str) -> Option<String> {
        let file = self.page.as_deref()?;
        let safe = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "._".contains(c));
        let cell = !row.is_empty() && safe(row) && safe(column);
        Some(match cell {
            true => format!("external:{file}#p{page}-t{table}-{row}-{column}"),
            false => format!("external:{file}#p{page}"),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_link_leads_to_the_page_that_lies_beside_and_nowhere_else() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("预算.html"), "").unwrap();
        let link = |source: &str, row: &str| Review::of(source, dir.path()).link(12, 5, row, "total");
        assert_eq!(
            link("in/预算.pdf", "2010101").as_deref(),
            Some("external:预算.html#p12-t5-2010101-total")
        );
        assert_eq!(link("in/预算.pdf", "一 项目").as_deref(), Some("external:预算.html#p12"));
        assert_eq!(link("in/other.pdf", "2010101"), None);
    }
}
