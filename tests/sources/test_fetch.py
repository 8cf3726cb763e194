"""Fetching the catalogue's editions: what is held, what changed, what is gone; nothing that is held is lost."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from tests_support import GARDEN_LAW
from web_support import Site

from sources.__main__ import main
from sources.catalogue import Catalogue, CatalogueEntry
from sources.errors import BadMetadata
from sources.fetch.download import Downloader
from sources.fetch.judge import is_barrier, is_whole, leads_home, says_gone
from sources.fetch.official import Fetcher, published_editions
from sources.fetch.snapshots import PageState, SnapshotStore
from sources.holdings import Holdings
from sources.library import DigestEntry
from sources.load import load_file
from sources.status import status_of_sources

LAW_PAGE = (
    "<html><head><meta charset=utf-8></head><body><nav><a href=/>首页</a></nav><h1>园林管理办法</h1>"
    + "".join(f"<p>{line}</p>" for line in GARDEN_LAW.split("\n")[1:] if line)
    + "</body></html>"
)


@pytest.mark.parametrize(
    ("text", "gone", "barrier"),
    [
        ("404\n\nPage not found", True, False),
        ("抱歉，您访问的页面不存在或已删除。", True, False),
        ("Sorry, we can’t find that page", True, False),
        ("Please enable JavaScript and verify you are human", False, True),
        ("The park opens at seven.", False, False),
        ("A 404 is told in this long text. " * 100, False, False),
    ],
)
def test_notices_are_told_from_texts(text: str, gone: bool, barrier: bool) -> None:
    assert (says_gone(text), is_barrier(text)) == (gone, barrier)


@pytest.mark.parametrize(
    ("url", "final", "home"),
    [
        ("https://t.example/law/1", "https://t.example/", True),
        ("https://t.example/law/1", "https://t.example/index.html", True),
        ("https://t.example/law/1", "https://t.example/law/1-final", False),
        ("https://t.example/", "https://t.example/", False),
    ],
)
def test_front_page_instead_of_a_text(url: str, final: str, home: bool) -> None:
    assert leads_home(url, final) is home


def test_page_about_a_text_is_not_the_text(tmp_path: Path) -> None:
    (tmp_path / "law.txt").write_text(GARDEN_LAW, encoding="utf-8")
    edition = load_file(tmp_path / "law.txt", Catalogue(()))
    own = [DigestEntry(locator, {}, "", 1) for locator in ("art1.1", "art2.1", "art2.1.1", "art3.1")]
    other = [DigestEntry(f"recital{number}", {}, "", 1) for number in range(9)]
    assert is_whole(edition, own)
    assert not is_whole(edition, other)


class Garden:
    """A catalogue of one law on the site, with empty holdings."""

    def __init__(self, site: Site, folder: Path, downloader: Downloader) -> None:
        row = {
            "id": "garden-law", "kind": "law", "status": "in force",
            "title": {"zh": "园林管理办法", "en": "Garden law"}, "issuer": {"zh": "镇", "en": "Town"},
            "edition": [{"language": "zh", "origin": "official", "url": f"{site.url}/law", "licence": "public"}],
        }  # fmt: skip
        self.catalogue = Catalogue((CatalogueEntry.model_validate(row),))
        self.entry, self.published = next(published_editions(self.catalogue, []))
        self.holdings, self.store = Holdings(folder), SnapshotStore(folder)
        self._downloader = downloader

    def fetch(self, *, offline: bool = False) -> PageState:
        """One run of the command: a new fetcher each time."""
        fetcher = Fetcher(self.catalogue, self.holdings, self.store, None if offline else self._downloader)
        return fetcher.fetch(self.entry, self.published).state

    def text(self) -> str:
        return self.holdings.text_of("garden-law", "zh") or ""

    def status(self) -> str:
        held = self.holdings.load(self.catalogue).editions
        return "\n".join(status_of_sources(self.catalogue, held, self.store)[0].lines())


@pytest.fixture
def garden(site: Site, tmp_path: Path, downloader: Downloader) -> Garden:
    site.page("/law", LAW_PAGE, ETag='"1"')
    return Garden(site, tmp_path / "data", downloader)


def test_fetched_text_is_held_with_its_snapshot_and_day(garden: Garden, tmp_path: Path) -> None:
    assert garden.fetch() is PageState.READ
    assert garden.text() == GARDEN_LAW
    record = garden.store.record("garden-law", "zh")
    assert record is not None
    assert record.latest is not None
    assert garden.store.content(record.latest) == LAW_PAGE.encode()
    assert record.latest.read_on == record.checked_on
    held = garden.holdings.load(garden.catalogue).editions[0]
    assert held.url == garden.published.url
    assert len(list((tmp_path / "data" / "snapshots").rglob("*.html"))) == 1
    assert "zh fetched (read " in garden.status()


def test_every_version_is_kept_and_a_change_is_told(garden: Garden, site: Site) -> None:
    garden.fetch()
    site.page("/law", LAW_PAGE.replace("五十元", "一百元"), ETag='"2"')
    assert garden.fetch() is PageState.CHANGED
    assert "一百元" in garden.text()
    record = garden.store.record("garden-law", "zh")
    assert record is not None
    assert [garden.store.content(snapshot).count("一百元".encode()) for snapshot in record.history] == [0, 1]
    assert "zh page changed on" in garden.status()


def test_page_with_the_same_words_is_unchanged(garden: Garden, site: Site) -> None:
    garden.fetch()
    site.page("/law", LAW_PAGE.replace("首页", "首 页"), ETag='"2"')
    assert garden.fetch() is PageState.UNCHANGED


def test_unchanged_page_is_asked_for_with_its_validator(garden: Garden, site: Site) -> None:
    garden.fetch()
    site.page("/law", "", 304)
    assert garden.fetch() is PageState.UNCHANGED
    assert site.asked[-1][1]["if-none-match"] == '"1"'
    assert garden.text() == GARDEN_LAW


def test_removed_text_is_fetched_anew_without_the_validator(garden: Garden, site: Site) -> None:
    garden.fetch()
    garden.holdings.remove("garden-law")
    assert garden.fetch() is PageState.READ
    assert "if-none-match" not in site.asked[-1][1]


@pytest.mark.parametrize(
    ("content", "status", "expected"),
    [
        ("gone", 404, PageState.MISSING),
        ("gone", 410, PageState.MISSING),
        ("forbidden", 403, PageState.FAILED),
        ("busy", 500, PageState.FAILED),
        ("<h1>404</h1><p>Page not found</p>", 200, PageState.SOFT_MISSING),
        ("<p>您访问的页面不存在</p>", 200, PageState.SOFT_MISSING),
        ("<p>安全验证</p>", 200, PageState.NOT_THE_TEXT),
        ("<p>The garden law is told of here in another language.</p>", 200, PageState.NOT_THE_TEXT),
        ("<script>render()</script>", 200, PageState.NOT_THE_TEXT),
    ],
)
def test_whatever_fails_what_is_held_stays(
    garden: Garden, site: Site, content: str, status: int, expected: PageState
) -> None:
    garden.fetch()
    site.page("/law", content, status)
    assert garden.fetch() is expected
    assert garden.text() == GARDEN_LAW
    assert f"zh page {expected.value} on" in garden.status()
    site.page("/law", LAW_PAGE, ETag='"1"')
    assert garden.fetch() is PageState.UNCHANGED


def test_deep_page_that_leads_home_is_missing(garden: Garden, site: Site) -> None:
    site.redirect("/law", "/", 302)
    site.page("/", LAW_PAGE)
    assert garden.fetch() is PageState.SOFT_MISSING
    assert garden.text() == ""


def test_moved_page_is_read_and_told(garden: Garden, site: Site) -> None:
    site.redirect("/law", "/laws/garden", 308)
    site.page("/laws/garden", LAW_PAGE)
    assert garden.fetch() is PageState.READ
    assert f"zh page has moved to {site.url}/laws/garden" in garden.status()


def test_users_own_text_is_never_replaced(garden: Garden, tmp_path: Path) -> None:
    (tmp_path / "garden-law.zh.txt").write_text(GARDEN_LAW + "\n第四条 本办法由镇长解释。\n", encoding="utf-8")
    garden.holdings.add(load_file(tmp_path / "garden-law.zh.txt", garden.catalogue))
    garden.fetch()
    assert "第四条" in garden.text()
    assert "zh own (read " in garden.status()
    assert "Your own text is held and stays" in garden.status()


def test_offline_reads_the_last_snapshot_again_and_asks_nobody(garden: Garden, site: Site) -> None:
    assert garden.fetch(offline=True) is PageState.FAILED
    garden.fetch()
    garden.holdings.remove("garden-law")
    asked = len(site.asked)
    assert garden.fetch(offline=True) is PageState.READ
    assert garden.text() == GARDEN_LAW
    assert len(site.asked) == asked


def test_damaged_snapshot_and_record_are_named(garden: Garden, tmp_path: Path) -> None:
    garden.fetch()
    record = garden.store.record("garden-law", "zh")
    assert record is not None
    assert record.latest is not None
    next((tmp_path / "data" / "snapshots").rglob("*.html")).write_bytes(b"other")
    with pytest.raises(BadMetadata, match=r"is damaged; remove that file and fetch again\.$"):
        garden.store.content(record.latest)
    (tmp_path / "data" / "pages" / "garden-law.zh.json").write_text('{"id": 1}', encoding="utf-8")
    with pytest.raises(BadMetadata, match=r"^garden-law\.zh\.json is not a page record; "):
        garden.store.record("garden-law", "zh")


def test_commands_fetch_add_and_status(
    garden: Garden, site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sources.__main__.Holdings", lambda: garden.holdings)
    monkeypatch.setattr("sources.__main__.load_catalogue", lambda: garden.catalogue)
    assert main(["fetch", "garden-law"]) == 1
    assert (
        "leads to 127.0.0.1, which is not a public address; allow it with --allow-private." in capsys.readouterr().err
    )
    assert main(["fetch", "--allow-private"]) == 0
    assert "garden-law (zh): 9 units are held." in capsys.readouterr().out
    assert main(["fetch", "nothing"]) == 1
    assert "No source 'nothing' is in the catalogue" in capsys.readouterr().err

    site.page("/pond-rules.html", "<h1>Pond rules</h1><p>Nobody swims here in winter.</p>")
    assert main(["add", f"{site.url}/pond-rules.html"]) == 1
    assert "is not a public address" in capsys.readouterr().err
    assert main(["add", "--allow-private", f"{site.url}/pond-rules.html"]) == 0
    assert "added as pond-rules (en, 2 units)." in capsys.readouterr().out
    assert main(["add", "--allow-private", f"{site.url}/law"]) == 0
    assert "recognised as garden-law (zh, 9 units)." in capsys.readouterr().out
    assert main(["add", "--allow-private", f"{site.url}/none"]) == 1
    assert "answers with status 404; check the address." in capsys.readouterr().err

    assert main(["status", "--json"]) == 0
    told = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert told["garden-law"]["licences"] == ["public"]
    assert told["garden-law"]["legal_status"] == "in force"
    assert told["garden-law"]["pages"][0]["state"] == "read"
    assert [held["kind"] for held in told["pond-rules"]["held"]] == ["own"]


def test_nothing_is_contacted_by_the_other_commands(
    garden: Garden, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr("sources.__main__.Holdings", lambda: garden.holdings)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    (tmp_path / "law.txt").write_text(GARDEN_LAW, encoding="utf-8")
    assert main(["add", str(tmp_path / "law.txt")]) == 0
    assert main(["fetch", "bletchley-declaration", "--offline"]) == 1
    assert main(["status"]) == 0
    assert main(["list"]) == 0
    assert "bletchley-declaration" in capsys.readouterr().out
