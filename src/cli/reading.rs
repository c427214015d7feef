//! Arguments that say how PDFs are read → options.

use super::args::ReadingArgs;
use crate::options::Options;
use crate::proof::Rules;
use crate::schema;
use crate::words::{Lang, system};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

impl ReadingArgs {
    /// The options that these arguments mean.
    ///
    /// # Errors
    /// When a layout or password file cannot be used; the message names file, line and key.
    pub(super) fn options(&self) -> Result<Options, String> {
        let mut options = Options {
            include_contacts: self.include_contacts,
            password: super::password(self.password_file.as_deref())?,
            passwords: self.passwords.clone(),
            second_reader: !self.no_second_reader,
            rules: rules(self.identities.as_deref())?,
            ..Options::default()
        };
        for path in &self.layout {
            let name = path.display().to_string();
            let text = super::settings::text(path)
                .map_err(|e| format!("{name}: cannot read the layout: {}", system(Lang::En, &e)))?;
            let layout = schema::parse_layout(&name, &text).map_err(|e| e.to_string())?;
            options.layouts.push(Arc::new(layout));
        }
        super::ocr::give(self.ocr_models.as_deref(), &mut options)?;
        if let Some(seconds) = self.timeout {
            options.limits.time = (seconds > 0).then(|| Duration::from_secs(u64::from(seconds)));
        }
        for limit in &self.limit {
            let known = limit.split_once('=').is_some_and(|(name, value)| options.limits.set(name, value));
            if !known {
                let names = crate::options::Limits::NAMES.join(", ");
                return Err(format!("--limit {limit}: expected NAME=NUMBER with one of {names}"));
            }
        }
        Ok(options)
    }
}

/// The identities with those of a user's file; `None` for the built-in ones alone.
///
/// # Errors
/// When the file cannot be used; the message names file, line and key.
pub(super) fn rules(path: Option<&Path>) -> Result<Option<Arc<Rules>>, String> {
    let Some(path) = path else { return Ok(None) };
    let name = path.display().to_string();
    let text = super::settings::text(path)
        .map_err(|e| format!("{name}: cannot read the identities: {}", system(Lang::En, &e)))?;
    Rules::with_file(&name, &text).map(|rules| Some(Arc::new(rules))).map_err(|e| e.to_string())
}
