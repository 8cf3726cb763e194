"""The catalogue as a page: what there is, what is held and since when, with search and filters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.analyser import fold
from rag.export.address import safe_url
from sources.catalogue import Catalogue, CatalogueEntry
from sources.edition import Edition, Origin
from ui.markup import Html, join, tag
from ui.panel import legal_status
from ui.texts import text_language, words

HELD = ("official", "digest", "nothing")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader looks for; empty means everything."""

    search: str = ""
    language: str = ""
    held: str = ""
    legal: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One source: its entry if the catalogue knows it, the editions in the index, and those added since."""

    source_id: str
    entry: CatalogueEntry | None
    editions: tuple[Edition, ...]
    waiting: tuple[Edition, ...] = ()
    is_own: bool = False  # a text of it was added or fetched, and can be removed again

    @property
    def held(self) -> str:
        """The best that is held: "official" (or a translation), "digest" or "nothing"."""
        origins = {edition.origin for edition in self.editions}
        return "official" if origins - {Origin.DIGEST} else "digest" if origins else "nothing"

    def title(self, language: str) -> str:
        """The title in `language`, else in any."""
        if self.entry is not None:
            return self.entry.title.in_language(language)
        known = sorted((*self.editions, *self.waiting), key=lambda edition: edition.language != language)
        return known[0].title if known else self.source_id

    def matches(self, filters: Filters) -> bool:
        """Whether the reader wants to see it."""
        names = [self.source_id, *(edition.title for edition in (*self.editions, *self.waiting))]
        if self.entry is not None:
            names += [*self.entry.names()["zh"], *self.entry.names()["en"], self.entry.issuer.zh, self.entry.issuer.en]
        haystack = fold(" ".join(names))
        legal = self.entry.status if self.entry is not None else ""
        return (
            all(part in haystack for part in fold(filters.search).split())
            and (not filters.language or any(edition.language == filters.language for edition in self.editions))
            and (not filters.held or self.held == filters.held)
            and (not filters.legal or slug(legal) == filters.legal)
        )


def listings(catalogue: Catalogue, editions: Mapping[str, Edition], held: Sequence[Edition]) -> list[Listing]:
    """Every source of the catalogue in its order, then those that only the user has."""
    own = {edition.source_id for edition in held}
    indexed: dict[str, list[Edition]] = {}
    for edition in editions.values():
        indexed.setdefault(edition.source_id, []).append(edition)
    waiting: dict[str, list[Edition]] = {}
    for edition in held:
        known = editions.get(edition.key)
        if known is None or known.sha256 != edition.sha256:
            waiting.setdefault(edition.source_id, []).append(edition)
    names = dict.fromkeys([*(entry.id for entry in catalogue), *sorted(indexed), *sorted(waiting)])
    return [
        Listing(name, catalogue.get(name), tuple(indexed.get(name, ())), tuple(waiting.get(name, ())), name in own)
        for name in names
    ]


def slug(legal: str) -> str:
    """A legal status as a word for addresses and texts: "in-force" → "in_force"."""
    return re.sub(r"\W+", "_", legal)


def filter_form(filters: Filters, all_listings: Iterable[Listing], language: str) -> Html:
    """Search and filters; a plain form, so that a filtered list has an address."""
    word = words(language)
    legal = sorted({slug(listing.entry.status) for listing in all_listings if listing.entry and listing.entry.status})
    fields = [
        tag(
            "label",
            word["source_search"],
            tag("input", type="search", name="q", value=filters.search, maxlength=200),
        ),
        _choice(
            "in",
            word["filter_language"],
            filters.language,
            {"zh": word["language_zh"], "en": word["language_en"]},
            word,
        ),
        _choice("held", word["filter_held"], filters.held, {name: word[f"held_{name}"] for name in HELD}, word),
        _choice(
            "legal", word["legal_status"], filters.legal, {name: word.get(f"law_{name}", name) for name in legal}, word
        ),
        tag("button", word["filter_apply"], type="submit"),
    ]
    return tag("form", join(fields), method="get", role="search", class_="filters")


def _choice(name: str, label: str, chosen: str, options: Mapping[str, str], word: Mapping[str, str]) -> Html:
    rows = {"": word["filter_any"], **options}
    shown = [tag("option", text, value=value, selected=value == chosen) for value, text in rows.items()]
    return tag("label", label, tag("select", join(shown), name=name))


def source_list(shown: Iterable[Listing], language: str, *, may_change: bool) -> Html:
    """The sources, one article each, with buttons to fetch and remove where that may be done here."""
    blocks = [_listing(listing, language, may_change=may_change) for listing in shown]
    word = words(language)
    count = tag("p", word["sources_count"].format(count=len(blocks)), class_="count", role="status")
    return tag("div", count, join(blocks), id="source-list")


def _listing(listing: Listing, language: str, *, may_change: bool) -> Html:
    word = words(language)
    own = text_language(language)
    entry = listing.entry
    facts: list[str] = []
    if entry is not None:
        dates = entry.dates
        day = dates.published or dates.adopted or dates.held
        facts = [entry.issuer.in_language(own)] + ([day.isoformat()] if day else [])
    line = tag("p", " · ".join(facts), class_="issuer") if facts else ""
    law = tag("p", legal_status(entry, language), class_="law") if entry is not None and entry.status else ""
    ordered = sorted(listing.editions, key=lambda edition: (edition.origin is Origin.DIGEST, edition.language != own))
    rows = [_edition(edition, word) for edition in ordered]
    rows += [
        tag("li", _badge(edition, word), " ", tag("strong", word["waiting_for_rebuild"])) for edition in listing.waiting
    ]
    published = _published(listing, word)
    spoken_of = [relation.source for relation in entry.relations if relation.type == "mentioned-by"] if entry else []
    links = [
        tag("a", word["mentions_link"], href=f"against?by={by}&of={listing.source_id}", class_="quiet")
        for by in dict.fromkeys(spoken_of[:1])
    ]
    if may_change:
        links += _changes(listing, word)
    return tag(
        "article",
        tag("h2", listing.title(own)),
        line,
        law,
        tag("ul", join(rows), class_="editions") if rows else tag("p", word["held_nothing"], class_="none"),
        published,
        tag("p", join(links), class_="more") if links else "",
        class_="source",
        id=listing.source_id,
    )


def _changes(listing: Listing, word: Mapping[str, str]) -> list[Html]:
    """Buttons that fetch the official text, and that remove what was added."""
    buttons = []
    if listing.entry is not None and any(edition.url for edition in listing.entry.editions):
        buttons.append(tag("button", word["fetch_one"], type="button", class_="quiet", data_fetch=listing.source_id))
    if listing.is_own:
        sure = word["remove_sure"]
        buttons.append(
            tag(
                "button",
                word["remove_text"],
                type="button",
                class_="quiet",
                data_remove=listing.source_id,
                data_sure=sure,
            )
        )
    return buttons


def _edition(edition: Edition, word: Mapping[str, str]) -> Html:
    read = f" · {word['read_on']} {edition.read_on.isoformat()}" if edition.read_on else ""
    size = word["units_count"].format(count=len(edition.units))
    return tag(
        "li",
        _badge(edition, word),
        " ",
        tag("a", word["read_text"], href=f"sources/{edition.key}", aria_label=f"{word['read_text']}: {edition.title}"),
        tag("span", f" {size}{read}", class_="note"),
    )


def _badge(edition: Edition, word: Mapping[str, str]) -> Html:
    named = word.get(f"language_{edition.language}", edition.language)
    return tag("span", word[f"origin_{edition.origin.value}"], " · ", named, class_="badge")


def _published(listing: Listing, word: Mapping[str, str]) -> Html:
    """Where official editions can be read that are not held."""
    if listing.entry is None:
        return Html()
    held = {edition.language for edition in listing.editions if edition.origin is not Origin.DIGEST}
    links = [
        tag("a", word["official_page_in"].format(language=word.get(f"language_{e.language}", e.language)), " ↗",
            href=url, target="_blank", rel="noreferrer noopener")
        for e in listing.entry.editions
        if e.language not in held and (url := safe_url(e.url))
    ]  # fmt: skip
    return tag("p", join(links, " · "), class_="published") if links else Html()
