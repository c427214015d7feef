//! Texts for people, in English and Chinese: `schemas/words/*.toml`. Data (JSON, manifests, tables) never passes through
//! here: it reads the same whatever language a person speaks.
//!
//! Messages of the command line have an id and are filled with values ([`say`]). Sentences that the stages of the pipeline
//! build are emitted as data, in English; [`sentence`] gives their Chinese where a person reads them.

mod catalogue;
mod sentence;
mod system;

pub use catalogue::{count, fill, text, thousands};
pub use sentence::sentence;
pub use system::system;

/// A language in which the program speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

impl Lang {
    /// The language with this name: `en`, `zh`.
    pub fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "en" => Some(Lang::En),
            "zh" => Some(Lang::Zh),
            _ => None,
        }
    }

    /// The language of a locale such as `zh_CN.UTF-8`; English for all that we do not speak.
    pub fn of_locale(locale: &str) -> Self {
        let tag = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        Self::named(tag).unwrap_or_default()
    }

    /// The language of an environment: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that says anything.
    pub fn of_environment(get: impl Fn(&str) -> Option<String>) -> Self {
        let said = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(get).find(|v| !v.is_empty());
        said.map_or(Lang::En, |locale| Self::of_locale(&locale))
    }
}

/// A text of the catalogue with its values: `say!(lang, "error.taken", target = target, other = other)`.
macro_rules! say {
    ($lang:expr, $id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::words::fill($lang, $id, &[$((stringify!($name), &$value as &dyn std::fmt::Display)),*])
    };
}
pub(crate) use say;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_tells_the_language_and_an_unknown_one_is_english() {
        for (locale, lang) in [
            ("zh_CN.UTF-8", Lang::Zh),
            ("zh", Lang::Zh),
            ("ZH-TW", Lang::Zh),
            ("en_GB", Lang::En),
            ("C.UTF-8", Lang::En),
            ("tlh_XX", Lang::En),
            ("zhuang", Lang::En),
            ("", Lang::En),
        ] {
            assert_eq!(Lang::of_locale(locale), lang, "{locale}");
        }
    }

    #[test]
    fn the_first_variable_that_says_anything_decides() {
        let environment = |pairs: &'static [(&str, &str)]| {
            Lang::of_environment(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
        };
        assert_eq!(environment(&[("LC_ALL", ""), ("LANG", "zh_CN.UTF-8")]), Lang::Zh);
        assert_eq!(environment(&[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")]), Lang::En);
        assert_eq!(environment(&[("LC_MESSAGES", "zh_CN"), ("LANG", "en_US")]), Lang::Zh);
        assert_eq!(environment(&[]), Lang::En);
    }
}
