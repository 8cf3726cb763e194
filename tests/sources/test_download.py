"""Downloading: limits, retries, redirects and refusals against a real server on this machine."""

from __future__ import annotations

import gzip
import socket
import struct
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest
from web_support import QUICK, Site

from sources.errors import AddressRefused, FetchFailed
from sources.fetch.download import Downloader, suffix_of

PAGE = "<html><body><h1>Rules</h1><p>Nobody lights fires in the park.</p></body></html>"


def drop_connection(request: BaseHTTPRequestHandler) -> None:
    """Reset the connection in the middle of the answer."""
    request.send_response(200)
    request.send_header("Content-Type", "text/html")
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.write(b"<p>words")
    request.wfile.flush()
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()


def test_page_is_downloaded_with_its_validators_and_our_name(site: Site, downloader: Downloader) -> None:
    site.page("/law", PAGE, ETag='"v1"', Last_Modified="Wed, 01 Nov 2023 10:00:00 GMT")
    seen: list[int] = []
    found = downloader.get(f"{site.url}/law", progress=lambda done, _total: seen.append(done))
    assert (found.status, found.suffix, found.charset, found.etag) == (200, ".html", "utf-8", '"v1"')
    assert found.content == PAGE.encode()
    assert seen[-1] == len(PAGE.encode())
    headers = site.asked[0][1]
    assert headers["user-agent"].startswith("BletchleyQA/")
    assert headers["host"] == site.url.removeprefix("http://")


def test_unchanged_page_costs_no_download(site: Site, downloader: Downloader) -> None:
    site.page("/law", "", 304)
    found = downloader.get(f"{site.url}/law", etag='"v1"', last_modified="Wed, 01 Nov 2023 10:00:00 GMT")
    assert found.unchanged
    assert site.asked[0][1]["if-none-match"] == '"v1"'
    assert site.asked[0][1]["if-modified-since"] == "Wed, 01 Nov 2023 10:00:00 GMT"


def test_redirects_are_followed_and_a_lasting_one_is_told(site: Site, downloader: Downloader) -> None:
    site.redirect("/old", "/new", 301)
    site.redirect("/new", f"{site.url}/now", 302)
    site.page("/now", "<p>words</p>")
    found = downloader.get(f"{site.url}/old")
    assert (found.final_url, found.moved_to) == (f"{site.url}/now", f"{site.url}/new")


@pytest.mark.parametrize(
    ("target", "error", "says"),
    [
        ("/loop", FetchFailed, "redirects more than 3 times"),
        ("ftp://example.org/x", AddressRefused, "is not a web address"),
        ("http://user:secret@127.0.0.1/", AddressRefused, "carries a user name or password"),
        ("http://[::1", FetchFailed, "broke off (RemoteProtocolError)"),
    ],
)
def test_bad_redirect_is_refused(
    site: Site, downloader: Downloader, target: str, error: type[FetchFailed], says: str
) -> None:
    site.redirect("/loop", target)
    with pytest.raises(error) as caught:
        downloader.get(f"{site.url}/loop")
    assert says in str(caught.value)
    assert "secret" not in str(caught.value)


