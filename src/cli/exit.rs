//! How the program ends.

use std::process::ExitCode;

/// The exit codes. Documented in the README; scripts depend on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: everything was read (and, where asked for, every check passed). Also when the reader of our output closed
    /// the pipe.
    Done,
    /// 1: everything was read, but checks failed; only with `--strict`.
    ChecksFailed,
    /// 2: at least one file could not be read or written, or the command line was wrong.
    Failed,
    /// 130: interrupted by Ctrl-C.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::ChecksFailed => 1,
            Exit::Failed => 2,
            Exit::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_readme() {
        let codes = [Exit::Done, Exit::ChecksFailed, Exit::Failed, Exit::Interrupted].map(Exit::code);
        assert_eq!(codes, [0, 1, 2, 130]);
    }
}
