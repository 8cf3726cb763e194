"""Metamorphic variants: the same question written otherwise must get the same answer.

Made by rule, never by hand, from cases that the split already has: traditional characters, full-width forms, a slip of
the keyboard, and shouting in capitals. They are counted apart and never added to n.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import opencc

from eval.answer import Record
from eval.case import Case, Expectation
from eval.matcher import matched_ids

MARK = "#variant-"
_PER_KIND = 10
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}


@lru_cache(maxsize=1)
def _traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def traditional(question: str, case_id: str) -> str:
    """In traditional characters."""
    return str(_traditional().convert(question))


def full_width(question: str, case_id: str) -> str:
    """With letters, digits and punctuation in full width."""
    return question.translate(_FULL_WIDTH)


def slip(question: str, case_id: str) -> str:
    """With two neighbouring letters in the middle of one long word swapped."""
    words = question.split(" ")
    long = [
        i for i, word in enumerate(words) if word.isascii() and word.isalpha() and word.islower() and len(word) >= 7
    ]
    if not long:
        return question
    chosen = random.Random(case_id).choice(long)  # noqa: S311 - a seeded draw, nothing secret
    middle = len(words[chosen]) // 2
    word = words[chosen]
    words[chosen] = word[:middle] + word[middle + 1] + word[middle] + word[middle + 2 :]
    return " ".join(words)


def capitals(question: str, case_id: str) -> str:
    """All in capitals."""
    return question.upper()


_KINDS: tuple[tuple[str, str, Callable[[str, str], str]], ...] = (
    ("traditional", "zh", traditional),
    ("full-width", "zh", full_width),
    ("slip", "en", slip),
    ("capitals", "en", capitals),
)


def variants_of(cases: Sequence[Case]) -> list[Case]:
    """Up to ten variants of each kind, of answerable cases without a conversation; unchanged ones are left out."""
    made: list[Case] = []
    for kind, language, change in _KINDS:
        eligible = [c for c in cases if c.lang == language and c.expect is Expectation.ANSWER and not c.history]
        changed = [(case, change(case.question, case.id)) for case in eligible]
        fresh = [
            case.model_copy(update={"id": f"{case.id}{MARK}{kind}", "question": question, "pair_id": None})
            for case, question in changed
            if question != case.question
        ]
        made += fresh[:_PER_KIND]
    return made


def agreement(cases: Sequence[Case], records: Mapping[str, Record]) -> dict[str, object]:
    """Share of the variants whose answer says the same nuggets as that to the question itself, and which do not."""
    by_id = {case.id: case for case in cases}
    changed: list[str] = []
    asked = [name for name in records if MARK in name and name.split(MARK)[0] in by_id]
    for name in asked:
        case = by_id[name.split(MARK)[0]]
        own, other = (str(records.get(key, {}).get("answer", "")) for key in (case.id, name))
        if matched_ids(tuple(case.nuggets), own) != matched_ids(tuple(case.nuggets), other):
            changed.append(name)
    return {"n": len(asked), "value": 1 - len(changed) / len(asked) if asked else None, "changed": changed}
