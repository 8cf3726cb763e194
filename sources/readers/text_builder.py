"""Collects running text, marks and line ends from a marked-up document into canonical text."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0\u2000-\u200a\u202f\u205f]+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff\x00-\x08\x0e-\x1f]")
_LIGATURES = {
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
}  # fmt: skip
_BARE_MARK = re.compile(
    r"^[‘“]?(?:[（(](?:\d{1,3}|[ivxlc]{1,7}|[a-zA-Z]{1,2}|[一二三四五六七八九十]{1,3})[)）]|(?:\d{1,3}\.){1,3}|\d{1,3}\)|[ivxlc]{1,7}[.)]|[a-zA-Z][.)]"
    r"|[—–•·*-]|——)$"
)
_STOPS = frozenset(".,;:。，；：")
_SPACE_BEFORE_STOP = re.compile(r"(?<=\S) +(?=[.,;:](?:\s|$))")
_POWER_BASE = re.compile(r"(?:\d|(?<![A-Za-z])(?:m|km|cm|mm))\s*$")


def clean_characters(text: str) -> str:
    """Ligatures taken apart, invisible characters dropped, every kind of blank one space, NFC."""
    return unicodedata.normalize("NFC", _SPACES.sub(" ", _INVISIBLE.sub("", text.translate(_LIGATURES))))


def raised(before: str, text: str) -> str:
    """A superscript as plain characters: 10 and 26 → 10^26; a note reference in [ ] unless it has brackets already."""
    text = text.strip()
    if not text or before.endswith(("(", "[", "（")) or not text[-1].isalnum():
        return text
    if _POWER_BASE.search(before) and re.fullmatch(r"[-−–+]?\d+", text):
        return f"^{text}"
    return f"[{text}]" if text.isdigit() else text


class TextBuilder:
    """Blocks of text in reading order; a block that is only a mark, like “(a)”, joins the block after it."""

    def __init__(self) -> None:
        self._parts: list[str] = []  # finished blocks with their line ends
        self._line: list[str] = []
        self._mark = ""

    @property
    def pending(self) -> str:
        """The end of the block that is being written, as far as a superscript needs to see it."""
        return clean_characters("".join(self._line[-3:])[-400:])[-12:]

    def write(self, text: str) -> None:
        """Running text of the current block."""
        if text:
            self._line.append(text)

    def write_raised(self, text: str) -> None:
        """A superscript in the current block."""
        plain = raised(self.pending, clean_characters(text))
        if plain.startswith(("^", "[")):
            while self._line and not self._line[-1].strip():
                self._line.pop()
            if self._line:
                self._line[-1] = self._line[-1].rstrip()
        self.write(plain)

    def end_block(self, *, tight: bool = False) -> None:
        """Finish the current block; `tight` leaves no blank line after it."""
        text = clean_characters("".join(self._line)).strip(" \u3000")
        self._line.clear()
        if not text:
            return
        text = _SPACE_BEFORE_STOP.sub("", text)
        if text in _STOPS and len(self._parts) > 1 and not self._mark:
            self._parts[-2] += text
            return
        if _BARE_MARK.match(text) and not self._mark:
            self._mark = text
            return
        glue = "" if self._mark in ("——",) else " "
        self._parts.append(f"{self._mark}{glue}{text}" if self._mark else text)
        self._parts.append("\n" if tight else "\n\n")
        self._mark = ""

    def end_group(self) -> None:
        """A blank line after a run of tight blocks."""
        if self._parts and self._parts[-1] == "\n":
            self._parts[-1] = "\n\n"

    def flush_mark(self) -> None:
        """Give a mark that nothing followed a line of its own."""
        if self._mark:
            mark, self._mark = self._mark, ""
            self._parts += [mark, "\n\n"]

    def text(self) -> str:
        """All blocks, ending in one line feed."""
        self.end_block()
        self.flush_mark()
        return "".join(self._parts).strip("\n") + "\n"
