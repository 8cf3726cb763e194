"""Nuggets are matched by what is said, not by how it is written; denials and other numbers do not match."""

from __future__ import annotations

import pytest

from eval.case import Nugget
from eval.matcher import matches
from eval.normalise import normalise, numeral_value, truncate, width


def nugget(*aliases: str, unit: object = None, number: float | None = None) -> Nugget:
    value = None if unit is None and number is None else {"num": number, "unit": unit}
    return Nugget.model_validate({"id": "n", "aliases": list(aliases), "value": value})


@pytest.mark.parametrize(
    ("text", "spaced"),
    [
        ("十七项", "17项"), ("三成", "30%"), ("三成半", "35%"), ("百分之三十", "30%"), ("12,345人", "12345人"),
        ("二〇二三年十一月", "2023年11月"), ("一万二千", "12000"), ("1.5万", "15000"), ("30 per cent", "30%"), ("3.5%", "3.5%"),
        ("第一百零三条", "第103条"), ("ＡＩ", "ai"), ("臺灣與國際", "台湾与国际"), ("isn't", "is not"), ("cannot", "can not"),
        ("成员国成立", "成员国成立"), ("兩億", "200000000"),
    ],
)  # fmt: skip
def test_normal_form(text: str, spaced: str) -> None:
    assert normalise(text).spaced.strip() == spaced


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("十", 10), ("一百一十三", 113), ("二〇二三", 2023), ("三百万", 3_000_000), ("一亿二千万", 120_000_000)],
)
def test_numerals(numeral: str, value: int) -> None:
    assert numeral_value(numeral) == value


@pytest.mark.parametrize(
    ("alias", "answer", "said"),
    [
        ("布莱奇利园", "峰会在英国布莱奇利园举行。", True),
        ("布萊奇利園", "峰会在英国布莱奇利园举行。", True),  # traditional alias, simplified answer
        ("人工智能", "人工智慧與人工智能", True),
        ("Bletchley Park", "It was held at BLETCHLEY-PARK.", True),
        ("17", "There were 2017 of them.", False),
        ("17", "There were 17.5 of them.", False),
        ("17", "它有十七项。", True),
        ("17", "第 1,17 号", True),
        ("12345", "共 12,345 人", True),
        ("1000", "100 000", False),  # digits of two numbers are not one
        ("第一条", "第十一条", False),
        ("30%", "约三成", True),
        ("30%", "30 percent of them", True),
        ("AI", "He said so.", False),  # short Latin words are whole words
        ("AI", "frontier AI.", True),
        ("3月1日", "3月11日", False),
        ("二百元", "处200元罚款", True),
    ],
)
def test_alias_is_found(alias: str, answer: str, said: bool) -> None:
    assert matches(nugget(alias), answer) is said


@pytest.mark.parametrize(
    ("alias", "answer", "said"),
    [
        ("强制登记", "办法没有强制登记。", False),
        ("强制登记", "并非强制登记", False),
        ("强制登记", "它没有期限。强制登记适用。", True),  # a denial ends with its sentence
        ("强制登记", "没有例外，一律适用强制登记", True),  # further than four characters
        ("人工智能", "未来人工智能", True),  # 未来 denies nothing
        ("研究", "不断研究", True),
        ("不得攀折", "游客不得攀折树枝", True),  # the alias holds the negation
        ("binding", "The text is not legally binding.", False),
        ("binding", "It isn't binding", False),
        ("binding", "It is not only binding but enforced", True),
        ("binding", "It is not new. Binding rules follow.", True),
        ("150", "不是200人，而是150人", True),
        ("tax", "It was not a tax, but the tax came", True),  # one place of two denies it
    ],
)
def test_denied_nuggets_do_not_count(alias: str, answer: str, said: bool) -> None:
    assert matches(nugget(alias), answer) is said


def test_bare_number_needs_its_unit_within_four_characters() -> None:
    leash = nugget("2", unit={"zh": ["米"], "en": ["metres"]}, number=2)
    assert matches(leash, "绳长不超过二米")
    assert matches(leash, "at most 2 metres")
    assert not matches(leash, "2 只狗和 3 米")
    assert not matches(leash, "第2条")


def test_units_are_known_in_both_languages() -> None:
    proposals = nugget("11", unit="items", number=11)
    assert matches(proposals, "倡议共有十一项")
    assert matches(proposals, "It lists 11 proposals.")
    assert not matches(proposals, "on 11 November")


def test_alias_that_names_its_unit_needs_no_other() -> None:
    assert matches(nugget("200元", unit="yuan", number=200), "罚款200元")


def test_what_comes_after_600_width_units_is_not_read() -> None:
    assert matches(nugget("目标"), "字" * 598 + "目标")
    assert not matches(nugget("目标"), "字" * 599 + "目标")


def test_width_counts_chinese_1_other_two_fifths_space_0() -> None:
    assert width("人工智能。") == 5
    assert width("AI act 1") == pytest.approx(0.4 * 6)
    assert width("") == 0
    assert truncate("人工 AI", 2.4) == "人工 A"
