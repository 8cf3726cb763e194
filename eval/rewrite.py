"""Editions written anew: figures replaced by others, units by other words, whole copies under another id.

A number is found in any notation (28, 二十八, 10万, 100,000, twenty-eight) and replaced by digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from eval.normalise import numeral_value
from sources.edition import Edition, Origin
from sources.numerals import TENS, ZERO_TO_TWENTY

_WORDS = {word: value for value, word in enumerate(ZERO_TO_TWENTY)} | {w: 10 * v for v, w in enumerate(TENS, 2)}
_WORDS |= {f"{ten}-{one}": _WORDS[ten] + _WORDS[one] for ten in TENS for one in ZERO_TO_TWENTY[1:10]}
_BIG = {"万": 10**4, "亿": 10**8}
_NUMBER = re.compile(
    r"(?P<digits>(?<![\d.])\d[\d,]*(?:\.\d+)?)(?P<big>\s?[万亿])?"
    r"|(?P<chinese>[〇零一二三四五六七八九十百千万亿两]+)"
    rf"|(?P<word>\b(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})\b)",
    re.IGNORECASE,
)


def _value(match: re.Match[str]) -> float | None:
    if match["digits"]:
        return float(match["digits"].replace(",", "")) * _BIG.get((match["big"] or "").strip(), 1)
    if match["chinese"]:
        return float(numeral_value(match["chinese"])) if match["chinese"][0] not in _BIG else None
    return float(_WORDS[match["word"].lower()])


def swap_number(text: str, old: int, new: int) -> str:
    """The text with every number of value `old` as the digits of `new`."""

    def swapped(match: re.Match[str]) -> str:
        if _value(match) != old:
            return match.group()
        tail = "," if (match["digits"] or "").endswith(",") else ""
        return str(new) + tail

    return _NUMBER.sub(swapped, text)


def holds_number(text: str, value: int) -> bool:
    """Whether a number of that value stands in the text, in whatever notation."""
    return any(_value(match) == value for match in _NUMBER.finditer(text))


def with_bodies(edition: Edition, bodies: Mapping[str, str]) -> Edition:
    """The edition with other words after the labels of some units, by locator; all offsets are worked out again."""
    text, units, position = "", [], 0
    for unit in edition.units:
        text += edition.text[position : unit.start]
        start = len(text)
        label = edition.text[unit.start : unit.body]
        text += label + bodies.get(unit.locator, edition.body_of(unit))
        units.append(replace(unit, start=start, end=len(text), body=start + len(label)))
        position = unit.end
    return replace(edition, text=text + edition.text[position:], units=tuple(units))


def copy_of(edition: Edition, source_id: str, title: str) -> Edition:
    """The same words as a source of its own, of the origin that an unknown text of a user gets."""
    return replace(edition, source_id=source_id, title=title, origin=Origin.OFFICIAL)
