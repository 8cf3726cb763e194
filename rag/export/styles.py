"""A note as a reference that people read: GB/T 7714—2015 and APA (7th edition)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from rag.export.note import Note
from rag.export.wording import words
from sources.edition import Origin, SourceKind

_MONTHS = "January February March April May June July August September October November December".split()


def gbt7714(note: Note, language: str = "zh-CN") -> str:
    """GB/T 7714—2015, electronic resource: 责任者. 题名[EB/OL]. (发布日期)[引用日期]. 网址."""
    own = language if language.startswith("zh") else "zh-CN"
    carrier = ("N" if note.kind is SourceKind.NEWS else "EB") + ("/OL" if note.url else "")
    published = f"({note.published.isoformat()})" if note.published else ""
    read = f"[{note.read_on.isoformat()}]" if note.read_on and note.url else ""
    when = f" {published}{read}." if published or read else ""
    url = f" {note.url}." if note.url else ""
    issuer = f"{_stopped(note.issuer)} " if note.issuer else ""
    return f"{issuer}{note.title}[{carrier}].{when}{url} {_place(note, own)}."


def apa(note: Note, _language: str = "en") -> str:
    """APA style, 7th edition: Issuer. (Year, Month day). Title (place). Retrieved …, from URL."""
    published = f"({note.published.year}, {_day(note.published)})." if note.published else "(n.d.)."
    title = f"{note.title} ({_place(note, 'en')})"
    start = f"{_stopped(note.issuer)} {published} {title}." if note.issuer else f"{title}. {published}"
    if not note.url:
        return start
    retrieved = f"Retrieved {_day(note.read_on)}, {note.read_on.year}, from " if note.read_on else ""
    return f"{start} {retrieved}{note.url}"


STYLES: Mapping[str, Callable[[Note, str], str]] = {"gbt7714": gbt7714, "apa": apa}


def own_style(note: Note, language: str) -> str:
    """The style that readers of `language` expect."""
    return gbt7714(note, language) if language.startswith("zh") else apa(note)


def _place(note: Note, language: str) -> str:
    """The place, and that the words are ours where they are a digest."""
    is_chinese = language.startswith("zh")
    place = note.places["zh" if is_chinese else "en"]
    if note.origin is not Origin.DIGEST:
        return place
    word = words(language)["digest_note"]
    return f"{place}（{word}）" if is_chinese else f"{place}; {word}"


def _stopped(text: str) -> str:
    return text if text.endswith(".") else text + "."


def _day(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}"
