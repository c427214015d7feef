//! What the operating system refuses → words, without its error numbers.

use super::{Lang, sentence, text};
use std::io::{Error, ErrorKind};

/// The reason in plain words; the system's own where we have none.
pub fn system(lang: Lang, error: &Error) -> String {
    // one of ours has a sentence of its own
    if error.get_ref().is_some() {
        return sentence(lang, &error.to_string()).into_owned();
    }
    let id = match error.kind() {
        ErrorKind::NotFound => "system.not-found",
        ErrorKind::PermissionDenied => "system.permission",
        ErrorKind::IsADirectory => "system.folder",
        ErrorKind::NotADirectory => "system.no-folder",
        ErrorKind::StorageFull => "system.full",
        ErrorKind::QuotaExceeded => "system.quota",
        ErrorKind::ReadOnlyFilesystem => "system.read-only",
        ErrorKind::InvalidFilename => "system.name",
        ErrorKind::FileTooLarge => "system.file-too-large",
        ErrorKind::OutOfMemory => "system.memory",
        ErrorKind::ResourceBusy => "system.busy",
        ErrorKind::BrokenPipe => "system.pipe",
        _ => "",
    };
    let own = || {
        let own = error.to_string();
        own.split(" (os error").next().unwrap_or(&own).to_owned()
    };
    text(lang, id).map_or_else(own, ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_s_reasons_have_words_and_no_numbers() {
        let missing = Error::from(ErrorKind::NotFound);
        assert_eq!(system(Lang::En, &missing), "no such file or folder");
        assert_eq!(system(Lang::Zh, &missing), "没有这个文件或文件夹");
        assert!(!system(Lang::En, &Error::from_raw_os_error(40)).contains("os error"));
        assert_eq!(system(Lang::En, &Error::other("of our own")), "of our own");
    }
}
