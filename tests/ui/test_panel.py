"""The source panel marks exactly what was cited, or nothing."""

from __future__ import annotations

import re

import pytest

from ui.panel import Spot, empty_panel, source_panel
from ui.reference import quote_check
from ui.service import Service
from ui.texts import INTERFACE_LANGUAGES, words


def test_panel_marks_exactly_the_quote(service: Service) -> None:
    """The marked text is the quote, in its unit, between its neighbours."""
    citation = service.answerer.answer("生成违法内容怎么办").claims[0].citations[0]
    panel = source_panel(
        service, Spot(citation.edition_key, citation.start, citation.end, quote_check(citation.quote)), "zh-CN"
    )
    assert panel is not None
    assert re.findall("<mark>(.*?)</mark>", panel) == [citation.quote]
    for expected in ("第十三条", "第十五条", "官方文本", "现行有效", "国家互联网信息办公室等七部门"):
        assert expected in panel
    assert 'rel="noreferrer noopener"' in panel
    assert "https://www.cac.gov.cn/x.htm#:~:text=" in panel


def test_a_text_in_another_language_is_named_in_the_readers(service: Service) -> None:
    """The heading is the text's own; below it stands what the reader knows it by."""
    spot = Spot("genai-interim-measures.zh", 3, 12)
    assert "<dt>In English</dt><dd>Interim Measures</dd>" in (source_panel(service, spot, "en") or "")
    assert "<dt>中文" not in (source_panel(service, spot, "zh-CN") or "")


def test_panel_never_marks_a_text_that_changed(service: Service) -> None:
    """Where the span no longer holds the quote the panel says so and marks nothing."""
    panel = source_panel(service, Spot("genai-interim-measures.zh", 3, 12, quote_check("something else")), "en")
    assert panel is not None
    assert "<mark>" not in panel
    assert words("en")["not_exact"] in panel


@pytest.mark.parametrize("span", [(-5, 3), (10, 5), (0, 10**9), (7, 7)])
def test_panel_never_marks_an_impossible_span(service: Service, span: tuple[int, int]) -> None:
    """A span outside the text is not shown as exact."""
    panel = source_panel(service, Spot("genai-interim-measures.zh", *span), "en")
    assert panel is None or "<mark>" not in panel


def test_panel_shows_the_other_language_beside(service: Service) -> None:
    """An English paragraph stands beside its Chinese digest, labelled as one."""
    panel = source_panel(service, Spot("bletchley-declaration.en", 0, 10), "zh-CN")
    assert panel is not None
    assert "宣言认为人工智能带来巨大机遇。" in panel
    assert "摘要（本项目自述）" in panel
    assert source_panel(service, Spot("unknown.en", 0, 10), "en") is None


def test_a_panel_without_a_source_explains_the_marks() -> None:
    """Every sign that stands beside a number, in every language."""
    for language in INTERFACE_LANGUAGES:
        told = empty_panel(language)
        assert all(words(language)[f"support_{name}"] in told for name in ("verbatim", "verbatim_digest", "gloss"))
