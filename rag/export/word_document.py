"""A conversation as a Word document whose quotes are real footnotes. Needs python-docx."""

from __future__ import annotations

import io
from typing import Any
from xml.sax.saxutils import escape

from rag.answer import Answer, Claim
from rag.export.note import Conversation, Note
from rag.export.styles import own_style
from rag.export.wording import read_day, status_label, support_label, words

WORDS_STYLE = "Claim words"
SUPPORT_STYLE = "Claim support"
QUOTE_STYLE = "FootnoteQuote"
_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_FIRST = 1  # footnotes -1 and 0 are Word's separators


def write_document(conversation: Conversation) -> bytes:
    """The file's bytes."""
    import docx
    from docx.enum.style import WD_STYLE_TYPE

    document = docx.Document()
    for name in (WORDS_STYLE, SUPPORT_STYLE):
        document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
    document.styles[SUPPORT_STYLE].font.italic = True
    word = words(conversation.language)
    document.core_properties.title = word["title"]
    document.core_properties.author = "Bletchley QA"
    document.add_heading(word["title"], 1)
    facts = [f"{word['exported']} {conversation.day.isoformat()}"]
    facts += [f"{word['index']} {', '.join(conversation.index_ids)}"] if conversation.index_ids else []
    document.add_paragraph(" · ".join(facts))
    for answer in conversation.answers:
        _answer(document, answer, conversation)
    document.add_paragraph(word["verify"])
    _add_footnotes(document, conversation)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _answer(document: Any, answer: Answer, conversation: Conversation) -> None:
    document.add_heading(answer.question, 2)
    if (answer.reason and not answer.note) or not answer.claims:
        paragraph = document.add_paragraph()
        paragraph.add_run(status_label(answer.status, conversation.language) + " ").bold = True
        paragraph.add_run(answer.reason)
    for claim in answer.claims:
        _claim(document.add_paragraph(), claim, conversation)
    if answer.note and answer.claims:
        document.add_paragraph(answer.note)
    if answer.nearest:
        document.add_paragraph(words(conversation.language)["nearest"])
        for citation in answer.nearest:
            document.add_paragraph(f"{citation.title} · {citation.place}", style="List Bullet")


def _claim(paragraph: Any, claim: Claim, conversation: Conversation) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    if claim.heading:
        paragraph.add_run(claim.heading + " ").bold = True
    paragraph.add_run(claim.text, style=WORDS_STYLE)
    for number in conversation.numbers_of(claim.citations):
        run = paragraph.add_run()
        run.font.superscript = True
        mark = OxmlElement("w:footnoteReference")
        mark.set(qn("w:id"), str(number + _FIRST - 1))
        run._r.append(mark)
    paragraph.add_run(" ")
    paragraph.add_run(support_label(claim, conversation.language), style=SUPPORT_STYLE)


def _add_footnotes(document: Any, conversation: Conversation) -> None:
    """The part of the file that holds the footnotes; python-docx has no call for it."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    separators = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{mark}/></w:r></w:p></w:footnote>'
        for number, kind, mark in (
            (-1, "separator", "separator"),
            (0, "continuationSeparator", "continuationSeparator"),
        )
    )
    notes = "".join(_footnote(note, conversation.language) for note in conversation.notes)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    text = f'{head}<w:footnotes xmlns:w="{_SPACE}">{separators}{notes}</w:footnotes>'
    part = Part(PackURI("/word/footnotes.xml"), _TYPE, text.encode("utf-8"), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _footnote(note: Note, language: str) -> str:
    mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
    quote = "<w:r><w:br/></w:r>".join(_run(line) for line in note.quote.split("\n"))
    paragraphs = (
        f"<w:p>{mark}{_run(' ' + own_style(note, language))}</w:p>",
        f'<w:p><w:pPr><w:pStyle w:val="{QUOTE_STYLE}"/></w:pPr>{quote}</w:p>',
        f"<w:p>{_run(f'{note.anchor} · {read_day(note.read_on, language)}')}</w:p>",
    )
    return f'<w:footnote w:id="{note.number + _FIRST - 1}">{"".join(paragraphs)}</w:footnote>'


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
