"""What is held of each source: digest, official text, the user's own; and what became of its page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sources.catalogue import Catalogue
from sources.edition import Edition
from sources.fetch.snapshots import PageRecord, SnapshotStore
from sources.library import LANGUAGES, digest_files


@dataclass(frozen=True, slots=True)
class HeldEdition:
    """One held text: whether it was fetched or is the user's own, and when it was read."""

    language: str
    kind: str  # digest, fetched, own
    units: int = 0
    read_on: str = ""


@dataclass(frozen=True, slots=True)
class PageStatus:
    """What was found when the page of an edition was last asked for."""

    language: str
    url: str
    state: str
    checked_on: str
    said: str
    moved_to: str
    versions: int


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """Everything held and known of one source."""

    id: str
    title: str
    legal_status: str
    status_as_of: str
    licences: tuple[str, ...]
    held: tuple[HeldEdition, ...]
    pages: tuple[PageStatus, ...]

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        return asdict(self)

    def lines(self) -> list[str]:
        """For people: one line on what is held, and one on each page that was asked for."""
        held = "; ".join(_told(edition) for edition in self.held) or "nothing held"
        legal = f" · {self.legal_status} (as of {self.status_as_of})" if self.legal_status else ""
        licences = f" · {' / '.join(self.licences)}" if self.licences else ""
        return [
            f"{self.id:42} {held}{legal}{licences}",
            *(f"    {line}" for page in self.pages for line in _page(page)),
        ]


def _told(edition: HeldEdition) -> str:
    read = f" (read {edition.read_on or 'unknown day'})" if edition.kind != "digest" else ""
    return f"{edition.language} {edition.kind}{read}"


def _page(page: PageStatus) -> list[str]:
    lines = [f"{page.language} page {page.state} on {page.checked_on or 'no day'}: {page.said}"]
    if page.moved_to:
        lines.append(f"{page.language} page has moved to {page.moved_to}; correct the catalogue.")
    return lines


def status_of_sources(catalogue: Catalogue, held: list[Edition], store: SnapshotStore) -> list[SourceStatus]:
    """The status of every source of the catalogue and of every other text held."""
    digests = digest_files()
    ids = dict.fromkeys([*(entry.id for entry in catalogue), *(edition.source_id for edition in held)])
    return [
        _status(
            source_id, catalogue, [e for e in held if e.source_id == source_id], store, with_digest=source_id in digests
        )
        for source_id in ids
    ]


def _status(
    source_id: str, catalogue: Catalogue, held: list[Edition], store: SnapshotStore, *, with_digest: bool
) -> SourceStatus:
    entry = catalogue.get(source_id)
    languages = dict.fromkeys(edition.language for edition in (entry.editions if entry else ()))
    records = [record for language in languages if (record := store.record(source_id, language))]
    fetched = {snapshot.text_sha256 for record in records for snapshot in record.history}
    editions = [HeldEdition(language, "digest") for language in LANGUAGES] if with_digest else []
    editions += [
        HeldEdition(e.language, "fetched" if e.sha256 in fetched else "own", len(e.units), _day(e.read_on))
        for e in held
    ]
    return SourceStatus(
        source_id,
        entry.title.en if entry else held[0].title,
        entry.status if entry else "",
        _day(entry.status_as_of if entry else None),
        tuple(dict.fromkeys(e.licence for e in entry.editions if e.licence)) if entry else (),
        tuple(editions),
        tuple(_page_status(record) for record in records),
    )


def _page_status(record: PageRecord) -> PageStatus:
    return PageStatus(
        record.language, record.url, record.state.value, record.checked_on, record.said, record.moved_to,
        len(record.history),
    )  # fmt: skip


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
