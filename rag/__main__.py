"""Ask a question on the command line, and check what was exported.

python -m rag ask "…" [--index DIR] [--lang zh|en] [--history FILE] [--generator NAME] [--reranker NAME] [--json]
python -m rag verify EXPORT… [--index DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from index.default import open_or_build
from index.errors import IndexFault
from rag.answer import Answer
from rag.answerer import Answerer
from rag.generate import EXTRACTIVE, FORMS, GeneratorFault, generator_named
from rag.question import Turn
from rag.record import answer_record
from rag.rerank import NONE, RERANKER_HELP, RerankerUnavailable, reranker_named
from sources.console import run
from sources.errors import SourceError


def _history(path: Path | None) -> list[Turn]:
    if path is None:
        return []
    return [Turn(str(row["role"]), str(row["content"])) for row in json.loads(path.read_text(encoding="utf-8"))]


def _ask(arguments: argparse.Namespace) -> int:
    try:
        history = _history(arguments.history)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(
            f"History {str(arguments.history)!r} cannot be read ({error}); write a JSON list of {{role, content}}.",
            file=sys.stderr,
        )
        return 1
    generator = generator_named(arguments.generator, api_key=os.environ.get("OPENAI_API_KEY", ""))
    answerer = Answerer(open_or_build(arguments.index), generator, reranker=reranker_named(arguments.reranker))
    answer = answerer.answer(arguments.question, history=history, language=arguments.lang)
    if arguments.json:
        print(json.dumps(answer_record(answer), ensure_ascii=False, indent=1))
    else:
        print(plain_text(answer))
    return 0


def plain_text(answer: Answer) -> str:
    """The answer with numbered citations, for a terminal."""
    lines = (
        [f"（{answer.standalone}）" if answer.language == "zh" else f"({answer.standalone})"]
        if answer.standalone
        else []
    )
    if answer.reason and not answer.note:
        lines.append(answer.reason)
    notes = []
    for number, claim in enumerate(answer.claims, 1):
        lines.append(f"{claim.heading + ': ' if claim.heading else ''}{claim.text} [{number}]")
        cited = claim.citations[0]
        notes.append(f"[{number}] {cited.title} · {cited.place} · {cited.origin.value} · {claim.support.value}")
        if cited.quote != claim.text:
            notes.append(f"    “{cited.quote}”")
    lines += [answer.note] if answer.note else []
    for near in answer.nearest:
        notes.append(f" ~  {near.title} · {near.place} · {near.origin.value}: {near.quote}")
    return "\n".join([*lines, "", *notes]).rstrip()


def _verify(arguments: argparse.Namespace) -> int:
    from rag.export.reading import UnreadableExport  # asking does not pay for it
    from rag.verify_export import verify_export

    editions = open_or_build(arguments.index).editions
    failed = False
    for path in arguments.exports:
        try:
            check = verify_export(path, editions)
        except UnreadableExport as error:
            print(error, file=sys.stderr)
            failed = True
            continue
        for problem in check.problems:
            print(f"{path.name}: {problem}", file=sys.stderr)
        failed = failed or bool(check.problems)
        verdict = f"problems: {len(check.problems)}" if check.problems else "all hold"
        print(f"{path.name}: {check.quotes} quotes and {check.claims} claims checked: {verdict}.")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rag", description="Ask a question; every sentence of the answer is cited."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    ask = commands.add_parser("ask", help="answer one question")
    ask.add_argument("question")
    ask.add_argument(
        "--index", type=Path, metavar="DIR", help="index folder (default: the bundled one, built on first use)"
    )
    ask.add_argument("--lang", choices=("zh", "en"), help="language of the answer (default: that of the question)")
    ask.add_argument("--history", type=Path, metavar="FILE", help="JSON list of {role, content}, oldest first")
    ask.add_argument("--generator", default=EXTRACTIVE, metavar="NAME", help=f"who writes the answer: {FORMS}")
    ask.add_argument("--reranker", default=NONE, metavar="NAME", help=RERANKER_HELP)
    ask.add_argument("--json", action="store_true", help="print the run record")
    verify = commands.add_parser("verify", help="check every quote of an exported file against the index, offline")
    verify.add_argument("exports", type=Path, nargs="+", metavar="EXPORT")
    verify.add_argument("--index", type=Path, metavar="DIR", help="index folder (default: the bundled one)")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Answer one question or check exports; 0 done, 1 failed or a check did not hold, 2 usage."""
    arguments = _parser().parse_args(argv)
    try:
        return _verify(arguments) if arguments.command == "verify" else _ask(arguments)
    except (IndexFault, SourceError, GeneratorFault, RerankerUnavailable) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(run(main))
