"""The models' figures, on a made-up data folder: real indexes, the real reader, values worked out by hand."""

from __future__ import annotations

import json
import lzma
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.__main__ import main
from eval.inference import mcnemar
from eval.models import speed
from eval.models.answerability import area, area_interval
from eval.models.command import markdown, measured
from eval.models.figure import Figure, Goal, shown
from eval.models.passages import edition_of_passage
from eval.models.reading import Sentences
from eval.models.sentences import first_right, right_sentences
from eval.results_file import RESULTS_FOLDER

POND = "公园的池塘深二米，养着三十条红鱼。"
SQUIRREL = "松鼠爱吃松果，冬天睡在树洞里。"
MAYOR = "镇长林小树在三月种下一棵橡树。"
BAKERY = "The bakery on Elm Street opens at seven. Its owner bakes rye bread on Fridays. Children get a free roll."
FERRY = "The ferry crosses the lake twice a day. Captain Oakes steers it. A ticket costs four coins."
TWINS = [
    ("猫睡在窗台上。", "The cat sleeps on the windowsill."),
    ("火车晚点了两个小时。", "The train was two hours late."),
    ("这座桥建于一百年前。", "This bridge was built a hundred years ago."),
]


def _row(question: str, passage: str, **more: object) -> dict[str, object]:
    return {"question": question, "passage": passage, **more}


