"""The same unit in the other editions of its source, side by side: original and gloss, translation, digest."""

from __future__ import annotations

from collections.abc import Mapping

from rag.cite import place_name
from sources.edition import Edition, Origin, Unit
from sources.locator import parent
from ui.markup import Html, join, tag
from ui.reference import unit_fragment
from ui.service import Service
from ui.texts import text_language, words

_MOST_CHARACTERS = 600


def parallels(service: Service, edition: Edition, unit: Unit, language: str) -> Html:
    """The unit beside its nearest counterpart, the official text or the reader's language first; others below."""
    word = words(language)
    own = text_language(language)
    others = [
        other
        for other in service.shelf.editions.values()
        if other.source_id == edition.source_id and other.key != edition.key
    ]
    others.sort(key=lambda other: (not _differs(other, edition), other.language != own, other.key))
    blocks = [
        _text(other, found, word, own, is_link=True)
        for other in others
        if (found := counterpart(other, unit.locator)) is not None
    ]
    if not blocks:
        return Html()
    beside = tag("div", _text(edition, unit, word, own, is_link=False), blocks[0], class_="beside")
    return join([tag("h3", word["side_by_side"]), beside, *blocks[1:]])


def _differs(other: Edition, edition: Edition) -> bool:
    """Whether one of the two is a digest of the other."""
    return (other.origin is Origin.DIGEST) != (edition.origin is Origin.DIGEST)


def counterpart(other: Edition, locator: str) -> Unit | None:
    """The unit of the same locator, else what lies within it, else the nearest one above."""
    while locator:
        if (found := other.unit(locator)) is not None:
            return found
        if within := other.units_within(locator):
            return within[0]
        locator = parent(locator)
    return None


def language_name(edition: Edition, word: Mapping[str, str]) -> str:
    """The language of an edition in words."""
    return word.get(f"language_{edition.language}", edition.language)


def _text(edition: Edition, unit: Unit, word: Mapping[str, str], own: str, *, is_link: bool) -> Html:
    text = edition.text_of(unit)
    shortened = text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS].rstrip() + "…"
    label = tag("span", word[f"origin_{edition.origin.value}"], " · ", language_name(edition, word), class_="badge")
    place = place_name(edition, unit.locator, own)
    link = (
        tag("a", f"{place} · {word['open_this']}", class_="source-link", href=unit_fragment(edition, unit))
        if is_link
        else tag("span", place, class_="note")
    )
    return tag("div", label, " ", link, tag("p", shortened, lang=edition.language), class_="parallel")
