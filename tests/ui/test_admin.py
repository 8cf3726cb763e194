"""Changing the sources from the page, and following a new generation of the index."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests_support import GARDEN_LAW, GARDEN_NEWS, TopicEmbedder, make_edition
from ui_calls import call

from index.build import build_index
from index.live import LiveIndex
from index.store import PassageIndex
from rag.answerer import Answerer
from sources.catalogue import Catalogue
from sources.collection import Collection
from sources.edition import Edition
from sources.holdings import Holdings
from ui.__main__ import main
from ui.rebuilding import Rebuilding
from ui.running import Settings
from ui.security import UPLOAD_LIMIT
from ui.server import create_app
from ui.service import LiveService, Service

TOKEN = "a long enough token"
LETTERS = "海边的灯塔有一百级台阶，看守人每晚点灯。\n\n第二段说到港口里的船。"


def put(app: Any, name: str, content: bytes, **request: Any) -> httpx.Response:
    return call(app, "PUT", f"/v1/sources/files/{name}", content=content, **request)


def test_files_are_added_and_removed(app: Any, settings: Settings) -> None:
    """A text goes to the data folder, is shown as waiting for a rebuild, and can be forgotten."""
    added = put(app, "lighthouse.zh.txt", LETTERS.encode(), params={"title": "灯塔"})
    assert added.status_code == 201
    assert added.json() == {"id": "lighthouse", "language": "zh", "title": "灯塔", "units": 2, "recognised": False}
    assert (settings.data_folder / "texts" / "lighthouse.zh.txt").exists()
    assert "added; used after a rebuild" in call(app, "GET", "/sources", params={"language": "en"}).text
    assert call(app, "DELETE", "/v1/sources/lighthouse").json() == {"removed": ["lighthouse.zh.txt"]}
    assert call(app, "DELETE", "/v1/sources/lighthouse").status_code == 404
    assert call(app, "DELETE", "/v1/sources/..%2F..%2Fx").status_code in (404, 422)


@pytest.mark.parametrize(
    ("name", "content", "status", "says"),
    [
        ("x.exe", b"MZ", 415, "cannot be read as text"),
        ("empty.txt", b"", 422, "empty.txt"),
        ("picture.txt", b"\x89PNG\x00\x00\xff\xfe", 422, "picture.txt"),
        (".hidden.txt", b"x", 422, "rename it"),
        ("a%5Cb.txt", b"x", 422, "rename it"),
        ("fr.txt", b"bonjour", 422, "'language'"),
    ],
)
def test_unfit_files_are_refused_in_a_sentence(
    app: Any, settings: Settings, tmp_path: Path, name: str, content: bytes, status: int, says: str
) -> None:
    """The sentence names the file, never a path; nothing is kept."""
    response = put(app, name, content, params={"language": "fr"} if name == "fr.txt" else {})
    assert response.status_code == status
    assert says in response.json()["error"]
    assert str(tmp_path) not in response.text
    assert "/tmp" not in response.text
    assert not list(settings.data_folder.glob("texts/*"))


def test_large_files_are_refused(app: Any) -> None:
    """The limit is told; a page's own limit elsewhere stays small."""
    response = put(app, "x.txt", b" " * (UPLOAD_LIMIT + 1))
    assert response.status_code == 413
    assert str(UPLOAD_LIMIT) in response.json()["error"]


