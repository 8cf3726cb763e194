"""What a reader knows texts and passages by: short names and places, in the language of the interface."""

from __future__ import annotations

from collections.abc import Callable

from index.passage import Passage
from rag.cite import place_name
from sources.edition import SourceKind
from ui.service import Service
from ui.texts import text_language

Naming = Callable[[Passage, str], str]  # passage, interface language → how people call it


def source_title(source_id: str, service: Service, language: str) -> str:
    """What the reader knows a source by: its short name where the catalogue has one, else its title."""
    entry = service.catalogue.get(source_id)
    own = text_language(language)
    if entry is not None:  # a report is best known by its headline
        names = entry.names()[own]
        return names[0] if entry.kind is SourceKind.NEWS else min(names[:2], key=len)
    editions = [edition for edition in service.shelf.editions.values() if edition.source_id == source_id]
    return next((edition.title for edition in editions), source_id)


def passage_title(service: Service, passage: Passage, language: str) -> str:
    """Short title and place of a passage; its key and locator where its text has gone meanwhile."""
    edition = service.shelf.editions.get(passage.edition_key)
    if edition is None:
        return key_and_locator(passage, language)
    is_known = passage.source_id in service.catalogue
    title = source_title(passage.source_id, service, language) if is_known else edition.title
    return f"{title} · {place_name(edition, passage.locator, text_language(language))}"


def key_and_locator(passage: Passage, _language: str) -> str:
    """The name of a passage that needs no texts."""
    return f"{passage.edition_key} {passage.locator}"
