"""See, check and change the sources.

python -m sources list | status [--json] | check [--texts DIR] | remove ID
python -m sources fetch [ID…] [--offline] [--allow-private]
python -m sources add PATH_OR_URL… [--allow-private]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from sources.catalogue import Catalogue, load_catalogue
from sources.check import check_source, load_exceptions, shingles_of
from sources.console import run
from sources.edition import Edition
from sources.errors import SourceError, UnknownSource
from sources.fetch.snapshots import SnapshotStore
from sources.holdings import Holdings
from sources.known_questions import load_known_questions, question_findings
from sources.library import digest_files, load_digests, read_digest
from sources.load import load_folder, load_parts
from sources.naming import load_name_exceptions, name_findings
from sources.status import status_of_sources
from sources.terms import load_terms

_OFFICIAL_TEXTS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"
_OPTIONAL = ("pre",)  # title and citations above the first article


def _list(_arguments: argparse.Namespace) -> int:
    for entry in load_catalogue():
        print(f"{entry.id:38} {entry.title.zh} · {entry.title.en}")
    return 0


def _status(arguments: argparse.Namespace) -> int:
    catalogue = load_catalogue()
    holdings = Holdings()
    report = holdings.load(catalogue)
    statuses = status_of_sources(catalogue, report.editions, SnapshotStore(holdings.data_folder))
    if arguments.json:
        print(json.dumps([status.as_dict() for status in statuses], ensure_ascii=False, indent=1))
    else:
        print("\n".join(line for status in statuses for line in status.lines()))
    for problem in report.problems:
        print(problem, file=sys.stderr)
    return 1 if report.problems else 0


def _fetch(arguments: argparse.Namespace) -> int:
    from sources.fetch.download import Downloader
    from sources.fetch.official import Fetcher, published_editions
    from sources.fetch.progress import progress_bar

    catalogue = load_catalogue()
    for source_id in arguments.ids:
        if source_id not in catalogue:
            raise UnknownSource(f"No source {source_id!r} is in the catalogue; see: python -m sources list")
    holdings = Holdings()
    downloader = None if arguments.offline else Downloader(allow_private=arguments.allow_private)
    fetcher = Fetcher(catalogue, holdings, SnapshotStore(holdings.data_folder), downloader)
    wanted = list(published_editions(catalogue, arguments.ids))
    troubles = 0
    with progress_bar(len(wanted)) as begin:
        for entry, published in wanted:
            record = fetcher.fetch(entry, published, begin(f"{entry.id}.{published.language}"))
            troubles += record.is_trouble
            print(
                f"{entry.id} ({published.language}): {record.said}",
                file=sys.stderr if record.is_trouble else sys.stdout,
            )
            if record.moved_to:
                print(f"{entry.id} ({published.language}): the page has moved to {record.moved_to}.")
    print(f"{len(wanted) - troubles} of {len(wanted)} pages read. Rebuild the index with: python -m index build")
    return 1 if troubles else 0


def _check(arguments: argparse.Namespace) -> int:
    started = time.process_time()
    catalogue = load_catalogue()
    titles = {entry.id: {"zh": entry.title.zh, "en": entry.title.en} for entry in catalogue}
    load_digests(titles, {entry.id: entry.kind for entry in catalogue})  # every digest belongs to a source
    terms = load_terms()
    milliseconds = (time.process_time() - started) * 1000
    entries_by_source = {source_id: read_digest(source_id, paths) for source_id, paths in digest_files().items()}
    names = load_name_exceptions()
    questions = load_known_questions()
    texts: Path = arguments.texts
    officials = load_folder(texts, catalogue).editions if texts.is_dir() else []
    shingles = {
        language: shingles_of((e.text for e in officials if e.language == language), language)
        for language in ("zh", "en")
    }
    exceptions = load_exceptions()
    findings = 0
    for source_id, entries in entries_by_source.items():
        own = [edition for edition in officials if edition.source_id == source_id]
        told = check_source(entries, own, shingles, exceptions.get(source_id, {}), optional=_OPTIONAL)
        asked = question_findings(entries, [question for question in questions if question.source_id == source_id])
        for finding in told + name_findings(entries, terms, names[source_id]) + asked:
            print(f"{source_id}: {finding}.", file=sys.stderr)
            findings += 1
    units = sum(map(len, entries_by_source.values()))
    against = f"against {len(officials)} official texts" if officials else "format only, no official texts at hand"
    print(f"Library: {len(entries_by_source)} sources, {units} digest units in 2 languages, {len(terms)} terms.")
    print(f"{len(questions)} known questions.")
    print(f"Catalogue, digests and terms loaded and validated in {milliseconds:.0f} ms of processor time.")
    print(f"{findings} findings ({against}).")
    return 1 if findings else 0


def _add(arguments: argparse.Namespace) -> int:
    from sources.adding import is_url, paths_of

    catalogue, holdings = load_catalogue(), Holdings()
    failed = False
    for given in arguments.paths:
        for place in [given] if is_url(given) else paths_of(given):
            try:
                editions = _editions_at(place, catalogue, holdings, allow_private=arguments.allow_private)
            except SourceError as error:
                print(error, file=sys.stderr)
                failed = True
                continue
            for edition in editions:
                holdings.add(edition)
                known = "recognised as" if edition.source_id in catalogue else "added as"
                name = place if isinstance(place, str) else place.name
                print(f"{name} {known} {edition.source_id} ({edition.language}, {len(edition.units)} units).")
    print("Rebuild the index with: python -m index build")
    return 1 if failed else 0


def _editions_at(place: str | Path, catalogue: Catalogue, holdings: Holdings, *, allow_private: bool) -> list[Edition]:
    """The editions that a file or a web page holds."""
    if isinstance(place, Path):
        return load_parts(place, catalogue)
    from sources.adding import editions_from_url
    from sources.fetch.download import Downloader

    downloader = Downloader(allow_private=allow_private)
    return list(editions_from_url(place, catalogue, SnapshotStore(holdings.data_folder), downloader))


def _remove(arguments: argparse.Namespace) -> int:
    for name in Holdings().remove(arguments.id):
        print(f"Removed {name}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sources", description="See, check and change the sources.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="every source in the catalogue")
    status = commands.add_parser("status", help="what is held of each source, and what became of its page")
    status.add_argument("--json", action="store_true", help="as JSON")
    fetch = commands.add_parser("fetch", help="get official texts from where they are published")
    fetch.add_argument(
        "ids", nargs="*", metavar="ID", help="sources to fetch; all of the catalogue where none is named"
    )
    fetch.add_argument("--offline", action="store_true", help="contact nobody; read what was fetched before once more")
    fetch.add_argument("--allow-private", action="store_true", help="allow addresses within private networks")
    check = commands.add_parser("check", help="check digests against official texts")
    check.add_argument("--texts", type=Path, default=_OFFICIAL_TEXTS, metavar="DIR", help="folder of official texts")
    add = commands.add_parser("add", help="take texts of your own into the data directory")
    add.add_argument("paths", nargs="+", metavar="PATH_OR_URL", help="a file, a folder or a web page")
    add.add_argument("--allow-private", action="store_true", help="allow addresses within private networks")
    remove = commands.add_parser("remove", help="forget a text that was added")
    remove.add_argument("id")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; 0 done, 1 failed or a check did not hold, 2 usage."""
    arguments = _parser().parse_args(argv)
    commands = {
        "list": _list, "status": _status, "check": _check, "fetch": _fetch, "add": _add, "remove": _remove,
    }  # fmt: skip
    try:
        return commands[arguments.command](arguments)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(run(main))
