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
    /// 2: the command could not run: a wrong command line, or a place that cannot be written.
    Failed,
    /// 3: the command ran, and at least one file could not be read or written.
    FilesFailed,
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
            Exit::FilesFailed => 3,
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
        let all = [Exit::Done, Exit::ChecksFailed, Exit::Failed, Exit::FilesFailed, Exit::Interrupted];
        assert_eq!(all.map(Exit::code), [0, 1, 2, 3, 130]);
    }
}
