"""Planting errors: a true sentence → the same with one thing wrong, as a careless or lying writer would have it.

Every planter returns None where the sentence offers nothing to alter. All choices come from the random generator
that is passed in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from rag.knowledge import Knowledge
from rag.named import known_names
from sources.numerals import CHINESE_NUMERAL, MONTHS
from sources.terms import Term

_MONTH_NAMES = [month.capitalize() for month in MONTHS]
_ENGLISH_DATE = re.compile(
    rf"\b\d{{1,2}}(?= (?:{'|'.join(_MONTH_NAMES)})\b)|(?<=\d )(?:{'|'.join(_MONTH_NAMES)})\b|\b(?:19|20)\d\d\b"
)
_CHINESE_DATE = re.compile(r"\d+(?=[年月日])")
_NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty".split()
_ENGLISH_NUMBER = re.compile(rf"\b\d+(?:\.\d+)?\b|\b(?:{'|'.join(_NUMBER_WORDS)})\b", re.IGNORECASE)
_CHINESE_NUMBER = re.compile(
    rf"\d+(?:\.\d+)?|(?<![一-鿿])(?!一)[二两三四五六七八九十]+(?=[个条款项名位国家种类份天月日])|"
    rf"(?!一){CHINESE_NUMERAL}(?=(?:个|条|款|项|名|国|种|类|份|天))"
)
_CHINESE_DIGITS = "二三四五六七八九十"
_INSERTIONS = {
    "en": [
        (r"\b(must|shall|should|may|is|are|was|were|has|have|can|will|do|does)\b(?! not\b)", r"\1 not"),
        (r"\b(calls for|supports|encourages|requires|affirms|covers|includes|applies to)\b", r"does not \1"),
    ],
    "zh": [
        (r"必须|应当", "不得"),
        (r"可以", "不可以"),
        (r"(?<!不)(要求|鼓励|支持|包括|适用|规定|承认|属于|允许|承诺|重视)", r"不\1"),
    ],
}
_REMOVALS = {
    "en": [
        (r"\b(must|shall|should|may|is|are|was|were|has|have|can|will|do|does) not\b", r"\1"),
        (r"\bcannot\b", "can"),
        (r"\b(prohibit|ban|forbid)(s|ned|ted|den)?\b", r"allow"),
        (r"\bwithout\b", "with"),
    ],
    "zh": [
        (r"不得|不应|禁止|不可以|不能", "可以"),
        (r"没有", "有"),
        (r"不(?=适用|要求|包括|属于|是|会|影响|构成|妨碍|需要)", ""),
    ],
}
_SYNONYMS = {
    "en": [(r"\bmust\b(?! not)", "has to"), (r"\bUnder the\b", "According to the"), (r"\bin order to\b", "to")],
    "zh": [("应当", "必须"), ("必须", "应当"), ("须(?!知)", "应当"), ("等等", "等"), ("按照", "根据")],
}
_ADVERBS = {
    "en": r"\b(?:also|especially|particularly|further|in particular|above all|fully|effectively|actively|jointly|"
    r"clearly|promptly|appropriately|as appropriate|where appropriate|continuously|widely) ",
    "zh": r"积极|进一步|有效|充分|尤其|特别|同时|切实|及时|广泛|共同|逐步|还|也",
}


def altered_number(sentence: str, language: str, random: Random) -> str | None:
    """One number, in figures or in words, made another."""
    pattern = _CHINESE_NUMBER if language == "zh" else _ENGLISH_NUMBER
    matches = list(pattern.finditer(sentence))
    if not matches:
        return None
    match = random.choice(matches)
    return _replaced(sentence, match, _other_number(match.group(), random))


def _other_number(number: str, random: Random) -> str:
    if number[0].isdigit():
        whole = number.partition(".")[0]
        value = int(whole)
        other = value + random.choice([-2, -1, 1, 2, 3, 10, 20])
        return number.replace(whole, str(other if other > 0 else value + 5), 1)
    if number.isascii():
        other_word = random.choice([word for word in _NUMBER_WORDS if word != number.lower()])
        return other_word.capitalize() if number[0].isupper() else other_word
    return random.choice([digit for digit in _CHINESE_DIGITS if digit not in (number, {"两": "二"}.get(number))])


def altered_date(sentence: str, language: str, random: Random) -> str | None:
    """The day, month or year of one date made another."""
    matches = list((_CHINESE_DATE if language == "zh" else _ENGLISH_DATE).finditer(sentence))
    if not matches:
        return None
    match = random.choice(matches)
    part = match.group()
    if part.isalpha():
        return _replaced(sentence, match, random.choice([month for month in _MONTH_NAMES if month != part]))
    span = range(int(part) - 3, int(part) + 4) if len(part) == 4 else range(1, 13)
    return _replaced(sentence, match, str(random.choice([number for number in span if number != int(part)])))


def altered_name(
    sentence: str, language: str, knowledge: Knowledge, terms: Sequence[Term], random: Random
) -> str | None:
    """One name of the term sheet made another of its kind."""
    mentions = [mention for mention in known_names(sentence, knowledge) if mention.term]
    random.shuffle(mentions)
    for mention in mentions:
        match = re.search(rf"(?<![A-Za-z]){re.escape(mention.alias)}(?![A-Za-z])", sentence, re.IGNORECASE)
        assert mention.term is not None
        others = [term for term in terms if term.kind == mention.term.kind and term.id != mention.term.id]
        if match and others:
            return _replaced(sentence, match, random.choice(others).names(language)[0])
    return None


def inserted_denial(sentence: str, language: str, random: Random) -> str | None:
    """A “not” where there was none, or a duty made a ban."""
    return _substituted(sentence, _INSERTIONS[language], random)


def removed_denial(sentence: str, language: str, random: Random) -> str | None:
    """A denial taken out, or a ban made a permission."""
    return _substituted(sentence, _REMOVALS[language], random)


def _substituted(sentence: str, rules: Sequence[tuple[str, str]], random: Random) -> str | None:
    found = [(match, new) for pattern, new in rules for match in re.finditer(pattern, sentence)]
    if not found:
        return None
    match, new = random.choice(found)
    return _replaced(sentence, match, match.expand(new))


def merged(first: str, second: str, language: str) -> str | None:
    """A frankenquote: the first half of one sentence and the second half of another."""
    head, tail = _half(first, language, 0), _half(second, language, 1)
    if not head or not tail:
        return None
    return head + ("" if language == "zh" else " ") + tail


def _half(sentence: str, language: str, which: int) -> str:
    """One half, cut at the comma nearest to the middle, or at the middle word or character."""
    commas = [match.end() for match in re.finditer(r"[，；]|[,;](?= )", sentence)]
    near = [at for at in commas if len(sentence) / 3 <= at <= len(sentence) * 2 / 3]
    middle = min(near, key=lambda at: abs(at - len(sentence) / 2)) if near else _middle(sentence, language)
    return (sentence[:middle] if which == 0 else sentence[middle:]).strip()


def _middle(sentence: str, language: str) -> int:
    middle = len(sentence) // 2
    return middle if language == "zh" else sentence.find(" ", middle) if " " in sentence[middle:] else 0


def reworded(sentence: str, language: str, random: Random) -> str | None:
    """The same said a little otherwise: an adverb dropped, a grammar word changed, or the last clause put first.

    None where nothing of that fits.
    """
    options = []
    for pattern, new in _SYNONYMS[language]:
        options += [text for text in [re.sub(pattern, new, sentence, count=1)] if text != sentence]
    without = re.sub(_ADVERBS[language], "", sentence, count=1)
    if without != sentence and len(without) > 8:
        options.append(without[0].upper() + without[1:])
    moved = _last_clause_first(sentence, language)
    if moved:
        options.append(moved)
    return random.choice(options) if options else None


def shortened(sentence: str, language: str) -> str | None:
    """The same without its last clause, where that is no more than half of it; None where there is none to drop."""
    comma, stop = ("，", "。") if language == "zh" else (", ", ".")
    if re.search(r"[“”\"()（）:：、;；]", sentence):
        return None
    kept = comma.join(sentence.split(comma)[:-1])
    return kept + stop if len(kept) * 2 > len(sentence) else None


def _last_clause_first(sentence: str, language: str) -> str | None:
    comma, stop = ("，", "。") if language == "zh" else (", ", ".")
    body = sentence.rstrip("。.")
    if re.search(r"[“”\"()（）:：、;；]", sentence):
        return None
    clauses = body.split(comma)
    if len(clauses) not in (2, 3) or any(len(clause) < (6 if language == "zh" else 18) for clause in clauses):
        return None
    turned = comma.join([clauses[-1], *clauses[:-1]])
    return turned[0].upper() + turned[1:] + stop


def _replaced(sentence: str, match: re.Match[str], new: str) -> str:
    return sentence[: match.start()] + new + sentence[match.end() :]
