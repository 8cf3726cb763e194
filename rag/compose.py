"""Composing: scored sentences → the fewest claims that answer, in the form that the question asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum

from index.analyser import fold, terms_of_folded
from rag.answer import Claim
from rag.blocks import points_below, unit_sentences
from rag.bridge import bridged, told_by_another
from rag.cite import claim_of, place_name
from rag.kinds import AnswerKind, kind_of
from rag.parts import stated_before_asking
from rag.question import Question
from rag.reader import Candidate, Reader, same_article
from rag.retrieve import Place, Retrieval, asked_places
from rag.wording import asked_number, focus
from sources.edition import Edition, SourceKind, Unit, UnitKind
from sources.locator import is_within, parent
from sources.numerals import FIRST_TO_TENTH

_CLOSE, _CLOSE_BY = 0.86, 0.95  # share of the first sentence's score from which one of its block, or article, joins it
_MOST_SENTENCES = {AnswerKind.LIST: 3, AnswerKind.DEFINITION: 1, AnswerKind.COUNT: 1, AnswerKind.WHEN: 1}
_LIST_CLOSE = 0.93  # share of the best score from which another sentence may lead to the list
_MOST_ITEMS = 40
_FEWEST_COUNTED, _COUNTED_AMONG = 3, 12  # members of a list asked for by number; sentences around which it is sought
_MOST_ASKED = 8  # sentences of a place asked for by name
_MOST_SIDES = 4
_MOST_POINTS, _WHOLE_IN_POINTS = 4, 5  # sentences of an overview; a list this long is itself the overview
_ORDINALS = "|".join(FIRST_TO_TENTH)
_ORDINAL = re.compile(
    rf"^\W*(?:(?:{_ORDINALS})\b|第[一二三四五六七八九十][，,、])|"
    rf"^.{{0,24}}(?:第[一二三四五六七八九十]+点|\b(?:{_ORDINALS}) (?:point|proposal|principle|aim)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(r"什么|哪|多少|谁|怎[么样]|何|\b(?:what|which|who|when|where|how)\b")
_ACTS = re.compile(
    r"决心|同意|倡议|主张|呼吁|强调|承诺|重申|坚持|应当|应|须|支持|围绕|目标|旨在|"
    r"\b(resolve|agree|affirm|call|encourage|commit|emphasi[sz]e|shall|should|must|aim|focus|support|agenda)s?\b"
)
_MOST_COVERING = 3
_WORTH_ADDING, _LEAST_GAIN = 0.55, 0.12  # share of the best score, and of the question's weight newly covered


@dataclass(frozen=True, slots=True)
class Draft:
    """What the answer would say, and the sentences it was made from."""

    claims: tuple[Claim, ...]
    used: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate | None:
        """The strongest sentence, or None where nothing was found."""
        return max(self.used, key=lambda candidate: (candidate.score, candidate.fit), default=None)


def compose(
    question: Question,
    retrieval: Retrieval,
    candidates: Sequence[Candidate],
    reader: Reader,
    *,
    is_part: bool = False,
) -> Draft:
    """Choose the form that the question asks for, then its sentences; a part of a question is not followed further."""
    beside = question.kind is AnswerKind.COMPARE or question.sets_side_by_side or asks_twice(question)
    sides = question.sides[:_MOST_SIDES] if beside else []
    if len(sides) > 1:
        return _comparison(question, sides, reader)
    if len(rows := _asked_in_several(question, reader)) > 1:
        return Draft(tuple(_claim(replace(question, kind=AnswerKind.LOCATE), row, reader) for row in rows), rows)
    chosen = told_by_another(question, candidates, reader) or _in_asked_form(question, retrieval, candidates, reader)
    chosen = _with_points(chosen or _sentences(question, candidates), question)
    chosen += [] if is_part else bridged(question, chosen, reader)
    return Draft(tuple(_claim(question, candidate, reader) for candidate in chosen), tuple(chosen))


def _in_asked_form(
    question: Question, retrieval: Retrieval, candidates: Sequence[Candidate], reader: Reader
) -> list[Candidate]:
    """The sentences of a form of its own that the question asks for, or nothing where its best sentences will do."""
    if question.kind is AnswerKind.OVERVIEW:
        return _overview(question, candidates, reader)
    if question.kind is AnswerKind.COMPARE:
        return _covering(candidates, reader.sought(question).weights)
    if question.locators and asks_for_place_itself(question):
        return _asked_text(question, retrieval, reader)
    return _list(question, candidates, reader) if question.kind is AnswerKind.LIST else []


def _claim(question: Question, candidate: Candidate, reader: Reader) -> Claim:
    label = _row_label(question, candidate, reader)
    return claim_of(candidate, reader.passage_index, question.language, heading=label)


def _row_label(question: Question, candidate: Candidate, reader: Reader) -> str:
    """For “which article …”: the place itself, which is the answer."""
    if question.kind is not AnswerKind.LOCATE:
        return ""
    place = place_name(candidate.edition, candidate.unit.locator, question.language)
    name = source_name(candidate.edition, question.language, reader)
    return f"{name}{place}" if question.language == "zh" else f"{name}, {place}"


def source_name(edition: Edition, language: str, reader: Reader) -> str:
    """What people call a source: its best short name, else its title; in Chinese within title marks."""
    names = reader.passage_index.names.get(edition.source_id, {}).get(language, [])
    name = min(names[:2], key=len) if names else edition.title
    return f"《{name}》" if language == "zh" and "《" not in name else name


def _sentences(question: Question, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best sentence, and close ones of the same article, in text order."""
    if not candidates:
        return []
    first = candidates[0]
    most = _MOST_SENTENCES.get(question.kind, 2)
    close = [
        candidate
        for candidate in candidates
        if same_article(candidate, first)
        and candidate.score >= (_CLOSE if candidate.place == first.place else _CLOSE_BY) * first.score
    ]
    return sorted(close[:most], key=lambda candidate: candidate.start)


