"""Planted errors: how many false sentences `rag.support` catches, and how many true ones it wrongly withholds.

python -m rag.planted [--size N] [--seed N] [--half tuning|held-out|all] [--show N] [--json]

True sentences are those of the shipped digests, as they stand and lightly reworded, each cited to its own unit. False
ones have one thing wrong. Four mixes of languages: the sentence's, and the cited text's, of which the sentence's
language is then only a digest. The rules were set on one half of the sources; from the other
half only faults in the program were learnt (a title taken for a figure, “most” for a ministry), no threshold.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from rag import planting
from rag.knowledge import Knowledge
from rag.sentences import sentence_spans
from rag.support import CitedText, judge
from sources.catalogue import load_catalogue
from sources.edition import Edition, Unit
from sources.library import load_digests
from sources.locator import render
from sources.terms import Term, load_terms

MIXES = (("zh", "zh"), ("en", "en"), ("zh", "en"), ("en", "zh"))
SIZE = 200  # sentences a kind and mix
SEED = 20231101
_OTHERS = 5  # other retrieved texts of the same source
_SHORTEST = {"zh": 12, "en": 40}  # characters of a sentence worth planting in


class Kind(StrEnum):
    """What a sentence was made for."""

    CLEAN = "clean, as it stands"
    REWORDED = "clean, reworded"
    SHORTENED = "clean, shortened"
    SWAPPED = "swapped citation"
    MERGED_NEAR = "merged halves, same unit"
    MERGED_FAR = "merged halves, other unit"
    NUMBER = "altered number"
    DATE = "altered date"
    NAME = "altered name"
    INSERTED = "inserted denial"
    REMOVED = "removed denial"

    @property
    def is_clean(self) -> bool:
        """Whether a sentence of this kind is true."""
        return self in (Kind.CLEAN, Kind.REWORDED, Kind.SHORTENED)


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence with the text that it cites and others that were retrieved with it."""

    kind: Kind
    sentence: str
    cited: CitedText
    others: tuple[CitedText, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a digest in one language, and where it stands."""

    source_id: str
    locator: str
    text: str


@dataclass(frozen=True, slots=True)
class Rate:
    """How many sentences of one kind and mix were withheld."""

    kind: Kind
    mix: str
    withheld: int
    count: int
    shown: tuple[str, ...] = ()  # some of those judged wrongly

    @property
    def share(self) -> float:
        """Share withheld: to be high for false sentences, low for true ones."""
        return self.withheld / self.count if self.count else 0.0


class Library:
    """The digests by source, language and locator."""

    def __init__(self, half: str = "all") -> None:
        catalogue = load_catalogue()
        titles = {entry.id: {"zh": entry.title.zh, "en": entry.title.en} for entry in catalogue}
        kinds = {entry.id: entry.kind for entry in catalogue}
        editions = [edition for edition in load_digests(titles, kinds) if _in_half(edition.source_id, half)]
        self.editions = {(edition.source_id, edition.language): edition for edition in editions}
        names = {entry.id: entry.names() for entry in catalogue}
        self.knowledge = Knowledge.load(names)
        self.terms: tuple[Term, ...] = load_terms()

    def sentences(self, language: str) -> list[Told]:
        """Every sentence of one language that is long enough to plant in."""
        return [
            Told(edition.source_id, unit.locator, text)
            for edition in self.editions.values()
            if edition.language == language
            for unit in edition.units
            for text in unit_texts(edition, unit)
            if len(text) >= _SHORTEST[language]
        ]

    def cited(self, source_id: str, locator: str, language: str, spoken: str) -> CitedText:
        """A unit as it is cited in `language`, with its digest in `spoken` where that is another language."""
        edition = self.editions[source_id, language]
        glosses = () if spoken == language else ((spoken, self._body(source_id, locator, spoken)),)
        context = "\n".join([*(self._title(source_id, one) for one in (language, spoken)), render(locator, spoken)])
        return CitedText(self._body(source_id, locator, language), edition.language, source_id, context, glosses)

    def _title(self, source_id: str, language: str) -> str:
        return self.editions[source_id, language].title

    def _body(self, source_id: str, locator: str, language: str) -> str:
        edition = self.editions[source_id, language]
        unit = edition.unit(locator)
        return edition.body_of(unit) if unit else ""


def _in_half(source_id: str, half: str) -> bool:
    return half == "all" or (zlib.crc32(source_id.encode()) % 2 == 0) == (half == "tuning")


def unit_texts(edition: Edition, unit: Unit) -> list[str]:
    """The sentences of one unit."""
    body = edition.body_of(unit)
    return [body[start:end] for start, end in sentence_spans(body, edition.language)]


def pairs(library: Library, kind: Kind, mix: tuple[str, str], size: int, random: Random) -> Iterator[Pair]:
    """Up to `size` sentences of one kind: sentence language and cited language as in `mix`."""
    spoken, language = mix
    told = library.sentences(spoken)
    order = list(told)
    random.shuffle(order)
    made = 0
    for sentence in order:
        pair = _pair(library, kind, sentence, told, language, spoken, random)
        if pair is not None:
            yield pair
            made += 1
            if made == size:
                return


def _pair(
    library: Library, kind: Kind, sentence: Told, told: Sequence[Told], language: str, spoken: str, random: Random
) -> Pair | None:
    same_source = [other for other in told if other.source_id == sentence.source_id and other.text != sentence.text]
    elsewhere = [other for other in same_source if other.locator != sentence.locator]
    if not elsewhere:
        return None
    at = random.choice(elsewhere) if kind is Kind.SWAPPED else sentence
    text = _text(library, kind, sentence, same_source, elsewhere, spoken, random)
    if text is None or (text == sentence.text and kind not in (Kind.CLEAN, Kind.SWAPPED)):
        return None
    near = [sentence] if kind is Kind.SWAPPED else []
    others = [*near, *random.sample(elsewhere, min(_OTHERS, len(elsewhere)))]
    return Pair(
        kind,
        text,
        library.cited(at.source_id, at.locator, language, spoken),
        tuple(library.cited(o.source_id, o.locator, language, spoken) for o in others if o.locator != at.locator),
    )


def _text(
    library: Library,
    kind: Kind,
    sentence: Told,
    same_source: Sequence[Told],
    elsewhere: Sequence[Told],
    spoken: str,
    random: Random,
) -> str | None:
    """The sentence as its kind wants it, or None where it offers nothing to alter."""
    if kind in (Kind.CLEAN, Kind.SWAPPED):
        return sentence.text
    if kind is Kind.MERGED_NEAR:
        beside = [other for other in same_source if other.locator == sentence.locator]
        return planting.merged(sentence.text, random.choice(beside).text, spoken) if beside else None
    if kind is Kind.MERGED_FAR:
        return planting.merged(sentence.text, random.choice(elsewhere).text, spoken)
    if kind is Kind.NAME:
        return planting.altered_name(sentence.text, spoken, library.knowledge, library.terms, random)
    planter: dict[Kind, Callable[[str, str, Random], str | None]] = {
        Kind.REWORDED: planting.reworded,
        Kind.SHORTENED: lambda text, language, _: planting.shortened(text, language),
        Kind.NUMBER: planting.altered_number,
        Kind.DATE: planting.altered_date,
        Kind.INSERTED: planting.inserted_denial,
        Kind.REMOVED: planting.removed_denial,
    }
    return planter[kind](sentence.text, spoken, random)


def measure(library: Library, kind: Kind, mix: tuple[str, str], size: int = SIZE, seed: int = SEED) -> Rate:
    """Judge one kind and mix; the same seed gives the same sentences."""
    random = Random(f"{seed} {kind} {mix}")  # noqa: S311 - a reproducible sample, no secret
    withheld, count, shown = 0, 0, []
    for pair in pairs(library, kind, mix, size, random):
        verdict = judge(pair.sentence, pair.cited, pair.others, library.knowledge)
        count += 1
        withheld += not verdict.holds
        if verdict.holds is not kind.is_clean:
            details = "; ".join(f"{finding.fault} {finding.detail}" for finding in verdict.findings)
            shown.append(f"{pair.sentence} [{verdict.support.value}: {details}] ← {pair.cited.in_language(mix[0])[0]}")
    return Rate(kind, f"{mix[0]}→{mix[1]}", withheld, count, tuple(shown))


def summary(rates: Sequence[Rate]) -> dict[str, object]:
    """Figures for a program: catch and false-alarm rate, over all and by kind and mix."""
    false, true = (
        [rate for rate in rates if not rate.kind.is_clean],
        [rate for rate in rates if rate.kind.is_clean],
    )
    return {
        "caught": _share(false),
        "false_alarms": _share(true),
        "rates": [
            {"kind": r.kind.value, "mix": r.mix, "withheld": r.withheld, "count": r.count, "share": round(r.share, 4)}
            for r in rates
        ],
    }


def _share(rates: Sequence[Rate]) -> float:
    count = sum(rate.count for rate in rates)
    return round(sum(rate.withheld for rate in rates) / count, 4) if count else 0.0


def _table(rates: Sequence[Rate]) -> str:
    mixes = list(dict.fromkeys(rate.mix for rate in rates))
    lines = ["withheld, of sentences".ljust(28) + "".join(mix.rjust(16) for mix in mixes)]
    for kind in Kind:
        cells = {rate.mix: f"{rate.share:6.1%} of {rate.count:4d}" for rate in rates if rate.kind is kind}
        lines.append(kind.value.ljust(28) + "".join(cells.get(mix, "").rjust(16) for mix in mixes))
    figures = summary(rates)
    return "\n".join([*lines, f"caught {figures['caught']:.1%}, false alarms {figures['false_alarms']:.1%}"])


def main(argv: list[str] | None = None) -> int:
    """Print the rates; 0 where the goals hold (95 % caught, 5 % false alarms), 1 where not, 2 usage."""
    parser = argparse.ArgumentParser(prog="python -m rag.planted", description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=int, default=SIZE, help="sentences a kind and mix (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--half", choices=("tuning", "held-out", "all"), default="held-out", help="which sources")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N wrong judgements a kind and mix")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args(argv)
    library = Library(arguments.half)
    rates = [measure(library, kind, mix, arguments.size, arguments.seed) for mix in MIXES for kind in Kind]
    figures = summary(rates)
    print(json.dumps(figures, ensure_ascii=False, indent=1) if arguments.json else _table(rates))  # noqa: T201
    for rate in rates if arguments.show else []:
        for line in rate.shown[: arguments.show]:
            print(f"\n{rate.kind.value}, {rate.mix}: {line}")  # noqa: T201
    holds = all(rate.share <= 0.05 if rate.kind.is_clean else rate.share >= 0.95 for rate in rates)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
