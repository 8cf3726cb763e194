"""Answers become HTML in which every claim has its marker and nothing that was sent can run."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from rag.answer import Answer, Citation, Claim, Shortfall, Status, Support
from sources.edition import Edition, Origin, Unit, UnitKind
from ui.claims import number_citations, shortened, support_word
from ui.conversation import Exchange
from ui.declined import nearest_passages
from ui.panel import Spot, source_panel, text_fragment
from ui.reference import citation_fragment
from ui.render import answer_block, conversation_page, plain_answer, status_badge
from ui.service import Service
from ui.texts import INTERFACE_LANGUAGES, words
from ui.titles import passage_title
from ui.welcome import example_button

PAYLOADS = (
    "<script>alert(1)</script>", "</div><script>window.hit=1</script>", "<img src=x onerror=window.hit=1>", "<svg onload=window.hit=1>",
    '"><img src=x onerror=window.hit=1>', "' onmouseover='window.hit=1", '" onfocus="window.hit=1" autofocus="', "<svg/onload=window.hit=1>",
    "<body onload=window.hit=1>", "<iframe src=javascript:window.hit=1></iframe>", "<a href=javascript:window.hit=1>x</a>",
    "[x](javascript:window.hit=1)", "![x](http://evil.example/x.png)", "<math><mtext><img src=x onerror=window.hit=1></mtext></math>",
    "<details open ontoggle=window.hit=1>", "<input autofocus onfocus=window.hit=1>", "<video><source onerror=window.hit=1>",
    "<object data=javascript:window.hit=1>", "<embed src=javascript:window.hit=1>", "<form action=//evil.example><button>x",
    "<style>@import '//evil.example'</style>", "<link rel=stylesheet href=//evil.example>", "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<template><img src=x onerror=window.hit=1></template>",
    "<noscript><p title='</noscript><img src=x onerror=window.hit=1>'>", "<!--><img src=x onerror=window.hit=1>-->",
    "<![CDATA[><img src=x onerror=window.hit=1>]]>", "&lt;script&gt;window.hit=1&lt;/script&gt;", "&#60;script&#62;window.hit=1",
    "${window.hit=1}", "{{constructor.constructor('window.hit=1')()}}", "$$\\href{javascript:window.hit=1}{x}$$", "`<img src=x onerror=window.hit=1>`",
    "```html\n<img src=x onerror=window.hit=1>\n```", "\n\n<img src=x onerror=window.hit=1>\n\n", "# x\n<script>window.hit=1</script>",
    "<ｓcript>window.hit=1</ｓcript>", "＜script＞window.hit=1＜/script＞", "<scr\x00ipt>window.hit=1</scr\x00ipt>", "<IMG SRC=JaVaScRiPt:window.hit=1>",
    "<img src=`x` onerror=window.hit=1>", "<div style='background:url(//evil.example)'>", "\u2028<script>window.hit=1</script>", "]]><script>window.hit=1</script>",
    "<marquee onstart=window.hit=1>", "<x contenteditable onblur=window.hit=1>x", "%3Cscript%3Ewindow.hit=1%3C/script%3E",
)  # fmt: skip
OUR_TAGS = frozenset(
    "div article section h2 h3 p small span b q a button blockquote dl dt dd ol ul li details summary table caption thead tbody tr th td mark strong label select option input".split()
)


class Seen(HTMLParser):
    """The elements and attributes of a fragment, and its text."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        return [value or "" for key, value in self.attributes if key == name]


def assert_harmless(fragment: str) -> Seen:
    """Only our elements, no handlers, only addresses that cannot run, and one line (so Markdown leaves it alone)."""
    seen = Seen(fragment)
    assert set(seen.tags) <= OUR_TAGS
    assert not [
        name
        for name, _ in seen.attributes
        if name.startswith("on") or name in ("style", "src", "srcdoc", "action", "autofocus")
    ]
    assert all(
        value.startswith(("#source=", "?q=", "page/export/", "sources/", "https://", "http://"))
        for value in seen.values("href")
    )
    assert all(value == "text" for value in seen.values("type") if value != "button")
    assert "\n" not in fragment
    return seen


