"""The committed results as tables: this program beside the others, with intervals, on each set of texts."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ui.markup import Html, join, tag
from ui.pages.plots import range_picture

_SCHEMA = "bletchley-qa/evaluation-results"
_MOST_BYTES = 8 * 1024 * 1024
_MEASURES = ("H", "A", "B", "evidence_hit@4000c")
_PICTURED = "H"
_OWN = "program"
_log = logging.getLogger(__name__)


def newest_results(folders: Iterable[Path]) -> Mapping[str, Any] | None:
    """The results that were made last, by their own date; None where there are none."""
    found: list[Mapping[str, Any]] = []
    for path in [path for folder in folders for path in folder.glob("*.json")]:
        try:
            if path.stat().st_size <= _MOST_BYTES:
                results = json.loads(path.read_text(encoding="utf-8"))
                if isinstance(results, dict) and results.get("schema") == _SCHEMA:
                    found.append(results)
        except (OSError, ValueError):
            _log.warning("%s in %s cannot be read", path.name, path.parent.name)
    return max(found, key=lambda results: str(results.get("created", "")), default=None)


def results_tables(results: Mapping[str, Any], word: Mapping[str, str]) -> Html:
    """One table for each set of texts; raises KeyError, TypeError or ValueError where the file is not as written."""
    facts = " · ".join(
        [str(results["created"])[:10], f"{word['evaluated_commit']} {str(results['commit'])[:12]}", results["machine"]]
    )
    tables = [_table(name, edition, word) for name, edition in results["editions"].items()]
    note = tag("p", word["results_note"], class_="lead")
    return join([note, tag("p", facts, class_="note"), *tables, tag("p", word["results_kinds"], class_="note")])


def _table(name: str, edition: Mapping[str, Any], word: Mapping[str, str]) -> Html:
    caption = word["results_caption"].format(texts=word.get(f"results_{name}", name), count=edition["cases"])
    head = [
        word["column_system"],
        *(word[f"results_{_plain(measure)}"] for measure in _MEASURES),
        word["column_picture"],
    ]
    rows = [_row(system, word) for system in edition["systems"]]
    table = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", join(tag("th", text, scope="col") for text in head))),
        tag("tbody", join(rows)),
    )
    return tag("div", table, class_="scroll", tabindex=0, role="region", aria_label=caption)


def _row(system: Mapping[str, Any], word: Mapping[str, str]) -> Html:
    kind = str(system["kind"]).partition(",")[0]
    is_own = kind == _OWN
    kind_shown = "" if is_own else tag("span", word.get(f"results_kind_{kind}", kind), class_="kind")
    name = join([word["this_program"] if is_own else system_name(str(system["name"]), word), kind_shown], " ")
    cells = [tag("td", _estimate(system[measure])) for measure in _MEASURES]
    harmonic = system[_PICTURED]
    drawn = harmonic["value"] is not None
    cells.append(
        tag("td", range_picture(harmonic["value"], harmonic["low"], harmonic["high"]) if drawn else "", class_="drawn")
    )
    return tag("tr", tag("th", name, scope="row"), join(cells), class_="own" if is_own else None)


def system_name(name: str, word: Mapping[str, str]) -> str:
    """What a baseline or cheat does, in the reader's language; frameworks and what is not known keep their name."""
    return word.get(f"system_{_plain(name)}", name)


def _estimate(estimate: Mapping[str, Any]) -> Html:
    value, low, high = estimate["value"], estimate["low"], estimate["high"]
    if value is None:
        return tag("span", "–")
    interval = tag("span", f" {low:.2f}–{high:.2f}", class_="interval") if low is not None and high is not None else ""
    return join([f"{value:.3f}", interval])


def _plain(name: str) -> str:
    return "".join(character if character.isalnum() else "_" for character in name)
