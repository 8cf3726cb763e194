"""The library's known questions: their form, and that every unit has some."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.errors import BadLibrary
from sources.known_questions import KnownQuestion, load_known_questions, question_findings
from sources.library import DigestEntry


def write(folder: Path, text: str) -> Path:
    (folder / "park-rules.txt").write_text(text, encoding="utf-8")
    return folder


def test_questions_are_read_with_their_unit_sentence_and_language(tmp_path: Path) -> None:
    (tmp_path / "long-act").mkdir()
    (tmp_path / "long-act" / "part-1.txt").write_text("[art1]\n1 Who is bound?\n", encoding="utf-8")
    write(tmp_path, "[art3.1]\n2 折了树枝会怎样？\n\n[art3.2]\n0 Who pays?\n")
    assert load_known_questions(tmp_path) == (
        KnownQuestion("long-act", "art1", 1, "en", "Who is bound?"),
        KnownQuestion("park-rules", "art3.1", 2, "zh", "折了树枝会怎样？"),
        KnownQuestion("park-rules", "art3.2", 0, "en", "Who pays?"),
    )


@pytest.mark.parametrize("text", ["1 Who pays?\n", "[art3.1]\nWho pays?\n", "[art3.1]\n1\n", "[art 3]\n1 Who pays?\n"])
def test_a_line_of_another_form_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadLibrary, match=r"park-rules\.txt, line \d: '.*' is neither a \[locator\] nor"):
        load_known_questions(write(tmp_path, text))


def test_units_without_a_question_and_questions_without_a_unit_are_found() -> None:
    entries = [DigestEntry("art1", {"zh": "一。", "en": "One."}, "park.toml", 1)]
    asked = [KnownQuestion("park", "art1", 1, "zh", "？？"), KnownQuestion("park", "art9", 1, "en", "Why?")]
    assert question_findings(entries, asked) == [
        "a known question (en) is about art9, which is not told",
        "art1 has no known question (en)",
    ]