def hostile_edition(payload: str) -> Edition:
    """An edition whose title, heading, address and text are the payload."""
    text = payload.replace("\x00", "") + " end"
    return Edition(
        "hostile",
        "zh",
        Origin.OFFICIAL,
        payload,
        text,
        (Unit("p1", UnitKind.TEXT, 0, len(text), 0, (payload,)),),
        url=payload,
    )


def hostile_answer(payload: str, edition: Edition) -> Answer:
    """An answer with the payload in every place that text can come from."""
    quote = edition.text
    citation = Citation(
        "hostile", edition.key, payload, Origin.OFFICIAL, payload, 0, len(quote), quote, payload, payload
    )
    claims = tuple(Claim(payload, support, (citation,), heading) for support in Support for heading in ("", payload))
    return Answer(
        payload, payload, Status.PARTIAL, claims, payload, (citation,), payload, timings_ms={payload: 1.0}, index_id=payload, generator=payload
    )  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_becomes_markup(payload: str, service: Service) -> None:
    """Wherever a payload comes from, it ends as text."""
    edition = hostile_edition(payload)
    answer = hostile_answer(payload, edition)
    page = conversation_page([Exchange(payload), Exchange(payload, answer)], "en")
    seen = assert_harmless(page)
    assert payload.replace("\x00", " ") in seen.text
    shelf: Any = type("OneText", (), {"id": payload, "editions": {edition.key: edition}})()
    panel = source_panel(
        Service(service.answerer, shelf, service.catalogue), Spot(edition.key, 0, len(edition.text)), payload
    )
    assert panel is not None
    assert_harmless(panel)


def test_claims_carry_numbered_markers_in_words(service: Service) -> None:
    """A verbatim claim says so in the interface language, and its marker leads to the exact span."""
    answer = service.answerer.answer("What does the Declaration say?")
    for language, word in (("zh-CN", "原文"), ("zh-TW", "原文"), ("en", "verbatim")):
        seen = Seen(conversation_page([Exchange("q", answer)], language))
        assert f"[1 ✓ {word}]" in seen.text
        assert f"[2 ✓ {word}]" in seen.text
        assert citation_fragment(answer.claims[0].citations[0]) in seen.values("href")


def test_gloss_is_named_and_stands_beside_the_original(service: Service) -> None:
    """A digest sentence is never shown without the words it restates."""
    page = conversation_page([Exchange("q", service.answerer.answer("宣言说了什么？"))], "zh-CN")
    assert "[1 " in Seen(page).text
    assert "转述" in page
    assert "摘要转述（本项目自述）" in page
    assert "There is potential for serious, even catastrophic, harm." in Seen(page).text


def test_glosses_of_one_passage_share_its_words(service: Service) -> None:
    """Two glosses of one paragraph show it once, after the second."""
    answer = service.answerer.answer("宣言说了什么？")
    twice = replace(answer, claims=answer.claims * 2)
    page = conversation_page([Exchange("q", twice)], "zh-CN")
    assert page.count("<blockquote") == 1
    assert page.index("<blockquote") > page.rindex("claim gloss")


def test_words_of_a_digest_are_not_called_original() -> None:
    """Verbatim of a digest is a digest, not the original."""
    assert support_word(Support.VERBATIM, Origin.DIGEST, words("zh-CN")) == "摘要"
    assert support_word(Support.VERBATIM, Origin.TRANSLATION, words("en")) == "translation"


def test_headings_become_rows(service: Service) -> None:
    """A comparison has one labelled row for each heading."""
    page = conversation_page([Exchange("q", service.answerer.answer("宣言与办法相比如何？"))], "zh-CN")
    assert re.findall(r"<dt>(《[^<]+》)</dt>", page) == ["《布莱奇利宣言》", "《暂行办法》"]


