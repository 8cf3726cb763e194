"""Training data as pairs and documents, read from the ``train`` folder of the data directory.

Texts that also occur in the ``measure`` folder are dropped here, so nothing that is measured is ever trained on.
"""

import json
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.analyser import fold

Row = dict[str, Any]

DEFAULT_DATA_FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data"
HELD_OUT_SHARE = 25  # one passage in so many is kept for choosing settings
_KEY_LENGTH = 60  # characters compared when looking for a measured text among the training texts

_SENTENCE_END = re.compile(r"(?<=[。！？；])|(?<=[.!?;])\s+|\n+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）")
_NOT_A_GLOSS = re.compile(
    r"^(CL:|see |see also|variant of|old variant|also written|abbr\. for|erhua|Japanese variant|used in )"
)
_NAME_IN_BRACKETS = re.compile(r"([\u4e00-\u9fff·]{2,12})[（(]([A-Za-z][A-Za-z .\-']{2,60})[)）]")


@dataclass(slots=True)
class Pairs:
    """Texts that belong together; rows of one group are never negatives of each other."""

    name: str
    left: list[str] = field(default_factory=list)
    right: list[str] = field(default_factory=list)
    group: list[int] = field(default_factory=list)

    def add(self, left: str, right: str, group: str) -> None:
        """Append one pair unless a side is empty."""
        if left.strip() and right.strip():
            self.left.append(fold(left))
            self.right.append(fold(right))
            self.group.append(zlib.crc32(group.encode()))


@dataclass(slots=True)
class Corpora:
    """Everything one training run reads: pairs by task, held-out pairs by task, documents by language."""

    train: dict[str, Pairs]
    held_out: dict[str, Pairs]
    chinese_documents: list[list[str]]
    english_documents: list[list[str]]
    lexicon: list[tuple[str, list[str]]]


