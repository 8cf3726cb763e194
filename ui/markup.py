"""HTML that is safe by construction: whatever is not `Html` already is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


class Html(str):
    """Text that is HTML; only `tag`, `join` and `escape` make it."""

    __slots__ = ()


def escape(text: object) -> Html:
    """`text` as HTML; control characters, which no text needs, become spaces."""
    if isinstance(text, Html):
        return text
    cleaned = "".join(character if character >= " " or character in "\n\t" else " " for character in str(text))
    return Html(html.escape(cleaned, quote=True).replace("\n", "&#10;"))


def join(parts: Iterable[object], separator: str = "") -> Html:
    """The parts one after another, each escaped unless it is `Html`."""
    return Html(escape(separator).join(escape(part) for part in parts))


def tag(name: str, /, *children: object, **attributes: str | int | bool | None) -> Html:
    """An element: `tag("p", "words", class_="note", data_start=3)`; None and False attributes are left out."""
    shown = [_attribute(key, value) for key, value in attributes.items() if value is not None and value is not False]
    opening = " ".join([name, *shown])
    return Html(f"<{opening}>") if name in _VOID else Html(f"<{opening}>{join(children)}</{name}>")


def _attribute(key: str, value: str | int | bool) -> str:
    name = key.rstrip("_").replace("_", "-")
    return name if value is True else f'{name}="{escape(value)}"'
