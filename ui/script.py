"""Sentences of our own in the script that the reader reads; never quotes, which stay as they were published."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ui.texts import supported

_MARKS = str.maketrans("“”‘’", "「」『』")


def in_script(sentence: str, language: str) -> str:
    """A Chinese sentence in traditional characters, with their quotation marks, where the interface is traditional."""
    return _traditional(sentence) if supported(language) == "zh-TW" else sentence


@lru_cache(maxsize=512)
def _traditional(sentence: str) -> str:
    return str(_converter().convert(sentence)).translate(_MARKS)


@lru_cache(maxsize=1)
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("s2tw")
