//! `yusuan merge`: the output folders of shards → one.

use super::args::{MergeArgs, ScreenArgs};
use super::dataset;
use super::exit::Exit;
use super::folder::locked;
use super::screen::Screen;
use super::target::DOCUMENTS;
use crate::batch::lock;
use crate::batch::manifest;
use crate::batch::merge;
use crate::batch::summary::{self, Summary};
use crate::batch::write::Folder;
use crate::options::Options;
use std::path::PathBuf;

/// Runs the command.
pub(super) fn run(args: &MergeArgs, screen_args: &ScreenArgs) -> Exit {
    let screen = Screen::new(screen_args);
    match join(args, &screen) {
        Ok(exit) => exit,
        Err(message) => screen.fatal(&message),
    }
}

fn join(args: &MergeArgs, screen: &Screen) -> Result<Exit, String> {
    let is_dataset = |f: &PathBuf| !f.join(manifest::NAME).is_file() && f.join(DOCUMENTS).is_dir();
    let datasets = args.folders.iter().all(is_dataset);
    let folders: Vec<PathBuf> = match datasets {
        true => args.folders.iter().map(|f| f.join(DOCUMENTS)).collect(),
        false => args.folders.clone(),
    };
    let merged = merge::check(&folders).map_err(|e| e.to_string())?;
    let shown = args.output.display();
    let folder = Folder::create(&args.output).map_err(|e| format!("{shown}: cannot write: {e}"))?;
    let _lock = lock::lock(&args.output).map_err(|e| locked(&args.output, &e).to_string())?;
    folder.sweep();
    let files = summary::count(merged.entries.len() as u64, "file");
    if !datasets {
        merged.write(&folder).map_err(|e| e.to_string())?;
        screen.say(&format!("{files} of {} folders joined\n", folders.len()));
        return Ok(Exit::Done);
    }
    let documents = args.output.join(DOCUMENTS);
    let below = Folder::create(&documents).map_err(|e| format!("{shown}: cannot write: {e}"))?;
    let _inner = lock::lock(&documents).map_err(|e| locked(&documents, &e).to_string())?;
    merged.write(&below).map_err(|e| e.to_string())?;
    let mut summary = Summary::default();
    let (options, jobs) = (Options::default(), super::extract::cores());
    let held = dataset::build_from(folder, &documents, &options, jobs, args.bom, screen, &mut summary)
        .map_err(|e| format!("{shown}: cannot write: {e}"))?;
    let Some(held) = held else { return Ok(Exit::Interrupted) };
    screen.say(&format!("{files} of {} folders joined\n", folders.len()));
    dataset::say(screen, &args.output, &held);
    Ok(if summary.failed > 0 { Exit::FilesFailed } else { Exit::Done })
}
