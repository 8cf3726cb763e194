"""The reader's own process: parses files that might be broken or hostile, under a memory and time limit.

python -m sources.readers.worker        started by sources.readers.guard; speaks frames on standard input and output

A request is one JSON line {name, suffix, charset, size} and then `size` bytes; the answer is one JSON line
{text} or {problem} and nothing else.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import BinaryIO

from sources.errors import UnreadableFile
from sources.readers.plain_reader import checked_text

MEMORY_BYTES = 2 * 1024**3
SECONDS = 60  # of processor time for one file
MOST_TEXT = 20_000_000  # characters


def _html(raw: bytes, name: str, charset: str) -> str:
    from sources.readers.html_reader import read_html

    return read_html(raw, name, charset)


def _pdf(raw: bytes, name: str, _charset: str) -> str:
    from sources.readers.pdf_reader import read_pdf

    return read_pdf(raw, name)


def _docx(raw: bytes, name: str, _charset: str) -> str:
    from sources.readers.docx_reader import read_docx

    return read_docx(raw, name)


def _xml(raw: bytes, name: str, _charset: str) -> str:
    from sources.readers.xml_reader import read_xml

    return read_xml(raw, name)


READERS: dict[str, Callable[[bytes, str, str], str]] = {
    ".html": _html, ".htm": _html, ".xhtml": _html, ".pdf": _pdf, ".docx": _docx, ".xml": _xml,
}  # fmt: skip


def read_rich(raw: bytes, name: str, suffix: str, charset: str = "") -> str:
    """The canonical text of a page, PDF, Word or XML document, in this process."""
    try:
        text = READERS[suffix](raw, name, charset)
    except MemoryError:
        raise UnreadableFile(
            f"{name} needs more than {MEMORY_BYTES:,} bytes of memory to read; split it into smaller files."
        ) from None
    except RecursionError:
        raise UnreadableFile(f"{name} nests its parts too deeply; save the text alone.") from None
    if len(text) > MOST_TEXT:
        raise UnreadableFile(f"{name} holds {len(text):,} characters, more than {MOST_TEXT:,}; split it.")
    return checked_text(text, name)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time() -> None:
    try:
        import resource
    except ImportError:
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (used + SECONDS, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _answer(request: dict[str, object], raw: bytes) -> dict[str, str]:
    name = str(request["name"])
    try:
        return {"text": read_rich(raw, name, str(request["suffix"]), str(request["charset"]))}
    except UnreadableFile as error:
        return {"problem": str(error)}
    except Exception as error:  # noqa: BLE001 - whatever a parser raises on a broken file, the file is at fault
        return {"problem": f"{name} cannot be read ({type(error).__name__}); open it and save it again."}


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer every request until the input ends."""
    while line := requests.readline():
        request = json.loads(line)
        raw = requests.read(request["size"])
        _limit_time()
        answers.write(json.dumps(_answer(request, raw)).encode("ascii") + b"\n")
        answers.flush()


def main() -> None:
    """Serve on standard input and output, with nothing else written to them."""
    answers = os.fdopen(os.dup(1), "wb")
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)  # a library that prints would break a frame
    os.dup2(quiet, 2)
    sys.setrecursionlimit(3000)
    _limit_memory()
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
