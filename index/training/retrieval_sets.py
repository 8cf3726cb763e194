"""Questions, passages and gold answers of the measuring sets, and of the held-out part of the training sets."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.training.corpora import Row, is_held_out, read_rows


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Questions, passages, and for each question the positions of its right passages."""

    name: str
    questions: list[str]
    passages: list[str]
    gold: list[set[int]]
    lexical: bool = True  # across languages there are no words to share


def from_rows(name: str, rows: Iterator[Row], keep: Callable[[str], bool] = lambda _: True) -> RetrievalSet:
    """Rows with `question` and `passage`; questions of other passages than those to keep are left out."""
    positions: dict[str, int] = {}
    questions, gold = [], []
    for row in rows:
        position = positions.setdefault(row["passage"], len(positions))
        if keep(row["passage"]) and not row.get("unanswerable"):
            questions.append(row["question"])
            gold.append({position})
    return RetrievalSet(name, questions, list(positions), gold)


def measured_sets(data_folder: Path, with_news: bool) -> Iterator[RetrievalSet]:
    """The sets of the `measure` folder, one after the other."""
    for name, read in MEASURED.items():
        if with_news or name != "crud-questions-dev":
            yield from read(data_folder)


def held_out_sets(data_folder: Path) -> Iterator[RetrievalSet]:
    """Training passages kept out of training, among all passages of their kind; settings are chosen on these."""
    folder = data_folder / "train"

    def rows(*names: str) -> Iterator[Row]:
        for name in names:
            yield from read_rows(folder, name)

    yield from_rows("held-out zh", rows("cmrc2018-train", "cmrc2018-trial", "drcd-dev-simplified"), is_held_out)
    yield from_rows("held-out en", rows("qed-nq-train", "squad2-train-11articles"), is_held_out)
    yield from_rows("held-out documents", rows("h2o-evals-multiple-choice", "policyqa-dev"), is_held_out)


def _questions_with_passages(name: str) -> Callable[[Path], Iterator[RetrievalSet]]:
    def read(data_folder: Path) -> Iterator[RetrievalSet]:
        yield from_rows(name, read_rows(data_folder / "measure", name))

    return read


def _obliqa(data_folder: Path) -> Iterator[RetrievalSet]:
    folder = data_folder / "measure"
    passages = list(read_rows(folder, "obliqa-corpus"))
    positions = {row["passage_id"]: index for index, row in enumerate(passages)}
    questions = list(read_rows(folder, "obliqa-dev"))
    gold = [{positions[p["passage_id"]] for p in row["positives"] if p["passage_id"] in positions} for row in questions]
    yield RetrievalSet("obliqa-dev", [row["question"] for row in questions], [row["passage"] for row in passages], gold)


def _policy(data_folder: Path) -> Iterator[RetrievalSet]:
    folder = data_folder / "measure"
    documents = list(read_rows(folder, "ncp-policy-documents"))
    positions = {row["docid"]: index for index, row in enumerate(documents)}
    rows = [row for row in read_rows(folder, "ncp-policy-qa") if row["docid"] in positions]
    gold = [{positions[row["docid"]]} for row in rows]
    yield RetrievalSet("ncp-policy", [row["question"] for row in rows], [row["passage"] for row in documents], gold)


def _both_languages(data_folder: Path) -> Iterator[RetrievalSet]:
    folder = data_folder / "measure"
    passages = list(read_rows(folder, "squad2-zh-en-passages"))
    positions = {row["id"]: index for index, row in enumerate(passages)}
    rows = [
        row for row in read_rows(folder, "squad2-zh-en-questions") if not row["in_xquad"] and row["pid"] in positions
    ]
    gold = [{positions[row["pid"]]} for row in rows]
    for asked in ("zh", "en"):
        for held in ("zh", "en"):
            yield RetrievalSet(
                f"squad2 {asked}→{held}",
                [row[f"{asked}_question"] for row in rows],
                [row[held] for row in passages],
                gold,
            )


def _parallel(data_folder: Path) -> Iterator[RetrievalSet]:
    rows = list(read_rows(data_folder / "measure", "flores200-dev"))
    gold = [{index} for index in range(len(rows))]
    for asked, held in (("zh", "en"), ("en", "zh")):
        yield RetrievalSet(
            f"flores {asked}→{held}", [row[asked] for row in rows], [row[held] for row in rows], gold, False
        )


def _news(data_folder: Path) -> Iterator[RetrievalSet]:
    positions: dict[str, int] = {}
    by_document: dict[str, int] = {}
    for row in read_rows(data_folder / "train", "crud-news"):
        by_document[row["doc_id"]] = positions.setdefault(row["text"], len(positions))
    questions, gold = [], []
    for row in read_rows(data_folder / "measure", "crud-questions-dev"):
        own = positions.setdefault(row["passage"], len(positions))
        questions.append(row["question"])
        gold.append({own} | {by_document[name] for name in row["corpus_doc_ids"] if name in by_document})
    yield RetrievalSet("crud-questions-dev", questions, list(positions), gold)


#: what a data folder offers to measure retrieval with, by file or pair of files; each gives one set or more
MEASURED: Mapping[str, Callable[[Path], Iterator[RetrievalSet]]] = {
    "cmrc2018-dev": _questions_with_passages("cmrc2018-dev"),
    "cjrc-dev": _questions_with_passages("cjrc-dev"),
    "obliqa-dev": _obliqa,
    "ncp-policy": _policy,
    "squad2-zh-en": _both_languages,
    "flores200-dev": _parallel,
    "crud-questions-dev": _news,
}
