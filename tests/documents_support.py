"""Small real PDF and Word documents, made when a test needs one."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from io import BytesIO

LINE = 12.0  # points from line to line
SIZE = 10.0


def make_pdf(pages: Sequence[Sequence[str]], heads: Sequence[str] = (), *, picture: bool = False) -> bytes:
    """A PDF with one printed line per string, "" for a gap, and a running head above each page."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    document = pypdfium2.PdfDocument.new()
    for number, lines in enumerate(pages):
        page = document.new_page(420, 595)
        height = 520.0
        for line in lines:
            if line:
                _write(document, page, line, 60, height)
            height -= LINE
        if number < len(heads):
            _write(document, page, heads[number], 60, 570)
        if picture:
            bitmap = pypdfium2.PdfBitmap.new_native(20, 20, pdfium.FPDFBitmap_BGR)
            bitmap.fill_rect((200, 200, 200, 255), 0, 0, 20, 20)
            image = pypdfium2.PdfImage.new(document)
            image.set_bitmap(bitmap)
            image.set_matrix(pypdfium2.PdfMatrix().scale(300, 300).translate(50, 100))
            page.insert_obj(image)
        page.gen_content()
    buffer = BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


def _write(document: object, page: object, text: str, left: float, baseline: float) -> None:
    import pypdfium2.raw as pdfium

    item = pdfium.FPDFPageObj_NewTextObj(document.raw, b"Helvetica", SIZE)  # type: ignore[attr-defined]
    encoded = (text + "\0").encode("utf-16-le")
    pdfium.FPDFText_SetText(item, ctypes.cast(encoded, ctypes.POINTER(ctypes.c_ushort)))
    pdfium.FPDFPageObj_Transform(item, 1, 0, 0, 1, left, baseline)
    pdfium.FPDFPage_InsertObject(page.raw, item)  # type: ignore[attr-defined]


_NOTES = """<?xml version="1.0" encoding="UTF-8"?>
<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>
<w:footnote w:id="1"><w:p><w:r><w:t>Measured in spring.</w:t></w:r></w:p></w:footnote></w:footnotes>"""


def make_docx() -> bytes:
    """A Word document with numbered paragraphs, a table, a superscript, an insertion, a deletion and a footnote."""
    import zipfile

    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document()
    document.add_paragraph("Rules of the park")
    document.add_paragraph("Nobody lights fires.", style="List Number")
    document.add_paragraph("Nobody feeds squirrels.", style="List Number")
    pond = document.add_paragraph("The pond holds 10")
    pond.add_run("6").font.superscript = True
    pond.add_run(" litres of ")
    for words in (
        "<w:del><w:r><w:delText>muddy</w:delText></w:r></w:del>",
        "<w:ins><w:r><w:t>clear</w:t></w:r></w:ins>",
    ):
        pond._p.append(parse_xml(words.replace(">", f" {nsdecls('w')}>", 1)))
    pond.add_run(" water")
    pond._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="1"/></w:r>'))
    pond.add_run(".")
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip(table._cells, ("Year", "Trees", "2030", "4 oaks"), strict=True):
        cell.text = words
    buffer = BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("word/footnotes.xml", _NOTES)
    return buffer.getvalue()
