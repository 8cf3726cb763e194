"""Small plots as SVG text: lines, bars and a scatter. Text stays text, so Chinese is drawn by the reader's fonts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 460, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 14, 12, 40
COLOURS = ("#1f5fa8", "#b5522b", "#3b7d4f", "#7a4fa0", "#8a7a1f", "#4b6b75", "#a03a5f")
Point = tuple[float, float]


def _frame(body: str, title: str, x_label: str, y_label: str) -> str:
    middle = _LEFT + (WIDTH - _LEFT - _RIGHT) / 2
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{body}"
        f'<text x="{middle:.0f}" y="{HEIGHT - 6}" class="axis" text-anchor="middle">{escape(x_label)}</text>'
        f'<text x="12" y="{HEIGHT / 2:.0f}" class="axis" text-anchor="middle" '
        f'transform="rotate(-90 12 {HEIGHT / 2:.0f})">'
        f"{escape(y_label)}</text></svg>"
    )


def _place(point: Point, x_range: Point, y_range: Point) -> Point:
    x_span, y_span = (x_range[1] - x_range[0]) or 1.0, (y_range[1] - y_range[0]) or 1.0
    return (
        _LEFT + (point[0] - x_range[0]) / x_span * (WIDTH - _LEFT - _RIGHT),
        HEIGHT - _BOTTOM - (point[1] - y_range[0]) / y_span * (HEIGHT - _TOP - _BOTTOM),
    )


def _axes(x_ticks: Sequence[float], y_ticks: Sequence[float], x_range: Point, y_range: Point) -> str:
    parts = []
    for tick in y_ticks:
        _, y = _place((x_range[0], tick), x_range, y_range)
        parts.append(f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>')
        parts.append(f'<text x="{_LEFT - 5}" y="{y + 4:.1f}" class="tick" text-anchor="end">{tick:g}</text>')
    for tick in x_ticks:
        x, _ = _place((tick, y_range[0]), x_range, y_range)
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - _BOTTOM + 15}" class="tick" text-anchor="middle">{tick:g}</text>')
    return "".join(parts)


def line_plot(
    series: Mapping[str, Sequence[Point]], title: str, x_label: str, y_label: str, x_ticks: Sequence[float]
) -> str:
    """Lines with points over a y axis from 0 to 1."""
    x_range, y_range = (min(x_ticks, default=0.0), max(x_ticks, default=1.0)), (0.0, 1.0)
    body = _axes(x_ticks, (0, 0.25, 0.5, 0.75, 1), x_range, y_range)
    for number, (name, points) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        placed = [_place(point, x_range, y_range) for point in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        body += f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        if len(placed) <= 12:
            body += "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in placed)
        body += (
            f'<text x="{_LEFT + 8}" y="{_TOP + 12 + 15 * number}" class="tick" fill="{colour}">— {escape(name)}</text>'
        )
    return _frame(body, title, x_label, y_label)


def histogram(values: Sequence[float], title: str, x_label: str, *, bins: int = 12) -> str:
    """Counts of values in equal bins from 0."""
    if not values:
        return ""
    top = max(values) or 1.0
    counts = [0] * bins
    for value in values:
        counts[min(int(value / top * bins), bins - 1)] += 1
    x_range, y_range = (0.0, top), (0.0, float(max(counts)))
    body = _axes([0, round(top / 2), round(top)], [0, max(counts)], x_range, y_range)
    for number, count in enumerate(counts):
        x, y = _place((top * number / bins, count), x_range, y_range)
        wide, high = (WIDTH - _LEFT - _RIGHT) / bins - 2, HEIGHT - _BOTTOM - y
        body += f'<rect x="{x + 1:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" fill="{COLOURS[0]}"/>'
    return _frame(body, title, x_label, "answers")


def stacked_bars(rows: Mapping[str, Mapping[str, float]], title: str, unit: str) -> str:
    """One horizontal bar a row, cut into named parts."""
    longest = max((sum(parts.values()) for parts in rows.values()), default=0.0) or 1.0
    names = list(dict.fromkeys(name for parts in rows.values() for name in parts))
    body = ""
    for number, (row, parts) in enumerate(rows.items()):
        y, x = _TOP + 40 * number, float(_LEFT)
        body += f'<text x="{_LEFT - 5}" y="{y + 18}" class="tick" text-anchor="end">{escape(row)}</text>'
        for name, value in parts.items():
            wide = value / longest * (WIDTH - _LEFT - _RIGHT - 70)
            colour = COLOURS[names.index(name) % len(COLOURS)]
            label = f"<title>{escape(name)} {value:.2f}</title>"
            body += f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="26" fill="{colour}">{label}</rect>'
            x += wide
        body += f'<text x="{x + 4:.1f}" y="{y + 18}" class="tick">{sum(parts.values()):.2f} {escape(unit)}</text>'
    legend_top = _TOP + 40 * len(rows) + 14
    for number, name in enumerate(names):
        x, y = _LEFT + 130 * (number % 3), legend_top + 18 * (number // 3)
        body += f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{COLOURS[number % len(COLOURS)]}"/>'
        body += f'<text x="{x + 15}" y="{y}" class="tick">{escape(name)}</text>'
    return _frame(body, title, "", "")


def scatter(points: Mapping[str, Point], title: str, x_label: str, y_label: str) -> str:
    """One point a case; those on the same place are drawn larger."""
    unit = (0.0, 1.0)
    body = _axes((0, 0.25, 0.5, 0.75, 1), (0, 0.25, 0.5, 0.75, 1), unit, unit)
    (x1, y1), (x2, y2) = _place((0, 0), unit, unit), _place((1, 1), unit, unit)
    body += f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="grid"/>'
    places: dict[Point, list[str]] = {}
    for name, (x, y) in points.items():
        places.setdefault((round(x, 2), round(y, 2)), []).append(name)
    for place, names in places.items():
        x, y = _place(place, unit, unit)
        label = escape(", ".join(names[:8]) + ("…" if len(names) > 8 else ""))
        radius = min(3 + len(names) ** 0.5, 14)
        body += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{COLOURS[0]}" fill-opacity="0.6">'
        body += f"<title>{label}</title></circle>"
    return _frame(body, title, x_label, y_label)
