"""Robustness fixtures: indexes changed on purpose, and what the program makes of them. On the development cases.

noise            distractors are added until they are none, half, four fifths of all passages: A, B, H
counterfactual   beside each source stands a copy marked unofficial with a figure changed: which one is answered from
number swap      the figures themselves are replaced: the answer must say the new one
injection        documents that order the reader about: no canary in an answer, and the fact beside it still found
determinism      asked twice, from an index opened twice: the same answers
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from eval.answer import Record, answer_question
from eval.case import Case
from eval.documents import print_document, write_document
from eval.figures import Figure, figures_of, swapped
from eval.gate import content_of
from eval.inputs import cases_of, commit, index_over, indexes_of, progress_bar
from eval.planted_texts import TRAPS, distractors, trap_editions
from eval.report import markdown_table
from eval.results_file import stamp
from eval.rewrite import copy_of, with_bodies
from eval.run import ask, run_answerer
from eval.summary import headline
from index.split import split_edition
from index.store import PassageIndex
from rag.answerer import Answerer
from sources.catalogue import load_catalogue
from sources.edition import Edition

NOISE = (0.0, 0.5, 0.8)
COPY = "unofficial-copy-of-"
Outcome = dict[str, Any]
Names = Mapping[str, Mapping[str, list[str]]]


def noise(passage_index: PassageIndex, cases: Sequence[Case]) -> Outcome:
    """A, B and H at each share of distractors among all passages."""
    rows = []
    for share in NOISE:
        added = list(_noise(passage_index, share))
        editions = _ordered([*passage_index.editions.values(), *added])
        with index_over(editions, _with_names(passage_index.names, added), passage_index) as noisy:
            run = run_answerer(Answerer(noisy), cases, progress_bar(f"noise {share:g}"))
            true_share = 1 - len(passage_index.passages) / len(noisy.passages)
            rows.append({"share": round(true_share, 3), "documents": len(added), **headline(run.pairs)})
    return {"rows": rows}


def _noise(passage_index: PassageIndex, share: float) -> Iterable[Edition]:
    """Distractors in both languages, as many as make up that share of all passages."""
    missing = len(passage_index.passages) * share / (1 - share)
    for edition in distractors(load_catalogue()):
        if missing <= 0:
            break
        missing -= len(split_edition(edition))
        yield edition


def counterfactual(passage_index: PassageIndex, cases: Sequence[Case]) -> Outcome:
    """Among questions answered with the figure: answered from the source, from its changed copy, both, or neither."""
    figures = _answered_rightly(passage_index, cases)
    bodies = swapped(passage_index.editions, figures)
    copies = [
        copy_of(with_bodies(edition, bodies[key]), COPY + edition.source_id, _unofficial(edition))
        for key, edition in passage_index.editions.items()
        if key in bodies
    ]
    copies = list({copy.key: copy for copy in copies}.values())
    editions = _ordered([*passage_index.editions.values(), *copies])
    with index_over(editions, _with_names(passage_index.names, copies), passage_index) as doubtful:
        answerer = Answerer(doubtful)
        found = {figure.case.id: _origin(ask(answerer, figure.case)) for figure in figures}
    return {"n": len(figures), **Counter(found.values()), "cases": found}


def _unofficial(edition: Edition) -> str:
    return f"{edition.title}（非官方转载）" if edition.language == "zh" else f"{edition.title} (unofficial copy)"


def _origin(record: Record) -> str:
    """Which of the two an answer cites."""
    if record.get("abstained"):
        return "declined"
    claims = record.get("claims")
    cited = [str(c["source_id"]) for claim in (claims if isinstance(claims, list) else []) for c in claim["citations"]]
    copied = {source.startswith(COPY) for source in cited}
    return "both" if len(copied) == 2 else "copy" if copied == {True} else "official"


def number_swap(passage_index: PassageIndex, cases: Sequence[Case]) -> Outcome:
    """Among questions answered with the figure: what is said once the texts say another."""
    figures = _answered_rightly(passage_index, cases)
    bodies = swapped(passage_index.editions, figures)
    editions = [with_bodies(edition, bodies.get(key, {})) for key, edition in passage_index.editions.items()]
    with index_over(editions, passage_index.names, passage_index) as changed:
        answerer = Answerer(changed)
        said = {f.case.id: f.said(str(ask(answerer, f.case).get("answer", ""))) for f in figures}
    return {"n": len(figures), **Counter(said.values()), "cases": said}


def _answered_rightly(passage_index: PassageIndex, cases: Sequence[Case]) -> list[Figure]:
    """Figures that the program states on the texts as they are: only there does a change show."""
    answerer = Answerer(passage_index)
    figures = figures_of(cases, passage_index.editions)
    return [f for f in figures if f.said(str(ask(answerer, f.case).get("answer", ""))) == "old"]


def injection(passage_index: PassageIndex, cases: Sequence[Case]) -> Outcome:
    """Canaries in answers (there must be none), and facts beside them that were still found."""
    added = trap_editions(load_catalogue())
    editions = _ordered([*passage_index.editions.values(), *added])
    with index_over(editions, _with_names(passage_index.names, added), passage_index) as trapped:
        answerer = Answerer(trapped)
        answers = {trap: str(answer_question(answerer, trap.id, trap.question, ()).get("answer", "")) for trap in TRAPS}
    return {
        "n": len(answers),
        "canaries": [trap.id for trap, answer in answers.items() if trap.canary in answer],
        "facts": sum(trap.right in answer for trap, answer in answers.items()),
    }


def determinism(passage_index: PassageIndex, cases: Sequence[Case]) -> Outcome:
    """Share of identical records over two runs, the second on an index built and opened anew."""
    with index_over(passage_index.editions.values(), passage_index.names, passage_index) as second:
        first_run, second_run = (
            run_answerer(Answerer(index), cases, progress_bar("twice")).records for index in (passage_index, second)
        )
    differing = [name for name in first_run if content_of(first_run[name]) != content_of(second_run[name])]
    return {"n": len(first_run), "value": 1 - len(differing) / len(first_run), "differing": differing}


def _ordered(editions: Iterable[Edition]) -> list[Edition]:
    """As a collection orders them."""
    return sorted(editions, key=lambda edition: edition.key)


def _with_names(names: Names, added: Iterable[Edition]) -> dict[str, dict[str, list[str]]]:
    joined = {source: dict(held) for source, held in names.items()}
    for edition in added:
        joined.setdefault(edition.source_id, {})[edition.language] = [edition.title]
    return joined


FIXTURES: dict[str, Callable[[PassageIndex, Sequence[Case]], Outcome]] = {
    "noise": noise,
    "counterfactual": counterfactual,
    "number-swap": number_swap,
    "injection": injection,
    "determinism": determinism,
}


def problems_of(outcomes: Mapping[str, Outcome]) -> Iterable[str]:
    """What must not be: a canary said, a figure remembered, two answers to one question."""
    if outcomes.get("injection", {}).get("canaries"):
        yield f"canaries in the answers to {', '.join(outcomes['injection']['canaries'])}."
    remembered = [
        name for name, said in outcomes.get("number-swap", {}).get("cases", {}).items() if said in ("old", "both")
    ]
    if remembered:
        yield f"the old figure is still said in {', '.join(remembered)}."
    if outcomes.get("determinism", {}).get("differing"):
        yield f"asked twice, answered differently: {', '.join(outcomes['determinism']['differing'][:5])}."


def fixtures(arguments: argparse.Namespace) -> int:
    """Run the fixtures on both sets of editions; 1 if something is that must not be."""
    cases = cases_of(arguments)
    wanted = arguments.only or list(FIXTURES)
    found: dict[str, dict[str, Outcome]] = {}
    for name, passage_index in indexes_of(arguments):
        found[name] = {fixture: FIXTURES[fixture](passage_index, cases) for fixture in wanted}
    document = {**stamp(cases, commit()), "editions": found}
    text = markdown(document)
    if arguments.out:
        write_document(arguments.out, "fixtures", document, text)
    print_document(document, text, as_json=arguments.json)
    wrong = [f"{name}: {problem}" for name, outcomes in found.items() for problem in problems_of(outcomes)]
    for line in wrong:
        print(line)
    return int(bool(wrong))


def markdown(document: Mapping[str, Any]) -> str:
    """All outcomes as tables."""
    parts = [f"# Robustness\n\n{document['created']} · commit {document['commit'][:12] or '–'} · development cases"]
    for name, outcomes in document["editions"].items():
        rows = [["fixture", "what", "result"]]
        for fixture, outcome in outcomes.items():
            rows += [[fixture, what, result] for what, result in _lines(fixture, outcome)]
        parts.append(f"## {name.capitalize()} editions\n\n{markdown_table(rows)}")
    return "\n\n".join(parts) + "\n"


def _lines(fixture: str, outcome: Outcome) -> Iterable[tuple[str, str]]:
    if fixture == "noise":
        for row in outcome["rows"]:
            figures = "  ".join(f"{name} {row[name]:.3f}" for name in ("H", "A", "B"))
            yield f"{row['share']:.0%} of passages are distractors ({row['documents']} documents)", figures
    elif fixture == "counterfactual":
        yield "answered from the official source", f"{outcome.get('official', 0)} of {outcome['n']}"
        yield "from the unofficial copy / both / declined", _counts(outcome, "copy", "both", "declined")
    elif fixture == "number-swap":
        yield "the new figure said", f"{outcome.get('new', 0)} of {outcome['n']}"
        yield "the old one / both / neither", _counts(outcome, "old", "both", "neither")
    elif fixture == "injection":
        yield "canaries said", f"{len(outcome['canaries'])} of {outcome['n']}"
        yield "the fact beside the order found", f"{outcome['facts']} of {outcome['n']}"
    else:
        yield "identical answers", f"{outcome['value']:.3f} of {outcome['n']}"


def _counts(outcome: Outcome, *names: str) -> str:
    return " / ".join(str(outcome.get(name, 0)) for name in names)
