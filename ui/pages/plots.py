"""Small plots as SVG: drawn by hand because a page may run no script that is not ours and load nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ui.markup import Html, join, tag

_WIDTH, _HEIGHT = 420, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 12, 12, 28
_STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
Points = Sequence[tuple[float, float]]


def line_plot(title: str, lines: Mapping[str, Points], *, across: str, most: float, marks: Sequence[float]) -> Html:
    """Lines over 0 … `most` (ticks at `marks`) with heights in [0, 1]; each line is told by dash as well as by name."""
    ticks = [
        *(_across(mark, most) for mark in marks),
        *(_up(step) for step in _STEPS),
    ]
    drawn = [
        tag(
            "polyline",
            points=" ".join(f"{_x(x, most):.1f},{_y(y):.1f}" for x, y in points),
            class_=f"line line{number}",
        )
        for number, points in enumerate(lines.values())
    ]
    label = tag("text", across, x=_WIDTH - _RIGHT, y=_HEIGHT - 2, text_anchor="end")
    svg = tag(
        "svg",
        tag("title", title),
        join(ticks),
        join(drawn),
        label,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_label=f"{title}: {_spoken(lines)}",
    )
    key = join(
        tag("li", tag("i", class_=f"dash line{number}", aria_hidden="true"), name) for number, name in enumerate(lines)
    )
    return tag("figure", svg, tag("figcaption", tag("b", title), tag("ul", key)), class_="plot")


def _spoken(lines: Mapping[str, Points]) -> str:
    """First and last value of every line, for who cannot see it."""
    return "; ".join(f"{name} {points[0][1]:.2f} → {points[-1][1]:.2f}" for name, points in lines.items() if points)


def _x(value: float, most: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * value / most


def _y(value: float) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - value)


def _across(mark: float, most: float) -> Html:
    return tag("text", f"{mark:g}", x=f"{_x(mark, most):.1f}", y=_HEIGHT - _BOTTOM + 14, text_anchor="middle")


def _up(step: float) -> Html:
    y = f"{_y(step):.1f}"
    line = tag("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="grid")
    return join([line, tag("text", f"{step:g}", x=_LEFT - 6, y=f"{_y(step) + 4:.1f}", text_anchor="end")])


def range_picture(value: float, low: float | None, high: float | None) -> Html:
    """The value on a line from 0 to 1, its interval as a thicker stretch; the figures stand beside it in words."""
    span = ""
    if low is not None and high is not None:
        left, width = max(0.0, low), max(0.0, min(1.0, high) - max(0.0, low))
        span = tag("rect", x=f"{left * 120:.1f}", y=5, width=f"{width * 120:.1f}", height=4, class_="interval")
    line = tag("rect", x=0, y=6, width=120, height=1, class_="axis")
    dot = tag("circle", cx=f"{min(max(value, 0.0), 1.0) * 120:.1f}", cy=7, r=4, class_="value")
    return tag("svg", line, span, dot, viewBox="-5 0 130 14", width=130, height=14, aria_hidden="true", class_="range")
