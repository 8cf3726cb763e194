"""A shelf and an answerer whose every word is hostile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from ui_payloads import PAYLOADS

from index.passage import Hit, Passage, SearchMethod
from rag.answer import Answer, Citation, Claim, Rejection, Status, Support
from rag.question import Turn
from sources.catalogue import Catalogue, CatalogueEntry
from sources.edition import Edition, Origin, SourceKind, Unit, UnitKind
from ui.service import Service

if TYPE_CHECKING:
    from ui.service import Shelf

SHOWN = 50  # payloads in one answer
LINES = tuple(" ".join(payload.split()) for payload in PAYLOADS)
# The panel shows the whole quote, as text, at its place.
PANEL = """quote => [...document.querySelectorAll("#source-panel mark")].map(mark => mark.textContent).join("\\n\\n") === quote.split(/\\s+/).filter(Boolean).join(" ")"""


def hostile_edition() -> Edition:
    """Every payload as a unit under a hostile heading, in a text with a hostile title and address."""
    text = "\n\n".join(LINES)
    units, at = [], 0
    for number, line in enumerate(LINES, 1):
        units.append(Unit(f"p{number}", UnitKind.TEXT, at, at + len(line), at, (PAYLOADS[number % 40], PAYLOADS[0])))
        at += len(line) + 2
    title = PAYLOADS[20] + PAYLOADS[1]
    return Edition("hostile", "en", Origin.OFFICIAL, title, text, tuple(units), SourceKind.STATEMENT, date(2026, 1, 2), "javascript:window.executed=true")  # fmt: skip


class HostileShelf:
    """One hostile text."""

    id = "<b>0123456789"

    def __init__(self) -> None:
        edition = hostile_edition()
        self.editions: Mapping[str, Edition] = {edition.key: edition}

    def search(self, query: str, *, limit: int = 10) -> list[Hit]:
        """The first units, whatever is asked."""
        del query
        edition = self.editions["hostile.en"]
        return [_hit(edition, number) for number in range(limit)]


def _hit(edition: Edition, number: int) -> Hit:
    unit = edition.units[number]
    passage = Passage(
        f"p{number}", edition.key, edition.source_id, "en", edition.origin, unit.locator, unit.start, unit.end,
        PAYLOADS[number], edition.text_of(unit),
    )  # fmt: skip
    return Hit(passage, 0.5, {SearchMethod.LEXICAL: 0.5}, {SearchMethod.LEXICAL: 1})


def _at(number: int) -> str:
    return PAYLOADS[number % len(PAYLOADS)]


class HostileAnswerer:
    """Says payloads as a model would that was believed: “part 0” the first of them, and so on."""

    def __init__(self, shelf: Shelf) -> None:
        self._edition = shelf.editions["hostile.en"]

    def answer(self, question: str, *, history: Sequence[Turn] = (), language: str | None = None) -> Answer:
        """An answer with a payload in every field that can hold one."""
        del history, language
        first = int(question.rpartition(" ")[2]) * SHOWN
        numbers = range(first, min(first + SHOWN, len(PAYLOADS)))
        cited = [self._citation(number) for number in numbers]
        claims = tuple(
            Claim(PAYLOADS[number], Support.SUPPORTED, (citation,))
            for number, citation in zip(numbers, cited, strict=True)
        )
        hits = tuple(_hit(self._edition, number) for number in numbers)
        rejected = tuple(Rejection(hit, PAYLOADS[number]) for hit, number in zip(hits, numbers, strict=True))
        return Answer(
            question, "en", Status.PARTIAL, claims, _at(first + 21), tuple(cited[:3]), _at(first + 25), 0.5,
            hits, rejected, {_at(first + 22): 1.0}, _at(first), {"withheld": list(PAYLOADS)}, _at(first + 23),
        )  # fmt: skip

    def _citation(self, number: int) -> Citation:
        edition, unit = self._edition, self._edition.units[number]
        return Citation(
            edition.source_id, edition.key, "en", edition.origin, unit.locator, unit.start, unit.end, edition.text_of(unit),
            PAYLOADS[number], PAYLOADS[-number],
        )  # fmt: skip


def hostile_service() -> Service:
    """All of it, with a catalogue entry to match."""
    entry = CatalogueEntry.model_validate(
        {
            "id": "hostile", "kind": "news", "title": {"zh": PAYLOADS[30], "en": PAYLOADS[31]}, "issuer": {"zh": PAYLOADS[32], "en": PAYLOADS[33]},
            "status": PAYLOADS[34], "status_as_of": date(2026, 1, 2), "status_note": {"zh": PAYLOADS[35], "en": PAYLOADS[36]},
            "edition": [{"language": "en", "origin": "official", "url": "javascript:window.executed=true"}],
        }
    )  # fmt: skip
    shelf = HostileShelf()
    return Service(HostileAnswerer(shelf), shelf, Catalogue((entry,)))
