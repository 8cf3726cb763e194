"""Names: those that a sentence uses and its source does not.

Known names come from the term sheet and the titles of the sources, so that 欧盟, EU and European Union are one name.
Unknown ones are recognised by their capitals in English, and as any Latin word in Chinese.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.analyser import fold, terms
from rag.knowledge import Knowledge
from rag.mention import Mention
from sources.numerals import MONTHS

_SHORT = 4  # letters of an abbreviation that may also be a word
_CAPITALISED = re.compile(r"(?<![.!?:;\"“‘(] )(?<!^)\b[A-Z][\w’'-]*\w")
_LATIN = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ0-9’'-]*[A-Za-zÀ-ÿ0-9]")
# Capitalised in running text without naming anybody.
_COMMON = frozenset(
    "i ai article articles section sections annex annexes chapter paragraph recital point title "
    "monday tuesday wednesday thursday friday saturday sunday".split()
) | frozenset(MONTHS)


def foreign_names(sentence: str, held: str, knowledge: Knowledge, source_id: str = "") -> list[str]:
    """Names in `sentence` that neither the text `held` nor the source itself bears, as they are written there."""
    folded = _folded(held)
    known = known_names(sentence, knowledge)
    foreign = [mention.alias for mention in known if not _is_held(mention, held, source_id)]
    covered = " ".join(mention.alias for mention in known)
    held_terms = frozenset(terms(held))
    pattern = _LATIN if re.search(r"[\u4e00-\u9fff]", sentence) else _CAPITALISED
    for word in pattern.findall(sentence):
        small = fold(word)
        if small in _COMMON or small in covered or small in folded or held_terms.issuperset(terms(small)):
            continue
        foreign.append(word)
    return foreign


def known_names(sentence: str, knowledge: Knowledge) -> list[Mention]:
    """Names of the term sheet and of sources that a sentence uses."""
    return [
        mention for mention in knowledge.mentions(sentence) if mention.is_name and _is_meant(mention.alias, sentence)
    ]


def _is_meant(alias: str, text: str) -> bool:
    """Whether a short abbreviation stands there in capitals: MOST is a ministry, “most” is not."""
    if len(alias) > _SHORT or not alias.isascii() or not alias.isalpha():
        return True
    return bool(re.search(rf"(?<![A-Za-z0-9])(?:{alias.upper()}|{alias.title()})(?![A-Za-z0-9]{{2}})", text))


def without_numbered_names(text: str, knowledge: Knowledge) -> str:
    """The text folded, without names that hold a number: the 14110 of a title is no figure of the sentence."""
    rest = _folded(text)
    for mention in known_names(text, knowledge):
        if any(map(str.isdigit, mention.alias)):
            rest = rest.replace(mention.alias, " ")
    return rest


def _is_held(mention: Mention, held: str, source_id: str) -> bool:
    if mention.source_id and mention.source_id == source_id:
        return True
    return any(_stands_in(form, held) for form in mention.forms)


def _stands_in(alias: str, held: str) -> bool:
    """Whether a folded name stands in a text, not inside a Latin word; short ones in capitals, so that US is not us."""
    folded = _folded(held)
    if alias not in folded:
        return False
    if not (alias[0].isascii() and alias[0].isalnum()):
        return True
    end = r"(?:s|'s|’s)?(?![a-z0-9])" if alias[-1].isalnum() else ""
    if not _is_meant(alias, held):
        return False
    return bool(re.search(rf"(?<![a-z0-9]){re.escape(alias)}{end}", folded))


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return fold(text)
