"""Running a command whose output somebody reads through a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable


def run(command: Callable[[], int]) -> int:
    """The exit code of `command`; 0 without a traceback when the reader, `head` say, has seen enough."""
    try:
        code = command()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to flush at exit
        return 0
    return code