def test_same_span_keeps_its_number(service: Service) -> None:
    """Two claims that rest on one passage share its number."""
    claim = service.answerer.answer("What does the Declaration say?").claims[0]
    assert set(number_citations([claim, claim]).values()) == {1}


def test_declined_answer_gives_reason_and_nearest_passages(service: Service) -> None:
    """Not in the sources is a status with a reason, and never looks like an answer."""
    seen = Seen(conversation_page([Exchange("q", service.answerer.answer("谁赢了世界杯？"))], "zh-CN"))
    assert "文本中没有" in seen.text
    assert "所收文本没有说明这一点。" in seen.text
    assert "Many risks are international in nature." in seen.text
    assert "marker" not in " ".join(seen.values("class"))


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.ANSWERED])
@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_every_status_is_told_in_words(status: Status, language: str) -> None:
    """A status is a word and a sign, not only a colour."""
    badge = Seen(status_badge(Answer("q", "zh", status, (), "why"), language))
    assert words(language)[f"status_{status.value}"] in badge.text
    assert "why" in badge.text


def test_rewritten_question_is_shown_and_can_be_edited(service: Service) -> None:
    """A follow-up shows what it was understood as."""
    seen = Seen(conversation_page([Exchange("那宣言呢？", service.answerer.answer("那宣言呢？"))], "zh-CN"))
    assert "《布莱奇利宣言》怎么说？" in seen.text
    assert "《布莱奇利宣言》怎么说？" in seen.values("value")


def test_trace_shows_ranks_rejections_and_timings(service: Service) -> None:
    """The drawer holds each method's rank, the reason of every rejection, and milliseconds."""
    seen = Seen(conversation_page([Exchange("q", service.answerer.answer("宣言说了什么？"))], "zh-CN"))
    assert "#1 (0.90)" in seen.text
    assert "得分较低" in seen.text
    assert "检索 1.2" in seen.text


def test_the_trace_calls_things_as_people_do(service: Service) -> None:
    """Passages by title and place where the texts are at hand, kinds of question in the reader's language."""
    answer = replace(service.answerer.answer("宣言说了什么？"), trace={"kind": "count"})
    seen = Seen(
        conversation_page(
            [Exchange("q", answer)], "zh-CN", named=lambda passage, _: passage_title(service, passage, "zh-CN")
        )
    )
    assert "《布莱奇利宣言》 · 第1段" in seen.text
    assert "bletchley-declaration.zh.digest p1" in seen.values("title")
    assert "数目" in seen.text
    assert "摘取文本中的句子" in seen.text


def test_each_text_is_listed_once_with_its_places(service: Service) -> None:
    """Two passages of one text share its title; another kind of the same text is another entry."""
    answer = service.answerer.answer("What does the Declaration say?")
    digest = service.answerer.answer("目标").claims[0]
    page = conversation_page([Exchange("q", replace(answer, claims=(*answer.claims, digest)))], "en")
    listed = page[page.index('class="cited-sources"') : page.index('class="foot"')]
    assert listed.count('class="title"') == 2
    assert re.findall(r">(\[\d\] [^<]+)</a>", listed) == ["[1] para. 2", "[2] para. 3", "[3] 第2段"]


def test_what_an_answer_leaves_open_stands_quietly_below_it(service: Service) -> None:
    """A note is no verdict: it comes after the claims, on the page and in what is copied."""
    answered = service.answerer.answer("生成违法内容应当怎么办？")
    noted = replace(answered, reason="资料没有回答：“谁付钱”")
    block = answer_block(noted, "zh-CN")
    assert "verdict" not in block
    assert block.index(noted.claims[-1].text) < block.index('class="left-open"') < block.index("谁付钱")
    assert "「誰付錢」" in answer_block(noted, "zh-TW")
    assert plain_answer(noted).index(noted.claims[-1].text) < plain_answer(noted).index("谁付钱")
    assert "left-open" not in answer_block(answered, "zh-CN")
    declined = service.answerer.answer("谁付钱？")
    assert "left-open" not in answer_block(declined, "zh-CN")


