"""The questions that an evaluation failed, to look through: by cause, kind and language, each with what was said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ui.markup import Html, join, tag
from ui.reference import question_address

_SHOWN = 80
_LONGEST_ANSWER = 400


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which failures a reader wants to see; empty means all."""

    cause: str = ""
    kind: str = ""
    lang: str = ""

    def passes(self, row: Mapping[str, Any]) -> bool:
        """Whether a failure is one of them."""
        wanted = ((self.cause, "cause"), (self.kind, "type"), (self.lang, "lang"))
        return all(not chosen or row.get(name, "") == chosen for chosen, name in wanted)


EVERYTHING = Sieve()


def failure_browser(summary: Mapping[str, Any], sieve: Sieve, word: Mapping[str, str]) -> Html:
    """Failed cases of the development split; those of a test split stay unread."""
    failures: Sequence[Mapping[str, Any]] = summary["failures"]
    heading = tag("h2", word["failures"].format(count=len(failures)), id="failures")
    if summary["split"] != "dev":
        return join([heading, tag("p", word["failures_hidden"])])
    shown = [row for row in failures if sieve.passes(row)]
    count = tag("p", word["failures_shown"].format(count=len(shown)), class_="count", role="status")
    return join([heading, _form(failures, sieve, word), count, *(_failure(row, word) for row in shown[:_SHOWN])])


def named(kind: str, name: str, word: Mapping[str, str]) -> str:
    """A cause or kind of question in the reader's language, or as it is called in the report."""
    return word.get(f"{kind}_{name}", name.replace("_", " "))


def _form(failures: Sequence[Mapping[str, Any]], sieve: Sieve, word: Mapping[str, str]) -> Html:
    fields = [
        _choice(
            "cause",
            word["failure_cause"],
            sieve.cause,
            {name: named("cause", name, word) for name in _counted(failures, "cause")},
            failures,
            "cause",
            word,
        ),
        _choice(
            "kind",
            word["failure_kind"],
            sieve.kind,
            {name: named("type", name, word) for name in _counted(failures, "type")},
            failures,
            "type",
            word,
        ),
        _choice(
            "lang",
            word["failure_lang"],
            sieve.lang,
            {code: word[f"language_{code}"] for code in ("zh", "en")},
            failures,
            "lang",
            word,
        ),
        tag("button", word["filter_apply"], type="submit"),
    ]
    return tag("form", join(fields), method="get", action="evaluation#failures", class_="filters")


def _counted(failures: Sequence[Mapping[str, Any]], name: str) -> list[str]:
    """The values there are, the most frequent first."""
    return [str(value) for value, _ in Counter(row.get(name, "") for row in failures).most_common() if value]


def _choice(
    name: str,
    label: str,
    chosen: str,
    options: Mapping[str, str],
    failures: Sequence[Mapping[str, Any]],
    field: str,
    word: Mapping[str, str],
) -> Html:
    counts = Counter(str(row.get(field, "")) for row in failures)
    rows = [tag("option", word["filter_any"], value="")]
    rows += [
        tag("option", f"{text} ({counts[value]})", value=value, selected=value == chosen)
        for value, text in options.items()
    ]
    return tag("label", label, tag("select", join(rows), name=name))


def _failure(row: Mapping[str, Any], word: Mapping[str, str]) -> Html:
    badge = tag("span", named("cause", str(row["cause"]), word), class_="badge")
    said = str(row["answer"])[:_LONGEST_ANSWER] or word[f"status_{row['status']}"]
    return tag(
        "details",
        tag("summary", badge, " ", tag("span", row["question"], lang=row["lang"])),
        tag("p", said, lang=row["lang"]),
        tag("p", f"{word['expected_evidence']}: {', '.join(row['evidence']) or '–'}", class_="note"),
        tag("p", f"{word['cited_instead']}: {', '.join(row['cited']) or '–'}", class_="note"),
        tag("p", tag("a", word["ask_again"], href="./" + question_address(str(row["question"])))),
        class_="failure",
    )
