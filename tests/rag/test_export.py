"""Exports: every format keeps quotes, places, hashes and addresses; verify finds any altered character."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_support import make_edition

from rag.__main__ import main
from rag.answer import Answer, Citation, Claim, Status, Support
from rag.cite import place_name
from rag.export import bibtex, markdown
from rag.export.formats import FORMATS
from rag.export.note import Conversation
from rag.export.reading import UnreadableExport, read_export
from rag.export.styles import apa, gbt7714
from rag.export.wording import words
from rag.verify_export import differences, verify_export
from sources.catalogue import Catalogue, CatalogueEntry
from sources.edition import Edition, Origin

DECLARATION = (
    "The Harbour Declaration\n\nTen *ports* met & agreed {in 1999} that <boats> matter_a_lot, at 50% of $cost #1.\n\n"
    "- Ships [all] shall ^rest^ ~ on Sundays \\ holidays.\n\n> 1. No lamp may be “dark”; see a=b + c@d."
)
LAW = "港口管理办法\n\n第一条 为了保护港口里的灯塔，制定本办法。\n\n第二条 船只夜间应当点灯。\n\n违者由港务员劝离。\n\n第三条 本办法自夏天起施行。\n"
DIGEST = "港口宣言\n\n十个港口商定，船很要紧。\n\n船在星期日休息。"


def cite(edition: Edition, start: int, end: int) -> Citation:
    unit = edition.unit_at(start)
    assert unit is not None
    return Citation(
        edition.source_id, edition.key, edition.language, edition.origin, unit.locator, start, end, edition.text[start:end],
        edition.title, place_name(edition, unit.locator, "zh"),
    )  # fmt: skip


def span(edition: Edition, quote: str) -> Citation:
    start = edition.text.index(quote)
    return cite(edition, start, start + len(quote))


@pytest.fixture
def editions() -> dict[str, Edition]:
    texts = (
        make_edition("harbour-declaration", "en", DECLARATION),
        make_edition("harbour-declaration", "zh", DIGEST, Origin.DIGEST),
        make_edition("harbour-law", "zh", LAW),
    )
    return {edition.key: edition for edition in texts}


@pytest.fixture
def conversation(editions: dict[str, Edition]) -> Conversation:
    declaration, law = editions["harbour-declaration.en"], editions["harbour-law.zh"]
    first = span(declaration, DECLARATION[DECLARATION.index("Ten") :])  # three paragraphs with everything special
    lamp = span(law, "船只夜间应当点灯。")
    answers = (
        Answer(
            "What did the *ports* agree? <b>",
            "en",
            Status.ANSWERED,
            (
                Claim(first.quote, Support.VERBATIM, (first,)),
                Claim("十个港口商定，船很要紧。", Support.GLOSS, (first,)),
            ),
            index_id="abc123",
        ),
        Answer(
            "夜里怎么办？", "zh", Status.ANSWERED, (Claim(lamp.quote, Support.VERBATIM, (lamp, first), "《办法》"),)
        ),
        Answer("谁赢了？", "zh", Status.NOT_IN_SOURCES, (), "文本没有说。", (lamp,)),
    )
    row = {
        "id": "harbour-law", "kind": "law", "title": {"zh": "港口管理办法", "en": "Harbour Rules"},
        "issuer": {"zh": "松林镇港务局", "en": "Pinewood Harbour Office"},
        "dates": {"published": date(2023, 7, 13)},
        "edition": [{"language": "zh", "origin": "official", "url": "https://harbour.example/rules?a=1&b={2}"}],
    }  # fmt: skip
    catalogue = Catalogue((CatalogueEntry.model_validate(row),))
    return Conversation(answers, editions, catalogue, "zh-CN", date(2026, 1, 2))


def write(conversation: Conversation, name: str, folder: Path) -> Path:
    path = folder / f"export.{FORMATS[name].suffix}"
    path.write_bytes(FORMATS[name].encode(conversation))
    return path


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_keeps_every_quote_and_verifies(
    name: str, conversation: Conversation, editions: dict[str, Edition], tmp_path: Path
) -> None:
    """What is read back is what was quoted, whatever characters it holds."""
    path = write(conversation, name, tmp_path)
    export = read_export(path)
    assert [quoted.quote for quoted in export.quotes] == [note.quote for note in conversation.notes]
    assert [quoted.anchor for quoted in export.quotes] == [note.anchor for note in conversation.notes]
    check = verify_export(path, editions)
    assert check.problems == []
    assert (check.quotes, check.claims) == (2, 0 if FORMATS[name].is_references else 3)


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "docx"])
def test_any_single_altered_character_is_named(
    name: str, conversation: Conversation, editions: dict[str, Edition], tmp_path: Path
) -> None:
    """One character of a quote is exchanged, removed or added: verify fails and names it."""
    path = write(conversation, name, tmp_path)
    text = path.read_text(encoding="utf-8")
    for place in [found.start() for found in re.finditer("点灯", text)]:
        for changed, named in (
            ("熄灯", "“熄” (U+7184) stands where the text has “点” (U+70B9)"),
            ("灯", "missing"),
            ("点了灯", "“了”"),
        ):
            path.write_text(text[:place] + changed + text[place + 2 :], encoding="utf-8")
            problems = verify_export(path, editions).problems
            assert any(named in problem for problem in problems), (changed, problems)


def test_altered_word_document_is_named(
    conversation: Conversation, editions: dict[str, Edition], tmp_path: Path
) -> None:
    """The quotes are in real footnotes, and they are read from there."""
    import zipfile

    path = write(conversation, "docx", tmp_path)
    altered = tmp_path / "altered.docx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(altered, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            new.writestr(item, data.replace("点灯".encode(), "熄灯".encode()) if "footnotes" in item.filename else data)
    problems = verify_export(altered, editions).problems
    assert (
        "Note 2: character 7: “熄” (U+7184) stands where the text has “点” (U+70B9) (harbour-law.zh art2.1)."
        in problems
    )
    assert "footnoteReference" in zipfile.ZipFile(path).read("word/document.xml").decode()


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("harbour-law.zh art2.1", "harbour-law.en art2.1", "holds no text harbour-law.en"),
        (" art2.1 ", " art1.1 ", "the place is art1.1 in the export"),
        ("sha256:", "sha256:0", "anchor"),
        ("`harbour-law.zh", "`", "anchor"),
    ],
)
def test_altered_anchors_are_named(
    old: str, new: str, named: str, conversation: Conversation, editions: dict[str, Edition], tmp_path: Path
) -> None:
    """A quote that cannot be traced is a problem, not a pass."""
    path = write(conversation, "markdown", tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    problems = verify_export(path, editions).problems
    if new == "sha256:0":
        named = "sha256"
    assert any(named in problem for problem in problems), problems


def test_claims_are_checked_too(conversation: Conversation, editions: dict[str, Edition], tmp_path: Path) -> None:
    """A verbatim claim must repeat its quote, a gloss must be the digest's words, and a note must be there."""
    path = write(conversation, "html", tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("船很要紧", "船不要紧"), encoding="utf-8")
    assert verify_export(path, editions).problems == [
        "Claim 2: “十个港口商定，船不要紧。…” is not what the digest of harbour-declaration says."
    ]
    path.write_text(text.replace('data-notes="1"', 'data-notes="9"'), encoding="utf-8")
    assert "Claim 1: it rests on note 9, which is not in the export." in verify_export(path, editions).problems


