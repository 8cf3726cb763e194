"""One text to read: its structure as an outline, every unit with a permalink."""

from __future__ import annotations

from rag.cite import place_name
from rag.export.address import canonical_address
from sources.edition import Edition, Origin, Unit, UnitKind
from sources.locator import parent
from ui.markup import Html, join, tag
from ui.panel import legal_status
from ui.service import Service
from ui.texts import text_language, words

_FEWEST_HEADINGS = 3
_HEADING_LENGTH = 90
_HEADINGS = (UnitKind.TITLE, UnitKind.HEADING)


def reading_page(service: Service, edition: Edition, language: str) -> Html:
    """Facts, outline and text; addresses are relative to /sources/."""
    return join(
        [
            _facts(service, edition, language),
            tag(
                "div",
                tag("nav", _outline(edition, language), class_="outline", aria_label=words(language)["outline"]),
                tag(
                    "div",
                    _text(edition, language),
                    class_="text",
                    lang=edition.language,
                ),
                class_="reading",
            ),
        ]
    )


def _facts(service: Service, edition: Edition, language: str) -> Html:
    word = words(language)
    entry = service.catalogue.get(edition.source_id)
    named = word.get(f"language_{edition.language}", edition.language)
    rows: list[tuple[str, object]] = [
        (word["origin"], tag("span", word[f"origin_{edition.origin.value}"], " · ", named, class_="badge"))
    ]
    if entry is not None:
        rows.append((word["issuer"], entry.issuer.in_language(text_language(language))))
        if entry.status:
            rows.append((word["legal_status"], legal_status(entry, language)))
    if edition.read_on is not None:
        rows.append((word["read_on"], edition.read_on.isoformat()))
    rows.append((word["text_hash"], tag("code", edition.sha256)))
    others = [
        tag("a", word[f"origin_{other.origin.value}"], " · ", word.get(f"language_{other.language}", other.language),
            href=other.key)
        for other in service.shelf.editions.values()
        if other.source_id == edition.source_id and other.key != edition.key
    ]  # fmt: skip
    if others:
        rows.append((word["other_editions"], join(others, "　")))
    url = canonical_address(edition, entry)
    link = tag("a", word["official_page"], " ↗", href=url, target="_blank", rel="noreferrer noopener")
    if url and edition.origin is not Origin.DIGEST:
        rows.append((word["published_at"], link))
    elif url:
        rows.append((word["restates"], link))
    return tag("dl", join(join([tag("dt", name), tag("dd", value)]) for name, value in rows), class_="facts")


def _outline(edition: Edition, language: str) -> Html:
    """Headings where the text has them, else the first unit of every place."""
    headings = [unit for unit in edition.units if unit.kind in _HEADINGS]
    entries = [(unit, _shortened(edition.text_of(unit))) for unit in headings]
    if len(headings) < _FEWEST_HEADINGS:
        heads: dict[str, Unit] = {}
        for unit in edition.units:
            heads.setdefault(unit.locator.partition(".")[0], unit)
        own = text_language(language)
        entries = [(unit, place_name(edition, head, own)) for head, unit in heads.items()]
    rows = [
        tag("li", tag("a", text, href=f"#{unit.locator}"), class_=f"depth{min(len(unit.path), 3)}")
        for unit, text in entries
    ]
    return join(
        [
            tag("h2", words(language)["outline"]),
            tag("ol", join(rows), lang=edition.language if entries and entries[0][0] in headings else language),
        ]
    )


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _HEADING_LENGTH else line[:_HEADING_LENGTH].rstrip() + "…"


def _text(edition: Edition, language: str) -> Html:
    """Every unit; a place that is no unit of its own, such as an article of several paragraphs, begins at its first."""
    known = {unit.locator for unit in edition.units}
    blocks: list[Html] = []
    for unit in edition.units:
        at = parent(unit.locator)
        while at and at not in known:
            known.add(at)
            blocks.append(tag("span", id=at, class_="place"))
            at = parent(at)
        blocks.append(_unit(edition, unit, language))
    return join(blocks)


def _unit(edition: Edition, unit: Unit, language: str) -> Html:
    place = place_name(edition, unit.locator, text_language(language))
    label = f"{words(language)['unit_permalink']}: {place}"
    link = tag("a", place, href=f"#{unit.locator}", class_="permalink", lang=language, aria_label=label)
    kind = "heading" if unit.kind in _HEADINGS else unit.kind.value
    return tag("div", link, tag("p", edition.text_of(unit)), class_=f"unit {kind}", id=unit.locator)
