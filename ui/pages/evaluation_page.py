"""The newest evaluation as a page: figures with intervals, by type and language, and what failed."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ui.markup import Html, join, tag
from ui.texts import words

_SCHEMA = "bletchley-qa/evaluation-run"
_MOST_BYTES = 32 * 1024 * 1024
_FAILURES = 60
_LONGEST_ANSWER = 400
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


def evaluation_page(folders: Iterable[Path], language: str) -> Html:
    """The page's body, or how to make a first run."""
    word = words(language)
    summary = newest_summary(folders)
    if summary is None:
        return tag("p", word["no_evaluation"], " ", tag("code", "python -m eval run"), class_="lead none")
    try:
        return _report(summary, word)
    except (KeyError, TypeError, ValueError, AttributeError):
        _log.exception("the newest evaluation cannot be shown")
        return tag("p", word["evaluation_unreadable"], " ", tag("code", "python -m eval report"), class_="warning")


def _report(summary: Mapping[str, Any], word: Mapping[str, str]) -> Html:
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
        tag("dl", join(join([tag("dt", name), tag("dd", value)]) for name, value in facts), class_="facts"),
        _table(word["evaluation_figures"], columns, figures),
        _groups(word["by_type"], summary["types"], word),
        _groups(word["by_language"], summary["languages"], word),
        _failures(summary, word),
    ]
    return join(parts)


def _plain(name: str) -> str:
    return "".join(character if character.isalnum() else "_" for character in name)


def _figure(estimate: Mapping[str, Any]) -> list[object]:
    value, low, high = estimate["value"], estimate["low"], estimate["high"]
    if value is None:
        return ["–", "–", estimate["n"], ""]
    interval = f"{low:.3f} – {high:.3f}" if low is not None else "–"
    return [f"{value:.3f}", interval, estimate["n"], _picture(value, low, high)]


def _picture(value: float, low: float | None, high: float | None) -> Html:
    """The value on a line from 0 to 1, its interval as a thicker stretch; the figures stand beside it in words."""
    span = ""
    if low is not None and high is not None:
        left, width = max(0.0, low), max(0.0, min(1.0, high) - max(0.0, low))
        span = tag("rect", x=f"{left * 120:.1f}", y=5, width=f"{width * 120:.1f}", height=4, class_="interval")
    line = tag("rect", x=0, y=6, width=120, height=1, class_="axis")
    dot = tag("circle", cx=f"{min(max(value, 0.0), 1.0) * 120:.1f}", cy=7, r=4, class_="value")
    return tag("svg", line, span, dot, viewBox="-5 0 130 14", width=130, height=14, aria_hidden="true", class_="range")


def _groups(caption: str, rows: Sequence[Mapping[str, Any]], word: Mapping[str, str]) -> Html:
    """Passed of all, and the mean grade, by the language of the question."""
    names = [word["column_group"]]
    for code in ("zh", "en"):
        names += [f"{word[f'asked_{code}']}: {word['column_passed']}", word["column_mean"]]
    body: list[list[object]] = []
    for row in rows:
        cells: list[object] = [row["name"]]
        for code in ("zh", "en"):
            cell = row[code]
            mean = f"{cell['mean']:.3f}" if cell["mean"] is not None else "–"
            cells += [f"{cell['passed']} / {cell['n']}", mean] if cell["n"] else ["–", "–"]
        body.append(cells)
    return _table(caption, names, body)


def _failures(summary: Mapping[str, Any], word: Mapping[str, str]) -> Html:
    """Failed cases of the development split; those of a test split stay unread."""
    failures = summary["failures"]
    heading = tag("h2", word["failures"].format(count=len(failures)))
    if summary["split"] != "dev":
        return join([heading, tag("p", word["failures_hidden"])])
    blocks = [
        tag(
            "details",
            tag("summary", tag("span", row["cause"], class_="badge"), " ", row["question"], lang=row["lang"]),
            tag("p", str(row["answer"])[:_LONGEST_ANSWER] or word[f"status_{row['status']}"], lang=row["lang"]),
            tag("p", f"{word['expected_evidence']}: {', '.join(row['evidence']) or '–'}", class_="note"),
            tag("p", f"{word['cited_instead']}: {', '.join(row['cited']) or '–'}", class_="note"),
            class_="failure",
        )
        for row in failures[:_FAILURES]
    ]
    return join([heading, *blocks])


def _table(caption: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> Html:
    head = tag("tr", join(tag("th", name, scope="col") for name in names))
    body = [tag("tr", tag("th", row[0], scope="row"), join(tag("td", cell) for cell in row[1:])) for row in rows]
    table = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", join(body)))
    return tag("div", table, class_="scroll", tabindex=0, role="region", aria_label=caption)
