"""Citation + Edition → HTML of the source panel: the unit in its context with the exact quote marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote as percent_encode

from rag.answer import Support
from rag.cite import place_name
from rag.export.address import canonical_address
from sources.catalogue import CatalogueEntry
from sources.edition import Edition, Origin, Unit, UnitKind
from ui.claims import SUPPORT_SIGNS
from ui.markup import Html, join, tag
from ui.parallels import language_name, parallels
from ui.reference import quote_check, span_fragment, unit_fragment
from ui.script import in_script
from ui.service import Service
from ui.texts import text_language, words

_CONTEXT_CHARACTERS = 900
_ENDED = frozenset({"revoked", "repealed", "superseded"})
_FRAGMENT_WORDS = 6
_FRAGMENT_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Spot:
    """A span that somebody asks to see; `check` stands for the quote it is expected to hold ("" = unknown)."""

    edition_key: str
    start: int
    end: int
    check: str = ""

    def is_exact(self, edition: Edition) -> bool:
        """Whether the text there is the quote that was cited."""
        if not 0 <= self.start < self.end <= len(edition.text):
            return False
        return not self.check or quote_check(edition.text[self.start : self.end]) == self.check


def empty_panel(language: str) -> Html:
    """The panel before anything was cited."""
    word = words(language)
    legend = [
        (f"[1 {SUPPORT_SIGNS[Support.VERBATIM]} {word['support_verbatim']}]", word["legend_verbatim"]),
        (f"[2 {SUPPORT_SIGNS[Support.VERBATIM]} {word['support_verbatim_digest']}]", word["legend_digest"]),
        (f"[3 {SUPPORT_SIGNS[Support.GLOSS]} {word['support_gloss']}]", word["legend_gloss"]),
    ]
    rows = [join([tag("dt", tag("span", sign, class_="sample")), tag("dd", told)]) for sign, told in legend]
    return tag(
        "div",
        _panel_title(word["panel"]),
        tag("p", word["panel_empty"]),
        tag("h3", word["legend"]),
        tag("dl", join(rows), class_="legend"),
        class_="panel empty",
        lang=language,
    )


def missing_panel(language: str) -> Html:
    """The panel for a text or place that is not held."""
    word = words(language)
    return tag(
        "div",
        _panel_title(word["panel"]),
        tag("p", word["no_such_text"], class_="warning", role="alert"),
        class_="panel",
        lang=language,
    )


def source_panel(service: Service, spot: Spot, language: str) -> Html | None:
    """The panel at a spot, or None where no such text or place is held."""
    edition = service.shelf.editions.get(spot.edition_key)
    if edition is None:
        return None
    cited = edition.units_between(max(spot.start, 0), max(spot.end, spot.start + 1))
    if not cited:
        return None
    word = words(language)
    entry = service.catalogue.get(edition.source_id)
    exact = spot.is_exact(edition)
    parts = [
        _panel_title(edition.title, edition.language),
        _facts(edition, cited[0], entry, language),
        tag(
            "p",
            word["exact"] if exact else word["not_exact"],
            class_="exactness exact" if exact else "exactness warning",
            role="status",
        ),
        tag("h3", word["in_context"]),
        context_block(edition, cited, spot if exact else None),
        _actions(edition, cited[0], spot if exact else None, entry, language),
        parallels(service, edition, cited[0], language),
    ]
    return tag(
        "div",
        join(parts),
        class_="panel",
        lang=language,
        role="region",
        aria_labelledby="panel-title",
        data_source=edition.key,
    )


def _panel_title(title: str, language: str | None = None) -> Html:
    return tag("h2", title, id="panel-title", tabindex=-1, lang=language)


def _facts(edition: Edition, unit: Unit, entry: CatalogueEntry | None, language: str) -> Html:
    word = words(language)
    own = text_language(language)
    rows: list[tuple[str, object]] = [(word["place"], place_name(edition, unit.locator, own))]
    if entry is not None and edition.language != own:  # the heading is in the language of the text
        rows.insert(0, (word["known_as"], entry.names()[own][0]))
    if unit.path:
        rows.append((word["heading_path"], " › ".join(unit.path)))
    rows.append(
        (
            word["origin"],
            tag("span", word[f"origin_{edition.origin.value}"], " · ", language_name(edition, word), class_="badge"),
        )
    )
    if entry is not None:
        rows.append((word["issuer"], entry.issuer.in_language(own)))
        if entry.status:
            rows.append((word["legal_status"], legal_status(entry, language)))
    if edition.read_on is not None:
        rows.append((word["read_on"], edition.read_on.isoformat()))
    return tag("dl", join(join([tag("dt", name), tag("dd", value)]) for name, value in rows), class_="facts")


def legal_status(entry: CatalogueEntry, language: str) -> Html:
    """The legal status in words, its day, and what must be said of it."""
    word = words(language)
    slug = re.sub(r"\W+", "_", entry.status)
    named = word.get(f"law_{slug}", entry.status)
    shown = tag("strong", named, class_="ended") if slug in _ENDED else named
    day = f" · {word['as_of'].format(day=entry.status_as_of.isoformat())}" if entry.status_as_of else ""
    note = in_script(entry.status_note.in_language(text_language(language)), language) if entry.status_note else ""
    return join([shown, day, tag("span", note, class_="note") if note else ""])


def context_block(edition: Edition, cited: tuple[Unit, ...], spot: Spot | None) -> Html:
    """The cited units with their neighbours, in reading order; what `spot` covers is marked."""
    around = neighbourhood(edition, cited)
    before = tag("p", "…", class_="gap", aria_hidden="true") if around[0] != edition.units[0] else ""
    after = tag("p", "…", class_="gap", aria_hidden="true") if around[-1] != edition.units[-1] else ""
    shown = join(_unit_line(edition, unit, spot, is_cited=unit in cited) for unit in around)
    return tag(
        "div",
        before,
        shown,
        after,
        class_="context",
        lang=edition.language,
        tabindex=0,
        role="region",
        aria_label=edition.title,
    )


def neighbourhood(edition: Edition, cited: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Cited units and, turn by turn, those before and after them, up to a readable length."""
    first, last = edition.units.index(cited[0]), edition.units.index(cited[-1])
    room = _CONTEXT_CHARACTERS
    nearest = 1
    while first > 0 or last < len(edition.units) - 1:
        if first > 0:
            first -= 1
            room -= edition.units[first].end - edition.units[first].start
        if last < len(edition.units) - 1:
            last += 1
            room -= edition.units[last].end - edition.units[last].start
        nearest += 1
        if room <= 0 or nearest > _CONTEXT_CHARACTERS // 60:
            break
    return edition.units[first : last + 1]


