"""Commands whose reader stops reading end quietly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "command",
    ["sources list", "sources status", "index search 峰会 --limit 200 --json", "rag ask 峰会的五大目标是什么？"],
)
def test_a_reader_that_has_seen_enough_causes_no_traceback(command: str) -> None:
    """Standard output is a pipe whose reading end is closed before anything is written."""
    subprocess.run([sys.executable, "-m", "index", "build"], cwd=ROOT, check=True, capture_output=True)
    arguments = [sys.executable, "-u", "-m", *command.split()]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaint = process.stderr.read()
    assert complaint == ""
    assert process.returncode == 0
