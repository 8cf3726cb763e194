"""Which lines of a PDF are page furniture — running heads, page numbers, printers' stamps — and which are footnotes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sources.readers.pdf_lines import Line

_EDGE = 3  # lines from the top or the foot among which running heads stand
_FEWEST_REPEATS = 3
_REPEAT_SHARE = 0.2  # of the pages: odd and even pages may differ
_FOOTNOTE_SIZE = 0.93  # of the body's line height
_PAGE_NUMBER = re.compile(r"^\W*(?:page\s+|第\s*)?\d{1,4}(?:\s*(?:/|of|共)\s*\d{1,4})?(?:\s*页)?\W*$", re.IGNORECASE)
_NOTE_MARK = re.compile(r"^(?:[（(]\s*(?:\d{1,3}|\*+)\s*[)）]|\[?\d{1,3}\]?[\s.]|\*+)\s*\S")
_STAMPS = (  # Federal Register: what the printer and the filing clerk add
    re.compile(r"^VerDate .*\bJkt\b"),
    re.compile(r"^\S+ on DSK\w+ with "),
    re.compile(r"^\[FR Doc\. "),
    re.compile(r"^Filed \d+[–-]\d+[–-]\d+;"),
    re.compile(r"^Billing code "),
    re.compile(r"^(?:Title 3—|The President)\s*$"),  # the title of the code that the order goes into
)


def by_page(lines: Iterable[Line]) -> dict[int, list[Line]]:
    """Lines of each page, in drawing order."""
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        pages[line.page].append(line)
    return dict(pages)


def without_furniture(pages: dict[int, list[Line]]) -> dict[int, list[Line]]:
    """The same pages without running heads, page numbers and stamps."""
    recurring = _recurring(pages)
    drawn_last = _drawn_last(pages, recurring)
    stamps = _STAMPS if any("Federal Register" in pattern for pattern in recurring) else ()
    kept: dict[int, list[Line]] = {}
    for number, lines in pages.items():
        edges = _edges(lines)
        body = [
            line
            for line in lines
            if not (
                (id(line) in edges and (_pattern(line) in recurring or _PAGE_NUMBER.match(line.text)))
                or any(stamp.match(line.text) for stamp in stamps)
            )
        ]
        if number == min(pages):
            body = _without_masthead(body, recurring, drawn_last=drawn_last)
        kept[number] = body
    return kept


def _pattern(line: Line) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s+", " ", line.text)).strip()


def _edges(lines: Sequence[Line]) -> set[int]:
    ordered = sorted(lines, key=lambda line: -line.baseline)
    return {id(line) for line in [*ordered[:_EDGE], *ordered[-_EDGE:]]}


def _recurring(pages: dict[int, list[Line]]) -> frozenset[str]:
    """Patterns of lines that stand at the edge of many pages."""
    counts: Counter[str] = Counter()
    for lines in pages.values():
        edges = _edges(lines)
        counts.update({_pattern(line) for line in lines if id(line) in edges})
    least = max(_FEWEST_REPEATS, len(pages) * _REPEAT_SHARE)
    return frozenset(pattern for pattern, count in counts.items() if count >= least and pattern)


def _drawn_last(pages: dict[int, list[Line]], recurring: frozenset[str]) -> bool:
    """Whether this document draws its heads after the text of each page."""
    votes = [
        lines.index(line) > len(lines) / 2 for lines in pages.values() for line in lines if _pattern(line) in recurring
    ]
    return bool(votes) and sum(votes) > len(votes) * 0.9


def _without_masthead(lines: list[Line], recurring: frozenset[str], *, drawn_last: bool) -> list[Line]:
    """The first page has a head of its own: parts of the later ones, or what is drawn over a finished page."""
    heads = " ".join(recurring)
    kept: list[Line] = []
    top = -1.0
    for line in lines:
        pattern = _pattern(line)
        if not kept and re.sub(r"[\W#]", "", pattern) and len(pattern) > 3 and pattern in heads:
            continue
        if not kept and not pattern.strip("# "):
            continue
        if drawn_last and kept and line.baseline > top:
            continue
        kept.append(line)
        top = max(top, line.baseline) if len(kept) > 1 else line.baseline
    return kept


def common_height(lines: Iterable[Line]) -> float:
    """The line height that holds most characters: that of the body."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[round(line.height, 1)] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 10.0


def split_footnotes(lines: list[Line], body_height: float, *, note_open: bool) -> tuple[list[Line], list[Line]]:
    """Body and footnotes of a page: notes are the small lines below all others, the first one with a mark.

    `note_open`: the last note of the page before runs on, so the first need not have a mark.
    """
    ordered = sorted(lines, key=lambda line: line.baseline)
    small: list[Line] = []
    for line in ordered:
        if line.height > body_height * _FOOTNOTE_SIZE:
            break
        small.append(line)
    small.reverse()
    while small and not note_open and not _NOTE_MARK.match(small[0].text):
        small.pop(0)
    chosen = {id(line) for line in small}
    return [line for line in lines if id(line) not in chosen], small


def starts_note(line: Line) -> bool:
    """Whether a footnote begins with this line."""
    return bool(_NOTE_MARK.match(line.text))
