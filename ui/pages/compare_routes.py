"""The addresses of the comparison pages: `/compare` (one theme, several texts) and `/against` (a report and a text)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from rag.beside import MOST_SOURCES
from ui.markup import tag
from ui.pages.against_page import against_answer, against_form, against_result, pairs_of
from ui.pages.compare_page import Wanted, compare_form, compare_result, compare_tabs, compared
from ui.pages.shell import page_response, reader_language
from ui.running import Site
from ui.texts import text_language, words

_Short = Annotated[str, Query(max_length=200)]
_FILES = ("compare.css", "panel.js")


def compare_routes(site: Site) -> APIRouter:
    """Both pages."""
    router = APIRouter(include_in_schema=False)

    @router.get("/compare")
    async def compare(
        request: Request,
        theme: _Short = "",
        source: Annotated[list[Annotated[str, Query(max_length=120)]], Query(max_length=60)] = [],  # noqa: B006 — fastapi reads it
    ) -> HTMLResponse:
        """Several texts on one theme."""
        language = reader_language(request)
        now = site.now()
        wanted = Wanted(theme.strip(), tuple(dict.fromkeys(source)))
        parts: list[object] = [
            compare_tabs("compare", language),
            tag("p", words(language)["compare_note"], class_="lead"),
            compare_form(wanted, now, language),
        ]
        if wanted.is_whole and now.beside is not None:
            cells = await site.gate.run(
                now.beside.on_theme, wanted.theme, wanted.sources[: MOST_SOURCES + 1], text_language(language)
            )
            site.kept.keep(compared(wanted, cells, now, language))
            parts.append(compare_result(wanted, cells, now, language))
        elif theme or source:
            parts.append(tag("p", words(language)["compare_too_few"], class_="warning", role="alert"))
        return page_response(
            request, language, "compare", words(language)["compare_title"], *parts, files=_FILES, is_wide=True
        )

    @router.get("/against")
    async def against(request: Request, by: _Short = "", of: _Short = "") -> HTMLResponse:
        """A report against the text itself."""
        language = reader_language(request)
        now = site.now()
        held = {edition.source_id for edition in now.shelf.editions.values()}
        pairs = pairs_of(now.catalogue, held)
        chosen = next((pair for pair in pairs if (pair.by, pair.of) == (by, of)), None)
        if chosen is None and pairs and not (by or of):
            chosen = pairs[0]
        word = words(language)
        parts: list[object] = [
            compare_tabs("against", language),
            tag("p", word["mentions_note"], class_="lead"),
            against_form(pairs, chosen, now, language),
        ]
        if chosen is not None and now.beside is not None:
            rows = await site.gate.run(
                now.beside.mentions, chosen.by, chosen.of, chosen.locators, text_language(language)
            )
            site.kept.keep(against_answer(chosen, rows, now, language))
            parts.append(against_result(chosen, rows, now, language))
        elif chosen is None:
            parts.append(tag("p", word["mentions_empty"], class_="lead none"))
        return page_response(request, language, "compare", word["compare_title"], *parts, files=_FILES, is_wide=True)

    return router
