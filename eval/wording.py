"""Secondary measures of an answer's words: numbers, language, and similarity to the reference.

Similarity to a reference (chrF by sacrebleu, character ROUGE-L by rouge-score) is a weak proxy — r ≈ 0.43 with
people in RAGChecker's study — and is reported, never gated.
"""

from __future__ import annotations

import re
from functools import lru_cache

from eval.normalise import normalise
from sources.numerals import MONTHS, ZERO_TO_TWENTY

_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_COUNTED = re.compile(r"\s?(?:%|[年月日号项条章款个名人位家国天次倍岁点届期]|[a-z])")
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|『[^』]*』|\"[^\"]*\"|《[^》]*》")
_TITLE = re.compile(r"《([^》]+)》")
SUPPORTED = 0.8
_TOKEN = re.compile(r"[\u3400-\u9fff]|[a-z0-9.%]+")

_WORDS = {word: value for words in (MONTHS, ZERO_TO_TWENTY[1:13]) for value, word in enumerate(words, 1)}


def numbers(text: str) -> frozenset[str]:
    """Normalised numbers of a text; a lone digit counts only before a unit or a word (一致 holds no number)."""
    spaced = normalise(text).spaced
    found = set()
    for match in _NUMBER.finditer(spaced):
        if len(match.group()) > 1 or _COUNTED.match(spaced, match.end()):
            found.add(match.group())
    return frozenset(found)


def number_values(answer: str, gold: str, cited: str, question: str) -> dict[str, float]:
    """Recall and support of numbers.

    NumRecall = |N(gold) ∩ N(answer)| / |N(gold)|;
    UnsupportedNumberRate = |N(answer) ∖ N(cited text) ∖ N(question)| / |N(answer)|.
    """
    stated, wanted = numbers(answer), numbers(gold)
    values: dict[str, float] = {}
    if wanted:
        values["number_recall"] = len(wanted & stated) / len(wanted)
    if stated:
        values["unsupported_numbers"] = len(stated - supported_numbers(f"{cited}\n{question}")) / len(stated)
    return values


def supported_numbers(text: str) -> frozenset[str]:
    """Every number that a text holds, also inside a date or a label, and English months and small numbers in words."""
    spaced = normalise(text).spaced
    words = {str(_WORDS[word]) for word in re.findall(r"[a-z]+", spaced) if word in _WORDS}
    return frozenset(words | set(_NUMBER.findall(spaced)))


def name_values(answer: str, cited: str, question: str) -> dict[str, float]:
    """UnsupportedNameRate: titles in 《》 that neither cited text nor question hold, over all titles of the answer."""
    stated = {normalise(name).compact for name in _TITLE.findall(answer)}
    held = normalise(f"{cited}\n{question}").compact
    return {"unsupported_names": sum(name not in held for name in stated) / len(stated)} if stated else {}


def lexical_support(claim: str, span: str) -> bool:
    """Whether at least 0.8 of a claim's characters and words stand in the span in order, and all of its numbers."""
    wanted, given = normalise(claim).compact, normalise(span).compact
    # 一 is a word more often than a number.
    counted = set(_NUMBER.findall(normalise(claim).spaced)) - {"1"}
    if not wanted or not counted <= supported_numbers(span):
        return False
    if wanted in given:
        return True
    scored = _rouge().score(claim, span)["rougeL"]  # type: ignore[attr-defined]
    return float(scored.recall) >= SUPPORTED


def language_of_answer(answer: str) -> str:
    """Chinese ("zh") where at least half of the letters outside quotation marks are, else "en"; "" without letters."""
    letters = [c for c in _QUOTED.sub("", answer) if c.isalpha()] or [c for c in answer if c.isalpha()]
    chinese = sum("\u3400" <= c <= "\u9fff" for c in letters)
    if not letters:
        return ""
    return "zh" if chinese * 2 >= len(letters) else "en"


def tokens(text: str) -> list[str]:
    """Chinese characters and Latin words of the normalised text."""
    return _TOKEN.findall(normalise(text).spaced)


class CharacterTokenizer:
    """What rouge-score needs: its own tokenizer keeps a–z and 0–9 only, so Chinese would score 0."""

    def tokenize(self, text: str) -> list[str]:
        """Chinese characters and Latin words."""
        return tokens(text)


@lru_cache(maxsize=1)
def _rouge() -> object:
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer(["rougeL"], tokenizer=CharacterTokenizer())


def token_f1(answer: str, reference: str) -> float:
    """SQuAD's F1 over mixed Chinese-character and Latin-word tokens."""
    given, wanted = tokens(answer), tokens(reference)
    shared = sum(min(given.count(token), wanted.count(token)) for token in set(given))
    return 2 * shared / (len(given) + len(wanted)) if shared else 0.0


def three_gram_recall(answer: str, reference: str) -> float:
    """Share of the reference's character 3-grams that the answer holds (Chirkova 2024)."""
    given, wanted = (normalise(text).compact for text in (answer, reference))
    grams = {wanted[i : i + 3] for i in range(len(wanted) - 2)}
    return sum(gram in given for gram in grams) / len(grams) if grams else 0.0


def similarity_values(answer: str, reference: str) -> dict[str, float]:
    """chrF, character ROUGE-L, token F1 and 3-gram recall against the reference, each in [0, 1]."""
    if not reference:
        return {}
    from sacrebleu.metrics.chrf import CHRF

    scorer = _rouge()
    rouge = scorer.score(reference, answer)["rougeL"].fmeasure  # type: ignore[attr-defined]
    return {
        "chrf": CHRF().sentence_score(answer, [reference]).score / 100,
        "rouge_l": float(rouge),
        "token_f1": token_f1(answer, reference),
        "char3_recall": three_gram_recall(answer, reference),
    }
