//! `yusuan grid`: the cells of one PDF, before any meaning.

use super::args::{GridArgs, GridFormat, ScreenArgs};
use super::exit::Exit;
use super::screen::Screen;
use crate::batch::report::Failure;
use crate::batch::run::read;
use crate::batch::{Origin, guard::guard};
use crate::error::Error;
use crate::grid::PageGrids;
use crate::options::Options;
use crate::output::writer::Style;
use crate::output::{grid, picture};
use std::path::Path;

/// Width of the picture where standard output is no terminal.
const WIDTH: usize = 120;

/// Runs the command.
pub(super) fn run(args: &GridArgs, screen_args: &ScreenArgs) -> Exit {
    let screen = Screen::new(screen_args);
    let password = match super::password(args.password_file.as_deref()) {
        Ok(password) => password,
        Err(message) => return screen.fatal(&message),
    };
    let label = args.file.to_string_lossy();
    let mut pages = match pages(&args.file, &Options { password, ..Options::default() }) {
        Ok(pages) => pages,
        Err(cause) => {
            screen.failure(&label, &cause.to_string());
            return Exit::FilesFailed;
        }
    };
    if let Some(chosen) = &args.pages {
        let count = pages.len();
        pages.retain(|p| chosen.contains(p.number));
        if pages.is_empty() {
            screen.failure(&label, &format!("none of these pages; hint: it has {count}"));
            return Exit::FilesFailed;
        }
    }
    if pages.iter().all(|p| p.grids.is_empty()) {
        screen.note(&label, "no grids on these pages");
    }
    let mut out = Vec::new();
    match args.format {
        GridFormat::Json => grid::json(&mut out, &pages, Style::Pretty),
        GridFormat::Text => {
            let width = terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0));
            out = picture::text(&pages, width).into_bytes();
        }
    }
    super::print(&screen, &out)
}

fn pages(file: &Path, options: &Options) -> Result<Vec<PageGrids>, Failure> {
    let origin = if file == Path::new("-") { Origin::Stdin } else { Origin::File(file.to_path_buf()) };
    let bytes = read(&origin)?;
    let pages = guard(|| crate::page_grids(&bytes, options))
        .unwrap_or_else(|cause| Err(Error::Internal { cause }))?;
    Ok(pages)
}
