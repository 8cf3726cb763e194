"""Text → search terms, for Chinese, English and both mixed.

`fold` makes the search key: width, case, traditional→simplified, superscripts, Chinese numerals of articles
and years. `terms` cuts it: Chinese runs into characters and overlapping pairs (no dictionary needed; on
CMRC-2018 this beats jieba's words), Latin runs into stemmed words. Quotes are never folded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import opencc
import Stemmer

from sources.numerals import CHINESE_NUMERAL, chinese_to_int

ANALYSER_VERSION = "bigram-3"
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_ORDINAL = re.compile(rf"第({CHINESE_NUMERAL})(?=[条章节款项])")
_COUNT = re.compile(rf"({CHINESE_NUMERAL})(?=[个项条名位国家年月日天大份种类])")
_THOUSANDS = re.compile(r"(?<=\d)[, \u00a0\u202f](?=\d{3}(?!\d))")
_TOKEN = re.compile(r"[\u3400-\u9fff]+|[a-zà-ÿ]+(?:['’][a-z]+)?|\d+(?:[.^/]\d+)*%?")
# Words that carry no topic; kept short because BM25 already discounts common terms.
STOP_WORDS = frozenset(
    "a an and are as at be by for from has have in is it its of on or that the their this to was were which with "
    "what who how does do did will would shall may can about s".split()
)
STOP_CHARACTERS = frozenset("的了吗呢吧么是")


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


def _arabic(match: re.Match[str]) -> str:
    numeral = match[1]
    try:
        value = chinese_to_int(numeral)
    except KeyError:
        return match.group()
    return match.group().replace(numeral, str(value), 1)


def fold(text: str) -> str:
    """The search key of `text`; its length may differ, so never take offsets from it."""
    if text.isascii():
        return _THOUSANDS.sub("", text.lower())
    text = _SUPERSCRIPT.sub(lambda match: "^" + unicodedata.normalize("NFKC", match.group()), text)
    text = _converter().convert(unicodedata.normalize("NFKC", text)).lower()
    text = _THOUSANDS.sub("", text)
    text = _ORDINAL.sub(_arabic, text)
    return _COUNT.sub(_arabic, text)


def stems(words: Sequence[str]) -> list[str]:
    """English stems of lower-case words, in order."""
    return list(_stemmer().stemWords(words))


def terms(text: str) -> list[str]:
    """Search terms of `text` in order, repeats kept."""
    return terms_of_folded(fold(text))


def terms_of_folded(folded: str) -> list[str]:
    """Search terms of a text that was folded before."""
    found: list[str] = []
    words: list[str] = []
    for token in _TOKEN.findall(folded):
        if "\u3400" <= token[0] <= "\u9fff":
            found += [character for character in token if character not in STOP_CHARACTERS]
            found += [token[position : position + 2] for position in range(len(token) - 1)]
        elif token[0].isdigit():
            found.append(token)
        elif token not in STOP_WORDS:
            words.append(token)
    return found + stems(words)
