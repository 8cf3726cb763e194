"""Verification: every claim is checked against what it cites before anybody sees it."""

from __future__ import annotations

from collections.abc import Iterable

from index.store import PassageIndex
from rag.answer import Citation, Claim, Support


def verified(claims: Iterable[Claim], passage_index: PassageIndex) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """(kept, withheld): a claim is kept when all of its citations hold and it says what they say."""
    kept: list[Claim] = []
    withheld: list[Claim] = []
    for claim in claims:
        (kept if _holds(claim, passage_index) else withheld).append(claim)
    return tuple(kept), tuple(withheld)


def _holds(claim: Claim, passage_index: PassageIndex) -> bool:
    if not claim.citations or not all(citation_holds(citation, passage_index) for citation in claim.citations):
        return False
    if claim.support is Support.VERBATIM:
        return claim.text == claim.citations[0].quote
    return claim.support in (Support.GLOSS, Support.SUPPORTED)


def citation_holds(citation: Citation, passage_index: PassageIndex) -> bool:
    """Whether the quote is exactly the slice that the citation names."""
    edition = passage_index.editions.get(citation.edition_key)
    return (
        edition is not None and bool(citation.quote) and edition.text[citation.start : citation.end] == citation.quote
    )
