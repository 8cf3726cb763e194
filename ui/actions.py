"""What a reader can do with an answer or a conversation: copy, link, judge, take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from rag.answer import Answer, Status
from rag.export.formats import FORMATS
from ui.conversation import Exchange
from ui.kept import answer_id
from ui.markup import Html, join, tag
from ui.reference import comparison_address, question_address

REASONS = ("wrong_citation", "wrong_answer", "incomplete", "should_have_declined", "should_have_answered")


def answer_actions(answer: Answer, copied: str, word: Mapping[str, str], *, index_id: str = "") -> Html:
    """Copy, link, which index answered, and the thumbs."""
    copy = tag("button", word["copy_answer"], type="button", class_="quiet", data_copy=copied, data_done=word["copied"])
    link = tag("a", word["permalink"], class_="quiet", href=question_address(answer.standalone or answer.question))
    shown = [copy, link, _comparison(answer, word), _generation(answer, word, index_id)]
    return tag("div", tag("div", join(shown), class_="actions"), _thumbs(answer, word), class_="foot")


def _comparison(answer: Answer, word: Mapping[str, str]) -> Html:
    """From rows of several sources to the same sources side by side."""
    sources = dict.fromkeys(
        citation.source_id for claim in answer.claims if claim.heading for citation in claim.citations
    )
    if len(sources) < 2:
        return Html()
    address = comparison_address(answer.standalone or answer.question, sources)
    return tag("a", word["compare_this"], class_="quiet", href=address)


def _generation(answer: Answer, word: Mapping[str, str], index_id: str) -> Html:
    """The index that answered; said plainly where it is no longer the one in use."""
    if not answer.index_id:
        return Html()
    is_old = index_id not in ("", answer.index_id)
    text = word["answered_from_old" if is_old else "answered_from"].format(index=answer.index_id[:12])
    return tag("span", text, class_="generation old" if is_old else "generation")


def _thumbs(answer: Answer, word: Mapping[str, str]) -> Html:
    if answer.status is Status.FAILED:
        return Html()
    name = answer_id(answer)
    reasons = [tag("option", word[f"feedback_{reason}"], value=reason) for reason in REASONS]
    form = tag(
        "div",
        tag("label", word["feedback_reason"], tag("select", join(reasons), class_="reason")),
        tag("label", word["feedback_comment"], tag("input", type="text", maxlength=1000, class_="comment")),
        tag("button", word["feedback_send"], type="button", class_="quiet", data_judge="bad"),
        class_="why",
        hidden=True,
    )
    return tag(
        "div",
        tag("span", word["feedback_ask"], class_="label"),
        tag("button", word["feedback_good"], type="button", class_="quiet", data_judge="good"),
        tag("button", word["feedback_bad"], type="button", class_="quiet", data_why=True, aria_expanded="false"),
        form,
        tag("span", class_="thanks", role="status"),
        class_="feedback",
        data_answer=name,
        data_thanks=word["feedback_thanks"],
        data_failed=word["feedback_failed"],
    )


def take_away(exchanges: Sequence[Exchange], language: str, word: Mapping[str, str]) -> Html:
    """Links that download the whole conversation, or its citations alone."""
    whole = [exchange for exchange in exchanges if exchange.answer is not None and exchange.is_whole]
    names = [answer_id(exchange.answer) for exchange in whole if exchange.answer is not None]
    if not names:
        return Html()

    def links(*, references: bool) -> Html:
        return join(
            tag("a", word[f"format_{name}"], class_="quiet", href=_address(name, names, language), download=True)
            for name, chosen in FORMATS.items()
            if chosen.is_references == references
        )

    return tag(
        "details",
        tag("summary", word["take_away"]),
        tag("p", tag("span", word["take_conversation"], class_="label"), links(references=False)),
        tag("p", tag("span", word["take_citations"], class_="label"), links(references=True)),
        tag("p", word["take_note"], class_="note"),
        class_="take-away",
    )


def _address(name: str, names: Sequence[str], language: str) -> str:
    return f"page/export/{name}?" + urlencode({"answers": ",".join(names[-60:]), "language": language}, safe=",")
