"""Structure parsers: canonical text → units. One parser for each kind of text."""

from __future__ import annotations

import re
from collections.abc import Callable

from sources.edition import SourceKind, Unit
from sources.structure.law import parse_law
from sources.structure.order import parse_order
from sources.structure.regulation import parse_regulation
from sources.structure.statement import parse_statement

__all__ = ["SourceKind", "detect_kind", "parse_units"]

_PARSERS: dict[SourceKind, Callable[[str, str], tuple[Unit, ...]]] = {
    SourceKind.NEWS: parse_statement,
    SourceKind.STATEMENT: parse_statement,
    SourceKind.LAW: parse_law,
    SourceKind.EU_REGULATION: parse_regulation,
    SourceKind.US_ORDER: parse_order,
}
_SIGNS = (
    (SourceKind.EU_REGULATION, re.compile(r"^(Whereas:|HAVE ADOPTED THIS (REGULATION|DIRECTIVE):?)$", re.MULTILINE), 1),
    (SourceKind.US_ORDER, re.compile(r"^(Section|Sec\.) \d+\.\s", re.MULTILINE), 2),
    (SourceKind.LAW, re.compile(r"^(第[零一二三四五六七八九十百]+条|Article \d+)[\s　]+\S", re.MULTILINE), 3),
)


def detect_kind(text: str) -> SourceKind:
    """The kind whose signs the text bears; a statement where it bears none."""
    for kind, sign, least in _SIGNS:
        if len(sign.findall(text)) >= least:
            return kind
    return SourceKind.STATEMENT


def parse_units(text: str, title: str, kind: SourceKind | None = None) -> tuple[Unit, ...]:
    """Units of `text`, in order, without overlap; only white space lies between them."""
    return _PARSERS[kind or detect_kind(text)](text, title)
