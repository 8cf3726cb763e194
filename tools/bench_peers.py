"""The same work with LangChain + FAISS and with LlamaIndex + FAISS: same texts, same embedder, one run, as ratios.

    PYTHONPATH=. PEERS/bin/python tools/bench_peers.py [--texts DIR] [--out FILE]

PEERS is an environment with the extra `peers` (see pyproject.toml; it moves other pins). Each system cuts, embeds and
indexes the texts with its own defaults and is then asked the same questions; rounds are interleaved and their medians
kept. The work is not quite the same: this project also writes terms, vectors and checksums to disk and searches words
and vectors in both languages; the others keep vectors in memory and search those alone.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from bench_sizes import machine  # noqa: E402

from index.build import build_index  # noqa: E402
from index.embedder import BUNDLED_FOLDER  # noqa: E402
from index.store import PassageIndex  # noqa: E402
from sources.collection import Collection, bundled_collection, folder_collection  # noqa: E402
from sources.holdings import Holdings  # noqa: E402

ROUNDS = 3
QUESTIONS = 200
DIMENSIONS = 256  # of the bundled embedder
Search = Callable[[str], object]


def ours(collection: Collection, folder: Path) -> Search:
    """Ours: units and neighbours cut, embedded, indexed and verified on disk."""
    build_index(collection.editions, collection.names, folder)
    passage_index = PassageIndex.open(folder)
    return lambda question: passage_index.search(question, limit=4)


def langchain(collection: Collection, _: Path) -> Search:
    """LangChain's recursive splitter (1,000 characters, 200 shared, as in its tutorial) and its FAISS store."""
    from langchain_community.vectorstores import FAISS
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    pieces = splitter.split_documents([Document(page_content=edition.text) for edition in collection.editions])
    store = FAISS.from_documents(pieces, HuggingFaceEmbeddings(model_name=str(BUNDLED_FOLDER)))
    return lambda question: store.similarity_search(question)


def llamaindex(collection: Collection, _: Path) -> Search:
    """LlamaIndex's sentence splitter (1,024 tokens) and its FAISS store; two passages, as by default."""
    import faiss
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.vector_stores.faiss import FaissVectorStore

    from eval.peers.llamaindex import bundled_embedding

    storage = StorageContext.from_defaults(vector_store=FaissVectorStore(faiss.IndexFlatIP(DIMENSIONS)))
    documents = [Document(text=edition.text) for edition in collection.editions]
    retriever = VectorStoreIndex.from_documents(
        documents, storage_context=storage, embed_model=bundled_embedding()
    ).as_retriever()
    return lambda question: retriever.retrieve(question)


SYSTEMS = {"this project": ours, "LangChain + FAISS": langchain, "LlamaIndex + FAISS": llamaindex}


def measure(collection: Collection) -> dict[str, dict[str, float]]:
    """Median seconds of a build and milliseconds of a question, by system."""
    texts = [edition.body_of(unit) for edition in collection.editions for unit in edition.units]
    questions = [f"{text[:24]}？" for text in texts[:: max(1, len(texts) // QUESTIONS)]][:QUESTIONS]
    found: dict[str, dict[str, list[float]]] = {name: {"build s": [], "p50 ms": [], "p95 ms": []} for name in SYSTEMS}
    for number in range(ROUNDS + 1):  # the first round loads what is loaded once, and does not count
        for name, system in SYSTEMS.items():
            with tempfile.TemporaryDirectory() as folder:
                started = time.perf_counter()
                search = system(collection, Path(folder) / "index")
                seconds = time.perf_counter() - started
                times = sorted(_milliseconds(search, question) for question in questions)
            if number:
                found[name]["build s"].append(seconds)
                found[name]["p50 ms"].append(times[len(times) // 2])
                found[name]["p95 ms"].append(times[int(len(times) * 0.95)])
    return {name: {key: statistics.median(values) for key, values in of.items()} for name, of in found.items()}


def _milliseconds(search: Search, question: str) -> float:
    started = time.perf_counter_ns()
    search(question)
    return (time.perf_counter_ns() - started) / 1e6


def table(figures: dict[str, dict[str, float]]) -> list[str]:
    """Each figure, and how many times this project's it is."""
    own = figures["this project"]
    lines = ["| system | build, s | question p50, ms | p95, ms |", "|---|---|---|---|"]
    for name, of in figures.items():
        cells = [f"{value:.2f}" + ("" if of is own else f" (×{value / own[key]:.1f})") for key, value in of.items()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description="Times beside LangChain and LlamaIndex.")
    parser.add_argument("--texts", type=Path, default=ROOT.parent / "shared" / "corpus", help="folder of texts")
    parser.add_argument("--out", type=Path, help="file for the figures as JSON")
    options = parser.parse_args(arguments)
    sets: dict[str, Callable[[], Collection]] = {"bundled digests": lambda: bundled_collection(Holdings(Path("no")))}
    if options.texts.is_dir():
        sets["official texts"] = lambda: folder_collection([options.texts])
    record: dict[str, Any] = {"machine": machine(), "figures": {}}
    for name, collection in sets.items():
        record["figures"][name] = measure(collection())
        print(f"\n{name}\n", *table(record["figures"][name]), sep="\n")
    if options.out:
        options.out.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
