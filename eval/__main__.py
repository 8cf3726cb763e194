"""Score the program, or any system that writes run records, on hand-written cases.

python -m eval run | answer | lint | selftest | compare A B | gate | report
python -m eval results | models | fixtures | ablate | drill | judge | peers | feedback
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path

from eval.answer import answer
from eval.case import CASES_FOLDER
from eval.errors import EvaluationFault
from eval.feedback import feedback
from index.errors import IndexFault
from rag.generate import EXTRACTIVE, FORMS, GeneratorFault
from rag.rerank import NONE, RERANKER_HELP, RerankerUnavailable
from sources.console import run
from sources.errors import SourceError

RESULTS_FOLDER = Path(__file__).parent / "results"
SHARED_DATA = Path("../shared/data")
FIXTURES = ("noise", "counterfactual", "number-swap", "injection", "determinism")
_MODULES = {  # the other commands stand in eval/commands.py
    "peers": "eval.peers",
    "results": "eval.results_command",
    "models": "eval.models.command",
    "fixtures": "eval.fixtures",
    "ablate": "eval.ablate",
    "drill": "eval.drill",
    "judge": "eval.judge.command",
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval", description="Questions with known answers, and how well they are answered."
    )
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, about: str, *, cases: bool = True) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about.capitalize() + ".")
        sub.add_argument(
            "--index", type=Path, metavar="DIR", help="index folder (default: the bundled one, built on first use)"
        )
        if cases:
            sub.add_argument(
                "--cases",
                type=Path,
                default=CASES_FOLDER,
                metavar="PATH",
                help="case file or folder (default: eval/cases)",
            )
        sub.add_argument("--json", action="store_true", help="print JSON")
        return sub

    answer = command("answer", "answer a file of questions, one run record a line", cases=False)
    answer.add_argument("--questions", type=Path, required=True, metavar="FILE")
    answer.add_argument("--out", type=Path, required=True, metavar="FILE")
    answer.add_argument("--generator", default=EXTRACTIVE, metavar="NAME", help=f"who writes the answers: {FORMS}")
    answer.add_argument("--reranker", default=NONE, metavar="NAME", help=RERANKER_HELP)

    run = command("run", "ask every case of a split, score the answers, write a report")
    run.add_argument("--split", choices=("dev", "test", "all"), default="dev")
    run.add_argument("--out", type=Path, metavar="DIR", help="folder of this run (default: eval/runs/<time>_<commit>)")
    run.add_argument("--system", default="bletchley-qa", help="this program, a baseline or cheat by name, or all")
    run.add_argument("--records", type=Path, metavar="FILE", help="score these records instead of asking")

    run.add_argument(
        "--reason", default="", metavar="TEXT", help="why the test split is read; kept in eval/TEST_READS.md"
    )

    lint = command("lint", "check every rule that cases must keep")
    lint.add_argument(
        "--texts",
        type=Path,
        action="append",
        metavar="DIR",
        help="folder of official texts (default: ../shared/corpus)",
    )

    lint.add_argument(
        "--unanswerable", action="store_true", help="list what comes nearest to each unanswerable question"
    )

    lint.add_argument(
        "--clear", action="store_true", help="note that the texts near each unanswerable question were read"
    )

    selftest = command("selftest", "check that cheating systems fail and that the gold can be reached")
    selftest.add_argument("--split", choices=("dev", "test", "all"), default="all")
    selftest.add_argument(
        "--texts", type=Path, action="append", metavar="DIR", help="also on these official texts (default as for lint)"
    )

    report = command("report", "write the report of a run again, from its summary", cases=False)
    report.add_argument("--readme", action="store_true", help="write the README's table from eval/results instead")
    report.add_argument("--check", action="store_true", help="with --readme: only say whether it is as it should be")
    report.add_argument("run", type=Path, nargs="?", metavar="RUN", help="run folder (default: the newest)")

    compare = command("compare", "compare two runs over the same cases", cases=False)
    compare.add_argument("first", type=Path, metavar="A")
    compare.add_argument("second", type=Path, metavar="B")
    compare.add_argument("--out", type=Path, metavar="FILE", help="also write the comparison as an HTML page")

    results = command("results", "score every system on both sets of editions, into eval/results")
    results.add_argument(
        "--peers", type=Path, metavar="DIR", help="records of other frameworks, from the command peers"
    )
    results.add_argument("--out", type=Path, default=RESULTS_FOLDER, metavar="DIR", help="(default: eval/results)")
    results.add_argument("--texts", type=Path, action="append", metavar="DIR", help="folder of official texts")

    models = commands.add_parser(
        "models",
        help="measure the shipped models on public sets, beside what was wanted of them",
        description="Retrieval, answer sentences, answerability and speed, on public sets beside the checkout.",
    )
    models.add_argument(
        "--data",
        type=Path,
        default=SHARED_DATA,
        metavar="DIR",
        help="folder with measure/ and train/ (default: %(default)s)",
    )
    models.add_argument("--only", nargs="+", metavar="NAME", help="measure these sets only; “speed” is one of them")
    models.add_argument("--out", type=Path, metavar="DIR", help="also write models.json and models.md there")
    models.add_argument("--json", action="store_true", help="print JSON")

    fixtures = command("fixtures", "change the index on purpose and see what becomes of the answers")
    fixtures.add_argument("--only", action="append", metavar="NAME", choices=FIXTURES, help=f"one of {FIXTURES}")
    fixtures.add_argument("--out", type=Path, metavar="DIR", help="also write fixtures.json and fixtures.md there")
    fixtures.add_argument("--texts", type=Path, action="append", metavar="DIR", help="folder of official texts")

    ablate = command("ablate", "switch one part of the program off at a time")
    ablate.add_argument("--out", type=Path, metavar="DIR", help="also write ablations.json and ablations.md there")
    ablate.add_argument("--texts", type=Path, action="append", metavar="DIR", help="folder of official texts")

    drill = command("drill", "put regressions in on purpose and see that the gate catches them, and only them")
    drill.add_argument("--clean", type=int, default=10, metavar="N", help="clean runs that must raise no alarm (10)")
    drill.add_argument("--baseline", type=Path, metavar="FILE", help="baseline (default: eval/baseline.json)")

    judge = command("judge", "let a language model of yours judge a saved run, beside its agreement with hand labels")
    judge.add_argument("run", type=Path, metavar="RUN", help="run folder")
    judge.add_argument("--server", required=True, metavar="NAME", help="openai:URL#MODEL; key from OPENAI_API_KEY")
    judge.add_argument("--cache", type=Path, metavar="DIR", help="kept replies (default: judge-cache beside the run)")
    judge.add_argument("--same-family-ok", action="store_true", help="the judge may be of the family that answered")

    peers = command("peers", "write the records of LangChain and LlamaIndex with their defaults")
    peers.add_argument("--system", default="all", metavar="NAME", help="one of them by name (default: all installed)")
    peers.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the records")
    peers.add_argument("--texts", type=Path, action="append", metavar="DIR", help="folder of official texts")

    feedback = commands.add_parser("feedback", help="turn what readers said of answers into case drafts")
    feedback.add_argument("--data", type=Path, metavar="DIR", help="data folder (default: the checkout's)")
    feedback.add_argument("--out", type=Path, metavar="FILE", help="write the drafts here instead of printing them")

    gate = command("gate", "check invariants, floors and regressions; exit code 1 if any does not hold")
    gate.add_argument("--split", choices=("dev", "test", "all"), default="dev")
    gate.add_argument("--baseline", type=Path, metavar="FILE", help="baseline (default: eval/baseline.json)")
    gate.add_argument("--reason", default="", metavar="TEXT", help="why the test split is read")
    gate.add_argument("--write-baseline", action="store_true", help="make this run the new baseline")
    gate.add_argument("--texts", type=Path, action="append", metavar="DIR", help="folder of official texts for lint")

    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; 0 done, 1 failed or a check did not hold, 2 usage."""
    arguments = _parser().parse_args(argv)
    try:
        if arguments.command == "answer":
            return answer(arguments)
        if arguments.command == "feedback":
            return feedback(arguments)
        # Statistics and reports take a second to import; answering needs neither.
        module = import_module(_MODULES.get(arguments.command, "eval.commands"))
        return int(getattr(module, arguments.command)(arguments))
    except (EvaluationFault, GeneratorFault, IndexFault, RerankerUnavailable, SourceError) as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:
        raise  # its reader has seen enough: `run` ends quietly
    except (OSError, json.JSONDecodeError) as error:
        print(f"{error}; check the path and the file.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(run(main))
