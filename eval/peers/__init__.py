"""Other people's frameworks with their own defaults, over the same editions and the same bundled embedder.

Each turns a question into passages; the record is the same for all: the best passage is the answer, cited by its
offsets in the edition, and every passage is listed as retrieved. Only records are scored. The frameworks are the
extra `peers`; their pins may move others, so they belong into an environment of their own:

    python -m venv peers && peers/bin/pip install -e '.[peers]'
    peers/bin/python -m eval peers --out FOLDER
    python -m eval results --peers FOLDER
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec

from eval.answer import Record
from eval.case import Case
from eval.errors import NothingThere
from eval.inputs import cases_of, indexes_of, progress_bar
from eval.runrecord import write_lines
from eval.systems import answered, cite, declined
from sources.edition import Edition

Passage = tuple[str, int, str]  # key of the edition, offset in it, the words
Retriever = Callable[[str], Sequence[Passage]]
PEERS = {
    "langchain-default": ("langchain_core", "eval.peers.langchain", "default"),
    "langchain-tutorial": ("langchain_core", "eval.peers.langchain", "tutorial"),
    "llamaindex-default": ("llama_index", "eval.peers.llamaindex", "default"),
}


def installed() -> list[str]:
    """Names of the frameworks that this environment holds."""
    return [name for name, (package, _, _) in PEERS.items() if find_spec(package)]


def retriever_of(name: str, editions: Mapping[str, Edition]) -> Retriever:
    """The framework of that name with every edition read in."""
    _, module, form = PEERS[name]
    built: Retriever = getattr(import_module(module), form)(editions)
    return built


def record_of(case: Case, passages: Sequence[Passage], editions: Mapping[str, Edition]) -> Record:
    """The best passage as the answer; one that does not stand where it is said to is cited so, and is broken."""
    placed = [
        {**cite(editions[key], start, start + len(words)), "quote": words} for key, start, words in passages if words
    ]
    if not placed:
        return declined(case)
    spans = [{name: value for name, value in place.items() if name != "quote"} for place in placed]
    return answered(case, [(str(placed[0]["quote"]), [placed[0]])], spans)


def peers(arguments: argparse.Namespace) -> int:
    """Write the records of every installed framework, on each set of editions: FOLDER/<editions>/<name>.jsonl."""
    names = [name for name in installed() if arguments.system in (name, "all")]
    if not names:
        raise NothingThere(
            f"No framework for {arguments.system!r} is installed; in its own environment: pip install -e '.[peers]'"
        )
    cases = cases_of(arguments)
    for place, passage_index in indexes_of(arguments):
        for name in names:
            retrieve = retriever_of(name, passage_index.editions)
            records = [
                record_of(case, retrieve(case.asked_text), passage_index.editions) for case in progress_bar(name)(cases)
            ]
            path = arguments.out / place / f"{name}.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            versions = {"index": passage_index.id}
            write_lines(path, [{**record, "versions": versions} for record in records])
            print(f"{path}: {len(records)} records")
    return 0
