"""Which language a text is in, and the two halves of a page that prints both."""

from __future__ import annotations

_SAMPLE = 6000  # characters that decide the language of a text
_SMALLEST_PART = 400  # characters of a language before it counts as a part of its own


def language_of(text: str) -> str:
    """Return "zh" where at least a fifth of the letters are Chinese, else "en"."""
    letters = [character for character in text[:_SAMPLE] if character.isalpha()]
    chinese = sum("\u3400" <= character <= "\u9fff" for character in letters)
    return "zh" if letters and chinese >= len(letters) / 5 else "en"


def language_parts(text: str) -> dict[str, str]:
    """The text by language: two entries where one language follows the other as a block, else one."""
    lines = text.split("\n")
    kinds = [language_of(line) if any(map(str.isalpha, line)) else "" for line in lines]
    first = next((kind for kind in kinds if kind), "en")
    cut = _best_cut(lines, kinds, first)
    if cut is None:
        return {language_of(text): text}
    head, tail = "\n".join(lines[:cut]).strip("\n"), "\n".join(lines[cut:]).strip("\n")
    return {first: head + "\n", ("en" if first == "zh" else "zh"): tail + "\n"}


def _best_cut(lines: list[str], kinds: list[str], first: str) -> int | None:
    """The line before which all is in `first` and after which nothing is, or None where the languages mix."""
    cut = next((position for position, kind in enumerate(kinds) if kind and kind != first), None)
    if cut is None:
        return None
    before = sum(map(len, lines[:cut]))
    after = sum(map(len, lines[cut:]))
    mixed = any(kind == first for kind in kinds[cut:])
    return cut if min(before, after) >= _SMALLEST_PART and not mixed else None