def _covering(candidates: Sequence[Candidate], weights: Mapping[str, float]) -> list[Candidate]:
    """The best sentence, then those that say most about what of the question is not covered yet."""
    chosen = list(candidates[:1])
    while chosen and len(chosen) < _MOST_COVERING:
        covered = frozenset().union(*(candidate.covers for candidate in chosen))
        gains = [
            (fsum(weights[term] for term in candidate.covers - covered), candidate)  # in any order the same
            for candidate in candidates
            if candidate.score >= _WORTH_ADDING * candidates[0].score
        ]
        gain, best = max(gains, key=lambda pair: pair[0])
        if gain < _LEAST_GAIN:
            break
        chosen.append(best)
    return chosen


def _overview(question: Question, candidates: Sequence[Candidate], reader: Reader) -> list[Candidate]:
    """A source's own list of points; else its sentences that resolve or require something, one a block."""
    own = [candidate for candidate in candidates if candidate.place.source_id in question.scope]
    for candidate in own:
        if len(points := _list_around(candidate, reader)) >= _WHOLE_IN_POINTS:
            return points
    acting = [candidate for candidate in own if _ACTS.search(fold(candidate.text))] or own
    first: dict[str, Candidate] = {}
    for candidate in acting:
        block = candidate.place.block  # blocks in order of their best sentence, each told by its opening one
        first[block] = min(first.get(block, candidate), candidate, key=lambda known: known.start)
    return sorted(list(first.values())[:_MOST_POINTS], key=lambda candidate: candidate.start)


def _with_points(chosen: Sequence[Candidate], question: Question) -> list[Candidate]:
    """A sentence that ends in a colon says nothing without its points: bare names all, else the few there are."""
    complete: list[Candidate] = []
    for candidate in chosen:
        complete.append(candidate)
        if candidate.text.endswith((":", "：")) and candidate.unit.end == candidate.end:
            at = candidate.unit.locator
            points = [_whole_unit(candidate, unit) for unit in points_below(candidate.edition, at)]
            named = [point for point in points if fold(point.text) in question.folded]
            taken = {other.start for other in chosen}
            complete += [point for point in named or points if point.start not in taken][:_MOST_ITEMS]
    return complete


def _list(question: Question, candidates: Sequence[Candidate], reader: Reader) -> list[Candidate]:
    """All members of the list that one of the best sentences introduces or belongs to, or nothing."""
    named = [found for found in candidates if found.edition.source_id in question.scope] or candidates
    if counted := _list_of(asked_number(question.folded), named, reader):
        return counted
    sought = set(terms_of_folded(focus(question.folded)))
    for head in candidates[:3]:
        if head.score < _LIST_CLOSE * candidates[0].score or (
            sought & candidates[0].covers and not sought & head.covers
        ):
            break
        members = _list_around(head, reader)
        if len(members) > 1:
            return members[:_MOST_ITEMS]
    return []


def _list_of(number: int, candidates: Sequence[Candidate], reader: Reader) -> list[Candidate]:
    """The first list around the best sentences that has as many members as the question says."""
    if number < _FEWEST_COUNTED:
        return []
    for head in candidates[:_COUNTED_AMONG]:
        members = _list_around(head, reader)
        if len(members) == number:
            return members
    return []


