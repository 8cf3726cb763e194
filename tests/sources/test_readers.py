"""Readers: the text of a page, PDF, Word or XML document and nothing around it, paragraph by paragraph."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from documents_support import make_docx, make_pdf

from sources.catalogue import Catalogue, load_catalogue
from sources.errors import UnreadableFile
from sources.load import load_file, load_parts
from sources.readers import language_parts, read_text, text_of
from sources.readers.html_reader import decode_page, read_html
from sources.readers.pdf_lines import SOFT_HYPHEN
from sources.readers.pdf_reader import HyphenMender
from sources.readers.text_builder import clean_characters, raised
from sources.structure import SourceKind, parse_units

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
RAW = CORPUS / "raw"
PAGES = [
    pytest.param("eu-ai-act-OJ_L_202401689_EN.html", "eu-ai-act.en.txt", id="eur-lex-page"),
    pytest.param("eu-ai-act-OJ_L_202401689_EN.pdf", "eu-ai-act.en.txt", id="eur-lex-pdf"),
    pytest.param("us-eo-14110-FR-2023-24283.pdf", "us-eo-14110.en.txt", id="federal-register-pdf"),
    pytest.param("us-eo-14110-FR-2023-24283.xml", "us-eo-14110.en.txt", id="federal-register-xml"),
    pytest.param("cac-global-ai-governance-initiative.html", "global-ai-governance-initiative.zh.txt", id="cac-zh"),
    pytest.param("cac-global-ai-governance-initiative.html", "global-ai-governance-initiative.en.txt", id="cac-en"),
]
needs_corpus = pytest.mark.skipif(not RAW.is_dir(), reason="the folder of raw official files is not here")

PAGE = """<!doctype html><html><head><title>Park news</title><script>var a = "script words";</script></head><body>
<div class="cookie-banner"><p>We use cookies to make this site work as well as we can.</p></div>
<header><a href="/">Town</a></header>
<nav><ul><li><a href="/a">Trees</a></li><li><a href="/b">Ponds</a></li></ul></nav>
<div class="breadcrumbs">Home &gt; Parks</div>
<div class="page"><h1>Rules of the park</h1>
<div class="content"><p>Whoever enters the park keeps to these rules, which the town council made in spring.</p>
<table><tr><td><p>(a)</p></td><td><p>no fires are lit, not even small ones;</p></td></tr>
<tr><td><p>(b)</p></td><td><p>no squirrel is fed.</p></td></tr></table>
<p>The pond holds 10<sup>6</sup> litres<sup><a href="#n1">1</a></sup> of water on an ordinary day in summer.</p>
<ul><li>ducks</li><li>frogs</li></ul>
<p style="display:none">hidden words</p>
</div></div>
<div class="related-links"><h2>Related</h2><p>Another page about gardens that nobody asked for here.</p></div>
<footer><p>Copyright of the town, all rights reserved, contact us by post.</p></footer></body></html>"""


def folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def similarity(left: str, right: str) -> float:
    """Share of characters that stand in both, in order: 1 - insertions and deletions / all characters."""
    return 1 - _differing(left, right, 0) / (len(folded(left)) + len(folded(right)))


def _differing(left: str, right: str, level: int) -> int:
    """Characters that only one side has: by paragraphs, then words, then characters, to stay quick."""
    glue = ("\n", " ", "")[level]
    one, other = ([folded(piece) for piece in text.split("\n")] if level == 0 else text.split() if level == 1 else list(text)
                  for text in (left, right))  # fmt: skip
    one, other = list(filter(None, one)), list(filter(None, other))
    different = 0
    for tag, i, j, k, m in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        first, second = glue.join(one[i:j]), glue.join(other[k:m])
        if tag == "replace" and level < 2:
            different += _differing(first, second, level + 1)
        elif tag != "equal":
            different += len(first) + len(second)
    return different


@needs_corpus
@pytest.mark.parametrize(("raw", "clean"), PAGES)
def test_official_file_reads_as_the_clean_text(raw: str, clean: str) -> None:
    """At least 0.995 of the characters are the same, and every unit of the clean text is found."""
    language = clean.split(".")[1]
    text = language_parts(read_text(RAW / raw))[language]
    expected = (CORPUS / clean).read_text(encoding="utf-8")
    assert similarity(text, expected) >= 0.995
    entry = load_catalogue().get(clean.split(".")[0])
    assert entry is not None
    found, wanted = ({unit.locator for unit in parse_units(t, "", entry.kind)} for t in (text, expected))
    broken_in_clean = {f"annexVI.{number}.p2" for number in range(1, 5)}  # “1.” and its words on two lines there
    assert wanted - found <= broken_in_clean


@needs_corpus
@pytest.mark.parametrize(
    ("raw", "never"),
    [
        ("eu-ai-act-OJ_L_202401689_EN.html", ["recital 12", "L series", "ISSN"]),
        ("eu-ai-act-OJ_L_202401689_EN.pdf", ["OJ L, 12.7.2024 EN", "/144", "L series"]),
        ("us-eo-14110-FR-2023-24283.pdf", ["VerDate", "DSK120RN23PROD", "Vol. 88, No. 210", "Billing code"]),
        ("us-eo-14110-FR-2023-24283.xml", ["Billing code", "BIDEN.EPS", "75192"]),
        ("cac-global-ai-governance-initiative.html", ["设为首页", "打印", "京ICP备", "返回顶部"]),
        ("npc-pipl-en-page1.html", ["Search", "NPC News"]),
        ("nist-ai-rmf-page.html", ["official website of the United States", "Subscribe"]),
    ],
)
def test_no_navigation_and_no_running_heads(raw: str, never: list[str]) -> None:
    text = read_text(RAW / raw)
    assert [words for words in never if words in text] == []


@needs_corpus
@pytest.mark.parametrize("suffix", ["pdf", "xml"])
def test_superscripts_of_the_order_are_kept(suffix: str) -> None:
    text = read_text(RAW / f"us-eo-14110-FR-2023-24283.{suffix}")
    assert (text.count("10^26"), text.count("10^23"), text.count("10^20")) == (2, 1, 2)


def test_page_loses_its_furniture_and_keeps_its_text() -> None:
    assert read_html(PAGE.encode(), "page.html") == (
        "Rules of the park\n\n"
        "Whoever enters the park keeps to these rules, which the town council made in spring.\n\n"
        "(a) no fires are lit, not even small ones;\n\n"
        "(b) no squirrel is fed.\n\n"
        "The pond holds 10^6 litres[1] of water on an ordinary day in summer.\n\n"
        "- ducks\n- frogs\n"
    )


def test_figures_in_columns_become_lines() -> None:
    rows = "".join(f"<tr><td>{year}</td><td>{count} oaks</td></tr>" for year, count in ((2030, 4), (2031, 7)))
    page = f"<html><body><h1>Oaks</h1><table><tr><th>Year</th><th>Trees</th></tr>{rows}</table></body></html>"
    assert read_html(page.encode(), "oaks.html") == "Oaks\n\nYear | Trees\n2030 | 4 oaks\n2031 | 7 oaks\n"


@pytest.mark.parametrize(
    ("raw", "charset"),
    [
        ("<meta charset=gb2312><p>公园".encode("gb18030"), ""),
        ("公园".encode("gb18030"), "gbk"),
        ("公园".encode(), ""),
        ("公园".encode("utf-16"), ""),
        ("公园".encode("gb18030"), "no-such-charset"),
    ],
    ids=["declared", "server", "utf-8", "utf-16", "unknown"],
)
def test_page_is_decoded_as_it_says(raw: bytes, charset: str) -> None:
    assert "公园" in decode_page(raw, "page.html", charset)


def test_page_in_two_languages_becomes_two_editions(tmp_path: Path) -> None:
    chinese = "".join(
        f"<p>第{n}段讲公园里的树木应当怎样养护，游客应当怎样爱护它们，管理员应当怎样巡查。</p>" for n in range(20)
    )
    english = "".join(
        f"<p>Paragraph {n} tells how the trees of the park are tended and by whom.</p>" for n in range(20)
    )
    path = tmp_path / "park.html"
    path.write_text(f"<html><body><h1>公园</h1>{chinese}<p>The Park</p>{english}</body></html>", encoding="utf-8")
    editions = load_parts(path, Catalogue(()))
    assert [(e.source_id, e.language) for e in editions] == [("park", "zh"), ("park", "en")]
    assert editions[1].text.startswith("The Park\n\nParagraph 0")


def test_word_document_keeps_numbers_footnotes_and_insertions(tmp_path: Path) -> None:
    path = tmp_path / "rules.docx"
    path.write_bytes(make_docx())
    assert read_text(path) == (
        "Rules of the park\n\n"
        "1. Nobody lights fires.\n\n"
        "2. Nobody feeds squirrels.\n\n"
        "The pond holds 10^6 litres of clear water (1).\n\n"
        "Year | Trees\n2030 | 4 oaks\n\n"
        "(1) Measured in spring.\n"
    )


def test_pdf_paragraphs_are_put_together_across_lines_and_pages() -> None:
    pages = [
        [
            "Rules of the park",
            "",
            "(a) Whoever enters the park keeps to these rules, which the",
            "town council made.",
            "",
            "(b) The keepers of the park may at any time and without giving",
        ],
        ["a reason close the gates."],
        ["(c) Nobody feeds squirrels."],
    ]
    heads = [f"Official Journal of the Town {number}/3" for number in (1, 2, 3)]
    text = text_of(make_pdf(pages, heads), "rules.pdf", ".pdf")
    assert text == (
        "Rules of the park\n\n"
        "(a) Whoever enters the park keeps to these rules, which the town council made.\n\n"
        "(b) The keepers of the park may at any time and without giving a reason close the gates.\n\n"
        "(c) Nobody feeds squirrels.\n"
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("fair dis", "place it", "fair displace it"),
        ("any dual", "use model", "any dual-use model"),
        ("non", "compliance", "non-compliance"),
        ("AI", "generated text", "AI-generated text"),
        ("the co", "ordination", "the coordination"),
        ("self", "restoration", "self-restoration"),
    ],
)
def test_hyphen_at_the_line_end_is_mended_by_the_documents_own_words(before: str, after: str, expected: str) -> None:
    mender = HyphenMender(["dual-use of a displace", "non-compliance and coordination", "use"])
    assert mender.join(before + SOFT_HYPHEN, after) == expected


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        ("10", "26", "^26"),
        ("10 ", "25", "^25"),
        ("5 m", "2", "^2"),
        ("words", "3", "[3]"),
        ("words (", "3", "3"),
        ("5", "th", "th"),
    ],
)
def test_superscript(before: str, text: str, expected: str) -> None:
    assert raised(before, text) == expected


def test_ligatures_and_blanks_are_plain() -> None:
    assert clean_characters("ef\ufb01cient\u00a0of\ufb01ce so\u00adft\u200b") == "efficient office soft"


def test_federal_register_xml_is_read_without_its_stamps() -> None:
    body = "".join(f"<P>{escape(words)}</P>" for words in ("(a) Trees & ponds.", "(b) Squirrels."))
    raw = f"<PRESDOCU><TITLE3>Title 3—</TITLE3><FP><E T='04'>Section 1</E>\n . Purpose.<PRTPAGE P='7'/></FP>{body}</PRESDOCU>"
    assert text_of(raw.encode(), "order.xml", ".xml") == "Section 1. Purpose.\n\n(a) Trees & ponds.\n\n(b) Squirrels.\n"


def test_scanned_pdf_says_that_it_needs_recognition() -> None:
    with pytest.raises(UnreadableFile, match=r"^scan\.pdf holds scanned pages without text; .*OCR.*\.$"):
        text_of(make_pdf([[]], picture=True), "scan.pdf", ".pdf")


def test_units_of_a_page_are_those_of_the_text(tmp_path: Path) -> None:
    rules = "<h1>Rules of Oakham</h1>" + "".join(
        f"<p>Article {n} Trees stay where they are, always.</p>" for n in (1, 2, 3)
    )
    path = tmp_path / "rules-of-oakham.html"
    path.write_text(f"<html><body>{rules}</body></html>", encoding="utf-8")
    edition = load_file(path, Catalogue(()))
    assert edition.kind is SourceKind.LAW
    assert [unit.locator for unit in edition.units] == ["title", "art1.1", "art2.1", "art3.1"]
