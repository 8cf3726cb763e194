"""Answer → HTML for the chat: claims with numbered markers, status, sources, nearest passages. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.answer import Answer, Citation, Status
from sources.edition import Origin
from ui.actions import answer_actions, take_away
from ui.claims import Span, claims_block, number_citations, shortened, span_of
from ui.conversation import QUESTION_LIMIT, Exchange
from ui.declined import nearest_passages
from ui.drawer import trace_drawer
from ui.markup import Html, join, tag
from ui.reference import citation_fragment, quote_check, span_fragment
from ui.remembered import Remembered
from ui.script import in_script
from ui.texts import words
from ui.titles import Naming, key_and_locator
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


def conversation_page(
    exchanges: Sequence[Exchange], language: str, *, index_id: str = "", named: Naming = key_and_locator
) -> Html:
    """The whole conversation with the ways to take it away, or the welcome where nothing has been asked."""
    word = words(language)
    if not exchanges:
        return tag("div", welcome(language), class_="conversation", lang=language, aria_label=word["conversation"])
    shown = [
        (exchange_block if exchange.is_pending else _finished_block)(exchange, number, language, index_id, named)
        for number, exchange in enumerate(exchanges, 1)
    ]
    return tag(
        "div",
        join(shown),
        take_away(exchanges, language, word),
        class_="conversation",
        lang=language,
        role="region",
        aria_label=word["conversation"],
    )


def exchange_block(
    exchange: Exchange, number: int, language: str, index_id: str = "", named: Naming = key_and_locator
) -> Html:
    """One question and what has come of it so far."""
    word = words(language)
    asked = tag(
        "div", tag("h2", tag("span", word["you"], class_="speaker"), tag("span", exchange.question)), class_="asked"
    )
    answer = exchange.answer
    if answer is None:
        waiting = tag("p", tag("span", class_="pulse", aria_hidden="true"), word["searching"], class_="searching")
        return tag("article", asked, waiting, _evidence(exchange, word), class_="exchange pending", data_number=number)
    if not exchange.is_whole:
        so_far = claims_block(answer, number_citations(answer.claims), word)
        return tag(
            "article",
            asked,
            tag("div", so_far, class_="answer", lang=answer.language),
            tag("p", tag("span", class_="pulse", aria_hidden="true"), word["arriving"], class_="searching"),
            class_="exchange pending arriving",
            data_number=number,
        )
    return tag(
        "article",
        asked,
        answer_block(answer, language, prefix=f"e{number}", index_id=index_id, named=named),
        class_=f"exchange {answer.status.value}",
        data_number=number,
        data_summary=summary(answer, word),
    )


# A growing answer shows the whole conversation again and again; what is finished in it is written once.
_finished_block: Remembered[Exchange, Html] = Remembered(exchange_block, most=512)


def _evidence(exchange: Exchange, word: Mapping[str, str]) -> Html:
    """The passages found so far, before any sentence of the answer."""
    if not exchange.evidence:
        return Html()
    entries = [
        tag(
            "li",
            tag(
                "a",
                place,
                class_="source-link",
                href=span_fragment(passage.edition_key, passage.start, passage.end, quote_check(passage.text)),
            ),
            tag("p", shortened(passage.text), lang=passage.language),
        )
        for passage, place in zip((hit.passage for hit in exchange.evidence), exchange.places, strict=True)
    ]
    return tag("div", tag("span", word["evidence_first"], class_="label"), tag("ul", join(entries)), class_="nearest")


def summary(answer: Answer, word: Mapping[str, str]) -> str:
    """One sentence for screen readers: the status and how many citations there are."""
    return word["citation_summary"].format(
        status=word[f"status_{answer.status.value}"], count=len(number_citations(answer.claims))
    )


def answer_block(
    answer: Answer, language: str, *, prefix: str = "e1", index_id: str = "", named: Naming = key_and_locator
) -> Html:
    """The answer: rewritten question, status, claims, sources, nearest passages, actions, trace."""
    word = words(language)
    numbers = number_citations(answer.claims)
    parts = [
        _rewritten(answer, word),
        status_badge(answer, language),
        claims_block(answer, numbers, word),
        tag("p", in_script(answer.note, language), class_="left-open") if answer.note else "",
        _source_list(answer, numbers, word),
        nearest_passages(answer, word),
        answer_actions(answer, plain_answer(answer), word, index_id=index_id),
        trace_drawer(answer, language, named),
    ]
    return tag("div", join(parts), class_="answer", lang=answer.language, id=f"{prefix}-answer")


def _rewritten(answer: Answer, word: Mapping[str, str]) -> Html:
    if answer.standalone is None:
        return Html()
    shown = tag("p", tag("span", word["understood_as"], class_="label"), " ", tag("q", answer.standalone))
    field = tag(
        "input", type="text", value=answer.standalone, maxlength=QUESTION_LIMIT, aria_label=word["understood_as"]
    )
    again = tag("button", word["restate"], type="button", class_="quiet", data_restate=True)
    edit = tag("details", tag("summary", word["edit_rewritten"]), tag("div", field, again), class_="restate")
    return tag("div", shown, edit, class_="rewritten")


def status_badge(answer: Answer, language: str) -> Html:
    """The status in a sign and in words, with its reason; the note of an answer stands below its claims instead."""
    word = words(language)
    if answer.status is Status.ANSWERED:
        sign = tag("span", STATUS_SIGNS[answer.status], aria_hidden="true", class_="sign")
        return tag("p", sign, summary(answer, word), class_="status well")
    badge = tag(
        "span",
        tag("span", STATUS_SIGNS[answer.status], aria_hidden="true", class_="sign"),
        word[f"status_{answer.status.value}"],
        class_="status",
    )
    return tag(
        "div",
        badge,
        tag("p", in_script(answer.reason, language)) if answer.reason else "",
        class_="verdict",
    )


def _source_list(answer: Answer, numbers: Mapping[Span, int], word: Mapping[str, str]) -> Html:
    """Each text once, with the places in it that are cited."""
    if not numbers:
        return Html()
    cited = {span_of(citation): citation for claim in answer.claims for citation in claim.citations}
    texts: dict[tuple[str, Origin], list[tuple[int, Citation]]] = {}
    for span, number in numbers.items():
        texts.setdefault((cited[span].title, cited[span].origin), []).append((number, cited[span]))
    entries = [
        tag(
            "li",
            tag("span", title, lang=places[0][1].language, class_="title"),
            " ",
            tag("span", word[f"origin_{origin.value}"], class_="badge"),
            tag("p", join((_place_link(number, citation) for number, citation in places), " ")),
        )
        for (title, origin), places in texts.items()
    ]
    return tag(
        "div", tag("span", word["sources_cited"], class_="label"), tag("ul", join(entries)), class_="cited-sources"
    )


def _place_link(number: int, citation: Citation) -> Html:
    return tag("a", f"[{number}] {citation.place}", class_="source-link", href=citation_fragment(citation))


def plain_answer(answer: Answer) -> str:
    """The answer with its sources as plain text, for the clipboard."""
    numbers = number_citations(answer.claims)
    lines = [answer.question, ""]
    lines += [answer.reason] if answer.reason and not answer.note else []
    for claim in answer.claims:
        marks = "".join(f"[{numbers[span_of(citation)]}]" for citation in claim.citations)
        lines.append(f"{claim.heading + ': ' if claim.heading else ''}{claim.text} {marks}")
    lines += [answer.note] if answer.note else []
    cited = {span_of(citation): citation for claim in answer.claims for citation in claim.citations}
    lines += [""] + [
        f"[{number}] {cited[span].title} · {cited[span].place}: {cited[span].quote}" for span, number in numbers.items()
    ]
    return "\n".join(lines).strip()
