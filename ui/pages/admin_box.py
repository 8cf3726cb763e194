"""The part of the sources page that changes something: add files, plan, rebuild. `admin.js` gives it life."""

from __future__ import annotations

from sources.readers import READABLE_SUFFIXES
from ui.markup import Html, join, tag
from ui.rebuilding import STEPS
from ui.running import Site
from ui.security import UPLOAD_LIMIT
from ui.texts import words


def admin_box(site: Site, language: str) -> Html:
    """Where files are added and the index is rebuilt, or why that cannot be done here."""
    word = words(language)
    settings = site.settings
    if not settings.is_local and not settings.admin_token:
        return tag("details", tag("summary", word["change_sources"]), tag("p", word["admin_off"]), class_="admin")
    token = (
        tag("label", word["admin_token"], tag("input", type="password", id="admin-token", autocomplete="off"))
        if settings.admin_token
        else ""
    )
    note = word["upload_note"].format(endings=" ".join(READABLE_SUFFIXES), size=UPLOAD_LIMIT // (1024 * 1024))
    chosen = tag("input", type="file", id="new-files", multiple=True, accept=",".join(READABLE_SUFFIXES))
    buttons = [
        tag("button", word["add_files"], type="button", id="add-files", class_="primary"),
        tag("button", word["plan"], type="button", id="plan"),
        tag("button", word["rebuild"], type="button", id="rebuild"),
    ]
    rebuild_note = "" if site.rebuilding is not None else tag("p", word["built_elsewhere"], class_="note")
    progress = tag("progress", id="progress", max=len(STEPS) - 1, value=0, hidden=True, aria_label=word["rebuild"])
    return tag(
        "details",
        tag("summary", word["change_sources"]),
        token,
        tag("label", word["choose_files"], chosen),
        tag("p", note, class_="note"),
        tag("div", join(buttons), class_="buttons"),
        rebuild_note,
        progress,
        tag("ul", id="admin-log", role="log", aria_live="polite"),
        class_="admin",
        data_added=word["file_added"],
        data_step_reading=word["step_reading"],
        data_step_planning=word["step_planning"],
        data_step_building=word["step_building"],
        data_done=word["rebuilt"],
        data_token=word["wrong_token"],
        data_lost=word["connection_lost"],
        data_none=word["no_file_chosen"],
    )
