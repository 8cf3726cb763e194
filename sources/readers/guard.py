"""Reads files in a process of their own, so that a broken or hostile one costs a sentence and never the program.

The process is started at the first such file and reused; it ends when this one does.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from sources.errors import UnreadableFile

SECONDS = 90.0  # on the clock for one file
_ROOT = Path(__file__).resolve().parent.parent.parent


class ReaderProcess:
    """One reader process; `seconds` on the clock for each file."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def read(self, raw: bytes, name: str, suffix: str, charset: str = "") -> str:
        """The canonical text; raises UnreadableFile with the reader's sentence, or one on what became of it."""
        with self._lock:
            answer, timed_out = self._exchange(raw, name, suffix, charset)
        if answer is None:
            reason = f"takes longer than {self._seconds:g} seconds to read" if timed_out else "crashes its reader"
            raise UnreadableFile(f"{name} {reason}; open it and save it again, or save the text alone.")
        if "text" in answer:
            return answer["text"]
        raise UnreadableFile(answer["problem"])

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _exchange(self, raw: bytes, name: str, suffix: str, charset: str) -> tuple[dict[str, str] | None, bool]:
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            process.kill()

        timer = threading.Timer(self._seconds, expire)
        timer.daemon = True
        timer.start()
        try:
            request = {"name": name, "suffix": suffix, "charset": charset, "size": len(raw)}
            process.stdin.write(json.dumps(request).encode("ascii") + b"\n" + raw)
            process.stdin.flush()
            line = process.stdout.readline()
        except (BrokenPipeError, OSError):
            line = b""
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            self.close()
            return None, expired.is_set()
        answer: dict[str, str] = json.loads(line)
        return answer, False

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sources.readers.worker"],
                cwd=_ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        return self._process


_shared = ReaderProcess()
atexit.register(_shared.close)


def read_guarded(raw: bytes, name: str, suffix: str, charset: str = "") -> str:
    """The canonical text of a page, PDF, Word or XML document, read in a process of its own."""
    return _shared.read(raw, name, suffix, charset)
