"""A thousand broken and hostile files: each is read or refused with its sentence, and nothing else is affected."""

from __future__ import annotations

import json
import random
import struct
import time
import zipfile
import zlib
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pytest
from documents_support import make_docx, make_pdf
from tests_support import GARDEN_LAW

from sources.catalogue import Catalogue
from sources.errors import SourceError, UnreadableFile
from sources.load import load_file, load_folder
from sources.readers import text_of
from sources.readers.guard import ReaderProcess

NO_CATALOGUE = Catalogue(())
HTML = (
    "<!doctype html><html><body><nav><a href=/>Town</a></nav><h1>Rules</h1>"
    + "<p>Nobody lights fires in the park.</p>" * 30
    + "<table><tr><td>(a)</td><td>ponds</td></tr></table></body></html>"
).encode()
XML = b"<RULE><HD>Rules</HD>" + b"<P>(a) Nobody feeds squirrels.</P>" * 30 + b"</RULE>"
COUNT = 1000


def seeds() -> dict[str, bytes]:
    """One good file of each format."""
    pdf = make_pdf([["Rules of the park", "", "Nobody lights fires."]] * 3, ["Town 1/3", "Town 2/3", "Town 3/3"])
    return {
        ".html": HTML, ".pdf": pdf, ".docx": make_docx(), ".xml": XML,
        ".txt": GARDEN_LAW.encode(), ".md": b"# Rules\n\nNobody lights fires.\n",
    }  # fmt: skip


def break_bytes(raw: bytes, chance: random.Random) -> bytes:
    """One of: cut short, some bits flipped, a piece repeated, lost or filled with noise, a number made huge."""
    place = chance.randrange(max(len(raw), 1))
    length = chance.randrange(1, max(len(raw) // 4, 2))
    match chance.randrange(6):
        case 0:
            return raw[:place]
        case 1:
            changed = bytearray(raw)
            for _ in range(chance.randrange(1, 30)):
                changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
            return bytes(changed)
        case 2:
            return raw[:place] + raw[place : place + length] * chance.randrange(2, 40) + raw[place:]
        case 3:
            return raw[:place] + raw[place + length :]
        case 4:
            return raw[:place] + chance.randbytes(length) + raw[place + length :]
        case _:
            return raw.replace(b"1", b"99999999999", chance.randrange(1, 9))


def zip_of(parts: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def lying_zip() -> bytes:
    """An archive whose directory tells a small size for a part that unpacks to very much."""
    raw = bytearray(zip_of({"word/document.xml": b" " * 200_000_000}))
    directory = raw.rindex(b"PK\x01\x02")
    raw[directory + 24 : directory + 28] = struct.pack("<I", 1000)
    return bytes(raw)


@lru_cache
def hostile() -> dict[str, bytes]:
    """Files made to crash, hang or flood a reader."""
    word = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    deep_pdf = b"%PDF-1.4\n1 0 obj" + b"[" * 200_000 + b"endobj trailer<</Root 1 0 R>>"
    loop = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9>>endobj\n"
    many = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 2000000000>>endobj\n"
    )
    stream = zlib.compress(b"q " * 30_000_000, 9)
    page = b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R>>endobj\n"
    flood = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj " + page
    flood += (
        b"4 0 obj<</Length "
        + str(len(stream)).encode()
        + b"/Filter/FlateDecode>>stream\n"
        + stream
        + b"\nendstream endobj\n"
    )
    return {
        "bomb.docx": zip_of({"word/document.xml": b"<a>" + b" " * 300_000_000}),
        "lying.docx": lying_zip(),
        "crowd.docx": zip_of({f"part{n}": b"" for n in range(6000)}),
        "deep.docx": zip_of({"word/document.xml": (word + "<w:p>" * 100_000).encode()}),
        "laughs.docx": zip_of({"word/document.xml": f"<!DOCTYPE a [{laughs}]>{word}&a11;</w:document>".encode()}),
        "empty-archive.docx": zip_of({}),
        "old.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000),
        "laughs.xml": f"<!DOCTYPE a [{laughs}]><a><P>&a11;</P></a>".encode(),
        "outside.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a><P>&x;</P></a>',
        "deep.xml": b"<P>" * 200_000,
        "unknown.xml": b"<feed><entry>words</entry></feed>",
        "deep.html": b"<div>" * 300_000 + b"words",
        "deep-inline.html": b"<b>" * 300_000 + b"words",
        "wide.html": b"<p>" * 1_000_000 + b"words",
        "attributes.html": b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">words</p>",
        "long-line.html": b"<p>" + b"x" * 1_500_000,
        "scripts.html": b"<html><body><script>render()</script></body></html>",
        "numbers.html": b"<ol start=99999999999999999999><li>words</li></ol>" * 50,
        "deep.pdf": deep_pdf,
        "loop.pdf": loop + b"trailer<</Root 1 0 R>>",
        "many.pdf": many + b"trailer<</Root 1 0 R>>",
        "flood.pdf": flood + b"trailer<</Root 1 0 R>>",
        "picture.pdf": b"\x89PNG\r\n\x1a\n" + bytes(4000),
        "zeros.txt": bytes(100_000),
        "surrogates.txt": b"\xed\xa0\x80\xed\xb0\x80",
        "numerals.txt": ("第" + "百" * 50_000 + "条 公园").encode() * 4,
        "brackets.txt": b"(" * 100_000 + b"\n" + b"1. x\n" * 20_000,
        "bells.md": bytes(range(1, 32)) * 1000,
    }


def test_a_thousand_malformed_files_are_read_or_refused_and_the_good_one_is_loaded(tmp_path: Path) -> None:
    chance = random.Random(20231101)
    originals = list(seeds().items())
    names = hostile()
    for name, raw in names.items():
        (tmp_path / name).write_bytes(raw)
    suffixes = [suffix for suffix, _ in originals]
    for number in range(COUNT - len(names)):
        _, raw = chance.choice(originals)
        same = chance.random() < 0.8
        suffix = next(s for s, r in originals if r is raw) if same else chance.choice(suffixes)
        (tmp_path / f"broken-{number:04}{suffix}").write_bytes(break_bytes(raw, chance))
    (tmp_path / "zz-good.txt").write_text(GARDEN_LAW, encoding="utf-8")

    started = time.monotonic()
    report = load_folder(tmp_path, NO_CATALOGUE)
    assert time.monotonic() - started < 300

    assert report.editions[-1].source_id == "zz-good"
    assert report.editions[-1].text == GARDEN_LAW
    assert len(report.editions) + len(report.problems) == COUNT + 1
    for problem in report.problems:
        named = problem.split(" ")[0].rstrip(":")
        assert (tmp_path / named).exists(), problem
        assert problem.endswith("."), problem
        assert "\n" not in problem
        assert len(problem) < 400
        assert "Traceback" not in problem
    for edition in report.editions:
        assert all(not gap.strip() for gap in edition.gaps())
    refused = {problem.split(" ")[0] for problem in report.problems}
    readable = {
        "deep-inline.html",
        "wide.html",
        "attributes.html",
        "numbers.html",
        "numerals.txt",
        "brackets.txt",
        "bells.md",
    }
    assert set(names) - refused <= readable


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("bomb.docx", "bomb.docx unpacks to more than 67,108,864 bytes"),
        ("lying.docx", "lying.docx has a broken part"),
        ("old.docx", "old.docx is an old or locked Word document"),
        ("laughs.xml", "laughs.xml defines XML entities of its own"),
        ("outside.xml", "outside.xml defines XML entities of its own"),
        ("unknown.xml", "unknown.xml is XML of a kind that is not known (root element 'feed')"),
        ("scripts.html", "scripts.html shows no text without its scripts"),
        ("picture.pdf", "picture.pdf is not a PDF file"),
        ("deep.html", "deep.html nests its elements deeper than 240"),
    ],
)
def test_refusal_says_what_is_wrong(name: str, says: str) -> None:
    with pytest.raises(UnreadableFile, match="^" + says.replace("(", r"\(").replace(")", r"\)").replace(".", r"\.")):
        text_of(hostile()[name], name, Path(name).suffix)


