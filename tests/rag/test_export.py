"""Exports: what each format and citation style shows, and whether other programs read it."""

from __future__ import annotations

import html
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from export_support import write
from hypothesis import given
from hypothesis import strategies as st
from tests_support import cite

from rag.answer import Answer, Claim, Status, Support
from rag.cite import place_name
from rag.export import bibtex, markdown
from rag.export.formats import FORMATS
from rag.export.note import Conversation
from rag.export.styles import apa, gbt7714
from rag.export.wording import words
from rag.verify_export import verify_export
from sources.edition import Edition, Origin


def test_reference_styles(conversation: Conversation) -> None:
    """The whole line, in both styles, with and without what is known of a text."""
    unknown, law = conversation.notes
    assert gbt7714(law) == (
        "松林镇港务局. 港口管理办法[EB/OL]. (2023-07-13). https://harbour.example/rules?a=1&b={2}. 第二条第一款."
    )
    assert (
        apa(law) == "松林镇港务局. (2023, July 13). 港口管理办法 (Art. 2(1)). https://harbour.example/rules?a=1&b={2}"
    )
    assert gbt7714(unknown).startswith("The Harbour Declaration[EB].")
    assert "(n.d.)" in apa(unknown)


def test_bibtex_parses(conversation: Conversation) -> None:
    """bibtexparser reads every entry and field."""
    parser = pytest.importorskip("bibtexparser", reason="bibtexparser is not installed")
    library = parser.parse_string(FORMATS["bibtex"].encode(conversation).decode())
    assert library.failed_blocks == []
    assert [entry.key for entry in library.entries] == [note.key for note in conversation.notes]
    fields = {field.key: field.value for field in library.entries[1].fields}
    assert fields["quote"] == conversation.notes[1].quote
    assert fields["snapshot"] == str(conversation.notes[1].anchor)
    assert fields["year"] == "2023"


def test_ris_parses(conversation: Conversation) -> None:
    """rispy reads every record."""
    parser = pytest.importorskip("rispy", reason="rispy is not installed")
    records = parser.loads(FORMATS["ris"].encode(conversation).decode())
    assert [record["id"] for record in records] == [note.key for note in conversation.notes]
    assert records[1]["notes"] == ["> " + conversation.notes[1].quote, str(conversation.notes[1].anchor)]
    assert records[1]["type_of_reference"] == "STAT"


def test_csl_has_what_the_schema_asks(conversation: Conversation) -> None:
    """id and type are there, dates are date parts, names are literal."""
    items = json.loads(FORMATS["csl"].encode(conversation))
    assert {"id", "type"} <= set(items[0])
    assert items[1]["issued"] == {"date-parts": [[2023, 7, 13]]}
    assert items[1]["author"] == [{"literal": "松林镇港务局"}]


@pytest.mark.parametrize(
    ("name", "reader"), [("markdown", "markdown"), ("html", "html"), ("docx", "docx"), ("csl", "csljson")]
)
def test_pandoc_reads_it(name: str, reader: str, conversation: Conversation, tmp_path: Path) -> None:
    """Pandoc, where it is installed, reads every format, and the quotes of those that have a text."""
    if shutil.which("pandoc") is None:
        pytest.skip("pandoc is not installed")
    path = write(conversation, name, tmp_path)
    done = subprocess.run(
        ["pandoc", "-f", reader, "-t", "plain", str(path)], capture_output=True, text=True, check=True
    )
    assert "应当点灯" in done.stdout or name == "csl"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_escapes_are_undone(text: str) -> None:
    """Whatever a quote holds, reading gives it back."""
    assert markdown.unescape(markdown.escape(text)) == text
    assert bibtex.unescape(bibtex.escape(text)) == text


@given(st.text("ab\\{}%~^$\n", max_size=12))
def test_bibtex_fields_stay_balanced(text: str) -> None:
    """Braces in a quote neither open nor close anything."""
    escaped = bibtex.escape(text)
    assert bibtex.unescape(escaped) == text
    depth = 0
    for character in escaped:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0


WORDS_BY_LANGUAGE = {"zh-CN": ("读取日期", "译文"), "zh-TW": ("讀取日期", "譯文"), "en": ("read on", "translation")}


@pytest.mark.parametrize("language", WORDS_BY_LANGUAGE)
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_quote_place_address_day_and_hash(
    name: str, language: str, conversation: Conversation, editions: dict[str, Edition], tmp_path: Path
) -> None:
    """In each interface language every reference carries all five, and verifies."""
    text = replace(editions["harbour-law.zh"], read_on=date(2026, 1, 2), origin=Origin.TRANSLATION)
    texts = {**editions, text.key: text}
    lamp = cite(text, "船只夜间应当点灯。")
    left_open = "“几点”没有回答"
    answer = Answer("夜里？", "zh", Status.ANSWERED, (Claim(lamp.quote, Support.VERBATIM, (lamp,)),), left_open)
    told = Conversation((answer,), texts, conversation.catalogue, language, date(2026, 1, 3))
    path = write(told, name, tmp_path)
    assert verify_export(path, texts).problems == []
    if name == "docx":
        import zipfile

        shown = "".join(zipfile.ZipFile(path).read(f"word/{part}.xml").decode() for part in ("document", "footnotes"))
    else:
        shown = path.read_text(encoding="utf-8")
    plain = html.unescape(markdown.unescape(bibtex.unescape(shown)))
    place = place_name(text, lamp.locator, "en" if name == "apa" or (language == "en" and name != "gbt7714") else "zh")
    day = {"ris": "2026/01/02", "csl": '"accessed": {\n   "date-parts"', "apa": "Retrieved January 2, 2026"}
    for needed in (lamp.quote, place, "https://harbour.example/rules", day.get(name, "2026-01-02"), text.sha256):
        assert needed in plain, needed
    read_on, translation = WORDS_BY_LANGUAGE[language]
    if name in ("markdown", "html", "docx"):
        assert read_on in plain
        assert translation in plain
        assert 0 < plain.index(lamp.quote) < plain.index(left_open)  # said after the answer, not as its verdict


def test_the_scripts_do_not_mix() -> None:
    """Traditional words hold no character that only simplified Chinese has, and the other way round."""
    simplified, traditional = words("zh-CN"), words("zh-TW")
    assert simplified.keys() == traditional.keys() == words("en").keys()
    convert = pytest.importorskip("opencc", reason="opencc is not installed").OpenCC
    assert {
        key: convert("t2s").convert(word)
        for key, word in traditional.items()
        if key not in ("verify", "exported", "digest_note")
    } == {key: word for key, word in simplified.items() if key not in ("verify", "exported", "digest_note")}
    assert words("zh-HK") == words("zh-Hant") == traditional
    assert words("fr") == words("en")
