"""Web page → canonical text: the text alone, without the site around it.

Headings and paragraphs become blocks; table rows that only place “(a)” beside its words become one block;
list items get a mark; superscripts are kept as 10^26.
"""

from __future__ import annotations

import re
from typing import Any

from sources.errors import UnreadableFile
from sources.readers.html_chrome import main_element, strip_chrome
from sources.readers.text_builder import TextBuilder, clean_characters

Element = Any  # lxml has no types of its own

MOST_BYTES = 32 * 1024 * 1024
_DEEPEST = 240  # nested elements; a browser stops at 512
_MOST_ATTRIBUTES = 2000  # of one element; the parser compares each with all
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{8000,}")
_BLOCKS = frozenset(
    "address article blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 "
    "h6 header hr html legend li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})""", re.IGNORECASE)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9_-]{2,20})""")
_CHINESE_ENCODINGS = frozenset({"gb2312", "gbk", "gb18030", "x-gbk"})
_RAISED_STYLE = re.compile(r"vertical-align\s*:\s*super")
_IMPRINT = re.compile(
    r"(?:\n+(?:ELI: https?://data\.europa\.eu/\S+|ISSN \d{4}-\d{4}[^\n]*))+\s*$"
)  # EUR-Lex, last lines
_MARKED_CELL = re.compile(r"^\(?[\w]{1,6}[.)]$|^[—–•·-]$|^\d{1,3}$")


def decode_page(raw: bytes, name: str, charset: str = "") -> str:
    """The characters of a page: byte order mark, then what the server or the page says, then UTF-8, then GB 18030."""
    declared = _CHARSET.search(raw[:4096]) or _DECLARED.search(raw[:200])
    said = (charset or (declared[1].decode("ascii") if declared else "")).lower()
    candidates = ["utf-16"] if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else []
    candidates += ["gb18030" if said in _CHINESE_ENCODINGS else said] if said else []
    for encoding in [*candidates, "utf-8-sig", "gb18030", "cp1252"]:
        try:
            return raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise UnreadableFile(f"{name} is in no encoding that can be recognised; save the page again as UTF-8.")


def read_html(raw: bytes, name: str, charset: str = "") -> str:
    """The canonical text of a page; raises UnreadableFile with one sentence that names it."""
    from lxml import etree  # type: ignore[import-untyped]

    if len(raw) > MOST_BYTES:
        raise UnreadableFile(f"{name} has {len(raw):,} bytes, more than {MOST_BYTES:,}; save the text alone.")
    source = decode_page(raw, name, charset)
    if "\x00" in source:
        raise UnreadableFile(f"{name} is a binary file, not a web page; save the page again as HTML.")
    if any(tag[0].count("=") > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(source)):
        raise UnreadableFile(
            f"{name} has an element of more than {_MOST_ATTRIBUTES:,} attributes; save the text alone."
        )
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        tree = etree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", source).encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        tree = None
    if tree is None:
        raise UnreadableFile(f"{name} holds no web page; save the page again as HTML.")
    body = tree if tree.tag == "body" else tree.find("body")
    if body is None:
        body = tree
    if _depth_exceeds(body, _DEEPEST):
        raise UnreadableFile(f"{name} nests its elements deeper than {_DEEPEST}; save the text alone.")
    return _text_of_page(body, name)


def _depth_exceeds(root: Element, limit: int) -> bool:
    from lxml import etree

    depth = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limit:
            return True
    return False


def _text_of_page(body: Element, name: str) -> str:
    title = next((heading for heading in body.iter("h1") if _inline_text(heading)), None)
    title_text = _inline_text(title) if title is not None else ""
    strip_chrome(body)
    main = main_element(body)
    builder = TextBuilder()
    _walk(main, builder)
    text = _IMPRINT.sub("\n", builder.text())
    if not text.strip():
        raise UnreadableFile(f"{name} shows no text without its scripts; open it in a browser and save what it shows.")
    if title_text and _folded(title_text) not in map(_folded, text.split("\n", 12)[:12]):
        text = f"{title_text}\n\n{text}"
    return text


def _folded(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


def _inline_text(element: Element) -> str:
    return clean_characters("".join(element.itertext())).strip()


def _walk(element: Element, builder: TextBuilder) -> None:
    """Write the words of `element`, in order; a block ends where a block element begins or ends."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if _is_raised(element):
        builder.write_raised("".join(element.itertext()))
        return
    if tag == "br":
        builder.end_block(tight=True)
        return
    if tag == "table" and _is_data_table(element):
        _write_data_table(element, builder)
        return
    if tag in ("ul", "ol"):
        _write_list(element, builder)
        return
    is_block = tag in _BLOCKS
    if is_block:
        builder.end_block()
    builder.write(element.text or "")
    for child in element:
        _walk(child, builder)
        builder.write(child.tail or "")
    if is_block:
        builder.end_block()
        if tag == "tr":
            builder.flush_mark()
        if tag == "p":
            builder.end_group()


