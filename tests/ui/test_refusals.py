"""Refusals reach the reader in the language of the interface, whoever in the program raised them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ui_calls import call

from ui.refusals import refused_in
from ui.running import Settings
from ui.server import create_app
from ui.service import Service

ROOT = Path(__file__).parents[2]
CHINESE = re.compile("[\u4e00-\u9fff]")
RAISED = {"UnreadableFile", "BadMetadata", "UnknownSource", "FetchFailed", "AddressRefused", "_Temporary", "_Unfit", "HTTPException", "Busy"}  # fmt: skip
WHERE = ("sources/*.py", "sources/readers/*.py", "sources/fetch/*.py", "ui/*.py", "ui/routes/*.py", "ui/pages/*.py")
# Files of the repository, the command line, and a program's door.
NOT_FOR_READERS = {"catalogue.py", "terms.py", "digest.py", "__main__.py", "completions.py"}
IN_PARTS = "7 7; open it and save it again, or save the text alone."  # one of the two below, put together elsewhere
PUT_TOGETHER = [
    f"x.pdf {reason}{IN_PARTS[3:]}" for reason in ("takes longer than 90 seconds to read", "crashes its reader")
]


def sample(node: ast.expr) -> str | None:
    """The sentence that an expression makes, with 7 for what is filled in; None where it is not written there."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join("7" if isinstance(part, ast.FormattedValue) else str(sample(part)) for part in node.values)
    return None


def sentences(path: Path) -> Iterator[str]:
    """Every sentence that a module refuses with or reports of a page."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED:
            given = node.args
        elif (isinstance(node, ast.keyword) and node.arg == "said") or (
            isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "said"
        ):
            given = [node.value]
        for made in map(sample, given):
            if made and " " in made:
                yield made


def all_sentences() -> list[str]:
    paths = [path for pattern in WHERE for path in ROOT.glob(pattern) if path.name not in NOT_FOR_READERS]
    found = {made for path in paths for made in sentences(path)}
    return sorted(found - {IN_PARTS}) + PUT_TOGETHER


def test_every_sentence_is_translated() -> None:
    """Read from the code: whatever `sources` and the server refuse with has its place in the tables, in both scripts."""
    found = all_sentences()
    assert len(found) > 90
    for language in ("zh-CN", "zh-TW"):
        assert [made for made in found if not CHINESE.search(refused_in(made, language))] == []
    assert [refused_in(made, "en") for made in found] == found


def test_a_translation_takes_over_what_the_sentence_holds() -> None:
    """Names and figures stay; a sentence within a sentence is translated too; an unknown one stays as it is."""
    assert (
        refused_in("年 {0}.txt is empty; put the text into it or remove it.", "zh-CN")
        == "年 {0}.txt 是空的；请写入文本，或去掉它。"
    )
    assert refused_in("The page is as it was. The page has moved to https://x.example/.", "zh-TW") == (
        "頁面沒有變化。頁面已遷到 https://x.example/。"
    )
    assert refused_in("x has 7 bytes, more than 5 for XML; save the text alone.", "zh-CN") == (
        "x 有 7 字节，XML 最多 5；请只保存文字。"
    )
    assert refused_in("Nobody says this.", "zh-CN") == "Nobody says this."


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({"accept-language": "zh-CN,zh;q=0.9"}, "不能当作文本来读"),
        ({"accept-language": "zh-TW"}, "不能當作文本來讀"),
        ({"accept-language": "zh-CN", "cookie": "interface_language=en"}, "cannot be read as text"),
        ({"accept-language": "en-GB", "cookie": "interface_language=zh-TW"}, "不能當作文本來讀"),
        ({}, "cannot be read as text"),
    ],
)
def test_the_reader_decides(service: Service, tmp_path: Path, headers: dict[str, str], says: str) -> None:
    """What was chosen goes before what the browser prefers; a program that names no language gets English."""
    app: Any = create_app(service, with_page=False, settings=Settings(data_folder=tmp_path))
    refused = call(app, "PUT", "/v1/sources/files/x.exe", content=b"MZ", headers=headers)
    assert refused.status_code == 415
    assert says in refused.json()["error"]


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW"])
def test_every_door_refuses_in_chinese(service: Service, tmp_path: Path, language: str) -> None:
    """Too large, closed, unknown, malformed, not allowed, unreadable, not public: none of it in English."""
    app: Any = create_app(service, with_page=False, settings=Settings(data_folder=tmp_path))
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", "/no-such-page", {}),
        ("GET", "/gradio_api/upload", {}),
        ("POST", "/v1/ask", {"json": {"question": ""}}),
        ("POST", "/v1/ask", {"content": b" " * 600_000}),
        ("PUT", "/v1/sources/files/x.txt", {"content": b""}),
        ("PUT", "/v1/sources/files/x.pdf", {"content": b"%PDF-1.7 broken"}),
        ("DELETE", "/v1/sources/unknown", {}),
        ("POST", "/v1/index/rebuild", {}),
        ("POST", "/v1/fetch", {"json": {"ids": ["unknown"]}}),
        ("POST", "/v1/fetch/page", {"json": {"url": "ftp://x"}}),
        ("POST", "/v1/feedback", {"json": {"answer_id": "0" * 16, "verdict": "good"}}),
        ("GET", "/page/export/nothing", {}),
    ]
    for method, path, request in asked:
        refused = call(app, method, path, headers={"accept-language": language}, **request)
        assert refused.status_code >= 400, path
        assert CHINESE.search(refused.json()["error"]), (path, refused.text)