def test_redirect_into_a_private_network_is_refused(site: Site) -> None:
    """The first host is public by name; the redirect leads to 10.0.0.7, which is never contacted."""
    site.redirect("/out", "http://inside.example/admin")
    addresses = {"public.example": ["127.0.0.1"], "inside.example": ["10.0.0.7"]}
    public = {"127.0.0.1"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sources.fetch.addresses.is_public", lambda address: address in public)
        downloader = Downloader(QUICK, resolver=lambda host, _port: addresses[host])
        with pytest.raises(
            AddressRefused, match=r"^'inside\.example' leads to 10\.0\.0\.7, which is not a public address"
        ):
            downloader.get(f"{site.url.replace('127.0.0.1', 'public.example')}/out")
    assert [path for path, _ in site.asked] == ["/out"]
    assert site.asked[0][1]["host"].startswith("public.example:")


def test_protected_page_may_not_redirect_to_an_unprotected_one(downloader: Downloader) -> None:
    class Answer:
        status_code = 301
        headers = {"location": "http://town.example/law"}

    class Held:
        def __enter__(self) -> Answer:
            return Answer()

        def __exit__(self, *_error: object) -> None:
            pass

    downloader._request = lambda *_: Held()  # type: ignore[method-assign, assignment, return-value]
    with pytest.raises(AddressRefused, match=r"redirects to the unprotected 'http://town\.example/law'"):
        downloader.get("https://town.example/law")


def test_the_checked_address_is_the_one_connected_to(site: Site) -> None:
    """A second look-up cannot lead elsewhere: there is none."""
    asked: list[str] = []

    def once(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["203.0.113.9"]

    site.page("/law", "<p>words</p>")
    found = Downloader(QUICK, allow_private=True, resolver=once).get(
        site.url.replace("127.0.0.1", "town.example") + "/law"
    )
    assert found.content == b"<p>words</p>"
    assert asked == ["town.example"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_passing_trouble_is_tried_again(site: Site, downloader: Downloader, status: int) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        if len(site.asked) < 3:
            request.send_error(status)
            return
        site.page("/law", "<p>words</p>")
        site.pages["/law"](request)

    site.pages["/law"] = answer
    assert downloader.get(f"{site.url}/law").content == b"<p>words</p>"
    assert len(site.asked) == 3


def test_lasting_trouble_is_told_after_three_tries(site: Site, downloader: Downloader) -> None:
    site.page("/law", "busy", 503)
    with pytest.raises(
        FetchFailed, match=r"^'http://127\.0\.0\.1:\d+/law' answers with status 503; try again later\.$"
    ):
        downloader.get(f"{site.url}/law")
    assert len(site.asked) == 3


def test_back_off_grows_and_heeds_the_server(site: Site) -> None:
    pauses: list[float] = []
    limits = replace(QUICK, first_pause=1.0, longest_pause=100.0, tries=4)
    site.page("/law", "busy", 503, Retry_After="7")
    with pytest.raises(FetchFailed):
        Downloader(limits, allow_private=True, sleep=pauses.append).get(f"{site.url}/law")
    assert pauses[:2] == [7.0, 7.0]
    site.page("/law", "busy", 503)
    pauses.clear()
    with pytest.raises(FetchFailed):
        Downloader(limits, allow_private=True, sleep=pauses.append).get(f"{site.url}/law")
    assert [round(pause) for pause in pauses] == pytest.approx([1, 2, 4], abs=1)
    assert pauses == sorted(pauses)


def test_one_host_is_not_hurried(site: Site) -> None:
    pauses: list[float] = []
    site.page("/law", "<p>words</p>")
    polite = Downloader(replace(QUICK, pause_between=5.0), allow_private=True, sleep=pauses.append)
    polite.get(f"{site.url}/law")
    polite.get(f"{site.url}/law")
    assert len(pauses) == 1
    assert 4.0 < pauses[0] <= 5.0


def test_broken_connection_is_tried_again_and_told(site: Site, downloader: Downloader) -> None:
    site.pages["/law"] = drop_connection
    with pytest.raises(FetchFailed, match=r"broke off \(\w+\); try again later\.$"):
        downloader.get(f"{site.url}/law")
    assert len(site.asked) == 3


def test_silent_server_is_given_up(site: Site, downloader: Downloader) -> None:
    site.pages["/law"] = lambda _request: time.sleep(1.0)
    with pytest.raises(FetchFailed, match=r"did not answer in time; try again later\.$"):
        replace(downloader, limits=replace(QUICK, tries=1, read_seconds=0.2)).get(f"{site.url}/law")


def test_dripping_server_is_given_up(site: Site, downloader: Downloader) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/html")
        request.end_headers()
        try:
            for _ in range(100):
                request.wfile.write(b"x" * 70_000)
                time.sleep(0.05)
        except OSError:
            return

    site.pages["/law"] = drip
    limits = replace(QUICK, tries=1, total_seconds=0.2, most_bytes=10**9)
    with pytest.raises(FetchFailed, match=r"takes longer than 0\.2 seconds"):
        replace(downloader, limits=limits).get(f"{site.url}/law")


def test_nobody_there_is_told(downloader: Downloader) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchFailed, match=r"^'127\.0\.0\.1' cannot be reached; check the network"):
        downloader.get(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("how", ["said", "unsaid", "packed"])
def test_too_large_a_page_is_refused(site: Site, downloader: Downloader, how: str) -> None:
    raw = b"<p>" + b"x" * 5_000_000
    if how == "packed":
        site.page("/law", gzip.compress(raw), Content_Encoding="gzip")
    elif how == "said":
        site.page("/law", raw)
    else:

        def endless(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Type", "text/html")
            request.end_headers()
            try:
                request.wfile.write(raw)
            except OSError:
                return

        site.pages["/law"] = endless
    with pytest.raises(FetchFailed, match=r"is larger than 200,000 bytes"):
        downloader.get(f"{site.url}/law")


def test_wrong_type_is_refused(site: Site, downloader: Downloader) -> None:
    site.page("/law", b"\x89PNG", Content_Type="image/png")
    with pytest.raises(FetchFailed, match=r"is of type 'image/png', not a page, PDF, Word or text file"):
        downloader.get(f"{site.url}/law")


@pytest.mark.parametrize(
    ("content", "declared", "expected"),
    [
        (b"%PDF-1.7\n", ".html", ".pdf"),
        (b"PK\x03\x04", "", ".docx"),
        (b"\n<!DOCTYPE html><p>", ".txt", ".html"),
        (b"words", ".txt", ".txt"),
        (b"words", "", ".md"),
    ],
)
def test_format_is_told_by_the_content_first(content: bytes, declared: str, expected: str) -> None:
    assert suffix_of(content, declared, "http://town.example/rules.md") == expected
