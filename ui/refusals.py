"""A refusal in the reader's language: English sentences as they are raised anywhere, found again by their form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from starlette.requests import HTTPConnection

from ui.texts import COOKIE, INTERFACE_LANGUAGES, preferred, supported
from ui.texts_refusals import REFUSALS
from ui.texts_unreached import UNREACHED
from ui.texts_unreadable import UNREADABLE

_ENGLISH = list(INTERFACE_LANGUAGES).index("en")
_SLOT = re.compile(r"\\\{(\w+)\\\}")


def refused_in(sentence: str, language: str) -> str:
    """The sentence in an interface language; one that no table knows stays as it is."""
    column = list(INTERFACE_LANGUAGES).index(supported(language))
    if column == _ENGLISH:
        return sentence
    for form, row in _forms():
        if found := form.fullmatch(sentence):
            return row[column].format_map(_told(found.groupdict(), language))
    return sentence


def _told(values: Mapping[str, str], language: str) -> dict[str, str]:
    """What a sentence takes over; `first` is a sentence of its own."""
    return {name: refused_in(value, language) if name == "first" else value for name, value in values.items()}


def refusal_language(connection: HTTPConnection) -> str:
    """The language of a page's reader; English for a program that names none."""
    chosen = connection.cookies.get(COOKIE, "")
    accepted = connection.headers.get("accept-language", "")
    return supported(chosen) if chosen else preferred(accepted) if accepted else "en"


@lru_cache(maxsize=1)
def _forms() -> list[tuple[re.Pattern[str], tuple[str, str, str]]]:
    rows = (*REFUSALS, *UNREADABLE, *UNREACHED)
    return [(re.compile(_SLOT.sub(r"(?P<\1>.+?)", re.escape(row[_ENGLISH])), re.DOTALL), row) for row in rows]
