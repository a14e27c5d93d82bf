"""The command ``pointplane``, as the wheel brings it."""

import signal
import sys

from pointplane import _native


def main() -> int:
    """Do the command that the words of this process are, and give its exit code."""
    # Python would only note Ctrl-C; the command looks itself, or ends by it. What is ignored stays ignored.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _native.program(["pointplane", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
