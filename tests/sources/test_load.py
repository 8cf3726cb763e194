"""Bad input gets one sentence that names the file; the rest is loaded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests_support import GARDEN_LAW

from sources.__main__ import main
from sources.catalogue import Catalogue, load_catalogue
from sources.edition import Origin
from sources.errors import BadMetadata, UnknownSource
from sources.holdings import Holdings
from sources.load import load_file, load_folder

NO_CATALOGUE = Catalogue(())


def write(folder: Path, name: str, text: str | bytes, **metadata: object) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    if metadata:
        path.with_suffix(".json").write_text(json.dumps(metadata), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "content", "metadata", "says"),
    [
        ("gbk.txt", "公园里的树".encode("gb18030"), {}, "gbk.txt is not UTF-8 text"),
        ("empty.txt", b" \n ", {}, "empty.txt is empty"),
        ("binary.txt", b"\x7fELF\x00\x01", {}, "binary.txt is a binary file"),
        ("long.txt", b"x" * 1_000_001, {}, "long.txt has a line of 1,000,001 characters"),
        ("wrong.txt", "公园里的树很多。", {"language": "en"}, "wrong.txt: its .json says language 'en'"),
        ("sum.txt", "公园里的树很多。", {"sha256": "0" * 64}, "sum.txt: its .json says sha256 000000000000…"),
        ("id.txt", "公园里的树很多。", {"id": "../etc"}, "id.txt: id '../etc'"),
        ("tongue.txt", "公园里的树很多。", {"language": "xx"}, "tongue.txt: language 'xx'"),
    ],
)
def test_bad_file_is_named_in_one_sentence_and_the_rest_is_loaded(
    tmp_path: Path, name: str, content: bytes | str, metadata: dict[str, object], says: str
) -> None:
    write(tmp_path, name, content, **metadata)
    write(tmp_path, "zz-good.txt", GARDEN_LAW)
    report = load_folder(tmp_path, NO_CATALOGUE)
    assert [edition.source_id for edition in report.editions] == ["zz-good"]
    assert len(report.problems) == 1
    assert report.problems[0].startswith(says)
    assert report.problems[0].count("\n") == 0


def test_file_above_the_size_limit_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    report = load_folder(tmp_path, NO_CATALOGUE)
    assert report.problems == ["huge.txt has 209,715,200 bytes, more than 67,108,864; split it into smaller files."]


def test_duplicate_id_keeps_the_first(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", GARDEN_LAW, id="law", language="zh")
    write(tmp_path, "b.txt", GARDEN_LAW, id="law", language="zh")
    report = load_folder(tmp_path, NO_CATALOGUE)
    assert len(report.editions) == 1
    assert report.problems == ["b.txt has the id and language of a.txt; give one of them another id."]


def test_broken_json_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", GARDEN_LAW)
    path.with_suffix(".json").write_text("{", encoding="utf-8")
    with pytest.raises(BadMetadata, match=r"^a\.json is not valid JSON"):
        load_file(path, NO_CATALOGUE)


def test_text_is_recognised_by_its_title_as_the_catalogues_source(tmp_path: Path) -> None:
    entry = load_catalogue().get("summit-article")
    assert entry is not None
    path = write(tmp_path, "my-news.txt", f"# {entry.title.zh}\n\n第一段。\n")
    edition = load_file(path, load_catalogue())
    assert (edition.source_id, edition.language, edition.origin) == ("summit-article", "zh", Origin.OFFICIAL)


def test_canonical_text_keeps_offsets_for_crlf_and_byte_order_mark(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", b"\xef\xbb\xbf" + "一\r\n二".encode())
    assert load_file(path, NO_CATALOGUE).text == "一\n二"


def test_held_text_is_replaced_and_removed(tmp_path: Path) -> None:
    holdings = Holdings(tmp_path / "data")
    edition = load_file(write(tmp_path, "law.txt", GARDEN_LAW), NO_CATALOGUE)
    holdings.add(edition)
    holdings.add(edition)
    held = holdings.load(NO_CATALOGUE)
    assert [e.text for e in held.editions] == [GARDEN_LAW]
    assert held.problems == []
    assert holdings.remove("law") == ["law.zh.txt"]
    with pytest.raises(UnknownSource, match=r"^No text of 'law' is held"):
        holdings.remove("law")


def test_add_command_says_what_was_recognised_and_fails_on_a_bad_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sources.__main__.Holdings", lambda: Holdings(tmp_path / "data"))
    good, bad = write(tmp_path, "law.txt", GARDEN_LAW), write(tmp_path, "bad.txt", b"\x00")
    assert main(["add", str(good)]) == 0
    assert main(["add", str(bad)]) == 1
    captured = capsys.readouterr()
    assert "law.txt added as law (zh, 9 units)." in captured.out
    assert captured.err == "bad.txt is a binary file, not text; save it as UTF-8 text.\n"
