"""A small shelf of texts and an answerer that needs no index, for every test of the page."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests_support import cite

from index.passage import Hit, Passage, SearchMethod
from rag.answer import Answer, Claim, Rejection, Status, Support
from rag.question import Turn
from sources.catalogue import Catalogue, CatalogueEntry
from sources.edition import Edition, Origin, Unit, UnitKind
from sources.structure import detect_kind
from ui.environment import silence_network
from ui.running import Settings, Site
from ui.service import Service

if TYPE_CHECKING:
    from playwright.sync_api import Browser

silence_network()

DECLARATION_EN = (
    "AI presents enormous global opportunities.\n\n"
    "There is potential for serious, even catastrophic, harm. Many risks are international in nature.\n\n"
    "We resolve to work together in an inclusive manner."
)
DECLARATION_ZH = "宣言认为人工智能带来巨大机遇。\n\n宣言警告可能造成严重乃至灾难性的损害。许多风险具有国际性。\n\n各方决心以包容的方式合作。"
MEASURES_ZH = (
    "第十三条 灯塔看守人每晚日落时点灯。\n\n"
    "第十四条 看守人见到违法内容的，先把灯熄掉，再写进值班簿，并在天亮前告诉港务员。\n\n"
    "第十五条 港口设意见箱，谁都可以投信。"
)


def make_edition(
    source_id: str, language: str, origin: Origin, title: str, text: str, locator: str = "p{}", url: str = ""
) -> Edition:
    """An edition whose paragraphs are its units, counted from 1 by `locator`."""
    units, at = [], 0
    for number, paragraph in enumerate(text.split("\n\n"), 1):
        units.append(Unit(locator.format(number), UnitKind.TEXT, at, at + len(paragraph), at))
        at += len(paragraph) + 2
    return Edition(source_id, language, origin, title, text, tuple(units), detect_kind(text), date(2026, 1, 2), url)


def make_hit(edition: Edition, number: int, score: float) -> Hit:
    """The numbered unit of an edition as a hit."""
    unit = edition.units[number]
    passage = Passage(
        f"{edition.key}-{number}", edition.key, edition.source_id, edition.language, edition.origin, unit.locator, unit.start, unit.end,
        edition.title, edition.text_of(unit),
    )  # fmt: skip
    methods = {SearchMethod.LEXICAL: score, SearchMethod.DENSE: score / 2}
    return Hit(passage, score, methods, dict.fromkeys(methods, number + 1))


class FakeShelf:
    """Three small texts, one of them as a digest."""

    id = "0123456789abcdef"

    def __init__(self, *extra: Edition) -> None:
        texts = (
            make_edition(
                "bletchley-declaration",
                "en",
                Origin.OFFICIAL,
                "The Bletchley Declaration",
                DECLARATION_EN,
                url="https://www.gov.uk/d",
            ),
            make_edition("bletchley-declaration", "zh", Origin.DIGEST, "《布莱奇利宣言》", DECLARATION_ZH),
            make_edition(
                "genai-interim-measures",
                "zh",
                Origin.OFFICIAL,
                "生成式人工智能服务管理暂行办法",
                MEASURES_ZH,
                "art1{}.1",
            ),
            *extra,
        )
        self.editions = {edition.key: edition for edition in texts}

    def search(self, query: str, *, limit: int = 10) -> list[Hit]:
        """The first unit of every text, whatever is asked."""
        hits = [make_hit(edition, 0, 0.9 - place / 10) for place, edition in enumerate(self.editions.values())]
        return hits[:limit]


class FakeAnswerer:
    """Answers a few known questions; everything else is not in the sources, and “!” breaks."""

    def __init__(self, shelf: FakeShelf, delay: float = 0.0) -> None:
        self.shelf = shelf
        self.delay = delay
        self.histories: list[Sequence[Turn]] = []

    def answer(self, question: str, *, history: Sequence[Turn] = (), language: str | None = None) -> Answer:
        """A hand-made answer."""
        time.sleep(self.delay)
        self.histories.append(tuple(history))
        if question == "!":
            raise RuntimeError("secret path /srv/private")
        english = language == "en" or question.isascii()
        return self._known(question, english) or self._unknown(question, english)

    def _known(self, question: str, english: bool) -> Answer | None:
        declaration, digest = (
            self.shelf.editions["bletchley-declaration.en"],
            self.shelf.editions["bletchley-declaration.zh.digest"],
        )
        measures = self.shelf.editions["genai-interim-measures.zh"]
        spoken = "en" if english else "zh"
        harm = cite(declaration, "There is potential for serious, even catastrophic, harm.", spoken)
        together = cite(declaration, "We resolve to work together in an inclusive manner.", spoken)
        claims: tuple[Claim, ...]
        if "harm" in question or "Declaration" in question:
            claims = (
                Claim(harm.quote, Support.VERBATIM, (harm,)),
                Claim(together.quote, Support.VERBATIM, (together,)),
            )
        elif "宣言" in question and "相比" in question:
            article = cite(measures, "先把灯熄掉，再写进值班簿，并在天亮前告诉港务员。")
            claims = (
                Claim("宣言警告可能造成严重乃至灾难性的损害。", Support.GLOSS, (harm,), "《布莱奇利宣言》"),
                Claim(article.quote, Support.VERBATIM, (article,), "《暂行办法》"),
            )
        elif "宣言" in question:
            claims = (Claim("宣言警告可能造成严重乃至灾难性的损害。", Support.GLOSS, (harm,)),)
        elif "目标" in question:
            own = cite(digest, "许多风险具有国际性。")
            claims = (Claim(own.quote, Support.VERBATIM, (own,)),)
        elif "违法内容" in question:
            article = cite(measures, "看守人见到违法内容的，先把灯熄掉，再写进值班簿，并在天亮前告诉港务员。")
            claims = (Claim(article.quote, Support.VERBATIM, (article,)),)
        else:
            return None
        hits = tuple(
            make_hit(edition, number, 0.9 - number / 5) for edition in (declaration, digest) for number in range(2)
        )
        return Answer(
            question, spoken, Status.ANSWERED, claims, confidence=0.8, hits=hits, rejected=(Rejection(hits[1], "scored lower"),),
            timings_ms={"retrieve": 1.25, "total": 3.5}, index_id=self.shelf.id,
            standalone="《布莱奇利宣言》怎么说？" if question.startswith("那") else None,
        )  # fmt: skip

    def _unknown(self, question: str, english: bool) -> Answer:
        near = cite(self.shelf.editions["bletchley-declaration.en"], "Many risks are international in nature.")
        reason = "The texts do not say." if english else "所收文本没有说明这一点。"
        return Answer(
            question, "en" if english else "zh", Status.NOT_IN_SOURCES, (), reason, (near,), index_id=self.shelf.id
        )


def make_catalogue() -> Catalogue:
    """One entry: the measures, in force, with an official page."""
    entry = CatalogueEntry.model_validate(
        {
            "id": "genai-interim-measures",
            "kind": "law",
            "title": {"zh": "生成式人工智能服务管理暂行办法", "en": "Interim Measures"},
            "issuer": {"zh": "国家互联网信息办公室等七部门", "en": "Cyberspace Administration of China and others"},
            "status": "in-force",
            "status_as_of": date(2026, 1, 2),
            "edition": [{"language": "zh", "origin": "official", "url": "https://www.cac.gov.cn/x.htm"}],
        }
    )
    return Catalogue((entry,))


@pytest.fixture
def shelf() -> FakeShelf:
    """The small texts."""
    return FakeShelf()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder of its own, and one for results."""
    return Settings(data_folder=tmp_path / "data", result_folders=(tmp_path / "runs",))


