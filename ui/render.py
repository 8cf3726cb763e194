"""Answer → HTML for the chat: claims with numbered markers, status, sources, nearest passages. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from rag.answer import Answer, Citation, Claim, Status, Support
from sources.edition import Origin
from ui.conversation import Exchange
from ui.drawer import trace_drawer
from ui.markup import Html, join, tag
from ui.reference import citation_fragment, question_address
from ui.texts import words
from ui.welcome import welcome

# Told by shape as well as by colour and word.
STATUS_SIGNS = {
    Status.ANSWERED: "✓",
    Status.PARTIAL: "◐",
    Status.NOT_IN_SOURCES: "○",
    Status.PREMISE_REJECTED: "✕",
    Status.OUT_OF_SCOPE: "↷",
    Status.NEEDS_CLARIFICATION: "?",
    Status.FAILED: "!",
}
SUPPORT_SIGNS = {
    Support.VERBATIM: "✓",
    Support.GLOSS: "≈",
    Support.SUPPORTED: "✓",
    Support.PARTIAL: "◐",
    Support.MISATTRIBUTED: "✕",
    Support.UNSUPPORTED: "✕",
}
_PEEK_LENGTH = 180
_Span = tuple[str, int, int]


def conversation_page(exchanges: Sequence[Exchange], language: str) -> Html:
    """The whole conversation, or the welcome with examples where nothing has been asked."""
    word = words(language)
    inside = (
        join(exchange_block(exchange, number, language) for number, exchange in enumerate(exchanges, 1))
        if exchanges
        else welcome(language)
    )
    return tag("div", inside, class_="conversation", lang=language, aria_label=word["conversation"])


def exchange_block(exchange: Exchange, number: int, language: str) -> Html:
    """One question and what came of it."""
    word = words(language)
    asked = tag(
        "div", tag("h2", tag("span", word["you"], class_="speaker"), tag("span", exchange.question)), class_="asked"
    )
    if exchange.answer is None:
        waiting = tag("p", tag("span", class_="pulse", aria_hidden="true"), word["searching"], class_="searching")
        return tag("article", asked, waiting, class_="exchange pending", data_number=number)
    answer = exchange.answer
    return tag(
        "article",
        asked,
        answer_block(answer, language, prefix=f"e{number}"),
        class_=f"exchange {answer.status.value}",
        data_number=number,
        data_summary=summary(answer, word),
    )


def summary(answer: Answer, word: Mapping[str, str]) -> str:
    """One sentence for screen readers: the status and how many citations there are."""
    return word["citation_summary"].format(
        status=word[f"status_{answer.status.value}"], count=len(number_citations(answer.claims))
    )


def answer_block(answer: Answer, language: str, *, prefix: str = "e1") -> Html:
    """The answer: rewritten question, status, claims, sources, nearest passages, actions, trace."""
    word = words(language)
    numbers = number_citations(answer.claims)
    parts = [
        _rewritten(answer, word),
        status_badge(answer, word),
        claims_block(answer, numbers, word),
        _source_list(answer, numbers, word),
        _nearest(answer, word),
        _actions(answer, word),
        trace_drawer(answer, word),
    ]
    return tag("div", join(parts), class_="answer", lang=answer.language, id=f"{prefix}-answer")


def number_citations(claims: Sequence[Claim]) -> dict[_Span, int]:
    """Numbers by span in order of first use: the same passage keeps its number."""
    numbers: dict[_Span, int] = {}
    for claim in claims:
        for citation in claim.citations:
            numbers.setdefault(_span(citation), len(numbers) + 1)
    return numbers


def _span(citation: Citation) -> _Span:
    return (citation.edition_key, citation.start, citation.end)


def _rewritten(answer: Answer, word: Mapping[str, str]) -> Html:
    if answer.standalone is None:
        return Html()
    edit = tag("button", word["edit_rewritten"], type="button", class_="quiet", data_fill=answer.standalone)
    return tag(
        "p",
        tag("span", word["understood_as"], class_="label"),
        " ",
        tag("q", answer.standalone),
        " ",
        edit,
        class_="rewritten",
    )


def status_badge(answer: Answer, word: Mapping[str, str]) -> Html:
    """The status in a sign and in words, with its reason; nothing for an answer without a reason."""
    if answer.status is Status.ANSWERED and not answer.reason:
        return Html()
    badge = tag(
        "span",
        tag("span", STATUS_SIGNS[answer.status], aria_hidden="true", class_="sign"),
        word[f"status_{answer.status.value}"],
        class_="status",
    )
    advice = word["advice_not_in_sources"] if answer.status is Status.NOT_IN_SOURCES else ""
    return tag(
        "div",
        badge,
        tag("p", answer.reason) if answer.reason else "",
        tag("p", advice, class_="advice") if advice else "",
        class_="verdict",
    )


def claims_block(answer: Answer, numbers: Mapping[_Span, int], word: Mapping[str, str]) -> Html:
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


def _claims(claims: Sequence[Claim], numbers: Mapping[_Span, int], word: Mapping[str, str], language: str) -> Html:
    """Claims one after another; glosses of one passage in a row share one showing of its words."""
    following = [*claims[1:], None]
    return join(
        claim_block(claim, numbers, word, language, with_original=after is None or after.citations != claim.citations)
        for claim, after in zip(claims, following, strict=True)
    )


def claim_block(
    claim: Claim, numbers: Mapping[_Span, int], word: Mapping[str, str], language: str, *, with_original: bool = True
) -> Html:
    """One sentence with its markers; a gloss says that it is one and stands beside the original words."""
    markers = join(
        (marker(citation, numbers[_span(citation)], claim.support, word) for citation in claim.citations), " "
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
    """A focusable `[1 ✓ verbatim]` that opens the panel at the citation and shows the quote on hover or focus."""
    kind = support_word(support, citation.origin, word)
    peek = tag(
        "span",
        tag("b", f"{citation.title} · {citation.place}"),
        " ",
        _shortened(citation.quote),
        class_="peek",
        lang=citation.language,
    )
    return tag(
        "a",
        f"[{number} ",
        tag("span", SUPPORT_SIGNS[support], aria_hidden="true"),
        f" {kind}]",
        peek,
        class_=f"marker {support.value}",
        href=citation_fragment(citation),
        data_number=number,
        aria_label=f"[{number}] {kind} · {citation.title} · {citation.place}",
    )


def _shortened(quote: str) -> str:
    return quote if len(quote) <= _PEEK_LENGTH else quote[:_PEEK_LENGTH].rstrip() + "…"


def _source_list(answer: Answer, numbers: Mapping[_Span, int], word: Mapping[str, str]) -> Html:
    if not numbers:
        return Html()
    cited = {_span(citation): citation for claim in answer.claims for citation in claim.citations}
    entries = [
        tag(
            "li",
            tag(
                "a",
                f"{cited[span].title} · {cited[span].place}",
                class_="source-link",
                href=citation_fragment(cited[span]),
            ),
            " ",
            tag("span", word[f"origin_{cited[span].origin.value}"], class_="badge"),
            value=number,
        )
        for span, number in numbers.items()
    ]
    return tag(
        "div", tag("span", word["sources_cited"], class_="label"), tag("ol", join(entries)), class_="cited-sources"
    )


def _nearest(answer: Answer, word: Mapping[str, str]) -> Html:
    if not answer.nearest:
        return Html()
    entries = [
        tag(
            "li",
            tag("a", f"{citation.title} · {citation.place}", class_="source-link", href=citation_fragment(citation)),
            tag("p", _shortened(citation.quote), lang=citation.language),
        )
        for citation in answer.nearest
    ]
    return tag("div", tag("span", word["nearest"], class_="label"), tag("ul", join(entries)), class_="nearest")


def _actions(answer: Answer, word: Mapping[str, str]) -> Html:
    copy = tag(
        "button",
        word["copy_answer"],
        type="button",
        class_="quiet",
        data_copy=plain_answer(answer),
        data_done=word["copied"],
    )
    link = tag("a", word["permalink"], class_="quiet", href=question_address(answer.standalone or answer.question))
    return tag("div", copy, link, class_="actions")


def plain_answer(answer: Answer) -> str:
    """The answer with its sources as plain text, for the clipboard."""
    numbers = number_citations(answer.claims)
    lines = [answer.question, ""]
    lines += [answer.reason] if answer.reason else []
    for claim in answer.claims:
        marks = "".join(f"[{numbers[_span(citation)]}]" for citation in claim.citations)
        lines.append(f"{claim.heading + ': ' if claim.heading else ''}{claim.text} {marks}")
    cited = {_span(citation): citation for claim in answer.claims for citation in claim.citations}
    lines += [""] + [
        f"[{number}] {cited[span].title} · {cited[span].place}: {cited[span].quote}" for span, number in numbers.items()
    ]
    return "\n".join(lines).strip()
