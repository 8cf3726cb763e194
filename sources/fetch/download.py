"""One URL → bytes: time, size and type limits, retries with back-off, every redirect checked like the first address."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from sources.errors import AddressRefused, FetchFailed
from sources.fetch.addresses import Resolver, checked_address, resolve

USER_AGENT = "BletchleyQA/0.1 (reads public documents one at a time, on a person's request)"
SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "text/plain": ".txt",
    "text/markdown": ".md",
}
_UNTYPED = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/force-download"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LASTING = frozenset({301, 308})
_WORTH_RETRYING = frozenset({408, 425, 429, 500, 502, 503, 504})

Progress = Callable[[int, int | None], None]  # bytes so far, bytes in all where the server says


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how much and how often."""

    connect_seconds: float = 10.0
    read_seconds: float = 30.0  # between two pieces
    total_seconds: float = 180.0  # for one try
    most_bytes: int = 64 * 1024 * 1024  # unpacked
    tries: int = 4
    first_pause: float = 1.0  # seconds; doubled after each try
    longest_pause: float = 30.0
    redirects: int = 6
    pause_between: float = 1.0  # seconds between two requests to one host


@dataclass(frozen=True, slots=True)
class Download:
    """What a server sent. `moved_to` is where a lasting redirect leads; `content` is empty when nothing changed."""

    url: str
    final_url: str
    status: int
    content: bytes = b""
    suffix: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""

    @property
    def unchanged(self) -> bool:
        """Whether the server says the page is as it was."""
        return self.status == 304


class _Temporary(Exception):
    """Worth another try; carries the sentence for when there is none."""

    def __init__(self, sentence: str, pause: float | None = None) -> None:
        super().__init__(sentence)
        self.pause = pause


