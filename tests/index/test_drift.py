"""Saved answers whose cited text has changed are found, and only those."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_support import GARDEN_LAW, TopicEmbedder, make_edition

from index.__main__ import main
from index.build import build_index
from index.drift import Fate, cited_texts, describe_drift, drifted, fate_of, read_records
from index.errors import IndexFault
from sources.edition import Edition

FINE = "第三条 违反本办法的，处五十元以上二百元以下罚款。"
Record = dict[str, object]


def law(text: str = GARDEN_LAW) -> dict[str, Edition]:
    return {"garden-law.zh": make_edition("garden-law", "zh", text)}


def record(quote: str = FINE, *, locator: str = "art3.1", start: int | None = None, **extra: object) -> Record:
    start = GARDEN_LAW.index(quote) if start is None else start
    citation = {"source_id": "garden-law", "edition": "zh", "locator": locator, "start": start,
                "end": start + len(quote), "quote": quote, **extra}  # fmt: skip
    return {"id": "q1", "question": "罚多少？", "claims": [{"text": quote, "citations": [citation]}]}


def fates(records: list[Record], editions: dict[str, Edition]) -> list[Fate]:
    return [fate_of(citation, editions).fate for citation in cited_texts(records)]


def test_text_that_stands_where_it_was_cited() -> None:
    assert fates([record()], law()) == [Fate.SAME]
    assert drifted([record()], law()) == []


def test_text_that_only_moved_still_holds() -> None:
    assert fates([record()], law(GARDEN_LAW.replace("第二条", "第二条 公园免费。\n\n第三条"))) == [Fate.MOVED]


def test_changed_text_is_told_with_the_difference() -> None:
    [drift] = drifted([record()], law(GARDEN_LAW.replace("五十元", "六十元")))
    assert drift.fate is Fate.CHANGED
    assert drift.now == FINE.replace("五十元", "六十元")
    assert drift.diff() == [f"- {FINE}", f"+ {FINE.replace('五十元', '六十元')}"]


def test_difference_is_taken_with_the_sentence_that_the_quote_became() -> None:
    """The unit has other sentences, which are no part of the difference."""
    before = GARDEN_LAW.replace("处五十元以上二百元以下罚款。", "处罚款。罚款归镇里所有。不服的可以申诉。")
    after = before.replace("归镇里所有", "归公园所有")
    quote = "罚款归镇里所有。"
    [drift] = drifted([record(quote, start=before.index(quote))], law(after))
    assert drift.diff() == ["- 罚款归镇里所有。", "+ 罚款归公园所有。"]


@pytest.mark.parametrize(
    ("locator", "editions"),
    [("art3.1", {}), ("art9", law(GARDEN_LAW.replace("五十元", "六十元")))],
    ids=["edition gone", "place gone"],
)
def test_text_whose_edition_or_place_is_gone_has_vanished(locator: str, editions: dict[str, Edition]) -> None:
    [drift] = drifted([record(locator=locator)], editions)
    assert drift.fate is Fate.VANISHED
    assert drift.diff() == [f"- {FINE}"]


def test_digest_citations_are_looked_up_in_the_digest() -> None:
    [cited] = cited_texts([record(origin="digest")])
    assert cited.edition_key == "garden-law.zh.digest"


def test_answers_are_counted_not_citations() -> None:
    twice = record()
    twice["claims"] = [*twice["claims"], *twice["claims"]]  # type: ignore[misc]
    told = describe_drift(drifted([twice, {**record(), "id": "q2"}], law(GARDEN_LAW.replace("五十元", "六十元"))))
    assert told.startswith("2 answers rest on text that has changed.")
    assert told.count("garden-law.zh art3.1 changed") == 3
    assert describe_drift([]) == "Every cited text stands as it was cited."


@given(st.text("树。木！\n a.", max_size=30), st.text("树。木！\n a.", max_size=30))
def test_difference_holds_both_texts_whole(quote: str, now: str) -> None:
    """Nothing of the quote is left out of the difference, however it is cut into sentences."""
    edition = make_edition("garden-law", "zh", f"标题\n\n{now}")
    for drift in drifted([record(quote or "x", locator="p1", start=0)], {edition.key: edition}):
        gone = "".join(line[2:] for line in drift.diff() if line[:1] in "- ")
        assert gone.replace("\n", "") == (quote or "x").replace("\n", "")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "line 1: not a run record"),
        (json.dumps({"id": "q", "claims": [{"citations": [{"locator": "art1"}]}]}), "without a usable 'source_id'"),
    ],
)
def test_file_that_holds_no_run_records_is_refused(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(IndexFault, match=says):
        list(cited_texts(read_records(path)))


def test_command_lists_what_drifted(
    tmp_path: Path, embedder: TopicEmbedder, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text(json.dumps(record(), ensure_ascii=False) + "\n\n", encoding="utf-8")
    build_index(list(law().values()), {}, tmp_path / "index")
    assert main(["drift", str(path), "--index", str(tmp_path / "index")]) == 0
    build_index(list(law(GARDEN_LAW.replace("五十元", "六十元")).values()), {}, tmp_path / "index")
    assert main(["drift", str(path), "--index", str(tmp_path / "index")]) == 1
    assert "1 answer rests on text that has changed." in capsys.readouterr().out
    assert main(["drift", str(tmp_path / "none.jsonl"), "--index", str(tmp_path / "index")]) == 1
    assert "cannot be read" in capsys.readouterr().err
