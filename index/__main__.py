"""Build and look into indexes.

python -m index build [--sources DIR]… [--index DIR] [--embedder NAME] [--store STORE] [--dry-run] [--watch]
python -m index status | verify | rollback [--index DIR]
python -m index drift FILE [--index DIR]
python -m index search "…" [--index DIR] [--limit N] [--json]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from index.build import build_index, rollback
from index.default import DEFAULT_INDEX_FOLDER, inputs_state, open_or_build, remember
from index.drift import describe_drift, drifted, read_records
from index.embedder import BUNDLED, Embedder, load_embedder
from index.errors import IndexFault
from index.generations import current_generation, generations
from index.manifest import LOCAL
from index.milvus import FORMS, store_named
from index.passage import Hit, SearchMethod
from index.plan import describe_plan
from index.progress import bars
from index.publish import problems_of
from index.store import PassageIndex
from sources.collection import Collection, bundled_collection, folder_collection
from sources.console import run
from sources.errors import SourceError
from sources.holdings import Holdings

_METHODS = (SearchMethod.LEXICAL, SearchMethod.DENSE)


def _collect(arguments: argparse.Namespace) -> Collection:
    return folder_collection(arguments.sources) if arguments.sources else bundled_collection(Holdings())


def _build(arguments: argparse.Namespace) -> int:
    collection = _collect(arguments)
    for problem in collection.problems:
        print(problem, file=sys.stderr)
    embedder = load_embedder(arguments.embedder)
    if arguments.dry_run:
        print(describe_plan(collection.editions, arguments.index, embedder=embedder))
        return 1 if collection.problems else 0
    _build_and_tell(collection, arguments, embedder)
    if arguments.watch:
        _watch(arguments, embedder)
    return 1 if collection.problems else 0


def _build_and_tell(collection: Collection, arguments: argparse.Namespace, embedder: Embedder) -> None:
    started = time.perf_counter()
    state = inputs_state()
    with bars() as tell:
        report = build_index(
            collection.editions, collection.names, arguments.index, embedder=embedder, store=arguments.store, tell=tell
        )
    if not arguments.sources and arguments.index == DEFAULT_INDEX_FOLDER:
        remember(state)
    verb = "Built" if report.switched else "Unchanged:"
    print(
        f"{verb} index {report.id}: {report.editions} editions, {report.passages} passages "
        f"({report.embedded} embedded, {report.reused} reused), {len(collection.problems)} texts left out, "
        f"{'' if report.store == LOCAL else f'{report.sent} sent to {report.store}, '}"
        f"{time.perf_counter() - started:.2f} s",
        flush=True,
    )


def _watch(arguments: argparse.Namespace, embedder: Embedder) -> None:
    """Rebuild whenever a file changes, until interrupted; what cannot be built leaves the index as it was."""
    from watchfiles import watch

    folders = arguments.sources or [Holdings().folder]
    print(f"Watching {', '.join(map(str, folders))}; stop with Ctrl-C.", flush=True)
    for _changes in watch(*[folder for folder in folders if folder.is_dir()], raise_interrupt=False):
        try:
            collection = _collect(arguments)
            for problem in collection.problems:
                print(problem, file=sys.stderr)
            _build_and_tell(collection, arguments, embedder)
        except (IndexFault, SourceError) as error:
            print(error, file=sys.stderr)


def _status(arguments: argparse.Namespace) -> int:
    passage_index = PassageIndex.open(arguments.index)
    manifest = passage_index.manifest
    print(f"Index {manifest.id} in {arguments.index}")
    print(f"Embedder {manifest.embedder} ({manifest.embedder_fingerprint}, {manifest.dimension} dimensions)")
    print(f"Analyser {manifest.analyser}; splitter {manifest.splitter}")
    if manifest.store != LOCAL:
        print(f"Searched by {manifest.store}, collection {manifest.collection}")
    for language, near in (manifest.near or {}).items():
        found = f"{near['recall']:.3f} of the exact best 60"
        print(f"Vectors of {language} by {near['kind']}, {near['probes']} cells a question: {found}")
    print(f"Generations kept, the last built first: {', '.join(path.name for path in generations(arguments.index))}")
    counts = passage_index.passage_counts()
    for key, edition in passage_index.editions.items():
        sizes = f"{len(edition.units):5} units {counts[key]:5} passages {len(edition.text):8,} characters"
        print(f"{key:55} {edition.origin.value:12} {sizes}")
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    generation = current_generation(arguments.index)
    passage_index = PassageIndex.open_generation(generation)
    problems = passage_index.verify(generation)
    if passage_index.manifest.store != LOCAL:
        problems += problems_of(arguments.index, passage_index.manifest, passage_index.passages)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"Index {generation.name}: {'sound' if not problems else f'{len(problems)} problems; rebuild it'}")
    return 1 if problems else 0


def _rollback(arguments: argparse.Namespace) -> int:
    print(f"Index {rollback(arguments.index)} is in use again.")
    return 0


def _drift(arguments: argparse.Namespace) -> int:
    drifts = drifted(read_records(arguments.file), PassageIndex.open(arguments.index).editions)
    print(describe_drift(drifts))
    return 1 if drifts else 0


def _search(arguments: argparse.Namespace) -> int:
    hits = open_or_build(None if arguments.index == DEFAULT_INDEX_FOLDER else arguments.index).search(
        arguments.query, limit=arguments.limit
    )
    if arguments.json:
        rows = [_hit_record(hit) for hit in hits]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    for hit in hits:
        ranks = ", ".join(f"{method.value} {hit.ranks.get(method, '–')}" for method in _METHODS)
        print(f"{hit.score:.3f}  {hit.passage.edition_key} {hit.passage.locator} ({ranks})")
        print(f"       {hit.passage.text[:160]}")
    return 0


def _hit_record(hit: Hit) -> dict[str, object]:
    passage = hit.passage
    return {
        "source_id": passage.source_id,
        "edition": passage.language,
        "origin": passage.origin.value,
        "locator": passage.locator,
        "start": passage.start,
        "end": passage.end,
        "score": round(hit.score, 4),
        "text": passage.text,
    }


def _store(text: str) -> str:
    try:
        return store_named(text)
    except IndexFault as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index", description="Build and look into indexes.")
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="build the index and switch to it")
    build.add_argument(
        "--sources", type=Path, action="append", metavar="DIR", help="index this folder (repeatable) and nothing else"
    )
    build.add_argument(
        "--embedder", default=BUNDLED, help="sentence-transformers model name or path (default: the bundled model)"
    )
    build.add_argument(
        "--store", type=_store, help=f"who searches the passages: {FORMS} (default: as the index in use, else local)"
    )
    build.add_argument("--dry-run", action="store_true", help="say what would change and build nothing")
    build.add_argument("--watch", action="store_true", help="go on rebuilding when files change")
    search = commands.add_parser("search", help="passages for a question, best first")
    search.add_argument("query")
    search.add_argument("--limit", type=int, default=10)
    search.add_argument("--json", action="store_true")
    drift = commands.add_parser("drift", help="saved answers whose cited text has changed since")
    drift.add_argument("file", type=Path, help="run records, one JSON object a line")
    others = [commands.add_parser(name, help=text) for name, text in (
        ("status", "what the index holds"), ("verify", "check every checksum, span and self-retrieval"),
        ("rollback", "go back to the generation before"))]  # fmt: skip
    for command in (build, search, drift, *others):
        command.add_argument("--index", type=Path, default=DEFAULT_INDEX_FOLDER, metavar="DIR")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; 0 done, 1 failed or a text left out, 2 usage."""
    arguments = _parser().parse_args(argv)
    commands = {"build": _build, "status": _status, "verify": _verify, "rollback": _rollback, "search": _search,
                "drift": _drift}  # fmt: skip
    try:
        return commands[arguments.command](arguments)
    except (IndexFault, SourceError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(run(main))
