"""Exports read back: every format keeps its quotes, and verify finds any altered character."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from export_support import LAW, write
from tests_support import make_edition

from rag.__main__ import main
from rag.export.formats import FORMATS
from rag.export.note import Conversation
from rag.export.reading import UnreadableExport, read_export
from rag.verify_export import differences, verify_export
from sources.edition import Edition


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_keeps_every_quote_and_verifies(
    name: str, conversation: Conversation, editions: dict[str, Edition], tmp_path: Path
) -> None:
    """What is read back is what was quoted, whatever characters it holds."""
    path = write(conversation, name, tmp_path)
    export = read_export(path)
    assert [quoted.quote for quoted in export.quotes] == [note.quote for note in conversation.notes]
    assert [quoted.anchor for quoted in export.quotes] == [note.anchor for note in conversation.notes]
    check = verify_export(path, editions)
    assert check.problems == []
    assert (check.quotes, check.claims) == (2, 0 if FORMATS[name].is_references else 3)


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "docx"])
def test_any_single_altered_character_is_named(
    name: str, conversation: Conversation, editions: dict[str, Edition], tmp_path: Path
) -> None:
    """One character of a quote is exchanged, removed or added: verify fails and names it."""
    path = write(conversation, name, tmp_path)
    text = path.read_text(encoding="utf-8")
    for place in [found.start() for found in re.finditer("点灯", text)]:
        for changed, named in (
            ("熄灯", "“熄” (U+7184) stands where the text has “点” (U+70B9)"),
            ("灯", "missing"),
            ("点了灯", "“了”"),
        ):
            path.write_text(text[:place] + changed + text[place + 2 :], encoding="utf-8")
            problems = verify_export(path, editions).problems
            assert any(named in problem for problem in problems), (changed, problems)


def test_altered_word_document_is_named(
    conversation: Conversation, editions: dict[str, Edition], tmp_path: Path
) -> None:
    """The quotes are in real footnotes, and they are read from there."""
    import zipfile

    path = write(conversation, "docx", tmp_path)
    altered = tmp_path / "altered.docx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(altered, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            new.writestr(item, data.replace("点灯".encode(), "熄灯".encode()) if "footnotes" in item.filename else data)
    problems = verify_export(altered, editions).problems
    assert (
        "Note 2: character 7: “熄” (U+7184) stands where the text has “点” (U+70B9) (harbour-law.zh art2.1)."
        in problems
    )
    assert "footnoteReference" in zipfile.ZipFile(path).read("word/document.xml").decode()


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("harbour-law.zh art2.1", "harbour-law.en art2.1", "holds no text harbour-law.en"),
        (" art2.1 ", " art1.1 ", "the place is art1.1 in the export"),
        ("sha256:", "sha256:0", "sha256"),
        ("`harbour-law.zh", "`", "anchor"),
    ],
)
def test_altered_anchors_are_named(
    old: str, new: str, named: str, conversation: Conversation, editions: dict[str, Edition], tmp_path: Path
) -> None:
    """A quote that cannot be traced is a problem, not a pass."""
    path = write(conversation, "markdown", tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    problems = verify_export(path, editions).problems
    assert any(named in problem for problem in problems), problems


def test_claims_are_checked_too(conversation: Conversation, editions: dict[str, Edition], tmp_path: Path) -> None:
    """A verbatim claim must repeat its quote, a gloss must be the digest's words, and a note must be there."""
    path = write(conversation, "html", tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("船很要紧", "船不要紧"), encoding="utf-8")
    assert verify_export(path, editions).problems == [
        "Claim 2: “十个港口商定，船不要紧。…” is not what the digest of harbour-declaration says."
    ]
    path.write_text(text.replace('data-notes="1"', 'data-notes="9"'), encoding="utf-8")
    assert "Claim 1: it rests on note 9, which is not in the export." in verify_export(path, editions).problems


def test_another_edition_is_told(conversation: Conversation, editions: dict[str, Edition], tmp_path: Path) -> None:
    """A text that changed since is named by its hash, and whether the quote still stands in it."""
    path = write(conversation, "gbt7714", tmp_path)
    newer = make_edition("harbour-law", "zh", LAW.replace("第一条 ", "第一条 一、"))
    problems = verify_export(path, {**editions, newer.key: newer}).problems
    assert len(problems) == 1
    assert "the quote still stands in it" in problems[0]


def test_invisible_characters_are_named() -> None:
    """A zero-width space is told by its name."""
    assert list(differences("ab", "a\u200bb")) == ["character 2: “” (U+200B ZERO WIDTH SPACE) is not in the text"]


@pytest.mark.parametrize("name", ["notes.xyz", "broken.docx", "broken.json", "none.md"])
def test_unreadable_exports_get_one_sentence(name: str, tmp_path: Path) -> None:
    """Unknown endings, damaged and missing files are told without a trace."""
    path = tmp_path / name
    if name != "none.md":
        path.write_bytes(b"{")
    with pytest.raises(UnreadableExport, match=name):
        read_export(path)


def test_command(
    conversation: Conversation, editions: dict[str, Edition], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """0 when all holds; 1, and the character on stderr, when not; 1 for a file that cannot be read."""

    class Shelf:
        def __init__(self, held: dict[str, Edition]) -> None:
            self.editions = held

    opened: Callable[[object], Shelf] = lambda _folder: Shelf(editions)  # noqa: E731
    monkeypatch.setattr("rag.__main__.open_or_build", opened)
    path = write(conversation, "markdown", tmp_path)
    assert main(["verify", str(path)]) == 0
    assert "2 quotes and 3 claims checked: all hold." in capsys.readouterr().out
    path.write_text(path.read_text(encoding="utf-8").replace("点灯", "点灯灯"), encoding="utf-8")
    assert main(["verify", str(path)]) == 1
    assert "“灯” (U+706F) is not in the text" in capsys.readouterr().err
    assert main(["verify", str(tmp_path / "none.md")]) == 1
