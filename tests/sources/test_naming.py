"""Names in both languages of a digest unit: agreement with the term sheet, nesting, exceptions."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.errors import BadLibrary
from sources.library import DigestEntry, digest_files, read_digest
from sources.naming import NameExceptions, load_name_exceptions, name_findings
from sources.terms import Term, load_terms

TERMS = (
    Term("park-office", "institution", ("公园管理处", "管理处"), ("Park Office",)),
    Term("park-office-charter", "document", ("公园管理处章程",), ("Charter of the Park Office",)),
    Term("us", "country", ("美国",), ("US", "United States")),
    Term("tree", "concept", ("树木",), ("tree",)),
)


def findings(zh: str, en: str, exceptions: NameExceptions | None = None) -> list[str]:
    entry = DigestEntry("art2.1", {"zh": zh, "en": en}, "garden-law.toml", 12)
    return name_findings([entry], TERMS, exceptions)


def test_disagreement_names_file_unit_and_term() -> None:
    assert findings("公园管理处保护树木。", "The city protects trees.") == [
        "garden-law.toml, line 12, art2.1: zh names '公园管理处' (park-office), en has none of 'Park Office'"
    ]
    (found,) = findings("城市保护树木。", "The park office protects trees.")
    assert "art2.1: en names 'park office' (park-office), zh has none of '公园管理处', '管理处'" in found


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("管理处说明规则。", "The Park Office's rules are explained."),
        ("两个管理处。", "Two Park Offices."),
        ("《公园管理处章程》有三条。", "The Charter of the Park Office has three articles."),
        ("树木属于大家。", "They belong to us."),  # “us” is not “US”, and concepts are words, no names
        ("公园管理处（US）。", "The Park Office."),  # alone in brackets
        ("公园管理处和公园管理处章程。", "The Park Office and the Charter of the Park Office."),
    ],
)
def test_agreement(zh: str, en: str) -> None:
    assert findings(zh, en) == []


def test_name_inside_a_longer_one_does_not_stand_by_itself_but_answers_the_other_side() -> None:
    (found,) = findings("《公园管理处章程》有三条。", "The Park Office has three articles.")
    assert "(park-office-charter)" in found
    (found,) = findings("公园管理处写了三条。", "The Charter of the Park Office has three articles.")
    assert "(park-office-charter)" in found


def test_exceptions_hold_where_they_are_listed() -> None:
    zh, en = "公园管理处保护树木。", "The State protects trees in all States."
    assert findings(zh, en, NameExceptions(units={"art2.1": ["park-office"]})) == []
    assert findings(zh, en, NameExceptions(wordings={"park-office": ["State"]})) == []
    assert findings(zh, en, NameExceptions(units={"art2.2": ["park-office"]}, wordings={"park-office": ["Stat"]}))


def test_exceptions_are_read_with_those_of_all_sources(tmp_path: Path) -> None:
    path = tmp_path / "name-exceptions.toml"
    path.write_text(
        '[all.wordings]\nus = ["American"]\n[garden-law.wordings]\nus = ["来美"]\n[garden-law.units]\n"p1" = ["us"]\n'
    )
    exceptions = load_name_exceptions(path)
    assert exceptions["garden-law"] == NameExceptions({"us": ("American", "来美")}, {"p1": ["us"]})
    assert exceptions["garden-news"] == NameExceptions({"us": ["American"]})
    path.write_text("[all\n")
    with pytest.raises(BadLibrary, match=r"name-exceptions.toml is not valid TOML"):
        load_name_exceptions(path)


def test_shipped_exceptions_belong_to_units_and_terms_and_are_needed() -> None:
    """Every exception lets a finding pass: one that is no longer needed has to go."""
    terms, exceptions, files = load_terms(), load_name_exceptions(), digest_files()
    known = {term.id for term in terms}
    shared = exceptions["any other"].wordings
    for source, allowed in [(source, exceptions[source]) for source in list(exceptions) if source in files]:
        entries = read_digest(source, files[source])
        assert set(allowed.wordings) <= known
        for locator, term_ids in allowed.units.items():
            entry = [entry for entry in entries if entry.locator == locator]
            told = " ".join(name_findings(entry, terms, NameExceptions(allowed.wordings)))
            assert all(f"({term_id})" in told for term_id in term_ids), (source, locator)
        for term_id in allowed.wordings.keys() - shared.keys():
            fewer = {other: forms for other, forms in allowed.wordings.items() if other != term_id}
            told = " ".join(name_findings(entries, terms, NameExceptions(fewer, allowed.units)))
            assert f"({term_id})" in told, (source, term_id)
