"""Reading an export back: the quotes with their anchors, and the claims that repeat or restate them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from rag.export import bibtex, markdown
from rag.export.anchor import Anchor, find_anchor

MOST_BYTES = 32 * 1024 * 1024
_QUOTE = re.compile(r"^\s{0,8}> ?(.*)$")
_NOTE = re.compile(r"^\[\^?(\d+)\]:? ")
_CLAIM = re.compile(
    r"^(?:\*\*(?P<heading>.*?)(?<!\\)\*\* )?(?P<text>.*) (?P<marks>(?:\[\^\d+\])+) _(?P<label>[^_]+)_$", re.DOTALL
)


class UnreadableExport(Exception):
    """The file is no export that can be read; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote as the file has it; without an anchor it cannot be checked."""

    name: str
    quote: str
    anchor: Anchor | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim as the file has it, its label, and the names of the quotes it rests on."""

    text: str
    label: str
    names: tuple[str, ...]


@dataclass
class Export:
    """What is checked of a file."""

    quotes: list[Quoted] = field(default_factory=list)
    claims: list[Claimed] = field(default_factory=list)


def read_export(path: Path) -> Export:
    """The quotes and claims of an export; the ending of its name tells the format."""
    readers: dict[str, Callable[[bytes], Export]] = {
        ".md": lambda raw: _read_markdown(_text(raw)),
        ".txt": lambda raw: _read_lines(_text(raw).split("\n"), lambda line: line),
        ".html": lambda raw: _read_page(_text(raw)),
        ".docx": _read_document,
        ".bib": lambda raw: _read_bibtex(_text(raw)),
        ".ris": lambda raw: _read_ris(_text(raw)),
        ".json": lambda raw: _read_csl(_text(raw)),
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnreadableExport(f"{path.name} is not an export; give a file that ends in {', '.join(readers)}.")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableExport(f"{path.name} is larger than {MOST_BYTES:,} bytes; give a file that was exported.")
        return reader(path.read_bytes())
    except OSError as error:
        raise UnreadableExport(f"{path.name} cannot be read ({error.strerror}); check its name.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableExport(f"{path.name} is damaged ({error}); export it again.") from None


def _text(raw: bytes) -> str:
    return raw.decode("utf-8-sig").replace("\r\n", "\n")


def _read_lines(lines: Iterable[str], plain: Callable[[str], str]) -> Export:
    """Quotes as runs of “> ” lines, each followed by its anchor, each note begun by its number."""
    export = Export()
    name, quote = "", list[str]()

    def finish(anchor: Anchor | None) -> None:
        if quote:
            export.quotes.append(Quoted(name, "\n".join(quote), anchor))
            quote.clear()

    for line in lines:
        if found := _NOTE.match(line):
            finish(None)
            name = found[1]
        elif found := _QUOTE.match(line):
            quote.append(plain(found[1]))
        elif quote and line.strip():
            finish(find_anchor(line))
    finish(None)
    return export


def _read_markdown(text: str) -> Export:
    export = _read_lines(text.split("\n"), markdown.unescape)
    for paragraph in re.split(r"\n\n+", text):
        if found := _CLAIM.match(paragraph):
            words = "\n".join(markdown.unescape(line) for line in found["text"].split("\\\n"))
            export.claims.append(Claimed(words, found["label"], tuple(re.findall(r"\d+", found["marks"]))))
    return export


def _read_ris(text: str) -> Export:
    lines = []
    for number, record in enumerate(text.split("ER  - ")[:-1], 1):
        lines += [f"[{number}] ", *(line[6:] for line in record.split("\n") if line.startswith("N1  - "))]
    return _read_lines(lines, lambda line: line)


def _read_csl(text: str) -> Export:
    items = json.loads(text)
    return Export(
        [
            Quoted(str(item["id"]), str(item["custom"]["quote"]), find_anchor(str(item["custom"]["snapshot"])))
            for item in items
        ]
    )


def _read_bibtex(text: str) -> Export:
    export = Export()
    for entry in re.finditer(r"@\w+\s*\{\s*([^,\s]+)\s*,", text):
        fields = dict(_braced_fields(text, entry.end()))
        if "quote" in fields or "snapshot" in fields:
            quote = bibtex.unescape(fields.get("quote", ""))
            export.quotes.append(Quoted(entry[1], quote, find_anchor(fields.get("snapshot", ""))))
    return export


def _braced_fields(text: str, at: int) -> Iterable[tuple[str, str]]:
    """`name = {value}` pairs of one entry, up to the brace that closes it."""
    pattern = re.compile(r"\s*,?\s*(\w+)\s*=\s*\{")
    while found := pattern.match(text, at):
        depth, end = 1, found.end()
        while depth and end < len(text):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        yield found[1].lower(), text[found.end() : end - 1]
        at = end


class _Page(HTMLParser):
    """Collects what `web_page` wrote: claims, and notes with blockquote and anchor."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.export = Export()
        self._into: list[str] | None = None
        self._words: list[str] = []
        self._quote: list[str] = []
        self._anchor: list[str] = []
        self._claim: dict[str, str | None] | None = None
        self._note = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "p" and given.get("class") == "claim":
            self._claim, self._words = given, []
        elif tag == "span" and given.get("class") == "words":
            self._into = self._words
        elif tag == "li" and (given.get("id") or "").startswith("note-"):
            self._note, self._quote, self._anchor = (given.get("id") or "")[5:], [], []
        elif tag == "blockquote":
            self._into = self._quote
        elif tag == "code" and given.get("class") == "anchor":
            self._into = self._anchor

    def handle_endtag(self, tag: str) -> None:
        if tag in ("span", "blockquote", "code"):
            self._into = None
        elif tag == "p" and self._claim is not None:
            names = tuple((self._claim.get("data-notes") or "").split())
            self.export.claims.append(Claimed("".join(self._words), self._claim.get("data-support") or "", names))
            self._claim = None
        elif tag == "li" and self._note:
            self.export.quotes.append(Quoted(self._note, "".join(self._quote), find_anchor("".join(self._anchor))))
            self._note = ""

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)


def _read_page(text: str) -> Export:
    page = _Page()
    page.feed(text)
    page.close()
    return page.export


def _read_document(raw: bytes) -> Export:
    from rag.export.word_reading import read_document

    return read_document(raw)
