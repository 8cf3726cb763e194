"""Locators as people write them."""

from __future__ import annotations

import pytest

from sources.locator import chinese_number, is_within, parent, render


@pytest.mark.parametrize(
    ("locator", "language", "options", "expected"),
    [
        ("art14.2", "zh", {"chinese_law": True}, "第十四条第二款"),
        ("art10.1", "zh", {"chinese_law": True, "single_paragraph": True}, "第十条"),
        ("art4.1.3", "zh", {"chinese_law": True, "single_paragraph": True}, "第四条第（三）项"),
        ("art23.2.1", "zh", {"chinese_law": True}, "第二十三条第二款第（一）项"),
        ("art14.2", "en", {"chinese_law": True}, "Art. 14(2)"),
        ("art5.1.c.i", "en", {}, "Art. 5(1)(c)(i)"),
        ("art5.1.h.p2", "en", {}, "Art. 5(1)(h), para. 2"),
        ("sec4.2.b.i", "en", {}, "Sec. 4.2(b)(i)"),
        ("sec2.a", "en", {}, "Sec. 2(a)"),
        ("recital9", "zh", {}, "序言第9条"),
        ("annexIII.1.a", "en", {}, "Annex III(1)(a)"),
        ("p4.2", "zh", {}, "第4段(2)"),
        ("p3", "en", {}, "para. 3"),
        ("item6.a", "en", {}, "item 6(a)"),
    ],
)
def test_render(locator: str, language: str, options: dict[str, bool], expected: str) -> None:
    assert render(locator, language, **options) == expected


def test_chinese_numbers() -> None:
    assert [chinese_number(n) for n in (1, 10, 14, 20, 35, 101, 113)] == [
        "一",
        "十",
        "十四",
        "二十",
        "三十五",
        "一百零一",
        "一百一十三",
    ]


def test_within_goes_by_component_not_by_letter() -> None:
    assert is_within("art1.2", "art1")
    assert not is_within("art11", "art1")
    assert parent("art5.1.c") == "art5.1"
    assert parent("p3") == ""
