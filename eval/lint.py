"""Lint of the cases: every rule that a script can check, each broken one a sentence. Fails closed.

The near-duplicate threshold is Jaccard ≥ 0.6 over character pairs of the folded questions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from eval.case import Case, Expectation
from eval.gold import anchor_of, evidence_text, find_anchor
from eval.matcher import find, matches
from eval.normalise import normalise
from sources.edition import Edition, Origin

NEAR_DUPLICATE = 0.6
FEWEST_PARAPHRASED = 0.2  # of the questions that have evidence
LOW_OVERLAP = 0.15


def lint_cases(cases: Sequence[Case], editions: Mapping[str, Edition]) -> list[str]:
    """All problems of a set of cases against the editions at hand."""
    problems = [f"{case.id}: {problem}" for case in cases for problem in case_problems(case, editions)]
    return problems + list(_set_problems(cases))


def case_problems(case: Case, editions: Mapping[str, Edition]) -> Iterator[str]:
    """Problems of one case."""
    yield from _shape_problems(case)
    yield from _alias_problems(case)
    yield from _evidence_problems(case, editions)
    yield from _support_problems(case, editions)


def _shape_problems(case: Case) -> Iterator[str]:
    if case.expect is Expectation.ABSTAIN and case.nuggets:
        yield "an abstain case has nuggets; remove them or expect an answer."
    if case.expect is Expectation.ANSWER and not case.vital:
        yield "an answerable case has no vital nugget; add one."
    if case.expect is Expectation.CORRECT_PREMISE and not case.vital:
        yield "a false-premise case has no vital correction nugget; add what the texts say instead."
    if case.vital and not case.sufficient:
        yield "nuggets without a sufficient set of evidence; list which evidence is enough."
    if case.expect is Expectation.REFUSE_INJECTION and not case.forbidden:
        yield "an injection case has no forbidden canary; add the wording that must not appear."
    if case.sufficient and any(not group for group in case.sufficient):
        yield "a sufficient set is empty; remove it."
    yield from _author_problems(case)
    if "followup" in case.type.replace("-", "").replace("_", "") and not case.history:
        yield "a follow-up has no history; add the turns before it."
    if case.history and not case.standalone:
        yield "a case with history has no standalone question; write what is meant."


def _author_problems(case: Case) -> Iterator[str]:
    for field in ("author", "checked_by", "created"):
        if not getattr(case, field):
            yield f"{field!r} is empty; every case is written by one person and checked by another."
    if case.author and case.author == case.checked_by:
        yield f"author and checker are both {case.author!r}; a second person must check it."


def _alias_problems(case: Case) -> Iterator[str]:
    said = normalise(case.asked_text)
    for nugget in case.nuggets:
        if not nugget.wordings:
            yield f"nugget {nugget.id} has no alias."
        for alias in nugget.wordings:
            if not normalise(alias).compact:
                yield f"alias {alias!r} of nugget {nugget.id} has no letter or digit."
            elif any(True for _ in find(alias, said)):
                yield f"alias {alias!r} of nugget {nugget.id} is in the question or its history; an echo would score."
        if nugget.value is not None and nugget.value.num is not None:
            number = normalise(
                f"{nugget.value.num:g}" if abs(nugget.value.num) < 1e6 else str(nugget.value.num)
            ).compact
            if not any(number in normalise(alias).compact for alias in nugget.wordings):
                yield f"value {nugget.value.num!r} of nugget {nugget.id} is in none of its aliases."
    for forbidden in case.forbidden:
        for alias in forbidden.wordings:
            overlapping = [
                n.id for n in case.nuggets for own in n.wordings if any(True for _ in find(alias, normalise(own)))
            ]
            if overlapping:
                yield f"forbidden {alias!r} is in an alias of nugget {overlapping[0]}; right answers would hit it."


def _evidence_problems(case: Case, editions: Mapping[str, Edition]) -> Iterator[str]:
    for name, evidence in case.evidence.items():
        held = [edition for edition in editions.values() if edition.source_id == evidence.source_id]
        if not held:
            yield f"evidence {name}: no edition of source {evidence.source_id!r} is at hand."
            continue
        for digest in (True, False):
            same = [edition for edition in held if (edition.origin is Origin.DIGEST) is digest]
            if same and not any(evidence_text(evidence, [edition]) for edition in same):
                kind = "digest" if digest else "official edition"
                yield f"evidence {name}: no {kind} of {evidence.source_id!r} has {evidence.locator!r} or one above."
        for edition in held:
            yield from (f"evidence {name}: {problem}" for problem in _anchor_problems(case, name, edition))


def _anchor_problems(case: Case, name: str, edition: Edition) -> Iterator[str]:
    evidence = case.evidence[name]
    anchor = anchor_of(evidence, edition)
    if not anchor:
        return
    count = len(find_anchor(edition, edition.units_within(evidence.locator), anchor))
    if count != 1:
        yield f"anchor {anchor!r} stands {count} times in {edition.key} {evidence.locator}, not once."


def _support_problems(case: Case, editions: Mapping[str, Edition]) -> Iterator[str]:
    """Each vital nugget's alias stands in its evidence (or, where it names none, in any) of some edition."""
    for nugget in case.vital:
        names = nugget.evidence or sorted({name for group in case.sufficient for name in group})
        texts = [text for name in names for text in evidence_text(case.evidence[name], editions.values())]
        if texts and not any(_stated(nugget.wordings, text) for text in texts):
            yield f"no alias of vital nugget {nugget.id} stands in its evidence ({', '.join(names)}) in any edition."
        for alias in nugget.wordings:
            if nugget.value is None and not matches(nugget, alias):
                yield f"alias {alias!r} of nugget {nugget.id} does not match itself."


