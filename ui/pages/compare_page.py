"""Sources side by side on one theme: a plain form, so that a comparison has an address, and one column a source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.answer import Answer, Claim, Status
from rag.beside import MOST_SOURCES, Cell
from ui.actions import take_away
from ui.claims import Span, claim_block, number_citations
from ui.conversation import Exchange
from ui.markup import Html, join, tag
from ui.panel import empty_panel, legal_status
from ui.reference import citation_fragment, comparison_address
from ui.script import in_script
from ui.service import Service
from ui.texts import text_language, words
from ui.titles import source_title

# Themes on which the bundled texts have something to say: source ids, and the theme in both languages.
EXAMPLES: tuple[tuple[tuple[str, ...], dict[str, str]], ...] = (
    (
        ("genai-interim-measures", "deep-synthesis-provisions", "eu-ai-act"),
        {"zh": "生成内容的标识", "en": "labelling of AI-generated content"},
    ),
    (
        ("bletchley-declaration", "global-ai-governance-initiative", "genai-interim-measures"),
        {"zh": "国际合作", "en": "international cooperation"},
    ),
    (
        ("bletchley-declaration", "frontier-ai-safety-commitments"),
        {"zh": "前沿人工智能的安全测试", "en": "safety testing of frontier models"},
    ),
    (
        ("genai-interim-measures", "algorithm-recommendation-provisions"),
        {"zh": "保护未成年人", "en": "protection of minors"},
    ),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks to see side by side."""

    theme: str = ""
    sources: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether there is something to compare."""
        return bool(self.theme) and len(self.sources) > 1

    @property
    def address(self) -> str:
        """The address of this comparison, relative to the chat."""
        return comparison_address(self.theme, self.sources)


def compare_tabs(here: str, language: str) -> Html:
    """The two ways to compare."""
    word = words(language)
    links = [
        tag("a", word[name], href=place, aria_current="page" if place == here else None)
        for place, name in (("compare", "compare_themes"), ("against", "compare_mentions"))
    ]
    return tag("nav", join(links), class_="tabs", aria_label=word["compare_title"])


def compare_form(wanted: Wanted, service: Service, language: str) -> Html:
    """Theme and texts, with examples that fill them in."""
    word = words(language)
    own = text_language(language)
    held = dict.fromkeys(edition.source_id for edition in service.shelf.editions.values())
    order = [entry.id for entry in service.catalogue if entry.id in held]
    boxes = [
        tag(
            "label",
            tag("input", type="checkbox", name="source", value=name, checked=name in wanted.sources),
            tag("span", source_title(name, service, language)),
        )
        for name in (*order, *sorted(held.keys() - set(order)))
    ]
    theme = tag("input", type="search", name="theme", value=wanted.theme, maxlength=200, required=True)
    texts = tag(
        "details",
        tag("summary", word["compare_sources"]),
        tag("fieldset", tag("legend", word["compare_sources"], class_="unseen"), join(boxes), class_="choices"),
        open=not wanted.is_whole,
    )
    examples = [
        tag("a", theme, href=Wanted(theme, names).address, class_="quiet")
        for names, theme in ((names, in_script(themes[own], language)) for names, themes in EXAMPLES)
        if held.keys() >= set(names)
    ]
    suggested = tag("p", tag("span", word["compare_examples"], class_="label"), join(examples)) if examples else ""
    show = tag("button", word["compare_show"], type="submit", class_="primary")
    row = tag("div", tag("label", word["compare_theme"], theme), show, class_="row")
    return tag("form", row, suggested, texts, method="get", action="compare", class_="compare-form")


def compared(wanted: Wanted, cells: Sequence[Cell], service: Service, language: str) -> Answer:
    """The comparison as an answer, so that it can be kept and taken away like one."""
    claims = [
        replace(claim, heading=source_title(cell.source_id, service, language))
        for cell in cells
        for claim in cell.claims
    ]
    return Answer(
        wanted.theme, text_language(language), Status.ANSWERED, tuple(claims), index_id=service.shelf.id
    )  # fmt: skip


def compare_result(wanted: Wanted, cells: Sequence[Cell], service: Service, language: str) -> Html:
    """One column a source, with the ways to take it away."""
    word = words(language)
    numbers = number_citations([claim for cell in cells for claim in cell.claims])
    columns = [_column(cell, numbers, service, language) for cell in cells]
    too_many = len(wanted.sources) > MOST_SOURCES
    actions = tag(
        "div",
        tag("a", word["compare_link"], class_="quiet", href=wanted.address),
        take_away([Exchange(wanted.theme, compared(wanted, cells, service, language))], language, word),
        class_="result-actions",
    )
    return with_panel(
        join(
            [
                tag("h2", wanted.theme, class_="theme-title"),
                tag("p", word["compare_too_many"], class_="note") if too_many else "",
                tag("div", join(columns), class_=f"columns of{len(columns)}"),
                actions,
            ]
        ),
        language,
    )


def with_panel(result: object, language: str) -> Html:
    """A result with the source panel beside it, which opens at the first citation that is followed."""
    panel = tag("div", empty_panel(language), id="source-panel")
    announcer = tag("p", id="announcer", class_="unseen", role="status", aria_live="polite")
    return tag(
        "div",
        tag("div", result, id="comparison"),
        tag(
            "aside", tag("div", panel, announcer, id="reading-text"), id="reading", aria_label=words(language)["panel"]
        ),
        class_="comparing",
    )


def _column(cell: Cell, numbers: Mapping[Span, int], service: Service, language: str) -> Html:
    word = words(language)
    entry = service.catalogue.get(cell.source_id)
    title = source_title(cell.source_id, service, language)
    body = join(claims_in(cell.claims, numbers, language)) if cell.claims else _nothing(cell, word)
    return tag(
        "section",
        tag("h3", tag("a", title, href=f"sources?q={cell.source_id}", class_="source-link")),
        tag("p", legal_status(entry, language), class_="law") if entry is not None and entry.status else "",
        body,
        class_="column" if cell.claims else "column empty",
        data_source=cell.source_id,
    )


def claims_in(claims: Sequence[Claim], numbers: Mapping[Span, int], language: str) -> list[Html]:
    """Claims with their markers."""
    word = words(language)
    return [claim_block(claim, numbers, word, text_language(language)) for claim in claims]


def _nothing(cell: Cell, word: Mapping[str, str]) -> Html:
    said = tag("p", tag("span", "○ ", aria_hidden="true"), word["compare_nothing"], class_="status")
    if cell.nearest is None:
        return said
    link = tag("a", cell.nearest.place, class_="source-link", href=citation_fragment(cell.nearest))
    return join([said, tag("p", word["compare_closest"], " ", link, class_="note")])
