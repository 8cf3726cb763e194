"""Places that a question names directly: “第十四条第二款”, “Art. 5(1)(a)”, “Sec. 4.2(b)”, “recital 12”, “Annex III”."""

from __future__ import annotations

import re

from sources.numerals import chinese_to_int

# All patterns run on folded text: lower case, half width, 第14条.
_CHINESE = re.compile(r"第(\d+)条(?:第?(\d+)款)?(?:第?\(?(\d+|[一二三四五六七八九十])\)?项)?")
_ENGLISH = re.compile(r"\bart(?:icle|\.)?\s*(\d+)((?:\s*\(\w{1,4}\))*)")
_ENGLISH_TAIL = re.compile(r"(?:paragraph|para\.?)\s*(\d+)")
_SECTION = re.compile(r"\b(?:sec(?:tion|\.)?|第)\s*(\d+(?:\.\d+)?)((?:\s*\(\w{1,4}\))*)(?=\W|节|$)")
_RECITAL = re.compile(r"\brecital\s*(\d+)|(?:序言|鉴于)第?\s*(\d+)\s*[条款段]?")
_ANNEX = re.compile(r"\bannex(?:es)?\s*([ivx]+)\b|附件\s*([ivx]+|\d+|[一二三四五六七八九十]+)")
_ITEM = re.compile(r"\b(?:item|principle|proposal|commitment|paragraph)\s*(\d+)\b|第(\d+)(?:项|段)")
# The text that a place is said to be of: 刑法第10条, “Article 10 of the Constitution”, “the GDPR's Article 10”.
_FORM = r"(?:法典?|条例|办法|规定|令|公约|宪章|准则|规则|细则|章程|协[定议])"
_NAMED = (
    re.compile(rf"(?:请问|根据|按照|依据|依照)?([\u4e00-\u9fff]{{2,4}}){_FORM}[》”]?的?第\d+条"),
    re.compile(r"([\u4e00-\u9fff]法)典?[》”]?的?第\d+条"),
    re.compile(r"(?<![a-z])([a-z][\w.-]+)[》”]?的?第\d+条"),
    re.compile(r"\b(?:article|art\.?|section|sec\.?|recital|annex) *[\divx]+(?: ?\(\w{1,4}\))* of (?:the )?([\w.-]+)"),
    re.compile(r"\b([\w.-]+)(?:['’]s)? (?:article|art\.|recital|annex) *[\divx]+"),
)
_NO_NAME = re.compile(
    r"[这那该本此其]|国内|我国|上述|前述|有关|相关|^[部份个]|[部份个条的]$|^(?:what|which|does|do|did|is|are|in|under|per|of|and|or|to|by|see|with|from|that|this|these|"
    r"it|chapter|section|annex|part|title|law|act|text|order|document|regulation|rules?|say|says|about)$"
)
_BRACKETED = re.compile(r"\((\w{1,4})\)")
_ROMANS = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII")


def asked_locators(folded: str, *, in_a_source: bool = False) -> tuple[str, ...]:
    """Locators named in a folded question, in order, without repeats; items only where a source is named too."""
    found: list[str] = []
    for match in _CHINESE.finditer(folded):
        article, paragraph, item = match.groups()
        if item and not item.isdigit():
            item = str(chinese_to_int(item))
        found.append(".".join(filter(None, [f"art{article}", paragraph or ("1" if item else ""), item])))
    for match in _ENGLISH.finditer(folded):
        parts = _BRACKETED.findall(match[2])
        if not parts and (tail := _ENGLISH_TAIL.search(folded)):
            parts = [tail[1]]
        found.append(".".join([f"art{match[1]}", *parts]))
    if "sec" in folded:
        for match in _SECTION.finditer(folded):
            found.append(".".join([f"sec{match[1]}", *_BRACKETED.findall(match[2])]))
    found += [f"recital{match[1] or match[2]}" for match in _RECITAL.finditer(folded)]
    for match in _ANNEX.finditer(folded):
        found.append(f"annex{_roman(match[1] or match[2])}")
    if in_a_source and not found:
        found += [f"item{match[1] or match[2]}" for match in _ITEM.finditer(folded)]
    return tuple(dict.fromkeys(found))


def text_named(folded: str) -> str:
    """The words just before the form of the text that a place is said to be of: “gdpr”, “网络安全”; "" for none."""
    found = (match[1] for pattern in _NAMED if (match := pattern.search(folded)))
    return next((name for name in found if not _NO_NAME.search(name)), "")


def _roman(numeral: str) -> str:
    if numeral.isdigit():
        return _ROMANS[int(numeral)] if int(numeral) < len(_ROMANS) else numeral
    if numeral[0] in "ivx":
        return numeral.upper()
    number = "零一二三四五六七八九十".find(numeral)
    return _ROMANS[number] if number > 0 else numeral
