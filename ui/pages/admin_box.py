"""The part of the sources page that changes something: texts of one's own, a page, official texts, the index.

`admin.js` gives it life; the sentences that it shows are templates in data attributes, or come from the server.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sources.fetch.official import published_editions
from sources.fetch.snapshots import PageState
from sources.readers import READABLE_SUFFIXES
from ui.markup import Html, join, tag
from ui.rebuilding import STEPS
from ui.running import Settings, Site
from ui.security import UPLOAD_LIMIT
from ui.texts import words

# data attribute → word; admin.js fills in what stands in braces
_TEMPLATES = {
    "added": "file_added",
    "skipped": "files_skipped",
    "chosen": "chosen",
    "joint": "names_joint",
    "line": "fetch_line",
    "none": "no_file_chosen",
    "address": "no_address",
    "fetching": "fetching_now",
    "fetched": "fetched",
    "stopped": "fetch_stopped",
    "planned": "planned",
    "step_reading": "step_reading",
    "step_planning": "step_planning",
    "step_building": "step_building",
    "done": "rebuilt",
    "removed": "removed",
    "token": "wrong_token",
    "lost": "connection_lost",
}


_STATES = ("refused", *(state.value.replace("-", "_") for state in PageState))


def may_change(settings: Settings) -> bool:
    """Whether sources can be changed through this server at all."""
    return settings.is_local or bool(settings.admin_token)


def admin_box(site: Site, language: str) -> Html:
    """Where texts are added and the index is rebuilt, or why that cannot be done here."""
    word = words(language)
    if not may_change(site.settings):
        return tag("details", tag("summary", word["change_sources"]), tag("p", word["admin_off"]), class_="admin")
    token = (
        tag("label", word["admin_token"], tag("input", type="password", id="admin-token", autocomplete="off"))
        if site.settings.admin_token
        else ""
    )
    progress = tag("progress", id="progress", max=len(STEPS) - 1, value=0, hidden=True, aria_label=word["rebuild"])
    templates = {f"data_{name}": word[key] for name, key in _TEMPLATES.items()}
    return tag(
        "details",
        tag("summary", word["change_sources"]),
        token,
        tag("div", _own_texts(word), _page(word), _official(site, word), _index(site, word), class_="ways"),
        progress,
        tag("p", id="admin-now", class_="note", aria_live="polite"),
        tag("ul", id="admin-log", role="log", aria_live="polite"),
        id="change",
        class_="admin",
        data_states=json.dumps({state: word[f"page_{state}"] for state in _STATES}, ensure_ascii=False),
        data_endings=" ".join(READABLE_SUFFIXES),
        **templates,
    )


def _way(title: str, *parts: object) -> Html:
    return tag("section", tag("h3", title), join(parts))


def _own_texts(word: Mapping[str, str]) -> Html:
    note = word["upload_note"].format(endings=" ".join(READABLE_SUFFIXES), size=UPLOAD_LIMIT // (1024 * 1024))
    files = tag(
        "input", type="file", id="new-files", multiple=True, accept=",".join(READABLE_SUFFIXES), class_="unseen"
    )
    folder = tag("input", type="file", id="new-folder", webkitdirectory=True, class_="unseen")
    pickers = tag(
        "div",
        tag("label", files, tag("span", word["choose_files"]), class_="picker"),
        tag("label", folder, tag("span", word["choose_folder"]), class_="picker"),
        tag("button", word["add_files"], type="button", id="add-files", class_="primary"),
        class_="buttons",
    )
    chosen = tag("p", id="chosen", class_="note", aria_live="polite")
    return _way(word["own_texts"], pickers, chosen, tag("p", note, class_="note"))


def _page(word: Mapping[str, str]) -> Html:
    field = tag("input", type="url", id="new-page", maxlength=2000, placeholder="https://")
    button = tag("button", word["add_page"], type="button", id="add-page")
    row = tag("div", tag("label", word["page_address"], field, class_="wide-field"), button, class_="buttons")
    return _way(word["a_page"], row, tag("p", word["page_note"], class_="note"))


def _official(site: Site, word: Mapping[str, str]) -> Html:
    count = sum(1 for _ in published_editions(site.now().catalogue, []))
    buttons = [
        tag("button", word["fetch_all"], type="button", id="fetch-all"),
        tag("button", word["fetch_stop"], type="button", id="fetch-stop", hidden=True),
    ]
    note = tag("p", word["fetch_note"].format(count=count), class_="note")
    return _way(word["official_texts"], tag("div", join(buttons), class_="buttons"), note)


def _index(site: Site, word: Mapping[str, str]) -> Html:
    buttons = [
        tag("button", word["plan"], type="button", id="plan"),
        tag("button", word["rebuild"], type="button", id="rebuild", class_="primary"),
    ]
    note = "" if site.rebuilding is not None else tag("p", word["built_elsewhere"], class_="note")
    return _way(word["the_index"], tag("div", join(buttons), class_="buttons"), note)