def read_rows(folder: Path, name: str) -> Iterator[Row]:
    """Rows of one ``.jsonl.xz`` file."""
    with lzma.open(folder / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def sentences(text: str) -> list[str]:
    """Sentences of a Chinese or English text, short fragments joined to the one before."""
    result: list[str] = []
    for piece in _SENTENCE_END.split(text):
        piece = piece.strip()
        if not piece:
            continue
        if result and len(piece) < 8:
            result[-1] += " " + piece
        else:
            result.append(piece)
    return result


def clean_glosses(glosses: list[str]) -> list[str]:
    """Dictionary glosses without remarks, measure words and cross-references."""
    cleaned = []
    for gloss in glosses:
        if _NOT_A_GLOSS.match(gloss) or "variant of" in gloss:
            continue
        gloss = _BRACKETS.sub(" ", gloss).strip()
        gloss = re.sub(r"[\u3400-\u9fff|]+", " ", gloss)
        gloss = re.sub(r"^(to be|to|the|a|an|surname) ", "", gloss).strip()
        if gloss:
            cleaned.append(gloss)
    return cleaned


def is_held_out(text: str) -> bool:
    """Whether a passage belongs to the part of the training data kept for choosing settings."""
    return zlib.crc32(text[:200].encode()) % HELD_OUT_SHARE == 0


def measured_keys(folder: Path) -> set[str]:
    """Openings of all passages in the ``measure`` folder."""
    keys: set[str] = set()
    for path in sorted(folder.glob("*.jsonl.xz")):
        for row in read_rows(folder, path.name.removesuffix(".jsonl.xz")):
            for name in ("passage", "en", "zh"):
                if isinstance(row.get(name), str):
                    keys.add(row[name].strip()[:_KEY_LENGTH])
    return keys


def load_corpora(data_folder: Path) -> Corpora:
    """All training material, without anything that is measured."""
    folder = data_folder / "train"
    measure_folder = data_folder / "measure"
    measured = measured_keys(measure_folder)
    gold_news = {
        identifier
        for name in ("crud-questions-dev", "crud-event-summary")
        for row in read_rows(measure_folder, name)
        for identifier in row["corpus_doc_ids"]
    }
    train: dict[str, Pairs] = {}
    held_out: dict[str, Pairs] = {}
    for name, reader in _PAIR_READERS.items():
        train[name], held_out[name] = Pairs(name), Pairs(name)
        for left, right, passage in reader(folder):
            if passage.strip()[:_KEY_LENGTH] in measured:
                continue
            target = held_out if is_held_out(passage) else train
            target[name].add(left, right, passage)
    lexicon = [
        (fold(row["simp"]), [fold(gloss) for gloss in glosses])
        for row in read_rows(folder, "cc-cedict")
        if (glosses := clean_glosses(row["en"]))
    ]
    chinese = [
        row["text"]
        for row in read_rows(folder, "crud-news")
        if row["doc_id"] not in gold_news and row["text"].strip()[:_KEY_LENGTH] not in measured
    ]
    english = [
        row["text"]
        for row in read_rows(folder, "en-formal")
        if row["src"] != "obliqa_corpus" and row["text"].strip()[:_KEY_LENGTH] not in measured
    ]
    return Corpora(train, held_out, _split(chinese), _split(english), lexicon)


def _split(texts: list[str]) -> list[list[str]]:
    documents = ([fold(sentence) for sentence in sentences(text)] for text in texts if not is_held_out(text))
    return [document for document in documents if len(document) > 1]


Reader = Callable[[Path], Iterator[tuple[str, str, str]]]


def _translation(folder: Path) -> Iterator[tuple[str, str, str]]:
    for row in read_rows(folder, "tatoeba-zh-en"):
        if not row["in_laser_test"]:
            yield row["en"], row["zh"], row["en"]
    for name in ("stsb-zh-en-train", "stsb-zh-en-dev"):
        for row in read_rows(folder, name):
            for number in "12":
                yield row["en" + number], row["zh" + number], row["en" + number]


def _dictionary(folder: Path) -> Iterator[tuple[str, str, str]]:
    for row in read_rows(folder, "cc-cedict"):
        glosses = clean_glosses(row["en"])
        if glosses:
            yield "; ".join(glosses), row["simp"], row["simp"]


def _names(folder: Path) -> Iterator[tuple[str, str, str]]:
    seen: set[tuple[str, str]] = set()
    for name in ("crud-news", "cmrc2018-train", "cmrc2018-trial", "drcd-dev-simplified"):
        for row in read_rows(folder, name):
            for chinese, english in _NAME_IN_BRACKETS.findall(row.get("text") or row["passage"]):
                if (chinese, english) not in seen:
                    seen.add((chinese, english))
                    yield english, chinese, english


def _passages(*names: str) -> Reader:
    def read(folder: Path) -> Iterator[tuple[str, str, str]]:
        for name in names:
            for row in read_rows(folder, name):
                if not row.get("unanswerable"):
                    yield row["question"], row["passage"], row["passage"]

    return read


def _answer_sentences(folder: Path) -> Iterator[tuple[str, str, str]]:
    for name in ("cmrc2018-train", "cmrc2018-trial", "drcd-dev-simplified", "squad2-train-11articles"):
        for row in read_rows(folder, name):
            answer = row["answers"][0] if row["answers"] else ""
            found = [part for part in sentences(row["passage"]) if answer and answer in part]
            if found and not row.get("unanswerable"):
                yield row["question"], found[0], row["passage"]
    for row in read_rows(folder, "qed-nq-train"):
        index = row["answer_sentence_idx"]
        if isinstance(index, int) and 0 <= index < len(row["sentences"]):
            yield row["question"], row["sentences"][index], row["passage"]
    yield from _labelled_sentences(folder)


def _labelled_sentences(folder: Path) -> Iterator[tuple[str, str, str]]:
    for row in read_rows(folder, "conditionalqa-train"):
        for evidence in row["evidences"]:
            yield row["question"] + " " + row["scenario"], evidence, evidence
    for name in ("selqa-dev", "selqa-test"):
        for row in read_rows(folder, name):
            for candidate, label in zip(row["candidates"], row["labels"], strict=False):
                if label in (1, "1", True):
                    yield row["question"], candidate, candidate


def _statutes(folder: Path) -> Iterator[tuple[str, str, str]]:
    for row in read_rows(folder, "cn-statutes"):
        yield re.sub(r"^中华人民共和国", "", row["name"]), row["text"], row["text"]


def _regulations(folder: Path) -> Iterator[tuple[str, str, str]]:
    for row in read_rows(folder, "eu-regulations"):
        if row.get("title"):
            yield f"{row['title']} ({row['reg_name']})", row["text"], row["text"]


def _government(folder: Path) -> Iterator[tuple[str, str, str]]:
    snippets = {row["passage_id"]: row["passage"] for row in read_rows(folder, "or-sharc-snippets")}
    for row in read_rows(folder, "or-sharc-dev"):
        passage = snippets.get(row["passage_id"], "")
        yield row["question"] + " " + row["scenario"], passage, passage
    yield from _passages("policyqa-dev", "h2o-evals-multiple-choice")(folder)


_PAIR_READERS: dict[str, Reader] = {
    "translation": _translation,
    "dictionary": _dictionary,
    "names": _names,
    "chinese_questions": _passages("cmrc2018-train", "cmrc2018-trial", "drcd-dev-simplified"),
    "english_questions": _passages("qed-nq-train", "squad2-train-11articles"),
    "answer_sentences": _answer_sentences,
    "statutes": _statutes,
    "regulations": _regulations,
    "government": _government,
}
