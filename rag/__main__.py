"""Ask a question on the command line.

python -m rag ask "…" [--index DIR] [--lang zh|en] [--history FILE] [--generator NAME] [--json]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from index.default import open_or_build
from index.errors import IndexFault
from rag.answer import Answer
from rag.answerer import Answerer
from rag.question import Turn
from rag.record import answer_record
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
    answerer = Answerer(open_or_build(arguments.index))
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
    if answer.reason:
        lines.append(answer.reason)
    notes = []
    for number, claim in enumerate(answer.claims, 1):
        lines.append(f"{claim.heading + ': ' if claim.heading else ''}{claim.text} [{number}]")
        cited = claim.citations[0]
        notes.append(f"[{number}] {cited.title} · {cited.place} · {cited.origin.value} · {claim.support.value}")
        if cited.quote != claim.text:
            notes.append(f"    “{cited.quote}”")
    for near in answer.nearest:
        notes.append(f" ~  {near.title} · {near.place} · {near.origin.value}: {near.quote}")
    return "\n".join([*lines, "", *notes]).rstrip()


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
    ask.add_argument("--generator", default="extractive", choices=("extractive",), help="who writes the answer")
    ask.add_argument("--json", action="store_true", help="print the run record")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Answer one question; 0 answered or declined, 1 failed, 2 usage."""
    try:
        return _ask(_parser().parse_args(argv))
    except (IndexFault, SourceError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
