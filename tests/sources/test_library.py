"""The shipped library: format, coverage of the official texts, numbers, nothing copied."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests_support import GARDEN_LAW, make_edition

from sources.__main__ import main
from sources.catalogue import load_catalogue
from sources.check import check_source, shingles_of
from sources.errors import BadLibrary
from sources.library import digest_edition, digest_files, read_digest, read_digest_file
from sources.numerals import numbers_in
from sources.terms import load_terms

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"


def write(folder: Path, text: str) -> Path:
    path = folder / "garden-law.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("source = 'x'\n", "garden-law.toml, line 1, field 'source': expected 'garden-law'"),
        ("source = 'garden-law'\n['art1.1']\nzh = '甲'\n", "garden-law.toml, line 2, ['art1.1'], field 'en'"),
        (
            "source = 'garden-law'\n['art1.1']\nzh='甲'\nen='a'\nfr='b'\n",
            "garden-law.toml, line 2, ['art1.1'], field 'fr'",
        ),
        ("source = 'garden-law'\n['art1.1\n", "garden-law.toml is not valid TOML"),
        ("source = 'garden-law'\n['1 x']\nzh='甲'\nen='a'\n", "garden-law.toml, line 2, ['1 x']: not a locator"),
    ],
)
def test_format_error_names_file_line_and_field(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadLibrary) as raised:
        read_digest_file(write(tmp_path, text.replace("['", '["').replace("']", '"]')), "garden-law")
    assert str(raised.value).startswith(says)


def test_locator_told_twice_names_both_places(tmp_path: Path) -> None:
    first = write(tmp_path, 'source = "garden-law"\n["art1.1"]\nzh = "甲"\nen = "a"\n')
    with pytest.raises(BadLibrary, match="already told in garden-law.toml, line 2"):
        read_digest("garden-law", [first, first])


def test_check_finds_orphans_gaps_copies_and_foreign_numbers(tmp_path: Path) -> None:
    official = make_edition("garden-law", "zh", GARDEN_LAW)
    copied = "游客进入公园应当遵守下列规定：一、不得攀折树枝；二、不得在草地上生火。"
    path = write(
        tmp_path,
        'source = "garden-law"\n["art1.1"]\nzh = "保护树木是目的。"\nen = "The aim is to protect 7 trees."\n'
        f'["art2.1"]\nzh = "{copied}"\nen = "Visitors must follow three rules."\n'
        '["art9.1"]\nzh = "没有这一条。"\nen = "No such article."\n',
    )
    entries = read_digest("garden-law", [path])
    findings = check_source(entries, [official], {"zh": shingles_of([GARDEN_LAW], "zh")}, {})
    assert [finding.split(" ")[0] for finding in findings] == ["art9.1", "2", "art1.1", "art2.1"]
    assert "art2.2, art3.1" in findings[1]
    assert findings[2].endswith("does not hold: 7")
    assert "copies the official text" in findings[3]


def test_numbers_are_read_in_both_languages() -> None:
    assert numbers_in("第十四条，30日，3500万欧元，twenty-one, 2 August 2026, may") == {
        "14",
        "30",
        "35000000",
        "20",
        "1",
        "2",
        "8",
        "2026",
    }


def test_digest_edition_spans_its_entries() -> None:
    for source_id, paths in digest_files().items():
        entries = read_digest(source_id, paths)
        for language in ("zh", "en"):
            edition = digest_edition(source_id, language, "title", entries)
            assert [edition.text_of(unit) for unit in edition.units] == [entry.texts[language] for entry in entries]


def test_every_digest_belongs_to_a_catalogue_entry_and_every_relation_to_a_source() -> None:
    catalogue = load_catalogue()
    assert set(digest_files()) <= {entry.id for entry in catalogue}
    for entry in catalogue:
        assert all(relation.source in catalogue for relation in entry.relations), entry.id


def test_term_sheet_is_whole() -> None:
    terms = load_terms()
    assert len(terms) >= 400
    assert {term.source for term in terms if term.source} <= {entry.id for entry in load_catalogue()}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the official texts (../shared/corpus) are not on this machine")
def test_library_holds_against_the_official_texts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--texts", str(CORPUS)]) == 0, capsys.readouterr().err


def test_library_loads_fast(capsys: pytest.CaptureFixture[str]) -> None:
    """Printed, not asserted: machines are noisy."""
    started = time.perf_counter()
    units = sum(len(read_digest(source_id, paths)) for source_id, paths in digest_files().items())
    with capsys.disabled():
        print(f"\n{units} digest units read and validated in {(time.perf_counter() - started) * 1000:.0f} ms")
    assert units > 0
