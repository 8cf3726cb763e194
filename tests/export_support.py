"""A conversation about harbours to take away, and its export as a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests_support import cite, make_edition

from rag.answer import Answer, Claim, Status, Support
from rag.export.formats import FORMATS
from rag.export.note import Conversation
from sources.catalogue import Catalogue, CatalogueEntry
from sources.edition import Edition, Origin

DECLARATION = (
    "The Harbour Declaration\n\nTen *ports* met & agreed {in 1999} that <boats> matter_a_lot, at 50% of $cost #1.\n\n"
    "- Ships [all] shall ^rest^ ~ on Sundays \\ holidays.\n\n> 1. No lamp may be “dark”; see a=b + c@d."
)
LAW = "港口管理办法\n\n第一条 为了保护港口里的灯塔，制定本办法。\n\n第二条 船只夜间应当点灯。\n\n违者由港务员劝离。\n\n第三条 本办法自夏天起施行。\n"
DIGEST = "港口宣言\n\n十个港口商定，船很要紧。\n\n船在星期日休息。"


def harbour_editions() -> dict[str, Edition]:
    """A declaration with every special character, its digest in the other language, and a law."""
    texts = (
        make_edition("harbour-declaration", "en", DECLARATION),
        make_edition("harbour-declaration", "zh", DIGEST, Origin.DIGEST),
        make_edition("harbour-law", "zh", LAW),
    )
    return {edition.key: edition for edition in texts}


def harbour_conversation(editions: dict[str, Edition]) -> Conversation:
    """Three answers: a quote with its gloss, two quotes under a heading, and none."""
    declaration, law = editions["harbour-declaration.en"], editions["harbour-law.zh"]
    first = cite(declaration, DECLARATION[DECLARATION.index("Ten") :])  # three paragraphs with everything special
    lamp = cite(law, "船只夜间应当点灯。")
    answers = (
        Answer(
            "What did the *ports* agree? <b>",
            "en",
            Status.ANSWERED,
            (
                Claim(first.quote, Support.VERBATIM, (first,)),
                Claim("十个港口商定，船很要紧。", Support.GLOSS, (first,)),
            ),
            index_id="abc123",
        ),
        Answer(
            "夜里怎么办？", "zh", Status.ANSWERED, (Claim(lamp.quote, Support.VERBATIM, (lamp, first), "《办法》"),)
        ),
        Answer("谁赢了？", "zh", Status.NOT_IN_SOURCES, (), "文本没有说。", (lamp,)),
    )
    row = {
        "id": "harbour-law", "kind": "law", "title": {"zh": "港口管理办法", "en": "Harbour Rules"},
        "issuer": {"zh": "松林镇港务局", "en": "Pinewood Harbour Office"},
        "dates": {"published": date(2023, 7, 13)},
        "edition": [{"language": "zh", "origin": "official", "url": "https://harbour.example/rules?a=1&b={2}"}],
    }  # fmt: skip
    catalogue = Catalogue((CatalogueEntry.model_validate(row),))
    return Conversation(answers, editions, catalogue, "zh-CN", date(2026, 1, 2))


def write(conversation: Conversation, name: str, folder: Path) -> Path:
    """The conversation in the format of that name; where it was written."""
    path = folder / f"export.{FORMATS[name].suffix}"
    path.write_bytes(FORMATS[name].encode(conversation))
    return path
