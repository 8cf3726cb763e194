"""One measured figure beside what it is compared with and what was wanted of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eval.inference import Interval

_SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Goal:
    """What is wanted: `least` (or, where `at_most`, most) of the figure, or of its lead over what it is compared with.

    A lead is to be significant too (p < .05).
    """

    bound: float
    of_lead: bool = False
    at_most: bool = False

    def __str__(self) -> str:
        """As a reader of the table sees it."""
        if self.of_lead:
            return f"≥ +{shown(self.bound)}, p < .05"
        return f"{'≤' if self.at_most else '≥'} {shown(self.bound)}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `compared` are others' on the same questions, `best` the name of the one that `lead` is over."""

    part: str
    name: str
    sizes: str
    measure: str
    value: float
    goal: Goal | None = None
    interval: Interval | None = None
    compared: Mapping[str, float] = field(default_factory=dict)
    best: str = ""
    p: float | None = None

    @property
    def lead(self) -> float | None:
        """By how much it is above the one it is compared with, or None."""
        return self.value - self.compared[self.best] if self.best else None

    @property
    def short_by(self) -> float | None:
        """How far it is below what was wanted, 0 where it is reached, None where nothing was wanted."""
        if self.goal is None:
            return None
        reached = (self.lead or 0.0) if self.goal.of_lead else self.value
        return max(reached - self.goal.bound if self.goal.at_most else self.goal.bound - reached, 0.0)

    @property
    def verdict(self) -> str:
        """“reached”, “short by …”, or “not significant”; "" where nothing was wanted."""
        if self.goal is None or self.short_by is None:
            return ""
        if self.short_by:
            return f"short by {shown(self.short_by, 3 if self.short_by >= 5e-4 else 6)}"
        is_sure = not self.goal.of_lead or (self.p is not None and self.p < _SIGNIFICANT)
        return "reached" if is_sure else "not significant"

    def record(self) -> dict[str, object]:
        """All of it, as it stands in a document."""
        return {
            "part": self.part,
            "set": self.name,
            "sizes": self.sizes,
            "measure": self.measure,
            "value": self.value,
            "low": self.interval.low if self.interval else None,
            "high": self.interval.high if self.interval else None,
            "compared": dict(self.compared),
            "over": self.best or None,
            "lead": self.lead,
            "p": self.p,
            "wanted": str(self.goal) if self.goal else None,
            "short_by": self.short_by,
            "verdict": self.verdict or None,
        }


HEAD = ["set", "questions × passages", "measure", "compared with", "this program", "lead (p)", "wanted", ""]


def row_of(record: Mapping[str, Any]) -> list[str]:
    """A record's row of the table, under `HEAD`."""
    interval = "" if record["low"] is None else f" [{shown(record['low'])}, {shown(record['high'])}]"
    return [
        record["set"],
        record["sizes"],
        record["measure"],
        ", ".join(f"{name} {shown(value)}" for name, value in record["compared"].items()) or "–",
        shown(record["value"]) + interval,
        _lead_of(record),
        record["wanted"] or "–",
        record["verdict"] or "–",
    ]


def _lead_of(record: Mapping[str, Any]) -> str:
    lead, p = record["lead"], record["p"]
    if lead is None:
        return "–"
    sure = "" if p is None else f" ({'p < .0001' if p < 1e-4 else f'p {shown(p, 4)}'})"
    return f"{'−' if lead < 0 else '+'}{shown(abs(lead))}{sure}"


def shown(value: float, digits: int = 3) -> str:
    """A share as .583, a whole 1 as 1, a figure from 10 on with thousands set apart."""
    if abs(value) >= 10 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.{digits}f}".removeprefix("0")
