"""Whatever fails, whichever door: one sentence, no path of the machine, no trace, nothing of what was sent."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from ui_calls import call

from index.errors import IndexBroken
from ui.rebuilding import Rebuilding
from ui.running import Settings
from ui.server import create_app
from ui.service import Service

SECRET = "/srv/private/secret"  # what the parts that fail say
SENT = "words that were sent"
TRACE = re.compile(r"Traceback|File \"|line \d+, in |\.py\b|site-packages|0x[0-9a-f]{6,}")


class Broken:
    """A service whose every part fails with a path in its message."""

    def now(self) -> Any:
        raise RuntimeError(f"cannot open {SECRET}/index")


class BrokenRebuilding(Rebuilding):
    """Fails while planning and while building."""

    def plan(self) -> Any:
        raise OSError(2, "No such file or directory", f"{SECRET}/sources")

    def _build(self) -> Any:
        raise IndexBroken(f"Index {str(self._folder)!r} is damaged; rebuild it.")


def doors(app: Any) -> list[tuple[str, str]]:
    """Every address of ours with each of its methods."""
    found = []
    for path, methods in app.openapi()["paths"].items():
        found += [(method.upper(), path.replace("{name}", "x.txt").replace("{source_id}", "x")) for method in methods]
    return [
        *found,
        ("GET", "/metrics"),
        ("GET", "/page/source"),
        ("GET", "/sources"),
        ("GET", "/sources/x"),
        ("GET", "/evaluation"),
    ]


BODIES: list[dict[str, Any]] = [
    {"json": {"question": f"{SENT}?"}},
    {"json": {"messages": [{"role": "user", "content": SENT}]}},
    {"content": b"{", "headers": {"content-type": "application/json"}},
    {"content": b"\xff\xfe\x00", "headers": {"content-type": "text/plain"}},
]


def tells_nothing(response: httpx.Response, folder: Path) -> None:
    """No path, no trace; refusals are one sentence of JSON."""
    text = response.text if response.headers.get("content-type", "").startswith(("text/", "application/json")) else ""
    assert SECRET not in text
    assert response.status_code < 400 or SENT not in text
    assert str(folder) not in text
    assert str(Path(__file__).parents[2]) not in text
    if response.status_code >= 400 and response.headers["content-type"].startswith("application/json"):
        assert list(response.json()) == ["error"]
        assert "\n" not in response.json()["error"]
    if response.status_code >= 500:
        assert not TRACE.search(text)


@pytest.mark.parametrize("broken", [True, False])
def test_no_door_tells_of_the_machine(service: Service, tmp_path: Path, caplog: Any, *, broken: bool) -> None:
    """Every address, with well-formed and malformed requests, over parts that work and parts that fail."""
    caplog.set_level("CRITICAL")
    settings = Settings(data_folder=tmp_path / "data", result_folders=(tmp_path / "runs",))
    rebuilding = BrokenRebuilding(tmp_path / "index", lambda: None, lambda _: None)  # type: ignore[arg-type, return-value]
    app = create_app(Broken() if broken else service, with_page=False, settings=settings, rebuilding=rebuilding)
    failed = 0
    for method, path in doors(app):
        for body in (
            BODIES if method in ("POST", "PUT") else [{"params": {"q": SENT, "edition": SENT, "start": "x" + SENT}}]
        ):
            response = call(app, method, path, **body)
            failed += response.status_code >= 500
            tells_nothing(response, tmp_path)
    assert failed > (8 if broken else 0)


def test_a_failed_rebuild_names_the_folder_only(service: Service, tmp_path: Path, caplog: Any) -> None:
    """The progress that the page shows has the last part of the folder's name, no more."""
    caplog.set_level("CRITICAL")
    settings = Settings(data_folder=tmp_path)
    rebuilding = BrokenRebuilding(tmp_path / "index", lambda: None, lambda _: None)  # type: ignore[arg-type, return-value]
    app = create_app(service, with_page=False, settings=settings, rebuilding=rebuilding)
    assert call(app, "POST", "/v1/index/rebuild").status_code == 202
    for _ in range(200):
        told = call(app, "GET", "/v1/index/rebuild").json()
        if told["state"] != "running":
            break
    assert told["state"] == "failed"
    assert told["detail"] == "Index 'index' is damaged; rebuild it."