def _unit_line(edition: Edition, unit: Unit, spot: Spot | None, *, is_cited: bool) -> Html:
    kind = "heading" if unit.kind in (UnitKind.TITLE, UnitKind.HEADING) else unit.kind.value
    return tag(
        "p",
        join(_marked(edition, unit, spot)),
        class_=f"unit {kind}{' cited' if is_cited else ''}",
        data_locator=unit.locator,
    )


def _marked(edition: Edition, unit: Unit, spot: Spot | None) -> Iterator[object]:
    """The unit's text, the part within the spot as <mark>."""
    if spot is None or spot.end <= unit.start or spot.start >= unit.end:
        yield edition.text_of(unit)
        return
    start, end = max(spot.start, unit.start), min(spot.end, unit.end)
    yield edition.text[unit.start : start]
    yield tag("mark", edition.text[start:end])
    yield edition.text[end : unit.end]


def _actions(edition: Edition, unit: Unit, spot: Spot | None, entry: CatalogueEntry | None, language: str) -> Html:
    word = words(language)
    quote = edition.text[spot.start : spot.end] if spot is not None else ""
    address = canonical_address(edition, entry)
    place = place_name(edition, unit.locator, text_language(language))
    copied = f"“{quote}”\n{edition.title} · {place}{' · ' + address if address else ''}"
    target = (
        address + text_fragment(quote, edition.language) if address and edition.origin is not Origin.DIGEST else address
    )
    fragment = (
        span_fragment(edition.key, spot.start, spot.end, quote_check(quote)) if spot else unit_fragment(edition, unit)
    )
    parts = [
        tag("button", word["back_to_answer"], type="button", class_="quiet back"),
        tag("button", word["copy_quote"], type="button", class_="quiet", data_copy=copied, data_done=word["copied"])
        if quote
        else "",
        tag("a", word["unit_permalink"], class_="quiet", href=fragment),
        tag("a", word["read_whole"], class_="quiet", href=f"sources/{percent_encode(edition.key)}#{unit.locator}"),
        tag(
            "a",
            word["official_page"],
            " ↗",
            class_="quiet official",
            href=target,
            target="_blank",
            rel="noreferrer noopener",
        )
        if address
        else "",
    ]
    return tag("div", join(parts), class_="actions")


def text_fragment(quote: str, language: str) -> str:
    """`#:~:text=…` that makes a browser scroll to the quote: its first and last words."""
    line = quote.strip().split("\n")[0].strip()
    if not line:
        return ""
    if language == "zh":
        first, last = line[:_FRAGMENT_CHARACTERS], line[-_FRAGMENT_CHARACTERS:]
        is_short = len(line) <= 2 * _FRAGMENT_CHARACTERS
    else:
        parts = line.split()
        first, last = " ".join(parts[:_FRAGMENT_WORDS]), " ".join(parts[-_FRAGMENT_WORDS:])
        is_short = len(parts) <= 2 * _FRAGMENT_WORDS
    encoded = [_fragment_part(line)] if is_short else [_fragment_part(first), _fragment_part(last)]
    return "#:~:text=" + ",".join(encoded)


def _fragment_part(text: str) -> str:
    return percent_encode(text, safe="").replace("-", "%2D")