def _is_raised(element: Element) -> bool:
    if element.tag == "sup":
        return True
    if element.tag != "span":
        return False
    names = (element.get("class") or "").split()
    return any(part.endswith("super") for part in names) or bool(_RAISED_STYLE.search(element.get("style") or ""))


def _write_list(element: Element, builder: TextBuilder) -> None:
    """Items with a mark, one a line; an item that begins with a mark of its own keeps it."""
    builder.end_block()
    number = _first_number(element)
    for item in element:
        if not isinstance(item.tag, str):
            continue
        own = _inline_text(item)
        if item.tag == "li" and own:
            has_mark = bool(re.match(r"[（(]?\w{1,4}[.)）、]|[—–•·-]", own)) or element.get("role") == "list"
            if not has_mark:
                builder.write(f"{number}. " if element.tag == "ol" else "- ")
            number += 1
        _write_item(item, builder)
    builder.end_group()


def _first_number(element: Element) -> int:
    start = element.get("start") or "1"
    return int(start) if re.fullmatch(r"\d{1,6}", start) else 1


def _write_item(item: Element, builder: TextBuilder) -> None:
    """An item's words on one line; lists within it follow as items of their own."""
    builder.write(item.text or "")
    for child in item:
        if child.tag in ("p", "div", "span", "a") and not any(True for _ in child.iter("ul", "ol", "table")):
            builder.write(" " if child.tag in ("p", "div") else "")
            _walk_inline(child, builder)
        elif child.tag in _BLOCKS:
            builder.end_block(tight=True)
            _walk(child, builder)
        else:
            _walk(child, builder)
        builder.write(child.tail or "")
    builder.end_block(tight=True)


def _walk_inline(element: Element, builder: TextBuilder) -> None:
    if _is_raised(element):
        builder.write_raised("".join(element.itertext()))
        return
    builder.write(element.text or "")
    for child in element:
        if child.tag == "br":
            builder.write(" ")
        else:
            _walk_inline(child, builder)
        builder.write(child.tail or "")


def _is_data_table(table: Element) -> bool:
    """Whether a table sets figures out in columns, and does not merely place paragraphs."""
    if any(True for _ in table.iter("table") if _ is not table):
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return False
    if any(True for _ in table.iter("th")):
        return True
    firsts = [_inline_text(row[0]) for row in rows if row]
    if any(_MARKED_CELL.match(first) for first in firsts):
        return False
    return all(len(_inline_text(cell)) < 200 and len(list(cell.iter("p", "div"))) < 2 for row in rows for cell in row)


def _write_data_table(table: Element, builder: TextBuilder) -> None:
    """One line a row, cells parted by bars."""
    builder.end_block()
    for row in table.iter("tr"):
        cells = [_inline_text(cell) for cell in row if cell.tag in ("td", "th")]
        if any(cells):
            builder.write(" | ".join(cells))
            builder.end_block(tight=True)
    builder.end_group()