@pytest.fixture
def site(service: Service, settings: Settings) -> Site:
    """The shared parts of a server over the small texts."""
    return Site(service, settings)


@pytest.fixture
def app(service: Service, settings: Settings) -> Any:
    """The whole application over the small texts, without the chat page."""
    from ui.server import create_app

    return create_app(service, with_page=False, settings=settings)


@pytest.fixture
def service(shelf: FakeShelf) -> Service:
    """The small texts and their answerer."""
    return Service(FakeAnswerer(shelf), shelf, make_catalogue())


@contextmanager
def running(service: Service, *, port: int = 0, **settings: Any) -> Iterator[str]:
    """The whole application on a free port; its address."""
    from ui.server import Server, address_of, create_app, listen

    listener = listen("127.0.0.1", port)
    server = Server(create_app(service, **settings))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    yield address_of(listener)
    server.should_exit = True
    thread.join(10)
    listener.close()


@pytest.fixture(scope="session")
def serve_for_test() -> Callable[..., object]:
    """`running`, for tests that bring their own service."""
    return running


@pytest.fixture(scope="session")
def page_address() -> Iterator[str]:
    """The application over the small texts, served once for all browser tests."""
    shelf = FakeShelf()
    with running(Service(FakeAnswerer(shelf), shelf, make_catalogue())) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a screen, or a skip where there is none."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium on this machine; install the package chromium to run the browser tests")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
    with playwright.sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=chromium, args=flags)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where pictures of the page go; not in the repository."""
    folder = Path(__file__).parents[2] / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
