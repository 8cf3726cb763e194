"""How far the judge agrees with labels given by hand: accuracy and Cohen's κ = (p_o − p_e) / (1 − p_e)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.judge.asking import Judge, Task
from eval.wording import language_of_answer, lexical_support

LABELS_PATH = Path(__file__).parent / "labels.jsonl"
LEAST_KAPPA = 0.6
Pair = tuple[str, str]  # (by hand, by the judge)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One hand-labelled pair."""

    id: str
    task: Task
    language: str
    content: dict[str, str]
    label: str


def read_labels(path: Path = LABELS_PATH) -> list[Labelled]:
    """The hand labels; a nugget's text is the `fact` of the prompt."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row: dict[str, str] = json.loads(line)
        content = {"fact" if name == "nugget" else name: text for name, text in row.items()}
        found.append(Labelled(row["id"], Task(row["task"]), row["lang"], content, row["label"]))
    return found


def kappa(pairs: Sequence[Pair]) -> float | None:
    """Cohen's κ; None of nothing; 1 where both always say the same one label."""
    if not pairs:
        return None
    first, second = (Counter(column) for column in zip(*pairs, strict=True))
    observed = sum(a == b for a, b in pairs) / len(pairs)
    expected = sum(first[label] * second[label] for label in first) / len(pairs) ** 2
    return 1.0 if expected == 1.0 else (observed - expected) / (1 - expected)


def agreement(judge: Judge, labels: Sequence[Labelled], progress: Callable[[Iterable[Any]], Iterable[Any]]) -> Any:
    """Per task, and per task and language: n, missing, accuracy and κ over the replies that could be read."""
    given = [(item, judge.label(item.task, item.content)) for item in progress(labels)]
    table = {}
    for task in Task:
        own = [(item, label) for item, label in given if item.task is task]
        table[task.value] = _row(own)
        for language in ("zh", "en"):
            table[f"{task.value} {language}"] = _row([(i, label) for i, label in own if i.language == language])
    return table


def _row(given: Sequence[tuple[Labelled, str | None]]) -> dict[str, float | int | None]:
    read = [(item.label, label) for item, label in given if label is not None]
    right = sum(a == b for a, b in read)
    return {
        "n": len(given),
        "missing": len(given) - len(read),
        "accuracy": right / len(read) if read else None,
        "kappa": kappa(read),
    }


def proxy_agreement(labels: Sequence[Labelled] | None = None) -> dict[str, float | int]:
    """Precision and recall of `lexical_support` as a sign of full support, on the pairs within one language."""
    own = [
        item
        for item in labels or read_labels()
        if item.task is Task.SUPPORT
        and language_of_answer(item.content["claim"]) == language_of_answer(item.content["passage"])
    ]
    said = [lexical_support(item.content["claim"], item.content["passage"]) for item in own]
    true = [item.label == "full_support" for item in own]
    both = sum(a and b for a, b in zip(said, true, strict=True))
    return {
        "n": len(own),
        "precision": both / sum(said) if any(said) else 0.0,
        "recall": both / sum(true) if any(true) else 0.0,
    }


def calibrated(table: Any) -> bool:
    """Whether κ is at least 0.6 on both tasks."""
    return all((table[task.value]["kappa"] or 0.0) >= LEAST_KAPPA for task in Task)
