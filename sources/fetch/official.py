"""The catalogue's editions, fetched one after another; whatever fails, what is held stays."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sources.catalogue import Catalogue, CatalogueEdition, CatalogueEntry
from sources.edition import Edition
from sources.errors import FetchFailed, SourceError
from sources.fetch.download import Download, Downloader, Progress
from sources.fetch.judge import is_barrier, is_whole, leads_home, says_gone
from sources.fetch.snapshots import PageRecord, PageState, Snapshot, SnapshotStore
from sources.holdings import Holdings
from sources.library import digest_files, read_digest
from sources.load import edition_of
from sources.readers import language_parts, text_of

_GONE = frozenset({404, 410})


class _Unfit(Exception):
    """What came is not the text; carries the state and the sentence."""

    def __init__(self, state: PageState, sentence: str) -> None:
        super().__init__(sentence)
        self.state = state


def published_editions(catalogue: Catalogue, ids: list[str]) -> Iterator[tuple[CatalogueEntry, CatalogueEdition]]:
    """Every edition with a page of its own, of all sources or of `ids`."""
    for entry in catalogue:
        if not ids or entry.id in ids:
            yield from ((entry, edition) for edition in entry.editions if edition.url)


@dataclass
class Fetcher:
    """Brings official editions into the holdings. `downloader` is None when offline: snapshots are read again."""

    catalogue: Catalogue
    holdings: Holdings
    store: SnapshotStore
    downloader: Downloader | None
    _seen: dict[tuple[str, str, str], Download] = field(default_factory=dict)

    def fetch(self, entry: CatalogueEntry, published: CatalogueEdition, progress: Progress | None = None) -> PageRecord:
        """Ask for one edition's page, keep what came, hold its text if it is the text; returns the page's record."""
        before = self.store.record(entry.id, published.language)
        if before is None or before.url != published.url:
            before = PageRecord(entry.id, published.language, published.url, history=before.history if before else ())
        if self.downloader is None:
            return self._read_again(entry, before)
        try:
            download = self._download(before, progress)
        except FetchFailed as error:
            record = replace(before, state=PageState.FAILED, said=str(error), checked_on=_today())
        else:
            record = self._take(entry, before, download)
        self.store.write(record)
        return record

    def _download(self, before: PageRecord, progress: Progress | None) -> Download:
        """One download a page, also where two editions stand on it; validators only while their text is still held."""
        assert self.downloader is not None
        held = before.latest is not None and self._held_sha(before) is not None
        validators = (before.etag, before.last_modified) if held else ("", "")
        key = (before.url, *validators)
        if key not in self._seen:
            self._seen[key] = self.downloader.get(
                before.url, etag=validators[0], last_modified=validators[1], progress=progress
            )
        return self._seen[key]

    def _take(self, entry: CatalogueEntry, before: PageRecord, download: Download) -> PageRecord:
        record = replace(
            before, checked_on=_today(), final_url=download.final_url, moved_to=download.moved_to,
        )  # fmt: skip
        if download.unchanged:
            return replace(record, state=PageState.UNCHANGED, said="The page is as it was.")
        if download.status in _GONE:
            said = f"The page answers with status {download.status}; find its new address."
            return replace(record, state=PageState.MISSING, said=said)
        if download.status >= 400:
            said = f"The page answers with status {download.status}; add the file by hand."
            return replace(record, state=PageState.FAILED, said=said)
        snapshot = self.store.keep(download)
        try:
            _check_address(download)
            edition = self._edition(entry, before.language, download.content, snapshot, before.url)
        except _Unfit as error:
            return replace(record, state=error.state, said=str(error), history=_with(before, snapshot))
        validators = replace(record, etag=download.etag, last_modified=download.last_modified)
        return self._hold(edition, validators, replace(snapshot, text_sha256=edition.sha256))

    def _read_again(self, entry: CatalogueEntry, before: PageRecord) -> PageRecord:
        """Offline: the text of the latest snapshot once more, for a reader that has become better."""
        snapshot = before.latest
        if snapshot is None:
            return replace(before, said="Nothing was fetched before; fetch it without --offline.")
        try:
            edition = self._edition(entry, before.language, self.store.content(snapshot), snapshot, before.url)
        except (_Unfit, SourceError) as error:
            return replace(before, said=str(error))
        record = self._hold(edition, before, replace(snapshot, text_sha256=edition.sha256))
        self.store.write(record)
        return record

    def _edition(self, entry: CatalogueEntry, language: str, content: bytes, snapshot: Snapshot, url: str) -> Edition:
        """The edition that a page's bytes hold; raises _Unfit with one sentence where they do not hold it."""
        name = f"{entry.id}.{language}{snapshot.suffix}"
        try:
            parts = language_parts(text_of(content, name, snapshot.suffix, snapshot.charset))
        except SourceError as error:
            raise _Unfit(PageState.NOT_THE_TEXT, str(error)) from None
        whole = "\n".join(parts.values())
        if says_gone(whole):
            raise _Unfit(PageState.SOFT_MISSING, "The page is delivered but says that there is nothing.")
        if is_barrier(whole):
            raise _Unfit(PageState.NOT_THE_TEXT, "The page asks for a browser; open it there and add the saved file.")
        if language not in parts:
            raise _Unfit(PageState.NOT_THE_TEXT, f"The page holds no text in {language!r}; correct the catalogue.")
        metadata = {
            "id": entry.id, "language": language, "canonical_url": url, "read_on": snapshot.read_on,
        }  # fmt: skip
        edition = edition_of(parts[language], name, metadata, self.catalogue)
        paths = digest_files().get(entry.id)
        if paths and not is_whole(edition, read_digest(entry.id, paths)):
            raise _Unfit(
                PageState.NOT_THE_TEXT,
                f"The page is about {entry.id!r} but does not hold its text; add the file that it links to.",
            )
        return edition

    def _hold(self, edition: Edition, record: PageRecord, snapshot: Snapshot) -> PageRecord:
        """Put the text among the holdings, unless the user's own stands there."""
        held = self._held_sha(record)
        history = _with(record, snapshot)
        fetched_before = {old.text_sha256 for old in record.history}
        if held is not None and held not in fetched_before and held != edition.sha256:
            said = "Your own text is held and stays; remove it to hold the fetched one."
            return replace(record, state=PageState.READ, said=said, history=history)
        if held == edition.sha256:
            return replace(record, state=PageState.UNCHANGED, said="The text is as it was.", history=history)
        self.holdings.add(edition)
        state = PageState.READ if held is None else PageState.CHANGED
        said = f"{len(edition.units)} units are held" + ("." if held is None else "; the text has changed.")
        return replace(record, state=state, said=said, history=history)

    def _held_sha(self, record: PageRecord) -> str | None:
        text = self.holdings.text_of(record.id, record.language)
        return None if text is None else hashlib.sha256(text.encode()).hexdigest()


def _check_address(download: Download) -> None:
    if leads_home(download.url, download.final_url):
        raise _Unfit(PageState.SOFT_MISSING, f"The address leads to the front page {download.final_url}.")


def _with(record: PageRecord, snapshot: Snapshot) -> tuple[Snapshot, ...]:
    """The history with `snapshot` last; a version seen before is not told twice."""
    return (*(old for old in record.history if old.sha256 != snapshot.sha256), snapshot)


def _today() -> str:
    return datetime.now(tz=UTC).date().isoformat()
