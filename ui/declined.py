"""A declined question → HTML: the nearest passages, why each falls short, and what source would settle it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest

from index.analyser import fold
from rag.answer import Answer, Citation, Settling, Shortfall
from rag.sorts import Sort
from ui.claims import shortened
from ui.markup import Html, join, tag
from ui.reference import citation_fragment

# Sorts of thing that the same sources tell as another sort.
ALIKE: dict[str, str] = {
    **dict.fromkeys((Sort.PERSON, Sort.POST, Sort.FOUNDER), Sort.WHO.value),
    **dict.fromkeys((Sort.MEASURE, Sort.PEOPLE, Sort.AGE, Sort.SHARE), Sort.COUNT.value),
    **dict.fromkeys((Sort.CITY, Sort.UNIVERSITY), Sort.WHERE.value),
}


def nearest_passages(answer: Answer, word: Mapping[str, str]) -> Html:
    """The nearest passages, each with what it lacks."""
    if not answer.nearest:
        return Html()
    pairs = zip_longest(answer.nearest, answer.shortfalls[: len(answer.nearest)], fillvalue=Shortfall())
    entries = [
        _passage(citation, why, answer.standalone or answer.question, word)
        for citation, why in pairs
        if isinstance(citation, Citation)
    ]
    return tag(
        "div",
        tag("span", word["nearest"], class_="label"),
        tag("ul", join(entries)),
        _settling(answer.settling, word) if answer.settling else "",
        class_="nearest",
    )


def _passage(citation: Citation, why: object, question: str, word: Mapping[str, str]) -> Html:
    link = tag("a", f"{citation.title} · {citation.place}", class_="source-link", href=citation_fragment(citation))
    told = _why(why, question, word) if isinstance(why, Shortfall) else ""
    return tag(
        "li",
        link,
        tag("p", shortened(citation.quote), lang=citation.language),
        tag("p", tag("span", "○ ", aria_hidden="true"), told, class_="short") if told else "",
    )


def _why(why: Shortfall, question: str, word: Mapping[str, str]) -> str:
    """What a passage lacks, in words."""
    missing = word["quoted_list"].join(_as_asked(name, question) for name in why.missing)
    parts = [word["short_of_words"].format(words=missing)] if missing else []
    parts += [word[f"lacks_{why.lacks}"]] if f"lacks_{why.lacks}" in word else []
    return word["clause"].join(parts)


def _as_asked(name: str, question: str) -> str:
    """A missing word as the question writes it: China, not china; 代表團 in a question in traditional characters."""
    at = max(fold(question).find(name), 0)
    written = question[at : at + len(name)]
    return written if fold(written) == name else name


def _marked(title: str, word: Mapping[str, str]) -> str:
    """A title within the marks of the language, unless it brings its own."""
    return title if "《" in title else word["title_marked"].format(title=title)


def _settling(settling: Settling, word: Mapping[str, str]) -> Html:
    """Which sources would say it: of what sort, and which official texts are not held."""
    sort = tag("li", word.get(f"settles_{ALIKE.get(settling.kind, settling.kind)}", word["settles_fact"]))
    official = [
        tag(
            "li",
            word["settles_official"].format(title=_marked(title, word)),
            " ",
            tag("a", word["to_sources"], href=f"sources#{source_id}", class_="source-link"),
        )
        for source_id, title in settling.digests
    ]
    return tag(
        "div",
        tag("span", word["would_settle"], class_="label"),
        tag("ul", sort, join(official)),
        tag(
            "p",
            word["advice_not_in_sources"],
            " ",
            tag("a", word["add_a_text"], href="sources#change", class_="source-link"),
        ),
        class_="settling",
    )
