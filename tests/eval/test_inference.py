"""Statistics against known values, and the traps of the library that are stepped around."""

from __future__ import annotations

import numpy as np
import pytest

from eval import inference
from eval.inference import Interval


def test_wilson_of_the_textbook_case() -> None:
    interval = inference.wilson(48, 60)
    assert (interval.high - interval.low) / 2 == pytest.approx(0.100, abs=0.001)
    assert inference.wilson(0, 12).high < 0.25


def test_constant_data_has_an_interval() -> None:
    # BCa is undefined there and returns nan.
    assert inference.mean_interval([1.0] * 9, range(9)) == Interval(1.0, 1.0)
    assert inference.mean_interval([0.5, 0.5], ["a", "a"]) is None


def test_clusters_widen_the_interval() -> None:
    values = [float(i % 2) for i in range(20) for _ in range(5)]
    alone = inference.mean_interval(values, range(100), resamples=2000)
    together = inference.mean_interval(values, [i // 5 for i in range(100)], resamples=2000)
    assert alone is not None
    assert together is not None
    assert together.high - together.low > 1.8 * (alone.high - alone.low)


def test_the_interval_is_the_same_twice() -> None:
    values = np.random.default_rng(1).random(30).tolist()
    assert inference.mean_interval(values, range(30)) == inference.mean_interval(values, range(30))


def test_sign_flip_is_exact_for_few_clusters() -> None:
    assert inference.sign_flip([1.0] * 5, range(5)) == pytest.approx(2 / 2**5)
    assert inference.sign_flip([0.0] * 5, range(5)) == 1.0
    # Two cases of one cluster flip together.
    assert inference.sign_flip([1.0] * 10, [i // 2 for i in range(10)]) == pytest.approx(2 / 2**5)


def test_sign_flip_by_drawing_is_small_for_a_clear_difference() -> None:
    assert inference.sign_flip([0.2] * 30, range(30)) == pytest.approx(1 / 10_001)


def test_mcnemar_is_the_exact_binomial() -> None:
    assert inference.mcnemar(2, 9) == pytest.approx(0.0654, abs=1e-4)
    assert inference.mcnemar(0, 0) == 1.0


def test_holm_by_hand() -> None:
    assert inference.holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})


def test_least_detectable_difference_shrinks_with_cases() -> None:
    assert inference.least_detectable_binary(144, 0.2) == pytest.approx(0.11, abs=0.01)
    assert inference.least_detectable_binary(20, 0.1) is None
    few = inference.least_detectable([0.1, -0.1] * 10, range(20))
    many = inference.least_detectable([0.1, -0.1] * 40, range(80))
    assert few is not None
    assert many is not None
    assert many == pytest.approx(few / 2, rel=0.05)


def test_harmonic_interval_covers_the_value() -> None:
    a = ([0.2, 0.6, 0.4, 0.8] * 5, list(range(20)))
    interval = inference.harmonic_interval(a, ([1.0, 0.0] * 6, list(range(12))), resamples=2000)
    assert interval is not None
    assert interval.low < 0.5 < interval.high
