"""The formats of an export: file name, media type and writer of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from rag.export.bibtex import write_bibtex
from rag.export.csl import write_csl
from rag.export.markdown import write_markdown, write_references
from rag.export.note import Conversation
from rag.export.ris import write_ris
from rag.export.web_page import write_page
from rag.export.word_document import write_document


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One way to write a conversation; `write` gives text or, for Word, bytes."""

    suffix: str
    media_type: str
    write: Callable[[Conversation], str | bytes]
    is_references: bool = False

    def encode(self, conversation: Conversation) -> bytes:
        """The file's bytes."""
        written = self.write(conversation)
        return written if isinstance(written, bytes) else written.encode("utf-8")


FORMATS: dict[str, ExportFormat] = {
    "markdown": ExportFormat("md", "text/markdown; charset=utf-8", write_markdown),
    "html": ExportFormat("html", "text/html; charset=utf-8", write_page),
    "docx": ExportFormat(
        "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", write_document
    ),
    "gbt7714": ExportFormat(
        "gbt7714.txt", "text/plain; charset=utf-8", partial(write_references, style="gbt7714"), is_references=True
    ),
    "apa": ExportFormat(
        "apa.txt", "text/plain; charset=utf-8", partial(write_references, style="apa"), is_references=True
    ),
    "bibtex": ExportFormat("bib", "application/x-bibtex; charset=utf-8", write_bibtex, is_references=True),
    "ris": ExportFormat("ris", "application/x-research-info-systems; charset=utf-8", write_ris, is_references=True),
    "csl": ExportFormat("csl.json", "application/vnd.citationstyles.csl+json", write_csl, is_references=True),
}
