"""Reports: a saved run as Markdown and as one self-contained HTML page; two runs as a comparison page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from eval.causes import CAUSES
from eval.compare import Difference, comparison_rows, flipped
from eval.judge.agreement import proxy_agreement
from eval.plots import histogram, line_plot, scatter, stacked_bars
from eval.saved import SavedRun

Summary = Mapping[str, Any]
_SHOWN = (
    ("evidence_hit@2000c", "evidence found within 2,000 characters"),
    ("evidence_hit@5", "evidence found in 5 passages"),
    ("unit_ndcg@10", "unit nDCG@10"),
    ("char_recall@2000c", "characters of the evidence found within 2,000"),
    ("char_precision@2000c", "characters within 2,000 that are evidence"),
    ("char_iou@5", "characters of 5 passages, intersection over union"),
    ("unit_rr@10", "unit RR@10"),
    ("unit_recall@5", "unit R@5"),
    ("nugget_recall", "nugget recall"),
    ("complete", "all vital nuggets said"),
    ("nugget_f", "nugget F"),
    ("citation_recall", "gold evidence cited"),
    ("citation_precision", "cited units that are gold"),
    ("complete_elsewhere", "complete, but cited from elsewhere (to be judged by a person)"),
    ("citation_validity", "valid citations"),
    ("citation_char_precision", "cited characters that are gold"),
    ("cited_characters_median", "cited characters, median"),
    ("claim_coverage", "claims with a valid citation"),
    ("claim_support", "claims whose words stand in their citation (proxy, see below)"),
    ("number_recall", "wanted numbers said"),
    ("unsupported_numbers", "numbers that no citation holds"),
    ("unsupported_names", "titles that no citation holds"),
    ("forbidden", "answers with a forbidden wording"),
    ("over_abstention", "answerable, but declined"),
    ("false_answer", "unanswerable, but answered"),
    ("abstention_precision", "declined, and rightly so"),
    ("abstention_recall", "to be declined, and declined"),
    ("abstention_f1", "declining, F1"),
    ("correct_language", "answered in the asked language"),
    ("twin_gap", "g in Chinese − g in English, twins"),
    ("twins", "twins that this gap is a mean of"),
    ("cross_lingual_gap", "g in a source's own language − g across languages"),
    ("context_loss", "g lost to the conversation"),
    ("context_cases", "follow-ups that this loss is a mean of"),
    ("idk_conditioned_f", "nugget F, declining counted where it is right (MTRAG)"),
    ("aurc", "area under risk–coverage"),
    ("g_at_80_coverage", "g of the 80 % most confident"),
    ("truth", "truth score (CRAG)"),
    ("truth_gated", "truth score, gold cited"),
    ("short_f1", "token F1 to the reference, short types"),
    ("char3_recall", "character 3-gram recall of the reference"),
    ("chrf", "chrF to the reference (weak proxy)"),
    ("rouge_l", "character ROUGE-L (weak proxy, r ≈ .43)"),
)

_COUNTED = frozenset({"cited_characters_median", "twins", "context_cases"})
_PRIMARY = {
    "evidence_hit@2000c": "evidence found within 2,000 retrieved characters",
    "g": "answerable: nugget F × gold evidence cited (A)",
    "refusal": "the rest: rightly declined, corrected, asked back or unmoved (B)",
    "citation_precision": "cited units that are gold, of answers given",
}


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def figure(estimate: Mapping[str, Any]) -> str:
    """A value with its interval and count."""
    if estimate["value"] is None:
        return "–"
    interval = "" if estimate["low"] is None else f" [{estimate['low']:.3f}, {estimate['high']:.3f}]"
    return f"{estimate['value']:.3f}{interval} (n = {estimate['n']})"


def number(value: float | None) -> str:
    """Three decimals, a dash for nothing."""
    return "–" if value is None else f"{value:.3f}"


def cell(entry: Mapping[str, Any]) -> str:
    """A cell of the table of types: passed of all, and the mean where there are twelve cases or more."""
    if not entry["n"]:
        return "–"
    return f"{entry['passed']}/{entry['n']}" + (f" · {entry['mean']:.2f}" if entry["n"] >= 12 else "")


def shown_values(values: Mapping[str, float]) -> list[tuple[str, str]]:
    """Measures with a plain name, in reading order."""
    return [
        (label, f"{values[name]:.0f}" if name in _COUNTED else f"{values[name]:.3f}")
        for name, label in _SHOWN
        if name in values
    ]


def system_rows(systems: Mapping[str, Mapping[str, float]]) -> list[list[str]]:
    """The table of systems as strings."""
    names = [
        "H",
        "A",
        "B",
        "nugget_recall",
        "nugget_f",
        "citation_recall",
        "citation_precision",
        "truth",
        "truth_gated",
    ]
    rows = [["system", *(name.replace("_", " ") for name in names)]]
    rows += [
        [system, *(f"{row[name]:.3f}" if name in row else "–" for name in names)] for system, row in systems.items()
    ]
    return rows


def stage_rows(stages: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Evidence found within 2,000 characters by stage, over all and by (question language → source language)."""
    rows = [["stage", *(key for key in (stages[0] if stages else {}) if key != "stage")]]
    for row in stages:
        cells = (value for key, value in row.items() if key != "stage")
        rows.append([row["stage"], *(f"{number(c['value'])} (n = {c['n']})" for c in cells)])
    return rows


