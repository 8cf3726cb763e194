"""What the pages beside the chat have in common: head, masthead with the way between pages, language."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse

from ui.files import page_address
from ui.markup import Html, join, tag
from ui.texts import COOKIE, INTERFACE_LANGUAGES, preferred, supported, words

_PLACES = (("", "nav_ask"), ("compare", "nav_compare"), ("sources", "nav_sources"), ("evaluation", "nav_evaluation"))


def reader_language(request: Request) -> str:
    """The interface language: as the address says, else as chosen before, else that of the browser."""
    chosen = request.query_params.get("language", "") or request.cookies.get(COOKIE, "")
    return supported(chosen) if chosen else preferred(request.headers.get("accept-language", ""))


def navigation(language: str, here: str, root: str = "") -> Html:
    """The way between pages; `here` is where the reader is, `root` leads from there to the chat."""
    word = words(language)
    links = [
        tag("a", word[name], href=f"{root}{place}" or "./", aria_current="page" if place == here else None)
        for place, name in _PLACES
    ]
    return tag("nav", join(links), class_="places", aria_label=word["nav"])


def page_response(
    request: Request,
    language: str,
    here: str,
    title: str,
    *body: object,
    root: str = "",
    files: Sequence[str] = ("admin.js",),
    is_wide: bool = False,
) -> HTMLResponse:
    """A whole page with those style sheets and scripts of ours; a language that the address names is remembered."""
    word = words(language)
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "language"]
    shown = [
        tag("a", name, href="?" + urlencode([*asked, ("language", code)]), lang=code,
            aria_current="true" if code == language else None)
        for code, name in INTERFACE_LANGUAGES.items()
    ]  # fmt: skip
    head = join(
        [
            tag("meta", charset="utf-8"),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("title", f"{title} · {word['title']}"),
            tag("link", rel="stylesheet", href=root + page_address("style.css")),
            tag("link", rel="stylesheet", href=root + page_address("pages.css")),
            tag("link", rel="icon", type="image/svg+xml", href=root + page_address("icon.svg")),
            *(_file(root + page_address(name), name) for name in files),
        ]
    )
    masthead = tag(
        "header",
        tag("div", tag("p", word["title"], class_="brand"), navigation(language, here, root), class_="bar"),
        tag("nav", join(shown), class_="languages", aria_label=word["language"]),
        id="page-masthead",
    )
    skip = tag("a", word["skip"], href="#main", class_="skip")
    main = tag("main", tag("h1", title), join(body), id="main", tabindex=-1, class_="wide" if is_wide else None)
    page = tag(
        "html",
        tag("head", head),
        tag("body", skip, masthead, main, class_="site"),
        lang=language,
    )
    response = HTMLResponse("<!DOCTYPE html>" + page)
    if request.query_params.get("language"):
        response.set_cookie(COOKIE, language, max_age=31_536_000, samesite="strict")
    return response


def _file(address: str, name: str) -> Html:
    if name.endswith(".css"):
        return tag("link", rel="stylesheet", href=address)
    return tag("script", src=address, defer=True)
