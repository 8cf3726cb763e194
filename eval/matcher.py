"""Whether a text says a nugget: an alias is found as a substring of the normalised text, under four conditions.

1. Digits at an alias's ends stand against no other digit, and numbers within it are the same numbers.
2. A bare number whose `value` names a unit has that unit within four characters (in either language).
3. A Latin alias of at most three letters is a whole word ("AI" is not found in "said").
4. No negation stands within four Chinese characters or three English words before it in the same sentence,
   unless the alias itself holds one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from eval.case import Forbidden, Nugget
from eval.normalise import Normal, normalise, truncate

LONGEST_ANSWER = 600.0  # width units; what follows is not read
_UNIT_DISTANCE = 4
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# 不断, 不仅, 未来 … hold the character but deny nothing; a limit (不超过二米, not exceeding 2 m) states its number.
_CHINESE_NEGATION = re.compile(r"不(?!得?[断仅但同少久只止光单超低高大小多晚早迟])|没有|并非|未(?!来|成年)")
_ENGLISH_NEGATION = re.compile(r"\bnot\b(?! (?:only|exceed|more|less|fewer|later|earlier|merely|just))")
_UNITS = (
    {"%", "percent", "per cent", "百分比"},
    {"item", "items", "项", "条", "个", "点", "points", "point", "proposals", "objectives", "goals", "大"},
    {"person", "persons", "people", "delegates", "人", "名", "位"},
    {"country", "countries", "states", "nations", "parties", "国", "个国家", "国家", "方"},
    {"company", "companies", "firms", "家", "organisations", "organizations"},
    {"day", "days", "天", "日"},
    {"month", "months", "月", "个月"},
    {"year", "years", "年", "岁"},
    {"hour", "hours", "小时", "时"},
    {"article", "articles", "条"},
    {"times", "次", "倍"},
    {"million", "百万"},
    {"euro", "euros", "eur", "欧元"},
    {"dollar", "dollars", "usd", "美元"},
)


def find(alias: str, text: Normal) -> Iterator[tuple[int, int]]:
    """Spans in `text.spaced` where the alias stands, number and word boundaries kept."""
    wanted = normalise(alias)
    if not wanted.compact:
        return
    numbers = _NUMBER.findall(wanted.spaced)
    position = text.compact.find(wanted.compact)
    while position >= 0:
        start = text.positions[position]
        end = text.positions[position + len(wanted.compact) - 1] + 1
        if _whole(wanted.compact, text.spaced, start, end) and _NUMBER.findall(text.spaced[start:end]) == numbers:
            yield start, end
        position = text.compact.find(wanted.compact, position + 1)


def _whole(alias: str, spaced: str, start: int, end: int) -> bool:
    """Conditions 1 and 3 at the two ends of a match."""
    before = spaced[start - 1 : start]
    after = spaced[end : end + 1]
    if alias[0].isdigit() and (before.isdigit() or (before == "." and spaced[start - 2 : start - 1].isdigit())):
        return False
    if alias[-1].isdigit() and (after.isdigit() or (after == "." and spaced[end + 1 : end + 2].isdigit())):
        return False
    if alias.isascii() and alias.isalpha() and len(alias) <= 3:
        return not (_latin(before) or _latin(after))
    return True


def _latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def holds_negation(text: str) -> bool:
    """Whether a text denies something in either language."""
    spaced = normalise(text).spaced
    return bool(_CHINESE_NEGATION.search(spaced) or _ENGLISH_NEGATION.search(spaced))


def negated(text: Normal, start: int) -> bool:
    """Condition 4: a negation shortly before `start`, in the same sentence."""
    before = text.spaced[max(0, start - 80) : start].rpartition("\n")[2]
    tail = re.sub(r"\s", "", before)[-4:] + text.spaced[start : start + 1]
    if _CHINESE_NEGATION.search(tail) and not re.search(r"[a-z]", tail[:-1]):
        return True
    return bool(_ENGLISH_NEGATION.search(" ".join(before.split()[-3:])))


def says(alias: str, text: Normal) -> bool:
    """Whether the text states the alias, somewhere without denying it."""
    exempt = holds_negation(alias)
    return any(exempt or not negated(text, start) for start, _ in find(alias, text))


@lru_cache(maxsize=1024)
def unit_words(unit: str) -> tuple[str, ...]:
    """A unit in all its known wordings, normalised; "|" separates alternatives."""
    words = {word.strip() for word in unit.split("|") if word.strip()}
    for known in _UNITS:
        if known & {word.lower() for word in words}:
            words |= known
    return tuple(sorted({normalise(word).compact for word in words} - {""}))


def _bare(alias: str) -> bool:
    return not re.search(r"[^\d.]", normalise(alias).compact)


def _has_unit(text: Normal, start: int, end: int, unit: str) -> bool:
    """Whether the unit stands near, with no other number between."""
    near_after = re.split(r"\d", re.sub(r"\s", "", text.spaced[end : end + 24]), maxsplit=1)[0]
    near_before = re.split(r"\d", re.sub(r"\s", "", text.spaced[max(0, start - 24) : start]))[-1]
    for word in unit_words(unit):
        after, before = near_after.find(word), near_before.rfind(word)
        if 0 <= after <= _UNIT_DISTANCE or (before >= 0 and len(near_before) - before - len(word) <= _UNIT_DISTANCE):
            return True
    return False


def nugget_unit(nugget: Nugget) -> str:
    """The unit that a bare number needs, "" where none, alternatives joined by "|"."""
    unit = nugget.value.unit if nugget.value else None
    if isinstance(unit, dict):
        return "|".join(word for words in unit.values() for word in words)
    return unit or ""


def matches(nugget: Nugget, answer: str) -> bool:
    """Whether an answer, cut at 600 width units, says the nugget."""
    text = normalise(truncate(answer, LONGEST_ANSWER))
    unit = nugget_unit(nugget)
    for alias in nugget.wordings:
        if unit and _bare(alias):
            if any(_has_unit(text, start, end, unit) and not negated(text, start) for start, end in find(alias, text)):
                return True
        elif says(alias, text):
            return True
    return False


def matched_ids(nuggets: tuple[Nugget, ...], answer: str) -> tuple[str, ...]:
    """Ids of the nuggets that an answer says."""
    return tuple(nugget.id for nugget in nuggets if matches(nugget, answer))


def hits_forbidden(forbidden: Forbidden, answer: str) -> bool:
    """Whether an answer, read whole, states something that it must not."""
    text = normalise(answer)
    return any(says(alias, text) for alias in forbidden.wordings)
