"""See, check and change the sources.

python -m sources list | status | check [--texts DIR] | add PATH… | remove ID
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sources.catalogue import load_catalogue
from sources.check import check_source, load_exceptions, shingles_of
from sources.errors import SourceError
from sources.holdings import Holdings
from sources.library import digest_files, load_digests, read_digest
from sources.load import load_file, load_folder
from sources.readers import READABLE_SUFFIXES
from sources.terms import load_terms

_OFFICIAL_TEXTS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"
_OPTIONAL = (
    "recital",
    "pre",
    "annexI.",
    "annexX.",
)  # long lists of other acts; recitals are told where they explain a duty


def _list(_arguments: argparse.Namespace) -> int:
    for entry in load_catalogue():
        print(f"{entry.id:38} {entry.title.zh} · {entry.title.en}")
    return 0


def _status(_arguments: argparse.Namespace) -> int:
    catalogue = load_catalogue()
    digests = digest_files()
    report = Holdings().load(catalogue)
    held: dict[str, list[str]] = {}
    for edition in report.editions:
        read_on = edition.read_on.isoformat() if edition.read_on else "unknown day"
        held.setdefault(edition.source_id, []).append(f"{edition.language} {edition.origin.value} (read {read_on})")
    for source_id in dict.fromkeys([*(entry.id for entry in catalogue), *held]):
        entry = catalogue.get(source_id)
        parts = (["digest zh, en"] if source_id in digests else []) + held.get(source_id, [])
        legal = f"{entry.status} (as of {entry.status_as_of})" if entry and entry.status else ""
        print(f"{source_id:38} {'; '.join(parts) or 'nothing held':40} {legal}")
    for problem in report.problems:
        print(problem, file=sys.stderr)
    return 1 if report.problems else 0


def _check(arguments: argparse.Namespace) -> int:
    catalogue = load_catalogue()
    titles = {entry.id: {"zh": entry.title.zh, "en": entry.title.en} for entry in catalogue}
    entries_by_source = {source_id: read_digest(source_id, paths) for source_id, paths in digest_files().items()}
    load_digests(titles)  # every digest belongs to a source
    terms = load_terms()
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
        for finding in check_source(entries, own, shingles, exceptions.get(source_id, {}), optional=_OPTIONAL):
            print(f"{source_id}: {finding}.", file=sys.stderr)
            findings += 1
    units = sum(map(len, entries_by_source.values()))
    against = f"against {len(officials)} official texts" if officials else "format only, no official texts at hand"
    print(f"Library: {len(entries_by_source)} sources, {units} digest units in 2 languages, {len(terms)} terms.")
    print(f"{findings} findings ({against}).")
    return 1 if findings else 0


def _add(arguments: argparse.Namespace) -> int:
    catalogue = load_catalogue()
    holdings = Holdings()
    failed = False
    for given in arguments.paths:
        paths = [p for p in sorted(given.iterdir()) if p.suffix in READABLE_SUFFIXES] if given.is_dir() else [given]
        for path in paths:
            try:
                edition = load_file(path, catalogue)
            except SourceError as error:
                print(error, file=sys.stderr)
                failed = True
                continue
            holdings.add(edition)
            known = "recognised as" if edition.source_id in catalogue else "added as"
            print(f"{path.name} {known} {edition.source_id} ({edition.language}, {len(edition.units)} units).")
    print("Rebuild the index with: python -m index build")
    return 1 if failed else 0


def _remove(arguments: argparse.Namespace) -> int:
    for name in Holdings().remove(arguments.id):
        print(f"Removed {name}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sources", description="See, check and change the sources.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="every source in the catalogue")
    commands.add_parser("status", help="what is held of each source")
    check = commands.add_parser("check", help="check digests against official texts")
    check.add_argument("--texts", type=Path, default=_OFFICIAL_TEXTS, metavar="DIR", help="folder of official texts")
    add = commands.add_parser("add", help="take texts of your own into the data directory")
    add.add_argument("paths", type=Path, nargs="+", metavar="PATH")
    remove = commands.add_parser("remove", help="forget a text that was added")
    remove.add_argument("id")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; 0 done, 1 failed or a check did not hold, 2 usage."""
    arguments = _parser().parse_args(argv)
    commands = {"list": _list, "status": _status, "check": _check, "add": _add, "remove": _remove}
    try:
        return commands[arguments.command](arguments)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
