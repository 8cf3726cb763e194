"""The search key: what a reader would call the same word is the same term."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analyser import fold, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("人工智慧與馬斯克", "人工智慧与马斯克"),
        ("第十四條", "第14条"),
        ("第一百一十三条", "第113条"),
        ("二十八个国家", "28个国家"),
        ("ＡＩ　Ａｃｔ", "AI Act"),
        ("10²⁶ operations", "10^26 operations"),
        ("29,853件", "29853件"),
        ("EUR 35 000 000", "EUR 35000000"),
    ],
)
def test_variants_fold_to_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_chinese_gives_characters_and_pairs_latin_gives_stems() -> None:
    assert terms("布莱奇利园 signed declarations") == [
        "布",
        "莱",
        "奇",
        "利",
        "园",
        "布莱",
        "莱奇",
        "奇利",
        "利园",
        "sign",
        "declar",
    ]


def test_words_without_topic_are_left_out() -> None:
    assert terms("What is the 的 AI?") == ["ai"]


@given(st.text(max_size=200))
def test_any_text_can_be_analysed_and_folding_again_changes_no_term(text: str) -> None:
    assert isinstance(terms(text), list)
    assert terms(fold(text)) == terms(fold(fold(text)))