def test_file_that_takes_too_long_is_given_up_and_the_next_one_is_read() -> None:
    process = ReaderProcess(seconds=0.0)
    with pytest.raises(UnreadableFile, match=r"^slow\.html takes longer than 0 seconds to read; "):
        process.read(HTML, "slow.html", ".html")
    process._seconds = 60
    assert process.read(HTML, "next.html", ".html").startswith("Rules\n")
    process.close()


def test_reader_that_dies_costs_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.readers.guard.sys.executable", "/bin/false")
    process = ReaderProcess()
    with pytest.raises(UnreadableFile, match=r"^dead\.pdf crashes its reader; "):
        process.read(b"%PDF-", "dead.pdf", ".pdf")
    process.close()


@pytest.mark.parametrize(
    "beside",
    [b"[" * 100_000, b'{"id": ' + b"9" * 5000 + b"}", rb'{"title": "\ud800"}', b"[]", b"\xff", b'"id"', b"{"],
    ids=["deep", "huge-number", "surrogate", "list", "not-utf-8", "string", "cut"],
)
def test_broken_metadata_is_refused_in_one_sentence(tmp_path: Path, beside: bytes) -> None:
    (tmp_path / "law.txt").write_text(GARDEN_LAW, encoding="utf-8")
    (tmp_path / "law.json").write_bytes(beside)
    with pytest.raises(SourceError, match=r"^law\.json [^\n]+\.$"):
        load_file(tmp_path / "law.txt", NO_CATALOGUE)


def test_folder_named_like_a_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "law.txt").mkdir()
    assert load_folder(tmp_path, NO_CATALOGUE).problems == ["law.txt is not a file; name a file that holds a text."]


def test_metadata_of_any_shape_never_breaks_loading(tmp_path: Path) -> None:
    for number, value in enumerate(("x" * 100, "../up", "", 7, None, ["a"], {"b": 1}, True)):
        path = tmp_path / f"text-{number}.txt"
        path.write_text(GARDEN_LAW, encoding="utf-8")
        keys = ("id", "language", "title", "sha256", "read_on", "canonical_url")
        path.with_suffix(".json").write_text(json.dumps(dict.fromkeys(keys, value)), encoding="utf-8")
    report = load_folder(tmp_path, NO_CATALOGUE)
    assert len(report.editions) + len(report.problems) == 8
