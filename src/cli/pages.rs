//! `yusuan completions` and `yusuan man`: what shells and `man` want to know, from the definition of the command line.

use super::args::{CompletionsArgs, ManArgs, ScreenArgs, Shell};
use super::exit::Exit;
use super::parse::command;
use super::screen::Screen;
use crate::words::{Lang, say, system};
use clap::Command;
use clap_complete::Shell as Known;
use std::io;
use std::path::Path;

/// Prints the completions of a shell.
pub(super) fn completions(args: &CompletionsArgs, screen_args: &ScreenArgs) -> Exit {
    let screen = Screen::new(screen_args);
    let shell = match args.shell {
        Shell::Bash => Known::Bash,
        Shell::Zsh => Known::Zsh,
        Shell::Fish => Known::Fish,
    };
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut command(screen.lang), "yusuan", &mut out);
    super::print(&screen, &out)
}

/// Writes a page for the program and one for each of its commands; without a folder prints the program's.
pub(super) fn man(args: &ManArgs, screen_args: &ScreenArgs) -> Exit {
    let screen = Screen::new(screen_args);
    let program = command(screen.lang);
    let Some(folder) = &args.output else {
        return match page(program) {
            Ok(page) => super::print(&screen, &page),
            Err(error) => screen.fatal(&error.to_string()),
        };
    };
    match write(folder, &program) {
        Ok(pages) => {
            let folder = crate::output::printable::path(folder);
            screen.say(&(say!(screen.lang, "man.written", n = pages, folder = folder) + "\n"));
            Exit::Done
        }
        Err(error) => {
            let cause = system(Lang::En, &error);
            screen.fatal(&format!("{}: cannot write: {cause}", folder.display()))
        }
    }
}

/// How many pages were written.
fn write(folder: &Path, program: &Command) -> io::Result<usize> {
    std::fs::create_dir_all(folder)?;
    let mut pages = 0;
    let subs = program.get_subcommands().map(|sub| {
        let name = format!("yusuan-{}", sub.get_name());
        (name.clone(), sub.clone().name(name))
    });
    for (name, command) in std::iter::once(("yusuan".to_owned(), program.clone())).chain(subs) {
        let text = page(command)?;
        crate::batch::write::file(&folder.join(name + ".1"), |out| out.write_all(&text).map(|()| true))?;
        pages += 1;
    }
    Ok(pages)
}

fn page(command: Command) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    clap_mangen::Man::new(command).render(&mut out)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn there_is_a_page_for_the_program_and_for_each_command() {
        let dir = tempfile::tempdir().unwrap();
        let program = command(Lang::En);
        let pages = write(dir.path(), &program).unwrap();
        assert_eq!(pages, 1 + program.get_subcommands().count());
        let page = std::fs::read_to_string(dir.path().join("yusuan-extract.1")).unwrap();
        assert!(page.contains(".TH yusuan") && page.contains("files\\-from"), "{page}");
    }
}
