"""What a report says of a document, sentence by sentence, beside what the document says itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.answer import Answer, Claim, Status
from rag.beside import Row
from sources.catalogue import Catalogue
from sources.edition import SourceKind
from ui.actions import take_away
from ui.claims import Span, number_citations
from ui.conversation import Exchange
from ui.markup import Html, join, tag
from ui.pages.compare_page import claims_in, with_panel
from ui.service import Service
from ui.texts import text_language, words
from ui.titles import source_title

_RELATION = "mentioned-by"


@dataclass(frozen=True, slots=True)
class Pair:
    """A report that speaks of a document, and where."""

    by: str
    of: str
    locators: tuple[str, ...]

    @property
    def address(self) -> str:
        """The address of this comparison, relative to the chat."""
        return f"against?by={self.by}&of={self.of}"


def pairs_of(catalogue: Catalogue, held: set[str]) -> list[Pair]:
    """Every report and document that the catalogue knows it to name, both texts held, in its order."""
    found: dict[tuple[str, str], list[str]] = {}
    for entry in catalogue:
        for relation in entry.relations:
            by = catalogue.get(relation.source)
            is_report = by is not None and by.kind is SourceKind.NEWS
            if relation.type == _RELATION and is_report and relation.locator and {entry.id, relation.source} <= held:
                found.setdefault((relation.source, entry.id), []).append(relation.locator)
    return [Pair(by, of, tuple(locators)) for (by, of), locators in found.items()]


def against_form(pairs: Sequence[Pair], chosen: Pair | None, service: Service, language: str) -> Html:
    """Every pair as a link, those of one report together."""
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(pair.by, []).append(pair)
    return join(
        tag(
            "nav",
            tag("span", f"{source_title(by, service, language)} →", class_="label"),
            join(
                tag(
                    "a",
                    source_title(pair.of, service, language),
                    href=pair.address,
                    aria_current="true" if pair == chosen else None,
                )
                for pair in group
            ),
            class_="pairs",
            aria_label=source_title(by, service, language),
        )
        for by, group in groups.items()
    )


def against_answer(pair: Pair, rows: Sequence[Row], service: Service, language: str) -> Answer:
    """The comparison as an answer, so that it can be kept and taken away like one."""
    titles = [source_title(name, service, language) for name in (pair.by, pair.of)]
    claims = [
        replace(claim, heading=title)
        for row in rows
        for title, claim in zip(titles, (row.said, row.own), strict=True)
        if claim is not None
    ]
    return Answer(
        " → ".join(titles), text_language(language), Status.ANSWERED, tuple(claims), index_id=service.shelf.id
    )  # fmt: skip


def against_result(pair: Pair, rows: Sequence[Row], service: Service, language: str) -> Html:
    """One row a sentence."""
    word = words(language)
    if not rows:
        return tag("p", word["mentions_empty"], class_="lead none")
    numbers = number_citations(list(_all_claims(rows)))
    by, of = (source_title(name, service, language) for name in (pair.by, pair.of))
    close, related = sum(row.is_close for row in rows), sum(row.own is not None and not row.is_close for row in rows)
    count = word["mentions_count"].format(all=len(rows), close=close, related=related, none=len(rows) - close - related)
    answer = against_answer(pair, rows, service, language)
    actions = tag(
        "div",
        tag("a", word["compare_link"], class_="quiet", href=pair.address),
        take_away([Exchange(answer.question, answer)], language, word),
        class_="result-actions",
    )
    shown = [_row(row, numbers, (word["mentions_by"], of), language) for row in rows]
    return with_panel(
        join([tag("h2", f"{by} → {of}", class_="theme-title"), tag("p", count, class_="count"), *shown, actions]),
        language,
    )


def _all_claims(rows: Sequence[Row]) -> Iterator[Claim]:
    for row in rows:
        yield row.said
        if row.own is not None:
            yield row.own


def _row(row: Row, numbers: Mapping[Span, int], titles: tuple[str, str], language: str) -> Html:
    word = words(language)
    name, sign = ("close", "≈") if row.is_close else ("related", "~") if row.own else ("none", "○")
    standing = tag(
        "p", tag("span", f"{sign} ", aria_hidden="true"), word[f"mentions_{name}"], class_=f"standing {name}"
    )
    absent = ""
    if row.absent:
        told = word["mentions_absent"].format(facts=", ".join(row.absent))
        absent = tag("p", tag("span", "≠ ", aria_hidden="true"), told, class_="absent")
    own = join(claims_in([row.own], numbers, language)) if row.own is not None else ""
    return tag(
        "section",
        tag("div", tag("h3", titles[0]), join(claims_in([row.said], numbers, language)), absent, class_="said"),
        tag("div", tag("h3", titles[1]), standing, own, class_="own"),
        class_="against",
    )
