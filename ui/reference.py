"""A citation as an address: what a marker in the chat, the panel and a permalink have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from urllib.parse import urlencode

from rag.answer import Citation
from sources.edition import Edition, Unit


def quote_check(quote: str) -> str:
    """Twelve hexadecimal digits that stand for a quote, so that a changed text is noticed."""
    return hashlib.sha256(quote.encode("utf-8")).hexdigest()[:12]


def citation_fragment(citation: Citation) -> str:
    """The page fragment that opens the panel at a citation: `#source=…&start=…&end=…&check=…`."""
    return span_fragment(citation.edition_key, citation.start, citation.end, quote_check(citation.quote))


def unit_fragment(edition: Edition, unit: Unit) -> str:
    """The page fragment that opens the panel at a whole unit."""
    return span_fragment(edition.key, unit.start, unit.end, quote_check(edition.text_of(unit)))


def span_fragment(edition_key: str, start: int, end: int, check: str) -> str:
    """The page fragment for a span."""
    return "#" + urlencode({"source": edition_key, "start": start, "end": end, "check": check})


def comparison_address(theme: str, sources: Iterable[str]) -> str:
    """The address that sets sources side by side on a theme; relative to the chat."""
    return "compare?" + urlencode([("theme", theme), *(("source", name) for name in sources)])


def question_address(question: str) -> str:
    """The address that asks `question` when opened; relative, so it holds below any root."""
    return "?" + urlencode({"q": question})
