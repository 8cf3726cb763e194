"""The interface has all its words in all its languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rag.answer import Status, Support
from rag.sorts import Sort
from sources.catalogue import load_catalogue
from sources.edition import Origin
from ui.declined import ALIKE
from ui.texts import DEFAULT_LANGUAGE, INTERFACE_LANGUAGES, preferred, supported, text_language, words

UI = Path(__file__).parents[2] / "ui"
ANSWERER = UI.parent / "rag" / "answerer.py"
REASONS = re.findall(r'(?<=reason = ")[^"]+', ANSWERER.read_text(encoding="utf-8"))  # why a passage was not used


def test_every_word_that_is_used_exists() -> None:
    """No module asks for a word that the table lacks."""
    known = words(DEFAULT_LANGUAGE)
    for module in UI.glob("*.py"):
        used = re.findall(r'(?:word|words\([^)]*\))\["(\w+)"\]', module.read_text(encoding="utf-8"))
        assert [name for name in used if name not in known] == []


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_words_for_every_value_in_every_language(language: str) -> None:
    """Statuses, supports, origins and sorts of thing have names everywhere, and nothing is empty."""
    table = words(language)
    assert all(table.values())
    assert len(REASONS) == 3
    for name in (
        *(f"status_{s}" for s in Status),
        *(f"support_{s}" for s in Support),
        *(f"origin_{o}" for o in Origin),
        *(f"reason_{reason.replace(' ', '_')}" for reason in REASONS),
        *(f"lacks_{s}" for s in Sort),
        *(f"settles_{ALIKE.get(s, s)}" for s in Sort),
    ):
        assert name in table


def test_english_has_no_chinese_words() -> None:
    """A translation is not forgotten."""
    assert [key for key, value in words("en").items() if re.search("[\u4e00-\u9fff]", value)] == []


def test_every_legal_status_of_the_catalogue_has_a_name() -> None:
    """The catalogue's words for a text's standing are translated."""
    slugs = {re.sub(r"\W+", "_", entry.status) for entry in load_catalogue() if entry.status}
    assert [slug for slug in slugs if f"law_{slug}" not in words("zh-CN")] == []


@pytest.mark.parametrize(
    ("header", "language"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"), ("zh-HK", "zh-TW"), ("zh-Hant-TW,en", "zh-TW"), ("en-GB,en", "en"), ("fr-FR,zh-TW;q=0.5", "zh-TW"),
     ("de-DE", "en"), ("", "zh-CN"), ("fr,en;q=0.1", "en")],
)  # fmt: skip
def test_language_follows_the_browser(header: str, language: str) -> None:
    """The reader's first Chinese or English decides; without either it is English."""
    assert preferred(header) == language


def test_unknown_language_reads_as_the_default() -> None:
    """Nothing a query can hold breaks the page."""
    assert supported("<script>") == DEFAULT_LANGUAGE
    assert words("xx")["send"] == words(DEFAULT_LANGUAGE)["send"]
    assert (text_language("zh-TW"), text_language("en")) == ("zh", "en")