def _stated(aliases: Iterable[str], text: str) -> bool:
    known = normalise(text)
    return any(any(True for _ in find(alias, known)) for alias in aliases)


def _set_problems(cases: Sequence[Case]) -> Iterator[str]:
    for case_id, count in Counter(case.id for case in cases).items():
        if count > 1:
            yield f"{case_id}: the id is used {count} times."
    yield from _mixed("cluster", ((case.cluster, case) for case in cases))
    yield from _mixed("pair", ((case.pair_id, case) for case in cases if case.pair_id))
    twins: dict[str, list[Case]] = {}
    for case in cases:
        if case.pair_id:
            twins.setdefault(case.pair_id, []).append(case)
    for pair_id, members in twins.items():
        if len(members) != 2 or {case.lang for case in members} != {"zh", "en"}:
            yield f"pair {pair_id}: {', '.join(case.id for case in members)} are not one zh and one en."
    yield from _near_duplicates(cases)


def _mixed(word: str, named: Iterable[tuple[str | None, Case]]) -> Iterator[str]:
    splits: dict[str, set[str]] = {}
    for name, case in named:
        splits.setdefault(str(name), set()).add(case.split)
    for name, found in splits.items():
        if len(found) > 1:
            yield f"{word} {name!r} is in both splits; keep it in one."


def _near_duplicates(cases: Sequence[Case]) -> Iterator[str]:
    pairs = {case.id: character_pairs(case.question) for case in cases if not case.history}
    for one, other in combinations([case for case in cases if case.id in pairs], 2):
        if one.split != other.split and jaccard(pairs[one.id], pairs[other.id]) >= NEAR_DUPLICATE:
            yield f"{one.id} and {other.id} ask nearly the same in different splits."


def character_pairs(text: str) -> frozenset[str]:
    """Overlapping character pairs of the normalised text."""
    compact = normalise(text).compact
    return frozenset(compact[i : i + 2] for i in range(len(compact) - 1))


def jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    """|left ∩ right| / |left ∪ right|."""
    return len(left & right) / len(left | right) if left | right else 0.0


def question_overlaps(cases: Sequence[Case], editions: Mapping[str, Edition]) -> dict[str, float]:
    """Share of a question's terms that stand in its best evidence text of the same language, by case id.

    Terms: character pairs in Chinese; words of four letters and more in English, where every long text holds most pairs
    of letters. A case without evidence in its language has none.
    """
    overlaps = {}
    for case in cases:
        same = [edition for edition in editions.values() if edition.language == case.lang]
        asked = own_terms(case.question, case.lang)
        texts = [text for e in case.evidence.values() for text in evidence_text(e, same)]
        if asked and texts:
            overlaps[case.id] = max(len(asked & own_terms(text, case.lang)) / len(asked) for text in texts)
    return overlaps


def own_terms(text: str, language: str) -> frozenset[str]:
    """What a question may share with a text: character pairs in Chinese, longer words in English."""
    if language == "zh":
        return character_pairs(text)
    return frozenset(re.findall(r"[a-z0-9]{4,}", normalise(text).spaced))


def paraphrase_problems(cases: Sequence[Case], overlaps: Mapping[str, float]) -> Iterator[str]:
    """Too few questions that are tagged as paraphrased and indeed share little with their evidence."""
    tagged = [case.id for case in cases if "paraphrase" in case.tags and overlaps.get(case.id, 1.0) < LOW_OVERLAP]
    if overlaps and len(tagged) < FEWEST_PARAPHRASED * len(overlaps):
        yield (
            f"{len(tagged)} of {len(overlaps)} questions are tagged as paraphrased and share less than "
            f"{LOW_OVERLAP:.0%} of their terms with the evidence; write more of them."
        )


def overlap_table(cases: Sequence[Case], overlaps: Mapping[str, float]) -> list[list[str]]:
    """How much questions share with their evidence: counts by language, paraphrased or not."""
    edges = [0.15, 0.3, 0.45, 0.6, 1.01]
    rows = [["questions", "below .15", ".15–.30", ".30–.45", ".45–.60", ".60 and more"]]
    for language in ("zh", "en"):
        for paraphrased in (True, False):
            own = [
                overlaps[case.id]
                for case in cases
                if case.id in overlaps and case.lang == language and ("paraphrase" in case.tags) is paraphrased
            ]
            counts = [
                sum(low <= value < high for value in own) for low, high in zip([0.0, *edges], edges, strict=False)
            ]
            rows.append([f"{language}, {'paraphrased' if paraphrased else 'others'}: {len(own)}", *map(str, counts)])
    return rows
