"""Texts from the network, from the sources page: what is refused, what is read, progress, and in a real browser."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ui_browser import FakeRebuilding, Serve, visit
from ui_calls import call
from web_support import QUICK, Site

from sources.catalogue import Catalogue, CatalogueEntry
from sources.collection import Collection
from sources.fetch.download import Downloader
from ui.fetching import Fetching
from ui.running import Settings
from ui.server import create_app
from ui.service import Service
from ui.texts import supported, words

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TOKEN = "a long enough token"
CHARTER = (
    "<html><head><title>Harbour charter</title></head><body><article><h1>Harbour charter</h1>{}</article></body></html>"
)
WORDS = "".join(
    f"<p>Rule {n}: every ship that enters the harbour shows a lamp from dusk until dawn.</p>" for n in range(9)
)


@pytest.fixture
def web() -> Iterator[Site]:
    running = Site()
    running.page("/charter", CHARTER.format(WORDS))
    running.page("/gone", "", status=404)
    yield running
    running.close()


@pytest.fixture
def catalogue(web: Site) -> Catalogue:
    """A charter whose page is on this machine, and one whose page is gone."""

    def entry(name: str, path: str) -> CatalogueEntry:
        return CatalogueEntry.model_validate(
            {
                "id": name,
                "kind": "statement",
                "title": {"zh": "港口章程", "en": "Harbour charter"},
                "issuer": {"zh": "港务局", "en": "Harbour office"},
                "status": "in force",
                "status_as_of": date(2026, 1, 2),
                "edition": [{"language": "en", "origin": "official", "url": web.url + path}],
            }
        )

    return Catalogue((entry("charter", "/charter"), entry("lost-charter", "/gone")))


@pytest.fixture
def harbour(service: Service, catalogue: Catalogue) -> Service:
    return Service(service.answerer, service.shelf, catalogue)


def open_app(harbour: Service, folder: Path, **settings: Any) -> Any:
    return create_app(harbour, with_page=False, settings=Settings(data_folder=folder / "data", **settings))


def finished(app: Any, **request: Any) -> dict[str, Any]:
    deadline = time.monotonic() + 30
    while (job := call(app, "GET", "/v1/fetch", **request).json())["state"] == "running":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert isinstance(job, dict)
    return job


def test_official_texts_are_fetched_page_by_page(harbour: Service, tmp_path: Path) -> None:
    """What is read is held and waits for a rebuild; what is gone is told; a second time nothing has changed."""
    app = open_app(harbour, tmp_path, allow_private=True)
    assert call(app, "POST", "/v1/fetch", json={}).status_code == 202
    job = finished(app)
    assert (job["state"], job["done"], job["of"], job["good"]) == ("done", 2, 2, 1)
    assert [line["state"] for line in job["lines"]] == ["read", "missing"]
    assert (tmp_path / "data" / "texts" / "charter.en.txt").exists()
    assert "added; used after a rebuild" in call(app, "GET", "/sources", params={"language": "en"}).text
    call(app, "POST", "/v1/fetch", json={"ids": ["charter"]})
    again = finished(app)
    assert (again["of"], [line["state"] for line in again["lines"]]) == (1, ["unchanged"])


def test_a_page_is_added_by_its_address(harbour: Service, tmp_path: Path, web: Site) -> None:
    """The text of any page is held under a name of its own."""
    web.page("/rules/night-watch.html", CHARTER.format(WORDS).replace("Harbour charter", "Night watch"))
    app = open_app(harbour, tmp_path, allow_private=True)
    assert call(app, "POST", "/v1/fetch/page", json={"url": web.url + "/rules/night-watch.html"}).status_code == 202
    job = finished(app)
    assert (job["state"], job["good"]) == ("done", 1)
    assert job["lines"][0]["id"] == "night-watch"
    assert job["lines"][0]["units"] >= 9


@pytest.mark.parametrize(
    "target", ["{own}/charter", "http://127.0.0.1:1/", "http://[::1]/", "http://169.254.169.254/x", "http://10.0.0.1/"]
)
def test_private_addresses_are_refused(harbour: Service, tmp_path: Path, web: Site, target: str) -> None:
    """No address of a private network is asked from the page, the server itself least of all."""
    app = open_app(harbour, tmp_path)
    call(app, "POST", "/v1/fetch/page", json={"url": target.format(own=web.url)})
    job = finished(app)
    assert (job["state"], job["good"]) == ("failed", 0)
    assert job["lines"][0]["state"] == "refused"
    assert "not a public address" in job["lines"][0]["text"]
    assert web.asked == []
    assert not (tmp_path / "data" / "texts").exists()


def test_a_catalogue_page_in_a_private_network_is_refused(harbour: Service, tmp_path: Path, web: Site) -> None:
    """The same rule holds for addresses of the catalogue."""
    app = open_app(harbour, tmp_path)
    call(app, "POST", "/v1/fetch", json={"ids": ["charter"]})
    job = finished(app)
    assert (job["good"], job["lines"][0]["state"]) == (0, "failed")
    assert web.asked == []


def test_messages_hold_no_path_of_the_machine(harbour: Service, tmp_path: Path) -> None:
    """A damaged record in the data folder is told by name."""
    (tmp_path / "data" / "pages").mkdir(parents=True)
    (tmp_path / "data" / "pages" / "charter.en.json").write_text("{", encoding="utf-8")
    app = open_app(harbour, tmp_path, allow_private=True)
    call(app, "POST", "/v1/fetch", json={"ids": ["charter"]})
    job = finished(app)
    assert job["state"] == "failed"
    assert "not a page record" in job["lines"][0]["text"]
    assert str(tmp_path) not in str(job)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/fetch/page", {"url": "file:///etc/passwd"}, 422),
        ("/v1/fetch/page", {"url": "gopher://x/"}, 422),
        ("/v1/fetch/page", {"url": "https://" + "x" * 2000}, 422),
        ("/v1/fetch/page", {}, 422),
        ("/v1/fetch", {"ids": ["../x"]}, 422),
        ("/v1/fetch", {"ids": ["no-such"]}, 404),
    ],
)
def test_odd_wishes_are_refused(
    harbour: Service, tmp_path: Path, path: str, body: dict[str, object], status: int
) -> None:
    """One sentence each; nothing starts."""
    app = open_app(harbour, tmp_path)
    answer = call(app, "POST", path, json=body)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert finished(app)["state"] == "idle"


DOORS = [("POST", "/v1/fetch", {}), ("POST", "/v1/fetch/page", {"url": "https://example.org/"}),
         ("GET", "/v1/fetch", None), ("DELETE", "/v1/fetch", None)]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body"), DOORS)
def test_the_doors_need_the_token(harbour: Service, tmp_path: Path, method: str, path: str, body: object) -> None:
    """From elsewhere nobody fetches without a token, from here nobody with a wrong one, and no other site's page."""
    elsewhere = open_app(harbour, tmp_path, is_local=False)
    assert call(elsewhere, method, path, json=body).status_code == 403
    guarded = open_app(harbour, tmp_path, admin_token=TOKEN)
    assert call(guarded, method, path, json=body, headers={"authorization": "Bearer wrong"}).status_code == 401
    assert call(guarded, method, path, json=body, headers={"origin": "https://evil.example"}).status_code == 403


