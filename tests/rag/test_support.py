"""Support: what a cited text carries and what it does not, kind by kind; and the planted-error rates."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer import Support
from rag.facts import Date, Figure, dates, figures, places, quoted
from rag.knowledge import Knowledge
from rag.named import foreign_names
from rag.planted import Kind, Library, measure, pairs, summary
from rag.polarity import Force, markers
from rag.seams import is_merged
from rag.support import CitedText, Fault, check, judge
from sources.terms import Term

TERMS = (
    Term("eu", "country", ("欧盟",), ("European Union", "EU")),
    Term("uk", "country", ("英国",), ("United Kingdom", "UK")),
    Term("us", "country", ("美国",), ("United States", "US")),
    Term("park-board", "institution", ("公园委员会",), ("Park Board",)),
    Term("tree-office", "institution", ("树木办公室",), ("Tree Office",)),
)
KNOWLEDGE = Knowledge(TERMS, {"garden-law": {"zh": ["园林管理办法"], "en": ["Garden Rules"]}})
RULES = CitedText(
    "Visitors must not light fires on the grass. Within 15 days of 3 May 2023 the Park Board must publish a list of "
    "all 28 old trees. The Park Board may invite “friends of the park” to its yearly meeting.",
    "en",
    "garden-law",
    "Garden Rules\nArt. 4(1)",
)
REGELN = CitedText(
    "游客不得在草地上生火。公园委员会应当在2023年5月3日后15日内公布全部28棵古树的名单。公园委员会可以邀请“公园之友”参加年度会议。",
    "zh",
    "garden-law",
    "园林管理办法\n第四条",
)
OTHER = CitedText("The Tree Office pays for new oaks in every town.", "en", "garden-law", "Garden Rules\nArt. 5")


def support(sentence: str, cited: CitedText) -> Support:
    return judge(sentence, cited, [OTHER], KNOWLEDGE).support


def faults(sentence: str, cited: CitedText) -> set[Fault]:
    return {finding.fault for finding in check(sentence, cited, KNOWLEDGE).findings}


@pytest.mark.parametrize(
    ("sentence", "cited", "expected"),
    [
        ("Visitors must not light fires on the grass.", RULES, Support.VERBATIM),
        ("游客不得在草地上生火", REGELN, Support.VERBATIM),
        ("On the grass, visitors must not light fires.", RULES, Support.SUPPORTED),
        ("Visitors are prohibited to light fires on grass.", RULES, Support.SUPPORTED),
        ("The Park Board has to publish a list of all 28 old trees within fifteen days of 3 May 2023.", RULES,
         Support.SUPPORTED),
        ("Under the Garden Rules, visitors must not light fires on the grass.", RULES, Support.SUPPORTED),
        ("公园委员会必须在2023年5月3日后十五日内公布全部28棵古树的名单。", REGELN, Support.SUPPORTED),
        ("根据《园林管理办法》，游客不得在草地上生火。", REGELN, Support.SUPPORTED),
        ("The Tree Office pays for new oaks in every town.", RULES, Support.MISATTRIBUTED),
        ("The mayor opens the park every spring with a concert.", RULES, Support.UNSUPPORTED),
        ("Visitors must not light fires on the grass near benches.", RULES, Support.PARTIAL),
    ],
)  # fmt: skip
def test_levels(sentence: str, cited: CitedText, expected: Support) -> None:
    assert support(sentence, cited) is expected


@pytest.mark.parametrize(
    ("sentence", "cited", "fault"),
    [
        ("Within 16 days of 3 May 2023 the Park Board must publish a list of all 28 old trees.", RULES, Fault.FIGURE),
        ("Within 15 months of 3 May 2023 the Park Board must publish a list of all 28 old trees.", RULES, Fault.FIGURE),
        ("Within 15 days of 4 May 2023 the Park Board must publish a list of all 28 old trees.", RULES, Fault.DATE),
        ("Within 15 days of 3 June 2023 the Park Board must publish a list of all 28 old trees.", RULES, Fault.DATE),
        ("Within 15 days of 3 May 2023 the Tree Office must publish a list of all 28 old trees.", RULES, Fault.NAME),
        ("Within 15 days of 3 May 2023 Frederick must publish a list of all 28 old trees.", RULES, Fault.NAME),
        ("Visitors must light fires on the grass.", RULES, Fault.DENIAL),
        ("Visitors may light fires on the grass.", RULES, Fault.DENIAL),
        ("The Park Board must not publish a list of all 28 old trees.", RULES, Fault.DENIAL),
        ("The Park Board must invite “friends of the park” to its yearly meeting.", RULES, Fault.DENIAL),
        ("The Park Board may invite “friends of trees” to its yearly meeting.", RULES, Fault.QUOTE),
        ("Under Article 9 visitors must not light fires on the grass.", RULES, Fault.PLACE),
        ("Visitors must not light fires on the grass to its yearly meeting.", RULES, Fault.MERGED),
        ("公园委员会应当在2023年5月3日后15日内公布全部29棵古树的名单。", REGELN, Fault.FIGURE),
        ("公园委员会应当在2023年5月3日后15个月内公布全部28棵古树的名单。", REGELN, Fault.FIGURE),
        ("公园委员会应当在2023年6月3日后15日内公布全部28棵古树的名单。", REGELN, Fault.DATE),
        ("树木办公室应当在2023年5月3日后15日内公布全部28棵古树的名单。", REGELN, Fault.NAME),
        ("游客可以在草地上生火。", REGELN, Fault.DENIAL),
        ("公园委员会应当邀请“公园之友”参加年度会议。", REGELN, Fault.DENIAL),
        ("公园委员会可以邀请“大树之友”参加年度会议。", REGELN, Fault.QUOTE),
        ("游客不得在草地上邀请公园之友参加年度会议。", REGELN, Fault.MERGED),
        ("根据第九条，游客不得在草地上生火。", REGELN, Fault.PLACE),
    ],
)
def test_one_wrong_thing_is_one_fault(sentence: str, cited: CitedText, fault: Fault) -> None:
    assert fault in faults(sentence, cited)
    assert not check(sentence, cited, KNOWLEDGE).holds


def test_slice_that_loses_its_denial_is_not_verbatim() -> None:
    assert not check("light fires on the grass", RULES, KNOWLEDGE).holds
    assert not check("在草地上生火", REGELN, KNOWLEDGE).holds


def test_span_is_the_sentence_that_supports() -> None:
    verdict = check("All 28 old trees: the Park Board must publish a list.", RULES, KNOWLEDGE)
    assert verdict.span is not None
    assert RULES.text[slice(*verdict.span)].startswith("Within 15 days")


def test_other_language_is_checked_against_the_digest() -> None:
    both = CitedText(RULES.text, "en", "garden-law", RULES.context, (("zh", REGELN.text),))
    assert check("在草地上，游客不得生火。", both, KNOWLEDGE).support is Support.SUPPORTED
    assert check("在草地上，游客不得生火。", both, KNOWLEDGE).span is None
    assert faults("游客可以在草地上生火。", both) == {Fault.DENIAL}
    assert faults("游客不得在草地上生火。", RULES) == {Fault.LANGUAGE}


def test_own_words_of_a_digest_are_no_quotation_of_the_official_text() -> None:
    both = CitedText(RULES.text, "en", "garden-law", RULES.context, (("en", "Fires are “strictly forbidden” there."),))
    assert check("Fires are “strictly forbidden” there, by the rules.", both, KNOWLEDGE).holds is False


def test_title_may_supply_a_name_but_never_a_figure_that_the_sentence_has_otherwise() -> None:
    cited = CitedText("It was signed by 28 countries.", "en", "", "Declaration of 12 towns, European Union")
    assert check("The European Union one was signed by 28 countries.", cited, KNOWLEDGE).holds
    assert faults("It was signed by 12 countries.", cited) == {Fault.FIGURE}


def test_name_is_the_same_in_any_of_its_forms() -> None:
    assert foreign_names("EU towns plant oaks.", "Towns of the European Union plant oaks.", KNOWLEDGE) == []
    assert foreign_names("UK towns plant oaks.", "Towns of the European Union plant oaks.", KNOWLEDGE) == ["uk"]
    assert foreign_names("US towns plant oaks.", "Towns that trust us must plant.", KNOWLEDGE) != []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fifteen days", {Figure("15", "day")}),
        ("a 15-day period", {Figure("15", "day")}),
        ("15 working days", {Figure("15", "workday")}),
        ("十五日内", {Figure("15", "day")}),
        ("三十个工作日", {Figure("30", "workday")}),
        ("百分之七", {Figure("7", "percent")}),
        ("7 %", {Figure("7", "percent")}),
        ("3500万欧元", {Figure("35000000", "euro")}),
        ("EUR 35 000 000", {Figure("35000000")}),
        ("35 million euros", {Figure("35000000", "euro")}),
        ("twenty-eight countries", {Figure("28")}),
        ("on 3 May 2023", set()),
        ("Article 5", set()),
        ("第五条", set()),
    ],
)
def test_figures(text: str, expected: set[Figure]) -> None:
    assert figures(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年11月1日", {Date(2023, 11, 1)}),
        ("1 November 2023", {Date(2023, 11, 1)}),
        ("November 1, 2023", {Date(2023, 11, 1)}),
        ("1–2 November 2023", {Date(2023, 11, 1), Date(2023, 11, 2)}),
        ("11月1日至2日", {Date(0, 11, 1), Date(0, 11, 2)}),
        ("in May 2024", {Date(2024, 5)}),
        ("may be 3", set()),
        ("by 2030", {Date(2030)}),
    ],
)
def test_dates(text: str, expected: set[Date]) -> None:
    assert expected <= dates(text)
    assert bool(expected) == bool(dates(text))


def test_places_and_quotations() -> None:
    assert places("Article 5 and Annex III, 第十四条第二款") == {"article 5", "annex 3", "条14", "款2"}
    assert quoted('said “old trees”, 「古树」 and "oaks"; it\'s fine') == ("old trees", "古树", "oaks")


@pytest.mark.parametrize(
    ("text", "forces"),
    [
        ("不断提高未来应用能力", []),
        ("不得生火，应当灭火，可以离开", [Force.DENIED, Force.DEMANDED, Force.ALLOWED]),
        ("They must not leave and may stay", [Force.DENIED, Force.ALLOWED]),
        ("in May 2023 the canal opened", []),
    ],
)
def test_markers(text: str, forces: list[Force]) -> None:
    found = [marker.force for marker in markers(text)]
    assert [force for force in found if force in forces] == forces
    assert Force.DENIED in found or Force.DENIED not in forces


def test_seam_needs_two_texts() -> None:
    one, two = "Old trees belong to all towns of the valley.", "New oaks are paid for by the Tree Office alone."
    assert is_merged("Old trees belong to all by the Tree Office alone.", [one, two])
    assert not is_merged("Old trees belong to all towns.", [one, two])
    assert not is_merged(one, [one, two])


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_any_text_gets_a_verdict(sentence: str, cited: str) -> None:
    verdict = check(sentence, CitedText(cited, "en"), KNOWLEDGE)
    assert verdict.holds or verdict.findings or verdict.support in (Support.UNSUPPORTED, Support.PARTIAL)
    if verdict.span is not None:
        assert 0 <= verdict.span[0] <= verdict.span[1] <= len(cited)


# ---- planted errors --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def library() -> Library:
    return Library("held-out")


def test_planting_is_the_same_every_time(library: Library) -> None:
    from random import Random

    first, second = (
        [pair.sentence for pair in pairs(library, Kind.NUMBER, ("zh", "zh"), 20, Random(7))] for _ in range(2)
    )
    assert first == second
    assert len(first) == 20


@pytest.mark.slow
@pytest.mark.parametrize("mix", [("zh", "zh"), ("en", "en"), ("zh", "en"), ("en", "zh")], ids="→".join)
def test_planted_errors_are_caught_and_true_sentences_kept(library: Library, mix: tuple[str, str]) -> None:
    """On sources that no threshold was set on; one kind of 100 sentences may lie two points below the 95 % aimed at."""
    rates = [measure(library, kind, mix, 100) for kind in Kind]
    figures_of = summary(rates)
    assert figures_of["caught"] >= 0.97  # type: ignore[operator]
    assert figures_of["false_alarms"] <= 0.03  # type: ignore[operator]
    for rate in rates:
        assert rate.count >= 50, rate.kind
        assert rate.share <= 0.05 if rate.kind.is_clean else rate.share >= 0.93, (rate.kind, rate.shown[:3])
