"""Scores of many cases → the headline and the aggregates.

A = mean g over answerable cases; B = mean refusal score over the others; H = 2AB / (A + B). Print the three
together: H alone hides which side failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from eval.case import Case, Expectation
from eval.grade import Score
from eval.measures import mean

Pairs = Sequence[tuple[Case, Score]]
PRIMARY = ("evidence_hit@2000c", "g", "refusal", "citation_precision")


def harmonic(a: float, b: float) -> float:
    """2ab / (a + b), 0 where both are 0."""
    return 2 * a * b / (a + b) if a + b else 0.0


def values_of(pairs: Pairs, name: str) -> list[float]:
    """One measure over the cases that it applies to."""
    return [score.values[name] for _, score in pairs if name in score.values]


def answerable(pairs: Pairs) -> Pairs:
    """Cases that the texts answer."""
    return [pair for pair in pairs if pair[0].expect is Expectation.ANSWER]


def unanswerable(pairs: Pairs) -> Pairs:
    """Every other case."""
    return [pair for pair in pairs if pair[0].expect is not Expectation.ANSWER]


def headline(pairs: Pairs) -> dict[str, float]:
    """A, B and H; a side without cases counts 0."""
    a, b = mean(values_of(pairs, "g")) or 0.0, mean(values_of(pairs, "refusal")) or 0.0
    return {"A": a, "B": b, "H": harmonic(a, b)}


def abstention(pairs: Pairs) -> dict[str, float]:
    """Precision and recall of declining (gold: cases that expect abstaining), and both kinds of error."""
    declined = [case for case, score in pairs if score.abstained]
    wanted = [pair for pair in pairs if pair[0].expect is Expectation.ABSTAIN]
    right = sum(score.abstained for _, score in wanted)
    allowed = sum(case.expect is not Expectation.ANSWER for case in declined)
    precision = allowed / len(declined) if declined else 0.0
    recall = right / len(wanted) if wanted else 0.0
    answers = answerable(pairs)
    return {
        "abstention_precision": precision,
        "abstention_recall": recall,
        "abstention_f1": harmonic(precision, recall),
        "over_abstention": mean(float(score.abstained) for _, score in answers) or 0.0,
        "false_answer": mean(float(not score.abstained) for _, score in wanted) or 0.0,
    }


def risk_coverage(pairs: Pairs) -> list[tuple[float, float]]:
    """(coverage, mean 1 − g) of answerable cases, most confident first; abstentions come last and count 1."""
    graded = [pair for pair in answerable(pairs) if "g" in pair[1].values]
    order = sorted(graded, key=lambda pair: (pair[1].abstained, -pair[1].confidence, pair[0].id))
    curve, lost = [], 0.0
    for count, (_, score) in enumerate(order, 1):
        lost += 1 - score.values["g"]
        curve.append((count / len(order), lost / count))
    return curve


def conditioned_f(pairs: Pairs) -> dict[str, float]:
    """MTRAG's IDK-conditioned F: nugget F where there is an answer (0 if declined), 1 or 0 for declining where not."""
    values = [
        0.0 if score.abstained and case.expect is Expectation.ANSWER
        else float(score.abstained) if case.expect is Expectation.ABSTAIN
        else score.values.get("nugget_f", 0.0)
        for case, score in pairs
        if case.expect in (Expectation.ANSWER, Expectation.ABSTAIN)
    ]  # fmt: skip
    return {"idk_conditioned_f": sum(values) / len(values)} if values else {}


def crosses(case: Case) -> bool:
    """Whether the question is in none of its sources' languages."""
    return bool(case.source_langs) and case.lang not in case.source_langs


def cross_lingual_gap(pairs: Pairs) -> dict[str, float]:
    """Mean g of questions in the language of a source, minus that of questions across languages."""
    graded = [(crosses(case), score.values["g"]) for case, score in pairs if "g" in score.values and case.source_langs]
    same, across = (mean(g for crossed, g in graded if crossed is side) for side in (False, True))
    return {} if same is None or across is None else {"cross_lingual_gap": same - across}


def twin_gap(pairs: Pairs) -> dict[str, float]:
    """Mean g_zh − g_en over twins of which both were graded."""
    twins: dict[str, dict[str, float]] = {}
    for case, score in pairs:
        if case.pair_id and "g" in score.values:
            twins.setdefault(case.pair_id, {})[case.lang] = score.values["g"]
    gaps = [pair["zh"] - pair["en"] for pair in twins.values() if len(pair) == 2]
    return {"twin_gap": sum(gaps) / len(gaps), "twins": float(len(gaps))} if gaps else {}


def quantile(values: Iterable[float], share: float) -> float | None:
    """The value below which that share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else None


COLD = 5  # first questions, whose times are reported apart


def latency(pairs: Pairs, *, cold: int = COLD) -> dict[str, dict[str, float]]:
    """p50, p95 and max per step in milliseconds, the first calls left out as cold."""
    steps: dict[str, list[float]] = {}
    for _, score in pairs[cold:] or pairs:
        for step, value in score.timings_ms.items():
            steps.setdefault(step, []).append(value)
    return {
        step: {"p50": quantile(v, 0.5) or 0.0, "p95": quantile(v, 0.95) or 0.0, "max": max(v), "n": float(len(v))}
        for step, v in steps.items()
    }


def grouped(pairs: Pairs, key: Callable[[Case], str]) -> dict[str, Pairs]:
    """Cases by a property, in order of its values."""
    groups: dict[str, list[tuple[Case, Score]]] = {}
    for case, score in pairs:
        groups.setdefault(key(case), []).append((case, score))
    return dict(sorted(groups.items()))


def means(pairs: Pairs) -> dict[str, float]:
    """Mean of every measure over the cases that it applies to."""
    names = sorted({name for _, score in pairs for name in score.values})
    return {name: value for name in names if (value := mean(values_of(pairs, name))) is not None}


def summarise(pairs: Pairs) -> dict[str, float]:
    """Headline, abstention, twins, selective accuracy and all means, flat."""
    curve = risk_coverage(pairs)
    selective = {"aurc": sum(risk for _, risk in curve) / len(curve)} if curve else {}
    if covered := [risk for share, risk in curve if share <= 0.8]:
        selective["g_at_80_coverage"] = 1 - covered[-1]
    counts = {"cases": float(len(pairs)), "missing": float(sum(score.missing for _, score in pairs))}
    if cited := values_of(pairs, "cited_characters"):
        counts["cited_characters_median"] = quantile(cited, 0.5) or 0.0
    gaps = {**twin_gap(pairs), **cross_lingual_gap(pairs)}
    return {
        **headline(pairs),
        **abstention(pairs),
        **gaps,
        **conditioned_f(pairs),
        **selective,
        **counts,
        **means(pairs),
    }


def context_loss(pairs: Pairs, standalone: Mapping[str, Score]) -> float | None:
    """Mean g(standalone question) − g(with history) over the follow-ups that were asked both ways."""
    return mean(
        standalone[case.id].values["g"] - score.values["g"]
        for case, score in pairs
        if case.id in standalone and "g" in score.values and "g" in standalone[case.id].values
    )
