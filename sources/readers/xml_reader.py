"""XML → canonical text: the Federal Register's documents; XHTML goes to the HTML reader; anything else is refused."""

from __future__ import annotations

import re
from typing import Any

from sources.errors import UnreadableFile
from sources.readers.text_builder import TextBuilder, clean_characters

Element = Any  # lxml has no types of its own

MOST_BYTES = 32 * 1024 * 1024
_DEEPEST = 240
_NOT_TEXT = frozenset("PRTPAGE TITLE3 PRES GPH PSIG FRDOC FILED BILCOD".split())  # page numbers, stamps, pictures
_BLOCKS = frozenset(
    "AGENCY AMDPAR AUTH DATE DETERM EXECORD EXECORDR EXTRACT FP FTNT GPOTABLE HD HED LI MEMO NOTE P PLACE PRESDOCU "
    "PRNOTICE PROC PROCLA RIN SIG SUBAGY SUBJECT SUBJECTTITLE TITLE".split()
)
_RAISED = "SU"


def read_xml(raw: bytes, name: str) -> str:
    """The canonical text of a Federal Register document or an XHTML page; raises UnreadableFile."""
    from lxml import etree  # type: ignore[import-untyped]

    if len(raw) > MOST_BYTES:
        raise UnreadableFile(f"{name} has {len(raw):,} bytes, more than {MOST_BYTES:,} for XML; save the text alone.")
    if b"<!ENTITY" in raw[:65536]:
        raise UnreadableFile(f"{name} defines XML entities of its own, which are not expanded; save the text alone.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableFile(f"{name} is not well-formed XML ({_reason(error)}); save it again.") from None
    local = etree.QName(root).localname
    if local.lower() == "html":
        from sources.readers.html_reader import read_html

        return read_html(raw, name)
    if not any(True for _ in root.iter("FP", "P", "HD")):
        raise UnreadableFile(
            f"{name} is XML of a kind that is not known (root element {local[:40]!r}); save it as HTML or text."
        )
    builder = TextBuilder()
    _walk(root, builder, 0, name)
    return _without_gaps(builder.text())


def _reason(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error)).partition(", line")[0][:120]


def _walk(element: Element, builder: TextBuilder, depth: int, name: str) -> None:
    if depth > _DEEPEST:
        raise UnreadableFile(f"{name} nests its elements deeper than {_DEEPEST}; save the text alone.")
    if not isinstance(element.tag, str) or element.tag in _NOT_TEXT:
        return
    if element.tag == _RAISED:
        builder.write_raised("".join(element.itertext()))
        return
    is_block = element.tag in _BLOCKS
    if is_block:
        builder.end_block()
    builder.write(element.text or "")
    for child in element:
        _walk(child, builder, depth + 1, name)
        builder.write(child.tail or "")
    if is_block:
        builder.end_block()


def _without_gaps(text: str) -> str:
    """Indented markup leaves blanks around inline elements: “Section 1 .” and “( a )” lose them."""
    return re.sub(r"(?<=[(\[]) | (?=[)\]])", "", clean_lines(text))


def clean_lines(text: str) -> str:
    """Every line cleaned by itself."""
    return "\n".join(clean_characters(line) for line in text.split("\n"))