CHANGES = [
    ("PUT", "/v1/sources/files/x.txt"), ("DELETE", "/v1/sources/x"), ("POST", "/v1/index/plan"), ("POST", "/v1/index/rebuild"),
    ("GET", "/v1/index/rebuild"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_changes_need_the_token_from_elsewhere(service: Service, tmp_path: Path, method: str, path: str) -> None:
    """Without a token configured only a local server changes anything; with one it must be right, locally too."""
    elsewhere = create_app(
        service, with_page=False, host="0.0.0.0", settings=Settings(is_local=False, data_folder=tmp_path)
    )
    assert call(elsewhere, method, path, content=b"x").status_code == 403
    guarded = create_app(service, with_page=False, settings=Settings(admin_token=TOKEN, data_folder=tmp_path))
    assert call(guarded, method, path, content=b"x").status_code == 401
    assert call(guarded, method, path, content=b"x", headers={"authorization": "Bearer wrong"}).status_code == 401
    right = call(guarded, method, path, content="灯塔与港口。".encode(), headers={"authorization": f"Bearer {TOKEN}"})
    assert right.status_code in (201, 404, 409)


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_changes_are_not_taken_from_other_sites(app: Any, method: str, path: str) -> None:
    """A page elsewhere that the reader has open cannot reach the local server's doors."""
    response = call(app, method, path, content=b"x", headers={"origin": "https://evil.example"})
    assert response.status_code == 403


def test_rebuild_is_refused_for_an_index_from_elsewhere(app: Any) -> None:
    """The sentence says how to rebuild it."""
    response = call(app, "POST", "/v1/index/rebuild")
    assert response.status_code == 409
    assert "python -m index build" in response.json()["error"]


@pytest.fixture
def living(
    tmp_path: Path, settings: Settings, embedder: TopicEmbedder, garden_editions: list[Edition],
    garden_names: dict[str, dict[str, list[str]]],
) -> tuple[Any, LiveService]:  # fmt: skip
    """A server over a real index that is rebuilt from the garden texts and what is held."""
    folder = tmp_path / "index"
    build_index(garden_editions, garden_names, folder)
    catalogue = Catalogue(())
    servicing = LiveService(LiveIndex(folder), catalogue, Answerer)

    def collect() -> Collection:
        held = Holdings(settings.data_folder).load(catalogue).editions
        editions = sorted([*garden_editions, *held], key=lambda edition: edition.key)
        names = {**garden_names, **{edition.source_id: {edition.language: [edition.title]} for edition in held}}
        return Collection(editions, names)

    rebuilding = Rebuilding(folder, collect, lambda found: build_index(found.editions, found.names, folder))
    app = create_app(servicing, with_page=False, settings=settings, rebuilding=rebuilding)
    return app, servicing


def finished(app: Any) -> dict[str, Any]:
    deadline = time.monotonic() + 20
    while (now := call(app, "GET", "/v1/index/rebuild").json())["state"] == "running":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert isinstance(now, dict)
    return now


def test_rebuild_switches_between_questions(living: tuple[Any, LiveService]) -> None:
    """Plan, rebuild, switch: the next question is answered from the new generation and names it."""
    app, servicing = living
    before = servicing.now()
    assert put(app, "lighthouse.zh.txt", LETTERS.encode()).status_code == 201
    plan = call(app, "POST", "/v1/index/plan").json()
    assert "added: 2 units" in plan["detail"]
    assert call(app, "POST", "/v1/index/rebuild").status_code == 202
    done = finished(app)
    assert done["state"] == "done", done
    assert done["index"] != before.shelf.id
    assert done["in_use"] == done["index"]
    answer = call(app, "POST", "/v1/ask", json={"question": "灯塔有多少级台阶？"}).json()
    assert answer["versions"]["index"] == done["index"]
    assert "lighthouse.zh" in servicing.now().shelf.editions
    assert "lighthouse.zh" not in before.shelf.editions  # a request that began before keeps its own
    assert call(app, "GET", "/readyz").json()["index"] == done["index"]


def test_a_failed_rebuild_leaves_the_index_alone(
    living: tuple[Any, LiveService], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failure is told without paths, and questions go on being answered."""
    app, servicing = living
    before = servicing.now().shelf.id

    def broken(*_: object) -> None:
        raise RuntimeError("secret /srv/private")

    monkeypatch.setattr("index.build.make_generation", broken)
    put(app, "lighthouse.zh.txt", LETTERS.encode())
    call(app, "POST", "/v1/index/rebuild")
    failed = finished(app)
    assert failed["state"] == "failed"
    assert "private" not in failed["detail"]
    assert failed["in_use"] == before


def test_a_broken_generation_is_not_switched_to(living: tuple[Any, LiveService], tmp_path: Path) -> None:
    """CURRENT may name something that cannot be opened; the one in use serves on."""
    _, servicing = living
    before = servicing.now()
    (tmp_path / "index" / "CURRENT").write_text("nonsense", encoding="utf-8")
    assert servicing.now() is before
    assert servicing.now() is before


def test_a_switch_under_questions_costs_none(
    living: tuple[Any, LiveService], tmp_path: Path, garden_names: dict[str, dict[str, list[str]]]
) -> None:
    """Each question is answered from one whole generation, the old or the new."""
    _, servicing = living
    first = servicing.now().shelf.id
    editions = [make_edition("garden-law", "zh", GARDEN_LAW), make_edition("garden-news", "zh", GARDEN_NEWS)]
    second = build_index(editions, garden_names, tmp_path / "index").id
    seen = {servicing.now().answerer.answer("罚款多少？").index_id for _ in range(5)}
    assert seen == {second}
    assert second != first
    assert isinstance(servicing.now().shelf, PassageIndex)


def test_short_admin_tokens_are_refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that can be guessed is told before anything is served; it is read from the environment too."""
    assert main(["--admin-token", "short"]) == 1
    monkeypatch.setenv("BLETCHLEY_ADMIN_TOKEN", "short")
    assert main([]) == 1
    assert capsys.readouterr().err.count("choose a longer one") == 2