def side_by_side(summaries: Sequence[Summary]) -> list[list[str]]:
    """Headline and primary measures of several systems on the same cases, with intervals."""
    rows = [["system", "H", "A", "B", "evidence_hit@2000c", "citation_precision"]]
    for summary in summaries:
        estimates = [summary["headline"][name] for name in ("H", "A", "B")]
        estimates += [summary["primary"][name] for name in ("evidence_hit@2000c", "citation_precision")]
        rows.append([summary["name"], *(figure(estimate).partition(" (")[0] for estimate in estimates)])
    return rows


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table; the first is the head."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def plots(summary: Summary) -> dict[str, Markup]:
    """All plots of a run as SVG."""
    budgets = [row for row in summary["budgets"] if row[1] is not None]
    recall = {
        "evidence found": [(float(b), float(hit)) for b, hit, _ in budgets],
        "characters found": [(float(b), float(found)) for b, _, found in budgets],
    }
    latency = {k: v for k, v in summary["latency"].items() if k != "total"}
    bars = {quantile: {step: times[quantile] for step, times in latency.items()} for quantile in ("p50", "p95")}
    risk = {"1 − g": [(float(c), float(r)) for c, r in summary["risk_coverage"]]}
    found = {
        "recall": line_plot(
            recall, "Evidence found by characters read", "characters retrieved", "share", [0, 500, 1000, 2000, 4000]
        ),
        "risk": line_plot(
            risk, "Risk by coverage", "share answered, most confident first", "1 − g", [0, 0.25, 0.5, 0.75, 1]
        ),
        "widths": histogram(summary["widths"], "Length of answers", "width units"),
        "latency": stacked_bars(bars, "Time per step", "ms") if latency else "",
    }
    # Plots escape their own text; Markup keeps the page from escaping their tags.
    return {name: Markup(svg) for name, svg in found.items()}  # noqa: S704


def html_report(summary: Summary, judged: Summary | None = None) -> str:
    """One self-contained page; `judged` is what a judge said of the run."""
    failures = sorted(summary["failures"], key=lambda row: (CAUSES.index(row["cause"]), row["id"]))
    return _environment().get_template("report.html.j2").render(
        summary=summary, plots=plots(summary), figure=figure, cell=cell, values=shown_values(summary["values"]),
        systems=system_rows(summary["systems"]), failures=failures, causes=cause_counts(summary), primary=_PRIMARY,
        judged=judged, number=number, stages=stage_rows(summary.get("stages", [])), proxy=proxy_agreement(),
    )  # fmt: skip


def cause_counts(summary: Summary) -> list[tuple[str, int]]:
    """Causes with the number of failures, in their order."""
    found = [row["cause"] for row in summary["failures"]]
    return [(cause, found.count(cause)) for cause in CAUSES if cause in found]


def markdown_report(summary: Summary) -> str:
    """The same figures as Markdown."""
    return _environment().get_template("report.md.j2").render(
        summary=summary, figure=figure, cell=cell, values=shown_values(summary["values"]), table=markdown_table,
        systems=system_rows(summary["systems"]), causes=cause_counts(summary),
        stages=stage_rows(summary.get("stages", [])), proxy=proxy_agreement(), number=number,
    )  # fmt: skip


def write_reports(summary: Summary, folder: Path) -> None:
    """report.md and report.html beside the summary."""
    (folder / "report.md").write_text(markdown_report(summary), encoding="utf-8")
    opinion = folder / "judge.json"
    judged = json.loads(opinion.read_text(encoding="utf-8")) if opinion.exists() else None
    (folder / "report.html").write_text(html_report(summary, judged), encoding="utf-8")


def html_comparison(first: SavedRun, second: SavedRun, differences: Sequence[Difference]) -> str:
    """The comparison page: table, per-case scatter, flipped cases."""

    def grade(run: SavedRun, case_id: str) -> float:
        values = run.values[case_id]
        return values.get("g", values.get("refusal", 0.0))

    points = {case_id: (grade(first, case_id), grade(second, case_id)) for case_id in first.values}
    gained, lost = flipped(first, second)
    plot = Markup(scatter(points, "Grades case by case", "first run", "second run"))  # noqa: S704
    return (
        _environment()
        .get_template("compare.html.j2")
        .render(
            first=first.summary,
            second=second.summary,
            rows=comparison_rows(differences),
            plot=plot,
            gained=gained,
            lost=lost,
        )
    )