def test_missing_words_stay_as_they_were_asked_in_traditional_characters(service: Service) -> None:
    """Folded words are simplified; the reader's are not."""
    near = service.answerer.answer("谁付钱？").nearest
    declined = Answer(
        "代表團有誰？", "zh", Status.NOT_IN_SOURCES, (), "no", near, shortfalls=(Shortfall(("代表团",), "person"),)
    )
    block = answer_block(declined, "zh-TW")
    assert "沒有提到「代表團」；沒有點出所問的人" in block


def test_what_is_missing_is_written_as_it_was_asked() -> None:
    """A word that the search folded comes back in its own letters; one that it changed stays as it is."""
    near = (Citation("s", "s.en", "en", Origin.DIGEST, "p1", 0, 1, "x", "S", "para. 1"),)
    answer = Answer(
        "Did CHINA pay?", "en", Status.NOT_IN_SOURCES, (), "no", near, shortfalls=(Shortfall(("china", "paid")),)
    )
    assert "does not mention “CHINA”, “paid”" in Seen(nearest_passages(answer, words("en"))).text


def test_examples_are_in_the_readers_script() -> None:
    """Traditional characters in a traditional page; what is asked is what is shown."""
    seen = Seen(conversation_page([], "zh-TW"))
    assert "峰會討論的五大目標是什麼？" in seen.values("data-ask")
    assert not set("会么议办法与") & set("".join(seen.values("data-ask"))) - set("法")


def test_welcome_offers_examples_in_both_languages() -> None:
    """A new reader can ask with one press, in either language."""
    seen = Seen(conversation_page([], "en"))
    asked = seen.values("data-ask")
    assert "峰会讨论的五大目标是什么？" in asked
    assert "What did the Bletchley Declaration call for?" in asked
    assert example_button("a<b", "en").startswith("<button")


def test_copied_answer_lists_its_sources(service: Service) -> None:
    """The clipboard gets claims with numbers and quotes with places."""
    copied = plain_answer(service.answerer.answer("What does the Declaration say?"))
    assert "[1] The Bletchley Declaration · para. 2: There is potential" in copied


@pytest.mark.parametrize(
    ("quote", "end"),
    [
        ("word " * 60, "word word…"),
        ("字" * 200, "字…"),
        ("x" * 200, "x…"),
        ("字" * 175 + "abcdefghij" * 3, "e…"),
        ("word " * 36, "word "),
    ],
)
def test_a_quote_for_a_glance_ends_with_a_word(quote: str, end: str) -> None:
    """At most 180 characters, no English word cut in two; one that fits is left whole."""
    assert shortened(quote).endswith(end)
    assert len(shortened(quote)) <= 181


def test_text_fragment_names_first_and_last_words() -> None:
    """Long quotes are found by their ends; separators are encoded."""
    assert text_fragment("state-of-the-art", "en") == "#:~:text=state%2Dof%2Dthe%2Dart"
    assert text_fragment(" ".join("abcdefghijklmnop"), "en") == "#:~:text=a%20b%20c%20d%20e%20f,k%20l%20m%20n%20o%20p"
    assert text_fragment("", "zh") == ""


def test_answer_without_claims_shows_reason_once() -> None:
    """Partial and corrected answers keep both their reason and their claims."""
    answer = Answer("q", "en", Status.PREMISE_REJECTED, (), "It was not so.")
    page = conversation_page([Exchange("q", answer), Exchange("q", replace(answer, status=Status.FAILED))], "en")
    assert page.count("It was not so.") == 4  # shown and copied, twice
