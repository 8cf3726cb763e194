"""Locators: stable names of units, and how people read them.

    p3            third paragraph                     第3段 / para. 3
    p4.2          second item of the fourth paragraph 第4段第2项 / para. 4(2)
    item6.a       point (a) of numbered item 6        第6项(a) / item 6(a)
    art14.2       second paragraph of article 14      第十四条第二款 / Art. 14(2)
    art4.1.3      third item of article 4             第四条第（三）项 / Art. 4(1)(3)
    sec4.2.b.i    US order                            Sec. 4.2(b)(i)
    recital9, annexIII.1.a, fn12, pre.1, title, h2, end.1

Components are joined by dots; a longer locator lies within a shorter one. `pN` as a later component is
the Nth block of running text at that level, `bN` the Nth bullet.
"""

from __future__ import annotations

import re

_HEAD = re.compile(r"^(art|sec|annex|recital|item|pre|end|fn|chapter|p|h)([0-9IVXLC]*)$")
_DIGITS = "零一二三四五六七八九"


def is_within(locator: str, ancestor: str) -> bool:
    """Whether `locator` is `ancestor` or lies below it: art14.2 is within art14."""
    return locator == ancestor or locator.startswith(ancestor + ".")


def parent(locator: str) -> str:
    """The locator one level up, or "" at the top."""
    return locator.rpartition(".")[0]


def chinese_number(number: int) -> str:
    """1–999 in Chinese numerals: 14 → 十四, 113 → 一百一十三."""
    if number < 10:
        return _DIGITS[number]
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def render(
    locator: str,
    language: str,
    *,
    single_paragraph: bool = False,
    chinese_law: bool = False,
    numbered_parts: bool = False,
) -> str:
    """The locator as people write it in `language` ("zh" or "en").

    `chinese_law` writes 条/款/项; `single_paragraph` leaves out 第一款 where the article has no second;
    `numbered_parts` reads sections as the parts 一、二、三 of a paper.
    """
    parts = locator.split(".")
    match = _HEAD.match(parts[0])
    if not match:
        return {"title": "标题" if language == "zh" else "title"}.get(locator, locator)
    head, number = match.groups()
    rest = parts[1:]
    if head == "art" and chinese_law and language == "zh":
        return _chinese_article(number, rest, single_paragraph)
    if head == "art" and chinese_law and single_paragraph and rest[:1] == ["1"]:
        rest = rest[1:]
    if head == "sec" and numbered_parts:
        part = f"第{chinese_number(int(number))}部分" if language == "zh" else f"Part {number}"
        item = f"（{chinese_number(int(rest[0]))}）" if language == "zh" and rest and rest[0].isdigit() else ""
        return part + item + _tail_text(rest[1:] if item else rest, language)
    if head == "sec" and rest and rest[0].isdigit():
        number, rest = f"{number}.{rest[0]}", rest[1:]
    return _head_text(head, number, language) + _tail_text(rest, language)


def _chinese_article(number: str, rest: list[str], single_paragraph: bool) -> str:
    text = f"第{chinese_number(int(number))}条"
    if rest and rest[0].isdigit():
        if not single_paragraph:
            text += f"第{chinese_number(int(rest[0]))}款"
        rest = rest[1:]
    if rest and rest[0].isdigit():
        text += f"第（{chinese_number(int(rest[0]))}）项"
        rest = rest[1:]
    return text + _tail_text(rest, "zh")


def _head_text(head: str, number: str, language: str) -> str:
    chinese = {
        "p": f"第{number}段", "item": f"第{number}项", "art": f"第{number}条", "sec": f"第{number}节",
        "recital": f"序言第{number}条", "annex": f"附件{number}", "fn": f"脚注{number}", "pre": "序言",
        "end": "文末", "h": f"标题{number}", "chapter": f"第{number}章",
    }  # fmt: skip
    english = {
        "p": f"para. {number}", "item": f"item {number}", "art": f"Art. {number}", "sec": f"Sec. {number}",
        "recital": f"recital {number}", "annex": f"Annex {number}", "fn": f"footnote {number}",
        "pre": "preamble", "end": "closing", "h": f"heading {number}", "chapter": f"Chapter {number}",
    }  # fmt: skip
    return (chinese if language == "zh" else english)[head]


def _tail_text(parts: list[str], language: str) -> str:
    text = ""
    for part in parts:
        if running := re.fullmatch(r"p(\d+)", part):
            text += f"第{running[1]}段" if language == "zh" else f", para. {running[1]}"
        elif bullet := re.fullmatch(r"b(\d+)", part):
            text += f"要点{bullet[1]}" if language == "zh" else f", bullet {bullet[1]}"
        elif part == "title":
            text += "标题" if language == "zh" else ", heading"
        else:
            text += f"({part})"
    return text