def test_another_edition_is_told(conversation: Conversation, editions: dict[str, Edition], tmp_path: Path) -> None:
    """A text that changed since is named by its hash, and whether the quote still stands in it."""
    path = write(conversation, "gbt7714", tmp_path)
    newer = make_edition("harbour-law", "zh", LAW.replace("第一条 ", "第一条 一、"))
    problems = verify_export(path, {**editions, newer.key: newer}).problems
    assert len(problems) == 1
    assert "the quote still stands in it" in problems[0]


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
    """Pandoc, where it is installed, finds the same number of notes."""
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


def test_invisible_characters_are_named() -> None:
    """A zero-width space is told by its name."""
    assert list(differences("ab", "a\u200bb")) == ["character 2: “” (U+200B ZERO WIDTH SPACE) is not in the text"]


@pytest.mark.parametrize("name", ["notes.xyz", "broken.docx", "broken.json", "none.md"])
def test_unreadable_exports_get_one_sentence(name: str, tmp_path: Path) -> None:
    """Unknown endings, damaged and missing files are told without a trace."""
    path = tmp_path / name
    if name != "none.md":
        path.write_bytes(b"{")
    with pytest.raises(UnreadableExport, match=name):
        read_export(path)


def test_command(
    conversation: Conversation, editions: dict[str, Edition], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """0 when all holds; 1, and the character on stderr, when not; 1 for a file that cannot be read."""

    class Shelf:
        def __init__(self, held: dict[str, Edition]) -> None:
            self.editions = held

    opened: Callable[[object], Shelf] = lambda _folder: Shelf(editions)  # noqa: E731
    monkeypatch.setattr("rag.__main__.open_or_build", opened)
    path = write(conversation, "markdown", tmp_path)
    assert main(["verify", str(path)]) == 0
    assert "2 quotes and 3 claims checked: all hold." in capsys.readouterr().out
    path.write_text(path.read_text(encoding="utf-8").replace("点灯", "点灯灯"), encoding="utf-8")
    assert main(["verify", str(path)]) == 1
    assert "“灯” (U+706F) is not in the text" in capsys.readouterr().err
    assert main(["verify", str(tmp_path / "none.md")]) == 1


WORDS_BY_LANGUAGE = {"zh-CN": ("读取日期", "译文"), "zh-TW": ("讀取日期", "譯文"), "en": ("read on", "translation")}


@pytest.mark.parametrize("language", WORDS_BY_LANGUAGE)
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_quote_place_address_day_and_hash(
    name: str, language: str, conversation: Conversation, editions: dict[str, Edition], tmp_path: Path
) -> None:
    """In each interface language every reference carries all five, and verifies."""
    text = replace(editions["harbour-law.zh"], read_on=date(2026, 1, 2), origin=Origin.TRANSLATION)
    texts = {**editions, text.key: text}
    lamp = span(text, "船只夜间应当点灯。")
    answer = Answer("夜里？", "zh", Status.ANSWERED, (Claim(lamp.quote, Support.VERBATIM, (lamp,)),))
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
