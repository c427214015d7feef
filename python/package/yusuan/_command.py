"""The `yusuan` command that the wheel installs."""

import signal
import sys

from ._yusuan import command


def main() -> None:
    """Run the command line and end with its exit code."""
    # the program handles Ctrl-C itself, as when it is started without Python
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(command(["yusuan", *sys.argv[1:]]))
