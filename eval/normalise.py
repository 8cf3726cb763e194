"""Text → the form that nuggets are matched in.

NFKC, lower case, traditional → simplified, Chinese numerals → digits (十七 → 17, 三成 → 30%, 1.5万 → 15000),
12,345 → 12345, per cent → %, and everything that is no word dropped except %. The spaced form keeps word
and sentence boundaries; the compact form is what aliases are searched in.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from index.analyser import fold

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_SCALE = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_NUMERAL = re.compile(r"[〇零一二三四五六七八九十百千万萬亿億两兩]+")
_SCALED = re.compile(r"(\d+(?:\.\d+)?)\s?([万萬亿億])(?![一二三四五六七八九十百千])")
_PER_HUNDRED = re.compile(r"百分之(\d+(?:\.\d+)?)")
_FRACTION = re.compile(r"(\d+)分之(\d+)")
_TENTHS = re.compile(r"([一二三四五六七八九]|(?<![\d.])[1-9])成(?![立员員果为為功就本都长長人熟效分因品交])(半?)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_PERCENT = re.compile(r"\s*(?:per\s?cent|percent(?:age points?)?)\b")
_NOT = re.compile(r"n['’]t\b|(?<=can)not\b")
_SENTENCE_END = re.compile(r"[。！？；!?;\n]+|\.(?!\d)")
_NO_WORD = re.compile(r"(?<!\d)\.|\.(?!\d)|[^\w%.\n]|_")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\u3000-\u303f\U00020000-\U0003ffff]")
_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Normal:
    """A normalised text: `compact[i]` stands at `spaced[positions[i]]`."""

    spaced: str
    compact: str
    positions: tuple[int, ...]


def numeral_value(numeral: str) -> int:
    """Value of a Chinese numeral: 十七 → 17, 一万二千 → 12000, 二〇二三 → 2023."""
    if not any(c in _SCALE or c in _BIG for c in numeral):
        return int("".join(str(_DIGIT[c]) for c in numeral))
    total = section = 0
    digit: int | None = None
    for character in numeral:
        if character in _BIG:
            part = section + (digit or 0)
            total = (total + part) * 10**8 if _BIG[character] == 10**8 else total + part * 10**4
            section, digit = 0, None
        elif character in _SCALE:
            section += (1 if digit is None else digit) * _SCALE[character]
            digit = None
        else:
            digit = _DIGIT[character]
    return total + section + (digit or 0)


def _digits(match: re.Match[str]) -> str:
    numeral = match.group()
    if len(numeral) == 1 and numeral in "百千万萬亿億":
        return numeral
    return str(numeral_value(numeral)) if numeral[0] not in _BIG else numeral


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:.6f}".rstrip("0")


def _scaled(match: re.Match[str]) -> str:
    return _plain(round(float(match[1]) * _BIG[match[2]], 6))


def _tenths(match: re.Match[str]) -> str:
    tenths = _DIGIT.get(match[1]) if match[1] in _DIGIT else int(match[1])
    return f"{(tenths or 0) * 10 + (5 if match[2] else 0)}%"


def digits(text: str) -> str:
    """Numbers in one notation; everything else as it was, in NFKC."""
    text = unicodedata.normalize("NFKC", text)
    text = _THOUSANDS.sub("", text)
    text = _TENTHS.sub(_tenths, text)
    text = text.replace("百分之", "\0")  # its 百 is no number
    text = _SCALED.sub(_scaled, text)
    text = _NUMERAL.sub(_digits, text).replace("\0", "百分之")
    text = _PER_HUNDRED.sub(r"\1%", text)
    return _FRACTION.sub(r"\2/\1", text)


@lru_cache(maxsize=8192)
def normalise(text: str) -> Normal:
    """Both forms of a text."""
    folded = fold(digits(text))
    folded = _NOT.sub(" not", _PERCENT.sub("%", folded))
    folded = _SENTENCE_END.sub("\n", folded)
    spaced = _NO_WORD.sub(" ", folded)
    kept = [(character, position) for position, character in enumerate(spaced) if not _SPACE.match(character)]
    return Normal(spaced, "".join(character for character, _ in kept), tuple(position for _, position in kept))


def width(text: str) -> float:
    """Width units of a text: Chinese characters and their punctuation 1, others 0.4, white space 0."""
    wide = len(_WIDE.findall(text))
    return wide + 0.4 * (len(text) - wide - len(_SPACE.findall(_WIDE.sub("", text))))


@lru_cache(maxsize=256)
def truncate(text: str, most: float) -> str:
    """The longest beginning of a text that is at most that wide."""
    if width(text) <= most:
        return text
    used = 0.0
    for position, character in enumerate(text):
        used += width(character)
        if used > most + 1e-9:
            return text[:position]
    return text
