//! `yusuan doctor`: what this program can do here, and the command that brings what is missing.

use super::args::{DoctorArgs, ScreenArgs};
use super::exit::Exit;
use super::screen::Screen;

/// Prints what is there and what is missing.
pub(super) fn run(args: &DoctorArgs, screen_args: &ScreenArgs) -> Exit {
    let screen = &Screen::new(screen_args);
    let scans = scans(args);
    super::print(screen, format!("yusuan {}\nscans: {scans}\n", env!("CARGO_PKG_VERSION")).as_bytes())
}

#[cfg(feature = "ocr")]
fn scans(args: &DoctorArgs) -> String {
    let Some((folder, _)) = super::ocr::folder(args.ocr_models.as_deref()) else {
        return "no home folder to look for models in; give --ocr-models DIR".into();
    };
    let checked = crate::scan::Recognizer::at(&folder).and_then(|recognizer| recognizer.check());
    match checked {
        Ok(()) => format!("ready, models in {}", folder.display()),
        Err(error) => format!(
            "not ready\n  {error}\n  this brings them:\n  pip download rapidocr==3.10.0 --no-deps -d /tmp && unzip -j /tmp/rapidocr-3.10.0-*.whl 'rapidocr/models/*' -d '{}'",
            folder.display()
        ),
    }
}

#[cfg(not(feature = "ocr"))]
fn scans(args: &DoctorArgs) -> String {
    let _ = &args.ocr_models;
    "not read: this program was built without the feature `ocr`; `cargo build --release --features ocr` brings it".into()
}