def _list_around(head: Candidate, reader: Reader) -> list[Candidate]:
    """Points below the unit of `head`; or, where it is a point, those beside it; or the paragraphs it counts with."""
    edition, at = head.edition, head.unit.locator
    if below := points_below(edition, at):
        return [_whole_unit(head, unit) for unit in below]
    above = parent(at)
    if above and edition.unit(above) is not None:
        return [_whole_unit(head, unit) for unit in points_below(edition, above)]
    counted = _counted_paragraphs(reader.passage_index.editions_of(edition.source_id), at)
    units = [unit for locator in counted if (unit := edition.unit(locator)) is not None]
    return [_first_sentence(head, unit) for unit in units]


def _counted_paragraphs(editions: Sequence[Edition], at: str) -> list[str]:
    """Locators of neighbouring paragraphs that begin First, Second, … when `at` is one of them or just before."""
    for edition in editions:
        units = [unit for unit in edition.units if unit.kind is UnitKind.TEXT]
        counted = [n for n, unit in enumerate(units) if _ORDINAL.match(edition.body_of(unit))]
        runs = [n for n in counted if n + 1 in counted or n - 1 in counted]
        position = next((n for n, unit in enumerate(units) if unit.locator == at), None)
        if position is not None and runs and runs[0] - 1 <= position <= runs[-1]:
            return [units[n].locator for n in runs]
    return []


def _first_sentence(head: Candidate, unit: Unit) -> Candidate:
    start, end = unit_sentences(head.edition, unit)[0]
    return replace(head, unit=unit, start=start, end=end, text=head.edition.text[start:end])


def _whole_unit(head: Candidate, unit: Unit) -> Candidate:
    return replace(head, unit=unit, start=unit.body, end=unit.end, text=head.edition.text[unit.body : unit.end])


def asks_for_place_itself(question: Question) -> bool:
    """Whether a question names a place and little else: “第十四条说了什么”."""
    rest = question.folded
    for mention in question.mentions:
        rest = rest.replace(mention.alias, " ")
    return sum(map(str.isalnum, rest)) <= (20 if question.language == "zh" else 48)


def _asked_text(question: Question, retrieval: Retrieval, reader: Reader) -> list[Candidate]:
    """The sentences of the place that the question names, in order; of the best-scored source that has it."""
    asked = set(asked_places(question, reader.passage_index))
    for place in retrieval.places:
        for source_id, locator in asked:
            if source_id == place.source_id and (is_within(place.block, locator) or is_within(locator, place.block)):
                return _sentences_at(locator, place, question, reader)
    return []


def _asked_in_several(question: Question, reader: Reader) -> tuple[Candidate, ...]:
    """Where several sources have the place and the question names none: its first sentence in each."""
    if not question.locators or not asks_for_place_itself(question) or question.scope or question.leaning:
        return ()
    asked = asked_places(question, reader.passage_index)
    found = [_sentences_at(locator, Place(source, locator, 1.0, ()), question, reader)[:1] for source, locator in asked]
    rows = [row for sentences in found for row in sentences]
    own = question.language == "zh"  # laws of the reader's own language first: there 第14条 is said so
    rows.sort(key=lambda row: (row.edition.kind is SourceKind.LAW) is not own)
    return tuple(rows[:_MOST_SIDES])


def _sentences_at(locator: str, place: Place, question: Question, reader: Reader) -> list[Candidate]:
    """The sentences of a source at a locator, in the edition that is read there."""
    for edition in reader.reading_editions(place, question.language):
        units = edition.units_within(locator) or edition.units_within(parent(locator))
        return [
            Candidate(edition, unit, start, end, edition.text[start:end], place, place.score, 1.0, 1.0, 0.0)
            for unit in units
            if unit.kind is UnitKind.TEXT
            for start, end in unit_sentences(edition, unit)
        ][:_MOST_ASKED]
    return []


def asks_twice(question: Question) -> bool:
    """Whether a question asks more than one thing, so that sources named in it may each be asked about."""
    asking = question.folded[len(stated_before_asking(question.folded)) :]
    return len(_ASKS.findall(asking)) > 1 and len(question.sides) > 1


def _comparison(question: Question, sides: Sequence[frozenset[str]], reader: Reader) -> Draft:
    """One row a side: the best sentence of each source, or group of sources, on what is compared."""
    theme = replace(question, kind=kind_of(question.folded, besides=AnswerKind.COMPARE))
    used = [candidate for side in sides for candidate in reader.read_within(theme, side)[:1]]
    claims = [
        claim_of(
            candidate,
            reader.passage_index,
            question.language,
            heading=source_name(candidate.edition, question.language, reader),
        )
        for candidate in used
    ]
    return Draft(tuple(claims), tuple(used))