def test_one_job_at_a_time_and_it_can_be_stopped(harbour: Service, tmp_path: Path, web: Site) -> None:
    """A second job is refused while one runs; a stop ends it after the page being read."""
    app = open_app(harbour, tmp_path, allow_private=True)
    web.pages["/charter"] = lambda request: (time.sleep(1.0), request.send_error(404))[1]
    call(app, "POST", "/v1/fetch", json={})
    assert call(app, "POST", "/v1/fetch", json={}).status_code == 409
    assert call(app, "DELETE", "/v1/fetch").status_code == 202
    job = finished(app)
    assert (job["state"], job["done"], job["of"]) == ("stopped", 1, 2)
    assert [path for path, _ in web.asked] == ["/charter"]


def test_a_server_that_is_slow_or_large_ends_in_a_sentence(tmp_path: Path, catalogue: Catalogue, web: Site) -> None:
    """Limits of the downloader hold for jobs as well."""
    web.page("/charter", "x" * 300_000)
    fetching = Fetching(tmp_path, lambda: Downloader(QUICK, allow_private=True))
    assert fetching.add_page(catalogue, web.url + "/charter")
    deadline = time.monotonic() + 20
    while fetching.progress.state == "running":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert fetching.progress.state == "failed"
    assert "larger than" in fetching.progress.lines[0].text


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "language", "look"),
    [(1280, "zh-CN", "dark"), (360, "zh-TW", "light"), (1280, "en-GB", "light"), (360, "en-GB", "dark")],
)
def test_sources_are_added_in_the_browser(
    browser: Browser,
    harbour: Service,
    serve_for_test: Serve,
    web: Site,
    tmp_path: Path,
    screenshots: Path,
    width: int,
    language: str,
    look: str,
) -> None:
    """A folder with its notes, a page, an official text; each shows in the list; the plan; and removing asks first."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "watch.txt").write_text("The watch lights the lamp at dusk.\n\nIt rests at dawn.", encoding="utf-8")
    (folder / "watch.json").write_text('{"id": "night-watch", "title": "The night watch"}', encoding="utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    settings = Settings(allow_private=True, data_folder=tmp_path / "data", result_folders=())
    rebuilding = FakeRebuilding(tmp_path / "index", lambda: Collection([], {}), lambda _: None)  # type: ignore[arg-type, return-value]
    with (
        serve_for_test(harbour, settings=settings, rebuilding=rebuilding) as address,
        visit(browser, address, width=width, language=language, look=look) as visitor,
    ):
        page = visitor.page
        page.goto(address + "/sources")
        page.locator(".admin summary").click()
        page.locator("#new-folder").set_input_files(folder)
        left_out = words(supported(language))["files_skipped"].format(names="picture.png")
        assert page.locator("#chosen").inner_text().splitlines()[1:] == [left_out]
        assert "watch.txt" in page.locator("#chosen").inner_text()
        page.click("#add-files")
        page.wait_for_selector("#source-list #night-watch")
        assert left_out in page.locator("#admin-log").inner_text()
        assert "The night watch" in page.locator("#night-watch h2").inner_text()
        page.fill("#new-page", "ftp://example.org")
        page.click("#add-page")
        page.wait_for_selector("#admin-log .problem")
        page.fill("#new-page", web.url + "/charter")
        page.press("#new-page", "Enter")
        page.wait_for_selector("#admin-log .good")
        page.locator('[data-fetch="lost-charter"]').click()
        visitor.until("document.querySelectorAll('#admin-log .problem').length >= 2")
        visitor.until("!document.querySelector('#plan').disabled")
        assert page.locator("#fetch-stop").is_hidden()
        failed = page.locator("#admin-log .problem").last.inner_text()
        assert re.search(r": .+ \(.+\)$" if language == "en-GB" else r"：.+（.+）$", failed), failed
        page.screenshot(path=screenshots / f"adding-{width}-{language}-{look}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        remove = page.locator('[data-remove="night-watch"]')
        remove.click()
        assert (tmp_path / "data" / "texts" / "night-watch.en.txt").exists()
        remove.click()
        page.wait_for_selector("#night-watch", state="detached")
        assert not (tmp_path / "data" / "texts" / "night-watch.en.txt").exists()
        assert page.locator("#charter .badge").count() == 1
