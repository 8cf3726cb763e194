"""Answer → HTML of the trace drawer: passages found with their ranks, passages not used and why, timings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from index.passage import Hit, SearchMethod
from rag.answer import Answer
from sources.edition import Origin
from ui.markup import Html, join, tag
from ui.reference import quote_check, span_fragment
from ui.texts import words
from ui.titles import Naming, key_and_locator

_SHOWN = 12


def trace_drawer(answer: Answer, language: str, named: Naming = key_and_locator) -> Html:
    """A closed drawer with how the answer was found; `named` tells what people call a passage."""
    word = words(language)
    named_here = partial(_passage_link, word=word, named=named, language=language)
    kind = str(answer.trace.get("kind", ""))
    searched = _mapping(answer.trace.get("searched"))
    facts = [
        (word["understood_as"], answer.standalone or ""),
        (word["trace_searched"], searched.get("own", "")),
        (word["trace_translated"], searched.get("other", "")),
        (word["trace_kind"], word.get(f"kind_{kind}", kind)),
        (word["confidence"], f"{answer.confidence:.2f}"),
        (word["generator"], word.get(f"generator_{answer.generator}", answer.generator)),
        (word["index_id"], answer.index_id[:12]),
        (word["trace_timings"], _timings(answer, word)),
    ]
    return tag(
        "details",
        tag("summary", word["trace"]),
        tag("dl", join(join([tag("dt", name), tag("dd", value)]) for name, value in facts if value), class_="facts"),
        _hits(answer.hits, named_here, word),
        _rejected(answer, named_here, word),
        _listed(word["trace_withheld"], _strings(answer.trace.get("withheld"))),
        _listed(word["trace_suspicious"], _excerpts(answer.trace.get("suspicious"))),
        class_="trace",
    )


def _timings(answer: Answer, word: Mapping[str, str]) -> str:
    """Milliseconds a step, the steps in the reader's language."""
    return " · ".join(f"{word.get(f'step_{step}', step)} {value:.1f}" for step, value in answer.timings_ms.items())


def _listed(title: str, rows: Sequence[str]) -> Html:
    if not rows:
        return Html()
    return tag("div", tag("strong", title), tag("ul", join(tag("li", row) for row in rows[:_SHOWN])))


def _mapping(value: object) -> Mapping[str, str]:
    """A part of the trace as words by name; the trace is data of any form."""
    return {str(name): str(word) for name, word in value.items()} if isinstance(value, Mapping) else {}


def _strings(value: object) -> list[str]:
    return [str(row) for row in value] if isinstance(value, list | tuple) else []


def _excerpts(value: object) -> list[str]:
    rows = value if isinstance(value, list | tuple) else []
    return [str(row["excerpt"]) for row in rows if isinstance(row, Mapping) and "excerpt" in row]


def _hits(hits: Sequence[Hit], link: Callable[[Hit], Html], word: Mapping[str, str]) -> Html:
    if not hits:
        return tag("p", word["trace_none"])
    rows = [
        [
            rank,
            link(hit),
            f"{hit.score:.3f}",
            _method(hit, SearchMethod.LEXICAL),
            _method(hit, SearchMethod.DENSE),
        ]
        for rank, hit in enumerate(hits[:_SHOWN], 1)
    ]
    names = ("column_rank", "column_passage", "column_score", "column_lexical", "column_dense")
    return _table(word["trace_hits"], [word[name] for name in names], rows)


def _rejected(answer: Answer, link: Callable[[Hit], Html], word: Mapping[str, str]) -> Html:
    if not answer.rejected:
        return Html()
    rows = [[link(rejection.hit), _reason(rejection.reason, word)] for rejection in answer.rejected[:_SHOWN]]
    return _table(word["trace_rejected"], [word["column_passage"], word["column_reason"]], rows)


def _reason(reason: str, word: Mapping[str, str]) -> str:
    """A reason in the reader's language where it is a usual one, else as it was given."""
    return word.get("reason_" + reason.replace(" ", "_"), reason)


def _passage_link(hit: Hit, *, word: Mapping[str, str], named: Naming, language: str) -> Html:
    """What people call the passage, which of the texts of its source it is in, and the way there."""
    passage = hit.passage
    address = span_fragment(passage.edition_key, passage.start, passage.end, quote_check(passage.text))
    link = tag("a", named(passage, language), class_="source-link", href=address, title=key_and_locator(passage, ""))
    spoken = word.get(f"language_{passage.language}", passage.language)
    kind = word[f"support_verbatim_{passage.origin.value}"] if passage.origin is not Origin.OFFICIAL else ""
    return join([link, tag("span", " · ".join(filter(None, (spoken, kind))), class_="kind")], " ")


def _method(hit: Hit, method: SearchMethod) -> str:
    if method not in hit.ranks:
        return "–"
    return f"#{hit.ranks[method]} ({hit.scores[method]:.2f})" if method in hit.scores else f"#{hit.ranks[method]}"


def _table(caption: str, names: Iterable[str], rows: Iterable[Sequence[object]]) -> Html:
    head = tag("tr", join(tag("th", name, scope="col") for name in names))
    body = join(tag("tr", join(tag("td", cell) for cell in row)) for row in rows)
    return tag(
        "div",
        tag("table", tag("caption", caption), tag("thead", head), tag("tbody", body)),
        class_="scroll",
        tabindex=0,
        role="region",
        aria_label=caption,
    )
