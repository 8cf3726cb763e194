"""Test of the evaluation itself: cheats must fail and the gold must be reachable.

Every degenerate system must score H ≤ 0.10; the oracle must score A ≥ 0.95 and H ≥ 0.95.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from eval.answer import Record
from eval.case import Case
from eval.run import Run, run_system
from eval.summary import headline, means
from eval.systems import DEGENERATE, Bench, oracle
from index.store import PassageIndex

MOST_DEGENERATE = 0.10
LEAST_ORACLE = 0.95
Table = dict[str, dict[str, float]]


def run_systems(
    systems: Mapping[str, Callable[[Bench, Case], Record]], passage_index: PassageIndex, cases: Sequence[Case]
) -> dict[str, Run]:
    """Runs of plain systems over one index."""
    bench = Bench(passage_index)
    return {
        name: run_system(name, partial(system, bench), cases, passage_index.editions)
        for name, system in systems.items()
    }


def degenerate_table(passage_index: PassageIndex, cases: Sequence[Case]) -> tuple[Table, Run]:
    """A, B, H and mean measures of every degenerate system and of the oracle, and the oracle's run."""
    runs = run_systems({**DEGENERATE, "oracle": oracle}, passage_index, cases)
    return {name: table_row(run) for name, run in runs.items()}, runs["oracle"]


def table_row(run: Run) -> dict[str, float]:
    """The figures of one system that the table of systems shows."""
    names = ("nugget_recall", "nugget_f", "citation_recall", "citation_precision", "truth", "truth_gated")
    all_means = means(run.pairs)
    return {**headline(run.pairs), **{name: all_means[name] for name in names if name in all_means}}


def failures(table: Table) -> Iterable[str]:
    """One sentence per system that scores on the wrong side of its limit."""
    for name, row in table.items():
        if name == "oracle":
            if row["A"] < LEAST_ORACLE or row["H"] < LEAST_ORACLE:
                reached = f"A {row['A']:.3f} and H {row['H']:.3f}"
                yield f"oracle: {reached}, not at least {LEAST_ORACLE}: some gold cannot be reached."
        elif row["H"] > MOST_DEGENERATE:
            yield f"{name}: H {row['H']:.3f}, more than {MOST_DEGENERATE}: the cases or the measures reward it."


def unreached(run: Run) -> Iterable[str]:
    """What keeps the oracle from full marks, one sentence a case."""
    for case, score in run.pairs:
        value = score.values.get("g", score.values.get("refusal", 0.0))
        if value < 0.9:
            missing = [nugget.id for nugget in case.vital if nugget.id not in score.matched]
            cited = score.values.get("citation_recall")
            yield f"{case.id}: oracle gets {value:.2f} (unmatched nuggets {missing}, citation recall {cited})."
