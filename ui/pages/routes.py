"""The addresses of the pages beside the chat."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from sources.holdings import Holdings
from ui.markup import tag
from ui.pages.admin_box import admin_box, may_change
from ui.pages.compare_routes import compare_routes
from ui.pages.evaluation_page import evaluation_page
from ui.pages.failures import Sieve
from ui.pages.reading_page import reading_page
from ui.pages.shell import page_response, reader_language
from ui.pages.sources_page import HELD, Filters, filter_form, listings, source_list
from ui.running import Site
from ui.texts import words

_Short = Annotated[str, Query(max_length=200)]


def site_pages(site: Site) -> APIRouter:
    """Sources, texts, evaluation."""
    router = APIRouter(include_in_schema=False)
    router.include_router(compare_routes(site))

    @router.get("/sources")
    def sources(
        request: Request,
        q: _Short = "",
        text_in: Annotated[str, Query(alias="in", max_length=2)] = "",
        held: _Short = "",
        legal: _Short = "",
    ) -> HTMLResponse:
        """The catalogue, and what is held of it."""
        language = reader_language(request)
        now = site.now()
        everything = listings(
            now.catalogue, now.shelf.editions, Holdings(site.settings.data_folder).load(now.catalogue).editions
        )
        filters = Filters(q, text_in if text_in in ("zh", "en") else "", held if held in HELD else "", legal)
        word = words(language)
        note = tag("p", word["sources_note"].format(index=now.shelf.id[:12]), class_="lead")
        shown = source_list(
            (listing for listing in everything if listing.matches(filters)),
            language,
            may_change=may_change(site.settings),
        )
        form = filter_form(filters, everything, language)
        return page_response(
            request, language, "sources", word["nav_sources"], note, admin_box(site, language), form, shown
        )

    @router.get("/sources/{edition_key}")
    def text(edition_key: str, request: Request) -> HTMLResponse:
        """One text with its outline."""
        language = reader_language(request)
        now = site.now()
        edition = now.shelf.editions.get(edition_key)
        if edition is None:
            warning = tag("p", words(language)["no_such_text"], class_="warning")
            missing = page_response(request, language, "sources", words(language)["nav_sources"], warning, root="../")
            missing.status_code = 404
            return missing
        page = reading_page(now, edition, language)
        return page_response(request, language, "sources", edition.title, page, root="../")

    @router.get("/evaluation")
    def evaluation(request: Request, cause: _Short = "", kind: _Short = "", lang: _Short = "") -> HTMLResponse:
        """The newest report of the evaluation, its failures by cause, kind and language."""
        language = reader_language(request)
        page = evaluation_page(site.settings.result_folders, language, Sieve(cause, kind, lang))
        return page_response(request, language, "evaluation", words(language)["nav_evaluation"], page)

    return router
