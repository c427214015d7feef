//! What findings mean that are no identities: `schemas/findings.toml`.

use serde::Deserialize;
use std::sync::LazyLock;

/// A kind of finding.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Meaning {
    pub(crate) id: String,
    pub(crate) en: String,
    pub(crate) zh: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    finding: Vec<Meaning>,
}

static ALL: LazyLock<Vec<Meaning>> = LazyLock::new(|| {
    let file: Result<File, _> = toml::from_str(include_str!("../../schemas/findings.toml"));
    file.map(|f| f.finding).unwrap_or_default()
});

/// In the order of the file.
pub(crate) fn all() -> &'static [Meaning] {
    &ALL
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_file_parses_and_every_finding_has_both_languages() {
        toml::from_str::<File>(include_str!("../../schemas/findings.toml")).unwrap();
        assert!(all().iter().all(|f| f.en.ends_with('.') && f.zh.ends_with('。')));
    }
}
