"""Compare two runs over the same cases: differences with intervals, tests, and the cases that flipped.

Refuses runs of different cases or gold. The four primary measures carry Holm-adjusted p; every other one is marked
exploratory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from eval.causes import PASSED
from eval.errors import NotComparable
from eval.inference import Interval, holm, least_detectable, mcnemar, mean_interval, sign_flip
from eval.saved import SavedRun
from eval.summary import PRIMARY

EXPLORATORY = (
    "nugget_f", "nugget_recall", "citation_recall", "evidence_hit@1", "evidence_hit@5", "unit_ndcg@10", "unit_recall@5",
    "abstained", "correct_language", "unsupported_numbers", "truth_gated", "answer_width", "cited_characters",
)  # fmt: skip
_EQUAL = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """Second run minus first for one measure, over the cases that both have a value for."""

    measure: str
    primary: bool
    n: int
    first: float
    second: float
    interval: Interval | None
    p: float
    adjusted_p: float | None
    wins: int
    losses: int
    least_detectable: float | None

    @property
    def difference(self) -> float:
        """Second − first."""
        return self.second - self.first


def check_comparable(first: SavedRun, second: SavedRun) -> None:
    """Raise NotComparable unless ids and gold are the same."""
    if first.values.keys() != second.values.keys():
        only = sorted(first.values.keys() ^ second.values.keys())
        raise NotComparable(
            f"The runs differ in {len(only)} case ids ({', '.join(only[:3])}); score both on the same cases."
        )
    if first.gold != second.gold:
        raise NotComparable(
            f"The runs were scored on different gold ({first.gold[:12]}, {second.gold[:12]}); score the records again."
        )


def compare_runs(first: SavedRun, second: SavedRun) -> list[Difference]:
    """Differences of all measures, primary ones first."""
    check_comparable(first, second)
    found = [
        d
        for name in (*PRIMARY, *EXPLORATORY)
        if (d := difference_of(name, first.values, second.values, first.clusters))
    ]
    adjusted = holm({d.measure: d.p for d in found if d.primary})
    return [replace(d, adjusted_p=adjusted.get(d.measure)) for d in found]


def difference_of(
    name: str,
    first: Mapping[str, Mapping[str, float]],
    second: Mapping[str, Mapping[str, float]],
    clusters: Mapping[str, str],
) -> Difference | None:
    """One measure's difference over the cases that both runs have a value for; None below two.

    Citation precision and recall count 0 where only the other run answered: declining must not raise them.
    """
    needed = any if name.startswith("citation_") else all
    either = [case_id for case_id in first if needed((name in first[case_id], name in second.get(case_id, {})))]
    if len(either) < 2:
        return None
    before = [first[case_id].get(name, 0.0) for case_id in either]
    after = [second.get(case_id, {}).get(name, 0.0) for case_id in either]
    changes = [b - a for a, b in zip(before, after, strict=True)]
    groups = [clusters[case_id] for case_id in either]
    wins, losses = sum(c > _EQUAL for c in changes), sum(c < -_EQUAL for c in changes)
    binary = set(before) | set(after) <= {0.0, 1.0} and len(set(groups)) == len(groups)
    p = mcnemar(losses, wins) if binary else sign_flip(changes, groups)
    return Difference(
        name, name in PRIMARY, len(either), sum(before) / len(before), sum(after) / len(after),
        mean_interval(changes, groups), p, None, wins, losses, least_detectable(changes, groups),
    )  # fmt: skip


def _passed(values: Mapping[str, float]) -> bool:
    """As in the failure browser: g at least one half, or a refusal wholly right."""
    return values["g"] >= PASSED if "g" in values else values.get("refusal", 0.0) == 1.0


def flipped(first: SavedRun, second: SavedRun) -> tuple[list[str], list[str]]:
    """Ids of the cases that the second run newly passes, and newly fails."""
    gained, lost = [], []
    for case_id, values in first.values.items():
        before, after = _passed(values), _passed(second.values.get(case_id, {}))
        if after and not before:
            gained.append(case_id)
        if before and not after:
            lost.append(case_id)
    return gained, lost


def comparison_rows(differences: Sequence[Difference]) -> list[list[str]]:
    """The comparison as a table of strings."""
    rows = [
        [
            "measure",
            "n",
            "first",
            "second",
            "Δ",
            "95 % interval",
            "p",
            "Holm p",
            "wins/ties/losses",
            "least detectable Δ",
        ]
    ]
    for d in differences:
        rows.append([
            d.measure + ("" if d.primary else " (exploratory)"), str(d.n), f"{d.first:.3f}", f"{d.second:.3f}",
            f"{d.difference:+.3f}",
            f"[{d.interval.low:+.3f}, {d.interval.high:+.3f}]" if d.interval else "–", f"{d.p:.4f}",
            "–" if d.adjusted_p is None else f"{d.adjusted_p:.4f}", f"{d.wins}/{d.n - d.wins - d.losses}/{d.losses}",
            "–" if d.least_detectable is None else f"{d.least_detectable:.3f}",
        ])  # fmt: skip
    return rows
