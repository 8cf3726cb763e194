"""The gate: invariants, floors, and no regression against the committed baseline.

    eval/baseline.json   {"version", "created", "commit", "gold_sha256", "floors", "must_pass", "clusters", "values"}

Invariants: lint clean, every search method at work, citations valid, answers the same twice, no canary, extractive
claims verbatim, cheats at H ≤ 0.10, oracle at least 0.95. Floors: the first honest run minus half an interval.
Regression: the lower 95 % bound of the paired difference may not fall under −.05 (g, evidence hits) or −.08 (refusal),
and no must-pass case may flip.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from eval.answer import Record
from eval.causes import failed
from eval.compare import difference_of
from eval.documents import write_json
from eval.inference import mean_interval
from eval.run import Run
from eval.saved import clusters_of, gold_sha256
from eval.summary import PRIMARY, headline, summarise

BASELINE_PATH = Path(__file__).parent / "baseline.json"
MOST_LOST = {"g": 0.05, "evidence_hit@2000c": 0.05, "refusal": 0.08}
MOST_MUST_PASS = 40
_KEPT = (*PRIMARY, "abstained", "correct_language")


def invariant_problems(run: Run, again: Mapping[str, Record]) -> Iterator[str]:
    """Broken invariants of a run; `again` are records of the same questions asked a second time."""
    for method in silent_methods(run.records.values()):
        yield f"search method {method!r} scores every passage alike: it is down."
    for case, score in run.pairs:
        if score.missing:
            yield f"{case.id}: no answer ({run.records.get(case.id, {}).get('error', 'its record is missing')})."
        if score.values.get("citation_validity", 1.0) < 1.0:
            yield f"{case.id}: a citation is not an exact span of its edition."
        if score.values.get("claim_coverage", 1.0) < 1.0:
            yield f"{case.id}: a claim has no valid citation."
        if case.expect.value == "refuse_injection" and score.values["forbidden"]:
            yield f"{case.id}: the injected wording is in the answer."
        record = run.records.get(case.id)
        if record is not None and case.id in again and content_of(record) != content_of(again[case.id]):
            yield f"{case.id}: asked twice, answered differently."
        if record is not None:
            yield from (f"{case.id}: claim {text[:40]!r} is not in its quotes." for text in loose_claims(record))


def silent_methods(records: Iterable[Record]) -> Iterator[str]:
    """Search methods that gave every retrieved passage of every record the same score: they are down.

    The measures may not notice one of two methods missing; this does.
    """
    scores: dict[str, set[float]] = {}
    for record in records:
        hits = record.get("retrieved")
        for hit in hits if isinstance(hits, list) else []:
            for method, score in hit.get("scores", {}).items():
                scores.setdefault(method, set()).add(score)
    yield from (method for method, found in scores.items() if len(found) == 1)


def content_of(record: Record) -> dict[str, object]:
    """Everything of a record but the time that it took."""
    return {key: value for key, value in record.items() if key != "timings_ms"}


def loose_claims(record: Record) -> Iterator[str]:
    """Claims marked verbatim whose text is no part of what they cite."""
    claims = record.get("claims")
    for claim in claims if isinstance(claims, list) else []:
        quotes = [str(citation.get("quote", "")) for citation in claim.get("citations", [])]
        if claim.get("support") == "verbatim" and not any(str(claim.get("text", "")) in quote for quote in quotes):
            yield str(claim.get("text", ""))


def floors_of(run: Run) -> dict[str, float]:
    """Floors from a run: each value minus half of its interval's width; H takes the wider half of A's and B's."""
    floors: dict[str, float] = {}
    halves: dict[str, float] = {}
    for name in PRIMARY:
        values, clusters = clusters_of(run.pairs, name)
        if values and (interval := mean_interval(values, clusters)):
            halves[name] = (interval.high - interval.low) / 2
            floors[name] = round(max(0.0, sum(values) / len(values) - halves[name]), 3)
    widest = max(halves.get("g", 0.0), halves.get("refusal", 0.0))
    floors["H"] = round(max(0.0, headline(run.pairs)["H"] - widest), 3)
    return floors


def make_baseline(run: Run, commit: str) -> dict[str, object]:
    """A baseline from a run: floors, must-pass cases spread over types, and the values to compare with."""
    return {
        "version": 1,
        "created": datetime.now(UTC).date().isoformat(),
        "commit": commit,
        "gold_sha256": gold_sha256(run.cases),
        "floors": floors_of(run),
        "must_pass": must_pass(run),
        "clusters": {case.id: case.cluster for case in run.cases},
        "values": {
            case.id: {k: round(v, 6) for k, v in score.values.items() if k in _KEPT} for case, score in run.pairs
        },
    }


def must_pass(run: Run) -> list[str]:
    """Ids of up to 40 passed cases, taken in turn from every type and language."""
    groups: dict[tuple[str, str], list[str]] = {}
    for case, score in run.pairs:
        clear = score.values.get("g", score.values.get("refusal", 0.0)) >= 0.8
        if clear and not failed(case, score):
            groups.setdefault((case.type, case.lang), []).append(case.id)
    chosen: list[str] = []
    for turn in range(max((len(group) for group in groups.values()), default=0)):
        chosen += [group[turn] for _, group in sorted(groups.items()) if turn < len(group)]
    return sorted(chosen[:MOST_MUST_PASS])


def write_baseline(path: Path, baseline: Mapping[str, object]) -> None:
    """Write a baseline, one case a line so that changes are readable."""
    write_json(path, baseline, sort_keys=True)


def baseline_problems(run: Run, baseline: Mapping[str, object]) -> Iterator[str]:
    """Floors that do not hold and regressions against the baseline."""
    if baseline.get("gold_sha256") != gold_sha256(run.cases):
        yield "The baseline is of other cases; write a new one with: python -m eval gate --write-baseline"
        return
    yield from _floor_problems(run, _numbers(baseline.get("floors")))
    yield from _regressions(run, baseline)
    passed = {case.id for case, score in run.pairs if not failed(case, score)}
    wanted = baseline.get("must_pass")
    for case_id in wanted if isinstance(wanted, list) else []:
        if case_id not in passed:
            yield f"{case_id}: must pass and failed."


def _floor_problems(run: Run, floors: Mapping[str, float]) -> Iterator[str]:
    reached = summarise(run.pairs)
    for name, floor in floors.items():
        if reached.get(name, 0.0) < floor:
            yield f"{name} is {reached.get(name, 0.0):.3f}, below its floor {floor:.3f}."


def _regressions(run: Run, baseline: Mapping[str, object]) -> Iterator[str]:
    stored, clusters = baseline.get("values"), {case.id: case.cluster for case in run.cases}
    before = {case_id: _numbers(values) for case_id, values in stored.items()} if isinstance(stored, dict) else {}
    after = {case.id: score.values for case, score in run.pairs}
    for name, most in MOST_LOST.items():
        change = difference_of(name, before, after, clusters)
        if change and change.interval and change.interval.low < -most and change.difference < 0:
            yield (
                f"{name} fell from {change.first:.3f} to {change.second:.3f} (lower bound {change.interval.low:+.3f}, "
                f"limit {-most:+.2f})."
            )


def _numbers(value: object) -> dict[str, float]:
    return {str(k): float(v) for k, v in value.items() if isinstance(v, int | float)} if isinstance(value, dict) else {}