ROWS: Mapping[str, Sequence[Mapping[str, object]]] = {
    "measure/cmrc2018-dev": [
        _row("池塘深几米？", POND),
        _row("松鼠爱吃松果吗？", SQUIRREL),
        _row("松鼠冬天睡在树洞里，红鱼呢？", POND),  # names more of the squirrels than of its own passage
        _row("镇长种下什么树？", MAYOR),
    ],
    "measure/cjrc-dev": [_row("谁种下橡树？", MAYOR, unanswerable=False), _row("谁砍树？", POND, unanswerable=True)],
    "measure/obliqa-corpus": [{"passage_id": "b", "passage": BAKERY}, {"passage_id": "f", "passage": FERRY}],
    "measure/obliqa-dev": [{"question": "Who steers the ferry?", "positives": [{"passage_id": "f"}]}],
    "measure/ncp-policy-documents": [{"docid": "p", "passage": POND}, {"docid": "s", "passage": SQUIRREL}],
    "measure/ncp-policy-qa": [{"question": "红鱼养在哪里？", "docid": "p"}, {"question": "别的？", "docid": "elsewhere"}],
    "measure/squad2-zh-en-passages": [
        {"id": str(place), "zh": chinese, "en": english} for place, (chinese, english) in enumerate(TWINS)
    ],
    "measure/squad2-zh-en-questions": [
        {"pid": "0", "in_xquad": False, "zh_question": "猫睡在哪里？", "en_question": "Where does the cat sleep?"},
        {"pid": "1", "in_xquad": True, "zh_question": "火车呢？", "en_question": "What of the train?"},
    ],
    "measure/flores200-dev": [{"zh": chinese, "en": english} for chinese, english in TWINS],
    "train/crud-news": [{"doc_id": "n1", "text": SQUIRREL}, {"doc_id": "n2", "text": MAYOR}],
    "measure/crud-questions-dev": [_row("红鱼有几条？", POND, corpus_doc_ids=["n2"])],
    "measure/expmrc-cmrc2018-dev": [
        _row("松鼠吃什么？", "松鼠吃松果。兔子吃草。鱼在水里。", evidences=["松鼠吃松果。"]),
        # All the words of the question stand in a sentence that does not answer it.
        _row("松鼠在哪里过冬？", "没人知道松鼠在哪里过冬。它们其实睡在树洞。", evidences=["它们其实睡在树洞"]),
        _row("只有一句吗？", "只有一句。", evidences=["只有一句。"]),
    ],
    "measure/qed-nq-dev": [
        _row("when does the bakery open", BAKERY, selected_sentence="The bakery on Elm Street opens at seven. "),
        _row("who steers the ferry", FERRY, selected_sentence=""),
    ],
    "measure/squad2-dev": [
        _row("When does the bakery on Elm Street open?", BAKERY, unanswerable=False, in_xquad=False),
        _row("Who painted the cathedral of Florence?", BAKERY, unanswerable=True, in_xquad=False),
        _row("What does a ticket for the ferry cost?", FERRY, unanswerable=False, in_xquad=False),
        _row("Which comet did Halley predict?", FERRY, unanswerable=True, in_xquad=False),
        _row("Who steers the ferry?", FERRY, unanswerable=True, in_xquad=True),
    ],
    "measure/chinese-squad2-dev": [
        _row("池塘深几米？", POND, unanswerable=False, in_xquad=False),
        _row("谁发明了电报？", POND, unanswerable=True, in_xquad=False),
    ],
}  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder as the public sets come, with a few rows of each."""
    for name, rows in ROWS.items():
        path = tmp_path / "data" / f"{name}.jsonl.xz"
        path.parent.mkdir(parents=True, exist_ok=True)
        with lzma.open(path, "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return tmp_path / "data"


def _by_name(data: Path, *only: str) -> dict[tuple[str, str], Figure]:
    return {(figure.name, figure.measure): figure for figure in measured(data, only)}


def test_retrieval_counts_the_right_source_among_the_first(data: Path) -> None:
    figures = _by_name(data, "cmrc2018-dev")
    first, among_five = figures["cmrc2018-dev", "R@1 fused"], figures["cmrc2018-dev", "R@5 fused"]
    assert first.sizes == "4 × 3"
    assert (first.value, first.compared) == (0.75, {"BM25": 0.75})  # one of four questions finds the squirrels first
    assert (among_five.value, among_five.lead) == (1.0, 0.0)
    assert (first.short_by, first.p) == (pytest.approx(0.965 - 0.75), 1.0)


def test_every_set_is_read_in_its_own_form(data: Path) -> None:
    sizes = {name: figure.sizes for (name, measure), figure in _by_name(data).items() if measure.startswith("R@1")}
    assert sizes == {
        "cmrc2018-dev": "4 × 3",
        "cjrc-dev": "1 × 2",  # the unanswerable question is left out, its passage stays
        "obliqa-dev": "1 × 2",
        "ncp-policy": "1 × 2",  # and so is the one whose document is not held
        **{f"squad2 {asked}→{held}": "1 × 3" for asked in ("zh", "en") for held in ("zh", "en")},
        "flores zh→en": "3 × 3",
        "flores en→zh": "3 × 3",
        "crud-questions-dev": "1 × 3",
    }


def test_a_passage_is_kept_whole_and_its_sentences_are_the_readers() -> None:
    edition = edition_of_passage(3, "  One line.\nAnother line. And more. ")
    assert [edition.text_of(unit) for unit in edition.units] == ["One line.\nAnother line. And more."]
    assert Sentences([edition]).texts == [["One line.", "Another line.", "And more."]]


def test_translations_are_found_by_cosine_alone(data: Path) -> None:
    figures = _by_name(data, "flores200-dev")
    assert {figure.value for figure in figures.values()} == {1.0}
    assert all(not figure.compared and figure.lead is None for figure in figures.values())


def test_the_reader_is_compared_with_the_best_lexical_score(data: Path) -> None:
    figure = _by_name(data, "expmrc-cmrc2018-dev")["expmrc-cmrc2018-dev", "MRR reader"]
    assert figure.sizes == "2 × 3"  # the passage of one sentence leaves nothing to choose
    assert figure.compared["coverage"] == figure.compared["BM25"] == 0.75  # ranks 1 and 2
    assert figure.value == 0.75
    assert (figure.best, figure.lead, figure.verdict) == ("coverage", 0.0, "short by .100")
    english = _by_name(data, "qed-nq-dev")
    assert english["qed-nq-dev", "first reader"].value == 1.0
    assert english["qed-nq-dev", "MRR reader"].sizes == "1 × 2"


def test_confidence_is_measured_without_the_rows_of_xquad(data: Path) -> None:
    figures = _by_name(data, "squad2-dev", "chinese-squad2-dev")
    english = figures["squad2-dev", "AUROC confidence"]
    assert (english.sizes, english.value, english.compared) == ("4 × 2", 1.0, {"coverage": 1.0})
    assert english.verdict == "reached"
    assert figures["chinese-squad2-dev", "AUROC confidence"].sizes == "2 × 1"


def test_speed_is_texts_over_seconds(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(figure.value > 0 for figure in speed.speed_figures(data))
    monkeypatch.setattr(speed, "_seconds", lambda *_, **__: 0.5)
    bulk, query = speed.speed_figures(data)
    assert (bulk.value, bulk.sizes, bulk.verdict) == (10.0, "5 passages", "short by 4,990")
    assert (query.value, query.sizes, query.verdict) == (500.0, "4 questions", "short by 498")


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([0.9, 0.8, 0.3, 0.1], 0.75), ([0.5, 0.5, 0.5, 0.5], 0.5), ([0.1, 0.8, 0.1, 0.9], 0.0), ([3, 2, 2, 1], 0.875)],
)
def test_the_area_counts_pairs_in_the_right_order_and_ties_half(scores: list[float], expected: float) -> None:
    assert area(scores, [True, False, True, False]) == expected


def test_the_area_needs_both_kinds_and_its_interval_draws_whole_passages() -> None:
    with pytest.raises(ValueError, match="2 positive and 0 others"):
        area([0.1, 0.2], [True, True])
    parts = area_interval([0.9, 0.1, 0.2, 0.8], [True, False, True, False], [1, 1, 2, 2])
    assert (parts.low, parts.high) == (0.0, 1.0)  # each passage alone: all right, or all wrong


def test_a_sentence_is_right_where_half_of_it_is_evidence_or_most_of_the_evidence_lies() -> None:
    spans = [(0, 10), (10, 20), (20, 40)]
    assert right_sentences(spans, [(5, 20)]) == {0, 1}
    assert right_sentences(spans, [(6, 10), (20, 31)]) == {2}  # four of ten characters, and eleven of twenty
    assert right_sentences(spans, [(22, 26)]) == {2}


def test_of_equal_scores_the_earlier_sentence_is_first() -> None:
    assert first_right([0.5, 0.5, 0.7], {1}) == 3
    assert first_right([0.5, 0.5, 0.7], {0, 2}) == 1


def test_coverage_is_the_share_of_the_terms_by_rarity() -> None:
    sentences = Sentences(
        [edition_of_passage(0, "Cats purr. Cats and dogs sleep."), edition_of_passage(1, "Dogs bark.")]
    )
    rare, common = sentences.lexical.idf("purr"), sentences.lexical.idf("cat")
    assert rare > common
    assert sentences.coverage("cats purr", 0) == [1.0, pytest.approx(common / (rare + common))]
    assert sentences.bm25("purr", 0)[0] > sentences.bm25("purr", 0)[1] == 0.0
    assert sentences.coverage("", 1) == [0.0]


def _figure(value: float, goal: Goal | None, p: float | None = None, **compared: float) -> Figure:
    return Figure("part", "set", "1 × 1", "R@1", value, goal, compared=compared, best=next(iter(compared), ""), p=p)


def test_what_is_short_is_said_to_be_short() -> None:
    assert _figure(0.9, Goal(0.965)).verdict == "short by .065"
    assert _figure(0.9699, Goal(0.97)).verdict == "short by .000100"
    assert _figure(0.97, Goal(0.97)).verdict == "reached"
    lead = Goal(0.03, of_lead=True)
    assert _figure(0.61, lead, 0.001, BM25=0.6).verdict == "short by .020"
    assert _figure(0.64, lead, 0.2, BM25=0.6).verdict == "not significant"
    assert _figure(0.64, lead, 0.01, BM25=0.6).verdict == "reached"
    assert _figure(1.5, Goal(2, at_most=True)).verdict == "reached"
    assert _figure(0.9, None).verdict == ""
    assert mcnemar(0, 6) == pytest.approx(2 / 2**6)


def test_figures_are_shown_without_a_leading_nought() -> None:
    assert [shown(value) for value in (0.5834, 1.0, 0.0, 17327.6, 1.25)] == [".583", "1", "0", "17,328", "1.250"]


def test_the_command_prints_and_writes_the_same_figures(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["models", "--data", str(data), "--only", "cjrc-dev", "ncp-policy", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    document = json.loads((out / "models.json").read_text(encoding="utf-8"))
    assert [figure["set"] for figure in document["figures"]] == ["cjrc-dev", "cjrc-dev", "ncp-policy", "ncp-policy"]
    assert printed.strip() == (out / "models.md").read_text(encoding="utf-8").strip() == markdown(document).strip()
    assert "| cjrc-dev | 1 × 2 | R@1 fused | BM25 1 | 1 | +0 (p 1) | ≥ +.030, p < .05 | short by .030 |" in printed
    assert main(["models", "--data", str(data), "--only", "cjrc-dev", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["figures"] == document["figures"][:2]


@pytest.mark.parametrize(
    ("options", "said"), [(["--data", "nowhere"], "'nowhere' holds no folder"), (["--only", "cjrc"], "no set 'cjrc'")]
)
def test_what_is_not_there_is_one_sentence(
    options: list[str], said: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "--data", str(data), *options]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_the_committed_tables_are_those_of_the_committed_figures() -> None:
    document: dict[str, Any] = json.loads((RESULTS_FOLDER / "models.json").read_text(encoding="utf-8"))
    assert markdown(document) == (RESULTS_FOLDER / "models.md").read_text(encoding="utf-8")
