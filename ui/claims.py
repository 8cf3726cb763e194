"""Claims → HTML: sentences with numbered markers that show their quote and open it in its place. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from rag.answer import Answer, Citation, Claim, Support
from sources.edition import Origin
from ui.markup import Html, join, tag
from ui.reference import citation_fragment

SUPPORT_SIGNS = {
    Support.VERBATIM: "✓",
    Support.GLOSS: "≈",
    Support.SUPPORTED: "✓",
    Support.PARTIAL: "◐",
    Support.MISATTRIBUTED: "✕",
    Support.UNSUPPORTED: "✕",
}
_PEEK_LENGTH = 180
_LONGEST_WORD = 30  # characters that may be given up so that a quote ends with a word
Span = tuple[str, int, int]


def number_citations(claims: Sequence[Claim]) -> dict[Span, int]:
    """Numbers by span in order of first use: the same passage keeps its number."""
    numbers: dict[Span, int] = {}
    for claim in claims:
        for citation in claim.citations:
            numbers.setdefault(span_of(citation), len(numbers) + 1)
    return numbers


def span_of(citation: Citation) -> Span:
    """What makes two citations the same."""
    return (citation.edition_key, citation.start, citation.end)


def claims_block(answer: Answer, numbers: Mapping[Span, int], word: Mapping[str, str]) -> Html:
    """Claims in order; those with headings as labelled rows."""
    blocks: list[Html] = []
    for heading, group in groupby(answer.claims, key=lambda claim: claim.heading):
        body = _claims(list(group), numbers, word, answer.language)
        blocks.append(tag("div", tag("dt", heading), tag("dd", body), class_="answer-row") if heading else body)
    if not any(claim.heading for claim in answer.claims):
        return join(blocks)
    return join(
        tag("dl", join(rows), class_="rows") if are_rows else join(rows)
        for are_rows, rows in groupby(blocks, key=lambda block: block.startswith('<div class="answer-row">'))
    )


def _claims(claims: Sequence[Claim], numbers: Mapping[Span, int], word: Mapping[str, str], language: str) -> Html:
    """Claims one after another; glosses of one passage in a row share one showing of its words."""
    following = [*claims[1:], None]
    return join(
        claim_block(claim, numbers, word, language, with_original=after is None or after.citations != claim.citations)
        for claim, after in zip(claims, following, strict=True)
    )


def claim_block(
    claim: Claim, numbers: Mapping[Span, int], word: Mapping[str, str], language: str, *, with_original: bool = True
) -> Html:
    """One sentence with its markers; a gloss says that it is one and stands beside the original words."""
    markers = join(
        (marker(citation, numbers[span_of(citation)], claim.support, word) for citation in claim.citations), " "
    )
    if claim.support is not Support.GLOSS:
        own = claim.citations[0].language if claim.support is Support.VERBATIM and claim.citations else language
        return tag("p", tag("span", claim.text, lang=own), " ", markers, class_=f"claim {claim.support.value}")
    originals = [
        tag("blockquote", tag("p", citation.quote), lang=citation.language, cite=citation_fragment(citation))
        for citation in claim.citations
    ]
    original = tag("div", tag("span", word["original_words"], class_="label"), join(originals), class_="original")
    return tag(
        "div",
        tag("p", claim.text, " ", markers, " ", tag("span", word["gloss_badge"], class_="badge")),
        original if with_original else "",
        class_="claim gloss",
    )


def support_word(support: Support, origin: Origin, word: Mapping[str, str]) -> str:
    """How the claim stands to the text, in a word: verbatim words of a digest are called a digest."""
    if support is Support.VERBATIM and origin is not Origin.OFFICIAL:
        return word[f"support_verbatim_{origin.value}"]
    return word[f"support_{support.value}"]


def marker(citation: Citation, number: int, support: Support, word: Mapping[str, str]) -> Html:
    """A focusable `[1 ✓ verbatim]` that opens the panel at the citation, and the quote that shows beside it."""
    kind = support_word(support, citation.origin, word)
    peek = tag(
        "small",
        tag("b", f"{citation.title} · {citation.place}"),
        " ",
        shortened(citation.quote),
        class_="peek",
        lang=citation.language,
        role="tooltip",
    )
    link = tag(
        "a",
        f"[{number} ",
        tag("span", SUPPORT_SIGNS[support], aria_hidden="true"),
        f" {kind}]",
        class_=f"marker {support.value}",
        href=citation_fragment(citation),
        data_number=number,
        aria_label=f"[{number}] {kind} · {citation.title} · {citation.place}",
    )
    return join([link, peek])


def shortened(quote: str) -> str:
    """A quote for a glance; no Latin word is cut."""
    if len(quote) <= _PEEK_LENGTH:
        return quote
    kept = quote[:_PEEK_LENGTH]
    if (kept[-1] + quote[_PEEK_LENGTH]).isascii() and not quote[_PEEK_LENGTH].isspace():
        kept = kept[: kept.rfind(" ")] if " " in kept[-_LONGEST_WORD:] else kept
    return kept.rstrip() + "…"
