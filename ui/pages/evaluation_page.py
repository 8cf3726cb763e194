"""The newest evaluation as a page: figures with intervals, by type and language, and what failed."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ui.markup import Html, join, tag
from ui.pages.failures import EVERYTHING, Sieve, failure_browser, named
from ui.pages.plots import line_plot, range_picture
from ui.pages.results_table import newest_results, results_tables, system_name
from ui.texts import words

_SCHEMA = "bletchley-qa/evaluation-run"
_MOST_BYTES = 32 * 1024 * 1024
_HEADLINE = ("A", "B", "H")
_log = logging.getLogger(__name__)


def newest_summary(folders: Iterable[Path]) -> Mapping[str, Any] | None:
    """The summary that was made last, by its own date; None where there is none."""
    found: list[Mapping[str, Any]] = []
    for path in [path for folder in folders for path in folder.glob("*/summary.json")]:
        try:
            if path.stat().st_size <= _MOST_BYTES:
                summary = json.loads(path.read_text(encoding="utf-8"))
                if isinstance(summary, dict) and summary.get("schema") == _SCHEMA:
                    found.append(summary)
        except (OSError, ValueError):
            _log.warning("%s in %s cannot be read", path.name, path.parent.name)
    return max(found, key=lambda summary: str(summary.get("created", "")), default=None)


def evaluation_page(folders: Iterable[Path], language: str, sieve: Sieve = EVERYTHING) -> Html:
    """The page's body: the newest run and the committed results, else how to make a first run."""
    word = words(language)
    places = list(folders)
    summary, results = newest_summary(places), newest_results(places)
    if summary is None and results is None:
        return tag("p", word["no_evaluation"], " ", tag("code", "python -m eval run"), class_="lead none")
    shown = []
    if summary is not None:
        shown.append(_readable(lambda: _report(summary, sieve, word), word))
    if results is not None:
        shown.append(_readable(lambda: results_tables(results, word), word))
    if summary is None:
        shown.append(tag("p", word["results_more"], " ", tag("code", "python -m eval run"), class_="lead"))
    return join(shown)


def _readable(made: Callable[[], Html], word: Mapping[str, str]) -> Html:
    """A part of the page, or that its file is not as written."""
    try:
        return made()
    except (KeyError, TypeError, ValueError, AttributeError):
        _log.exception("an evaluation cannot be shown")
        return tag("p", word["evaluation_unreadable"], " ", tag("code", "python -m eval report"), class_="warning")


def _report(summary: Mapping[str, Any], sieve: Sieve, word: Mapping[str, str]) -> Html:
    facts = [
        (word["evaluated_on"], str(summary["created"])[:10]),
        (word["evaluated_split"], summary["split"]),
        (word["evaluated_cases"], summary["cases"]),
        (word["index_id"], str(summary["index"])[:12]),
        (word["evaluated_commit"], str(summary["commit"])[:12]),
        (word["evaluated_machine"], summary["machine"]),
    ]
    named = [*summary["headline"].items(), *summary["primary"].items()]
    figures = [[word.get(f"measure_{_plain(name)}", name), *_figure(estimate)] for name, estimate in named]
    columns = [word["column_measure"], word["column_value"], word["column_interval"], word["column_count"], ""]
    parts = [
        tag("p", word["evaluation_note"], class_="lead"),
        tag("dl", join(join([tag("dt", name), tag("dd", value)]) for name, value in facts if value), class_="facts"),
        _table(word["evaluation_figures"], columns, figures),
        _plots(summary, word),
        _groups(word["by_type"], summary["types"], "type", word),
        _groups(word["by_language"], summary["languages"], "texts", word),
        _systems(summary, word),
        failure_browser(summary, sieve, word),
    ]
    return join(parts)


def _plain(name: str) -> str:
    return "".join(character if character.isalnum() else "_" for character in name)


def _figure(estimate: Mapping[str, Any]) -> list[object]:
    value, low, high = estimate["value"], estimate["low"], estimate["high"]
    if value is None:
        return ["–", "–", estimate["n"], ""]
    interval = f"{low:.3f} – {high:.3f}" if low is not None else "–"
    return [f"{value:.3f}", interval, estimate["n"], range_picture(value, low, high)]


def _groups(caption: str, rows: Sequence[Mapping[str, Any]], kind: str, word: Mapping[str, str]) -> Html:
    """Passed of all, and the mean grade, by the language of the question."""
    names = [word["column_group"]]
    for code in ("zh", "en"):
        names += [f"{word[f'asked_{code}']}: {word['column_passed']}", word["column_mean"]]
    body: list[list[object]] = []
    for row in rows:
        cells: list[object] = [named(kind, str(row["name"]), word)]
        for code in ("zh", "en"):
            cell = row[code]
            mean = f"{cell['mean']:.3f}" if cell["mean"] is not None else "–"
            cells += [f"{cell['passed']} / {cell['n']}", mean] if cell["n"] else ["–", "–"]
        body.append(cells)
    return _table(caption, names, body)


def _plots(summary: Mapping[str, Any], word: Mapping[str, str]) -> Html:
    """How much must be read, and what being sure is worth; a report without these figures has no plots."""
    budgets = [row for row in summary.get("budgets", []) if row[1] is not None]
    risk = summary.get("risk_coverage", [])
    plots = []
    if len(budgets) > 1:
        lines = {
            word["plot_hit"]: [(float(most), float(hit)) for most, hit, _ in budgets],
            word["plot_found"]: [(float(most), float(found)) for most, _, found in budgets],
        }
        sizes = [float(row[0]) for row in budgets]
        plots.append(
            line_plot(word["plot_budget"], lines, across=word["plot_budget_across"], most=max(sizes), marks=sizes)
        )
    if len(risk) > 1:
        loss = {word["plot_loss"]: [(float(share), float(value)) for share, value in risk]}
        marks = (0.25, 0.5, 0.75, 1.0)
        plots.append(line_plot(word["plot_risk"], loss, across=word["plot_risk_across"], most=1.0, marks=marks))
    return join([tag("h2", word["plots"]), tag("div", join(plots), class_="plots")]) if plots else Html()


def _systems(summary: Mapping[str, Any], word: Mapping[str, str]) -> Html:
    """A, B and H of other programs on the same cases, beside those of this one."""
    systems = {word["this_program"]: {name: row["value"] for name, row in summary["headline"].items()}}
    systems |= summary.get("systems") or {}
    if len(systems) == 1:
        return Html()
    rows = [
        [system_name(name, word), *(f"{row[part]:.3f}" if row.get(part) is not None else "–" for part in _HEADLINE)]
        for name, row in systems.items()
    ]
    table = _table(word["systems"], [word["column_system"], *_HEADLINE], rows)
    return join([table, tag("p", word["systems_note"], class_="note")])


def _table(caption: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> Html:
    head = tag("tr", join(tag("th", name, scope="col") for name in names))
    body = [tag("tr", tag("th", row[0], scope="row"), join(tag("td", cell) for cell in row[1:])) for row in rows]
    table = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", join(body)))
    return tag("div", table, class_="scroll", tabindex=0, role="region", aria_label=caption)