@dataclass
class Downloader:
    """Downloads one page after another, politely."""

    limits: Limits = Limits()
    allow_private: bool = False
    resolver: Resolver = resolve
    sleep: Callable[[float], None] = time.sleep
    _last_request: dict[str, float] = field(default_factory=dict)

    def get(self, url: str, *, etag: str = "", last_modified: str = "", progress: Progress | None = None) -> Download:
        """Download `url`, trying again where that may help; raises FetchFailed with one sentence."""
        for attempt in range(1, self.limits.tries + 1):
            try:
                return self._follow(url, etag, last_modified, progress)
            except _Temporary as error:
                if attempt == self.limits.tries:
                    raise FetchFailed(str(error)) from None
                pause = self.limits.first_pause * 2 ** (attempt - 1) * random.uniform(0.8, 1.2)  # noqa: S311
                self.sleep(min(max(pause, error.pause or 0), self.limits.longest_pause))
        raise AssertionError("unreachable")

    def _follow(self, url: str, etag: str, last_modified: str, progress: Progress | None) -> Download:
        """Follow redirects by hand, so that every address on the way is checked."""
        current, moved_to, lasting = url, "", True
        for _ in range(self.limits.redirects + 1):
            with self._request(current, etag, last_modified) as response:
                if response.status_code not in _REDIRECTS or "location" not in response.headers:
                    return self._receive(url, current, moved_to, response, progress)
                target = str(_joined(current, response.headers["location"]))
            if current.startswith("https:") and target.startswith("http:"):
                raise AddressRefused(f"{current!r} redirects to the unprotected {target!r}; add the file by hand.")
            lasting = lasting and response.status_code in _LASTING
            moved_to = target if lasting else moved_to
            current = target
        raise FetchFailed(f"{url!r} redirects more than {self.limits.redirects} times; find its new address.")

    @contextmanager
    def _request(self, url: str, etag: str, last_modified: str) -> Iterator[httpx.Response]:
        """An open response from the checked address of `url`."""
        address = checked_address(url, allow_private=self.allow_private, resolver=self.resolver)
        parsed = _parsed(url)
        self._keep_distance(parsed.host)
        headers = {
            "Host": parsed.netloc.decode("ascii"),
            "User-Agent": USER_AGENT,
            "Accept": "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.8,*/*;q=0.1",
            "Accept-Encoding": "gzip, deflate",
        }
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        timeout = httpx.Timeout(self.limits.read_seconds, connect=self.limits.connect_seconds)
        try:
            with (
                httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client,
                client.stream(
                    "GET",
                    parsed.copy_with(host=address),
                    headers=headers,
                    extensions={"sni_hostname": parsed.raw_host.decode("ascii")},
                ) as response,
            ):
                yield response
        except httpx.TimeoutException:
            raise _Temporary(f"{url!r} did not answer in time; try again later.") from None
        except httpx.ConnectError as error:
            if "CERTIFICATE" in str(error).upper():
                raise FetchFailed(f"{parsed.host!r} shows a certificate that does not hold; do not trust it.") from None
            raise _Temporary(f"{parsed.host!r} cannot be reached; check the network and try again later.") from None
        except httpx.TransportError as error:
            raise _Temporary(f"{url!r} broke off ({type(error).__name__}); try again later.") from None
        except httpx.DecodingError:
            raise FetchFailed(f"{url!r} sends a broken compression; try again later or add the file by hand.") from None

    def _keep_distance(self, host: str) -> None:
        """Wait so that one host is not asked too often."""
        since = time.monotonic() - self._last_request.get(host, float("-inf"))
        if since < self.limits.pause_between:
            self.sleep(self.limits.pause_between - since)
        self._last_request[host] = time.monotonic()

    def _receive(
        self, url: str, final: str, moved_to: str, response: httpx.Response, progress: Progress | None
    ) -> Download:
        status, headers = response.status_code, response.headers
        if status in _WORTH_RETRYING:
            raise _Temporary(f"{final!r} answers with status {status}; try again later.", _retry_after(headers))
        found = Download(
            url, final, status, etag=headers.get("etag", ""), last_modified=headers.get("last-modified", ""),
            moved_to=moved_to,
        )  # fmt: skip
        if status == 304 or status >= 400:
            return found
        if status != 200:
            raise FetchFailed(f"{final!r} answers with status {status}, which holds no text; check the address.")
        said = int(headers["content-length"]) if headers.get("content-length", "").isdigit() else None
        self._check_size(final, said or 0)
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in SUFFIXES and media_type not in _UNTYPED:
            raise FetchFailed(f"{final!r} is of type {media_type!r}, not a page, PDF, Word or text file; give another.")
        content = self._read(final, response, said, progress)
        suffix = suffix_of(content, SUFFIXES.get(media_type, ""), final)
        charset = (response.charset_encoding or "").lower()
        return Download(url, final, status, content, suffix, charset, found.etag, found.last_modified, moved_to)

    def _read(self, url: str, response: httpx.Response, said: int | None, progress: Progress | None) -> bytes:
        deadline = time.monotonic() + self.limits.total_seconds
        pieces = bytearray()
        for piece in response.iter_bytes(64 * 1024):
            pieces += piece
            self._check_size(url, len(pieces))
            if time.monotonic() > deadline:
                raise _Temporary(f"{url!r} takes longer than {self.limits.total_seconds:g} seconds; try again later.")
            if progress:
                progress(response.num_bytes_downloaded, said)
        return bytes(pieces)

    def _check_size(self, url: str, size: int) -> None:
        if size > self.limits.most_bytes:
            raise FetchFailed(f"{url!r} is larger than {self.limits.most_bytes:,} bytes; add a smaller file by hand.")


def suffix_of(content: bytes, declared: str, url: str) -> str:
    """The format of what came, by its first bytes before what the server says."""
    head = content[:1024].lstrip()
    if b"%PDF-" in head:
        return ".pdf"
    if head.startswith(b"PK\x03\x04"):
        return ".docx"
    if head[:15].lower().startswith((b"<!doctype html", b"<html")):
        return ".html"
    if declared:
        return declared
    path = urlsplit(url).path.lower()
    known = next((suffix for suffix in (".txt", ".md", ".xml", ".html", ".htm") if path.endswith(suffix)), "")
    if not known:
        raise FetchFailed(f"{url!r} sends a file of no known type; give a page, PDF, Word or text file.")
    return known


def _joined(url: str, target: str) -> httpx.URL:
    try:
        return httpx.URL(url).join(target)
    except (httpx.InvalidURL, ValueError):
        raise FetchFailed(f"{url!r} redirects to {target[:80]!r}, which is no address; find its new one.") from None


def _parsed(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise AddressRefused(f"{url[:80]!r} is not a web address; give one that begins with https://.") from None


def _retry_after(headers: httpx.Headers) -> float | None:
    value = headers.get("retry-after", "")
    if value.isdigit():
        return float(value)
    try:
        return max((parsedate_to_datetime(value) - datetime.now(tz=UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None
