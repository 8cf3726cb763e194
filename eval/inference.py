"""Intervals and tests, from scipy; cases that share a source unit, a conversation or a twin are one cluster.

* means: cluster bootstrap, BCa, 10,000 resamples, fixed seed; percentile where BCa is undefined (constant data)
* single proportions: Wilson
* two runs: two-sided paired cluster sign-flip test, exact up to 14 clusters with a difference, else 10,000 draws; for
  binary measures exact McNemar; Holm over the primary measures (Smucker, Allan & Carterette 2007; Miller 2024)
* the least difference that the number of cases can show at 80 % power
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import stats

RESAMPLES = 10_000
SEED = 20231101
MOST_EXACT = 14  # clusters: 2^14 sign patterns are enumerated, more are drawn
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float


def cluster_sums(values: Sequence[float], clusters: Sequence[Hashable]) -> tuple[Floats, Floats]:
    """(sum, count) of each cluster."""
    sums: dict[Hashable, list[float]] = {}
    for value, cluster in zip(values, clusters, strict=True):
        entry = sums.setdefault(cluster, [0.0, 0.0])
        entry[0] += value
        entry[1] += 1
    table = np.array(list(sums.values()), dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def mean_interval(
    values: Sequence[float], clusters: Sequence[Hashable], *, resamples: int = RESAMPLES
) -> Interval | None:
    """95 % cluster-bootstrap interval of a mean; None below two clusters."""
    sums, counts = cluster_sums(values, clusters)
    if len(sums) < 2:
        return None
    mean = float(sums.sum() / counts.sum())
    if np.allclose(sums, mean * counts):
        return Interval(mean, mean)
    return _bootstrap((sums, counts), lambda s, c, axis: np.sum(s, axis=axis) / np.sum(c, axis=axis), resamples)


def _bootstrap(data: tuple[Floats, ...], statistic: Callable[..., Floats], resamples: int) -> Interval:
    for method in ("BCa", "percentile"):
        with np.errstate(all="ignore"):
            result = stats.bootstrap(
                data, statistic, n_resamples=resamples, paired=True, vectorized=True, method=method, batch=1000,
                rng=np.random.default_rng(SEED),
            )  # fmt: skip
        interval = result.confidence_interval
        if np.isfinite([interval.low, interval.high]).all():
            break
    return Interval(float(interval.low), float(interval.high))


def harmonic_interval(
    a: tuple[Sequence[float], Sequence[Hashable]],
    b: tuple[Sequence[float], Sequence[Hashable]],
    *,
    resamples: int = RESAMPLES,
) -> Interval | None:
    """95 % percentile interval of H = 2AB / (A + B); the two sides are resampled by cluster, each on its own."""
    generator = np.random.default_rng(SEED)
    sides = []
    for values, clusters in (a, b):
        sums, counts = cluster_sums(values, clusters)
        if len(sums) < 2:
            return None
        drawn = generator.integers(0, len(sums), size=(resamples, len(sums)))
        sides.append(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1))
    total = sides[0] + sides[1]
    harmonic = np.divide(2 * sides[0] * sides[1], total, out=np.zeros_like(total), where=total > 0)
    low, high = np.quantile(harmonic, [0.025, 0.975])
    return Interval(float(low), float(high))


def wilson(successes: int, count: int) -> Interval:
    """95 % Wilson interval of a proportion."""
    interval = stats.binomtest(successes, count).proportion_ci(method="wilson")
    return Interval(float(interval.low), float(interval.high))


def sign_flip(differences: Sequence[float], clusters: Sequence[Hashable], *, resamples: int = RESAMPLES) -> float:
    """Two-sided p of the paired cluster sign-flip test that the mean difference is 0."""
    sums, _ = cluster_sums(differences, clusters)
    moved = sums[np.abs(sums) > 1e-12]
    if len(moved) == 0:
        return 1.0
    observed = abs(moved.sum())
    if len(moved) <= MOST_EXACT:
        signs = np.array(list(product((1.0, -1.0), repeat=len(moved))))
        return float(np.mean(np.abs(signs @ moved) >= observed - 1e-9))
    generator = np.random.default_rng(SEED)
    signs = generator.choice((1.0, -1.0), size=(resamples, len(moved)))
    extreme = int(np.sum(np.abs(signs @ moved) >= observed - 1e-9))
    return (extreme + 1) / (resamples + 1)


def mcnemar(only_first: int, only_second: int) -> float:
    """Exact two-sided McNemar p from the two discordant counts."""
    total = only_first + only_second
    return float(stats.binomtest(min(only_first, only_second), total).pvalue) if total else 1.0


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Holm's adjusted p of each hypothesis."""
    adjusted: dict[str, float] = {}
    largest = 0.0
    for rank, (name, p) in enumerate(sorted(p_values.items(), key=lambda item: (item[1], item[0]))):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p))
        adjusted[name] = largest
    return adjusted


def least_detectable(differences: Sequence[float], clusters: Sequence[Hashable], *, power: float = 0.8) -> float | None:
    """Smallest mean difference seen with that power at α = .05, from the clusters' own spread (normal)."""
    sums, counts = cluster_sums(differences, clusters)
    if len(sums) < 2:
        return None
    residuals = sums - counts * sums.sum() / counts.sum()
    spread = float(np.sqrt(np.sum(residuals**2) * len(sums) / (len(sums) - 1))) / float(counts.sum())
    return float(stats.norm.ppf(0.975) + stats.norm.ppf(power)) * spread


def least_detectable_binary(count: int, discordant: float, *, power: float = 0.8) -> float | None:
    """Smallest difference of two rates that exact McNemar sees with that power, or None.

    `discordant` is the share of cases on which the two runs differ.
    """
    pairs = round(count * discordant)
    critical = (
        max((k for k in range(pairs // 2 + 1) if stats.binomtest(k, pairs).pvalue <= 0.05), default=None)
        if pairs
        else None
    )
    if critical is None:
        return None
    for step in range(1, 101):
        difference = discordant * step / 100
        share = 0.5 + difference / discordant / 2
        seen = stats.binom.cdf(critical, pairs, 1 - share) + stats.binom.sf(pairs - critical - 1, pairs, 1 - share)
        if seen >= power:
            return difference
    return None
